"""What other tokens make of the first one's vector, and what every layer makes it of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish
from lib.measures.ledger import TermKind
from lib.quantities import Palette, mix, share

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]

_NUMBERED = 0.07  # the smallest share with its number in the bar
_MANY = 12  # layers from which on bars carry no numbers


def mixing(counted: Sequence[tuple[str, Numbers]], palette: Palette) -> go.Figure:
    """How much of the new vector comes from other tokens, layer by layer, counted in three ways.

    Args:
        counted: by name, from left to right, float[layers] each, from 0 to 1: hollow, hatched, full.
        palette: of the theme.
    """
    figure = blank()
    styles = (
        (palette.page, "", palette.attends_to),
        (palette.attends_to_pale, "/", palette.attends_to_pale),
        (palette.attends_to, "", palette.attends_to),
    )
    layers = len(counted[0][1])
    overlaid = {"fillmode": "overlay", "fgcolor": palette.attends_to, "size": 7, "solidity": 0.2}
    for (name, values), (colour, hatch, edge) in zip(counted, styles, strict=True):
        figure.add_bar(
            x=[str(k + 1) for k in range(layers)],
            y=values,
            name=name,
            marker={
                "color": colour,
                "line": {"width": 1.5, "color": edge},
                "pattern": {**overlaid, "shape": hatch},
            },
            text=[share(float(value)) for value in values] if layers < _MANY else None,
            textposition="outside",
            textangle=0,
            textfont={"size": 13, "color": palette.ink},
            cliponaxis=False,
            hovertemplate=f"layer %{{x}}, {name}: <b>%{{y:.1%}}</b> from other tokens<extra></extra>",
        )
    finish(figure, palette, height=340, x="layer", y="share from other tokens", legend=True)
    figure.update_layout(barmode="group", bargap=0.25, bargroupgap=0.08, legend_traceorder="normal")
    figure.update_layout(uniformtext={"minsize": 12, "mode": "hide"})
    figure.update_xaxes(type="category")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.06], dtick=0.25)
    return figure


def made_of(
    shares: Mapping[TermKind, Numbers], names: Mapping[TermKind, str], chosen: int, palette: Palette, *, y: str
) -> go.Figure:
    """What each layer makes the new vector of: signed shares, stacked up and down from 0.

    Args:
        shares: float[layers] of each kind that occurs, from the bottom up; they add up to 1 in each layer.
        names: of the kinds, as they are labelled.
        chosen: the layer, from 1, that is open.
        palette: of the theme.
        y: what the shares are of.
    """
    figure = blank()
    styles: Mapping[TermKind, tuple[str, str, str]] = {
        "before": (palette.cls, "", palette.page),
        "read": (palette.attends_to, "", palette.page),
        "forward": (mix(palette.page, palette.ink, 0.62), "", palette.page),
        "near": (palette.muted, "x", palette.page),
        "bias": (palette.sep, "/", palette.page),
    }
    layers = len(next(iter(shares.values())))
    x = [str(k + 1) for k in range(layers)]
    for kind, values in shares.items():
        colour, hatch, ink = styles[kind]
        shown = escape.plotly(names[kind])
        figure.add_bar(
            x=x,
            y=values,
            name=shown,
            marker={
                "color": colour,
                "line": {"width": 1, "color": palette.page},
                "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": palette.page, "size": 7, "solidity": 0.2},
            },
            text=[share(float(value)) if value >= _NUMBERED and layers <= _MANY else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": ink, "size": 14},
            hovertemplate=f"layer %{{x}}: <b>%{{y:.1%}}</b> {shown}<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": palette.muted, "width": 1})
    finish(figure, palette, height=380, x="layer", y=y, legend=True)
    figure.update_layout(barmode="relative", legend_traceorder="normal", uniformtext={"minsize": 12, "mode": "hide"})
    figure.update_xaxes(
        type="category",
        tickvals=x,
        ticktext=[f"<b>{name}</b>" if k + 1 == chosen else name for k, name in enumerate(x)],
    )
    low = float(np.minimum(np.stack(list(shares.values())), 0).sum(axis=0).min())
    high = float(np.maximum(np.stack(list(shares.values())), 0).sum(axis=0).max())
    figure.update_yaxes(tickformat=".0%", range=[min(low * 1.05, 0), high * 1.02], dtick=0.25)
    return figure
