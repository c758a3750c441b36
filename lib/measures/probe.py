"""A probe: what the simplest reader can tell from vectors, measured on texts that it has not learned from.

Logistic regression on standardised numbers. How well it does says what can be read off, not what the model itself uses;
it is worth something only beside the larger class and beside labels dealt out at random.

Texts come in groups: the two opposites of a pair, or a text and its copies. A group is never split between learning and
asking, and an interval counts groups, not texts: a copy tells nothing new.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from lib.measures.solver import learned
from lib.measures.vectors import Doubles, Flags
from lib.reading import Floats, Ints

FOLDS, REPEATS = 5, 2
PENALTY = 0.01  # scikit-learn's C: few texts for many numbers want a strong one
DRAWS = 20_000  # of the bootstrap
AT_ONCE = 4_000_000  # numbers drawn at once
CONFIDENCE = 0.95
DEALS = 9  # of labels at random, to show how far chance goes


@dataclass(frozen=True, eq=False)
class Probe:
    """Readers learned from all but a part of the texts, so that each text has some that never saw it.

    Attributes:
        weights: float64[readers, hidden], the standardisation worked into them.
        biases: float64[readers].
        unseen: int64[repeats, texts], which reader did not learn from a text.
    """

    weights: Doubles
    biases: Doubles
    unseen: Ints

    def answers(self, vectors: Floats | Doubles, texts: Ints | None = None) -> NDArray[np.int64]:
        """What readers that never saw a text say of its vector.

        Args:
            vectors: float[n, hidden], the texts' vectors, as they were learned from or changed.
            texts: int64[n], which of the texts each is; None for all in order.

        Returns:
            int64[repeats, n], 0 or 1.
        """
        readers = self.unseen if texts is None else self.unseen[:, texts]  # int64[repeats, n]
        scores = vectors.astype(np.float64) @ self.weights.T + self.biases  # float64[n, readers]
        return (np.take_along_axis(scores.T, readers, axis=0) > 0).astype(np.int64)


@dataclass(frozen=True)
class Score:
    """A share of texts, with an interval for the share of all texts of the kind.

    Attributes:
        value: from 0 to 1; from -1 to 1 for a difference.
        low: lower end of the interval.
        high: upper end.
        texts: that it was measured on.
    """

    value: float
    low: float
    high: float
    texts: int


def folds(labels: Ints, groups: Ints, parts: int, *, seed: int = 0) -> list[tuple[Ints, Ints]]:
    """Deals groups of texts out to parts, each with its share of every class, and holds back one part after the other.

    Args:
        labels: int64[texts].
        groups: int64[texts], which texts belong together.
        parts: to deal out to.
        seed: of the dealing.

    Returns:
        int64[seen] and int64[kept back], up to ``parts`` times: a part that would be empty, or would take all texts of
        a class, is not held back.
    """
    return list(_folds(*(each.astype(np.int64).tobytes() for each in (labels, groups)), parts, seed))


@lru_cache(maxsize=4)  # a page asks again at every click, and groups of 20,000 texts are dealt out in seconds
def _folds(labels: bytes, groups: bytes, parts: int, seed: int) -> tuple[tuple[Ints, Ints], ...]:
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    classes, together = np.frombuffer(labels, np.int64), np.frombuffer(groups, np.int64)
    if np.bincount(classes).max() < parts:
        return ()
    alone = len(np.unique(together)) == len(together)
    kind = StratifiedKFold if alone else StratifiedGroupKFold
    dealt = kind(parts, shuffle=True, random_state=seed).split(classes, classes, None if alone else together)
    whole = len(np.unique(classes))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a class with fewer texts than parts: see above
        return tuple((seen, kept) for seen, kept in dealt if len(kept) and len(np.unique(classes[seen])) == whole)


def probe(
    vectors: Floats | Doubles,
    labels: Ints,
    groups: Ints,
    *,
    parts: int = FOLDS,
    repeats: int = REPEATS,
    seed: int = 0,
) -> Probe:
    """Learns readers by repeated stratified cross-validation.

    Args:
        vectors: float[texts, hidden].
        labels: int64[texts], 0 or 1.
        groups: int64[texts], which texts belong together.
        parts: that the texts are dealt out to, each of which one reader does not see.
        repeats: how often they are dealt out anew.
        seed: of the dealing.

    Raises:
        ValueError: another number of labels or groups than of vectors, or a class with too few groups.

    Source:
        conneau2018, on testing sentence vectors by what can be learned from them.
    """
    if not len(labels) == len(groups) == len(vectors):
        raise ValueError(f"{len(vectors)} vectors, {len(labels)} labels, {len(groups)} groups: give one for each.")
    fewest = min(len(np.unique(groups[labels == each])) for each in (0, 1))
    if fewest < parts:
        raise ValueError(f"{fewest} texts of a class are too few for {parts} parts: give at least {parts} of each.")
    from sklearn.preprocessing import StandardScaler

    wide = vectors.astype(np.float64)
    weights: list[Doubles] = []
    biases: list[Doubles] = []
    unseen = np.empty((repeats, len(labels)), np.int64)
    for repeat in range(repeats):
        for seen, kept_back in folds(labels, groups, parts, seed=seed + repeat):
            scaler = StandardScaler().fit(wide[seen])
            found = learned(scaler.transform(wide[seen]), labels[seen], penalty=PENALTY)
            unseen[repeat, kept_back] = len(weights)
            weights.append(found.coef_[0] / scaler.scale_)
            biases.append(found.intercept_[0] - weights[-1] @ scaler.mean_)
    return Probe(np.stack(weights), np.array(biases), unseen)


def right(answers: Ints, labels: Ints) -> Flags:
    """Which answers are the label.

    Args:
        answers: int64[repeats, n].
        labels: int64[n].

    Returns:
        bool[repeats, n].
    """
    return answers == labels


def score(held: Flags, groups: Ints, *, confidence: float = CONFIDENCE) -> Score:
    """A share and its interval: Wilson's, for as many texts as the groups are worth.

    How many that is follows from how much the groups differ: all texts where a group's answers are as independent as
    those of other groups, the number of groups where they always agree, or where nothing differs at all. Wilson's
    interval is never of width 0, not even at 0 and 100 %.

    Args:
        held: bool[repeats, texts], such as :func:`right` returns.
        groups: int64[texts], which texts belong together.
        confidence: of the interval, a share.
    """
    per_text = held.mean(axis=0)
    value, texts = float(per_text.mean()), len(per_text)
    sums, sizes = _by_group(per_text, groups)
    many = len(sums)
    fewer = (1 - 1 / texts) / max(1 - 1 / many, 0.5)  # the spread of a few groups is larger than theirs shows
    spread = float(((sums - value * sizes) ** 2).sum()) * fewer / texts**2
    worth = float(many)
    if 0 < value < 1:
        worth = min(value * (1 - value) / spread, texts) if spread else float(texts)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = value + z**2 / (2 * worth)
    half = z * np.sqrt(value * (1 - value) / worth + (z / (2 * worth)) ** 2)
    low, high = ((middle + side * half) / (1 + z**2 / worth) for side in (-1, 1))
    # at 0 and 1 the end is exact; only rounding says otherwise
    return Score(value, float(max(low, 0) if value else 0), float(min(high, 1) if value < 1 else 1), texts)


def gain(held: Flags, other: Flags, groups: Ints, *, seed: int = 0, confidence: float = CONFIDENCE) -> Score:
    """How much larger one share is than another of the same texts, by drawing groups of texts anew (bootstrap).

    One group more is counted in that each side wins: without them two answers that agree on few texts would agree on
    all others for sure.

    Args:
        held: bool[repeats, texts].
        other: bool[repeats, texts], of the same texts in the same order.
        groups: int64[texts], which texts belong together.
        seed: of the drawing.
        confidence: of the interval, a share; where several are looked at, each must be surer than all together.

    Raises:
        ValueError: the numbers of texts differ.
    """
    if held.shape[1] != other.shape[1]:
        raise ValueError(f"{held.shape[1]} and {other.shape[1]} texts cannot be paired: give the same ones twice.")
    per_text = held.mean(axis=0) - other.mean(axis=0)
    sums, sizes = _by_group(per_text, groups)
    usual = float(sizes.mean())
    pairs = np.column_stack([[*sums, usual, -usual], [*sizes, usual, usual]])
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)  # so many of each are drawn, not one by one
    dice, many = np.random.default_rng(seed), len(pairs)
    step = max(1, AT_ONCE // len(kinds))
    means = []
    for start in range(0, DRAWS, step):
        drawn = dice.multinomial(many, counts / many, min(step, DRAWS - start)) @ kinds  # float64[draws, 2]
        means.append(drawn[:, 0] / drawn[:, 1])
    low, high = np.quantile(np.concatenate(means), [(1 - confidence) / 2, (1 + confidence) / 2])
    value = float(per_text.mean())
    return Score(value, min(float(low), value), max(float(high), value), len(per_text))


def _by_group(per_text: Doubles, groups: Ints) -> tuple[Doubles, Doubles]:
    """float64[groups] twice: the sum of each group's texts, and their number."""
    _, which = np.unique(groups, return_inverse=True)
    return np.bincount(which, weights=per_text).astype(np.float64), np.bincount(which).astype(np.float64)


