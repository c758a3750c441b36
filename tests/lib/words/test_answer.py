"""The four statements of the answer, on constructed numbers."""

from __future__ import annotations

import re

import numpy as np

from lib.checkpoints import CHECKPOINTS, DEFAULT
from lib.measures.story import Story
from lib.quantities import power
from lib.words import answer

MODEL = CHECKPOINTS[DEFAULT]
FOUR = ("a", "b", "c", "d")


def way(attends_to: list[list[float]], *, start: float = 0.0) -> Story:
    shares = np.array(attends_to, np.float32)
    return Story(start=start, attends_to=shares, words=shares.sum(axis=1), peak=1, before=0.0)


def explained(sentence: str) -> str:
    """Without what stands behind its explained words."""
    return re.sub(r"\[([^\]]*)\]\(#[^)]*\)", r"\1", sentence)


def test_it_begins_as_the_same_vector_or_not() -> None:
    same = answer.start(way([[1.0]]), FOUR, MODEL)
    assert "is the same vector in all 4 texts (largest difference: **0, exactly**)" in same
    rounded = answer.start(way([[1.0]], start=1e-7), FOUR, MODEL)
    assert rounded == same.replace("0, exactly", f"{power(1e-7)}, which is rounding")
    apart = answer.start(way([[1.0]], start=0.25), FOUR, MODEL)
    assert "it is not the same vector in all 4 texts before the first layer" in apart
    assert "difference is **0.25" in apart
    assert "knows nothing" not in apart


def test_all_tokens_are_attended_to_only_where_they_are() -> None:
    assert "to all **3 tokens** of your text" in answer.place(way([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]]), "a", MODEL)
    local = answer.place(way([[0.5, 0.5, 0.0], [0.1, 0.1, 0.8]]), "a", MODEL)
    assert "neighbours only in some layers" in local
    assert "attends to **3** of 3 tokens" in local
    assert "attends to **2** of 3 tokens" in answer.place(way([[0.5, 0.5, 0.0]]), "a", MODEL)


def test_the_nearest_text_is_named_by_both_or_by_each() -> None:
    by_cls, by_mean = np.array([0.5, 0.9], np.float32), np.array([0.8, 0.3], np.float32)
    parted = answer.rest(["t", "a", "b"], by_cls, by_mean, MODEL)
    assert "(cosine **0.90**), but “a” by the mean (**0.80**)" in explained(parted)
    agreed = answer.rest(["t", "a", "b"], by_cls, by_cls - 0.1, MODEL)
    assert "To “b”, your first text has a cosine of **0.90** by" in explained(agreed)
    assert "**0.80** by the mean" in agreed
    tied = answer.rest(["t", "a", "b"], np.float32([0.9, 0.9]), np.float32([0.2, 0.2 + 1e-7]), MODEL)
    assert "Nearest to" not in tied, "a tie is no difference"
