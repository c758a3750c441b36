"""Pictures of cosines: a matrix beside the floor of random pairs, and the floors of all poolings on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib import escape
from lib.figures.chart import blank, finish, legible
from lib.quantities import Palette, Quantity, mix, number, written

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

NUMBERED = 12  # texts up to which every cell carries its number
NAMED = 40  # texts up to which every row carries its words
TICKS = 66  # pairs up to which each is a mark of its own; more become a histogram
BINS = 50  # of a histogram from -1 to 1
STRIP = 170  # pixels for the scale under a matrix


@dataclass(frozen=True)
class Row:
    """One pooling's line in the picture of floors.

    Attributes:
        name: of the pooling, plain.
        is_first: whether it is the first token's own vector, which has a colour of its own.
        raw: mean, 5th and 95th percentile of random pairs; None where this pooling cannot be had.
        centred: the same after centring; None where nothing is left.
        yours: least and most alike pair of the visitor's texts, in the mode that is on; None where there is none.
        why_not: in words, where ``yours`` is None.
    """

    name: str
    is_first: bool
    raw: tuple[float, float, float] | None
    centred: tuple[float, float, float] | None
    yours: tuple[float, float] | None
    why_not: str = ""


def label(position: int, text: str, longest: int) -> str:
    """A text as the name of a row: its number, counted from 1, and its beginning, escaped for Plotly."""
    return f"{position + 1} {escape.plotly(text, longest)}"


def matrix(
    cosines: Values,
    texts: Sequence[str],
    quantity: Quantity,
    *,
    random: Values,
    floor: tuple[float, str],
    name: str,
    is_first: bool,
    palette: Palette,
    marked: tuple[int, int] | None = None,
) -> go.Figure:
    """The cosine of every text to every other, over its scale with the random pairs marked on it.

    Args:
        cosines: float[n, n], -1 to 1.
        texts: n, as typed; escaped here.
        quantity: what the cells are.
        random: float[pairs], the cosines of random pairs.
        floor: what a cosine is measured against, and what that is called.
        name: of the pooling.
        is_first: whether the pooling is the first token's own vector.
        palette: of the theme.
        marked: two rows whose cells are outlined.
    """
    count = len(texts)
    figure = blank()
    place = np.arange(1, count + 1)
    digits = 4 if count <= 6 and cosines.min() > 0.98 else 2
    whole = [label(k, text, 200) for k, text in enumerate(texts)]
    figure.add_heatmap(
        z=cosines.astype(np.float32),
        x=place,
        y=place,
        zmin=quantity.low,
        zmax=quantity.high,
        colorscale=palette.colorscale(quantity.scale),
        showscale=False,
        xgap=1 if count <= NAMED else 0,
        ygap=1 if count <= NAMED else 0,
        customdata=[[f"{row}<br>{column}" for column in whole] for row in whole] if count <= NUMBERED else None,
        hovertemplate=(
            ("%{customdata}<br>" if count <= NUMBERED else "texts %{y} and %{x}<br>")
            + quantity.name
            + " <b>%{z:.4f}</b><extra></extra>"
        ),
    )
    if count <= NUMBERED:
        rows, columns = np.indices((count, count)).reshape(2, -1)
        values = cosines.ravel()
        figure.add_scatter(
            x=columns + 1,
            y=rows + 1,
            mode="text",
            hoverinfo="skip",
            showlegend=False,
            text=[_cell(value, count, digits) for value in values],
            textfont={
                "size": 14 if count <= 6 else 12 if count <= 8 else 11,
                "color": [legible(palette.paint(quantity.scale, (value + 1) / 2), palette) for value in values],
            },
        )
    figure.add_annotation(
        text=f"<b>{escape.plotly(name)}</b>",
        xref="paper",
        yref="paper",
        x=0,
        y=1,
        xanchor="right",
        yanchor="bottom",
        xshift=-8,
        yshift=2,
        showarrow=False,
        font={"size": 16, "color": palette.cls if is_first else palette.ink},
    )
    _strip(figure, cosines, random, floor, quantity, palette, is_first=is_first)
    for row, column in (marked, marked[::-1]) if marked else ():
        figure.add_shape(
            type="rect",
            x0=column + 0.5,
            x1=column + 1.5,
            y0=row + 0.5,
            y1=row + 1.5,
            line={"color": palette.ink, "width": 3},
        )
    height = 46 if count <= 4 else 34 if count <= 8 else 28 if count <= NUMBERED else 18 if count <= NAMED else 0
    body = height * count if height else 420
    figure.update_layout(xaxis2={"anchor": "y2"}, yaxis2={"anchor": "x2"})  # so that they are dressed too
    finish(figure, palette, height=body + STRIP + 34)
    cut = 24 if count <= 6 else 14
    step = 1 if count <= NAMED else 10 if count <= 100 else 20
    ticks = place[step - 1 :: step]
    figure.update_layout(
        xaxis={
            "domain": [0, 1],
            "side": "top",
            "tickvals": ticks,
            "ticktext": [str(k) for k in ticks],
            "tickangle": 0,
            "anchor": "y",
            "range": [0.5, count + 0.5],
        },
        yaxis={
            "domain": [1 - body / (body + STRIP), 1],
            "range": [count + 0.5, 0.5],
            "showgrid": False,
            "tickvals": ticks,
            "ticktext": [label(k - 1, texts[k - 1], cut) if step == 1 else str(k) for k in ticks],
            "ticklabelstandoff": 6,
        },
        xaxis2={
            "domain": [0, 1],
            "anchor": "y2",
            "range": [-1, 1],
            "tickvals": [-1, 0, 1],
            "ticktext": ["−1", "0", "1"],
            "title": {"text": quantity.name, "standoff": 0},
        },
        yaxis2={
            "domain": [0, (STRIP - 52) / (body + STRIP)],
            "anchor": "x2",
            "range": [-1.25, 2.3],
            "showgrid": False,
            "tickvals": [0.95, 0.1, -0.75],
            "ticktext": ["random pairs", "scale", "your pairs"],
            "ticklabelstandoff": 6,
        },
    )
    return figure


def _cell(value: float, count: int, digits: int) -> str:
    if value == 1:
        return "1"
    text = number(value, digits)
    if float(text.replace("−", "-")) == 1:  # what is not 1 does not read 1
        text = f"0.{'9' * digits}+"
    return text if count <= 6 else text.replace("0.", ".", 1)


def _strip(
    figure: go.Figure,
    cosines: Values,
    random: Values,
    floor: tuple[float, str],
    quantity: Quantity,
    palette: Palette,
    *,
    is_first: bool,
) -> None:
    """Under the matrix: its colour scale, random pairs above it, the visitor's pairs below."""
    edges = np.linspace(-1, 1, BINS + 1)
    middle = (edges[:-1] + edges[1:]) / 2
    counts = np.histogram(random, edges)[0]
    figure.add_bar(
        x=middle,
        y=(counts / counts.max() * 1.3).astype(np.float32),
        base=0.35,
        width=2 / BINS,
        xaxis="x2",
        yaxis="y2",
        marker={"color": mix(palette.page, palette.muted, 0.55), "line": {"width": 0}},
        customdata=(counts / counts.sum()),
        hovertemplate="%{customdata:.0%} of random pairs near %{x:.2f}<extra></extra>",
    )
    figure.add_heatmap(
        z=middle[None, :].astype(np.float32),
        x=edges,
        y=[-0.1, 0.3],
        zmin=quantity.low,
        zmax=quantity.high,
        xaxis="x2",
        yaxis="y2",
        colorscale=palette.colorscale(quantity.scale),
        showscale=False,
        hoverinfo="skip",
    )
    pairs = cosines[np.triu_indices(len(cosines), 1)]
    ink = palette.cls if is_first else palette.ink
    if len(pairs) <= TICKS:
        figure.add_scatter(
            x=pairs.astype(np.float32),
            y=np.full(len(pairs), -0.5),
            mode="markers",
            xaxis="x2",
            yaxis="y2",
            marker={"symbol": "line-ns-open", "size": 16, "color": ink, "line": {"width": 2, "color": ink}},
            cliponaxis=False,
            hovertemplate="a pair of yours: %{x:.4f}<extra></extra>",
        )
    else:
        own = np.histogram(pairs, edges)[0]
        figure.add_bar(
            x=middle,
            y=-(own / own.max() * 0.95).astype(np.float32),
            base=-0.2,
            width=2 / BINS,
            xaxis="x2",
            yaxis="y2",
            marker={"color": ink, "line": {"width": 0}},
            customdata=own / own.sum(),
            hovertemplate="%{customdata:.0%} of your pairs near %{x:.2f}<extra></extra>",
        )
    figure.update_layout(barmode="overlay")
    at, called = floor
    figure.add_shape(
        type="line", x0=at, x1=at, y0=-0.15, y1=1.75, xref="x2", yref="y2", line={"color": palette.ink, "width": 2}
    )
    figure.add_annotation(
        x=at,
        y=2.05,
        xref="x2",
        yref="y2",
        text=f"{called} {written(at)}",
        showarrow=False,
        xanchor="right" if at > 0.4 else "center",
        font={"size": 14, "color": palette.ink},
    )


