"""Which way each token may attend: the masks, and the texts under each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lib.app import readings
from lib.edits import UNTOUCHED, Cut, Edit, edit
from lib.reading import Reading
from pages.change.direction.measures import Way

MASKS: Mapping[Way, Edit] = MappingProxyType(
    {"both": UNTOUCHED, "forward": edit(Cut("all", "later")), "backward": edit(Cut("all", "earlier"))}
)
LONGEST = 160  # tokens of a text whose whole attention is kept


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
