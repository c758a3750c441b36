"""From texts to labels: how long they are, what was confused, how sure it is, and every layer and place compared."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, error_bars, finish, legible, level, note, series, write
from lib.figures.journey import LAYER
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]
Counts = NDArray[np.integer]

NUMBERED = 12  # classes up to which the confusion matrix carries its numbers
MARKS = ("circle", "diamond", "triangle-up", "x", "circle-open", "diamond-open", "triangle-up-open")


@dataclass(frozen=True, eq=False)
class Line:
    """One way to make a vector, over layers or sizes.

    Attributes:
        name: in the legend, plain.
        first: whether it is the first token.
        values: float[points], shares from 0 to 1; nan for none.
        strong: whether it stands out beside the first token.
        low: float[points], lower ends of bars; None for none.
        high: float[points], upper ends.
    """

    name: str
    first: bool
    values: Numbers
    strong: bool = False
    low: Numbers | None = None
    high: Numbers | None = None


def lengths(tokens: Counts, texts: Counts, palette: Palette) -> go.Figure:
    """How many texts have how many tokens, and the length that all are filled up to.

    Args:
        tokens: int[lengths], from the shortest to the longest.
        texts: int[lengths], that have so many.
        palette: of the theme.
    """
    figure = blank()
    figure.add_bar(
        x=tokens,
        y=texts,
        name="texts",
        marker_color=palette.ink,
        hovertemplate="%{x} tokens: <b>%{y} texts</b><extra></extra>",
    )
    finish(figure, palette, height=210, x="tokens of a text, special ones included", y="texts")
    longest = int(tokens[-1])
    figure.add_vline(x=longest + 0.5, line={"color": palette.sep, "width": 2, "dash": "dot"})
    place = {"x": longest + 0.5, "y": 1, "yref": "paper", "xanchor": "right", "yanchor": "bottom", "xshift": -30}
    write(figure, note(f"all filled up to {longest}", palette.muted, **place))
    figure.update_xaxes(range=[0, longest + 1.5])
    figure.update_layout(margin={"t": 30})
    return figure


def confusion(counts: Counts, shares: Numbers, classes: Sequence[str], palette: Palette) -> go.Figure:
    """The held-out texts: a row for each true class, a column for what was said.

    Args:
        counts: int[classes, classes], texts.
        shares: float[classes, classes], of their true class.
        classes: their names.
        palette: of the theme.
    """
    places = list(range(len(classes)))
    names = ["<br>".join(map(escape.plotly, textwrap.wrap(name, 14)[:3])) for name in classes]
    figure = blank()
    figure.add_heatmap(
        z=shares,
        zmin=0,
        zmax=1,
        colorscale=[[0, palette.wash], [1, palette.ink]],
        showscale=False,
        xgap=2,
        ygap=2,
        customdata=counts,
        hovertemplate="%{customdata} texts, <b>%{z:.0%}</b> of their class<extra></extra>",
    )
    if len(names) <= NUMBERED:
        inks = np.where(shares > 0.5, legible(palette.ink, palette), legible(palette.wash, palette))
        cells = np.ndindex(*counts.shape)
        write(figure, *(note(str(counts[at]), str(inks[at]), size=15, x=at[1], y=at[0]) for at in cells))
    finish(figure, palette, height=max(230, 34 * len(names) + 110), x="what the classifier says", y="what it is")
    figure.update_xaxes(tickvals=places, ticktext=names)
    figure.update_yaxes(tickvals=places, ticktext=names, showgrid=False, range=[len(names) - 0.5, -0.5])
    return figure


def probabilities(values: Numbers, classes: Sequence[str], palette: Palette) -> go.Figure:
    """How sure the classifier is of each class, for one text.

    Args:
        values: float[classes], adding up to 1.
        classes: their names.
        palette: of the theme.
    """
    places, best = list(range(len(classes)))[::-1], int(np.argmax(values))
    figure = blank()
    figure.add_bar(
        x=values.astype(np.float32),
        y=places,
        name="probability",
        orientation="h",
        marker_color=[palette.ink if k == best else palette.sep for k in range(len(classes))],
        text=[f"{value:.0%}" for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="<b>%{x:.1%}</b><extra></extra>",
    )
    finish(figure, palette, height=34 * len(classes) + 90, x="probability that the classifier gives")
    figure.update_xaxes(range=[0, 1.08], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    names = [escape.plotly(name, 24) for name in classes]
    figure.update_yaxes(tickvals=places, ticktext=names, showgrid=False, tickfont={"color": palette.ink})
    return figure


def _lines(x: Sequence[int], lines: Sequence[Line], majority: float, palette: Palette, hover: str) -> go.Figure:
    figure = blank()
    for line, mark in zip(lines, MARKS, strict=False):
        colour = palette.cls if line.first else palette.ink if line.strong else palette.sep
        name = escape.plotly(line.name, 40)
        series(
            figure,
            list(x),
            line.values.astype(np.float32),
            name,
            colour,
            hover=f"{hover} %{{x}}: <b>%{{y:.1%}}</b>",
            symbol="square" if line.first else mark,
            width=3 if line.first or line.strong else 1.5,
            marker={"line": {"width": 1.5, "color": colour}},
            error_y=_bars(line, colour),
        )
    level(figure, majority, (x[0], x[-1]), "the largest class", palette.muted, dash="dot")
    place = {"x": 1, "xref": "paper", "xanchor": "right", "y": majority, "yanchor": "top"}
    write(figure, note("the largest class", palette.muted, **place))
    return figure


def _bars(line: Line, colour: str) -> dict[str, object] | None:
    if line.low is None or line.high is None:
        return None
    up, down = (line.high - line.values).astype(np.float32), (line.values - line.low).astype(np.float32)
    return error_bars(down, up, colour, thickness=1.5, width=4)


def by_layer(lines: Sequence[Line], majority: float, palette: Palette) -> go.Figure:
    """Accuracy of every way at every layer, over what naming the largest class gives.

    Args:
        lines: one value for each layer from 0 on.
        majority: a share.
        palette: of the theme.
    """
    figure = _lines(range(len(lines[0].values)), lines, majority, palette, "layer")
    finish(figure, palette, height=380, x=LAYER, y="accuracy", legend=True)
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(tickformat=".0%")
    return figure


def by_size(lines: Sequence[Line], sizes: Counts, majority: float, palette: Palette) -> go.Figure:
    """Accuracy by the number of texts that were learned from.

    Args:
        lines: one value for each size.
        sizes: int[sizes].
        majority: a share.
        palette: of the theme.
    """
    figure = _lines(sizes.tolist(), lines, majority, palette, "texts:")
    finish(figure, palette, height=300, x="texts learned from (each step doubles them)", y="accuracy", legend=True)
    figure.update_xaxes(type="log", tickvals=sizes.tolist(), ticktext=[str(size) for size in sizes])
    figure.update_yaxes(tickformat=".0%")
    return figure


def gains(names: Sequence[str], points: Numbers, low: Numbers, high: Numbers, palette: Palette) -> go.Figure:
    """How many more texts each way gets right than the first token, with intervals of the pairs.

    Args:
        names: of the ways, plain.
        points: float[ways], differences of percentages.
        low: float[ways], lower ends.
        high: float[ways], upper ends.
        palette: of the theme.
    """
    places = list(range(len(names)))[::-1]
    figure = blank()
    figure.add_vline(x=0, line={"color": palette.cls, "width": 2})
    figure.add_scatter(
        x=points,
        y=places,
        name="points",
        meta="x",
        mode="markers",
        cliponaxis=False,
        marker={"size": 11, "color": palette.ink},
        error_x=error_bars(points - low, high - points, palette.ink),
        hovertemplate="<b>%{x:+.1f} points</b><extra></extra>",
    )
    finish(figure, palette, height=36 * len(names) + 80, x="points above the first token")
    figure.update_xaxes(tickformat="+d", labelalias={"+0": "0"}, showgrid=True, gridcolor=palette.line)
    figure.update_yaxes(
        tickvals=places,
        ticktext=[escape.plotly(name, 30) for name in names],
        showgrid=False,
        tickfont={"color": palette.ink},
    )
    return figure
