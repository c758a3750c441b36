"""The token or the place: batches of changed texts, and the pictures made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from lib.app import choices, look, parts, readings
from lib.cached import probes
from lib.exhibit import Column
from lib.figures import dots
from lib.measures import place
from lib.measures.place import TAKEN, Finding, Grid, Key, Variant
from lib.measures.tokens import spelling
from lib.measures.vectors import Doubles, largest_difference, paired
from lib.quantities import ACTIVATION, COSINE, READ_BY, number, plural, power, share, written
from lib.reading import Reading, Seat
from lib.texts.labelled import LABELLED
from pages.change.place import figures
from pages.change.place import words as said

WORD = "banana"
INSTEAD = ("water", "time", "the", "a")  # where the vocabulary has no such piece
ARTICLE = "the"  # in the grid beside the special tokens and the word
MOST_TEXTS = 8  # that are tried
MOST_IN_GRID = 4
ENOUGH = 1e-4  # of an activation; sums over a longer batch round otherwise: 3e-6 measured


@st.cache_resource(show_spinner=False, max_entries=256)
def _spelled(slug: str, word: str) -> tuple[str, ...]:
    from lib import model

    return model.spelled(slug, word)


@st.cache_resource(show_spinner=False, max_entries=64)
def _ids(slug: str) -> tuple[int, ...]:
    """Position ids that the grid tries, the first token's own first; empty in a family that has none."""
    from lib import model

    known = model.positions(slug)
    return () if known is None else place.ids(known.start, known.stop - 1)


@st.cache_resource(show_spinner=False, max_entries=64)
def _tokens(slug: str) -> tuple[str, ...]:
    """The special tokens and an article, as far as there are any, for the rows of the grid."""
    from lib import model

    article = model.spelled(slug, ARTICLE)
    return (*model.specials(slug), *(article if len(article) == 1 else ()))


