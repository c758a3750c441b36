"""What is said of masks: who may attend to whom, and what is left of a text at the places that could stand for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lib import escape
from lib.checkpoints import Checkpoint
from lib.found import Verdict
from lib.measures.attention import Window, runs
from lib.measures.vectors import Doubles
from lib.pooling import POOLINGS
from lib.quantities import ROUNDING, exactly, listed, nothing, plural, power, share
from lib.reading import Encoding, Reading
from lib.words.attention import named, several
from lib.words.edits import token
from lib.words.terms import term
from pages.change.direction.measures import Place, Way, between, from_others, in_common, largest, leak, seen, sums

NAMES: Mapping[Way, str] = {"both": "both ways", "forward": "left to right", "backward": "right to left"}
ANSWERS = ("Less than before, but something", "Nothing, it is the same in every text", "As much as before")
LESS = 0.9  # of the difference between texts before: below that it is less
NARROW = 0.01  # 1 − cosine below which two directions are nearly one, and are not written any more


def label(way: Way) -> str:
    """What a mask is called on its button."""
    return {"both": "Both ways, as BERT", "forward": "Left to right, as GPT", "backward": "Right to left"}[way]


def question(checkpoint: Checkpoint) -> str:
    """What is asked before the experiment."""
    return (
        "Now each token may attend only to itself and to its left. How much of the text remains in the final vector of "
        f"{named(checkpoint)}?"
    )


def guessed(plain: Reading, forward: Reading) -> str | tuple[()]:
    """The answer of ``ANSWERS`` that is right here; none where the texts do not differ even both ways.

    Args:
        plain: the texts, both ways.
        forward: the same, left to right.
    """
    if largest(plain.cls[-1]) == 0:
        return ()
    if largest(forward.cls[-1]) <= ROUNDING:
        return ANSWERS[1]
    return ANSWERS[0] if between(forward.cls[-1]) < LESS * between(plain.cls[-1]) else ANSWERS[2]


def because(plain: Reading, forward: Reading) -> str:
    """What is left of the difference between the texts, for the reveal."""
    exact, before = largest(forward.cls[-1]), largest(plain.cls[-1])
    texts = plural(plain.batch, "text")
    if before == 0:
        return f"To this model the {texts} are the same, both ways too. Another text above would tell."
    left = nothing(exact) if exact <= ROUNDING else exactly(exact)
    return (
        f"{named(plain.checkpoint)} has nothing to its left: between {texts} its final vector differs by **{left}** "
        f"(both ways by {exactly(before)})."
    )


def keep(kind: Verdict, checkpoint: Checkpoint) -> str:
    """The sentence to keep: of encoders in general where this model shows it, else of this model."""
    first = named(checkpoint)
    if kind == "holds":
        return f"Which tokens {first} may attend to decides what it can know; here a mask to the left did not empty it."
    return (
        f"An {term('encoder')} attends both ways, so the first position costs {first} nothing; left to right, {first} "
        "would see no text."
    )


def mask(way: Way, encoding: Encoding, row: int, checkpoint: Checkpoint, narrow: Window | None) -> str:
    """How much of a text its first and last token may attend to.

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
        return f"Both ways, {_all(tokens, narrow)}. {_neighbours(narrow)}"
    if way == "both":
        return f"Both ways, {_all(tokens, narrow)}, {first} as well as {last}."
    return (
        f"{first} may attend to **{counts[0]} of {tokens}** tokens; the last token, {last}, to **{counts[-1]} of "
        f"{tokens}**.{f' {_neighbours(narrow)}' if narrow else ''}"
    )


def mask_headline(way: Way, checkpoint: Checkpoint) -> str:
    """What the mask lets the first token attend to, as a title; Markdown."""
    first = named(checkpoint)
    return {
        "both": f"Both ways, {first} may attend to all tokens",
        "forward": f"Left to right, {first} may attend to itself alone",
        "backward": f"Right to left, {first} may attend to all tokens",
    }[way]


def _all(tokens: int, narrow: Window | None) -> str:
    """Where each token may attend to all of them."""
    each = f"each of {plural(tokens, 'token')} may attend to all **{tokens}**"
    if narrow is None:
        return each
    wide = runs([not local for local in narrow.layers])
    if not wide:
        return f"no token may attend to all **{tokens}** in any layer"
    return f"{each} in {several(wide, len(narrow.layers))}"


def _neighbours(narrow: Window) -> str:
    """What a token may attend to in the layers with a window."""
    return (
        f"In {several(runs(narrow.layers), len(narrow.layers))} of this model a token may attend only to itself and "
        f"{plural(narrow.sees - 1, 'neighbour')} to either side."
    )


def positions(before: Doubles, after: Doubles, ends: tuple[float, float], way: Way, now: Reading) -> str:
    """Where in the texts the vectors begin to differ.

    Args:
        before: float64[positions], how far texts differ at each position, both ways.
        after: float64[positions], under the mask.
        ends: both for the last tokens.
        way: of the mask.
        now: the texts under the mask.
    """
    first, last = named(now.checkpoint), escape.markdown(now.encoding.row(0)[-1])

    def at(name: str, exact: float, far: float, unchanged: float) -> str:
        how = f"**{nothing(far) if exact <= ROUNDING else _far(far)}**"
        return f"at {name} by {how}" + ("" if way == "both" else f" (both ways {_far(unchanged)})")

    both = (
        at(first, largest(now.cls[-1]), float(after[0]), float(before[0])),
        at(f"the last token, {last},", largest(POOLINGS["lasttoken"].pool(now)), ends[1], ends[0]),
    )
    sentence = f"{plural(now.batch, 'text')} differ (1 − cosine) {both[0]} and {both[1]}."
    shared = in_common(now.encoding, way)
    if shared < 2:
        return sentence
    where = "begin" if way == "forward" else "are equally long and end"
    return f"{sentence} They {where} with the same {shared} tokens, and none of these can tell them apart."


