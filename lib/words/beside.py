"""What is said of two texts or two models side by side: both in one sentence, and what must not be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint, Trained
from lib.measures.attention import Order, Shares, effective, typical
from lib.measures.beside import together
from lib.measures.vectors import EQUAL, Doubles
from lib.quantities import number, plural, share, written
from lib.reading import Reading
from lib.words.attention import named, token

# The choice


ALONE = "Side by side"  # the button's words, until it is used


def of_texts(one: int, other: int) -> str:
    """The button's words for two texts, numbered from 1."""
    return f"{ALONE}: texts {one} and {other}"


def of_models(second: Checkpoint) -> str:
    """The button's words for two models; Markdown."""
    return f"{ALONE} with {escape.markdown(second.name)}"


def about(kind: str) -> str:
    """What the choice does, behind the button."""
    return {
        "alone": "Two texts, or two models, next to each other on this page and the others that can show them.",
        "texts": "Both by the same model, with the same layer, head, cut and colours.",
        "models": "The same texts by both, the layer at the same depth. A model that is not here yet is fetched first.",
    }[kind]


def text(row: int, title: str) -> str:
    """The head of a side that is a text, short enough for one line; Markdown."""
    return f"**Text {row + 1}** {escape.quote(title, 46)}"


def model(checkpoint: Checkpoint, name: str = "") -> str:
    """The head of a side that is a model; Markdown.

    Args:
        checkpoint: the model.
        name: what tells it from the other, where that is not its own name.
    """
    name = escape.markdown(name or checkpoint.name)
    return f"**{name}** · {named(checkpoint)} · {checkpoint.first_vector_short}"


def told_apart(models: Sequence[Checkpoint]) -> list[str]:
    """A name for each model, plain: its own, and how it was trained here where another has the same name."""
    names = [model.name for model in models]
    return [
        f"{model.name} ({model.where.how})"
        if isinstance(model.where, Trained) and names.count(model.name) > 1
        else model.name
        for model in models
    ]


def too_few(found: int) -> str:
    """Where there are not two texts to set beside each other."""
    had = "One text only" if found == 1 else f"{plural(found, 'text')} only"
    return f"**{had}.** Two texts side by side need another: add it above, one text a line. Until then it stands alone."


def failed(second: Checkpoint, why: str) -> str:
    """Where the other model cannot be had."""
    return (
        f"**{escape.markdown(second.name)} cannot be set beside it.** {escape.markdown(why)} The model in use stands "
        "alone; choose another under “Side by side”."
    )


def matched(depth: int, other: int, layer: int, there: int) -> str:
    """Which layers stand side by side.

    Args:
        depth: layers of the model at the left.
        other: layers of the one at the right.
        layer: of the left one, that is shown.
        there: of the right one, that stands beside it.
    """
    if depth == other:
        return f"Both models have {plural(depth, 'layer')}: the same number stands beside the same number."
    return (
        f"Layers are matched by depth: layer {layer} of {depth} stands beside layer {there} of {other}, and the first "
        "and the last of the one beside those of the other."
    )


def whose(models: Sequence[Checkpoint]) -> str:
    """The model or the two, with what the first vector of each was trained for."""
    told = [f"{escape.markdown(one.name)}, whose {named(one)} was {one.first_vector}" for one in models]
    return f"One model, {told[0]}" if len(told) == 1 else f"Two models, {told[0]}, and {told[1]}"


def same(readings: Sequence[Reading], rows: Sequence[int]) -> bool:
    """Whether both sides are the same text by the same model.

    Args:
        readings: two.
        rows: the text of each.
    """
    one, other = (
        (reading.checkpoint.slug, reading.encoding.texts[row], reading.encoding.pairs[row])
        for reading, row in zip(readings, rows, strict=True)
    )
    return one == other


SAME = "Both sides hold the same text, so all of their numbers are the same. "


