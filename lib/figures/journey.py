"""The way through the layers: lines by layer, distances moved, and trails on a plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish
from lib.quantities import Palette, mix, part, share

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]
Role = Literal["first", "words", "separator"]

LABELLED = 13  # layers up to which each point carries its number
FEW = 4  # ends of trails up to which each is called a text
LAYER = "layer (0: before the first layer)"


@dataclass(frozen=True, eq=False)
class Line:
    """One vector's number, layer by layer.

    Attributes:
        name: in the legend, plain.
        role: decides colour and mark.
        values: float[layers], the first of which belongs to layer ``start`` of the figure.
        written: for each point a number or "", or nothing at all.
        band: float[layers] twice, the lowest and the highest; None where there is none.
    """

    name: str
    role: Role
    values: Numbers
    written: Sequence[str] = ()
    band: tuple[Numbers, Numbers] | None = None


def _marks(palette: Palette) -> dict[Role, tuple[str, str]]:
    return {
        "first": (palette.cls, "square"),
        "words": (palette.ink, "circle"),
        "separator": (palette.sep, "circle-open"),
    }


def by_layer(
    lines: Sequence[Line],
    palette: Palette,
    *,
    y: str,
    span: tuple[float | None, float | None] = (None, None),
    percent: bool = False,
    dashed: float | None = None,
    height: int = 340,
) -> go.Figure:
    """Lines over the layers, the first token's on top.

    Args:
        lines: one value for each layer from 0 on.
        palette: of the theme.
        y: title of the y axis, in words with the unit.
        span: of the y axis; None where the values decide.
        percent: whether the values are shares.
        dashed: a level that is marked.
        height: pixels.
    """
    figure = blank()
    marks = _marks(palette)
    for line in sorted(lines, key=lambda each: each.role == "first"):
        colour, symbol = marks[line.role]
        x = list(range(len(line.values)))
        if line.band is not None:
            low, high = line.band
            figure.add_scatter(
                x=[*x, *x[::-1]],
                y=[*high, *low[::-1]],
                fill="toself",
                mode="lines",
                line={"width": 0},
                fillcolor=_see_through(colour, 0.16),
                hoverinfo="skip",
                showlegend=False,
            )
        value = "%{y:.1%}" if percent else "%{y:.4f}"
        figure.add_scatter(
            x=x,
            y=line.values,
            name=escape.plotly(line.name, 40),
            mode="lines+markers",
            cliponaxis=False,
            line={"color": colour, "width": 3 if line.role == "first" else 2},
            marker={
                "symbol": symbol,
                "size": 11 if line.role == "first" else 9,
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
            hovertemplate=f"layer %{{x}}: <b>{value}</b><extra>{escape.plotly(line.name, 40)}</extra>",
            legendrank=1 if line.role == "first" else 2,
        )
        if len(x) <= LABELLED:
            for layer, text in enumerate(line.written):
                if not text:
                    continue
                figure.add_annotation(
                    x=layer,
                    y=float(line.values[layer]),
                    text=text,
                    showarrow=False,
                    yshift=_clear(line, lines, layer),
                    font={"size": 14, "color": palette.ink},
                    bgcolor=_see_through(palette.page, 0.75),
                    borderpad=1,
                )
    if dashed is not None:
        figure.add_hline(y=dashed, line={"color": palette.ink, "width": 1.5, "dash": "dash"})
    finish(figure, palette, height=height, x=LAYER, y=y, legend=True)
    layers = max(len(line.values) for line in lines)
    figure.update_xaxes(dtick=1, range=[-0.45, layers - 0.55])
    figure.update_yaxes(range=_roomy(lines, span), tickformat=".0%" if percent else None)
    return figure


def _roomy(lines: Sequence[Line], span: tuple[float | None, float | None]) -> list[float]:
    """The span with room at its foot, so that what lies lowest keeps off the names of the layers."""
    every = np.concatenate([part for line in lines for part in (line.values, *(line.band or ()))])
    low, high = min([float(every.min()), *([] if span[0] is None else [span[0]])]), span[1]
    if high is None:
        high = float(every.max()) + 0.08 * ((float(every.max()) - low) or 1)
    return [low - 0.12 * ((high - low) or 1), high]


def _clear(line: Line, lines: Sequence[Line], layer: int) -> int:
    """Pixels by which a number is moved off its point: up, but down under a line just above."""
    every = np.concatenate([each.values for each in lines])
    here, room = float(line.values[layer]), float(np.ptp(every)) / 6
    others = [float(each.values[layer]) - here for each in lines if each is not line]
    above, below = any(0 <= gap < room for gap in others), any(-room < gap < 0 for gap in others)
    return -18 if above and not below else 18


def moved(
    distance: Numbers, together: Numbers, others: Sequence[Line], palette: Palette, *, top: float | None = None
) -> go.Figure:
    """How far the first token moves in each layer, and how much of that all texts have in common.

    Args:
        distance: float[layers], in units of an activation.
        together: float[layers], from 0 to 1.
        others: float[layers] each, what other vectors move.
        palette: of the theme.
        top: the largest distance that the axis has room for; None for the largest drawn.
    """
    figure = blank()
    x = list(range(1, len(distance) + 1))
    parts = (("alike in all texts", distance * together, ""), ("each text its own way", distance * (1 - together), "/"))
    for name, heights, hatch in parts:
        figure.add_bar(
            x=x,
            y=heights,
            name=name,
            customdata=together if not hatch else 1 - together,
            marker={
                "color": palette.cls if not hatch else palette.page,
                "line": {"width": 2, "color": palette.cls},
                "pattern": {
                    "shape": hatch,
                    "fgcolor": palette.cls,
                    "bgcolor": palette.page,
                    "size": 7,
                    "solidity": 0.3,
                },
            },
            hovertemplate="layer %{x}: %{customdata:.1%} of the squared distance<extra>" + name + "</extra>",
        )
    for line in others:
        colour, symbol = _marks(palette)[line.role]
        figure.add_scatter(
            x=x,
            y=line.values,
            name=escape.plotly(line.name, 40),
            mode="markers",
            marker={"symbol": symbol, "size": 10, "color": colour, "line": {"width": 2, "color": colour}},
            hovertemplate="layer %{x}: %{y:.2f}<extra>" + escape.plotly(line.name, 40) + "</extra>",
        )
    told = ", and the share that all texts have in common" if len(x) < LABELLED else ""
    finish(figure, palette, height=360, x=f"layer{told}", legend=True)
    drawn = max([float(np.max(distance)), *(float(np.max(line.values)) for line in others)], default=1.0)
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    figure.update_xaxes(dtick=1, range=[0.4, len(x) + 0.6])
    if told:  # under the bars, where no mark can be in the way
        names = [f"{layer}<br><b>{part(float(alike))}</b>" for layer, alike in zip(x, together, strict=True)]
        figure.update_xaxes(tickvals=x, ticktext=names, tickmode="array")
    figure.update_yaxes(title_text="distance moved, in activations", range=[0, (top or drawn or 1) * 1.12])
    return figure


def trails(
    places: Numbers,
    shares: tuple[float, float],
    texts: Sequence[str],
    palette: Palette,
    *,
    numbers: Sequence[int] = (),
) -> go.Figure:
    """The way of each text's first token on one plane, from layer 0 to the last.

    Args:
        places: float[layers+1, texts, 2].
        shares: of both axes in the variance.
        texts: as typed; escaped here.
        palette: of the theme.
        numbers: of the texts; from 1 on where none are given.
    """
    layers, count = len(places) - 1, places.shape[1]
    called = numbers or range(1, count + 1)
    figure = blank()
    faint = mix(palette.page, palette.cls, 0.55)
    for k in range(count):
        shown = f"{called[k]} {escape.plotly(texts[k], 60)}"
        figure.add_scatter(
            x=places[:, k, 0].astype(np.float32),
            y=places[:, k, 1].astype(np.float32),
            mode="lines+markers",
            line={"color": faint, "width": 2},
            marker={
                "symbol": "square",
                "size": [8] * layers + [12],
                "color": [palette.page, *([faint] * (layers - 1)), palette.cls],
                "opacity": 1,
                "line": {"width": 2, "color": palette.cls},
            },
            customdata=list(range(layers + 1)),
            hovertemplate=f"{shown}<extra>layer %{{customdata}}</extra>",
            showlegend=False,
        )
    reach = float(np.abs(places).max()) or 1.0
    centres, ends = places.mean(axis=1), places[-1]
    fans = count > 1 and float(np.ptp(ends, axis=0).max()) > reach / 8
    words = {"showarrow": False, "bgcolor": _see_through(palette.page, 0.6), "borderpad": 0}
    for k, group in enumerate(_neighbours(centres[:-1] if fans else centres, reach / 7)):
        named = _run("layer", group) if not k else _numbers(group)
        figure.add_annotation(
            x=centres[group[0], 0],
            y=centres[group[0], 1],
            text=named,
            yshift=19,
            font={"size": 14, "color": palette.muted},
            **words,
        )
    spots = _spots(ends, reach / 7) if fans else []
    for group in spots:
        away = ends[group[0]] - centres[-2]
        called_here = [called[k] for k in group]
        figure.add_annotation(
            x=ends[group[0], 0],
            y=ends[group[0], 1],
            xshift=12 if away[0] > 0 else -12,
            text=f"<b>{_run('text', called_here) if len(spots) <= FEW else _numbers(called_here)}</b>",
            xanchor="left" if away[0] > 0 else "right",
            font={"size": 14, "color": palette.ink},
            **words,
        )
    finish(
        figure,
        palette,
        height=420,
        x=f"first axis: {share(shares[0])} of the variance",
        y=f"second axis: {share(shares[1])}",
    )
    figure.update_xaxes(showticklabels=False, showgrid=False)
    figure.update_yaxes(showticklabels=False, showgrid=False, scaleanchor="x", scaleratio=1)
    return figure


def _neighbours(centres: Numbers, near: float) -> list[list[int]]:
    """Layers in a row whose centres fall on one spot, so that they can share a label."""
    groups: list[list[int]] = []
    for layer, here in enumerate(centres):
        if groups and np.linalg.norm(here - centres[groups[-1][0]]) < near:
            groups[-1].append(layer)
        else:
            groups.append([layer])
    return groups


def _spots(ends: Numbers, near: float) -> list[list[int]]:
    """Texts that end on one spot, so that they can share a label."""
    groups: list[list[int]] = []
    for text, here in enumerate(ends):
        away = [np.abs(here - ends[each[0]]) for each in groups]  # a label is wide and low
        one = [np.linalg.norm(gap) < near or (gap[0] < 3 * near and gap[1] < near / 2) for gap in away]
        group = next((each for each, same in zip(groups, one, strict=True) if same), None)
        if group is None:
            groups.append([text])
        else:
            group.append(text)
    return groups


def _run(noun: str, numbers: Sequence[int]) -> str:
    """Numbers with their noun: "layer 3", "layers 1–5", "texts 1, 2, 4"."""
    return f"{noun}{'' if len(numbers) == 1 else 's'} {_numbers(numbers)}"


def _numbers(numbers: Sequence[int]) -> str:
    """Rising numbers, short: "3", "1–5", "1, 2, 4"."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers[:6])) + (" …" if len(numbers) > 6 else "")


def _see_through(colour: str, opacity: float) -> str:
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgba({red},{green},{blue},{opacity})"
