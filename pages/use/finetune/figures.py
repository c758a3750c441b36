"""A training as it goes: loss, accuracy, the vectors on their map, attention, and the gradients of the loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, error_bars, finish, level, note, plane, write
from lib.quantities import Palette, mix
from lib.tuning import READ

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]
Counts = NDArray[np.integer]
Flags = NDArray[np.bool_]

LEARNED, ASKED = "learned from", "held out"  # whose losses are drawn
MARKS = ("square", "circle-open", "triangle-up", "diamond-open", "x", "star-triangle-down-open")
NAMED = 40  # tokens up to which each is named


@dataclass(frozen=True)
class Beat:
    """A line to beat.

    Attributes:
        name: on it, plain.
        value: a share from 0 to 1.
        first: whether it is the first token's.
    """

    name: str
    value: float
    first: bool


def losses(made: Numbers, at: Counts, held: Numbers, no_opinion: float, *, steps: int, palette: Palette) -> go.Figure:
    """Loss by step: of the batches learned from, and of the held-out texts.

    Args:
        made: float[steps made], of each batch.
        at: int[moments], steps after which the held-out texts were asked about.
        held: float[moments], their loss.
        no_opinion: the loss of one who has no opinion.
        steps: that the training has in all.
        palette: of the theme.
    """
    figure = blank()
    figure.add_scatter(
        x=np.arange(1, len(made) + 1),
        y=made.astype(np.float32),
        mode="lines",
        name=LEARNED,
        line={"color": palette.sep, "width": 1.5},
        hovertemplate="step %{x}: <b>%{y:.3f}</b><extra>its batch</extra>",
    )
    figure.add_scatter(
        x=at,
        y=held.astype(np.float32),
        mode="lines+markers",
        name=ASKED,
        line={"color": palette.ink, "width": 3},
        marker={"size": 8},
        hovertemplate="after %{x} steps: <b>%{y:.3f}</b><extra>held out</extra>",
    )
    _ruled(figure, no_opinion, steps, "no opinion", palette.muted, palette)
    finish(figure, palette, height=290, x="steps", y="loss, nats a text", legend=True)
    figure.update_xaxes(range=[-0.02 * steps, 1.03 * steps])
    figure.update_yaxes(rangemode="tozero")
    return figure


def accuracy(
    at: Counts,
    right: Numbers,
    ends: tuple[float, float],
    beats: Sequence[Beat],
    *,
    steps: int,
    first: bool,
    now: int,
    chance: float,
    palette: Palette,
) -> go.Figure:
    """Accuracy on the held-out texts by step, and the lines to beat.

    Args:
        at: int[moments], steps.
        right: float[moments], shares from 0 to 1.
        ends: of the 95 % interval of the moment that is looked at.
        beats: what the frozen model gives.
        steps: that the training has in all.
        first: whether it is the first token that goes into the classifier.
        now: which of the moments is looked at.
        chance: accuracy of guessing, from which the axis begins, so that its scale stays while one watches.
        palette: of the theme.
    """
    figure, colour = blank(), palette.cls if first else palette.ink
    figure.add_scatter(
        x=at,
        y=right.astype(np.float32),
        mode="lines+markers",
        name="right",
        cliponaxis=False,
        line={"color": colour, "width": 3},
        marker={"size": 8, "symbol": "square" if first else "circle"},
        hovertemplate="after %{x} steps: <b>%{y:.1%}</b><extra></extra>",
    )
    figure.add_scatter(
        x=[int(at[now])],
        y=[float(right[now])],
        mode="markers",
        hoverinfo="skip",
        cliponaxis=False,
        marker={"size": 15, "color": colour, "symbol": "square" if first else "circle"},
        error_y=error_bars(right[[now]] - ends[0], ends[1] - right[[now]], colour),
    )
    low = min(ends[0], float(right.min()), *(beat.value for beat in beats))
    for beat, above in zip(beats, _sides([beat.value for beat in beats]), strict=True):
        _ruled(figure, beat.value, steps, beat.name, palette.cls if beat.first else palette.muted, palette, above=above)
    finish(figure, palette, height=290, x="steps", y="accuracy on held-out texts")
    figure.update_xaxes(range=[-0.02 * steps, 1.03 * steps])
    figure.update_yaxes(tickformat=".0%", range=[min(low - 0.03, chance - 0.15), 1.03])
    return figure


def _sides(values: Sequence[float]) -> list[bool]:
    """Whether a line's name stands above it: above for the upper of two that are near."""
    return [value >= float(np.median(values)) for value in values]


