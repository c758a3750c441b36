"""The pictures of the first token's attention, each with its sentence and its numbers; of two sides one of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.checkpoints import Checkpoint
from lib.escape import markdown
from lib.exhibit import Column, Drawing, Exhibit
from lib.measures import attention
from lib.measures.attention import Order, Shares, Way
from lib.measures.beside import partner, together
from lib.reading import Reading
from lib.words import attention as words
from lib.words import beside
from pages.watch.attention import figures
from pages.watch.attention.heads import Neighbour, draw, payload

Head = tuple[int, int]  # layer and head, both from 1


@dataclass(frozen=True)
class Choice:
    """The head that is looked at.

    Attributes:
        side: 0 for the left one, 1 for the right one.
        layer: from 1.
        head: from 1.
    """

    side: int
    layer: int
    head: int

    def on(self, sides: Sequence[AttentionSide]) -> list[Head]:
        """The head that is shown on each side: on the other one at the same depth, of that number or the last."""
        chosen = (self.layer, self.head)
        return [
            chosen if k == self.side else counterpart(chosen, sides[self.side].shares, side.shares)
            for k, side in enumerate(sides)
        ]


@dataclass(frozen=True, eq=False)
class AttentionSide:
    """One text's first token in one direction, by one model.

    Attributes:
        name: in sentences, plain; "" where it stands alone.
        reading: with attention "cls" or "full".
        row: of the text.
        way: the direction.
    """

    name: str
    reading: Reading
    row: int
    way: Way

    @cached_property
    def shares(self) -> Shares:
        """In every head."""
        return attention.shares(self.reading, self.row, self.way)

    @property
    def model(self) -> Checkpoint:
        """That reads."""
        return self.reading.checkpoint

    @property
    def groups(self) -> list[str]:
        """The names of the kinds of tokens that occur."""
        return [words.group(kind, self.way, self.model) for kind in self.shares.groups]


def counterpart(chosen: Head, of: Shares, among: Shares) -> Head:
    """The head that stands beside another: at the same depth, of the same number or the last there is.

    Args:
        chosen: layer and head of the one.
        of: the side it belongs to.
        among: the other side.
    """
    return partner(chosen[0], of.layers, among.layers), min(chosen[1], among.heads)


def _opening(sides: Sequence[AttentionSide]) -> str | None:
    """How a sentence that is said of the first side alone begins; None where two sides differ."""
    if len(sides) == 1:
        return ""
    return beside.SAME if beside.same([side.reading for side in sides], [side.row for side in sides]) else None


def heads(sides: Sequence[AttentionSide], order: Order, chosen: Choice, turn: int) -> list[Exhibit]:
    """Every head as a strip, one large.

    Args:
        sides: one or two.
        order: of the strips; two texts of one model have theirs in the left one's order.
        chosen: the head that is large where the picture is made afresh.
        turn: counts up when ``chosen`` was asked for anew.
    """
    shares, models, shown = [each.shares for each in sides], [each.model for each in sides], chosen.on(sides)
    opening = _opening(sides)
    sentence = (
        beside.heads(shares, shown, [each.name for each in sides], models)
        if opening is None
        else opening + words.head(shares[0], *shown[0], models[0])
    )
    twins = models[0].slug == models[-1].slug
    totals: dict[str, float] = {}
    if opening is None and twins:
        kind: Order = "self" if sides[0].way == "attends_to" else "words"
        correlation = together(*(each.of(kind).ravel() for each in shares))
        totals |= {} if correlation is None else {"correlation over all heads": correlation}
    return [
        _heads(
            side,
            order,
            head,
            turn,
            sentence,
            totals,
            Neighbour("atlas", speaks=k == 0, order=shares[0].ranked(order) if k and twins else None)
            if len(sides) > 1
            else None,
        )
        for k, (side, head) in enumerate(zip(sides, shown, strict=True))
    ]


def _heads(
    side: AttentionSide,
    order: Order,
    start: Head,
    turn: int,
    sentence: str,
    totals: Mapping[str, float],
    neighbour: Neighbour | None,
) -> Exhibit:
    alt = words.whole(side.shares, side.model)  # the sentence follows each click, on which nothing is sent again
    if side.name:
        alt = f"{side.name}: {alt}"
    layer, head = start
    if side.way == "attends_to":
        own = {"tokens in effect": float(attention.effective(side.shares.values[layer - 1, head - 1]))}
    else:
        own = {"the average token of the text": float(side.shares.of("words")[layer - 1, head - 1])}
    return Exhibit(
        "heads",
        sentence,
        Drawing(
            draw,
            lambda _: payload(side.shares, order, side.model, start=start, turn=turn, alt=alt, beside=neighbour),
        ),
        lambda: attention.by_token(side.shares),
        f"{markdown(words.direction(side.way, side.model))}: a row a token, a column a head (layer.head), shares from "
        "0 to 1.",
        {**totals, **own},
        headline=words.strongest(side.shares, side.model),
    )


def windows(sides: Sequence[AttentionSide]) -> list[str]:
    """How far the first token sees, where some layers of a model read locally; each sentence once."""
    narrow = [(attention.window(side.shares), side) for side in sides]
    return list(dict.fromkeys(words.window(found, side.shares, side.model) for found, side in narrow if found))


def checked(sides: Sequence[AttentionSide]) -> str:
    """That every head's attention adds up to 1."""
    rows = [(attention.shares(side.reading, side.row, "attends_to"), side.model.first_token) for side in sides]
    return " ".join(dict.fromkeys(words.checked(attention.check(read), first) for read, first in rows))


