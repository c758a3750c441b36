"""The activation cube: every number of one layer as a cell that can be turned, cut, pulled out and read."""

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from lib.components import mount, packing

Axis = Literal["text", "token", "unit"]
Step = Literal["in", "out", "flat"]

WHOLE = 1_000_000  # cells; above it only the planes that can be seen are sent, each still exact
SAMPLE = 1_000_000  # values behind the colour limit; above it every n-th token
WIDEST = 65504.0  # the largest float16
LONGEST = 160  # characters of a label that are sent

AXES: tuple[Axis, ...] = get_args(Axis)  # in the array's own order: batch, tokens, hidden
SLICE: dict[Axis, str] = {"text": "[{at}]", "token": "[:, {at}, :]", "unit": "[:, :, {at}]"}
ROW: dict[Axis, str] = {"text": "[{at}, {row}]", "token": "[{row}, {at}]", "unit": "[{row}, :, {at}]"}


@dataclass(frozen=True, eq=False)
class Output:
    """What one layer made of a batch, with the names that the picture needs.

    Attributes:
        hidden: float32[batch, tokens, hidden]; not-a-number and infinity are clipped in the picture.
        tokens: [batch][tokens], padded rows.
        roles: [batch][tokens] of "cls", "sep", "pad", "word".
        texts: [batch], as typed.
        first: [batch], the position of each text's first real token.
        layer: 0 (the embeddings) to `layers`.
        layers: how many blocks the model has.
        first_token: what this model calls its first token.
        of: the row of the batch that this one text is; None for a whole batch.
        filler: what is said of a cell of padding.
    """

    hidden: NDArray[np.floating]
    tokens: tuple[tuple[str, ...], ...]
    roles: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    first: tuple[int, ...]
    layer: int
    layers: int
    first_token: str
    of: int | None = None
    filler: str = "nobody reads it, but the model computed it"

    def __post_init__(self) -> None:
        """Refuses what does not fit together, before anything is drawn from it."""
        shape = self.hidden.shape
        if len(shape) != 3 or 0 in shape:
            raise ValueError(f"hidden has shape {shape}; expected [batch, tokens, hidden], none of them 0.")
        for field in ("tokens", "roles", "texts", "first"):
            if (given := len(getattr(self, field))) != shape[0]:
                raise ValueError(f"{field} has {given} entries for {shape[0]} texts; give one for each.")
        for field in ("tokens", "roles"):
            widths = {len(row) for row in getattr(self, field)}
            if widths != {shape[1]}:
                raise ValueError(f"{field} has rows of {sorted(widths)} entries; pad every row to {shape[1]}.")
        if not 0 <= self.layer <= self.layers:
            raise ValueError(f"layer is {self.layer}; give 0 (the embeddings) to {self.layers} (the last block).")

    @property
    def name(self) -> str:
        """What code calls it: `last_hidden_state`, or `hidden_states[layer]` below the last layer."""
        whole = "last_hidden_state" if self.layer == self.layers else f"hidden_states[{self.layer}]"
        return whole if self.of is None else f"{whole}[{self.of}:{self.of + 1}]"

    @property
    def padded(self) -> NDArray[np.bool_]:
        """bool[batch, tokens]: true where a position is filler."""
        return np.array([[role == "pad" for role in row] for row in self.roles])


