"""From texts to labels, in words: what was read, how right the classifier is, is the first token the one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.classifier import CURVES, Classifier, Compared
from lib.measures.probe import CONFIDENCE, Score, gain, score
from lib.quantities import count, number, plural, share
from lib.reading import Ints
from lib.said.attention import named

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
FOOLED = 0.1  # a control this far above the largest class says that the probe learns by heart


def name(way: str, checkpoint: Checkpoint) -> str:
    """A way's name; plain text."""
    return NAMES[way].format(first=checkpoint.first_token, sep=checkpoint.separator)


def within(found: Score) -> str:
    """A share with its interval: "70% (66% to 74%)"."""
    return f"{share(found.value)} ({share(found.low)} to {share(found.high)})"


def points(found: Score) -> str:
    """A difference with its interval, in points: "+7 points (+5 to +9)"."""

    def signed(value: float) -> str:
        text = number(100 * value, 0)
        return text if text.startswith("−") or text == "0" else f"+{text}"

    unit = "point" if abs(round(100 * found.value)) == 1 else "points"
    return f"{signed(found.value)} {unit} ({signed(found.low)} to {signed(found.high)})"


def padding(sizes: Ints, computed: int, cut: int, checkpoint: Checkpoint) -> str:
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


def learned(found: Classifier, checkpoint: Checkpoint, features: str) -> str:
    """How right it is, against naming the largest class.

    Args:
        found: a classifier.
        checkpoint: the model that read.
        features: "cls" or "mean".
    """
    right, floor = found.accuracy, found.majority
    what = named(checkpoint) if features == "cls" else "the mean"
    if len(found.labels) < 40:
        follows = "With so few texts the interval covers nearly everything: this cannot tell."
    elif right.low > floor:
        follows = "The label can be read off these vectors better than by guessing."
    else:
        follows = "The interval reaches down to that: this cannot tell whether anything was learned."
    return (
        f"Learned from {plural(len(found.train), 'text')}, asked about the {len(found.test)} kept back: by {what} "
        f"**{within(right)}** are right (95% interval). Naming the largest class would give {share(floor)}. {follows}"
    )


def confused(found: Classifier, classes: Sequence[str]) -> str:
    """The two classes that are confused most.

    Args:
        found: a classifier.
        classes: their names.
    """
    table = found.confusion.copy()
    np.fill_diagonal(table, 0)
    if not table.any():
        return f"All {plural(len(found.test), 'text')} kept back are right: nothing was confused."
    true, taken = np.unravel_index(int(table.argmax()), table.shape)
    size = int(found.confusion[true].sum())
    return (
        f"{plural(int(table.sum()), 'text')} of {len(found.test)} are wrong. Most often "
        f"{escape.quote(classes[true], 30)} is taken for {escape.quote(classes[taken], 30)}: "
        f"{table[true, taken]} of {size}."
    )


def mistakes(found: Classifier, texts: Sequence[str], classes: Sequence[str], most: int) -> list[tuple[str, str, str]]:
    """The mistakes that it is surest of: text, what it says with its probability, what is true; Markdown.

    Args:
        found: a classifier.
        texts: all.
        classes: their names.
        most: rows.
    """
    said = found.said
    return [
        (
            escape.markdown(escape.cut(texts[row], 110)),
            f"{escape.markdown(escape.cut(classes[said[row]], 30))}, {share(float(found.chances[row].max()))}",
            escape.markdown(escape.cut(classes[found.labels[row]], 30)),
        )
        for row in found.mistakes[:most]
    ]


def travelled(text: str, chances: np.ndarray, classes: Sequence[str], features: str, checkpoint: Checkpoint) -> str:
    """Where the visitor's own sentence ends.

    Args:
        text: theirs.
        chances: float64[classes].
        classes: their names.
        features: "cls" or "mean".
        checkpoint: the model that read.
    """
    best = int(chances.argmax())
    what = named(checkpoint) if features == "cls" else "its mean"
    return (
        f"{escape.quote(text)} is labelled **{escape.markdown(escape.cut(classes[best], 30))}**, with a probability of "
        f"**{share(float(chances[best]))}**, by {what} alone. The classifier has no way to say that a text is about "
        "something else: it always names one of its classes."
    )


