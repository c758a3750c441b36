"""What is said of several answers side by side: what each asks, where they part, and when nothing can be said."""

from __future__ import annotations

import math

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.vectors import Doubles
from lib.quantities import count, exactly, number, percent, plural, share
from lib.reading import Encoding, Gradients, Reading
from lib.texts.sources import link
from lib.words.attention import named
from pages.watch.evidence.measures import METHODS, TAKEN, Evidence, Family, Key, Kind, looks, pieces
from pages.watch.evidence.ranks import RARE, chance

Gone = str  # "mask" or "remove"

FAMILIES: dict[Family, str] = {"attention": "from attention", "slopes": "from slopes", "taken": "by taking away"}
SHARES: tuple[Key, ...] = ("attention", "rollout")  # what is a share of one whole
DIGITS = 3
MOSTLY = 0.5  # of rollout, from which on it is said why it stays where it was
HINT = (
    "The larger a dot, the more a piece counts there; a hollow one counts against. Point at a line to follow it, press "
    "it to keep it. Press a column’s name, and what it ranks high is drawn dark."
)


def value(key: Key, amount: float) -> str:
    """A piece's value by one method."""
    if key in SHARES:
        return share(amount)
    if 0 < abs(amount) < 10**-DIGITS:
        return "< 0.001" if amount > 0 else "> −0.001"
    return number(amount, DIGITS)


def correlation(rho: float | None) -> str:
    """An agreement of ranks; a dash where there is none."""
    return "–" if rho is None else number(rho)


def method(key: Key) -> str:
    """A method inside a sentence, Markdown."""
    return f"*{METHODS[key].name}*"


def aim(kind: Kind, number_: int, text: str, checkpoint: Checkpoint) -> str:
    """What is asked of the first token's last vector, for a menu; plain."""
    if kind == "moved":
        return f"Asked: how far {checkpoint.first_token} moves"
    return f"Asked: its cosine to text {number_}, {escape.cut(escape.visible(text), 40)}"


def gone(how: Gone, mask: str) -> str:
    """What is done to a piece that is left out, for a menu; plain."""
    return f"Left out: {mask} in its place" if how == "mask" else "Left out: the rest moves up"


def asked(kind: Kind, checkpoint: Checkpoint, *, alone: bool = False) -> str:
    """What the numbers of slopes and of taking away are about.

    Args:
        kind: of the number that is asked for.
        checkpoint: the model.
        alone: whether there is no other text that could be asked for.
    """
    first = named(checkpoint)
    if kind == "moved":
        return (
            f"Taking away is measured by how far the last {first} turns, 1 − cosine. Slopes need one number: how far "
            f"it lies along the way from a {first} that read nothing to this one."
            + (" With a second text above, the cosine to it can be asked for instead." if alone else "")
        )
    return (
        f"Taking away and slopes are about the cosine of {first} to that of the other text. Attention, rollout and "
        "amount know nothing of the other text: they are the same whatever is asked."
    )


def across(key: Key) -> str:
    """A method's size, for an axis."""
    return f"{METHODS[key].name}" + (", share" if key in SHARES else ", size" if key != "amount" else ", length")


def up(key: Key, kind: Kind) -> str:
    """What taking away did, for an axis."""
    what = "1 − cosine to the vector as it is" if kind == "moved" else "size of the change in cosine"
    return f"{METHODS[key].name}: {what}"


def token(found: Evidence, piece: int) -> str:
    """One of the learner's pieces in quotation marks; with its place where the text has it twice."""
    name = found.names[piece]
    twice = f" (position {found.places[piece]})" if found.names.count(name) > 1 else ""
    return escape.quote(escape.visible(name)) + twice


def question(reading: Reading, checkpoint: Checkpoint) -> str:
    """What is guessed before anything is taken away.

    Args:
        reading: of one text, at least two pieces.
        checkpoint: the model.
    """
    first, places = named(checkpoint), pieces(reading, 0)
    top = int(places[looks(reading, 0)[places].argmax()])
    name = escape.quote(escape.visible(reading.encoding.row(0)[top]))
    return (
        f"Of your text, {first} reads most from {name} (position {top}) in the last layer. Now each piece is taken "
        f"away in turn: first only {first} may not read it, then it is gone for every token. Is it {name} whose loss "
        "counts most?"
    )


