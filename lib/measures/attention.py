"""The first token's attention in both directions: what it attends to (row 0) and what attends to it (column 0).

The two answer different questions and are never mixed: every number here belongs to one :class:`Shares`, which knows
its direction. In the row, shares are parts of one whole and add up to 1. In the column they belong to different
tokens, so they are averaged and never added.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from lib.measures.vectors import EQUAL
from lib.reading import Encoding, Floats, Ints, Reading

Way: TypeAlias = Literal["attends_to", "attended_by"]
Numbers: TypeAlias = NDArray[np.float64]
Kind: TypeAlias = Literal["itself", "separator", "punctuation", "words", "words_a", "words_b"]
Order: TypeAlias = Literal["layer", "entropy", "self", "sep", "words"]

KINDS: tuple[Kind, ...] = get_args(Kind)  # in the order in which they are stacked
# what an order sorts by; "layer" leaves the heads where they are
_SORTS: dict[Order, tuple[Kind, ...]] = {
    "self": ("itself",),
    "sep": ("separator",),
    "words": ("words", "words_a", "words_b"),
}
ORDERS: dict[Way, tuple[Order, ...]] = {
    "attends_to": ("layer", "entropy", "self", "sep", "words"),
    "attended_by": ("layer", "self", "sep", "words"),  # a column is no distribution: it has no entropy
}
TOLERANCE = 1e-5  # float32 sums over a few hundred tokens stay well below it


def entropy(shares: NDArray[np.floating]) -> Numbers:
    """Entropy of a token's attention: over how many tokens it is spread.

        E = − Σ r_j ln r_j,   0 where r_j is 0

    Args:
        shares: float[..., tokens], from 0 to 1, adding up to 1 over the tokens.

    Returns:
        float[...], in nats, from 0 (all on one token) to ln N (the same on each of N).

    Source:
        clark2019, section 3.3.
    """
    parts = np.asarray(shares, dtype=np.float64)
    logs = np.log(np.where(parts > 0, parts, 1.0))
    return np.maximum(-(parts * logs).sum(axis=-1), 0.0)


def effective(shares: NDArray[np.floating]) -> Numbers:
    """The effective number of tokens: over how many equal weights the attention would be spread as widely, exp(E).

    Args:
        shares: float[..., tokens], adding up to 1 over the tokens.

    Returns:
        float[...], in tokens, from 1 to N.
    """
    return np.exp(entropy(shares))


def is_punctuation(piece: str) -> bool:
    """Whether a piece of text holds marks and signs only: every character of Unicode category P or S, but for "So".

    Those others are pictures, such as emoji: they say something, so they count as words. What takes no room (combining
    marks, joiners, space) is left out of account; a piece of nothing else is none.
    """
    seen = [category for category in map(unicodedata.category, piece) if category[0] not in "MZC"]
    return bool(seen) and all(category[0] in "PS" and category != "So" for category in seen)


def kinds(encoding: Encoding, row: int, *, way: Way = "attends_to") -> tuple[Kind, ...]:
    """What each real token of a text is to its first one.

    Punctuation is judged by the letters a piece came from, so it does not depend on how a tokenizer writes its pieces.
    In the column, where these tokens attend to the first one, punctuation counts with the words of its text.

    Args:
        encoding: what the tokenizer made.
        row: which text.
        way: the direction.

    Returns:
        one :data:`Kind` for each real token; "words_a" and "words_b" where the row is a pair.
    """
    second = encoding.pairs[row]
    sources = (encoding.texts[row], second or "")
    named: list[Kind] = []
    roles = encoding.roles(row)
    for position in np.flatnonzero(encoding.attention_mask[row]).tolist():
        which = int(encoding.sequence[row, position])
        start, stop = encoding.offset_mapping[row, position].tolist()
        if position == int(encoding.first[row]):
            named.append("itself")
        elif roles[position] != "word":
            named.append("separator")
        elif way == "attends_to" and is_punctuation(sources[max(which, 0)][start:stop]):
            named.append("punctuation")
        elif second is None:
            named.append("words")
        else:
            named.append("words_b" if which == 1 else "words_a")
    return tuple(named)


@dataclass(frozen=True, eq=False)
class Shares:
    """One text's first token in one direction, in every head.

    Attributes:
        way: "attends_to" for row 0, "attended_by" for column 0.
        tokens: the real tokens by name; padding is left out.
        kinds: what each of them is.
        values: float32[layers, heads, tokens], from 0 to 1. In "attends_to" they add up to 1 over the tokens. In
            "attended_by" each belongs to another token: it is the part of *its* attention that the first one gets.
    """

    way: Way
    tokens: tuple[str, ...]
    kinds: tuple[Kind, ...]
    values: Floats

    def __post_init__(self) -> None:
        if self.values.ndim != 3 or 0 in self.values.shape:
            raise ValueError(f"values has the shape {self.values.shape}, but [layers, heads, tokens] was expected.")
        for name in ("tokens", "kinds"):
            if (given := len(getattr(self, name))) != self.values.shape[2]:
                raise ValueError(f"{name} has {given} entries for {self.values.shape[2]} tokens; give one for each.")
        if self.kinds.count("itself") != 1:
            raise ValueError(f'{self.kinds.count("itself")} tokens are of the kind "itself"; there is exactly one.')
        self.values.flags.writeable = False

    @property
    def layers(self) -> int:
        """Blocks."""
        return self.values.shape[0]

    @property
    def heads(self) -> int:
        """Heads in each block."""
        return self.values.shape[1]

    @property
    def length(self) -> int:
        """Real tokens, special ones included."""
        return self.values.shape[2]

    @property
    def even(self) -> float:
        """An even share for one token: 1/N."""
        return 1 / self.length

    @property
    def position(self) -> int:
        """Where the first token itself stands among the real ones."""
        return self.kinds.index("itself")

    @cached_property
    def groups(self) -> tuple[Kind, ...]:
        """The kinds that occur, in the order in which they are stacked."""
        return tuple(kind for kind in KINDS if kind in self.kinds)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Tokens in each group."""
        return tuple(self.kinds.count(kind) for kind in self.groups)

    @cached_property
    def by_group(self) -> Numbers:
        """float64[layers, heads, groups]: a group's sum in "attends_to", its mean in "attended_by"."""
        inside = np.array([[kind == group for kind in self.kinds] for group in self.groups], dtype=np.float64)
        if self.way == "attended_by":
            inside /= inside.sum(axis=1, keepdims=True)
        return self.values.astype(np.float64) @ inside.T

    @cached_property
    def by_layer(self) -> Numbers:
        """float64[layers, groups], ``by_group`` averaged over the heads."""
        return self.by_group.mean(axis=1)

    def of(self, order: Order) -> Numbers:
        """What the heads can be sorted by.

        Args:
            order: "self", "sep", "words" (the words of both texts of a pair), or in "attends_to" also "entropy".

        Returns:
            float64[layers, heads]: shares from 0 to 1, or for "entropy" E / ln N, from 0 to 1; 0 where no token is of
            that kind.

        Raises:
            ValueError: this direction has no such order.
        """
        if order not in ORDERS[self.way] or order == "layer":
            known = ", ".join(ORDERS[self.way][1:])
            raise ValueError(f"Heads cannot be sorted by {order!r} in {self.way!r}: take one of {known}.")
        if order == "entropy":
            return entropy(self.values) / np.log(self.length) if self.length > 1 else entropy(self.values)
        wanted = np.array([kind in _SORTS[order] for kind in self.kinds])
        if not wanted.any():
            return np.zeros((self.layers, self.heads))
        chosen = self.values[:, :, wanted].astype(np.float64)
        return chosen.sum(axis=2) if self.way == "attends_to" else chosen.mean(axis=2)

    def ranked(self, order: Order) -> Ints:
        """The heads in that order, the largest first; heads that are equal stay as they are in the model.

        Returns:
            int64[layers x heads], each (layer - 1) x heads + (head - 1).
        """
        if order == "layer":
            return np.arange(self.layers * self.heads)
        return np.argsort(-self.of(order).ravel(), kind="stable")

    def top(self, order: Order) -> tuple[int, int]:
        """The head that is first in that order, as (layer, head), both from 1."""
        layer, head = divmod(int(self.ranked(order)[0]), self.heads)
        return layer + 1, head + 1


