"""Pictures of poolings: cosines over the scale of unrelated sentences, every pooling on one scale, maps and weights."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lib import escape
from lib.figures.chart import blank, finish, legible, note, plane, series, write
from lib.quantities import Palette, Quantity, mix, number, share, written
from pages.use.pooling.curves import LANDMARKS, Curve
from pages.use.pooling.measures import Pooled, TokenWeights

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

NUMBERED = 12  # texts up to which every cell carries its number
NAMED = 40  # texts up to which every row carries its words, and a line runs to the nearest
TICKS = 66  # pairs up to which each is a mark of its own; of more there is a line from the least to the most alike
STRIP = 130  # pixels for the scale under a matrix
FEW_TOKENS = 24  # tokens up to which each is named under its bar
TALL = 0.55  # height of a weight of 1, in rows
FOOT = 0.14  # between a row's bars and the next row's name


def label(position: int, text: str, longest: int) -> str:
    """A text as the name of a row: its number, counted from 1, and its beginning, escaped for Plotly."""
    return f"{position + 1} {escape.plotly(text, longest)}"


def matrix(
    one: Pooled, texts: Sequence[str], quantity: Quantity, *, marked: tuple[int, int] | None, palette: Palette
) -> go.Figure:
    """The cosine of every text to every other, over its scale with the unrelated sentences marked on it.

    Args:
        one: the pooling.
        texts: n, as typed; escaped here.
        quantity: what the cells are.
        marked: two rows whose cells are outlined; None for none.
        palette: of the theme.
    """
    count, cosines = len(texts), one.cosines
    figure = blank()
    place = np.arange(1, count + 1)
    digits = 4 if count <= 6 and cosines.min() > 0.98 else 2
    whole = [label(k, text, 200) for k, text in enumerate(texts)]
    figure.add_heatmap(
        z=cosines.astype(np.float32),
        x=place,
        y=place,
        name=one.called,
        meta="pairs",
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
            meta="sign",
            hoverinfo="skip",
            showlegend=False,
            text=[_cell(value, count, digits) for value in values],
            textfont={
                "size": 14 if count <= 6 else 12 if count <= 8 else 11,
                "color": [legible(palette.paint(quantity.scale, (value + 1) / 2), palette) for value in values],
            },
        )
    _scale(figure, one, quantity, palette)
    for row, column in (marked, marked[::-1]) if marked else ():
        corners = {"x0": column + 0.5, "x1": column + 1.5, "y0": row + 0.5, "y1": row + 1.5}
        figure.add_shape(type="rect", **corners, line={"color": palette.ink, "width": 3})
    height = 40 if count <= 4 else 34 if count <= 8 else 28 if count <= NUMBERED else 18 if count <= NAMED else 0
    body = height * count if height else 420
    figure.update_layout(xaxis2={"anchor": "y2"}, yaxis2={"anchor": "x2"})  # so that they are dressed too
    finish(figure, palette, height=body + STRIP + 56)
    cut = 24 if count <= 6 else 14
    step = 1 if count <= NAMED else 10 if count <= 100 else 20
    ticks = place[step - 1 :: step]
    figure.update_layout(
        margin_t=44,  # the button that saves it stands over the numbers of the columns, not on them
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
            "range": [-1.1, 2],
            "showgrid": False,
            "tickvals": [0.95, 0.1, -0.75],
            "ticktext": ["unrelated", "scale", "these texts"],
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


def _scale(figure: go.Figure, one: Pooled, quantity: Quantity, palette: Palette) -> None:
    """Under the matrix: its colour scale, the band of unrelated sentences above it, the pairs of texts below."""
    edges = np.linspace(-1, 1, 51)
    second = {"xaxis": "x2", "yaxis": "y2"}
    figure.add_heatmap(
        z=((edges[:-1] + edges[1:]) / 2)[None, :].astype(np.float32),
        x=edges,
        y=[-0.1, 0.3],
        meta="sign",
        zmin=quantity.low,
        zmax=quantity.high,
        colorscale=palette.colorscale(quantity.scale),
        showscale=False,
        hoverinfo="skip",
        **second,
    )
    values, ink = one.cosines[np.triu_indices(len(one.cosines), 1)], palette.cls if one.is_first else palette.ink
    many = len(values) > TICKS
    figure.add_scatter(
        x=np.array(one.ends if many else values, np.float32),
        y=np.full(2 if many else len(values), -0.7),
        name=one.called,
        meta="sign" if many else "x",  # the ends of a range, or every pair
        mode="lines+markers" if many else "markers",
        line={"color": ink, "width": 2},
        marker={"symbol": "line-ns-open", "size": 16, "color": ink, "line": {"width": 2, "color": ink}},
        cliponaxis=False,
        hovertemplate="a pair of these texts: %{x:.4f}<extra></extra>",
        **second,
    )
    assert one.floor is not None
    at, axes = one.level, {"xref": "x2", "yref": "y2"}
    pale = mix(palette.page, palette.muted, 0.42)
    band = {"x0": one.floor.low, "x1": one.floor.high, "y0": 0.6, "y1": 1.2}
    figure.add_shape(type="rect", **band, **axes, fillcolor=pale, line={"width": 0}, layer="below")
    figure.add_shape(type="line", x0=at, x1=at, y0=-0.15, y1=1.35, **axes, line={"color": palette.ink, "width": 2})
    text = f"{'95% below' if one.centred else 'average'} {written(at)}"
    write(
        figure,
        note(text, palette.ink, x=at, y=1.4, **axes, yanchor="bottom", xanchor="right" if at > 0.4 else "center"),
    )


def baselines(poolings: Sequence[Pooled], quantity: Quantity, *, centred: bool, palette: Palette) -> go.Figure:
    """Every pooling on one scale: unrelated sentences as they are and after centring, and the pairs of texts.

    Args:
        poolings: from top to bottom.
        quantity: what the axis is.
        centred: whether the pairs of texts are.
        palette: of the theme.
    """
    figure = blank()
    pale = mix(palette.page, palette.muted, 0.42)
    filled = {"color": pale, "line": {"color": pale, "width": 1.5}}
    hollow = {"color": palette.page, "line": {"color": pale, "width": 1.5}}
    bands, means, absent = [], [], []
    own = -0.2 if centred else 0.2  # the pairs of texts stand on the band that they are to be measured against
    for k, one in enumerate(poolings):
        y = len(poolings) - 1 - k
        for shift, floor in ((0.2, one.raw_floor), (-0.2, one.centred_floor)):
            if floor is not None:
                look = filled if shift == own else hollow
                band = {"type": "rect", "x0": floor.low, "x1": floor.high, "y0": y + shift - 0.12}
                bands.append({**band, "y1": y + shift + 0.12, "layer": "below", "line": look["line"]})
                bands[-1]["fillcolor"] = look["color"]
                line = {"type": "line", "x0": floor.mean, "x1": floor.mean, "y0": y + shift - 0.17}
                means.append({**line, "y1": y + shift + 0.17, "line": {"color": palette.ink, "width": 2}})
        if one.ends is None:
            place = {"x": -1, "xshift": 6, "y": y, "xanchor": "left", "showarrow": False}
            words = {"text": "none", "hovertext": escape.plotly(one.why_not)}
            absent.append({**place, **words, "font": {"size": 14, "color": palette.muted}})
            continue
        ink, symbol = (palette.cls, "square") if one.is_first else (palette.ink, "circle")
        figure.add_scatter(
            x=list(one.ends),
            y=[y + own] * 2,
            name=one.name,
            meta="x",
            mode="lines+markers",
            line={"color": ink, "width": 1.5},
            marker={"symbol": symbol, "size": [7, 12], "color": ink, "opacity": 1},
            cliponaxis=False,
            showlegend=False,
            hovertemplate=escape.plotly(one.name) + ": %{x:.4f}<extra>these texts</extra>",
        )
    for name, marker in (
        ("unrelated sentences", {"symbol": "square", **(hollow if centred else filled)}),
        ("unrelated sentences, centred", {"symbol": "square", **(filled if centred else hollow)}),
        ("least to most alike pair of these texts" + (", centred" if centred else ""), {"color": palette.ink}),
    ):
        sign = {"x": [None], "y": [None], "mode": "markers", "meta": "sign", "showlegend": True}
        figure.add_scatter(**sign, name=name, marker={"size": 12, **marker})
    figure.update_layout(shapes=bands + means, annotations=absent)  # all at once: one by one takes five times as long
    finish(figure, palette, height=46 * len(poolings) + 90, x=quantity.name, legend=True)
    figure.update_xaxes(
        range=[-1.02, 1.04],
        tickvals=[-1, -0.5, 0, 0.5, 1],
        ticktext=["−1", "−0.5", "0", "0.5", "1"],
        showgrid=True,
        gridcolor=palette.line,
    )
    figure.update_yaxes(
        showgrid=False,
        range=[-0.6, len(poolings) - 0.4],
        tickvals=list(range(len(poolings))),
        ticktext=[escape.plotly(one.name) for one in reversed(poolings)],
        ticklabelstandoff=6,
    )
    return figure


def points(
    one: Pooled,
    apart: Sequence[bool],
    texts: Sequence[str],
    axes: tuple[str, str],
    *,
    reach: float,
    ringed: Collection[int],
    palette: Palette,
) -> go.Figure:
    """A map of texts, with unrelated sentences faint behind them.

    Args:
        one: the pooling.
        apart: for each text whether the other pooling names another nearest one.
        texts: n, as typed; escaped here.
        axes: the heads of the columns that hold the places.
        reach: half the width of the map, the same for maps that are compared.
        ringed: rows of texts that are ringed.
        palette: of the theme.
    """
    places, figure = one.places, blank()
    ink, few = palette.cls if one.is_first else palette.ink, len(texts) <= NAMED
    symbol = "square" if one.is_first else "circle"
    figure.add_scatter(
        x=places[:, 0].astype(np.float32),
        y=places[:, 1].astype(np.float32),
        zorder=3,
        meta=list(axes),
        mode="markers+text" if few else "markers",
        text=[str(k + 1) for k in range(len(texts))],
        textposition=_beside(places, reach),
        textfont={"size": 15, "color": palette.ink},
        marker={
            "symbol": symbol,
            "size": 13 if few else 8,
            "color": ink,
            "line": {"width": 1, "color": palette.page},
        },
        customdata=[f"{k + 1} {escape.plotly(text, 80)}" for k, text in enumerate(texts)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=one.background[:, 0].astype(np.float32),
        y=one.background[:, 1].astype(np.float32),
        zorder=0,
        meta=list(axes),
        mode="markers",
        marker={"size": 5, "color": mix(palette.page, palette.muted, 0.45)},
        hoverinfo="skip",
    )
    for k, (other, differs) in enumerate(zip(one.only_nearest, apart, strict=True)) if few else ():
        if other >= 0:
            figure.add_scatter(
                x=places[[k, other], 0].astype(np.float32),
                y=places[[k, other], 1].astype(np.float32),
                zorder=1,
                meta="sign",
                mode="lines",
                line={"color": palette.muted, "width": 1.5, "dash": "dot" if differs else "solid"},
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=places[list(ringed), 0],
        y=places[list(ringed), 1],
        zorder=2,
        meta="sign",
        mode="markers",
        hoverinfo="skip",
        marker={"symbol": f"{symbol}-open", "size": 24, "color": ink, "line": {"width": 2}},
    )
    first, second = (float(each) for each in one.plane.shares[:2])
    axis = f"first axis: {share(first)} of their variance", f"second axis: {share(second)}"
    finish(figure, palette, height=400, x=axis[0], y=axis[1])
    return plane(figure, palette, reach, reach)


_SIDES = {
    "top center": (0, 1),
    "top right": (0.7, 0.7),
    "middle right": (1, 0),
    "bottom right": (0.7, -0.7),
    "bottom center": (0, -1),
    "bottom left": (-0.7, -0.7),
    "middle left": (-1, 0),
    "top left": (-0.7, 0.7),
}


def _beside(places: Values, reach: float) -> list[str]:
    """Where each point's number stands: where the most room is left by the points and the numbers before it."""
    steps = np.array(list(_SIDES.values())) * 0.11 * (reach or 1)  # as far as a number is from its point
    sides, taken = [], [*places]
    for k, here in enumerate(places):
        others = np.array([place for n, place in enumerate(taken) if n != k]).reshape(-1, 2)
        spots = here + steps  # float64[8, 2]
        room = np.linalg.norm(spots[:, None] - others[None], axis=2).min(axis=1) if len(others) else np.zeros(8)
        best = int(room.argmax())
        taken.append(spots[best])
        sides.append(list(_SIDES)[best])
    return sides


