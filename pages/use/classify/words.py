"""From texts to labels, in words: what was read, how right the classifier is, is the first token the one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.probe import CONFIDENCE, Score, gain, score
from lib.measures.vectors import Doubles
from lib.quantities import count, listed, number, part, plural, share, written
from lib.reading import Encoding, Floats, Ints
from lib.tables import alike
from lib.texts.sources import cite
from lib.words.attention import named
from lib.words.classify import points, within
from lib.words.terms import term
from pages.use.classify.measures import CURVES, DEALS, LEAST, Classifier, CrossValidation, surely

# ways to make one vector of a text; "{first}" and "{sep}" are the model's own names
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "cls": "{first}",
        "mean": "mean",
        "max": "max",
        "sep": "{sep}",
        "first_word": "first word",
        "middle_word": "a middle word",
        "random_word": "a random word",
    }
)
FOOLED = 0.1  # labels at random that are told so far above the largest class say that the way of asking is wrong


def name(way: str, checkpoint: Checkpoint) -> str:
    """A way's name; plain text."""
    return NAMES[way].format(first=checkpoint.first_token, sep=checkpoint.separator)


def spoken(way: str, checkpoint: Checkpoint) -> str:
    """A way's name in a sentence; Markdown."""
    if way == "cls":
        return named(checkpoint)
    return {"mean": "the mean", "max": "the maximum", "first_word": "the first word"}.get(
        way, escape.markdown(name(way, checkpoint))
    )


def _capital(words: str) -> str:
    return words if words.startswith((":", "\\")) else words[0].upper() + words[1:]


def against(score_: Score, other: float) -> tuple[str, str]:
    """A share with its interval, and another share that it is held against, in digits enough to tell them apart."""
    ends = (score_.value, score_.low, score_.high)

    def shown(value: float, digits: int) -> str:
        return f"{number(100 * value, digits)}%" if digits else part(value)

    def confused(digits: int) -> bool:
        return any(each != other and shown(each, digits) == shown(other, digits) for each in ends)

    digits = next((k for k in range(4) if not confused(k)), 4)
    value, low, high, beside = (shown(each, digits) for each in (*ends, other))
    return f"{value} ({low} to {high})", beside


def lengths(sizes: Ints, computed: int, cut: int, checkpoint: Checkpoint) -> str:
    """What filling up costs, and how sorting saves it.

    Args:
        sizes: int64[texts], tokens of each.
        computed: positions that went through the model.
        cut: texts longer than its limit.
        checkpoint: the model that read.
    """
    longest, real = int(sizes.max()), int(sizes.sum())
    whole = len(sizes) * longest
    reach = (
        f"{longest} tokens each"
        if int(sizes.min()) == longest
        else f"{int(sizes.min())} to {longest} tokens (median {number(float(np.median(sizes)), 0)})"
    )
    said = (
        f"{plural(len(sizes), 'text')} of {reach}. As one batch, `input_ids[{len(sizes)}, {longest}]`, filled up with "
        f"{escape.markdown(checkpoint.padding)} to the longest, they would make {count(whole)} positions, "
        f"**{share(1 - real / whole)}** of them padding. Sorted by length and read in small batches they were "
        f"{count(computed)}."
    )
    if cut:
        said += f" {plural(cut, 'text is', 'texts are')} longer than the {checkpoint.limit} positions of the model and "
        said += "cut there."
    beyond = int((sizes > checkpoint.taught).sum()) if checkpoint.taught else 0
    if beyond:
        said += f" {plural(beyond, 'text is', 'texts are')} longer than the {checkpoint.taught} tokens at which texts "
        said += "were cut when the model was trained last."
    return said


def rows(tokens: Sequence[Sequence[str]], sizes: Ints, most: int) -> list[tuple[str, str]]:
    """The first texts as the model gets them: their tokens, and how many of padding; Markdown.

    Args:
        tokens: [texts][tokens], padded.
        sizes: int64[texts], tokens of each.
        most: rows.
    """
    return [
        (
            " ".join(escape.markdown(escape.visible(token)) for token in row[: int(size)][:24])
            + (" …" if size > 24 else ""),
            f"{len(row) - int(size)} × {escape.markdown(row[-1])}" if len(row) > size else "none",
        )
        for row, size in zip(tokens[:most], sizes[:most], strict=True)
    ]


