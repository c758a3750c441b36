"""The token or its position, in words: what each change makes of the first token's vector, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.found import Verdict
from lib.measures.place import Finding, Grid, Key, Logic, Loudest, Near, Tried, means
from lib.measures.probe import Control, Score
from lib.measures.vectors import Doubles
from lib.quantities import ACTIVATION, listed, number, plural, power, share, written
from lib.words.attention import named
from lib.words.classify import within
from pages.change.place.measures import ROUNDING, Proofs

ANSWERS = (
    "Closer to the old first token’s vector",
    "Closer to an ordinary token’s vector",
    "About as close to both",
)
AS_CLOSE = 0.1  # difference of two cosines up to which a vector counts as about as close to both
NEARLY = 0.9  # cosine from which on a token has nearly the first token's vector
AS_MUCH = 0.1  # of the untouched value: up to there two are about the same

# what can be asked of the changed vectors
MEASURES: Mapping[str, str] = MappingProxyType(
    {"vector": "Final vector", "between": "Similarity of texts", "received": "Attention to it", "probe": "A classifier"}
)
ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "vector": "cosine to the unchanged vector",
        "between": "cosine of two texts, by this vector",
        "received": "attention weight from the average word",
        "probe": "accuracy of the classifier",
    }
)
# what the cells of the grid can hold
CELLS: Mapping[str, str] = MappingProxyType(
    {"cosine": "Final vector", "received": "Attention to it", "loud": "Dimension {}"}
)


def question(checkpoint: Checkpoint) -> str:
    """What is asked before the experiment."""
    return (
        f"We put another word in place of {named(checkpoint)} and change nothing else. Which vector stands in the "
        "first position after the last layer?"
    )


def guessed(found: Finding) -> str | tuple[()]:
    """The answer of ``ANSWERS`` that is right here; none where it cannot be told."""
    if found.logic == "unclear":
        return ()
    gap = found.place.first - found.place.ordinary
    return ANSWERS[2 if abs(gap) <= AS_CLOSE else 0 if gap > 0 else 1]


def because(found: Finding, word: str, texts: int, checkpoint: Checkpoint) -> str:
    """Where the other word ends, for the reveal."""
    first, ordinary = _unlike(found.place)
    return (
        f"With {escape.quote(word, 24)} in its place, the final vector has a cosine of **{first}** to that of "
        f"{named(checkpoint)} and of {ordinary} to that of a token in the middle (mean of {plural(texts, 'text')})."
    )


def _unlike(near: Near) -> tuple[str, str]:
    """Both cosines, with as many decimals as tell them apart."""
    first, ordinary = written(near.first), written(near.ordinary)
    for digits in (3, 4, 5):
        if first != ordinary or near.first == near.ordinary:
            break
        first, ordinary = number(near.first, digits), number(near.ordinary, digits)
    return first, ordinary


def label(key: Key, word: str, position: int | None, checkpoint: Checkpoint) -> str:
    """A change's name beside its row; plain text."""
    first = checkpoint.first_token
    return {
        "untouched": f"{first} as it is",
        "middle": f"{first} moved to the middle",
        "last": f"{first} moved to the end",
        "position": f"{first} with position id {position}",
        "doubled": f"two {first}: the first",
        "copy": f"two {first}: the second",
        "replaced": f"“{escape.cut(escape.visible(word), 12)}” in place of {first}",
        "removed": f"{first} removed: the next token",
        "other": "a token in the middle",
    }[key]


def whose(key: Key, word: str, position: int | None, checkpoint: Checkpoint) -> str:
    """The watched token of a change, in a sentence; Markdown."""
    first = named(checkpoint)
    return {
        "untouched": f"the unchanged {first}",
        "middle": f"{first} moved to the middle",
        "last": f"{first} moved to the end",
        "position": f"{first} with position id {position}",
        "doubled": f"{first} before a second one",
        "copy": f"a second {first} in the middle",
        "replaced": f"{escape.quote(word, 24)} in place of {first}",
        "removed": f"the next token where {first} is removed",
        "other": "a token in the middle",
    }[key]


