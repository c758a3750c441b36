"""What the picture of the whole way shows, in a sentence about the texts on screen."""

from __future__ import annotations

from lib.checkpoints import Checkpoint
from lib.escape import markdown
from lib.measures.story import Story
from lib.quantities import plural, share
from lib.reading import Reading
from lib.words.attention import named

NONE = 0.005  # of what attention does, below which a whole percent is written as none


def lead(model: Checkpoint) -> str:
    """The learner's question."""
    return (
        "BERT returns one vector for every token of a text. To classify the text, people often keep only the first "
        f"one, that of {named(model)}, and throw the others away. Why?"
    )


def subject(model: Checkpoint) -> str:
    """Which model's numbers these are."""
    return (
        f"The numbers are of {markdown(model.name)}. Its first vector was {model.first_vector}. Each step says what "
        "holds for BERT too, and what only here."
    )


def captions(reading: Reading, row: int, model: Checkpoint) -> tuple[str, str, str, str]:
    """The four parts of the way; plain text.

    Args:
        reading: of the texts.
        row: the text that is followed.
        model: that read them.
    """
    first = model.first_token
    return (
        f"A tokenizer puts {first} in front of your text: position 0 of "
        f"{plural(int(reading.encoding.lengths[row]), 'token')}.",
        f"In each layer {first} attends to tokens, to some more than to others. A row is a layer, and adds up to 100%.",
        f"After the last layer each token has a vector of {reading.hidden} numbers. A classifier keeps one of them: "
        "last_hidden_state[:, 0].",
        "That one vector now stands for your whole text. Here it is compared with your other texts.",
    )


def reads(way: Story, alone: float | None, model: Checkpoint) -> str:
    """How much of its attention the text gets, and what the last layer alone brings.

    Args:
        way: of the first token.
        alone: what :func:`lib.measures.story.brought_back` found; None where that was not measured.
        model: that reads.
    """
    layers, first = len(way.words), named(model)
    if not way.words.any():
        return f"Your text has no token of its own here, so there is nothing for {first} to attend to."
    most = share(way.words[way.peak - 1])
    begin = f"In layer {way.peak} the tokens of your text get **{most}** of the attention of {first}"
    if layers == 1:
        return f"{begin}. This model has one layer only."
    if way.peak < layers:
        rest = f"in the last layer, layer {layers}, they get {share(way.words[-1])}"
    elif layers == 2:
        rest = f"in layer 1 they get {share(way.before)}"
    else:
        rest = f"in the {layers - 1} layers before they get {share(way.before)} on average"
    whole = f"{begin}, the most of all layers; {rest}."
    return whole if alone is None else f"{whole} {_alone(alone, layers)}"


def _alone(alone: float, layers: int) -> str:
    """What the last layer alone does, beside none."""
    may = f"If it may attend to others in layer {layers} alone, its final vector ends"
    if abs(alone) < NONE:
        return f"{may} as far from the usual one as if it may attend to none."
    how = share(abs(alone))
    return (
        f"{may} **{how}** {'nearer to' if alone > 0 else 'farther from'} the usual one than if it may attend to none."
    )
