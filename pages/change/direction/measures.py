"""What a mask lets each token attend to, and what that does to the places that could stand for a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np

from lib.measures.columns import columns, summed
from lib.measures.journey import MOST
from lib.measures.vectors import Doubles, Flags, above, turned
from lib.pooling import POOLINGS
from lib.reading import Encoding, Floats, Ints, Reading

Way: TypeAlias = Literal["both", "forward", "backward"]
Place: TypeAlias = Literal["first", "last", "mean"]

WAYS: tuple[Way, ...] = get_args(Way)
MOST_COLUMNS = 26  # tokens that have a column of their own
PLACES: Mapping[Place, str] = {"first": "cls", "last": "lasttoken", "mean": "mean"}  # their poolings


def allowed(way: Way, tokens: int) -> Flags:
    """bool[query, key], who may attend to whom.

    Args:
        way: of the mask.
        tokens: of the text.
    """
    square = np.ones((tokens, tokens), np.bool_)
    return {"both": square, "forward": np.tril(square), "backward": np.triu(square)}[way]


def seen(way: Way, tokens: int) -> Ints:
    """int64[tokens], how many tokens can reach each, itself included; more layers do not add any.

    Args:
        way: of the mask.
        tokens: of the text.
    """
    return allowed(way, tokens).sum(axis=1)


def in_common(encoding: Encoding, way: Way) -> int:
    """How many tokens all texts share at the end at which a mask lets nothing in, at the same positions.

    Args:
        encoding: of at least two texts.
        way: "forward" counts from the start, "backward" from the end (0 where the texts differ in length); 0 for
            "both".
    """
    lengths, ids = encoding.lengths, encoding.input_ids
    if way == "both" or (way == "backward" and lengths.min() < lengths.max()):
        return 0
    shortest = int(lengths.min())
    same = (ids[:, :shortest] == ids[:1, :shortest]).all(axis=0)
    return int((same if way == "forward" else same[::-1]).cumprod().sum())


def between(vectors: Floats) -> float:
    """How far any two of these vectors point different ways, on average: 1 − cosine.

    Args:
        vectors: float32[texts, hidden], at least two; the first ``MOST`` are taken.
    """
    return float(above(turned(vectors[:MOST], vectors[:MOST])).mean())


def by_position(reading: Reading) -> Doubles:
    """How far the texts differ at each position of the last layer, as far as the shortest text goes.

    Args:
        reading: of at least two texts.

    Returns:
        float64[positions], 1 − cosine, mean over all pairs.
    """
    shortest = int(reading.encoding.lengths.min())
    return np.array([between(reading.last_hidden_state[:, k]) for k in range(shortest)])


def at_places(reading: Reading) -> dict[Place, float]:
    """How far the texts differ at the places that could stand for them, 1 − cosine, mean over all pairs.

    Args:
        reading: of at least two texts.
    """
    return {place: between(POOLINGS[key].pool(reading)) for place, key in PLACES.items()}


def largest(vectors: Floats) -> float:
    """The largest difference between texts in any dimension and layer; exactly 0 only for the same vectors.

    Args:
        vectors: float32[..., texts, hidden].
    """
    return float((vectors.max(axis=-2).astype(np.float64) - vectors.min(axis=-2)).max())


def rows(plain: Reading, masked: Reading, layer: int) -> Doubles:
    """What the first and the last token of a text attend to in one layer, both ways and masked.

    Args:
        plain: of one text, with full attention.
        masked: of the same, under a mask.
        layer: from 1.

    Returns:
        float64[4, tokens], shares that add up to 1, mean over the heads: the first token both ways and under the
        mask, the last token both ways and under the mask.
    """
    last = int(plain.encoding.lengths[0])
    shares = [each.attention(layer)[0].mean(axis=0, dtype=np.float64)[:last, :last] for each in (plain, masked)]
    return np.stack([shares[0][0], shares[1][0], shares[0][-1], shares[1][-1]])


def from_others(shares: Doubles) -> tuple[float, ...]:
    """What each row of :func:`rows` takes from other tokens than its own, 0 to 1."""
    return tuple(1 - float(shares[row, own]) for row, own in enumerate((0, 0, -1, -1)))


def narrowed(shares: Doubles, names: Sequence[str]) -> tuple[Floats, list[str]]:
    """Rows of a long text on few columns: what is attended to most, and what lies between summed up.

    Args:
        shares: float64[rows, tokens].
        names: of the tokens.

    Returns:
        float32[rows, columns], and the columns' names.
    """
    values = shares.astype(np.float32)
    across = columns(values, MOST_COLUMNS)
    heads = [
        f"{column.start} {names[column.start]}" if column.tokens == 1 else f"{column.tokens} more" for column in across
    ]
    return summed(values, across), heads


def leak(masked: Reading, way: Way) -> tuple[int, float]:
    """How many edges are forbidden in a text, and the largest share that one still gets in any layer and head.

    Args:
        masked: of one text, with full attention.
        way: of the mask.
    """
    last = int(masked.encoding.lengths[0])
    forbidden = ~allowed(way, last)
    found = [masked.attention(k)[0][:, :last, :last][:, forbidden].max(initial=0) for k in range(1, masked.layers + 1)]
    return int(forbidden.sum()), float(max(found))


def sums(masked: Reading) -> tuple[int, float]:
    """How many rows of attention a text has, and the largest distance of one's sum from 1.

    Args:
        masked: of one text, with full attention.
    """
    last = int(masked.encoding.lengths[0])
    every = range(1, masked.layers + 1)
    made = np.stack([masked.attention(k)[0][:, :last].sum(axis=-1, dtype=np.float64) for k in every])
    return made.size, float(np.abs(made - 1).max())