def parted_headline(way: Way, now: Reading) -> str:
    """Which end of the texts is the same in all of them, as a title; Markdown."""
    first, start = named(now.checkpoint), NAMES[way].capitalize()
    if largest(now.cls[-1]) <= ROUNDING:
        return f"{start}, {first} is the same vector in all {plural(now.batch, 'text')}"
    if largest(POOLINGS["lasttoken"].pool(now)) <= ROUNDING:
        return f"{start}, the last token is the same vector in all {plural(now.batch, 'text')}"
    return f"{start}, {first} tells the texts apart"


def _far(value: float) -> str:
    return exactly(value, 2) if value else "0"


def rows(shares: Doubles, layer: int, way: Way, checkpoint: Checkpoint) -> str:
    """What the two ends of a text attend to in one layer.

    Args:
        shares: float64[4, tokens], of ``measures.rows``.
        layer: from 1.
        way: of the mask.
        checkpoint: the model.
    """
    first, others = named(checkpoint), from_others(shares)
    start = f"In layer {layer} (mean of the heads) {first} "
    if way == "both":
        return f"{start}gives **{_part(others[0])}** of its attention to others, the last token **{_part(others[2])}**."
    return (
        f"{start}gave {_part(others[0])} of its attention to others and now gives **{_part(others[1])}**; the last "
        f"token gave {_part(others[2])} and now gives **{_part(others[3])}**."
    )


def rows_headline(shares: Doubles, layer: int, checkpoint: Checkpoint) -> str:
    """What the first token still attends to, as a title; Markdown."""
    now = from_others(shares)[1]
    what = "itself alone" if abs(now) < ROUNDING else f"others with {share(now)} of its attention"
    return f"In layer {layer}, {named(checkpoint)} attends to {what}"


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
    start = f"{NAMES[way].capitalize()}, the texts differ by (1 − cosine): {values}. "
    blind = [place for place, value in here.items() if value < NARROW]
    if len(blind) == len(here):
        return start + "To this model the texts are nearly the same, whichever you take."
    if blind:
        how = "cannot" if all(here[place] <= ROUNDING**2 for place in blind) else "can hardly"
        return start + (
            f"So {' and '.join(called[place] for place in blind)} {how} tell the texts apart; "
            f"{' and '.join(called[place] for place in here if place not in blind)} can."
        )
    return start + "Each of them can tell the texts apart; how well it would do that for a task, this does not say."


def taken_headline(found: Mapping[Place, float], checkpoint: Checkpoint) -> str:
    """Which places tell the texts apart under the mask that is on, as a title; Markdown."""
    called: Mapping[Place, str] = {"first": named(checkpoint), "last": "the last token", "mean": "the mean"}
    able = [called[place] for place, value in found.items() if value >= NARROW]
    if not able:
        return "None of the three tells these texts apart"
    if len(able) == len(found):
        return "All three tell these texts apart"
    names = listed(able)
    return f"{names[:1].upper()}{names[1:]} {'tell' if len(able) > 1 else 'tells'} these texts apart, the rest cannot"


def verdict(found: Reading, before: float, encoding: Encoding, row: int, narrow: Window | None) -> tuple[Verdict, str]:
    """Whether standing first is what lets the first token attend to the whole text.

    Args:
        found: the texts, left to right.
        before: the largest difference between the final first vectors of the texts, both ways.
        encoding: of the texts.
        row: the text that is followed.
        narrow: the window that some layers of the model have on this text; None where none has.
    """
    first, tokens = named(found.checkpoint), int(encoding.lengths[row])
    if before == 0:
        return (
            "cannot tell",
            "To this model these texts are the same, so nothing could differ. Another text would tell.",
        )
    exact = largest(found.cls[-1])
    if exact > ROUNDING:
        return "holds", f"Left to right, its vectors still differ by up to **{exactly(exact)}** between the texts."
    return "fails", (
        f"The mask decides. Both ways, {_all(tokens, narrow)}, wherever it stands. Left to right, the first token may "
        f"attend to 1 of {tokens}: {first} ends as the same vector in {plural(found.batch, 'text')} (largest "
        f"difference **{nothing(exact)}**). More layers add nothing, and only the last token can know the whole text."
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
        f"{plural(edges, 'forbidden connection')} get no weight in any layer and head",
        f"the largest is {power(taken_)}",
        taken_ == 0,
    )
    whole = (
        f"each of {plural(all_rows, 'row')} of attention weights adds up to 1",
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
        ("first", f"first token, {checkpoint.first_token}", "cls"),
        ("last", f"last token, {checkpoint.separator}", "sep"),
        ("mean", "mean of all tokens", "word"),
    ]


def ends(checkpoint: Checkpoint, last: str) -> list[str]:
    """The names of the four rows: first token both ways and now, last token both ways and now; plain.

    Args:
        checkpoint: the model.
        last: the last token, as it is shown.
    """
    return [
        f"{token_} attends to, {when}"
        for token_ in (checkpoint.first_token, f"last token, {last},")
        for when in ("both ways", "under this mask")
    ]


def scope(checkpoint: Checkpoint) -> tuple[str, str, str]:
    """What holds for this model, for BERT and for most encoders, a sentence each."""
    first = named(checkpoint)
    return (
        "How far these texts differ at each position is measured here.",
        "BERT was trained with attention both ways; the mask to the left is what GPT was trained with.",
        f"Wherever a mask forbids all tokens to the right, a first token like {first} cannot differ between texts.",
    )
