"""Mistakes people make on the way to one vector, and how far each of them leads from the right one.

The *damage* is told in the one unit that all poolings share: how far the wrong vector is from the right one, in parts
of the way to the vector of an unrelated sentence. 0 is no damage; at 1 any other sentence would have done as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from lib.edits import Edit, Pad, Position, Remove, edit
from lib.measures.vectors import Doubles, above, cosine, paired
from lib.reading import Encoding, Floats, Reading

Key: TypeAlias = Literal["unmasked", "padding", "left", "pooler", "sdpa", "specials", "cut"]

PADS = (1, 5, 20, 50)  # positions of padding that are tried
PARTS = (0.25, 0.5, 0.75, 1.0)  # of the longest text that are kept
LEAST = 3  # tokens that a cut leaves: the first, one piece, the separator


@dataclass(frozen=True, eq=False)
class Damage:
    """Right and wrong vectors of the same texts.

    Attributes:
        key: of the mistake.
        pooling: that should have been made, a key of ``lib.pooling.POOLINGS``.
        right: float64[texts, hidden].
        wrong: float64[texts, hidden].
        floor: the mean cosine of unrelated sentences under the right pooling.
    """

    key: Key
    pooling: str
    right: Doubles
    wrong: Doubles
    floor: float

    @property
    def cosines(self) -> Doubles:
        """float64[texts], of each wrong vector to the right one."""
        return paired(self.right, self.wrong)

    @property
    def cosine(self) -> float:
        """Their mean."""
        return float(self.cosines.mean())

    @property
    def each(self) -> Doubles:
        """float64[texts], the damage of each text, from 0 up; 1 is as far as an unrelated sentence."""
        return (1 - self.cosines) / max(1 - self.floor, 1e-6)

    @property
    def share(self) -> float:
        """Their mean."""
        return float(self.each.mean())

    @property
    def between(self) -> tuple[float, float] | None:
        """The mean cosine of two texts by the right vectors and by the wrong ones; None where there is one text."""
        if len(self.right) < 2:
            return None
        right, wrong = (float(above(cosine(side, side)).mean()) for side in (self.right, self.wrong))
        return right, wrong


def whole_mean(states: Floats) -> Doubles:
    """The mean over all positions, padding too.

    Args:
        states: float32[batch, tokens, hidden].

    Returns:
        float64[batch, hidden].
    """
    return states.mean(axis=1, dtype=np.float64)


def column(reading: Reading) -> Doubles:
    """float64[batch, hidden], what stands in column 0 of the last layer, whatever it is."""
    return reading.last_hidden_state[:, 0].astype(np.float64)


def cut(encoding: Encoding, most: int) -> tuple[Edit, ...]:
    """Each text without the pieces behind a limit, the special tokens kept.

    Args:
        encoding: of the texts as they are.
        most: tokens that are kept, special ones included; at least :data:`LEAST`.
    """
    edits = []
    for row, length in enumerate(encoding.lengths.tolist()):
        real = np.flatnonzero(encoding.attention_mask[row])
        pieces = [place for place, at in enumerate(real) if encoding.is_word[row, at]]
        keep = max(most, LEAST) - (length - len(pieces))
        edits.append(edit(*map(Remove, pieces[max(keep, 1) :])))
    return tuple(edits)


def pads(encoding: Encoding, limit: int) -> tuple[int, ...]:
    """How much padding can be tried behind the longest text.

    Args:
        encoding: of the texts as they are.
        limit: of the model.
    """
    room = limit - int(encoding.lengths.max())
    return tuple(each for each in PADS if each <= room)


def shifted(encoding: Encoding, more: int, usual: int | None) -> tuple[Edit, ...]:
    """Padding on the left of each text, its tokens under the position ids that they have without it.

    Args:
        encoding: of the texts as they are.
        more: padding beyond that of the batch.
        usual: position id of the first token; None in a family that has none.
    """
    return tuple(
        edit(Pad("left", more), *(Position(place, usual + place) for place in range(length) if usual is not None))
        for length in encoding.lengths.tolist()
    )
