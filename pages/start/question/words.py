"""What the picture of the whole way shows, in a sentence about the texts on screen."""

from __future__ import annotations

from lib.checkpoints import Checkpoint
from lib.escape import markdown
from lib.measures.story import Story
from lib.quantities import plural, share
from lib.reading import Reading
from lib.words import whose
from lib.words.attention import named

NONE = 0.005  # of what attention does, below which a whole percent is written as none


def lead(model: Checkpoint) -> str:
    """The learner's question."""
    return (
        f"BERT returns one vector for every token. To classify a text, people often keep only that of {named(model)} "
        "and throw the others away. Why?"
    )


def subject(model: Checkpoint) -> str:
    """Which model's numbers these are."""
    return f"Numbers of {markdown(model.name)}; its first vector was {model.first_vector}."


def captions(reading: Reading, row: int, model: Checkpoint) -> tuple[str, str, str, str]:
    """The four parts of the way; plain text.

    Args:
        reading: of the texts.
        row: the text that is followed.
        model: that read them.
    """
    first, texts = model.first_token, reading.encoding.texts
    return (
        f"A tokenizer puts {first} in front of {whose.text(texts[row])}: position 0 of "
        f"{plural(int(reading.encoding.lengths[row]), 'token')}.",
        f"In each layer {first} attends to tokens, to some more than to others. A row is a layer, and adds up to 100%.",
        f"After the last layer each token has a vector of {reading.hidden} numbers. A classifier keeps one of them: "
        "last_hidden_state[:, 0].",
        "That one vector now stands for the whole text. Here it is compared with the other texts.",
    )


def way(way: Story, model: Checkpoint) -> str:
    """In which layer the text gets most of the attention.

    Args:
        way: of the first token.
        model: that reads.
    """
    layers, first = len(way.words), named(model)
    if not way.words.any():
        return f"The text has no token of its own here, so there is nothing for {first} to attend to."
    most = share(way.words[way.peak - 1])
    begin = f"In layer {way.peak} the text gets **{most}** of the attention of {first}"
    return f"{begin}. This model has one layer only." if layers == 1 else f"{begin}, the most of all layers."


def alone(brought: float | None, layers: int, model: Checkpoint) -> str:
    """What the last layer alone does, beside none.

    Args:
        brought: what :func:`lib.measures.story.brought_back` found; None where that cannot be measured.
        layers: of the model.
        model: that reads.
    """
    if brought is None:
        return "This is not measured here: the text is too long, or attention changes nothing."
    may = f"If {named(model)} may attend to others in layer {layers} alone, its final vector ends"
    if abs(brought) < NONE:
        return f"{may} as far from the usual one as if it may attend to none."
    how = share(abs(brought))
    return (
        f"{may} **{how}** {'nearer to' if brought > 0 else 'farther from'} the usual one than if it may attend to none."
    )
