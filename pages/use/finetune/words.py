"""A training in words: what is asked for, how it goes, what it moved, where its loss pushes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint, Trained
from lib.measures.probe import Score, gain, score
from lib.measures.vectors import Doubles, Flags
from lib.quantities import count, duration, listed, number, part, plural, power, share
from lib.reading import Encoding, Floats, Ints
from lib.texts.sources import cite
from lib.tuning import MOST_TOKENS, Moment, Recipe, Through, Tuned
from lib.words.attention import named
from lib.words.classify import points, within
from lib.words.terms import term

LEAST = 40  # held-out texts, copies left out, below which nothing can be told
WORSE = 1.1  # times the least loss, from which on it is called risen
LAST = 5  # steps whose losses tell how well the texts learned from are fitted
CLOSE = 1e-4  # differences below this are rounding
SEVERAL = 3  # trained layers from which on they are compared
STEADY = 0.02  # shares of reading that differ by less are the same


def vector(recipe: Recipe, checkpoint: Checkpoint) -> str:
    """The vector that goes into the classifier; Markdown."""
    return {
        "cls": named(checkpoint),
        "mean": "the mean",
        "place": f"position {recipe.place}",
    }[recipe.through]


def lead(checkpoint: Checkpoint) -> str:
    """What this step has to do with the question."""
    return (
        f"How can {named(checkpoint)} stand for a task that it was not made for? By {term('fine-tuning')}, as "
        f"{cite('devlin2019')} do for each task. Train it yourself."
    )


ANSWERS = ("No higher than before", "Higher, but below the mean", "As high as the mean, or higher")


def question(frozen: Sequence[Flags], recipe: Recipe, checkpoint: Checkpoint) -> str:
    """What is asked before the training.

    Args:
        frozen: bool[asked] twice, what is classified correctly by the untrained first token and the untrained mean.
        recipe: how it is trained.
        checkpoint: the model.
    """
    first, mean = (part(float(each.mean())) for each in frozen)
    return (
        f"Without training the model, a {term('classifier')} on {named(checkpoint)} is right on {first} of "
        f"{term('held-out')} texts, on the mean {mean}. Now we train {layers(recipe, checkpoint)} through "
        f"{vector(recipe, checkpoint)}. What will its accuracy be?"
    )


def revealed(
    found: Tuned, frozen: Sequence[Flags], groups: Ints, checkpoint: Checkpoint
) -> tuple[tuple[str, ...], str]:
    """The answers that are right, and what was measured.

    Args:
        found: the training, done.
        frozen: bool[asked] twice, what is classified correctly by the untrained first token and the untrained mean.
        groups: int64[asked], which held-out texts belong together.
        checkpoint: the model.

    Returns:
        Which of ``ANSWERS`` are right; none where there are too few texts.
    """
    right = score(found.moments[-1].right[None], groups)
    before, mean = (float(each.mean()) for each in frozen)
    because = (
        f"After the training it is **{part(right.value)}** ({part(right.low)} to {part(right.high)} with 95% "
        f"confidence), on {plural(right.texts, 'held-out text')}."
    )
    if len(np.unique(groups)) < LEAST:
        return (), f"{because} These are too few texts to tell."
    holds = (right.value <= before, before < right.value < mean, right.value >= mean)
    return tuple(answer for answer, each in zip(ANSWERS, holds, strict=True) if each), because


def keep(checkpoint: Checkpoint) -> str:
    """What is worth keeping."""
    return (
        f"Training changes the weights so that {named(checkpoint)} tells the labels apart. The {term('loss')} reaches "
        f"no other final vector: their {term('gradient', 'gradients')} are exactly 0."
    )


def scope(checkpoint: Checkpoint) -> tuple[str, str, str]:
    """What holds for this model, for BERT, and for most encoders."""
    return (
        f"Here its last layers are trained, with a linear classifier on {named(checkpoint)}, on a few hundred texts.",
        f"All of its weights are trained with the classifier on [CLS], for each task anew ({cite('devlin2019')}).",
        "That the loss reaches only the vector that the classifier gets holds for every encoder. How much training "
        "helps differs by model, task and number of texts.",
    )


def limits() -> str:
    """What the page does not show."""
    return (
        "One model, few texts, one seed at a time: another seed gives other numbers, and a few hundred texts leave "
        "wide intervals. There is no dropout, and the embeddings of tokens and positions stay as they are, unlike in "
        f"{cite('devlin2019')}, where every weight is trained. That its attention changes is what the loss found, not "
        "proof that it had to: through the mean the same labels are learned, too."
    )


def anew(reads: Checkpoint, begins: Checkpoint) -> str:
    """That a training begins from the model as it came.

    Args:
        reads: the model that all pages read with.
        begins: what it was trained from.
    """
    return (
        f"All pages use {escape.quote(reads.name, 120)} now. A training here begins anew, from "
        f"{escape.markdown(begins.name)}."
    )


def layers(recipe: Recipe, checkpoint: Checkpoint) -> str:
    """Which layers are trained."""
    if recipe.top == checkpoint.layers:
        return f"all {checkpoint.layers} layers"
    return "the last layer" if recipe.top == 1 else f"the last {recipe.top} layers"


def plan(size: tuple[int, int, int]) -> str:
    """What the training will do.

    Args:
        size: texts learned from, held-out texts, steps.
    """
    learned, asked, steps = size
    return (
        f"Learned from: {plural(learned, 'text')}, in {plural(steps, 'step')}. Tested on: "
        f"{plural(asked, 'held-out text')}."
    )


def too_long(seconds: float, most: float) -> str:
    """Why a training is not started."""
    return (
        f"**Too long for one visitor.** This would take about {duration(seconds)} here; up to {duration(most)} are "
        "given. Take fewer texts, epochs or layers."
    )


def headline(found: Tuned, now: int, frozen: Sequence[Flags], checkpoint: Checkpoint) -> str:
    """The finding above the curve of the accuracy.

    Args:
        found: the training, whole or not.
        now: which of its moments.
        frozen: bool[asked] twice, what is classified correctly by the untrained first token and the untrained mean.
        checkpoint: the model.
    """
    moment = found.moments[now]
    right, before = float(moment.right.mean()), float(frozen[found.recipe.through == "mean"].mean())
    change = "as before" if right == before else f"{'up' if right > before else 'down'} from {part(before)}"
    return f"{_capital(vector(found.recipe, checkpoint))} after {plural(moment.step, 'step')}: {part(right)}, {change}"


def _capital(name: str) -> str:
    return name if name.startswith(":") else name[0].upper() + name[1:]


def progress(found: Tuned, now: int, frozen: Sequence[Flags], groups: Ints, checkpoint: Checkpoint) -> str:
    """How right it is at a moment, against the untrained model.

    Args:
        found: the training.
        now: which of its moments.
        frozen: bool[asked] twice, what is classified correctly by the untrained first token and the untrained mean.
        groups: int64[asked], which held-out texts belong together.
        checkpoint: the model.
    """
    right = score(found.moments[now].right[None], groups)
    return (
        f"After {count(found.moments[now].step)} of {plural(found.steps, 'step')} the classifier on "
        f"{vector(found.recipe, checkpoint)} is right on **{within(right)}** of {plural(right.texts, 'held-out text')} "
        f"(95% interval). Untrained: {part(float(frozen[0].mean()))} on {named(checkpoint)}, "
        f"{part(float(frozen[1].mean()))} on the mean."
    )


def losses(found: Tuned, now: int) -> str:
    """How the loss of the held-out texts went up to a moment.

    Args:
        found: the training.
        now: which of its moments.
    """
    moment, start = found.moments[now], found.moments[0]
    best = min(found.moments[: now + 1], key=lambda each: each.loss)
    if not now:
        return f"Before the first step the loss on the held-out texts is {number(start.loss)} nats a text."
    if moment.loss > WORSE * best.loss:
        return (
            f"The loss on the held-out texts was least after {plural(best.step, 'step')} ({number(best.loss)}) and is "
            f"{number(moment.loss)} now, {_risen(found, best, moment)}"
        )
    return f"The loss on the held-out texts: {number(start.loss)} at the start, {number(moment.loss)} now."


def _risen(found: Tuned, best: Moment, now: Moment) -> str:
    """What it means that the loss of the held-out texts has risen."""
    then, left = (int(each.right.sum()) for each in (best, now))
    if left >= then:
        return (
            f"but no fewer are right ({then} then, {left} now). So only its probabilities got worse. Usually it has "
            "grown too sure of its wrong answers."
        )
    fewer = f"and fewer are right ({then} then, {left} now). "
    learned = [found.losses[max(each.step - LAST, 0) : max(each.step, 1)].mean() for each in (best, now)]
    if learned[1] < learned[0]:
        return f"{fewer}On the texts that it learns from the loss fell meanwhile: it overfits."
    return f"{fewer}On the texts that it learns from the loss did not fall either: its steps may be too large."


def parted(before: Sequence[float], after: Sequence[float], step: int, checkpoint: Checkpoint) -> str:
    """How far the classes came apart, for the first token and the mean.

    Args:
        before: share of the spread between classes, of the first token's vectors and of the means.
        after: the same at a moment.
        step: steps made at that moment.
        checkpoint: the model.
    """
    if not step:
        return (
            f"Before the first step {share(before[0])} of the spread of {named(checkpoint)} lies between the classes, "
            f"and {share(before[1])} of the mean’s (all dimensions). Move the slider."
        )
    return (
        f"Of the spread of {named(checkpoint)}, {share(before[0])} lay between the classes before, **{share(after[0])}"
        f"** after {plural(step, 'step')}; of the mean’s {share(before[1])} and **{share(after[1])}** (all dimensions)."
    )


def mapped(name: str, before: float, now: float, step: int) -> str:
    """The finding above a map.

    Args:
        name: of the vector; Markdown.
        before: share of the spread between the classes.
        now: the same at a moment.
        step: steps made at that moment.
    """
    if not step:
        return f"{name} before the first step"
    moved = "move apart" if now > before + STEADY else "move together" if now < before - STEADY else "stay as they were"
    return f"The classes {moved} in {name}"


def axis(classes: Sequence[str]) -> str:
    """What the first axis of the map is; plain text, escaped by the figure."""
    if len(classes) != 2:
        return "plane of the classes’ untrained means"
    return f"from {escape.cut(classes[0], 18)} to {escape.cut(classes[1], 18)}"


def axes(classes: int) -> str:
    """What the map's plane is."""
    way = {
        2: "from the mean of one class to the mean of the other; upwards, the way in which they differ most besides",
        3: "the one through the means of the three classes",
    }.get(classes, f"of all {classes - 1} directions in which the means of the classes differ, the two strongest")
    return (
        "One plane for all moments, laid before the first step by the untrained vectors of the texts learned from: "
        f"{way}. "
        "The texts shown are held out: they had no part in it."
    )


