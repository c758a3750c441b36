"""What training is held against: what can be read off the frozen model's vectors, and the plane they are mapped on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.measures.classifier import softmax
from lib.measures.solver import learned as fitted
from lib.measures.vectors import Doubles, Flags
from lib.reading import Encoding, Floats, Ints
from lib.tuning import Through, Tuned, weights

NEVER = -1e4  # bias of a class that none of the texts learned from has


@dataclass(frozen=True, eq=False)
class Ground:
    """The frozen model's vectors of one kind, as the texts learned from show them; nothing of it was chosen by others.

    Attributes:
        right: bool[asked], which of the texts kept back a logistic regression on the frozen vectors tells right.
        weights: float64[classes, hidden], of that regression.
        biases: float64[classes].
        origin: float64[hidden], the mean of the texts learned from.
        axes: float64[2, hidden], of length 1 and at right angles: the plane of the classes' means, or with two classes
            the line through them and, beside it, the way in which the texts differ most.
    """

    right: Flags
    weights: Doubles
    biases: Doubles
    origin: Doubles
    axes: Doubles

    def places(self, vectors: Floats) -> Doubles:
        """Where vectors stand on the plane.

        Args:
            vectors: float32[n, hidden].

        Returns:
            float64[n, 2].
        """
        return (vectors - self.origin) @ self.axes.T

    def probabilities(self, vectors: Floats) -> Doubles:
        """What the regression says of frozen vectors.

        Args:
            vectors: float32[n, hidden].

        Returns:
            float64[n, classes], rows add up to 1.
        """
        return softmax(vectors.astype(np.float64) @ self.weights.T + self.biases)


@dataclass(frozen=True, eq=False)
class Frozen:
    """What the frozen model's vectors give.

    Attributes:
        cls: its first token.
        mean: its mean.
    """

    cls: Ground
    mean: Ground

    def of(self, through: Through) -> Ground:
        """What a training through a vector is held against; the first token's for any other position."""
        return self.mean if through == "mean" else self.cls

    @property
    def right(self) -> tuple[Flags, Flags]:
        """bool[asked] twice, what the first token and the mean tell right."""
        return self.cls.right, self.mean.right


def trained_probabilities(tuned: Tuned, encoding: Encoding, last: Floats) -> Doubles:
    """What the trained classifier says of texts that the trained model has read.

    Args:
        tuned: the training, done.
        encoding: of the texts.
        last: float32[batch, tokens, hidden], their last hidden states.

    Returns:
        float64[batch, classes], rows add up to 1.
    """
    share = weights(encoding, tuned.recipe.through, tuned.recipe.place)  # float32[batch, tokens]
    return softmax(tuned.scores(np.einsum("bt,bth->bh", share, last)))


def ground(vectors: Floats, labels: Ints, learned: Ints, asked: Ints) -> Ground:
    """What a training has to beat, and the map that shows it.

    Args:
        vectors: float32[texts, hidden], of the frozen model.
        labels: int64[texts], classes from 0.
        learned: int64[learned], the texts learned from.
        asked: int64[asked], the texts kept back.
    """
    present, ranks = np.unique(labels[learned], return_inverse=True)  # it knows only the classes that it has seen
    classes = int(labels.max()) + 1
    weights, biases = np.zeros((classes, vectors.shape[1])), np.full(classes, NEVER)
    if len(present) > 1:
        found = fitted(vectors[learned], ranks)
        two = len(present) == 2  # then it has one row, for the second
        weights[present] = [np.zeros_like(found.coef_[0]), found.coef_[0]] if two else found.coef_
        biases[present] = [0, found.intercept_[0]] if two else found.intercept_
    else:
        biases[present] = 0
    scores = vectors[asked].astype(np.float64) @ weights.T + biases
    origin, axes = _plane(vectors[learned].astype(np.float64), labels[learned])
    return Ground(scores.argmax(axis=1) == labels[asked], weights, biases, origin, axes)


def _plane(vectors: Doubles, labels: Ints) -> tuple[Doubles, Doubles]:
    origin = vectors.mean(axis=0)
    means = np.stack([vectors[labels == each].mean(axis=0) for each in np.unique(labels)])
    between = _directions(means - means.mean(axis=0))[: min(2, len(means) - 1)]
    if len(means) == 2:
        between *= np.sign((means[1] - means[0]) @ between[0])  # the second class to the right
    rest = vectors - origin
    rest -= rest @ between.T @ between
    return origin, np.concatenate([between, _directions(rest)])[:2]


def _directions(vectors: Doubles) -> Doubles:
    """float64[directions, hidden], of length 1, the one in which the vectors differ most first."""
    found: Doubles = np.linalg.svd(vectors, full_matrices=False)[2]
    if len(found) < 2:  # one vector differs in no direction
        found = np.concatenate([found, np.eye(vectors.shape[1])[: 2 - len(found)]])
    return found


def apart(vectors: Floats | Doubles, labels: Ints) -> float:
    """The share of the vectors' spread that lies between classes: 0 where their means agree, 1 where each is a point.

    Args:
        vectors: float[n, hidden].
        labels: int64[n].
    """
    rest = vectors - vectors.mean(axis=0, dtype=np.float64)
    whole = float((rest**2).sum())
    parts = [rest[labels == each] for each in np.unique(labels)]
    between = sum(len(part) * float((part.mean(axis=0) ** 2).sum()) for part in parts)
    return between / whole if whole else 0.0
