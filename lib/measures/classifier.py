"""The article's last step: a logistic regression on one vector a text, and which vector it does best on.

Labels of any number of classes. The first part is what most people run (one split, no standardising); the second puts
every layer and place to the same test, with the same folds for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.measures.probe import PENALTY, Score, score
from lib.measures.solver import learned
from lib.measures.vectors import Doubles, Flags
from lib.reading import Floats, Ints

TEST_SHARE = 0.25  # as scikit-learn's train_test_split has it, and the article
FOLDS = 5
CURVES = 5  # drawings at each size of a learning curve
STILL = 1e-6  # spread of a unit that never changes, but for rounding
LEAST = 40  # labels; below that an interval covers nearly everything
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
        chances: float64[texts, classes], the probability of each class, of learned texts too.
    """

    weights: Doubles
    biases: Doubles
    train: Ints
    test: Ints
    labels: Ints
    chances: Doubles

    def probabilities(self, vectors: Floats | Doubles) -> Doubles:
        """The probability of each class for other vectors: softmax(W v + b).

        Args:
            vectors: float[n, hidden].

        Returns:
            float64[n, classes], rows add up to 1.
        """
        return softmax(vectors.astype(np.float64) @ self.weights.T + self.biases)

    @property
    def said(self) -> Ints:
        """int64[texts], the likeliest class of each text."""
        return self.chances.argmax(axis=1)

    @property
    def accuracy(self) -> Score:
        """The share of the texts kept back that is right, with its 95 % interval."""
        return score((self.said == self.labels)[None, self.test])

    @property
    def majority(self) -> float:
        """What the largest class of the texts learned from gives on the texts kept back."""
        largest = np.bincount(self.labels[self.train]).argmax()
        return float((self.labels[self.test] == largest).mean())

    @property
    def confusion(self) -> Ints:
        """int64[classes, classes], texts kept back by their true class (rows) and what was said (columns)."""
        classes = self.chances.shape[1]
        found = np.zeros((classes, classes), np.int64)
        np.add.at(found, (self.labels[self.test], self.said[self.test]), 1)
        return found

    @property
    def mistakes(self) -> Ints:
        """int64[mistakes], the texts kept back that were got wrong, the most confident first."""
        wrong = self.test[self.said[self.test] != self.labels[self.test]]
        return wrong[np.argsort(-self.chances[wrong].max(axis=1), kind="stable")]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(each.nbytes for each in (self.weights, self.chances, self.labels, self.train, self.test))


def softmax(scores: Doubles) -> Doubles:
    """Probabilities of classes from their scores; one column of scores is that of the second class, against 0.

    Args:
        scores: float64[n, classes].

    Returns:
        float64[n, classes], rows add up to 1; two classes for one column.
    """
    if scores.shape[1] == 1:
        scores = np.concatenate([np.zeros_like(scores), scores], axis=1)
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def split(labels: Ints, *, seed: int = 0) -> tuple[Ints, Ints]:
    """A quarter of the texts kept back, as in the article; unlike there, of every class its share.

    Args:
        labels: int64[texts].
        seed: of the split.

    Returns:
        int64[train] and int64[test], the texts to learn from and those kept back.

    Raises:
        ValueError: too few texts to keep one of each class back.

    Source:
        alammar2019
    """
    from sklearn.model_selection import train_test_split

    classes, rows = int(labels.max()) + 1, np.arange(len(labels))
    if round(len(labels) * TEST_SHARE) < classes:
        raise ValueError(
            f"**Too few texts to split.** A quarter of {len(labels)} is kept back, which is fewer than the {classes} "
            "classes. Add some texts."
        )
    train, test = train_test_split(rows, test_size=TEST_SHARE, random_state=seed, stratify=labels)
    return train, test


def fitted(
    vectors: Floats, labels: Ints, train: Ints, test: Ints, *, check: Callable[[], None] | None = None
) -> Classifier:
    """A logistic regression with scikit-learn's own defaults, as in the article.

    Args:
        vectors: float32[texts, hidden].
        labels: int64[texts].
        train: int64[train], the texts to learn from; of every class at least one.
        test: int64[test], the texts kept back.
        check: called before each round of the solver; what it raises ends the learning.

    Source:
        alammar2019
    """
    found = learned(vectors[train], labels[train], check=check)
    weights, biases = found.coef_.astype(np.float64), found.intercept_.astype(np.float64)
    made = Classifier(weights, biases, train, test, labels, np.empty((0, len(found.classes_))))
    return Classifier(weights, biases, train, test, labels, made.probabilities(vectors))


