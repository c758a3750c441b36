"""Vectors as points: the plane in which the visitor's texts differ most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib import escape
from lib.figures.chart import blank, finish
from lib.quantities import Palette, mix, share

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

LINED = 40  # texts up to which the lines to the nearest are drawn


@dataclass(frozen=True)
class MapOf:
    """What a map shows.

    Attributes:
        places: float[n, 2], the texts.
        background: float[m, 2], other sentences on the same plane.
        shares: of both axes in the texts' variance, 0 to 1.
        nearest: for each text the row of its nearest in all dimensions; -1 where several are equally near.
        apart: for each text whether the other pooling names another nearest.
        followed: the rows that are ringed; their lines are heavier.
        reach: half the width of the map, the same for maps that are compared.
        is_first: whether these are the first token's own vectors, which have a colour of their own.
    """

    places: Values
    background: Values
    shares: tuple[float, float]
    nearest: Sequence[int]
    apart: Sequence[bool]
    followed: Sequence[int]
    reach: float
    is_first: bool


def points(shown: MapOf, texts: Sequence[str], *, palette: Palette) -> go.Figure:
    """A map of texts, with other sentences faint behind them.

    Args:
        shown: where everything stands.
        texts: n, as typed; escaped here.
        palette: of the theme.
    """
    places, followed = shown.places, shown.followed
    figure = blank()
    ink = palette.cls if shown.is_first else palette.ink
    figure.add_scatter(
        x=shown.background[:, 0].astype(np.float32),
        y=shown.background[:, 1].astype(np.float32),
        mode="markers",
        marker={"size": 5, "color": mix(palette.page, palette.muted, 0.45)},
        hoverinfo="skip",
    )
    if len(texts) <= LINED:
        for k, (other, differs) in enumerate(zip(shown.nearest, shown.apart, strict=True)):
            if other >= 0:
                figure.add_scatter(
                    x=places[[k, other], 0].astype(np.float32),
                    y=places[[k, other], 1].astype(np.float32),
                    mode="lines",
                    line={
                        "color": ink if k in followed else palette.muted,
                        "width": 3 if k in followed else 1.5,
                        "dash": "dot" if differs else "solid",
                    },
                    hoverinfo="skip",
                )
    figure.add_scatter(
        x=places[list(followed), 0],
        y=places[list(followed), 1],
        mode="markers",
        hoverinfo="skip",
        marker={
            "symbol": "square-open" if shown.is_first else "circle-open",
            "size": 24,
            "color": ink,
            "line": {"width": 2},
        },
    )
    figure.add_scatter(
        x=places[:, 0].astype(np.float32),
        y=places[:, 1].astype(np.float32),
        mode="markers+text" if len(texts) <= LINED else "markers",
        text=[str(k + 1) for k in range(len(texts))],
        textposition=_beside(places, shown.reach),
        textfont={"size": 15, "color": palette.ink},
        marker={
            "symbol": "square" if shown.is_first else "circle",
            "size": 13 if len(texts) <= LINED else 8,
            "color": ink,
            "line": {"width": 1, "color": palette.page},
        },
        customdata=[f"{k + 1} {escape.plotly(text, 80)}" for k, text in enumerate(texts)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    finish(
        figure,
        palette,
        height=400,
        x=f"first axis: {share(shown.shares[0])} of their variance",
        y=f"second axis: {share(shown.shares[1])}",
    )
    flat = {"range": [-shown.reach, shown.reach], "showticklabels": False, "showgrid": False}
    figure.update_xaxes(**flat, constrain="domain", zeroline=False)
    figure.update_yaxes(**flat, scaleanchor="x", scaleratio=1, constrain="domain")
    figure.add_shape(
        type="rect",
        xref="x domain",
        yref="y domain",
        x0=0,
        x1=1,
        y0=0,
        y1=1,
        line={"color": palette.line, "width": 1},
        layer="below",
    )
    return figure


_SIDES = {
    "top center": (0, 1),
    "top right": (0.7, 0.7),
    "middle right": (1, 0),
    "bottom right": (0.7, -0.7),
    "bottom center": (0, -1),
    "bottom left": (-0.7, -0.7),
    "middle left": (-1, 0),
    "top left": (-0.7, 0.7),
}


def _beside(places: Values, reach: float) -> list[str]:
    """Where each point's number stands: where the most room is left by the points and the numbers before it."""
    steps = np.array(list(_SIDES.values())) * 0.11 * (reach or 1)  # as far as a number is from its point
    sides, taken = [], [*places]
    for k, here in enumerate(places):
        others = np.array([place for n, place in enumerate(taken) if n != k]).reshape(-1, 2)
        spots = here + steps  # float64[8, 2]
        room = np.linalg.norm(spots[:, None] - others[None], axis=2).min(axis=1) if len(others) else np.zeros(8)
        best = int(room.argmax())
        taken.append(spots[best])
        sides.append(list(_SIDES)[best])
    return sides
