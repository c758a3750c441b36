"""The visitor's texts through every pooling, beside the reference sentences through the same; and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from lib import escape
from lib.checkpoints import Checkpoint
from lib.examples import REFERENCE, Example
from lib.figures import similarity, weights
from lib.figures.map import MapOf
from lib.figures.similarity import written
from lib.measures.vectors import (
    Doubles,
    Flags,
    Floor,
    Plane,
    above,
    centred,
    cosine,
    extremes,
    kept_together,
    largest_difference,
    max_shares,
    nearest,
    part_ways,
    principal,
    unit,
)
from lib.pooling import POOLINGS, Pooling
from lib.quantities import Quantity, exactly, number, plural, share
from lib.reading import Floats, Reading
from lib.ui import choices, look, readings, references
from lib.ui.parts import Column

LONG = 12  # rows of a table that stand on the page; more scroll in a box of their own


@dataclass(frozen=True)
class Compared:
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

    @property
    def is_first(self) -> bool:
        """Whether these are the first token's own vectors, which have a colour of their own."""
        return self.key == "cls"

    @cached_property
    def cosines(self) -> Doubles:
        """float64[batch, batch]."""
        return cosine(self.yours, self.yours)

    @cached_property
    def random(self) -> Doubles:
        """float64[pairs], the cosines of all pairs of reference sentences."""
        return above(cosine(self.reference, self.reference))

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
    def row(self) -> similarity.Row:
        """Its line in the picture of floors."""
        ends = None
        if self.floor:
            most, least = extremes(self.cosines)
            ends = least.cosine, most.cosine
        return similarity.Row(
            self.name, self.is_first, _three(self.raw_floor), _three(self.centred_floor), ends, self.why_not
        )


def _three(floor: Floor | None) -> tuple[float, float, float] | None:
    return (floor.mean, floor.low, floor.high) if floor else None


def spoken(pooling: Pooling, checkpoint: Checkpoint) -> str:
    """The pooling's name in a sentence, Markdown; what is the first token's own vector wears its colour."""
    name = escape.markdown(pooling.name(checkpoint))
    return f":orange[{name}]" if pooling.key == "cls" else f"“{name}”"


def through(reading: Reading, layer: int, *, centre: bool) -> dict[str, Compared]:
    """The reading through every pooling, in the order of ``POOLINGS``.

    Args:
        reading: of at least two texts.
        layer: 0 (embeddings) to the last.
        centre: whether to subtract the mean of the reference sentences.
    """
    others = references.take(reading.checkpoint, layer)
    return {key: _compared(pooling, reading, layer, others, centre) for key, pooling in POOLINGS.items()}


def _compared(
    pooling: Pooling, reading: Reading, layer: int, others: references.Reference, centre: bool
) -> Compared:
    key, model = pooling.key, reading.checkpoint
    raw, after = others.floors.get(key), others.centred_floors.get(key)
    note = f" The pooler of this model was {model.pooler_note}." if key == "pooler" and model.pooler_note else ""

    def made(why_not: str, yours: Doubles, reference: Doubles, floor: Floor | None) -> Compared:
        return Compared(
            key, pooling.name(model), spoken(pooling, model), note, why_not, yours, reference, floor, raw, after
        )

    nothing = np.empty((0, reading.hidden))
    try:
        yours = pooling.pool(reading, layer).astype(np.float64)
    except ValueError as problem:
        return made(str(problem), nothing, nothing, None)
    theirs = others.vectors[key].astype(np.float64)
    if centre:
        yours, theirs = centred(yours, others.means[key]), centred(theirs, others.means[key])
    if not (yours.any(axis=1).all() and theirs.any(axis=1).all()):
        why_not = f"At layer {layer} it is the same vector in every text: nothing is left after centring."
        return made(why_not, nothing, nothing, None)
    return made("", yours, theirs, after if centre else raw)


