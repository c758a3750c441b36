"""An exhibit: a picture, the sentence under it and the numbers in it, complete before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Column: TypeAlias = "Sequence[str | float] | NDArray[np.generic]"
# pairs where a head is a word of somebody else's (a class, a token): another column may have the same
Table: TypeAlias = "Mapping[str, Column] | Sequence[tuple[str, Column]]"


@dataclass(frozen=True, eq=False)
class Drawing:
    """A picture that a component draws.

    Attributes:
        draw: of the component; takes the message, ``key=`` and what is to be called when something is pressed, and
            returns what was pressed.
        message: makes the component's message from the picture in words, for those who cannot see it; bytes where it
            holds many numbers.
    """

    draw: Callable[..., object]
    message: Callable[[str], bytes | Mapping[str, object]]


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What a page shows: a picture with its sentence and its table. Making one draws nothing.

    Attributes:
        name: unique on its page; part of widgets' keys and of the names of saved files.
        sentence: the caption, the picture in words for those who cannot see it, and what tests read; Markdown.
        picture: a Plotly figure once a palette is given, or a component with its message.
        table: makes the columns of exactly what is drawn, all of one length; a drawn series has its column's head as
            its name.
        about: what the table holds, one line with units.
        totals: what the sentence says of the columns as a whole (a count, a mean), by what it is.
        headline: what the picture shows, as a short title above it; Markdown, "" where a title stands there already.
    """

    name: str
    sentence: str
    picture: Callable[[Palette], go.Figure] | Drawing
    table: Callable[[], Table]
    about: str
    totals: Mapping[str, float] = field(default_factory=dict)
    headline: str = ""


def columns(table: Table) -> dict[str, Column]:
    """The columns of a table by heads of which no two are the same, and none is a formula for a spreadsheet.

    Args:
        table: columns of one length.
    """
    pairs = list(table.items()) if isinstance(table, Mapping) else list(table)
    heads = escape.unlike([escape.cell(escape.visible(head)) for head, _ in pairs])
    return {head: column for head, (_, column) in zip(heads, pairs, strict=True)}
