"""What is said of the first token's way through the layers."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.journey import ALIKE, Alike, Moves, Trail, parting
from lib.measures.vectors import Doubles, Pair
from lib.quantities import number, part, plural, share
from lib.reading import Reading

ROUNDING = 1e-6  # of the widest trail, that the projection of equal vectors can make of nothing
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


def named(checkpoint: Checkpoint) -> str:
    """The model's first token in its colour."""
    return f":orange[{escape.markdown(checkpoint.first_token)}]"


def kind(which: str, checkpoint: Checkpoint) -> str:
    """The plain name of a track."""
    return {"first": checkpoint.first_token, "words": "mean of the words", "separator": checkpoint.separator}[which]


def cosine(value: float) -> str:
    """A cosine: two decimals, more where two would make it 1, and "1, exactly" where it is."""
    if value == 1:
        return "1, exactly"
    for digits in (2, 3, 4):
        if round(abs(value), digits) < 1:
            return number(value, digits)
    return "> 0.9999" if value > 0 else "< −0.9999"


def short(value: float) -> str:
    """A cosine at a point of a picture; "" where it is so near to 1 that the point says it all."""
    written = cosine(value)
    return "1" if value == 1 else "" if written.startswith(">") else written


def rule(checkpoint: Checkpoint) -> str:
    """When two texts are said to differ, for the paragraph above the picture."""
    return (
        f"The cosine of each pair of texts, in every layer: 1 is the same direction. We say that {named(checkpoint)} "
        f"starts to differ in the first layer in which the average pair falls below {ALIKE} (dashed)."
    )


def parts(way: Alike, words: Alike | None, checkpoint: Checkpoint) -> str:
    """The layer in which the first token starts to differ between texts.

    Args:
        way: of the first token.
        words: of the mean of the words, where there is one.
        checkpoint: the model.
    """
    first, layers, at = named(checkpoint), len(way.mean) - 1, parting(way.mean)
    last = cosine(float(way.mean[-1]))
    if at is None:
        said = (
            f"{first} does not start to differ in any of {plural(layers, 'layer')}: the average pair of these texts "
            f"ends at **{last}**. "
        )
    else:
        asleep = at == layers and layers > 1
        said = (
            f"{first} starts to differ in **layer {at} of {layers}**{', the last' if asleep else ''}: the average pair "
            f"is at {cosine(float(way.mean[at - 1]))} before it and at **{cosine(float(way.mean[at]))}** after it. "
            if at
            else f"{first} differs from the start: the average pair is at **{cosine(float(way.mean[0]))}** in layer 0. "
        )
        if asleep:
            said += "Until then it sleeps: it moves, but it is almost the same vector in all of these texts. "
    most, least = way.most[-1], way.least[-1]
    if (most.first, most.second) != (least.first, least.second):
        said += f"In the end the most alike are texts {_pair(most)}, the least alike {_pair(least)}. "
    if words is not None:
        start = parting(words.mean)
        how = "never does" if start is None else "differs from the start" if start == 0 else f"does in layer {start}"
        said += (
            f"The mean of the words {how}: {cosine(float(words.mean[0]))} in layer 0, "
            f"{cosine(float(words.mean[-1]))} in layer {layers}."
        )
    return said.strip()


def _pair(pair: Pair) -> str:
    return f"{pair.first + 1} and {pair.second + 1} ({cosine(pair.cosine)})"


