"""What the first token attends to in each layer, and every connection to be pressed: cut, or open again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lib.components import mount
from lib.components.packing import Json, pack
from lib.exhibit import Table
from lib.measures.attention import Shares
from lib.measures.columns import columns, names, summed
from lib.measures.vectors import Flags
from lib.reading import Floats

MOST_COLUMNS = 26  # tokens that have a column of their own; the least attended to of a longer text share one

ROLES = {"itself": "cls", "separator": "sep"}


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of the picture.

    Attributes:
        names: of the columns: a token, or how many more are summed up.
        places: the token of each column; -1 for several.
        roles: "cls", "sep" or "word"; "gap" for several.
        weights: float32[layers, columns], the first token's attention with the changes, mean over heads.
        cut: bool[layers, columns], where every edge of the cell is cut.
    """

    names: tuple[str, ...]
    places: tuple[int, ...]
    roles: tuple[str, ...]
    weights: Floats
    cut: Flags

    @property
    def table(self) -> Table:
        """One line a column: the weight in each layer, and the layers in which it is cut."""
        layers = range(1, len(self.weights) + 1)
        return {
            "token": self.names,
            "position": ["" if place < 0 else str(place) for place in self.places],
            **{f"layer {k}": self.weights[k - 1] for k in layers},
            "cut in layers": [", ".join(str(k) for k in layers if column[k - 1]) for column in self.cut.T],
        }


def grid(plain: Shares, now: Shares, cut: Flags) -> Grid:
    """The cells of the picture; in a long text the tokens that are attended to least share a column.

    Args:
        plain: attention untouched; it decides which tokens have a column, so that none moves away.
        now: attention with the changes.
        cut: bool[layers, tokens], the edges that may not be used.
    """
    across = columns(plain.values.mean(axis=1), MOST_COLUMNS)
    single = [column.start if column.tokens == 1 else -1 for column in across]
    return Grid(
        names=tuple(names(plain.tokens, across)),
        places=tuple(single),
        roles=tuple("gap" if place < 0 else ROLES.get(plain.kinds[place], "word") for place in single),
        weights=summed(now.values.mean(axis=1), across).astype(np.float32),
        cut=np.stack([cut[:, column.start : column.stop].all(axis=1) for column in across], axis=1),
    )


def payload(cells: Grid, closed: Sequence[int], first: str, arrow: str, words: str) -> bytes:
    """What the picture is drawn from.

    Args:
        cells: of :func:`grid`.
        closed: layers in which nothing but itself is attended to.
        first: the first token.
        arrow: the direction's name.
        words: the picture in words, for those who cannot see it.
    """
    header: dict[str, Json] = {
        "arrow": arrow,
        "first": first,
        "columns": cells.names,
        "places": cells.places,
        "roles": cells.roles,
    }
    return pack(
        {**header, "closed": list(closed), "words": words}, attends_to=cells.weights, cut=cells.cut.astype(np.uint8)
    )


def connections(data: bytes, *, key: str, on_press: Callable[[], None]) -> None:
    """Draws them.

    Args:
        data: from :func:`payload`.
        key: the component's key in the session; what was pressed is its ``press``: "layer", "from", "place" or two of
            them, whole numbers, layers from 1.
        on_press: called when something was.
    """
    mount(__file__)(key=key, data=data, on_press_change=on_press)
