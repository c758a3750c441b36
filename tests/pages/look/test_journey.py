"""The journey: cosines, distances, the loud unit and the trail by hand-worked cases, what is said of them, its page."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.app import choices
from lib.checkpoints import DEFAULT as MODEL
from lib.figures import journey as figures
from lib.measures import journey as measures
from lib.quantities import palette
from lib.texts.examples import EXAMPLES
from lib.words import journey as said
from tests.conftest import ROOT


def vectors(*layers: list[list[float]]) -> np.ndarray:
    return np.array(layers, np.float32)


def test_alike_names_mean_and_ends() -> None:
    way = measures.alike(vectors([[1, 0], [1, 0], [2, 0]], [[1, 0], [0, 1], [1, 1]]))
    assert way.mean[0] == 1
    assert way.mean[1] == pytest.approx((0 + 2 * 2**-0.5) / 3)
    assert (way.least[1].first, way.least[1].second, way.least[1].cosine) == (0, 1, 0)
    assert way.most[1].cosine == pytest.approx(2**-0.5)


def test_parting_is_the_first_layer_below_the_rule() -> None:
    assert measures.parting(np.array([1, 0.99, 0.98, 0.995])) == 2
    assert measures.parting(np.array([1, 0.999])) is None
    assert measures.parting(np.array([0.5, 1])) == 0


def test_moves_split_what_is_common_from_what_is_own() -> None:
    # layer 1: both by (3, 0); layer 2: by (0, 1) and (0, -1), nothing in common; layer 3: nobody moves
    way = measures.moves(vectors([[0, 0], [1, 0]], [[3, 0], [4, 0]], [[3, 1], [4, -1]], [[3, 1], [4, -1]]))
    assert way.distance.tolist() == [3, 1, 0]
    assert way.together.tolist() == [1, 0, 0]
    mixed = measures.moves(vectors([[0, 0], [0, 0]], [[2, 0], [0, 0]]))  # mean (1, 0): 1 of (4 + 0) / 2
    assert mixed.together.tolist() == [0.5]


def test_the_loud_unit_and_its_share() -> None:
    found = vectors([[3, 4], [0, 1]], [[1, 0], [1, 0]])
    # unit 0: 9/25, 0, 1, 1; unit 1: 16/25, 1, 0, 0
    assert measures.loud_unit(found) == 0
    np.testing.assert_allclose(measures.share_of(found, 0), [9 / 50, 1])
    left = measures.without(found, 0)
    assert left[..., 0].tolist() == [[0, 0], [0, 0]]
    assert found[0, 0, 0] == 3, "a copy"


def test_the_trail_is_one_plane_for_all_layers() -> None:
    found = vectors([[0, 0, 7], [0, 0, 7]], [[4, 0, 7], [4, 0, 7]], [[8, 1, 7], [8, -1, 7]])
    way = measures.trail(found)
    assert sum(way.shares) == pytest.approx(1), "all that varies lies in a plane"
    # distances are kept where nothing is lost
    flat, places = found.reshape(-1, 3), way.places.reshape(-1, 2)
    for a in range(6):
        for b in range(6):
            assert np.linalg.norm(places[a] - places[b]) == pytest.approx(np.linalg.norm(flat[a] - flat[b]), abs=1e-5)
    np.testing.assert_allclose(way.widths, [0, 0, 1], atol=1e-6)
    table = measures.table(way)
    assert table["text"] == [1, 2, 1, 2, 1, 2]
    assert table["layer"] == [0, 0, 1, 1, 2, 2]
    many = np.random.default_rng(0).normal(size=(2, measures.TRAILS + 3, 4)).astype(np.float32)
    assert measures.trail(many).places.shape == (2, measures.TRAILS, 2)


def test_tracks_are_those_the_texts_have(by_hand) -> None:
    states = np.arange(2 * 2 * 4 * 2, dtype=np.float32).reshape(2, 2, 4, 2)
    first, words, separator = measures.tracks(by_hand(states, [[1, 1, 1, 1], [1, 1, 1, 0]]))
    assert (first.kind, words.kind, separator.kind) == ("first", "words", "separator")
    np.testing.assert_array_equal(first.vectors, states[:, :, 0])
    np.testing.assert_array_equal(words.vectors[:, 0], states[:, 0, 1:3].mean(axis=1))
    np.testing.assert_array_equal(words.vectors[:, 1], states[:, 1, 1])
    np.testing.assert_array_equal(separator.vectors[:, 1], states[:, 1, 2])
    wordless = measures.tracks(by_hand(states[:, :, :2], [[1, 1], [1, 1]]))
    assert [track.kind for track in wordless] == ["first", "separator"]


# What is said


def way(*means: float) -> measures.Alike:
    pair = measures.Pair(0, 1, means[-1])
    return measures.Alike(np.array(means), (pair,) * len(means), (pair,) * len(means))


def test_the_layer_is_named_and_the_last_one_is_a_surprise(by_hand) -> None:
    model = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]]).checkpoint
    late = said.parts(way(1, 0.99999, 0.7), None, model)
    assert "**layer 2 of 2**, the last: the average pair is at > 0.9999 before it and at **0.70** after it" in late
    assert "sleeps" in late
    early = said.parts(way(1, 0.8, 0.7), way(0.4, 0.5, 0.6), model)
    assert "**layer 1 of 2**:" in early
    assert "sleeps" not in early
    assert "The mean of the words differs from the start: 0.40 in layer 0, 0.60 in layer 2." in early
    never = said.parts(way(1, 1, 1), None, model)
    assert "does not start to differ in any of 2 layers" in never
    assert "**1, exactly**" in never
    assert "0.99" in said.rule(model)


@pytest.mark.parametrize(
    ("value", "written"),
    [(1, "1, exactly"), (0.9999999, "> 0.9999"), (0.9997, "0.9997"), (0.994, "0.99"), (-0.2, "−0.20")],
)
def test_a_cosine_near_1_is_not_1(value: float, written: str) -> None:
    assert said.cosine(value) == written


def test_a_point_on_top_needs_no_number() -> None:
    assert [said.short(value) for value in (1, 0.9999999, 0.9997, 0.7)] == ["1", "", "0.9997", "0.70"]


def test_moving_alike_is_said(by_hand) -> None:
    model = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]]).checkpoint
    told = said.moved(measures.Moves(np.array([3.0, 1, 6]), np.array([1.0, 0.995, 0.7])), model)
    assert "farthest in layer 3, by **6.00**" in told
    assert "In layer 3 only **70%**" in told
    assert "In all other layers it is 99% or more" in told
    assert "they move as one" in said.moved(measures.Moves(np.array([3.0, 1]), np.array([1.0, 0.999])), model)


def test_what_is_not_steady_is_not_written_as_if_it_were(by_hand) -> None:
    model = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]]).checkpoint
    told = said.moved(measures.Moves(np.array([3.0, 1]), np.array([1.0, 0.9899])), model)
    assert "In layer 2 only **98.9%**" in told
    assert "In all other layers it is 99% or more" in told


def test_a_trail_fans_out_or_does_not(by_hand) -> None:
    reading = by_hand(np.ones((3, 2, 3, 2)), [[1, 1, 1]] * 2)

    def drawn(*wide: float) -> str:
        places = np.array([[[w, 0], [-w, 0]] for w in wide])
        return said.trail(measures.Trail(places, (0.9, 0.05)), reading, 7, True)

    assert "without unit 7, keeps **95%**" in drawn(0, 0.1, 5)
    assert "lie 50 times as far apart as in any layer before" in drawn(0, 0.1, 5)
    assert "lie apart, and never in any layer before" in drawn(0, 0, 5)
    assert "lie farthest apart in layer 1 of 2" in drawn(0, 5, 4)
    assert "are one: to this model these texts are the same" in drawn(0, 0, 0)
    moved = np.array([[[100, 0], [100, 0]], [[-100, 1e-13], [-100, 0]], [[0, 3], [0, 3]]])  # rounding of a projection
    assert "are one: to this model" in said.trail(measures.Trail(moved, (0.9, 0.05)), reading, 7, True)
    assert "6 vectors (2 texts, layers 0 to 2)" in drawn(0, 5, 4)


def test_the_embedded_model_sleeps_until_the_last_layer(embedded) -> None:
    from lib.model import read
    from lib.texts.examples import REFERENCE

    reading = read(MODEL, REFERENCE[:40], attention="none")
    cls = measures.tracks(reading)[0].vectors
    found = measures.alike(cls)
    assert found.mean[0] == 1
    assert measures.parting(found.mean) == reading.layers
    assert found.mean[-2] > 0.999
    assert found.mean[-1] == pytest.approx(0.547, abs=0.01)  # measured on these sentences
    unit = measures.loud_unit(cls)
    assert unit == 99
    assert measures.share_of(cls, unit)[1] == pytest.approx(0.987, abs=0.002)
    assert measures.alike(measures.without(cls, unit)).mean[-1] < found.mean[-1] - 0.2
    moved = measures.moves(cls)
    assert (moved.together[:-1] > 0.97).all()
    assert moved.together[-1] < 0.8


# Pictures


def test_lines_wear_their_roles_and_numbers() -> None:
    colours = palette("light")
    lines = [
        figures.Line("<s>", "first", np.array([0, 1.0]), ("0", "1.00"), (np.array([0, 0.5]), np.array([0, 1.5]))),
        figures.Line("mean of the words", "words", np.array([2.0, 1.1])),
    ]
    figure = figures.by_layer(lines, colours, y="cosine", dashed=0.99)
    by_name = {trace.name: trace for trace in figure.data if trace.name}
    assert by_name["&lt;s&gt;"].line.color == colours.cls
    assert by_name["&lt;s&gt;"].x == (0, 1)
    assert figure.data[-1].name == "&lt;s&gt;", "the first token's line lies on top"
    assert [note.text for note in figure.layout.annotations][:2] == ["0", "1.00"]
    assert [note.yshift for note in figure.layout.annotations][:2] == [18, -18], "off a line"
    assert figure.layout.yaxis.range[0] < -0.1, "room between the lowest mark and the names of the layers"


def test_bars_split_the_distance() -> None:
    figure = figures.moved(np.array([4.0, 2]), np.array([1.0, 0.25]), [], palette("light"))
    common, own = figure.data
    assert list(common.y) == [4, 0.5]
    assert list(own.y) == [0, 1.5]
    assert list(figure.layout.xaxis.ticktext) == ["1<br><b>100%</b>", "2<br><b>25%</b>"]


def test_trails_name_layers_and_ends() -> None:
    places = np.array([[[0, 0], [0, 0]], [[0.01, 0], [0.01, 0]], [[9, 5], [9, -5]]], float)
    figure = figures.trails(places, (0.8, 0.2), ["<b>one</b>", "two"], palette("dark"))
    assert [note.text for note in figure.layout.annotations] == ["layers 0, 1", "<b>text 1</b>", "<b>text 2</b>"]
    assert "<b>" not in figure.data[0].hovertemplate.split("<extra>")[0]
    assert figure.data[0].marker.color[-1] == palette("dark").cls


# The page


def page(**controls: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/look/journey/page.py")
    for key, value in controls.items():
        app.query_params[key] = value
    return app


def words(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


def test_the_page_names_the_layer(embedded) -> None:
    app = page().run()
    assert not app.exception
    assert "starts to differ in **layer 6 of 6**, the last" in words(app)
    assert "Unit 99 holds" in words(app)
    assert "with all units" in words(app)


def test_a_link_leaves_the_unit_out(embedded) -> None:
    app = page(journey_without="true").run()
    assert not app.exception
    assert "without unit 99" in words(app)


def test_one_text_is_compared_with_ours(embedded) -> None:
    app = page()
    app.session_state[choices.TEXT] = "The film was good."
    app.run()
    assert not app.exception
    assert "You typed one text" in words(app)


@pytest.mark.parametrize("example", EXAMPLES["journey"], ids=lambda example: example.key)
def test_its_examples_work(example, embedded) -> None:
    app = page()
    app.session_state[choices.TEXT] = "\n".join(example.texts)
    app.run()
    assert not app.exception
    assert "starts to differ" in words(app)
