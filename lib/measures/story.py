"""The whole way of the first token in a few numbers: where it starts, when it reads, where it ends up."""

from __future__ import annotations

from dataclasses import dataclass

from lib.reading import Floats, Reading


@dataclass(frozen=True)
class Story:
    """One text's first token, from the embeddings to the last layer.

    Attributes:
        start: largest difference of its input vector between any two texts of the batch, over all units.
        reads: float32[layers, tokens], the share of its reading it takes from each real token; mean over heads.
        itself: float32[layers], the share it takes from itself.
        words: float32[layers], the share it takes from the pieces of the text.
        peak: the layer, from 1, in which it reads the text most.
        before: mean of ``words`` over the layers before the last; 0 where there is one layer only.
        late: whether it reads more than half of what it ever reads from the text in the last layer.
    """

    start: float
    reads: Floats
    itself: Floats
    words: Floats
    peak: int
    before: float
    late: bool


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
    reads = reading.row[:, row].mean(axis=1)[:, real]  # float32[layers, tokens]
    first = int(reading.encoding.first[row] - real.argmax())
    words = reads[:, reading.encoding.is_word[row][real]].sum(axis=1)
    inputs = reading.cls[0]
    return Story(
        start=float((inputs.max(axis=0) - inputs.min(axis=0)).max()),
        reads=reads,
        itself=reads[:, first],
        words=words,
        peak=int(words.argmax()) + 1,
        before=float(words[:-1].mean()) if len(words) > 1 else 0.0,
        late=bool(words[-1] > words.sum() / 2),
    )
