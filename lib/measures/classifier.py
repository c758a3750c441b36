"""What two pages need of a classifier: its probabilities, and which texts it learns from."""

from __future__ import annotations

import numpy as np

from lib.measures.probe import folds
from lib.measures.vectors import Doubles
from lib.reading import Ints

QUARTERS = 4  # one of them is kept back, as in the article


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


def splits(labels: Ints, groups: Ints, *, seed: int = 0) -> list[tuple[Ints, Ints]]:
    """One quarter of the texts kept back after the other, of every class its share; the first is the one to use.

    Args:
        labels: int64[texts].
        groups: int64[texts], which texts belong together.
        seed: of the dealing.

    Returns:
        int64[train] and int64[test], the texts to learn from and those kept back; once to four times.

    Raises:
        ValueError: too few texts to keep one of each class back.

    Source:
        alammar2019, who keeps a quarter back, too, and leaves the classes in it to chance.
    """
    classes, many = int(labels.max()) + 1, len(np.unique(groups))
    found = folds(labels, groups, QUARTERS, seed=seed) if round(many / QUARTERS) >= classes else []
    if not found:
        raise ValueError(
            f"**Too few texts to split.** A quarter of the {many} different texts is kept back, and the rest must hold "
            f"all {classes} classes. Add some texts."
        )
    return found
