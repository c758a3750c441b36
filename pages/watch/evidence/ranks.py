"""Ranks compared: how far two orders of the same things agree, and how far chance alone would make them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from lib.measures.vectors import Doubles

if TYPE_CHECKING:
    from scipy.stats import PermutationTestResult

RARE = 0.05  # one in twenty
ORDERS = 5040  # tried: all of them for up to seven things, shuffled ones where there are more
SEED = 7


def ranks(values: Doubles) -> Doubles:
    """Places from 1 for the largest; equal values share the mean of theirs.

    Args:
        values: float64[n].

    Returns:
        float64[n].
    """
    from scipy.stats import rankdata

    return rankdata(-values)


def spearman(a: Doubles, b: Doubles) -> float | None:
    """How far two orders agree: the correlation of the ranks.

    Args:
        a: float64[n].
        b: float64[n], of the same things.

    Returns:
        From -1 (turned round) through 0 to 1 (the same order); None where one of them has no order: fewer than two
        things, or all of them equal.

    Raises:
        ValueError: they are not of one length.
    """
    if a.shape != b.shape:
        raise ValueError(f"{len(a)} values cannot be ranked against {len(b)}: give one of each for each thing.")
    one, other = _standing(a), _standing(b)
    if one is None or other is None:
        return None
    return float(np.clip(np.round(one @ other, 12), -1, 1))


@cache
def chance(n: int) -> float | None:
    """The agreement, in either direction, that at most one in twenty orders has by chance.

    Args:
        n: things that are ranked, no two alike; at least two.

    Returns:
        From 0 to 1: the smallest size of :func:`spearman` that at most one in twenty orders reaches, over all orders or
        over shuffled ones; None where even the same order turns up more often than that.

    Raises:
        ValueError: fewer than two things have no order.
    """
    if n < 2:
        raise ValueError(f"{n} thing has no order: give at least two.")
    order = np.arange(n, dtype=np.float64) - (n - 1) / 2
    tried = _shuffled(order, order[None] / (order @ order)).null_distribution
    sizes = np.sort(np.abs(tried).round(12))
    reached = 1 - np.searchsorted(sizes, sizes, side="left") / len(sizes)  # the part that is as large or larger
    rare = sizes[reached <= RARE]
    return float(rare[0]) if len(rare) else None


def luck(several: Sequence[Doubles], target: Doubles) -> float | None:
    """How often the best of several orders would agree with a target as far as it does if the target were shuffled.

    The largest of several agreements is large more often than one alone, so the whole search for the best is repeated
    for each order of the target.

    Args:
        several: float64[n] each, the values that one of them is chosen from; what has no order takes no part.
        target: float64[n].

    Returns:
        From 0 to 1, the part of the target's orders in which the largest :func:`spearman` is at least as large; None
        where there is nothing to compare.
    """
    found = [apart for each in several if (apart := _standing(each)) is not None]
    wanted = _standing(target)
    if wanted is None or not found:
        return None
    return float(_shuffled(wanted, np.array(found)).pvalue)


def _standing(values: Doubles) -> Doubles | None:
    """float64[n], ranks around 0 and of length 1; None where there is no order."""
    if not len(values):
        return None
    apart = ranks(values) - (len(values) + 1) / 2
    size = float(np.linalg.norm(apart))
    return apart / size if size else None


def _shuffled(values: Doubles, others: Doubles) -> PermutationTestResult:
    """How large the largest product of one order with the others is, and how large it is when the one is shuffled."""
    from scipy.stats import permutation_test

    def largest(orders: Doubles, axis: int) -> Doubles:
        return np.matmul(orders, others.T).max(axis)

    return permutation_test(
        (values,), largest, permutation_type="pairings", n_resamples=ORDERS, alternative="greater", rng=SEED
    )
