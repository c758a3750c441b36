"""What the page on words says: which vector notices which change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.found import Verdict
from lib.measures.vectors import Doubles, Floor
from lib.pooling import POOLINGS
from lib.quantities import number, plural, power
from lib.words.attention import named
from pages.change.words.measures import KINDS, Kind, Tried

# as columns of the table, and in its sentence
HEADS: Mapping[Kind, str] = MappingProxyType(
    {
        "left_out": "word<br>out",
        "masked": "word<br>masked",
        "shuffled": "other<br>order",
        "negated": "negated",
        "other": "second<br>text",
    }
)
WHEN: Mapping[Kind, str] = MappingProxyType(
    {
        "left_out": "without one word",
        "masked": "with one word masked",
        "shuffled": "in another order",
        "negated": "with or without “not”",
        "other": "as the second text",
    }
)
UNTOUCHED = 0.005  # below this a distance is written 0.00
NOTICED = 1e-3  # 1 − cosine from where on a change is noticed


EXAMPLE = "This film is good."  # where the first text has no verb that "not" could follow
FARTHER = 1.25  # times as far, from where on one of two moves clearly farther


def answers(checkpoint: Checkpoint) -> tuple[str, str, str]:
    """What can be predicted; plain."""
    return f"The vector of {checkpoint.first_token}", "The mean of all tokens", "Both about as far apart"


def question(before: str, after: str) -> str:
    """What is asked before the experiment: of a text of the learner's or of our example, with and without "not"."""
    start = "In our example, which" if before == EXAMPLE else "Which"
    return (
        f"{start} vector puts {escape.quote(before, 40)} and {escape.quote(after, 44)} farther apart, compared with "
        "two unrelated texts?"
    )


def guessed(first: float, mean: float, checkpoint: Checkpoint) -> str | tuple[()]:
    """The answer of :func:`answers` that is right here; none where nothing can be measured.

    Args:
        first: how far the first token's vector moves, in distances of two unrelated texts.
        mean: how far the mean moves.
        checkpoint: the model.
    """
    farther, less, alike = answers(checkpoint)
    if np.isnan(first) or np.isnan(mean):
        return ()
    if first > FARTHER * mean:
        return farther
    return less if mean > FARTHER * first else alike


def because(first: float, mean: float, checkpoint: Checkpoint) -> str:
    """How far both move, for the reveal."""
    if np.isnan(first) or np.isnan(mean):
        return "In this model all texts have the same direction, so there is no distance to compare with."
    return (
        f"By {named(checkpoint)} they are **{number(first)}** apart and by the mean **{number(mean)}**, where 1 is the "
        "distance between two unrelated texts."
    )


def pooled(key: str, model: Checkpoint) -> str:
    """A pooling's name in a sentence; the first token's own vector wears its colour."""
    return named(model) if key == "cls" else f"“{escape.markdown(POOLINGS[key].name(model))}”"


def changes(tried: Tried, floors: Mapping[str, Floor], model: Checkpoint) -> str:
    """How far each kind of change moves the first token's vector and the mean."""
    clauses = []
    for kind in KINDS:
        if kind in tried.kinds:
            first, mean = (tried.moved(key, kind, floors[key]).mean() for key in ("cls", "mean"))
            clauses.append(f"{WHEN[kind]}, **{number(first)}** and **{number(mean)}**")
    short = "; ".join(clauses[:2]), "; ".join(clauses[2:])
    sentence = f"{named(model)} and the mean move: {short[0]}."
    return f"{sentence} {short[1][:1].upper()}{short[1][1:]}." if short[1] else sentence


def table_headline(tried: Tried, floors: Mapping[str, Floor], model: Checkpoint) -> str:
    """Whether the first token or the mean moves farther, as a title; Markdown."""
    both = [
        [tried.moved(key, kind, floors[key]).mean() for key in ("cls", "mean")] for kind in KINDS if kind in tried.kinds
    ]
    first, mean = named(model), "the mean"
    if np.isnan(both).any() or np.max(both) < UNTOUCHED:
        return f"To this model none of these changes moves {first}"
    if all(one > other for one, other in both):
        return f"{first} moves farther than {mean} under every change"
    if all(one < other for one, other in both):
        return f"{first} moves less than {mean} under every change"
    return f"Which moves farther, {first} or {mean}, depends on the change"


