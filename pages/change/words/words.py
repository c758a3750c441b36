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

# as columns of the table, and as a clause behind "when"
HEADS: Mapping[Kind, str] = MappingProxyType(
    {
        "left_out": "one word<br>out",
        "masked": "one word<br>masked",
        "shuffled": "other<br>order",
        "negated": "negated",
        "other": "second<br>text",
    }
)
WHEN: Mapping[Kind, str] = MappingProxyType(
    {
        "left_out": "a word is left out",
        "masked": "a word is masked",
        "shuffled": "the words are shuffled",
        "negated": "it is negated",
        "other": "it becomes your second text",
    }
)
UNTOUCHED = 0.005  # below this a distance is written 0.00


def pooled(key: str, model: Checkpoint) -> str:
    """A pooling's name in a sentence; the first token's own vector wears its colour."""
    return named(model) if key == "cls" else f"“{escape.markdown(POOLINGS[key].name(model))}”"


def table(tried: Tried, floors: Mapping[str, Floor], model: Checkpoint) -> str:
    """How far each kind of change moves the first token's vector and the mean, and who notices most and least."""
    clauses = []
    for kind in KINDS:
        if kind not in tried.kinds:
            continue
        first, mean = (tried.moved(key, kind, floors[key]).mean() for key in ("cls", "mean"))
        clauses.append(f"when {WHEN[kind]}, **{number(first)}** and **{number(mean)}**")
    moved = {
        key: np.mean([tried.moved(key, kind, floors[key]).mean() for kind in dict.fromkeys(tried.kinds)])
        for key in tried.vectors
        if key in floors
    }
    moved = {key: value for key, value in moved.items() if not np.isnan(value)}
    most, least = max(moved, key=moved.__getitem__), min(moved, key=moved.__getitem__)
    if not clauses or not moved:
        return "Your text has too few words to change any."
    begin = (
        f"{named(model)} and the mean move by: {'; '.join(clauses)}. 1 would be as far as two unrelated texts are "
        "apart. "
    )
    if moved[most] < UNTOUCHED:
        return f"{begin}To this model none of these is a change: on average no vector moves by {UNTOUCHED}."
    return (
        f"{begin}Over all of these, {pooled(most, model)} moves most ({number(moved[most])}) and "
        f"{pooled(least, model)} least ({number(moved[least])})."
    )


def by_word(words: Sequence[str], first: Doubles, mean: Doubles, model: Checkpoint) -> str:
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
    return f"{which} of your first text is left out once, and the rest is read again."


def left(tried: Tried) -> str:
    """What was not tried."""
    return f"Tried are the first {len(tried.words)} of your {plural(len(tried.words) + tried.left, 'word')}."


def order(tried: Tried, floors: Mapping[str, Floor], model: Checkpoint) -> tuple[Verdict, str]:
    """How far "the first token notices word order and the mean does not" holds: a verdict's kind, and why."""
    if "shuffled" not in tried.kinds:
        return "cannot tell", "One word has one order only. Type a longer text."
    first, mean = (tried.moved(key, "shuffled", floors[key]) for key in ("cls", "mean"))
    raw = float(tried.raw.max())
    why = (
        f"In {plural(len(first), 'other order', 'other orders')} of your words {named(model)} moves by "
        f"**{number(float(first.mean()))}** on average and the mean of the last layer by "
        f"**{number(float(mean.mean()))}**, in distances of two unrelated texts. What no order changes is the mean of "
        f"the words’ own vectors as they are looked up: its largest difference is **{power(raw)}**"
        f"{'' if raw == 0 else ', the rounding of a sum'}. Layers read in context, so a mean of what comes out of them "
        "can know the order, too."
    )
    if mean.mean() < UNTOUCHED <= first.mean():
        return "holds", why
    return ("in part" if first.mean() > 2 * mean.mean() else "fails"), why


def layers(first: Doubles, mean: Doubles, model: Checkpoint) -> str:
    """Where in the layers the changed text parts from the text as it is.

    Args:
        first: float64[layers+1], cosine of the first token's vectors of the two.
        mean: float64[layers+1], of the means.
        model: that read.
    """
    last = len(first) - 1
    apart = next((layer for layer, value in enumerate(first) if value < 1 - 1e-3), None)
    where = (
        f"stays within 0.001 of its old direction in all {last} layers"
        if apart is None
        else f"leaves its old direction by more than 0.001 in layer {apart} for the first time"
    )
    return (
        f"{named(model)} {where} and ends at cosine **{number(float(first[last]), 3)}**; the mean begins at "
        f"{number(float(mean[0]), 3)} and ends at **{number(float(mean[last]), 3)}**."
    )
