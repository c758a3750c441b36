"""Weight beside amount: how much the first token reads of each token, and how much of it is moved by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.measures.ledger import normed
from lib.measures.vectors import Doubles
from lib.reading import LayerParts, Ledger, Step


@dataclass(frozen=True, eq=False)
class Amounts:
    """What one text's first token reads of each token, in every layer.

    Attributes:
        weights: float64[layers, tokens], the share of its reading; mean over heads.
        lengths: float64[layers, tokens], the length of what a head would get of a token that it reads alone,
            |f_h(x_j)|; mean over heads.
        moved: float64[layers, tokens], the length of what it gets, |sum_h a_hj f_h(x_j)|: the heads' vectors are added
            first, because they may cancel.
    """

    weights: Doubles
    lengths: Doubles
    moved: Doubles

    @cached_property
    def shares(self) -> Doubles:
        """float64[layers, tokens], ``moved`` as shares that add up to 1; 0 in a layer that moves nothing."""
        total = self.moved.sum(axis=1, keepdims=True)
        return np.divide(self.moved, total, out=np.zeros_like(self.moved), where=total > 0)

    @cached_property
    def evenly(self) -> Doubles:
        """float64[layers, tokens], ``lengths`` as shares that add up to 1; 0 in a layer without values."""
        total = self.lengths.sum(axis=1, keepdims=True)
        return np.divide(self.lengths, total, out=np.zeros_like(self.lengths), where=total > 0)


@dataclass(frozen=True, eq=False)
class Mixing:
    """How much of what makes the new vector is moved from other tokens: |others| / (|others| + |own|), 0 to 1.

    Attributes:
        weights: float64[layers], the share of its reading that goes to other tokens; mean over heads.
        attention: float64[layers], own is what it reads of itself.
        kept: float64[layers], own is that and the vector which stays where it is.
        normed: float64[layers], the same after the LayerNorm that follows; None where none follows.
    """

    weights: Doubles
    attention: Doubles
    kept: Doubles
    normed: Doubles | None

    @property
    def last(self) -> Doubles:
        """float64[layers], the last step that this model takes."""
        return self.kept if self.normed is None else self.normed


def amounts(ledger: Ledger) -> Amounts:
    """Weight, length and amount of every token in every layer.

    Args:
        ledger: of one text.

    Source:
        kobayashi2020, and as its authors' code has it: no bias of the projection.
    """
    return Amounts(
        weights=np.stack([layer.weights.astype(np.float64).mean(axis=0) for layer in ledger.layers]),
        lengths=np.stack([_lengths(layer) for layer in ledger.layers]),
        moved=np.stack([np.linalg.norm(layer.by_token, axis=1) for layer in ledger.layers]),
    )


def _lengths(layer: LayerParts) -> Doubles:
    """float64[tokens], |v W| of each token, mean over heads, by v (W Wt) vt, which is small."""
    values, output = layer.values.astype(np.float64), layer.output.astype(np.float64)
    squares = np.einsum("hjd,hde,hje->hj", values, output @ output.transpose(0, 2, 1), values, optimize=True)
    return np.sqrt(np.maximum(squares, 0)).mean(axis=0)


def mixing(ledger: Ledger) -> Mixing:
    """How much is moved from other tokens, counted in three ways.

    Args:
        ledger: of one text.

    Source:
        kobayashi2021, and as its authors' code has it: biases belong to no token, so they are left out.
    """
    rows = [_mixed(layer) for layer in ledger.layers]
    attention, kept, after = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    weights = 1 - np.stack([layer.weights[:, 0].astype(np.float64).mean() for layer in ledger.layers])
    return Mixing(weights, attention, kept, None if np.isnan(after).any() else after)


def _mixed(layer: LayerParts) -> tuple[float, float, float]:
    """The mixing ratio of the attention, with what is kept, and after the LayerNorm behind it; NaN where none is."""
    given = layer.by_token
    own, others = given[0], given[1:].sum(axis=0)
    kept = own + layer.entering
    step = next(iter((layer.path or ())[1:]), None)
    after = float("nan")
    if isinstance(step, Step):
        whole = kept + others + layer.bias
        after = _ratio(*normed(np.stack([others, kept]), whole, step))
    return _ratio(others, own), _ratio(others, kept), after


def _ratio(others: Doubles, own: Doubles) -> float:
    brought, stays = float(np.linalg.norm(others)), float(np.linalg.norm(own))
    return brought / (brought + stays) if brought else 0.0


def by_group(values: Doubles, kinds: Sequence[str], groups: Sequence[str]) -> Doubles:
    """Shares summed up by what the tokens are.

    Args:
        values: float64[layers, tokens].
        kinds: what each token is.
        groups: the kinds, in the order wanted.

    Returns:
        float64[layers, groups].
    """
    inside = np.array([[kind == group for kind in kinds] for group in groups], dtype=np.float64)
    return values @ inside.T


def by_token(found: Amounts, tokens: Sequence[str]) -> dict[str, Sequence[str] | Sequence[int] | Sequence[float]]:
    """Every number as a table: one row a token in a layer."""
    layers, length = found.weights.shape
    return {
        "layer": np.repeat(np.arange(1, layers + 1), length).tolist(),
        "position": list(range(length)) * layers,
        "token": list(tokens) * layers,
        "weight": found.weights.ravel().tolist(),
        "length": found.lengths.ravel().tolist(),
        "amount": found.moved.ravel().tolist(),
        "share of the lengths": found.evenly.ravel().tolist(),
        "share of the amount": found.shares.ravel().tolist(),
    }
