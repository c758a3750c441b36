"""The layers of a text taken apart, from a store that all visitors share."""

from __future__ import annotations

import streamlit as st

from lib import settings
from lib.reading import Ledger, Reading
from lib.store import Store

_kept: Store[Ledger] = Store(settings.memory("ledgers"))


def take(reading: Reading, row: int) -> Ledger:
    """What the first token of one text gets in each layer; the text is read once more, alone and without padding.

    Args:
        reading: the batch.
        row: which text.

    Raises:
        ValueError: this model's layers cannot be taken apart.
    """
    encoding, slug = reading.encoding, reading.checkpoint.slug
    real = encoding.attention_mask[row] == 1
    ids, segments = encoding.input_ids[row, real], encoding.token_type_ids[row, real]

    def made() -> Ledger:
        from lib.model.ledger import ledger

        return ledger(slug, ids, segments)

    key = (slug, tuple(ids.tolist()), tuple(segments.tolist()))
    kept = _kept.peek(key)
    if kept is not None:
        return kept
    with st.spinner("Taking its layers apart…"):
        return _kept.take(key, made)