def most_and_least(tried: Tried, floors: Mapping[str, Floor], model: Checkpoint) -> str:
    """Which vector moves most and least over all changes."""
    moved = {
        key: np.mean([tried.moved(key, kind, floors[key]).mean() for kind in dict.fromkeys(tried.kinds)])
        for key in tried.vectors
        if key in floors
    }
    moved = {key: value for key, value in moved.items() if not np.isnan(value)}
    most, least = max(moved, key=moved.__getitem__), min(moved, key=moved.__getitem__)
    if moved[most] < UNTOUCHED:
        return f"To this model none of these is a change: on average no vector moves by {UNTOUCHED}."
    return (
        f"Over all of these changes, {pooled(most, model)} moves most ({number(moved[most])}) and "
        f"{pooled(least, model)} least ({number(moved[least])})."
    )


def left_out(words: Sequence[str], first: Doubles, mean: Doubles, model: Checkpoint) -> str:
    """Which word each of two vectors misses most."""
    one, other = int(first.argmax()), int(mean.argmax())
    quoted = escape.quote(words[one], 30)
    if one == other:
        return (
            f"{named(model)} and the mean both move most without {quoted}: by **{number(float(first[one]))}** and "
            f"**{number(float(mean[one]))}**."
        )
    return (
        f"{named(model)} moves most without {quoted}, by **{number(float(first[one]))}**; the mean without "
        f"{escape.quote(words[other], 30)}, by **{number(float(mean[other]))}**."
    )


def one_less(tried: Tried) -> str:
    """What is done to which words, for the paragraph above the picture."""
    which = f"Each of the first {len(tried.words)} words" if tried.left else "Each word"
    return f"{which} of the first text is left out once, and the model gets the rest."


def left(tried: Tried) -> str:
    """What was not tried."""
    return f"We try the first {len(tried.words)} of {plural(len(tried.words) + tried.left, 'word')}."


def order(tried: Tried, floors: Mapping[str, Floor], model: Checkpoint) -> tuple[Verdict, str]:
    """How far "the first token notices word order and the mean does not" holds: a verdict's kind, and why."""
    if "shuffled" not in tried.kinds:
        return "cannot tell", "One word has one order only. Type a longer text."
    first, mean = (tried.moved(key, "shuffled", floors[key]) for key in ("cls", "mean"))
    raw = float(tried.raw.max())
    why = (
        f"In {plural(len(first), 'other order', 'other orders')} of the same words {named(model)} moves by "
        f"**{number(float(first.mean()))}** on average and the mean of the last layer by "
        f"**{number(float(mean.mean()))}**, where 1 is the distance of two unrelated texts. Only the mean of the "
        f"words’ own vectors, before the first layer, is the same in every order: its largest difference is "
        f"**{power(raw)}**{'' if raw == 0 else ', the rounding of a sum'}. After a layer each vector depends on "
        "its neighbours, so a mean of them can know the order, too."
    )
    if mean.mean() < UNTOUCHED <= first.mean():
        return "holds", why
    return ("in part" if first.mean() > 2 * mean.mean() else "fails"), why


def by_word_headline(words: Sequence[str], first: Doubles, model: Checkpoint) -> str:
    """Without which word the first token moves farthest, as a title; Markdown."""
    return f"{named(model)} moves farthest without {escape.quote(words[int(first.argmax())], 30)}"


def layers_headline(first: Doubles, model: Checkpoint) -> str:
    """In which layer the first token first notices the change, as a title; Markdown."""
    apart = next((layer for layer, value in enumerate(first) if value < 1 - NOTICED), None)
    if apart is None:
        return f"{named(model)} hardly notices this change, in any layer"
    return f"{named(model)} notices the change in layer {apart}"


def layers(first: Doubles, mean: Doubles, model: Checkpoint) -> str:
    """Where in the layers the changed text parts from the text as it is.

    Args:
        first: float64[layers+1], cosine of the first token's vectors of the two.
        mean: float64[layers+1], of the means.
        model: that read.
    """
    last = len(first) - 1
    apart = next((layer for layer, value in enumerate(first) if value < 1 - NOTICED), None)
    where = (
        f"stays within 0.001 of its old direction in all {last} layers"
        if apart is None
        else f"leaves its old direction by more than 0.001 first in layer {apart}"
    )
    return (
        f"{named(model)} {where} and ends with a cosine of **{number(float(first[last]), 3)}**; the mean begins with "
        f"{number(float(mean[0]), 3)} and ends with **{number(float(mean[last]), 3)}**."
    )