def heads(most: int) -> tuple[str, str]:
    """What stands over :func:`rows`."""
    return f"the first {most}, as the model gets them", "filled up with"


def cube(shape: Sequence[int], texts: int, checkpoint: Checkpoint) -> str:
    """What the cube holds, and what is kept of it.

    Args:
        shape: texts, tokens, hidden.
        texts: of the whole set.
        checkpoint: the model that read.
    """
    shown, tokens, hidden = shape
    size = shown * tokens * hidden
    bytes_ = f"{number(size * 2 / 2**20, 0)} MiB" if size * 2 >= 1 << 20 else f"{number(size * 2 / 2**10, 0)} KiB"
    first = named(checkpoint)
    said = (
        f"[{shown}, {tokens}, {hidden}]: **{count(size)}** numbers, {bytes_} at half "
        f"precision. The slice of {first} keeps {count(shown * hidden)} of them, one part in {tokens}: one "
        "vector a text."
    )
    if shown < texts:
        said += f" The cube holds the first {count(shown)} texts; the features are of all {count(texts)}."
    return said


def halved(likeness: Mapping[str, float], held: int, checkpoint: Checkpoint) -> str:
    """How much the vectors changed by being read in bfloat16.

    Args:
        likeness: {"cls" and "mean": the smallest cosine to what float32 gives}.
        held: texts that were read in both.
        checkpoint: the model that read.
    """
    return (
        f"Read in bfloat16. {plural(held, 'text')} were read in float32, too. The smallest cosine of the two vectors "
        f"is **{written(likeness['cls'])}** for {named(checkpoint)} and **{written(likeness['mean'])}** for the mean."
    )


def learned(fitted: Classifier, checkpoint: Checkpoint, features: str) -> str:
    """How right it is, against naming the largest class.

    Args:
        fitted: a classifier.
        checkpoint: the model that read.
        features: "cls" or "mean".
    """
    right, floor = fitted.accuracy, fitted.majority
    what = named(checkpoint) if features == "cls" else "the mean"
    told, guessed = against(right, floor)
    if len(np.unique(fitted.groups)) < LEAST:
        follows = "With so few texts the interval covers nearly everything: this cannot tell."
    elif right.low > floor:
        follows = "The label can be read off these vectors better than by guessing."
    elif right.high < floor:
        follows = "That is worse than guessing: what was learned does not hold for the held-out texts."
    else:
        follows = "The interval holds that: this cannot tell whether anything was learned."
    said = (
        f"Learned from {plural(len(fitted.train), 'text')}, asked about the {len(fitted.test)} held out: by {what} "
        f"**{told}** are right (95% interval). Naming the largest class would give {guessed}. {follows}"
    )
    if len(fitted.quarters) > 1:
        said += (
            f" This is one split. With each quarter held out in turn, {part(min(fitted.quarters))} to "
            f"{part(max(fitted.quarters))} are right."
        )
    return said


def confusion(fitted: Classifier, classes: Sequence[str]) -> str:
    """The two classes that are confused most.

    Args:
        fitted: a classifier.
        classes: their names.
    """
    table = fitted.confusion.copy()
    sizes = table.sum(axis=1)
    np.fill_diagonal(table, 0)
    if not table.any():
        return f"All {plural(len(fitted.test), 'text')} held out are right: nothing was confused."
    wrong = f"{plural(int(table.sum()), 'text is', 'texts are')} wrong of {len(fitted.test)} held out."
    most = np.argwhere(table == table.max())
    told = [
        f"{escape.quote(classes[true], 30)} is taken for {escape.quote(classes[taken], 30)}" for true, taken in most
    ]
    if len(most) == 1:
        return f"{wrong} Most often {told[0]}: {table.max()} of {sizes[most[0][0]]}."
    if len(most) == 2:
        return f"{wrong} Most often, and equally often, {listed(told)}: {table.max()} each."
    each = plural(int(table.max()), "text")
    return f"{wrong} No confusion stands out: {len(most)} are equally frequent, with {each} each."