def moved(way: Moves, checkpoint: Checkpoint) -> str:
    """How far it moves, and whether the texts move alike."""
    first, layers = named(checkpoint), len(way.distance)
    far, own = int(way.distance.argmax()), int(way.together.argmin())
    said = f"{first} moves farthest in layer {far + 1}, by **{number(float(way.distance[far]))}**. "
    if layers == 1:
        return said + f"{part(float(way.together[0]))} of the squared distance is the same for every text."
    alike = [k for k in range(layers) if way.together[k] >= STEADY]
    if len(alike) == layers:
        return said + (
            f"In every layer {share(STEADY)} or more of the squared distance is the same for every "
            "text: they move as one."
        )
    said += (
        f"In layer {own + 1} only **{_below(float(way.together[own]))}** of the squared distance is the same for every "
        "text. "
    )
    if alike:
        rest = f"In {plural(len(alike), 'other layer')}" if len(alike) < layers - 1 else "In all other layers"
        said += f"{rest} it is {share(STEADY)} or more: there it moves almost alike in all of these texts."
    return said.strip()


def closed(layers: int) -> str:
    """That one more step hides in the last layer of some models, for the paragraph above the picture."""
    return (
        f"In this model the vectors pass one more LayerNorm behind the last block. It counts as part of layer {layers} "
        "here, so some of the way in that layer is a change of scale."
    )


def _below(value: float) -> str:
    """A share that is not steady: cut after a decimal where rounding would make it so."""
    return f"{math.floor(value * 1000) / 10}%" if part(value) == share(STEADY) else part(value)


def loud(unit: int, tracks: Mapping[str, Doubles], with_it: float, without: float, checkpoint: Checkpoint) -> str:
    """One unit's share of the first token's squared length, and what is left without it.

    Args:
        unit: the one with the largest share.
        tracks: kind -> float64[layers+1], its share in each track; "first" is among them.
        with_it: mean cosine of a pair of texts after the last layer.
        without: the same with that unit set to 0.
        checkpoint: the model.
    """
    shares = tracks["first"]
    others = [(which, values) for which, values in tracks.items() if which != "first"]
    first, layers = named(checkpoint), len(shares) - 1
    top = int(shares.argmax())
    said = (
        f"Unit {unit} holds **{shares[top] * 100:.1f}%** of the squared length of {first} in layer {top} "
        f"(an even share would be {1 / checkpoint.hidden:.1%}) and {part(float(shares[-1]))} in layer {layers}"
    )
    if others:
        called = {"words": "the mean of the words", "separator": escape.markdown(checkpoint.separator)}
        rest = " and ".join(f"{part(float(values[top]))} of {called[which]}" for which, values in others)
        said += f"; in layer {top} it holds {rest}"
    return (
        f"{said}. A cosine listens to loud units most: with this one set to 0, the average pair of texts is at "
        f"**{cosine(without)}** after the last layer; with it, at {cosine(with_it)}."
    )


def trail(way: Trail, reading: Reading, unit: int, left_out: bool) -> str:
    """What the plane keeps, and where on it the texts part.

    Args:
        way: the trails.
        reading: the batch.
        unit: the loud one.
        left_out: whether it is set to 0.
    """
    first, layers, texts = named(reading.checkpoint), reading.layers, way.places.shape[1]
    which = f"without unit {unit}" if left_out else "with all units"
    said = (
        f"One plane for {plural(texts * (layers + 1), 'vector')} ({plural(texts, 'text')}, layers 0 to {layers}), "
        f"{which}, keeps **{part(min(1.0, sum(way.shares)))}** of their variance. "
    )
    if reading.batch > texts:
        said += f"Drawn are the first {texts} of {plural(reading.batch, 'text')}. "
    if texts < 2:
        return said.strip()
    wide = way.widths
    if wide.max() <= ROUNDING * np.abs(way.places).max():
        return said + f"On it the trails of {first} are one: to this model these texts are the same."
    before = float(wide[:-1].max())
    if wide[-1] >= FANS * before and wide[-1] > 0:
        times = f"{wide[-1] / before:.0f} times as far apart as" if before > 0 else "apart, and never"
        return said + (
            f"On it the trails of {first} run together and fan out in layer {layers}: there the texts lie {times} in "
            "any layer before."
        )
    return said + f"On it the trails of {first} lie farthest apart in layer {int(wide.argmax())} of {layers}."
