"""What the page on next-sentence prediction says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.checkpoints import Checkpoint, Taught
from lib.escape import cut, markdown, quote, visible
from lib.quantities import count, number, percent, plural, share
from lib.reading import Floats
from lib.taught import interval
from lib.texts.sources import link
from lib.words.attention import named
from lib.words.terms import term

QUESTION = "What will the model say of text B?"
ANSWERS = ("It follows text A", "It is a random text")
CLAIM = "“The output of [CLS] is a probability.”"
UNSURE = 0.01  # a probability that is so near to one half says nothing, and may be on the other side elsewhere
ROWS = ("as typed", "A and B swapped", "another topic in B", "without segments")
KINDS = ("text B follows", "text B stands first", "a text on the same topic", "a text on another topic")


def lead(speaker: Checkpoint) -> str:
    """The page's lead."""
    return (
        f"BERT learned from pairs of texts: from {named(speaker)} alone it had to tell whether text B follows text A "
        f"({term('next-sentence prediction')}). Of all final vectors only that of {named(speaker)} was "
        "trained for this."
    )


def two(first: str, second: str, ours: bool) -> str:
    """The two texts."""
    whose = " (ours)" if ours else ""
    return f"**A** {quote(first, 100)}  \n**B** {quote(second, 100)}{whose}"


def right(follows: float) -> tuple[str, ...]:
    """The answers that are right for a probability; none where it is one half."""
    if abs(follows - 0.5) < UNSURE:
        return ()
    return (ANSWERS[0] if follows > 0.5 else ANSWERS[1],)


def because(follows: float, speaker: Checkpoint, model: Checkpoint) -> str:
    """What is said of the pair, and by which model where it is not the chosen one."""
    other = "" if model.slug == speaker.slug else f"{markdown(model.name)} has no head for this, so another speaks. "
    return f"{other}{markdown(speaker.name)} gives a probability of {percent(follows)} that text B follows text A."


def headline(follows: float) -> str:
    """Of the way."""
    return f"A vector goes in, a probability comes out: {percent(follows)}"


def way(hidden: int, logits: Floats, follows: float, speaker: Checkpoint) -> str:
    """From the vector to the probability.

    Args:
        hidden: size of the vector.
        logits: float32[2], follows and random.
        follows: the probability.
        speaker: the model.
    """
    yes, no = (number(float(each), 2) for each in logits)
    return (
        f"{named(speaker)} gives **{hidden}** numbers, the {term('pooler')} makes as many others, and tanh keeps them "
        f"between −1 and 1. The {term('head')} adds them up to two {term('logit', 'logits')}, **{yes}** and **{no}**. "
        f"{term('softmax', 'Softmax')} turns these into a probability of **{percent(follows)}**."
    )


def keep(speaker: Checkpoint) -> str:
    """The sentence to keep."""
    return (
        f"BERT’s {named(speaker)} was trained to answer one question about two texts. Its output is a vector; the "
        "head behind it makes a probability."
    )


def settled(hidden: int, follows: float, speaker: Checkpoint) -> str:
    """Why the claim fails."""
    return (
        f"In {markdown(speaker.name)} it is a vector of {hidden} numbers. A pooler and a head behind it make one "
        f"probability of them, here {percent(follows)}."
    )


def changed(names: Sequence[str], follows: Floats) -> str:
    """What each change does.

    Args:
        names: of the rows, the first as typed.
        follows: float32[rows].
    """
    moved = np.abs(follows - follows[0])
    most = int(moved[1:].argmax()) + 1
    return (
        f"As typed, the model gives **{percent(float(follows[0]))}** to “follows”, and with A and B swapped "
        f"**{percent(float(follows[1]))}**. The answer changes most with “{markdown(names[most])}”, to "
        f"**{percent(float(follows[most]))}**."
    )


def changed_headline(follows: Floats) -> str:
    """Of the changes.

    Args:
        follows: float32[rows], the first as typed, then swapped, then with another topic.
    """
    swapped, topic = (abs(float(follows[k] - follows[0])) for k in (1, 2))
    if abs(swapped - topic) < 0.02:
        return "Swapping the texts and changing the topic do about the same"
    return (
        "Another topic changes the answer more than another order"
        if topic > swapped
        else "Another order changes the answer more than another topic"
    )


def another(word: str, by: str) -> str:
    """A row's name; plain."""
    return f"“{cut(visible(word), 16)}” becomes “{cut(visible(by), 16)}”"


def topics(said: Sequence[int], of: int) -> str:
    """How often the model says that text B follows, by what text B is.

    Args:
        said: how often, by ``KINDS``.
        of: how many pairs of each kind there are.
    """
    shares = [share(each / of) for each in said]
    return (
        f"Of {plural(of, 'passage')} of ours, the model calls **{shares[0]}** “follows”. Swapped, so that the order is "
        f"wrong, it still says so of **{shares[1]}**; with a text on another topic, of **{shares[3]}**."
    )


def topics_headline(said: Sequence[int], of: int) -> str:
    """Of the topics."""
    order, topic = said[0] - said[1], said[0] - said[3]
    (_, high), (low, _) = interval(said[3], of), interval(said[1], of)
    if topic > order and low > high:
        return "The model notices the topic, and the order much less"
    return "The topic counts more than the order" if topic > order else "The order counts at least as much as the topic"


def albert() -> str:
    """What was found before."""
    return (
        f"The makers of ALBERT found the same ({link('lan2020')}). A model trained on next sentences was right on "
        "90.5% of such pairs. When it had to tell the order of two texts it was right on 52.0%, which is near chance."
    )


def score(right: int, model_right: int, of: int) -> str:
    """How often the learner was right, and the model on the same pairs."""
    return f"You are right on **{right} of {of}**, and the model on **{model_right} of {of}**."


def told(said: bool, follows: bool, probability: float) -> str:
    """The answer to one pair."""
    truth = "B follows A" if follows else "B is a text from elsewhere"
    mark = "●" if said == follows else "○"
    return f"{mark} **{truth}.** The model gives {percent(probability)} to “follows”."


def pair(n: int, of: int, first: str, second: str) -> str:
    """A pair to be guessed."""
    return f"Pair {n} of {of}\n\n**A** {markdown(first)}\n\n**B** {markdown(second)}"


def scope(follows: float, speaker: Checkpoint) -> tuple[str, str, str]:
    """What holds where."""
    made = speaker.where
    if isinstance(made, Taught):
        found = made.scores
        how = f" It was taught for {count(made.step)} steps."
        if found is not None:
            low, high = interval(found.nsp_right, found.pairs)
            how = (
                f" On {count(found.pairs)} held-out pairs it is right on {share(found.nsp_right / found.pairs)} (95% "
                f"interval {share(low)} to {share(high)})."
            )
        here = f"On this page {markdown(speaker.name)} speaks.{how}"
    else:
        here = f"Its own head gives {percent(follows)} to this pair."
    return (
        here,
        f"Its makers report 97 to 98% for this task ({link('devlin2019')}). They add that without fine-tuning the "
        "vector is no meaningful representation of a sentence, because it was trained with this task.",
        "Many later encoders dropped the task, RoBERTa and ModernBERT among them. Before fine-tuning, nothing asks "
        "their first token for a summary of the text.",
    )
