"""The pictures of the page on next-sentence prediction, each with its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.checkpoints import Checkpoint
from lib.components.strips import Strip, drawing, table
from lib.exhibit import Exhibit
from lib.figures.dots import Dots, Row
from lib.quantities import number, percent, share
from lib.reading import Floats, NextSentence
from lib.taught import interval
from pages.why.next_sentence import words

FOLLOWS = "probability of “follows”"
SAID = "called “follows”"


def way(found: NextSentence, speaker: Checkpoint) -> Exhibit:
    """From the first token's vector to two logits and a probability.

    Args:
        found: of one pair.
        speaker: the model.
    """
    logits, probability = found.logits[0], float(found.follows[0])
    adds = (found.weights[0] - found.weights[1]) * found.pooled[0]
    both = np.array([probability, 1 - probability], np.float32)
    rows = [
        Strip(f"{speaker.first_token}, last layer", found.first[0], "", "vector", is_first=True),
        Strip("pooler: linear", found.dense[0], "→", "pooler"),
        Strip("pooler: tanh", found.pooled[0], "→", "tanh"),
        Strip("head: adds to “follows”", adds, "→", "head"),
        Strip(f"logits {' | '.join(number(float(each), 2) for each in logits)}", logits, "→", "logits"),
        Strip(f"softmax {' | '.join(percent(float(each)) for each in both)}", both, "→", "softmax"),
    ]
    return Exhibit(
        "way",
        words.way(found.first.shape[1], logits, probability, speaker),
        drawing(rows, unit=int(np.abs(adds).argmax()), file="cls-next-sentence.png"),
        lambda: table(rows),
        "Each step of the way, a line a dimension. Of the last two, line 0 is “follows” and line 1 “random”. The head "
        "adds its weights for “follows”, less those for “random”, times the line above, and a bias.",
        {"dimensions": found.first.shape[1], "bias": float(found.bias[0] - found.bias[1])},
        headline=words.headline(probability),
    )


def changed(names: Sequence[str], follows: Floats) -> Exhibit:
    """What the model says of the pair with something changed.

    Args:
        names: of the rows, plain, the first as typed.
        follows: float32[rows].
    """
    rows = [
        Row(name, "other" if k else "first", float(value), share(float(value)))
        for k, (name, value) in enumerate(zip(names, follows, strict=True))
    ]
    dots = Dots(rows, FOLLOWS, FOLLOWS, percent=True, dashed=(0.5, "cannot tell"))
    return Exhibit(
        "changed",
        words.changed(names, follows),
        dots.picture,
        dots.table,
        "The probability that text B follows text A, from 0 to 1; a line a change.",
        {"cannot tell": 0.5},
        headline=words.changed_headline(follows),
    )


def topics(said: Sequence[int], of: int) -> Exhibit:
    """How often the model says that text B follows, by what text B is.

    Args:
        said: how often, by ``words.KINDS``.
        of: pairs of each kind.
    """
    rows = [
        Row(name, "other" if k else "first", number_ / of, share(number_ / of), interval=interval(number_, of))
        for k, (name, number_) in enumerate(zip(words.KINDS, said, strict=True))
    ]
    dots = Dots(rows, SAID, f"{SAID}, of {of} pairs", percent=True)
    return Exhibit(
        "topics",
        words.topics(said, of),
        dots.picture,
        dots.table,
        f"Share of {of} pairs that the model calls “follows”, with its 95% interval (Wilson’s); a line a kind.",
        headline=words.topics_headline(said, of),
    )
