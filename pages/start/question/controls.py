"""What the first page reads beside the texts: the first one once more, with the last layer alone open."""

from __future__ import annotations

from lib.app import readings
from lib.edits import UNTOUCHED, Cut, edit
from lib.measures.story import LIGHT, brought_back
from lib.reading import Reading


def last_alone(reading: Reading, row: int) -> float | None:
    """How much of what reading does to one text's first token the last layer does alone.

    Args:
        reading: of the texts as they are.
        row: which text.

    Returns:
        As :func:`brought_back`; None also for a single layer, and for a text too long for a page
        that is to be there at once.
    """
    below = tuple(range(1, reading.layers))
    changes = (UNTOUCHED, edit(Cut("first", "others")), edit(Cut("first", "others", below)))
    if reading.layers == 1 or int(reading.encoding.lengths[row]) * len(changes) > LIGHT:
        return None
    (found,) = readings.variants(reading, changes, rows=(row,), attention="none")
    return brought_back(found.cls[-1])
