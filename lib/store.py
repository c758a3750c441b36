"""A store that many visitors share, bounded in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Something that knows how many bytes it holds."""

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        ...


Thing = TypeVar("Thing", bound=Sized)


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
        self._things: OrderedDict[Hashable, Thing] = OrderedDict()
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
            return self._things.get(key)

    def take(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """The thing of that key, made at its first use.

        Whoever asks while it is being made waits for it. An error of ``make`` goes to the one who asked; the next one
        tries again.
        """
        with self._lock:
            turn = self._making.setdefault(key, Lock())
        with turn:
            thing = self.peek(key)
            if thing is None:
                try:
                    thing = make()
                    self._keep(key, thing)
                finally:
                    with self._lock:
                        self._making.pop(key, None)
            else:
                with self._lock:
                    self._making.pop(key, None)
            return thing

    def drop(self, key: Hashable) -> None:
        """Keeps the thing of that key no longer, if it is kept."""
        with self._lock:
            thing = self._things.pop(key, None)
            self.nbytes -= 0 if thing is None else thing.nbytes

    def _keep(self, key: Hashable, thing: Thing) -> None:
        if thing.nbytes > self.most:
            return
        lost: list[Hashable] = []
        with self._lock:
            self._things[key] = thing
            self.nbytes += thing.nbytes
            while self.nbytes > self.most:
                oldest, old = self._things.popitem(last=False)
                self.nbytes -= old.nbytes
                lost.append(oldest)
        for each in lost:
            self._gone(each)
