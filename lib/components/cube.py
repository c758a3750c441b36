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
from lib.exhibit import Drawing
from lib.quantities import count, listed, plural, shape

Axis = Literal["text", "token", "unit"]
Step = Literal["in", "out", "flat"]

WHOLE = 1_000_000  # cells; above it only the planes that can be seen are sent, each still exact
SAMPLE = 1_000_000  # values behind the colour limit; above it every n-th token
WIDEST = 65504.0  # the largest float16
LONGEST = 160  # characters of a label that are sent

STEPS: tuple[Step, ...] = get_args(Step)
AXES: tuple[Axis, ...] = get_args(Axis)  # in the array's own order: batch, tokens, hidden
CODE: dict[Axis, str] = {"text": "[{at}]", "token": "[:, {at}, :]", "unit": "[:, :, {at}]"}
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
class Slice:
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
class View:
    """What the learner is looking at.

    Attributes:
        step: `in` the cube, pulled `out`, or laid `flat`.
        row: the row of the flat plane that is shown alone: a text, or a token where the cut is one text.
    """

    step: Step = "in"
    row: int = 0


START = View()


def _label(text: str) -> str:
    """Words that JSON and a canvas can hold: no lone surrogate, no control character, not endless."""
    whole = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    if whole.isprintable():
        return whole
    return "".join(" " if c in "\t\r\n" else "\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in whole)


def _sized(output: Output, sizes: Sequence[int]) -> str:
    """A shape with its type, as in "float32[4, 384]"."""
    return f"{output.hidden.dtype}{shape(*sizes)}"


@dataclass(frozen=True)
class Twin:
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
    texts = Counter(row[at] for row in output.tokens)
    words = [token for token in texts if role[token] == "word"]
    parts = [(f"“{_label(token)}”", texts[token]) for token in words]
    if len(words) > 2:
        parts = [(f"{len(words)} different words", sum(texts[token] for token in words))]
    parts += [(_label(token), texts[token]) for kind in ("cls", "sep", "pad") for token in texts if role[token] == kind]
    if len(parts) == 1 and len(output.texts) > 1:
        return f"{parts[0][0]} in all {count(len(output.texts))} texts"
    return listed([f"{token} in {count(n) if k else plural(n, 'text')}" for k, (token, n) in enumerate(parts)])


def held(output: Output, cut: Slice) -> str:
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
        pads = f" and {plural(filler, 'position')} of padding" if filler else ""
        return f"text {at + 1} alone: {plural(padded.shape[1] - filler, 'token')} of its own{pads}"
    pads = f", {count(int(padded.sum()))} of them padding" if padded.any() else ""
    many = f"each of {plural(padded.size, 'position')}" if padded.size > 1 else "its only position"
    return f"dimension {index}: one number of {output.hidden.shape[2]} from {many}{pads}"


def _visible(shape: tuple[int, ...], cut: Slice) -> list[tuple[Axis, int]]:
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


_packed: WeakKeyDictionary[Output, tuple[object, bytes]] = WeakKeyDictionary()


def _message(output: Output, cut: Slice, start: View, twin: Twin | None, words: str) -> bytes:
    """What :func:`pack` gives, made once for as long as the output lives: of thousands of texts it takes a second."""
    wanted = cut, start, twin, words
    kept = _packed.get(output)
    if kept is None or kept[0] != wanted:
        kept = _packed[output] = wanted, pack(output, cut, start, twin, words)  # one message for each output
    return kept[1]


def pack(output: Output, cut: Slice, start: View = START, twin: Twin | None = None, words: str = "") -> bytes:
    """The cube as one message for `unpack` in common.js: a header, and the cells as float16.

    Args:
        output: what is drawn.
        cut: the plane that is highlighted.
        start: where a fresh picture begins.
        twin: where another stands beside it.
        words: the picture in words, for those who cannot see it.

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
        "limit": (twin and twin.top) or limit(output),
        "filler": output.filler,
        "axis": cut.axis,
        "at": at,
        "index": cut.index,
        "code": [output.name + text.format(at=cut.index, row="{row}") for text in ("", CODE[cut.axis], ROW[cut.axis])],
        "shapes": [_sized(output, sizes) for sizes in (hidden.shape, plane, plane[1:])],
        "held": held(output, cut),
        "words": words,
        "start": [start.step, start.row],
    }
    if output.of:
        head["of"] = output.of
    if twin:
        head["beside"] = {"group": twin.group, "speaks": twin.speaks, "cells": twin.cells}
    if hidden.size <= WHOLE:
        return packing.pack(head, cells=_half(hidden))
    planes = _visible(hidden.shape, cut)
    cells = [_half(np.take(hidden, i, axis=AXES.index(axis))) for axis, i in planes]
    starts = np.cumsum([0] + [plane.size for plane in cells[:-1]]).tolist()
    head["planes"] = [[f"{axis} {i}", start] for (axis, i), start in zip(planes, starts, strict=True)]
    return packing.pack(head, cells=np.concatenate(cells))


def drawing(output: Output, cut: Slice, start: View = START, twin: Twin | None = None) -> Drawing:
    """The cube as the picture of an exhibit; it reports the view on screen.

    Camera, step and row are the picture's own and survive new data; `start` counts only where the picture is made
    afresh. Keep it unchanged from run to run: another `start` is another message.

    Args:
        output: what is drawn.
        cut: the plane that is highlighted; the page owns this choice.
        start: where a fresh picture begins, as restored from a link.
        twin: where another stands beside it.

    Raises:
        ValueError: there is no such plane.
    """
    rows = cut.within(output.hidden.shape)[1][0]

    def draw(message: bytes, *, key: str) -> View:
        shown = mount(__file__, "cube_cells", "cube_solid", "cube_labels")(
            key=key,
            data=message,
            default={"choice": {"step": start.step, "row": start.row}},
            on_choice_change=lambda: None,
        ).choice
        step: Step = next((each for each in STEPS if each == shown.get("step")), "in")
        return View(step, min(max(int(shown.get("row") or 0), 0), rows - 1))

    return Drawing(draw, lambda words: _message(output, cut, start, twin, words))
