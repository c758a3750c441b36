"""What is said of the first token's attention: one head, its reading list, its readers, how widely it reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.attention import Check, Kind, Order, Shares, Way, Window, effective, runs, typical
from lib.quantities import exactly, number, plural, power, share

MUCH = 0.5  # "more than half"
CLEARLY = 2  # times an even share, from where on it is worth counting how many


def named(checkpoint: Checkpoint) -> str:
    """The model's first token in its colour."""
    return f":orange[{escape.markdown(checkpoint.first_token)}]"


def direction(way: Way, checkpoint: Checkpoint) -> str:
    """A direction's name with its arrow, as it stands on every picture; plain text."""
    return f"← {checkpoint.first_token} reads from" if way == "reads" else f"{checkpoint.first_token} is read by →"


def order(by: Order, way: Way, checkpoint: Checkpoint) -> str:
    """An order's name; plain text."""
    return {
        "layer": "by layer and head",
        "entropy": "by entropy (E / ln N)",
        "self": "by itself",
        "sep": f"by {checkpoint.separator}",
        "words": "by words" if way == "reads" else "by your text",
    }[by]


def whole(read: Shares, checkpoint: Checkpoint) -> str:
    """All heads at once, for those who cannot see them."""
    return (
        f"{direction(read.way, checkpoint)}: {plural(read.layers * read.heads, 'strip')}, one for each head of "
        f"{plural(read.layers, 'layer')}, each of {plural(read.length, 'token')}; position 0 is at the left end. "
        "Arrow keys move from head to head, Enter shows one large."
    )


def group(kind: Kind, way: Way, checkpoint: Checkpoint) -> str:
    """A group's plain name, short enough for a label; as readers, words and punctuation are one group, the text."""
    reads = way == "reads"
    return {
        "itself": "itself" if reads else f"{checkpoint.first_token} itself",
        "separator": checkpoint.separator,
        "punctuation": "punctuation",
        "words": "your words" if reads else "your text",
        "words_a": "words of A" if reads else "text A",
        "words_b": "words of B" if reads else "text B",
    }[kind]


def several(layers: Sequence[tuple[int, int]], of: int) -> str:
    """Runs of layers in words: "layer 3", "layers 2 to 5", "layers 1, 3 and 4", "every layer"."""
    if list(layers) == [(1, of)] and of > 1:
        return "every layer"
    parts = [part for a, b in layers for part in ([f"{a} to {b}"] if b > a + 1 else map(str, range(a, b + 1)))]
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return f"{'layer' if listed.isdigit() else 'layers'} {listed}"


def token(read: Shares, position: int, checkpoint: Checkpoint) -> str:
    """A token inside a sentence: words of the learner in quotation marks, the model's own names bare."""
    name = read.tokens[position]
    if read.kinds[position] in ("itself", "separator"):
        return escape.markdown(name)
    return escape.quote(name)


def _words(read: Shares) -> np.ndarray:
    """float64[layers], what the words of all texts are given, punctuation left out; mean over heads."""
    return read.of("words").mean(axis=1)


def head(read: Shares, layer: int, index: int, checkpoint: Checkpoint) -> str:
    """One head in one direction.

    Args:
        read: the text.
        layer: from 1.
        index: the head, from 1.
        checkpoint: the model.
    """
    row, own, first = read.values[layer - 1, index - 1], read.position, named(checkpoint)
    others = [i for i in range(read.length) if i != own]
    start = f"Layer {layer}, head {index}: "
    if read.way == "reads":
        if not others:
            return f"{start}{first} takes all of its reading from itself: there is nothing else."
        best = max(others, key=lambda i: row[i])
        return (
            f"{start}{first} takes **{share(row[own])}** of its reading from itself and **{share(row[best])}** from "
            f"{token(read, best, checkpoint)}. An even share would be {share(read.even)} (1/{read.length}). It reads "
            f"as widely as if it read **{number(float(effective(row)), 1)}** of {plural(read.length, 'token')} evenly."
        )
    text = [i for i in others if read.kinds[i] != "separator"]
    if not text:
        told = "your text has no piece that could read it."
    elif len(text) == 1:
        told = f"{token(read, text[0], checkpoint)} takes **{share(row[text[0]])}** of its reading from {first}."
    else:
        best = max(text, key=lambda i: row[i])
        told = (
            f"{token(read, best, checkpoint)} takes **{share(row[best])}** of its reading from {first}, the average "
            f"piece of your text **{share(row[text].mean())}**."
        )
    return (
        f"{start}{told} An even share would be {share(read.even)} (1/{read.length}). These shares belong to "
        f"different readers, so they have no sum. {first}’s own, {share(row[own])}, is its reading of itself, the one "
        "number that both directions share."
    )


