"""What the page on the learning of BERT's two tasks says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.checkpoints import Checkpoint
from lib.measures.pretrained import Taught
from lib.measures.probe import Score
from lib.quantities import number, percent, share
from lib.taught import Scores, interval
from lib.texts.sources import link
from lib.words.attention import named
from lib.words.terms import term

QUESTION = "Both tasks are learned at once. Of which does the model know half of what it ends with first?"
ANSWERS = ("Masked words", "Next sentences", "Both at the same step")


def lead(base: Checkpoint, last: int) -> str:
    """The page's lead."""
    return (
        f"A vector for {term('next-sentence prediction')} has to be learned. We taught {base.name} BERT’s two "
        f"tasks and kept it at several of {last} steps. When does {named(base)} begin to tell the pairs apart?"
    )


def right(words: int, pairs: int) -> str:
    """The right answer."""
    return ANSWERS[2] if words == pairs else ANSWERS[0] if words < pairs else ANSWERS[1]


def because(words: int, pairs: int, last: Scores) -> str:
    """When half of each task was learned."""
    return (
        f"Half of the final accuracy on masked words ({share(last.mlm_right / last.pieces)}) is reached by step "
        f"{words}; half of the way from chance to {share(last.nsp_right / last.pairs)} on pairs by step {pairs}."
    )


def step(number_: int) -> str:
    """A stop of the slider."""
    return "before" if number_ == 0 else f"step {number_}"


def plane(step_: int, right: int | None, of: int, own: float | None, base: Checkpoint) -> str:
    """What the plane shows.

    Args:
        step_: of the training.
        right: pairs told right; None where there is no head yet.
        of: pairs.
        own: the probability that the learner's text B follows text A; None where there is no head yet.
        base: the model.
    """
    if right is None or own is None:
        return (
            f"Before the training, {named(base)} places **{of}** pairs of ours by other things than the task. "
            "There is no head yet that could be asked."
        )
    return (
        f"After **{step_}** steps the model is right on **{right}** of **{of}** pairs of ours that it has not seen. "
        f"The pair above, the diamond, gets **{percent(own)}** for “follows”."
    )


def headline(right: int | None, of: int, apart: float, base: Checkpoint) -> str:
    """Of the plane.

    Args:
        right: pairs told right; None where there is no head yet.
        of: pairs.
        apart: how often a pair that follows lies farther right; one half is no order.
        base: the model.
    """
    first = named(base)
    if right is None:
        mixed = abs(apart - 0.5) < 0.15
        return "Before the training, the pairs lie mixed" if mixed else "Before the training, some pairs lie apart"
    if right >= 0.75 * of:
        return f"{first} tells most of the pairs apart"
    return (
        f"{first} begins to tell the pairs apart"
        if right >= 0.62 * of
        else f"{first} does not tell the pairs apart yet"
    )


def axes() -> str:
    """How the plane was laid."""
    return (
        "The axes are the two directions in which the vectors of the last checkpoint differ most (principal "
        "components). No label was used to find them. Axes and scale are the same for every step; what would lie "
        "beyond is drawn at the edge."
    )


def curve(scores: Sequence[Scores]) -> str:
    """How often both heads are right."""
    last = scores[-1]
    low, high = interval(last.nsp_right, last.pairs)
    return (
        f"After step **{last.step}** the model is right on **{percent(last.nsp_right / last.pairs)}** of {last.pairs} "
        f"held-out pairs (95% interval {percent(low)} to {percent(high)}) and on "
        f"**{percent(last.mlm_right / last.pieces)}** of {last.pieces} masked words. Guessing is right on half of the "
        "pairs."
    )


def curve_headline(words: int, pairs: int) -> str:
    """Of the curve."""
    if words == pairs:
        return "Both tasks are learned together"
    return "Words come first, pairs later" if words < pairs else "Pairs come first, words later"


def mistakes(last: Scores) -> str:
    """Which pairs it gets wrong."""
    return (
        f"Of its {last.missed + last.doubted} mistakes, {last.missed} are random pairs that it takes for the next "
        f"sentence. In {last.missed_alike} of these the two texts are as alike as half of the true pairs are. Random "
        "pairs that share their topic are hard."
    )


def attended(before: np.ndarray, now: np.ndarray, step_: int, base: Checkpoint) -> str:
    """Where the first token attends in the last layer.

    Args:
        before: float64[layers], share to the two texts before the training.
        now: float64[layers], the same after it.
        step_: of the training.
        base: the model.
    """
    return (
        f"In the last layer, {named(base)} gave **{share(float(before[-1]))}** of its attention to the two texts "
        f"before the training, and gives **{share(float(now[-1]))}** after step **{step_}**. Averaged over all "
        f"layers it is **{share(float(before.mean()))}** and **{share(float(now.mean()))}**."
    )


