"""Which way a model may look: the masks, and the texts read under each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from lib.app import readings
from lib.edits import UNTOUCHED, Cut, Edit, edit
from lib.measures.columns import columns, summed
from lib.reading import Reading
from pages.change.direction import measures
from pages.change.direction.measures import Rows, Way

MASKS: Mapping[Way, Edit] = MappingProxyType(
    {"both": UNTOUCHED, "forward": edit(Cut("all", "later")), "backward": edit(Cut("all", "earlier"))}
)
LONGEST = 160  # tokens of a text whose whole attention is kept
MOST_COLUMNS = 26  # tokens that have a column of their own


def under(reading: Reading) -> dict[Way, Reading]:
    """The texts under every mask, each in one batch.

    Args:
        reading: of the texts as they are.
    """
    return {way: readings.again(reading, mask) if mask else reading for way, mask in MASKS.items()}


def whole(reading: Reading, row: int, way: Way) -> Reading | None:
    """One text under a mask with all of its attention; None where that would be too much.

    Args:
        reading: of the texts as they are.
        row: which text.
        way: of the mask.
    """
    if reading.encoding.lengths[row] > LONGEST:
        return None
    return readings.again(reading, MASKS[way], attention="full", rows=(row,))


def narrowed(found: Rows, names: tuple[str, ...]) -> tuple[measures.Doubles, list[str]]:
    """Rows of a long text on few columns: what is read most, and what lies between summed up.

    Args:
        found: float64[rows, tokens] shares.
        names: of the tokens.

    Returns:
        float64[rows, columns], and the columns' names.
    """
    across = columns(found.values.astype(np.float32), MOST_COLUMNS)
    called = [
        f"{column.start} {names[column.start]}" if column.tokens == 1 else f"{column.tokens} more" for column in across
    ]
    return summed(found.values, across), called
