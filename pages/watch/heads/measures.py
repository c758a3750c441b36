"""Patterns of a head over all tokens, which show as shapes between two columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from lib.measures.attention import Numbers
from lib.reading import Encoding, Ledger, Reading

Pattern: TypeAlias = Literal["first", "separator", "itself", "before", "after"]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
DECIMALS = 3  # of a weight that BertViz draws: finer than the eye, and a third of the bytes
SHORT = 0.2  # length of a sink's value vector against the others', up to which it is a no-op
LONG = 0.5  # the same, from which on it is a broadcast
SHARED = 1.5  # stable rank up to which a head writes about the same to all tokens
MUCH = 0.5  # from where on a head is said to have a pattern: more than half of the average token's attention


def patterns(reading: Reading, row: int) -> Mapping[Pattern, Numbers]:
    """How much of its attention the average token gives to positions of one kind, in every head.

    Args:
        reading: with attention "full".
        row: which text.

    Returns:
        float64[layers, heads] for each pattern, from 0 to 1: the mean, over the tokens that have such a position, of
        what they give to the first token, to all separators together, to themselves, to the token before and to the
        token after. Padding is left out. The patterns overlap (the first token's "first" is its "itself"), so they
        do not add up to 1.

    Source:
        clark2019, sections 3.1 and 3.2.
    """
    encoding = reading.encoding
    real = np.flatnonzero(encoding.attention_mask[row])
    roles = [encoding.roles(row)[position] for position in real]
    kept = [reading.attention(layer)[row][:, real][:, :, real] for layer in range(1, reading.layers + 1)]
    weights = np.stack(kept).astype(np.float64)  # [layers, heads, query, key]
    separators = np.array([role == "sep" for role in roles])

    def along(offset: int) -> Numbers:
        line = np.diagonal(weights, offset, axis1=2, axis2=3)
        return line.mean(axis=2) if line.shape[2] else np.zeros(weights.shape[:2])

    return {
        "first": weights[..., 0].mean(axis=2),
        "separator": weights[..., separators].sum(axis=3).mean(axis=2),
        "itself": along(0),
        "before": along(-1),
        "after": along(1),
    }


def having(found: Mapping[Pattern, Numbers], pattern: Pattern) -> int:
    """In how many heads the average token gives more than half of its attention like that.

    Args:
        found: float64[layers, heads] for each pattern.
        pattern: which of them.
    """
    return int((found[pattern] > MUCH).sum())


def clearest(found: Mapping[Pattern, Numbers], pattern: Pattern) -> tuple[int, int, float]:
    """The head that shows a pattern most, as (layer, head, share), layer and head from 1.

    Args:
        found: float64[layers, heads] for each pattern.
        pattern: which of them.
    """
    values = found[pattern]
    layer, head = np.unravel_index(int(values.argmax()), values.shape)
    return int(layer) + 1, int(head) + 1, float(values.max())


Kind: TypeAlias = Literal["no-op", "broadcast", "neither"]


@dataclass(frozen=True)
class Sink:
    """A head in which the average token gives the first one more than half of its attention.

    Attributes:
        layer: from 1.
        head: from 1.
        length: of the value vector at the first token, divided by the average of the other tokens' lengths.
        rank: stable rank of what the head writes to all tokens; 1 where all get the same but for its length.
    """

    layer: int
    head: int
    length: float
    rank: float

    @property
    def kind(self) -> Kind:
        """What it is nearer to, by the bounds of fesser2026's code."""
        if self.length <= SHORT:
            return "no-op"
        return "broadcast" if self.length >= LONG and self.rank <= SHARED else "neither"


def sinks(reading: Reading, taken: Ledger) -> list[Sink]:
    """Every head that sinks into the first token, with what the head writes.

    The value vectors are taken as the head adds them: u_j = v_j W_O, its part of the output projection. What it writes
    is A u, a row a token. The stable rank of that is the sum of its squared singular values, divided by the largest.

    Args:
        reading: of one text, with attention "full".
        taken: the same text taken apart.

    Source:
        fesser2026. The paper counts a head as a sink where nine in ten tokens give at least half of their attention to
        one token, whichever it is; here the average token does, and that token is the first one.
    """
    real = np.flatnonzero(reading.encoding.attention_mask[0])
    much = np.argwhere(patterns(reading, 0)["first"] > MUCH) if len(real) > 1 else ()
    found = []
    for layer, head in much:
        parts = taken.layers[layer]
        values, output = parts.values[head].astype(np.float64), parts.output[head].astype(np.float64)
        products = values @ (output @ output.T) @ values.T  # of every two of the vectors u
        lengths = np.sqrt(np.maximum(np.diagonal(products), 0))
        others = float(lengths[1:].mean())
        weights = reading.attention(int(layer) + 1)[0, head][np.ix_(real, real)].astype(np.float64)
        squares = np.maximum(np.linalg.eigvalsh(weights @ products @ weights.T), 0)  # of the singular values
        rank = float(squares.sum() / squares[-1]) if squares[-1] > 0 else 0.0
        length = float(lengths[0]) / others if others > 0 else float(lengths[0] > 0)
        found.append(Sink(int(layer) + 1, int(head) + 1, length, rank))
    return found


def by_head(found: Mapping[Pattern, Numbers], names: Sequence[str]) -> dict[str, Sequence[int] | Sequence[float]]:
    """Every pattern in every head as a table: one row a head, one column a pattern.

    Args:
        found: float64[layers, heads] for each pattern.
        names: of the patterns, in the order of ``PATTERNS``.
    """
    layers, heads = found["first"].shape
    columns = {name: found[key].ravel().round(6).tolist() for name, key in zip(names, PATTERNS, strict=True)}
    return {
        "layer": [k + 1 for k in range(layers) for _ in range(heads)],
        "head": [h + 1 for _ in range(layers) for h in range(heads)],
        **columns,
    }


def drawn(reading: Reading, row: int, layers: Sequence[int]) -> Mapping[str, Sequence[str] | Numbers]:
    """The weights that BertViz draws, as a table: one line per token of a head, one column per token attended to.

    Args:
        reading: with attention "full".
        row: which text.
        layers: that are drawn, from 1.
    """
    real = np.flatnonzero(reading.encoding.attention_mask[row])
    weights = np.stack([reading.attention(layer)[row][:, real][:, :, real] for layer in layers])
    rounded = weights.astype(np.float64).round(DECIMALS)  # [layers, heads, query, key]
    _, heads, size, _ = rounded.shape
    names = [f"{position} {token}" for position, token in enumerate(reading.encoding.row(row))]
    return {
        "layer": np.repeat(layers, heads * size).astype(np.float64),
        "head": np.tile(np.repeat(np.arange(1.0, heads + 1), size), len(layers)),
        "attends to →": names * (len(layers) * heads),
        **{name: rounded[..., k].ravel() for k, name in enumerate(names)},
    }


def beginning(encoding: Encoding, row: int, most: int) -> str:
    """The start of a row's first text, cut between words where there is space between them.

    Args:
        encoding: what the tokenizer made of the whole.
        row: which text.
        most: tokens that it may have, special tokens not counted.

    Returns:
        the text up to the last word that fits whole; where the first word alone is too long, as much of it as fits.
    """
    text = encoding.texts[row]
    spans = encoding.offset_mapping[row][(encoding.sequence[row] == 0) & encoding.is_word[row]].tolist()
    if len(spans) <= most:
        return text
    for at in range(most, 0, -1):
        start = spans[at][0]
        if text[start : start + 1].isspace() or text[max(start - 1, 0) : start].isspace():
            return text[:start].rstrip()
    return text[: spans[most][0]]
