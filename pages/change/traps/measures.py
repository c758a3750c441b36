"""A visitor's texts read rightly, and wrongly in every way that the page knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lib.edits import Edit
from lib.measures import traps
from lib.measures.traps import Damage, Key
from lib.measures.vectors import Doubles, paired
from lib.pooling import POOLINGS
from lib.reading import Encoding, Ints, Reading


@dataclass(frozen=True, eq=False)
class Mistakes:
    """What each mistake does to the texts.

    Attributes:
        reading: of the texts as they are.
        more: padding behind the longest text; 0 where there is no room for any.
        most: tokens that a cut leaves.
        right: the right vectors, by pooling; None where a text has no word to take.
        damages: what each mistake does that can be made here.
    """

    reading: Reading
    more: int
    most: int
    right: Mapping[str, Doubles | None]
    damages: Mapping[Key, Damage]

    @property
    def worst_first(self) -> list[Damage]:
        """The damages, the largest first."""
        return sorted(self.damages.values(), key=lambda damage: -damage.share)


@dataclass(frozen=True)
class Returned:
    """What a model hands back when it is asked for its attention.

    Attributes:
        way: how it was opened.
        layers: whose attention came back.
        kind: of what came.
        fields: of its output.
    """

    way: str
    layers: int
    kind: str
    fields: tuple[str, ...]


def pooled(reading: Reading, pooling: str) -> Doubles | None:
    """float64[texts, hidden]; None where a text has no word to take.

    Args:
        reading: of the texts.
        pooling: key of ``lib.pooling.POOLINGS``.
    """
    try:
        return POOLINGS[pooling].pool(reading).astype(np.float64)
    except ValueError:
        return None


def longer(encoding: Encoding, most: int) -> Ints:
    """int64[longer], the texts that a cut shortens.

    Args:
        encoding: of the texts.
        most: tokens that it leaves.
    """
    return np.array([row for row, each in enumerate(traps.cut(encoding, most)) if each != Edit()], np.int64)


def kept(encoding: Encoding) -> list[int]:
    """How many tokens are kept, from all of the longest text down."""
    longest = int(encoding.lengths.max())
    return sorted({max(int(longest * part), traps.LEAST) for part in traps.PARTS}, reverse=True)


def way(right: Doubles, wrong: Sequence[Doubles]) -> Doubles:
    """float64[texts, steps], the cosine of the wrong vectors to the right ones, step by step.

    Args:
        right: float64[texts, hidden].
        wrong: the same for each step.
    """
    return np.stack([paired(right, each) for each in wrong], axis=1)


def weights_off(reading: Reading) -> float:
    """The largest distance of a text's weights in the right mean from a sum of 1."""
    weights = POOLINGS["mean"].weights(reading)
    if weights is None:
        raise ValueError("A mean has weights.")
    return float(np.abs(weights.sum(axis=1, dtype=np.float64) - 1).max())