def attends_to(before: Floats, now: Floats, step: int, recipe: Recipe, checkpoint: Checkpoint) -> str:
    """How its reading changed in the layer that changed most.

    Args:
        before: float32[layers, 3], shares of itself, other special tokens, words.
        now: float32[layers, 3].
        step: steps made.
        recipe: of the training.
        checkpoint: the model.
    """
    first, total = named(checkpoint), len(before)
    still = total - recipe.top
    rest = f" Layers 1 to {still} are as they were: they are not trained." if still > 1 else ""
    if not step:
        last = before[-1]
        return (
            f"Before the training {first} gives {share(float(last[0]))} of its attention in layer {total} to itself, "
            f"{share(float(last[2]))} to the words and {share(float(last[1]))} to other special tokens."
        )
    layer = still + int(np.abs(now - before)[still:, 0].argmax())
    own, then = float(now[layer, 0]), float(before[layer, 0])
    change = (
        "hardly changes" if abs(own - then) < STEADY else "falls" if own < then else "rises, against the usual story"
    )
    return (
        f"The attention that {first} gives to itself {change}: in layer {layer + 1} **{share(then)}** before, "
        f"**{share(own)}** now; to the words {share(float(before[layer, 2]))} and {share(float(now[layer, 2]))}.{rest}"
        + (_most(np.abs(now - before)[:, 0]) if recipe.top >= SEVERAL else "")
    )


