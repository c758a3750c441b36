"""Ranks compared: how far two orders of the same things agree, and how far chance alone would make them."""

from __future__ import annotations

from functools import cache

import numpy as np

from lib.measures.vectors import Doubles

SHUFFLES = 4000  # of one order against the other, for what chance does
SEED = 7


def ranks(values: Doubles) -> Doubles:
    """Places from 1 for the largest; equal values share the mean of theirs.

    Args:
        values: float64[n].

    Returns:
        float64[n].
    """
    _, group, sizes = np.unique(-values, return_inverse=True, return_counts=True)
    behind = np.cumsum(sizes)  # places taken up to and with each group
    return (behind - (sizes - 1) / 2)[group]


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
    apart = [each - each.mean() for each in (ranks(a), ranks(b))] if len(a) else []
    sizes = [float(np.linalg.norm(each)) for each in apart]
    if not apart or not all(sizes):
        return None
    return float(np.clip(np.round(apart[0] @ apart[1] / (sizes[0] * sizes[1]), 12), -1, 1))


@cache
def chance(n: int) -> float:
    """The agreement, in either direction, that shuffled orders pass one time in twenty.

    Args:
        n: things that are ranked, at least two.

    Returns:
        From 0 to 1: the 95th percentile of the size of :func:`spearman` over orders shuffled with a fixed seed.

    Raises:
        ValueError: fewer than two things have no order.
    """
    if n < 2:
        raise ValueError(f"{n} thing has no order: give at least two.")
    order = np.arange(n) - (n - 1) / 2
    shuffled = np.random.default_rng(SEED).permuted(np.tile(order, (SHUFFLES, 1)), axis=1)
    return float(np.quantile(np.abs(shuffled @ order) / (order @ order), 0.95))
