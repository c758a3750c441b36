"""What is said of the first token's way through the layers: of all texts, of two of them, or by two models."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.beside import together
from lib.measures.inputs import Apart
from lib.measures.journey import ALIKE, Alike, Moves, TrackKind, Trail, parting
from lib.measures.vectors import Doubles, Pair
from lib.quantities import ROUNDING, exactly, listed, nothing, number, part, plural, share, written
from lib.reading import Reading
from lib.words.attention import named
from lib.words.beside import capitalized, correlated, numbered, within

PROJECTED = 1e-6  # of the widest trail, that the projection of equal vectors can make of nothing
FANS = 2  # times as wide in the last layer as ever before: the trails fan out there
STEADY = 0.99  # share of a movement from which on all texts may be said to move alike

DISTANCE = (
    "The distance from one layer to the next. Solid is what all texts have in common, hatched is what each does by "
    "itself."
)
PLANE = (
    "All layers on one plane, the one in which these vectors differ most (two principal components). A trail begins at "
    "the hollow square; grey numbers are layers."
)


def track(kind: TrackKind, checkpoint: Checkpoint) -> str:
    """The plain name of a track."""
    return {"first": checkpoint.first_token, "words": "mean of the words", "separator": checkpoint.separator}[kind]


def short(value: float) -> str:
    """A cosine at a point of a picture; "" where it is so near to 1 that the point says it all."""
    cosine = written(value)
    return "1" if value == 1 else "" if cosine.startswith(">") else cosine


def rule(checkpoint: Checkpoint) -> str:
    """When two texts are said to differ, for the paragraph under the picture."""
    return (
        f"The cosine of each pair of texts, in every layer: 1 is the same direction. We say that {named(checkpoint)} "
        f"starts to differ in the first layer in which the average pair falls below {ALIKE} (dashed)."
    )


# How alike the texts are


def alike(first: Alike, words: Alike | None, checkpoint: Checkpoint) -> str:
    """The layer in which the first token starts to differ between texts.

    Args:
        first: the first token's cosines.
        words: those of the mean of the words, where there is one.
        checkpoint: the model.
    """
    name, layers, at = named(checkpoint), len(first.mean) - 1, parting(first.mean)
    if at is None:
        sentence = (
            f"{name} does not start to differ in any of {plural(layers, 'layer')}: the average pair of these texts "
            f"ends at **{written(float(first.mean[-1]))}**. "
        )
    elif not at:
        start = written(float(first.mean[0]))
        sentence = f"{name} differs from the start: the average pair is at **{start}** in layer 0. "
    else:
        late = at == layers and layers > 1
        before, after = (written(float(first.mean[layer])) for layer in (at - 1, at))
        sentence = (
            f"{name} starts to differ in **layer {at} of {layers}**{', the last' if late else ''}: the average pair "
            f"is at {before} before it and at **{after}** after it. "
        )
    if words is not None:
        start_of_words = parting(words.mean)
        how = (
            "never does"
            if start_of_words is None
            else f"does in layer {start_of_words}"
            if start_of_words
            else "differs from the start"
        )
        sentence += (
            f"The mean of the words {how}: {written(float(words.mean[0]))} in layer 0, "
            f"{written(float(words.mean[-1]))} in layer {layers}."
        )
    return sentence.strip()


def headline(first: Alike, checkpoint: Checkpoint) -> str:
    """What the cosines show, as a title; Markdown.

    Args:
        first: the first token's cosines.
        checkpoint: the model.
    """
    name, layers, at = escape.markdown(checkpoint.first_token), len(first.mean) - 1, parting(first.mean)
    if at is None:
        return f"{name} stays nearly the same vector in all texts, in every layer"
    if at < 2:
        return f"{name} differs between texts {f'from layer {at} on' if at else 'from the start'}"
    after = f"and differs in layer {at}" if at == layers else f"and differs from layer {at} on"
    return f"{name} stays nearly the same vector in all texts until layer {at - 1}, {after}"


def extremes(first: Alike) -> str:
    """Which texts end most alike and least alike; "" where there are only two."""
    most, least = first.most[-1], first.least[-1]
    if (most.first, most.second) == (least.first, least.second):
        return ""
    return f"After the last layer the most alike are texts {_pair(most)}, the least alike {_pair(least)}."


def _pair(pair: Pair) -> str:
    return f"{pair.first + 1} and {pair.second + 1} ({written(pair.cosine)})"


def alike_in_two_texts(first: Alike, words: Alike | None, rows: Sequence[int], checkpoint: Checkpoint) -> str:
    """Two texts, layer by layer.

    Args:
        first: the first token's cosines, of the two texts alone.
        words: those of the mean of the words, likewise; None where there is none.
        rows: the two texts.
        checkpoint: the model.
    """
    layers, at = len(first.mean) - 1, parting(first.mean)
    falls = (
        f"It never falls below {ALIKE}."
        if at is None
        else f"It is below {ALIKE} for the first time in **layer {at} of {layers}**."
    )
    sentence = (
        f"Between {numbered(rows)} the cosine of {named(checkpoint)} is {written(float(first.mean[0]))} in layer 0 and "
        f"**{written(float(first.mean[-1]))}** in layer {layers}. {falls}"
    )
    if words is None:
        return sentence
    return (
        f"{sentence} That of the mean of their words goes from {written(float(words.mean[0]))} to "
        f"{written(float(words.mean[-1]))}."
    )


def alike_in_two_models(firsts: Sequence[Alike], models: Sequence[Checkpoint], last: Sequence[Doubles]) -> str:
    """Where the first tokens of two models start to differ between the texts.

    Args:
        firsts: the cosines of each model's first token.
        models: the two.
        last: float64[pairs] each, the cosines of all pairs of texts after the last layer.
    """
    clauses = []
    for first, checkpoint in zip(firsts, models, strict=True):
        layers, at = len(first.mean) - 1, parting(first.mean)
        when = (
            f"does not start to differ in any of {plural(layers, 'layer')}"
            if at is None
            else f"starts to differ in **layer {at} of {layers}**"
            if at
            else "differs from the start"
        )
        clauses.append(f"{within(checkpoint.name)} {named(checkpoint)} {when}")
    here, there = (f"**{written(float(first.mean[-1]))}**" for first in firsts)
    sentence = f"{capitalized(', '.join(clauses))}; the average pair of texts ends at {here} here and at {there} there."
    return sentence + correlated(together(*last), f"Over all {len(last[0])} pairs of texts, in the last layer")


# How far they differ


def leaving(way: Apart, checkpoint: Checkpoint) -> str:
    """How far the first token of two texts can differ, layer by layer, beside other tokens."""
    first, layers = named(checkpoint), len(way.first) - 1
    if way.first.max() <= ROUNDING:
        still = nothing(float(way.first.max()))
        return f"{first} stays at a difference of **{still}** in every layer: to this model these texts are the same."
    left = next(k for k, value in enumerate(way.first) if value > ROUNDING)
    most = int(way.first.argmax())
    begins = "differs most"
    if left < most:
        begins = f"differs by {exactly(float(way.first[left]))} after layer {left} and most"
    start = (nothing if left else exactly)(float(way.first[0]))
    sentence = (
        f"{first} starts at **{start}**, {begins}, by **{exactly(float(way.first[most]))}**, "
        f"after layer {most} of {layers}. "
    )
    others = [
        (name, values)
        for name, values in (
            (f"the token after {first}", way.after),
            (escape.markdown(checkpoint.separator), way.separator),
        )
        if values is not None
    ]
    apart = [f"{name} ({exactly(float(values[0]))})" for name, values in others if values[0] > ROUNDING]
    alike = [name for name, values in others if values[0] <= ROUNDING]
    if apart:
        verb = "differ" if len(apart) > 1 else "differs"
        sentence += (
            f"Of the others, {listed(apart)} {verb} from the start, because their token or position is not the same in "
            "all texts. "
        )
    if alike:
        verb = "start" if len(alike) > 1 else "starts"
        sentence += f"Here {listed(alike)} {verb} at 0, too, because token and position are the same in all texts."
    return sentence.strip()


def vectors(difference: float, layer: int, layers: int, texts: int, drawn: int, checkpoint: Checkpoint) -> str:
    """How far the first token's vectors differ between texts after one layer.

    Args:
        difference: the largest, over all texts and dimensions.
        layer: 0 to the last.
        layers: of the model.
        texts: that are compared.
        drawn: strips there are at most.
        checkpoint: the model.
    """
    few = f" The strips show the first {drawn} texts; the difference is that of all." if texts > drawn else ""
    where = f"After layer {layer} of {layers}" if layer else "Before the first layer"
    size = nothing(difference) if layer == 0 and difference <= ROUNDING else exactly(difference)
    return (
        f"{where} the largest difference between the vectors of {named(checkpoint)} in {plural(texts, 'text')} is "
        f"**{size}**.{few}"
    )


# How far they move


def moved_label(first: Moves) -> str:
    """What the picture of the distances shows, as the label of a fold."""
    return f"How far it moves: farthest in layer {int(first.distance.argmax()) + 1}"


def moved(first: Moves, checkpoint: Checkpoint) -> str:
    """How far the first token moves, and whether the texts move alike."""
    name, layers = named(checkpoint), len(first.distance)
    far, own = int(first.distance.argmax()), int(first.together.argmin())
    sentence = f"{name} moves farthest in layer {far + 1}, by **{number(float(first.distance[far]))}**. "
    if layers == 1:
        return sentence + f"{part(float(first.together[0]))} of the squared distance is the same for every text."
    steady = int((first.together >= STEADY).sum())
    if steady == layers:
        return sentence + (
            f"In every layer {share(STEADY)} or more of the squared distance is the same for every "
            "text: they move as one."
        )
    sentence += (
        f"In layer {own + 1} only **{_below(float(first.together[own]))}** of the squared distance is the same for "
        "every text. "
    )
    if steady:
        rest = f"In {plural(steady, 'other layer')}" if steady < layers - 1 else "In all other layers"
        sentence += f"{rest} it is {share(STEADY)} or more: there it moves almost alike in all of these texts."
    return sentence.strip()


def closed(layers: int) -> str:
    """That one more step hides in the last layer of some models, for the paragraph above the picture."""
    return (
        f"In this model the vectors pass one more LayerNorm behind the last block. It counts as part of layer {layers} "
        "here, so some of the way in that layer is a change of scale."
    )


def _below(value: float) -> str:
    """A share that is not steady: cut after a decimal where rounding would make it so."""
    return f"{math.floor(value * 1000) / 10}%" if part(value) == share(STEADY) else part(value)


def moved_in_two_texts(gaps: Doubles, first: Moves, checkpoint: Checkpoint) -> str:
    """How far two texts move, and how far they stand apart.

    Args:
        gaps: float64[layers+1], the distance between the two.
        first: how far they move, root mean square of the two.
        checkpoint: the model.
    """
    far, wide = int(first.distance.argmax()), int(gaps.argmax())
    sentence = (
        f"{named(checkpoint)} moves farthest in layer {far + 1}, by **{number(float(first.distance[far]))}** (root "
        "mean square of the two texts)"
    )
    if not gaps.any():
        return f"{sentence}. In no layer do they part: their distance is 0, exactly."
    most = f"**{number(float(gaps[wide]))}**"
    if wide != far + 1:
        return (
            f"{sentence}; after it the two stand {_apart(gaps[far + 1])}. They are farthest apart in layer {wide}: "
            f"{most}."
        )
    sentence += f", and after it the two stand farthest apart: {most}. In layer {far} they stand {_apart(gaps[far])}"
    return f"{sentence}{f', in layer 0 {_apart(gaps[0])}' if far else ''}."


def _apart(gap: float) -> str:
    """A distance in words; two decimals where they say something."""
    if gap == 0:
        return "at the same place, exactly"
    return f"{number(float(gap)) if gap >= 0.005 else exactly(float(gap))} apart"


def moved_in_two_models(firsts: Sequence[Moves], models: Sequence[Checkpoint]) -> str:
    """How far the first tokens of two models move, and whether the texts move alike."""
    clauses = []
    for first, checkpoint in zip(firsts, models, strict=True):
        far, own = int(first.distance.argmax()), int(first.together.argmin())
        clauses.append(
            f"{within(checkpoint.name)} {named(checkpoint)} moves farthest in layer {far + 1} of "
            f"{len(first.distance)}, and least of it is common to all texts in layer {own + 1} "
            f"(**{part(float(first.together[own]))}**)"
        )
    return (
        f"{capitalized('; '.join(clauses))}. Activations of two models have no common measure: compare the shares, not "
        "the heights."
    )


# The outlier dimension


def outlier_label(dimension: int, first: Doubles) -> str:
    """What the picture of the outlier dimension shows, as the label of a fold.

    Args:
        dimension: the one with the largest share.
        first: float64[layers+1], its share of the first token's squared length.
    """
    top = int(first.argmax())
    held = part(float(first[top]))
    return f"One outlier dimension: dimension {dimension} holds {held} of the squared length in layer {top}"


def outlier(
    dimension: int, shares: Mapping[TrackKind, Doubles], with_it: float, without: float, checkpoint: Checkpoint
) -> str:
    """One dimension's share of the first token's squared length, and what is left without it.

    Args:
        dimension: the one with the largest share.
        shares: kind -> float64[layers+1], its share in each track; "first" is among them.
        with_it: mean cosine of a pair of texts after the last layer.
        without: the same with that dimension set to 0.
        checkpoint: the model.
    """
    first, name, layers = shares["first"], named(checkpoint), len(shares["first"]) - 1
    top = int(first.argmax())
    others = [
        f"{part(float(values[top]))} of "
        + ("the mean of the words" if kind == "words" else escape.markdown(track(kind, checkpoint)))
        for kind, values in shares.items()
        if kind != "first"
    ]
    rest = f"; in layer {top} it holds {' and '.join(others)}" if others else ""
    return (
        f"Dimension {dimension} holds **{first[top] * 100:.1f}%** of the squared length of {name} in layer {top} "
        f"(an even share would be {1 / checkpoint.hidden:.1%}) and {part(float(first[-1]))} in layer {layers}{rest}. "
        "A cosine depends most on the largest dimensions: with this one set to 0, the average pair of texts is at "
        f"**{written(without)}** after the last layer; with it, at {written(with_it)}."
    )


def outliers(
    dimensions: Sequence[int], shares: Sequence[Doubles], without: Sequence[float], models: Sequence[Checkpoint]
) -> str:
    """The outlier dimensions of two models.

    Args:
        dimensions: of each.
        shares: float64[layers+1] each, its share of the first token's squared length.
        without: mean cosine of a pair of texts after the last layer, with that dimension set to 0.
        models: the two.
    """
    clauses = []
    for dimension, values, quiet, checkpoint in zip(dimensions, shares, without, models, strict=True):
        top = int(values.argmax())
        clauses.append(
            capitalized(within(checkpoint.name))
            + f" dimension {dimension} holds **{values[top] * 100:.1f}%** of {named(checkpoint)} in layer {top} of "
            f"{len(values) - 1} (an even share: {1 / checkpoint.hidden:.1%}); with it set to 0, the average pair of "
            f"texts ends at {written(quiet)}."
        )
    return " ".join(clauses)


# The trail


def trail(trail: Trail, reading: Reading, dimension: int, left_out: bool) -> str:
    """What the plane keeps, and where on it the texts part.

    Args:
        trail: of the texts.
        reading: the batch.
        dimension: the outlier.
        left_out: whether it is set to 0.
    """
    name, layers, texts = named(reading.checkpoint), reading.layers, trail.places.shape[1]
    which = f"without dimension {dimension}" if left_out else "with all dimensions"
    sentence = (
        f"One plane for {plural(texts * (layers + 1), 'vector')} ({plural(texts, 'text')}, layers 0 to {layers}), "
        f"{which}, keeps **{part(min(1.0, sum(trail.shares)))}** of their variance. "
    )
    if reading.batch > texts:
        sentence += f"Drawn are the first {texts} of {plural(reading.batch, 'text')}. "
    if texts < 2:
        return sentence.strip()
    wide = trail.widths
    if wide.max() <= PROJECTED * np.abs(trail.places).max():
        return sentence + f"On it the trails of {name} are one: to this model these texts are the same."
    before = float(wide[:-1].max())
    if wide[-1] >= FANS * before and wide[-1] > 0:
        times = f"{wide[-1] / before:.0f} times as far apart as" if before > 0 else "apart, and never"
        return sentence + (
            f"On it the trails of {name} run together and fan out in layer {layers}: there the texts lie {times} in "
            "any layer before."
        )
    return sentence + f"On it the trails of {name} lie farthest apart in layer {int(wide.argmax())} of {layers}."


def trails(trails: Sequence[Trail], models: Sequence[Checkpoint]) -> str:
    """The trails of two models."""
    clauses = []
    for trail, checkpoint in zip(trails, models, strict=True):
        widest = f", and its trails lie farthest apart in layer {int(trail.widths.argmax())} of {len(trail.places) - 1}"
        clauses.append(
            f"the plane of {escape.markdown(checkpoint.name)} keeps **{part(min(1.0, sum(trail.shares)))}** of its "
            f"variance{widest if trail.places.shape[1] > 1 else ''}"
        )
    return (
        f"{capitalized('; '.join(clauses))}. Each model has a plane of its own: a place on the one is no place on the "
        "other."
    )