def shares(reading: Reading, row: int, way: Way) -> Shares:
    """One text of a reading in one direction, its padding left out.

    Args:
        reading: with attention "cls" or "full".
        row: which text.
        way: "attends_to" for what the first token attends to, "attended_by" for what attends to it.

    Raises:
        ValueError: there is no such text, or attention was not kept.
    """
    if not 0 <= row < reading.batch:
        raise ValueError(f"There is no text {row} here: this reading has texts 0 to {reading.batch - 1}.")
    every = range(1, reading.layers + 1)
    kept = [reading.attends_to(k)[row] if way == "attends_to" else reading.attended_by(k)[row] for k in every]
    real = reading.encoding.attention_mask[row] == 1
    return Shares(way, reading.encoding.row(row), kinds(reading.encoding, row, way=way), np.stack(kept)[:, :, real])


MOSTLY = ("self", "sep", "words", "alike")  # what may get most of the attention
ALIKE = 2  # times an even share: where no token gets more, all get about the same


def mostly(read: Shares) -> tuple[str, ...]:
    """What gets most of the first token's attention, over all layers and heads.

    Args:
        read: in the direction "attends_to".

    Returns:
        Of MOSTLY: the kind with the largest sum, or several that are equal, and "alike" where no single token gets
        more than ALIKE times an even share.
    """
    sums = {kind: float(read.of(kind).mean()) for kind in ("self", "sep", "words")}
    best = max(sums.values())
    found = [kind for kind, value in sums.items() if value > best - EQUAL and value > 0]
    every = read.values.astype(np.float64).mean(axis=(0, 1))
    return (*found, "alike") if every.max() <= ALIKE * read.even else tuple(found)