def weights(
    rows: Sequence[TokenWeights], tokens: Sequence[str], roles: Sequence[str], *, palette: Palette
) -> go.Figure:
    """A row of bars for each pooling, over the same tokens.

    The bars' heights are the square roots of the weights, so that a small share of many tokens can be seen.

    Args:
        rows: from top to bottom.
        tokens: the text's real tokens.
        roles: as many: "cls", "sep" or "word".
        palette: of the theme.
    """
    figure, place = blank(), np.arange(len(tokens))
    names = [f"{k} {escape.plotly(token, 20)}" for k, token in enumerate(tokens)]
    colours = {"cls": palette.cls, "sep": palette.sep, "word": palette.ink}
    hatched = {"shape": ["/" if role == "sep" else "" for role in roles], "fgcolor": palette.page}
    for k, row in enumerate(rows):
        if row.weights is None:
            continue
        taken = np.asarray(row.weights, np.float64)
        figure.add_bar(
            x=place,
            y=(np.sqrt(taken) * TALL).astype(np.float32),
            base=len(rows) - 1 - k + FOOT,
            width=0.78,
            name=escape.plotly(row.name),
            meta="roots",
            customdata=taken,
            marker={
                "color": [colours[role] for role in roles],
                "line": {"width": 0},
                "pattern": {**hatched, "size": 6, "solidity": 0.25, "fillmode": "overlay"},
            },
            text=names,
            textposition="none",
            hovertemplate="%{text}: %{customdata:.1%}<extra>" + escape.plotly(row.name) + "</extra>",
        )
    edge = {"xref": "paper", "x0": 0, "x1": 1, "type": "line", "line": {"color": palette.line, "width": 1}}
    words = {"xref": "paper", "x": 0, "xanchor": "left", "yanchor": "top", "showarrow": False, "font_size": 14}
    names_and_words = [
        f"<b>{escape.plotly(row.name)}</b>  <span style='color:{palette.muted}'>{escape.plotly(row.about)}</span>"
        for row in rows
    ]
    figure.update_layout(
        shapes=[{**edge, "y0": base + FOOT, "y1": base + FOOT} for base in range(len(rows))],
        annotations=[{**words, "y": len(rows) - k, "text": text} for k, text in enumerate(names_and_words)],
    )
    finish(figure, palette, height=68 * len(rows) + 90)
    step = 1 if len(tokens) <= FEW_TOKENS else max(10, len(tokens) // 8 // 10 * 10)
    ticks = place[::step]
    figure.update_layout(barmode="overlay", bargap=0)
    figure.update_xaxes(
        range=[-0.6, len(tokens) - 0.4],
        tickvals=ticks,
        ticktext=[names[k] if step == 1 else str(k) for k in ticks],
        tickangle=-90 if step == 1 else 0,
        title_text="position and token" if step == 1 else "position",
    )
    figure.update_yaxes(showgrid=False, range=[0, len(rows)], showticklabels=False)
    return figure


def curve(found: Curve, names: Sequence[str], axes: tuple[str, str], *, percent: bool, palette: Palette) -> go.Figure:
    """A line a pooling.

    Args:
        found: what is drawn.
        names: of its poolings, in their order; escaped here.
        axes: titles of the two axes.
        percent: whether the values are shares.
        palette: of the theme.
    """
    figure = blank()
    looks = {
        "cls": (palette.cls, "square", "solid"),
        "mean": (palette.ink, "circle", "solid"),
        "lasttoken": (palette.sep, "diamond", "dash"),
        LANDMARKS: (palette.muted, "triangle-up", "dot"),
    }
    for (way, values), name in zip(found.values.items(), names, strict=True):
        colour, symbol, dash = looks[way]
        hover = f"%{{x}}: <b>%{{y:{'.0%' if percent else '.3f'}}}</b>"
        line = {"dash": dash}
        series(figure, found.ticks, values, escape.plotly(name), colour, symbol=symbol, hover=hover, line=line)
    finish(figure, palette, height=320, x=axes[0], y=axes[1], legend=True)
    low = min(0.0, *(float(each.min()) for each in found.values.values()))
    figure.update_xaxes(tickvals=list(found.ticks))
    figure.update_yaxes(range=[1.1 * low, 1.04], tickformat=".0%" if percent else None)
    return figure
