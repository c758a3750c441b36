"""The visitor's texts through every pooling, beside the reference sentences through the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.reference import Reference
from lib.measures.vectors import (
    Doubles,
    Flags,
    Floor,
    Plane,
    centred,
    cosine,
    extremes,
    largest_difference,
    max_shares,
    nearest,
    part_ways,
    principal,
    unit,
)
from lib.pooling import POOLINGS, Pooling
from lib.quantities import exactly, number
from lib.reading import Floats, Reading


@dataclass(frozen=True)
class Pooled:
    """The visitor's texts through one pooling.

    Attributes:
        key: of the pooling.
        name: on screen, plain.
        spoken: in a sentence, Markdown; the first token in its colour.
        note: what a sentence about it has to add; "" where there is nothing.
        why_not: why it cannot be had here, a sentence; "" where it can.
        yours: float64[batch, hidden], centred where that was asked for; empty where it cannot be had.
        reference: float64[sentences, hidden], likewise.
        floor: of the reference sentences, likewise centred or not; None where it cannot be had.
        raw_floor: of the reference sentences as they are.
        centred_floor: of the reference sentences, centred; None where nothing is left.
        centred: whether the mean of the reference sentences was subtracted.
        model: the model's name where two are compared, plain; "" where there is one.
    """

    key: str
    name: str
    spoken: str
    note: str
    why_not: str
    yours: Doubles
    reference: Doubles
    floor: Floor | None
    raw_floor: Floor | None
    centred_floor: Floor | None
    centred: bool = False
    model: str = ""

    @property
    def called(self) -> str:
        """Its name beside the same of another model, plain."""
        return f"{self.name}, {self.model}" if self.model else self.name

    @property
    def is_first(self) -> bool:
        """Whether these are the first token's own vectors, which have a colour of their own."""
        return self.key == "cls"

    @cached_property
    def cosines(self) -> Doubles:
        """float64[batch, batch]."""
        return cosine(self.yours, self.yours)

    @property
    def level(self) -> float:
        """What a cosine is measured against: the average of unrelated sentences.

        After centring that average is about 0 whatever the vectors are; then it is what 95% of their pairs stay below.
        """
        if self.floor is None:
            raise ValueError(f"{self.name} cannot be had here: {self.why_not}")
        return self.floor.high if self.centred else self.floor.mean

    @property
    def ends(self) -> tuple[float, float] | None:
        """The cosines of the least and of the most alike pair; None where this pooling cannot be had."""
        if self.floor is None:
            return None
        most, least = extremes(self.cosines)
        return least.cosine, most.cosine

    @cached_property
    def near(self) -> Flags:
        """bool[batch, batch], the nearest other text of each; all of them where several are equally near."""
        return nearest(self.cosines)

    @cached_property
    def plane(self) -> Plane:
        """The two directions in which the visitor's texts differ most, each vector first scaled to length 1."""
        return principal(unit(self.yours))

    @property
    def places(self) -> Doubles:
        """float64[batch, 2], the visitor's texts on that plane."""
        return self.plane.place(unit(self.yours))

    @property
    def background(self) -> Doubles:
        """float64[sentences, 2], the reference sentences on that plane."""
        return self.plane.place(unit(self.reference))

    @property
    def only_nearest(self) -> list[int]:
        """For each text the row of its nearest; -1 where several are equally near."""
        return [int(near.argmax()) if near.sum() == 1 else -1 for near in self.near]


@dataclass(frozen=True)
class TokenWeights:
    """What one pooling takes from each token of a text.

    Attributes:
        name: of the pooling, plain.
        weights: float[tokens], from 0 up; None where it is not made of shares.
        about: the same in a few words.
    """

    name: str
    weights: Doubles | Floats | None
    about: str


def spoken(pooling: Pooling, checkpoint: Checkpoint) -> str:
    """The pooling's name in a sentence, Markdown; what is the first token's own vector wears its colour."""
    name = escape.markdown(pooling.name(checkpoint))
    return f":orange[{name}]" if pooling.key == "cls" else f"“{name}”"


def through(reading: Reading, layer: int, others: Reference, *, centre: bool, named: bool = False) -> dict[str, Pooled]:
    """The reading through every pooling, in the order of ``POOLINGS``.

    Args:
        reading: of at least two texts.
        layer: 0 (embeddings) to the last.
        others: the reference sentences at that layer.
        centre: whether to subtract the mean of the reference sentences.
        named: whether to say whose it is, because another model stands beside it.
    """
    found = {key: _pooled(pooling, reading, layer, others, centre) for key, pooling in POOLINGS.items()}
    if not named:
        return found
    model = reading.checkpoint.name
    spoken_of = f" in {escape.markdown(model)}"
    return {key: replace(one, model=model, spoken=one.spoken + spoken_of) for key, one in found.items()}


