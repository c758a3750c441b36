"""What the page on the gradients of four losses says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lib.checkpoints import Checkpoint
from lib.escape import markdown, quote, visible
from lib.quantities import exactly, listed, plural
from lib.reading import Loss
from lib.texts.sources import link
from lib.words.attention import named
from lib.words.terms import term
from pages.why.gradients.measures import LOSSES, Arriving

ANSWERS = ("Yes, more than most tokens’", "Yes, but less than most tokens’", "No, not at all")
NAMES: Mapping[Loss, str] = {
    "words": "masked words",
    "pairs": "next sentence",
    "mean": "similar texts, through the mean",
    "classifier": "a classifier on the first token",
}
WHAT: Mapping[Loss, str] = {
    "words": "Some tokens are replaced by the mask token, and the head for masked words must name them: the mean "
    "cross-entropy at these positions alone. The second text stands behind the first, as in BERT’s training.",
    "pairs": "Does the second text follow the first? The cross-entropy of the answer “it follows”, from the first "
    "token through the pooler and the head. It uses the same masked pair: BERT adds up both losses.",
    "mean": "The mean of all vectors should be more similar to the mean of the second text than to those of other "
    "sentences: the cross-entropy of cosines, times 20. Models such as all-MiniLM are trained like this.",
    "classifier": "A linear layer with two classes on the first token’s last vector, drawn at random, and the "
    "cross-entropy of the first class. Fine-tuning starts like this.",
}


def lead(speaker: Checkpoint) -> str:
    """The page's lead."""
    return (
        f"Training changes a vector only where the {term('gradient')} of its loss arrives. Which of four losses "
        f"trains the last vector of {named(speaker)}?"
    )


def question(speaker: Checkpoint) -> str:
    """What is asked before the picture."""
    return (
        f"BERT learned to predict masked words. Does this loss reach the vector of {named(speaker)} in the last layer?"
    )


def right(found: Arriving) -> tuple[str, ...]:
    """The right answer."""
    last = found.lengths["words"][-1]
    if last[0] == 0:
        return (ANSWERS[2],)
    return (ANSWERS[0] if last[0] > np.median(last[1:]) else ANSWERS[1],)


def because(found: Arriving, speaker: Checkpoint) -> str:
    """What was measured."""
    last, below = (float(found.lengths["words"][layer, 0]) for layer in (-1, -2))
    first = named(speaker)
    if last:
        return f"The gradient at {first} in layer {found.layers} has the length {exactly(last)}."
    return (
        f"The gradient is 0, exactly: the loss uses the masked tokens alone, and BERT never masks {first}. One layer "
        f"below it is {exactly(below)}, because masked tokens attend to {first}."
    )


def last(found: Arriving, layer: int, speaker: Checkpoint) -> str:
    """Under the picture: how many tokens each loss reaches.

    Args:
        found: the gradients.
        layer: that is shown.
        speaker: the model.
    """
    words, pairs, mean, classifier = (found.reached(loss, layer) for loss in LOSSES)
    return (
        f"Of {found.tokens} vectors in layer {layer}, masked words (\\*) reach **{words}**, next sentence **{pairs}**, "
        f"similar texts **{mean}** and the classifier **{classifier}**. A 0 is an exact zero: this "
        "loss changes nothing there."
    )


def headline(found: Arriving, layer: int, speaker: Checkpoint) -> str:
    """Above the picture."""
    missing = [NAMES[loss].split(",")[0] for loss in LOSSES if not found.lengths[loss][layer, 0]]
    if not missing:
        return f"In layer {layer}, all four losses reach {named(speaker)}"
    return f"In layer {layer}, every loss reaches {named(speaker)} but {listed(missing)}"


def layers(found: Arriving, loss: Loss, speaker: Checkpoint) -> str:
    """One loss at every layer."""
    top, below = found.reached(loss, found.layers), found.reached(loss, found.layers - 1)
    return (
        f"In the last layer this loss reaches **{top}** of {found.tokens} vectors, one layer below **{below}**. The "
        f"gradient at {named(speaker)} is largest in layer **{int(found.lengths[loss][:, 0].argmax())}**."
    )


def layers_headline(found: Arriving, loss: Loss) -> str:
    """Of one loss."""
    top, below = found.reached(loss, found.layers), found.reached(loss, found.layers - 1)
    if top < below:
        return "Below the last layer, attention carries the gradient to other tokens"
    return "This loss reaches as many tokens in every layer"


def masked(found: Arriving, second: str, ours: bool) -> str:
    """Which tokens are hidden, and which text stands behind."""
    names = [quote(visible(found.encoding.tokens[0][k])) for k in found.masked]
    shown = listed(names) if len(names) <= 4 else plural(len(names), "token")
    return f"Masked for the first loss: {shown}. The second text{' (ours)' if ours else ''}: {quote(second, 70)}"


def how() -> str:
    """How the four losses are computed."""
    return "\n".join(f"- **{NAMES[loss].capitalize()}.** {WHAT[loss]}" for loss in LOSSES)


def keep(speaker: Checkpoint) -> str:
    """The sentence to keep."""
    return (
        f"Masked words do not train the last vector of {named(speaker)}. Next-sentence prediction does, and so does "
        "every loss that uses this vector."
    )


def claim(speaker: Checkpoint) -> str:
    """The claim."""
    return f"“Predicting masked words trained the output of {markdown(speaker.first_token)}.”"


def scope(found: Arriving, speaker: Checkpoint) -> tuple[str, str, str]:
    """What holds where."""
    return (
        f"In {markdown(speaker.name)} masked words reach {plural(found.reached('words', found.layers), 'vector')} of "
        f"the last layer on this text, those of the masked tokens.",
        f"BERT’s code leaves its first token and the separators out when it draws what is masked "
        f"({link('google_bert')}), so the zero is exact for every text.",
        "RoBERTa may mask its first token, too: there, the last vector is trained to name that token "
        f"({link('fairseq_code')}). Models that are trained through the mean give every token the same share.",
    )
