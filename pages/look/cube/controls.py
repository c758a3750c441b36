"""Parts of the page on the output cube: one cube, or two that turn, open and are cut as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lib.app import beside, choices, parts
from lib.app.beside import Comparison, Side
from lib.components import cube as component
from lib.components.cube import AXES, Beside, Choice, Cut, Output
from lib.components.strips import Strip, payload, strips
from lib.escape import visible
from lib.exhibit import Table
from lib.measures import beside as measures
from lib.reading import Floats
from lib.words import beside as both
from pages.look.cube import words as said

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


def cut(pair: Comparison, sides: Sequence[Side], places: Sequence[DeltaGenerator]) -> Cut:
    """The plane that is cut out, the same on every side.

    Args:
        pair: what stands beside what; a side that is one text has no text to cut out.
        sides: one or two; the cut has to be there in both.
        places: for the kind of slice, and for where it cuts.
    """
    model, shapes = sides[0].reading.checkpoint, [side.reading.hidden_states.shape[1:] for side in sides]
    batch, tokens, hidden = (min(sizes) for sizes in zip(*shapes, strict=True))
    names = {
        "first": f"{model.first_token}  h[:, 0]",
        "last": "h[:, -1]",
        "position": "h[:, p]",
        "text": "h[i]",
        "unit": "h[:, :, k]",
    }
    if pair.kind == "texts":
        del names["text"]
    with places[0]:
        kind = choices.pick(
            "Slice", list(names), key="cube_slice", default="first", names=names.__getitem__, hide_label=True
        )
    sliders = {
        "position": ("Position p", range(tokens), "cube_position", 1),
        "text": ("Text i", range(batch), "cube_text", 0),
        "unit": ("Unit k", range(hidden), "cube_unit", 0),
    }
    index = -1 if kind == "last" else 0
    if kind in sliders:
        label, options, key, usual = sliders[kind]
        with places[1]:  # the letter stands at the number, so that the picture below does not move
            index = choices.pick(
                label,
                options,
                key=key,
                default=usual,
                form="slider",
                hide_label=True,
                names=lambda at: f"{label[-1]} = {at}",
            )
    return Cut("text" if kind == "text" else "unit" if kind == "unit" else "token", index)


def outputs(sides: Sequence[Side], layer: int) -> list[Output]:
    """What each side's model made of its texts.

    Args:
        sides: one or two.
        layer: of the left one, 0 to the last.
    """
    twins = len({side.reading.checkpoint.slug for side in sides}) < len(sides)
    made = []
    for side in sides:
        reading, at = side.reading, side.layer(layer)
        rows = range(side.row, side.row + 1) if twins else range(reading.batch)
        encoding = reading.encoding
        made.append(
            Output(
                hidden=reading.hidden_states[at][rows.start : rows.stop],
                tokens=tuple(tuple(visible(token) for token in encoding.tokens[row]) for row in rows),
                roles=tuple(encoding.roles(row) for row in rows),
                texts=tuple(encoding.texts[row] for row in rows),
                first=tuple(int(encoding.first[row]) for row in rows),
                layer=at,
                layers=reading.layers,
                first_token=reading.checkpoint.first_token,
                of=side.row if twins else None,
            )
        )
    return made


def cubes(sides: Sequence[Side], shown: Sequence[Output], cut: Cut) -> None:
    """The pictures; step and row of the plane are kept in the link."""
    rows = max(max(output.hidden.shape[:2]) for output in shown)
    start = Choice(choices.recall("cube_step", ("in", "out", "flat"), "in"), choices.recall("cube_row", range(rows), 0))
    twins = shown[0].of is not None
    top = max(component.limit(output) for output in shown) if twins else None
    chosen = []
    titled = [replace(side, title=f"{side.title} `h[{side.row}]`") if twins else side for side in sides]
    for number, (place, output) in enumerate(zip(beside.places(titled, "cube"), shown, strict=True)):
        near = Beside("cube", speaks=number == 0, cells=twins, top=top) if len(shown) > 1 else None
        key = "cube_picture_right" if number else "cube_picture"
        with place:
            chosen.append(component.cube(output, cut, key=key, start=start, beside=near))
    choices.keep("cube_step", chosen[0].step, "in")
    choices.keep("cube_row", chosen[0].row, 0)


def told(sides: Sequence[Side], shown: Sequence[Output], cut: Cut, layer: int) -> None:
    """The sentence under the pictures; of two texts also the row that they share, and their difference."""
    readings = [side.reading for side in sides]
    if len(sides) == 1:
        parts.say(said.size(readings[0], layer), key="size")
        return
    if shown[0].of is None:
        tops = [component.limit(output) for output in shown]
        pairs = [measures.pairs(each, output.layer) for each, output in zip(readings, shown, strict=True)]
        parts.say(both.cubes(readings, [output.layer for output in shown], tops, pairs), key="size")
        beside.matched(sides, layer, sides[1].layer(layer))
        return
    rows = [side.row for side in sides]
    position = cut.index if cut.axis == "token" else 0
    one, other = (output.hidden[0, position] for output in shown)
    found = measures.difference(one, other)
    sentence = beside.opening(sides) + both.slices(readings, rows, layer, position, found)
    strips(
        payload(
            differences(sides, shown, position),
            unit=cut.index if cut.axis == "unit" else found.at,
            words=sentence,
            file="cls-difference.png",
        ),
        key="cube_difference",
    )
    parts.say(sentence, key="size")


def differences(sides: Sequence[Side], shown: Sequence[Output], position: int) -> list[Strip]:
    """The rows of two texts at one position, and the one less the other.

    Args:
        sides: two texts of one model.
        shown: their outputs.
        position: from 0; a negative one counts from the end.
    """
    vectors: list[Floats] = [output.hidden[0, position] for output in shown]
    rows = [
        Strip(f"{output.tokens[0][position]}, {side.name}", vector, is_first=output.roles[0][position] == "cls")
        for side, output, vector in zip(sides, shown, vectors, strict=True)
    ]
    return [*rows, Strip("difference", vectors[0] - vectors[1], sign="=", is_total=True)]


def table(sides: Sequence[Side], shown: Sequence[Output], cut: Cut) -> Table:
    """The numbers of the planes, a row a text or a token."""
    return beside.stacked(sides, [_plane(output, cut) for output in shown])


def _plane(output: Output, cut: Cut) -> Table:
    plane = np.take(output.hidden, cut.index, axis=AXES.index(cut.axis))
    side = "token" if cut.axis == "text" else "text"
    rows = output.tokens[cut.index] if cut.axis == "text" else output.texts
    what = "position" if cut.axis == "unit" else "unit"
    return {side: rows, **{f"{what} {k}": column for k, column in enumerate(plane.T)}}
