"""The only folder that speaks torch: fetch and open a checkpoint, read a few texts, encode many.

Importing it costs nothing; torch and transformers, which take seconds, come with the first function that is used.

A team of torch's threads waits for its slowest member at every step. GNU's OpenMP lets them wait by spinning, for about
10 ms and more: where one of the cores has other work the team then burns its time against itself, and a pass over two
short texts takes 500 ms where it took 10. With a hundredth of that patience it takes 50, and on an idle machine 10 as
before.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.model.fetching import fetch as fetch
    from lib.model.opening import drop as drop
    from lib.model.opening import keep as keep
    from lib.model.opening import opened as opened
    from lib.model.passes import answered as answered
    from lib.model.passes import encode as encode
    from lib.model.passes import read as read
    from lib.model.passes import tokenized as tokenized
    from lib.model.vocabulary import mask_token as mask_token
    from lib.model.vocabulary import positions as positions
    from lib.model.vocabulary import specials as specials
    from lib.model.vocabulary import spelled as spelled

if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")  # read once, when torch loads the library

_HOME = {
    "fetching": ("fetch",),
    "opening": ("drop", "keep", "opened"),
    "passes": ("answered", "encode", "read", "tokenized"),
    "vocabulary": ("mask_token", "positions", "specials", "spelled"),
}
__all__ = [name for names in _HOME.values() for name in names]


def __getattr__(name: str) -> object:
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f"lib.model.{module}"), name)
    raise AttributeError(f"lib.model has no {name!r}")
