"""How far changes to a text move its vectors: every change under every pooling, and every word left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish, legible, note, write
from lib.quantities import Palette, mix, number

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]

NAMED = 30  # words up to which each is named under its mark


@dataclass(frozen=True, eq=False)
class Pooled:
    """One pooling's row.

    Attributes:
        name: plain.
        is_first: whether it is the first token's own vector, which has a colour of its own.
        means: float[kinds], the mean distance of each kind of change; not-a-number where there is none.
        spans: (least, most) of each kind.
    """

    name: str
    is_first: bool
    means: Numbers
    spans: Sequence[tuple[float, float]]


def changes(rows: Sequence[Pooled], kinds: Sequence[str], palette: Palette) -> go.Figure:
    """A table of distances, the stronger the farther: a row a pooling, a column a kind of change.

    The scale is ink on the wash, from 0 to the distance of two unrelated texts; what is farther has the same colour.

    Args:
        rows: from top to bottom.
        kinds: names of the columns, short; "<br>" is ours and breaks a line.
        palette: of the theme.
    """
    values = np.array([row.means for row in rows], np.float64)
    ink = [mix(palette.wash, palette.ink, 0.05 + 0.85 * k / 9) for k in range(10)]
    figure = blank()
    figure.add_heatmap(
        x=list(range(len(kinds))),
        y=list(range(len(rows))),
        z=np.clip(values, 0, 1).astype(np.float32),
        customdata=np.dstack([values, np.array([row.spans for row in rows], np.float64)]),
        zmin=0,
        zmax=1,
        colorscale=[[k / 9, colour] for k, colour in enumerate(ink)],
        showscale=False,
        xgap=2,
        ygap=2,
        hovertemplate="%{customdata[1]:.3f} to %{customdata[2]:.3f}<extra></extra>",
        hoverongaps=False,
    )
    notes = []
    for (y, x), mean in np.ndenumerate(values):
        if np.isnan(mean):
            notes.append(note("none", palette.muted, x=x, y=y))
        else:
            ground = mix(palette.wash, palette.ink, 0.05 + 0.85 * min(max(mean, 0), 1))
            notes.append(note(number(float(mean), 2), legible(ground, palette), x=x, y=y))
    write(figure, *notes)
    finish(figure, palette, height=34 * len(rows) + 112, x="distance moved<br>(1: two unrelated texts)")
    columns = list(range(len(kinds)))
    figure.update_xaxes(side="top", tickvals=columns, ticktext=list(kinds), tickangle=0, tickfont_size=13)
    figure.update_yaxes(
        autorange="reversed",
        showgrid=False,
        tickvals=list(range(len(rows))),
        ticktext=[
            f'<span style="color:{palette.cls if row.is_first else palette.ink}">{escape.plotly(row.name, 30)}</span>'
            for row in rows
        ],
        ticklabelstandoff=6,
    )
    return figure


def by_word(words: Sequence[str], first: Numbers, mean: Numbers, names: tuple[str, str], palette: Palette) -> go.Figure:
    """What leaving out each word does to two vectors.

    Args:
        words: as typed, in order.
        first: float[words], how far the first token's vector moves.
        mean: float[words], how far the mean moves.
        names: of the two, plain.
        palette: of the theme.
    """
    figure = blank()
    place = list(range(len(words)))
    shown = [f"{k + 1} {escape.plotly(word, 20)}" for k, word in enumerate(words)]
    for k in place:  # a hair between the two marks of a word
        figure.add_scatter(
            x=[k, k],
            y=[float(first[k]), float(mean[k])],
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            line={"color": palette.line, "width": 3},
        )
    marks = (
        (mean, names[1], {"symbol": "circle", "size": 12, "color": palette.ink}),
        (first, names[0], {"symbol": "square", "size": 13, "color": palette.cls}),
    )
    for values, name, marker in marks:
        figure.add_scatter(
            x=place,
            y=np.asarray(values, np.float64),
            mode="markers",
            name=escape.plotly(name, 30),
            marker=marker,
            text=shown,
            cliponaxis=False,
            hovertemplate="without %{text}: <b>%{y:.3f}</b><extra>" + escape.plotly(name, 30) + "</extra>",
        )
    finish(figure, palette, height=340, y="distance moved (1: two unrelated texts)", legend=True)
    named = len(words) <= NAMED
    figure.update_xaxes(
        range=[-0.6, len(words) - 0.4],
        tickvals=place if named else place[::5],
        ticktext=shown if named else [str(k + 1) for k in place[::5]],
        tickangle=-50 if named and len(words) > 6 else 0,
        title_text="the word that is left out",
    )
    figure.update_yaxes(rangemode="tozero")
    return figure
