"""The only folder that speaks torch: fetch and open a checkpoint, read a few texts, encode many.

Importing it costs nothing; torch and transformers, which take seconds, come with the first function that is used.
"""

from __future__ import annotations

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
            import_module("lib.model.threads")  # before anything loads torch
            return getattr(import_module(f"lib.model.{module}"), name)
    raise AttributeError(f"lib.model has no {name!r}")
