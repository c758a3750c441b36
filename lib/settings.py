"""What the operator sets, by environment variables; README.md lists them. Read when they are needed, never stored."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

FOLDER, LARGEST, HUB, MEMORY = "CLS_MODELS", "CLS_LARGEST", "CLS_HUB", "CLS_MEMORY"
USUAL_LARGEST = 400  # millions of parameters: above bert-large, below what takes minutes for a page

# MB that each thing may take in memory; all that is kept for more than one page, and all of long work that is large
BUDGETS: Mapping[str, int] = MappingProxyType(
    {
        "models": 2048,  # opened, beside the embedded one
        "trained": 512,  # what trainings have changed in models
        "readings": 512,
        "results": 384,  # of long work
        "ledgers": 256,
        "references": 96,
        "documents": 64,  # BertViz
        "inputs": 64,
        "wordings": 64,
        "changes": 32,  # of evidence
        "gradients": 32,
        "answers": 32,  # of a probe to changed texts
        "probes": 16,
        "losses": 4,  # where the gradients of four losses arrive
        "pooled": 4,  # how often classifiers on the pooler's output are right
        "taught": 4,  # what the checkpoints of BERT's tasks make of our pairs
        "curves": 4,  # what poolings keep of a text that is moved, and of texts that grow
        "pairs": 4,  # probabilities that one text follows another
        "padded": 8,
        "frozen": 4,  # what a few texts give before a training
        "paces": 4,  # of training
        "training": 1920,  # under way: four numbers for each weight
        "states": 384,  # under way: what lies below the trained layers
        "vectors": 160,  # under way: of labelled texts at every layer
        "packing": 640,  # a trained model while it is handed over
    }
)


def models_folder() -> Path | None:
    """The folder below which a visitor may choose a model; None where the operator named none, or it is not there."""
    named = os.environ.get(FOLDER, "")
    folder = Path(named).expanduser()
    return folder.resolve() if named and folder.is_dir() else None


def largest() -> int:
    """Parameters that a model may have at most: what the operator says, and no more than fit into the budget."""
    return min(_number(LARGEST, USUAL_LARGEST) * 1_000_000, memory("models") // 4)  # four bytes a parameter


def memory(what: str) -> int:
    """Bytes that something may take in memory: its own variable, or its part of what the operator gives to all.

    Args:
        what: a key of ``BUDGETS``.
    """
    usual, together = BUDGETS[what] << 20, sum(BUDGETS.values())
    return _number(f"{MEMORY}_{what.upper()}", 0) << 20 or usual * _number(MEMORY, together) // together


def _number(name: str, usual: int) -> int:
    """A variable that is a whole number above 0; where it is none the usual one, and the log says so."""
    named = os.environ.get(name, "").strip()
    if named and not (named.isascii() and named.isdigit() and int(named)):
        logging.getLogger(__name__).warning(
            "%s is %r, but a whole number above 0 was expected; the usual one is taken.", name, named
        )
        named = ""
    return int(named) if named else usual


def hub() -> Literal["any", "table", "none"]:
    """Which models of the hub a visitor may have fetched: any, those of our table, or none."""
    named = os.environ.get(HUB, "any").strip().lower()
    return "any" if named == "any" else "table" if named == "table" else "none"  # a slip of the pen opens no door
