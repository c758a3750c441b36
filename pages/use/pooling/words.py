"""What is said of texts through poolings: sentences under pictures, rows of tables, columns of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lib import escape
from lib.exhibit import Column
from lib.measures.vectors import Flags, Floor, above, extremes, kept_together, max_shares, part_ways
from lib.quantities import exactly, number, plural, share
from lib.reading import Reading
from lib.texts.examples import Example
from pages.use.pooling import weights
from pages.use.pooling.measures import Pooled, Unpadded
from pages.use.pooling.similarity import written


def against(floor: Floor, mode: str) -> tuple[float, str]:
    """What a cosine is measured against, and what that is called: the mean of random pairs.

    After centring that mean is about 0 whatever the vectors are; then it is what nearly all random pairs stay below.

    Args:
        floor: of the reference sentences, centred or not as ``mode`` says.
        mode: "" or " after centring".
    """
    return (floor.high, "95% below") if mode else (floor.mean, "floor")


def matrix_says(one: Pooled, mode: str) -> str:
    """The sentence under a matrix.

    Args:
        one: a pooling.
        mode: "" or " after centring".
    """
    if one.floor is None:
        return f"**No matrix for {one.spoken}.** {one.why_not}"
    most, least = extremes(one.cosines)
    value = f"**{written(against(one.floor, mode)[0])}**"
    begin = (
        f"Under {one.spoken}, 95% of pairs of random sentences stay below {value}{mode}"
        if mode
        else f"Under {one.spoken}, two random sentences have {value} on average"
    )
    if len(one.cosines) == 2:
        return f"{begin}; your two texts have **{written(most.cosine)}**.{one.note}"
    if most.cosine - least.cosine < 1e-6:
        return f"{begin}; all of your pairs have **{written(most.cosine)}**.{one.note}"
    return (
        f"{begin}; your most alike pair, {most.first + 1} and {most.second + 1}, has **{written(most.cosine)}**, the "
        f"least alike, {least.first + 1} and {least.second + 1}, {written(least.cosine)}.{one.note}"
    )


def floors_say(all_of_them: Mapping[str, Pooled], centre: bool) -> str:
    """The sentence under the picture of floors."""
    raw = {key: one for key, one in all_of_them.items() if one.raw_floor}
    high = max(raw.values(), key=lambda one: one.raw_floor.mean)
    low = min(raw.values(), key=lambda one: one.raw_floor.mean)

    def left(one: Pooled) -> str:
        if one.centred_floor is None:
            return f"nothing is left under {one.spoken}"
        low_end, high_end = written(one.centred_floor.low), written(one.centred_floor.high)
        return f"nine in ten lie from {low_end} to {high_end} under {one.spoken}"

    clear = [one for one in all_of_them.values() if one.floor and extremes(one.cosines)[0].cosine > one.floor.high]
    shown = [one for one in all_of_them.values() if one.floor]
    return (
        f"On average two random sentences have a cosine of **{written(high.raw_floor.mean)}** under {high.spoken} "
        f"and of **{written(low.raw_floor.mean)}** under {low.spoken}: one and the same number means different things. "
        "Centring takes every such average to about 0, because it subtracts the mean of these very sentences; then "
        f"{left(high)}, and {left(low)}. {'After centring, your' if centre else 'Your'} most alike pair stands above "
        f"95% of random pairs under {len(clear)} of {plural(len(shown), 'pooling')}."
    )


def _tied_rows(a: Pooled, b: Pooled) -> Flags:
    """bool[batch]: where either pooling finds several texts equally near."""
    return (a.near.sum(axis=1) > 1) | (b.near.sum(axis=1) > 1)


def neighbours_say(a: Pooled, b: Pooled, ready: Example | None, mode: str) -> str:
    """The sentence under the table of neighbours.

    Args:
        a: one pooling.
        b: another.
        ready: the ready set on screen, whose neighbouring lines belong together; or None.
        mode: "" or " after centring".
    """
    if a.called == b.called:
        return f"You compare {a.spoken} with itself, so nothing differs. Choose another pooling at the top."
    apart = part_ways(a.near, b.near)
    differ, ties = int(apart.sum()), int((_tied_rows(a, b) & ~apart).sum())
    sentence = f"{a.spoken} and {b.spoken} name a different nearest text for **{differ} of {len(a.near)}**{mode}."
    if ties:
        sentence += f" For {ties} it cannot be told: several texts are equally near."
    if ready and ready.together > 1:
        found = [f"**{kept_together(one.near, ready.together)}** under {one.spoken}" for one in (a, b)]
        sentence += (
            f" In this set every {ready.together} lines in a row belong together; the nearest text is one of them for "
            f"{' and '.join(found)}, of {len(a.near)}."
        )
    return sentence


def map_says(one: Pooled) -> str:
    """The sentence under a map."""
    shares = one.plane.shares
    if not shares.any():
        return f"{one.spoken}: all of your texts stand on one spot; there is no direction in which they differ."
    spread = np.abs(one.places).max()
    tight = " They stand so close together that the map cannot part them." if spread < 0.02 else ""
    if len(one.yours) == 2:
        return f"{one.spoken}: two texts differ in one direction only, so the second axis is empty.{tight}"
    return (
        f"{one.spoken}: this plane holds **{share(float(shares.sum()))}** of what your {len(one.yours)} texts differ "
        f"in ({share(float(shares[0]))} and {share(float(shares[1]))}).{tight}"
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
        f":orange[{escape.markdown(first)}] all of one and nothing of the others; under max, "
        f"{escape.quote(tokens[top])} at position {top} is the largest in **{share(float(supplied[top]))}** of "
        f"{reading.hidden} units."
    )


def weights_of_two(shown: Sequence[tuple[Reading, int, int]], names: Sequence[str]) -> str:
    """The sentence under two pictures of weights.

    Args:
        shown: reading, row of the text and layer of each.
        names: of the sides, plain.
    """
    clauses = []
    for (reading, row, layer), name in zip(shown, names, strict=True):
        real = reading.encoding.attention_mask[row] == 1
        tokens = reading.encoding.row(row)
        supplied = max_shares(reading.hidden_states[layer, row], real)[real]
        top = int(supplied.argmax())
        clauses.append(
            f"in {escape.markdown(name)} the mean takes **1/{len(tokens)}** of each token, and under max "
            f"{escape.quote(tokens[top])} at position {top} is the largest in **{share(float(supplied[top]))}** of the "
            "units"
        )
    return f"I{'; '.join(clauses)[1:]}."


def specials_say(specials: Sequence[float], alike: Sequence[float]) -> str:
    """The sentence under the table of specials."""
    low, high = int(np.argmin(alike)), int(np.argmax(alike))
    least, most = share(min(specials)), share(max(specials))
    held = least if least == most else f"{least} to {most}"
    begin = f"The mean gives {held} of its weight to special tokens. Leave them out, and "
    if number(alike[low], 3) == number(alike[high], 3):
        return f"{begin}every vector keeps a cosine of **{number(alike[low], 3)}** to the usual mean."
    return (
        f"{begin}the vector of text {low + 1} turns most (cosine **{number(alike[low], 3)}** to the usual mean), that "
        f"of text {high + 1} least ({number(alike[high], 3)})."
    )


def _numbered(texts: Sequence[str], row: int) -> str:
    return f"{row + 1} {escape.quote(texts[row], 32)}"


def neighbours(a: Pooled, b: Pooled, texts: Sequence[str]) -> list[dict[str, str]]:
    """For each text its nearest under two poolings, as rows of a table; Markdown."""

    def found(one: Pooled, row: int) -> str:
        near = np.flatnonzero(one.near[row])
        value = written(float(one.cosines[row, near[0]]))
        return (
            f"{plural(len(near), 'text')} equally near · {value}"
            if len(near) > 1
            else f"{_numbered(texts, near[0])} · {value}"
        )

    differ, tied = part_ways(a.near, b.near), _tied_rows(a, b)
    second = b.spoken if b.called != a.called else f"{b.spoken} again"
    return [
        {
            "text": _numbered(texts, row),
            f"nearest by {a.spoken}": found(a, row),
            f"nearest by {second}": found(b, row),
            "​": "**≠ other**" if differ[row] else "◌ tie" if tied[row] else "= same",
        }
        for row in range(len(texts))
    ]


def pair_columns(texts: Sequence[str], chosen: Sequence[Pooled]) -> dict[str, Column]:
    """Every pair of texts with its cosines: the numbers behind the matrices."""
    rows, columns = np.triu_indices(len(texts), 1)
    return {
        "one text": [texts[row] for row in rows],
        "another text": [texts[column] for column in columns],
        **{one.called: [round(float(value), 6) for value in above(one.cosines)] for one in chosen if one.floor},
    }


def floor_columns(all_of_them: Mapping[str, Pooled]) -> dict[str, Column]:
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


def map_columns(texts: Sequence[str], chosen: Sequence[Pooled]) -> dict[str, Column]:
    """Where each text stands: the numbers behind the maps."""
    return {
        "text": list(texts),
        **{
            f"{one.called}, {word} axis": [round(float(value), 6) for value in one.places[:, axis]]
            for one in chosen
            for axis, word in enumerate(("first", "second"))
        },
    }


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


def weight_columns(rows: Sequence[weights.Row], tokens: Sequence[str]) -> list[tuple[str, Column]]:
    """Every token's weight under every pooling that has any: the numbers behind the picture."""
    return [
        ("position", list(range(len(tokens)))),
        ("token", list(tokens)),
        *((row.name, [round(float(value), 6) for value in row.weights]) for row in rows if row.weights is not None),
    ]


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


def _unbroken(number: str) -> str:
    """The same, never broken over two lines."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


def padding_says(found: Unpadded, texts: Sequence[str]) -> str:
    """The sentence under the table on padding."""
    beside = "beside a longer text of ours" if found.company else "in the batch of your texts"
    worst = max(found.differences.values())
    return (
        f"Text {found.row + 1}, {escape.quote(texts[found.row], 40)}, read alone, and {beside} with "
        f"**{plural(found.pads, 'position')}** of padding behind it: over all poolings and units the largest "
        f"difference is **{_unbroken(exactly(worst))}**. A mean that forgets the mask has a cosine of "
        f"**{written(found.bug_cosine)}** to the right one."
    )