def window(found: Window, read: Shares, checkpoint: Checkpoint) -> str:
    """That some layers have a window, and what an even share is inside of it.

    Args:
        found: the window.
        read: the text.
        checkpoint: the model.
    """
    first, beyond = named(checkpoint), plural(found.beyond, "token")
    said = f"In {several(runs(found.layers), read.layers)} of this model a token reads a window of its neighbours: "
    if read.way == "read_by":
        return f"{said}there the last {beyond} cannot see {first}, and take {exactly(0.0)}, in every head."
    return (
        f"{said}there {first} cannot see the last {beyond}, which get {exactly(0.0)}, in every head. An even share of "
        f"what it sees is {share(1 / found.sees)} (1/{found.sees})."
    )


def reading_list(read: Shares, checkpoint: Checkpoint) -> str:
    """What the first token's reading is made of, layer by layer, and what is surprising about it here."""
    first = named(checkpoint)
    itself, words = read.of("self").mean(axis=1), _words(read)
    most, layers = int(itself.argmax()), read.layers
    size = sum(n for n, kind in zip(read.sizes, read.groups, strict=True) if kind.startswith("words"))
    said = f"{first} reads itself most in layer {most + 1} ({share(itself[most])})"
    if size:
        best = int(words.argmax())
        layer, index = read.top("words")
        said += (
            f" and your words most in layer {best + 1} ({share(words[best])}; evenly read, they would get "
            f"{share(size * read.even)}, being {size} of {plural(read.length, 'token')}). Of all "
            f"{read.layers * read.heads} heads, head {index} of layer {layer} reads them most "
            f"({share(read.of('words')[layer - 1, index - 1])}). "
        )
    else:
        said += f". {wordless(read)} "
    kept = runs((itself > MUCH).tolist())
    parked = runs((read.of("sep").mean(axis=1) > MUCH).tolist())
    separator = escape.markdown(checkpoint.separator)
    if kept:
        said += (
            f"In this model, on this text, it takes more than half from itself in {several(kept, layers)}. A weight "
            "does not say how much is moved by it: the next page measures that."
        )
    elif parked:
        said += (
            f"In this model, on this text, it takes more than half from {separator}, no word of yours, in "
            f"{several(parked, layers)}. A weight does not say how much is moved by it: the next page measures that."
        )
    else:
        said += (
            f"In this model, on this text, there is no layer in which it takes more than half from itself or from "
            f"{separator}."
        )
    return said


def wordless(read: Shares) -> str:
    """That a text has no words, and what it has instead."""
    if "punctuation" in read.kinds:
        return "There are no words to read, only marks and signs."
    return "There is no piece of your text to read: the model sees its own tokens alone."


def spread(read: Shares, checkpoint: Checkpoint) -> str:
    """How widely the heads read."""
    wide, every = typical(read), effective(read.values)
    low, high = int(wide.argmin()), int(wide.argmax())
    layer, index = (int(i) for i in np.unravel_index(int(every.argmax()), every.shape))
    said = f"Its typical head reads as widely as **{number(float(wide[low]), 1)}** of {plural(read.length, 'token')}"
    if low != high:
        said += f" in layer {low + 1} and as **{number(float(wide[high]), 1)}** in layer {high + 1}"
    return said + (
        f". The widest is head {index + 1} of layer {layer + 1}: {number(float(every[layer, index]), 1)}. An even "
        f"reading would be {read.length}; a reading of one token alone, 1."
    )


def readers(read: Shares, checkpoint: Checkpoint) -> str:
    """By whom the first token is read, layer by layer, and what is surprising about it here.

    Source:
        xiao2023, on tokens that take much attention and are not important.
    """
    first, even = named(checkpoint), read.even
    if not any(kind.startswith("words") for kind in read.kinds):
        return f"Your text has no piece that could read {first}."
    by = _words(read)
    best = int(by.argmax())
    more = runs((by > even).tolist())
    times = by[best] / even
    much = f"{number(float(times), 0)} times an even share ({share(even)})"
    than = much if times >= CLEARLY else f"where an even share would be {share(even)}"
    said = (
        f"In layer {best + 1} the average piece of your text takes **{share(by[best])}** of its reading from "
        f"{first}, {than}. "
    )
    if not more:
        return said + "In no layer does it get more than an even share."
    return said + (
        f"In {several(more, read.layers)} it gets more than an even share. A token that everybody reads is not "
        "important by that alone: it may be where heads park."
    )


def checked(found: Check, first: str) -> str:
    """The picture's proof of itself."""
    how = power(found.deviation)
    whose, rows = escape.markdown(first), plural(found.rows, "row")
    if found.holds:
        return f"● Each of the {rows} of {whose} adds up to 1: the largest deviation is {how}."
    return f"○ Not each of the {rows} of {whose} adds up to 1: the largest deviation is {how}."