def classifier(
    vectors: Floats, labels: Ints, *, seed: int = 0, check: Callable[[], None] | None = None
) -> Classifier:
    """Splits, learns, and asks.

    Args:
        vectors: float32[texts, hidden].
        labels: int64[texts].
        seed: of the split.
        check: called before each round of the solver; what it raises ends the learning.

    Raises:
        ValueError: too few texts to keep one of each class back.
    """
    train, test = split(labels, seed=seed)
    return fitted(vectors, labels, train, test, check=check)


@dataclass(frozen=True, eq=False)
class Compared:
    """Every way at every layer, put to the same test.

    Attributes:
        raw: bool[ways, layers+1, texts], which texts are right, each said by a reader that never saw it.
        scaled: bool[ways, layers+1, texts], the same where each unit was standardised on the texts learned from.
        shuffled: bool[ways, texts], the last layer's answers where the labels had been dealt out at random.
        majority: what naming the largest class gives.
        sizes: int64[sizes], texts that the learning curves learned from.
        curves: float64[ways, sizes, ``CURVES``], right answers on texts kept back, last layer, standardised; nan where
            a drawing had one class only.
    """

    raw: Flags
    scaled: Flags
    shuffled: Flags
    majority: float
    sizes: Ints
    curves: Doubles

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.raw.nbytes + self.scaled.nbytes + self.shuffled.nbytes + self.curves.nbytes

    @property
    def texts(self) -> int:
        """Texts that were asked about."""
        return self.raw.shape[2]


def too_few(labels: Ints) -> str:
    """Why so many labels tell nothing, a kind sentence; "" where they tell something.

    Args:
        labels: int64[texts].
    """
    fewest = int(np.bincount(labels)[np.unique(labels)].min())
    if len(labels) >= LEAST and fewest >= FOLDS:
        return ""
    return (
        f"**Cannot tell.** {len(labels)} labels, {fewest} in the smallest class: below {LEAST}, or {FOLDS} in a class, "
        "an interval covers nearly everything."
    )


def compared(
    grid: Floats,
    labels: Ints,
    *,
    progress: Callable[[int, int], None] | None = None,
    seed: int = 0,
    check: Callable[[], None] | None = None,
) -> Compared:
    """Cross-validation of every way at every layer, the same folds for all.

    Args:
        grid: float32[ways, layers+1, texts, hidden].
        labels: int64[texts].
        progress: called with what is done and all of it.
        seed: of the folds, the shuffling and the curves.
        check: called before each round of the solver; what it raises ends the comparison.

    Raises:
        ValueError: fewer than ``LEAST`` texts, or too few of a class for the folds.

    Source:
        conneau2018, on testing sentence vectors by what can be learned from them. Shuffled labels are a simpler control
        than that of hewitt2019, where each word has a random label of its own, wherever it stands.
    """
    from sklearn.model_selection import StratifiedKFold

    ways, layers, texts, _ = grid.shape
    if cannot := too_few(labels):
        raise ValueError(cannot)
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(np.zeros(texts), labels))
    dealt = np.random.default_rng(seed).permutation(labels)
    sizes = np.array([size for size in SIZES if size <= texts * (1 - TEST_SHARE)])
    orders = [np.random.default_rng(seed + 1 + draw).permutation(texts) for draw in range(CURVES)]
    keep = round(texts * TEST_SHARE)

    raw, scaled = (np.empty((ways, layers, texts), np.bool_) for _ in range(2))
    shuffled = np.empty((ways, texts), np.bool_)
    curves = np.full((ways, len(sizes), CURVES), np.nan)
    done, of = 0, ways * layers
    for way in range(ways):
        for layer in range(layers):
            vectors = grid[way, layer]
            for seen, kept_back in folds:
                for answers, scale in ((raw, False), (scaled, True)):
                    right = _right(vectors, labels, seen, kept_back, scale=scale, check=check)
                    answers[way, layer, kept_back] = right
                if layer == layers - 1:
                    shuffled[way, kept_back] = _right(vectors, dealt, seen, kept_back, scale=True, check=check)
            done += 1
            if progress:
                progress(done, of)
        for k, size in enumerate(sizes):
            for draw, order in enumerate(orders):
                some, rest = order[keep : keep + size], order[:keep]
                if len(np.unique(labels[some])) > 1:
                    curves[way, k, draw] = _right(grid[way, -1], labels, some, rest, scale=True, check=check).mean()
    majority = float(np.bincount(labels).max() / texts)
    return Compared(raw, scaled, shuffled, majority, sizes, curves)


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
