"""The token or the place: by hand, against the embedded model's known numbers, as pictures and on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import model
from lib.app import choices
from lib.cached import probes
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.edits import Edit, Move, Position, Remove, Repeat, Replace, edit
from lib.figures.dots import Dots, Row
from lib.measures import place
from lib.measures.place import Finding, Near, Tried, finding
from lib.measures.probe import Score
from lib.model import read
from lib.quantities import COSINE, Mode, palette
from lib.reading import Seat
from lib.store import Store
from lib.texts.examples import REFERENCE
from lib.texts.labelled import LABELLED
from pages.change.place import exhibits, measures, words
from pages.change.place.figures import Line, corners, turning
from pages.change.place.measures import Experiment
from tests import exhibits as hop
from tests.colours import contrast
from tests.conftest import CLOSE, NEAR, Make
from tests.test_pages import assert_kind, keyed, notes, pictures, visit
from tests.test_pages import words as written

HALF = 0.5**0.5
ENTRY = CHECKPOINTS[DEFAULT]


# What is tried


def test_what_is_tried_on_a_text() -> None:
    tried = place.variants(7, "banana", position=50, room=True)
    assert [(each.key, each.edit, each.seat) for each in tried] == [
        ("untouched", Edit(), Seat(0)),
        ("middle", edit(Move(0, 3)), Seat(0)),
        ("last", edit(Move(0, 7)), Seat(0)),
        ("position", edit(Position(0, 50)), Seat(0)),
        ("doubled", edit(Repeat(0, 3)), Seat(0)),
        ("copy", edit(Repeat(0, 3)), Seat(0, 1)),
        ("replaced", edit(Replace(0, "banana")), Seat(0)),
        ("removed", edit(Remove(0)), Seat(1)),
        ("other", Edit(), Seat(3)),
    ]
    fewer = place.variants(7, "banana", position=None, room=False)
    assert [each.key for each in fewer] == ["untouched", "middle", "last", "replaced", "removed", "other"]


def test_ids_and_corners() -> None:
    assert place.ids(0, 511) == (0, 1, 5, 50)
    assert place.ids(2, 20) == (2, 3, 7)
    assert place.ids(0, 0) == (0,)
    assert place.corners(("[CLS]", "a"), (0, 5)) == (
        Edit(),
        edit(Position(0, 5)),
        edit(Replace(0, "a")),
        edit(Replace(0, "a"), Position(0, 5)),
    )


# By hand


def test_cosines_of_what_was_tried_by_hand() -> None:
    last = np.array([[[2, 0], [0, 1], [3, 3]], [[0, 1], [0, 5], [-1, 0]]], np.float32)  # two texts, three variants
    found = Tried(("untouched", "last", "other"), np.stack([last, last[:, ::-1]]), np.zeros((2, 3)))
    np.testing.assert_allclose(found.cosines[0], [[1, 0, HALF], [1, 1, 0]], **CLOSE)
    np.testing.assert_allclose(found.cosines[1], [[1, HALF, HALF], [1, 0, 0]], **CLOSE)
    np.testing.assert_allclose(found.between, [[-HALF, 1, 0]], **CLOSE)
    assert found.at("other") == 2


def test_who_is_read_by_hand(by_hand: Make) -> None:
    # one layer, one head; the watched token, two words and a separator, then padding
    column = np.array([[[[0.9, 0.2, 0.4, 0.7, 0.5]], [[0.9, 0.2, 0.4, 0.7, 0.5]]]], np.float32)
    states = np.ones((2, 2, 5, 3))
    reading = by_hand(states, [[1, 1, 1, 1, 0]] * 2, row=column, column=column)
    taken = place.taken_from(reading, [Seat(0), Seat(1)])
    np.testing.assert_allclose(taken, [[0.3, 0.4]], rtol=1e-6)  # a word that is watched itself does not count
    nobody = by_hand(np.ones((2, 1, 2, 3)), [[1, 1]], row=column[:, :1, :, :2], column=column[:, :1, :, :2])
    assert np.isnan(place.taken_from(nobody, [Seat(0)])).all()


def test_the_loudest_unit_by_hand() -> None:
    states = np.zeros((3, 2, 3), np.float32)
    states[0, :, 0] = 100  # the embeddings are not looked at
    states[1] = [[3, 4, 0], [-3, -4, 0]]  # unit 1 holds 16/25 of both
    states[2] = [[0, 2, 0], [0, 0, 1]]  # and all of one and nothing of the other
    assert place.loudest(states) == place.Loudest(1, 1, pytest.approx(16 / 25))


@pytest.mark.parametrize(
    ("token", "place", "neither", "logic"),
    [
        ((0.98, 0.2), (0.99, 0.2), 0.1, "either"),
        ((0.98, 0.2), (0.2, 0.9), 0.1, "token"),
        ((0.2, 0.9), (0.98, 0.2), 0.1, "place"),
        ((0.2, 0.9), (0.3, 0.8), 0.1, "both"),
        ((0.5, 0.5), (0.51, 0.5), 0.1, "place"),  # as close to both is not closer
        ((0.99, 0.2), (0.98, 0.2), 0.949, "either"),
        ((1, 0.2), (1, 0.2), 0.95, "unclear"),
        ((1, 0.2), (1, 0.2), float("nan"), "unclear"),
    ],
)
def test_what_follows(token: tuple[float, float], place: tuple[float, float], neither: float, logic: str) -> None:
    found = Finding(Near(*token), Near(*place), neither)
    assert found.logic == logic
    if logic == "unclear":
        return
    # who compares the numbers of the sentence comes to the same
    values = [float(each) for each in re.findall(r"\d\.\d+", words.follows(found, ENTRY))]
    enough = [values[0] > values[1], values[2] > values[3]]
    assert enough == [logic in ("either", "token"), logic in ("either", "place")]


def test_two_cosines_that_differ_are_not_written_as_one() -> None:
    told = words.follows(Finding(Near(0.98, 0.2), Near(0.5041, 0.5039), 0.2), ENTRY)
    assert "**0.5041** and 0.5039" in told
    assert "**0.996** and 0.24" in words.follows(Finding(Near(0.98, 0.2), Near(0.996, 0.24), 0.2), ENTRY)


def test_what_cannot_be_told_has_no_rule() -> None:
    one = Near(1, 0.2)
    assert "ends close to :orange[\\[CLS\\]] (cosine 0.96)" in words.follows(Finding(one, one, 0.96), ENTRY)
    assert "nan" not in words.follows(Finding(one, one, float("nan")), ENTRY)


@pytest.mark.parametrize(
    ("first", "ordinary", "neither", "right"),
    [
        (0.99, 0.2, 0.2, words.ANSWERS[0]),
        (0.61, 0.5, 0.2, words.ANSWERS[0]),
        (0.5625, 0.5, 0.2, words.ANSWERS[2]),
        (0.5, 0.5625, 0.2, words.ANSWERS[2]),
        (0.5, 0.61, 0.2, words.ANSWERS[1]),
        (0.99, 0.99, 0.96, ()),
    ],
)
def test_the_prediction_is_answered_by_the_closer_vector(
    first: float, ordinary: float, neither: float, right: str
) -> None:
    found = Finding(Near(0.9, 0.2), Near(first, ordinary), neither)
    assert words.guessed(found) == right
    told = words.because(found, "banana", 4, ENTRY)
    assert f"**{first:.2f}**" in told.replace("0.996", "0.99") or "0.56" in told


def test_what_is_found_of_variants_by_hand() -> None:
    """The first token's vector is east, the middle token's north; moved it is near east, another word near north."""
    ends = {"untouched": (1, 0), "middle": (4, 3), "last": (1, 0), "replaced": (3, 4), "other": (0, 1)}
    vectors = np.array([[[ends[key] for key in ends]]], np.float32)
    found = finding(Tried(tuple(ends), vectors, np.zeros((1, 5))))
    assert (found.token.first, found.token.ordinary) == pytest.approx((0.9, 0.3))
    assert (found.place.first, found.place.ordinary) == pytest.approx((0.6, 0.8))
    assert found.neither == 0
    assert found.logic == "token"


def test_a_grid_is_summed_up_by_its_corners() -> None:
    values = np.array([[1, 0.8, 0.6], [0.9, 0.1, 0.3], [0.7, 0.2, 0.2]])
    assert place.means(values) == pytest.approx((0.7, 0.8, 0.2))


# The embedded model, whose numbers are known


@pytest.fixture(scope="module")
def tried(embedded: object) -> Tried:
    """Twelve sentences under every variant."""
    texts = REFERENCE[::14][:12]
    lengths = read(DEFAULT, texts, attention="none").encoding.lengths
    plan = [place.variants(int(size), "banana", position=50, room=True) for size in lengths]
    every = [each for row in plan for each in row]
    rows = [text for text, row in zip(texts, plan, strict=True) for _ in row]
    reading = read(DEFAULT, rows, attention="cls", edit=[e.edit for e in every], watch=[e.seat for e in every])
    return place.tried(reading, plan)


def test_in_the_embedded_model_either_is_enough(tried: Tried) -> None:
    last = dict(zip(tried.keys, tried.cosines[-1].mean(axis=0), strict=True))
    assert last["untouched"] == 1
    assert last["replaced"] > 0.99
    assert last["removed"] > 0.9
    assert last["position"] == pytest.approx(0.98, abs=0.02)
    assert last["last"] > 0.9
    assert last["other"] < 0.4
    assert finding(tried).logic == "either"


def test_in_the_embedded_model_two_first_tokens_are_both_read(tried: Tried) -> None:
    taken = dict(zip(tried.keys, tried.received.mean(axis=0), strict=True))
    assert taken["untouched"] == pytest.approx(taken["replaced"], abs=0.02)
    assert taken["untouched"] > taken["doubled"] > taken["copy"] > 0.15
    assert taken["other"] < 0.1


def test_in_the_embedded_model_the_loud_unit_is_99(tried: Tried) -> None:
    loud = place.loudest(tried.vectors[:, :, 0])
    assert loud.unit == 99
    assert loud.share > 0.95


# The exhibits, of numbers that are known


@pytest.fixture
def experiment(by_hand: Make) -> Experiment:
    """Two texts of four tokens under every change; each change turns the first token by another angle."""
    keys = tuple(each.key for each in place.variants(4, "banana", position=50, room=True))
    angles = np.array([[0, 10, 20, 30, 40, 50, 25, 35, 80], [0, 12, 24, 34, 44, 54, 29, 39, 84]])
    last = np.stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))], axis=-1)
    start = np.stack([np.cos(np.radians(2 * angles)), np.sin(np.radians(2 * angles))], axis=-1)
    received = np.arange(18).reshape(2, 9) / 40
    reading = by_hand(np.stack([np.ones((2, 4, 2)), np.full((2, 4, 2), 2)]), [[1] * 4, [1, 1, 1, 0]])
    tried = Tried(keys, np.stack([start, last]).astype(np.float32), received)
    return Experiment(reading, reading, tried, (0, 1), "banana", "banana", 50, place.Loudest(1, 1, 0.9))


def test_every_measure_draws_its_own_numbers(experiment: Experiment) -> None:
    cosine = np.cos(np.radians([11, 22, 32, 42, 52, 27, 37, 82]))  # nearly the mean of both texts
    shown = exhibits.vector(experiment)
    table = shown.table()
    assert table["row"] == [
        "[CLS] as it is",
        "[CLS] moved to the middle",
        "[CLS] moved to the end",
        "[CLS] with position id 50",
        "two [CLS]: the first",
        "two [CLS]: the second",
        "“banana” in place of [CLS]",
        "[CLS] removed: the next token",
        "a token in the middle",
    ]
    np.testing.assert_allclose(table["cosine to the unchanged vector"][1:], cosine, atol=2e-3)
    np.testing.assert_allclose(table["text 2"], np.cos(np.radians([0, 12, 24, 34, 44, 54, 29, 39, 84])), atol=1e-6)
    received = exhibits.received(experiment).table()
    np.testing.assert_allclose(received["text 1"], np.arange(9) / 40)
    between = exhibits.between(experiment)
    assert between
    np.testing.assert_allclose(
        between.table()["cosine of two texts, by this vector"],
        np.cos(np.radians([0, 2, 4, 4, 4, 4, 4, 4, 4])),
        atol=1e-6,
    )
    for each in (shown, exhibits.received(experiment), between):
        hop.check([each])


def test_marks_near_1_stand_apart(experiment: Experiment) -> None:
    """By angle: 10 degrees are as far as any other 10 degrees."""
    traces = exhibits.vector(experiment).picture(palette("light")).data
    places = {
        cell[0]: x for trace in traces for x, cell in zip(trace.x, trace.customdata, strict=True) if cell[1][0] == "c"
    }
    assert places["[CLS] as it is"] == pytest.approx(90)
    assert places["[CLS] moved to the middle"] == pytest.approx(79, abs=0.2)
    assert places["a token in the middle"] == pytest.approx(8, abs=0.2)


def test_only_the_first_token_s_own_marks_are_its_colour(experiment: Experiment) -> None:
    colours = palette("light")
    whose = {
        cell[0]: trace.marker.color
        for trace in exhibits.received(experiment).picture(colours).data
        if trace.meta == "cells" and trace.marker.symbol in ("square", "circle")
        for cell in trace.customdata
    }
    assert whose["[CLS] moved to the end"] == whose["two [CLS]: the second"] == colours.cls
    assert whose["“banana” in place of [CLS]"] == whose["[CLS] removed: the next token"] == colours.ink


def test_one_change_is_followed_from_the_first_layer(experiment: Experiment) -> None:
    shown = exhibits.turning(experiment, "last")
    table = dict(shown.table())
    np.testing.assert_allclose(table["[CLS] moved to the end"], np.cos(np.radians([44, 22])), atol=5e-3)
    np.testing.assert_allclose(table["a token in the middle"], np.cos(np.radians([164, 82])), atol=5e-3)
    assert shown.headline.endswith("is close to the unchanged :orange[\\[CLS\\]] from layer 1 on")
    hop.check([shown])
    removed = exhibits.turning(experiment, "removed")
    assert "the same token, to its own old vector" in dict(removed.table())
    hop.check([removed])


def test_a_classifier_s_answers_are_drawn_with_their_intervals(experiment: Experiment) -> None:
    keys = experiment.tried.keys
    scores = {key: Score(0.5 + k / 100, 0.4 + k / 100, 0.6 + k / 100, 100) for k, key in enumerate(keys)}
    same = {key: 1 - k / 100 for k, key in enumerate(keys)}
    shown = exhibits.probe(experiment, scores, same, 0.5)
    hop.check([shown])
    assert "**51% to 57%** of 100 held-out" in shown.sentence, "the changes alone"
    assert "On 93% to 99% it answers as" in shown.sentence
    table = shown.table()
    assert table["lower end"][6] == 0.46


def test_the_grid_has_a_column_for_each_id(experiment: Experiment) -> None:
    values = np.array([[1, 0.8], [0.95, 0.3], [0.93, 0.2]])
    found = place.Grid(("[CLS]", "[SEP]", "banana"), (0, 50), values, values / 2, values * 9, 2)
    for cells, scale in (("cosine", 1), ("received", 0.5), ("loud", 9)):
        shown = exhibits.grid(experiment, found, cells)
        table = dict(shown.table())
        np.testing.assert_allclose(table["position id 50"], scale * values[:, 1])
        hop.check([shown])
    assert "with another position id **0.80**" in exhibits.grid(experiment, found, "cosine").sentence
    assert exhibits.grid(experiment, found, "cosine").headline.startswith("The position id of")


def test_what_a_page_proves_breaks_where_it_should(experiment: Experiment) -> None:
    for same, kept, off in ((1e-3, True, 0), (0, False, 0), (0, True, 1e-3)):
        held = [holds for *_, holds in words.proofs(measures.Proofs(same, kept, 9, off))]
        assert held == [same < 1e-4, kept, off < 1e-4]


def test_texts_that_fit_into_one_batch() -> None:
    assert measures.fitting(np.array([9, 9, 19]), 9, 2 * 9 * 10) == (0, 1)
    assert measures.fitting(np.array([9, 9, 19]), 9, 2 * 9 * 10 - 1) == (0,)
    assert measures.fitting(np.array([900]), 9, 10) == (0,), "one at least"


# In words


def test_what_is_said_of_a_grid() -> None:
    received, activation = np.array([[0.5, 0.1], [0.4, 0]]), np.array([[9, 8], [7, 1.5]])
    grid = place.Grid(("[CLS]", "a"), (0, 5), np.eye(2), received, activation, 4)
    loud = place.Loudest(99, 3, 0.98)
    assert "another token with the position id of :orange[\\[CLS\\]] **40%**" in words.grid(
        grid, "received", loud, ENTRY
    )
    assert words.grid(grid, "loud", loud, ENTRY).startswith("Dimension 99 holds 98%")
    assert "**8.000**" in words.grid(grid, "loud", loud, ENTRY)
    assert set(words.VERDICTS) == {"either", "token", "place", "both", "unclear"}


def test_a_word_that_is_more_than_one_token_is_named() -> None:
    assert "is 3 tokens here" in words.not_a_token("$x$", ("a", "b", "c"), "water")
    assert "\\$x\\$" in words.not_a_token("$x$", (), "water")


# As pictures

SINGLE = (("&lt;b&gt;one&lt;/b&gt;", 1, 0.4), ("&lt;b&gt;one&lt;/b&gt;", 2, 0.6))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_rows_stand_where_their_values_are(mode: Mode) -> None:
    colours = palette(mode)
    rows = [
        Row("<b>one</b>", "first", 0.5, "0.50", each=(0.4, 0.6)),
        Row("two", "other", 0.7, "0.70", interval=(0.6, 0.8)),
        Row("three", "first", None, "none"),
    ]
    figure = Dots(rows, "cosine", "cosine", names={"first": "it"}, dashed=(0.2, "even"), each="text").picture(colours)
    marks = [trace for trace in figure.data if trace.mode == "markers" and trace.marker.symbol != "line-ns"]
    assert [(list(trace.x), list(trace.y), trace.marker.color) for trace in marks] == [
        ([0.5], [2], colours.cls),
        ([0.7], [1], colours.ink),
    ]
    notes = [(note.x, note.y, note.text) for note in figure.layout.annotations]
    assert notes[:3] == [(1, 2, "0.50"), (1, 1, "0.70"), (1, 0, "none")]
    assert notes[3:] == [(0, 2, "&lt;b&gt;one&lt;/b&gt;"), (0, 1, "two"), (0, 0, "three"), (0.2, 2.6, "even")]
    single = next(trace for trace in figure.data if trace.marker.symbol == "line-ns")
    assert list(single.x) == [0.4, 0.6]
    assert [list(cell) for cell in single.customdata] == [[row, f"text {k}", v] for row, k, v in SINGLE]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_grid_shows_its_numbers(mode: Mode) -> None:
    values = np.array([[1, 0.9], [0.8, np.nan]])
    figure = corners(
        values, ("<s>", "a"), (2, 7), [["1", "0.90"], ["0.80", "none"]], COSINE, reach=1, palette=palette(mode)
    )
    assert figure.data[0].z.tolist()[0] == pytest.approx([1, 0.9])
    assert [(note.x, note.y, note.text) for note in figure.layout.annotations] == [
        (0, 1, "1"),
        (1, 1, "0.90"),
        (0, 0, "0.80"),
        (1, 0, "none"),
    ]
    grounds = [palette(mode).paint("diverging", part) for part in (1, 0.95, 0.9)]
    inks = [note.font.color for note in figure.layout.annotations]
    assert min(map(contrast, grounds, inks)) > 4  # where ink and page are equally far, 4.2 is all there is
    assert figure.layout.yaxis.ticktext[0].startswith("<b>")
    assert "&lt;s&gt;" in figure.layout.yaxis.ticktext[0]
    assert figure.layout.xaxis.ticktext == ("2 (its own)", "7")
    assert figure.layout.shapes[0].line.color == palette(mode).cls


def test_only_the_first_token_itself_wears_its_colour() -> None:
    colours, way = palette("light"), np.array([0.1, 0.9])
    figure = turning([Line("a", "first", way), Line("b", "other", way), Line("c", "baseline", way)], colours)
    assert [trace.line.color for trace in figure.data] == [colours.cls, colours.ink, colours.muted]


# The probe put to changed vectors


def test_the_sample_is_read_under_every_change(tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch) -> None:
    entry, given, passes = tiny["tiny-bert"], {}, []
    real, changed = model.read, probes._changed
    monkeypatch.setattr(probes, "_answered", Store(1 << 20))
    monkeypatch.setattr(model, "read", lambda *args, **more: passes.append(more["edit"]) or real(*args, **more))
    monkeypatch.setattr(probes, "_changed", lambda *args: given.update(found := changed(*args)) or found)
    told = probes.answered(entry, "water", 50)
    texts = [LABELLED.texts[k] for k in probes.SAMPLE]
    assert len(texts) == 100
    assert sum(LABELLED.labels[k] for k in probes.SAMPLE) == 50
    seated = real("tiny-bert", texts[7:8], edit=edit(Replace(0, "water")), attention="none")
    np.testing.assert_allclose(given["replaced"][7], seated.cls[-1, 0], **NEAR)
    assert list(told.scores) == [each.key for each in place.variants(7, "water", position=50, room=True)]
    assert told.same["untouched"] == 1
    assert min(told.same.values()) < 1
    assert told.scores["replaced"].texts == 100
    assert sum(map(len, passes)) == 100 * len(told.scores)

    passes.clear()
    again = probes.answered(entry, "film", 50)
    assert [each for edits in passes for each in edits] == [edit(Replace(0, "film"))] * 100, "all else was read before"
    assert {key: again.scores[key] for key in again.scores if key != "replaced"} == {
        key: told.scores[key] for key in told.scores if key != "replaced"
    }
    assert again.same["untouched"] == 1
    passes.clear()
    assert probes.answered(entry, "water", 50).scores == told.scores
    assert not passes, "once for everybody"


# On the page


def test_the_page_takes_another_word_and_asks_other_questions(embedded: object) -> None:
    app: AppTest = visit({}, "place")
    app.session_state[choices.TEXT] = "The film was good.\nWater boils."
    app.run()
    assert_kind(app)
    assert "“banana” in place of" in written(app)
    assert "A claim, tested on 2 texts" in written(app)
    app.text_input(key="place_word").set_value("unbelievably").run()
    assert_kind(app)
    assert len(notes(app)) == 1
    assert "“unbelievably” is 5 tokens here" in written(app)
    assert "“water” in place of" in written(app)
    assert app.query_params["place_word"] == "unbelievably", "what was typed stays in the link"
    app.text_input(key="place_word").set_value("[MASK]").run()
    assert not notes(app)
    for measure in ("between", "received"):
        app.button_group(key="place_measure").set_value(measure).run()
        assert_kind(app)
        assert keyed(app, "says_changes")
    assert len(pictures(app)) == 3


def test_a_prediction_is_answered_above_the_picture(embedded: object) -> None:
    app: AppTest = visit({}, "place")
    app.session_state["place_guess"] = "2"
    app.run()
    (answer,) = keyed(app, "reveal_place")
    assert "It is different" in str(next(iter(answer.children.values())).value)
    app.session_state["place_guess"] = "1"
    app.run()
    (answer,) = keyed(app, "reveal_place")
    assert "You were right" in str(next(iter(answer.children.values())).value)


def test_a_family_without_positions_says_so(tiny: Mapping[str, Checkpoint]) -> None:
    app = visit({}, "place")
    app.session_state[choices.MODEL] = "tiny-deberta-v2"
    app.session_state[choices.TEXT] = "The film was good.\nWater boils."
    app.run()
    assert_kind(app)
    assert "**No position ids.**" in written(app)
    assert "position id" not in str([list(each.options) for each in app.selectbox])