@dataclass(frozen=True)
class Check:
    """A picture's proof of itself.

    Attributes:
        rows: how many were looked at.
        deviation: the largest distance of a row's sum from 1.
        holds: whether that is no more than rounding.
    """

    rows: int
    deviation: float
    holds: bool


def check(read: Shares) -> Check:
    """Whether the first token's attention adds up to 1 in every head.

    Raises:
        ValueError: these are the shares of different tokens, which have no sum.
    """
    if read.way != "attends_to":
        raise ValueError("Shares of different tokens do not add up to anything: check the row, not the column.")
    deviation = float(np.abs(read.values.sum(axis=2, dtype=np.float64) - 1).max())
    return Check(read.layers * read.heads, deviation, deviation <= TOLERANCE)


@dataclass(frozen=True)
class Window:
    """Layers in which the first token attends to its neighbours only.

    Attributes:
        layers: bool a layer, where every head has a share of exactly 0 from some position on.
        sees: tokens within its sight there, itself included.
        beyond: tokens out of its sight there.
    """

    layers: tuple[bool, ...]
    sees: int
    beyond: int


def window(read: Shares) -> Window | None:
    """How far the first token sees in layers with local attention; None where it sees the whole text in every layer.

    A softmax gives nobody a share of exactly 0, so such a share is a mask's. Where texts are short enough to fit into
    the window there is nothing to see of it.

    Args:
        read: one text in either direction.
    """
    sighted = np.logical_or.reduce(read.values > 0, axis=1)  # bool[layers, tokens]
    sees = read.length - sighted[:, ::-1].argmax(axis=1)
    local = sees < read.length
    if not local.any():
        return None
    farthest = int(sees[local].max())
    return Window(tuple(local.tolist()), farthest, read.length - farthest)


def runs(layers: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """Neighbouring layers for which something holds, as (first, last), both from 1."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], np.asarray(layers, dtype=np.int8), [0]))))
    return tuple((int(a) + 1, int(b)) for a, b in edges.reshape(-1, 2))


def typical(read: Shares) -> Numbers:
    """float64[layers], the effective number of tokens of each layer's typical head: exp of the heads' mean entropy."""
    return np.exp(entropy(read.values).mean(axis=1))


def by_token(read: Shares) -> dict[str, Sequence[str] | Sequence[int] | Sequence[float]]:
    """Every number of one direction as a table: one row a token, one column a head, named "layer.head"."""
    heads = {
        f"{k + 1}.{h + 1}": read.values[k, h].round(7).tolist() for k in range(read.layers) for h in range(read.heads)
    }
    return {"position": range(read.length), "token": read.tokens, "kind": read.kinds, **heads}


def by_head(read: Shares) -> dict[str, Sequence[int] | Numbers]:
    """The entropy of each head's attention, as a table: one row a head.

    Raises:
        ValueError: these are the shares of different tokens, which have no entropy.
    """
    nats, relative = entropy(read.values).ravel(), read.of("entropy").ravel()
    places = [(k + 1, h + 1) for k in range(read.layers) for h in range(read.heads)]
    return {
        "layer": [layer for layer, _ in places],
        "head": [head for _, head in places],
        "E in nats": nats,
        "E / ln N": relative,
        "exp(E), tokens": np.exp(nats),
    }
