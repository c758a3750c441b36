"""How long one row of a table of embeddings is among all of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lib import escape
from lib.figures.chart import blank, finish, note, write
from lib.measures.inputs import Fact
from lib.quantities import Palette, count, mix, number

if TYPE_CHECKING:
    import plotly.graph_objects as go


def standings(facts: Sequence[Fact], first_token: str, palette: Palette) -> go.Figure:
    """A line for each table, from its shortest row to its longest, with the first token's row marked on it.

    Args:
        facts: of each table, from top to bottom.
        first_token: of the model, plain.
        palette: of the theme.
    """
    figure, notes = blank(), []
    places = [len(facts) - 1 - k for k in range(len(facts))]
    pale = mix(palette.page, palette.muted, 0.45)
    for fact, y in zip(facts, places, strict=True):
        row, shown = fact.standing, escape.plotly(f"{fact.name} vectors")
        for x, width, colour in (
            ((row.smallest, row.largest), 2, pale),
            ((row.low, row.high), 12, pale),
        ):
            figure.add_scatter(
                x=x,
                y=(y, y),
                mode="lines",
                line={"width": width, "color": colour},
                hoverinfo="skip",
                showlegend=False,
                meta="x",
            )
        figure.add_scatter(
            x=[row.median],
            meta="x",
            y=[y],
            mode="markers",
            marker={"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": palette.muted}},
            hovertemplate=f"median of {count(row.rows)} rows: %{{x:.2f}}<extra>{shown}</extra>",
        )
        figure.add_scatter(
            x=[row.length],
            meta="x",
            y=[y],
            mode="markers+text",
            text=[number(row.length)],
            textposition="bottom center",
            textfont={"size": 14, "color": palette.ink},
            cliponaxis=False,
            marker={
                "symbol": "square",
                "size": 14,
                "color": palette.cls,
            },
            hovertemplate=f"{escape.plotly(f'{first_token}, row {fact.row}', 40)}: %{{x:.2f}}, more than "
            f"{row.shorter:.1%} of the others<extra>{shown}</extra>",
        )
        place = {"x": 0, "xref": "paper", "xanchor": "left", "y": y, "yshift": 24, "align": "left"}
        notes.append(note(f"{shown} ({count(row.rows)} rows, median {number(row.median)})", palette.muted, **place))
    write(figure, *notes)
    finish(figure, palette, height=76 * len(facts) + 70, x="length of a row (thick: nine in ten of the rows)")
    figure.update_xaxes(rangemode="tozero", showgrid=False)
    figure.update_yaxes(range=[-0.45, len(facts) - 0.2], showticklabels=False, showgrid=False)
    return figure
