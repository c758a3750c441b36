"""The plane of the heads that sink into the first token: its value vector's length, the rank of what they write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lib.figures.chart import blank, finish, note, write
from lib.quantities import Palette, mix
from pages.watch.heads.measures import LONG, SHARED, SHORT, Sink

if TYPE_CHECKING:
    import plotly.graph_objects as go


def sinks(found: Sequence[Sink], axes: tuple[str, str], titles: tuple[str, str], palette: Palette) -> go.Figure:
    """A dot a head, on the ground of what it is nearer to.

    Args:
        found: at least one.
        axes: the heads of the columns that hold the places.
        titles: of the two axes.
        palette: of the theme.
    """
    figure = blank()
    right = 1.1 * max(1.0, *(sink.length for sink in found))
    top = max(3.0, *(sink.rank + 0.3 for sink in found))
    ground = {"line_width": 0, "layer": "below", "fillcolor": mix(palette.page, palette.line, 0.55)}
    figure.add_shape(type="rect", x0=0, x1=SHORT, y0=0.7, y1=top, **ground)
    figure.add_shape(type="rect", x0=LONG, x1=right, y0=0.7, y1=SHARED, **ground)
    write(
        figure,
        note("no-op", palette.muted, x=SHORT / 2, y=top, yanchor="top"),
        note("broadcast", palette.muted, x=(LONG + right) / 2, y=SHARED, yanchor="top"),
    )
    figure.add_scatter(
        x=[sink.length for sink in found],
        y=[sink.rank for sink in found],
        meta=list(axes),
        mode="markers",
        marker={"size": 11, "color": palette.ink, "opacity": 0.65, "line": {"width": 1, "color": palette.page}},
        customdata=[[sink.layer, sink.head] for sink in found],
        hovertemplate="layer %{customdata[0]}, head %{customdata[1]}: length <b>%{x:.3f}</b>, rank <b>%{y:.2f}</b>"
        "<extra></extra>",
        cliponaxis=False,
    )
    finish(figure, palette, height=360, x=titles[0], y=titles[1])
    figure.update_xaxes(range=[0, right])
    figure.update_yaxes(range=[0.7, top])
    return figure
