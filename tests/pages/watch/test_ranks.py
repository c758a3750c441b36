"""Ranks and their agreement: worked by hand, and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from pages.watch.evidence.ranks import chance, luck, ranks, spearman


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


def test_chance_is_exact_where_there_are_few_things() -> None:
    # the same order and the reverse are 2 of 2, 2 of 6 and 2 of 24 orders: 100, 33 and 8.3 % are no rarity
    assert [chance(n) for n in (2, 3, 4)] == [None, None, None]
    assert chance(5) == 1, "2 of 120; one swap of neighbours more, and it is 10 of 120"
    # two-sided 5 % points of the exact tables
    assert chance(6) == pytest.approx(0.886, abs=5e-4)
    assert chance(7) == pytest.approx(0.786, abs=5e-4)


def test_chance_falls_with_the_number_of_things() -> None:
    found = [chance(n) or 2 for n in (5, 10, 20, 40)]
    assert found == sorted(found, reverse=True)
    assert found[1] == pytest.approx(0.648, abs=0.02), "the two-sided 5 % point of tables for n = 10"
    assert found[2] == pytest.approx(0.447, abs=0.02)
    with pytest.raises(ValueError, match="1 thing has no order"):
        chance(1)


def test_the_luck_of_one_order_is_its_place_among_all_orders() -> None:
    order = np.array([1.0, 2.0, 3.0, 4.0])
    assert luck([order], order) == pytest.approx(1 / 24)
    assert luck([-order], order) == 1, "every order is at least as near"
    # the best of two that are each other's reverse: 2 of 24 orders reach 1
    assert luck([order, -order], order) == pytest.approx(2 / 24)
    assert luck([order, order], order) == pytest.approx(1 / 24), "the same twice is no second try"
    # with a tie in the target there are 12 different orders, and 2 that agree as far with 1 2 3 3
    assert luck([order], np.array([1.0, 2.0, 3.0, 3.0])) == pytest.approx(2 / 24)


def test_the_best_of_five_has_more_luck_than_one() -> None:
    made = np.random.default_rng(0)
    passed = np.zeros((2, 200))
    for k in range(200):
        target, *several = made.normal(size=(6, 12))
        best = max(several, key=lambda each: spearman(each, target) or 0)
        passed[:, k] = [(luck(tried, target) or 0) <= 0.05 for tried in (several, [best])]
    assert passed[0].mean() < 0.1, "5 % where the search is counted"
    assert passed[1].mean() > 0.15, "some 23 % where it is not"


def test_what_has_no_order_has_no_luck() -> None:
    order, flat = np.arange(3.0), np.ones(3)
    assert luck([order], flat) is None
    assert luck([flat], order) is None
    assert luck([], order) is None
    assert luck([flat, order], order) == pytest.approx(1 / 6)