def floors(rows: Sequence[Row], quantity: Quantity, *, centre: bool, palette: Palette) -> go.Figure:
    """Every pooling on one scale: random pairs as they are and after centring, and the visitor's pairs.

    Args:
        rows: one a pooling, from top to bottom.
        quantity: what the axis is.
        centre: whether the visitor's pairs are centred.
        palette: of the theme.
    """
    figure = blank()
    pale = mix(palette.page, palette.muted, 0.42)
    filled = {"color": pale, "line": {"color": pale, "width": 1.5}}
    hollow = {"color": palette.page, "line": {"color": pale, "width": 1.5}}
    bands, means, absent = [], [], []
    own = -0.2 if centre else 0.2  # the visitor's pairs stand on the band they are to be measured against
    for k, row in enumerate(rows):
        y = len(rows) - 1 - k
        for shift, floor in ((0.2, row.raw), (-0.2, row.centred)):
            if floor is not None:
                mean, low, high = floor
                look = filled if shift == own else hollow
                band = {"type": "rect", "x0": low, "x1": high, "y0": y + shift - 0.12, "y1": y + shift + 0.12}
                bands.append({**band, "layer": "below", "fillcolor": look["color"], "line": look["line"]})
                line = {"type": "line", "x0": mean, "x1": mean, "y0": y + shift - 0.17, "y1": y + shift + 0.17}
                means.append({**line, "line": {"color": palette.ink, "width": 2}})
        if row.yours is None:
            place = {"x": -1, "xshift": 6, "y": y, "xanchor": "left", "showarrow": False}
            words = {"text": "none", "hovertext": escape.plotly(row.why_not)}
            absent.append({**place, **words, "font": {"size": 14, "color": palette.muted}})
            continue
        ink, symbol = (palette.cls, "square") if row.is_first else (palette.ink, "circle")
        figure.add_scatter(
            x=list(row.yours),
            y=[y + own] * 2,
            mode="lines+markers",
            line={"color": ink, "width": 1.5},
            marker={"symbol": symbol, "size": [7, 12], "color": ink, "opacity": 1},
            cliponaxis=False,
            showlegend=False,
            hovertemplate=escape.plotly(row.name) + ": %{x:.4f}<extra>your texts</extra>",
        )
    for name, marker in (
        ("random pairs", {"symbol": "square", **(hollow if centre else filled)}),
        ("random pairs, centred", {"symbol": "square", **(filled if centre else hollow)}),
        ("your least to most alike pair" + (", centred" if centre else ""), {"color": palette.ink}),
    ):
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=name, marker={"size": 12, **marker}, showlegend=True
        )
    figure.update_layout(shapes=bands + means, annotations=absent)  # all at once: one by one takes five times as long
    finish(figure, palette, height=46 * len(rows) + 90, x=quantity.name, legend=True)
    figure.update_xaxes(
        range=[-1.02, 1.04],
        tickvals=[-1, -0.5, 0, 0.5, 1],
        ticktext=["−1", "−0.5", "0", "0.5", "1"],
        showgrid=True,
        gridcolor=palette.line,
    )
    figure.update_yaxes(
        showgrid=False,
        range=[-0.6, len(rows) - 0.4],
        tickvals=list(range(len(rows))),
        ticktext=[escape.plotly(row.name) for row in reversed(rows)],
        ticklabelstandoff=6,
    )
    return figure