def _values(
    keys: Sequence[Key], values: Mapping[Key, str], word: str, position: int | None, checkpoint: Checkpoint
) -> str:
    told = [f"{whose(key, word, position, checkpoint)} **{values[key]}**" for key in keys if key in values]
    return listed(told)


def vector(tried: Tried, word: str, position: int | None, checkpoint: Checkpoint) -> str:
    """How near each final vector comes to the unchanged one."""
    last = tried.cosines[-1].mean(axis=0)
    values = {key: written(float(value)) for key, value in zip(tried.keys, last, strict=True)}
    return (
        f"Cosine to the final vector of the unchanged {named(checkpoint)}: "
        f"{_values(('replaced', 'last', 'removed'), values, word, position, checkpoint)}. "
        f"For comparison, a token in the middle has **{values['other']}**."
    )


def between(tried: Tried, word: str, position: int | None, checkpoint: Checkpoint) -> str:
    """How similar the texts are by each of these vectors."""
    if not tried.between.size:
        return "There is one text only, so there are no two to compare. Add another one above."
    values = {key: written(float(value)) for key, value in zip(tried.keys, tried.between.mean(axis=0), strict=True)}
    return (
        f"Mean cosine of two texts, by the vector of "
        f"{_values(('untouched', 'replaced', 'removed'), values, word, position, checkpoint)}, and of a token in the "
        f"middle **{values['other']}**. A vector that holds nothing of its text would give 1."
    )


def received(tried: Tried, even: float, word: str, position: int | None, checkpoint: Checkpoint) -> str:
    """How much attention each gets.

    Args:
        tried: a few texts under every variant.
        even: what each token would get if all got the same, mean over the texts.
        word: in place of the first token.
        position: the other id.
        checkpoint: the model.
    """
    if np.isnan(tried.received[:, 0]).any():
        return f"A text has no word that could attend to {named(checkpoint)}."
    values = {key: share(float(value)) for key, value in zip(tried.keys, tried.received.mean(axis=0), strict=True)}
    return (
        f"Attention weight that the average word gives to "
        f"{_values(('untouched', 'replaced', 'last'), values, word, position, checkpoint)}. "
        f"A token in the middle gets **{values['other']}**; an even share is **{share(even)}**."
    )


def probed(scores: Mapping[Key, Score], same: Mapping[Key, float], checkpoint: Checkpoint) -> str:
    """What the ready classifier makes of changed vectors.

    Args:
        scores: variant -> right answers on the sample.
        same: variant -> answers that are the same as for the unchanged vector.
        checkpoint: the model that read.
    """
    changed = [key for key in scores if key not in ("untouched", "other")]
    shares, agreed = [scores[key].value for key in changed], [same[key] for key in changed]
    return (
        f"A classifier that learned from the unchanged {named(checkpoint)} is right on "
        f"**{share(min(shares))} to {share(max(shares))}** of {scores['untouched'].texts} held-out sentences with a "
        f"changed vector. On {share(min(agreed))} to {share(max(agreed))} it answers as for the unchanged one."
    )


def learned(score: Score, control: Control, checkpoint: Checkpoint) -> str:
    """How the classifier was made, and how good it is."""
    return (
        f"The classifier is a logistic regression on the final vector of {named(checkpoint)}. It is right on "
        f"{within(score)} of {plural(score.texts, 'labelled sentence')} of ours; it had seen neither the sentence nor "
        f"its opposite. With labels dealt out at random, {control.deals} times, it is right on {share(control.low)} "
        f"to {share(control.high)}."
    )