@dataclass(frozen=True)
class Cut:
    """One plane of the cube: `token` is `h[:, index]`, `text` is `h[index]`, `unit` is `h[:, :, index]`.

    Attributes:
        axis: the axis that the slice removes.
        index: where it cuts; a negative one counts from the end, as in the code that is shown.
    """

    axis: Axis = "token"
    index: int = 0

    def within(self, shape: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
        """The index counted from the start, and the shape of the plane.

        Raises:
            ValueError: there is no such plane in an array of this shape.
        """
        if self.axis not in AXES:
            raise ValueError(f"cut.axis is {self.axis!r}; give one of {', '.join(AXES)}.")
        k = AXES.index(self.axis)
        if not -shape[k] <= self.index < shape[k]:
            raise ValueError(f"cut.index is {self.index}; give {-shape[k]} to {shape[k] - 1} on the {self.axis} axis.")
        return self.index % shape[k], shape[:k] + shape[k + 1 :]


@dataclass(frozen=True)
class Choice:
    """What the learner is looking at.

    Attributes:
        step: `in` the cube, pulled `out`, or laid `flat`.
        row: the row of the flat plane that is shown alone: a text, or a token where the cut is one text.
    """

    step: Step = "in"
    row: int = 0


START = Choice()


def _label(text: str) -> str:
    """Words that JSON and a canvas can hold: no lone surrogate, no control character, not endless."""
    whole = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    if whole.isprintable():
        return whole
    return "".join(" " if c in "\t\r\n" else "\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in whole)


def _count(n: int) -> str:
    return f"{n:,}".replace(",", "\u2009" if n >= 10_000 else "")


def _several(n: int, word: str) -> str:
    return f"{_count(n)} {word}{'' if n == 1 else 's'}"


def _shape(output: Output, sizes: Sequence[int]) -> str:
    return f"{output.hidden.dtype}[{', '.join(map(str, sizes))}]"


@dataclass(frozen=True)
class Beside:
    """A cube that has another beside it.

    Attributes:
        group: the same for both, so that they turn and open together.
        speaks: whether this one reports what was chosen in either.
        cells: whether a cell of the one is a cell of the other, as in two texts of one model.
        top: where the colours end, for both; None for its own.
    """

    group: str
    speaks: bool
    cells: bool
    top: float | None = None


def limit(output: Output) -> float:
    """Where the colours end: the 98th percentile of |activation| over the real (not padded) cells.

    Returns:
        A positive number in the activations' own unit; 1 where every real cell is 0.
    """
    real = np.flatnonzero(~output.padded)
    width = output.hidden.shape[2]
    real = real[:: max(1, math.ceil(real.size * width / SAMPLE))]
    values = np.abs(output.hidden.reshape(-1, width)[real])  # float32[real tokens, hidden]
    values = values[np.isfinite(values)]
    return (min(float(np.quantile(values, 0.98)), WIDEST) if values.size else 0.0) or 1.0


def _column(output: Output, at: int) -> str:
    """The tokens of one position, counted: words, then the special ones."""
    role = {row[at]: roles[at] for row, roles in zip(output.tokens, output.roles, strict=True)}
    found = Counter(row[at] for row in output.tokens)
    words = [token for token in found if role[token] == "word"]
    parts = [(f"“{_label(token)}”", found[token]) for token in words]
    if len(words) > 2:
        parts = [(f"{len(words)} different words", sum(found[token] for token in words))]
    parts += [(_label(token), found[token]) for what in ("cls", "sep", "pad") for token in found if role[token] == what]
    if len(parts) == 1 and len(output.texts) > 1:
        return f"{parts[0][0]} in all {_count(len(output.texts))} texts"
    said = [f"{token} in {_several(n, 'text') if k == 0 else _count(n)}" for k, (token, n) in enumerate(parts)]
    return " and ".join(filter(None, [", ".join(said[:-1]), said[-1]]))


def held(output: Output, cut: Cut) -> str:
    """What the cut's plane is made of, counted.

    Returns:
        A clause without a full stop, as in "position −1 holds [SEP] in 1 text and [PAD] in 3".

    Raises:
        ValueError: there is no such plane.
    """
    at, _ = cut.within(output.hidden.shape)
    index, padded = str(cut.index).replace("-", "−"), output.padded
    if cut.axis == "token":
        return f"position {index} holds {_column(output, at)}"
    if cut.axis == "text":
        filler = int(padded[at].sum())
        pads = f" and {_several(filler, 'position')} of padding" if filler else ""
        return f"text {index} alone: {_several(padded.shape[1] - filler, 'token')} of its own{pads}"
    pads = f", {_count(int(padded.sum()))} of them padding" if padded.any() else ""
    many = f"each of {_several(padded.size, 'position')}" if padded.size > 1 else "its only position"
    return f"unit {index}: one number of {output.hidden.shape[2]} from {many}{pads}"


def describe(output: Output, cut: Cut) -> str:
    """The picture in words: its shape, where the first token is, how much is padding, what is cut out.

    Returns:
        Three sentences, or four where there is padding.

    Raises:
        ValueError: there is no such plane.
    """
    _, plane = cut.within(output.hidden.shape)
    code = output.name + SLICE[cut.axis].format(at=cut.index)
    batch, length, width = output.hidden.shape
    pads = int(output.padded.sum())
    low, high = min(output.first), max(output.first)
    where = f"position {low} of every text" if low == high else f"positions {low} to {high}, after each text's padding"
    sentences = [
        f"The output of layer {output.layer} of {output.layers}: {_several(batch, 'text')} × "
        f"{_several(length, 'token')} × {_several(width, 'unit')} = {_count(output.hidden.size)} numbers.",
        f"{_label(output.first_token)} stands at {where}.",
        f"Padding fills {_count(pads)} of {_count(batch * length)} positions, {_count(pads * width)} of the numbers.",
        f"Highlighted: {code}, {_shape(output, plane)}; {held(output, cut)}.",
    ]
    return " ".join(sentences if pads else sentences[:2] + sentences[3:])


def _visible(shape: tuple[int, ...], cut: Cut) -> list[tuple[Axis, int]]:
    """Every plane that can be seen: six faces, the cut, and the two walls of the gap that it leaves."""
    at, _ = cut.within(shape)
    ends = [(axis, i) for axis, size in zip(AXES, shape, strict=True) for i in (0, size - 1)]
    gap = [(cut.axis, i) for i in (at - 1, at, at + 1) if 0 <= i < shape[AXES.index(cut.axis)]]
    return list(dict.fromkeys(ends + gap))


def _half(values: NDArray[np.floating]) -> NDArray[np.float16]:
    """As float16, in one row: too large becomes its largest, not-a-number becomes 0."""
    if not -WIDEST <= values.min() <= values.max() <= WIDEST:  # false for not-a-number too
        values = np.nan_to_num(np.clip(values, -WIDEST, WIDEST))
    return values.astype(np.float16).ravel()


_packed: WeakKeyDictionary[Output, dict[tuple[Cut, Choice], bytes]] = WeakKeyDictionary()


def _message(output: Output, cut: Cut, start: Choice) -> bytes:
    """What :func:`pack` gives, made once for as long as the output lives: of thousands of texts it takes a second."""
    made = _packed.setdefault(output, {})
    message = made.get((cut, start))
    if message is None:
        message = pack(output, cut, start)
        made.clear()  # one message for each output
        made[cut, start] = message
    return message


def pack(output: Output, cut: Cut, start: Choice = START, beside: Beside | None = None) -> bytes:
    """The cube as one message for `unpack` in common.js: a header, and the cells as float16.

    Args:
        output: what is drawn.
        cut: the plane that is highlighted.
        start: where a fresh picture begins.
        beside: where another stands beside it.

    Returns:
        What `cube.js` reads. Above `WHOLE` cells only the planes that can be seen are in it, each exact.

    Raises:
        ValueError: there is no such plane.
    """
    hidden = output.hidden
    at, plane = cut.within(hidden.shape)
    head: dict[str, packing.Json] = {
        "size": list(hidden.shape),
        "texts": [_label(text) for text in output.texts],
        "tokens": [[_label(token) for token in row] for row in output.tokens],
        "roles": ["".join(role[0] for role in row) for row in output.roles],  # c, s, p, w
        "first": [int(position) for position in output.first],
        "firstToken": _label(output.first_token),
        "limit": (beside and beside.top) or limit(output),
        "filler": output.filler,
        "axis": cut.axis,
        "at": at,
        "index": cut.index,
        "code": [output.name + text.format(at=cut.index, row="{row}") for text in ("", SLICE[cut.axis], ROW[cut.axis])],
        "shapes": [_shape(output, sizes) for sizes in (hidden.shape, plane, plane[1:])],
        "held": held(output, cut),
        "words": describe(output, cut),
        "start": [start.step, start.row],
    }
    if output.of:
        head["of"] = output.of
    if beside:
        head["beside"] = {"group": beside.group, "speaks": beside.speaks, "cells": beside.cells}
    if hidden.size <= WHOLE:
        return packing.pack(head, cells=_half(hidden))
    planes = _visible(hidden.shape, cut)
    cells = [_half(np.take(hidden, i, axis=AXES.index(axis))) for axis, i in planes]
    starts = np.cumsum([0] + [plane.size for plane in cells[:-1]]).tolist()
    head["planes"] = [[f"{axis} {i}", start] for (axis, i), start in zip(planes, starts, strict=True)]
    return packing.pack(head, cells=np.concatenate(cells))


def cube(output: Output, cut: Cut, *, key: str, start: Choice = START, beside: Beside | None = None) -> Choice:
    """Draws the cube and reports the learner's step and row.

    Camera, step and row are the picture's own and survive new data; `start` counts only where the picture is made
    afresh. Keep it unchanged from run to run: another `start` is another message.

    Args:
        output: what is drawn.
        cut: the plane that is highlighted; the page owns this choice.
        key: the component's key in the session.
        start: where a fresh picture begins, as restored from a link.
        beside: where another stands beside it.

    Returns:
        The step and the row on screen.

    Raises:
        ValueError: there is no such plane.
    """
    shown = mount(__file__, "cube_cells", "cube_solid", "cube_labels")(
        key=key,
        data=pack(output, cut, start, beside) if beside else _message(output, cut, start),
        default={"choice": {"step": start.step, "row": start.row}},
        on_choice_change=lambda: None,
    ).choice
    rows = cut.within(output.hidden.shape)[1][0]
    step, row = shown.get("step"), shown.get("row")
    return Choice(step if step in get_args(Step) else "in", min(max(int(row or 0), 0), rows - 1))