def within(name: str) -> str:
    """A side in a sentence: "in text 2"; Markdown."""
    return f"in {escape.markdown(name)}"


def capitalized(sentence: str) -> str:
    """A sentence that begins with a capital letter, and stays as it is behind it."""
    return sentence[:1].upper() + sentence[1:]


def correlated(found: float | None, what: str) -> str:
    """How two rows of numbers go together; nothing where that cannot be told."""
    if found is None:
        return ""
    return f" {what}, the two sides go together with a correlation of **{written(found)}** (1: wholly, 0: not at all)."


def numbered(rows: Sequence[int]) -> str:
    """Two texts by their numbers: "texts 1 and 3"."""
    one, other = (row + 1 for row in rows)
    return f"texts {one} and {other}" if one != other else f"text {one} and itself"


# Attention


def heads(
    shares: Sequence[Shares], chosen: Sequence[tuple[int, int]], names: Sequence[str], models: Sequence[Checkpoint]
) -> str:
    """One head on both sides.

    Args:
        shares: the two, in one direction.
        chosen: (layer, head) of each, both from 1.
        names: of the sides.
        models: that read them.
    """
    twins = models[0].slug == models[1].slug
    (layer, head), way = chosen[0], shares[0].way
    tell = _taken if way == "attends_to" else _given
    clauses = []
    for read, (where, which), name, checkpoint in zip(shares, chosen, names, models, strict=True):
        place = within(name) + ("" if twins else f" (layer {where} of {read.layers}, head {which})")
        clauses.append(f"{place} {tell(read, read.values[where - 1, which - 1], checkpoint)}")
    said = "; ".join(clauses)
    if not twins:
        return f"{capitalized(said)}. Heads of two models have no common order: that their numbers agree means nothing."
    first = named(models[0])
    kind: Order = "self" if way == "attends_to" else "words"
    what = f"what {first} gives to itself" if way == "attends_to" else f"what the average token gives to {first}"
    found = together(shares[0].of(kind).ravel(), shares[1].of(kind).ravel())
    over = f"In {what}, over all {plural(shares[0].layers * shares[0].heads, 'head')}"
    return f"Layer {layer}, head {head}: {said}.{correlated(found, over)}"


def _taken(read: Shares, row: np.ndarray, checkpoint: Checkpoint) -> str:
    first, own = named(checkpoint), read.position
    others = [i for i in range(read.length) if i != own]
    if not others:
        return f"{first} gives all of its attention to itself"
    best = max(others, key=lambda i: row[i])
    return (
        f"{first} gives **{share(row[own])}** of its attention to itself and **{share(row[best])}** to "
        f"{token(read, best, checkpoint)} (an even share: {share(read.even)})"
    )


def _given(read: Shares, row: np.ndarray, checkpoint: Checkpoint) -> str:
    first = named(checkpoint)
    pieces = [i for i, kind in enumerate(read.kinds) if kind.startswith("words")]
    if not pieces:
        return f"there is no token that could attend to {first}"
    best = max(pieces, key=lambda i: row[i])
    return (
        f"the average token gives **{share(row[pieces].mean())}** of its attention to {first}, and "
        f"{token(read, best, checkpoint)} gives most, **{share(row[best])}** (an even share: {share(read.even)})"
    )


def lists(shares: Sequence[Shares], names: Sequence[str], models: Sequence[Checkpoint]) -> str:
    """What the first token of both sides attends to, layer by layer."""
    clauses, last = [], []
    for read, name in zip(shares, names, strict=True):
        words = read.of("words").mean(axis=1)
        size = sum(n for n, kind in zip(read.sizes, read.groups, strict=True) if kind.startswith("words"))
        best = int(words.argmax())
        clauses.append(
            f"{within(name)} the words get most in layer {best + 1} of {read.layers} (**{share(words[best])}**; "
            f"if all tokens got the same, {share(size * read.even)})"
            if size
            else f"{within(name)} there are no words"
        )
        last.append(f"**{share(read.of('self').mean(axis=1)[-1])}**")
    firsts = " and ".join(dict.fromkeys(named(checkpoint) for checkpoint in models))
    return (
        f"{capitalized('; '.join(clauses))}. What goes to {firsts} itself in the last layer: {last[0]} and {last[1]}."
    )


