"""The input and the layers of a text taken apart, from stores that all visitors share.

A text is read alone for it, without padding: what it is made of does not depend on the texts beside it.
"""

from __future__ import annotations

from collections.abc import Callable

from lib import settings
from lib.cached import waiting
from lib.reading import InputParts, Ints, Ledger, Reading
from lib.store import Store, Thing

_inputs: Store[InputParts] = Store(settings.memory("inputs"))
_ledgers: Store[Ledger] = Store(settings.memory("ledgers"))


def inputs(reading: Reading, row: int) -> InputParts:
    """What one text's input is made of.

    Args:
        reading: the batch.
        row: which text.

    Raises:
        ValueError: this model's input cannot be taken apart.
    """

    def made(slug: str, ids: Ints, segments: Ints) -> InputParts:
        from lib.model import embeddings

        return embeddings.parts(slug, ids, segments)

    return _apart(_inputs, reading, row, made, meanwhile="Taking its input apart…")


def ledger(reading: Reading, row: int) -> Ledger:
    """What the first token of one text gets in each layer.

    Args:
        reading: the batch.
        row: which text.

    Raises:
        ValueError: this model's layers cannot be taken apart.
    """

    def made(slug: str, ids: Ints, segments: Ints) -> Ledger:
        from lib.model.ledger import ledger

        return ledger(slug, ids, segments)

    return _apart(_ledgers, reading, row, made, meanwhile="Taking its layers apart…")


def _apart(
    store: Store[Thing], reading: Reading, row: int, make: Callable[[str, Ints, Ints], Thing], *, meanwhile: str
) -> Thing:
    encoding, slug = reading.encoding, reading.checkpoint.slug
    real = encoding.attention_mask[row] == 1
    ids, segments = encoding.input_ids[row, real], encoding.token_type_ids[row, real]
    key = (slug, tuple(ids.tolist()), tuple(segments.tolist()))
    return waiting.take(store, key, lambda: make(slug, ids, segments), meanwhile=meanwhile)
