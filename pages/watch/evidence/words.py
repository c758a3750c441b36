"""Sentences on several measures of one text: what each asks, where they differ, and when nothing can be told."""

from __future__ import annotations

import math

from lib import escape
from lib.checkpoints import Checkpoint
from lib.found import Verdict
from lib.measures.vectors import Doubles
from lib.quantities import count, exactly, number, percent, plural, share
from lib.reading import Encoding, Gradients, Reading
from lib.texts.sources import link
from lib.words.attention import named
from pages.watch.evidence.measures import METHODS, TAKEN, Evidence, Family, Key, Kind, positions, weights
from pages.watch.evidence.ranks import RARE, chance

Gone = str  # "mask" or "remove"

FAMILIES: dict[Family, str] = {
    "attention": "from attention",
    "gradients": "from gradients",
    "taken": "by taking away",
}
SHARES: tuple[Key, ...] = ("attention", "rollout")  # what is a share of one whole
DIGITS = 3
MOSTLY = 0.5  # of rollout, from which on it is said why it stays where it was
HINT = (
    "Point at a line, or press it, to follow a token. Press a method’s name to draw its first ranks strongest. "
    "A larger dot counts more; a hollow dot counts against."
)


def value(key: Key, amount: float) -> str:
    """A token's value by one method."""
    if key in SHARES:
        return share(amount)
    if 0 < abs(amount) < 10**-DIGITS:
        return "< 0.001" if amount > 0 else "> −0.001"
    return number(amount, DIGITS)


def correlation(rho: float | None) -> str:
    """A rank correlation; a dash where there is none."""
    return "–" if rho is None else number(rho)


def method(key: Key) -> str:
    """A method inside a sentence, Markdown."""
    return f"*{METHODS[key].name}*"


def aim(kind: Kind, number_: int, text: str, checkpoint: Checkpoint) -> str:
    """What is measured on the first token's last vector, for a menu; plain."""
    if kind == "moved":
        return f"Measured: how far {checkpoint.first_token} moves"
    return f"Measured: its cosine to text {number_}, {escape.cut(escape.visible(text), 40)}"


def gone(how: Gone, mask: str) -> str:
    """What stands in the place of a token that is left out, for a menu; plain."""
    return f"Left out: {mask} in its place" if how == "mask" else "Left out: removed, the rest moves up"


def asked(kind: Kind, checkpoint: Checkpoint, *, alone: bool = False) -> str:
    """What gradients and taking away measure.

    Args:
        kind: of the number that is measured.
        checkpoint: the model.
        alone: whether there is no other text to compare with.
    """
    first = named(checkpoint)
    if kind == "moved":
        return (
            f"Taking away is measured by how far the last vector of {first} turns: 1 − cosine. Gradients need one "
            f"number: how far that vector lies in the direction in which attention moved it."
            + (" With a second text above, the cosine to it can be measured instead." if alone else "")
        )
    return (
        f"Taking away and gradients measure the cosine of {first} to that of the other text. Attention, rollout and "
        "amount do not depend on the other text."
    )


def across(key: Key) -> str:
    """A method's size, for an axis."""
    return f"{METHODS[key].name}" + (
        " (share of 100%)" if key in SHARES else " (size)" if key != "amount" else " (length)"
    )


def up(key: Key, kind: Kind) -> str:
    """What taking away did, for an axis."""
    what = "change, 1 − cosine" if kind == "moved" else "change of the cosine, size"
    return f"{METHODS[key].name} ({what})"


def token(found: Evidence, index: int) -> str:
    """A token of the text in quotation marks; with its position where the text has it twice."""
    name = found.names[index]
    twice = f" (position {found.places[index]})" if found.names.count(name) > 1 else ""
    return escape.quote(escape.visible(name)) + twice


def question(reading: Reading, kind: Kind, checkpoint: Checkpoint) -> str:
    """What is predicted before anything is taken away.

    Args:
        reading: of one text, at least two tokens of its own.
        kind: of the number that is measured.
        checkpoint: the model.
    """
    first, places = named(checkpoint), positions(reading, 0)
    top = int(places[weights(reading, 0)[places].argmax()])
    name = escape.quote(escape.visible(reading.encoding.row(0)[top]))
    what = f"Does {first} change" if kind == "moved" else f"Does the cosine of {first} change"
    return (
        f"In the last layer, {first} attends most to {name} (position {top}). Take away each token in turn: hide it "
        f"from {first} alone, or leave it out for all. {what} most without {name}?"
    )


def answers(checkpoint: Checkpoint) -> tuple[str, ...]:
    """The predictions, in the order that :func:`right` knows; plain text."""
    return (
        "Yes, both times",
        f"Only when it is hidden from {checkpoint.first_token}",
        "Only when it is left out for all",
        "No, neither time",
    )


def right(found: Evidence, checkpoint: Checkpoint) -> tuple[str, ...]:
    """The prediction that is right; none where several tokens share a first rank."""
    if not all(found.leads(key) for key in ("attention", *TAKEN)):
        return ()
    cut, out = (found.top(key) == found.top("attention") for key in TAKEN)
    both, hidden, left_out, neither = answers(checkpoint)
    return (both if cut and out else hidden if cut else left_out if out else neither,)


