"""A probe: what the simplest reader can tell from vectors, measured on texts that it has not learned from.

Logistic regression on standardised numbers. How well it does says what can be read off, not what the model itself uses;
it is worth something only beside the larger class and beside labels dealt out at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.measures.solver import learned
from lib.measures.vectors import Doubles, Flags
from lib.reading import Floats, Ints

FOLDS, REPEATS = 5, 2
PENALTY = 0.01  # scikit-learn's C: few texts for many numbers want a strong one
DRAWS = 20_000  # of the bootstrap
CONFIDENCE = 0.95


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

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.weights.nbytes + self.biases.nbytes + self.unseen.nbytes

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
    """A share of texts, with the interval in which it would fall for other texts of the kind.

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


def probe(
    vectors: Floats | Doubles, labels: Ints, *, folds: int = FOLDS, repeats: int = REPEATS, seed: int = 0
) -> Probe:
    """Learns readers by repeated stratified cross-validation.

    Args:
        vectors: float[texts, hidden].
        labels: int64[texts], 0 or 1.
        folds: parts that the texts are dealt out to, each of which one reader does not see.
        repeats: how often they are dealt out anew.
        seed: of the dealing.

    Raises:
        ValueError: another number of labels than of vectors, or fewer than ``folds`` texts of a class.

    Source:
        conneau2018, on testing sentence vectors by what can be learned from them.
    """
    if len(labels) != len(vectors):
        raise ValueError(f"{len(vectors)} vectors, but {len(labels)} labels: give one for each.")
    fewest = int(np.bincount(labels, minlength=2).min())
    if fewest < folds:
        raise ValueError(f"{fewest} texts of a class are too few for {folds} parts: give at least {folds} of each.")
    from sklearn.model_selection import RepeatedStratifiedKFold
    from sklearn.preprocessing import StandardScaler

    wide = vectors.astype(np.float64)
    dealt = RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=seed)
    weights, biases = [], []
    unseen = np.empty((repeats, len(labels)), np.int64)
    for reader, (seen, kept_back) in enumerate(dealt.split(wide, labels)):
        scaler = StandardScaler().fit(wide[seen])
        found = learned(scaler.transform(wide[seen]), labels[seen], penalty=PENALTY)
        weights.append(found.coef_[0] / scaler.scale_)
        biases.append(found.intercept_[0] - weights[-1] @ scaler.mean_)
        unseen[reader // folds, kept_back] = reader
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


def score(held: Flags, *, seed: int = 0) -> Score:
    """A share and its 95 % interval, by drawing texts anew (bootstrap).

    Args:
        held: bool[repeats, texts], such as :func:`right` returns.
        seed: of the drawing.
    """
    return _interval(held.mean(axis=0), seed)


def gain(held: Flags, other: Flags, *, seed: int = 0, confidence: float = CONFIDENCE) -> Score:
    """How much larger one share is than another of the same texts, by drawing both texts' results together.

    Args:
        held: bool[repeats, texts].
        other: bool[repeats, texts], of the same texts in the same order.
        seed: of the drawing.
        confidence: of the interval, a share; where several are looked at, each must be surer than all together.

    Raises:
        ValueError: the numbers of texts differ.
    """
    if held.shape[1] != other.shape[1]:
        raise ValueError(f"{held.shape[1]} and {other.shape[1]} texts cannot be paired: give the same ones twice.")
    return _interval(held.mean(axis=0) - other.mean(axis=0), seed, confidence)


def _interval(per_text: Doubles, seed: int, confidence: float = CONFIDENCE) -> Score:
    values, counts = np.unique(per_text, return_counts=True)  # few: so many texts of each are drawn, not one by one
    drawn = np.random.default_rng(seed).multinomial(len(per_text), counts / len(per_text), DRAWS)
    means = drawn @ values / len(per_text)
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Score(float(per_text.mean()), float(low), float(high), len(per_text))


def control(vectors: Floats | Doubles, labels: Ints, *, seed: int = 1) -> Score:
    """What the same learning makes of labels that were dealt out at random: it should be about the larger class.

    Args:
        vectors: float[texts, hidden].
        labels: int64[texts], 0 or 1; shuffled here.
        seed: of the shuffling.

    Source:
        A simpler control than that of hewitt2019, where each word has a random label of its own, wherever it stands.
    """
    shuffled = np.random.default_rng(seed).permutation(labels)
    return score(right(probe(vectors, shuffled).answers(vectors), shuffled))
