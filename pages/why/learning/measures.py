"""What the page computes: when a task is learned, and a plane that stays the same for all steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lib.measures.pretrained import Taught
from lib.measures.probe import Score
from lib.measures.vectors import Plane, outranks, principal
from lib.reading import Floats
from lib.taught import Scores

HALF = 0.5


@dataclass(frozen=True, eq=False)
class Map:
    """A plane that is drawn up to its edges.

    Attributes:
        plane: its two directions.
        wide: half its width.
        high: half its height.
    """

    plane: Plane
    wide: float
    high: float

    def of(self, vectors: Floats) -> np.ndarray:
        """Where vectors lie; those beyond the edge of the map are put at its edge.

        Args:
            vectors: float32[vectors, hidden].

        Returns:
            float64[vectors, 2], across and up.
        """
        edge = np.array([self.wide, self.high])
        return np.clip(self.plane.place(vectors), -edge, edge)


def laid(vectors: Floats, follows: Floats) -> Map:
    """The map of the two directions in which some vectors differ most; no label is used.

    Args:
        vectors: float32[pairs, hidden], of the last checkpoint.
        follows: float32[pairs], what it says of each pair; "follows" lies at the right.
    """
    found = principal(vectors)
    spots = found.place(vectors)
    if (spots[:, 0] * (follows - follows.mean())).sum() < 0:
        found = replace(found, axes=found.axes * [[-1], [1]])
    wide, high = 1.3 * np.abs(spots).max(axis=0)
    return Map(found, float(wide), float(high))


def learned(curve: Sequence[Scores]) -> tuple[int, int]:
    """The steps after which half of what is learned in the end of masked words, and of next sentences, was learned.

    Args:
        curve: what was measured, in order, from before the training on.
    """
    words = [each.mlm_right / each.pieces for each in curve]
    pairs = [each.nsp_right / each.pairs for each in curve]
    return _half(curve, words, 0.0), _half(curve, pairs, HALF)


def _half(curve: Sequence[Scores], shares: Sequence[float], chance: float) -> int:
    enough = chance + (shares[-1] - chance) / 2
    return next(each.step for each, share in zip(curve, shares, strict=True) if share >= enough and each.step)


def right(follows: Floats, truths: Sequence[bool]) -> int:
    """How many pairs are told right.

    Args:
        follows: float32[pairs], probabilities.
        truths: whether each follows.
    """
    return int(((follows > HALF) == np.array(truths)).sum())


def apart(spots: np.ndarray, truths: Sequence[bool]) -> float:
    """How often a pair that follows lies farther right than one that does not: one half is no order at all.

    Args:
        spots: float64[pairs, 2].
        truths: whether each follows.
    """
    true = np.array(truths)
    return outranks(spots[true, 0], spots[~true, 0])


def added(both: Taught, words_alone: Taught, topics: Sequence[int]) -> tuple[Score, Score]:
    """What next sentences add to how well texts are told apart by topic: to the first token, and to the mean.

    The texts on one topic depend on each other: the intervals are Student's, over the topics' means.

    Args:
        both: taught both tasks.
        words_alone: taught masked words alone.
        topics: the number of each single text's topic.

    Returns:
        Differences of shares, with 95 % intervals.
    """
    first = _over_topics(both.on_topic - words_alone.on_topic, topics)
    return first, _over_topics(both.on_topic_mean - words_alone.on_topic_mean, topics)


def _over_topics(differences: np.ndarray, topics: Sequence[int]) -> Score:
    from scipy import stats

    by_topic = np.bincount(topics, differences) / np.bincount(topics)
    ends = stats.ttest_1samp(by_topic, 0).confidence_interval()
    return Score(float(by_topic.mean()), float(ends.low), float(ends.high), len(differences))
