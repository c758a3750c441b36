"""Several answers to what the first token uses, over the same pieces of one text, and how far they agree.

Five are read off: from the attention, from what it carries, from slopes. Two are measured by taking something away and
running the model again; against those the others are held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np

from lib.measures.vectors import Doubles, cosine
from lib.reading import Floats, Gradients, Ints, Reading
from pages.watch.evidence.ranks import luck, spearman

Key: TypeAlias = Literal["attention", "rollout", "amount", "slope", "path", "cut", "out"]
Family: TypeAlias = Literal["attention", "slopes", "taken"]
Kind: TypeAlias = Literal["moved", "alike"]

TAKEN: tuple[Key, ...] = ("cut", "out")  # measured by taking something away
COMPLETE = 0.01  # what integrated gradients may miss, as a share of all they give out


@dataclass(frozen=True)
class Method:
    """One way to say what counts.

    Attributes:
        key: in links and tables.
        name: on screen, plain.
        short: the same where there is little room.
        asks: the question that it answers; "it" is the first token.
        family: what it is made from.
        how: what is computed, in short.
        source: key in ``lib.texts.sources.SOURCES``; "" for our own.
    """

    key: Key
    name: str
    short: str
    asks: str
    family: Family
    how: str
    source: str = ""


METHODS: Mapping[Key, Method] = MappingProxyType(
    {
        each.key: each
        for each in (
            Method(
                key="attention",
                name="attention",
                short="attention",
                family="attention",
                source="vaswani2017",
                asks="Where does it look?",
                how="its row in the last layer, mean of heads",
            ),
            Method(
                key="rollout",
                name="rollout",
                short="rollout",
                family="attention",
                source="abnar2020",
                asks="Where do its looks lead, followed down through all layers?",
                how="all layers multiplied, half of each token passed straight on",
            ),
            Method(
                key="amount",
                name="amount moved",
                short="amount",
                family="attention",
                source="kobayashi2020",
                asks="What did the last layer carry into it?",
                how="length of weight × value, its heads added first",
            ),
            Method(
                key="slope",
                name="gradient × input",
                short="gradient",
                family="slopes",
                source="shrikumar2016",
                asks="What would count, if the slope at your text held all the way to blanks?",
                how="slope at the text × (piece − blank)",
            ),
            Method(
                key="path",
                name="integrated gradients",
                short="integrated",
                family="slopes",
                source="sundararajan2017",
                asks="What sets it apart from a text of blanks?",
                how="mean slope on the way from blanks to the text × (piece − blank)",
            ),
            Method(
                key="cut",
                name="reading cut",
                short="cut",
                family="taken",
                source="geva2023",
                asks="What would it lose if it could not read this piece?",
                how="its edge to the piece cut in every layer",
            ),
            Method(
                key="out",
                name="left out",
                short="left out",
                family="taken",
                asks="What would change if this piece were not there?",
                how="the piece gone for every token that could read it",
            ),
        )
    }
)


@dataclass(frozen=True, eq=False)
class Target:
    """The one number that the last vector of the first token is asked for.

    Attributes:
        kind: "moved" for how far reading moved it, "alike" for its cosine to another vector.
        direction: float64[hidden], of length 1.
    """

    kind: Kind
    direction: Doubles

    def effect(self, whole: Floats, changed: Floats) -> Doubles:
        """What changes do to the number.

        Args:
            whole: float[hidden], the vector as it is.
            changed: float[n, hidden], the vector after each change.

        Returns:
            float64[n]. "moved": 1 − cosine to the vector as it is, from 0 to 2. "alike": the cosine that is lost,
            below 0 where it grows.
        """
        if self.kind == "moved":
            return 1 - cosine(whole[None], changed)[0]
        here, there = (cosine(self.direction[None], each)[0] for each in (whole[None], changed))
        return here - there


def moved(whole: Floats, starved: Floats) -> Target:
    """How far the first token comes by reading: from where it ends without, to where it ends with it.

    Args:
        whole: float[hidden], its last vector.
        starved: float[hidden], its last vector where it may read nothing but itself.

    Raises:
        ValueError: the two are the same, so that there is no direction.
    """
    return Target("moved", _unit(whole.astype(np.float64) - starved))


def alike(other: Floats) -> Target:
    """How alike the first token is to that of another text.

    Args:
        other: float[hidden], the last vector of the other text's first token.

    Raises:
        ValueError: it is all zeros.
    """
    return Target("alike", _unit(other.astype(np.float64)))


def _unit(vector: Doubles) -> Doubles:
    size = float(np.linalg.norm(vector))
    if not size:
        raise ValueError("**Nothing to ask for.** The two vectors are the same, so that no direction leads on.")
    return vector / size


@dataclass(frozen=True, eq=False)
class Evidence:
    """What each method says of each piece.

    Attributes:
        places: int64[n], of the pieces among the real tokens of the text.
        names: of the pieces.
        values: method -> float64[n], in the order of ``METHODS``; below 0 where a piece counts against the number that
            is asked for. What this model cannot be asked is not in it.
    """

    places: Ints
    names: tuple[str, ...]
    values: Mapping[Key, Doubles]

    def __post_init__(self) -> None:
        for key, each in self.values.items():
            if (given := each.shape) != self.places.shape:
                raise ValueError(f"{key} has the shape {given} for {len(self.places)} pieces: give one value for each.")

    @property
    def length(self) -> int:
        """Pieces that are ranked."""
        return len(self.places)

    def size(self, key: Key) -> Doubles:
        """float64[n], how much each piece counts by a method, for or against."""
        return np.abs(self.values[key])

    def order(self, key: Key) -> Ints:
        """int64[n], the pieces from the one that counts most to the one that counts least; equal ones as they stand."""
        return np.argsort(-self.size(key), kind="stable")

    def rank(self, key: Key) -> Ints:
        """int64[n], each piece's place in that order, from 1."""
        places = np.empty(self.length, np.int64)
        places[self.order(key)] = np.arange(1, self.length + 1)
        return places

    def top(self, key: Key) -> int:
        """The piece that counts most by a method, counted from 0."""
        return int(self.order(key)[0])

    def agreement(self, one: Key, other: Key) -> float | None:
        """The rank correlation of two methods, from -1 to 1; None where one of them has no order."""
        return spearman(self.size(one), self.size(other))

    def leads(self, key: Key) -> bool:
        """Whether one piece alone counts most by a method."""
        size = self.size(key)
        return int((size == size.max()).sum()) == 1

    def closest(self, to: Key) -> Closest | None:
        """Which of the methods that are read off agrees best with one that takes away, how far, and what that is worth.

        None where there is no order to compare.
        """
        readable = [key for key in self.values if key not in TAKEN]
        found = {key: rho for key in readable if (rho := self.agreement(key, to)) is not None}
        by_luck = luck([self.size(key) for key in found], self.size(to))
        if by_luck is None:
            return None
        best = max(found, key=found.__getitem__)
        return Closest(best, found[best], len(found), by_luck)