def _most(moved: Floats) -> str:
    """Which two layers' attention moved most, beside what others found of vectors."""
    one, other = sorted(np.argsort(-moved, kind="stable")[:2] + 1)
    return (
        f" It moved most in layers {one} and {other}. ({cite('merchant2020')} compared BERT’s vectors before and after "
        "a training, not its attention: mainly those of the last layers changed, and for one of three tasks those of "
        "most layers.)"
    )


def gradients(found: Floats, encoding: Encoding, through: Through, checkpoint: Checkpoint) -> str:
    """Which tokens the loss reaches, in the last layer and below it.

    Args:
        found: float32[layers+1, tokens], lengths of gradients.
        encoding: of the text.
        through: which vector goes into the classifier.
        checkpoint: the model.
    """
    layers, tokens = found.shape[0] - 1, found.shape[1]
    reached = np.flatnonzero(found[-1])
    below = np.flatnonzero(found[-2])
    where = f"{len(below)} of {tokens}" if len(below) < tokens else f"all {tokens}"
    one = int(reached[0]) if len(reached) else 0
    token = escape.markdown(escape.visible(encoding.tokens[0][one])) if one else named(checkpoint)
    if through == "mean":
        spread = found[-1, reached]
        same = "the same" if np.allclose(spread, spread[0], rtol=1e-4) else "not the same"
        return (
            f"Through the mean the loss reaches all {len(reached)} vectors of layer {layers}. Each gets 1/{tokens} of "
            f"one gradient: {same} length everywhere, **{number(float(spread[0]))}**."
        )
    return (
        f"In layer {layers} the gradient at the other {tokens - len(reached)} tokens is **exactly 0**. One layer "
        f"below, the loss reaches {where} tokens, because {token} attends to them there."
    )


