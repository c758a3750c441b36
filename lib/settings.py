"""What the operator sets, by environment variables; README.md lists them. Read when they are needed, never stored."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Literal

FOLDER, LARGEST, HUB = "CLS_MODELS", "CLS_LARGEST", "CLS_HUB"
USUAL_LARGEST = 400  # millions of parameters: above bert-large, below what takes minutes for a page


def models_folder() -> Path | None:
    """The folder below which a visitor may choose a model; None where the operator named none, or it is not there."""
    named = os.environ.get(FOLDER, "")
    folder = Path(named).expanduser()
    return folder.resolve() if named and folder.is_dir() else None


def largest() -> int:
    """Parameters that a model may have at most."""
    named = os.environ.get(LARGEST, "").strip()
    if named and not (named.isascii() and named.isdigit() and int(named)):
        logging.getLogger(__name__).warning(
            "%s is %r, but a whole number of millions was expected; %d is taken.", LARGEST, named, USUAL_LARGEST
        )
        named = ""
    return int(named or USUAL_LARGEST) * 1_000_000


def hub() -> Literal["any", "table", "none"]:
    """Which models of the hub a visitor may have fetched: any, those of our table, or none."""
    named = os.environ.get(HUB, "any").strip().lower()
    return "any" if named == "any" else "table" if named == "table" else "none"  # a slip of the pen opens no door
