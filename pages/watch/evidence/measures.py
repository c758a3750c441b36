"""Several measures of which tokens matter for the first token of one text, and how far they agree.

Five are computed from one pass: from its attention, from what the attention moves, from gradients. Two are measured by
taking a token away and running the model again; the others are compared with those two.
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
Family: TypeAlias = Literal["attention", "gradients", "taken"]
Kind: TypeAlias = Literal["moved", "alike"]

TAKEN: tuple[Key, ...] = ("cut", "out")  # measured by taking something away
COMPLETE = 0.01  # what integrated gradients may miss, as a share of all they give out


@dataclass(frozen=True)
class Method:
    """One way to say how much each token counts.

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
                asks="Which tokens does it attend to?",
                how="the weights of the last layer, mean over heads",
            ),
            Method(
                key="rollout",
                name="rollout",
                short="rollout",
                family="attention",
                source="abnar2020",
                asks="Which tokens does its attention lead back to, through all layers?",
                how="the weights of all layers multiplied, as if half of each vector were kept",
            ),
            Method(
                key="amount",
                name="amount moved",
                short="amount",
                family="attention",
                source="kobayashi2020",
                asks="Which tokens did the last layer move most from?",
                how="length of weight × value, heads added first",
            ),
            Method(
                key="slope",
                name="gradient × input",
                short="gradient",
                family="gradients",
                source="shrikumar2016",
                asks="What would count, if the gradient at this text held all the way to a blank text?",
                how="gradient at the text × (token − blank)",
            ),
            Method(
                key="path",
                name="integrated gradients",
                short="integrated",
                family="gradients",
                source="sundararajan2017",
                asks="Which tokens make the difference to a blank text?",
                how="mean gradient on the way from the blank text to this one × (token − blank)",
            ),
            Method(
                key="cut",
                name="attention cut",
                short="cut",
                family="taken",
                source="geva2023",
                asks="What would it lose if it alone could not attend to this token?",
                how="attention knock-out: the first token may not attend to it in any layer",
            ),
            Method(
                key="out",
                name="left out",
                short="left out",
                family="taken",
                asks="What would change if this token were left out for all?",
                how="the token replaced or removed, for all tokens",
            ),
        )
    }
)


@dataclass(frozen=True, eq=False)
class Target:
    """The one number that the last vector of the first token is asked for.

    Attributes:
        kind: "moved" for how far attention moved it, "alike" for its cosine to another vector.
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
    """The direction in which attention moves the first token: from its last vector without to its last vector with it.

    Args:
        whole: float[hidden], its last vector.
        starved: float[hidden], its last vector where it may attend to nothing but itself.

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
        raise ValueError("**Nothing to measure.** The two vectors are the same, so that no direction leads on.")
    return vector / size


@dataclass(frozen=True, eq=False)
class Evidence:
    """How much each token counts by each method.

    Attributes:
        places: int64[n], positions of the ranked tokens among the real ones of the text.
        names: of these tokens.
        values: method -> float64[n], in the order of ``METHODS``; below 0 where a token counts against the number that
            is asked for. A method that this model does not support is left out.
    """

    places: Ints
    names: tuple[str, ...]
    values: Mapping[Key, Doubles]

    def __post_init__(self) -> None:
        for key, each in self.values.items():
            if (given := each.shape) != self.places.shape:
                raise ValueError(f"{key} has the shape {given} for {len(self.places)} tokens: give one value for each.")

    @property
    def length(self) -> int:
        """Number of tokens that are ranked."""
        return len(self.places)

    def size(self, key: Key) -> Doubles:
        """float64[n], how much each token counts by a method, for or against."""
        return np.abs(self.values[key])

    def order(self, key: Key) -> Ints:
        """int64[n], the tokens from the one that counts most to the one that counts least; equal ones in text order."""
        return np.argsort(-self.size(key), kind="stable")

    def rank(self, key: Key) -> Ints:
        """int64[n], each token's rank in that order, from 1."""
        places = np.empty(self.length, np.int64)
        places[self.order(key)] = np.arange(1, self.length + 1)
        return places

    def top(self, key: Key) -> int:
        """Index of the token that counts most by a method, from 0."""
        return int(self.order(key)[0])

    def agreement(self, one: Key, other: Key) -> float | None:
        """The rank correlation of two methods, from -1 to 1; None where one of them has no order."""
        return spearman(self.size(one), self.size(other))

    def leads(self, key: Key) -> bool:
        """Whether one token alone counts most by a method."""
        size = self.size(key)
        return int((size == size.max()).sum()) == 1

    def closest(self, to: Key) -> Closest | None:
        """Which method computed from one pass agrees best with one that takes away, how far, and how often chance does.

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


def positions(reading: Reading, row: int) -> Ints:
    """int64[n], the positions of a text's own tokens among its real ones: what can be ranked."""
    real = np.flatnonzero(reading.encoding.attention_mask[row])
    return np.flatnonzero(reading.encoding.is_word[row][real])


def weights(reading: Reading, row: int) -> Doubles:
    """float64[tokens], over the real tokens: the first one's attention in the last layer, mean over heads."""
    real = reading.encoding.attention_mask[row] == 1
    return reading.attends_to(reading.layers)[row].mean(axis=0, dtype=np.float64)[real]


def left(reading: Reading, places: Ints) -> float:
    """The largest attention weight left on edges that were cut, one in each row.

    Args:
        reading: float32[rows], one text in each, with attention "cls" or "full".
        places: int64[rows], what the first token may not attend to in each row.

    Returns:
        The largest share over all layers and heads; exactly 0 where the cut holds.
    """
    rows = np.arange(len(places))
    where = [reading.encoding.at(row, place) for row, place in enumerate(places.tolist())]
    return max(float(reading.attends_to(layer)[rows, :, where].max()) for layer in range(1, reading.layers + 1))


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
