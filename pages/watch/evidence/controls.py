"""Every method applied to one text, computed once for all visitors, and the checks of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib import settings
from lib.app import choices, parts, readings
from lib.cached import anatomy, waiting
from lib.edits import Cut, Edit, Remove, Replace, edit
from lib.measures.amount import amounts
from lib.measures.attention import TOLERANCE
from lib.measures.vectors import EQUAL, Doubles, cosine
from lib.quantities import power
from lib.reading import Floats, Gradients, Reading
from lib.store import Store
from pages.watch.evidence import measures, words
from pages.watch.evidence.measures import Evidence, Key, Target
from pages.watch.evidence.rollout import traced

PATIENCE = 0.5  # seconds, after which a bar says how far it is


@dataclass(frozen=True, eq=False)
class _Changed:
    """Where the first token ends after each of several changes to one text.

    Attributes:
        vectors: float32[changes, hidden].
        left: the largest weight on an edge that was cut; 0 where none was.
    """

    vectors: Floats
    left: float = 0.0


@dataclass(frozen=True, eq=False)
class Found:
    """Everything that is measured on one text.

    Attributes:
        evidence: what each method says.
        attended: float64[tokens], the first token's attention in the last layer.
        rolled: float64[tokens], its rollout.
        gradients: along the way from the blank text.
        left: the largest weight on an edge that was cut.
        why_not: why there is no amount moved, a sentence; "" where there is.
    """

    evidence: Evidence
    attended: Doubles
    rolled: Doubles
    gradients: Gradients
    left: float
    why_not: str


_changed: Store[_Changed] = Store(settings.memory("changes"))
_gradients: Store[Gradients] = Store(settings.memory("gradients"))


def reading(number: int) -> Reading:
    """One of the visitor's texts with its whole attention.

    Where it cannot be ranked there is a kind sentence, and the page ends.

    Args:
        number: of the text, from 1.
    """
    text, pair = choices.texts()[number - 1], choices.pairs()[number - 1]
    pairs = [pair]
    encoding = readings.pieces([text], pairs=pairs)
    if encoding is None:
        parts.end()
    own, tokens = int(encoding.is_word.sum()), encoding.input_ids.shape[1]
    if own < 2:
        parts.note(words.too_few(own), key="pieces")
        parts.end()
    if (own + 1) * tokens > readings.MOST_TOKENS:
        parts.note(words.too_long(own, tokens, readings.MOST_TOKENS), key="pieces")
        parts.end()
    readings.told(encoding, 1)
    return readings.take([text], pairs=pairs, attention="full")


def aim(number: int) -> int:
    """What is measured: 0 for how far the first token moves, or the number of a text for its cosine to that one."""
    texts, model = choices.texts(), choices.checkpoint()
    others = [k for k, text in enumerate(texts, start=1) if text != texts[number - 1]]
    return choices.pick(
        "What is measured",
        [0, *others],
        key="evidence_aim",
        default=0,
        form="menu",
        hide_label=True,
        names=lambda k: words.aim("alike" if k else "moved", k, texts[k - 1], model),
    )


def gone() -> str:
    """How a token is left out: "mask" where the family has a mask token, or "remove"."""
    from lib import model

    mask = model.mask_token(choices.checkpoint().slug)
    ways = ("mask", "remove") if mask else ("remove",)
    return choices.pick(
        "How a token is left out",
        ways,
        key="evidence_gone",
        default=ways[0],
        form="menu",
        hide_label=True,
        names=lambda how: words.gone(how, mask),
    )


def target(taken: Reading, asked: int) -> Target:
    """The number that is measured on the first token; where there is none, a kind sentence, and the page ends.

    Args:
        taken: of one text.
        asked: as :func:`aim` returns it.
    """
    whole = taken.cls[-1, 0]
    if not asked:
        return measures.moved(whole, _cut(taken).vectors[-1])
    other = readings.take([choices.texts()[asked - 1]]).cls[-1, 0]
    if cosine(whole[None], other[None])[0, 0] >= 1 - EQUAL:
        parts.note(words.same(asked, taken.checkpoint), key="same")
        parts.end()
    return measures.alike(other)


def take(taken: Reading, wanted: Target, how: str) -> Found:
    """What every method says of one text.

    Args:
        taken: of one text, with attention "full".
        wanted: the number that is measured.
        how: a token is left out: "mask" or "remove".
    """
    places = measures.positions(taken, 0)
    cut, out = _cut(taken), _left_out(taken, how)
    attended, rolled, gradients = measures.weights(taken, 0), traced(taken, 0), _along(taken, wanted)
    brought, why_not = _amount(taken)
    whole = taken.cls[-1, 0]
    every: dict[Key, Doubles] = {
        "attention": attended[places],
        "rollout": rolled[places],
        **({} if why_not else {"amount": brought[places]}),
        "slope": gradients.here[places],
        "path": gradients.along[places],
        "cut": wanted.effect(whole, cut.vectors[:-1]),
        "out": wanted.effect(whole, out.vectors),
    }
    names = tuple(taken.encoding.row(0)[place] for place in places)
    return Found(Evidence(places, names, every), attended, rolled, gradients, cut.left, why_not)


def proofs(found: Found) -> tuple[parts.Proof, ...]:
    """What the page proves of its own columns."""
    missed = measures.missed(found.gradients)
    summed = abs(float(found.rolled.sum()) - 1)
    return (
        parts.Proof("no head of any layer attends over a cut edge", words.left(found.left), found.left == 0),
        parts.Proof(*words.complete(found.gradients, missed), missed <= measures.COMPLETE),
        parts.Proof("the rollout adds up to 1", f"largest deviation {power(summed)}", summed <= TOLERANCE),
    )


# What is computed, each once for all visitors with the same text


def _key(taken: Reading, *more: str | bytes) -> tuple[str | bytes | None, ...]:
    return (taken.checkpoint.slug, taken.encoding.texts[0], taken.encoding.pairs[0], *more)


def _variants(taken: Reading, edits: Sequence[Edit]) -> Reading:
    from lib import model

    text, pair = taken.encoding.texts[0], taken.encoding.pairs[0]
    pairs = [pair] * len(edits) if pair else None
    return model.read(taken.checkpoint.slug, [text] * len(edits), pairs=pairs, attention="cls", edit=edits)


def _cut(taken: Reading) -> _Changed:
    """Each edge cut once, and in the last row all of them."""
    places = measures.positions(taken, 0)

    def make() -> _Changed:
        edits = [*(edit(Cut("first", (int(place),))) for place in places), edit(Cut("first", "others"))]
        made = _variants(taken, edits)
        return _Changed(made.cls[-1].copy(), measures.left(made, places))

    said = "Hiding each token from the first one once…"
    return waiting.take(_changed, _key(taken, "cut"), make, meanwhile=said)


def _left_out(taken: Reading, how: str) -> _Changed:
    """Each token left out once."""
    from lib import model

    places = measures.positions(taken, 0).tolist()

    def make() -> _Changed:
        mask = model.mask_token(taken.checkpoint.slug)
        edits = [edit(Replace(place, mask) if how == "mask" else Remove(place)) for place in places]
        return _Changed(_variants(taken, edits).cls[-1].copy())

    return waiting.take(_changed, _key(taken, how), make, meanwhile="Leaving out each token once…")


def _along(taken: Reading, wanted: Target) -> Gradients:
    """The gradients, with a bar where they take long."""
    key = _key(taken, wanted.kind, wanted.direction.tobytes())

    def make() -> Gradients:
        from lib.model.gradients import gradients

        with waiting.progress("Computing gradients from the blank text to this one…", after=PATIENCE) as tell:
            return gradients(
                taken.checkpoint.slug,
                taken.encoding.texts[0],
                wanted.direction.astype(np.float32),
                pair=taken.encoding.pairs[0],
                cosine=wanted.kind == "alike",
                progress=tell,
            )

    return _gradients.take(key, make)


def _amount(taken: Reading) -> tuple[Doubles, str]:
    """float64[tokens], what the last layer moves to the first token; where it cannot be computed, a kind sentence."""
    try:
        return amounts(anatomy.ledger(taken, 0)).moved[-1], ""
    except ValueError as problem:
        return np.zeros(0), str(problem)
