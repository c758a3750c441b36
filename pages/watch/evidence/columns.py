"""Parallel ranked columns: several orders of the same tokens, a line for each token through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.components import mount
from lib.components.packing import pack
from lib.reading import Ints


@dataclass(frozen=True, eq=False)
class Column:
    """One order.

    Attributes:
        name: over the column, plain.
        family: columns of one family stand under one bracket, plain.
        how: what is ranked, in short, plain.
        measured: whether the others are held against it; such columns stand last.
        ranks: int64[n], each token's rank, from 1.
        sizes: float64[n], at least 0, what the dots are drawn from.
        against: bool[n], whose dots are hollow.
        written: each token's value in words.
    """

    name: str
    family: str
    how: str
    measured: bool
    ranks: Ints
    sizes: NDArray[np.float64]
    against: NDArray[np.bool_]
    written: Sequence[str]


@dataclass(frozen=True)
class Agreement:
    """A line of numbers under the columns.

    Attributes:
        name: plain and short.
        values: one for each column, as written.
    """

    name: str
    values: Sequence[str]


def payload(
    columns: Sequence[Column],
    tokens: Sequence[str],
    places: Ints,
    agreements: Sequence[Agreement],
    *,
    shade: int,
    hint: str,
    words: str,
    file: str,
) -> bytes:
    """What the columns are drawn from.

    Args:
        columns: from left to right.
        tokens: n tokens by name.
        places: int64[n], where they stand in the text.
        agreements: what stands under the columns.
        shade: the column whose order decides how strong a line is, until another is chosen.
        hint: what to do with the picture.
        words: the picture in words, for those who cannot see it.
        file: name of the picture that is saved.

    Raises:
        ValueError: a column ranks another number of tokens.
    """
    for column in columns:
        if len(column.ranks) != len(tokens):
            raise ValueError(f"{column.name} ranks {len(column.ranks)} tokens, but there are {len(tokens)}.")
    return pack(
        {
            "columns": [{"name": column.name, "how": column.how} for column in columns],
            "families": [
                {"name": name, "columns": len(list(group))}
                for name, group in groupby(columns, key=lambda column: column.family)
            ],
            "measured": sum(not column.measured for column in columns),
            "tokens": [escape.visible(token) for token in tokens],
            "places": places.tolist(),
            "against": [column.against.tolist() for column in columns],
            "written": [list(column.written) for column in columns],
            "agreements": [{"name": row.name, "values": list(row.values)} for row in agreements],
            "shade": shade,
            "hint": hint,
            "words": words,
            "file": file,
        },
        ranks=np.stack([column.ranks for column in columns]).astype(np.uint16),
        sizes=np.stack([column.sizes for column in columns]).astype(np.float32),
    )


def ranks(data: bytes, *, key: str) -> None:
    """Draws the columns.

    Args:
        data: from :func:`payload`.
        key: unique on the page.
    """
    mount(__file__)(key=key, data=data)
