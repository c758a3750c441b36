"""A long text on few columns: the tokens that are read most, and what lies between them summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lib import escape
from lib.reading import Floats, Ints


@dataclass(frozen=True)
class Column:
    """Neighbouring positions that share a column of a picture.

    Attributes:
        start: the first position.
        stop: one past the last; ``start + 1`` for a column of one token.
    """

    start: int
    stop: int

    @property
    def tokens(self) -> int:
        """Positions in it."""
        return self.stop - self.start


def columns(attends_to: Floats, most: int) -> tuple[Column, ...]:
    """Cuts a text into at most so many columns: one for each token, or for those attended to most and the gaps between.

    The first and the last token always have a column of their own. The others are taken in the order of the largest
    share of attention that they get in any layer; everything between two taken tokens becomes one column.

    Args:
        attends_to: float32[layers, tokens], the share of its attention that the first token gives each.
        most: columns at most; at least 3.

    Returns:
        Columns from left to right, each position in exactly one.

    Raises:
        ValueError: fewer than 3 columns are asked for.
    """
    if most < 3:
        raise ValueError(f"{most} columns are too few: the first token, the last and a gap need 3.")
    tokens = attends_to.shape[1]
    if tokens <= most:
        return tuple(Column(i, i + 1) for i in range(tokens))
    ranked: Ints = np.argsort(-attends_to.max(axis=0), kind="stable")
    taken = {0, tokens - 1}
    cut = _cut(taken, tokens)
    for position in ranked.tolist():
        wider = _cut(taken | {position}, tokens)
        if len(wider) <= most:
            taken.add(position)
            cut = wider
    return cut


def _cut(taken: set[int], tokens: int) -> tuple[Column, ...]:
    edges = sorted({0, tokens, *taken, *(position + 1 for position in taken)})
    return tuple(Column(a, b) for a, b in pairwise(edges))


def names(tokens: Sequence[str], cut: Sequence[Column]) -> list[str]:
    """The columns by name: a token as it can be seen, or how many share one.

    Args:
        tokens: of the text, by name.
        cut: what stands in each column.
    """
    return [escape.visible(tokens[column.start]) if column.tokens == 1 else f"{column.tokens} more" for column in cut]


def summed(shares: Floats, cut: tuple[Column, ...]) -> Floats:
    """float32[layers, columns], the shares of float32[layers, tokens] added up within each column."""
    return np.add.reduceat(shares, [column.start for column in cut], axis=1)
