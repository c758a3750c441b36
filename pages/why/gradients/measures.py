"""Where the gradients of four losses arrive in one text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lib.reading import Encoding, Floats, Ints, Loss

LOSSES: tuple[Loss, ...] = ("words", "pairs", "mean", "classifier")
MASKED = 0.15  # share of the tokens that BERT's training hides


@dataclass(frozen=True, eq=False)
class Arriving:
    """The lengths of the gradients.

    Attributes:
        encoding: of the text.
        masked: int64[masked], positions of the tokens that were hidden for the loss of masked words.
        lengths: loss -> float32[layers+1, tokens]; 0 is an exact zero.
    """

    encoding: Encoding
    masked: Ints
    lengths: Mapping[Loss, Floats]

    @property
    def layers(self) -> int:
        """Blocks."""
        return len(self.lengths["words"]) - 1

    @property
    def tokens(self) -> int:
        """Positions."""
        return self.lengths["words"].shape[1]

    def reached(self, loss: Loss, layer: int) -> int:
        """How many tokens' vectors a loss reaches in a layer."""
        return int(np.count_nonzero(self.lengths[loss][layer]))


def hidden(encoding: Encoding) -> Ints:
    """The tokens of the first text that are hidden: one in about seven, evenly spread, at least one.

    Returns:
        int64[masked], positions; none in a text without words.
    """
    words = np.flatnonzero(encoding.is_word[0] & (encoding.sequence[0] == 0))
    if not len(words):
        return words
    many = max(1, round(MASKED * len(words)))
    return words[((np.arange(many) + 0.5) * len(words) / many).astype(np.int64)]
