"""The visitor's texts through every pooling, beside the reference sentences through the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from lib import escape
from lib.checkpoints import Checkpoint
from lib.examples import REFERENCE, Example
from lib.figures.similarity import Row as FloorRow
from lib.figures.similarity import written
from lib.figures.weights import Row
from lib.measures.vectors import (
    Doubles,
    Flags,
    Floor,
    above,
    centred,
    cosine,
    extremes,
    floor,
    largest_difference,
    max_shares,
    nearest,
    part_ways,
)
from lib.pooling import POOLINGS, Pooling
from lib.quantities import number, plural
from lib.reading import Floats, Reading
from lib.store import Store
from lib.ui import choices, readings

LONG = 12  # rows of a table that stand on the page; more scroll in a box
MOST_BYTES = 96 << 20  # of reference vectors kept for everybody


@dataclass(frozen=True)
class Reference:
    """The reference sentences at one layer.

    Attributes:
        vectors: pooling -> float32[sentences, hidden]; poolings that this layer or model lacks are not in it.
    """

    vectors: Mapping[str, Floats]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(vectors.nbytes for vectors in self.vectors.values())

    @cached_property
    def means(self) -> Mapping[str, Doubles]:
        """Pooling -> float64[hidden], the mean over the sentences."""
        return {key: vectors.mean(axis=0, dtype=np.float64) for key, vectors in self.vectors.items()}

    @cached_property
    def floors(self) -> Mapping[str, Floor]:
        """Pooling -> the cosine of random pairs, as the vectors are."""
        return {key: floor(vectors) for key, vectors in self.vectors.items()}

    @cached_property
    def centred_floors(self) -> Mapping[str, Floor | None]:
        """Pooling -> the same after centring; None where nothing is left."""
        left = {key: centred(vectors, self.means[key]) for key, vectors in self.vectors.items()}
        return {key: floor(vectors) if vectors.any(axis=1).all() else None for key, vectors in left.items()}


@dataclass(frozen=True)
class Compared:
    """The visitor's texts through one pooling.

    Attributes:
        key: of the pooling.
        name: on screen, plain.
        spoken: in a sentence, Markdown; the first token in its colour.
        why_not: why it cannot be had here, a sentence; "" where it can.
        yours: float64[batch, hidden], centred where that was asked for; empty where it cannot be had.
        reference: float64[sentences, hidden], likewise.
        cosines: float64[batch, batch]; empty where it cannot be had.
        floor: of the reference sentences, likewise centred or not; None where it cannot be had.
        raw_floor: of the reference sentences as they are.
        centred_floor: of the reference sentences, centred; None where nothing is left.
    """

    key: str
    name: str
    spoken: str
    why_not: str
    yours: Doubles
    reference: Doubles
    cosines: Doubles
    floor: Floor | None
    raw_floor: Floor | None
    centred_floor: Floor | None

    @cached_property
    def random(self) -> Doubles:
        """float64[pairs], the cosines of all pairs of reference sentences."""
        return above(cosine(self.reference, self.reference))

    @cached_property
    def near(self) -> Flags:
        """bool[batch, batch], the nearest other text of each; all equally near ones."""
        return nearest(self.cosines)

    @property
    def row(self) -> FloorRow:
        """Its line in the picture of floors."""
        return FloorRow(
            self.name,
            self.key == "cls",
            _ends(self.raw_floor),
            _ends(self.centred_floor),
            (extremes(self.cosines)[1].cosine, extremes(self.cosines)[0].cosine) if self.floor else None,
            self.why_not,
        )


def _ends(floor: Floor | None) -> tuple[float, float, float] | None:
    return (floor.mean, floor.low, floor.high) if floor else None


@dataclass(frozen=True)
class Layers:
    """The reference sentences at the layers that were made in one pass.

    Attributes:
        at: layer -> the sentences there.
    """

    at: Mapping[int, Reference]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(reference.nbytes for reference in self.at.values())


_kept: Store[Layers] = Store(MOST_BYTES)


def sets(offered: Sequence[Example]) -> Example | None:
    """Buttons with ready sets of texts, the one on screen filled.

    Returns:
        The set that is on screen; None where the visitor has other texts.
    """
    now = next((example for example in offered if example.texts == choices.texts() and not choices.pair()), None)
    with st.container(key="pooling_sets", horizontal=True, gap="xsmall"):
        for example in offered:
            st.button(
                example.label,
                key=f"set_{example.key}",
                on_click=choices.put,
                args=(example,),
                help=example.shows,
                type="primary" if example == now else "secondary",
            )
    return now


def spoken(pooling: Pooling, checkpoint: Checkpoint) -> str:
    """The pooling's name in a sentence, Markdown; what is the first token's own vector wears its colour."""
    name = escape.markdown(pooling.name(checkpoint))
    return f":orange[{name}]" if pooling.key == "cls" else name


def reference(checkpoint: Checkpoint, layer: int) -> Reference:
    """The reference sentences through every pooling, read once for all visitors.

    The last layer takes one pass; whoever asks for an earlier one has all of the earlier layers made in another.
    """
    last = layer == checkpoint.layers
    key = (checkpoint.slug, last)
    kept = _kept.peek(key) or _kept.take(key, lambda: _made(checkpoint, last))
    return kept.at[layer]


def _made(checkpoint: Checkpoint, last: bool) -> Layers:
    from lib import model

    layers = [checkpoint.layers] if last else list(range(checkpoint.layers))
    poolings = [key for key in POOLINGS if key != "pooler" or (last and checkpoint.has_pooler)]
    words = f"Reading {plural(len(REFERENCE), 'other sentence')} to compare yours with (once)…"
    bar = st.progress(0.0, text=words)
    try:
        vectors = model.encode(
            checkpoint.slug,
            REFERENCE,
            poolings=poolings,
            layers=layers,
            progress=lambda done, whole: bar.progress(done / whole, text=words),
        )
    finally:
        bar.empty()
    return Layers({layer: Reference({key: vectors[key, layer] for key in poolings}) for layer in layers})


def through(reading: Reading, layer: int, *, centre: bool) -> dict[str, Compared]:
    """The reading through every pooling, in the order of ``POOLINGS``.

    Args:
        reading: of at least two texts.
        layer: 0 (embeddings) to the last.
        centre: whether to subtract the mean of the reference sentences.
    """
    others = reference(reading.checkpoint, layer)
    return {key: _compared(pooling, reading, layer, others, centre) for key, pooling in POOLINGS.items()}


def _compared(pooling: Pooling, reading: Reading, layer: int, others: Reference, centre: bool) -> Compared:
    key, name = pooling.key, pooling.name(reading.checkpoint)
    say = spoken(pooling, reading.checkpoint)
    nothing = np.empty((0, 0))
    raw, after = others.floors.get(key), others.centred_floors.get(key)

    def without(why: str) -> Compared:
        return Compared(key, name, say, why, nothing, nothing, nothing, None, raw, after)

    try:
        yours = pooling.pool(reading, layer).astype(np.float64)
    except ValueError as problem:
        return without(str(problem))
    theirs = others.vectors[key].astype(np.float64)
    if centre:
        yours, theirs = centred(yours, others.means[key]), centred(theirs, others.means[key])
    if not (yours.any(axis=1).all() and theirs.any(axis=1).all()):
        return without(
            f"At layer {layer} this is the same vector in every text: nothing is left after centring, "
            "so there is no direction to compare."
        )
    return Compared(
        key, name, say, "", yours, theirs, cosine(yours, yours), after if centre else raw, raw, after
    )


@dataclass(frozen=True)
class Unpadded:
    """One text read alone and in a padded batch.

    Attributes:
        row: of the text among the visitor's.
        pads: padding behind it in the batch.
        company: the sentence of ours that made the batch longer; "" where the visitor's own texts did.
        differences: spoken name of a pooling -> largest difference of its vector, in units of an activation; poolings
            that cannot be had are left out.
        bug_difference: of a mean that takes the padding in.
        bug_cosine: of that mean to the right one.
    """

    row: int
    pads: int
    company: str
    differences: Mapping[str, float]
    bug_difference: float
    bug_cosine: float


def unpadded(reading: Reading, layer: int) -> Unpadded:
    """The text with the most padding, read once more without it.

    Args:
        reading: of the visitor's texts; where they are all equally long, a long sentence of ours joins the first.
        layer: 0 (embeddings) to the last.
    """
    row = int(reading.encoding.lengths.argmin())
    text, pair = reading.encoding.texts[row], reading.encoding.pairs[row]
    company = ""
    batch, at = reading, row
    if reading.encoding.lengths[row] == reading.encoding.lengths.max():
        company = max(REFERENCE, key=len)
        if reading.encoding.lengths[row] > len(company.split()):  # no sentence of ours is surely longer: repeat it
            company = " ".join([company] * 12)
        batch, at = readings.take((text, company), pairs=(pair, None) if pair else None), 0
    alone = readings.take((text,), pairs=(pair,) if pair else None)
    differences = {}
    for pooling in POOLINGS.values():
        try:
            one, many = pooling.pool(alone, layer)[0], pooling.pool(batch, layer)[at]
        except ValueError:
            continue
        differences[spoken(pooling, reading.checkpoint)] = largest_difference(one, many)
    right = POOLINGS["mean"].pool(alone, layer)
    wrong = batch.hidden_states[layer, at].mean(axis=0)[None]
    return Unpadded(
        row=row,
        pads=batch.encoding.input_ids.shape[1] - int(batch.encoding.lengths[at]),
        company=company,
        differences=differences,
        bug_difference=largest_difference(right, wrong),
        bug_cosine=float(cosine(right, wrong)[0, 0]),
    )


def taken(reading: Reading, row: int, layer: int) -> list[Row]:
    """What each pooling takes from the tokens of one text, for the picture of weights.

    Args:
        reading: with the text.
        row: of the text.
        layer: that is pooled; only ``max`` and ``pooler`` depend on it.
    """
    real = reading.encoding.attention_mask[row] == 1
    rows = []
    for key, pooling in POOLINGS.items():
        name = pooling.name(reading.checkpoint)
        if key == "max":
            supplied = max_shares(reading.hidden_states[layer, row], real)[real]
            rows.append(Row(name, supplied, "no sum: share of the units in which a token is the largest"))
            continue
        if pooling.weigh is None:
            rows.append(Row(name, None, f"no sum over tokens: {pooling.formula}"))
            continue
        try:
            weights = pooling.weights(reading)
        except ValueError:
            rows.append(Row(name, None, "none: a text here has nothing that it could take"))
            continue
        rows.append(Row(name, weights[row, real], _about(weights[row, real])))
    return rows


def _about(weights: Floats) -> str:
    some = weights[weights > 0]
    if len(some) == 1:
        return f"all of it at position {int(weights.argmax())}"
    if np.ptp(some) < 1e-6:
        together = "" if abs(some.sum() - 1) < 1e-3 else f", {number(float(some.sum()))} together"
        return f"{number(float(some[0]), 3)} for each of {plural(len(some), 'token')}{together}"
    return f"from {number(float(some[0]), 3)} to {number(float(some[-1]), 3)}"


def neighbours(a: Compared, b: Compared, texts: Sequence[str]) -> list[dict[str, str]]:
    """For each text its nearest under two poolings, as rows of a table; Markdown."""

    def names(one: Compared, row: int) -> str:
        found = np.flatnonzero(one.near[row])
        if len(found) > 1:
            return f"{len(found)} equally near ({written(float(one.cosines[row, found[0]]))})"
        return f"{found[0] + 1} {escape.quote(texts[found[0]], 34)} ({written(float(one.cosines[row, found[0]]))})"

    differ = part_ways(a.near, b.near)
    head = ("your text", f"nearest by {a.spoken}", f"nearest by {b.spoken}", "")
    return [
        dict(zip(head, (
            f"{row + 1} {escape.quote(text, 34)}", names(a, row), names(b, row), "**≠ differ**" if differ[row] else "= same"
        ), strict=True))
        for row, text in enumerate(texts)
    ]


def table(rows: Sequence[Mapping[str, str]], *, key: str, alt: str) -> None:
    """A table of words: Markdown in its cells, a box of its own where it is long."""
    with st.container(key=f"table_{key}", height=460 if len(rows) > LONG else "content", border=False):
        st.table({head: [row[head] for row in rows] for head in rows[0]}, hide_index=True, border="horizontal", alt=escape.plain(alt))
