"""The figures of the page on the learning of BERT's two tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lib.figures.chart import blank, error_bars, finish, plane
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

ACROSS, UP = "across", "up"
FOLLOWS, RANDOM, SHOWN = "text B follows", "text B is a random one", "the pair above"
WORDS, PAIRS, CHANCE = "masked words", "pairs", "guessing"


def spots(places: np.ndarray, kinds: Sequence[str], wide: float, high: float, palette: Palette) -> go.Figure:
    """First vectors of pairs on a plane.

    Args:
        places: float64[pairs, 2], those of one kind behind one another.
        kinds: of each.
        wide: half the width of the map.
        high: half its height.
        palette: of the theme.
    """
    looks = {
        FOLLOWS: {"symbol": "circle", "size": 10, "color": palette.cls},
        RANDOM: {"symbol": "circle", "size": 9, "color": palette.page, "line": {"width": 2, "color": palette.muted}},
        SHOWN: {"symbol": "diamond", "size": 14, "color": palette.ink},
    }
    figure = blank()
    for kind, look in looks.items():
        there = [k for k, each in enumerate(kinds) if each == kind]
        figure.add_scatter(
            x=places[there, 0],
            y=places[there, 1],
            mode="markers",
            meta=[ACROSS, UP],
            marker=look,
            name=kind,
            hovertemplate=f"{kind}<extra></extra>",
            cliponaxis=False,
        )
    finish(figure, palette, height=440, x="first direction →", y="second direction →", legend=True)
    return plane(figure, palette, wide, high)


def curve(
    steps: Sequence[int], lines: Mapping[str, Sequence[float]], ends: Mapping[str, np.ndarray], palette: Palette
) -> go.Figure:
    """How often both heads are right, by step.

    Args:
        steps: from 0.
        lines: of ``WORDS`` and ``PAIRS``, shares.
        ends: float64[2, steps] each, how far their intervals reach down and up.
        palette: of the theme.
    """
    figure = blank()
    names = ["before", *map(str, steps[1:])]
    for name, colour, symbol in ((PAIRS, palette.cls, "square"), (WORDS, palette.ink, "circle")):
        figure.add_scatter(
            x=names,
            y=lines[name],
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2},
            marker={"size": 8, "symbol": symbol},
            error_y=error_bars(ends[name][0], ends[name][1], colour, thickness=1.5, width=3),
            hovertemplate="%{x}: <b>%{y:.1%}</b><extra></extra>",
        )
    figure.add_scatter(
        x=names,
        y=[0.5] * len(names),
        mode="lines",
        meta="guide",
        name=CHANCE,
        line={"color": palette.muted, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )
    finish(figure, palette, height=340, x="steps of training", y="right on held-out documents", legend=True)
    figure.update_xaxes(type="category")
    figure.update_yaxes(range=[0, 1], tickformat=".0%")
    return figure


def attended(lines: Mapping[str, Sequence[float]], palette: Palette) -> go.Figure:
    """The share of the first token's attention that goes to the two texts, by layer.

    Args:
        lines: of each step, shares by layer.
        palette: of the theme.
    """
    figure = blank()
    looks = ((palette.muted, "dash"), (palette.attends_to, "solid"), (palette.ink, "dot"))
    for (name, values), (colour, dash) in zip(lines.items(), looks, strict=False):
        figure.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=values,
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate="layer %{x}: <b>%{y:.0%}</b><extra></extra>",
        )
    finish(figure, palette, height=300, x="layer", y="attention to the two texts", legend=True)
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(range=[0, 1], tickformat=".0%")
    return figure
