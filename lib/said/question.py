"""The answer to the question, in three sentences about the texts on screen."""

from __future__ import annotations

from collections.abc import Sequence

from lib.checkpoints import Checkpoint
from lib.escape import markdown, quote
from lib.measures.story import Story
from lib.quantities import COSINE, exactly, plural, share
from lib.reading import Floats


def start(way: Story, texts: int, model: Checkpoint) -> str:
    """Where the first token starts: as the same vector in every text."""
    return (
        f"It starts as a seat and not as a word. Before the first layer {markdown(model.first_token)} is the same "
        f"vector in all {plural(texts, 'text')}: the largest difference is **{exactly(way.start)}**."
    )


def reads(way: Story, layers: int) -> str:
    """When it reads the text."""
    words = share(way.words[way.peak - 1])
    most = f"What it knows of your text, it read. In layer {way.peak} your text gets **{words}** of "
    if layers == 1:
        return most + "its reading. This model has one layer only."
    before = (
        f"its reading, the most of all layers; in {_before(layers)} it gets {share(way.before)}"
        f"{' on average' if layers > 2 else ''}. "
    )
    if way.late:
        return most + before + "In this model, on this text, it reads at the very last moment."
    return most + before + "In this model, on this text, it does not wait for the last layer."


def _before(layers: int) -> str:
    return "the layer before the last" if layers == 2 else f"the {layers - 1} layers before the last"


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
