"""How torch's threads share the cores with whatever else runs on the machine; see also ``lib.model`` itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def leaving_room() -> Iterator[None]:
    """Takes one core less than there are for torch's work in this thread, so that others are answered meanwhile."""
    with _of(max(1, torch.get_num_threads() - 1)):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Takes one core for torch's work in this thread: for many small steps, at each of which a team would wait."""
    with _of(1):
        yield


@contextmanager
def _of(threads: int) -> Iterator[None]:
    all_threads = torch.get_num_threads()
    _set(threads, everywhere=all_threads)
    try:
        yield
    finally:
        _set(all_threads, everywhere=all_threads)


def _set(here: int, everywhere: int) -> None:
    """Torch's number holds for the thread that sets it, and for all that begin afterwards."""
    torch.set_num_threads(here)
    others = threading.Thread(target=torch.set_num_threads, args=(everywhere,))
    others.start()
    others.join()
