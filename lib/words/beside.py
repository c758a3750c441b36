"""What is said of two texts or two models side by side: both in one sentence, and what must not be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint, Trained
from lib.measures.attention import Shares, effective, typical
from lib.measures.beside import Difference, together
from lib.measures.journey import ALIKE, Alike, Moves, Trail, parting
from lib.measures.vectors import EQUAL, Doubles
from lib.quantities import exactly, number, part, plural, share
from lib.reading import Reading
from lib.words.attention import named, token
from lib.words.journey import cosine

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
        "alone": "Two of your texts, or two models, next to each other on this page and the others that can show them.",
        "texts": "Both by the same model, with the same layer, head, cut and colours.",
        "models": "The same texts by both, the layer at the same depth. A model that is not here yet is fetched first.",
    }[kind]


def text(row: int, title: str) -> str:
    """The head of a side that is a text, short enough for one line; Markdown."""
    return f"**Text {row + 1}** {escape.quote(title, 46)}"


def texts(heads: Sequence[str]) -> str:
    """The head of one picture that holds two texts; Markdown."""
    return " beside ".join(heads)


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


def _in(name: str) -> str:
    return f"in {escape.markdown(name)}"


def _start(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _go_together(found: float | None, what: str) -> str:
    """How two rows of numbers go together; nothing where that cannot be told."""
    if found is None:
        return ""
    return f" {what}, the two sides go together with a correlation of **{cosine(found)}** (1: wholly, 0: not at all)."


def _two(rows: Sequence[int]) -> str:
    one, other = (row + 1 for row in rows)
    return f"texts {one} and {other}" if one != other else f"text {one} and itself"


# Attention


def heads(
    reads: Sequence[Shares], chosen: Sequence[tuple[int, int]], names: Sequence[str], models: Sequence[Checkpoint]
) -> str:
    """One head on both sides.

    Args:
        reads: the two, in one direction.
        chosen: (layer, head) of each, both from 1.
        names: of the sides.
        models: that read them.
    """
    twins = models[0].slug == models[1].slug
    (layer, head), way = chosen[0], reads[0].way
    tell = _taken if way == "reads" else _given
    clauses = []
    for read, (where, which), name, checkpoint in zip(reads, chosen, names, models, strict=True):
        place = _in(name) + ("" if twins else f" (layer {where} of {read.layers}, head {which})")
        clauses.append(f"{place} {tell(read, read.values[where - 1, which - 1], checkpoint)}")
    said = "; ".join(clauses)
    if not twins:
        return f"{_start(said)}. Heads of two models have no common order: that their numbers agree means nothing."
    first, kind = named(models[0]), "self" if way == "reads" else "words"
    what = f"what {first} takes from itself" if way == "reads" else f"what the average piece takes from {first}"
    found = together(reads[0].of(kind).ravel(), reads[1].of(kind).ravel())
    over = f"In {what}, over all {plural(reads[0].layers * reads[0].heads, 'head')}"
    return f"Layer {layer}, head {head}: {said}.{_go_together(found, over)}"


def _taken(read: Shares, row: np.ndarray, checkpoint: Checkpoint) -> str:
    first, own = named(checkpoint), read.position
    others = [i for i in range(read.length) if i != own]
    if not others:
        return f"{first} takes all of its reading from itself"
    best = max(others, key=lambda i: row[i])
    return (
        f"{first} takes **{share(row[own])}** of its reading from itself and **{share(row[best])}** from "
        f"{token(read, best, checkpoint)} (an even share: {share(read.even)})"
    )


def _given(read: Shares, row: np.ndarray, checkpoint: Checkpoint) -> str:
    first = named(checkpoint)
    pieces = [i for i, kind in enumerate(read.kinds) if kind.startswith("words")]
    if not pieces:
        return f"there is no piece that could read {first}"
    best = max(pieces, key=lambda i: row[i])
    return (
        f"the average piece takes **{share(row[pieces].mean())}** of its reading from {first}, and most is taken by "
        f"{token(read, best, checkpoint)}, **{share(row[best])}** (an even share: {share(read.even)})"
    )


def lists(reads: Sequence[Shares], names: Sequence[str], models: Sequence[Checkpoint]) -> str:
    """The reading lists of both sides, layer by layer."""
    clauses, last = [], []
    for read, name in zip(reads, names, strict=True):
        words = read.of("words").mean(axis=1)
        size = sum(n for n, kind in zip(read.sizes, read.groups, strict=True) if kind.startswith("words"))
        best = int(words.argmax())
        clauses.append(
            f"{_in(name)} your words get most in layer {best + 1} of {read.layers} (**{share(words[best])}**; evenly "
            f"read, {share(size * read.even)})"
            if size
            else f"{_in(name)} there are no words to read"
        )
        last.append(f"**{share(read.of('self').mean(axis=1)[-1])}**")
    firsts = " and ".join(dict.fromkeys(named(checkpoint) for checkpoint in models))
    return f"{_start('; '.join(clauses))}. What goes to {firsts} itself in the last layer: {last[0]} and {last[1]}."


def readers(reads: Sequence[Shares], names: Sequence[str], models: Sequence[Checkpoint]) -> str:
    """By whom the first token is read on both sides, layer by layer."""
    clauses = []
    for read, name, checkpoint in zip(reads, names, models, strict=True):
        by, first = read.of("words").mean(axis=1), named(checkpoint)
        best = int(by.argmax())
        clauses.append(
            f"{_in(name)} the average piece takes most from {first} in layer {best + 1} of {read.layers} "
            f"(**{share(by[best])}**; an even share: {share(read.even)})"
            if any(kind.startswith("words") for kind in read.kinds)
            else f"{_in(name)} there is no piece that could read {first}"
        )
    return f"{_start('; '.join(clauses))}."


def spreads(reads: Sequence[Shares], names: Sequence[str]) -> str:
    """How widely the heads of both sides read."""
    clauses = []
    for read, name in zip(reads, names, strict=True):
        wide = typical(read)
        layer = int(wide.argmax())
        clauses.append(
            f"{_in(name)} the typical head reads most widely in layer {layer + 1} of {read.layers}, as widely as "
            f"**{number(float(wide[layer]), 1)}** of {plural(read.length, 'token')}; the widest of all heads, "
            f"{number(float(effective(read.values).max()), 1)}"
        )
    return f"{_start('. '.join([clauses[0], _start(clauses[1])]))}."


# The cube


def slices(readings: Sequence[Reading], rows: Sequence[int], layer: int, position: int, found: Difference) -> str:
    """The same row of two texts.

    Args:
        readings: both of one model; the texts.
        rows: the text of each side.
        layer: 0 to the last.
        position: from 0; a negative one counts from the end.
        found: how far the two vectors are apart.
    """
    checkpoint, encoding = readings[0].checkpoint, readings[0].encoding
    tokens = [encoding.tokens[row][position] for row in rows]
    roles = [encoding.roles(row)[position] for row in rows]
    if roles == ["cls", "cls"]:
        what = f"the vectors of {named(checkpoint)} in {_two(rows)}"
    else:
        held = [
            f"{escape.quote(each) if role == 'word' else escape.markdown(each)} in text {row + 1}"
            for each, role, row in zip(tokens, roles, rows, strict=True)
        ]
        place = str(position).replace("-", "−")
        what = f"position {place} holds {held[0]} and {held[1]}; their vectors"
    where = f"In layer {layer} of {readings[0].layers}, {what}"
    if not found.units:
        return f"{where} are the same: the difference is **0, exactly**, in each of {plural(found.width, 'unit')}."
    return (
        f"{where} differ in **{found.units}** of {plural(found.width, 'unit')}, by **{exactly(found.mean)}** on "
        f"average and by {exactly(found.largest)} at most (unit {found.at}); their cosine is "
        f"**{cosine(found.cosine)}**."
    )


def cubes(readings: Sequence[Reading], layers: Sequence[int], tops: Sequence[float], pairs: Sequence[Doubles]) -> str:
    """The outputs of two models.

    Args:
        readings: of the same texts.
        layers: the layer shown on each side.
        tops: where the colours of each end.
        pairs: float64[pairs] each, the cosines of all pairs of texts by the first token's vector; empty for one text.
    """
    sizes = [
        f"{plural(reading.batch, 'text')} × {plural(reading.encoding.input_ids.shape[1], 'token')} × {reading.hidden} "
        f"units {_in(reading.checkpoint.name)}"
        for reading in readings
    ]
    said = (
        f"{sizes[0]}, {sizes[1]}. A unit of one model has nothing to do with a unit of another, so numbers cannot be "
        "held against each other"
    )
    one, other = pairs
    if len(one):
        said += (
            "; how alike two texts are can. The cosine of texts 1 and 2 is "
            f"**{cosine(float(one[0]))}** for {named(readings[0].checkpoint)} in layer {layers[0]} and "
            f"**{cosine(float(other[0]))}** for {named(readings[1].checkpoint)} in layer {layers[1]}"
        )
    return (
        f"{said}.{_go_together(together(one, other), f'Over all {len(one)} pairs of texts')} Each side has colours of "
        f"its own, which end at ±{number(tops[0])} and ±{number(tops[1])}."
    )


# The journey


def parted(way: Alike, words: Alike | None, rows: Sequence[int], checkpoint: Checkpoint) -> str:
    """Two texts, layer by layer.

    Args:
        way: of the first token, of the two texts alone.
        words: of the mean of the words, likewise; None where there is none.
        rows: the two texts.
        checkpoint: the model.
    """
    layers, at = len(way.mean) - 1, parting(way.mean)
    falls = (
        f"It never falls below {ALIKE}."
        if at is None
        else f"It is below {ALIKE} for the first time in **layer {at} of {layers}**."
    )
    said = (
        f"Between {_two(rows)} the cosine of {named(checkpoint)} is "
        f"{cosine(float(way.mean[0]))} in layer 0 and **{cosine(float(way.mean[-1]))}** in layer {layers}. {falls}"
    )
    if words is None:
        return said
    return (
        f"{said} That of the mean of their words goes from {cosine(float(words.mean[0]))} to "
        f"{cosine(float(words.mean[-1]))}."
    )


def distance(gaps: Doubles, way: Moves, checkpoint: Checkpoint) -> str:
    """How far two texts move, and how far they stand apart.

    Args:
        gaps: float64[layers+1], the distance between the two.
        way: how far they move, root mean square of the two.
        checkpoint: the model.
    """
    far, wide = int(way.distance.argmax()), int(gaps.argmax())
    said = (
        f"{named(checkpoint)} moves farthest in layer {far + 1}, by **{number(float(way.distance[far]))}** (root mean "
        "square of the two texts)"
    )
    if not gaps.any():
        return f"{said}. In no layer do they part: their distance is 0, exactly."
    most = f"**{number(float(gaps[wide]))}**"
    if wide == far + 1:
        said += f", and after it the two stand farthest apart: {most}. In layer {far} they stand {_apart(gaps[far])}"
        return f"{said}{f', in layer 0 {_apart(gaps[0])}' if far else ''}."
    return f"{said}; after it the two stand {_apart(gaps[far + 1])}. They are farthest apart in layer {wide}: {most}."


def _apart(gap: float) -> str:
    """A distance in words; two decimals where they say something."""
    if gap == 0:
        return "at the same place, exactly"
    return f"{number(float(gap)) if gap >= 0.005 else exactly(float(gap))} apart"


def partings(ways: Sequence[Alike], models: Sequence[Checkpoint], last: Sequence[Doubles]) -> str:
    """Where the first tokens of two models start to differ between the texts.

    Args:
        ways: of each model's first token.
        models: the two.
        last: float64[pairs] each, the cosines of all pairs of texts after the last layer.
    """
    clauses = []
    for way, checkpoint in zip(ways, models, strict=True):
        layers, at = len(way.mean) - 1, parting(way.mean)
        when = (
            f"does not start to differ in any of {plural(layers, 'layer')}"
            if at is None
            else f"starts to differ in **layer {at} of {layers}**"
            if at
            else "differs from the start"
        )
        clauses.append(f"{_in(checkpoint.name)} {named(checkpoint)} {when}")
    ends = [f"**{cosine(float(way.mean[-1]))}**" for way in ways]
    said = f"{_start(', '.join(clauses))}; the average pair of texts ends at {ends[0]} here and at {ends[1]} there."
    return said + _go_together(together(*last), f"Over all {len(last[0])} pairs of texts, in the last layer")


def moves(ways: Sequence[Moves], models: Sequence[Checkpoint]) -> str:
    """How far the first tokens of two models move, and whether the texts move alike."""
    clauses = []
    for way, checkpoint in zip(ways, models, strict=True):
        far, own = int(way.distance.argmax()), int(way.together.argmin())
        clauses.append(
            f"{_in(checkpoint.name)} {named(checkpoint)} moves farthest in layer {far + 1} of {len(way.distance)}, and "
            f"least of it is common to all texts in layer {own + 1} (**{part(float(way.together[own]))}**)"
        )
    return (
        f"{_start('; '.join(clauses))}. Activations of two models have no common measure: compare the shares, not the "
        "heights."
    )


def louds(units: Sequence[int], shares: Sequence[Doubles], quiet: Sequence[float], models: Sequence[Checkpoint]) -> str:
    """The loud units of two models.

    Args:
        units: of each.
        shares: float64[layers+1] each, its share of the first token's squared length.
        quiet: mean cosine of a pair of texts after the last layer, with that unit set to 0.
        models: the two.
    """
    clauses = []
    for unit, values, without, checkpoint in zip(units, shares, quiet, models, strict=True):
        top = int(values.argmax())
        clauses.append(
            f"{_in(checkpoint.name)} unit {unit} holds **{values[top] * 100:.1f}%** of {named(checkpoint)} in layer "
            f"{top} of {len(values) - 1} (an even share: {1 / checkpoint.hidden:.1%}); with it set to 0, the average "
            f"pair of texts ends at {cosine(without)}"
        )
    return f"{_start('. '.join([clauses[0], _start(clauses[1])]))}."


def trails(ways: Sequence[Trail], models: Sequence[Checkpoint]) -> str:
    """The trails of two models."""
    clauses = []
    for way, checkpoint in zip(ways, models, strict=True):
        widest = f", and its trails lie farthest apart in layer {int(way.widths.argmax())} of {len(way.places) - 1}"
        clauses.append(
            f"the plane of {escape.markdown(checkpoint.name)} keeps **{part(min(1.0, sum(way.shares)))}** of its "
            f"variance{widest if way.places.shape[1] > 1 else ''}"
        )
    return (
        f"{_start('; '.join(clauses))}. Each model has a plane of its own: a place on the one is no place on the other."
    )


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
        f"{columns[gap] + 1} (**{cosine(float(one[gap]))}** and **{cosine(float(other[gap]))}**)."
    )
    return said + _go_together(together(one, other), f"Over all {len(one)} pairs of texts")


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
        clauses.append(f"a cosine of **{cosine(float(value))}** under {name}{_rank(above, below)}")
    return f"Texts {rows[0] + 1} and {rows[1] + 1} have {' and '.join(clauses)}."


def _rank(above: int, below: int) -> str:
    """Where a pair stands among all pairs; nothing where there is no other, or where all are equal."""
    if not above:
        return ", more than any other pair" if below else ""
    return ", less than any other pair" if not below else f", less than {plural(above, 'pair')} and more than {below}"