def layers(sides: Sequence[AttentionSide]) -> list[Exhibit]:
    """What it attends to, layer by layer, or what attends to it; mean over heads.

    Args:
        sides: one or two, in one direction.
    """
    shares, models, opening = [each.shares for each in sides], [each.model for each in sides], _opening(sides)
    attends_to = sides[0].way == "attends_to"
    if opening is None:
        sentence = (beside.lists if attends_to else beside.readers)(shares, [each.name for each in sides], models)
    else:
        sentence = opening + (words.listed if attends_to else words.readers)(shares[0], models[0])
    whose = " or ".join(dict.fromkeys(markdown(model.first_token) for model in models))
    return [(_listed(side, sentence) if attends_to else _readers(side, sentence, whose)) for side in sides]


def _listed(side: AttentionSide, sentence: str) -> Exhibit:
    shares, names = side.shares, side.groups
    evenly = np.array(shares.sizes) * shares.even

    def table() -> list[tuple[str, Column]]:
        every = np.vstack([shares.by_layer, evenly])
        return [("layer", [*map(str, range(1, shares.layers + 1)), figures.EVENLY]), *zip(names, every.T, strict=True)]

    return Exhibit(
        "by-layer",
        sentence,
        lambda palette: figures.listed(shares.by_layer, shares.groups, names, shares.sizes, palette),
        table,
        "Share of the attention that each group gets, mean over heads, 0 to 1; the last line is what each would get "
        "if all tokens got the same.",
        {"an even share": shares.even},
        headline=words.finding(shares, side.model),
    )


def _readers(side: AttentionSide, sentence: str, whose: str) -> Exhibit:
    shares, names = side.shares, side.groups
    return Exhibit(
        "readers",
        sentence,
        lambda palette: figures.readers(shares.by_layer, shares.groups, names, shares.length, palette),
        lambda: [("layer", range(1, shares.layers + 1)), *zip(names, shares.by_layer.T, strict=True)],
        f"Share of its attention that the average token of a group gives to {whose}, mean over heads, 0 to 1.",
        {"an even share": shares.even},
        headline=words.attended(shares, side.model),
    )


def spread(sides: Sequence[AttentionSide], chosen: Choice) -> list[Exhibit]:
    """How widely each head attends, on one scale.

    Args:
        sides: one or two, in the direction "attends_to".
        chosen: the head that is marked.
    """
    shares, opening = [each.shares for each in sides], _opening(sides)
    sentence = (
        beside.spreads(shares, [each.name for each in sides])
        if opening is None
        else opening + words.spread(shares[0], sides[0].model)
    )
    top = max(each.length for each in shares)
    return [_spread(each, sentence, head, top) for each, head in zip(shares, chosen.on(sides), strict=True)]


def _spread(shares: Shares, sentence: str, head: Head, top: int) -> Exhibit:
    wide, typical = attention.effective(shares.values), attention.typical(shares)

    def table() -> dict[str, Column]:
        first = np.full(wide.shape, np.nan)
        first[:, 0] = typical
        return {**attention.by_head(shares), figures.TYPICAL: first.ravel()}

    return Exhibit(
        "spread",
        sentence,
        lambda palette: figures.spread(wide, typical, head, shares.length, palette, top=top),
        table,
        "Entropy of each head's attention: in nats, as a share of its largest value ln N, and in tokens; with the "
        "first head of a layer also its typical head, in tokens.",
        {"tokens": shares.length},
    )