def mistakes(fitted: Classifier, texts: Sequence[str], classes: Sequence[str], most: int) -> list[tuple[str, str, str]]:
    """The mistakes that it is surest of: text, what it says with its probability, what is true; Markdown.

    Copies of one text that are wrong in the same way make one line, which says how many they are.

    Args:
        fitted: a classifier.
        texts: all.
        classes: their names.
        most: rows.
    """
    wrong, predicted = fitted.mistakes, fitted.predicted
    copies: dict[tuple[int, int, int], list[int]] = {}
    for row, first in zip(wrong, alike([texts[row] for row in wrong]), strict=True):
        copies.setdefault((first, int(predicted[row]), int(fitted.labels[row])), []).append(int(row))
    return [
        (
            escape.markdown(escape.cut(texts[rows[0]], 110)) + (f" ({len(rows)} copies)" if len(rows) > 1 else ""),
            f"{escape.markdown(escape.cut(classes[said], 30))}, {share(float(fitted.probabilities[rows[0]].max()))}",
            escape.markdown(escape.cut(classes[true], 30)),
        )
        for (_, said, true), rows in [*copies.items()][:most]
    ]


def own(text: str, probabilities: Doubles, classes: Sequence[str], features: str, checkpoint: Checkpoint) -> str:
    """Where the visitor's own sentence ends.

    Args:
        text: theirs.
        probabilities: float64[classes].
        classes: their names.
        features: "cls" or "mean".
        checkpoint: the model that read.
    """
    best = int(probabilities.argmax())
    what, sure = named(checkpoint) if features == "cls" else "its mean", share(float(probabilities[best]))
    return (
        f"{escape.quote(text)} is labelled **{escape.markdown(escape.cut(classes[best], 30))}**, with a probability of "
        f"**{sure}**, by {what} alone. The classifier has no way to say that a text is about "
        "something else: it always names one of its classes."
    )


def steps(
    encoding: Encoding, vector: Floats, classes: int, features: str, checkpoint: Checkpoint
) -> list[tuple[str, str, str]]:
    """The visitor's first text on its way to a label: each step with its shape; Markdown.

    Args:
        encoding: of their texts.
        vector: float[hidden], that goes into the classifier.
        classes: that it knows.
        features: "cls" or "mean".
        checkpoint: the model that read.
    """
    tokens, hidden = encoding.row(0), len(vector)
    some = " ".join(escape.markdown(escape.cut(token, 20)) for token in tokens[:9]) + (" …" if len(tokens) > 9 else "")
    taken = "`h[:, 0]`" if features == "cls" else "mean over the tokens"
    return [
        ("tokens", f"`[1, {len(tokens)}]`", some),
        ("output", f"`[1, {len(tokens)}, {hidden}]`", f"one vector for each token, after layer {checkpoint.layers}"),
        ("features", f"`[1, {hidden}]`", f"{taken}, length {np.linalg.norm(vector):.2f}"),
        ("scores", f"`[1, {classes}]`", "weights × features + biases, then softmax"),
    ]


def lead(checkpoint: Checkpoint) -> str:
    """What this page has to do with the question."""
    return (
        f"{cite('alammar2019')} keeps the slice of {named(checkpoint)} and trains a plain {term('classifier')} on it. "
        "Any other slice could have been kept. All of them take the same test here."
    )


def question() -> str:
    """What is asked before the comparison."""
    return (
        "The same plain classifier gets one vector of the last layer for each text. With which vector is it right "
        "most often, by more than chance?"
    )


def revealed(
    cv: CrossValidation, ways: Sequence[str], checkpoint: Checkpoint, *, scaled: bool, learned: bool
) -> tuple[tuple[str, ...], str]:
    """The answers that are right, and what was measured.

    Args:
        cv: the comparison.
        ways: in its order, the first token first.
        checkpoint: the model that read.
        scaled: whether the dimensions were standardised.
        learned: whether the model was trained on these very labels.

    Returns:
        Which of :func:`answers` are right; none where the model has learned from these texts.
    """
    judged, (own, made, other, none) = verdict(cv, scaled=scaled, learned=learned), answers(checkpoint)
    best_way = ways[judged.rival]
    right = {"holds": own, "fails": made if best_way in ("mean", "max") else other, "cannot tell": none}[judged.kind]
    held = (cv.scaled if scaled else cv.raw)[:, -1].mean(axis=1)
    because = (
        f"On {plural(cv.texts, 'text')} {named(checkpoint)} is right for **{part(float(held[0]))}** and "
        f"{spoken(best_way, checkpoint)} for **{part(float(held[judged.rival]))}**: "
        f"{points(judged.over)}."
    )
    if learned:
        return (), f"{because} But the model was trained on these very labels, so this cannot tell."
    return (right,), because


