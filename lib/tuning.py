"""What training a model for a task is asked for (:class:`Recipe`), and what comes of it (:class:`Tuned`).

Trained are the top blocks and a linear layer on one vector a text. Everything below stays as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lib.pooling import POOLINGS
from lib.reading import Encoding, Floats, Ints

Through = Literal["cls", "mean", "place"]

# what may be asked for
EPOCHS = (1, 2, 3, 5, 8)
RATES = (3e-5, 1e-4, 3e-4, 1e-3)
BATCHES = (8, 16, 32)
TEXTS = (50, 100, 200, 300, 500, 1000, 2000)  # learned from
PLACES = 32  # positions to choose from
SEEDS = 10
MOST_TOKENS = 128  # of a text; what is longer is cut
HELD_OUT = 500  # texts that are asked about, at most
SHOWN = 200  # of them whose vectors are kept
RECENT = 8  # steps by which it is told how long the others will take

READ = ("itself", "other special tokens", "words")  # what a first token's reading is split into


@dataclass(frozen=True)
class Recipe:
    """One training, to the last choice; the same recipe on the same texts gives the same weights.

    Attributes:
        slug: of the model that is trained.
        through: which vector goes into the classifier: the first token's, the mean of all real tokens, or the one at
            ``place``.
        place: the position for "place", from 0; a text that is shorter gives its last token.
        top: blocks trained, counted from the last.
        epochs: times that every text is learned from.
        rate: the largest learning rate, after the warm-up.
        batch: texts a step.
        texts: learned from, at most.
        seed: of the order of the texts, and of which are taken where there are more.
    """

    slug: str
    through: Through = "cls"
    place: int = 0
    top: int = 1
    epochs: int = 3
    rate: float = 3e-4
    batch: int = 16
    texts: int = 300
    seed: int = 0

    def named(self, data: str) -> str:
        """A short name of this recipe on some texts, the same for everybody who does the same.

        Args:
            data: what stands for the texts and their labels, the same for the same.
        """
        return hashlib.sha256(repr((data, *astuple(self))).encode()).hexdigest()[:12]


@dataclass(frozen=True, eq=False)
class Task:
    """Labelled texts, and which of them are learned from and which only asked about.

    Attributes:
        texts: as given.
        labels: int64[texts], classes from 0.
        classes: names of the classes.
        train: int64[train], texts that may be learned from.
        test: int64[test], texts kept back.
    """

    texts: tuple[str, ...]
    labels: Ints
    classes: tuple[str, ...]
    train: Ints
    test: Ints


@dataclass(frozen=True, eq=False)
class Moment:
    """The model after so many steps, as the texts kept back show it.

    Attributes:
        step: steps made; 0 is before the first.
        loss: cross-entropy of the texts kept back, in nats a text.
        right: bool[test], which of them are told right.
        cls: float32[shown, hidden], the first token's last vector of the first of them.
        mean: float32[shown, hidden], the mean of all real tokens of the same.
        attends_to: float32[layers, 3], what it attends to in each layer, split as in ``READ``; mean over heads and
            these texts.
    """

    step: int
    loss: float
    right: NDArray[np.bool_]
    cls: Floats
    mean: Floats
    attends_to: Floats


@dataclass(frozen=True, eq=False)
class Tuned:
    """A training as far as it has come; the weights are there when it is done.

    Attributes:
        recipe: what was asked for.
        learned: int64[texts], the texts learned from.
        asked: int64[test], the texts kept back that are asked about.
        steps: that the training has in all.
        losses: float64[steps made], cross-entropy of each step's batch before the step, in nats a text.
        moments: before the first step, and after so many.
        cut: texts that are longer than ``MOST_TOKENS`` or the model takes.
        weights: name in the model -> float32[its own shape], the weights that were changed; empty until it is done.
        head: float32[classes, hidden + 1], the classifier: weights, and the bias in the last column.
    """

    recipe: Recipe
    learned: Ints
    asked: Ints
    steps: int
    losses: NDArray[np.float64]
    moments: tuple[Moment, ...]
    cut: int
    weights: Mapping[str, Floats]
    head: Floats

    def scores(self, vectors: Floats) -> NDArray[np.float64]:
        """What the classifier gives each class, before the softmax.

        Args:
            vectors: float32[n, hidden], of the kind that it was trained on.

        Returns:
            float64[n, classes].
        """
        return vectors.astype(np.float64) @ self.head[:, :-1].T + self.head[:, -1]

    @property
    def done(self) -> bool:
        """Whether all steps were made, and the weights are there."""
        return bool(self.weights)


def weights(encoding: Encoding, through: Through, place: int) -> Floats:
    """The weight of each token's last vector in the one that goes into the classifier.

    Args:
        encoding: of some texts.
        through: which vector it is.
        place: the position for "place"; a text that is shorter gives its last token.

    Returns:
        float32[batch, tokens], rows add up to 1.
    """
    weigh = None if through == "place" else POOLINGS[through].weigh
    if weigh is not None:
        return weigh(encoding)
    one_hot = np.zeros(encoding.input_ids.shape, np.float32)
    one_hot[np.arange(len(one_hot)), np.minimum(place, encoding.last)] = 1
    return one_hot


def ahead(took: Sequence[tuple[float, bool]], steps: int, looks: int) -> float:
    """Seconds that a training will still take, by how long its last steps took: a server's load comes and goes.

    Args:
        took: seconds that each step so far has taken, and whether the texts kept back were asked in it too; at least
            one.
        steps: still to be made.
        looks: times that the texts kept back will still be asked.
    """
    plain, asked = ([seconds for seconds, looked in took if looked is kind][-RECENT:] for kind in (False, True))
    step = median(plain) if plain else 0.0
    look = max(median(asked[-2:]) - step, 0.0) if asked else 0.0
    return step * steps + look * looks


def size(recipe: Recipe, task: Task) -> tuple[int, int, int]:
    """Texts learned from, texts asked about, and steps.

    Args:
        recipe: what is trained.
        task: the texts.
    """
    learned, asked = min(recipe.texts, len(task.train)), min(HELD_OUT, len(task.test))
    return learned, asked, recipe.epochs * max(1, round(learned / recipe.batch))
