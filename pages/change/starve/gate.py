"""The gate: what the first token reads in each layer, and every edge to be pressed: cut, or open again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from lib import escape
from lib.components import mount
from lib.components.packing import pack
from lib.measures.attention import Shares
from lib.measures.columns import columns, summed
from lib.measures.vectors import Flags
from lib.reading import Floats

MOST_COLUMNS = 26  # tokens that have a column of their own; the least read of a longer text share one

ROLES = {"itself": "cls", "separator": "sep"}


def _mean(read: Shares) -> Floats:
    """float32[layers, tokens], mean over the heads."""
    return read.values.mean(axis=1)


def payload(plain: Shares, now: Shares, cut: Flags, closed: Sequence[int], arrow: str, words: str) -> bytes:
    """What the gate is drawn from.

    Args:
        plain: the reading untouched; it decides which tokens of a long text have a column, so that none moves away.
        now: the reading as it is.
        cut: bool[layers, tokens], the edges that may not be used.
        closed: layers in which nothing but itself is read.
        arrow: the direction's name.
        words: the picture in words, for those who cannot see it.
    """
    across = columns(_mean(plain), MOST_COLUMNS)
    single = [column.start if column.tokens == 1 else None for column in across]
    shut = np.stack([cut[:, column.start : column.stop].all(axis=1) for column in across], axis=1)
    return pack(
        {
            "arrow": arrow,
            "first": plain.tokens[plain.position],
            "columns": [
                f"{column.tokens} more" if place is None else escape.visible(plain.tokens[place])
                for place, column in zip(single, across, strict=True)
            ],
            "places": [-1 if place is None else place for place in single],
            "roles": ["gap" if place is None else ROLES.get(plain.kinds[place], "word") for place in single],
            "closed": list(closed),
            "words": words,
        },
        reads=summed(_mean(now), across).astype(np.float32),
        cut=shut.astype(np.uint8),
    )


def gate(data: bytes, *, key: str, on_press: Callable[[], None]) -> None:
    """Draws the gate.

    Args:
        data: from :func:`payload`.
        key: the component's key in the session; what was pressed is its ``press``: "layer", "from", "place" or two of
            them, whole numbers, layers from 1.
        on_press: called when something was.
    """
    mount(__file__)(key=key, data=data, on_press_change=on_press)
