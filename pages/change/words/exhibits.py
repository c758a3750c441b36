"""The pictures of the page on single words, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lib.checkpoints import Checkpoint
from lib.edits import Edit
from lib.exhibit import Exhibit
from lib.figures.journey import LayerLine, by_layer
from lib.measures.vectors import Floor
from lib.pooling import POOLINGS
from lib.reading import Reading
from lib.words import edits
from pages.change.words import figures, measures, words
from pages.change.words.measures import KINDS, Tried

MEAN = "mean of all tokens"


def changes(tried: Tried, floors: Mapping[str, Floor], model: Checkpoint) -> Exhibit:
    """How far each kind of change moves the vector of each pooling.

    Args:
        tried: the text with every change.
        floors: how similar unrelated sentences are, by pooling.
        model: that read.
    """
    kinds = [kind for kind in KINDS if kind in tried.kinds]
    rows = []
    for key in (key for key in POOLINGS if key in tried.vectors and key in floors):
        moved = [tried.moved(key, kind, floors[key]) for kind in kinds]
        spans = [(float(each.min()), float(each.max())) for each in moved]
        means = np.array([each.mean() for each in moved])
        rows.append(figures.Pooled(POOLINGS[key].name(model), key == "cls", means, spans))

    def table() -> list[tuple[str, list[str] | list[float]]]:
        numbers = {
            "mean": [row.means.tolist() for row in rows],
            "least": [[low for low, _ in row.spans] for row in rows],
            "most": [[high for _, high in row.spans] for row in rows],
        }
        columns = [
            (f"{name}, {words.HEADS[kind].replace('<br>', ' ')}", [line[k] for line in lines])
            for name, lines in numbers.items()
            for k, kind in enumerate(kinds)
        ]
        return [("vector", [row.name for row in rows]), *columns]

    return Exhibit(
        "changes",
        words.changes(tried, floors, model),
        lambda palette: figures.changes(rows, [words.HEADS[kind] for kind in kinds], palette),
        table,
        "How far each kind of change moves each vector, in distances of two unrelated texts (1 − cosine over its "
        "mean): the mean of all changes of a kind, the least and the most.",
        headline=words.table_headline(tried, floors, model),
    )


def left_out(tried: Tried, floors: Mapping[str, Floor], model: Checkpoint) -> Exhibit:
    """How far leaving out each word moves the first token's vector and the mean.

    Args:
        tried: the text with every change; some words are left out.
        floors: how similar unrelated sentences are, by pooling.
        model: that read.
    """
    names = tried.named("left_out")
    first, mean = (tried.moved(key, "left_out", floors[key]) for key in ("cls", "mean"))
    return Exhibit(
        "left_out",
        words.left_out(names, first, mean, model),
        lambda palette: figures.by_word(names, first, mean, (model.first_token, MEAN), palette),
        lambda: {"left out": names, model.first_token: first, MEAN: mean},
        "How far leaving out each word moves the two vectors, in distances of two unrelated texts.",
        headline=words.by_word_headline(names, first, model),
    )


def layers(reading: Reading, again: Reading, change: Edit) -> Exhibit:
    """How a change moves the first token's vector and the mean, layer by layer.

    Args:
        reading: of the texts as they are.
        again: of the first text with the change.
        change: what was changed.
    """
    model = reading.checkpoint
    first, mean = (measures.by_layer(reading, again, key) for key in ("cls", "mean"))
    lines = [LayerLine(model.first_token, "first", first), LayerLine(MEAN, "words", mean)]
    span = (min(0.0, float(min(first.min(), mean.min()))), 1.04)
    return Exhibit(
        "layers",
        f"{edits.sentence(change, reading.encoding, 0, model)} {words.layers(first, mean, model)}",
        lambda palette: by_layer(lines, palette, y="cosine to the text as it is", span=span),
        lambda: {"layer": range(len(first)), model.first_token: first, MEAN: mean},
        "Cosine of the changed text’s vectors to those of the text as it is, no unit, from −1 to 1.",
        headline=words.layers_headline(first, model),
    )
