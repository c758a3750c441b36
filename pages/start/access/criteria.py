"""The criteria of WCAG 2.1, levels A and AA, and how the app stands to each; the tests named here hold it to that."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Result = Literal["met", "in part", "not met", "does not apply"]


@dataclass(frozen=True)
class Criterion:
    """One rule.

    Attributes:
        number: of WCAG 2.1.
        name: its short name there.
        level: "A" or "AA".
        result: how the app stands to it.
        shown: what shows that, or what is missing; Markdown.
        test: the file, and the test in it, that would fail; "" where people looked.
    """

    number: str
    name: str
    level: Literal["A", "AA"]
    result: Result
    shown: str
    test: str = ""


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
CRITERIA: tuple[Criterion, ...] = tuple(Criterion(**each) for each in _TABLE["criterion"])