def question() -> str:
    """What is asked before the comparison."""
    return (
        "Each text’s label is to be read off one vector of the last layer, by the same plain classifier. Which vector "
        "gets the most right, by more than chance?"
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
    """That the comparison is made on a part of the texts; "" where all are taken.

    Args:
        taken: texts of the comparison.
        texts: all.
    """
    if taken == texts:
        return ""
    return (
        f"**{count(taken)} of your {count(texts)} texts are compared**, drawn at random: kept for every place "
        "and layer, the vectors of all would take too much memory. The classifier above learned from all."
    )


def surely(rivals: int) -> float:
    """How sure each interval must be so that all together are as sure as one usually is (Bonferroni), a share."""
    return 1 - (1 - CONFIDENCE) / rivals


def paired(found: Compared, layer: int, *, scaled: bool) -> list[Score]:
    """How much better than the first token each other way is at a layer, on the same texts, all of them looked at."""
    held = found.scaled if scaled else found.raw
    sure = surely(len(held) - 1)
    return [gain(held[way, layer][None], held[0, layer][None], confidence=sure) for way in range(1, len(held))]


def best(found: Compared, ways: Sequence[str], checkpoint: Checkpoint, *, scaled: bool) -> str:
    """What came out of every layer and place.

    Args:
        found: the comparison.
        ways: in its order, the first token first.
        checkpoint: the model that read.
        scaled: whether the units were standardised.
    """
    held = found.scaled if scaled else found.raw
    means = held.mean(axis=2)
    way, layer = np.unravel_index(int(means.argmax()), means.shape)
    last, own = means.shape[1] - 1, score(held[0, -1][None])
    top = name(ways[way], checkpoint)
    what = named(checkpoint) if way == 0 else f"*{escape.markdown(top)}*"
    better = gain(held[way, layer][None], held[0, last][None])
    return (
        f"{named(checkpoint)} of the last layer is right for **{within(own)}** of {plural(found.texts, 'text')} that "
        f"its readers had not learned from. The best of all {means.size} is {what} of layer {layer} with "
        f"**{share(float(means.max()))}**: {points(better)}. (The best of many is flattered a little: it was chosen by "
        "the same texts.)"
    )


def control(found: Compared, ways: Sequence[str], checkpoint: Checkpoint) -> str:
    """What labels dealt out at random give, and what follows."""
    values = found.shuffled.mean(axis=1)
    fooled = float(values.max()) > found.majority + FOOLED
    return (
        f"With the labels dealt out at random the same learning gets {share(float(values.min()))} to "
        f"{share(float(values.max()))} right, naming the largest class {share(found.majority)}: "
        + (
            "so much above it that the numbers on this page are not to be trusted."
            if fooled
            else "what it gets above is read off the vectors, and not learned by heart."
        )
    )


def verdict(found: Compared, *, scaled: bool) -> tuple[Literal["holds", "in part", "fails", "cannot tell"], int, Score]:
    """How much of it holds that the first token is the one to take, in the last layer.

    Args:
        found: the comparison.
        scaled: whether every unit was standardised.

    Returns:
        the verdict, the rival (an index into the ways) that speaks for it, and its paired difference.
    """
    against = paired(found, -1, scaled=scaled)
    way = max(range(len(against)), key=lambda k: against[k].value)
    rival = against[way]
    if not legible(found, way + 1, scaled=scaled):
        return "cannot tell", way + 1, rival
    if rival.low > 0:
        return "fails", way + 1, rival
    if all(each.high < 0 for each in against):
        return "holds", way + 1, rival
    return "cannot tell", way + 1, rival


def legible(found: Compared, rival: int, *, scaled: bool) -> bool:
    """Whether the label can be read off the first token or its strongest rival at all, better than by guessing."""
    held = found.scaled if scaled else found.raw
    return any(score(held[way, -1][None]).low > found.majority for way in (0, rival))


def follows(found: Compared, ways: Sequence[str], checkpoint: Checkpoint, *, scaled: bool) -> str:
    """The verdict's reason.

    Args:
        found: the comparison.
        ways: in its order, the first token first.
        checkpoint: the model that read.
        scaled: whether every unit was standardised.
    """
    kind, strongest, rival = verdict(found, scaled=scaled)
    way, rivals = ways[strongest], len(ways) - 1
    other = f"*{escape.markdown(name(way, checkpoint))}*"
    told = (
        f"On these texts and by this frozen model, the best other vector of the last layer, {other}, against "
        f"{named(checkpoint)}: **{points(rival)}**. "
    )
    fair = (
        f"(The best of {rivals} rivals wins by luck more easily than one: each interval is drawn at "
        f"{number(100 * surely(rivals), 1)}%, so that all {rivals} together hold at {share(CONFIDENCE)}.)"
    )
    read = {
        "fails": "The interval is above 0.",
        "holds": "Every rival’s interval is below 0.",
        "cannot tell": "The interval holds 0: more texts would tell.",
    }[kind]
    if not legible(found, strongest, scaled=scaled):
        return (
            f"{told}But neither is surely better than naming the largest class ({share(found.majority)}): where "
            "nothing can be read off, there is nothing to compare."
        )
    return f"{told}{read} {fair}"


def frozen(checkpoint: Checkpoint) -> str:
    """What must be kept in mind about a model that was not trained for these labels."""
    return (
        f"{escape.markdown(checkpoint.name)} is frozen here: its {named(checkpoint)} was {checkpoint.first_vector}, "
        "and no gradient from these labels ever reached it. In BERT’s own recipe the whole model is trained for the "
        f"task, and then {named(checkpoint)} becomes what the loss makes of it."
    )


def standing_in(wordless: int, checkpoint: Checkpoint) -> str:
    """What stands for a word in texts that have none; "" where all have some."""
    if not wordless:
        return ""
    texts = plural(wordless, "text has", "texts have")
    return f"{texts} no piece that could be a word: there {named(checkpoint)} stands in for the three words."


def curve(found: Compared, ways: Sequence[str], checkpoint: Checkpoint) -> str:
    """What more texts bring, for the first token and the mean.

    Args:
        found: the comparison.
        ways: in its order.
        checkpoint: the model that read.
    """
    means, low, high = found.curves.mean(axis=2), found.curves.min(axis=2), found.curves.max(axis=2)
    known = np.flatnonzero(~np.isnan(means[[0, 1]]).any(axis=0))
    if len(known) < 2:
        return "There are too few texts for a curve."
    start, end = known[0], known[-1]

    def reached(way: int) -> str:
        most = f"{share(float(low[way, end]))} to {share(float(high[way, end]))}"
        return f"from {share(float(means[way, start]))} to **{share(float(means[way, end]))}** right ({most})"

    return (
        f"From {found.sizes[start]} to {found.sizes[end]} texts learned from, {named(checkpoint)} goes {reached(0)}, "
        f"the {ways[1]} {reached(1)}. Each point is the mean of {CURVES} drawings of texts, a quarter of them kept "
        "back; bars and brackets reach from the lowest of them to the highest."
    )
