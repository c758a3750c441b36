"""The texts we offer: what a first visitor sees, the example buttons of every page, and a set of unrelated sentences.

All of it was written for this app; nothing comes from a data set, a paper or a test suite. To add an example, add an
entry to ``examples.toml`` under its page: no line breaks inside a text, and a ``shows`` that tells where to look and
stays true whatever model is chosen. To add to ``REFERENCE``, add a line to ``reference.txt``, on something that no
other line is about.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True)
class Example:
    """Texts behind one button.

    Attributes:
        key: stable and unique on its page; goes into links and button keys.
        label: one to four words, on the button.
        shows: one sentence: what the texts are there to show, and where to look.
        texts: one text a row of the batch.
        pair: a second text for ``texts[0]``, or "".
        together: how many neighbouring texts belong together (2: ``texts[0]`` with ``texts[1]``, and so on);
            1 where each stands alone.
    """

    key: str
    label: str
    shows: str
    texts: tuple[str, ...]
    pair: str = ""
    together: int = 1


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
EXAMPLES: Mapping[str, tuple[Example, ...]] = MappingProxyType(
    {
        page: tuple(Example(**entry | {"texts": tuple(entry["texts"])}) for entry in each)
        for page, each in _TABLE.items()
    }
)
DEFAULT = EXAMPLES["question"][0]
REFERENCE: tuple[str, ...] = tuple(Path(__file__).with_name("reference.txt").read_text("utf-8").splitlines())
"""Unrelated sentences of many kinds and lengths: how alike two random texts are, and what to subtract when vectors are
centred."""
