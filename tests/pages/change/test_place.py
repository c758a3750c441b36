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
from lib.figures.dots import Row, dots
from lib.measures import place
from lib.measures.place import Finding, Tried, finding
from lib.model import read
from lib.quantities import COSINE, Mode, palette
from lib.reading import Seat
from lib.store import Store
from lib.texts.examples import REFERENCE
from lib.texts.labelled import LABELLED
from pages.change.place import words as said
from pages.change.place.figures import Line, corners, turning
from tests.colours import contrast
from tests.conftest import CLOSE, NEAR, Make
from tests.test_pages import assert_kind, keyed, notes, pictures, visit, words

HALF = 0.5**0.5


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
    ("token", "seat", "neither", "logic"),
    [
        (0.98, 0.99, 0.1, "either"),
        (0.98, 0.2, 0.1, "token"),
        (0.2, 0.98, 0.1, "place"),
        (0.5, 0.5, 0.1, "both"),
        (0.5, 0.49, 0, "token"),  # halfway is enough
        (0.7, 0.599, 0.2, "token"),
        (0.55, 0.5499, 0.1, "token"),
        (0.6, 0.6, 0.949, "both"),  # farther than a token with neither
        (1, 1, 0.96, "unclear"),
        (1, 1, float("nan"), "unclear"),
    ],
)
def test_what_follows(token: float, seat: float, neither: float, logic: str) -> None:
    found = finding(token, seat, neither)
    assert found.logic == logic
    if logic == "unclear":
        return
    # who reads the sentence and does what it says comes to the same
    told = said.follows(found)
    halfway, *_ = re.findall(r"cosine to the true vector of (−?[\d.]+) or more", told)
    values = re.findall(r"\*\*(−?[\d.]+)\*\*", told)
    enough = [float(each) >= float(halfway) for each in values]
    assert enough == [logic in ("either", "token"), logic in ("either", "place")]


def test_what_is_not_1_is_not_written_as_1() -> None:
    assert "another token in its seat **0.996**" in said.follows(finding(0.98, 0.996, 0.2))
    assert "another token in its seat **1.00**" in said.follows(finding(0.98, 1, 0.2))


def test_what_cannot_be_told_has_no_rule() -> None:
    assert "ends nearly the same. (Its cosine to the true vector is 0.96.)" in said.follows(finding(1, 1, 0.96))
    assert "nan" not in said.follows(finding(1, 1, float("nan")))


def test_a_grid_is_summed_up_by_its_corners() -> None:
    values = np.array([[1, 0.8, 0.6], [0.9, 0.1, 0.3], [0.7, 0.2, 0.2]])
    found = place.of_grid(values)
    assert (found.token, found.place, found.neither) == pytest.approx((0.7, 0.8, 0.2))
    assert found.logic == "either"


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
    assert place.of_variants(tried).logic == "either"


def test_in_the_embedded_model_two_first_tokens_are_both_read(tried: Tried) -> None:
    taken = dict(zip(tried.keys, tried.received.mean(axis=0), strict=True))
    assert taken["untouched"] == pytest.approx(taken["replaced"], abs=0.02)
    assert taken["untouched"] > taken["doubled"] > taken["copy"] > 0.15
    assert taken["other"] < 0.1


def test_in_the_embedded_model_the_loud_unit_is_99(tried: Tried) -> None:
    loud = place.loudest(tried.vectors[:, :, 0])
    assert loud.unit == 99
    assert loud.share > 0.95


# In words


def test_what_is_said_of_a_grid() -> None:
    entry = CHECKPOINTS[DEFAULT]
    both = Finding(0.3, 0.2, 0.1, "both")
    assert said.follows(both).startswith("In this model neither is enough")
    assert "0.55 or more: that is halfway from a token with neither (0.10) to 1" in said.follows(both)
    assert set(said.VERDICTS) == {"either", "token", "place", "both", "unclear"} == set(said._FOLLOWS)
    received, activation = np.array([[0.5, 0.1], [0.4, 0]]), np.array([[9, 8], [7, 1.5]])
    grid = place.Grid(("[CLS]", "a"), (0, 5), np.eye(2), received, activation, 4)
    loud = place.Loudest(99, 3, 0.98)
    assert "**50%**" in said.grid(grid, both, "received", loud, entry)
    assert said.grid(grid, both, "loud", loud, entry).startswith("Unit 99 holds 98%")
    assert "**9.000**" in said.grid(grid, both, "loud", loud, entry)


def test_a_word_that_cannot_sit_is_named() -> None:
    assert "is 3 pieces here" in said.not_a_piece("$x$", ("a", "b", "c"), "water")
    assert "\\$x\\$" in said.not_a_piece("$x$", (), "water")


# As pictures


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_rows_stand_where_their_values_are(mode: Mode) -> None:
    colours = palette(mode)
    rows = [
        Row("<b>one</b>", "first", 0.5, "0.50", each=(0.4, 0.6)),
        Row("two", "other", 0.7, "0.70", interval=(0.6, 0.8)),
        Row("three", "first", None, "none"),
    ]
    figure = dots(rows, x="cosine", span=(0, 1), palette=colours, names={"first": "it"}, dashed=(0.2, "even"))
    marks = [trace for trace in figure.data if trace.mode == "markers" and trace.marker.symbol != "line-ns"]
    assert [(list(trace.x), list(trace.y), trace.marker.color) for trace in marks] == [
        ([0.5], [2], colours.cls),
        ([0.7], [1], colours.ink),
    ]
    assert figure.layout.yaxis.ticktext[0] == "&lt;b&gt;one&lt;/b&gt;"
    assert [note.text for note in figure.layout.annotations] == ["0.50", "0.70", "none", "even"]
    single = next(trace for trace in figure.data if trace.marker.symbol == "line-ns")
    assert list(single.x) == [0.4, 0.6]


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
    assert "“banana” in its seat" in words(app)
    assert "A claim, tested on 2 texts of yours" in words(app)
    app.text_input(key="place_word").set_value("unbelievably").run()
    assert_kind(app)
    assert len(notes(app)) == 1
    assert "“unbelievably” is 5 pieces here" in words(app)
    assert "“water” in its seat" in words(app)
    assert app.query_params["place_word"] == "unbelievably", "what was typed stays in the link"
    app.text_input(key="place_word").set_value("[MASK]").run()
    assert not notes(app)
    for measure in ("between", "received"):
        app.button_group(key="place_measure").set_value(measure).run()
        assert_kind(app)
        assert keyed(app, "says_changes")
    assert len(pictures(app)) == 3


def test_a_family_without_positions_says_so(tiny: Mapping[str, Checkpoint]) -> None:
    app = visit({}, "place")
    app.session_state[choices.MODEL] = "tiny-deberta-v2"
    app.session_state[choices.TEXT] = "The film was good.\nWater boils."
    app.run()
    assert_kind(app)
    assert "**No position ids.**" in words(app)
    assert "position id" not in str([list(each.options) for each in app.selectbox])
