"""What is said of the first token's attention: one head, what it attends to by layer, and what attends to it."""

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
    first = checkpoint.first_token
    return f"← {first} attends to" if way == "attends_to" else f"{first} is attended to by →"


def order(by: Order, way: Way, checkpoint: Checkpoint) -> str:
    """An order's name; plain text."""
    return {
        "layer": "by layer and head",
        "entropy": "by how far they spread (entropy)",
        "self": "by itself",
        "sep": f"by {checkpoint.separator}",
        "words": "by words" if way == "attends_to" else "by the text",
    }[by]


def whole(read: Shares, checkpoint: Checkpoint) -> str:
    """All heads at once, for those who cannot see them."""
    return (
        f"{direction(read.way, checkpoint)}: {plural(read.layers * read.heads, 'strip')}, one for each head of "
        f"{plural(read.layers, 'layer')}, each of {plural(read.length, 'token')}; position 0 is at the left end. "
        "Arrow keys move from head to head, Enter shows one large."
    )


def group(kind: Kind, way: Way, checkpoint: Checkpoint) -> str:
    """A group's plain name, short enough for a label; in the column, words and punctuation are one group, the text."""
    attends_to = way == "attends_to"
    return {
        "itself": "itself" if attends_to else f"{checkpoint.first_token} itself",
        "separator": checkpoint.separator,
        "punctuation": "punctuation",
        "words": "the words" if attends_to else "the text",
        "words_a": "words of A" if attends_to else "text A",
        "words_b": "words of B" if attends_to else "text B",
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
    if read.way == "attends_to":
        if not others:
            return f"{start}{first} gives all of its attention to itself: there is nothing else."
        best = max(others, key=lambda i: row[i])
        return (
            f"{start}{first} gives **{share(row[own])}** of its attention to itself and **{share(row[best])}** to "
            f"{token(read, best, checkpoint)}. An even share would be {share(read.even)} (1/{read.length})."
        )
    text = [i for i in others if read.kinds[i] != "separator"]
    if not text:
        told = "the text has no token that could attend to it."
    elif len(text) == 1:
        told = f"{token(read, text[0], checkpoint)} gives **{share(row[text[0]])}** of its attention to {first}."
    else:
        best = max(text, key=lambda i: row[i])
        told = (
            f"{token(read, best, checkpoint)} gives **{share(row[best])}** of its attention to {first}, the average "
            f"token of the text **{share(row[text].mean())}**."
        )
    return (
        f"{start}{told} An even share would be {share(read.even)} (1/{read.length}). Each bar is another token’s "
        "weight, so the bars do not add up to 100%."
    )


def window(found: Window, read: Shares, checkpoint: Checkpoint) -> str:
    """That some layers have a window, and what an even share is inside of it.

    Args:
        found: the window.
        read: the text.
        checkpoint: the model.
    """
    first, beyond = named(checkpoint), plural(found.beyond, "token")
    said = (
        f"In {several(runs(found.layers), read.layers)} of this model a token attends to a window of its neighbours: "
    )
    if read.way == "attended_by":
        return f"{said}there the last {beyond} cannot attend to {first}, and give it {exactly(0.0)}, in every head."
    return (
        f"{said}there {first} cannot attend to the last {beyond}, which get {exactly(0.0)}, in every head. An even "
        f"share of the others is {share(1 / found.sees)} (1/{found.sees})."
    )


def listed(read: Shares, checkpoint: Checkpoint) -> str:
    """What the first token attends to, layer by layer."""
    first, itself, words = named(checkpoint), read.of("self").mean(axis=1), _words(read)
    size = sum(n for n, kind in zip(read.sizes, read.groups, strict=True) if kind.startswith("words"))
    most = int(itself.argmax())
    alone = f"{first} attends most to itself in layer {most + 1} (**{share(itself[most])}**)."
    if not size:
        return f"{alone} {wordless(read)}"
    best = int(words.argmax())
    return (
        f"{alone} The words get most in layer {best + 1}: **{share(words[best])}** of its attention. If all tokens "
        f"got the same, they would get {share(size * read.even)}."
    )


def finding(read: Shares, checkpoint: Checkpoint) -> str:
    """What the first token's attention does over the layers, as a title."""
    first = named(checkpoint)
    itself = runs((read.of("self").mean(axis=1) > MUCH).tolist())
    parked = runs((read.of("sep").mean(axis=1) > MUCH).tolist())
    if itself:
        return f"{first} attends mostly to itself in {several(itself, read.layers)}"
    if parked:
        return f"{first} attends mostly to {escape.markdown(checkpoint.separator)} in {several(parked, read.layers)}"
    return f"{first} spreads its attention in every layer"


def attended(read: Shares, checkpoint: Checkpoint) -> str:
    """Where the text attends most to the first token, as a title."""
    first = named(checkpoint)
    if not any(kind.startswith("words") for kind in read.kinds):
        return f"No word attends to {first}"
    return f"The text attends most to {first} in layer {int(_words(read).argmax()) + 1}"


def strongest(read: Shares, checkpoint: Checkpoint) -> str:
    """The head in which the words stand out most, as a title."""
    if not any(kind.startswith("words") for kind in read.kinds):
        return "Every head of every layer"
    layer, index = read.top("words")
    value, first = share(read.of("words")[layer - 1, index - 1]), named(checkpoint)
    if read.way == "attends_to":
        return f"The words get most in layer {layer}, head {index}: {value} of the attention of {first}"
    return f"The text attends most to {first} in layer {layer}, head {index}: with {value} on average"


def answers(checkpoint: Checkpoint) -> tuple[str, ...]:
    """What may get most of its attention, in the order of :data:`lib.measures.attention.MOSTLY`; plain text."""
    return (
        f"{checkpoint.first_token} itself",
        f"{checkpoint.separator} at the end",
        "The words",
        "All tokens about the same",
    )


def overall(read: Shares, checkpoint: Checkpoint) -> str:
    """How the attention is shared out over all layers and heads."""
    mean = {kind: float(read.of(kind).mean()) for kind in ("self", "sep", "words")}
    first, separator = named(checkpoint), escape.markdown(checkpoint.separator)
    return (
        f"Over all {plural(read.layers, 'layer')}, {first} gives **{share(mean['self'])}** of its attention to itself, "
        f"**{share(mean['sep'])}** to {separator} and **{share(mean['words'])}** to the words."
    )


def keep(read: Shares, checkpoint: Checkpoint) -> str:
    """The sentence to keep."""
    first = named(checkpoint)
    layers = runs((read.of("self").mean(axis=1) > MUCH).tolist())
    if layers:
        return (
            f"{first} may attend to every token: this is how the text gets in. In {several(layers, read.layers)} it "
            "attends mostly to itself."
        )
    return f"{first} may attend to every token, left and right of it, and this is how the text gets into its vector."


def wordless(read: Shares) -> str:
    """That a text has no words, and what it has instead."""
    if "punctuation" in read.kinds:
        return "The text has no words, only marks and signs."
    return "The text has no token of its own: the model gets its special tokens alone."


def spread(read: Shares, checkpoint: Checkpoint) -> str:
    """Over how many tokens the heads spread their attention."""
    wide, every = typical(read), effective(read.values)
    low, high = int(wide.argmin()), int(wide.argmax())
    layer, index = (int(i) for i in np.unravel_index(int(every.argmax()), every.shape))
    said = f"The typical head attends to **{number(float(wide[low]), 1)}** of {plural(read.length, 'token')} in effect"
    if low != high:
        said += f" in layer {low + 1} and to **{number(float(wide[high]), 1)}** in layer {high + 1}"
    return said + (
        f". Head {index + 1} of layer {layer + 1} spreads farthest, over {number(float(every[layer, index]), 1)} "
        "tokens."
    )


def readers(read: Shares, checkpoint: Checkpoint) -> str:
    """How much the text attends to the first token, layer by layer.

    Source:
        xiao2023, on tokens that take much attention and are not important.
    """
    first, even = named(checkpoint), read.even
    if not any(kind.startswith("words") for kind in read.kinds):
        return f"The text has no token that could attend to {first}."
    by = _words(read)
    best = int(by.argmax())
    more = runs((by > even).tolist())
    times = by[best] / even
    much = f"{number(float(times), 0)} times an even share ({share(even)})"
    than = much if times >= CLEARLY else f"where an even share would be {share(even)}"
    said = (
        f"In layer {best + 1} the average token of the text gives **{share(by[best])}** of its attention to "
        f"{first}, {than}. "
    )
    if not more:
        return said + "In no layer does it get more than an even share."
    return said + (
        f"It gets more than an even share in {several(more, read.layers)}. That alone does not make it important."
    )


def checked(found: Check, first: str) -> str:
    """The picture's proof of itself."""
    how = power(found.deviation)
    whose, rows = escape.markdown(first), plural(found.rows, "row")
    if found.holds:
        return f"● Each of the {rows} of {whose} adds up to 1: the largest deviation is {how}."
    return f"○ Not each of the {rows} of {whose} adds up to 1: the largest deviation is {how}."
