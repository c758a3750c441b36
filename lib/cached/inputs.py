"""The input of a text taken apart, from a store that all visitors share."""

from __future__ import annotations

from lib import settings
from lib.reading import InputParts, Reading
from lib.store import Store

_kept: Store[InputParts] = Store(settings.memory("inputs"))


def take(reading: Reading, row: int) -> InputParts:
    """What one text's input is made of; its padding is left out.

    Args:
        reading: the batch.
        row: which text.

    Raises:
        ValueError: this model's input cannot be taken apart.
    """
    encoding, slug = reading.encoding, reading.checkpoint.slug
    real = encoding.attention_mask[row] == 1
    ids, segments = encoding.input_ids[row, real], encoding.token_type_ids[row, real]

    def made() -> InputParts:
        from lib.model import embeddings

        return embeddings.parts(slug, ids, segments)

    return _kept.take((slug, tuple(ids.tolist()), tuple(segments.tolist())), made)
