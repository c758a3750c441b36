"""Vectors as strips: a labelled barcode for each, unit under unit, with the numbers of the unit that is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib import escape
from lib.components import mount
from lib.components.packing import pack
from lib.quantities import ACTIVATION
from lib.reading import Floats

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
    """

    label: str
    values: Floats
    sign: str = ""
    scale: str = ""
    is_first: bool = False
    is_total: bool = False
    learners: bool = False


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
        scale: float(np.quantile(np.abs(np.concatenate([row.values for row in rows if row.scale == scale])), BEYOND))
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
                }
                for row in rows
            ],
            "scales": [f"{name or 'every strip'}: full colour from ±{_bound(tops[name])}" for name in named],
            "unit": unit,
            "words": words,
            "file": file,
        },
        **{f"row{k}": row.values.astype(np.float32) for k, row in enumerate(rows)},
    )


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
    """The numbers of the strips, one line a unit; a cell is empty where a strip is narrower than the others.

    Args:
        rows: from top to bottom.
    """
    widest = max(len(row.values) for row in rows)
    columns: dict[str, list[str] | list[int]] = {"unit": list(range(widest))}
    for row in rows:
        head = f"{row.sign} {row.label}" if row.learners else row.label
        columns[head] = [f"{value:.9g}" for value in row.values] + [""] * (widest - len(row.values))
    return columns
