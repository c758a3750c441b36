"""Vectors compared: how far they point the same way, against how far any two do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lib.reading import Floats

Doubles: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

EQUAL = 1e-6  # cosines nearer to each other than that cannot be told apart in float32
NOTHING = 1e-6  # share of a vector's length; what is left of it below that is rounding, and no direction


@dataclass(frozen=True)
class Floor:
    """How alike unrelated texts are: the cosine of random pairs.

    Attributes:
        mean: over all pairs, from -1 to 1.
        low: 5 % of the pairs lie below.
        high: 5 % of the pairs lie above.
        pairs: how many there are.
    """

    mean: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True)
class Pair:
    """Two texts and their cosine.

    Attributes:
        first: row of the one.
        second: row of the other, the later one.
        cosine: from -1 to 1.
    """

    first: int
    second: int
    cosine: float


@dataclass(frozen=True)
class Plane:
    """The two directions in which vectors differ most.

    Attributes:
        origin: float64[hidden], the mean of the vectors it was fitted on.
        axes: float64[2, hidden], of length 1 and at right angles; all 0 where there is no such direction.
        shares: float64[2], each axis' share of the vectors' variance, 0 to 1.
    """

    origin: Doubles
    axes: Doubles
    shares: Doubles

    def place(self, vectors: Floats | Doubles) -> Doubles:
        """Where vectors stand on the plane.

        Args:
            vectors: float[n, hidden].

        Returns:
            float64[n, 2], in the vectors' own unit, 0 at the mean of those it was fitted on.
        """
        return (vectors - self.origin) @ self.axes.T


def cosine(a: Floats | Doubles, b: Floats | Doubles) -> Doubles:
    """How far pairs of vectors point the same way.

        cos(a, b) = a . b / (|a| |b|)

    Args:
        a: float[n, hidden], one vector a row.
        b: float[m, hidden], what to compare them with.

    Returns:
        float64[n, m], no unit, from -1 (opposite) through 0 (at right angles) to 1 (same direction); exactly 1 for a
        vector and itself.

    Raises:
        ValueError: the widths differ, or a row is all zeros and so has no direction.

    Source:
        reimers2019, section 3. That even unrelated vectors score high, those of words: ethayarajh2019.
    """
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"Vectors of {a.shape[1]} and {b.shape[1]} numbers cannot be compared: give two of one width.")
    # more decimals than float32 vectors know; a vector's cosine to itself becomes 1 and not 0.9999999999999998
    return np.clip(np.round(unit(a) @ unit(b).T, 12), -1, 1)


def paired(a: Floats | Doubles, b: Floats | Doubles) -> Doubles:
    """The cosine of each vector to its counterpart.

    Args:
        a: float[..., hidden].
        b: float[..., hidden], of the same shape or of one that is stretched to it.

    Returns:
        float64[...], from -1 to 1, exactly 1 for a vector and itself.

    Raises:
        ValueError: the shapes do not fit, or a vector is all zeros.
    """
    return np.clip(np.round((unit(a) * unit(b)).sum(axis=-1), 12), -1, 1)


def outranks(one: Doubles, other: Doubles) -> float:
    """How often a number of the one is larger than one of the other, ties counted half: the area under the ROC curve.

    Args:
        one: float64[n], at least one.
        other: float64[m], at least one.

    Returns:
        0 to 1; one half is no order at all.
    """
    left, right = one[:, None], other[None, :]
    return float((left > right).mean() + (left == right).mean() / 2)


def turned(a: Floats | Doubles, b: Floats | Doubles) -> Doubles:
    """How far pairs of vectors point different ways, exact for those that hardly do: 0 only where directions are equal.

        1 − cos(a, b) = |a/|a| − b/|b||² / 2

    Args:
        a: float[n, hidden].
        b: float[m, hidden].

    Returns:
        float64[n, m], no unit, from 0 (the same direction) through 1 (at right angles) to 2 (opposite).

    Raises:
        ValueError: a row is all zeros and so has no direction.
    """
    others = unit(b)
    return np.stack([((one - others) ** 2).sum(axis=1) / 2 for one in unit(a)])


def unit(vectors: Floats | Doubles) -> Doubles:
    """Vectors scaled to length 1, so that only their direction is left.

    Args:
        vectors: float[..., hidden].

    Returns:
        float64[..., hidden].

    Raises:
        ValueError: a row is all zeros.
    """
    wide = vectors.astype(np.float64)
    sizes = np.linalg.norm(wide, axis=-1, keepdims=True)
    if not sizes.all():
        raise ValueError("A vector of zeros has no direction, so there is no cosine. Leave it out.")
    return wide / sizes


def centred(vectors: Floats | Doubles, mean: Doubles) -> Doubles:
    """Vectors without what all texts share.

    What is left of a vector that *is* the shared one would be rounding alone; it becomes exactly 0.

    Args:
        vectors: float[n, hidden].
        mean: float64[hidden], over a reference set, never over the few vectors that are compared.

    Returns:
        float64[n, hidden].

    Raises:
        ValueError: the widths differ.

    Source:
        mu2018, section 2.
    """
    if vectors.shape[1:] != mean.shape:
        raise ValueError(
            f"Vectors of {vectors.shape[1]} numbers, but a mean of {mean.shape[0]}: give two of one width."
        )
    left = vectors.astype(np.float64) - mean
    left[np.linalg.norm(left, axis=1) <= NOTHING * np.linalg.norm(mean)] = 0
    return left


def above(square: Doubles) -> Doubles:
    """Every pair once: what stands above the diagonal.

    Args:
        square: float64[n, n].

    Returns:
        float64[n (n - 1) / 2], row by row.
    """
    return square[np.triu_indices(len(square), 1)]


def floor(vectors: Floats | Doubles) -> Floor:
    """How alike any two of these vectors are: what a cosine has to be measured against.

    Args:
        vectors: float[n, hidden], of unrelated texts, at least two.

    Raises:
        ValueError: fewer than two vectors, or one of them is all zeros.

    Source:
        After ethayarajh2019, section 3.4, whose baseline is the mean cosine of random words; here of whole texts.
    """
    if len(vectors) < 2:
        raise ValueError(f"{len(vectors)} vector makes no pair: give at least two.")
    values = above(cosine(vectors, vectors))
    low, high = np.percentile(values, [5, 95])
    return Floor(float(values.mean()), float(low), float(high), len(values))


def extremes(cosines: Doubles) -> tuple[Pair, Pair]:
    """The most and the least alike pair; the earlier one where several are equal.

    Args:
        cosines: float64[n, n], symmetric, n at least two.
    """
    rows, columns = np.triu_indices(len(cosines), 1)
    values = above(cosines)
    most, least = (Pair(int(rows[k]), int(columns[k]), float(values[k])) for k in (values.argmax(), values.argmin()))
    return most, least


def nearest(cosines: Doubles) -> Flags:
    """Which other text is nearest to each.

    Args:
        cosines: float64[n, n], n at least two.

    Returns:
        bool[n, n]: [i, j] where no other text is nearer to i than j. Equally near ones are all marked.
    """
    others = cosines.copy()
    np.fill_diagonal(others, -np.inf)
    return others >= others.max(axis=1, keepdims=True) - EQUAL


def part_ways(a: Flags, b: Flags) -> Flags:
    """Where two poolings have no nearest text in common.

    Args:
        a: bool[n, n], as :func:`nearest` returns it.
        b: bool[n, n], of the other pooling.

    Returns:
        bool[n].
    """
    return ~np.logical_or.reduce(a & b, axis=1)


def principal(vectors: Floats | Doubles) -> Plane:
    """The plane in which these vectors differ most: their first two principal components.

    The sign of an axis is arbitrary; here its largest entry is positive, so that the same texts make the same map.

    Args:
        vectors: float[n, hidden], at least one.
    """
    wide = vectors.astype(np.float64)
    origin = wide.mean(axis=0)
    _, sizes, axes = np.linalg.svd(wide - origin, full_matrices=False)  # sizes fall, axes are rows
    sizes = np.where(sizes > NOTHING * np.sqrt(len(wide)) * max(np.linalg.norm(origin), 1e-12), sizes, 0)
    strongest = np.abs(axes).argmax(axis=1)
    signs = np.where(axes[np.arange(len(axes)), strongest] < 0, -1, 1)
    axes = np.where(sizes[:, None] > 0, axes * signs[:, None], 0)
    total = (sizes**2).sum()
    shares = sizes**2 / total if total else np.zeros_like(sizes)
    lacking = max(0, 2 - len(axes))
    return Plane(
        origin,
        np.pad(axes, ((0, lacking), (0, 0)))[:2],
        np.pad(shares, (0, lacking))[:2],
    )


def max_shares(states: Floats, real: Flags) -> Doubles:
    """The share of the hidden units in which each token supplies the maximum over the tokens.

    Args:
        states: float32[tokens, hidden] of one text.
        real: bool[tokens], false for padding.

    Returns:
        float64[tokens], adds up to 1; the earlier token counts where two are equal.
    """
    winners = np.where(real[:, None], states, -np.inf).argmax(axis=0)  # int64[hidden]
    return np.bincount(winners, minlength=len(states)) / states.shape[1]


def largest_difference(a: Floats | Doubles, b: Floats | Doubles) -> float:
    """The largest difference between two arrays of one shape, in their own unit.

    Args:
        a: float[...], of any shape.
        b: float[...], of the same.

    Raises:
        ValueError: the shapes differ.
    """
    if a.shape != b.shape:
        raise ValueError(f"Arrays of the shapes {a.shape} and {b.shape} cannot be compared: give two of one shape.")
    return float(np.abs(a.astype(np.float64) - b).max())


def kept_together(near: Flags, together: int) -> int:
    """For how many texts the nearest one stands in the same group of neighbouring rows.

    Args:
        near: bool[n, n], as :func:`nearest` returns it.
        together: rows that belong together: 2 for the first with the second, and so on.
    """
    group = np.arange(len(near)) // together
    return int((near & (group[:, None] == group)).any(axis=1).sum())


def recovered(plain: Floats, starved: Floats, changed: Floats) -> Doubles:
    """How much of what reading gives is there.

        1 − |h' − h| / |h_starved − h|

    Args:
        plain: float32[..., hidden], h, the vectors of the untouched model.
        starved: float32[..., hidden], the vectors of a first token that reads nothing but itself.
        changed: float32[..., hidden], h', what is measured.

    Returns:
        float64[...]: 1 for h itself, 0 for one as far away as the starved vector; 1 where reading gives nothing.
    """
    away = np.linalg.norm(changed.astype(np.float64) - plain, axis=-1)
    farthest = np.linalg.norm(starved.astype(np.float64) - plain, axis=-1)
    farthest = np.broadcast_to(farthest, away.shape)
    return 1 - np.divide(away, farthest, out=np.zeros_like(away), where=farthest > 0)
