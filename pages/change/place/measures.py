"""Texts under every change of their first token, and what the watched tokens' vectors are beside others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.measures.place import TAKEN, Key, Loudest, Tried
from lib.measures.vectors import Doubles, largest_difference, paired
from lib.reading import Ints, Reading

ROUNDING = 1e-4  # of an activation; sums over a longer batch round otherwise: 3e-6 measured


@dataclass(frozen=True, eq=False)
class Experiment:
    """The texts under every change.

    Attributes:
        reading: of the texts as they are.
        batch: of each of them under each change, text by text.
        tried: the watched tokens of the batch.
        rows: the texts that were taken.
        word: that stands in place of the first token, as it was typed.
        token: the same, as the vocabulary names it.
        position: the other position id; None in a family that has none.
        loudest: the first token's outlier dimension.
    """

    reading: Reading
    batch: Reading
    tried: Tried
    rows: tuple[int, ...]
    word: str
    token: str
    position: int | None
    loudest: Loudest

    @property
    def changed(self) -> tuple[Key, ...]:
        """The changes themselves, without the two tokens that they are compared with."""
        return tuple(key for key in self.tried.keys if key not in ("untouched", "other"))


@dataclass(frozen=True)
class Proofs:
    """What the page proves of its own batch.

    Attributes:
        same: the largest difference of the unchanged texts in the batch to their reading outside of it.
        kept: whether the texts' own tokens and their order are the same in all rows.
        rows: that there are.
        off: the largest distance of a watched token's attention from a sum of 1.
    """

    same: float
    kept: bool
    rows: int
    off: float


def fitting(lengths: Ints, variants: int, most: int) -> tuple[int, ...]:
    """The first texts whose variants fit into one batch; one at least.

    Args:
        lengths: int64[texts], tokens of each.
        variants: of each text; one of them is a token longer.
        most: texts x variants x tokens of the longest at most.
    """
    sizes = (np.maximum.accumulate(lengths) + 1) * variants * np.arange(1, len(lengths) + 1)
    return tuple(range(max(int((sizes <= most).sum()), 1)))


def proofs(experiment: Experiment) -> Proofs:
    """What should hold of every batch."""
    batch, encoding, step = experiment.batch, experiment.batch.encoding, len(experiment.tried.keys)
    if batch.row is None:
        raise ValueError("No attention was kept in this reading.")
    own = [encoding.input_ids[k, encoding.is_word[k] & (encoding.origin[k] > 0)].tolist() for k in range(batch.batch)]
    sums = batch.row.sum(axis=-1, dtype=np.float64)
    return Proofs(
        largest_difference(experiment.tried.vectors[:, :, 0], experiment.reading.cls[:, experiment.rows]),
        all(each == own[k // step * step] for k, each in enumerate(own)),
        batch.batch,
        float(np.abs(sums - 1).max()),
    )


def by_layer(experiment: Experiment, key: Key) -> Doubles:
    """float64[layers+1], the cosine of a watched token to the unchanged first token, mean over the texts."""
    return experiment.tried.cosines.mean(axis=1)[:, experiment.tried.at(key)]


def to_itself(experiment: Experiment, key: Key) -> Doubles | None:
    """float64[layers+1], the cosine of the token that moved up to the vectors it had before; None for other changes."""
    if key != "removed":
        return None
    before = experiment.reading.hidden_states[:, experiment.rows, 1]
    return paired(experiment.tried.vectors[:, :, experiment.tried.at(key)], before).mean(axis=1)


def even(experiment: Experiment) -> float:
    """What each token of a text would get if all got the same attention, mean over the texts."""
    return float((1 / experiment.reading.encoding.lengths[list(experiment.rows)]).mean())


def is_taken(key: Key) -> bool:
    """Whether another token stands in the first position."""
    return key in TAKEN
