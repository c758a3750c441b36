"""The token or the place, in words: what each change makes of the first token's vector, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.place import Finding, Grid, Key, Logic, Loudest, Tried
from lib.measures.probe import Control, Score
from lib.quantities import ACTIVATION, listed, number, plural, share, written
from lib.words.attention import named
from lib.words.classify import within

ANSWERS = ("Nearly the one that stood there before", "An ordinary word’s vector", "Something halfway between")

# what can be asked of the changed vectors
MEASURES: Mapping[str, str] = MappingProxyType(
    {"vector": "Its vector", "between": "Your texts", "received": "Who reads it", "probe": "A probe"}
)
ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "vector": "cosine of the last vector to the true one",
        "between": "cosine of two of your texts, by this vector",
        "received": "share of a word’s reading that it gets",
        "probe": "right answers of the probe",
    }
)
# what the cells of the grid can hold
CELLS: Mapping[str, str] = MappingProxyType({"cosine": "Its vector", "received": "Who reads it", "loud": "Its unit {}"})


def question(checkpoint: Checkpoint) -> str:
    """What is asked before the experiment."""
    return (
        f"Another word is put into the seat of {named(checkpoint)}, and nothing else is changed. Which vector will "
        "stand there at the end?"
    )


def short(key: Key, word: str, position: int | None) -> str:
    """A variant's name beside its row; plain text."""
    return {
        "untouched": "as it is",
        "middle": "in the middle",
        "last": "at the end",
        "position": f"position id {position}",
        "doubled": "two: the one in front",
        "copy": "two: the other one",
        "replaced": f"“{escape.cut(escape.visible(word), 12)}” instead",
        "removed": "taken out",
        "other": "the middle token",
    }[key]


def whose(key: Key, word: str, position: int | None, checkpoint: Checkpoint) -> str:
    """The watched token of a variant, in a sentence; Markdown."""
    first = named(checkpoint)
    return {
        "untouched": f"{first} as it is",
        "middle": f"{first} in the middle",
        "last": f"{first} at the end",
        "position": f"{first} under position id {position}",
        "doubled": f"{first} in front of a second one",
        "copy": f"a second {first} in the middle",
        "replaced": f"{escape.quote(word, 24)} in its seat",
        "removed": f"the piece that moves up when {first} is taken out",
        "other": "the token in the middle of the text",
    }[key]


class Changes:
    """What a batch of variants says."""

    def __init__(self, found: Tried, word: str, position: int | None, checkpoint: Checkpoint) -> None:
        """The words for it.

        Args:
            found: a few texts under every variant.
            word: in the seat.
            position: the other id; None in a family that has none.
            checkpoint: the model that read.
        """
        self._found, self._word, self._position, self._model = found, word, position, checkpoint

    def _whose(self, key: Key) -> str:
        return whose(key, self._word, self._position, self._model)

    def _told(self, keys: Sequence[Key], values: Mapping[Key, str]) -> str:
        return listed([f"{self._whose(key)} **{values[key]}**" for key in keys if key in values])

    def vector(self) -> str:
        """How near each comes to the true vector."""
        last = self._found.cosines[-1].mean(axis=0)
        values = {key: written(float(value)) for key, value in zip(self._found.keys, last, strict=True)}
        between = self._found.between[:, 0]
        other = f", {named(self._model)} of another text {written(float(between.mean()))}" if between.size else ""
        return (
            f"Cosine to the vector that {named(self._model)} has in its own seat, mean of "
            f"{plural(self._found.vectors.shape[1], 'text')}: {self._told(('last', 'replaced', 'removed'), values)}. "
            f"To compare: the token in the middle {values['other']}{other}."
        )

    def between(self) -> str:
        """How alike the texts are by each of these vectors."""
        between = self._found.between
        if not between.size:
            return "There is one text only, so there are no two to compare."
        values = {key: written(float(v)) for key, v in zip(self._found.keys, between.mean(axis=0), strict=True)}
        return (
            f"By the vector of {self._whose('untouched')} two of the texts have a cosine of **{values['untouched']}** "
            f"on average, by that of {self._told(('last', 'replaced', 'removed'), values)}, and by that of the token "
            f"in the middle {values['other']}. A first token that knew nothing of its text would give 1."
        )

    def received(self, even: float) -> str:
        """Who is read how much.

        Args:
            even: an even share, mean over the texts.
        """
        taken = self._found.received
        if np.isnan(taken[:, 0]).any():
            return f"A text has no word that could read {named(self._model)}."
        values = {key: share(float(v)) for key, v in zip(self._found.keys, taken.mean(axis=0), strict=True)}
        told = self._told(("last", "copy", "replaced", "removed"), values)
        return (
            f"The average word takes **{values['untouched']}** of its reading from {self._whose('untouched')} (mean of "
            f"heads and layers; an even share is {share(even)}). After a change it takes, from {told}. From the token "
            f"in the middle it takes {values['other']}."
        )


