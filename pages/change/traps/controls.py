"""Mistakes on the way to one vector: the controls, and the passes that make them on the visitor's texts."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata

import numpy as np
import streamlit as st

from lib.app import choices, readings
from lib.cached import references
from lib.edits import Edit, Pad, Unmask, edit
from lib.measures import traps
from lib.measures.traps import LEAST, Damage, Key
from lib.measures.vectors import Doubles, largest_difference
from lib.reading import Reading
from lib.words.attention import named
from pages.change.traps import figures, measures, words
from pages.change.traps.measures import Mistakes, Returned, pooled

MOST_TEXTS = 8
USUAL_PADS = 20


@st.cache_resource(show_spinner=False, max_entries=64)
def returned(slug: str) -> tuple[Returned, ...]:
    """What the model hands back, in each way in which it can be opened."""
    from lib.model import outputs

    found = outputs.returned(slug, "a word")
    return tuple(Returned(each.implementation, each.attentions, each.kind, each.fields) for each in found)


@st.cache_resource(show_spinner=False, max_entries=64)
def _usual(slug: str) -> int | None:
    """The first token's usual position id; None in a family that has none."""
    from lib import model

    known = model.positions(slug)
    return None if known is None else known.start


def read() -> Reading:
    """The visitor's texts, as many as are taken."""
    reading = readings.yours()
    if reading.batch <= MOST_TEXTS:
        return reading
    return readings.again(reading, Edit(), rows=range(MOST_TEXTS), attention="none")


def padding(reading: Reading) -> int:
    """Asks how far the texts are padded; 0 where there is no room.

    Args:
        reading: of the texts as they are.
    """
    offered = traps.pads(reading.encoding, reading.checkpoint.limit)
    if not offered:
        return 0
    usual = USUAL_PADS if USUAL_PADS in offered else offered[-1]
    return choices.pick("Padding tokens behind the longest text", offered, key="traps_padding", default=usual)


def make(reading: Reading, more: int) -> Mistakes:
    """Makes every mistake that can be made on these texts.

    Args:
        reading: of the texts as they are.
        more: padding behind the longest text; 0 where there is no room for any.
    """
    most = max(int(reading.encoding.lengths.max()) // 2, LEAST)
    right = {key: pooled(reading, key) for key in ("cls", "mean", "mean_no_specials")}
    floors = references.take(reading.checkpoint, reading.checkpoint.layers).floors

    def damage(key: Key, pooling: str, wrong: Doubles | None) -> Damage | None:
        true = right[pooling]
        if wrong is None or true is None:
            return None
        return Damage(key, pooling, true, wrong.astype(np.float64), floors[pooling].mean)

    def shortened() -> Damage | None:
        """A whole text is no example of cutting."""
        rows, first = measures.longer(reading.encoding, most), right["cls"]
        if first is None or not len(rows):
            return None
        return Damage("cut", "cls", first[rows], _cut(reading, most)[rows], floors["cls"].mean)

    made: dict[Key, Callable[[], Damage | None]] = {
        "unmasked": lambda: damage("unmasked", "cls", _wrong(reading, more, "unmasked") if more else None),
        "padding": lambda: damage("padding", "mean", _wrong(reading, more, "padding") if more else None),
        "left": lambda: damage("left", "cls", _wrong(reading, more, "left") if more else None),
        "pooler": lambda: damage("pooler", "cls", _doubles(reading.pooler_output)),
        "specials": lambda: damage("specials", "mean_no_specials", right["mean"]),
        "cut": shortened,
    }
    found = {key: each() for key, each in made.items()}
    return Mistakes(reading, more, most, right, {key: each for key, each in found.items() if each is not None})


def _doubles(vectors: np.ndarray | None) -> Doubles | None:
    return None if vectors is None else vectors.astype(np.float64)


def _padded(reading: Reading, more: int, key: Key) -> Reading:
    """The texts padded as a mistake has it."""
    change = {"unmasked": (Pad("right", more), Unmask()), "left": (Pad("left", more),)}
    return readings.again(reading, edit(*change.get(key, (Pad("right", more),))), attention="none")


def _wrong(reading: Reading, more: int, key: Key) -> Doubles:
    """float64[texts, hidden], the wrong vectors of a mistake with padding."""
    again = _padded(reading, more, key)
    return traps.whole_mean(again.last_hidden_state) if key == "padding" else traps.column(again)


def _cut(reading: Reading, most: int) -> Doubles:
    """float64[texts, hidden], the first token's vectors of texts that are cut."""
    edits = traps.cut(reading.encoding, most)
    return readings.again(reading, edits, attention="none").cls[-1].astype(np.float64)


def growth(found: Mistakes, key: Key) -> tuple[list[int], list[figures.Line]]:
    """How one mistake grows with its cause: padding tokens, or tokens that a cut leaves.

    Args:
        found: what the mistakes do.
        key: of one whose damage depends on padding or on a cut.

    Returns:
        the steps, and the wrong vectors' way through them.
    """
    reading, model, damage = found.reading, found.reading.checkpoint, found.damages[key]
    role: figures.Role = "first" if words.TRAPS[key].is_first else "other"
    name = words.name(key, model)
    if key == "cut":
        steps, rows = measures.kept(reading.encoding), measures.longer(reading.encoding, found.most)
        wrong = [_cut(reading, most)[rows] for most in steps]
        return steps, [figures.Line(name, role, measures.way(damage.right, wrong))]
    steps = [0, *traps.pads(reading.encoding, model.limit)]
    lines = [figures.Line(name, role, measures.way(damage.right, [_wrong(reading, more, key) for more in steps]))]
    if key == "left":
        own = [_padded(reading, more, key).cls[-1].astype(np.float64) for more in steps]
        moved = f"{model.first_token}, farther to the right"
        lines.append(figures.Line(moved, "first", measures.way(damage.right, own)))
    return steps, lines


def proofs(found: Mistakes) -> list[tuple[str, str, bool]]:
    """What the page proves of its right vectors: what should hold, what was found, whether it does.

    Args:
        found: what the mistakes do.
    """
    reading, first = found.reading, named(found.reading.checkpoint)
    proved = []
    if found.more:
        again = _padded(reading, found.more, "padding")
        for key, what in (("cls", first), ("mean", "the mean")):
            one, other = pooled(again, key), found.right[key]
            if one is not None and other is not None:
                proved.append(
                    words.proof(f"with the mask, padding changes nothing in {what}", largest_difference(one, other))
                )
        usual = _usual(reading.checkpoint.slug)
        moved = readings.again(reading, traps.shifted(reading.encoding, found.more, usual), attention="none")
        where = "with the position ids that it had" if usual is not None else "without position ids"
        gap = largest_difference(moved.cls[-1], reading.cls[-1])
        proved.append(words.proof(f"padded on the left, {where}, {first} is as it was", gap))
    proved.append(words.proof("the weights of the right mean add up to 1", measures.weights_off(reading), "deviation"))
    return proved


def version() -> str:
    """Of transformers."""
    return metadata.version("transformers")
