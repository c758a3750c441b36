"""Readings, kept for all visitors under what was asked for."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib import settings
from lib.cached import waiting
from lib.reading import Encoding, Reading, Request
from lib.store import Store, tidy

MOST_BYTES = settings.memory("readings")  # of readings kept for everybody
MOST_TOKENS = 8192  # texts x tokens of the longest, padding included, that a page takes

_kept: Store[Reading] = Store(MOST_BYTES)


@st.cache_resource(show_spinner=False)
def _awake(_slug: str) -> None:
    """Imports what is heavy and opens the first model, once in a process."""
    from lib import model

    model.opened(_slug)
    tidy()


def take(request: Request, *, most: int | None = MOST_TOKENS, meanwhile: str = "Reading the text…") -> Reading:
    """The reading that was asked for, from the store or made now.

    Args:
        request: which model, which texts, what is changed and what is kept.
        most: texts x tokens taken at most; None for no bound.
        meanwhile: what is said while it is made.

    Raises:
        ValueError: no text, too much of it, the model cannot be opened, or an edit that it or a text cannot take.
    """
    if _kept.peek(request) is None:
        with st.spinner("Opening the model (once)…"):
            _awake(request.model)
    from lib import model

    return waiting.take(_kept, request, lambda: model.answered(request, most=most), meanwhile=meanwhile)


@st.cache_resource(show_spinner=False, max_entries=64)
def _encoded(slug: str, texts: tuple[str, ...], pairs: tuple[str | None, ...] | None) -> Encoding:
    from lib import model

    return model.tokenized(slug, texts, pairs=pairs, most=MOST_TOKENS)


def encoded(slug: str, texts: Sequence[str], pairs: Sequence[str | None] | None) -> Encoding:
    """What the tokenizer makes of texts, without the forward pass.

    Args:
        slug: of the model.
        texts: at least one.
        pairs: the second text of each, or None.

    Raises:
        ValueError: no text, too much of it, or a model that cannot be opened.
    """
    with st.spinner("Opening the model (once)…"):  # outside of what is cached, which would show it again at every call
        _awake(slug)
    return _encoded(slug, tuple(texts), tuple(pairs) if pairs else None)
