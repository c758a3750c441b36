"""Attention knock-out: how far texts differ by layer, what each layer brings in, what each word is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish, hatched, note, series, write
from lib.quantities import Palette, mix, part, share

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]

# the series, as the legend and the table name them
BEFORE, AFTER = "unchanged", "with your changes"
BACK, LOST = "comes back: this layer alone is open", "is lost: this layer alone is closed"
LAYER = "layer (0: before the first layer)"
LABELLED = 8  # layers up to which small bars carry their number, too
NAMED = 24  # bars up to which each is named
SMALL, LARGE = 0.02, 0.2  # from which on a bar carries its number: in few layers, in many


def apart(before: Numbers, after: Numbers, closed: Sequence[tuple[int, int]], y: str, palette: Palette) -> go.Figure:
    """How far texts differ in each layer: dotted in the unchanged model, solid with what was changed.

    Args:
        before: float[layers+1], unchanged.
        after: float[layers+1], changed.
        closed: runs of layers, first and last, in which it attends to nothing but itself; shaded.
        y: title of the y axis.
        palette: of the theme.
    """
    figure = blank()
    layers = list(range(len(before)))
    for start, stop in closed:
        figure.add_vrect(
            x0=start - 0.5, x1=stop + 0.5, line_width=0, layer="below", fillcolor=mix(palette.page, palette.line, 0.55)
        )
    middles = [(start + stop) / 2 for start, stop in closed]
    write(figure, *(note("closed", palette.muted, x=x, y=1, yref="paper", yanchor="top") for x in middles))
    for name, values, colour, dash, symbol, size in (
        (BEFORE, before, palette.muted, "dot", "circle-open", 9),
        (AFTER, after, palette.cls, "solid", "square", 11),
    ):
        series(
            figure,
            layers,
            values,
            name,
            colour,
            symbol=symbol,
            size=size,
            width=3 if dash == "solid" else 2,
            line={"dash": dash},
            hover="layer %{x}: <b>%{y:.4g}</b>",
        )
    finish(figure, palette, height=300, x=LAYER, y=y, legend=True)
    top = max(float(np.max(before)), float(np.max(after))) or 1.0
    figure.update_xaxes(dtick=1, range=[-0.45, len(layers) - 0.55])
    figure.update_yaxes(range=[-0.03 * top, 1.12 * top])
    return figure


def by_layer(alone: Numbers, without: Numbers, palette: Palette) -> go.Figure:
    """What each layer brings in: what comes back through it alone, and what is lost without it.

    Args:
        alone: float[layers, texts], back with only that layer open; 1 is all.
        without: float[layers, texts], lost with only that layer closed; 1 is all.
        palette: of the theme.
    """
    figure, notes = blank(), []
    layers, texts = alone.shape
    at = np.arange(1, layers + 1, dtype=np.float64)
    low, high = min(0.0, float(alone.min()), float(without.min())), max(1.0, float(alone.max()), float(without.max()))
    least = SMALL if layers <= LABELLED else LARGE
    for name, values, shift, hatch in (
        (BACK, alone, -0.2, ""),
        (LOST, without, 0.2, "/"),
    ):
        mean = values.mean(axis=1)
        figure.add_bar(
            x=at + shift,
            y=mean,
            width=0.36,
            name=name,
            customdata=at,
            marker=hatched(palette.cls, palette.page, hatch),
            hovertemplate="layer %{customdata}: <b>%{y:.1%}</b><extra>" + name + "</extra>",
        )
        tops = zip(at + shift, mean, np.maximum(values.max(axis=1), 0), strict=True)
        notes += [
            note(  # each on its own side, so that the two do not run into each other
                part(float(height)),
                palette.ink,
                x=float(x) + (-0.18 if hatch else 0.18),
                xanchor="left" if hatch else "right",
                y=float(top),
                yshift=12,
            )
            for x, height, top in tops
            if height >= least
        ]
        if texts > 1:
            for k, column in enumerate(values.T, 1):
                figure.add_scatter(
                    x=at + shift,
                    y=column,
                    mode="markers",
                    showlegend=False,
                    name=f"{name}, text {k}",
                    marker={"symbol": "circle-open", "size": 6, "color": palette.ink, "line": {"width": 1.5}},
                    hovertemplate=f"text {k}: <b>%{{y:.1%}}</b><extra></extra>",
                )
    write(figure, *notes)
    finish(figure, palette, height=360, x="layer", y="part of what attention brings in", legend=True)
    figure.update_layout(barmode="overlay", legend_traceorder="normal")
    figure.update_xaxes(dtick=1, range=[0.4, layers + 0.6])
    figure.update_yaxes(tickformat=".0%", range=[low * 1.1, high * 1.12])
    return figure


def effects(
    moved: Numbers, names: Sequence[str], roles: Sequence[str], chosen: int, baseline: str, palette: Palette
) -> go.Figure:
    """What each token is worth, against the average one.

    Args:
        moved: float[bars], from 0 up; 1 is as far as without any.
        names: of the bars, as they are; escaped here.
        roles: "sep" where a bar is a separator.
        chosen: the bar that is marked.
        baseline: what the dashed line is called.
        palette: of the theme.
    """
    figure = blank()
    pale = mix(palette.page, palette.ink, 0.45)
    bars = list(range(len(moved)))
    shown = [escape.plotly(name, 18) for name in names]
    figure.add_bar(
        x=bars,
        y=moved,
        width=0.78,
        text=shown,
        textposition="none",
        marker={
            "color": [
                palette.ink if k == chosen else palette.sep if role == "sep" else pale for k, role in enumerate(roles)
            ],
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if role == "sep" else "" for role in roles],
                "fgcolor": palette.page,
                "size": 6,
                "solidity": 0.25,
                "fillmode": "overlay",
            },
        },
        hovertemplate="%{text}: <b>%{y:.1%}</b><extra></extra>",
        showlegend=False,
    )
    mean = float(np.mean(moved))
    figure.add_scatter(
        x=[-0.6, len(moved) - 0.4],
        y=[mean, mean],
        mode="lines",
        name=baseline,
        meta="guide",
        hoverinfo="skip",
        line={"color": palette.ink, "width": 1.5, "dash": "dash"},
        showlegend=True,
    )
    top = max(float(np.max(moved)), 1e-9)
    if len(moved) <= NAMED:
        most = float(moved[chosen])
        write(figure, note(share(most), palette.ink, x=chosen, y=most, yshift=12))
    finish(figure, palette, height=360, y="how far it moves (100%: without any token)", legend=True)
    every = len(moved) <= NAMED
    step = 1 if every else max(1, len(moved) // 8)
    ticks = bars[::step]
    figure.update_xaxes(
        range=[-0.6, len(moved) - 0.4],
        tickvals=ticks,
        ticktext=[shown[k] if every else str(k + 1) for k in ticks],
        tickangle=-90 if every else 0,
        title_text="the token that is forbidden" if every else "position",
    )
    figure.update_yaxes(tickformat=".0%", range=[0, 1.15 * top])
    return figure