def reach(found: Floats, encoding: Encoding, through: Through, checkpoint: Checkpoint) -> str:
    """The finding above the map of gradients.

    Args:
        found: float32[layers+1, tokens], lengths of gradients.
        encoding: of the text.
        through: which vector goes into the classifier.
        checkpoint: the model.
    """
    layers = found.shape[0] - 1
    if through == "mean":
        return f"Through the mean the loss reaches every token of layer {layers}"
    one = int(found[-1].argmax())
    token = escape.markdown(escape.visible(encoding.tokens[0][one])) if one else named(checkpoint)
    return f"In layer {layers} the loss reaches one vector: {token}"


def answer(checkpoint: Checkpoint) -> str:
    """What that means for the learner's question."""
    first = named(checkpoint)
    return (
        "The classifier (a logistic regression on the untrained model) gets one vector, so its loss can change only "
        f"what that vector is made of. That is how {first} can mean something for a task that it was not made for: "
        "each step changes the weights a little, so as to lower the loss on its texts. Whether that vector then tells "
        "the classes of other texts apart has to be measured."
    )


def gained(found: Tuned, frozen: Sequence[Flags], groups: Ints) -> tuple[Score, Score]:
    """How many more texts are classified correctly at the end than by the untrained first token and mean.

    Args:
        found: the training.
        frozen: bool[asked] twice.
        groups: int64[asked], which held-out texts belong together.
    """
    end = found.moments[-1].right[None]
    return gain(end, frozen[0][None], groups), gain(end, frozen[1][None], groups)


def verdict(
    found: Tuned, frozen: Sequence[Flags], groups: Ints, checkpoint: Checkpoint
) -> tuple[Literal["holds", "in part", "fails", "cannot tell"], str, str]:
    """Whether training made the vector tell what the two untrained ones do not.

    Args:
        found: the training, done.
        frozen: bool[asked] twice, what is classified correctly by the untrained first token and mean.
        groups: int64[asked], which held-out texts belong together.
        checkpoint: the model.

    Returns:
        the verdict, the claim, and what was measured.
    """
    both, first = gained(found, frozen, groups), named(checkpoint)
    trained = vector(found.recipe, checkpoint)
    claim = (
        f"“Trained for the task, {trained} is right more often than the untrained {first} and the untrained mean are.”"
    )
    measured = (
        f"On {plural(both[0].texts, 'held-out text')}, against the untrained {first}: **{points(both[0])}**; against "
        f"the untrained mean: **{points(both[1])}**. No other untrained vector was tried here."
    )
    if len(np.unique(groups)) < LEAST:
        return "cannot tell", claim, f"{measured} Below {LEAST} different texts an interval covers nearly everything."
    names = (f"the untrained {first}", "the untrained mean")
    more = [name for name, each in zip(names, both, strict=True) if each.low > 0]
    less = [name for name, each in zip(names, both, strict=True) if each.high < 0]
    if len(more) == 2:
        return "holds", claim, f"{measured} Both intervals are above 0."
    if more:
        other = names[1 - names.index(more[0])]
        rest = "surely less often than" if less else "not surely more often than"
        return "in part", claim, f"{measured} It is right more often than {more[0]}, and {rest} {other}."
    if less:
        return "fails", claim, f"{measured} It is right less often than {listed(less)}."
    return "cannot tell", claim, f"{measured} Both intervals hold 0: more texts would tell."


