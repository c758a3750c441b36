"""Shares and their differences with their intervals, in words; and which texts are never split."""

from __future__ import annotations

import numpy as np

from lib.measures.probe import Score
from lib.quantities import number, part, plural


def within(score: Score) -> str:
    """A share with its interval: "70% (66% to 74%)"; "100%" and "0%" only where it is all or nothing."""
    return f"{part(score.value)} ({part(score.low)} to {part(score.high)})"


def points(score: Score) -> str:
    """A difference with its interval, in points: "+7 points (+5 to +9)"; 0 only where it is none."""

    def signed(value: float) -> str:
        text = number(100 * value, 0)
        if text == "0" and value:
            digits = int(np.ceil(-np.log10(100 * abs(value))))  # up to the first that is not 0
            text = number(100 * value, max(digits, 1))
        return text if value <= 0 else f"+{text}"

    unit = "point" if abs(round(100 * score.value)) == 1 else "points"
    return f"{signed(score.value)} {unit} ({signed(score.low)} to {signed(score.high)})"


def together(copies: int, *, opposites: bool) -> str:
    """Which texts are never split between learning and asking; "" where each stands alone.

    Args:
        copies: texts that are a copy of one before them.
        opposites: whether they come in pairs of opposites.
    """
    if opposites:
        return "The opposites of a pair are never split: a classifier learns from both or is asked about both."
    if not copies:
        return ""
    return (
        f"{plural(copies, 'text is a copy', 'texts are copies')} of another (but for capitals, accents and spaces). "
        "Copies are never split: a classifier learns from all of them or is asked about all of them, and an interval "
        "counts them as one text."
    )
