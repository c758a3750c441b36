"""Rows of one number each on one scale, with the single values it is the mean of, or the interval it lies in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from lib import escape
from lib.figures.chart import blank, finish
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Mark = Literal["first", "true", "other", "baseline"]

TALL = 34  # pixels of a row
NAMED = 22  # characters of a row's name: it stands beside its row on a phone, too


@dataclass(frozen=True)
class Row:
    """One line of the picture.

    Attributes:
        name: plain, short.
        mark: whose number it is: the first token's, the first token's where nothing was changed, another token's, or
            something to compare with.
        value: where the mark stands; None where there is none.
        written: the number at the right end, or why there is none.
        each: the single values that it is the mean of.
        interval: its lower and upper end; None where there is none.
    """

    name: str
    mark: Mark
    value: float | None
    written: str
    each: Sequence[float] = ()
    interval: tuple[float, float] | None = None


def dots(
    rows: Sequence[Row],
    *,
    x: str,
    span: tuple[float, float],
    palette: Palette,
    names: Mapping[Mark, str] = MappingProxyType({}),
    dashed: tuple[float, str] | None = None,
    percent: bool = False,
    each: str = "",
) -> go.Figure:
    """A mark for each row; what is beyond the end of the axis is drawn at its end, pointing on.

    Args:
        rows: from top to bottom.
        x: title of the axis, in words with the unit.
        span: of the axis.
        palette: of the theme.
        names: of the marks, for the legend; those without one are left out of it.
        dashed: a level that is marked, and what it is.
        percent: whether the values are shares.
        each: what a single value belongs to, such as "a text".
    """
    figure = blank()
    looks: Mapping[Mark, Mapping[str, object]] = {
        "first": {"symbol": "square", "color": palette.cls, "size": 13},
        "true": {
            "symbol": "square",
            "color": palette.page,
            "size": 11,
            "line": {"width": 2, "color": palette.cls},
        },
        "other": {"symbol": "circle", "color": palette.ink, "size": 13},
        "baseline": {
            "symbol": "circle",
            "color": palette.page,
            "size": 11,
            "line": {"width": 2, "color": palette.muted},
        },
    }
    inks = {"first": palette.cls, "true": palette.cls, "other": palette.ink, "baseline": palette.muted}
    shown = ".0%" if percent else ".3f"
    for mark, look in looks.items():
        places = [
            (len(rows) - 1 - k, row, row.value)
            for k, row in enumerate(rows)
            if row.mark == mark and row.value is not None
        ]
        if not places:
            continue
        single = [(min(value, span[1]), y, row.name) for y, row, _ in places for value in row.each]
        if single:
            figure.add_scatter(
                x=[value for value, _, _ in single],
                y=[y for _, y, _ in single],
                mode="markers",
                marker={"symbol": "line-ns", "size": 12, "line": {"width": 2, "color": inks[mark]}, "opacity": 0.5},
                customdata=[escape.plotly(name) for _, _, name in single],
                hovertemplate=f"%{{customdata}}, {each}: %{{x:{shown}}}<extra></extra>",
                showlegend=False,
                cliponaxis=False,
            )
        for y, row, _ in places:
            if row.interval:
                figure.add_scatter(
                    x=row.interval,
                    y=[y, y],
                    mode="lines",
                    line={"width": 3, "color": inks[mark]},
                    opacity=0.45,
                    hoverinfo="skip",
                    showlegend=False,
                    cliponaxis=False,
                )
        for symbol, there in (
            (look["symbol"], [each for each in places if each[2] <= span[1]]),
            ("triangle-right", [each for each in places if each[2] > span[1]]),
        ):
            if there:
                figure.add_scatter(
                    x=[min(value, span[1]) for _, _, value in there],
                    y=[y for y, _, _ in there],
                    mode="markers",
                    marker={**look, "symbol": symbol},
                    name=escape.plotly(names.get(mark, "")),
                    showlegend=mark in names and symbol == look["symbol"],
                    customdata=[[escape.plotly(row.name), value] for _, row, value in there],
                    hovertemplate=f"%{{customdata[0]}}: <b>%{{customdata[1]:{shown}}}</b><extra></extra>",
                    cliponaxis=False,
                )
    beside = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 12, "showarrow": False, "align": "left"}
    notes = [
        {**beside, "y": len(rows) - 1 - k, "text": row.written, "font": {"size": 14, "color": palette.ink}}
        for k, row in enumerate(rows)
    ]
    lines = []
    if dashed:
        level, what = dashed
        lines = [
            {
                "type": "line",
                "x0": level,
                "x1": level,
                "y0": -0.5,
                "y1": len(rows) - 0.5,
                "layer": "below",
                "line": {"color": palette.muted, "width": 1.5, "dash": "dash"},
            }
        ]
        high = level > sum(span) / 2
        notes.append(
            {
                "x": level,
                "y": len(rows) - 0.5,
                "text": escape.plotly(what),
                "showarrow": False,
                "yanchor": "bottom",
                "xanchor": "right" if high else "left",
                "font": {"size": 13, "color": palette.muted},
            }
        )
    figure.update_layout(shapes=lines, annotations=notes)
    finish(figure, palette, height=TALL * len(rows) + (110 if names else 80), x=x, legend=bool(names))
    room = max((len(row.written) for row in rows), default=0)
    figure.update_layout(margin={"r": 22 + 8 * room, "t": 26})
    if dashed:
        figure.update_layout(legend_y=1 + 26 / (TALL * len(rows)))  # above the name of the level
    figure.update_xaxes(range=list(span), tickformat=".0%" if percent else None, nticks=5, tickangle=0)
    figure.update_yaxes(
        range=[-0.6, len(rows) - 0.4],
        tickvals=[len(rows) - 1 - k for k in range(len(rows))],
        ticktext=[escape.plotly(row.name, NAMED + 6) for row in rows],
        tickfont={"size": 14, "color": palette.ink},
        ticklabelstandoff=8,
    )
    return figure
