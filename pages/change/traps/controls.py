"""Mistakes on the way to one vector, made on the visitor's texts: all compared, one in detail, and the probe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version

import numpy as np
import streamlit as st

from lib.app import choices, look, parts, readings
from lib.cached import probes, references
from lib.components.strips import Strip, payload, strips, table
from lib.edits import Edit, Pad, Unmask, edit
from lib.figures import dots
from lib.measures import traps
from lib.measures.traps import LEAST, PARTS, Damage, Key
from lib.measures.vectors import Doubles, largest_difference, paired
from lib.pooling import POOLINGS
from lib.quantities import power, share, written
from lib.reading import Ints, Reading
from lib.texts.labelled import LABELLED
from pages.change.traps import figures
from pages.change.traps import words as said

MOST_TEXTS = 8
REACH = 1.2  # damage up to which the axis goes; what is worse stands at its end
ENOUGH = 1e-4  # of an activation; sums over more positions round otherwise: 4e-6 measured
USUAL_PADS = 20
CUT: Key = "cut"


class Traps:
    """The visitor's texts read rightly, and wrongly in every way."""

    def __init__(self, reading: Reading, more: int) -> None:
        """Reads them.

        Args:
            reading: of the texts as they are.
            more: padding behind the longest text; 0 where there is no room for any.
        """
        self.reading, self.model, self.more = reading, reading.checkpoint, more
        self.most = max(int(reading.encoding.lengths.max()) // 2, LEAST)
        self.right = {key: _vectors(reading, key) for key in ("cls", "mean", "mean_no_specials")}
        self.floors = references.take(self.model, self.model.layers).floors
        made: dict[Key, Callable[[], Damage | None]] = {
            "unmasked": lambda: self._damage("unmasked", "cls", self._padded(more, "unmasked")),
            "padding": lambda: self._damage("padding", "mean", self._padded(more, "padding")),
            "left": lambda: self._damage("left", "cls", self._padded(more, "left")),
            "pooler": lambda: self._damage("pooler", "cls", reading.pooler_output),
            "specials": lambda: self._damage("specials", "mean_no_specials", self.right["mean"]),
            "cut": self._shortened,
        }
        found = {key: make() for key, make in made.items()}
        self.damages = {key: damage for key, damage in found.items() if damage is not None}
        self.worst_first = sorted(self.damages.values(), key=lambda damage: -damage.share)

    def _damage(self, key: Key, pooling: str, wrong: Doubles | None) -> Damage | None:
        right = self.right[pooling]
        if wrong is None or right is None:
            return None
        return Damage(key, pooling, right, wrong.astype(np.float64), self.floors[pooling].mean)

    def _again(self, more: int, key: Key) -> Reading:
        """The texts padded as a mistake has it."""
        change = {"unmasked": (Pad("right", more), Unmask()), "left": (Pad("left", more),)}
        return readings.again(self.reading, edit(*change.get(key, (Pad("right", more),))), attention="none")

    def _padded(self, more: int, key: Key) -> Doubles | None:
        """float64[texts, hidden], the wrong vectors; None where no text has any padding."""
        if not more:
            return None
        again = self._again(more, key)
        return traps.whole_mean(again.last_hidden_state) if key == "padding" else traps.column(again)

    def _shortened(self) -> Damage | None:
        """The damage to the texts that are cut; None where none is: a whole text is no example of cutting."""
        rows = self._longer
        if not len(rows):
            return None
        return Damage("cut", "cls", self.right["cls"][rows], self._cut(self.most)[rows], self.floors["cls"].mean)

    @property
    def _longer(self) -> Ints:
        """int64[longer], the texts that are cut."""
        edits = traps.cut(self.reading.encoding, self.most)
        return np.array([row for row, each in enumerate(edits) if each != Edit()], np.int64)

    def _cut(self, most: int) -> Doubles:
        """float64[texts, hidden], the first token's vectors of texts that are cut."""
        edits = traps.cut(self.reading.encoding, most)
        return readings.again(self.reading, edits, attention="none").cls[-1].astype(np.float64)

    @property
    def counted(self) -> str:
        """Whose texts were read, a clause that begins a sentence."""
        return said.counted(self.reading.batch, len(choices.texts()))

    @property
    def version(self) -> str:
        """Of transformers."""
        return version("transformers")

    # All of them

    def show(self) -> None:
        """All mistakes on one scale, with their sentence and their numbers."""
        rows = [
            dots.Row(
                said.name(each.key, self.model),
                "first" if said.TRAPS[each.key].is_first else "other",
                each.share,
                written(each.cosine),
                each.each.tolist() if len(each.each) > 1 else (),
            )
            for each in self.worst_first
        ]
        absent = [key for key in said.TRAPS if key not in self.damages]
        rows += [dots.Row(said.name(key, self.model), "baseline", None, self._why_none(key)) for key in absent]
        sentence = said.compared(
            self.worst_first,
            [said.name(key, self.model) for key in absent if key != "sdpa"],
            self.more,
            self.most,
            self._came,
            self.model,
        )
        figure = dots.dots(
            rows,
            x="damage   (at the right: cosine)",
            span=(0, REACH),
            palette=look.palette(),
            names={"first": f"still the vector of {self.model.first_token}", "other": "another vector"},
            dashed=(1.0, "an unrelated sentence"),
            percent=True,
            each="one text",
        )
        parts.chart(figure, alt=sentence, name="traps")
        parts.say(sentence, key="all")
        parts.data(
            lambda: {
                "mistake": [said.name(each.key, self.model) for each in self.worst_first],
                "cosine to the right vector": [round(each.cosine, 6) for each in self.worst_first],
                "cosine of unrelated sentences": [round(each.floor, 6) for each in self.worst_first],
                "damage": [round(each.share, 6) for each in self.worst_first],
            },
            name="traps",
            about="Mean over your texts, of a cut over those that are cut. "
            "Damage: 0 is the right vector, 1 as far from it as an unrelated sentence.",
        )

    @property
    def _came(self) -> int:
        """Layers whose attention comes back by default."""
        return _returned(self.model.slug)[0][1]

    def _why_none(self, key: Key) -> str:
        if key == "sdpa":
            return f"{self._came} of {self.model.layers}"
        return {"pooler": "no pooler", "specials": "no words", CUT: "too short"}.get(key, "no room")

    # One of them

    def detail(self, key: Key) -> None:
        """One mistake: its lines of code beside the right ones, its picture, its sentence, its numbers.

        Args:
            key: of the mistake.
        """
        st.markdown(said.why(key, self.model))
        wrong, right = said.code(key, self.most, self.model.limit)
        for column, head, lines in zip(st.columns(2, gap="small"), ("○ Wrong", "● Right"), (wrong, right), strict=True):
            with column:
                st.markdown(f"**{head}**")
                st.code(lines, language=None, wrap_lines=True)  # a language would bring colours that have a role
        if before := said.begins(key):
            st.markdown(f":small[:gray[{before}]]")
        if key == "sdpa":
            self._attention()
        elif key not in self.damages:
            parts.note(self._none(key), key="trap")
        elif key in ("pooler", "specials"):
            self._strips(self.damages[key])
        else:
            self._growth(self.damages[key])

    def _none(self, key: Key) -> str:
        if key == "pooler":
            return said.no_pooler(_returned(self.model.slug)[0][3], self.model)
        if key == CUT:
            return said.too_short()
        return said.no_words() if key == "specials" else said.no_room(self.model)

    def _attention(self) -> None:
        ways = _returned(self.model.slug)
        sentence = said.attention([way[:3] for way in ways], self.model.layers)
        named = [
            (f"{way} (the default)" if k == 0 and len(ways) > 1 else way, came)
            for k, (way, came, *_) in enumerate(ways)
        ]
        parts.chart(figures.layers(named, self.model.layers, look.palette()), alt=sentence, name="traps-sdpa")
        parts.say(sentence, key="trap")
        parts.data(
            lambda: {
                "opened with": [way[0] for way in ways],
                "layers whose attention came back": [way[1] for way in ways],
                "kind of attentions": [way[2] for way in ways],
            },
            name="traps-one",
            about="What this model handed back when it was asked for its attention.",
        )

    def _strips(self, damage: Damage) -> None:
        """Right, wrong and difference of the first text, unit under unit."""
        right, wrong = damage.right[0], damage.wrong[0]
        gap = wrong - right
        rows = [
            Strip("wrong", wrong.astype(np.float32), "", "both"),
            Strip("right", right.astype(np.float32), "−", "both", is_first=damage.pooling == "cls"),
            Strip("difference", gap.astype(np.float32), "=", "both", is_total=True),
        ]
        sentence = said.vector(damage, self.model)
        strips(payload(rows, unit=int(np.abs(gap).argmax()), words=sentence, file="cls-trap.png"), key="traps_strips")
        parts.say(sentence, key="trap")
        parts.data(lambda: table(rows), name="traps-one", about="Your first text: one line a dimension, activations.")

    def _growth(self, damage: Damage) -> None:
        """How one mistake grows with its cause."""
        key = damage.key
        steps, lines = self._cuts() if key == CUT else self._steps(key)
        sentence = said.grows(
            damage,
            float(lines[0].values[:, 0].mean()),
            float(lines[0].values[:, -1].mean()),
            steps,
        )
        if key == "left":
            sentence += said.impersonated(
                float(lines[0].values[:, -1].mean()), float(lines[1].values[:, -1].mean()), self.model
            )
        x = "tokens that are kept of a text" if key == CUT else "positions of padding beyond the longest text"
        figure = figures.growth(lines, [str(step) for step in steps], x=x, floor=damage.floor, palette=look.palette())
        parts.chart(figure, alt=sentence, name=f"traps-{key}")
        parts.say(sentence, key="trap")
        parts.data(
            lambda: [
                (x, list(steps)),
                *((line.name, line.values.mean(axis=0).round(6).tolist()) for line in lines),
            ],
            name="traps-one",
            about="Cosine to the right vector, mean over your texts, no unit.",
        )

    def _steps(self, key: Key) -> tuple[list[int], list[figures.Line]]:
        """Numbers of padding, and the wrong vectors' way through them."""
        steps = [0, *traps.pads(self.reading.encoding, self.model.limit)]
        again = [self._again(more, key) for more in steps]
        right = self.right["mean" if key == "padding" else "cls"]
        made = [traps.whole_mean(each.last_hidden_state) if key == "padding" else traps.column(each) for each in again]
        lines = [self._line(said.name(key, self.model), key, right, made)]
        if key == "left":
            own = [each.cls[-1].astype(np.float64) for each in again]
            lines.append(self._line(f"{self.model.first_token} farther right", key, right, own, "first"))
        return steps, lines

    def _cuts(self) -> tuple[list[int], list[figures.Line]]:
        """Tokens that are kept, and the first token's way through them."""
        longest, rows = int(self.reading.encoding.lengths.max()), self._longer
        steps = sorted({max(int(longest * part), LEAST) for part in PARTS}, reverse=True)
        made = [self._cut(most)[rows] for most in steps]
        return steps, [self._line(said.name(CUT, self.model), CUT, self.right["cls"][rows], made)]

    def _line(
        self, name: str, key: Key, right: Doubles, made: list[Doubles], role: figures.Role | None = None
    ) -> figures.Line:
        own = role or ("first" if said.TRAPS[key].is_first else "other")
        return figures.Line(name, own, np.stack([paired(right, each) for each in made], axis=1))

    # What the page proves

    def check(self) -> None:
        """Shows what the page proves of its own right vectors."""
        proofs = []
        if self.more:
            again = self._again(self.more, "padding")
            for key, what in (("cls", self.model.first_token), ("mean", "the mean")):
                gap = largest_difference(_vectors(again, key), self.right[key])
                proofs.append(_proof(f"With the mask, padding changes nothing in {said.shown(what)}", gap))
            edits = traps.shifted(self.reading.encoding, self.more, _usual(self.model.slug))
            moved = readings.again(self.reading, edits, attention="none")
            gap = largest_difference(moved.cls[-1], self.reading.cls[-1])
            where = "under the position ids it had" if _usual(self.model.slug) is not None else "without position ids"
            proofs.append(
                _proof(f"Padded on the left, {where}, {said.shown(self.model.first_token)} is what it was", gap)
            )
        weights = POOLINGS["mean"].weights(self.reading).sum(axis=1, dtype=np.float64)
        off = float(np.abs(weights - 1).max())
        proofs.append(
            parts.Proof("The weights of the right mean add up to 1", f"largest deviation {power(off)}", off < ENOUGH)
        )
        parts.checks(proofs)


def _proof(what: str, gap: float) -> parts.Proof:
    return parts.Proof(what, f"the largest difference is {power(gap)}", gap < ENOUGH)


def _vectors(reading: Reading, pooling: str) -> Doubles | None:
    """float64[texts, hidden]; None where a text has no word to take."""
    try:
        return POOLINGS[pooling].pool(reading).astype(np.float64)
    except ValueError:
        return None


@st.cache_resource(show_spinner=False, max_entries=64)
def _returned(slug: str) -> tuple[tuple[str, int, str, tuple[str, ...]], ...]:
    """What the model hands back: how it was opened, layers whose attention came, in what, and its fields."""
    from lib.model import outputs

    return tuple(
        (each.implementation, each.attentions, each.kind, each.fields) for each in outputs.returned(slug, "a word")
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def _usual(slug: str) -> int | None:
    """The first token's usual position id; None in a family that has none."""
    from lib import model

    known = model.positions(slug)
    return None if known is None else known.start


def start(reading: Reading) -> Traps:
    """The mistakes at a chosen amount of padding, on as many texts as are taken.

    Args:
        reading: of the visitor's texts.
    """
    if reading.batch > MOST_TEXTS:
        reading = readings.again(reading, Edit(), rows=range(MOST_TEXTS), attention="none")
    offered = traps.pads(reading.encoding, reading.checkpoint.limit)
    more = 0
    if offered:
        usual = USUAL_PADS if USUAL_PADS in offered else offered[-1]
        more = choices.pick("Positions of padding beyond the longest text", offered, key="traps_padding", default=usual)
    return Traps(reading, more)


def names() -> Mapping[Key, str]:
    """The mistakes, by their names; plain text."""
    return {key: said.name(key, choices.checkpoint()) for key in said.TRAPS}


def put_to_a_probe() -> probes.Padded:
    """What a probe and a cosine notice of averaged padding, with its sentence and its numbers."""
    found = probes.padded(choices.checkpoint())
    cosine = found.cosine
    scores = {
        "right vectors": found.right,
        "mistake throughout": found.everywhere,
        "mistake in use only": found.in_use,
    }
    rows = [
        dots.Row("right vectors", "other", 1.0, "1, exactly"),
        dots.Row("with the mistake", "other", cosine, written(cosine)),
        *(
            dots.Row(name, "baseline", each.value, share(each.value), interval=(each.low, each.high))
            for name, each in scores.items()
        ),
    ]
    sentence = said.probed(found.right, found.everywhere, found.in_use, found.change, cosine)
    figure = dots.dots(
        rows,
        x="cosine, and share of right answers",
        span=(0, 1.01),
        palette=look.palette(),
        names={"other": "cosine to the right vector", "baseline": "right answers of a probe"},
        dashed=(LABELLED.majority, "always the same answer"),
    )
    parts.chart(figure, alt=sentence, name="traps-probe")
    parts.say(sentence, key="probe")
    parts.data(
        lambda: {
            "what": ["cosine to the right vector", *(f"right answers, {name}" for name in scores)],
            "value": [round(cosine, 6), *(round(each.value, 6) for each in scores.values())],
            "low": [float("nan"), *(round(each.low, 6) for each in scores.values())],
            "high": [float("nan"), *(round(each.high, 6) for each in scores.values())],
        },
        name="traps-probe",
        about="Shares from 0 to 1, with the ends of their 95% intervals; sentences with labels of ours.",
    )
    return found
