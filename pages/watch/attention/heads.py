"""One direction of the first token's attention, every head as a strip, one head large on its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.checkpoints import Checkpoint
from lib.components import mount
from lib.components.packing import pack
from lib.measures.attention import Order, Shares
from lib.quantities import number, share
from lib.reading import Ints
from lib.words.attention import direction, group, order

STEPS = 64_000  # codes from 0 to 1: a multiple of 2000, so that every edge between two roundings is a code
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
class Neighbour:
    """What this picture knows of the one beside it.

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
    beside: Neighbour | None = None,
) -> bytes:
    """What it is drawn from; it grows with layers x heads x tokens.

    Args:
        read: one text in one direction.
        by: the order of the strips.
        checkpoint: the model that read, for its names.
        start: (layer, head) shown large where the picture is made afresh, both from 1.
        turn: counts up when ``start`` was asked for anew.
        alt: the picture in words.
        beside: where another stands beside it.
    """
    sorted_by: Sequence[float] = [] if by == "layer" else read.of(by).ravel().tolist()
    own = read.groups.index("itself")
    side = read.by_layer[:, own] if read.way == "attends_to" else read.of("words").mean(axis=1)
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
            "values": [(near if by == "entropy" else share)(v) for v in sorted_by],
            "side": [share(float(v)) for v in side] if read.way == "attends_to" or pieces else [],
            "sideName": "goes to itself" if read.way == "attends_to" else "by the text",
            "start": list(start),
            "turn": turn,
            "alt": escape.plain(alt),
            "checkpoint": checkpoint.slug,
            **({"beside": {"group": beside.group, "speaks": beside.speaks}} if beside else {}),
        },
        values=codes(read.values),
        groups=codes(read.by_group),
    )


def draw(data: bytes, *, key: str) -> Sequence[int] | None:
    """Draws it.

    The choice lives in the picture, so a click shows at once and nothing is sent again; the page hears of it.

    Args:
        data: from :func:`payload`.
        key: the component's key in the session.

    Returns:
        (layer, head, turn) of what was chosen, and where two stand side by side also which, 0 or 1; None before that.
    """
    return mount(__file__)(key=key, data=data, on_head_change=lambda: None).head
