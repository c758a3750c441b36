"""The store that visitors share: bounded in bytes, made once, kind to errors."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from threading import Barrier, Event

import numpy as np
import pytest

from lib.store import POINTER, Store, nbytes
from tests.conftest import PATIENCE


@dataclass(frozen=True)
class Thing:
    nbytes: int


@dataclass(frozen=True, eq=False)
class Leaf:
    array: np.ndarray
    name: str = ""
    made: int = 0


@dataclass(frozen=True, eq=False)
class Tree:
    leaves: tuple[Leaf, ...]
    by_name: Mapping[str, np.ndarray]
    nothing: np.ndarray | None = None

    @cached_property
    def later(self) -> np.ndarray:
        return np.zeros(1000)


EMPTY = sys.getsizeof("")


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (np.zeros((2, 3), np.float32), 24),
        (np.zeros((5, 4), np.int64)[:2], 64),
        ("four", EMPTY + 4),
        (1.5, POINTER),
        ((np.zeros(3, np.uint8), [np.zeros(2, np.uint8)], {np.float16(1)}), 3 + 2 + 2),
        ({"a": np.zeros(2), "bc": np.zeros(1, bool)}, EMPTY + 1 + 16 + EMPTY + 2 + 1),
        (Leaf(np.zeros(4, np.float32), "abc"), 16 + EMPTY + 3 + POINTER),
        (Tree((Leaf(np.zeros(1), "x"), Leaf(np.ones(2), "yz")), {}), (8 + EMPTY + 1 + 16 + EMPTY + 2 + 3 * POINTER)),
        ((Thing(70), Thing(2)), 72),
    ],
)
def test_bytes_are_counted_by_hand(thing: object, expected: int) -> None:
    assert nbytes(thing) == expected


def test_an_array_that_is_held_twice_is_counted_once_and_what_is_computed_later_is_not() -> None:
    array = np.zeros(100)
    tree = Tree((Leaf(array, "one"),), {"one": array})
    assert tree.later.nbytes == 8000
    assert 800 < nbytes(tree) < 1000


def test_a_thing_is_made_once() -> None:
    store: Store[Thing] = Store(100)
    made: list[int] = []

    def make() -> Thing:
        made.append(1)
        return Thing(10)

    first = store.take("a", make)
    assert store.take("a", make) is first
    assert store.peek("a") is first
    assert made == [1]
    assert (len(store), store.nbytes) == (1, 10)


def test_what_was_not_used_for_longest_goes_first() -> None:
    store: Store[Thing] = Store(100)
    for key in "abc":
        store.take(key, lambda: Thing(30))
    store.take("a", lambda: Thing(30))  # used again: now b is the oldest
    store.take("d", lambda: Thing(30))
    assert [key for key in "abcd" if store.peek(key)] == ["a", "c", "d"]
    assert store.nbytes == 90


def test_several_go_for_one_large_thing() -> None:
    store: Store[Thing] = Store(100)
    for key in "abc":
        store.take(key, lambda: Thing(30))
    store.take("d", lambda: Thing(100))
    assert [key for key in "abcd" if store.peek(key)] == ["d"]
    assert store.nbytes == 100


def test_a_thing_that_is_too_large_is_handed_over_and_not_kept() -> None:
    store: Store[Thing] = Store(100)
    store.take("a", lambda: Thing(60))
    assert store.take("b", lambda: Thing(101)) == Thing(101)
    assert store.peek("b") is None
    assert store.peek("a") is not None, "nothing had to go for it"
    assert store.nbytes == 60


def test_looking_makes_nothing() -> None:
    assert Store[Thing](100).peek("a") is None


def test_an_error_goes_to_who_asked_and_the_next_one_tries_again() -> None:
    store: Store[Thing] = Store(100)

    def broken() -> Thing:
        raise ValueError("no text")

    with pytest.raises(ValueError, match="no text"):
        store.take("a", broken)
    assert store.take("a", lambda: Thing(1)) == Thing(1)


def test_a_crowd_that_wants_the_same_waits_for_one_to_make_it() -> None:
    store: Store[Thing] = Store(100)
    made: list[int] = []
    gate, ready = Event(), Barrier(8, timeout=PATIENCE)

    def make() -> Thing:
        made.append(1)
        assert gate.wait(PATIENCE)
        return Thing(10)

    def ask(_: int) -> Thing:
        ready.wait()
        return store.take("a", make)

    with ThreadPoolExecutor(8) as crowd:
        asked = [crowd.submit(ask, n) for n in range(8)]
        gate.set()
        found = [each.result(PATIENCE) for each in asked]
    assert made == [1]
    assert all(thing is found[0] for thing in found)
    assert store.nbytes == 10


def test_different_things_are_made_at_the_same_time() -> None:
    store: Store[Thing] = Store(100)
    together = Barrier(2, timeout=PATIENCE)  # breaks if one waits for the other

    def make() -> Thing:
        together.wait()
        return Thing(1)

    with ThreadPoolExecutor(2) as crowd:
        assert list(crowd.map(lambda key: store.take(key, make), "ab")) == [Thing(1), Thing(1)]


def test_what_a_crowd_was_refused_is_not_counted() -> None:
    store: Store[Thing] = Store(100)

    def ask(n: int) -> int:
        def make() -> Thing:
            if n % 3 == 0:
                raise ValueError("no")
            return Thing(7)

        try:
            store.take(n % 20, make)
        except ValueError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(ask, range(400)))
    assert store.nbytes == 7 * len(store) <= 100


def test_who_wants_to_know_is_told_what_had_to_go_and_may_use_the_store() -> None:
    told: list[tuple[object, int]] = []
    store: Store[Thing] = Store(100, gone=lambda key: told.append((key, len(store))))
    for key in "abc":
        store.take(key, lambda: Thing(40))
    assert told == [("a", 2)]
    store.take("d", lambda: Thing(100))
    assert told == [("a", 2), ("b", 1), ("c", 1)]


def test_what_is_dropped_is_made_again() -> None:
    store: Store[Thing] = Store(100)
    first = store.take("a", lambda: Thing(60))
    store.drop("a")
    store.drop("never there")
    assert (len(store), store.nbytes) == (0, 0)
    assert store.take("a", lambda: Thing(60)) is not first
