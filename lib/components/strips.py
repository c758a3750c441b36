"""Vectors as strips: a labelled barcode for each, dimension under dimension, and the numbers of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib import escape
from lib.components import mount
from lib.components.packing import pack
from lib.exhibit import Drawing
from lib.measures.inputs import spread
from lib.quantities import ACTIVATION
from lib.reading import Floats, InputParts, Reading

STRIPS = 5  # texts whose vectors are drawn one under the other
BEYOND = 0.98  # this share of the numbers is painted in its own colour, the largest ones in the last


@dataclass(frozen=True, eq=False)
class Strip:
    """One vector.

    Attributes:
        label: what it is, plain text.
        values: float32[width].
        sign: in front of the label: "+", "=", "→", a text's number, or "".
        scale: strips with the same name here share their colours.
        is_first: whether it is the first token's, which has a colour of its own.
        is_total: whether a line above it closes a sum.
        learners: whether the label is the visitor's own text.
        ghost: float32[width], what the vector was before a change; drawn as a thin strip above it, and the scale is
            made from it, so that it stays the same while one changes things. None where nothing was changed.
    """

    label: str
    values: Floats
    sign: str = ""
    scale: str = ""
    is_first: bool = False
    is_total: bool = False
    learners: bool = False
    ghost: Floats | None = None


def payload(rows: Sequence[Strip], *, unit: int, words: str, file: str) -> bytes:
    """What the strips are drawn from.

    Args:
        rows: from top to bottom.
        unit: the one whose numbers are shown until another is pointed at.
        words: the picture in words, for those who cannot see it.
        file: name of the picture that is saved.
    """
    named = dict.fromkeys(row.scale for row in rows)
    tops = {
        scale: float(np.quantile(np.abs(np.concatenate([_before(row) for row in rows if row.scale == scale])), BEYOND))
        for scale in named
    }
    return pack(
        {
            "rows": [
                {
                    "label": escape.cut(escape.visible(row.label), 80),
                    "sign": row.sign,
                    "top": tops[row.scale],
                    "first": row.is_first,
                    "total": row.is_total,
                    "learners": row.learners,
                    "ghost": row.ghost is not None,
                }
                for row in rows
            ],
            "scales": [f"{name or 'every strip'}: full colour from ±{_bound(tops[name])}" for name in named],
            "unit": unit,
            "words": words,
            "file": file,
        },
        **{f"row{k}": row.values.astype(np.float32) for k, row in enumerate(rows)},
        **{f"ghost{k}": row.ghost.astype(np.float32) for k, row in enumerate(rows) if row.ghost is not None},
    )


def _before(row: Strip) -> Floats:
    return row.values if row.ghost is None else row.ghost


def _bound(top: float) -> str:
    return ACTIVATION.write(top) if top >= 0.0005 or top == 0 else "less than 0.001"


def strips(data: bytes, *, key: str) -> None:
    """Draws the strips.

    Args:
        data: from :func:`payload`.
        key: the component's key.
    """
    mount(__file__)(key=key, data=data)


def table(rows: Sequence[Strip]) -> dict[str, list[str] | list[int]]:
    """The numbers of the strips, one line a dimension; a cell is empty where a strip is narrower than the others.

    Args:
        rows: from top to bottom.
    """
    widest = max(len(row.values) for row in rows)
    columns: dict[str, list[str] | list[int]] = {"dimension": list(range(widest))}
    for row in rows:
        head = f"{row.sign} {row.label}" if row.learners else row.label
        columns[head] = [f"{value:.9g}" for value in row.values] + [""] * (widest - len(row.values))
        if row.ghost is not None:
            columns[f"{head}, unchanged"] = [f"{value:.9g}" for value in row.ghost]
    return columns


def drawing(rows: Sequence[Strip], *, unit: int, file: str) -> Drawing:
    """The strips as the picture of an exhibit; :func:`table` holds what they draw.

    Args:
        rows: from top to bottom.
        unit: the one whose numbers are shown until another is pointed at.
        file: name of the picture that is saved.
    """
    return Drawing(strips, lambda words: payload(rows, unit=unit, words=words, file=file))


def assembled(inputs: InputParts, position: int, *, is_first: bool) -> list[Strip]:
    """One token's input as strips: the parts, their sum, and each step.

    Args:
        inputs: of a text.
        position: of the token.
        is_first: whether it is the first token.
    """
    summands, behind = "parts and sum", "what follows"
    rows = [
        Strip(f"{part.name}, row {part.ids[position]}", part.vectors[position], "+" if k else "", summands, is_first)
        for k, part in enumerate(inputs.parts)
    ]
    if len(rows) > 1:
        rows.append(Strip("sum", inputs.total[position], "=", summands, is_first, is_total=True))
    return rows + [Strip(step.name, step.vectors[position], "→", behind, is_first) for step in inputs.steps]


def between(reading: Reading, layer: int, plain: Reading | None = None) -> list[Strip]:
    """The first token's vectors of a few texts as strips, and how far all of them differ.

    Args:
        reading: the batch.
        layer: 0 to the last.
        plain: the same texts before a change; None where nothing was changed.
    """
    vectors, before, scale = reading.cls[layer], plain.cls[layer] if plain else None, "every strip"
    rows = [
        Strip(
            text, vector, str(k + 1), scale, is_first=True, learners=True, ghost=None if before is None else before[k]
        )
        for k, (text, vector) in enumerate(zip(reading.encoding.texts[:STRIPS], vectors, strict=False))
    ]
    ghost = None if before is None else spread(before)
    return [*rows, Strip("largest difference", spread(vectors), "", scale, is_total=True, ghost=ghost)]