def headline(measure: str, tried: Tried, word: str, checkpoint: Checkpoint) -> str:
    """The finding of one measure as the title of its picture; Markdown."""
    first, quoted = named(checkpoint), escape.quote(word, 16)
    place = tried.at("replaced")
    if measure == "vector":
        near = float(tried.cosines[-1].mean(axis=0)[place])
        if near >= NEARLY:
            return f"{quoted} in the first position ends with nearly the vector of {first}"
        return f"{quoted} in the first position does not end with the vector of {first}"
    if measure == "probe":
        return f"What a classifier for {first} says of the changed vectors"
    values = {"between": tried.between, "received": tried.received}[measure]
    if not values.size or np.isnan(values).any():
        return f"The changed vectors beside {first}"
    true, changed = float(values[:, 0].mean()), float(values[:, place].mean())
    same = abs(changed - true) <= AS_MUCH * abs(true)
    if measure == "between":
        how = "as similar as" if same else "more similar than" if changed > true else "less similar than"
        return f"By {quoted} in the first position, the texts are {how} by {first}"
    how = "about as much attention as" if same else "more attention than" if changed > true else "less attention than"
    return f"{quoted} in the first position gets {how} {first}"


def turning(
    key: Key, way: Doubles, ordinary: float, own: Doubles | None, word: str, position: int | None, model: Checkpoint
) -> str:
    """How one change's token comes to its vector, layer by layer.

    Args:
        key: of the change.
        way: float64[layers+1], cosine to the unchanged first token.
        ordinary: cosine of the token in the middle in the last layer.
        own: float64[layers+1], cosine to the vector it had itself before; None where that is no other one.
        word: in place of the first token.
        position: the other id.
        model: that read.
    """
    last, start = len(way) - 1, whose(key, word, position, model)
    most = next(k for k, value in enumerate(way) if value >= way.max() - 0.01)
    sentence = (
        f"{start[:1].upper()}{start[1:]} begins with a cosine of **{written(float(way[0]))}** to the unchanged "
        f"{named(model)} in the same layer"
    )
    sentence += f", has **{written(float(way[most]))}** after layer {most}" if most not in (0, last) else ""
    sentence += f" and ends with **{written(float(way[last]))}**. A token in the middle ends with "
    sentence += f"**{written(ordinary)}**."
    if own is None:
        return sentence
    nearer, kept = (written(float(each[last])) for each in (way, own))
    more = "as near to" if nearer == kept else "nearer to" if way[last] > own[last] else "farther from"
    return (
        f"{sentence} To its own vector from before it has {kept}: it ends {more} {named(model)} "
        f"{'as' if nearer == kept else 'than'} to itself."
    )


def turning_headline(key: Key, way: Doubles, word: str, position: int | None, model: Checkpoint) -> str:
    """In which layer it gets nearly the first token's vector; Markdown."""
    start = whose(key, word, position, model)
    start = f"{start[:1].upper()}{start[1:]}"
    far = np.flatnonzero(way < NEARLY)
    if not len(far):
        return f"{start} is close to the unchanged {named(model)} in every layer"
    if far[-1] == len(way) - 1:
        return f"{start} does not stay close to the unchanged {named(model)}"
    return f"{start} is close to the unchanged {named(model)} from layer {far[-1] + 1} on"


_FOLLOWS: Mapping[Logic, str] = MappingProxyType(
    {
        "either": "So either is enough: the token {first}, or the first position.",
        "token": "So the token {first} is enough, and the first position is not.",
        "place": "So the first position is enough, and the token {first} is not.",
        "both": "So neither is enough alone: it takes the token {first} and the first position.",
    }
)


def follows(found: Finding, checkpoint: Checkpoint) -> str:
    """What it takes, with its numbers and what "enough" means."""
    first = named(checkpoint)
    if found.logic == "unclear":
        near = "" if np.isnan(found.neither) else f" (cosine {written(found.neither)})"
        return (
            f"In this model even a token in the middle ends close to {first}{near}, so it cannot be told what decides. "
            "Texts of several different words would tell more."
        )
    token, place = _unlike(found.token), _unlike(found.place)
    return (
        f"We call it enough if the final vector is closer to the unchanged {first} than to an ordinary token. "
        f"{first} in another position has a cosine of **{token[0]}** to the first and {token[1]} to the second; "
        f"another word in the first position has **{place[0]}** and {place[1]}. "
        + _FOLLOWS[found.logic].format(first=first)
    )


