"""Parts of the page on what the first token reads: each draws one side, or two beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.app import beside, choices, look, parts
from lib.app.beside import Comparison, Side
from lib.checkpoints import Checkpoint
from lib.escape import markdown
from lib.exhibit import Table
from lib.measures import attention
from lib.measures.attention import Order, Shares, Way
from lib.words import attention as said
from lib.words import beside as both
from pages.watch.attention import atlas as component
from pages.watch.attention import figures

Chosen = tuple[int, int]
LAYER, HEAD, SIDE = "attention_layer", "attention_head", "attention_side"


def number(texts: Sequence[str], pair: Comparison) -> int:
    """The text that the visitor looks at, from 1; nothing to choose where there is one, or where two were chosen."""
    return 1 if pair.kind == "texts" else choices.follow(texts, key="attention_text") + 1


def shares(sides: Sequence[Side], way: Way) -> list[Shares]:
    """The attention of each side's text in one direction."""
    return [attention.shares(side.reading, side.row, way) for side in sides]


def _names(read: Shares, side: Side) -> list[str]:
    return [said.group(kind, read.way, side.reading.checkpoint) for kind in read.groups]


def atlas(sides: Sequence[Side], reads: Sequence[Shares], order: Order) -> list[Chosen]:
    """Every head as a strip, one large, with its sentence.

    Args:
        sides: one or two.
        reads: of each, in one direction.
        order: of the strips.

    Returns:
        (layer, head) that is shown large on each side, from 1.
    """
    models = [side.reading.checkpoint for side in sides]
    alts = [said.whole(read, model) for read, model in zip(reads, models, strict=True)]
    if len(sides) == 1:
        shown = component.atlas(reads[0], order, models[0], keys=(LAYER, HEAD), alt=alts[0], key="atlas")
        parts.say(said.head(reads[0], *shown, models[0]), key="head")
        _windows(reads, models)
        return [shown]
    names = [side.name for side in sides]
    chosen = component.atlases(
        (reads[0], reads[1]),
        order,
        (models[0], models[1]),
        keys=(LAYER, HEAD, SIDE),
        alts=(f"{names[0]}: {alts[0]}", f"{names[1]}: {alts[1]}"),
        key="atlas",
        places=beside.places(sides, "atlas"),
    )
    same = beside.opening(sides)
    told = said.head(reads[0], *chosen[0], models[0]) if same else both.heads(reads, chosen, names, models)
    parts.say(same + told, key="head")
    _windows(reads, models)
    beside.matched(sides, chosen[0][0], chosen[1][0])
    return list(chosen)


def _windows(reads: Sequence[Shares], models: Sequence[Checkpoint]) -> None:
    """How far the first token sees, where some layers of a model read locally."""
    found = [
        said.window(narrow, read, model)
        for read, model in zip(reads, models, strict=True)
        if (narrow := attention.window(read))
    ]
    for sentence in dict.fromkeys(found):
        st.markdown(sentence)


def proof(sides: Sequence[Side]) -> None:
    """That every head's reading adds up to 1."""
    found = [attention.check(read) for read in shares(sides, "reads")]
    names = [side.reading.checkpoint.first_token for side in sides]
    said_of = [said.checked(check, name) for check, name in zip(found, names, strict=True)]
    st.markdown(f":small[:gray[{' '.join(dict.fromkeys(said_of))}]]")


def by_token(sides: Sequence[Side], reads: Sequence[Shares]) -> Table:
    """The numbers behind the strips."""
    return beside.stacked(sides, [attention.by_token(read) for read in reads])


def by_layer(sides: Sequence[Side], reads: Sequence[Shares]) -> Table:
    """The numbers behind the bars."""
    tables = [attention.by_layer(read, _names(read, side)) for read, side in zip(reads, sides, strict=True)]
    return beside.stacked(sides, tables)


def reading_list(sides: Sequence[Side], reads: Sequence[Shares]) -> None:
    """What its reading is made of, layer by layer."""
    models, palette = [side.reading.checkpoint for side in sides], look.palette()
    told = (
        said.reading_list(reads[0], models[0])
        if len(sides) == 1 or beside.opening(sides)
        else both.lists(reads, [side.name for side in sides], models)
    )
    drawn = [
        figures.reading_list(read.by_layer, read.groups, _names(read, side), read.sizes, palette)
        for read, side in zip(reads, sides, strict=True)
    ]
    beside.charts(sides, drawn, told, name="reading-list", key="list")
    even = dict.fromkeys(said.evenly(read, model) for read, model in zip(reads, models, strict=True))
    parts.data(
        lambda: by_layer(sides, reads),
        name="reading_list",
        about=f"Share of the reading that each group gets, mean over heads, 0 to 1. {' '.join(even)}",
    )


def spread(sides: Sequence[Side], reads: Sequence[Shares], chosen: Sequence[Chosen]) -> None:
    """How widely each head reads, on one scale."""
    told = (
        said.spread(reads[0], sides[0].reading.checkpoint)
        if len(sides) == 1 or beside.opening(sides)
        else both.spreads(reads, [side.name for side in sides])
    )
    widest = max(read.length for read in reads)
    drawn = [
        figures.spread(
            attention.effective(read.values), attention.typical(read), head, read.length, look.palette(), top=widest
        )
        for read, head in zip(reads, chosen, strict=True)
    ]
    beside.charts(sides, drawn, told, name="spread", key="spread")
    parts.data(
        lambda: beside.stacked(sides, [attention.by_head(read) for read in reads]),
        name="spread",
        about="Entropy of each head's reading: in nats, as a share of its largest value ln N, and in tokens.",
    )


def readers(sides: Sequence[Side], reads: Sequence[Shares]) -> None:
    """By whom it is read, layer by layer."""
    models = [side.reading.checkpoint for side in sides]
    told = (
        said.readers(reads[0], models[0])
        if len(sides) == 1 or beside.opening(sides)
        else both.readers(reads, [side.name for side in sides], models)
    )
    drawn = [
        figures.readers(read.by_layer, read.groups, _names(read, side), read.length, look.palette())
        for read, side in zip(reads, sides, strict=True)
    ]
    beside.charts(sides, drawn, told, name="readers", key="list")
    whose = " or ".join(dict.fromkeys(markdown(model.first_token) for model in models))
    parts.data(
        lambda: by_layer(sides, reads),
        name="readers",
        about=f"Share of its reading that the average reader of a group takes from {whose}, mean over heads, 0 to 1.",
    )
