"""What the head for masked words says of one masked token, and of the first token layer by layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.measures.vectors import Doubles
from lib.reading import Encoding, Floats


@dataclass(frozen=True, eq=False)
class Filled:
    """The likeliest tokens at a masked position.

    Attributes:
        tokens: by name, the likeliest first.
        probabilities: float32[tokens].
        token: that stood there, by name.
        chance: its probability.
        rank: 1 where no token is likelier, and so on; one more than those shown where it is behind them.
    """

    tokens: tuple[str, ...]
    probabilities: Floats
    token: str
    chance: float
    rank: int


@dataclass(frozen=True, eq=False)
class Lens:
    """The likeliest token for the first token's vector in each layer.

    Attributes:
        tokens: by name, from layer 0 on.
        probabilities: float32[layers+1].
    """

    tokens: tuple[str, ...]
    probabilities: Floats


def maskable(encoding: Encoding) -> list[int]:
    """The positions of the text's own tokens."""
    return [int(k) for k in np.flatnonzero(encoding.is_word[0])]


def usual(encoding: Encoding) -> int:
    """The token that is masked at first: the longest one of the first text, of several the last."""
    own = maskable(encoding)
    first = [k for k in own if encoding.sequence[0, k] == 0] or own
    return max(first, key=lambda k: (sum(each.isalpha() for each in encoding.tokens[0][k]), k))


def strongest(row: Floats, most: int) -> tuple[list[int], Doubles]:
    """What a token attends to most, mean over heads.

    Args:
        row: float32[heads, tokens], its attention in one layer.
        most: positions at most.

    Returns:
        the positions, the strongest first, and float64[tokens] the mean.
    """
    mean = row.astype(np.float64).mean(axis=0)
    return [int(k) for k in np.argsort(-mean, kind="stable")[:most]], mean
