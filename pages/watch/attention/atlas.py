"""The atlas: one direction of the first token's attention, every head as a strip, one head large on its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib import escape
from lib.app import choices
from lib.checkpoints import Checkpoint
from lib.components import mount
from lib.components.packing import pack
from lib.measures.attention import Order, Shares
from lib.measures.beside import partner
from lib.quantities import number, share
from lib.reading import Ints
from lib.words.attention import direction, group, order

STEPS = 64_000  # codes from 0 to 1: a multiple of 2000, so that every edge between two roundings is a code
SIDES = ("left", "right")
NONE = 65_535  # the code of exactly 0, which is written "0%" and not "<1%"


def near(value: float) -> str:
    """A number from 0 to 1 beside a strip: two decimals, and never 0 for what is more."""
    return number(value, 2) if value == 0 or value >= 0.005 else "<0.01"


def codes(shares: NDArray[np.floating]) -> NDArray[np.uint16]:
    """Shares as whole numbers, two bytes each.

    They are cut and not rounded, so that a share and its code always lie on the same side of every edge between two
    roundings: a number that is read off a code, in whole percent or with one decimal, is the one that the share itself
    gives (halves go up). A colour or a height is off by less than 1/64 000.

    Args:
        shares: float[...], from 0 to 1; a hair more, as float32 sums give it, is 1.

    Returns:
        uint16[...], 0 to ``STEPS``, or ``NONE`` where the share is exactly 0.
    """
    exact = np.clip(np.asarray(shares, dtype=np.float64), 0, 1)
    return np.where(exact == 0, NONE, np.floor(exact * STEPS)).astype(np.uint16)


@dataclass(frozen=True)
class Beside:
    """An atlas that has another beside it.

    Attributes:
        group: the same for both, so that they hear each other.
        speaks: whether this one reports what was chosen in either.
        order: int64[layers x heads], of the strips, as the other has it; None for its own.
    """

    group: str
    speaks: bool
    order: Ints | None = None


def payload(
    read: Shares,
    by: Order,
    checkpoint: Checkpoint,
    *,
    start: tuple[int, int],
    turn: int,
    alt: str,
    beside: Beside | None = None,
) -> bytes:
    """What the atlas is drawn from; it grows with layers x heads x tokens.

    Args:
        read: one text in one direction.
        by: the order of the strips.
        checkpoint: the model that read, for its names.
        start: (layer, head) shown large where the picture is made afresh, both from 1.
        turn: counts up when ``start`` was asked for anew.
        alt: the picture in words.
        beside: where another stands beside it.
    """
    sorted_by = [] if by == "layer" else read.of(by).ravel()
    own = read.groups.index("itself")
    side = read.by_layer[:, own] if read.way == "reads" else read.of("words").mean(axis=1)
    pieces = any(kind.startswith("words") for kind in read.kinds)
    ranked = read.ranked(by) if beside is None or beside.order is None else beside.order
    whose = "" if beside is None or beside.order is None else ", ordered as at the left"
    return pack(
        {
            "way": read.way,
            "arrow": direction(read.way, checkpoint),
            "first": checkpoint.first_token,
            "tokens": [escape.visible(token) for token in read.tokens],
            "kinds": [read.groups.index(kind) for kind in read.kinds],
            "groups": list(read.groups),
            "names": [group(kind, read.way, checkpoint) for kind in read.groups],
            "order": ranked.tolist(),
            "by": by,
            "meant": "" if by == "layer" else f"{order(by, read.way, checkpoint)}{whose or ', largest first'}",
            "values": [(near if by == "entropy" else share)(float(v)) for v in sorted_by],
            "side": [share(float(v)) for v in side] if read.way == "reads" or pieces else [],
            "sideName": "goes to itself" if read.way == "reads" else "by your text",
            "start": list(start),
            "turn": turn,
            "alt": escape.plain(alt),
            "checkpoint": checkpoint.slug,
            **({"beside": {"group": beside.group, "speaks": beside.speaks}} if beside else {}),
        },
        values=codes(read.values),
        groups=codes(read.by_group),
    )


def atlas(
    read: Shares, by: Order, checkpoint: Checkpoint, *, keys: tuple[str, str], alt: str, key: str
) -> tuple[int, int]:
    """Draws the atlas and reports which head the visitor looks at.

    The choice lives in the picture, so a click shows at once and nothing is sent again; the address follows it.

    Args:
        read: one text in one direction.
        by: the order of the strips.
        checkpoint: the model that read.
        keys: names of layer and head in a link.
        alt: the picture in words.
        key: the component's key in the session.

    Returns:
        (layer, head), both from 1.
    """
    spans = (range(1, read.layers + 1), range(1, read.heads + 1))
    usual = read.top("words")
    asked = tuple(choices.recall(*each) for each in zip(keys, spans, usual, strict=True))
    turn, start, last = st.session_state.get(f"{key}_memory", (0, asked, asked))
    if asked != last or key not in st.session_state:  # a link asks anew, or the picture is made afresh
        turn, start = turn + 1, asked
    data = payload(read, by, checkpoint, start=start, turn=turn, alt=alt)
    report = mount(__file__)(key=key, data=data, on_head_change=lambda: None).head
    layer, head = start
    if report and report[2] == turn and report[0] in spans[0] and report[1] in spans[1]:
        layer, head = int(report[0]), int(report[1])
    st.session_state[f"{key}_memory"] = (turn, start, (layer, head))
    for name, value, default in zip(keys, (layer, head), usual, strict=True):
        st.session_state[name] = choices.keep(name, value, default)
    return layer, head


def counterpart(chosen: tuple[int, int], of: Shares, among: Shares) -> tuple[int, int]:
    """The head that stands beside another: at the same depth, of the same number or the last there is.

    Args:
        chosen: (layer, head) of the one, both from 1.
        of: the side it belongs to.
        among: the other side.
    """
    return partner(chosen[0], of.layers, among.layers), min(chosen[1], among.heads)


def atlases(
    reads: tuple[Shares, Shares],
    by: Order,
    checkpoints: tuple[Checkpoint, Checkpoint],
    *,
    keys: tuple[str, str, str],
    alts: tuple[str, str],
    key: str,
    places: Sequence[AbstractContextManager[object]],
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Draws two atlases that hear each other: a head chosen in one chooses its counterpart in the other.

    What was clicked is what a link keeps, with the side it was clicked on; the other side follows from it.

    Args:
        reads: the sides, in one direction.
        by: the order of the strips; two texts of one model have theirs in the left one's order.
        checkpoints: the models that read.
        keys: names of layer, head and side in a link.
        alts: the pictures in words.
        key: the components' key in the session.
        places: where each is drawn.

    Returns:
        (layer, head) of both sides, from 1.
    """
    at = SIDES.index(choices.recall(keys[2], SIDES, SIDES[0]))
    spans = [(range(1, read.layers + 1), range(1, read.heads + 1)) for read in reads]
    usual = (reads[at].top("words"), SIDES[0])
    asked = tuple(choices.recall(*each) for each in zip(keys[:2], spans[at], usual[0], strict=True))
    memory = (at, *asked)
    turn, start, last = st.session_state.get(f"{key}_memory", (0, memory, memory))
    if memory != last or key not in st.session_state:  # a link asks anew, or the pictures are made afresh
        turn, start = turn + 1, memory
    shown = _both(start, reads)
    twins = checkpoints[0].slug == checkpoints[1].slug
    reports = []
    for side, place in enumerate(places):
        beside = Beside(key, speaks=side == 0, order=reads[0].ranked(by) if side and twins else None)
        data = payload(reads[side], by, checkpoints[side], start=shown[side], turn=turn, alt=alts[side], beside=beside)
        with place:
            name = key if side == 0 else f"{key}_right"
            reports.append(mount(__file__)(key=name, data=data, on_head_change=lambda: None).head)
    chosen, report = start, reports[0]
    if report and len(report) == 4 and report[2] == turn and report[3] in (0, 1):
        layers, heads = spans[report[3]]
        if report[0] in layers and report[1] in heads:
            chosen = (int(report[3]), int(report[0]), int(report[1]))
    st.session_state[f"{key}_memory"] = (turn, start, chosen)
    kept = (chosen[1], chosen[2], SIDES[chosen[0]])
    for name, value, default in zip(keys, kept, (*reads[chosen[0]].top("words"), SIDES[0]), strict=True):
        st.session_state[name] = choices.keep(name, value, default)
    return _both(chosen, reads)


def _both(chosen: tuple[int, int, int], reads: tuple[Shares, Shares]) -> tuple[tuple[int, int], tuple[int, int]]:
    """(layer, head) of both sides, of (side, layer, head) of the one that was chosen."""
    at, *head = chosen
    mine = (head[0], head[1])
    other = counterpart(mine, reads[at], reads[1 - at])
    return (mine, other) if at == 0 else (other, mine)
