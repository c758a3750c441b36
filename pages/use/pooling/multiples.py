"""Many small matrices beside each other, pointed at as one: the same pair of texts is marked in all of them.

Plotly would draw as many, but one after another: ten of its figures hold up the page's first picture by seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.components import mount
from lib.components.packing import pack

FINE = 64  # texts up to which cosines are sent to 0.00003; above, to 0.008
LONGEST = 60  # characters of a text that are sent


@dataclass(frozen=True)
class Matrix:
    """One of the small matrices.

    Attributes:
        name: of what it belongs to, plain.
        is_first: whether it is the first token's own, which has a colour of its own.
        about: one line under the name, plain.
        note: what has to be added, plain; "" where there is nothing.
        cosines: float64[n, n], -1 to 1; None where there is no matrix.
    """

    name: str
    is_first: bool
    about: str
    note: str
    cosines: NDArray[np.float64] | None


def payload(shown: Sequence[Matrix], texts: Sequence[str], alt: str) -> bytes:
    """What ``multiples.js`` draws.

    Args:
        shown: from the first to the last.
        texts: n, as typed.
        alt: the picture in words.

    Raises:
        ValueError: a matrix is not as large as there are texts.
    """
    count = len(texts)
    drawn = [one.cosines for one in shown if one.cosines is not None]
    for cosines in drawn:
        if cosines.shape != (count, count):
            raise ValueError(f"A matrix of {cosines.shape} for {count} texts: give one row and column for each.")
    kind, top = (np.uint16, 65534) if count <= FINE else (np.uint8, 254)
    stacked = np.stack(drawn) if drawn else np.empty((0, count, count))
    header = {
        "alt": alt,
        "top": top,
        "digits": 3 if count <= FINE else 2,
        "texts": [escape.cut(escape.visible(text), LONGEST) for text in texts],
        "items": [
            {
                "name": one.name,
                "first": one.is_first,
                "about": one.about,
                "note": one.note,
                "drawn": one.cosines is not None,
            }
            for one in shown
        ],
    }
    return pack(header, cosines=np.round((stacked + 1) / 2 * top).astype(kind))


def multiples(data: bytes, *, key: str) -> None:
    """Draws them.

    Args:
        data: from :func:`payload`.
        key: unique on the page.
    """
    mount(__file__)(key=key, data=data)
