"""What is awaited: a thing of a store at once where it is kept, and with a word about it where it is made now."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

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


@contextmanager
def progress(words: str, *, after: float = 0) -> Iterator[Callable[[int, int], None]]:
    """Shows how far long work is, and nothing once it is over.

    Args:
        words: beside the bar.
        after: seconds for which nothing is shown yet.

    Yields:
        what is called with how much is done, and of how much.
    """
    place, start = st.empty(), time.monotonic()

    def tell(done: int, whole: int) -> None:
        if time.monotonic() - start >= after:
            place.progress(done / whole, text=words)

    try:
        tell(0, 1)
        yield tell
    finally:
        place.empty()
