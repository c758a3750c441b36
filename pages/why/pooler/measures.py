"""How far the pooler's output is from the vector it was made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.measures.probe import Score, gain, probe, right, score
from lib.measures.vectors import paired
from lib.reading import Floats, Ints

NEAR_ONE = 0.9  # from there on tanh changes little, whatever goes in


@dataclass(frozen=True)
class Apart:
    """Two vectors of one text.

    Attributes:
        cosine: from -1 to 1.
        most: the largest difference of two numbers.
        saturated: share of the pooled numbers whose size is above ``NEAR_ONE``.
    """

    cosine: float
    most: float
    saturated: float


def apart(first: Floats, pooled: Floats) -> Apart:
    """The two vectors compared.

    Args:
        first: float32[hidden], the first token's last vector.
        pooled: float32[hidden], behind the pooler.
    """
    return Apart(
        float(paired(first, pooled)), float(np.abs(first - pooled).max()), float((np.abs(pooled) > NEAR_ONE).mean())
    )


@dataclass(frozen=True)
class Told:
    """How often classifiers on the two vectors are right on held-out sentences.

    Attributes:
        first: of the first token's vectors.
        pooled: of the pooler's.
        gain: how much more often the second.
    """

    first: Score
    pooled: Score
    gain: Score


def told(first: Floats, pooled: Floats, labels: Ints, groups: Ints) -> Told:
    """Classifiers learned from each of two kinds of vectors of the same sentences, with the same parts held out.

    Args:
        first: float32[sentences, hidden].
        pooled: float32[sentences, hidden].
        labels: int64[sentences], 0 or 1.
        groups: int64[sentences], which belong together.
    """
    one, other = (right(probe(each, labels, groups).answers(each), labels) for each in (first, pooled))
    return Told(score(one, groups), score(other, groups), gain(other, one, groups))
