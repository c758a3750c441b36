"""The pictures of poolings on constructed numbers: what stands where, and that tables and sentences say the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.exhibit import columns
from lib.measures import vectors
from lib.measures.vectors import Floor, above
from lib.quantities import COSINE, Mode, palette
from pages.use.pooling import exhibits, figures, measures, words
from pages.use.pooling.measures import Neighbours, Pooled, TokenWeights
from pages.use.pooling.multiples import payload
from tests import exhibits as checks
from tests.colours import contrast

RAW, AFTER = Floor(0.7, 0.5, 0.9, 10), Floor(-0.01, -0.2, 0.3, 10)


@pytest.fixture(params=["light", "dark"])
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param


def pooled(count: int = 3, key: str = "mean", seed: int = 0, **how: object) -> Pooled:
    """Vectors without any pattern under a pooling, beside unrelated ones."""
    dice = np.random.default_rng(seed)
    given = {
        "key": key,
        "name": "[CLS]" if key == "cls" else key,
        "spoken": f"“{key}”",
        "note": "",
        "why_not": "",
        "yours": dice.normal(size=(count, 16)),
        "reference": dice.normal(size=(9, 16)),
        "floor": RAW,
        "raw_floor": RAW,
        "centred_floor": AFTER,
    }
    return Pooled(**(given | how))  # type: ignore[arg-type]  # by name


def none(key: str = "pooler") -> Pooled:
    """A pooling that cannot be had."""
    nothing = {"yours": np.empty((0, 16)), "floor": None, "raw_floor": None, "centred_floor": None}
    return pooled(0, key, why_not="It needs the last layer.", **nothing)


def of(count: int) -> tuple[Pooled, tuple[str, ...]]:
    return pooled(count), tuple(f"text number {k}" for k in range(count))


def matrix(one: Pooled, texts: tuple[str, ...], mode: Mode = "light") -> object:
    return figures.matrix(one, texts, COSINE, marked=None, palette=palette(mode))


def with_cosines(cosines: np.ndarray, **how: object) -> Pooled:
    one = pooled(len(cosines), **how)
    vars(one)["cosines"] = cosines
    return one


# What is drawn, what the table holds, and what is said


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize("count", [2, 3, 12, 13, 41])
def test_what_is_drawn_is_in_the_tables(count: int, centred: bool) -> None:
    texts, sentences = of(count)[1], [f"sentence {k}" for k in range(9)]
    a, b = (
        pooled(count, key, k, centred=centred, floor=AFTER if centred else RAW) for k, key in ((1, "cls"), (2, "mean"))
    )
    every = [a, b, none()]
    seen = [
        exhibits.cosines(a, texts, COSINE, "cosines-a"),
        exhibits.cosines(b, texts, COSINE, "cosines-b", (0, 1)),
        exhibits.baselines(every, COSINE, "baselines"),
        exhibits.multiples(every, texts, "multiples"),
        exhibits.points(a, (a, b), texts, sentences, "map-a"),
        exhibits.points(b, (a, b), texts, sentences, "map-b", (1,)),
    ]
    checks.check(seen)
    pairs = dict(columns(seen[3].table()))
    rows, others = np.triu_indices(count, 1)
    assert list(pairs["one text"]) == [texts[k] for k in rows]
    assert list(pairs["another text"]) == [texts[k] for k in others]
    np.testing.assert_array_equal(pairs["[CLS]"], above(a.cosines))
    np.testing.assert_array_equal(pairs["mean"], above(b.cosines))
    assert "pooler" not in pairs
    levels = dict(columns(seen[2].table()))
    assert levels["unrelated sentences, mean"][:2] == [0.7, 0.7]
    assert levels["unrelated sentences, centred, 5 % lie above"][:2] == [0.3, 0.3]
    assert (levels["least alike pair"][0], levels["most alike pair"][0]) == (
        above(a.cosines).min(),
        above(a.cosines).max(),
    )
    places = dict(columns(seen[4].table()))
    assert list(places["text"]) == [*texts, *sentences]
    np.testing.assert_array_equal(places["[CLS], first axis"][:count], a.places[:, 0])
    np.testing.assert_array_equal(places["[CLS], second axis"][count:], a.background[:, 1])
    assert [each for each in places["nearest"] if each] == [str(k + 1) for k in a.only_nearest if k >= 0]


def test_the_captions_name_the_right_pairs_and_their_level() -> None:
    cosines = np.array([[1, 0.2, 0.9], [0.2, 1, 0.4], [0.9, 0.4, 1]])
    told = words.cosines(with_cosines(cosines))
    assert told.startswith("Texts 1 and 3 are most alike (**0.90**), 1 and 2 least (**0.20**). ")
    assert words.headline(with_cosines(cosines)) == "Mean: unrelated sentences have a cosine of 0.70"
    centred = with_cosines(cosines, centred=True, floor=AFTER)
    assert words.headline(centred) == "Mean, centred: unrelated sentences stay below 0.30"
    named = with_cosines(cosines, spoken="“mean” in MiniLM")
    assert words.headline(named).startswith("Mean in MiniLM: ")


def test_after_centring_no_mean_is_quoted_as_a_finding() -> None:
    assert pooled().level == 0.7
    assert pooled(centred=True, floor=AFTER).level == 0.3
    with pytest.raises(ValueError, match="last layer"):
        _ = none().level
    alike = np.array([[1, 0.95], [0.95, 1]])
    low = with_cosines(alike, key="max", raw_floor=Floor(0.1, 0, 0.2, 10), centred_floor=None)
    told = words.baselines([with_cosines(alike), low, none()])
    assert "a cosine of **0.70** on average under “mean”, and of **0.10** under “max”" in told
    assert "−0.01" not in told
    assert told.endswith("stands above 95% of unrelated pairs under 2 of 2 poolings.")


# The prediction


@pytest.mark.parametrize(
    ("found", "right", "kind", "reason"),
    [
        (Neighbours(4, 0, 0), words.ANSWERS[:1], "holds", "it does not matter"),
        (Neighbours(4, 1, 0), words.ANSWERS[1:2], "in part", "**1 of 4** texts. So it matters"),
        (Neighbours(4, 2, 0), words.ANSWERS[2:], "fails", "**2 of 4** texts. So it matters"),
        (Neighbours(5, 2, 0), words.ANSWERS[1:2], "in part", "**2 of 5**"),
        (Neighbours(4, 3, 1), words.ANSWERS[2:], "fails", "For 1 it cannot be told"),
        (Neighbours(4, 0, 1), (), "cannot tell", "For 1 it cannot be told"),
        (Neighbours(4, 1, 1), (), "cannot tell", "For 1 it cannot be told"),
        (Neighbours(2, 0, 0), (), "cannot tell", "Add a third text"),
    ],
)
def test_a_prediction_is_right_wrong_or_open(found: Neighbours, right: tuple[str, ...], kind: str, reason: str) -> None:
    rights, because = words.revealed(found)
    assert rights == right
    assert reason in because
    assert words.verdict(found) == kind


def test_neighbours_by_hand_with_a_tie() -> None:
    a = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0]], bool)
    b = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]], bool)
    assert measures.neighbours(a, b) == Neighbours(4, 2, 1)


# Matrices


def cells(figure: object) -> object:
    return next(trace for trace in figure.data if trace.type == "heatmap" and trace.xaxis in (None, "x"))


def written_in(figure: object) -> list[object]:
    return [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]


def test_a_matrix_shows_every_cosine_on_the_fixed_scale(mode: Mode) -> None:
    one, texts = of(4)
    kept = one.cosines.copy()
    figure = matrix(one, texts, mode)
    grid = cells(figure)
    assert np.array_equal(grid.z, one.cosines.astype(np.float32))
    assert (grid.zmin, grid.zmax) == (-1, 1)
    assert (one.cosines == kept).all()
    assert figure.layout.xaxis2.range == (-1, 1)
    assert figure.layout.yaxis.range == (4.5, 0.5), "the first text on top"
    assert list(figure.layout.yaxis.ticktext) == [f"{k + 1} text number {k}" for k in range(4)]


@pytest.mark.parametrize(("count", "numbers"), [(2, 4), (12, 144), (13, 0), (200, 0)])
def test_numbers_stand_in_the_cells_up_to_twelve_texts(count: int, numbers: int) -> None:
    assert sum(len(trace.text) for trace in written_in(matrix(*of(count)))) == numbers


def test_equal_texts_keep_rows_of_their_own() -> None:
    figure = matrix(pooled(3), ("the", "the", "the"))
    assert list(cells(figure).y) == list(figure.layout.yaxis.tickvals) == [1, 2, 3]


def test_numbers_can_be_read_on_every_cell(mode: Mode) -> None:
    line = np.linspace(-1, 1, 12)
    (text,) = written_in(matrix(with_cosines(np.tile(line, (12, 1))), tuple("abcdefghijkl"), mode))
    stops = palette(mode).scales["diverging"]
    for value, colour in zip(line, text.textfont.color[:12], strict=True):
        ground = stops[round((value + 1) / 2 * (len(stops) - 1))]
        assert contrast(colour, ground) >= 3, f"{value:.2f}: {colour} on {ground}"


def test_what_is_not_one_does_not_read_one() -> None:
    cosines = np.array([[1, 0.9999999], [0.9999999, 1]])
    (text,) = written_in(matrix(with_cosines(cosines), ("a", "b")))
    assert list(text.text) == ["1", "0.9999+", "0.9999+", "1"]


def test_unrelated_sentences_are_marked_on_the_scale() -> None:
    for one, at, note in ((pooled(), 0.7, "average 0.70"), (pooled(centred=True, floor=AFTER), 0.3, "95% below 0.30")):
        figure = matrix(one, ("a", "b", "c"))
        on_scale = [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.xref == "x2"]
        floor = one.floor
        assert floor is not None
        assert on_scale == [(floor.low, floor.high), (at, at)]
        assert [each.text for each in figure.layout.annotations] == [note]


def test_each_pair_is_a_mark_until_there_are_too_many() -> None:
    for count, marks in ((12, 66), (13, 2)):
        one, texts = of(count)
        drawn = matrix(one, texts).data[-1].x
        assert len(drawn) == marks
        assert (drawn.min(), drawn.max()) == (
            np.float32(above(one.cosines).min()),
            np.float32(above(one.cosines).max()),
        )


def test_a_learners_text_is_no_markup() -> None:
    seen = str(matrix(pooled(2), ("<b>bold</b> & <a href='x'>", "plain")).to_plotly_json())
    assert "<b>bold" not in seen
    assert "<a href" not in seen
    assert "&lt;b&gt;" in seen


def test_a_large_matrix_stays_light() -> None:
    assert len(matrix(*of(200)).to_json()) < 245_000, "float32 in base64 is 5.3 bytes a cell"


def test_small_matrices_want_a_row_for_each_text() -> None:
    with pytest.raises(ValueError, match="for 2 texts"):
        payload([pooled(3)], ("a", "b"), "")


def test_no_matrix_at_all_is_nothing_to_draw() -> None:
    head, arrays = checks.unpacked(payload([none()], ("a", "b"), ""))
    assert arrays["cosines"].size == 0
    assert head["items"][0]["note"] == "It needs the last layer."
    assert head["items"][0]["about"] == "none"


# Every pooling on one scale


@pytest.mark.parametrize("centred", [False, True])
def test_both_bands_of_every_pooling_are_shown(centred: bool, mode: Mode) -> None:
    colours = palette(mode)
    first = pooled(key="cls", centred=centred)
    mean = pooled(seed=1, centred=centred, raw_floor=Floor(0.1, 0.0, 0.2, 9), centred_floor=Floor(0.0, -0.1, 0.1, 9))
    figure = figures.baselines([first, mean, none()], COSINE, centred=centred, palette=colours)
    bands = [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"]
    assert bands == [(0.5, 0.9), (-0.2, 0.3), (0.0, 0.2), (-0.1, 0.1)]
    assert [shape.x0 for shape in figure.layout.shapes if shape.type == "line"] == [0.7, -0.01, 0.1, 0.0]
    own = [trace for trace in figure.data if trace.meta == "x"]
    assert [tuple(trace.x) for trace in own] == [first.ends, mean.ends]
    assert [trace.y[0] for trace in own] == ([1.8, 0.8] if centred else [2.2, 1.2]), (
        "on the band it is measured against"
    )
    assert [trace.marker.color for trace in own] == [colours.cls, colours.ink]
    assert [trace.marker.symbol for trace in own] == ["square", "circle"]
    assert [note.text for note in figure.layout.annotations] == ["none"]
    assert list(figure.layout.yaxis.ticktext) == ["pooler", "mean", "[CLS]"]


# Maps


def a_map(one: Pooled, apart: tuple[bool, ...] = (False, True, False), mode: Mode = "light") -> object:
    texts, axes = ("x",) * len(one.yours), ("first", "second")
    return figures.points(one, apart, texts, axes, reach=3.0, ringed=(), palette=palette(mode))


def placed(*places: tuple[float, float], **how: object) -> Pooled:
    """Texts at these places of their plane."""
    one = pooled(len(places), **how)
    moved = replace(one)
    object.__setattr__(moved, "yours", one.yours)
    vars(moved)["plane"] = _Plane(np.array(places, float))
    return moved


class _Plane:
    """A plane on which the texts stand where they are put."""

    shares = np.array([0.5, 0.25])

    def __init__(self, places: np.ndarray) -> None:
        self.places = places

    def place(self, given: np.ndarray) -> np.ndarray:
        return self.places if len(given) == len(self.places) else np.zeros((len(given), 2))


def test_a_map_keeps_its_proportions(mode: Mode) -> None:
    layout = a_map(placed((0, 0), (1, 0), (0, 1)), mode=mode).layout
    assert layout.yaxis.scaleanchor == "x"
    assert layout.yaxis.scaleratio == 1
    assert layout.xaxis.range == layout.yaxis.range == (-3, 3)
    assert layout.xaxis.title.text == "first axis: 50% of their variance"
    assert layout.yaxis.title.text == "second axis: 25%"


def test_lines_run_to_the_nearest_dotted_where_poolings_part() -> None:
    one = pooled(3)
    vars(one)["near"] = np.array([[0, 1, 0], [1, 0, 0], [1, 1, 0]], bool)
    figure = a_map(one)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [line.line.dash for line in lines] == ["solid", "dot"], "none where several are equally near"
    assert np.allclose(np.stack([lines[0].x, lines[0].y], 1), one.places[[0, 1]], atol=1e-6)
    assert list(figure.data[0].text) == ["1", "2", "3"]


def test_the_first_tokens_points_are_squares_of_its_colour(mode: Mode) -> None:
    for key, symbol, colour in (("cls", "square", palette(mode).cls), ("mean", "circle", palette(mode).ink)):
        marker = a_map(pooled(3, key), mode=mode).data[0].marker
        assert (marker.symbol, marker.color) == (symbol, colour)


def test_many_points_drop_lines_and_numbers() -> None:
    figure = a_map(pooled(41), (False,) * 41)
    assert not [trace for trace in figure.data if trace.mode in ("lines", "markers+text")]


def test_a_number_stands_where_there_is_room() -> None:
    def sides(*places: tuple[float, float]) -> tuple[str, ...]:
        return a_map(placed(*places), (False,) * len(places)).data[0].textposition

    assert sides((0, 0), (1, 0)) == ("middle left", "middle right"), "away from each other"
    assert sides((0, 0), (0, 1)) == ("bottom center", "top center")
    assert len(set(sides((0, 0), (0, 0), (0, 0)))) == 3, "three numbers on one spot are three numbers"


def test_two_maps_have_one_reach() -> None:
    a, b = placed((0, 0), (2, 0)), placed((0, 0), (0, 4))
    assert measures.reach((a, b)) == measures.reach((b, a)) == pytest.approx(4 * 1.18)


# Weights


def test_bars_are_the_weights_by_role(mode: Mode) -> None:
    colours = palette(mode)
    rows = [
        TokenWeights("mean", np.array([0.25] * 4), ""),
        TokenWeights("pooler", None, "not a sum"),
        TokenWeights("[CLS]", np.array([1.0, 0, 0, 0]), ""),
    ]
    figure = figures.weights(rows, ("[CLS]", "the", "the", "[SEP]"), ("cls", "word", "word", "sep"), palette=colours)
    assert {int(bar.base): list(bar.customdata) for bar in figure.data} == {2: [0.25] * 4, 0: [1, 0, 0, 0]}
    assert figure.data[0].y[0] / figure.data[1].y[0] == pytest.approx(0.5), "heights are square roots"
    for bar in figure.data:
        assert list(bar.marker.color) == [colours.cls, colours.ink, colours.ink, colours.sep]
        assert list(bar.marker.pattern.shape) == ["", "", "", "/"]
    assert list(figure.layout.xaxis.ticktext) == ["0 [CLS]", "1 the", "2 the", "3 [SEP]"]
    assert [note.text.split("</b>")[0] for note in figure.layout.annotations] == ["<b>mean", "<b>pooler", "<b>[CLS]"]
    assert [note.y for note in figure.layout.annotations] == [3, 2, 1], "each name stands over its bars"


def test_long_texts_thin_their_names(mode: Mode) -> None:
    count = 512
    tokens, roles = ("[CLS]", *["a"] * (count - 2), "[SEP]"), ("cls", *["word"] * (count - 2), "sep")
    rows = [TokenWeights("mean", np.full(count, 1 / count), "")]
    figure = figures.weights(rows, tokens, roles, palette=palette(mode))
    assert len(figure.layout.xaxis.ticktext) < 14
    assert len(figure.to_json()) < 60_000


def test_the_plane_is_the_one_in_which_the_texts_differ() -> None:
    one = pooled(5)
    np.testing.assert_allclose(one.places.mean(axis=0), 0, atol=1e-12)
    spread = (vectors.unit(one.yours) - vectors.unit(one.yours).mean(axis=0)) ** 2
    assert (one.places**2).sum() / spread.sum() == pytest.approx(one.plane.shares[:2].sum())