@dataclass(frozen=True)
class Closest:
    """The best of several methods.

    Attributes:
        key: of the method.
        agreement: its rank correlation, -1 to 1.
        of: methods that it is the best of.
        luck: how often the best of them would agree as far in shuffled orders, 0 to 1.
    """

    key: Key
    agreement: float
    of: int
    luck: float


def pieces(reading: Reading, row: int) -> Ints:
    """int64[n], the places of a text's own pieces among its real tokens: what can be ranked."""
    real = np.flatnonzero(reading.encoding.attention_mask[row])
    return np.flatnonzero(reading.encoding.is_word[row][real])


def looks(reading: Reading, row: int) -> Doubles:
    """float64[tokens], over the real tokens: what the first one reads from in the last layer, mean over heads."""
    real = reading.encoding.attention_mask[row] == 1
    return reading.reads(reading.layers)[row].mean(axis=0, dtype=np.float64)[real]


def left(reading: Reading, places: Ints) -> float:
    """The most that is still read over edges that were cut, one in each row.

    Args:
        reading: float32[rows], one text in each, with attention "cls" or "full".
        places: int64[rows], what the first token may not read in each row.

    Returns:
        The largest share over all layers and heads; exactly 0 where the cut holds.
    """
    rows = np.arange(len(places))
    where = [reading.encoding.at(row, place) for row, place in enumerate(places.tolist())]
    return max(float(reading.reads(layer)[rows, :, where].max()) for layer in range(1, reading.layers + 1))


def missed(found: Gradients) -> float:
    """What integrated gradients leave out of the difference that they are to give out, as a share of all they give.

        |sum of the shares - (end - start)| / sum of their sizes

    Returns:
        From 0 up; 0 where they are complete or give out nothing.

    Source:
        sundararajan2017, section 3, Proposition 1.
    """
    whole = float(np.abs(found.along).sum())
    return abs(float(found.along.sum()) - (found.end - found.start)) / whole if whole else 0.0