def headline(cv: CrossValidation, ways: Sequence[str], checkpoint: Checkpoint, *, scaled: bool) -> str:
    """The finding above the picture of every layer and way.

    Args:
        cv: the comparison.
        ways: in its order, the first token first.
        checkpoint: the model that read.
        scaled: whether the dimensions were standardised.
    """
    means = (cv.scaled if scaled else cv.raw).mean(axis=2)
    way, layer = np.argwhere(means == means.max())[0].tolist()
    return f"Most often right: {spoken(ways[way], checkpoint)} of layer {layer}, {part(float(means.max()))}"


def layers(cv: CrossValidation, checkpoint: Checkpoint, *, scaled: bool) -> str:
    """The caption of that picture.

    Args:
        cv: the comparison.
        checkpoint: the model that read.
        scaled: whether the dimensions were standardised.
    """
    held = cv.scaled if scaled else cv.raw
    own, means = score(held[0, -1][None], cv.groups), held.mean(axis=2)
    return (
        f"{named(checkpoint)} of the last layer is right for **{within(own)}** of the texts that its classifier had "
        f"not seen (95% interval). The best of all {means.size} vectors is right for **{part(float(means.max()))}**; "
        "the best of many wins by luck more easily."
    )


def gained(cv: CrossValidation, ways: Sequence[str], checkpoint: Checkpoint, *, scaled: bool) -> tuple[str, str]:
    """The finding above the picture of the differences in the last layer, and its caption.

    Args:
        cv: the comparison.
        ways: in its order, the first token first.
        checkpoint: the model that read.
        scaled: whether the dimensions were standardised.
    """
    judged, first = verdict(cv, scaled=scaled), named(checkpoint)
    other = spoken(ways[judged.rival], checkpoint)
    titles = {
        "holds": f"{first} is right more often than every other",
        "fails": f"{_capital(other)} is right more often than {first}",
        "cannot tell": f"No vector is surely better than {first}",
    }
    return titles[judged.kind], (
        f"In the last layer {other} against {first}: **{points(judged.over)}**. A line is an interval; where it "
        "crosses 0, these texts cannot tell the two apart."
    )


def scope(checkpoint: Checkpoint, *, learned: bool) -> tuple[str, str, str]:
    """What holds for this model, for BERT, and for most encoders.

    Args:
        checkpoint: the model that read.
        learned: whether it was trained on these very labels.
    """
    return (
        frozen(checkpoint, learned=True) if learned else "Nothing of it is trained on this page.",
        "Its authors train the whole model for each task through [CLS]. Without that training, [CLS], [SEP] and the "
        "words of BERT come out within a few points of each other.",
        "Which slice is best differs by model, task and training, so it is worth testing.",
    )


def answers(checkpoint: Checkpoint) -> tuple[str, ...]:
    """What may be guessed; plain text."""
    return (
        f"{checkpoint.first_token}’s own",
        "One made of all tokens: mean or max",
        "Another token’s",
        "None: chance cannot be ruled out",
    )


def sampled(taken: int, texts: int) -> str:
    """That the cv is made on a part of the texts; "" where all are taken.

    Args:
        taken: texts of the cv.
        texts: all.
    """
    if taken == texts:
        return ""
    return (
        f"**{count(taken)} of your {count(texts)} texts are compared**, drawn at random: kept for every place "
        "and layer, the vectors of all would take too much memory. The classifier above learned from all."
    )


