"""The token or the place: the first token moved, doubled, numbered anew, replaced or taken out, and what comes of it.

Every variant watches one token: the first one wherever it went, or whatever stands in the first position now. A token
or a position is *enough* where the vector ends closer to that of the unchanged first token than to an ordinary one's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np

from lib.edits import Edit, Move, Position, Remove, Repeat, Replace, edit
from lib.measures.journey import loud_unit, share_of
from lib.measures.vectors import Doubles, above, cosine, paired
from lib.reading import Floats, Reading, Seat

Key: TypeAlias = Literal["untouched", "middle", "last", "position", "doubled", "copy", "replaced", "removed", "other"]
Logic: TypeAlias = Literal["either", "token", "place", "both", "unclear"]

TAKEN: frozenset[Key] = frozenset(("replaced", "removed"))  # another token stands in the first position
FAR = (1, 5, 50)  # how far from its usual position id the first token is put, where there are so many
ALIKE = 0.95  # cosine from which on even a token that has neither is so near that nothing can be told


@dataclass(frozen=True)
class Variant:
    """One change and the token that is watched.

    Attributes:
        key: which it is.
        edit: what is changed.
        seat: whose vector is taken.
    """

    key: Key
    edit: Edit
    seat: Seat


def variants(tokens: int, piece: str, *, position: int | None, room: bool) -> tuple[Variant, ...]:
    """What is tried on a text: untouched at the start, and at the end a token with neither the name nor the place.

    Args:
        tokens: of the text, special ones included.
        piece: of the vocabulary, for the first position.
        position: another position id for it; None in a family that has none.
        room: whether one more token fits.
    """
    middle, twice = tokens // 2, edit(Repeat(0, tokens // 2))
    tried: list[tuple[Key, Edit, Seat]] = [
        ("untouched", Edit(), Seat(0)),
        ("middle", edit(Move(0, middle)), Seat(0)),
        ("last", edit(Move(0, tokens)), Seat(0)),
    ]
    if position is not None:
        tried.append(("position", edit(Position(0, position)), Seat(0)))
    if room:
        tried += [("doubled", twice, Seat(0)), ("copy", twice, Seat(0, 1))]
    tried += [
        ("replaced", edit(Replace(0, piece)), Seat(0)),
        ("removed", edit(Remove(0)), Seat(1)),
        ("other", Edit(), Seat(middle)),
    ]
    return tuple(Variant(*each) for each in tried)


@dataclass(frozen=True, eq=False)
class Tried:
    """A few texts under every variant.

    Attributes:
        keys: of the variants, the untouched one first.
        vectors: float32[layers+1, texts, variants, hidden], of the watched token.
        received: float64[texts, variants], the attention weight that the average other word gives to the watched token,
            mean over words, heads and layers; nan where there is no other word.
    """

    keys: tuple[Key, ...]
    vectors: Floats
    received: Doubles

    @property
    def cosines(self) -> Doubles:
        """float64[layers+1, texts, variants], of each watched token's vector to the true first token's."""
        return paired(self.vectors, self.vectors[:, :, :1])

    @property
    def between(self) -> Doubles:
        """float64[pairs, variants], the cosine of any two texts' last vectors; no row where there is one text."""
        last = self.vectors[-1]
        return np.stack([above(cosine(last[:, k], last[:, k])) for k in range(last.shape[1])], axis=-1)

    def at(self, key: Key) -> int:
        """The column of a variant."""
        return self.keys.index(key)


def tried(reading: Reading, plan: Sequence[Sequence[Variant]]) -> Tried:
    """What came out of a batch of variants.

    Args:
        reading: of every text under each of its variants, text by text, the watched tokens' attention kept.
        plan: the variants of each text, the same keys for all.
    """
    keys = tuple(each.key for each in plan[0])
    seats = [each.seat for row in plan for each in row]
    vectors = reading.seated(seats)  # float32[layers+1, texts x variants, hidden]
    return Tried(
        keys,
        vectors.reshape(len(vectors), len(plan), len(keys), -1),
        taken_from(reading, seats).mean(axis=0).reshape(len(plan), len(keys)),
    )


def taken_from(reading: Reading, seats: Sequence[Seat]) -> Doubles:
    """The attention weight that the average other word gives to the watched token of each row.

    Args:
        reading: in which these tokens were watched.
        seats: one for each row.

    Returns:
        float64[layers, batch], mean over words and heads; nan where there is no other word.
    """
    if reading.column is None:
        raise ValueError("No attention was kept in this reading.")
    words = reading.encoding.is_word.copy()
    words[np.arange(reading.batch), reading.encoding.seated(seats)] = False
    column = reading.column.mean(axis=2, dtype=np.float64)  # float64[layers, batch, tokens]
    count = words.sum(axis=1)
    return np.where(words, column, 0).sum(axis=2) / np.where(count, count, np.nan)


