"""The article's last step: a logistic regression on one vector a text, and which vector it does best on.

Labels of any number of classes. The first part is what most people run (one split, no standardising); the second puts
every layer and place to the same test, with the same folds for all of them. Texts that belong together (the opposites
of a pair, a text and its copies) are never split between learning and asking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lib.exhibit import Column
from lib.measures.classifier import QUARTERS, softmax, splits
from lib.measures.probe import CONFIDENCE, PENALTY, Score, dealt, folds, gain, score
from lib.measures.solver import learned
from lib.measures.vectors import Doubles, Flags
from lib.reading import Floats, Ints
from lib.tables import Labelled

FOLDS = 5
DEALS = 19  # of labels at random: true ones that beat them all do so by chance once in 20 (a permutation test)
CURVES = 5  # drawings at each size of a learning curve
STILL = 1e-6  # spread of a unit that never changes, but for rounding
LEAST = 40  # labelled texts, copies left out; below that an interval covers nearly everything
SIZES = (20, 40, 80, 160, 320, 640, 1280)  # texts that a learning curve learns from


@dataclass(frozen=True, eq=False)
class Classifier:
    """A logistic regression, and what it says of texts that it has not learned from.

    Attributes:
        weights: float64[classes, hidden]; two classes have one row, for the second.
        biases: float64[classes]; two classes have one.
        train: int64[train], the texts that it learned from.
        test: int64[test], the texts kept back.
        labels: int64[texts], the true classes.
        groups: int64[texts], which texts belong together.
        probabilities: float64[texts, classes], the probability of each class, of learned texts too.
        quarters: shares of right answers where one quarter after the other is kept back, this one first.
    """

    weights: Doubles
    biases: Doubles
    train: Ints
    test: Ints
    labels: Ints
    groups: Ints
    probabilities: Doubles
    quarters: tuple[float, ...]

    def predict_proba(self, vectors: Floats | Doubles) -> Doubles:
        """The probability of each class for other vectors: softmax(W v + b).

        Args:
            vectors: float[n, hidden].

        Returns:
            float64[n, classes], rows add up to 1.
        """
        return softmax(vectors.astype(np.float64) @ self.weights.T + self.biases)

    @property
    def predicted(self) -> Ints:
        """int64[texts], the likeliest class of each text."""
        return self.probabilities.argmax(axis=1)

    @property
    def accuracy(self) -> Score:
        """The share of the texts kept back that is right, with its 95 % interval."""
        return score((self.predicted == self.labels)[None, self.test], self.groups[self.test])

    @property
    def majority(self) -> float:
        """What the largest class of the texts learned from gives on the texts kept back."""
        largest = np.bincount(self.labels[self.train]).argmax()
        return float((self.labels[self.test] == largest).mean())

    @property
    def confusion(self) -> Ints:
        """int64[classes, classes], texts kept back by their true class (rows) and what was said (columns)."""
        classes = self.probabilities.shape[1]
        found = np.zeros((classes, classes), np.int64)
        np.add.at(found, (self.labels[self.test], self.predicted[self.test]), 1)
        return found

    @property
    def mistakes(self) -> Ints:
        """int64[mistakes], the texts kept back that were got wrong, the most confident first."""
        wrong = self.test[self.predicted[self.test] != self.labels[self.test]]
        return wrong[np.argsort(-self.probabilities[wrong].max(axis=1), kind="stable")]


def classifier(
    vectors: Floats, labels: Ints, groups: Ints, *, seed: int = 0, check: Callable[[], None] | None = None
) -> Classifier:
    """A logistic regression with scikit-learn's own defaults, as in the article: splits, learns, and asks.

    Args:
        vectors: float32[texts, hidden].
        labels: int64[texts].
        groups: int64[texts], which texts belong together.
        seed: of the split.
        check: called before each round of the solver; what it raises ends the learning.

    Raises:
        ValueError: too few texts to keep one of each class back.

    Source:
        alammar2019
    """
    (train, test), *others = splits(labels, groups, seed=seed)
    found = learned(vectors[train], labels[train], check=check)
    weights, biases = found.coef_.astype(np.float64), found.intercept_.astype(np.float64)
    probabilities = softmax(vectors.astype(np.float64) @ weights.T + biases)
    quarters = [float((probabilities[test].argmax(axis=1) == labels[test]).mean())]
    quarters += [float(_right(vectors, labels, *each, scale=False, check=check).mean()) for each in others]
    return Classifier(weights, biases, train, test, labels, groups, probabilities, tuple(quarters))


def predictions(fitted: Classifier, data: Labelled) -> dict[str, Column]:
    """Every text with its label, whether it was learned from, and what the classifier says with its probability.

    Args:
        fitted: a classifier.
        data: what it learned from and was asked about.
    """
    kept_back = np.isin(np.arange(len(data.texts)), fitted.test)
    return {
        "text": data.texts,
        "label": [data.classes[label] for label in data.labels],
        "part": ["kept back" if each else "learned from" for each in kept_back],
        "said": [data.classes[label] for label in fitted.predicted],
        "probability": fitted.probabilities.max(axis=1).round(6),
    }


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Every way at every layer, put to the same test.

    Attributes:
        raw: bool[ways, layers+1, texts], which texts are right, each said by a reader that never saw it.
        scaled: bool[ways, layers+1, texts], the same where each unit was standardised on the texts learned from.
        shuffled: float64[``DEALS``], right answers by the first token of the last layer, standardised, each time that
            the labels had been dealt out at random.
        majority: what naming the largest class gives.
        sizes: int64[sizes], texts that the learning curves learned from.
        curves: float64[ways, sizes, ``CURVES``], right answers on texts kept back, last layer, standardised; nan where
            a drawing had one class only.
        groups: int64[texts], which texts belong together.
    """

    raw: Flags
    scaled: Flags
    shuffled: Doubles
    majority: float
    sizes: Ints
    curves: Doubles
    groups: Ints

    @property
    def texts(self) -> int:
        """Texts that were asked about."""
        return self.raw.shape[2]

    def rivals(self, *, scaled: bool) -> Sequence[Score]:
        """How much better than the first token each other way is in the last layer, all of them looked at.

        Args:
            scaled: whether every dimension was standardised.
        """
        return self._rivals[scaled]

    @cached_property
    def _rivals(self) -> tuple[Sequence[Score], Sequence[Score]]:
        """Drawn once: a page asks in several sentences and in a picture."""
        raw, scaled = (
            [gain(way[None], held[0, -1][None], self.groups, confidence=surely(len(held) - 1)) for way in held[1:, -1]]
            for held in (self.raw, self.scaled)
        )
        return raw, scaled


