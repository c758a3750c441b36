"""One method against what taking away does: a point for each token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.float64]

NAMED = 4  # of the largest in each direction that carry their name, where there is room for it
LETTER = 0.022  # of the width, that a letter takes on a narrow screen
LINE = 0.06  # of the height, that a line of letters takes


def against(
    x: Numbers,
    y: Numbers,
    names: Sequence[str],
    palette: Palette,
    *,
    heads: tuple[str, str],
    across: str,
    up: str,
    percent: bool,
) -> go.Figure:
    """What a method says of each token against what happens without it.

    Args:
        x: float64[n], the method's sizes.
        y: float64[n], the effect's sizes.
        names: n tokens.
        palette: of the theme.
        heads: of the columns that x and y are in the table.
        across: title of the x axis, in words with the unit.
        up: title of the y axis, likewise.
        percent: whether x is shares.
    """
    figure = blank()
    shown = [escape.plotly(name, 24) for name in names]
    value = "%{x:.1%}" if percent else "%{x:.4g}"
    reach, top = float(x.max()) or 1.0, float(y.max()) or 1.0
    sides = _sides(x / reach, y / top, shown)
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers+text",
        text=[name if side else "" for name, side in zip(shown, sides, strict=True)],
        textposition=[f"middle {side or 'right'}" for side in sides],
        textfont={"size": 14, "color": palette.ink},
        marker={"symbol": "circle", "size": 10, "color": palette.ink, "line": {"width": 1, "color": palette.page}},
        cliponaxis=False,
        meta=heads,
        customdata=shown,
        hovertemplate=f"<b>%{{customdata}}</b>: {value}, then %{{y:.4g}}<extra></extra>",
    )
    finish(figure, palette, height=320, x=across, y=up)
    figure.update_xaxes(range=[-0.04 * reach, 1.06 * reach], tickformat=".0%" if percent else None, nticks=6)
    figure.update_yaxes(range=[-0.05 * top, 1.16 * top], nticks=6)
    return figure


def _sides(x: Numbers, y: Numbers, names: Sequence[str]) -> list[str]:
    """On which side of each point its name stands: "left", "right", or "" where it has none or no room."""
    sides = [""] * len(names)
    written: list[tuple[float, float, float]] = []  # names that have their place: from, to, at what height
    for k in dict.fromkeys([*np.argsort(-y)[:NAMED].tolist(), *np.argsort(-x)[:NAMED].tolist()]):
        wide = LETTER * len(names[k]) + 0.03
        level = (np.abs(y - y[k]) < LINE) & (np.arange(len(x)) != k)
        for side, start, stop in (("right", x[k], x[k] + wide), ("left", x[k] - wide, x[k])):
            crossed = any(start < end and begin < stop and abs(at - y[k]) < LINE for begin, end, at in written)
            if start >= 0 and stop <= 1 and not crossed and not (level & (x >= start) & (x <= stop)).any():
                sides[k] = side
                written.append((start, stop, y[k]))
                break
    return sides