def best(cv: CrossValidation, ways: Sequence[str], checkpoint: Checkpoint, *, scaled: bool) -> str:
    """What came out of every layer and place.

    Args:
        cv: the comparison.
        ways: in its order, the first token first.
        checkpoint: the model that read.
        scaled: whether the dimensions were standardised.
    """
    held = cv.scaled if scaled else cv.raw
    means = held.mean(axis=2)
    own = score(held[0, -1][None], cv.groups)
    most = np.argwhere(means == means.max())
    said = (
        f"{named(checkpoint)} of the last layer is right for **{within(own)}** of {plural(cv.texts, 'text')} that "
        "its classifiers had not learned from. "
    )
    if [0, means.shape[1] - 1] in most.tolist():
        equal = f" ({plural(len(most) - 1, 'other is', 'others are')} right equally often.)" if len(most) > 1 else ""
        return f"{said}None of all {means.size} vectors is right more often.{equal}"
    way, layer = most[0]
    what = named(checkpoint) if way == 0 else f"*{escape.markdown(name(ways[way], checkpoint))}*"
    sure = surely(means.size - 1)
    better = gain(held[way, layer][None], held[0, -1][None], cv.groups, confidence=sure)
    which = "The best" if len(most) == 1 else f"One of the {len(most)} that are equally best"
    return (
        f"{said}{which} of all {means.size} is {what} of layer {layer} with **{part(float(means.max()))}**: "
        f"{points(better)}. (It was chosen by the same texts, and the best of many wins by luck more easily than one. "
        f"So the interval is drawn at {number(100 * sure, 1)}%: all {means.size - 1} hold at {share(CONFIDENCE)}.)"
    )


def control(cv: CrossValidation, checkpoint: Checkpoint) -> str:
    """What labels dealt out at random give, and what follows: whether chance alone does as well as the true ones."""
    true, chance = float(cv.scaled[0, -1].mean()), cv.shuffled
    first = named(checkpoint)
    said = (
        f"Is it chance? With the labels dealt out at random, {DEALS} times, the same learning from {first} of the "
        f"last layer (standardised) is right for {part(float(chance.min()))} to {part(float(chance.max()))}; with the "
        f"true labels for **{part(true)}**. "
    )
    if float(chance.mean()) > cv.majority + FOOLED:
        return (
            f"{said}At random it should be about {part(cv.majority)}, as by naming the largest class: something is "
            "wrong with these texts, and the numbers on this page are not to be trusted."
        )
    if true > chance.max():
        return (
            f"{said}No random labels come up to that. By chance alone that would happen once in {DEALS + 1} times, so "
            "the labels do go with something in these vectors."
        )
    return f"{said}Random labels come up to that, so by this number alone chance cannot be ruled out."


@dataclass(frozen=True)
class Judged:
    """How much of it holds that the first token is the one to take, in the last layer.

    Attributes:
        kind: the verdict.
        rival: that speaks for it, an index into the ways.
        over: how much better than the first token that rival is, on the same texts.
        legible: whether the label can be read off the first token or a rival better than by guessing.
    """

    kind: Literal["holds", "fails", "cannot tell"]
    rival: int
    over: Score
    legible: bool


def verdict(cv: CrossValidation, *, scaled: bool, learned: bool = False) -> Judged:
    """Holds the first token against every rival: one that is surely better is enough, and none may be left open.

    Args:
        cv: the comparison.
        scaled: whether every dimension was standardised.
        learned: whether the model was trained on these very labels, so that nothing here speaks of other texts.
    """
    held, rivals = cv.scaled if scaled else cv.raw, cv.rivals(scaled=scaled)
    sure = surely(len(rivals))
    readable = [score(row[None], cv.groups, confidence=sure).low > cv.majority for row in held[:, -1]]

    def judged(kind: Literal["holds", "fails", "cannot tell"], some: Sequence[int]) -> Judged:
        speaks = max(some, key=lambda k: rivals[k].value)
        return Judged("cannot tell" if learned else kind, speaks + 1, rivals[speaks], any(readable))

    every = range(len(rivals))
    if better := [k for k in every if rivals[k].low > 0 and (readable[0] or readable[k + 1])]:
        return judged("fails", better)
    if readable[0] and all(each.high < 0 for each in rivals):
        return judged("holds", every)
    unsure = [k for k in every if rivals[k].low <= 0 <= rivals[k].high]
    return judged("cannot tell", unsure if unsure and any(readable) else every)


