"""Vectors compared, by numbers worked by hand and by properties; and the pictures made of them."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from lib.measures import vectors
from lib.quantities import CENTRED, COSINE, Mode, palette
from pages.use.pooling import map as maps
from pages.use.pooling import similarity
from pages.use.pooling.map import MapOf
from pages.use.pooling.multiples import Matrix, payload
from pages.use.pooling.weights import Row, weights
from tests.colours import contrast

S = 1 / np.sqrt(2)
THREE = np.array([[2, 0], [0, 1], [3, 3]], np.float32)  # along x, along y, between
COSINES = np.array([[1, 0, S], [0, 1, S], [S, S, 1]])
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def some(n: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, width)).astype(np.float32)


# Cosine


def test_cosine_by_hand() -> None:
    assert np.allclose(vectors.cosine(THREE, THREE), COSINES, **CLOSE)
    assert np.allclose(vectors.cosine(THREE[:1], -THREE), [[-1, 0, -S]], **CLOSE)


def test_a_vector_and_itself_are_exactly_one() -> None:
    many = some(300, 7)
    assert (vectors.cosine(many, many).diagonal() == 1).all()
    assert (vectors.cosine(np.repeat(many[:1], 4, axis=0), many[:1]) == 1).all()


def test_cosine_forgets_length_and_stays_in_range() -> None:
    a, b = some(20, 5), some(30, 5, seed=1)
    found = vectors.cosine(a, b)
    assert found.shape == (20, 30)
    assert np.abs(found).max() <= 1
    assert np.allclose(found, vectors.cosine(a * 17, b / 3), rtol=1e-6, atol=1e-7), "float32 input: 4e-8 was measured"
    assert np.allclose(found, vectors.cosine(b, a).T, **CLOSE)


def test_cosine_refuses_what_has_no_direction() -> None:
    with pytest.raises(ValueError, match="zeros has no direction"):
        vectors.cosine(THREE, np.zeros((1, 2), np.float32))
    with pytest.raises(ValueError, match="2 and 3 numbers"):
        vectors.cosine(THREE, some(1, 3))


def test_what_is_given_stays_as_it_is() -> None:
    given = some(6, 4)
    kept = given.copy()
    near = vectors.cosine(given, given)
    before = near.copy()
    vectors.floor(given)
    vectors.centred(given, given.mean(axis=0, dtype=np.float64))
    vectors.principal(given)
    vectors.nearest(near)
    vectors.max_shares(given, np.ones(6, bool))
    assert (given == kept).all()
    assert (near == before).all(), "the diagonal is not overwritten"


# The floor


def test_floor_by_hand() -> None:
    found = vectors.floor(THREE)
    pairs = [0, S, S]
    assert found.mean == pytest.approx(2 * S / 3)
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(pairs, [5, 95])))
    assert found.pairs == 3


def test_floor_of_one_direction_and_of_opposites() -> None:
    assert vectors.floor(np.array([[1, 2], [2, 4], [3, 6]])).mean == 1
    assert vectors.floor(np.array([[1.0, 0], [-2, 0]])) == vectors.Floor(-1, -1, -1, 1)


def test_floor_wants_a_pair() -> None:
    with pytest.raises(ValueError, match="1 vector makes no pair"):
        vectors.floor(THREE[:1])


# Centring


def test_centring_by_hand() -> None:
    assert np.allclose(vectors.centred(THREE, np.array([2.0, 1.0])), [[0, -1], [-2, 0], [1, 2]])


def test_what_is_shared_leaves_exactly_nothing() -> None:
    same = np.repeat(some(1, 384), 191, axis=0)
    mean = same.mean(axis=0, dtype=np.float64)
    noisy = mean * (1 + 1e-9)  # what rounding leaves of a mean
    assert not vectors.centred(same, noisy).any()
    assert vectors.centred(same * 1.001, mean).all(), "a small difference is a difference"


def test_centring_takes_the_floor_to_zero() -> None:
    crowd = some(200, 50) + 5  # far from the origin, so all point the same way
    before = vectors.floor(crowd).mean
    after = vectors.floor(vectors.centred(crowd, crowd.mean(axis=0, dtype=np.float64))).mean
    assert before > 0.9
    assert abs(after) < 0.02


def test_centring_wants_one_width() -> None:
    with pytest.raises(ValueError, match="2 numbers, but a mean of 3"):
        vectors.centred(THREE, np.zeros(3))


# Pairs and neighbours


def test_pairs_above_the_diagonal() -> None:
    assert vectors.above(np.arange(9.0).reshape(3, 3)).tolist() == [1, 2, 5]
    most, least = vectors.extremes(COSINES)
    assert (most.first, most.second, most.cosine) == (0, 2, S), "the earlier of two equal ones"
    assert (least.first, least.second, least.cosine) == (0, 1, 0)


def test_nearest_by_hand_with_a_tie() -> None:
    assert vectors.nearest(COSINES).tolist() == [[False, False, True], [False, False, True], [True, True, False]]


def test_no_text_is_its_own_neighbour() -> None:
    many = some(40, 6)
    near = vectors.nearest(vectors.cosine(many, many))
    assert not near.diagonal().any()
    assert near.any(axis=1).all()


def test_rounding_breaks_no_tie() -> None:
    cosines = np.array([[1, 0.5, 0.5 - 1e-8, 0.4], [0.5, 1, 0, 0], [0.5, 0, 1, 0], [0.4, 0, 0, 1]])
    assert vectors.nearest(cosines)[0].tolist() == [False, True, True, False]


def test_part_ways_only_without_a_common_neighbour() -> None:
    a = vectors.nearest(COSINES)
    other = np.array([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]])
    assert vectors.part_ways(a, a).tolist() == [False] * 3
    # 0 and 1 now have each other; 2 had both, and keeps one of them
    assert vectors.part_ways(a, vectors.nearest(other)).tolist() == [True, True, False]


def test_kept_together() -> None:
    near = np.zeros((4, 4), bool)
    near[0, 1] = near[1, 2] = near[2, 3] = near[3, 0] = True
    assert vectors.kept_together(near, 2) == 2  # 0 with 1, 2 with 3
    assert vectors.kept_together(near, 4) == 4


# The plane


def test_principal_by_hand() -> None:
    cross = np.array([[3.0, 0, 1], [-3, 0, 1], [0, 1, 1], [0, -1, 1]])
    plane = vectors.principal(cross)
    assert np.allclose(plane.origin, [0, 0, 1])
    assert np.allclose(plane.axes, [[1, 0, 0], [0, 1, 0]])
    assert np.allclose(plane.shares, [0.9, 0.1])
    assert np.allclose(plane.place(cross), cross[:, :2])


def test_the_largest_entry_of_an_axis_is_positive() -> None:
    for seed in range(20):
        axes = vectors.principal(some(9, 12, seed=seed)).axes
        assert (axes[[0, 1], np.abs(axes).argmax(axis=1)] > 0).all()


def test_mirrored_order_makes_the_same_map() -> None:
    many = some(9, 12)
    there, back = vectors.principal(many), vectors.principal(many[::-1])
    assert np.allclose(there.place(many), back.place(many), atol=1e-9)


def test_shares_fall_and_add_up() -> None:
    many = some(30, 6)
    first, second = vectors.principal(many).shares
    assert 1 > first >= second > 0
    flat = many.copy()
    flat[:, 2:] = 0
    assert vectors.principal(flat).shares.sum() == pytest.approx(1)


def test_axes_stand_at_right_angles_and_keep_distances() -> None:
    many = some(30, 6)
    many[:, 2:] = 0
    plane = vectors.principal(many)
    assert np.allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
    placed = plane.place(many)
    apart = np.linalg.norm(many[:, None] - many[None], axis=2)
    assert np.allclose(np.linalg.norm(placed[:, None] - placed[None], axis=2), apart, atol=1e-6)


@pytest.mark.parametrize("rows", [1, 2])
def test_one_or_two_vectors(rows: int) -> None:
    plane = vectors.principal(some(rows, 5))
    assert plane.axes.shape == (2, 5)
    assert plane.shares.tolist() == ([0, 0] if rows == 1 else [1, 0])
    assert np.isfinite(plane.place(some(rows, 5))).all()


def test_equal_vectors_have_no_plane() -> None:
    same = vectors.unit(np.repeat(some(1, 384), 12, axis=0))
    plane = vectors.principal(same)
    assert not plane.shares.any()
    assert not plane.place(same).any()


# Who supplies the maximum


def test_max_shares_by_hand() -> None:
    states = np.array([[5, 1, 1, 2], [1, 5, 5, 2], [9, 9, 9, 9]], np.float32)
    real = np.array([True, True, False])
    assert vectors.max_shares(states, real).tolist() == [0.5, 0.5, 0], (
        "a tie goes to the earlier one, padding gets none"
    )


def test_max_shares_add_up() -> None:
    assert vectors.max_shares(some(9, 384), np.ones(9, bool)).sum() == pytest.approx(1)


def test_largest_difference() -> None:
    assert vectors.largest_difference(np.array([1.0, -2]), np.array([1.5, 1])) == 3
    with pytest.raises(ValueError, match="shapes"):
        vectors.largest_difference(np.zeros(2), np.zeros(3))


# Pictures


@pytest.fixture(params=["light", "dark"])
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param


def of(count: int, seed: int = 0) -> tuple[np.ndarray, tuple[str, ...]]:
    made = some(count, 16, seed)
    return vectors.cosine(made, made), tuple(f"text number {k}" for k in range(count))


def drawn(cosines: np.ndarray, texts: tuple[str, ...], mode: Mode = "light", **how: object) -> object:
    given = {"random": np.linspace(-0.2, 0.4, 100), "floor": (0.1, "floor"), "name": "mean", "is_first": False} | how
    return similarity.matrix(cosines, texts, COSINE, **given, palette=palette(mode))


def cells(figure: object) -> object:
    return next(trace for trace in figure.data if trace.type == "heatmap" and trace.xaxis in (None, "x"))


def test_a_matrix_shows_every_cosine_on_the_fixed_scale(mode: Mode) -> None:
    cosines, texts = of(4)
    kept = cosines.copy()
    figure = drawn(cosines, texts, mode)
    grid = cells(figure)
    assert grid.z.dtype == np.float32
    assert np.array_equal(grid.z, cosines.astype(np.float32))
    assert (grid.zmin, grid.zmax) == (-1, 1)
    assert (cosines == kept).all()
    assert figure.layout.xaxis2.range == (-1, 1)
    assert figure.layout.yaxis.range == (4.5, 0.5), "the first text on top"
    assert list(figure.layout.yaxis.ticktext) == [f"{k + 1} text number {k}" for k in range(4)]


@pytest.mark.parametrize(("count", "numbers"), [(2, 4), (12, 144), (13, 0), (64, 0), (200, 0)])
def test_numbers_stand_in_the_cells_up_to_twelve_texts(count: int, numbers: int) -> None:
    figure = drawn(*of(count))
    written = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
    assert sum(len(trace.text) for trace in written) == numbers


def test_equal_texts_keep_rows_of_their_own() -> None:
    cosines, _ = of(3)
    figure = drawn(cosines, ("the", "the", "the"))
    assert list(cells(figure).y) == [1, 2, 3]
    assert list(figure.layout.yaxis.tickvals) == [1, 2, 3]


def test_numbers_can_be_read_on_every_cell(mode: Mode) -> None:
    line = np.linspace(-1, 1, 12)
    figure = drawn(np.tile(line, (12, 1)), tuple("abcdefghijkl"), mode)
    (text,) = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
    stops = palette(mode).scales["diverging"]
    for value, colour in zip(line, text.textfont.color[:12], strict=True):
        place = (value + 1) / 2 * (len(stops) - 1)
        ground = stops[round(place)]
        assert contrast(colour, ground) >= 3, f"{value:.2f}: {colour} on {ground}"


def test_what_is_not_one_does_not_read_one() -> None:
    cosines = np.array([[1, 0.9999999], [0.9999999, 1]])
    (text,) = [trace for trace in drawn(cosines, ("a", "b")).data if trace.type == "scatter" and trace.mode == "text"]
    assert list(text.text) == ["1", "0.9999+", "0.9999+", "1"]
    assert similarity.written(1) == "1, exactly"
    assert similarity.written(0.9999999) == "> 0.9999"
    assert similarity.written(0.99951) == "0.9995"
    assert similarity.written(0.996) == "0.996"
    assert similarity.written(-0.004) == "0.00"


def test_the_floor_is_marked_on_the_scale() -> None:
    figure = drawn(*of(4), floor=(0.25, "95% below"))
    marks = [shape for shape in figure.layout.shapes if shape.xref == "x2" and shape.x0 == shape.x1 == 0.25]
    assert len(marks) == 1
    assert "95% below 0.25" in [note.text for note in figure.layout.annotations]


def test_each_pair_is_a_mark_until_there_are_too_many() -> None:
    for count, kind in ((12, "scatter"), (13, "bar")):
        cosines, texts = of(count)
        figure = drawn(cosines, texts)
        below = [
            t
            for t in figure.data
            if (t.hovertemplate and "your pairs" in t.hovertemplate) or "a pair of yours" in (t.hovertemplate or "")
        ]
        assert [trace.type for trace in below] == [kind]
    assert len(drawn(*of(12)).data[-1].x) == 66


def test_a_learners_text_is_no_markup() -> None:
    cosines, _ = of(2)
    evil = ("<b>bold</b> & <a href='x'>", "plain")
    seen = str(drawn(cosines, evil).to_plotly_json())
    assert "<b>bold" not in seen
    assert "<a href" not in seen
    assert "&lt;b&gt;" in seen


def test_a_large_matrix_stays_light() -> None:
    cosines, texts = of(200)
    assert len(drawn(cosines, texts).to_json()) < 245_000, "float32 in base64 is 5.3 bytes a cell"
    assert len(drawn(*of(64)).to_json()) < 40_000


def test_small_matrices_are_sent_as_they_are() -> None:
    for count, near in ((3, 2e-5), (64, 2e-5), (65, 0.004), (200, 0.004)):
        cosines, texts = of(count)
        shown = [
            Matrix("[CLS]", True, "floor 0.58", "", cosines),
            Matrix("pooler", False, "none", "It reads the last layer only.", None),
            Matrix("mean", False, "floor 0.07", "", -cosines),
        ]
        sent = payload(shown, texts, "in words")
        head, arrays = unpacked(sent)
        assert [item["drawn"] for item in head["items"]] == [True, False, True]
        assert head["texts"] == list(texts)
        back = arrays["cosines"].astype(float) / head["top"] * 2 - 1
        assert back.shape == (2, count, count)
        assert np.abs(back - np.stack([cosines, -cosines])).max() < near
        assert len(sent) < 2 * count * count * (2 if count <= 64 else 1) + 40 * count + 1000


def test_small_matrices_want_a_row_for_each_text() -> None:
    cosines, texts = of(3)
    with pytest.raises(ValueError, match="for 2 texts"):
        payload([Matrix("mean", False, "", "", cosines)], texts[:2], "")


def test_no_matrix_at_all_is_nothing_to_draw() -> None:
    head, arrays = unpacked(payload([Matrix("mean", False, "none", "why", None)], ("a", "b"), ""))
    assert arrays["cosines"].size == 0
    assert head["items"][0]["note"] == "why"


def unpacked(sent: bytes) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    (length,) = struct.unpack_from("<I", sent)
    head = json.loads(sent[4 : 4 + length])
    arrays = {}
    for name, where in head["arrays"].items():
        kind = {"u1": "<u1", "u2": "<u2"}[where["kind"]]
        size = int(np.prod(where["shape"]))
        arrays[name] = np.frombuffer(sent, kind, size, 4 + length + where["at"]).reshape(where["shape"])
    return head, arrays


ROWS = (
    similarity.Row("[CLS]", True, (0.6, 0.5, 0.7), (0.0, -0.1, 0.1), (0.55, 0.95)),
    similarity.Row("mean", False, (0.1, 0.0, 0.2), (0.0, -0.1, 0.1), (0.0, 0.8)),
    similarity.Row("pooler", False, None, None, None, "It reads the last layer only."),
)


@pytest.mark.parametrize("centre", [False, True])
def test_floors_show_both_bands_of_every_row(centre: bool, mode: Mode) -> None:
    colours = palette(mode)
    figure = similarity.floors(ROWS, CENTRED if centre else COSINE, centre=centre, palette=colours)
    bands = [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"]
    assert bands == [(0.5, 0.7), (-0.1, 0.1), (0.0, 0.2), (-0.1, 0.1)]
    means = [shape.x0 for shape in figure.layout.shapes if shape.type == "line"]
    assert means == [0.6, 0.0, 0.1, 0.0]
    own = [trace for trace in figure.data if trace.hovertemplate]
    assert [tuple(trace.x) for trace in own] == [(0.55, 0.95), (0.0, 0.8)]
    assert [trace.marker.color for trace in own] == [colours.cls, colours.ink]
    assert [trace.marker.symbol for trace in own] == ["square", "circle"]
    assert [note.text for note in figure.layout.annotations] == ["none"]
    assert list(figure.layout.yaxis.ticktext) == ["pooler", "mean", "[CLS]"]
    assert figure.layout.xaxis.range[0] <= -1 < 1 <= figure.layout.xaxis.range[1]


def a_map(count: int = 3, **how: object) -> MapOf:
    given: dict[str, object] = {
        "places": some(count, 2).astype(float),
        "background": some(50, 2, seed=2).astype(float),
        "shares": (0.5, 0.25),
        "nearest": [1, 0, -1][:count],
        "apart": [False, True, False][:count],
        "followed": (0,),
        "reach": 3.0,
        "is_first": False,
    }
    return MapOf(**(given | how))


def test_a_map_keeps_its_proportions(mode: Mode) -> None:
    layout = maps.points(a_map(), ("a", "b", "c"), palette=palette(mode)).layout
    assert layout.yaxis.scaleanchor == "x"
    assert layout.yaxis.scaleratio == 1
    assert layout.xaxis.range == layout.yaxis.range == (-3, 3)
    assert layout.xaxis.title.text == "first axis: 50% of their variance"
    assert layout.yaxis.title.text == "second axis: 25%"


def test_lines_run_to_the_nearest_dotted_where_poolings_part() -> None:
    shown = a_map()
    figure = maps.points(shown, ("a", "b", "c"), palette=palette("light"))
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [line.line.dash for line in lines] == ["solid", "dot"], "none where several are equally near"
    assert np.allclose(np.stack([lines[0].x, lines[0].y], 1), shown.places[[0, 1]], atol=1e-6)
    names = next(trace for trace in figure.data if trace.mode == "markers+text")
    assert list(names.text) == ["1", "2", "3"]


def test_the_first_tokens_points_are_squares_of_its_colour(mode: Mode) -> None:
    for is_first, symbol, colour in ((True, "square", palette(mode).cls), (False, "circle", palette(mode).ink)):
        figure = maps.points(a_map(is_first=is_first), ("a", "b", "c"), palette=palette(mode))
        names = next(trace for trace in figure.data if trace.mode == "markers+text")
        assert (names.marker.symbol, names.marker.color) == (symbol, colour)


def test_many_points_drop_lines_and_numbers() -> None:
    shown = a_map(3, places=some(41, 2).astype(float), nearest=[0] * 41, apart=[False] * 41)
    figure = maps.points(shown, tuple("x" * 41), palette=palette("light"))
    assert not [trace for trace in figure.data if trace.mode in ("lines", "markers+text")]


def test_points_on_one_spot_are_drawn() -> None:
    figure = maps.points(a_map(places=np.zeros((3, 2)), nearest=[-1] * 3), ("a", "a", "a"), palette=palette("light"))
    assert np.isfinite(figure.data[-1].x).all()


def test_a_number_stands_where_there_is_room() -> None:
    def sides(*places: tuple[float, float]) -> tuple[str, ...]:
        shown = a_map(places=np.array(places, float), nearest=[-1] * len(places), apart=[False] * len(places))
        return maps.points(shown, ("x",) * len(places), palette=palette("light")).data[-1].textposition

    assert sides((0, 0), (1, 0)) == ("middle left", "middle right"), "away from each other"
    assert sides((0, 0), (0, 1)) == ("bottom center", "top center")
    assert len(set(sides((0, 0), (0, 0), (0, 0)))) == 3, "three numbers on one spot are three numbers"


def test_bars_are_the_weights_by_role(mode: Mode) -> None:
    colours = palette(mode)
    rows = [
        Row("mean", np.array([0.25] * 4), ""),
        Row("pooler", None, "not a sum"),
        Row("[CLS]", np.array([1.0, 0, 0, 0]), ""),
    ]
    figure = weights(rows, ("[CLS]", "the", "the", "[SEP]"), ("cls", "word", "word", "sep"), palette=colours)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    shown = {(int(bar.base), int(x)): float(w) for bar in bars for x, w in zip(bar.x, bar.customdata, strict=True)}
    assert shown == {(2, k): 0.25 for k in range(4)} | {(0, k): float(k == 0) for k in range(4)}
    tall = {(int(bar.base), int(x)): float(y) for bar in bars for x, y in zip(bar.x, bar.y, strict=True)}
    assert tall[2, 0] / tall[0, 0] == pytest.approx(0.5), "heights are square roots"
    assert {bar.marker.color for bar in bars if 0 in bar.x} == {colours.cls}
    assert {bar.marker.pattern.shape for bar in bars if 3 in bar.x} == {"/"}
    assert list(figure.layout.xaxis.ticktext) == ["0 [CLS]", "1 the", "2 the", "3 [SEP]"]
    assert [note.text.split("</b>")[0] for note in figure.layout.annotations] == ["<b>mean", "<b>pooler", "<b>[CLS]"]
    assert [note.y for note in figure.layout.annotations] == [3, 2, 1], "each name stands over its bars"


def test_long_texts_thin_their_names(mode: Mode) -> None:
    count = 512
    tokens, roles = ("[CLS]", *["a"] * (count - 2), "[SEP]"), ("cls", *["word"] * (count - 2), "sep")
    figure = weights([Row("mean", np.full(count, 1 / count), "")], tokens, roles, palette=palette(mode))
    assert len(figure.layout.xaxis.ticktext) < 14
    assert len(figure.to_json()) < 60_000


def test_vectors_are_compared_with_their_counterparts() -> None:
    a = np.array([[[1, 0], [3, 4]], [[0, 2], [-1, -1]]], np.float32)
    b = np.array([[[0, 5], [3, 4]], [[0, -1], [1, 0]]], np.float32)
    assert np.allclose(vectors.paired(a, b), [[0, 1], [-1, -S]], **CLOSE)
    assert vectors.paired(a, b)[0, 1] == 1, "a vector and itself, exactly"
    assert np.allclose(vectors.paired(a, a[:, :1]), [[1, 0.6], [1, -S]], **CLOSE)
    with pytest.raises(ValueError, match="zeros"):
        vectors.paired(a, 0 * b)


def test_turned_is_1_minus_the_cosine_and_0_only_for_one_direction() -> None:
    a, b = np.array([[2, 0], [1, 1]], np.float32), np.array([[5, 0], [0, 3], [-1, 0]], np.float32)
    half = 1 - 0.5**0.5
    np.testing.assert_allclose(vectors.turned(a, b), [[0, 1, 2], [half, half, 2 - half]], atol=1e-12)
    assert vectors.turned(a[:1], b[:1])[0, 0] == 0
    near = np.array([[1, 1e-7]], np.float32)
    assert vectors.cosine(a[:1], near)[0, 0] == 1, "rounded"
    assert 0 < vectors.turned(a[:1], near)[0, 0] < 1e-13
    with pytest.raises(ValueError, match="no direction"):
        vectors.turned(a, np.zeros((1, 2), np.float32))
