"""How long one row of a table of embeddings is among all of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib import escape
from lib.figures.chart import blank, finish
from lib.quantities import Palette, count, mix, number

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Row:
    """One table, and one row of it.

    Attributes:
        name: of the table, plain.
        marked: the row that is marked, plain.
        is_first: whether the marked row is the first token's, which has a colour of its own.
        length: of that row.
        shorter: the share of the other rows that are shorter, 0 to 1.
        low: 5 % of the rows are shorter.
        median: of all rows.
        high: 5 % of the rows are longer.
        smallest: the shortest row.
        largest: the longest row.
        rows: how many there are.
    """

    name: str
    marked: str
    is_first: bool
    length: float
    shorter: float
    low: float
    median: float
    high: float
    smallest: float
    largest: float
    rows: int


def standings(rows: Sequence[Row], palette: Palette) -> go.Figure:
    """A line for each table, from its shortest row to its longest, with one row marked on it.

    Args:
        rows: from top to bottom.
        palette: of the theme.
    """
    figure = blank()
    places = [len(rows) - 1 - k for k in range(len(rows))]
    pale = mix(palette.page, palette.muted, 0.45)
    for row, y in zip(rows, places, strict=True):
        shown = escape.plotly(row.name)
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
                "symbol": "square" if row.is_first else "circle",
                "size": 14,
                "color": palette.cls if row.is_first else palette.ink,
            },
            hovertemplate=f"{escape.plotly(row.marked, 40)}: %{{x:.2f}}, more than {row.shorter:.1%} of the others"
            f"<extra>{shown}</extra>",
        )
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=y,
            yshift=24,
            showarrow=False,
            align="left",
            text=f"{shown} ({count(row.rows)} rows, median {number(row.median)})",
            font={"size": 14, "color": palette.muted},
        )
    finish(figure, palette, height=76 * len(rows) + 70, x="length of a row   (thick: nine in ten of the rows)")
    figure.update_xaxes(rangemode="tozero", showgrid=False)
    figure.update_yaxes(range=[-0.45, len(rows) - 0.2], showticklabels=False, showgrid=False)
    return figure
