"""Rows of one number each on one scale, with the single values it is the mean of, or the interval it lies in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from lib import escape
from lib.figures.chart import Note, blank, finish, note, write
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Mark = Literal["first", "true", "other", "baseline"]

TALL = 46  # pixels of a row: its name stands above its line, so that the axis is as wide as a phone
NAMED = 56  # characters of a name
ENDS = ("lower end", "upper end")  # of an interval, as columns
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


def reach(shares: Iterable[float]) -> float:
    """Where an axis of small shares ends: the first of 10, 20, 50 and 100% that holds them all.

    Args:
        shares: 0 to 1.
    """
    most = max(shares, default=0.0)
    return next((end for end in (0.1, 0.2, 0.5) if most <= end), 1.0)


@dataclass(frozen=True)
class Dots:
    """A mark for each row, as a picture and as the table of what is drawn.

    What is beyond the end of the axis is drawn at its end, pointing on. What is pointed at says its row, its column in
    the table and its value.

    Attributes:
        rows: from top to bottom.
        value: what the rows' numbers are, the head of their column.
        x: title of the axis, in words with the unit; "<br>" is ours and breaks a line.
        span: of the axis.
        names: of the marks, for the legend; those without one are left out of it.
        dashed: a level that is marked, and what it is.
        percent: whether the values are shares.
        angles: whether the values are cosines on an axis that is spaced by angle, so that those near 1 stand apart.
        beside: what is written at the right ends, above them.
        each: what a single value belongs to, such as "text"; the heads of their columns are numbered.
    """

    rows: Sequence[Row]
    value: str
    x: str
    span: tuple[float, float] = (0, 1)
    names: Mapping[Mark, str] = field(default_factory=dict)
    dashed: tuple[float, str] | None = None
    percent: bool = False
    angles: bool = False
    beside: str = ""
    each: str = ""

    def table(self) -> dict[str, Sequence[str] | Sequence[float]]:
        """A line for each row; an empty field where there is none."""
        none = float("nan")
        columns: dict[str, Sequence[str] | Sequence[float]] = {
            "row": [row.name for row in self.rows],
            self.value: [none if row.value is None else row.value for row in self.rows],
        }
        if any(row.interval for row in self.rows):
            columns |= {
                head: [row.interval[k] if row.interval else none for row in self.rows] for k, head in enumerate(ENDS)
            }
        for k in range(max(len(row.each) for row in self.rows)):
            columns[self._single(k)] = [row.each[k] if k < len(row.each) else none for row in self.rows]
        return columns

    def picture(self, palette: Palette) -> go.Figure:
        """The figure.

        Args:
            palette: of the theme.
        """
        figure = blank()
        looks: Mapping[Mark, Mapping[str, object]] = {
            "first": {"symbol": "square", "color": palette.cls, "size": 13},
            "true": {"symbol": "square", "color": palette.page, "size": 11, "line": {"width": 2, "color": palette.cls}},
            "other": {"symbol": "circle", "color": palette.ink, "size": 13},
            "baseline": {
                "symbol": "circle",
                "color": palette.page,
                "size": 11,
                "line": {"width": 2, "color": palette.muted},
            },
        }
        inks = {"first": palette.cls, "true": palette.cls, "other": palette.ink, "baseline": palette.muted}
        for mark, look in looks.items():
            self._marks(figure, mark, look, inks[mark])
        write(figure, *self._notes(palette))
        high, named = TALL * len(self.rows), bool(self.names)
        finish(figure, palette, height=high + (110 if named else 80), x=self.x, legend=named)
        room = max(len(self.beside), *(len(row.written) for row in self.rows))
        figure.update_layout(margin={"r": 22 + 8 * room, "t": 30})
        figure.update_xaxes(
            range=self._along(self.span), tickformat=".0%" if self.percent else None, nticks=5, tickangle=0
        )
        if self.angles:
            ticks = [tick for tick in COSINES if self.span[0] <= tick <= self.span[1]]
            start, named_ticks = self._along(self.span)[0], [f"{tick:g}" for tick in ticks]
            figure.update_xaxes(range=[start, 91], tickvals=self._along(ticks), ticktext=named_ticks)
        places = list(range(len(self.rows)))[::-1]
        figure.update_yaxes(range=[-0.5, len(self.rows) - 0.4], tickvals=places, showticklabels=False)
        if self.dashed:
            self._level(figure, *self.dashed, palette)
            figure.update_layout(legend_y=1 + 30 / high)  # above the name of the level
        return figure

    def _single(self, k: int) -> str:
        return f"{self.each} {k + 1}"

    def _along(self, values: Sequence[float]) -> list[float]:
        """Where values stand on the axis."""
        within = np.minimum(np.asarray(values, np.float64), self.span[1])
        return (np.degrees(np.arcsin(np.clip(within, -1, 1))) if self.angles else within).tolist()

    def _marks(self, figure: go.Figure, mark: Mark, look: Mapping[str, object], ink: str) -> None:
        """Draws the rows of one mark: their single values, their intervals, and the marks on top."""
        shown = ".0%" if self.percent else ".3f"
        above = len(self.rows) - 1
        rows = [(above - k, row, row.value) for k, row in enumerate(self.rows) if row.mark == mark]
        marks = [(y, row, value) for y, row, value in rows if value is not None]
        single = [(y, row, k, one) for y, row, _ in marks for k, one in enumerate(row.each)]
        if single:
            figure.add_scatter(
                x=self._along([one for *_, one in single]),
                y=[y for y, *_ in single],
                mode="markers",
                meta="cells",
                marker={"symbol": "line-ns", "size": 12, "line": {"width": 2, "color": ink}, "opacity": 0.5},
                customdata=[[escape.plotly(row.name), self._single(k), one] for _, row, k, one in single],
                hovertemplate=f"%{{customdata[0]}}, %{{customdata[1]}}: %{{customdata[2]:{shown}}}<extra></extra>",
                showlegend=False,
                cliponaxis=False,
            )
        for y, row, _ in marks:
            if row.interval:
                figure.add_scatter(
                    x=self._along(row.interval),
                    y=[y, y],
                    mode="lines",
                    meta="cells",
                    customdata=[[escape.plotly(row.name), *end] for end in zip(ENDS, row.interval, strict=True)],
                    line={"width": 3, "color": ink},
                    opacity=0.45,
                    hoverinfo="skip",
                    showlegend=False,
                    cliponaxis=False,
                )
        for symbol, beyond in ((look["symbol"], False), ("triangle-right", True)):
            there = [(y, row, value) for y, row, value in marks if (value > self.span[1]) == beyond]
            if there:
                figure.add_scatter(
                    x=self._along([value for *_, value in there]),
                    y=[y for y, *_ in there],
                    mode="markers",
                    meta="cells",
                    marker={**look, "symbol": symbol},
                    name=escape.plotly(self.names.get(mark, "")),
                    showlegend=mark in self.names and not beyond,
                    customdata=[[escape.plotly(row.name), self.value, value] for _, row, value in there],
                    hovertemplate=f"%{{customdata[0]}}: <b>%{{customdata[2]:{shown}}}</b><extra></extra>",
                    cliponaxis=False,
                )

    def _notes(self, palette: Palette) -> list[Note]:
        """The numbers at the right ends, the names above the lines, and what is written above the numbers."""
        right = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 12, "align": "left"}
        above = {"xref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "yshift": 5}
        top = len(self.rows) - 1
        notes = [note(row.written, palette.ink, y=top - k, **right) for k, row in enumerate(self.rows)]
        names = [escape.plotly(row.name, NAMED) for row in self.rows]
        notes += [note(name, palette.ink, y=top - k, **above) for k, name in enumerate(names)]
        if self.beside:
            head = {"y": top + 0.6, "yanchor": "bottom", "yshift": 2, "size": 13}
            notes.append(note(self.beside, palette.muted, **right, **head))
        return notes

    def _level(self, figure: go.Figure, level: float, what: str, palette: Palette) -> None:
        """Draws the level that is marked, with its name above it."""
        x, top = self._along([level])[0], len(self.rows) - 0.5
        figure.add_scatter(
            x=[x, x],
            y=[-0.5, top],
            mode="lines",
            meta="level",
            customdata=[level, level],
            name=escape.plotly(what),
            hoverinfo="skip",
            showlegend=False,
            line={"color": palette.muted, "width": 1.5, "dash": "dash"},
        )
        anchor = "right" if level > sum(self.span) / 2 else "left"
        place = {"x": x, "y": top + 0.1, "yshift": 2, "yanchor": "bottom", "xanchor": anchor}
        write(figure, note(escape.plotly(what), palette.muted, size=13, **place))