def cut(found: Tuned, checkpoint: Checkpoint) -> str:
    """What was cut off; "" where nothing was."""
    if not found.cut:
        return ""
    limit = min(MOST_TOKENS, checkpoint.limit)
    texts = plural(found.cut, "text is", "texts are")
    return f"{texts} longer than {limit} tokens and cut there: a step on long texts takes too long."


def own(texts: Sequence[str], before: Doubles, after: Doubles, classes: Sequence[str]) -> list[tuple[str, str, str]]:
    """What is said of the visitor's texts, by the untrained and by the trained model; Markdown.

    Args:
        texts: theirs.
        before: float64[texts, classes], probabilities of the untrained model's regression.
        after: float64[texts, classes], of the trained classifier.
        classes: their names.
    """

    def label(probabilities: Doubles) -> str:
        best = int(probabilities.argmax())
        return f"{escape.markdown(escape.cut(classes[best], 30))}, {share(float(probabilities[best]))}"

    return [
        (escape.markdown(escape.cut(escape.visible(text), 80)), label(one), f"**{label(other)}**")
        for text, one, other in zip(texts, before, after, strict=True)
    ]


def kept(entry: Checkpoint) -> str:
    """Where the trained model can be had."""
    own = isinstance(entry.where, Trained) and entry.where.private
    here = "you are here: its texts are yours" if own else "this server has room for it"
    return (
        f"The trained model is {escape.quote(entry.name, 120)}. You find it among the models at the top, as long as "
        f"{here}."
    )


def weights(entry: Checkpoint, found: Tuned) -> str:
    """How much of the model changed.

    Args:
        entry: the trained model.
        found: the training.
    """
    changed = sum(each.size for each in found.weights.values())
    of = f" of {number(entry.parameters / 1e6, 1)}" if entry.parameters else ""
    return (
        f"{number(changed / 1e6, 1)}{of} million weights were trained. Whoever has a link that names the trained model "
        "can use it, too."
    )


def run(found: Tuned, frozen: Sequence[Flags], texts: str, checkpoint: Checkpoint) -> tuple[str, ...]:
    """One line of the table of trainings; Markdown.

    Args:
        found: the training.
        frozen: bool[asked] twice, what is classified correctly by the untrained first token and mean.
        texts: the name of the set.
        checkpoint: the model.
    """
    recipe = found.recipe
    how = f"{plural(recipe.epochs, 'epoch')}, rate {recipe.rate:g}, {recipe.batch} a step, seed {recipe.seed}"
    return (
        f"{escape.markdown(escape.cut(escape.visible(texts), 24))}, {len(found.learned)} learned from",
        vector(recipe, checkpoint),
        f"{recipe.top} of {plural(checkpoint.layers, 'layer')}",
        how,
        f"{part(float(frozen[0].mean()))}, mean {part(float(frozen[1].mean()))}",
        f"**{part(float(found.moments[-1].right.mean()))}**",
    )


def reached(gradients: Floats) -> tuple[str, str, bool]:
    """Whether the loss comes in where it should.

    Args:
        gradients: float32[layers+1, tokens], lengths of gradients.
    """
    found, tokens = int(np.count_nonzero(gradients[-1])), gradients.shape[1]
    claim = f"In the last layer the loss reaches one vector or all {tokens}"
    return claim, plural(found, "vector"), found in (1, tokens)


def proofs(
    loss: float, classes: int, moved: Floats, apart: float, checkpoint: Checkpoint
) -> list[tuple[str, str, bool]]:
    """What the page proves of its own pictures: what should hold, what was found, whether it does.

    Args:
        loss: of the held-out texts, before the first step.
        classes: their number.
        moved: float32[layers not trained, 3], how far the shares of reading moved there.
        apart: largest difference between what a text's vector is now and before the training, in the shared model.
        checkpoint: the model.
    """
    opinion = float(np.log(classes))
    found = [
        (
            f"Before the first step the classifier has no opinion: its loss is ln {classes} = {opinion:.4f}",
            f"{loss:.4f}",
            abs(loss - opinion) < CLOSE,
        ),
        (
            "The model that everybody reads with is not changed: it gives the first held-out text the vector it had",
            f"largest difference {power(apart)}",
            apart < CLOSE,
        ),
    ]
    if moved.size:
        found.append(
            (
                f"Where nothing is trained {named(checkpoint)} attends as before",
                f"largest difference {power(float(moved.max()))}",
                float(moved.max()) < CLOSE,
            )
        )
    return found
