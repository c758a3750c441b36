"""Ranks and their agreement: worked by hand, and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from lib.measures.ranks import chance, ranks, spearman


def test_the_largest_is_first_and_equals_share_a_place() -> None:
    assert ranks(np.array([0.1, 0.9, 0.5])).tolist() == [3, 1, 2]
    assert ranks(np.array([2.0, 5.0, 2.0, 2.0, 7.0])).tolist() == [4, 2, 4, 4, 1], "third to fifth: 4 each"
    assert ranks(np.array([])).tolist() == []


def test_agreement_by_hand() -> None:
    a = np.array([4.0, 3.0, 2.0, 1.0])
    assert spearman(a, a**3) == 1
    assert spearman(a, -a) == -1
    # ranks 1 2 3 4 against 2 1 3 4: 1 - 6 (1 + 1) / (4 x 15)
    assert spearman(a, np.array([3.0, 4.0, 2.0, 1.0])) == pytest.approx(0.8)


def test_agreement_is_scipy_s_with_ties_too() -> None:
    made = np.random.default_rng(3)
    for n in (3, 8, 30):
        a, b = made.integers(0, 6, n).astype(float), made.normal(size=n)
        assert spearman(a, b) == pytest.approx(spearmanr(a, b).statistic)


def test_what_has_no_order_has_no_agreement() -> None:
    assert spearman(np.array([1.0]), np.array([2.0])) is None
    assert spearman(np.array([]), np.array([])) is None
    assert spearman(np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0])) is None
    with pytest.raises(ValueError, match="2 values cannot be ranked against 3"):
        spearman(np.zeros(2), np.zeros(3))


def test_chance_falls_with_the_number_of_things() -> None:
    assert chance(2) == 1, "two things agree or are turned round"
    found = [chance(n) for n in (5, 10, 20, 40)]
    assert found == sorted(found, reverse=True)
    assert found[1] == pytest.approx(0.648, abs=0.02), "the two-sided 5 % point of tables for n = 10"
    assert found[2] == pytest.approx(0.447, abs=0.02)
    with pytest.raises(ValueError, match="1 thing has no order"):
        chance(1)