def because(found: Evidence, checkpoint: Checkpoint) -> str:
    """How much the token counts that gets most attention, as the answer to the prediction."""
    if not right(found, checkpoint):
        return "Several tokens share the first rank, so none of them counts most."
    top = found.top("attention")
    cut, out = (ordinal(int(found.rank(key)[top])) for key in TAKEN)
    return (
        f"Of {plural(found.length, 'token')}, {token(found, top)} ranks **{cut}** when it is hidden from "
        f"{named(checkpoint)}, and **{out}** when it is left out for all."
    )


def headline(found: Evidence, checkpoint: Checkpoint) -> str:
    """Whether the token that gets most attention counts most, as a title; Markdown."""
    answer, name = right(found, checkpoint), token(found, found.top("attention"))
    if not answer:
        return "Several tokens share the first rank"
    return (
        f"{name} gets most attention and counts most",
        f"{name} gets most attention, but counts most only when it is hidden from {named(checkpoint)}",
        f"{name} gets most attention, but counts most only when it is left out for all",
        f"{name} gets most attention, but other tokens count more",
    )[answers(checkpoint).index(answer[0])]


def ranked(found: Evidence, checkpoint: Checkpoint) -> str:
    """How far the order by attention agrees with taking away."""
    return f"Each line is a token; the first rank is at the top. {_agree(found, 'attention')}"


def _agree(found: Evidence, key: Key) -> str:
    """How far a method agrees with both ways of taking away, and what chance would do."""
    cut, out = (found.agreement(key, other) for other in TAKEN)
    if cut is None and out is None:
        return "There is no order to compare."
    return (
        f"The order by {METHODS[key].name} agrees with the cut at **{correlation(cut)}** and with leaving out at "
        f"**{correlation(out)}** (1: same order). {told_by_chance(found.length)}"
    )


def told_by_chance(n: int) -> str:
    """How far orders agree by chance."""
    rare = chance(n)
    if rare is None:
        return (
            f"{plural(n, 'token')} are **too few to tell**: {share(2 / math.factorial(n))} of shuffled orders are the "
            "same or the reverse. A longer text would tell."
        )
    return f"By chance, at most one order in twenty reaches ±{number(rare)}."


def aside(attended: Doubles, rolled: Doubles, encoding: Encoding, checkpoint: Checkpoint) -> str:
    """Which tokens are not ranked, and how much of the attention they get.

    Args:
        attended: float64[tokens], the first token's attention in the last layer.
        rolled: float64[tokens], its rollout.
        encoding: of one text.
        checkpoint: the model.
    """
    roles = [role for role in encoding.roles(0) if role != "pad"]
    first = [role == "cls" for role in roles]
    added = [role == "sep" for role in roles]
    own, parked = ([float(each[where].sum()) for each in (attended, rolled)] for where in (first, added))
    separators = f"{escape.markdown(checkpoint.separator)} gets {share(parked[0])} and {share(parked[1])}"
    return (
        f"The tokens of the text are ranked by size, whatever the sign. Attention gives {named(checkpoint)} itself "
        f"{share(own[0])}, rollout {share(own[1])}; {separators}. "
        + (
            "Rollout assumes that every layer keeps half of each vector, so most of it stays with the token itself."
            if own[1] > MOSTLY
            else ""
        )
    ).strip()


def rows(found: Evidence) -> list[tuple[str, str, str]]:
    """Question, method and its agreement with both ways of taking away, for a table."""
    against: dict[Key, str] = {"cut": "with the cut", "out": "with leaving out"}

    def agreements(key: Key) -> str:
        return ", ".join(
            f"{correlation(found.agreement(key, other))} {words}" for other, words in against.items() if other != key
        )

    return [(METHODS[key].asks, f"**{METHODS[key].name}**", agreements(key)) for key in found.values]


def how(found: Evidence) -> str:
    """How each method is computed, and whose it is; Markdown."""
    told = []
    for key in found.values:
        whose = f" ({link(METHODS[key].source)})" if METHODS[key].source else ""
        told.append(f"*{METHODS[key].name}*: {METHODS[key].how}{whose}")
    return "; ".join(told) + "."


def computed(found: Evidence) -> list[Key]:
    """The methods computed from one pass, which are compared with taking away."""
    return [key for key in found.values if key not in TAKEN]


def closest(found: Evidence, checkpoint: Checkpoint) -> str:
    """Which method comes nearest to each way of taking away, how far the two agree, and how often chance does.

    Args:
        found: what the methods say.
        checkpoint: the model.
    """
    first = named(checkpoint)
    if chance(found.length) is None:
        return told_by_chance(found.length)
    aims: tuple[tuple[Key, str], ...] = (("cut", "cutting"), ("out", "leaving out"))
    said = f"On this text {' and '.join(_nearest(found, key, name) for key, name in aims)}. "
    both = found.agreement(*TAKEN)
    if both is not None:
        said += (
            f"The two ways of taking away agree at {correlation(both)}: a cut hides a token from {first} alone, "
            f"leaving out hides it from all tokens. "
        )
    nearest = found.closest("cut")
    if nearest is not None and nearest.key == "amount":
        said += (
            f"*{METHODS['amount'].name}* and the cut agree in part by design: in the last layer a cut takes away just "
            "what the amount counts."
        )
    return said.strip()


