"""The pictures of the page on the input before the first layer, each with its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from lib.checkpoints import Checkpoint
from lib.components import strips
from lib.exhibit import Exhibit
from lib.figures import journey
from lib.measures import inputs as measures
from lib.measures.inputs import Apart, Fact
from lib.reading import InputParts, Reading
from pages.meet.blank import words
from pages.meet.blank.figures import Row, standings


def assembled(reading: Reading, row: int, position: int, made: InputParts) -> Exhibit:
    """One token's input: the vectors that are looked up, their sum, and each step behind it.

    Args:
        reading: the batch.
        row: the text.
        position: of the token, among the real ones.
        made: the text's input, taken apart.
    """
    total = measures.loudest(made.total[position])
    rows = strips.assembled(made, position, is_first=reading.encoding.roles(row)[position] == "cls")
    wide = {each.name: each.vectors[position].astype(np.float64) for each in made.parts}
    return Exhibit(
        "input",
        words.assembled(reading, row, position, made),
        strips.drawing(rows, unit=total.unit, file="cls-input.png"),
        lambda: strips.table(rows),
        "One line a dimension, one column a strip: activations, which have no unit of measure.",
        {f"length of the {name} vector": float(np.linalg.norm(vector)) for name, vector in wide.items()},
    )


def same(reading: Reading, layer: int) -> Exhibit:
    """The first token's vectors of a few texts after one layer, and how far all of them differ.

    Args:
        reading: the batch.
        layer: 0 to the last.
    """
    rows, difference = strips.between(reading, layer), measures.spread(reading.cls[layer])
    unit = measures.loudest(difference if difference.any() else reading.cls[layer][0]).unit
    said = words.same(float(difference.max()), layer, reading.layers, reading.batch, strips.STRIPS, reading.checkpoint)
    return Exhibit(
        "same",
        said,
        strips.drawing(rows, unit=unit, file="cls-same.png"),
        lambda: strips.table(rows),
        f"The vector of {words.named(reading.checkpoint)} in layer {layer}, one line a dimension, one column a text: "
        "activations.",
    )


def apart(away: Apart, model: Checkpoint) -> Exhibit:
    """How far texts differ at the same place after every layer.

    Args:
        away: the largest differences.
        model: that reads.
    """
    lines = [journey.LayerLine(*line) for line in words.lines(away, model)]
    return Exhibit(
        "apart",
        words.leaving(away, model),
        lambda palette: journey.by_layer(lines, palette, y="largest difference between texts", span=(0, None)),
        lambda: [("layer", range(len(away.first))), *((line.name, line.values) for line in lines)],
        "Largest difference between any two texts over all dimensions, at one position, layer by layer: activations.",
    )


def lengths(facts: Sequence[Fact], model: Checkpoint) -> Exhibit:
    """How long the rows are that the first token gets, among all rows of their tables.

    Args:
        facts: of each table that can tell.
        model: that reads.
    """
    named = [(f"{fact.name} vectors", f"{model.first_token}, row {fact.row}") for fact in facts]
    rows = [Row(*names, True, **asdict(fact.standing)) for names, fact in zip(named, facts, strict=True)]
    return Exhibit(
        "lengths",
        words.neutral(facts, model),
        lambda palette: standings(rows, palette),
        lambda: measures.table(facts),
        "Length of the row that the first token gets in each table, among the lengths of all its rows.",
    )