def probed(
    scores: Mapping[Key, Score], same: Mapping[Key, float], learned: Score, control: Control, checkpoint: Checkpoint
) -> str:
    """What the ready probe makes of changed vectors.

    Args:
        scores: variant -> right answers on the sample.
        same: variant -> answers that are the same as for the true vector.
        learned: right answers on all sentences, as they are.
        control: right answers where the labels were dealt out at random, several times.
        checkpoint: the model that read.
    """
    first, sample = named(checkpoint), scores["untouched"].texts
    changed = [key for key in scores if key not in ("untouched", "other")]
    shares, agreed = [scores[key].value for key in changed], [same[key] for key in changed]
    return (
        f"A probe (logistic regression) that learned from {first} as it is tells positive from negative for "
        f"{within(learned)} of {plural(learned.texts, 'sentence')} of ours. It had seen neither the sentence nor its "
        f"opposite. (With labels dealt out at random, {control.deals} times, it is {share(control.low)} to "
        f"{share(control.high)}.) Put to the changed vectors of {sample} of them, it is right for "
        f"**{share(min(shares))} to {share(max(shares))}**, and says the same as of the true vector for "
        f"{share(min(agreed))} to {share(max(agreed))}. Put to the token in the middle: "
        f"{share(scores['other'].value)} and {share(same['other'])}."
    )


def turning(
    key: Key, way: np.ndarray, other: float, own: np.ndarray | None, word: str, position: int | None, model: Checkpoint
) -> str:
    """How one variant's token comes to its vector, layer by layer.

    Args:
        key: of the variant.
        way: float64[layers+1], cosine to the true first token.
        other: cosine of the token in the middle in the last layer.
        own: float64[layers+1], cosine to the vector it had itself before; None where that is no other one.
        word: in the seat.
        position: the other id.
        model: that read.
    """
    last, start = len(way) - 1, whose(key, word, position, model)
    most = next(k for k, value in enumerate(way) if value >= way.max() - 0.01)
    said = f"{start[:1].upper()}{start[1:]} starts at a cosine of **{written(float(way[0]))}** to the true "
    said += f"{named(model)}, "
    said += f"has **{written(float(way[most]))}** after layer {most}, " if most not in (0, last) else ""
    said += f"and ends at **{written(float(way[last]))}**. The token in the middle ends at {written(other)}."
    if own is not None:
        nearer, kept = (written(float(each[last])) for each in (way, own))
        more = "as much as" if nearer == kept else "more than" if way[last] > own[last] else "less than"
        said += f" To its own vector from before, this piece is left with {kept} at the end: the seat weighs {more} "
        said += "the word."
    return said


_FOLLOWS: Mapping[Logic, str] = MappingProxyType(
    {
        "either": "either is enough, the token or its seat: it is an OR.",
        "token": "the token is enough and its seat is not: the name decides.",
        "place": "the seat is enough and the token is not: the place decides.",
        "both": "neither is enough, the token or its seat: it takes both, an AND.",
        "unclear": "it cannot be told what decides: a token with neither ends nearly the same.",
    }
)


