"""One number of each vector, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import Note, blank, finish, level, note, series, write
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]
Role = Literal["first", "words", "separator"]

LABELLED = 13  # layers up to which each point carries its number
LAYER = "layer (0: before the first layer)"


@dataclass(frozen=True, eq=False)
class LayerLine:
    """One vector's number, layer by layer.

    Attributes:
        name: in the legend, plain.
        role: decides colour and mark.
        values: float[layers], the first of which belongs to layer ``start`` of the figure.
        written: for each point a number or "", or nothing at all.
        band: float[layers] twice, the lowest and the highest; None where there is none.
    """

    name: str
    role: Role
    values: Numbers
    written: Sequence[str] = ()
    band: tuple[Numbers, Numbers] | None = None


def marks(palette: Palette) -> dict[Role, tuple[str, str]]:
    """Colour and mark of each role."""
    return {
        "first": (palette.cls, "square"),
        "words": (palette.ink, "circle"),
        "separator": (palette.sep, "circle-open"),
    }


def by_layer(
    lines: Sequence[LayerLine],
    palette: Palette,
    *,
    y: str,
    span: tuple[float | None, float | None] = (None, None),
    percent: bool = False,
    dashed: float | None = None,
    height: int = 340,
) -> go.Figure:
    """Lines over the layers, the first token's on top.

    Args:
        lines: one value for each layer from 0 on.
        palette: of the theme.
        y: title of the y axis, in words with the unit.
        span: of the y axis; None where the values decide.
        percent: whether the values are shares.
        dashed: a level that is marked.
        height: pixels.
    """
    figure, notes = blank(), list[Note]()
    for line in sorted(lines, key=lambda each: each.role == "first"):
        colour, symbol = marks(palette)[line.role]
        x = list(range(len(line.values)))
        if line.band is not None:
            low, high = line.band
            figure.add_scatter(
                x=[*x, *x[::-1]],
                y=[*high, *low[::-1]],
                fill="toself",
                mode="lines",
                line={"width": 0},
                fillcolor=see_through(colour, 0.16),
                hoverinfo="skip",
                showlegend=False,
            )
        value = "%{y:.1%}" if percent else "%{y:.4f}"
        is_first = line.role == "first"
        series(
            figure,
            x,
            line.values,
            escape.plotly(line.name, 40),
            colour,
            hover=f"layer %{{x}}: <b>{value}</b>",
            symbol=symbol,
            size=11 if is_first else 9,
            width=3 if is_first else 2,
            legendrank=1 if is_first else 2,
        )
        if len(x) <= LABELLED:
            notes += [
                note(
                    text,
                    palette.ink,
                    x=layer,
                    y=float(line.values[layer]),
                    yshift=_clear(line, lines, layer),
                    bgcolor=see_through(palette.page, 0.75),
                    borderpad=1,
                )
                for layer, text in enumerate(line.written)
                if text
            ]
    write(figure, *notes)
    ends = (-0.45, max(len(line.values) for line in lines) - 0.55)
    if dashed is not None:
        level(figure, dashed, ends, "dashed", palette.ink)
    finish(figure, palette, height=height, x=LAYER, y=y, legend=True)
    figure.update_xaxes(dtick=1, range=list(ends))
    figure.update_yaxes(range=_roomy(lines, span), tickformat=".0%" if percent else None)
    return figure


def _roomy(lines: Sequence[LayerLine], span: tuple[float | None, float | None]) -> list[float]:
    """The span with room at its foot, so that what lies lowest keeps off the names of the layers."""
    every = np.concatenate([part for line in lines for part in (line.values, *(line.band or ()))])
    low, high = min([float(every.min()), *([] if span[0] is None else [span[0]])]), span[1]
    if high is None:
        high = float(every.max()) + 0.08 * ((float(every.max()) - low) or 1)
    return [low - 0.12 * ((high - low) or 1), high]


def _clear(line: LayerLine, lines: Sequence[LayerLine], layer: int) -> int:
    """Pixels by which a number is moved off its point: up, but down under a line just above."""
    every = np.concatenate([each.values for each in lines])
    here, room = float(line.values[layer]), float(np.ptp(every)) / 6
    others = [float(each.values[layer]) - here for each in lines if each is not line]
    above, below = any(0 <= gap < room for gap in others), any(-room < gap < 0 for gap in others)
    return -18 if above and not below else 18


def see_through(colour: str, opacity: float) -> str:
    """A colour "#rrggbb" that lets through what lies behind it."""
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgba({red},{green},{blue},{opacity})"
