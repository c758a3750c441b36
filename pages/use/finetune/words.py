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

LEAST = 40  # texts kept back, copies left out, below which nothing can be told
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


def question(checkpoint: Checkpoint) -> str:
    """What is asked before the training."""
    return (
        f"A classifier on the frozen vector of {named(checkpoint)} tells some of the texts kept back right; so does "
        f"one on the frozen mean of all tokens. Now the last layer is trained through {named(checkpoint)}. How many "
        "does it tell right then?"
    )


def anew(reads: Checkpoint, begins: Checkpoint) -> str:
    """That a training begins from the model as it came.

    Args:
        reads: the model that all pages read with.
        begins: what it was trained from.
    """
    return (
        f"All pages read with {escape.quote(reads.name, 120)} now. A training here begins anew, from "
        f"{escape.markdown(begins.name)}."
    )


ANSWERS = (
    "No more than the frozen one",
    "More than the frozen one, but fewer than the frozen mean",
    "At least as many as the frozen mean",
)


def layers(recipe: Recipe, checkpoint: Checkpoint) -> str:
    """Which layers are trained."""
    if recipe.top == checkpoint.layers:
        return f"all {checkpoint.layers} layers (the tables of tokens and places stay as they are)"
    return "the last layer" if recipe.top == 1 else f"the last {recipe.top} layers"


def plan(recipe: Recipe, size: tuple[int, int, int], seconds: float, checkpoint: Checkpoint) -> str:
    """What the training will do, and how long it takes here.

    Args:
        recipe: what was chosen.
        size: texts learned from, texts kept back and asked about, steps.
        seconds: that it will take, measured.
        checkpoint: the model.
    """
    learned, asked, steps = size
    return (
        f"Trained: {layers(recipe, checkpoint)} and a linear layer on {vector(recipe, checkpoint)}. Learned from: "
        f"{plural(learned, 'text')}, in {plural(steps, 'step')}. Asked about: {plural(asked, 'text')} of the quarter "
        f"that “From slice to label” keeps back, too. As a few steps on this machine show, it takes **about "
        f"{duration(seconds)}**; where others come to use the machine, more. While it runs the time is told anew."
    )


def too_long(seconds: float, most: float) -> str:
    """Why a training is not started."""
    return (
        f"**Too long for one visitor.** This would take about {duration(seconds)} here; up to {duration(most)} are "
        "given. Take fewer texts, epochs or layers."
    )


def progress(found: Tuned, now: int, frozen: Sequence[Flags], groups: Ints, checkpoint: Checkpoint) -> str:
    """How right it is at a moment, against the frozen model.

    Args:
        found: the training.
        now: which of its moments.
        frozen: bool[asked] twice, what is told right by the frozen first token and the frozen mean.
        groups: int64[asked], which texts kept back belong together.
        checkpoint: the model.
    """
    moment, start = found.moments[now], found.moments[0]
    right = score(moment.right[None], groups)
    said = (
        f"After {count(moment.step)} of {plural(found.steps, 'step')} the classifier on "
        f"{vector(found.recipe, checkpoint)} tells **{within(right)}** of {plural(right.texts, 'text')} kept back "
        f"right (95% interval). A logistic regression on the frozen model tells {part(float(frozen[0].mean()))} by "
        f"{named(checkpoint)} and {part(float(frozen[1].mean()))} by the mean."
    )
    best = min(found.moments[: now + 1], key=lambda each: each.loss)
    if now and moment.loss > WORSE * best.loss:
        said += (
            f" Its loss on them was least after {plural(best.step, 'step')} ({number(best.loss)}) and is "
            f"{number(moment.loss)} now, {_risen(found, best, moment)}"
        )
    elif now:
        said += f" Its loss on them: {number(start.loss)} at the start, {number(moment.loss)} now."
    return said


def _risen(found: Tuned, best: Moment, now: Moment) -> str:
    """What it means that the loss of the texts kept back has risen."""
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
            f"and {share(before[1])} of the mean’s, in all dimensions together. Move the slider."
        )
    return (
        f"Of the spread of {named(checkpoint)}, {share(before[0])} lay between the classes before, **{share(after[0])}"
        f"** after {plural(step, 'step')}; of the mean’s {share(before[1])} and **{share(after[1])}** (all dimensions)."
    )


def mapped(name: str, step: int) -> str:
    """What stands over a map."""
    return f"{escape.markdown(name)}, " + (f"after {plural(step, 'step')}" if step else "before the first step")


def axis(classes: Sequence[str]) -> str:
    """What the first axis of the map is; plain text, escaped by the figure."""
    if len(classes) != 2:
        return "plane of the classes’ frozen means"
    return f"from {escape.cut(classes[0], 18)} to {escape.cut(classes[1], 18)}"


def axes(classes: int) -> str:
    """What the map's plane is."""
    way = {
        2: "from the mean of one class to the mean of the other; upwards, the way in which they differ most besides",
        3: "the one through the means of the three classes",
    }.get(classes, f"of all {classes - 1} directions in which the means of the classes differ, the two strongest")
    return (
        "One plane for all moments, laid before the first step by the frozen vectors of the texts learned from: "
        f"{way}. "
        "The texts shown are kept back: they had no part in it."
    )


