"""The answer to the question, in three sentences about the texts on screen."""

from __future__ import annotations

from collections.abc import Sequence

from lib.checkpoints import Checkpoint
from lib.escape import markdown, quote
from lib.measures.vectors import EQUAL
from lib.quantities import COSINE, ROUNDING, exactly, nothing, plural, share
from lib.reading import Floats
from pages.start.question.measures import Story

NONE = 0.005  # of what reading does, below which a whole percent is written as none


def start(way: Story, texts: int, model: Checkpoint) -> str:
    """Where the first token starts: as the same vector in every text, in most models."""
    first = markdown(model.first_token)
    if way.start > ROUNDING:
        return (
            f"Before the first layer {first} is not the same vector in all {plural(texts, 'text')}: the largest "
            f"difference is **{exactly(way.start)}**."
        )
    return (
        f"It starts as a seat and not as a word. Before the first layer {first} is the same vector in all "
        f"{plural(texts, 'text')}: the largest difference is **{nothing(way.start)}**."
    )


def reads(way: Story, alone: float | None) -> str:
    """How much of its reading the text gets, and what the last layer alone brings.

    Args:
        way: of the first token.
        alone: what :func:`pages.start.question.measures.brought_back` found; None where that was not measured.
    """
    layers = len(way.words)
    if not way.words.any():
        return "Your text has no piece of its own here, so there is nothing of it to read."
    begin = (
        f"What it knows of your text, it read. In layer {way.peak} your text gets "
        f"**{share(way.words[way.peak - 1])}** of its reading"
    )
    if layers == 1:
        return f"{begin}. This model has one layer only."
    if way.peak < layers:
        rest = f"in the last layer, layer {layers}, it gets {share(way.words[-1])}"
    elif layers == 2:
        rest = f"in layer 1 it gets {share(way.before)}"
    else:
        rest = f"in the {layers - 1} layers before it gets {share(way.before)} on average"
    said = f"{begin}, the most of all layers; {rest}."
    return said if alone is None else f"{said} {_alone(alone, layers)}"


def _alone(alone: float, layers: int) -> str:
    """What the last layer alone does, beside none."""
    may = f"If it may read in layer {layers} alone, its final vector ends"
    if abs(alone) < NONE:
        return f"{may} as far from the usual one as if it may read nothing."
    how = share(abs(alone))
    return f"{may} **{how}** {'nearer to' if alone > 0 else 'farther from'} the usual one than if it may read nothing."


def good(texts: Sequence[str], by_cls: Floats, by_mean: Floats, model: Checkpoint) -> str:
    """What its vector is near to, and what the mean says of the same texts.

    Args:
        texts: the others, at least one.
        by_cls: float32[texts], cosine to the first text by the first token's vector.
        by_mean: float32[texts], the same by the mean of all tokens.
        model: whose first token it is.
    """
    begin = f"What it is good for depends on its training: here it was {model.first_vector}. "
    near, far = int(by_cls.argmax()), int(by_cls.argmin())
    if len(texts) > 1 and by_cls[near] - by_cls[far] < EQUAL:
        return begin + (
            f"It puts all {len(texts)} other texts equally near to your first one (cosine "
            f"**{COSINE.write(by_cls[near])}**)."
        )
    if near == far:
        return begin + (
            f"Its cosine between your first text and {quote(texts[near])} is **{COSINE.write(by_cls[near])}**; "
            f"the mean of all tokens gives {COSINE.write(by_mean[near])}."
        )
    return begin + (
        f"It puts {quote(texts[near])} nearest to your first text (cosine **{COSINE.write(by_cls[near])}**) and "
        f"{quote(texts[far])} farthest (**{COSINE.write(by_cls[far])}**); the mean of all tokens gives the two "
        f"{COSINE.write(by_mean[near])} and {COSINE.write(by_mean[far])}."
    )
