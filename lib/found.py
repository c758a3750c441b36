"""What a visitor predicted and found on a page, as a value: kept for the visit, and in the visitor's own browser."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Literal

from lib.escape import cut, plain, visible

LONGEST = 600  # characters of one thing that is kept
Verdict = Literal["holds", "in part", "fails", "cannot tell"]
# how much of the ring is filled is how much of the claim holds
VERDICTS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {
        "holds": ("●", "Holds"),
        "in part": ("◐", "Holds in part"),
        "fails": ("○", "Does not hold"),
        "cannot tell": ("◌", "Cannot tell"),
    }
)


@dataclass(frozen=True)
class Found:
    """What a visitor predicted on a page, and what the page showed; plain text.

    Attributes:
        guess: what they chose; "" where they chose nothing.
        truth: the choice that was right on their texts; "" where the page does not say, or cannot tell.
        shown: what the page answered to the prediction.
        keep: the sentence to keep.
        claim: that the page puts to the test.
        verdict: whether it holds; "" where it was not put to the test.
        because: what was measured.
        texts: that it was measured on, cut.
        model: that read them.
    """

    guess: str = ""
    truth: str = ""
    shown: str = ""
    keep: str = ""
    claim: str = ""
    verdict: Verdict | Literal[""] = ""
    because: str = ""
    texts: str = ""
    model: str = ""


def taken(text: str, pages: Collection[str]) -> dict[str, Found]:
    """What a browser has kept, as far as it is ours.

    Args:
        text: JSON, or anything else.
        pages: that there are, by file stem.
    """
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    names = [each.name for each in fields(Found)]
    good: dict[str, Found] = {}
    for page, parts in kept.items() if isinstance(kept, dict) else ():
        if page not in pages or not isinstance(parts, dict):
            continue
        held = {name: parts[name] for name in names if isinstance(parts.get(name), str)}
        short = {name: cut(visible(value.encode("utf-8", "replace").decode()), LONGEST) for name, value in held.items()}
        if short.get("verdict", "") in ("", *VERDICTS):
            good[page] = Found(**short)  # type: ignore[arg-type]  # the names and the verdict were looked at
    return good


def short(text: str) -> str:
    """Our own Markdown as plain text, no longer than what is kept."""
    return cut(plain(text), LONGEST)