def dealt(labels: Ints, groups: Ints, *, seed: int = 0) -> Ints:
    """The labels at random: those of a whole group go to another one as large, in any order within it.

    So copies have one label still, and opposites two: were the labels dealt out text by text, they would tell copies
    apart, and would no longer be like the true ones in all but what the texts say.

    Args:
        labels: int64[texts].
        groups: int64[texts], which texts belong together.
        seed: of the dealing.

    Returns:
        int64[texts].
    """
    dice = np.random.default_rng(seed)
    _, which, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    texts = np.argsort(which, kind="stable")  # int64[texts], group by group
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    shuffled = np.empty_like(labels)
    for size in np.unique(sizes):
        rows = texts[starts[sizes == size][:, None] + np.arange(size)]  # int64[groups, size]
        shuffled[rows] = dice.permuted(labels[rows][dice.permutation(len(rows))], axis=1)
    return shuffled


@dataclass(frozen=True)
class Control:
    """What the same learning makes of labels that were dealt out at random, several times.

    Attributes:
        low: the smallest share of right answers.
        high: the largest.
        deals: how often they were dealt out.
    """

    low: float
    high: float
    deals: int


def control(vectors: Floats | Doubles, labels: Ints, groups: Ints, *, deals: int = DEALS, seed: int = 1) -> Control:
    """What the same learning makes of labels that were dealt out at random: it should be about the larger class.

    Args:
        vectors: float[texts, hidden].
        labels: int64[texts], 0 or 1; dealt out here.
        groups: int64[texts], which texts belong together.
        deals: how often.
        seed: of the first dealing.

    Source:
        A simpler control than that of hewitt2019, where each word has a random label of its own, wherever it stands.
    """
    shares = []
    for deal in range(deals):
        given = dealt(labels, groups, seed=seed + deal)
        shares.append(float(right(probe(vectors, given, groups, repeats=1).answers(vectors), given).mean()))
    return Control(min(shares), max(shares), deals)
