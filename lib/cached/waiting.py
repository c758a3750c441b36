"""What is awaited: a thing of a store at once where it is kept, and with a word about it where it is made now."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import streamlit as st

from lib.store import Store, Thing


def take(store: Store[Thing], key: Hashable, make: Callable[[], Thing], *, meanwhile: str) -> Thing:
    """The thing of that key.

    Args:
        store: where it is kept.
        key: what it is.
        make: makes it.
        meanwhile: what is said while it is made, by this visitor or by another one.
    """
    kept = store.peek(key)
    if kept is not None:
        return kept
    with st.spinner(meanwhile):
        return store.take(key, make)