def _pooled(pooling: Pooling, reading: Reading, layer: int, others: Reference, centre: bool) -> Pooled:
    key, model = pooling.key, reading.checkpoint
    raw, after = others.floors.get(key), others.centred_floors.get(key)
    note = f" The pooler of this model was {model.pooler_note}." if key == "pooler" and model.pooler_note else ""

    def made(why_not: str, yours: Doubles, reference: Doubles, floor: Floor | None) -> Pooled:
        return Pooled(
            key, pooling.name(model), spoken(pooling, model), note, why_not, yours, reference, floor, raw, after, centre
        )

    nothing = np.empty((0, reading.hidden))
    if key == "pooler" and (key not in others.vectors or reading.pooler_output is None):
        lacks = (
            f"{escape.markdown(model.name)} has none."
            if reading.pooler_output is None
            else "It reads the last layer only."
        )
        return made(lacks, nothing, nothing, None)
    try:
        yours = pooling.pool(reading, layer).astype(np.float64)
    except ValueError as problem:
        return made(escape.markdown(str(problem)), nothing, nothing, None)
    theirs = others.vectors[key].astype(np.float64)
    if centre:
        yours, theirs = centred(yours, others.means[key]), centred(theirs, others.means[key])
    if not (yours.any(axis=1).all() and theirs.any(axis=1).all()):
        why_not = f"At layer {layer} it is the same vector in every text: nothing is left after centring."
        return made(why_not, nothing, nothing, None)
    return made("", yours, theirs, after if centre else raw)


def reach(both: Sequence[Pooled]) -> float:
    """Half the width of the maps of two poolings, the same for both.

    Args:
        both: the two.
    """
    return 1.18 * max(max(np.abs(each.places).max(), np.percentile(np.abs(each.background), 90)) for each in both)


@dataclass(frozen=True)
class Neighbours:
    """For how many texts two poolings find another nearest text.

    Attributes:
        texts: that there are.
        apart: texts whose nearest is another one.
        ties: texts for which it cannot be told, because several are equally near.
    """

    texts: int
    apart: int
    ties: int


def neighbours(a: Flags, b: Flags) -> Neighbours:
    """Compares the nearest texts under two poolings.

    Args:
        a: bool[n, n], the nearest other text of each under one pooling; several where they are equally near.
        b: bool[n, n], under another.
    """
    apart = part_ways(a, b)
    tied = (a.sum(axis=1) > 1) | (b.sum(axis=1) > 1)
    return Neighbours(len(apart), int(apart.sum()), int((tied & ~apart).sum()))


def token_weights(reading: Reading, row: int, layer: int) -> list[TokenWeights]:
    """What each pooling takes from the tokens of one text.

    Args:
        reading: with the text.
        row: of the text.
        layer: that is pooled; only ``max`` depends on it.
    """
    real = reading.encoding.attention_mask[row] == 1
    rows = []
    for key, pooling in POOLINGS.items():
        name, shares, about = pooling.name(reading.checkpoint), None, f"not a sum: {pooling.formula}"
        if key == "max":
            shares = max_shares(reading.hidden_states[layer, row], real)[real]
            about = "not a sum: share of dimensions in which it is largest"
        elif pooling.weigh is not None:
            try:
                shares = pooling.weigh(reading.encoding)[row, real]
                about = _about(shares)
            except ValueError:
                about = "none: a text here has nothing that it could take"
        rows.append(TokenWeights(name, shares, about))
    return rows


def _about(shares: Floats) -> str:
    some = shares[shares > 0]
    if len(some) == 1:
        return f"all of position {int(shares.argmax())}"
    if np.ptp(some) < 1e-6:
        total = float(some.sum())
        together = f" of {len(some)} tokens" if abs(total - 1) < 1e-3 else f", {number(total)} in all"
        return f"{number(float(some[0]), 3)} for each{together}"
    return f"from {exactly(float(some[0]))} to {exactly(float(some[-1]))}"


def roles(reading: Reading, row: int) -> list[str]:
    """What each real token of a text is: "cls", "sep" or "word"."""
    return [role for role in reading.encoding.roles(row) if role != "pad"]


def specials(reading: Reading, layer: int) -> tuple[list[float], list[float]]:
    """What the special tokens do to the mean.

    Returns:
        For each text the share of the mean's weight that they hold, and the cosine of the mean with them to the mean
        without them; both empty where a text has no token of its own.
    """
    mean, words = POOLINGS["mean"], POOLINGS["mean_no_specials"]
    try:
        without = words.pool(reading, layer)
    except ValueError:
        return [], []
    alike = cosine(mean.pool(reading, layer), without).diagonal()
    held = 1 - reading.encoding.is_word.sum(axis=1) / reading.encoding.lengths
    return held.tolist(), alike.tolist()


@dataclass(frozen=True)
class Unpadded:
    """One text read alone and in a padded batch.

    Attributes:
        row: of the text among the visitor's.
        pads: padding behind it in the batch.
        company: the text of ours that made the batch longer; "" where the visitor's own texts did.
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


def unpadded(alone: Reading, batch: Reading, at: int, layer: int, *, row: int, company: str) -> Unpadded:
    """One text read alone beside the same in a padded batch.

    Args:
        alone: of that text.
        batch: of texts of which it is one.
        at: its row in the batch.
        layer: 0 (embeddings) to the last.
        row: of the text among the visitor's.
        company: the text of ours that made the batch longer; "" where the visitor's own texts did.
    """
    differences = {}
    for pooling in POOLINGS.values():
        try:
            one, many = pooling.pool(alone, layer)[0], pooling.pool(batch, layer)[at]
        except ValueError:
            continue
        differences[spoken(pooling, alone.checkpoint)] = largest_difference(one, many)
    right = POOLINGS["mean"].pool(alone, layer)
    wrong = batch.hidden_states[layer, at].mean(axis=0)[None]  # float32[1, hidden]
    return Unpadded(
        row=row,
        pads=batch.encoding.input_ids.shape[1] - int(batch.encoding.lengths[at]),
        company=company,
        differences=differences,
        bug_difference=largest_difference(right, wrong),
        bug_cosine=float(cosine(right, wrong)[0, 0]),
    )
