"""The pictures of the way from texts to labels, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lib.checkpoints import Checkpoint
from lib.components.cube import Output, Slice, View, drawing
from lib.exhibit import Column, Exhibit
from lib.measures.probe import score
from lib.measures.vectors import Doubles
from lib.reading import Ints
from pages.use.classify import figures, words
from pages.use.classify.measures import Classifier, CrossValidation


def lengths(sizes: Ints, computed: int, cut: int, model: Checkpoint) -> Exhibit:
    """How long the texts are, and what filling them up costs.

    Args:
        sizes: int64[texts], tokens of each.
        computed: positions that went through the model.
        cut: texts longer than its limit.
        model: that read.
    """
    tokens, texts = np.unique(sizes, return_counts=True)
    return Exhibit(
        "lengths",
        words.lengths(sizes, computed, cut, model),
        lambda palette: figures.lengths(tokens, texts, palette),
        lambda: {"tokens": tokens, "texts": texts},
        "How many texts have how many tokens, special ones included, as the model reads them.",
        {"share of padding": 1 - int(sizes.sum()) / (len(sizes) * int(sizes.max()))},
    )


def cube(output: Output, texts: int, start: View, model: Checkpoint) -> Exhibit:
    """The output of the last layer for the first texts, and the slice of the first token.

    Args:
        output: the cube.
        texts: of the whole set.
        start: where a fresh picture begins.
        model: that read.
    """
    shown, tokens, hidden = output.hidden.shape
    return Exhibit(
        "cube",
        words.cube(output.hidden.shape, texts, model),
        drawing(output, Slice("token", 0), start),
        lambda: {"text": output.texts, **{f"dimension {k}": column for k, column in enumerate(output.hidden[:, 0].T)}},
        "The slice, one line a text; activations have no unit.",
        {"numbers in the cube": shown * tokens * hidden},
    )


def confusion(fitted: Classifier, classes: Sequence[str]) -> Exhibit:
    """Which classes are taken for which, of the held-out texts.

    Args:
        fitted: a classifier.
        classes: their names.
    """
    counts = fitted.confusion
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return Exhibit(
        "confusion",
        words.confusion(fitted, classes),
        lambda palette: figures.confusion(counts, shares, classes, palette),
        lambda: [
            ("what it is", classes),
            *((f"texts called {name}", counts[:, k]) for k, name in enumerate(classes)),
            *((f"share called {name}", shares[:, k]) for k, name in enumerate(classes)),
        ],
        "Held-out texts, a line for each true class: how many the classifier calls by each name, and what share of "
        "their class (0 to 1) they are.",
    )


def own(text: str, probabilities: Doubles, classes: Sequence[str], features: str, model: Checkpoint) -> Exhibit:
    """What the classifier says of the visitor's first text.

    Args:
        text: theirs.
        probabilities: float64[classes], that it gives.
        classes: their names.
        features: "cls" or "mean".
        model: that read.
    """
    return Exhibit(
        "own",
        words.own(text, probabilities, classes, features, model),
        lambda palette: figures.probabilities(probabilities, classes, palette),
        lambda: {"class": classes, "probability": probabilities},
        "The probability of each class (0 to 1) for text 1.",
    )


def layers(cv: CrossValidation, ways: Sequence[str], model: Checkpoint, *, scaled: bool) -> Exhibit:
    """How many texts each way gets right at each layer.

    Args:
        cv: the comparison.
        ways: in its order, the first token first.
        model: that read.
        scaled: whether every dimension was standardised.
    """
    right = cv.scaled if scaled else cv.raw
    lines = _lines(ways, right.mean(axis=2), model)

    def table() -> list[tuple[str, Column]]:
        columns: list[tuple[str, Column]] = [
            ("layer", range(right.shape[1])),
            *((each.name, each.values) for each in lines),
        ]
        for line, by_layer in zip(lines, right, strict=True):
            scores = [score(row[None], cv.groups) for row in by_layer]
            columns += [(f"{line.name}, from", [each.low for each in scores])]
            columns += [(f"{line.name}, to", [each.high for each in scores])]
        return columns

    return Exhibit(
        "layers",
        words.layers(cv, model, scaled=scaled),
        lambda palette: figures.by_layer(lines, cv.majority, palette),
        table,
        "Accuracy (0 to 1) and the ends of its 95% interval; five folds, the same for all.",
        {"the largest class": cv.majority},
        headline=words.headline(cv, ways, model, scaled=scaled),
    )


def gains(cv: CrossValidation, ways: Sequence[str], model: Checkpoint, *, scaled: bool) -> Exhibit:
    """How many more texts each other way gets right than the first token, in the last layer.

    Args:
        cv: the comparison.
        ways: in its order, the first token first.
        model: that read.
        scaled: whether every dimension was standardised.
    """
    names = [words.name(way, model) for way in ways[1:]]
    scores = cv.rivals(scaled=scaled)
    points, low, high = (
        100 * np.array(ends) for ends in zip(*((each.value, each.low, each.high) for each in scores), strict=True)
    )
    headline, sentence = words.gained(cv, ways, model, scaled=scaled)
    return Exhibit(
        "gains",
        sentence,
        lambda palette: figures.gains(names, points, low, high, palette),
        lambda: {"vector": names, "points": points, "from": low, "to": high},
        f"Accuracy above that of {model.first_token} in the last layer: percentage points, with the ends of the "
        "interval.",
        headline=headline,
    )


def sizes(cv: CrossValidation, ways: Sequence[str], model: Checkpoint) -> Exhibit:
    """What more texts bring.

    Args:
        cv: the comparison.
        ways: in its order, the first token first.
        model: that read.
    """
    low, high = cv.curves.min(axis=2), cv.curves.max(axis=2)
    lines = [
        replace(line, low=low[k], high=high[k]) if line.first or line.strong else line
        for k, line in enumerate(_lines(ways, cv.curves.mean(axis=2), model))
    ]
    return Exhibit(
        "sizes",
        words.sizes(cv, ways, model),
        lambda palette: figures.by_size(lines, cv.sizes, cv.majority, palette),
        lambda: [
            ("texts", cv.sizes),
            *((line.name, line.values) for line in lines),
            *(
                (f"{line.name}, {end}", ends[k])
                for k, line in enumerate(lines)
                if line.low is not None
                for end, ends in (("lowest", low), ("highest", high))
            ),
        ],
        "Accuracy (0 to 1) by the number of texts learned from, mean of several drawings; last layer.",
        {"the largest class": cv.majority},
    )


def _lines(ways: Sequence[str], values: Doubles, model: Checkpoint) -> list[figures.Line]:
    return [
        figures.Line(words.name(way, model), way == "cls", row, strong=way == "mean")
        for way, row in zip(ways, values, strict=True)
    ]