def readers(shares: Sequence[Shares], names: Sequence[str], models: Sequence[Checkpoint]) -> str:
    """How much the text attends to the first token on both sides, layer by layer."""
    clauses = []
    for read, name, checkpoint in zip(shares, names, models, strict=True):
        by, first = read.of("words").mean(axis=1), named(checkpoint)
        best = int(by.argmax())
        clauses.append(
            f"{within(name)} the average token gives most to {first} in layer {best + 1} of {read.layers} "
            f"(**{share(by[best])}**; an even share: {share(read.even)})"
            if any(kind.startswith("words") for kind in read.kinds)
            else f"{within(name)} there is no token that could attend to {first}"
        )
    return f"{capitalized('; '.join(clauses))}."


def spreads(shares: Sequence[Shares], names: Sequence[str]) -> str:
    """Over how many tokens the heads of both sides spread their attention."""
    clauses = []
    for read, name in zip(shares, names, strict=True):
        wide = typical(read)
        layer = int(wide.argmax())
        clauses.append(
            f"{within(name)} the typical head spreads farthest in layer {layer + 1} of {read.layers}, over "
            f"**{number(float(wide[layer]), 1)}** of {plural(read.length, 'token')} in effect; of all heads one over "
            f"{number(float(effective(read.values).max()), 1)}"
        )
    return f"{capitalized('. '.join([clauses[0], capitalized(clauses[1])]))}."


# Poolings


def cosines(one: Doubles, other: Doubles, names: Sequence[str]) -> str:
    """The same pairs of texts under two models.

    Args:
        one: float64[pairs], -1 to 1.
        other: float64[pairs], likewise.
        names: of the two, spoken.
    """
    gap = int(np.abs(one - other).argmax())
    rows, columns = np.triu_indices(int((1 + (1 + 8 * len(one)) ** 0.5) / 2), 1)
    said = (
        f"The same pairs, {names[0]} and {names[1]}: they are farthest from each other on texts {rows[gap] + 1} and "
        f"{columns[gap] + 1} (**{written(float(one[gap]))}** and **{written(float(other[gap]))}**)."
    )
    return said + correlated(together(one, other), f"Over all {len(one)} pairs of texts")


def pair(one: Doubles, other: Doubles, rows: tuple[int, int], names: Sequence[str]) -> str:
    """Two texts under two poolings.

    Args:
        one: float64[n, n], cosines under the one pooling.
        other: float64[n, n], under the other.
        rows: the two texts.
        names: of the poolings, spoken.
    """
    if rows[0] == rows[1]:
        return SAME.strip()
    clauses = []
    for cosines_of, name in zip((one, other), names, strict=True):
        value = cosines_of[rows]
        every = cosines_of[np.triu_indices(len(cosines_of), 1)]
        above, below = int((every > value + EQUAL).sum()), int((every < value - EQUAL).sum())
        clauses.append(f"a cosine of **{written(float(value))}** under {name}{_rank(above, below)}")
    return f"Texts {rows[0] + 1} and {rows[1] + 1} have {' and '.join(clauses)}."


def _rank(above: int, below: int) -> str:
    """Where a pair stands among all pairs; nothing where there is no other, or where all are equal."""
    if not above:
        return ", more than any other pair" if below else ""
    return ", less than any other pair" if not below else f", less than {plural(above, 'pair')} and more than {below}"


def titles(reading: Reading) -> tuple[str, ...]:
    """The texts as rows are named: a pair with its second text."""
    both = zip(reading.encoding.texts, reading.encoding.pairs, strict=True)
    return tuple(text if pair is None else f"{text} / {pair}" for text, pair in both)
