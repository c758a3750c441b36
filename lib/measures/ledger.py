"""What one layer adds up to: every term of the first token's new vector, and what share of it each one makes.

A LayerNorm takes the mean away, divides by the deviation and scales: with the deviation held at what was measured that
is linear, so what goes through it can be followed term by term. Held so, the terms add up to the new vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias, get_args

import numpy as np

from lib.measures.vectors import Doubles, largest_difference
from lib.reading import Added, Floats, LayerParts, Ledger, Step

TermKind: TypeAlias = Literal["before", "read", "forward", "near", "bias"]
KINDS: tuple[TermKind, ...] = get_args(TermKind)
TOLERANCE = 1e-4  # of the largest entry; float32 layers stay well below it


@dataclass(frozen=True, eq=False)
class Term:
    """One term of a sum.

    Attributes:
        kind: "before" (the vector as it came in), "read" (what attention moved), "forward" (what the feed-forward part
            adds), "near" (what a convolution adds), "bias" (what is added whatever is read: by the attention's
            projection, or by a LayerNorm).
        norm: number of the LayerNorm whose bias it is; 0 for all others.
        written: float64[hidden], as it is added.
        arrives: float64[hidden], what is left of it behind the LayerNorms that follow.
    """

    kind: TermKind
    norm: int
    written: Doubles
    arrives: Doubles


@dataclass(frozen=True)
class Norming:
    """A LayerNorm between the lines.

    Attributes:
        number: from 1.
        mean: that it takes away, of the whole sum.
        deviation: that it divides by.
    """

    number: int
    mean: float
    deviation: float


@dataclass(frozen=True)
class Check:
    """What the sums prove of themselves.

    Attributes:
        layers: how many were looked at.
        error: the largest difference between a sum and the model's own vector.
        attention: the largest difference between what the heads give and what the model's attention gave.
        total: the largest distance of a layer's shares from 1 in all.
        holds: whether all that is rounding.
    """

    layers: int
    error: float
    attention: float
    total: float
    holds: bool


@dataclass(frozen=True, eq=False)
class Decomposition:
    """One layer's terms, in the order in which the model adds them.

    Attributes:
        layer: whose new vector it is.
        lines: terms and LayerNorms.
        behind: the LayerNorms behind the attention, each with the float64[hidden] that it is given.
        new: float64[hidden], the sum of all that arrives.
        left_out: a unit that lengths and shares leave out; None for none.
    """

    layer: LayerParts
    lines: tuple[Term | Norming, ...]
    behind: tuple[tuple[Step, Doubles], ...]
    new: Doubles
    left_out: int | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """The lines that are added up."""
        return tuple(line for line in self.lines if isinstance(line, Term))

    @property
    def normings(self) -> tuple[Norming, ...]:
        """The LayerNorms between them."""
        return tuple(line for line in self.lines if isinstance(line, Norming))

    @cached_property
    def heads(self) -> Doubles:
        """float64[heads, hidden], the line "read" unfolded by heads, as it arrives."""
        return self._arriving(self.layer.by_head)

    @cached_property
    def tokens(self) -> Doubles:
        """float64[tokens, hidden], the line "read" unfolded by tokens, as it arrives."""
        return self._arriving(self.layer.by_token)

    def _arriving(self, vectors: Doubles) -> Doubles:
        for step, whole in self.behind:
            vectors = normed(vectors, whole, step)
        return vectors

    @property
    def error(self) -> float:
        """The largest difference between the sum and the model's own vector, over all units."""
        return largest_difference(self.layer.leaving, self.new)

    @property
    def attention(self) -> float:
        """The largest difference between what the heads give, with the bias, and what the model's attention gave."""
        own = next(
            each.vector for each in self.layer.path or () if isinstance(each, Added) and each.name == "attention"
        )
        return largest_difference(own, self.layer.by_head.sum(axis=0) + self.layer.bias)

    @property
    def missed(self) -> float:
        """By how much of its length the sum misses the new vector where all LayerNorms are left out."""
        bare = np.sum([term.written for term in self.terms if not term.norm], axis=0)
        return float(np.linalg.norm(bare - self.layer.leaving) / np.linalg.norm(self.layer.leaving))

    def shares(self, vectors: Doubles) -> Doubles:
        """What vectors contribute to the new one: their length along it, as a share of its own.

            t . new / |new|²

        Args:
            vectors: float64[..., hidden], as they arrive.

        Returns:
            float64[...], below 0 for one that points against it; those of all terms add up to 1.
        """
        new = self._counted(self.new)
        return self._counted(vectors) @ new / (new @ new)

    def lengths(self, vectors: Doubles) -> Doubles:
        """float64[...], how long float64[..., hidden] are in the units that count."""
        return np.linalg.norm(self._counted(vectors), axis=-1)

    def _counted(self, vectors: Doubles) -> Doubles:
        return vectors if self.left_out is None else np.delete(vectors, self.left_out, axis=-1)

    def held(self, unit: int) -> float:
        """What one unit holds of the squared length of the new vector, 0 to 1, whatever is left out."""
        return float(self.new[unit] ** 2 / (self.new @ self.new))

    @cached_property
    def by_kind(self) -> dict[TermKind, float]:
        """The share of each kind of term, all its lines together."""
        shares = dict.fromkeys(KINDS, 0.0)
        for term in self.terms:
            shares[term.kind] += float(self.shares(term.arrives))
        return shares


