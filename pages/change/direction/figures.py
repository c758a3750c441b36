"""Which way each token may attend: the mask as a square or a triangle, and what it does to every position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish, note, series, write
from lib.quantities import Palette, exactly, mix, share

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]
Flags = NDArray[np.bool_]
Role = Literal["cls", "sep", "word"]

NAMED = 32  # tokens up to which each has a row and a column of its own
BEFORE, AFTER = "both ways", "under this mask"
WRITTEN = 0.05  # share from which on it is written into its cell


def _name(position: int, token: str) -> str:
    return f"{position} {escape.plotly(token, 14)}"


def mask(allowed: Flags, tokens: Sequence[str], palette: Palette) -> go.Figure:
    """Who may attend to whom: a row for each token that attends, a column for each that is attended to.

    Args:
        allowed: bool[query, key].
        tokens: of the text.
        palette: of the theme.
    """
    n, counts = len(tokens), allowed.sum(axis=1)
    figure = blank()
    pale = mix(palette.page, palette.ink, 0.34)
    codes = np.where(allowed, np.where(np.arange(n)[:, None] == 0, 2, 1), 0).astype(np.uint8)
    colours = (palette.wash, pale, palette.attends_to)
    steps = [[(k + edge) / 3, colour] for k, colour in enumerate(colours) for edge in (0, 1)]
    named = n <= NAMED
    names = [_name(k, token) for k, token in enumerate(tokens)]
    may = np.where(allowed, "may attend to", "may not attend to")
    figure.add_heatmap(
        z=codes,
        zmin=-0.5,
        zmax=2.5,
        colorscale=steps,
        showscale=False,
        xgap=2 if named else 0,
        ygap=2 if named else 0,
        meta="codes",
        text=[
            [f"{query} {word} {key}" for key, word in zip(names, line, strict=True)]
            for query, line in zip(names, may, strict=True)
        ]
        if named
        else None,
        hovertemplate="%{text}<extra></extra>" if named else "%{y} and %{x}<extra></extra>",
    )
    if named:
        rows, columns = np.nonzero(~allowed)
        figure.add_scatter(
            x=columns,
            y=rows,
            mode="text",
            text="×",
            meta="sign",
            textfont={"size": 13, "color": palette.muted},
            hoverinfo="skip",
            showlegend=False,
        )
    for name, colour in (
        (f"{escape.plotly(tokens[0])} may attend to", palette.attends_to),
        ("others may", pale),
        ("× forbidden", palette.wash),
    ):
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            meta="sign",
            name=name,
            marker={"symbol": "square", "size": 13, "color": colour, "line": {"width": 1, "color": palette.line}},
        )
    step = 1 if named else max(1, n // 8)
    ticks = list(range(0, n, step))
    beside = {"size": 14 if n <= 20 else 12, "x": n - 0.3, "xanchor": "left"}
    place = {"x": 1, "xref": "paper", "xanchor": "right", "y": -0.5, "yanchor": "bottom"}
    numbers = (note(str(counts[k]), palette.ink, y=k, **beside) for k in ticks)
    write(figure, *numbers, note(f"tokens, of {n}", palette.muted, **place))
    finish(figure, palette, height=130 + (20 * n if named else 320), legend=True)
    ticked = {"tickvals": ticks, "ticktext": [names[k] if named else str(k) for k in ticks]}
    room = max(1.0, n / 14)  # for the numbers at the right
    figure.update_xaxes(
        range=[-0.5, n - 0.5 + room], tickangle=-90 if named else 0, title_text="… to this token", **ticked
    )
    figure.update_yaxes(range=[n - 0.5, -0.5], showgrid=False, title_text="this token may attend …", **ticked)
    return figure


def by_position(before: Numbers, after: Numbers, ends: tuple[float, float], last: str, palette: Palette) -> go.Figure:
    """How far texts differ at each position, dotted both ways, solid under the mask; their last tokens by themselves.

    Args:
        before: float[positions], both ways.
        after: float[positions], under the mask.
        ends: both for the last token of each text.
        last: what the last token is called.
        palette: of the theme.
    """
    figure = blank()
    places = list(range(len(before)))
    end = len(before) + 0.9
    drawn = (
        (BEFORE, before, ends[0], palette.muted, "dot", "-open"),
        (AFTER, after, ends[1], palette.ink, "solid", ""),
    )
    for name, values, _, colour, dash, hollow in drawn:
        series(
            figure,
            places,
            values,
            name,
            colour,
            hover="position %{x}: <b>%{y:.4f}</b>",
            symbol=f"circle{hollow}",
            width=2.5 if dash == "solid" else 2,
            line={"dash": dash},
        )
    for name, values, edge, _, _, hollow in drawn:  # the ends have a mark of their own, on top of the lines
        for x, y, symbol, colour in ((0, float(values[0]), "square", palette.cls), (end, edge, "circle", palette.sep)):
            figure.add_scatter(
                x=[x],
                y=[y],
                mode="markers",
                meta="guide" if x else None,
                showlegend=False,
                cliponaxis=False,
                hovertemplate=f"{'last token' if x else 'position 0'}: <b>%{{y:.4f}}</b><extra>{name}</extra>",
                marker={
                    "symbol": symbol,
                    "size": 13,
                    "color": palette.page if hollow else colour,
                    "line": {"width": 2, "color": colour},
                },
            )
    step = 1 if len(places) <= 24 else max(1, len(places) // 8)
    finish(figure, palette, height=380, x="position in the text", y="how far texts differ (1 − cosine)", legend=True)
    ticks = places[::step]
    figure.update_xaxes(
        tickvals=[*ticks, end],
        ticktext=[*map(str, ticks), f"last: {escape.plotly(last)}"],
        tickangle=0,
        range=[-0.5, end + 0.9],
    )
    top = max(float(np.max(before)), float(np.max(after)), *ends) or 1.0
    figure.update_yaxes(range=[-0.05 * top, 1.12 * top])
    return figure


def rows(values: Numbers, names: Sequence[str], tokens: Sequence[str], palette: Palette) -> go.Figure:
    """What some tokens attend to, a strip each: shares from 0 to 1, painted by their square root.

    Args:
        values: float[rows, columns].
        names: of the rows, plain.
        tokens: of the columns, plain.
        palette: of the theme.
    """
    figure = blank()
    columns, named = list(range(len(tokens))), [escape.plotly(token, 14) for token in tokens]
    spread = np.full((2 * len(names), len(tokens)), np.nan, np.float32)  # a line for each name, and one for its row
    spread[1::2] = values
    written = [["×" if v == 0 else share(float(v)).rstrip("%") if v >= WRITTEN else "" for v in row] for row in values]
    figure.add_heatmap(
        z=np.sqrt(spread),
        zmin=0,
        zmax=1,
        colorscale=palette.colorscale("attends_to"),
        showscale=False,
        xgap=2,
        customdata=spread,
        hoverongaps=False,
        textfont={"size": 13},
        texttemplate="%{text}",
        text=[line for row in written for line in ([""] * len(tokens), row)],
        hovertemplate="<b>%{customdata:.1%}</b> to %{x}<extra></extra>",
    )
    at_left = {"x": 0, "xref": "paper", "xanchor": "left"}
    write(figure, *(note(escape.plotly(name), palette.muted, y=2 * k, **at_left) for k, name in enumerate(names)))
    finish(figure, palette, height=60 * len(names) + 90)
    figure.update_xaxes(tickvals=columns, ticktext=named, tickangle=-90)
    figure.update_yaxes(showticklabels=False, showgrid=False, range=[2 * len(names) - 0.4, -0.6])
    return figure


@dataclass(frozen=True)
class Mark:
    """One of the places that could stand for a text.

    Attributes:
        name: in the legend, plain.
        role: decides colour and sign.
        values: one for each mask, 1 − cosine.
    """

    name: str
    role: Role
    values: Sequence[float]


def taken(marks: Sequence[Mark], masks: Sequence[str], chosen: int, palette: Palette) -> go.Figure:
    """How far texts differ at each place, a line for each mask.

    Args:
        marks: the places.
        masks: names of the masks, from top to bottom.
        chosen: the mask that is on.
        palette: of the theme.
    """
    figure = blank()
    styles: Mapping[Role, tuple[str, str]] = {
        "cls": ("square", palette.cls),
        "sep": ("circle-open", palette.sep),
        "word": ("diamond", palette.ink),
    }
    lines = list(range(len(masks)))
    for k in lines:
        spread = [mark.values[k] for mark in marks]
        figure.add_scatter(
            x=[min(spread), max(spread)],
            y=[k, k],
            meta="x",
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            line={"color": palette.muted if k == chosen else palette.line, "width": 2},
        )
    for mark in marks:
        symbol, colour = styles[mark.role]
        figure.add_scatter(
            x=list(mark.values),
            y=lines,
            meta="x",
            mode="markers",
            name=escape.plotly(mark.name),
            cliponaxis=False,
            marker={"symbol": symbol, "size": 13, "color": colour, "line": {"width": 2, "color": colour}},
            hovertemplate="%{x:.4f}<extra>" + escape.plotly(mark.name) + "</extra>",
        )
    top = max(max(mark.values) for mark in marks) or 1.0
    notes = []
    for k in lines:
        for place, value in enumerate(sorted(mark.values[k] for mark in marks)):
            text = exactly(value, 2) if value else "0"
            notes.append(note(text, palette.ink, x=value, y=k, yshift=-19 if place % 2 else 19))
    write(figure, *notes)
    finish(figure, palette, height=74 * len(masks) + 90, x="how far texts differ (1 − cosine)", legend=True)
    figure.update_xaxes(range=[-0.05 * top, 1.1 * top], showgrid=True, gridcolor=palette.line)
    figure.update_yaxes(
        tickvals=lines,
        ticktext=[f"<b>{name}</b>" if k == chosen else name for k, name in enumerate(masks)],
        range=[len(masks) - 0.4, -0.6],
        showgrid=False,
    )
    return figure