def answers(checkpoint: Checkpoint) -> tuple[str, ...]:
    """The guesses; plain text."""
    return (
        "Yes, both times",
        f"Only when {checkpoint.first_token} may not read it",
        "Only when it is gone for every token",
        "No, neither time",
    )


def caption(found: Evidence, checkpoint: Checkpoint) -> str:
    """Where the piece that is read most stands, and how far attention agrees with taking away."""
    top, n = found.top("attention"), found.length
    cut, out = (int(found.rank(key)[top]) for key in TAKEN)
    return (
        f"Of the {plural(n, 'piece')} of your text, {named(checkpoint)} reads most from {token(found, top)}. Its loss "
        f"counts **{ordinal(cut)}** when the reading is cut and **{ordinal(out)}** when it is left out. "
        f"{_agree(found, 'attention')}"
    )


def _agree(found: Evidence, key: Key) -> str:
    """How far a method agrees with both ways of taking away, and what chance would do."""
    cut, out = (found.agreement(key, other) for other in TAKEN)
    if cut is None and out is None:
        return "There is no order to compare."
    return (
        f"The ranks by {METHODS[key].name} agree at **{correlation(cut)}** with the cut and at **{correlation(out)}** "
        f"with leaving out (1 is the same order). {told_by_chance(found.length)}"
    )


def told_by_chance(n: int) -> str:
    """What an agreement has to be measured against."""
    rare = chance(n)
    if rare is None:
        return (
            f"{plural(n, 'piece')} are **too few to tell**: {share(2 / math.factorial(n))} of shuffled orders are the "
            "same order or the reverse. A longer text would tell."
        )
    return f"Of shuffled orders of {n} pieces, at most one in twenty reaches ±{number(rare)}."


def aside(looked: Doubles, rolled: Doubles, encoding: Encoding, checkpoint: Checkpoint) -> str:
    """What is not ranked, and how much of the attention it takes.

    Args:
        looked: float64[tokens], what the first token reads in the last layer.
        rolled: float64[tokens], its rollout.
        encoding: of one text.
        checkpoint: the model.
    """
    roles = [role for role in encoding.roles(0) if role != "pad"]
    first = [role == "cls" for role in roles]
    added = [role == "sep" for role in roles]
    own, parked = ([float(each[where].sum()) for each in (looked, rolled)] for where in (first, added))
    separators = f"{escape.markdown(checkpoint.separator)} gets {share(parked[0])} and {share(parked[1])}"
    return (
        f"Ranked are the pieces of your text, by size whatever the sign. Attention gives {named(checkpoint)} itself "
        f"{share(own[0])}, rollout {share(own[1])}; {separators}. "
        + (
            "Rollout takes half of each token to go straight on, so most of it stays where it was."
            if own[1] > MOSTLY
            else ""
        )
    ).strip()


def rows(found: Evidence) -> list[tuple[str, str, str]]:
    """Question -> method -> its agreement with both ways of taking away, for a table."""
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


def readable(found: Evidence) -> list[Key]:
    """The methods that are read off, which the others are held against."""
    return [key for key in found.values if key not in TAKEN]


def closest(found: Evidence, checkpoint: Checkpoint) -> str:
    """Which method comes nearest to each way of taking away, how far the two agree, and what that is worth.

    Args:
        found: what the methods say.
        checkpoint: the model.
    """
    first = named(checkpoint)
    if chance(found.length) is None:
        return told_by_chance(found.length)
    aims = (("cut", "cutting"), ("out", "leaving out"))
    said = f"On this text {' and '.join(_nearest(found, key, name) for key, name in aims)}. "
    both = found.agreement(*TAKEN)
    if both is not None:
        said += (
            f"The two ways of taking away agree at {correlation(both)}: a cut hides a piece from {first} alone, "
            f"leaving out hides it from everyone that {first} reads. "
        )
    nearest = found.closest("cut")
    if nearest is not None and nearest.key == "amount":
        said += (
            f"That *{METHODS['amount'].name}* and the cut agree is partly built in: in the last layer a cut takes away "
            "just what is counted."
        )
    return said.strip()


def _nearest(found: Evidence, to: Key, name: str) -> str:
    nearest = found.closest(to)
    if nearest is None:
        return f"nothing has an order to hold against {name}"
    best = f"({correlation(nearest.agreement)}; the best of {nearest.of} reaches that in {percent(nearest.luck)} of"
    if nearest.luck > RARE:
        return (
            f"no method comes closer to {name} than chance does: {method(nearest.key)} is the best {best} shuffled "
            "orders)"
        )
    return f"{method(nearest.key)} is closest to {name} {best} shuffled orders)"