def sets(offered: Sequence[Example]) -> Example | None:
    """Buttons with ready sets of texts; the one on screen is filled.

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


def two() -> tuple[str, str]:
    """Two poolings to compare, chosen beside each other; their keys."""
    names = {key: pooling.name(choices.checkpoint()) for key, pooling in POOLINGS.items()}
    with st.container(key="pooling_two", horizontal=True, gap="small", wrap=False):
        a, b = (
            choices.pick(label, list(POOLINGS), key=key, default=usual, names=names.__getitem__, form="menu", hide_label=True)
            for label, key, usual in (
                ("One pooling", "pooling_a", "cls"),
                ("Pooling to compare it with", "pooling_b", "mean"),
            )
        )
    return a, b


def small_multiples(all_of_them: Mapping[str, Compared], texts: Sequence[str], quantity: Quantity, mode: str) -> None:
    """Every pooling's matrix, small, as many beside each other as there is room for.

    Args:
        all_of_them: the poolings.
        texts: as typed.
        quantity: what the cells are.
        mode: "" or " after centring".
    """
    with st.container(key="small", horizontal=True, gap="small"):
        for one in all_of_them.values():
            with st.container(key=f"small_{one.key}", width=164, gap=None):
                st.markdown(f"{one.spoken}  \n{'floor ' + written(one.floor.mean) if one.floor else 'none here'}")
                if one.floor:
                    st.plotly_chart(
                        similarity.small(one.cosines, texts, quantity, name=one.name, palette=look.palette()),
                        theme=None,
                        alt=escape.plain(matrix_says(one, mode)),
                        key=f"chart_small_{one.key}",
                        config={"displayModeBar": False, "scrollZoom": False},
                    )


# What is said


def matrix_says(one: Compared, mode: str) -> str:
    """The sentence under a matrix.

    Args:
        one: a pooling.
        mode: "" or " after centring".
    """
    if one.floor is None:
        return f"**No matrix for {one.spoken}.** {one.why_not}"
    most, least = extremes(one.cosines)
    begin = f"Under {one.spoken}, two random sentences have **{written(one.floor.mean)}** on average{mode}"
    if len(one.cosines) == 2:
        return f"{begin}; your two texts have **{written(most.cosine)}**.{one.note}"
    if most.cosine - least.cosine < 1e-6:
        return f"{begin}; all of your pairs have **{written(most.cosine)}**.{one.note}"
    return (
        f"{begin}; your most alike pair, {most.first + 1} and {most.second + 1}, has **{written(most.cosine)}**, the least "
        f"alike, {least.first + 1} and {least.second + 1}, {written(least.cosine)}.{one.note}"
    )


def floors_say(all_of_them: Mapping[str, Compared], centre: bool) -> str:
    """The sentence under the picture of floors."""
    raw = {key: one for key, one in all_of_them.items() if one.raw_floor}
    high = max(raw.values(), key=lambda one: one.raw_floor.mean)
    low = min(raw.values(), key=lambda one: one.raw_floor.mean)
    after = (
        f"after centring {written(high.centred_floor.mean)}"
        if high.centred_floor
        else "and after centring nothing is left of it"
    )
    clear = [one for one in all_of_them.values() if one.floor and extremes(one.cosines)[0].cosine > one.floor.high]
    shown = [one for one in all_of_them.values() if one.floor]
    return (
        f"Two random sentences have a cosine of **{written(high.raw_floor.mean)}** under {high.spoken} ({after}) and of "
        f"**{written(low.raw_floor.mean)}** under {low.spoken}: one and the same number means different things. "
        f"{'After centring, your' if centre else 'Your'} most alike pair stands above 95% of these pairs under {len(clear)} of "
        f"{plural(len(shown), 'pooling')}."
    )


def neighbours_say(a: Compared, b: Compared, ready: Example | None, mode: str) -> str:
    """The sentence under the table of neighbours.

    Args:
        a: one pooling.
        b: another.
        ready: the ready set on screen, whose neighbouring lines belong together; or None.
        mode: "" or " after centring".
    """
    if a.key == b.key:
        return f"You compare {a.spoken} with itself, so nothing differs. Choose another pooling above one of the matrices."
    differ = int(part_ways(a.near, b.near).sum())
    sentence = f"{a.spoken} and {b.spoken} name a different nearest text for **{differ} of {len(a.near)}**{mode}."
    if ready and ready.together > 1:
        found = [f"**{kept_together(one.near, ready.together)}** under {one.spoken}" for one in (a, b)]
        sentence += (
            f" In this set every {ready.together} lines in a row belong together; the nearest text is one of them for "
            f"{' and '.join(found)}, of {len(a.near)}."
        )
    return sentence


def map_says(one: Compared) -> str:
    """The sentence under a map."""
    shares = one.plane.shares
    if not shares.any():
        return f"{one.spoken}: all of your texts stand on one spot; there is no direction in which they differ."
    spread = np.abs(one.places).max()
    tight = " They stand so close together that the map cannot part them." if spread < 0.02 else ""
    if len(one.yours) == 2:
        return f"{one.spoken}: two texts differ in one direction only, so the second axis is empty.{tight}"
    return (
        f"{one.spoken}: this plane holds **{share(float(shares.sum()))}** of what your {len(one.yours)} texts differ in "
        f"({share(float(shares[0]))} and {share(float(shares[1]))}).{tight}"
    )


def weights_say(reading: Reading, row: int, layer: int) -> str:
    """The sentence under the picture of weights."""
    encoding = reading.encoding
    real = encoding.attention_mask[row] == 1
    tokens, first = encoding.row(row), reading.checkpoint.first_token
    supplied = max_shares(reading.hidden_states[layer, row], real)[real]
    top = int(supplied.argmax())
    return (
        f"This text has {plural(len(tokens), 'token')}. The mean takes **1/{len(tokens)}** of each, "
        f":orange[{escape.markdown(first)}] all of one and nothing of the others; under max, {escape.quote(tokens[top])} at "
        f"position {top} is the largest in **{share(float(supplied[top]))}** of {reading.hidden} units."
    )


def specials_say(specials: Sequence[float], alike: Sequence[float]) -> str:
    """The sentence under the table of specials."""
    low, high = int(np.argmin(alike)), int(np.argmax(alike))
    return (
        f"The mean gives {share(min(specials))} to {share(max(specials))} of its weight to special tokens. Leave them out, and the "
        f"vector of text {low + 1} turns most (cosine **{number(alike[low], 3)}** to the usual mean), that of text {high + 1} "
        f"least ({number(alike[high], 3)})."
    )


# Tables and their numbers


def table(rows: Sequence[Mapping[str, str]], *, key: str, alt: str) -> None:
    """A table of words: Markdown in its cells; where it is long it scrolls in a box of its own."""
    with st.container(key=f"table_{key}", height=480 if len(rows) > LONG else "content", border=False):
        st.table(
            {head: [row[head] for row in rows] for head in rows[0]},
            hide_index=True,
            border="horizontal",
            alt=escape.plain(alt),
        )


def _numbered(texts: Sequence[str], row: int) -> str:
    return f"{row + 1} {escape.quote(texts[row], 36)}"


def neighbours(a: Compared, b: Compared, texts: Sequence[str]) -> list[dict[str, str]]:
    """For each text its nearest under two poolings, as rows of a table; Markdown."""

    def found(one: Compared, row: int) -> str:
        near = np.flatnonzero(one.near[row])
        value = written(float(one.cosines[row, near[0]]))
        return f"{plural(len(near), 'text')} equally near · {value}" if len(near) > 1 else f"{_numbered(texts, near[0])} · {value}"

    differ = part_ways(a.near, b.near)
    second = b.spoken if b.key != a.key else f"{b.spoken} again"
    return [
        {
            "text": _numbered(texts, row),
            f"nearest by {a.spoken}": found(a, row),
            f"nearest by {second}": found(b, row),
            "​": "**≠ other**" if differ[row] else "= same",
        }
        for row in range(len(texts))
    ]


def pair_columns(texts: Sequence[str], chosen: Sequence[Compared]) -> dict[str, Column]:
    """Every pair of texts with its cosines: the numbers behind the matrices."""
    rows, columns = np.triu_indices(len(texts), 1)
    return {
        "one text": [texts[row] for row in rows],
        "another text": [texts[column] for column in columns],
        **{one.name: [round(float(value), 6) for value in above(one.cosines)] for one in chosen if one.floor},
    }


def floor_columns(all_of_them: Mapping[str, Compared]) -> dict[str, Column]:
    """Every pooling's floors: the numbers behind their picture."""
    gap = float("nan")
    had = list(all_of_them.values())

    def of(floors: Sequence[Floor | None], what: str) -> list[float]:
        return [round(getattr(floor, what), 6) if floor else gap for floor in floors]

    raw, after = [one.raw_floor for one in had], [one.centred_floor for one in had]
    ends = [one.row.yours or (gap, gap) for one in had]
    return {
        "pooling": [one.name for one in had],
        **{f"random pairs, {word}": of(raw, what) for what, word in _WORDS.items()},
        **{f"centred random pairs, {word}": of(after, what) for what, word in _WORDS.items()},
        "your least alike pair": [round(least, 6) for least, _ in ends],
        "your most alike pair": [round(most, 6) for _, most in ends],
    }