@dataclass(frozen=True)
class Loudest:
    """The dimension that holds most of the first token's vector: its outlier dimension.

    Attributes:
        unit: the dimension, from 0.
        layer: in which it holds most of it, from 1.
        share: of the squared length there, mean over texts, 0 to 1.
    """

    unit: int
    layer: int
    share: float


def loudest(states: Floats) -> Loudest:
    """The first token's outlier dimension over all layers, and the layer in which it holds most.

    Args:
        states: float32[layers+1, texts, hidden], of the first token.

    Source:
        sun2024, on single huge activations; luo2021, on those that come from positions.
    """
    unit = loud_unit(states[1:])
    shares = share_of(states[1:], unit)
    return Loudest(unit, int(shares.argmax()) + 1, float(shares.max()))


def ids(usual: int, last: int) -> tuple[int, ...]:
    """The position ids that the grid tries: the usual one first, then near and far ones as far as there are any.

    Args:
        usual: that the first token gets.
        last: the highest there is.
    """
    return (usual, *(usual + far for far in FAR if usual + far <= last))


def corners(tokens: Sequence[str], positions: Sequence[int]) -> tuple[Edit, ...]:
    """The cells of the grid as edits, row by row; the first token at the first id is the text as it is.

    Args:
        tokens: for the first position; the model's first token first.
        positions: ids for it; the usual one first.
    """
    seats = [Edit(), *(edit(Replace(0, token)) for token in tokens[1:])]
    places = [Edit(), *(edit(Position(0, position)) for position in positions[1:])]
    return tuple(seat + place for seat in seats for place in places)


@dataclass(frozen=True, eq=False)
class Grid:
    """What a token in the first position becomes, by token and position id; means over the texts.

    Attributes:
        tokens: rows; the model's own first token first.
        positions: columns; the usual id first.
        cosine: float64[tokens, positions], of the last vector to the true one.
        received: float64[tokens, positions], the attention weight that the average word gives to it; nan where there
            is no word.
        loud: float64[tokens, positions], the activation of the outlier dimension in its layer.
        texts: that were read.
    """

    tokens: tuple[str, ...]
    positions: tuple[int, ...]
    cosine: Doubles
    received: Doubles
    loud: Doubles
    texts: int


def grid(reading: Reading, tokens: Sequence[str], positions: Sequence[int], loud: Loudest) -> Grid:
    """What came out of a batch of cells.

    Args:
        reading: of every text under each of :func:`corners`, text by text.
        tokens: rows.
        positions: columns.
        loud: the dimension that is looked at.
    """
    shape = (-1, len(tokens), len(positions))
    seats = [Seat(0)] * reading.batch
    vectors = reading.seated(seats)
    last = vectors[-1].reshape(*shape, reading.hidden)
    return Grid(
        tuple(tokens),
        tuple(positions),
        paired(last, last[:, :1, :1]).mean(axis=0),
        taken_from(reading, seats).mean(axis=0).reshape(shape).mean(axis=0),
        vectors[loud.layer, :, loud.unit].astype(np.float64).reshape(shape).mean(axis=0),
        len(last),
    )


def means(values: Doubles) -> tuple[float, float, float]:
    """A grid in three numbers: the first token under other ids, other tokens under its id, other tokens under others.

    Args:
        values: float64[tokens, positions], at least two of each.
    """
    return float(values[0, 1:].mean()), float(values[1:, 0].mean()), float(values[1:, 1:].mean())


@dataclass(frozen=True)
class Near:
    """Where a watched token ends.

    Attributes:
        first: cosine of its last vector to that of the unchanged first token.
        ordinary: cosine to that of a token in the middle of the text.
    """

    first: float
    ordinary: float

    @property
    def enough(self) -> bool:
        """Whether it ends closer to the first token than to an ordinary one."""
        return self.first > self.ordinary


@dataclass(frozen=True)
class Finding:
    """What it takes to make the first token's vector.

    Attributes:
        token: where the first token ends in another position.
        place: where another token ends in the first position.
        neither: cosine of a token in the middle to the first one.
    """

    token: Near
    place: Near
    neither: float

    @property
    def logic(self) -> Logic:
        """Whether the token, its position, either or both of them are needed."""
        if not self.neither < ALIKE:  # nan, too
            return "unclear"
        return _LOGIC[self.token.enough, self.place.enough]


_LOGIC: Mapping[tuple[bool, bool], Logic] = MappingProxyType(
    {(True, True): "either", (True, False): "token", (False, True): "place", (False, False): "both"}
)


def finding(tried: Tried) -> Finding:
    """What the variants say, mean over the texts.

    Args:
        tried: a few texts under every variant.
    """
    last = tried.vectors[-1]  # float32[texts, variants, hidden]
    true, ordinary = (paired(last, last[:, [tried.at(key)]]).mean(axis=0) for key in ("untouched", "other"))

    def near(*keys: Key) -> Near:
        places = [tried.at(key) for key in keys]
        return Near(float(true[places].mean()), float(ordinary[places].mean()))

    return Finding(near("middle", "last"), near("replaced"), float(true[tried.at("other")]))
