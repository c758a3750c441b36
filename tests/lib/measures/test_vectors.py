"""Vectors compared, by numbers worked by hand and by properties."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from lib.measures import vectors
from tests.conftest import ROOT

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


def test_small_matrices_keep_to_one_core_in_libraries_that_are_loaded_later_too() -> None:
    code = (
        "import numpy, lib.measures\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "from threadpoolctl import threadpool_info\n"
        "found = [each for each in threadpool_info() if each['user_api'] == 'blas']\n"
        "print(len(found), *{each['num_threads'] for each in found})"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    many, *cores = done.stdout.split()
    assert int(many) == 0 or cores == ["1"]