class Experiment:
    """The visitor's texts under every change, read when they are first asked for."""

    def __init__(self, reading: Reading, word: str) -> None:
        """What will be tried; says so where the word cannot sit in a seat.

        Args:
            reading: of the texts as they are.
            word: as typed.
        """
        self.reading, self.model = reading, reading.checkpoint
        self.ids = _ids(self.model.slug)
        self.word, self.piece = self._seated(word)
        self.rows = self._fitting()
        self.plan = self._planned()
        self.loud = place.loudest(reading.cls[:, : len(self.rows)])
        batch = self._read()
        self.found = place.tried(batch, self.plan)
        self._proofs = self._checked(batch)

    def _seated(self, word: str) -> tuple[str, str]:
        """The word that takes the seat, and its piece."""
        pieces = _spelled(self.model.slug, word)
        if len(pieces) == 1:
            return word, pieces[0]
        offered = {each: _spelled(self.model.slug, each) for each in (*INSTEAD, self.model.separator)}
        instead = next(each for each, found in offered.items() if len(found) == 1)
        parts.note(said.not_a_piece(word, pieces, instead), key="word")
        return instead, offered[instead][0]

    @property
    def position(self) -> int | None:
        """The other position id; None in a family that has none."""
        return self.ids[-1] if self.ids else None

    def _planned(self) -> list[tuple[Variant, ...]]:
        """The variants of each text."""
        lengths = self.reading.encoding.lengths[self.rows]
        room = int(lengths.max()) < self.model.limit
        return [place.variants(int(size), self.piece, position=self.position, room=room) for size in lengths]

    def _fitting(self) -> list[int]:
        """The first texts whose variants fit into one batch; one at least."""
        lengths = self.reading.encoding.lengths[:MOST_TEXTS]
        wide = (np.maximum.accumulate(lengths) + 1) * len(place.variants(9, self.piece, position=0, room=True))
        fit = int((wide * np.arange(1, len(lengths) + 1) <= readings.MOST_TOKENS).sum())
        return list(range(max(fit, 1)))

    def _read(self) -> Reading:
        plan = [each for row in self.plan for each in row]
        return readings.again(
            self.reading,
            [each.edit for each in plan],
            rows=[row for row in self.rows for _ in self.plan[0]],
            watch=[each.seat for each in plan],
        )

    def _checked(self, batch: Reading) -> list[parts.Proof]:
        """What the page proves of its own batch."""
        encoding, step = batch.encoding, len(self.plan[0])
        same = largest_difference(self.found.vectors[:, :, 0], self.reading.cls[:, self.rows])
        words = [
            encoding.input_ids[k, encoding.is_word[k] & (encoding.origin[k] > 0)].tolist() for k in range(batch.batch)
        ]
        kept = all(each == words[k // step * step] for k, each in enumerate(words))
        sums = batch.row.sum(axis=-1, dtype=np.float64)
        off = float(np.abs(sums - 1).max())
        what = plural(batch.batch, "row")
        return [
            parts.Proof(
                "Untouched, a text has the vectors that it has outside of this batch",
                f"the largest difference is {power(same)}",
                same < ENOUGH,
            ),
            parts.Proof(
                f"Your words and their order are the same in all {what}", "id by id" if kept else "they differ", kept
            ),
            parts.Proof("What a watched token reads adds up to 1", f"largest deviation {power(off)}", off < ENOUGH),
        ]

    def check(self) -> None:
        """Shows what the page proves of itself."""
        parts.checks(self._proofs)

    @property
    def counted(self) -> str:
        """Whose texts were tried, a clause."""
        return self._counted(len(self.rows))

    def tested(self, grid: Grid | None) -> str:
        """Whose texts :meth:`finding` rests on, a clause."""
        return self._counted(len(self.rows) if grid is None else grid.texts)

    def _counted(self, tried: int) -> str:
        return said.counted(tried, self.reading.batch, min(len(choices.texts()), tried))

    # The first picture

    def show(self, measure: str) -> None:
        """The rows of one measure, with their sentence and their numbers.

        Args:
            measure: key of ``pages.change.place.words.MEASURES``.
        """
        rows, sentence, dashed = {
            "vector": self._vector,
            "between": self._between,
            "received": self._received,
            "probe": self._probe,
        }[measure]()
        if not rows:
            parts.note(sentence, key="changes")
            return
        percent = measure in ("received", "probe")
        values = [value for row in rows for value in (row.value, *row.each, *(row.interval or ())) if value is not None]
        low = min(0.0, *values) if values else 0.0
        figure = dots.dots(
            rows,
            x=said.ABOUT[measure],
            span=(low - 0.02 * (low < 0), 1.01 if not percent or measure == "probe" else max(values, default=1) * 1.08),
            palette=look.palette(),
            names={
                "true": f"{self.model.first_token} as it is",
                "first": f"{self.model.first_token} elsewhere",
                "other": "another in its seat",
            },
            dashed=dashed,
            percent=percent,
            each="one text",
        )
        parts.chart(figure, alt=sentence, name=f"place-{measure}")
        parts.say(sentence, key="changes")
        parts.data(
            lambda: self._columns(measure),
            name="place",
            about="Each change: means over your texts. Cosines and shares have no unit.",
        )

    @property
    def _words(self) -> said.Changes:
        return said.Changes(self.found, self.word, self.position, self.model)

    def _row(
        self,
        key: Key,
        value: float,
        text: str,
        each: Sequence[float] = (),
        interval: tuple[float, float] | None = None,
    ) -> dots.Row:
        mark = {"untouched": "true", "other": "baseline"}.get(key, "other" if key in TAKEN else "first")
        there = None if np.isnan(value) else value
        shown = [single for single in each if not np.isnan(single)] if len(each) > 1 else []
        return dots.Row(
            said.short(key, self.word, self.position),
            mark,
            there,
            text if there is not None else "none",
            shown,
            interval,
        )

    def _vector(self) -> tuple[list[dots.Row], str, None]:
        last = self.found.cosines[-1]  # float64[texts, variants]
        rows = [
            self._row(key, float(last[:, k].mean()), written(float(last[:, k].mean())), last[:, k].tolist())
            for k, key in enumerate(self.found.keys)
        ]
        between = self.found.between[:, 0]
        if between.size:
            mean = float(between.mean())
            rows.append(dots.Row("another text’s", "true", mean, written(mean), between.tolist()))
        return rows, self._words.vector(), None

    def _between(self) -> tuple[list[dots.Row], str, tuple[float, str] | None]:
        between = self.found.between
        if not between.size:
            return [], self._words.between(), None
        rows = [
            self._row(key, float(between[:, k].mean()), written(float(between[:, k].mean())), between[:, k].tolist())
            for k, key in enumerate(self.found.keys)
        ]
        return rows, self._words.between(), (float(between[:, 0].mean()), "as it is")

    def _received(self) -> tuple[list[dots.Row], str, tuple[float, str]]:
        taken = self.found.received
        even = float((1 / self.reading.encoding.lengths[self.rows]).mean())
        rows = [
            self._row(key, float(taken[:, k].mean()), share(float(taken[:, k].mean())), taken[:, k].tolist())
            for k, key in enumerate(self.found.keys)
        ]
        return rows, self._words.received(even), (even, "an even share")

    def _probe(self) -> tuple[list[dots.Row], str, tuple[float, str]]:
        ready = probes.ready(self.model)
        told = probes.answered(self.model, self.piece, self.position)
        rows = [
            self._row(key, found.value, share(found.value), interval=(found.low, found.high))
            for key, found in told.scores.items()
        ]
        sentence = said.probed(told.scores, told.same, ready.score, ready.control, self.model)
        return rows, sentence, (LABELLED.majority, "always the same answer")

    def _columns(self, measure: str) -> Mapping[str, Column]:
        found, between = self.found, self.found.between
        columns: dict[str, Column] = {
            "change": [said.short(key, self.word, self.position) for key in found.keys],
            "cosine to the true vector": [round(float(v), 6) for v in found.cosines[-1].mean(axis=0)],
            "share of a word's reading": [round(float(v), 6) for v in found.received.mean(axis=0)],
        }
        if between.size:
            columns["cosine of two texts"] = [round(float(v), 6) for v in between.mean(axis=0)]
        if measure == "probe":
            told = probes.answered(self.model, self.piece, self.position)
            gap = float("nan")
            columns["right answers"] = [told.scores[k].value if k in told.scores else gap for k in found.keys]
            columns["same answers"] = [round(told.same.get(k, gap), 6) for k in found.keys]
        return columns

    # Layer by layer

    def turn(self, key: Key) -> None:
        """How one variant's token comes to its vector, with its sentence and its numbers.

        Args:
            key: of the variant.
        """
        cosines = self.found.cosines.mean(axis=1)  # float64[layers+1, variants]
        way, other, own = cosines[:, self.found.at(key)], cosines[:, self.found.at("other")], self._own(key)
        role = "other" if key in TAKEN else "first"
        name = said.short(key, self.word, self.position)
        lines = [figures.Line(name, role, way)]
        if own is not None:
            lines.append(figures.Line("to its own old vector", "self", own))
        lines.append(figures.Line(said.short("other", "", None), "baseline", other))
        sentence = said.turning(key, way, float(other[-1]), own, self.word, self.position, self.model)
        parts.chart(figures.turning(lines, look.palette()), alt=sentence, name="place-layers")
        parts.say(sentence, key="layers")
        parts.data(
            lambda: [("layer", range(len(way))), *((line.name, line.values.round(6).tolist()) for line in lines)],
            name="place-layers",
            about="Cosine to the true first token's vector in the same layer, mean over your texts, no unit.",
        )

    def _own(self, key: Key) -> Doubles | None:
        """float64[layers+1], the cosine of what moved up to the vectors it had in its own place; None for others."""
        if key != "removed":
            return None
        before = self.reading.hidden_states[:, self.rows, 1]
        return paired(self.found.vectors[:, :, self.found.at(key)], before).mean(axis=1)

    # The grid

    @property
    def _cells(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*_tokens(self.model.slug), self.piece)))

    def grid(self) -> Grid | None:
        """Tokens by position ids; where there can be none, a kind sentence and None."""
        if len(self.ids) < 2:
            parts.note(said.no_positions(self.model), key="grid")
            return None
        tokens, ids = self._cells, self.ids
        edits, lengths = place.corners(tokens, ids), self.reading.encoding.lengths
        texts = [k for k in self.rows[:MOST_IN_GRID] if lengths[: k + 1].max() * len(edits) * (k + 1) <= LARGEST]
        if not texts:
            parts.note(said.too_long_for_the_grid(len(edits), int(lengths[0])), key="grid")
            return None
        batch = readings.again(
            self.reading,
            [each for _ in texts for each in edits],
            rows=[row for row in texts for _ in edits],
            watch=[Seat(0)] * len(edits) * len(texts),
        )
        return place.grid(batch, tokens, ids, self.loud)

    def finding(self, grid: Grid | None) -> Finding:
        """What it takes to make the vector: by the grid, or where there is none by the variants."""
        return place.of_variants(self.found) if grid is None else place.of_grid(grid.cosine)

    def show_grid(self, grid: Grid, cells: str) -> None:
        """The grid with its sentence and its numbers.

        Args:
            grid: tokens by position ids.
            cells: key of ``pages.change.place.words.CELLS``.
        """
        loud = self.loud
        values, quantity, write = {
            "cosine": (grid.cosine, COSINE, written),
            "received": (grid.received, READ_BY, share),
            "loud": (grid.loud, ACTIVATION, lambda value: number(value, 2)),
        }[cells]
        reach = 1.0 if cells != "loud" else float(np.abs(values).max())
        names = [self.word if token == self.piece else spelling(token) for token in grid.tokens]
        texts = [["none" if np.isnan(value) else write(float(value)) for value in row] for row in values]
        sentence = said.grid(grid, place.of_grid(grid.cosine), cells, loud, self.model)
        figure = figures.corners(values, names, grid.positions, texts, quantity, reach=reach, palette=look.palette())
        parts.chart(figure, alt=sentence, name="place-grid")
        parts.say(sentence, key="grid")
        parts.data(
            lambda: {
                "token": [name for name in names for _ in grid.positions],
                "position id": list(grid.positions) * len(names),
                "cosine to the true vector": grid.cosine.ravel().round(6).tolist(),
                "share of a word's reading": grid.received.ravel().round(6).tolist(),
                f"unit {loud.unit} in layer {loud.layer}": grid.loud.ravel().round(6).tolist(),
            },
            name="place-grid",
            about="A line for each token in the first seat and each position id, mean over your texts.",
        )


LARGEST = readings.MOST_TOKENS // 2  # texts x tokens of a grid, which is one of two batches


def settings() -> tuple[str, str]:
    """What is asked of the changed vectors (a key of ``words.MEASURES``), and the word for the seat."""
    with st.container(key="place_settings", horizontal=True, gap="medium", vertical_alignment="bottom"):
        measure = choices.pick(
            "What to compare",
            tuple(said.MEASURES),
            key="place_measure",
            default="vector",
            names=said.MEASURES.__getitem__,
        )
        with st.container(key="place_word_box", width=190):
            word = choices.word("A word for the seat", key="place_word", default=WORD, longest=24)
    return measure, word


def names_of(experiment: Experiment) -> dict[Key, str]:
    """The variants that can be followed through the layers, by their short names; plain text."""
    return {
        key: said.short(key, experiment.word, experiment.position)
        for key in experiment.found.keys
        if key not in ("untouched", "other")
    }
