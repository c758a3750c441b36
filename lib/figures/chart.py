"""The house template: transparent ground, horizontal hairlines, axis titles in words with units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

SANS = '"Source Sans", "Source Sans 3", "Source Sans Pro", system-ui, sans-serif'


def blank() -> go.Figure:
    """An empty figure. Plotly is imported here and nowhere else, because that takes most of a second."""
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
    axis = {
        "showline": False,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"size": 14, "color": palette.muted},
        "automargin": True,
        "title": {"font": {"size": 14, "color": palette.muted}, "standoff": 8},
    }
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": 12, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": SANS, "size": 15, "color": palette.ink},
        showlegend=legend,
        bargap=0.28,
        dragmode=False,
        legend={
            "orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "title_text": "",
            "font": {"size": 14, "color": palette.muted},
        },
        hoverlabel={
            "bgcolor": palette.ink,
            "bordercolor": palette.ink,
            "font": {"family": SANS, "size": 14, "color": palette.page},
        },
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.ink},
        transition_duration=0,
    )
    figure.update_xaxes(showgrid=False, title_text=x, **axis)
    figure.update_yaxes(showgrid=True, gridcolor=palette.line, gridwidth=1, title_text=y, **axis)
    return figure
