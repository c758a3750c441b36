"""What the page on the pooler says."""

from __future__ import annotations

from lib.checkpoints import Checkpoint
from lib.escape import markdown
from lib.found import Verdict
from lib.quantities import count, exactly, number, share
from lib.reading import PoolerWeights
from lib.texts.sources import link
from lib.words.attention import named
from lib.words.terms import term
from pages.why.pooler.families import FAMILIES
from pages.why.pooler.measures import NEAR_ONE, Apart, Told

ANSWERS = (
    "It is the same vector",
    "It points in a similar direction",
    "It points in another direction",
)
SIMILAR, UNSURE = 0.5, 0.02  # a cosine from which on two directions are called similar; nearer to it nothing is said
ROWS = ("last layer", "pooler: linear", "pooler_output")
CLASSIFIED = ("classifier on the first token", "classifier on pooler_output")
RIGHT = "classified correctly"


def lead(speaker: Checkpoint) -> str:
    """The page's lead."""
    return (
        f"Many libraries return a second {term('vector')} for a text, `pooler_output`. It is made from "
        f"{named(speaker)} by one more layer, the pooler. Is it the vector of {named(speaker)} that people keep?"
    )


def question(speaker: Checkpoint) -> str:
    """What is asked before the picture."""
    return f"How is `pooler_output` related to the vector of {named(speaker)} in the last layer?"


def right(found: Apart) -> tuple[str, ...]:
    """The right answer; none where the cosine is too near to the limit between two of them."""
    if found.most == 0:
        return (ANSWERS[0],)
    if abs(found.cosine - SIMILAR) < UNSURE:
        return ()
    return (ANSWERS[1] if found.cosine > SIMILAR else ANSWERS[2],)


def because(found: Apart) -> str:
    """What was measured."""
    if found.most == 0:
        return "Their largest difference is 0, exactly."
    return (
        f"Their {term('cosine')} is {number(found.cosine)}, where 1 is the same direction and 0 is none in common. The "
        f"largest difference of two numbers is {exactly(found.most)}."
    )


def vectors(found: Apart, hidden: int, speaker: Checkpoint) -> str:
    """Under the strips."""
    return (
        f"The pooler makes **{count(hidden)}** new numbers from those of {named(speaker)}. Its tanh keeps them between "
        f"−1 and 1, and **{share(found.saturated)}** lie beyond ±{NEAR_ONE}. The cosine of the two vectors is "
        f"**{number(found.cosine)}**."
    )


def headline(found: Apart, weights: PoolerWeights) -> str:
    """Above the strips."""
    if found.most == 0:
        return "pooler\\_output is the same vector"
    if weights.untouched:
        return "This pooler was never trained: its output is a random mixture"
    if found.saturated > 0.5:
        return "The pooler makes another vector, and pushes most of it to −1 or 1"
    return "The pooler makes another vector"


def trained(weights: PoolerWeights, speaker: Checkpoint) -> str:
    """Whether the pooler was ever trained, as far as its weights tell."""
    name = markdown(speaker.name)
    if weights.untouched:
        return (
            f"**A trap:** the pooler of {name} was never trained. All {count(weights.biases)} of its biases are 0, "
            "exactly, where every training starts. Its matrix is still random, and no warning says so."
        )
    return (
        f"The pooler of {name} has been trained, or drawn with biases: {count(weights.biases - weights.at_zero)} of "
        f"its {count(weights.biases)} biases are not 0."
    )


def how(weights: PoolerWeights, speaker: Checkpoint) -> str:
    """What its weights look like, and what is known of it."""
    known = f" What is known of it: {speaker.pooler_note}." if speaker.pooler_note and not weights.untouched else ""
    return (
        f"The numbers of the pooler’s matrix have a standard deviation of {number(weights.spread, 3)}; in the model’s "
        f"other square matrices the median is {number(weights.others, 3)}. Of its biases {count(weights.at_zero)} of "
        f"{count(weights.biases)} are exactly 0.{known}\n\n"
        "A model whose files hold no pooler may get one that is drawn at random when it is opened. Then "
        "`pooler_output` differs from one start of the program to the next."
    )


def classified(told: Told, speaker: Checkpoint) -> str:
    """Classifiers on both vectors."""
    return (
        f"A {term('classifier')} on {named(speaker)} is right on **{share(told.first.value)}** of {told.first.texts} "
        f"{term('held-out')} sentences, one on `pooler_output` on **{share(told.pooled.value)}**. {_difference(told)}"
    )


def _difference(told: Told) -> str:
    low, high = (number(100 * each, 0) for each in (told.gain.low, told.gain.high))
    interval = f"(95% interval: {low} to {high} points)"
    if told.gain.low > 0:
        return f"The pooler’s vector does better {interval}."
    if told.gain.high < 0:
        return f"The pooler’s vector does worse {interval}."
    return f"Which is better cannot be told {interval}."


def classified_headline(told: Told) -> str:
    """Above the classifiers."""
    if told.gain.low > 0:
        return "The pooler’s vector is easier to classify"
    if told.gain.high < 0:
        return "The pooler’s vector is harder to classify"
    return "On these sentences the two vectors do about as well"


def about_classified(weights: PoolerWeights) -> str:
    """What follows from it, and what not."""
    if not weights.untouched:
        return "How often a classifier is right says what can be told from a vector, not what the model uses."
    return (
        "A random layer mixes the numbers, but it keeps much of what they say. So a good score does not "
        "prove that the pooler was trained."
    )


def rows() -> list[tuple[str, str, str]]:
    """The table of the families: class, vector, and what lies between it and the output."""
    return [(f"{each.name}ForSequenceClassification", *each.says) for each in FAMILIES]


def claim() -> tuple[str, Verdict]:
    """The claim, and how much of it holds."""
    return "“pooler_output is the vector of the first token.”", "fails"


def keep(speaker: Checkpoint) -> str:
    """The sentence to keep."""
    return (
        f"`pooler_output` is not the vector of {named(speaker)}: a layer with tanh lies between them. Ask whether that "
        "layer was ever trained."
    )


def scope(weights: PoolerWeights, speaker: Checkpoint) -> tuple[str, str, str]:
    """What holds where."""
    here = "its pooler was never trained" if weights.untouched else "its pooler’s biases have left 0"
    return (
        f"In {markdown(speaker.name)} {here}.",
        f"Its pooler was trained with next-sentence prediction, and a classifier is put on `pooler_output` "
        f"({link('google_bert')}).",
        "DistilBERT, ELECTRA and ModernBERT have no pooler. Where there is one, it may be untrained, and a classifier "
        "of another family may not use it.",
    )