def normed(vectors: Doubles, whole: Doubles, step: Step) -> Doubles:
    """Vectors behind a LayerNorm whose deviation is held at that of the whole; its bias belongs to none of them.

        (x − mean(x)) / sigma(whole) * weight

    Args:
        vectors: float64[n, hidden], parts of the whole.
        whole: float64[hidden], what the LayerNorm is given.
        step: it.

    Returns:
        float64[n, hidden].

    Source:
        kobayashi2021.
    """
    deviation = np.sqrt(whole.var() + step.epsilon)
    return (vectors - vectors.mean(axis=-1, keepdims=True)) / deviation * step.weight


def decompose(layer: LayerParts, left_out: int | None = None) -> Decomposition:
    """Takes the new vector of a layer apart.

    Args:
        layer: of one text; the way through it must be known.
        left_out: a unit that lengths and shares leave out; the terms are the same.

    Raises:
        ValueError: it is not.
    """
    if layer.path is None:
        raise ValueError("The way through this layer is not known, so its terms cannot be followed.")
    written: list[tuple[TermKind, int, Doubles]] = []
    order: list[int | Norming] = []
    arrives = np.empty((0, len(layer.leaving)))
    behind: list[tuple[Step, Doubles]] = []

    def add(kind: TermKind, vector: Floats | Doubles, norm: int = 0) -> None:
        nonlocal arrives
        order.append(len(written))
        written.append((kind, norm, vector.astype(np.float64)))
        arrives = np.vstack([arrives, written[-1][2]])

    add("before", layer.entering)
    for each in layer.path:
        if isinstance(each, Step):
            whole, number = arrives.sum(axis=0), len(order) - len(written) + 1
            order.append(Norming(number, float(whole.mean()), float(np.sqrt(whole.var() + each.epsilon))))
            arrives = normed(arrives, whole, each)
            behind.append((each, whole))
            if each.bias.any():
                add("bias", each.bias, number)
        elif each.name == "attention":
            behind.clear()
            add("read", layer.by_head.sum(axis=0))
            if layer.bias.any():
                add("bias", layer.bias)
        else:
            add("near" if each.name == "convolution" else "forward", each.vector)
    lines = tuple(line if isinstance(line, Norming) else Term(*written[line], arrives[line]) for line in order)
    return Decomposition(layer, lines, tuple(behind), arrives.sum(axis=0), left_out)


def known(ledger: Ledger) -> bool:
    """Whether the way through every layer is known, so that all new vectors can be taken apart."""
    return all(layer.path is not None for layer in ledger.layers)


def decompositions(ledger: Ledger, left_out: int | None = None) -> tuple[Decomposition, ...]:
    """What every layer adds up to.

    Args:
        ledger: of one text.
        left_out: a unit that lengths and shares leave out.

    Raises:
        ValueError: the way through one of the layers is not known.
    """
    return tuple(decompose(layer, left_out) for layer in ledger.layers)


def recounted(layers: Sequence[Decomposition], left_out: int | None) -> tuple[Decomposition, ...]:
    """The same sums, their lengths and shares counted in other units.

    Args:
        layers: of one layer or more.
        left_out: a unit that lengths and shares leave out; None for none.
    """
    return tuple(replace(each, left_out=left_out) for each in layers)


def check(layers: Sequence[Decomposition]) -> Check:
    """Whether the terms of all layers add up to their new vectors.

    Args:
        layers: of one layer or more.
    """
    vectors = [each.layer.leaving for each in layers]
    bounds = [TOLERANCE * max(1.0, float(np.abs(vector).max())) for vector in vectors]
    return Check(
        layers=len(layers),
        error=max(each.error for each in layers),
        attention=max(each.attention for each in layers),
        total=max(abs(sum(each.by_kind.values()) - 1) for each in layers),
        holds=all(max(each.error, each.attention) <= bound for each, bound in zip(layers, bounds, strict=True)),
    )


def kinds(layers: Sequence[Decomposition]) -> tuple[TermKind, ...]:
    """The kinds of terms that occur in any layer, in their order."""
    there = {term.kind for each in layers for term in each.terms}
    return tuple(kind for kind in KINDS if kind in there)


def by_kind(layers: Sequence[Decomposition]) -> dict[TermKind, Doubles]:
    """The share of each kind that occurs, float64[layers]."""
    return {kind: np.array([each.by_kind[kind] for each in layers]) for kind in kinds(layers)}


def widest(layers: Sequence[Decomposition]) -> int:
    """The layer, from 1, in which what is read makes most of the new vector."""
    return int(np.argmax([each.by_kind["read"] for each in layers])) + 1


def by_layer(layers: Sequence[Decomposition], names: Sequence[str]) -> dict[str, Sequence[int] | Sequence[float]]:
    """What each kind of term makes of the new vector, as a table: one row a layer.

    Args:
        layers: of every layer.
        names: of the kinds that occur.
    """
    shares = {name: each.tolist() for name, each in zip(names, by_kind(layers).values(), strict=True)}
    missed = {"missed without LayerNorms": [each.missed for each in layers]}
    return {"layer": range(1, len(layers) + 1), **shares, **missed}