# how much of it holds that it takes the first token itself
VERDICTS: Mapping[Logic, Verdict] = MappingProxyType(
    {"either": "fails", "token": "holds", "place": "fails", "both": "holds", "unclear": "cannot tell"}
)


def grid(found: Grid, cells: str, loud: Loudest, checkpoint: Checkpoint) -> str:
    """The sentence under the grid.

    Args:
        found: its cells.
        cells: key of ``CELLS``.
        loud: the dimension that is looked at.
        checkpoint: the model that read.
    """
    first = named(checkpoint)
    values = {"cosine": found.cosine, "received": found.received, "loud": found.loud}[cells]
    token, place, neither = means(values)
    write = {"cosine": written, "received": share, "loud": ACTIVATION.write}[cells]
    what = {
        "cosine": "Mean cosine to the unchanged final vector",
        "received": "Attention weight from the average word",
        "loud": f"Dimension {loud.unit} holds {share(loud.share)} of the squared length of {first} in layer "
        f"{loud.layer}. Its activation there",
    }[cells]
    return (
        f"{what}: {first} with another position id **{write(token)}**, another token with the position id of {first} "
        f"**{write(place)}**, and another token with another id **{write(neither)}**."
    )


def grid_headline(found: Grid, checkpoint: Checkpoint) -> str:
    """Whether the token or its position id is enough; Markdown."""
    first = named(checkpoint)
    token, place, neither = means(found.cosine)
    near = {(True, True): f"The token {first} is enough, and so is its position id"}
    near |= {(True, False): f"The token {first} is enough, its position id is not"}
    near |= {(False, True): f"The position id of {first} is enough, the token is not"}
    near |= {(False, False): f"It takes the token {first} and its position id"}
    if neither >= NEARLY:
        return "Every token with every position id ends with nearly the same vector"
    return near[token >= NEARLY, place >= NEARLY]


def no_positions(checkpoint: Checkpoint) -> str:
    """Why a family has no grid."""
    return (
        f"**No position ids.** {escape.markdown(checkpoint.name)} knows how far apart tokens are, not where they "
        "stand, so there is no number that could be changed. Moving and replacing above say what can be said."
    )


def too_long_for_the_grid(cells: int, tokens: int) -> str:
    """Why a long text has no grid."""
    return (
        f"**Too long for this table.** It needs {cells} passes of a text, and {plural(tokens, 'token')} are too many "
        "for that. Shorten the first text."
    )


def not_a_token(word: str, tokens: Sequence[str], instead: str) -> str:
    """Why a typed word cannot stand in the first position, and what does instead."""
    what = f"is {plural(len(tokens), 'token')} here, and only one fits" if tokens else "is not in the vocabulary"
    return f"**Not one token.** {escape.quote(word, 24)} {what}. We take {escape.quote(instead, 24)} instead."


def counted(tried: int, texts: int, own: int) -> str:
    """Whose texts were tried; a clause.

    Args:
        tried: texts.
        texts: that there are.
        own: of them the learner's.
    """
    some = f"the first {tried} of {plural(texts, 'text')}" if tried < texts else plural(texts, "text")
    return f"{some}, {own} of them yours" if own < tried else some


def proofs(found: Proofs) -> list[tuple[str, str, bool]]:
    """What the page proves of itself: what should hold, what was found, whether it does."""
    return [
        (
            "an unchanged text has the same vectors inside and outside of this batch",
            f"the largest difference is {power(found.same)}",
            found.same < ROUNDING,
        ),
        (
            f"your tokens and their order are the same in all {plural(found.rows, 'row')}",
            "id by id" if found.kept else "they differ",
            found.kept,
        ),
        (
            "the attention weights of a watched token add up to 1",
            f"the largest deviation is {power(found.off)}",
            found.off < ROUNDING,
        ),
    ]
