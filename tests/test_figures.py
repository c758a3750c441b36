"""The house template that every Plotly figure goes through."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from lib.figures.chart import SANS, blank, finish
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
