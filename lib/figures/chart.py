"""The house template: transparent ground, horizontal hairlines, axis titles in words with units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

READABLE = 4.5  # contrast of letters with their ground, as WCAG 2 asks for
SANS = '"Source Sans", "Source Sans 3", "Source Sans Pro", system-ui, sans-serif'


def blank() -> go.Figure:
    """An empty figure. Plotly is imported here and nowhere else, because that takes most of a second.

    Plotly takes whatever it finds of pandas, even the half of it that another visitor's thread is still importing; an
    import of our own waits for the whole.
    """
    import pandas  # noqa: F401
    import plotly.graph_objects as go

    return go.Figure(layout_template="none")


def finish(
    figure: go.Figure, palette: Palette, *, height: int = 300, x: str = "", y: str = "", legend: bool = False
) -> go.Figure:
    """Dress a figure in the house template; complete by itself, so it is shown with ``theme=None``.

    Args:
        figure: with its traces; changed and returned.
        palette: of the theme it will be seen in.
        height: pixels.
        x: title of the x axis, in words with the unit.
        y: title of the y axis, in words with the unit.
        legend: whether to draw one, above left.
    """
    named = {"font": {"size": 14, "color": palette.muted}, "standoff": 8}
    axis = {
        "showline": False,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"size": 14, "color": palette.muted},
        "automargin": True,
        "title": named,
    }
    layout = {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": SANS, "size": 15, "color": palette.ink},
        "showlegend": legend,
        "bargap": 0.28,
        "dragmode": False,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "xanchor": "left",
            "yanchor": "bottom",
            "title": {"text": ""},
            "font": {"size": 14, "color": palette.muted},
        },
        "hoverlabel": {
            "bgcolor": palette.ink,
            "bordercolor": palette.ink,
            "font": {"family": SANS, "size": 14, "color": palette.page},
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.ink},
        "transition": {"duration": 0},
    }
    made = figure.layout.to_plotly_json()
    for kind, grid, title in (
        ("xaxis", {"showgrid": False}, x),
        ("yaxis", {"showgrid": True, "gridcolor": palette.line, "gridwidth": 1}, y),
    ):
        own = {**axis, **grid, "title": {**named, "text": title}}
        layout |= dict.fromkeys({kind, *(name for name in made if name.startswith(kind))}, own)
    figure.layout = _merged(made, layout)  # all at once: Plotly's own update takes fifteen times as long
    return figure


_SAME: Mapping[str, object] = MappingProxyType({})


def series(
    figure: go.Figure,
    x: Sequence[float] | NDArray[np.number],
    y: Sequence[float] | NDArray[np.number],
    name: str,
    colour: str,
    *,
    hover: str,
    symbol: str = "circle",
    size: int = 9,
    width: float = 2,
    line: Mapping[str, object] = _SAME,
    marker: Mapping[str, object] = _SAME,
    **more: object,
) -> None:
    """Draws a line with a mark at each of its points.

    Args:
        figure: changed.
        x: float[points].
        y: float[points].
        name: in the legend, escaped.
        colour: of the line and its marks.
        hover: what is said of a point, in Plotly's own form.
        symbol: of the marks.
        size: of the marks, in pixels.
        width: of the line, in pixels.
        line: what Plotly is told of the line beside that.
        marker: what it is told of the marks beside that.
        **more: what else it is told.
    """
    figure.add_scatter(
        x=x,
        y=y,
        name=name,
        mode="lines+markers",
        cliponaxis=False,
        line={"color": colour, "width": width, **line},
        marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 2, "color": colour}, **marker},
        hovertemplate=f"{hover}<extra>{name}</extra>",
        **more,
    )


def level(
    figure: go.Figure, y: float, ends: tuple[float, float], name: str, colour: str, *, dash: str = "dash"
) -> None:
    """Draws a straight line to compare with, which nobody points at and no legend names.

    Args:
        figure: changed.
        y: where it lies; one of the exhibit's totals.
        ends: where it begins and ends along x.
        name: escaped.
        colour: of the line.
        dash: "dash" or "dot".
    """
    figure.add_scatter(
        x=list(ends),
        y=[y, y],
        name=name,
        meta="guide",
        mode="lines",
        line={"color": colour, "width": 1.5, "dash": dash},
        hoverinfo="skip",
        showlegend=False,
    )


def error_bars(
    down: NDArray[np.floating], up: NDArray[np.floating], colour: str, *, thickness: float = 2, width: int = 6
) -> dict[str, object]:
    """Bars from a mark to the ends of its interval, for ``error_x`` or ``error_y``.

    Args:
        down: float[points], how far they reach down.
        up: float[points], how far they reach up.
        colour: of the bars.
        thickness: of their lines, in pixels.
        width: of the strokes at their ends, in pixels.
    """
    reach = {"type": "data", "symmetric": False, "array": up, "arrayminus": down}
    return {**reach, "color": colour, "thickness": thickness, "width": width}


def hatched(colour: str, ground: str, hatch: str) -> dict[str, object]:
    """The look of a bar with an edge: full of its colour, or hatched with it.

    Args:
        colour: of the edge and the bar.
        ground: of the page, behind a hatch.
        hatch: Plotly's shape; "" for a full bar.
    """
    pattern = {"shape": hatch, "fgcolor": colour, "bgcolor": ground, "size": 7, "solidity": 0.3}
    return {"color": ground if hatch else colour, "line": {"width": 2, "color": colour}, "pattern": pattern}


Note = Mapping[str, object]  # as Plotly is told of it


def note(text: str, colour: str, **where: object) -> Note:
    """What stands written in a picture, without an arrow.

    Args:
        text: escaped.
        colour: of the letters.
        **where: Plotly's own words for the place; ``size`` is that of the letters, 14 pixels where nothing is said.
    """
    font = {"size": where.pop("size", 14), "color": colour}
    return {"text": text, "showarrow": False, "font": font, **where}


def write(figure: go.Figure, *notes: Note) -> None:
    """Writes into a picture, all at once: each further call lets Plotly check again what stands there already.

    Args:
        figure: changed.
        *notes: see :func:`note`.
    """
    figure.layout.annotations += notes


def plane(figure: go.Figure, palette: Palette, wide: float, high: float) -> go.Figure:
    """Makes a finished figure a map: as long upwards as across, framed, without numbers on its axes.

    Args:
        figure: finished; changed and returned.
        palette: of the theme.
        wide: half the width of the map; 0 lies in its middle.
        high: half its height.
    """
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False, "constrain": "domain"}
    figure.update_xaxes(**bare, range=[-wide, wide])
    figure.update_yaxes(**bare, range=[-high, high], scaleanchor="x", scaleratio=1)
    whole = {"xref": "x domain", "yref": "y domain", "x0": 0, "x1": 1, "y0": 0, "y1": 1}
    figure.add_shape(type="rect", **whole, line={"color": palette.line, "width": 1}, layer="below")
    return figure


# what is measured in pixels, wherever it stands in a figure; a width is one only in a line
_PIXELS = frozenset(
    ("size", "height", "l", "r", "t", "b", "xshift", "yshift", "standoff", "ticklabelstandoff", "borderpad")
)


def _merged(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Two layouts as one; where both say something, the second."""
    both = {**below, **above}
    for name in below.keys() & above.keys():
        one, other = below[name], above[name]
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            both[name] = _merged(one, other)
    return both


