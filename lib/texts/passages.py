"""Sixty short passages, written for this app: a first text and the one that follows it, five of them on each topic."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

EACH = 5  # passages on a topic


@dataclass(frozen=True)
class Passage:
    """Two texts, of which the second follows the first.

    Attributes:
        topic: what both are about; passages of one topic stand behind one another.
        first: what stands first.
        second: what follows.
    """

    topic: str
    first: str
    second: str


_LINES = Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()[1:]  # the first names the columns
PASSAGES: tuple[Passage, ...] = tuple(Passage(*line.split("\t")) for line in _LINES)
TOPICS = tuple(n // EACH for n in range(len(PASSAGES)))  # the number of each passage's topic


def pairs(shift: int) -> tuple[tuple[str, str], ...]:
    """The first text of each passage with the second of the one that stands so many places behind it.

    Args:
        shift: 0 for what follows; a multiple of ``EACH`` for texts on another topic.
    """
    many = len(PASSAGES)
    return tuple((PASSAGES[n].first, PASSAGES[(n + shift) % many].second) for n in range(many))


def alike() -> tuple[tuple[str, str], ...]:
    """The first text of each passage with the second of another passage on the same topic."""
    return tuple((PASSAGES[n].first, PASSAGES[n // EACH * EACH + (n + 1) % EACH].second) for n in range(len(PASSAGES)))


def swapped() -> tuple[tuple[str, str], ...]:
    """The second text of each passage in front of the first."""
    return tuple((each.second, each.first) for each in PASSAGES)


def mixed() -> tuple[tuple[tuple[str, str], ...], tuple[bool, ...]]:
    """Sixty pairs of which thirty follow and thirty are on two topics, and which of them follow."""
    true, random = pairs(0), pairs(5 * EACH)
    return true[::2] + random[1::2], (True,) * len(true[::2]) + (False,) * len(random[1::2])


# of the twenty to guess: a passage, and what stands behind its first text: what follows, or a text on its topic, or not
_GUESSED = (
    *((0, "next"), (16, "other"), (31, "next"), (7, "topic"), (44, "next"), (52, "other"), (23, "topic")),
    *((36, "next"), (11, "next"), (58, "topic"), (3, "other"), (29, "next"), (47, "other"), (19, "next")),
    *((33, "topic"), (56, "next"), (13, "other"), (40, "next"), (9, "next"), (26, "topic")),
)


def guessed() -> tuple[tuple[str, str, bool], ...]:
    """Twenty pairs to guess: two texts, and whether the second follows the first."""
    ways = {"next": pairs(0), "topic": alike(), "other": pairs(5 * EACH)}
    return tuple((*ways[way][n], way == "next") for n, way in _GUESSED)
