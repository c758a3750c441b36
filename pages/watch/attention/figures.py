"""What the first token attends to by layer, what attends to it, and over how many tokens each head spreads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.figures.chart import blank, finish, note, write
from lib.quantities import ATTENDED_BY, ATTENDS_TO, Palette, mix, share

if TYPE_CHECKING:
    import plotly.graph_objects as go

Numbers = NDArray[np.floating]

EVENLY = "evenly"  # the bar beside the layers: every token read alike
TYPICAL = "the typical head"
_CLOSEST = 0.075  # of the axis, between two labels beside the bars
_NUMBERED = 0.07  # the smallest share with its number in the bar


def _styles(palette: Palette) -> Mapping[str, tuple[str, str, str]]:
    """Kind -> colour, hatch, colour of a number on it; one hue, because it is one direction."""
    middle = mix(palette.attends_to_pale, palette.attends_to, 0.4)
    return {
        "itself": (palette.attends_to_pale, "", palette.ink),
        "separator": (palette.sep, "/", palette.page),
        "punctuation": (middle, ".", palette.ink),
        "words": (palette.attends_to, "", palette.page),
        "words_a": (palette.attends_to, "", palette.page),
        "words_b": (palette.attends_to, "-", palette.page),
    }


def _pattern(hatch: str, palette: Palette) -> dict[str, str | float]:
    """A hatch in the colour of the page; dots are small, because a number may stand on them."""
    solidity = 0.12 if hatch == "." else 0.22
    return {"shape": hatch, "fillmode": "overlay", "fgcolor": palette.page, "size": 7, "solidity": solidity}


def _apart(places: Sequence[float], closest: float) -> list[float]:
    """Rising places, moved so that neighbours are at least so far apart: once upwards, once downwards."""
    moved = list(places)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + closest)
    if moved:
        moved[-1] = min(moved[-1], 1.0)
    for i in range(len(moved) - 2, -1, -1):
        moved[i] = min(moved[i], moved[i + 1] - closest)
    return moved


def listed(
    values: Numbers, kinds: Sequence[str], names: Sequence[str], sizes: Sequence[int], palette: Palette
) -> go.Figure:
    """How the first token's attention is shared out, layer by layer, beside equal shares for all tokens.

    Args:
        values: float[layers, groups], shares from 0 to 1 that add up to 1 in each layer.
        kinds: what each group is; decides its shade and hatch.
        names: of the groups, as they are labelled.
        sizes: tokens in each group.
        palette: of the theme.

    Returns:
        Stacked bars, one a layer and one for equal shares; dashed at 1/N.
    """
    if values.shape[1] != len(kinds) or len(kinds) != len(names) or len(names) != len(sizes):
        given = f"{len(kinds)} kinds, {len(names)} names and {len(sizes)} sizes"
        raise ValueError(f"There are {given} for {values.shape[1]} groups; give one of each for each.")
    layers, tokens = len(values), sum(sizes)
    evenly = np.array(sizes) / tokens  # float64[groups]
    styles, figure = _styles(palette), blank()
    x = [*(str(k + 1) for k in range(layers)), EVENLY]
    for g, (kind, name, size) in enumerate(zip(kinds, names, sizes, strict=True)):
        colour, hatch, ink = styles[kind]
        heights = [*values[:, g].tolist(), float(evenly[g])]
        shown = escape.plotly(name)
        figure.add_bar(
            x=x,
            y=heights,
            name=shown,
            marker={
                "color": colour,
                "line": {"width": 1, "color": palette.page},
                "pattern": _pattern(hatch, palette),
            },
            text=[share(height) if height >= _NUMBERED else "" for height in heights],
            textposition="inside",
            insidetextanchor="end",
            textangle=0,
            textfont={"color": ink, "size": 14},
            customdata=[
                f"{shown}<br>{size} of {tokens} tokens; equal shares would give {evenly[g]:.1%}",
            ]
            * len(x),
            hovertemplate="layer %{x}: <b>%{y:.1%}</b> to %{customdata}<extra></extra>",
        )
    figure.add_hline(y=1 / tokens, line={"color": palette.ink, "width": 1.5, "dash": "dash"})
    figure.update_layout(barmode="stack", uniformtext={"minsize": 12, "mode": "hide"})
    finish(
        figure,
        palette,
        height=380,
        x=f"layer   (dashed: an even share for one token, 1/{tokens})",
        y=ATTENDS_TO.name,
    )
    tops = np.cumsum(evenly)
    beside = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "align": "left"}
    places = _apart((tops - evenly / 2).tolist(), _CLOSEST)
    named = zip(names, places, strict=True)
    write(figure, *(note(escape.plotly(name, 24), palette.muted, y=place, **beside) for name, place in named))
    figure.update_layout(margin_r=8 + 8 * max((len(name) for name in names), default=0))
    figure.update_xaxes(type="category")
    figure.update_yaxes(tickformat=".0%", range=[0, 1], dtick=0.25)
    return figure


def readers(values: Numbers, kinds: Sequence[str], names: Sequence[str], tokens: int, palette: Palette) -> go.Figure:
    """How much of their attention other tokens give to the first one, layer by layer.

    Args:
        values: float[layers, groups], the mean over the readers of each group, from 0 to 1.
        kinds: what each group is: "words", "words_a", "words_b" are bars, the others marks.
        names: of the groups, as they are labelled.
        tokens: N, for the even share.
        palette: of the theme.

    Returns:
        Bars for the text, marks for the others; dashed at 1/N. Nothing here adds up.
    """
    figure = blank()
    x = [str(k + 1) for k in range(len(values))]
    marks = {"separator": (palette.sep, "circle"), "itself": (palette.cls, "square")}
    one = "words" in kinds  # two texts side by side leave no room for numbers
    for kind, name, shares in sorted(
        zip(kinds, names, values.T, strict=True),
        key=lambda each: list(marks).index(each[0]) + 1 if each[0] in marks else 0,
    ):
        shown = escape.plotly(name)
        hover = "layer %{x}: <b>%{y:.1%}</b> of its own attention<extra>" + shown + "</extra>"
        if kind in marks:
            colour, symbol = marks[kind]
            line = {"width": 2.5, "color": colour}
            figure.add_scatter(
                x=x,
                y=shares,
                name=shown,
                mode="markers",
                hovertemplate=hover,
                marker={"color": palette.page, "size": 11, "symbol": symbol, "line": line},
            )
        else:
            hatch = _pattern("-" if kind == "words_b" else "", palette)
            figure.add_bar(
                x=x,
                y=shares,
                name=shown,
                marker={"color": palette.attended_by, "line": {"width": 0}, "pattern": hatch},
                text=[share(value) for value in shares] if one else None,
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": palette.page, "size": 14},
                hovertemplate=hover,
            )
    figure.add_hline(y=1 / tokens, line={"color": palette.ink, "width": 1.5, "dash": "dash"})
    finish(
        figure, palette, height=380, x=f"layer   (dashed: an even share, 1/{tokens})", y=ATTENDED_BY.name, legend=True
    )
    figure.update_layout(barmode="group", uniformtext={"minsize": 12, "mode": "hide"})
    figure.update_xaxes(type="category")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02], dtick=0.25)
    return figure


def spread(
    values: Numbers,
    typical: Numbers,
    chosen: tuple[int, int],
    tokens: int,
    palette: Palette,
    *,
    top: int | None = None,
) -> go.Figure:
    """Over how many tokens each head spreads its attention.

    Args:
        values: float[layers, heads], effective number of tokens, 1 to N.
        typical: float[layers], of the typical head.
        chosen: (layer, head) that is marked, both from 1.
        tokens: N.
        palette: of the theme.
        top: tokens at the upper end of the axis, for pictures on one scale; None for N.

    Returns:
        One mark a head, one line a layer; dashed at N, equal shares for all tokens.
    """
    layers, heads = values.shape
    figure = blank()
    lean = (np.arange(heads) - (heads - 1) / 2) * (0.62 / max(heads - 1, 1))  # heads side by side, in their own order
    figure.add_scatter(
        x=np.add.outer(np.arange(1, layers + 1), lean).ravel(),
        y=values.ravel(),
        mode="markers",
        name="a head",
        marker={"color": palette.attends_to, "size": 9, "opacity": 0.75, "line": {"width": 0}},
        customdata=[f"layer {k + 1}, head {h + 1}" for k in range(layers) for h in range(heads)],
        hovertemplate="%{customdata}: %{y:.1f} tokens in effect<extra></extra>",
    )
    gaps: list[float | None] = []
    level: list[float | None] = []
    for k in range(layers):
        gaps += [k + 0.62, k + 1.38, None]
        level += [float(typical[k])] * 2 + [None]
    figure.add_scatter(
        x=gaps,
        y=level,
        mode="lines",
        name=TYPICAL,
        line={"color": palette.ink, "width": 2.5},
        hovertemplate="typical: %{y:.1f} tokens<extra></extra>",
    )
    layer, head = chosen
    figure.add_scatter(
        x=[layer + lean[head - 1]],
        y=[float(values[layer - 1, head - 1])],
        mode="markers",
        name=f"layer {layer}, head {head}",
        marker={"color": palette.ink, "size": 15, "symbol": "circle-open", "line": {"width": 2.5}},
        hoverinfo="skip",
    )
    figure.add_hline(y=tokens, line={"color": palette.ink, "width": 1.5, "dash": "dash"})
    finish(
        figure,
        palette,
        height=340,
        x=f"layer   (dashed: all {tokens} tokens evenly)",
        y="tokens it attends to, in effect",
        legend=True,
    )
    figure.update_xaxes(dtick=1, range=[0.4, layers + 0.6])
    figure.update_yaxes(range=[0, (top or tokens) * 1.05], nticks=6)
    return figure
