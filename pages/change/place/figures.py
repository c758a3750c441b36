"""The token or the place: how a watched token turns layer by layer, and the grid of tokens and position ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish, legible, series
from lib.figures.journey import LAYER
from lib.quantities import Palette, Quantity

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]
Role = Literal["first", "other", "self", "baseline"]


@dataclass(frozen=True, eq=False)
class Line:
    """One token's cosine, layer by layer.

    Attributes:
        name: in the legend, plain.
        role: what it is: the first token itself, another in its place, its nearness to its own old vectors, or a token
            that was not changed.
        values: float[layers+1].
    """

    name: str
    role: Role
    values: Numbers


def turning(lines: Sequence[Line], palette: Palette) -> go.Figure:
    """How near to the true first token each token is, layer by layer.

    Args:
        lines: one value for each layer from 0 on.
        palette: of the theme.
    """
    figure = blank()
    looks = {
        "first": (palette.cls, "square", "solid"),
        "other": (palette.ink, "circle", "solid"),
        "self": (palette.ink, "circle-open", "dash"),
        "baseline": (palette.muted, "circle-open", "dot"),
    }
    for line in lines:
        colour, symbol, dash = looks[line.role]
        series(
            figure,
            list(range(len(line.values))),
            line.values.astype(np.float32),
            escape.plotly(line.name, 60),
            colour,
            symbol=symbol,
            size=10,
            width=3 if line.role in ("first", "other") else 2,
            line={"dash": dash},
            hover="layer %{x}: <b>%{y:.4f}</b>",
        )
    finish(figure, palette, height=330, x=LAYER, y="cosine to the unchanged token", legend=True)
    lowest = min(float(np.nanmin(line.values)) for line in lines)
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(range=[min(-0.02, lowest - 0.05), 1.04])
    return figure


def corners(
    values: Numbers,
    tokens: Sequence[str],
    positions: Sequence[int],
    written: Sequence[Sequence[str]],
    quantity: Quantity,
    *,
    reach: float,
    palette: Palette,
) -> go.Figure:
    """The grid: a row for each token in the first position, a column for each position id.

    Args:
        values: float[tokens, positions]; nan for none.
        tokens: the model's own first token first.
        positions: the usual id first.
        written: what stands in the cells.
        quantity: what the cells are.
        reach: the value that gets the full colour; the scale begins at 0, or at its opposite where values have signs.
        palette: of the theme.
    """
    figure = blank()
    rows = list(range(len(tokens)))[::-1]
    low = 0.0 if quantity.scale != "diverging" else -reach
    figure.add_heatmap(
        z=values.astype(np.float32),
        x=list(range(len(positions))),
        y=rows,
        zmin=low,
        zmax=reach,
        colorscale=palette.colorscale(quantity.scale),
        showscale=False,
        xgap=2,
        ygap=2,
        text=[[f"{escape.plotly(token, 40)}, position id {place}" for place in positions] for token in tokens],
        hovertemplate="%{text}<br>" + quantity.name + " <b>%{z:.3f}</b><extra></extra>",
    )
    notes = []
    for row, line, texts in zip(rows, values, written, strict=True):
        for column, (value, text) in enumerate(zip(line, texts, strict=True)):
            part = (float(value) - low) / (reach - low or 1)
            ground = palette.page if np.isnan(value) else palette.paint(quantity.scale, part)
            font = {"size": 15, "color": legible(ground, palette)}
            notes.append({"x": column, "y": row, "text": text, "showarrow": False, "font": font})
    frame = {"type": "rect", "x0": -0.48, "x1": 0.48, "y0": len(tokens) - 1.48, "y1": len(tokens) - 0.52}
    figure.update_layout(
        annotations=notes, shapes=[{**frame, "line": {"color": palette.cls, "width": 3}, "fillcolor": "rgba(0,0,0,0)"}]
    )
    finish(figure, palette, height=44 * len(tokens) + 96, x="position id of the token in the first position")
    figure.update_layout(margin={"t": 32})
    figure.update_xaxes(
        tickvals=list(range(len(positions))),
        ticktext=[f"{place} (its own)" if k == 0 else str(place) for k, place in enumerate(positions)],
    )
    names = [escape.plotly(token, 24) for token in tokens]
    names[0] = f'<b><span style="color:{palette.cls}">{names[0]}</span></b>'
    figure.update_yaxes(
        showgrid=False, tickvals=rows, ticktext=names, tickfont={"color": palette.ink}, ticklabelstandoff=8
    )
    return figure
