"""The pictures of the page on the pooler, each with its sentence and its numbers."""

from __future__ import annotations

import numpy as np

from lib.checkpoints import Checkpoint
from lib.components.strips import Strip, drawing, table
from lib.exhibit import Exhibit
from lib.figures.dots import Dots, Row
from lib.quantities import share
from lib.reading import Floats, PoolerWeights
from pages.why.pooler import words
from pages.why.pooler.measures import Apart, Told


def vectors(
    first: Floats, dense: Floats, pooled: Floats, found: Apart, weights: PoolerWeights, speaker: Checkpoint
) -> Exhibit:
    """The first token's last vector, behind the pooler's linear layer, and behind its tanh.

    Args:
        first: float32[hidden].
        dense: float32[hidden].
        pooled: float32[hidden].
        found: how far the first is from the last.
        weights: of the pooler.
        speaker: the model.
    """
    last, linear, tanh = words.ROWS
    rows = [
        Strip(f"{speaker.first_token}, {last}", first, "", "vector", is_first=True),
        Strip(linear, dense, "→", "linear"),
        Strip(tanh, pooled, "→", "output"),
    ]
    return Exhibit(
        "vectors",
        words.vectors(found, len(first), speaker),
        drawing(rows, unit=int(np.abs(pooled).argmax()), file="cls-pooler.png"),
        lambda: table(rows),
        "A line a dimension: the vector in the last layer, behind the pooler’s linear layer, and behind its tanh.",
        {"dimensions": len(first), "beyond ±0.9": found.saturated, "cosine": found.cosine},
        headline=words.headline(found, weights),
    )


def classified(told: Told, speaker: Checkpoint) -> Exhibit:
    """How often a classifier on each of the two vectors is right.

    Args:
        told: on held-out sentences.
        speaker: the model.
    """
    rows = [
        Row(name, "other" if k else "first", each.value, share(each.value), interval=(each.low, each.high))
        for k, (name, each) in enumerate(zip(words.CLASSIFIED, (told.first, told.pooled), strict=True))
    ]
    x = f"held-out sentences that are {words.RIGHT}"
    dots = Dots(rows, words.RIGHT, x, percent=True, dashed=(0.5, "guessing"))
    return Exhibit(
        "classified",
        words.classified(told, speaker),
        dots.picture,
        dots.table,
        "Share of held-out sentences that the classifier gets right, with a 95% interval; half of them are positive.",
        {"guessing": 0.5},
        headline=words.classified_headline(told),
    )
