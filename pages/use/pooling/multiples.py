"""Many small matrices beside each other, pointed at as one: the same pair of texts is marked in all of them.

Plotly would draw as many, but one after another: ten of its figures hold up the page's first picture by seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib import escape
from lib.components import mount
from lib.components.packing import Json, pack
from lib.quantities import written
from pages.use.pooling.measures import Pooled

LONGEST = 60  # characters of a text that are sent


def payload(poolings: Sequence[Pooled], texts: Sequence[str], alt: str) -> bytes:
    """What ``multiples.js`` draws.

    Args:
        poolings: from the first to the last.
        texts: n, as typed.
        alt: the picture in words.

    Raises:
        ValueError: a matrix is not as large as there are texts.
    """
    count = len(texts)
    drawn = [one.cosines for one in poolings if one.floor]
    for cosines in drawn:
        if cosines.shape != (count, count):
            raise ValueError(f"A matrix of {cosines.shape} for {count} texts: give one row and column for each.")
    header: dict[str, Json] = {
        "alt": alt,
        "texts": [escape.cut(escape.visible(text), LONGEST) for text in texts],
        "items": [
            {
                "name": one.name,
                "called": one.called,
                "first": one.is_first,
                "about": about(one),
                "note": escape.plain(one.why_not or one.note.strip()),
                "drawn": bool(one.floor),
            }
            for one in poolings
        ],
    }
    stacked = np.stack(drawn) if drawn else np.empty((0, count, count))
    return pack(header, cosines=stacked.astype(np.float32))


def about(one: Pooled) -> str:
    """What stands under a pooling's name: what its cosines are measured against; plain text."""
    if one.floor is None:
        return "none"
    return f"{'95% below' if one.centred else 'unrelated'} {written(one.level)}"


def multiples(data: bytes, *, key: str) -> None:
    """Draws them.

    Args:
        data: from :func:`payload`.
        key: unique on the page.
    """
    mount(__file__)(key=key, data=data)
