"""Rows of one number each on one scale, with the single values it is the mean of, or the interval it lies in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from lib import escape
from lib.figures.chart import blank, finish
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Mark = Literal["first", "true", "other", "baseline"]

TALL = 46  # pixels of a row: its name stands above its line, so that the axis is as wide as a phone
NAMED = 56  # characters of a name
LOW, HIGH = "lower end", "upper end"  # of an interval, as columns
COSINES = (-1, -0.8, -0.5, 0, 0.5, 0.8, 0.95, 1)  # that are named on an axis that is spaced by angle


@dataclass(frozen=True)
class Row:
    """One line of the picture.

    Attributes:
        name: plain.
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


def table(rows: Sequence[Row], *, value: str, each: str = "") -> dict[str, Sequence[str] | Sequence[float]]:
    """What :func:`dots` draws: a line for each row; an empty field where there is none.

    Args:
        rows: from top to bottom.
        value: what the rows' numbers are, the head of their column.
        each: what a single value belongs to, such as "text"; the heads of their columns are numbered.
    """
    none = float("nan")
    columns: dict[str, Sequence[str] | Sequence[float]] = {
        "row": [row.name for row in rows],
        value: [none if row.value is None else row.value for row in rows],
    }
    if any(row.interval for row in rows):
        columns |= {head: [row.interval[k] if row.interval else none for row in rows] for k, head in _ENDS}
    for k in range(max(len(row.each) for row in rows)):
        columns[_single(each, k)] = [row.each[k] if k < len(row.each) else none for row in rows]
    return columns


_ENDS = ((0, LOW), (1, HIGH))


def _single(each: str, k: int) -> str:
    return f"{each} {k + 1}"


def reach(shares: Iterable[float]) -> float:
    """Where an axis of small shares ends: the first of 10, 20, 50 and 100% that holds them all.

    Args:
        shares: 0 to 1.
    """
    most = max(shares, default=0.0)
    return next((end for end in (0.1, 0.2, 0.5) if most <= end), 1.0)


