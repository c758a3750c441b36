"""The answer to the question, in four statements with the numbers of the texts on screen."""

from __future__ import annotations

from collections.abc import Sequence

from lib.checkpoints import Checkpoint
from lib.escape import quote
from lib.measures.story import Story
from lib.measures.vectors import EQUAL
from lib.quantities import COSINE, ROUNDING, exactly, nothing, plural
from lib.reading import Floats
from lib.texts.sources import link
from lib.words import whose
from lib.words.attention import named
from lib.words.terms import term


def statements(way: Story, texts: Sequence[str], by_cls: Floats, by_mean: Floats, model: Checkpoint) -> dict[str, str]:
    """The four statements, by key.

    Args:
        way: of the first text's first token.
        texts: all of them, at least two.
        by_cls: float32[texts - 1], cosine of the others to the first text by the first token's vector.
        by_mean: float32[texts - 1], the same by the mean of all tokens.
        model: that reads.
    """
    return {
        "start": start(way, texts, model),
        "place": place(way, texts[0], model),
        "training": training(model),
        "rest": rest(texts, by_cls, by_mean, model),
    }


def start(way: Story, texts: Sequence[str], model: Checkpoint) -> str:
    """Where the first token starts: as the same vector in every text, in most models."""
    if way.start > ROUNDING:
        return (
            f"**It has no meaning of its own.** It is no word of {whose.text(texts[0])}. In this model it is not "
            f"the same vector in all {plural(len(texts), 'text')} before the first layer: the largest difference is "
            f"**{exactly(way.start)}**."
        )
    return (
        f"**It has no meaning of its own.** Before the first layer {named(model)} is the same vector in all "
        f"{plural(len(texts), 'text')} (largest difference: **{nothing(way.start)}**) and knows nothing of them. So it "
        "can become a summary."
    )


def place(way: Story, text: str, model: Checkpoint) -> str:
    """Whether being first keeps it from any token."""
    everywhere, length = int((way.attends_to > 0).all(axis=0).sum()), way.attends_to.shape[1]
    attends = term("attention", "attends")
    begin = f"**Being first costs nothing.** In BERT every token {attends} to all others, left and right"
    if everywhere == length:
        return f"{begin}: {named(model)} to all **{plural(length, 'token')}** of {whose.text(text)}."
    somewhere = int((way.attends_to > 0).any(axis=0).sum())
    return (
        f"{begin}. This model lets a token attend to its neighbours only in some layers; in the others {named(model)} "
        f"attends to **{somewhere}** of {plural(length, 'token')}."
    )


def training(model: Checkpoint) -> str:
    """What makes it the vector to use."""
    return (
        f"**Training made it the vector to use.** BERT was {term('pretraining', 'pretrained')} to tell from its first "
        f"vector whether a text follows another ({term('next-sentence prediction')}), and is "
        f"{term('fine-tuning', 'fine-tuned')} through it ({link('devlin2019')}). No other final vector gets that "
        f"{term('loss')}."
    )


def rest(texts: Sequence[str], by_cls: Floats, by_mean: Floats, model: Checkpoint) -> str:
    """What the other vectors are good for, where the first one was trained for nothing like it.

    Args:
        texts: all, at least two.
        by_cls: float32[texts - 1], cosine to the first text by the first token's vector.
        by_mean: float32[texts - 1], the same by the mean of all tokens.
        model: whose first token it is.
    """
    begin = "**The rest is not useless.** Without such training the mean of all vectors is often better."
    one, texts = whose.text(texts[0], which="first"), texts[1:]
    near = int(by_cls.argmax())
    other = int(by_mean.argmax())
    if near != other and by_cls[near] - by_cls[other] >= EQUAL and by_mean[other] - by_mean[near] >= EQUAL:
        return (
            f"{begin} Nearest to {one} is {quote(texts[near], 30)} by {named(model)} "
            f"({term('cosine')} **{COSINE.write(by_cls[near])}**), but {quote(texts[other], 30)} by the mean "
            f"(**{COSINE.write(by_mean[other])}**)."
        )
    return (
        f"{begin} To {quote(texts[near], 30)}, {one} has a {term('cosine')} of **{COSINE.write(by_cls[near])}** by "
        f"{named(model)} and **{COSINE.write(by_mean[near])}** by the mean."
    )