def follows(cv: CrossValidation, ways: Sequence[str], checkpoint: Checkpoint, *, scaled: bool) -> str:
    """The verdict's reason.

    Args:
        cv: the comparison.
        ways: in its order, the first token first.
        checkpoint: the model that read.
        scaled: whether every dimension was standardised.
    """
    made, rivals = verdict(cv, scaled=scaled), len(ways) - 1
    other, first = f"*{escape.markdown(name(ways[made.rival], checkpoint))}*", named(checkpoint)
    told = (
        f"On these texts and by this frozen model, in the last layer, {other} against {first}: "
        f"**{points(made.over)}**. "
    )
    if made.kind == "cannot tell" and not (made.legible and made.over.low <= 0 <= made.over.high):
        return (
            f"{told}But neither of them is surely better than naming the largest class ({part(cv.majority)}): where "
            "nothing can be read off, there is nothing to compare."
        )
    read = {
        "fails": "The interval is above 0: this vector is right more often.",
        "holds": "This is the best of the others, and its interval is below 0, as all others’ are."
        if rivals > 1
        else "The interval is below 0.",
        "cannot tell": "The interval holds 0: more texts would tell.",
    }[made.kind]
    fair = (
        f" (With {rivals} rivals one wins by luck more easily: each interval is drawn at "
        f"{number(100 * surely(rivals), 1)}%, so that all {rivals} together hold at {share(CONFIDENCE)}.)"
    )
    return f"{told}{read}{fair if rivals > 1 else ''}"


def limits() -> str:
    """What the page does not show."""
    return (
        f"That a label can be told from a vector does not say that the model uses it ({cite('elazar2021')}). The "
        "model is not trained here and the classifier is a logistic regression, as vectors of sentences are often "
        f"tested ({cite('conneau2018')}); training the model for the task can change which vector carries the answer."
    )


def frozen(checkpoint: Checkpoint, *, learned: bool) -> str:
    """What must be kept in mind about the model that read.

    Args:
        checkpoint: the model.
        learned: whether it was trained in this app on these very texts.
    """
    first = named(checkpoint)
    if learned:
        return (
            f"But {escape.markdown(checkpoint.name)} was trained on these labels before: other texts would tell how "
            "its vectors do on texts that it has not learned from."
        )
    return (
        f"{escape.markdown(checkpoint.name)} is frozen here: its {first} was {checkpoint.first_vector}, and nothing of "
        "it is trained on this page. In BERT’s own recipe the whole model is trained for the task through "
        f"{first}."
    )


def standing_in(wordless: int, checkpoint: Checkpoint) -> str:
    """What stands for a word in texts that have none; "" where all have some."""
    if not wordless:
        return ""
    texts = plural(wordless, "text has", "texts have")
    return f"{texts} no token that could be a word: there {named(checkpoint)} stands in for the three words."


def sizes(cv: CrossValidation, ways: Sequence[str], checkpoint: Checkpoint) -> str:
    """What more texts bring, for the first token and the mean.

    Args:
        cv: the comparison.
        ways: in its order.
        checkpoint: the model that read.
    """
    means, low, high = cv.curves.mean(axis=2), cv.curves.min(axis=2), cv.curves.max(axis=2)
    known = np.flatnonzero(~np.isnan(means[[0, 1]]).any(axis=0))
    if len(known) < 2:
        return "There are too few texts for a curve."
    start, end = known[0], known[-1]

    def reached(way: int) -> str:
        most = f"{share(float(low[way, end]))} to {share(float(high[way, end]))}"
        return f"from {share(float(means[way, start]))} to **{share(float(means[way, end]))}** right ({most})"

    return (
        f"From {cv.sizes[start]} to {cv.sizes[end]} texts learned from, {named(checkpoint)} goes {reached(0)}, "
        f"the {ways[1]} {reached(1)}. Each point is the mean of {CURVES} drawings of texts, a quarter of them "
        "held out; bars and brackets reach from the lowest of them to the highest."
    )
