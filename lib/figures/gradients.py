"""Where a loss arrives: the lengths of its gradients as a map, with exact zeros apart from small numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish, note, write
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

NAMED = 40  # tokens up to which each is named
ABOVE = 26  # pixels above a row of its own, for its name
DECADES = 3.0  # from the palest colour to the full one


def gradients(
    lengths: NDArray[np.floating], tokens: Sequence[str], palette: Palette, *, rows: Sequence[str] = ()
) -> go.Figure:
    """The length of a loss's gradient at each token's vector in each row; an exact zero stays empty.

    Args:
        lengths: float[rows, tokens], lengths of gradients.
        tokens: as the model reads them, the first token first.
        palette: of the theme.
        rows: their names, where each is a loss of its own, coloured by itself; else the rows are layers from 0 on.
    """
    layers, many = lengths.shape[0], lengths.shape[1]
    top = lengths.max(axis=1 if rows else None, keepdims=True)
    top = np.where(top == 0, 1.0, top)
    zero = lengths == 0
    with np.errstate(divide="ignore"):
        part = np.clip(1 + np.log10(lengths / top) / DECADES, 0.04, 1)
    figure = blank()
    figure.add_heatmap(
        z=np.where(zero, np.nan, part).astype(np.float32),
        x=list(range(many)),
        y=list(range(layers)),
        zmin=0,
        zmax=1,
        colorscale=[[0, palette.wash], [1, palette.scales["diverging"][0]]],
        showscale=False,
        xgap=1,
        ygap=ABOVE if rows else 1,
        hoverongaps=True,
        customdata=lengths,
        text=[[escape.plotly(row)] * many for row in rows] or None,
        hovertemplate=("%{text}" if rows else "layer %{y}") + ": <b>%{customdata:.4g}</b><extra></extra>",
    )
    plain = {"text": "0", "showarrow": False, "font": {"size": 13, "color": palette.muted}}
    zeros = [{**plain, "x": int(token), "y": int(row)} for row, token in np.argwhere(zero)] if many <= NAMED else []
    figure.update_layout(annotations=zeros)  # all at once, because Plotly is slow one by one
    tall = 34 + ABOVE if rows else 26
    finish(figure, palette, height=max(250, tall * layers + 110), y="" if rows else "layer (0: embeddings)")
    names = [escape.plotly(token, 12) for token in tokens]
    figure.update_xaxes(
        tickvals=list(range(many)) if many <= NAMED else None, ticktext=names if many <= NAMED else None, tickangle=-90
    )
    figure.update_yaxes(dtick=1 if layers <= 13 else 4, showgrid=False, range=[layers - 0.5, -0.5])
    if rows:
        figure.update_yaxes(showticklabels=False)
    at_left = {"xref": "paper", "x": 0, "xanchor": "left", "yanchor": "top"}
    above = {"yshift": ABOVE / 2 - 1, **at_left}  # above its cells, so that they are as wide as a phone is
    write(figure, *(note(escape.plotly(row), palette.ink, y=layer - 0.5, **above) for layer, row in enumerate(rows)))
    figure.update_layout(margin={"t": 36})  # the button stands there
    return figure