def _nearest(found: Evidence, to: Key, name: str) -> str:
    nearest = found.closest(to)
    if nearest is None:
        return f"nothing has an order to compare with {name}"
    best = f"({correlation(nearest.agreement)}; the best of {nearest.of} reaches that in {percent(nearest.luck)} of"
    if nearest.luck > RARE:
        return (
            f"no method comes closer to {name} than chance does: {method(nearest.key)} is the best {best} shuffled "
            "orders)"
        )
    return f"{method(nearest.key)} is closest to {name} {best} shuffled orders)"


def scatter(found: Evidence, key: Key, checkpoint: Checkpoint) -> str:
    """How far a method agrees with taking away, and the token whose rank differs most."""
    said = "" if key == "attention" else f"{_agree(found, key)} "  # the caption above has said it of attention
    if found.length < 2:
        return said.strip()
    gaps = {other: found.rank(other) - found.rank(key) for other in TAKEN}
    other = max(TAKEN, key=lambda each: int(abs(gaps[each]).max()))
    index = int(abs(gaps[other]).argmax())
    here, there = int(found.rank(key)[index]), int(found.rank(other)[index])
    if here == there:
        return f"{said}No token changes its rank."
    taken = "hidden from the first token" if other == "cut" else "left out"
    return (
        f"{said}The rank of {token(found, index)} differs most: {ordinal(here)} by {METHODS[key].name}, "
        f"{ordinal(there)} when it is {taken}."
    )


def ordinal(place: int) -> str:
    """A rank as it is written: "1st", "12th", "23rd"."""
    teen = place % 100 in (11, 12, 13)
    return f"{place}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"


def verdict(found: Evidence, checkpoint: Checkpoint) -> tuple[Verdict, str]:
    """Whether the token that gets most attention counts most: how far it holds, and why."""
    first, top = named(checkpoint), found.top("attention")
    most = [found.top(key) for key in TAKEN]
    because = (
        f"In the last layer, {first} attends most to {token(found, top)}. {token(found, most[0])} counts most when "
        f"tokens are hidden from {first}, and {token(found, most[1])} when they are left out."
    )
    rare = chance(found.length)
    if rare is None:
        return "cannot tell", f"{because} {told_by_chance(found.length)}"
    if not all(found.leads(key) for key in ("attention", *TAKEN)):
        return "cannot tell", (
            "In one of the three, several tokens share the first rank, so none counts most. Another text would tell."
        )
    kept = [each == top for each in most]
    if not any(kept):
        return "fails", f"{because} This is one text; it may differ on others."
    if not all(kept):
        return "in part", f"{because} This is one text; it may differ on others."
    if found.length < 1 / RARE and not all((found.agreement("attention", key) or 0) >= rare for key in TAKEN):
        return "cannot tell", (
            f"{because} Of shuffled orders, one in {found.length} has the same token first, and the order of the "
            "others does not agree beyond chance. A longer text would tell."
        )
    return "in part", f"{because} So it holds on this text; one text cannot tell whether it holds in general."


def complete(gradients: Gradients, missed: float) -> tuple[str, str]:
    """What integrated gradients must add up to, and what they do."""
    blank = "vectors of zeros" if not gradients.baseline else f"{escape.markdown(gradients.baseline)} for every token"
    what = f"integrated gradients add up to the difference between {blank} and this text"
    found = (
        f"{number(float(gradients.along.sum()), 4)} of {number(gradients.end - gradients.start, 4)} in "
        f"{gradients.steps} midpoints (difference: {missed:.2%} of the sum of sizes)"
    )
    return what, found


def left(share_: float) -> str:
    """The largest weight on an edge that was cut."""
    return f"largest weight left: {exactly(share_)}"


def too_long(many: int, tokens: int, most: int) -> str:
    """Why a text is too long for taking every token away once."""
    return (
        f"**Too long for this page.** Each of {plural(many, 'token')} is taken away once: as many texts of "
        f"{plural(tokens, 'token')} make {count(many * tokens)} positions, and a page takes {count(most)}. Shorten the "
        f"text to about {math.isqrt(most) // 10 * 10} tokens, or choose another one."
    )


def too_few(many: int) -> str:
    """Why a text is too short to rank."""
    return (
        f"**Nothing to rank.** This text has {plural(many, 'token')} of its own, and an order needs two. Type a few "
        "words."
    )


def same(number_: int, checkpoint: Checkpoint) -> str:
    """Why the cosine to a text cannot be measured."""
    return (
        f"**Nothing to measure.** Text {number_} ends in the same {named(checkpoint)} as this one: their cosine is 1, "
        "and every change can only lower it. Choose another text to compare with."
    )
