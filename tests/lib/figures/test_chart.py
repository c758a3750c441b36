"""The house template that every Plotly figure goes through."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from lib.figures.chart import SANS, blank, finish, larger
from lib.quantities import Mode, palette
from tests.colours import contrast


@pytest.fixture(params=["light", "dark"])
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param


def drawn(mode: Mode, **how: object) -> go.Figure:
    figure = blank()
    figure.add_bar(x=[0, 1], y=[0.25, 0.5])
    return finish(figure, palette(mode), **how)


def test_a_figure_is_complete_by_itself(mode: Mode) -> None:
    colours, layout = palette(mode), drawn(mode, x="layer", y="share of its reading").layout
    assert layout.template == blank().layout.template, "nothing of Plotly's own look"
    assert layout.font.color == colours.ink
    assert layout.font.family == SANS
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)", "the page is the ground"
    assert layout.xaxis.title.text == "layer"
    assert layout.yaxis.title.text == "share of its reading"
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.tickfont.color == axis.title.font.color == colours.muted
        assert axis.tickfont.size == 14
        assert axis.automargin
        assert not axis.zeroline
        assert not axis.showline
    assert (layout.xaxis.showgrid, layout.yaxis.showgrid) == (False, True)
    assert layout.yaxis.gridcolor == colours.line
    assert layout.title.text is None, "a figure's title is the page's"
    assert contrast(layout.hoverlabel.bgcolor, layout.hoverlabel.font.color) >= 4.5


def test_nothing_moves_and_nothing_drags(mode: Mode) -> None:
    layout = drawn(mode).layout
    assert layout.dragmode is False
    assert layout.transition.duration == 0


def test_height_and_legend_are_what_was_asked_for(mode: Mode) -> None:
    assert drawn(mode).layout.height == 300
    assert drawn(mode, height=360).layout.height == 360
    assert drawn(mode).layout.showlegend is False
    assert drawn(mode, legend=True).layout.showlegend is True


def test_the_data_stays_as_it_is(mode: Mode) -> None:
    figure = drawn(mode)
    assert list(figure.data[0].y) == [0.25, 0.5]
    assert len(figure.data) == 1


def test_for_a_projector_pixels_grow_and_data_do_not(mode: Mode) -> None:
    figure = drawn(mode, height=360)
    figure.add_scatter(x=[0], y=[0.5], marker={"size": [8, 12], "line": {"width": 2}}, line={"width": 3})
    figure.add_bar(x=[0, 1], y=[0.25, 0.5], width=0.5)
    figure.add_annotation(x=1, y=0.5, yshift=-18, font={"size": 14})
    figure.update_yaxes(ticklabelstandoff=6, range=[0, 1])
    before = figure.to_json()
    grown = larger(figure, 1.5)
    assert figure.to_json() == before
    assert larger(figure, 1) is figure
    layout, scatter = grown.layout, grown.data[1]
    assert (layout.height, layout.margin.t, layout.margin.r, layout.font.size) == (540, 18, 18, 22)
    assert (layout.xaxis.tickfont.size, layout.yaxis.ticklabelstandoff, layout.annotations[0].yshift) == (21, 9, -27)
    assert (scatter.marker.size, scatter.marker.line.width, scatter.line.width) == ((12, 18), 3, 4)
    assert (grown.data[2].width, tuple(layout.yaxis.range), list(grown.data[0].y)) == (0.5, (0, 1), [0.25, 0.5])
