"""How much of a sentence each pooling keeps wherever it stands, and how alike unrelated texts get as they grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lib.edits import Edit, Repeat, edit
from lib.measures.vectors import Doubles, above, cosine, paired
from lib.pooling import POOLINGS
from lib.reading import Encoding, Floats, Ints, Reading
from lib.texts.passages import EACH, PASSAGES

FILLERS = 8  # sentences that stand around the one that is moved; half as many where a model has no room for them
SIZES = (1, 2, 4, 8)  # sentences of the texts that grow
SUBJECTS = 7  # of them, a text each
PAIRS = SUBJECTS * (SUBJECTS - 1) // 2
INTERVAL = 16  # tokens in front of each landmark
LANDMARKS = "landmarks"
BY_PASS = ("cls", "mean", "lasttoken")  # keys of the poolings that both curves show
APART = 1e-4  # of a cosine: two vectors that are nearer than that are not told apart


@dataclass(frozen=True, eq=False)
class Curve:
    """Values of several poolings along one axis.

    Attributes:
        ticks: where they were measured: sentences in front of the one that is moved, or sentences of a text.
        tokens: float64[ticks], the average length of the texts there, special tokens included.
        values: {key of a pooling, or ``LANDMARKS``: float64[ticks]}.
        base: {the same keys: what the values are measured against}, a cosine; empty where there is none.
    """

    ticks: tuple[int, ...]
    tokens: Doubles
    values: Mapping[str, Doubles]
    base: Mapping[str, float]


def fillers() -> tuple[str, ...]:
    """The sentences between which another one is moved, each on a subject of its own."""
    return tuple(each.first for each in PASSAGES[::EACH])[:FILLERS]


def moved(text: str, others: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """A text in five places among others, from the front to the end.

    Args:
        text: that is moved.
        others: a multiple of four sentences.

    Returns:
        how many of the others stand in front of it, and what is to be read: the text alone, the others alone, and
        then one text for each place.
    """
    places = tuple(range(0, len(others) + 1, len(others) // 4))
    mixed = (" ".join((*others[:place], text, *others[place:])) for place in places)
    return places, (text, " ".join(others), *mixed)


def growing() -> Mapping[int, tuple[str, ...]]:
    """Texts on as many subjects, in each of the sizes; the sentences of a text are on one subject."""
    subjects = [PASSAGES[start : start + EACH] for start in range(0, SUBJECTS * EACH, EACH)]
    sentences = [[each for passage in subject for each in (passage.first, passage.second)] for subject in subjects]
    return {size: tuple(" ".join(each[:size]) for each in sentences) for size in SIZES}


def landmarks(length: int) -> Edit:
    """Copies of a text's last token, which is a separator, after every so many tokens.

    Args:
        length: of the text, special tokens included.

    Source:
        doshi2026, abstract: landmark tokens between chunks. They train a model for it.
    """
    return edit(*(Repeat(length - 1, place) for place in range(1 + INTERVAL, length - 1, INTERVAL)))


def fits(encoding: Encoding, limit: int) -> bool:
    """Whether a model has room for the whole of each text, with its landmarks."""
    longest = int(encoding.full_lengths.max())
    return longest + len(landmarks(longest).changes) <= limit


def pooled(reading: Reading, marked: Reading | None = None) -> dict[str, Floats]:
    """Each text as one vector, in several ways.

    Args:
        reading: of the texts.
        marked: of the same texts with landmarks; None where they are left out.

    Returns:
        {way: float32[texts, hidden]}.
    """
    found = {key: POOLINGS[key].pool(reading) for key in BY_PASS}
    if marked is not None:
        encoding = marked.encoding
        added = (encoding.special_tokens_mask == 1) & (encoding.attention_mask == 1) & (encoding.origin > 0)
        weights = added / added.sum(axis=1, keepdims=True)
        found[LANDMARKS] = np.einsum("bt,bth->bh", weights, marked.last_hidden_state).astype(np.float32)
    return found


def kept(places: tuple[int, ...], vectors: Mapping[str, Floats], lengths: Ints) -> Curve:
    """How much of a text's own vector is left among others.

    Args:
        places: where it was put.
        vectors: {way: float32[2 + places, hidden]}, of what :func:`moved` gives.
        lengths: int64[2 + places], tokens of each.

    Returns:
        shares: 1 where the whole is as near to the text's own vector as that is to itself, 0 where it is no nearer
        than the others alone. A way by which the others alone are the same as the text has no curve.
    """
    base = {way: float(paired(each[0], each[1])) for way, each in vectors.items()}
    values = {
        way: (paired(each[2:], each[0]) - base[way]) / (1 - base[way])
        for way, each in vectors.items()
        if 1 - base[way] >= APART
    }
    return Curve(places, lengths[2:].astype(np.float64), values, {way: base[way] for way in values})


def alike(by_size: Mapping[int, tuple[Mapping[str, Floats], Ints]]) -> Curve:
    """The average cosine of two of the texts, in each of their sizes.

    Args:
        by_size: {sentences of a text: ({way: float32[texts, hidden]}, int64[texts] tokens)}.
    """
    sizes = tuple(by_size)
    ways = next(iter(by_size.values()))[0]
    values = {
        way: np.array([above(cosine(each[way], each[way])).mean() for each, _ in by_size.values()]) for way in ways
    }
    return Curve(sizes, np.array([float(lengths.mean()) for _, lengths in by_size.values()]), values, {})
