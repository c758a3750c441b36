"""The article's way from texts to labels, step by step: the run, its pictures, the comparison, the files."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import streamlit as st

from lib import escape
from lib.app import choices, look, parts, work
from lib.app.datasets import Chosen
from lib.components.cube import Output, Slice, View, drawing
from lib.jobs import Job
from lib.measures.classifier import Classifier, Compared, classifier, compared, too_few
from lib.measures.probe import score
from lib.pooling import POOLINGS
from lib.quantities import plural
from lib.reading import Floats, Ints, Reading
from lib.words import classify as said
from lib.words import tuned
from lib.words.attention import named
from pages.use.classify import figures
from pages.use.classify.notebook import notebook

if TYPE_CHECKING:
    from lib.model.slices import Slices

MOST_MISTAKES = 5
SHOWN = 3  # texts whose tokens are shown
NOT_COMPUTED = "texts of like length are read together, so this one was never computed and stands at 0"

Features = Literal["cls", "mean"]


@dataclass(frozen=True, eq=False)
class _Learned:
    """What one run leaves behind.

    Attributes:
        slices: of all texts.
        output: the cube, for its picture.
        by: what was learned, by features.
    """

    slices: Slices
    output: Output
    by: Mapping[Features, Classifier]

    @property
    def nbytes(self) -> int:
        """Bytes held, in memory and on disk."""
        return self.slices.nbytes + sum(each.nbytes for each in self.by.values())


class Run:
    """Labelled texts, read by the chosen model and learned from."""

    def __init__(self, chosen: Chosen) -> None:
        """Reads them, or takes what is kept; while they are read the page shows how far it is, and ends there.

        Args:
            chosen: the labelled texts.
        """
        self.chosen, self.model = chosen, choices.checkpoint()
        self._first = named(self.model)
        model, data = self.model, chosen.data

        def made(job: Job[_Learned]) -> _Learned:
            from lib.model.slices import stream

            texts = data.texts
            slices = stream(
                model.slug,
                texts,
                progress=lambda done, of: job.report(done, of, f"Read by {model.name}"),
                check=job.check,
            )
            output = Output(
                hidden=slices.cube,
                tokens=tuple(tuple(map(escape.visible, row)) for row in slices.tokens),
                roles=slices.roles,
                texts=texts[: len(slices.tokens)],
                first=slices.first,
                layer=model.layers,
                layers=model.layers,
                first_token=model.first_token,
                filler=NOT_COMPUTED,
            )
            job.report(len(texts), len(texts), "Learning")
            labels, groups = np.array(data.labels), np.array(data.groups)
            by: dict[Features, Classifier] = {
                "cls": classifier(slices.cls, labels, groups, check=job.check),
                "mean": classifier(slices.mean, labels, groups, check=job.check),
            }
            return _Learned(slices, output, by)

        self._key = (model.slug, chosen.key)
        count = plural(len(data.texts), "text")
        self._done: _Learned = work.finished(
            "classify", self._key, made, start=f"Read all {count}" if chosen.private else "", keep=not chosen.private
        )
        self.slices = self._done.slices

    # The steps

    def padding(self) -> None:
        """How long the texts are, and what filling them up costs."""
        found = self.slices
        sentence = said.padding(found.lengths, found.computed, found.cut, self.model)
        parts.chart(figures.lengths(found.lengths, look.palette()), alt=sentence, name="classify-lengths")
        parts.say(sentence, key="padding")
        rows = said.rows(found.tokens, found.lengths, SHOWN)
        parts.lines(
            rows, heads=(f"the first {SHOWN}, as the model gets them", "filled up with"), code=False, key="padding"
        )
        parts.data(
            lambda: {"text": self.chosen.data.texts, "tokens": found.lengths.tolist()},
            name="classify-lengths",
            about="Tokens of each text, special ones included, as the model reads it.",
        )

    def cube(self) -> None:
        """The whole output of the last layer, and its slice."""
        start = View(choices.recall("classify_step", ("in", "out", "flat"), "out"))
        sentence = said.cube(self.slices.cube.shape, len(self.chosen.data.texts), self.model)
        picture = drawing(self._done.output, Slice("token", 0), start)
        shown = picture.draw(picture.message(escape.plain(sentence)), key="classify_cube")
        if isinstance(shown, View):
            choices.keep("classify_step", shown.step, "out")
        parts.say(sentence, key="cube")

    def features(self) -> Features:
        """Which vector the classifier learns from."""
        names: Mapping[Features, str] = {"cls": self.model.first_token, "mean": "mean of the tokens"}
        return choices.pick("Features", tuple(names), key="classify_features", default="cls", names=names.__getitem__)

    def learned(self, features: Features) -> None:
        """How right the classifier is, what it confuses, and where it is surely wrong.

        Args:
            features: that it learned from.
        """
        found, data = self._done.by[features], self.chosen.data
        parts.say(said.learned(found, self.model, features), key="learned")
        left, right = st.columns([1, 1.25], gap="large")
        sentence = said.confused(found, data.classes)
        with left:
            parts.chart(
                figures.confusion(found.confusion, data.classes, look.palette()),
                alt=sentence,
                name="classify-confusion",
            )
            parts.say(sentence, key="confused")
        with right:
            rows = said.mistakes(found, data.texts, data.classes, MOST_MISTAKES)
            if rows:
                st.markdown("Wrong, and surest of it:")
                parts.lines(rows, heads=("text", "what it says", "what it is"), code=False, key="mistakes")
        parts.data(
            lambda: self.predictions(features),
            name="classify-predictions",
            about="Every text with its label, whether it was learned from, and what the classifier says with its "
            "probability (0 to 1).",
        )

    def predictions(self, features: Features) -> dict[str, list[str] | list[float]]:
        """What is said of each text.

        Args:
            features: that the classifier learned from.
        """
        found, data = self._done.by[features], self.chosen.data
        kept_back = np.zeros(len(data.texts), np.bool_)
        kept_back[found.test] = True
        return {
            "text": list(data.texts),
            "label": [data.classes[label] for label in data.labels],
            "part": ["kept back" if kept else "learned from" for kept in kept_back],
            "said": [data.classes[label] for label in found.said],
            "probability": found.chances.max(axis=1).round(6).tolist(),
        }

    def travel(self, reading: Reading, features: Features) -> None:
        """The visitor's first text on its way to a label.

        Args:
            reading: of their texts.
            features: that the classifier learned from.
        """
        found, encoding, data = self._done.by[features], reading.encoding, self.chosen.data
        vectors = POOLINGS[features].pool(reading)
        chances = found.probabilities(vectors)
        tokens, hidden = int(encoding.lengths[0]), reading.hidden
        pieces = [token for token, real in zip(encoding.tokens[0], encoding.attention_mask[0], strict=True) if real]
        taken = "`h[:, 0]`" if features == "cls" else "mean over the tokens"
        some = " ".join(escape.markdown(escape.cut(token, 20)) for token in pieces[:9]) + (" …" if tokens > 9 else "")
        parts.lines(
            [
                ("tokens", f"`[1, {tokens}]`", some),
                ("output", f"`[1, {tokens}, {hidden}]`", f"one vector for each token, after layer {self.model.layers}"),
                ("features", f"`[1, {hidden}]`", f"{taken}, length {np.linalg.norm(vectors[0]):.2f}"),
                ("scores", f"`[1, {len(data.classes)}]`", "weights × features + biases, then softmax"),
            ],
            heads=("step", "shape", "your first text"),
            code=False,
            key="travel",
        )
        sentence = said.travelled(encoding.texts[0], chances[0], data.classes, features, self.model)
        parts.chart(figures.chances(chances[0], data.classes, look.palette()), alt=sentence, name="classify-own")
        parts.say(sentence, key="own")
        parts.data(
            lambda: [("text", encoding.texts), *zip(data.classes, chances.T.round(6).tolist(), strict=True)],
            name="classify-own",
            about="The probability of each class (0 to 1) for each of your texts.",
        )

    # Every layer and place

    @property
    def _sampled(self) -> tuple[Ints, Ints]:
        """int64[sample] twice: labels and groups of the texts that are compared."""
        labels, groups = (np.array(each) for each in (self.chosen.data.labels, self.chosen.data.groups))
        return labels[self.slices.sample], groups[self.slices.sample]

    def can_tell(self) -> bool:
        """Whether there are labels enough to compare by; where there are not, the page says so."""
        cannot = too_few(*self._sampled)
        if cannot:
            parts.note(cannot, key="few")
        return not cannot

    def compare(self, guess: str) -> None:
        """Puts every layer and place to the same test.

        Args:
            guess: what :func:`lib.app.parts.guess` returned.
        """
        from lib.model.slices import WAYS

        (labels, groups), grid = self._sampled, self.slices.grid

        def made(job: Job[Compared]) -> Compared:
            job.report(0, 0)
            return compared(
                grid, labels, groups, progress=lambda done, of: job.report(done, of, "Compared"), check=job.check
            )

        if sentence := said.sampled(len(labels), len(self.chosen.data.texts)):
            parts.caution(sentence, key="sampled")
        scaled = choices.switch(
            "Standardise every unit first",
            key="classify_scaled",
            default=True,
            help="Brings each unit to mean 0 and spread 1 on the texts learned from: quiet units count as loud ones.",
        )
        found = work.finished("classify_all", (*self._key, "all"), made, keep=not self.chosen.private)
        self._show(found, WAYS, guess, scaled=scaled)

    def _show(self, found: Compared, ways: tuple[str, ...], guess: str, *, scaled: bool) -> None:
        palette, held = look.palette(), found.scaled if scaled else found.raw
        names = [said.name(way, self.model) for way in ways]

        def lines(values: np.ndarray) -> list[figures.Line]:
            return [
                figures.Line(name, way == "cls", values[k], strong=way == "mean")
                for k, (way, name) in enumerate(zip(ways, names, strict=True))
            ]

        def curves() -> list[figures.Line]:
            low, high = found.curves.min(axis=2), found.curves.max(axis=2)
            return [
                replace(line, low=low[k], high=high[k]) if line.first or line.strong else line
                for k, line in enumerate(lines(found.curves.mean(axis=2)))
            ]

        sentence = said.best(found, ways, self.model, scaled=scaled)
        parts.chart(
            figures.by_layer(lines(held.mean(axis=2)), found.majority, palette), alt=sentence, name="classify-layers"
        )
        parts.say(sentence, key="best")
        parts.data(
            lambda: {
                "place": [name for name in names for _ in range(held.shape[1])],
                "layer": list(range(held.shape[1])) * len(names),
                **{
                    head: [getattr(score(row[None], found.groups), end) for by_layer in held for row in by_layer]
                    for head, end in (("right", "value"), ("low", "low"), ("high", "high"))
                },
            },
            name="classify-layers",
            about="Share of right answers (0 to 1) and the ends of its 95% interval; five folds, the same for all.",
        )
        against = said.paired(found, -1, scaled=scaled)
        ends = [np.array([getattr(each, end) for each in against]) for end in ("value", "low", "high")]
        learned = bool(tuned.learned(self.model, self.chosen.key))
        kind = said.verdict(found, scaled=scaled, learned=learned).kind
        reason = said.follows(found, ways, self.model, scaled=scaled)
        parts.chart(figures.gains(names[1:], *ends, palette), alt=escape.plain(reason), name="classify-gains")
        parts.verdict(
            kind,
            f"“For classification, {escape.markdown(self.model.first_token)} is the vector to take.”",
            f"{reason} {said.frozen(self.model, learned=learned)}",
            key="classify",
            guess=guess,
            on=plural(found.texts, "labelled text"),
        )
        if len(found.sizes) > 1:
            curve = said.curve(found, ways, self.model)
            parts.chart(
                figures.by_size(curves(), found.sizes, found.majority, palette),
                alt=curve,
                name="classify-sizes",
            )
            parts.say(curve, key="curve")
        parts.say(said.control(found, self.model), key="control")
        if words := said.standing_in(self.slices.wordless, self.model):
            st.markdown(words)

    # What to take along

    def take_along(self, features: Features) -> None:
        """Features, predictions and a notebook, made when they are asked for.

        Args:
            features: that the classifier learned from.
        """
        found, data, kept = self._done.by[features], self.chosen.data, self.slices
        vectors = kept.cls if features == "cls" else kept.mean
        names = [data.classes[label] for label in data.labels]

        def predicted() -> bytes:
            return parts.csv(parts.sheet(self.predictions(features)))

        def repeated() -> bytes:
            return notebook(
                data.texts,
                data.labels,
                data.classes,
                data.groups,
                self.model,
                features=features,
                accuracy=found.accuracy.value,
            ).encode()

        offers = (
            (
                "Features (Parquet)",
                lambda: parquet(vectors, names),
                "features.parquet",
                "application/vnd.apache.parquet",
            ),
            ("Features (NumPy)", lambda: arrays(vectors, names, found), "features.npz", "application/octet-stream"),
            ("Predictions (CSV)", predicted, "predictions.csv", "text/csv"),
            ("Notebook that repeats it", repeated, "notebook.ipynb", "application/x-ipynb+json"),
        )
        with st.container(horizontal=True, gap="small", key="classify_take"):
            for label, made, file, mime in offers:
                st.download_button(
                    label, made, file_name=f"cls-{file}", mime=mime, key=f"classify_{file}", on_click="ignore"
                )


def parquet(vectors: Floats, labels: Sequence[str]) -> bytes:
    """Features as a Parquet file: a column for the label, and one for each unit.

    Args:
        vectors: float32[texts, hidden].
        labels: name of each text's class.
    """
    import pandas as pd

    frame = pd.DataFrame(vectors, columns=[f"unit {k}" for k in range(vectors.shape[1])])
    frame.insert(0, "label", list(labels))
    file = io.BytesIO()
    frame.to_parquet(file, engine="pyarrow", index=False)
    return file.getvalue()


def arrays(vectors: Floats, labels: Sequence[str], found: Classifier) -> bytes:
    """Features as a NumPy archive: ``features``, ``labels``, and the rows of ``train`` and ``test``.

    Args:
        vectors: float32[texts, hidden].
        labels: name of each text's class.
        found: what was learned from them.
    """
    file = io.BytesIO()
    np.savez_compressed(file, features=vectors, labels=np.array(labels), train=found.train, test=found.test)
    return file.getvalue()
