"""The pictures of the page on the input before the first layer, each with its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.checkpoints import Checkpoint
from lib.components import strips
from lib.exhibit import Exhibit
from lib.measures import inputs as measures
from lib.measures.inputs import Fact
from lib.reading import InputParts, Reading
from pages.meet.blank import words
from pages.meet.blank.figures import standings


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


def same(reading: Reading) -> Exhibit:
    """The first token's vectors of a few texts before the first layer, and how far those of all texts differ.

    Args:
        reading: the batch.
    """
    rows, difference = strips.between(reading, 0), measures.spread(reading.cls[0])
    unit = measures.loudest(difference if difference.any() else reading.cls[0][0]).unit
    return Exhibit(
        "same",
        words.same(reading, strips.STRIPS),
        strips.drawing(rows, unit=unit, file="cls-same.png"),
        lambda: strips.table(rows),
        f"The vector of {words.named(reading.checkpoint)} before the first layer, one line a dimension, one column a "
        "text: activations.",
        {"largest difference of the token after it": words.away(reading)},
        words.headline(reading),
    )


def lengths(facts: Sequence[Fact], model: Checkpoint) -> Exhibit:
    """How long the rows are that the first token gets, among all rows of their tables.

    Args:
        facts: of each table that can tell.
        model: that reads.
    """
    return Exhibit(
        "lengths",
        words.lengths(facts, model),
        lambda palette: standings(facts, model.first_token, palette),
        lambda: measures.table(facts),
        "Length of the row that the first token gets in each table, among the lengths of all its rows.",
    )