def dots(
    rows: Sequence[Row],
    *,
    value: str,
    x: str,
    span: tuple[float, float],
    palette: Palette,
    names: Mapping[Mark, str] = MappingProxyType({}),
    dashed: tuple[float, str] | None = None,
    percent: bool = False,
    angles: bool = False,
    beside: str = "",
    each: str = "",
) -> go.Figure:
    """A mark for each row; what is beyond the end of the axis is drawn at its end, pointing on.

    What is pointed at says its row, its column in :func:`table` and its value.

    Args:
        rows: from top to bottom.
        value: what the rows' numbers are, as in :func:`table`.
        x: title of the axis, in words with the unit; "<br>" is ours and breaks a line.
        span: of the axis.
        palette: of the theme.
        names: of the marks, for the legend; those without one are left out of it.
        dashed: a level that is marked, and what it is.
        percent: whether the values are shares.
        angles: whether the values are cosines on an axis that is spaced by angle, so that those near 1 stand apart.
        beside: what is written at the right ends, above them.
        each: what a single value belongs to, as in :func:`table`.
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

    def along(values: Sequence[float]) -> list[float]:
        """Where values stand on the axis."""
        within = np.minimum(np.asarray(values, np.float64), span[1])
        return (np.degrees(np.arcsin(np.clip(within, -1, 1))) if angles else within).tolist()

    for mark, look in looks.items():
        lines = [(len(rows) - 1 - k, row) for k, row in enumerate(rows) if row.mark == mark and row.value is not None]
        single = [(y, row, k, each_one) for y, row in lines for k, each_one in enumerate(row.each)]
        if single:
            figure.add_scatter(
                x=along([number for *_, number in single]),
                y=[y for y, *_ in single],
                mode="markers",
                meta="cells",
                marker={"symbol": "line-ns", "size": 12, "line": {"width": 2, "color": inks[mark]}, "opacity": 0.5},
                customdata=[[escape.plotly(row.name), _single(each, k), number] for _, row, k, number in single],
                hovertemplate=f"%{{customdata[0]}}, %{{customdata[1]}}: %{{customdata[2]:{shown}}}<extra></extra>",
                showlegend=False,
                cliponaxis=False,
            )
        for y, row in lines:
            if row.interval:
                figure.add_scatter(
                    x=along(row.interval),
                    y=[y, y],
                    mode="lines",
                    meta="cells",
                    customdata=[[escape.plotly(row.name), head, row.interval[k]] for k, head in _ENDS],
                    line={"width": 3, "color": inks[mark]},
                    opacity=0.45,
                    hoverinfo="skip",
                    showlegend=False,
                    cliponaxis=False,
                )
        marks = [(y, row, row.value) for y, row in lines if row.value is not None]
        for symbol, there in (
            (look["symbol"], [each_one for each_one in marks if each_one[2] <= span[1]]),
            ("triangle-right", [each_one for each_one in marks if each_one[2] > span[1]]),
        ):
            if there:
                figure.add_scatter(
                    x=along([number for *_, number in there]),
                    y=[y for y, *_ in there],
                    mode="markers",
                    meta="cells",
                    marker={**look, "symbol": symbol},
                    name=escape.plotly(names.get(mark, "")),
                    showlegend=mark in names and symbol == look["symbol"],
                    customdata=[[escape.plotly(row.name), value, number] for _, row, number in there],
                    hovertemplate=f"%{{customdata[0]}}: <b>%{{customdata[2]:{shown}}}</b><extra></extra>",
                    cliponaxis=False,
                )
    right = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 12, "showarrow": False, "align": "left"}
    notes = [
        {**right, "y": len(rows) - 1 - k, "text": row.written, "font": {"size": 14, "color": palette.ink}}
        for k, row in enumerate(rows)
    ]
    above = {"xref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "yshift": 5, "showarrow": False}
    notes += [
        {**above, "y": len(rows) - 1 - k, "text": escape.plotly(row.name, NAMED), "font": {"size": 14}}
        for k, row in enumerate(rows)
    ]
    if beside:
        head = {"y": len(rows) - 0.4, "yanchor": "bottom", "yshift": 2, "font": {"size": 13, "color": palette.muted}}
        notes.append({**right, **head, "text": beside})
    if dashed:
        level, what = dashed
        figure.add_scatter(
            x=along([level, level]),
            y=[-0.5, len(rows) - 0.5],
            mode="lines",
            meta="level",
            customdata=[level, level],
            name=escape.plotly(what),
            hoverinfo="skip",
            showlegend=False,
            line={"color": palette.muted, "width": 1.5, "dash": "dash"},
        )
        notes.append(
            {
                "x": along([level])[0],
                "y": len(rows) - 0.4,
                "yshift": 2,
                "text": escape.plotly(what),
                "showarrow": False,
                "yanchor": "bottom",
                "xanchor": "right" if level > sum(span) / 2 else "left",
                "font": {"size": 13, "color": palette.muted},
            }
        )
    figure.update_layout(annotations=notes)
    finish(figure, palette, height=TALL * len(rows) + (110 if names else 80), x=x, legend=bool(names))
    room = max(len(beside), *(len(row.written) for row in rows))
    figure.update_layout(margin={"r": 22 + 8 * room, "t": 30})
    if dashed:
        figure.update_layout(legend_y=1 + 30 / (TALL * len(rows)))  # above the name of the level
    figure.update_xaxes(range=along(span), tickformat=".0%" if percent else None, nticks=5, tickangle=0)
    if angles:
        ticks = [each_one for each_one in COSINES if span[0] <= each_one <= span[1]]
        figure.update_xaxes(range=[along([span[0]])[0], 91], tickvals=along(ticks), ticktext=[f"{v:g}" for v in ticks])
    figure.update_yaxes(
        range=[-0.5, len(rows) - 0.4],
        tickvals=[len(rows) - 1 - k for k in range(len(rows))],
        showticklabels=False,
    )
    return figure
