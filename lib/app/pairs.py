"""The learner's pair of texts, for the pages on BERT's pretraining."""

from __future__ import annotations

from dataclasses import dataclass

from lib.app import choices, parts
from lib.texts.passages import PASSAGES


@dataclass(frozen=True)
class Two:
    """Two texts.

    Attributes:
        first: text A.
        second: text B.
        ours: whether text B is ours, because only one was typed.
    """

    first: str
    second: str
    ours: bool = False


def yours() -> Two:
    """The first text with its second one, or with the text on the next line; the page ends where there is no text."""
    texts = choices.texts()
    if not texts:
        parts.too_few(0, 1)
        parts.end()
    if choices.pair():
        return Two(texts[0], choices.pair())
    return Two(texts[0], texts[1]) if len(texts) > 1 else Two(texts[0], PASSAGES[0].second, ours=True)