def scatter(found: Evidence, key: Key, checkpoint: Checkpoint) -> str:
    """Whether what a method ranks high matters, and the piece for which it is farthest off."""
    said = "" if key == "attention" else f"{_agree(found, key)} "  # the caption above has said it of attention
    if found.length < 2:
        return said.strip()
    gaps = {other: found.rank(other) - found.rank(key) for other in TAKEN}
    other = max(TAKEN, key=lambda each: int(abs(gaps[each]).max()))
    piece = int(abs(gaps[other]).argmax())
    here, there = int(found.rank(key)[piece]), int(found.rank(other)[piece])
    if here == there:
        return f"{said}No piece changes its place."
    taken = "its reading is cut" if other == "cut" else "it is left out"
    return (
        f"{said}Farthest off is {token(found, piece)}: {ordinal(here)} by {METHODS[key].name}, {ordinal(there)} when "
        f"{taken}."
    )


def ordinal(place: int) -> str:
    """A place in words' stead: "1st", "12th", "23rd"."""
    teen = place % 100 in (11, 12, 13)
    return f"{place}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"


def verdict(found: Evidence, checkpoint: Checkpoint) -> tuple[str, str]:
    """Whether the piece that is read most is the one that counts most: how far it holds, and why."""
    first, top = named(checkpoint), found.top("attention")
    most = [found.top(key) for key in TAKEN]
    because = (
        f"Of your text, {first} reads most from {token(found, top)}. What counts most is {token(found, most[0])} when "
        f"its reading is cut, and {token(found, most[1])} when it is left out."
    )
    rare = chance(found.length)
    if rare is None:
        return "cannot tell", f"{because} {told_by_chance(found.length)}"
    if not all(found.leads(key) for key in ("attention", *TAKEN)):
        return "cannot tell", (
            "In one of the three, several pieces share the first place, so none counts most. Another text would tell."
        )
    kept = [each == top for each in most]
    if not any(kept):
        return "fails", f"{because} That is one text: on others it may be otherwise."
    if not all(kept):
        return "in part", f"{because} That is one text: on others it may be otherwise."
    if found.length < 1 / RARE and not all((found.agreement("attention", key) or 0) >= rare for key in TAKEN):
        return "cannot tell", (
            f"{because} Of shuffled orders, one in {found.length} has the same piece in front, and the order of the "
            "others does not agree beyond chance. A longer text would tell."
        )
    return "in part", f"{because} So it is on this text. Whether it is so in general, one text cannot tell."


def complete(slopes: Gradients, missed: float) -> tuple[str, str]:
    """What integrated gradients must add up to, and what they do."""
    blank = "pieces of zeros" if not slopes.baseline else f"{escape.markdown(slopes.baseline)} for every piece"
    what = f"integrated gradients add up to the step from {blank} to your text"
    found = (
        f"{number(float(slopes.along.sum()), 4)} of {number(slopes.end - slopes.start, 4)} in {slopes.steps} midpoints "
        f"(missed {missed:.2%} of all that is given out)"
    )
    return what, found


def left(share_: float) -> str:
    """What is still read over cut edges."""
    return f"largest share left: {exactly(share_)}"


def too_long(many: int, tokens: int, most: int) -> str:
    """Why a text is too long for taking every piece away once."""
    return (
        f"**Too long for this page.** Each of {plural(many, 'piece')} is taken away once: as many texts of "
        f"{plural(tokens, 'token')} make {count(many * tokens)} positions, and a page takes {count(most)}. Shorten the "
        f"text to about {math.isqrt(most) // 10 * 10} pieces, or choose another one."
    )


def too_few(many: int) -> str:
    """Why a text is too short to rank."""
    return (
        f"**Nothing to rank.** This text has {plural(many, 'piece')} of its own, and an order needs two. Type a few "
        "words."
    )


def same(number_: int, checkpoint: Checkpoint) -> str:
    """Why the cosine to a text cannot be asked for."""
    return (
        f"**Nothing to ask for.** Text {number_} ends in the same {named(checkpoint)} as this one: their cosine is 1, "
        "and every change can only lower it. Choose another text to compare with."
    )
