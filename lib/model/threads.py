"""How torch's threads share the cores with whatever else runs on the machine. To be imported before torch.

A team of threads waits for its slowest member at every step. GNU's OpenMP lets them wait by spinning, for about 10 ms
and more: where one of the cores has other work the team then burns its time against itself, and a pass over two short
texts takes 500 ms where it took 10. With a hundredth of that patience it takes 50, and on an idle machine 10 as before.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")  # read once, when torch loads the library

import torch


@contextmanager
def leaving_room() -> Iterator[None]:
    """Takes one core less than there are for torch's work in this thread, so that others are answered meanwhile."""
    all_threads = torch.get_num_threads()
    _set(max(1, all_threads - 1), everywhere=all_threads)
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