def follows(found: Finding) -> str:
    """What it takes, with its numbers and what "enough" means."""
    if found.logic == "unclear":
        near = "" if np.isnan(found.neither) else f" (Its cosine to the true vector is {written(found.neither)}.)"
        return f"In this model {_FOLLOWS[found.logic]}{near}"
    values = (found.token, found.place)

    def confused(digits: int) -> bool:
        marks = (found.halfway, 1.0)
        return any(each != mark and number(each, digits) == number(mark, digits) for each in values for mark in marks)

    digits = next((k for k in range(2, 6) if not confused(k)), 6)
    token, place, halfway = (number(each, digits) for each in (*values, found.halfway))
    return (
        f"In this model {_FOLLOWS[found.logic]} Enough is a cosine to the true vector of {halfway} or more: that is "
        f"halfway from a token with neither ({written(found.neither)}) to 1. The token elsewhere has **{token}**, "
        f"another token in its seat **{place}**."
    )


# how much of it holds that it takes the first token itself
VERDICTS: Mapping[Logic, Literal["holds", "fails", "cannot tell"]] = MappingProxyType(
    {"either": "fails", "token": "holds", "place": "fails", "both": "holds", "unclear": "cannot tell"}
)


def grid(found: Grid, means: Finding, cells: str, loud: Loudest, checkpoint: Checkpoint) -> str:
    """The sentence under the grid.

    Args:
        found: its cells.
        means: what its cosines say.
        cells: key of ``CELLS``.
        loud: the unit that is looked at.
        checkpoint: the model that read.
    """
    first = named(checkpoint)
    if cells == "cosine":
        return (
            f"{first} under another id has a cosine of **{written(means.token)}** to the true vector (mean), another "
            f"token under its id **{written(means.place)}**, and another token under another id "
            f"**{written(means.neither)}**."
        )
    values = found.received if cells == "received" else found.loud
    token, place, neither = (float(part.mean()) for part in (values[0, 1:], values[1:, 0], values[1:, 1:]))
    if cells == "received":
        return (
            f"In its own seat and under its own id {first} gets **{share(float(values[0, 0]))}** of a word’s reading; "
            f"under other ids {share(token)}, other tokens under its id **{share(place)}**, and other tokens under "
            f"other ids {share(neither)}."
        )
    write = ACTIVATION.write
    return (
        f"Unit {loud.unit} holds {share(loud.share)} of the squared length of {first} in layer {loud.layer}. There it "
        f"is **{write(float(values[0, 0]))}**; under other ids {write(token)}, for other tokens under its id "
        f"**{write(place)}**, and for other tokens under other ids {write(neither)}."
    )


def no_positions(checkpoint: Checkpoint) -> str:
    """Why a family has no grid."""
    return (
        f"**No position ids.** {escape.markdown(checkpoint.name)} knows how far apart tokens are, not where they "
        "stand, so a seat has no number that could be changed. Moving and replacing above say what can be said."
    )


def too_long_for_the_grid(cells: int, tokens: int) -> str:
    """Why a long text has no grid."""
    return (
        f"**Too long for the grid.** It reads a text {cells} times, and {plural(tokens, 'token')} are too many for "
        "that. Shorten the first text."
    )


def not_a_piece(word: str, pieces: Sequence[str], instead: str) -> str:
    """Why a typed word cannot sit in the seat, and what does instead."""
    what = f"is {plural(len(pieces), 'piece')} here, and a seat takes one" if pieces else "is not in the vocabulary"
    return f"**Not one piece.** {escape.quote(word, 24)} {what}. {escape.quote(instead, 24)} sits there instead."


def counted(tried: int, texts: int, own: int) -> str:
    """Whose texts were tried; a clause.

    Args:
        tried: texts.
        texts: that there are.
        own: of them the learner's.
    """
    some = f"the first {tried} of {plural(texts, 'text')}" if tried < texts else plural(texts, "text")
    return f"{some}, {own} of them yours" if own < tried else f"{some} of yours"