_WORDS = {"mean": "mean", "low": "5 % lie below", "high": "5 % lie above"}


def map_columns(texts: Sequence[str], chosen: Sequence[Compared]) -> dict[str, Column]:
    """Where each text stands: the numbers behind the maps."""
    return {
        "text": list(texts),
        **{
            f"{one.name}, {word} axis": [round(float(value), 6) for value in one.places[:, axis]]
            for one in chosen
            for axis, word in enumerate(("first", "second"))
        },
    }


def mapped(one: Compared, both: Sequence[Compared], followed: int) -> MapOf:
    """What a map of one pooling shows beside the map of the other.

    Args:
        one: of the two.
        both: the two poolings.
        followed: row of the text that is ringed.
    """
    a, b = both
    reach = max(max(np.abs(each.places).max(), np.percentile(np.abs(each.background), 90)) for each in both)
    return MapOf(
        places=one.places,
        background=one.background,
        shares=(float(one.plane.shares[0]), float(one.plane.shares[1])),
        nearest=[int(near.argmax()) if near.sum() == 1 else -1 for near in one.near],
        apart=part_ways(a.near, b.near).tolist(),
        followed=followed,
        reach=float(reach) * 1.18,
        is_first=one.is_first,
    )


def special_rows(texts: Sequence[str], held: Sequence[float], alike: Sequence[float]) -> list[dict[str, str]]:
    """The rows of the table on special tokens; Markdown."""
    return [
        {
            "text": _numbered(texts, row),
            "weight of the special tokens in the mean": share(held[row]),
            "cosine of the means with and without them": number(alike[row], 3),
        }
        for row in range(len(texts))
    ]