def attended_headline(before: np.ndarray, now: np.ndarray, base: Checkpoint) -> str:
    """Of the attention.

    Args:
        before: float64[layers].
        now: float64[layers].
        base: the model.
    """
    gained = float(now.mean() - before.mean())
    if abs(gained) < 0.02:
        return f"{named(base)} attends to the texts as much as before"
    return f"{named(base)} attends {'more' if gained > 0 else 'less'} to the two texts than before"


def alike(before: float, now: float, mean: float, step_: int, base: Checkpoint) -> str:
    """How alike the first token is in texts on different topics."""
    return (
        f"For two texts on different topics, the vectors of {named(base)} have a mean cosine of "
        f"**{number(before, 2)}** before the training and of **{number(now, 2)}** after step **{step_}**. For the mean "
        f"of all tokens it is then **{number(mean, 2)}**."
    )


def alike_headline(before: float, now: float) -> str:
    """Of the similarity."""
    if abs(now - before) < 0.05:
        return "Unrelated texts are about as alike as before"
    return f"Unrelated texts become {'more' if now > before else 'less'} alike"


def alone(both: float, words: float, mean_both: float, mean_words: float, step_: int, base: Checkpoint) -> str:
    """The run without next sentences beside the other."""
    return (
        f"After step **{step_}**, unrelated texts have a cosine of **{number(both, 2)}** by {named(base)} with both "
        f"tasks and of **{number(words, 2)}** with masked words alone. By the mean of all tokens it is "
        f"**{number(mean_both, 2)}** and **{number(mean_words, 2)}**."
    )


def alone_headline(both: float, words: float, base: Checkpoint) -> str:
    """Of the run without next sentences."""
    if abs(both - words) < 0.05:
        return f"The second task changes little in how alike {named(base)} is"
    return f"With next sentences, {named(base)} differs {'less' if both > words else 'more'} from text to text"


def on_topic(both: Taught, words_alone: Taught, added: tuple[Score, Score], base: Checkpoint) -> str:
    """How well texts are told apart by topic, with next sentences and without them.

    Args:
        both: taught both tasks.
        words_alone: taught masked words alone.
        added: what next sentences add to the first token, and to the mean.
        base: the model.
    """
    ends = [[number(100 * end, 1) for end in (each.value, each.low, each.high)] for each in added]
    first, mean = (f"**{value}** ({low} to {high})" for value, low, high in ends)
    return (
        f"By {named(base)}, a text on the same topic is more alike than one on another in "
        f"**{share(float(both.on_topic.mean()))}** of the comparisons with both tasks, and in "
        f"**{share(float(words_alone.on_topic.mean()))}** with masked words alone. By the mean it is "
        f"**{share(float(both.on_topic_mean.mean()))}** and **{share(float(words_alone.on_topic_mean.mean()))}**. "
        f"In percentage points, with 95% intervals: next sentences add {first} to {named(base)} and {mean} to the mean."
    )


def on_topic_headline(first: Score, mean: Score, base: Checkpoint) -> str:
    """Of how well texts are told apart: what is sure is said, and no more.

    Args:
        first: what next sentences add to the first token.
        mean: what they add to the mean.
        base: the model.
    """

    def changed(of: Score) -> str:
        return "help" if of.low > 0 else "harm" if of.high < 0 else ""

    here, there = changed(first), changed(mean)
    if not here and not there:
        return f"Whether next sentences help {named(base)} or the mean, these texts cannot tell"
    if here == there:
        return f"Next sentences {here} both {named(base)} and the mean"
    if here and there:
        return f"Next sentences {here} {named(base)} and {there} the mean"
    sure, unsure = (named(base), "the mean") if here else ("the mean", named(base))
    return f"Next sentences {here or there} {sure}; for {unsure}, these texts cannot tell"


def keep(curve: Sequence[Scores], base: Checkpoint) -> str:
    """The sentence to keep.

    Args:
        curve: what was measured, in order.
        base: the model.
    """
    last = curve[-1]
    return (
        f"{named(base)} tells pairs apart only after training has asked it to: from chance to "
        f"{share(last.nsp_right / last.pairs)} of held-out pairs."
    )


def scope(base: Checkpoint, last: Scores) -> tuple[str, str, str]:
    """What holds where."""
    return (
        f"{base.name}, taught here for {last.step} steps of 32 pairs, is right on {share(last.nsp_right / last.pairs)} "
        "of held-out pairs. It is not BERT, and was trained as a sentence encoder before.",
        f"BERT began with random weights and was trained on 1,000,000 steps of 256 pairs; its makers report 97 to 98% "
        f"({link('devlin2019')}). Its way there may have been another.",
        "What a first vector holds before fine-tuning depends on what its pretraining asked of it. Encoders that were "
        "taught masked words alone never ask it anything.",
    )