def surely(rivals: int) -> float:
    """How sure each interval must be so that all together are as sure as one usually is (Bonferroni), a share."""
    return 1 - (1 - CONFIDENCE) / rivals


def too_few(labels: Ints, groups: Ints) -> str:
    """Why so many labels tell nothing, a kind sentence; "" where they tell something.

    Args:
        labels: int64[texts].
        groups: int64[texts], which texts belong together.
    """
    many = len(np.unique(groups))
    fewest = min(len(np.unique(groups[labels == each])) for each in np.unique(labels))
    if many >= LEAST and fewest >= FOLDS and len(folds(labels, groups, FOLDS)) == FOLDS:
        return ""
    return (
        f"**Cannot tell.** {many} different texts with labels, {fewest} in the smallest class: below {LEAST}, or "
        f"{FOLDS} in a class, an interval covers nearly everything."
    )


def compared(
    grid: Floats,
    labels: Ints,
    groups: Ints,
    *,
    progress: Callable[[int, int], None] | None = None,
    seed: int = 0,
    check: Callable[[], None] | None = None,
) -> CrossValidation:
    """Cross-validation of every way at every layer, the same folds for all.

    Args:
        grid: float32[ways, layers+1, texts, hidden].
        labels: int64[texts].
        groups: int64[texts], which texts belong together.
        progress: called with what is done and all of it.
        seed: of the folds, the shuffling and the curves.
        check: called before each round of the solver; what it raises ends the comparison.

    Raises:
        ValueError: fewer than ``LEAST`` texts, or too few of a class for the folds.

    Source:
        conneau2018, on testing sentence vectors by what can be learned from them. Shuffled labels are a simpler control
        than that of hewitt2019, where each word has a random label of its own, wherever it stands.
    """
    ways, layers, texts, _ = grid.shape
    if cannot := too_few(labels, groups):
        raise ValueError(cannot)
    parts = folds(labels, groups, FOLDS, seed=seed)
    drawn = [_drawn(groups, seed + 1 + draw) for draw in range(CURVES)]
    least = min(len(some) for some, _ in drawn)
    sizes = np.array([size for size in SIZES if size <= least])

    raw, scaled = (np.empty((ways, layers, texts), np.bool_) for _ in range(2))
    curves = np.full((ways, len(sizes), CURVES), np.nan)
    done, of = 0, ways * layers
    for way in range(ways):
        for layer in range(layers):
            vectors = grid[way, layer]
            for seen, kept_back in parts:
                for answers, scale in ((raw, False), (scaled, True)):
                    right = _right(vectors, labels, seen, kept_back, scale=scale, check=check)
                    answers[way, layer, kept_back] = right
            done += 1
            if progress:
                progress(done, of)
        for k, size in enumerate(sizes):
            for draw, (some, rest) in enumerate(drawn):
                if len(np.unique(labels[some[:size]])) > 1:
                    right = _right(grid[way, -1], labels, some[:size], rest, scale=True, check=check)
                    curves[way, k, draw] = right.mean()
    shuffled = np.array([_by_chance(grid[0, -1], labels, groups, seed + deal, check) for deal in range(DEALS)])
    majority = float(np.bincount(labels).max() / texts)
    return CrossValidation(raw, scaled, shuffled, majority, sizes, curves, groups)