def weight_rows(reading: Reading, row: int, layer: int) -> list[weights.Row]:
    """What each pooling takes from the tokens of one text, for the picture of weights.

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
            about = "not a sum: share of units where it is largest"
        elif pooling.weigh is not None:
            try:
                shares = pooling.weights(reading)[row, real]
                about = _about(shares)
            except ValueError:
                about = "none: a text here has nothing that it could take"
        rows.append(weights.Row(name, shares, about))
    return rows


def _about(shares: Floats) -> str:
    some = shares[shares > 0]
    if len(some) == 1:
        return f"all of position {int(shares.argmax())}"
    if np.ptp(some) < 1e-6:
        total = float(some.sum())
        together = "" if abs(total - 1) < 1e-3 else f", {number(total)} in all"
        return f"{number(float(some[0]), 3)} of each of {plural(len(some), 'token')}{together}"
    return f"{number(float(some[0]), 3)} of the first to {number(float(some[-1]), 3)} of the last"


def roles(reading: Reading, row: int) -> list[str]:
    """What each real token of a text is: "cls", "sep" or "word"."""
    return [role for role in reading.encoding.roles(row) if role != "pad"]


def weight_columns(rows: Sequence[weights.Row], tokens: Sequence[str]) -> dict[str, Column]:
    """Every token's weight under every pooling that has any: the numbers behind the picture."""
    return {
        "position": list(range(len(tokens))),
        "token": list(tokens),
        **{row.name: [round(float(value), 6) for value in row.weights] for row in rows if row.weights is not None},
    }


