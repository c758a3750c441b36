"""Which head of the picture is looked at: chosen in the picture, kept in the link."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.app import beside, choices
from lib.app.beside import Side
from lib.measures.attention import Order
from pages.watch.attention import exhibits
from pages.watch.attention.exhibits import AttentionSide, Choice

LAYER, HEAD, SIDE = "attention_layer", "attention_head", "attention_side"
SIDES = ("left", "right")
MEMORY = "atlas_memory"


def show(places: Sequence[Side], sides: Sequence[AttentionSide], order: Order) -> Choice:
    """Draws the picture of every head, and reports which head the visitor looks at.

    What was clicked is what a link keeps, of two sides with the one it was clicked on.

    Args:
        places: where each stands.
        sides: as many.
        order: of the strips.
    """
    spans = [(range(1, each.shares.layers + 1), range(1, each.shares.heads + 1)) for each in sides]
    at = SIDES.index(choices.recall(SIDE, SIDES, SIDES[0])) if len(sides) > 1 else 0
    layer, head = sides[at].shares.top("words")
    asked = Choice(at, choices.recall(LAYER, spans[at][0], layer), choices.recall(HEAD, spans[at][1], head))
    turn, start, last = st.session_state.get(MEMORY, (0, asked, asked))
    if asked != last or "drawing_heads" not in st.session_state:  # a link asks anew, or the picture is made afresh
        turn, start = turn + 1, asked
    reports = beside.pictures(places, exhibits.heads(sides, order, start, turn))
    chosen = pressed(reports[0], turn, sides) or start
    st.session_state[MEMORY] = (turn, start, chosen)
    layer, head = sides[chosen.side].shares.top("words")
    for name, number, usual in ((LAYER, chosen.layer, layer), (HEAD, chosen.head, head)):
        st.session_state[name] = choices.keep(name, number, usual)
    if len(sides) > 1:
        st.session_state[SIDE] = choices.keep(SIDE, SIDES[chosen.side], SIDES[0])
    return chosen


def pressed(report: object, turn: int, sides: Sequence[AttentionSide]) -> Choice | None:
    """The head that a picture reports; None where it reports none, or one of an earlier turn.

    Args:
        report: layer, head, turn, and of two sides the side.
        turn: of the picture that is drawn now.
        sides: one or two.
    """
    if not isinstance(report, list | tuple) or len(report) != (3 if len(sides) == 1 else 4) or report[2] != turn:
        return None
    at = int(report[3]) if len(sides) > 1 else 0
    if at not in range(len(sides)) or not (
        report[0] in range(1, sides[at].shares.layers + 1) and report[1] in range(1, sides[at].shares.heads + 1)
    ):
        return None
    return Choice(at, int(report[0]), int(report[1]))
