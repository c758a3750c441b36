"""Whose the texts on screen are: "your text" is said of what was typed alone, and "our example" of what we ship."""

from __future__ import annotations

from collections.abc import Sequence

from lib.texts.examples import EXAMPLES

_OURS = frozenset(text for examples in EXAMPLES.values() for each in examples for text in (*each.texts, each.pair))


def ours(texts: Sequence[str]) -> bool:
    """Whether none of the texts was typed: each is one of our examples."""
    return all(text in _OURS for text in texts)


def text(typed: str, *, which: str = "") -> str:
    """One text inside a sentence: "your text", "our example"; with which="first" "your first text".

    Args:
        typed: the text.
        which: an adjective that tells it from others.
    """
    whose, what = ("our", "example") if ours([typed]) else ("your", "text")
    return " ".join(filter(None, (whose, which, what)))


def texts(typed: Sequence[str]) -> str:
    """All texts on screen inside a sentence: "your texts", "our example"; "the texts" where they are mixed."""
    if len(typed) == 1:
        return text(typed[0])
    if ours(typed):
        return "our examples"
    return "the texts" if any(ours([each]) for each in typed) else "your texts"


def box(typed: Sequence[str]) -> str:
    """What stands over the box of the texts: whose they are, or what it is for while ours stand in it."""
    return "Type your own text" if ours(typed) else "Your text"
