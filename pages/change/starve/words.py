"""What is said of a first token that may not read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures import inputs
from lib.measures.vectors import Doubles, Flags
from lib.quantities import ROUNDING, count, exactly, nothing, number, plural, power, share, written
from lib.reading import Encoding, Reading
from lib.words import edits
from lib.words.attention import named
from pages.change.starve.measures import Edges, Effects, Gates, Left, before_the_cut, largest_cut, row_sums

Kind = Literal["holds", "in part", "fails", "cannot tell"]

ANSWERS = (
    "They come closer, but stay different",
    "Nearly the same: a cosine of 0.99 or so",
    "The same, to the last digit",
)
HALF = 0.5  # of what reading gives: from there on a layer is where the text gets in
CLEARLY = 1.5  # times the average, from where on it is worth a word


def question(checkpoint: Checkpoint) -> str:
    """What is asked before the experiment."""
    first = named(checkpoint)
    return f"{first} reads nothing but itself, in every layer. How alike are its final vectors in different texts?"


def gate(edges: Edges, checkpoint: Checkpoint) -> str:
    """What is cut, and how much it was.

    Args:
        edges: from the first token to others.
        checkpoint: the model.
    """
    first = named(checkpoint)
    if not edges.cut:
        return f"Nothing is cut: {first} reads as it always does."
    return (
        f"Cut are **{count(edges.cut)} of {count(edges.all)}** edges to other tokens. Untouched, they carry "
        f"**{share(edges.carried)}** of the reading of {first}, mean over layers and heads."
    )


def final(left: Left, row: int, drawn: int, reading: Reading) -> str:
    """Whether the final vectors of the texts are still different.

    Args:
        left: what the changes leave.
        row: the text that is followed.
        drawn: strips there are at most.
        reading: of the texts as they are.
    """
    first, texts, lengths = named(reading.checkpoint), reading.batch, reading.encoding.lengths
    before, after = float(left.before[-1]), float(left.after[-1])
    few = f" Strips stand for the first {drawn}; the difference is that of all." if texts > drawn else ""
    sizes = f", of {lengths.min()} to {lengths.max()} tokens" if lengths.min() < lengths.max() else ""
    if before == 0:
        return (
            f"To this model your texts are one: even untouched, {first} differs by **{exactly(before)}**. "
            f"Add another text above.{few}"
        )
    if after <= ROUNDING * max(1.0, before):
        return (
            f"{first} ends as **one and the same vector** in all {plural(texts, 'text')}{sizes}: the largest "
            f"difference in any of its {reading.hidden} dimensions is **{nothing(after)}**. Untouched, it is "
            f"{exactly(before)}.{few}"
        )
    return (
        f"The vectors of {first} differ between {plural(texts, 'text')} by up to **{exactly(after)}** in one "
        f"dimension; untouched, by {exactly(before)}. In text {row + 1}, **{part(left.back)}** of what reading gives "
        f"it is there (cosine to its untouched vector: {written(left.cosine)}).{few}"
    )


def part(value: float) -> str:
    """A share that may be below 0, as whole percent; all of it, or none, only where it is."""
    if 0.995 <= value < 1:
        return ">99%"
    return "less than 1%" if 0 < abs(value) < 0.005 else share(value)


def apart(before: Doubles, after: Doubles, checkpoint: Checkpoint) -> str:
    """The difference between the texts, layer by layer.

    Args:
        before: float64[layers+1], untouched.
        after: float64[layers+1], with the changes.
        checkpoint: the model.
    """
    first, layers = named(checkpoint), len(before) - 1
    said = f"Untouched, the largest difference after layer {layers} is {exactly(float(before[-1]))}"
    if np.abs(before - after).max() <= ROUNDING:
        return f"{said}. Nothing that you changed moves it."
    there = np.flatnonzero(after > ROUNDING)
    if not len(there):
        said += f". With your changes it is **{nothing(float(after.max()))}** in every layer"
        return f"{said}: nothing of a text reaches {first}."
    start, end = int(there[0]), f"**{exactly(float(after[-1]))}**"
    said += f". With your changes it is {nothing(float(after[:start].max(initial=0)))}, up to layer {start - 1}"
    if start == layers:
        return f"{said} and {end} after layer {layers}."
    return f"{said}, {exactly(float(after[start]))} after layer {start} and {end} in the end."


def gates(found: Gates, row: int, texts: int, checkpoint: Checkpoint) -> str:
    """The layer through which the text gets in.

    Args:
        found: what comes back and what is left.
        row: the text that is followed.
        texts: that there are; fewer may have been measured.
        checkpoint: the model.
    """
    first, measured = named(checkpoint), found.alone.shape[1]
    alone, left = found.alone.mean(axis=1), found.without.mean(axis=1)
    best, worst, layers = int(alone.argmax()), int(left.argmin()), len(alone)
    over = f"Mean over {plural(measured, 'text')}" + (f" of {texts}" if measured < texts else "") + ". "
    said = over if measured > 1 else f"Text {row + 1} alone. " if texts > 1 else ""
    said += f"With layer {best + 1} alone open, **{part(float(alone[best]))}** of what reading gives {first} comes back"
    others = np.delete(alone, best)
    said += f"; with any other alone, {_most(float(others.max()))}. " if len(others) else ". "
    said += f"With layer {worst + 1} alone closed, **{part(float(left[worst]))}** is left"
    others = np.delete(left, worst)
    said += f"; with any other alone, at least {part(float(others.min()))}. " if len(others) else ". "
    if best == worst and alone[best] >= HALF > left[worst]:
        return said + f"In this model, here, the text enters in **layer {best + 1}** of {layers}."
    if alone[best] < HALF:
        return said + "In this model no layer alone brings back half of it: reading takes several."
    return said + "In this model more than one way leads there: what one layer does not bring, another does."


def _most(value: float) -> str:
    return "nothing" if value <= 0 else "less than 1%" if value < 0.005 else f"at most {part(value)}"


def bar(encoding: Encoding, row: int, places: Sequence[int]) -> str:
    """The plain name of a token, or of a run of them."""
    names = encoding.row(row)
    if len(places) == 1:
        return f"{places[0]} {escape.visible(names[places[0]])}"
    return f"{places[0]}–{places[-1]} {escape.visible(names[places[0]])}…"


def average(found: Effects) -> str:
    """What the dashed line is called."""
    what = "token" if max(map(len, found.places)) == 1 else "run"
    return f"average {what}: {part(found.mean)}"


def _what(encoding: Encoding, row: int, places: Sequence[int], checkpoint: Checkpoint) -> str:
    if len(places) == 1:
        return edits.token(encoding, row, places[0], checkpoint)
    return f"the run from {edits.token(encoding, row, places[0], checkpoint)} on (places {places[0]} to {places[-1]})"


def effects(found: Effects, chosen: int, encoding: Encoding, row: int, checkpoint: Checkpoint) -> str:
    """What one token is worth, against the average one and the one that is worth most.

    Args:
        found: how far each moves the first token.
        chosen: the one that is marked.
        encoding: of the texts as they are.
        row: which text.
        checkpoint: the model.
    """
    first, mean, top = named(checkpoint), found.mean, int(found.moved.argmax())
    here = float(found.moved[chosen])
    name = _what(encoding, row, found.places[chosen], checkpoint)
    said = f"Forbidden to read {name}, {first} moves **{part(here)}** as far as when it may read nothing. "
    if len(found.places) == 1:
        return said + "There is no other token to compare it with."
    what = "tokens" if max(map(len, found.places)) == 1 else "such runs"
    times = here / mean if mean > 0 else 1.0
    against = f", {number(times, 1)} times as far as that" if times >= CLEARLY else ""
    said += f"The average of {len(found.places)} {what} moves it **{part(mean)}**"
    if chosen == top:
        return said + f"; this one moves it farthest{against}."
    most = _what(encoding, row, found.places[top], checkpoint)
    return said + f", and {most} farthest: {part(float(found.moved[top]))}."


def verdict(left: Left, starved: Reading, checkpoint: Checkpoint) -> tuple[Kind, str]:
    """Whether the first token holds anything of a text by itself, and why.

    Args:
        left: what the changes leave; of it only what is untouched counts.
        starved: the texts with nothing read.
        checkpoint: the model.
    """
    first, texts, layers = named(checkpoint), plural(starved.batch, "text"), starved.layers
    before, vectors = float(left.before[-1]), starved.cls[-1]
    after = float(inputs.spread(vectors).max())
    if before == 0:
        return "cannot tell", "To this model your texts are one, so there is nothing that could differ."
    found = f"With reading forbidden in all {plural(layers, 'layer')}, the largest difference between {texts} is "
    if after <= ROUNDING * max(1.0, before):
        return "holds", (
            f"{found}**{nothing(after)}**: whatever tells your texts apart in {first} came in by reading. Of its own "
            "it has one fixed vector, the same in front of every text, of length "
            f"{number(float(np.linalg.norm(vectors[0])))}."
        )
    return "fails", f"{found}**{exactly(after)}**: something else than reading tells them apart."


def proofs(plain: Reading, now: Reading, starved: Reading, row: int, cut: Flags) -> list[tuple[str, str, bool]]:
    """What the page checks of itself: what should hold, what was found, whether it does.

    Args:
        plain: the untouched reading.
        now: with the changes.
        starved: with nothing read.
        row: the text that is followed.
        cut: bool[layers, tokens], the edges of that text that may not be used.
    """
    first, texts = named(plain.checkpoint), plural(plain.batch, "text")
    rows, deviation = row_sums(now)
    alike = float(inputs.apart(starved).first.max())
    last, leak = before_the_cut(plain, now, cut)
    edges, largest = int(cut.sum()), largest_cut(now, row, cut)
    to_last = f"layers 0 to {last}" if last else "layer 0"
    found = [
        (
            f"over {plural(edges, 'cut edge')} {first} takes no share in any head",
            f"the largest is {power(largest)}",
            largest == 0,
        ),
        (
            f"each of {plural(rows, 'row')} of {first} adds up to 1",
            f"the largest deviation is {power(deviation)}",
            deviation <= ROUNDING,
        ),
        (
            f"starved in every layer, {first} is the same in {texts}",
            f"the largest difference in any layer is {power(alike)}",
            alike <= ROUNDING,
        ),
        (
            f"what the changes cannot reach ({to_last}, every token) is as it was",
            f"the largest difference is {power(leak)}",
            leak <= ROUNDING,
        ),
    ]
    return found if edges else found[1:]