def _by_chance(vectors: Floats, labels: Ints, groups: Ints, seed: int, check: Callable[[], None] | None) -> float:
    """The share of right answers, each by a reader that never saw the text, of labels dealt out at random."""
    given = dealt(labels, groups, seed=seed)
    right = [
        _right(vectors, given, seen, kept_back, scale=True, check=check)
        for seen, kept_back in folds(given, groups, FOLDS, seed=seed)
    ]
    return float(np.concatenate(right).mean())


def _drawn(groups: Ints, seed: int) -> tuple[Ints, Ints]:
    """The texts at random, group by group: int64[some] to learn from, and int64[rest], about a quarter, kept back."""
    _, which = np.unique(groups, return_inverse=True)
    places = np.random.default_rng(seed).permutation(which.max() + 1)[which]  # int64[texts], of each text's group
    order = np.argsort(places, kind="stable")
    begins = np.flatnonzero(np.diff(places[order])) + 1  # a cut elsewhere would go through a group
    keep = begins[np.abs(begins - len(groups) / QUARTERS).argmin()]
    return order[keep:], order[:keep]


def _right(
    vectors: Floats, labels: Ints, seen: Ints, kept_back: Ints, *, scale: bool, check: Callable[[], None] | None
) -> NDArray[np.bool_]:
    """bool[kept_back], which of them a reader that learned from the others gets right."""
    learn, ask = vectors[seen], vectors[kept_back]
    if scale:
        middle, spread = learn.mean(axis=0), learn.std(axis=0)
        spread[spread < STILL] = 1  # what never changes says nothing; the first token's layer 0 is all of that
        learn, ask = (learn - middle) / spread, (ask - middle) / spread
    found = learned(learn, labels[seen], penalty=PENALTY if scale else 1.0, check=check)
    return found.predict(ask) == labels[kept_back]
