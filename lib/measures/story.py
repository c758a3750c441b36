"""The whole way of the first token in a few numbers: where it starts, when it attends to the text, where it ends."""

from __future__ import annotations

from dataclasses import dataclass

from lib.measures.vectors import recovered
from lib.reading import Floats, Reading

LIGHT = 512  # texts x tokens of a knock-out that a first page may take: less than half a second


@dataclass(frozen=True)
class Story:
    """One text's first token, from the embeddings to the last layer.

    Attributes:
        start: largest difference of its input vector between any two texts of the batch, over all dimensions.
        attends_to: float32[layers, tokens], the share of its attention that each real token gets; mean over heads.
        words: float32[layers], the share it takes from the pieces of the text.
        peak: the layer, from 1, in which it attends most to the text.
        before: mean of ``words`` over the layers before the last; 0 where there is one layer only.
    """

    start: float
    attends_to: Floats
    words: Floats
    peak: int
    before: float


def story(reading: Reading, row: int) -> Story:
    """Follows the first token of one text.

    Args:
        reading: of ``batch`` texts, with attention "cls" or "full".
        row: which text.

    Raises:
        ValueError: attention was not kept.
    """
    real = reading.encoding.attention_mask[row] == 1
    if reading.row is None:
        raise ValueError('No attention was kept in this reading: read with attention="cls" or "full".')
    attends_to = reading.row[:, row].mean(axis=1)[:, real]  # float32[layers, tokens]
    words = attends_to[:, reading.encoding.is_word[row][real]].sum(axis=1)
    inputs = reading.cls[0]
    return Story(
        start=float((inputs.max(axis=0) - inputs.min(axis=0)).max()),
        attends_to=attends_to,
        words=words,
        peak=int(words.argmax()) + 1,
        before=float(words[:-1].mean()) if len(words) > 1 else 0.0,
    )


def brought_back(vectors: Floats) -> float | None:
    """How much of what reading does to the first token is done in the last layer alone; None where it does nothing.

    Args:
        vectors: float32[3, hidden], its final vector untouched, where it may read nothing but itself, and where it may
            read others in the last layer alone. The three come from one batch, so that equal ones are equal to the bit.

    Returns:
        As :func:`recovered`: 1 for the untouched vector, 0 for one as far from it as the starved one, below 0 for one
        that is farther.
    """
    plain, starved, alone = vectors
    return float(recovered(plain, starved, alone)) if (plain != starved).any() else None
