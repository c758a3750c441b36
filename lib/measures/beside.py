"""Two readings side by side: which layers belong together, how far two vectors differ, what goes together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.measures.vectors import Doubles, above, cosine
from lib.reading import Floats, Reading

FEWEST = 3  # values from which on it means anything that two rows of them rise and fall together


def partner(layer: int, of: int, among: int) -> int:
    """The layer at the same depth in another model; the first and the last keep their places.

    Layer 3 of 6 is half of the way, and so is layer 6 of 12. Halves go up.

    Args:
        layer: from 0 (embeddings) to ``of``.
        of: layers of the model it belongs to.
        among: layers of the other one.

    Returns:
        0 for layer 0, else 1 to ``among``.
    """
    return max(min(layer, 1), (2 * layer * among + of) // (2 * of))


@dataclass(frozen=True)
class Difference:
    """How far two vectors of one width are apart.

    Attributes:
        units: in how many they differ at all.
        width: of how many.
        mean: of the absolute differences, in activations.
        largest: of them.
        at: the unit of the largest.
        cosine: of the two vectors, -1 to 1.
    """

    units: int
    width: int
    mean: float
    largest: float
    at: int
    cosine: float


def difference(a: Floats, b: Floats) -> Difference:
    """Two vectors, dimension by dimension.

    Args:
        a: float32[hidden], not all zeros.
        b: float32[hidden], likewise.
    """
    gaps = np.abs(a.astype(np.float64) - b)
    return Difference(
        units=int((gaps > 0).sum()),
        width=len(gaps),
        mean=float(gaps.mean()),
        largest=float(gaps.max()),
        at=int(gaps.argmax()),
        cosine=float(cosine(a[None], b[None])[0, 0]),
    )


def distances(vectors: Floats) -> Doubles:
    """How far the vectors of two texts stand apart in each layer.

    Args:
        vectors: float32[layers+1, 2, hidden].

    Returns:
        float64[layers+1], in activations.
    """
    one, other = vectors[:, 0].astype(np.float64), vectors[:, 1].astype(np.float64)
    return np.linalg.norm(one - other, axis=-1)


def together(a: NDArray[np.floating], b: NDArray[np.floating]) -> float | None:
    """Whether two rows of numbers rise and fall together: Pearson's correlation.

    Args:
        a: float[n].
        b: float[n], the same things measured elsewhere.

    Returns:
        From -1 through 0 (no relation) to 1 (the same but for scale); None for fewer than ``FEWEST`` values, or where
        a row does not vary.
    """
    if len(a) < FEWEST or not np.ptp(a) or not np.ptp(b):
        return None
    left, right = (row.astype(np.float64) - row.mean(dtype=np.float64) for row in (a, b))
    return float(np.clip(left @ right / (np.linalg.norm(left) * np.linalg.norm(right)), -1, 1))


def pairs(reading: Reading, layer: int) -> Doubles:
    """The cosines of all pairs of texts by their first token: what two models of any width have in common.

    Args:
        reading: of at least two texts.
        layer: 0 (embeddings) to the last.

    Returns:
        float64[n (n - 1) / 2], -1 to 1.
    """
    vectors = reading.cls[layer]
    return above(cosine(vectors, vectors))