def specials(reading: Reading, layer: int) -> tuple[list[float], list[float]]:
    """What the special tokens do to the mean.

    Returns:
        For each text the share of the mean's weight that they hold, and the cosine of the mean with them to the mean
        without them; both empty where a text has no piece of its own.
    """
    mean, words = POOLINGS["mean"], POOLINGS["mean_no_specials"]
    try:
        without = words.pool(reading, layer)
    except ValueError:
        return [], []
    alike = cosine(mean.pool(reading, layer), without).diagonal()
    held = np.where(reading.encoding.is_word, 0, mean.weights(reading)).sum(axis=1)
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


def unpadded(reading: Reading, layer: int) -> Unpadded:
    """The text with the most padding, read once more without any.

    Args:
        reading: of the visitor's texts; where they are all equally long, a longer text of ours joins one of them.
        layer: 0 (embeddings) to the last.
    """
    lengths = reading.encoding.lengths
    row = int(lengths.argmin())
    text, pair = reading.encoding.texts[row], reading.encoding.pairs[row]
    company, batch, at = "", reading, row
    if lengths[row] == lengths.max():
        longest = max(REFERENCE, key=len)
        company = " ".join([longest] * (1 + int(lengths[row]) // len(longest.split())))
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
    wrong = batch.hidden_states[layer, at].mean(axis=0)[None]  # float32[1, hidden]
    return Unpadded(
        row=row,
        pads=batch.encoding.input_ids.shape[1] - int(batch.encoding.lengths[at]),
        company=company,
        differences=differences,
        bug_difference=largest_difference(right, wrong),
        bug_cosine=float(cosine(right, wrong)[0, 0]),
    )


ROUNDING = 1e-3  # of an activation; float32 sums taken in another order differ by far less


def padding_rows(found: Unpadded) -> list[dict[str, str]]:
    """The rows of the table on padding; Markdown."""
    rows = [
        {
            "pooling": name,
            "largest difference": exactly(difference),
            "padding has no say": "● holds" if difference < ROUNDING else "○ does not hold",
        }
        for name, difference in found.differences.items()
    ]
    bug = {
        "pooling": "mean over the padding too (a common bug)",
        "largest difference": exactly(found.bug_difference),
        "padding has no say": "● holds" if found.bug_difference < ROUNDING else "○ does not hold",
    }
    return [*rows, bug]


def padding_says(found: Unpadded, texts: Sequence[str]) -> str:
    """The sentence under the table on padding."""
    beside = "beside a longer text of ours" if found.company else "in the batch of your texts"
    worst = max(found.differences.values())
    return (
        f"Text {found.row + 1}, {escape.quote(texts[found.row], 40)}, read alone, and {beside} with "
        f"**{plural(found.pads, 'position')}** of padding behind it: over all poolings and units the largest difference is "
        f"**{exactly(worst)}**. A mean that forgets the mask has a cosine of **{written(found.bug_cosine)}** to the right one."
    )
