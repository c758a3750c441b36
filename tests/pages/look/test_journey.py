"""The journey: cosines, distances, outlier dimension and trail by hand-worked cases, what is said of them, its page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.app import choices
from lib.checkpoints import CHECKPOINTS
from lib.checkpoints import DEFAULT as MODEL
from lib.escape import plain
from lib.exhibit import Exhibit
from lib.figures.journey import LayerLine, by_layer
from lib.measures import inputs
from lib.measures import journey as measures
from lib.quantities import number, palette, power, share
from lib.texts.examples import EXAMPLES
from pages.look.journey import exhibits, figures, words
from pages.look.journey.measures import Journey
from tests import exhibits as drawings
from tests.test_pages import reached


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
    many = np.random.default_rng(0).normal(size=(2, measures.TRAILS + 3, 4)).astype(np.float32)
    assert measures.trail(many).places.shape == (2, measures.TRAILS, 2)


def test_tracks_are_those_the_texts_have(by_hand) -> None:
    states = np.arange(2 * 2 * 4 * 2, dtype=np.float32).reshape(2, 2, 4, 2)
    first, mean, separator = measures.tracks(by_hand(states, [[1, 1, 1, 1], [1, 1, 1, 0]]))
    assert (first.kind, mean.kind, separator.kind) == ("first", "words", "separator")
    np.testing.assert_array_equal(first.vectors, states[:, :, 0])
    np.testing.assert_array_equal(mean.vectors[:, 0], states[:, 0, 1:3].mean(axis=1))
    np.testing.assert_array_equal(mean.vectors[:, 1], states[:, 1, 1])
    np.testing.assert_array_equal(separator.vectors[:, 1], states[:, 1, 2])
    wordless = measures.tracks(by_hand(states[:, :, :2], [[1, 1], [1, 1]]))
    assert [track.kind for track in wordless] == ["first", "separator"]


# What is said


def way(*means: float) -> measures.Alike:
    pair = measures.Pair(0, 1, means[-1])
    return measures.Alike(np.array(means), (pair,) * len(means), (pair,) * len(means))


def test_the_layer_is_named_and_the_last_one_is_a_surprise(by_hand) -> None:
    model = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]]).checkpoint
    late = words.alike(way(1, 0.99999, 0.7), None, model)
    assert "**layer 2 of 2**, the last: the average pair is at > 0.9999 before it and at **0.70** after it" in late
    early = words.alike(way(1, 0.8, 0.7), way(0.4, 0.5, 0.6), model)
    assert "**layer 1 of 2**:" in early
    assert "The mean of the words differs from the start: 0.40 in layer 0, 0.60 in layer 2." in early
    never = words.alike(way(1, 1, 1), None, model)
    assert "does not start to differ in any of 2 layers" in never
    assert "**1, exactly**" in never
    assert "0.99" in words.rule(model)


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ((1, 0.999, 0.995), "stays nearly the same vector in all texts, in every layer"),
        ((0.8, 0.999, 0.7), "differs between texts from the start"),
        ((1, 0.98, 0.7), "differs between texts from layer 1 on"),
        ((1, 0.99, 0.98, 0.7), "stays nearly the same vector in all texts until layer 1, and differs from layer 2 on"),
        ((1, 1, 1, 0.98), "stays nearly the same vector in all texts until layer 2, and differs in layer 3"),
    ],
)
def test_the_headline_is_the_layer_in_which_texts_begin_to_differ(means, expected) -> None:
    assert plain(words.headline(way(*means), CHECKPOINTS[MODEL])) == f"[CLS] {expected}"


def test_how_far_the_first_token_leaves_0_is_said(by_hand) -> None:
    model = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]]).checkpoint
    still = inputs.Apart(np.zeros(3), None, None)
    assert "to this model these texts are the same" in words.leaving(still, model)
    rounded = inputs.Apart(np.array([1e-7, 0.25, 1.5]), None, np.array([1e-7, 1, 1]))
    told = words.leaving(rounded, model)
    assert f"starts at **{power(1e-7)}, which is rounding**, differs by 0.250 after layer 1" in told
    assert "\\[SEP\\] starts at 0, too" in told
    moved = inputs.Apart(np.array([0, 0.25, 1.5]), np.array([2.0, 1, 1]), None)
    told = words.leaving(moved, model)
    assert "differs by 0.250 after layer 1 and most, by **1.500**, after layer 2 of 2" in told
    assert "Of the others, the token after :orange[\\[CLS\\]] (2.000) differs from the start" in told
    same_word = inputs.Apart(np.array([0, 0.25, 1.5]), np.array([0.0, 1, 1]), np.array([0.0, 1, 1]))
    assert "\\[SEP\\] start at 0, too" in words.leaving(same_word, model)
    placeless = words.leaving(replace(moved, separator=np.array([0.0, 1, 1])), model)
    assert "(2.000) differs from the start" in placeless
    assert placeless.endswith("Here \\[SEP\\] starts at 0, too, because token and position are the same in all texts.")
    at_once = words.leaving(inputs.Apart(np.array([0, 1.5, 1]), None, None), model)
    assert at_once.endswith("starts at **0, exactly**, differs most, by **1.500**, after layer 1 of 2.")
    assert "**0, exactly**" in words.vectors(0.0, 0, 6, 4, 5, model)
    assert f"**{power(1e-7)}, which is rounding**" in words.vectors(1e-7, 0, 6, 4, 5, model)
    assert "**< 0.001**" in words.vectors(1e-7, 2, 6, 4, 5, model), "behind a layer even that may be a difference"
    assert "first 5 texts" in words.vectors(0.5, 6, 6, 9, 5, model)


def test_the_strips_are_those_of_their_layer(by_hand) -> None:
    reading = journey(by_hand).reading
    shown = exhibits.vectors(reading, 1)
    drawings.check([shown, exhibits.leaving(reading)])
    *rows, difference = (values for _, values in drawings.drawn(shown))
    np.testing.assert_array_equal(rows, reading.hidden_states[1, :, 0])
    np.testing.assert_array_equal(difference, [0, 1, 1])
    assert "After layer 1 of 2 the largest difference" in shown.sentence
    assert "in 3 texts is **1.000**." in shown.sentence
    columns = dict(exhibits.leaving(reading).table())
    for name, position in (("[CLS]", 0), ("the token after [CLS]", 1), ("[SEP]", 3)):
        at = reading.hidden_states[:, :, position]
        np.testing.assert_allclose(columns[name], np.ptp(at.astype(np.float64), axis=1).max(axis=1))


def test_a_point_on_top_needs_no_number() -> None:
    assert [words.short(value) for value in (1, 0.9999999, 0.9997, 0.7)] == ["1", "", "0.9997", "0.70"]


def test_moving_alike_is_said(by_hand) -> None:
    model = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]]).checkpoint
    told = words.moved(measures.Moves(np.array([3.0, 1, 6]), np.array([1.0, 0.995, 0.7])), model)
    assert "farthest in layer 3, by **6.00**" in told
    assert "In layer 3 only **70%**" in told
    assert "In all other layers it is 99% or more" in told
    assert "they move as one" in words.moved(measures.Moves(np.array([3.0, 1]), np.array([1.0, 0.999])), model)


def test_what_is_not_steady_is_not_written_as_if_it_were(by_hand) -> None:
    model = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]]).checkpoint
    told = words.moved(measures.Moves(np.array([3.0, 1]), np.array([1.0, 0.9899])), model)
    assert "In layer 2 only **98.9%**" in told
    assert "In all other layers it is 99% or more" in told


def test_a_trail_fans_out_or_does_not(by_hand) -> None:
    reading = by_hand(np.ones((3, 2, 3, 2)), [[1, 1, 1]] * 2)

    def drawn(*wide: float) -> str:
        places = np.array([[[w, 0], [-w, 0]] for w in wide])
        return words.trail(measures.Trail(places, (0.9, 0.05)), reading, 7, True)

    assert "without dimension 7, keeps **95%**" in drawn(0, 0.1, 5)
    assert "lie 50 times as far apart as in any layer before" in drawn(0, 0.1, 5)
    assert "lie apart, and never in any layer before" in drawn(0, 0, 5)
    assert "lie farthest apart in layer 1 of 2" in drawn(0, 5, 4)
    assert "are one: to this model these texts are the same" in drawn(0, 0, 0)
    moved = np.array([[[100, 0], [100, 0]], [[-100, 1e-13], [-100, 0]], [[0, 3], [0, 3]]])  # rounding of a projection
    assert "are one: to this model" in words.trail(measures.Trail(moved, (0.9, 0.05)), reading, 7, True)
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


def test_two_texts_part_and_their_distance_is_told() -> None:
    pair = measures.Pair(0, 1, 0.5)
    way = measures.Alike(np.array([1, 0.995, 0.5]), (pair,) * 3, (pair,) * 3)
    told = plain(words.alike_in_two_texts(way, None, (1, 3), CHECKPOINTS[MODEL]))
    assert "Between texts 2 and 4 the cosine of [CLS] is 1, exactly in layer 0 and 0.50 in layer 2." in told
    assert "below 0.99 for the first time in layer 2 of 2" in told
    far = plain(
        words.moved_in_two_texts(
            np.array([0, 0.25, 4]), measures.Moves(np.array([9.0, 3]), np.array([1.0, 0.5])), CHECKPOINTS[MODEL]
        )
    )
    assert "moves farthest in layer 1, by 9.00 (root mean square of the two texts)" in far
    assert "; after it the two stand 0.25 apart. They are farthest apart in layer 2: 4.00." in far
    late = plain(
        words.moved_in_two_texts(
            np.array([0, 0.25, 4]), measures.Moves(np.array([3.0, 9]), np.array([1.0, 0.5])), CHECKPOINTS[MODEL]
        )
    )
    assert "after it the two stand farthest apart: 4.00. In layer 1 they stand 0.25 apart, in layer 0 at the" in late
    assert "In no layer do they part" in words.moved_in_two_texts(
        np.zeros(3), measures.Moves(np.ones(2), np.ones(2)), CHECKPOINTS[MODEL]
    )


# Pictures


def test_lines_wear_their_roles_and_numbers() -> None:
    colours = palette("light")
    lines = [
        LayerLine("<s>", "first", np.array([0, 1.0]), ("0", "1.00"), (np.array([0, 0.5]), np.array([0, 1.5]))),
        LayerLine("mean of the words", "words", np.array([2.0, 1.1])),
    ]
    figure = by_layer(lines, colours, y="cosine", dashed=0.99)
    by_name = {trace.name: trace for trace in figure.data if trace.name}
    assert by_name["&lt;s&gt;"].line.color == colours.cls
    assert by_name["&lt;s&gt;"].x == (0, 1)
    assert figure.data[-2].name == "&lt;s&gt;", "but for the dashed line the first token's line lies on top"
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
    figure = figures.trails(places, (0.8, 0.2), ["<b>one</b>", "two"], palette("dark"), numbers=(1, 2))
    assert [note.text for note in figure.layout.annotations] == ["layers 0, 1", "<b>text 1</b>", "<b>text 2</b>"]
    assert "<b>" not in figure.data[0].hovertemplate.split("<extra>")[0]
    assert figure.data[0].marker.color[-1] == palette("dark").cls


# The exhibits: numbers worked by hand, of which no two tracks, layers or texts have the same


def journey(by_hand, *, texts: int = 3, two: tuple[int, ...] = ()) -> Journey:
    """Three layers; [CLS] starts equal, and in the end stands at 0, 60 and 90 degrees; words and separators differ."""
    states = np.zeros((3, 3, 4, 3), np.float32)
    states[0, :, 0] = [34, 0, 3]
    states[1, :, 0] = [[37, 0, 3], [37, 1, 3], [37, 0, 4]]
    states[2, :, 0] = [[2**0.5, 2**0.5, 0], [0.5**0.5, 0.5**0.5, 3**0.5], [0, 0, 5]]
    states[:, :, 1:3] = np.random.default_rng(0).normal(size=(3, 3, 2, 3))
    states[:, :, 3] = np.random.default_rng(1).normal(size=(3, 3, 3))
    reading = by_hand(states[:, :texts], [[1, 1, 1, 1]] * texts)
    return Journey(reading, two)


def series(exhibit: Exhibit) -> dict[str, list[float]]:
    return {name: np.round(values, 4).tolist() for name, values in drawings.drawn(exhibit) if name}


def test_how_alike_the_texts_are_is_drawn_as_it_is_told(by_hand) -> None:
    (shown,) = exhibits.alike([journey(by_hand)])
    drawings.check([shown])
    mean = (0.5 + 0 + 3**0.5 / 2) / 3  # 60, 90 and 30 degrees
    assert series(shown)["[CLS]"][2] == pytest.approx(mean, abs=1e-4)
    assert "**layer 2 of 2**, the last" in shown.sentence
    assert f"**{mean:.2f}** after it" in shown.sentence
    told = words.extremes(journey(by_hand).alike["first"])
    assert "the most alike are texts 2 and 3 (0.87), the least alike 1 and 3 (0.00)" in told
    assert shown.headline == "\\[CLS\\] stays nearly the same vector in all texts until layer 1, and differs in layer 2"
    table = shown.table()
    assert table["[CLS], least alike"][2] == pytest.approx(0, abs=1e-6)
    assert table["[CLS], most alike"][2] == pytest.approx(3**0.5 / 2)
    first = shown.picture(palette("light")).data[-2]
    assert (first.name, first.line.color) == ("[CLS]", palette("light").cls), "on top, in its colour"
    assert shown.totals["two texts differ below"] == measures.ALIKE


def test_two_texts_have_no_band_and_keep_their_numbers(by_hand) -> None:
    way = journey(by_hand, texts=2, two=(3, 1))
    (shown,) = exhibits.alike([way])
    drawings.check([shown])
    assert not any("alike" in head for head in shown.table())
    assert "Between texts 4 and 2 the cosine of [CLS] is 1, exactly in layer 0 and 0.50 in layer 2" in plain(
        shown.sentence
    )
    (trail,) = exhibits.trail([way], left_out=False)
    assert trail.table()["text"].tolist() == [4, 4, 4, 2, 2, 2]
    whole = journey(by_hand)
    chosen = Journey.of_two(whole.reading, (2, 0))
    np.testing.assert_array_equal(chosen.first, whole.first[:, [2, 0]])
    assert chosen.numbers == (3, 1)
    moved, apart = exhibits.parted(way)
    assert moved.sentence == apart.sentence
    drawings.check([moved, apart])
    assert series(apart)["[CLS]"] == [0, 1, 2]  # two sides of 2 at 60 degrees
    assert len(series(apart)["mean of the words"]) == 3, "before the first layer, too"
    tops = [each.picture(palette("light")).layout.yaxis.range[1] for each in (moved, apart)]
    assert tops[0] == pytest.approx(tops[1]), "one scale"


def test_equal_texts_are_said_to_be_the_same_first(by_hand) -> None:
    way = journey(by_hand, texts=2, two=(0, 1))
    same = replace(way.reading, encoding=replace(way.reading.encoding, texts=("a", "a")))
    (shown,) = exhibits.alike([Journey(same, (0, 1))])
    assert shown.sentence.startswith("Both sides hold the same text")
    (shown,) = exhibits.alike([way])
    assert not shown.sentence.startswith("Both sides")


def test_the_bars_are_the_distance_moved_and_its_common_share(by_hand) -> None:
    (shown,) = exhibits.moved([journey(by_hand)])
    drawings.check([shown])
    # layer 1: by (3, 0, 0), (3, 1, 0), (3, 0, 1): squares 9, 10, 10; their mean (3, 1/3, 1/3) has 9 + 2/9
    distance, common = (29 / 3) ** 0.5, (9 + 2 / 9) / (29 / 3)
    table = shown.table()
    assert list(table["layer"]) == [1, 2]
    assert table["[CLS], distance"][0] == pytest.approx(distance)
    assert table["[CLS], share in common"][0] == pytest.approx(common)
    assert series(shown)[figures.COMMON][0] == pytest.approx(distance * common, abs=1e-4)
    assert series(shown)[figures.OWN][0] == pytest.approx(distance * (1 - common), abs=1e-4)
    assert f"farthest in layer 2, by **{table['[CLS], distance'][1]:.2f}**. In layer 1 only **95%**" in shown.sentence


def test_the_outlier_dimension_is_that_of_the_first_token(by_hand) -> None:
    way = journey(by_hand)
    (shown,) = exhibits.outlier([way])
    drawings.check([shown])
    # dimension 0 holds almost all in layers 0 and 1, a half, an eighth and nothing in layer 2
    shares = [34**2 / 1165, 37**2 * (1 / 1378 + 1 / 1379 + 1 / 1385) / 3, (0.5 + 0.125 + 0) / 3]
    assert way.outlier == 0
    assert series(shown)["[CLS]"] == pytest.approx(shares, abs=1e-4)
    assert f"Dimension 0 holds **{shares[0] * 100:.1f}%** of the squared length of :orange[\\[CLS\\]] in layer 0" in (
        shown.sentence
    )
    without = measures.alike(measures.without(way.first, 0)).mean[-1]
    with_it = way.alike["first"].mean[-1]
    assert without != pytest.approx(with_it, abs=0.01)
    assert f"**{number(without)}** after the last layer; with it, at {number(with_it)}" in shown.sentence
    assert shown.totals["the same without that dimension"] == pytest.approx(without)


@pytest.mark.parametrize("left_out", [False, True])
def test_the_trail_is_drawn_text_by_text(left_out: bool, by_hand) -> None:
    way = journey(by_hand)
    (shown,) = exhibits.trail([way], left_out)
    drawings.check([shown])
    assert ("without dimension 0" in shown.sentence) == left_out
    figure = shown.picture(palette("light"))
    expected = measures.trail(way.without if left_out else way.first)
    for k, trace in enumerate(figure.data):
        np.testing.assert_allclose(np.stack([trace.x, trace.y], -1), expected.places[:, k], atol=1e-5)
    table = shown.table()
    assert (table["text"].tolist(), table["layer"].tolist()) == ([1] * 3 + [2] * 3 + [3] * 3, [0, 1, 2] * 3)
    assert figure.layout.xaxis.title.text.startswith(f"first axis: {share(expected.shares[0])}")
    assert figure.layout.yaxis.title.text.startswith(f"second axis: {share(expected.shares[1])}")


def test_two_models_have_a_picture_each_and_one_sentence(by_hand) -> None:
    here = journey(by_hand)
    mirrored = replace(here.reading, hidden_states=here.reading.hidden_states[:, :, :, ::-1] + np.float32(0.5))
    there = Journey(
        replace(mirrored, checkpoint=replace(here.model, slug="other", name="other-model", first_token="<s>"))
    )
    for make in (exhibits.alike, exhibits.moved, exhibits.outlier, lambda both: exhibits.trail(both, left_out=False)):
        both = make([here, there])
        assert both[0].sentence == both[1].sentence
        drawings.check([both[0], replace(both[1], name=f"{both[1].name}-right")])
        for each, way in zip(both, (here, there), strict=True):
            (alone,) = make([way])
            assert series(each) == series(alone), "each model's own numbers"
    told = plain(exhibits.alike([here, there])[0].sentence)
    ends = [f"{way.alike['first'].mean[-1]:.2f}" for way in (here, there)]
    assert ends[0] != ends[1]
    assert f"ends at {ends[0]} here and at {ends[1]} there" in told
    assert told.index(here.model.name) < told.index("other-model")


# The page


def page(**controls: str) -> AppTest:
    app = reached("journey", **controls)
    app.session_state[choices.OPEN] = True
    return app


def screen(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


def test_the_page_names_the_layer(embedded) -> None:
    app = page().run()
    assert not app.exception
    assert "starts to differ in **layer 6 of 6**, the last" in screen(app)
    assert "Dimension 99 holds" in screen(app)
    assert "with all dimensions" in screen(app)


def test_a_link_leaves_the_unit_out(embedded) -> None:
    app = page(journey_without="true", open="1").run()
    assert not app.exception
    assert "without dimension 99" in screen(app)


def test_one_text_is_compared_with_ours(embedded) -> None:
    app = page()
    app.session_state[choices.TEXT] = "The film was good."
    app.run()
    assert not app.exception
    assert "There is one text" in screen(app)


@pytest.mark.parametrize("example", EXAMPLES["journey"], ids=lambda example: example.key)
def test_its_examples_work(example, embedded) -> None:
    app = page()
    app.session_state[choices.TEXT] = "\n".join(example.texts)
    app.run()
    assert not app.exception
    assert "starts to differ" in screen(app)
