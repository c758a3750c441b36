"""What is said of masks: who may read whom, and what is left of a text at the places that could stand for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.attention import Window, runs
from lib.measures.vectors import Doubles
from lib.pooling import POOLINGS
from lib.quantities import ROUNDING, exactly, nothing, plural, power, share
from lib.reading import Encoding, Reading
from lib.words.attention import named, several
from lib.words.edits import token
from pages.change.direction.measures import Place, Way, from_others, in_common, largest, leak, seen, sums

Kind = Literal["holds", "in part", "fails", "cannot tell"]

NAMES: Mapping[Way, str] = {"both": "both ways", "forward": "left to right", "backward": "right to left"}
ANSWERS = (
    "Less than before, but something",
    "Nothing: the vector is the same in every text",
    "As much as before: it still sums up the text",
)
NARROW = 0.01  # 1 − cosine below which two directions are nearly one, and are not written any more


def label(way: Way) -> str:
    """What a mask is called on its button."""
    return {"both": "Both ways, as BERT", "forward": "Left to right, as GPT", "backward": "Right to left"}[way]


def question(checkpoint: Checkpoint) -> str:
    """What is asked before the experiment."""
    return (
        f"Now each token may read only itself and what stands in front of it, and {named(checkpoint)} stands first. "
        "How much of your text is left in its final vector?"
    )


def mask(way: Way, encoding: Encoding, row: int, checkpoint: Checkpoint, narrow: Window | None) -> str:
    """How much of a text its first and last token may have seen.

    Args:
        way: of the mask.
        encoding: of the texts.
        row: which text.
        checkpoint: the model.
        narrow: the window that some layers of the model have on this text; None where none has.
    """
    tokens = int(encoding.lengths[row])
    counts, first, last = seen(way, tokens), named(checkpoint), token(encoding, row, tokens - 1, checkpoint)
    if way == "both" and narrow:
        return (
            f"Both ways, {_all(tokens, narrow)}. {_neighbours(narrow)} There a token in the middle may read more "
            f"tokens than {first} or {last} at the ends."
        )
    if way == "both":
        return (
            f"Both ways, {_all(tokens, narrow)}: {first} no more than {last}. By this mask, no place is better than "
            "another."
        )
    start = f"{NAMES[way].capitalize()}, {first} may read **{counts[0]} of {tokens}** tokens"
    itself = ", itself" if counts[0] == 1 else ""
    other = ", itself" if counts[-1] == 1 and tokens > 1 else ""
    return (
        f"{start}{itself}; the last, {last}, **{counts[-1]} of {tokens}**{other}. More layers add nothing: what a "
        f"token may read has not seen the rest either.{f' {_neighbours(narrow)}' if narrow else ''}"
    )


def _all(tokens: int, narrow: Window | None) -> str:
    """Where each token may read all of them."""
    each = f"each of {plural(tokens, 'token')} may read all **{tokens}**"
    if narrow is None:
        return each
    wide = runs([not local for local in narrow.layers])
    if not wide:
        return f"no token may read all **{tokens}** in any layer"
    return f"{each} in {several(wide, len(narrow.layers))}"


def _neighbours(narrow: Window) -> str:
    """What a token may read in the layers with a window."""
    return (
        f"In {several(runs(narrow.layers), len(narrow.layers))} of this model a token may read only itself and "
        f"{plural(narrow.sees - 1, 'neighbour')} to either side."
    )


def parted(before: Doubles, after: Doubles, ends: tuple[float, float], way: Way, now: Reading) -> str:
    """Where in the texts the vectors begin to differ.

    Args:
        before: float64[positions], how far texts differ at each position, untouched.
        after: float64[positions], under the mask.
        ends: both for the last tokens.
        way: of the mask.
        now: the texts under the mask.
    """
    first, last = named(now.checkpoint), escape.markdown(now.encoding.row(0)[-1])

    def at(name: str, exact: float, far: float, untouched: float) -> str:
        how = f"**{nothing(far) if exact <= ROUNDING else _far(far)}**"
        return f"at {name} by {how}" + ("" if way == "both" else f" (untouched {_far(untouched)})")

    both = (
        at(first, largest(now.cls[-1]), float(after[0]), float(before[0])),
        at(f"their last token, {last},", largest(POOLINGS["lasttoken"].pool(now)), ends[1], ends[0]),
    )
    sentence = f"1 − cosine: the final vectors of {plural(now.batch, 'text')} differ {both[0]} and {both[1]}."
    shared = in_common(now.encoding, way)
    if shared < 2:
        return sentence
    where = "begin" if way == "forward" else "are equally long and end"
    return f"{sentence} They {where} with the same {shared} tokens, and none of these can tell them apart."


def _far(value: float) -> str:
    return exactly(value, 2) if value else "0"


def rows(shares: Doubles, layer: int, way: Way, checkpoint: Checkpoint) -> str:
    """What the two ends of a text read in one layer.

    Args:
        shares: float64[4, tokens], of ``measures.rows``.
        layer: from 1.
        way: of the mask.
        checkpoint: the model.
    """
    first, others = named(checkpoint), from_others(shares)
    start = f"Layer {layer}, mean of the heads: {first} "
    if way == "both":
        return f"{start}takes **{_part(others[0])}** of its reading from others, the last token **{_part(others[2])}**."
    return (
        f"{start}took {_part(others[0])} of its reading from others and now takes **{_part(others[1])}**; the last "
        f"token took {_part(others[2])} and now takes **{_part(others[3])}**."
    )


def _part(value: float) -> str:
    return "nothing" if abs(value) < ROUNDING else share(value)


def taken(found: Mapping[Way, Mapping[Place, float]], way: Way, checkpoint: Checkpoint) -> str:
    """How far texts differ at the places that could stand for them.

    Args:
        found: 1 − cosine, mean over all pairs, under each mask at each place.
        way: the mask that is on.
        checkpoint: the model.
    """
    here, first = found[way], named(checkpoint)
    called: Mapping[Place, str] = {"first": first, "last": "the last token", "mean": "the mean of all tokens"}
    values = ", ".join(f"{called[place]} **{_far(value)}**" for place, value in here.items())
    start = f"{NAMES[way].capitalize()}, texts differ by (1 − cosine): {values}. "
    blind = [place for place, value in here.items() if value < NARROW]
    if len(blind) == len(here):
        return start + "To this model your texts are nearly one, whichever you take."
    if blind:
        how = "cannot" if all(here[place] <= ROUNDING**2 for place in blind) else "can hardly"
        return start + (
            f"So {' and '.join(called[place] for place in blind)} {how} tell your texts apart; "
            f"{' and '.join(called[place] for place in here if place not in blind)} can."
        )
    return start + "Each of them can tell your texts apart; how well it would do that for a task, this does not say."


def verdict(found: Reading, before: float, encoding: Encoding, row: int, narrow: Window | None) -> tuple[Kind, str]:
    """Whether standing first is what lets the first token see the text.

    Args:
        found: the texts, left to right.
        before: the largest difference between the final first vectors of the texts, untouched.
        encoding: of the texts.
        row: the text that is followed.
        narrow: the window that some layers of the model have on this text; None where none has.
    """
    first, tokens = named(found.checkpoint), int(encoding.lengths[row])
    if before == 0:
        return "cannot tell", "To this model your texts are one, so there is nothing that could be seen or not."
    exact = largest(found.cls[-1])
    if exact > ROUNDING:
        return "holds", f"Left to right, its vectors still differ by up to **{exactly(exact)}** between your texts."
    return "fails", (
        f"It is the mask that lets it. Both ways, {_all(tokens, narrow)}, wherever it stands. Left to right, the first "
        f"may read 1 of {tokens}: {first} ends as the same vector in {plural(found.batch, 'text')} "
        f"(largest difference **{nothing(exact)}**), and the token that may have read everything is the last."
    )


def proofs(masked: Reading | None, way: Way, forward: Reading) -> list[tuple[str, str, bool]]:
    """What the page checks of itself: what should hold, what was found, whether it does.

    Args:
        masked: the followed text under the mask that is on, with full attention; None where it is too long for that.
        way: of that mask.
        forward: all texts left to right.
    """
    alike = largest(forward.cls)
    same = (
        f"left to right, {named(forward.checkpoint)} is the same in {plural(forward.batch, 'text')}",
        f"the largest difference in any layer is {power(alike)}",
        alike <= ROUNDING,
    )
    if masked is None:
        return [same]
    edges, taken_ = leak(masked, way)
    all_rows, deviation = sums(masked)
    shut = (
        f"{plural(edges, 'forbidden edge')} get no share in any layer and head",
        f"the largest is {power(taken_)}",
        taken_ == 0,
    )
    whole = (
        f"each of {plural(all_rows, 'row')} of attention adds up to 1",
        f"the largest deviation is {power(deviation)}",
        deviation <= ROUNDING,
    )
    return [shut, whole, same] if edges else [whole, same]


def places(checkpoint: Checkpoint) -> list[tuple[Place, str, Literal["cls", "sep", "word"]]]:
    """The places that could stand for a text: key, plain name, role.

    Args:
        checkpoint: the model.
    """
    return [
        ("first", f"first: {checkpoint.first_token}", "cls"),
        ("last", f"last: {checkpoint.separator}", "sep"),
        ("mean", "mean of all tokens", "word"),
    ]


def ends(checkpoint: Checkpoint, last: str) -> list[str]:
    """The names of the four rows: first token untouched and now, last token untouched and now; plain.

    Args:
        checkpoint: the model.
        last: the last token, as it is shown.
    """
    return [
        f"← {token_} reads from, {when}"
        for token_ in (checkpoint.first_token, f"last, {last},")
        for when in ("untouched", "under this mask")
    ]