def larger(figure: go.Figure, by: float) -> go.Figure:
    """The same figure with everything that is measured in pixels enlarged, for a projector.

    Args:
        figure: finished; not changed.
        by: how many times as large; 1 gives the figure itself.
    """
    if by == 1:
        return figure

    def grown(value: object, name: str, inside: str) -> object:
        if isinstance(value, dict):
            return {key: grown(each, key, name) for key, each in value.items()}
        if name in _PIXELS or (name == "width" and inside == "line"):
            if isinstance(value, (list, tuple)):
                return [grown(each, name, inside) for each in value]
            if isinstance(value, int):
                return round(value * by)  # in some places Plotly refuses a part of a pixel
            return value * by if isinstance(value, float) else value
        if isinstance(value, (list, tuple)):
            return [grown(each, name, inside) if isinstance(each, dict) else each for each in value]
        return value

    import plotly.graph_objects as go

    return go.Figure(grown(figure.to_dict(), "", ""))


def legible(ground: str, palette: Palette) -> str:
    """The ink or the page's colour, whichever stands out more; black or white where neither has a contrast of 4.5.

    Args:
        ground: "#rrggbb" behind the letters.
        palette: of the theme.
    """
    behind = _light(ground) + 0.05

    def stands_out(colour: str) -> float:
        return abs(math.log((_light(colour) + 0.05) / behind))

    best = max((palette.ink, palette.page), key=stands_out)
    return best if stands_out(best) >= math.log(READABLE) else max(("#000000", "#ffffff"), key=stands_out)


def _light(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1, as WCAG 2 has it."""
    channels = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