def reading(before: Floats, now: Floats, step: int, recipe: Recipe, checkpoint: Checkpoint) -> str:
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
            f"Before: in layer {total} {first} reads itself with {share(float(last[0]))}, the words with "
            f"{share(float(last[2]))}, other special tokens with {share(float(last[1]))}."
        )
    layer = still + int(np.abs(now - before)[still:, 0].argmax())
    own, then = float(now[layer, 0]), float(before[layer, 0])
    change = (
        "hardly changes" if abs(own - then) < STEADY else "falls" if own < then else "rises, against the usual story"
    )
    return (
        f"What {first} reads of itself {change}: in layer {layer + 1} **{share(then)}** before, **{share(own)}** now; "
        f"of the words {share(float(before[layer, 2]))} and {share(float(now[layer, 2]))}.{rest}"
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


def pushes(found: Floats, encoding: Encoding, through: Through, top: int, checkpoint: Checkpoint) -> str:
    """Which tokens the loss reaches, in the last layer and below it.

    Args:
        found: float32[layers+1, tokens], lengths of gradients.
        encoding: of the text.
        through: which vector goes into the classifier.
        top: layers that are trained.
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
            f"Through the mean the loss reaches all {len(reached)} vectors of layer {layers}, each with 1/{tokens} of "
            f"one push: {same} length everywhere, **{number(float(spread[0]))}**. No token is told more than another."
        )
    return (
        f"In layer {layers} the loss reaches **one** vector, {token}: the other {tokens - len(reached)} get "
        f"**exactly 0**. One layer below it reaches {where}, for {token} reads them: where those layers are trained, "
        f"what is read is taught to be worth reading. (In your training "
        + ("all layers follow.)" if top == layers else f"only {'the last' if top == 1 else f'the last {top}'} may.)")
    )


def answer(checkpoint: Checkpoint) -> str:
    """What that means for the learner's question."""
    first = named(checkpoint)
    return (
        "The classifier (a logistic regression on the frozen model) sees one vector, so its loss can push only what "
        f"that vector is made of. That is how {first} can mean something for a task that it was not made for: each "
        "step changes the weights a little, so as to lower the loss on its texts. Whether what is read at that "
        "position then tells the classes of other texts apart has to be measured."
    )


def gained(found: Tuned, frozen: Sequence[Flags], groups: Ints) -> tuple[Score, Score]:
    """How many more texts are told right at the end than by the frozen first token, and by the frozen mean.

    Args:
        found: the training.
        frozen: bool[asked] twice.
        groups: int64[asked], which texts kept back belong together.
    """
    end = found.moments[-1].right[None]
    return gain(end, frozen[0][None], groups), gain(end, frozen[1][None], groups)


def verdict(
    found: Tuned, frozen: Sequence[Flags], groups: Ints, checkpoint: Checkpoint
) -> tuple[Literal["holds", "in part", "fails", "cannot tell"], str, str]:
    """Whether training made the vector tell what the two frozen ones do not.

    Args:
        found: the training, done.
        frozen: bool[asked] twice, what is told right by the frozen first token and the frozen mean.
        groups: int64[asked], which texts kept back belong together.
        checkpoint: the model.

    Returns:
        the verdict, the claim, and what was measured.
    """
    both, first = gained(found, frozen, groups), named(checkpoint)
    trained = vector(found.recipe, checkpoint)
    claim = f"“Trained for the task, {trained} is right more often than the frozen {first} and the frozen mean are.”"
    measured = (
        f"On {plural(both[0].texts, 'text')} kept back, against the frozen {first}: **{points(both[0])}**; against "
        f"the frozen mean: **{points(both[1])}**. No other frozen vector was tried here."
    )
    if len(np.unique(groups)) < LEAST:
        return "cannot tell", claim, f"{measured} Below {LEAST} different texts an interval covers nearly everything."
    names = (f"the frozen {first}", "the frozen mean")
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
    """What is said of the visitor's texts, by the frozen and by the trained model; Markdown.

    Args:
        texts: theirs.
        before: float64[texts, classes], probabilities of the frozen model's regression.
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


def kept(entry: Checkpoint, found: Tuned) -> str:
    """How much of the model changed, and where it can be had.

    Args:
        entry: the trained model.
        found: the training.
    """
    changed = sum(each.size for each in found.weights.values())
    of = f" of {number(entry.parameters / 1e6, 1)}" if entry.parameters else ""
    own = isinstance(entry.where, Trained) and entry.where.private
    here = "you are here: its texts are yours" if own else "this server has room for it"
    return (
        f"{number(changed / 1e6, 1)}{of} million weights were trained. What came out is "
        f"{escape.quote(entry.name, 120)}. It stands among the models in the box at the top, for "
        f"you and for whoever has a link that names it, as long as {here}."
    )


def run(found: Tuned, frozen: Sequence[Flags], texts: str, checkpoint: Checkpoint) -> tuple[str, ...]:
    """One line of the table of trainings; Markdown.

    Args:
        found: the training.
        frozen: bool[asked] twice, what is told right by the frozen first token and the frozen mean.
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
        loss: of the texts kept back, before the first step.
        classes: their number.
        moved: float32[layers not trained, 3], how far the shares of reading moved there.
        apart: largest difference between what a text reads like now and before the training, in the shared model.
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
            "The model that everybody reads with is not changed: it gives the first text kept back the vector it had",
            f"largest difference {power(apart)}",
            apart < CLOSE,
        ),
    ]
    if moved.size:
        found.append(
            (
                f"Where nothing is trained {named(checkpoint)} reads as before",
                f"largest difference {power(float(moved.max()))}",
                float(moved.max()) < CLOSE,
            )
        )
    return found
