"""A store that many visitors share, bounded in bytes.

On ``cachetools.LRUCache`` it would be as long: that makes nothing once for a crowd, and does not tell what had to go.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from itertools import chain
from threading import Lock
from typing import Generic, TypeVar

POINTER = 8  # bytes that a number or an entry of a tuple is counted as

Thing = TypeVar("Thing")


def nbytes(thing: object) -> int:
    """Bytes that something holds: its arrays and strings, each counted once, and ``POINTER`` for any other value.

    What has an ``nbytes`` of its own is believed. Dataclasses are measured by their fields, without what they compute
    later (``cached_property``); mappings, tuples, lists and sets by what is in them.

    Args:
        thing: an array, a string, a number, or a tree of them.
    """
    counted: set[int] = set()

    def walk(part: object) -> int:
        if isinstance(part, (int, float, complex)) or part is None:
            return POINTER
        if id(part) in counted:
            return POINTER  # it is held twice, and stands in memory once
        counted.add(id(part))
        own = getattr(part, "nbytes", None)
        if isinstance(own, int):
            return own
        if isinstance(part, (str, bytes)):
            return sys.getsizeof(part)
        if is_dataclass(part) and not isinstance(part, type):
            return sum(walk(getattr(part, each.name)) for each in fields(part))
        if isinstance(part, Mapping):
            return sum(map(walk, chain(part.keys(), part.values())))
        return sum(map(walk, part)) if isinstance(part, (tuple, list, set, frozenset)) else POINTER

    return walk(thing)


def _nothing(_key: Hashable) -> None:
    pass


class Store(Generic[Thing]):
    """Keeps what was made last, up to so many bytes; thirty visitors who want the same thing have it made once."""

    def __init__(self, most: int, *, gone: Callable[[Hashable], None] = _nothing) -> None:
        """An empty store.

        Args:
            most: bytes kept at most. A thing larger than that is handed over and not kept.
            gone: told the key of what had to go for want of room, when it is no longer kept.
        """
        self.most = most
        self._gone = gone
        self.nbytes = 0
        self._things: OrderedDict[Hashable, tuple[Thing, int]] = OrderedDict()  # each with its bytes
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """Things kept."""
        return len(self._things)

    def peek(self, key: Hashable) -> Thing | None:
        """The thing if it is kept, without making it."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things[key][0] if key in self._things else None

    def take(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing of that key, made at its first use.

        Whoever asks while it is being made waits for it. An error of ``make`` goes to the one who asked; the next one
        tries again.
        """
        with self._lock:
            turn = self._making.setdefault(key, Lock())
        with turn:
            try:
                thing = self.peek(key)
                if thing is None:
                    thing = make()
                    self._keep(key, thing)
                return thing
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def drop(self, key: Hashable) -> None:
        """Keeps the thing of that key no longer, if it is kept."""
        with self._lock:
            if key in self._things:
                self.nbytes -= self._things.pop(key)[1]

    def _keep(self, key: Hashable, thing: Thing) -> None:
        if (size := nbytes(thing)) > self.most:
            return
        lost: list[Hashable] = []
        with self._lock:
            self._things[key] = thing, size
            self.nbytes += size
            while self.nbytes > self.most:
                oldest, (_, freed) = self._things.popitem(last=False)
                self.nbytes -= freed
                lost.append(oldest)
        for each in lost:
            self._gone(each)


def tidy() -> None:
    """Collects what nobody holds, and takes what is left, torch's objects above all, out of the collector's rounds.

    Streamlit collects after every run and would walk all of them each time: 195 ms, against 27 ms. What is taken out
    is never collected, the sessions of who was here then among it; so it is looked at again whenever somebody leaves.
    What was freed goes back to the machine: glibc would keep it for the process.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