def _ruled(
    figure: go.Figure, value: float, steps: int, name: str, colour: str, palette: Palette, *, above: bool = True
) -> None:
    level(figure, value, (-0.02 * steps, 1.03 * steps), name, colour, dash="dot")
    place = {
        "x": 0 if above else 1,  # an accuracy begins below the lines, and usually ends above the lower one
        "xref": "paper",
        "y": value,
        "xanchor": "left" if above else "right",
        "yanchor": "bottom" if above else "top",
    }
    write(figure, note(escape.plotly(name, 44), palette.muted, size=13, **place))


def points(
    places: Numbers,
    labels: Counts,
    right: Flags,
    texts: Sequence[str],
    classes: Sequence[str],
    reach: Numbers,
    *,
    first: bool,
    x: str,
    axes: tuple[str, str],
    palette: Palette,
) -> go.Figure:
    """The held-out texts on a plane that stays: filled marks for one class, open ones for another.

    Args:
        places: float[n, 2].
        labels: int[n], their classes.
        right: bool[n], which of them are classified correctly.
        texts: n, as given.
        classes: their names.
        reach: float[2], half the width and half the height of the map, the same for all moments.
        first: whether these are the first token's vectors, which have a colour of their own.
        x: what the first axis is.
        axes: the heads of the columns that hold the places.
        palette: of the theme.
    """
    figure, hue = blank(), palette.cls if first else palette.ink
    shown = np.unique(labels)
    for kind, label in enumerate(shown):
        own = np.flatnonzero(labels == label).tolist()
        mark = MARKS[kind % len(MARKS)]
        figure.add_scatter(
            x=places[own, 0].astype(np.float32),
            y=places[own, 1].astype(np.float32),
            mode="markers",
            meta=list(axes),
            name=escape.plotly(classes[label], 22),
            marker={"symbol": mark, "size": 9, "color": hue, "opacity": 0.85, "line": {"width": 1.5, "color": hue}},
            customdata=[
                f"{escape.plotly(texts[k], 80)}<br>classified {'correctly' if right[k] else 'wrongly'}" for k in own
            ],
            hovertemplate="%{customdata}<extra>" + escape.plotly(classes[label], 22) + "</extra>",
        )
    finish(figure, palette, height=285, x=escape.plotly(x, 60), legend=len(shown) <= len(MARKS))
    wide, high = float(reach[0]), float(max(reach[1], 0.45 * reach[0]))
    return plane(figure, palette, wide, high)


def attends_to(shares: Numbers, when: Sequence[str], trained: int, palette: Palette) -> go.Figure:
    """What the first token attends to in each layer, before and now: itself, other special tokens, words.

    Args:
        shares: float[layers + trained, 3], of all layers before and of the trained ones now; rows add up to 1.
        when: of each row, in words.
        trained: how many of the last layers are trained; only they have two bars.
        palette: of the theme.
    """
    figure, layers = blank(), len(shares) - trained
    still, every = layers - trained, np.arange(1, layers + 1)
    layer = np.concatenate([every, every[still:]])
    beside = np.repeat([0, -0.21, 0.21], [still, trained, trained])
    for kind, (name, colour) in enumerate(zip(READ, (palette.cls, palette.sep, palette.attends_to), strict=True)):
        pale = mix(palette.page, colour, 0.45)
        figure.add_bar(
            x=layer + beside,
            y=shares[:, kind].astype(np.float32),
            name=name,
            width=[0.8] * still + [0.38] * 2 * trained,
            marker={
                "color": [colour] * still + [pale] * trained + [colour] * trained,
                "line": {"width": 1, "color": palette.page},
            },
            customdata=[f"layer {which}, {each}" for which, each in zip(layer, when, strict=True)],
            hovertemplate="%{customdata}: <b>%{y:.1%}</b><extra>" + name + "</extra>",
        )
    finish(
        figure,
        palette,
        height=280,
        x="layer (trained layers: pale before, strong now)",
        y="share of its attention",
        legend=True,
    )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(dtick=1, range=[0.45, layers + 0.55])
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return figure
