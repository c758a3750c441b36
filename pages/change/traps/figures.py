"""Mistakes with vectors: how one grows, and which layers hand back their attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish, level, note, series, write
from lib.quantities import Palette, mix

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]
Role = Literal["first", "other", "baseline"]


@dataclass(frozen=True, eq=False)
class Line:
    """One vector's cosine to the right one.

    Attributes:
        name: in the legend, plain.
        role: whether it is the first token's own vector, another, or what should have been.
        values: float[texts, steps].
    """

    name: str
    role: Role
    values: Numbers


def growth(lines: Sequence[Line], steps: Sequence[str], *, x: str, floor: float, palette: Palette) -> go.Figure:
    """How the cosine falls, step by step: the mean of the texts, and their range as a band.

    Args:
        lines: of as many values as there are steps.
        steps: names of the steps, in order.
        x: what the steps are, in words.
        floor: the mean cosine of unrelated sentences.
        palette: of the theme.
    """
    figure = blank()
    looks = {
        "first": (palette.cls, "square"),
        "other": (palette.ink, "circle"),
        "baseline": (palette.muted, "circle-open"),
    }
    places = list(range(len(steps)))
    for line in lines:
        colour, symbol = looks[line.role]
        low, high, mean = line.values.min(axis=0), line.values.max(axis=0), line.values.mean(axis=0)
        if len(line.values) > 1:
            figure.add_scatter(
                x=[*places, *places[::-1]],
                y=[*high, *low[::-1]],
                fill="toself",
                mode="lines",
                line={"width": 0},
                fillcolor=mix(palette.page, colour, 0.16),
                opacity=0.7,
                hoverinfo="skip",
                showlegend=False,
            )
        name, dash = escape.plotly(line.name, 60), {"dash": "dot" if line.role == "baseline" else "solid"}
        hover = "%{x}: <b>%{y:.3f}</b>"
        series(figure, places, mean, name, colour, hover=hover, symbol=symbol, size=10, width=3, line=dash)
    level(figure, floor, (-0.3, len(steps) - 0.7), "an unrelated sentence", palette.muted)
    place = {"xref": "paper", "x": 1, "xanchor": "right", "y": floor, "yanchor": "bottom"}
    write(figure, note("an unrelated sentence", palette.muted, size=13, **place))
    finish(figure, palette, height=320, x=x, y="cosine to the right vector", legend=True)
    lowest = min(floor, *(float(line.values.min()) for line in lines))
    figure.update_xaxes(tickvals=places, ticktext=list(steps), range=[-0.3, len(steps) - 0.7])
    figure.update_yaxes(range=[min(lowest - 0.08, 0), 1.03])
    return figure


def layers(ways: Sequence[tuple[str, int]], whole: int, palette: Palette) -> go.Figure:
    """Which layers handed back their attention: a filled cell for each that did.

    Args:
        ways: how the model was opened, plain, and how many layers' weights came back.
        whole: layers of the model.
        palette: of the theme.
    """
    figure = blank()
    rows = list(range(len(ways)))[::-1]
    there = np.arange(1, whole + 1) <= np.array([came for _, came in ways])[:, None]  # bool[ways, layers]
    figure.add_heatmap(
        x=list(range(1, whole + 1)),
        y=rows,
        z=there.astype(np.uint8),
        zmin=0,
        zmax=1,
        colorscale=[[0, palette.wash], [1, palette.ink]],
        showscale=False,
        xgap=3,
        ygap=14,
        meta="codes",
        text=[["its weights" if cell else "nothing" for cell in line] for line in there],
        hovertemplate="layer %{x}: %{text}<extra></extra>",
    )
    finish(figure, palette, height=56 * len(ways) + 70, x="layer (filled: its attention came back)")
    figure.update_xaxes(dtick=1, range=[0.4, whole + 0.6])
    figure.update_yaxes(
        showgrid=False,
        range=[-0.6, len(ways) - 0.4],
        tickvals=rows,
        tickfont={"color": palette.ink},
        ticktext=[escape.plotly(name) for name, _ in ways],
        ticklabelstandoff=8,
    )
    return figure
