"""What each pooling takes from the tokens of one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib import escape
from lib.figures.chart import blank, finish
from lib.quantities import Palette

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    Values = NDArray[np.float64] | NDArray[np.float32]

NAMED = 24  # tokens up to which each is named under its bar


@dataclass(frozen=True)
class Row:
    """One pooling's row of bars.

    Attributes:
        name: of the pooling, plain.
        weights: float[tokens], from 0 up; None where it is not made of shares.
        about: what the row says in words.
    """

    name: str
    weights: Values | None
    about: str


def weights(rows: Sequence[Row], tokens: Sequence[str], roles: Sequence[str], *, palette: Palette) -> go.Figure:
    """A row of bars for each pooling, over the same tokens.

    The bars' heights are the square roots of the weights, so that a small share of many tokens can be seen.

    Args:
        rows: from top to bottom.
        tokens: the text's real tokens.
        roles: as many: "cls", "sep" or "word".
        palette: of the theme.
    """
    figure = blank()
    place = np.arange(len(tokens))
    names = [f"{k} {escape.plotly(token, 20)}" for k, token in enumerate(tokens)]
    colours = {"cls": palette.cls, "sep": palette.sep, "word": palette.ink}
    for role, colour in colours.items():
        at = np.array([k for k, found in enumerate(roles) if found == role], int)
        for k, row in enumerate(rows):
            if row.weights is None or not len(at):
                continue
            base = len(rows) - 1 - k + FOOT
            own = np.asarray(row.weights, np.float64)[at]
            figure.add_bar(
                x=at,
                y=(np.sqrt(own) * TALL).astype(np.float32),
                base=base,
                width=0.78,
                customdata=own,
                marker={
                    "color": colour,
                    "line": {"width": 0},
                    "pattern": {
                        "shape": "/" if role == "sep" else "",
                        "fgcolor": palette.page,
                        "size": 6,
                        "solidity": 0.25,
                        "fillmode": "overlay",
                    },
                },
                text=[names[j] for j in at],
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
    step = 1 if len(tokens) <= NAMED else max(10, len(tokens) // 8 // 10 * 10)
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


TALL = 0.55  # height of a weight of 1, in rows
FOOT = 0.14  # between a row's bars and the next row's name
