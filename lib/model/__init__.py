"""The only folder that speaks torch: fetch and open a checkpoint, read a few texts, encode many.

Importing it takes seconds (torch, transformers): import it inside a function, after the first paint.
"""

import lib.model.threads  # noqa: F401 - before anything loads torch
from lib.model.fetching import fetch
from lib.model.opening import drop, keep, opened
from lib.model.passes import encode, read, tokenized
from lib.model.vocabulary import mask_token, positions, specials, spelled

__all__ = [
    "drop", "encode", "fetch", "keep", "mask_token", "opened", "positions", "read", "specials", "spelled", "tokenized",
]  # fmt: skip
