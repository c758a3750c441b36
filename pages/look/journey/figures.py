"""Figures of the journey: distances moved, and trails on a plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lib import escape
from lib.figures.chart import blank, finish, hatched, note, write
from lib.figures.journey import LABELLED, LayerLine, Numbers, marks, see_through
from lib.quantities import Palette, mix, part, share

if TYPE_CHECKING:
    import plotly.graph_objects as go

COMMON, OWN = "alike in all texts", "each text its own way"  # what a distance is made of
AXES = ("first axis", "second axis")  # of the plane of the trails
FEW = 4  # ends of trails up to which each is called a text


def moved(
    distance: Numbers, together: Numbers, others: Sequence[LayerLine], palette: Palette, *, top: float | None = None
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
    for name, portion, hatch in ((COMMON, together, ""), (OWN, 1 - together, "/")):
        figure.add_bar(
            x=x,
            y=distance * portion,
            name=name,
            customdata=portion,
            marker=hatched(palette.cls, palette.page, hatch),
            hovertemplate="layer %{x}: %{customdata:.1%} of the squared distance<extra>" + name + "</extra>",
        )
    for line in others:
        colour, symbol = marks(palette)[line.role]
        figure.add_scatter(
            x=x,
            y=line.values,
            name=escape.plotly(line.name, 40),
            mode="markers",
            marker={"symbol": symbol, "size": 10, "color": colour, "line": {"width": 2, "color": colour}},
            hovertemplate="layer %{x}: %{y:.2f}<extra>" + escape.plotly(line.name, 40) + "</extra>",
        )
    few = len(x) < LABELLED
    shares = ", and the share that all texts have in common" if few else ""
    finish(figure, palette, height=360, x=f"layer{shares}", legend=True)
    drawn = max([float(np.max(distance)), *(float(np.max(line.values)) for line in others)], default=1.0)
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    figure.update_xaxes(dtick=1, range=[0.4, len(x) + 0.6])
    if few:  # under the bars, where no mark can be in the way
        names = [f"{layer}<br><b>{part(float(alike))}</b>" for layer, alike in zip(x, together, strict=True)]
        figure.update_xaxes(tickvals=x, ticktext=names, tickmode="array")
    figure.update_yaxes(title_text="distance moved, in activations", range=[0, (top or drawn or 1) * 1.12])
    return figure


def trails(
    places: Numbers,
    shares: tuple[float, float],
    texts: Sequence[str],
    palette: Palette,
    numbers: Sequence[int],
) -> go.Figure:
    """The way of each text's first token on one plane, from layer 0 to the last.

    Args:
        places: float[layers+1, texts, 2].
        shares: of both axes in the variance.
        texts: as typed; escaped here.
        palette: of the theme.
        numbers: of the texts.
    """
    layers, count = len(places) - 1, places.shape[1]
    figure = blank()
    faint = mix(palette.page, palette.cls, 0.55)
    for k in range(count):
        shown = f"{numbers[k]} {escape.plotly(texts[k], 60)}"
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
            meta=AXES,
            hovertemplate=f"{shown}<extra>layer %{{customdata}}</extra>",
            showlegend=False,
        )
    reach = float(np.abs(places).max()) or 1.0
    centres, ends = places.mean(axis=1), places[-1]
    fans = count > 1 and float(np.ptp(ends, axis=0).max()) > reach / 8
    ground, notes = {"bgcolor": see_through(palette.page, 0.6), "borderpad": 0}, []
    for k, group in enumerate(_neighbours(centres[:-1] if fans else centres, reach / 7)):
        named = _run("layer", group) if not k else _numbers(group)
        x, y = centres[group[0]]
        notes.append(note(named, palette.muted, x=x, y=y, yshift=19, **ground))
    spots = _spots(ends, reach / 7) if fans else []
    for group in spots:
        away = ends[group[0]] - centres[-2]
        ends_here = [numbers[k] for k in group]
        named = f"<b>{_run('text', ends_here) if len(spots) <= FEW else _numbers(ends_here)}</b>"
        aside = {"xshift": 12, "xanchor": "left"} if away[0] > 0 else {"xshift": -12, "xanchor": "right"}
        x, y = ends[group[0]]
        notes.append(note(named, palette.ink, x=x, y=y, **aside, **ground))
    write(figure, *notes)
    finish(
        figure,
        palette,
        height=420,
        x=f"{AXES[0]}: {share(shares[0])} of the variance",
        y=f"{AXES[1]}: {share(shares[1])}",
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
