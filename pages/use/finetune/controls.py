"""A training on the page: what is chosen, how it goes while one watches, and what it left behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lib import escape, settings
from lib.app import choices, datasets, look, parts, visits, work
from lib.app import models as reading_models
from lib.checkpoints import Checkpoint
from lib.jobs import Job
from lib.measures.classifier import softmax, splits
from lib.measures.probe import score
from lib.measures.vectors import Flags
from lib.pooling import POOLINGS
from lib.quantities import count, duration, plural
from lib.reading import Floats, Ints, Reading
from lib.store import Store
from lib.tuning import BATCHES, EPOCHS, PLACES, RATES, SEEDS, SHOWN, TEXTS, Recipe, Task, Through, Tuned, size, weights
from lib.tuning import ahead as expected
from pages.use.finetune import figures, tuned
from pages.use.finetune import words as said
from pages.use.finetune.measures import Ground, apart, ground

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

MOST_SECONDS = 900.0
TRUSTED = 300.0  # seconds for which a measured time is taken as it is
TIMED = 32  # texts by which it is told how long the frozen model takes for all
AGAIN = 2.0  # seconds after which the losses are drawn anew, where nothing else is there to draw
WIDTH = 80  # letters of all classes together that stand side by side as buttons
OWN = 12  # texts of the visitor's that are labelled
BESIDE: Mapping[str, str] = MappingProxyType(
    {
        "Beside the original: what it reads": "pages/watch/attention/page.py",
        "Beside the original: the journey": "pages/look/journey/page.py",
    }
)
RUNS = 12  # trainings of a visit that are listed
FEW = 300  # texts that the classifier learns from whose loss is followed down
USUAL_TEXTS = 500  # learned from, unless another number is chosen

_OWN_KEY, _OWN_FEW = "finetune_key", "finetune_few"
_one_at_a_time = Lock()


@dataclass(frozen=True, eq=False)
class Frozen:
    """What the frozen model's vectors give.

    Attributes:
        cls: its first token.
        mean: its mean.
    """

    cls: Ground
    mean: Ground

    def of(self, through: Through) -> Ground:
        """What a training through a vector is held against; the first token's for any other position."""
        return self.mean if through == "mean" else self.cls

    @property
    def right(self) -> tuple[Flags, Flags]:
        """bool[asked] twice, what the first token and the mean tell right."""
        return self.cls.right, self.mean.right


_measured: Store[float] = Store(settings.memory("paces"))  # seconds that a training takes
_few: Store[Frozen] = Store(settings.memory("frozen"))


@dataclass(frozen=True, eq=False)
class Watched:
    """A training, as far as it has come, and what it is held against.

    Attributes:
        tuned: the training.
        frozen: what the model gave before it.
    """

    tuned: Tuned
    frozen: Frozen


def _frozen(
    slug: str, task: Task, learned: Ints, asked: Ints, progress: Callable[[int, int], None] | None = None
) -> Frozen:
    """What the frozen model's first token gives, and its mean."""
    from lib.model import encode

    some, rows = np.concatenate([learned, asked]), np.arange(len(learned) + len(asked))
    frozen = encode(slug, [task.texts[k] for k in some], poolings=("cls", "mean"), layers=(-1,), progress=progress)
    return Frozen(
        *(
            ground(frozen[way, -1], task.labels[some], rows[: len(learned)], rows[len(learned) :])
            for way in ("cls", "mean")
        )
    )


class Training:
    """A training that a visitor puts together, waits for and looks at."""

    def __init__(self, left: DeltaGenerator, right: DeltaGenerator, below: DeltaGenerator) -> None:
        """Draws what is chosen; where the texts cannot be split, a kind sentence, and the page ends there.

        Args:
            left: a place for the choice of texts.
            right: a place beside it for all others.
            below: a wide place for what a file needs.
        """
        self.model = tuned.origin(choices.checkpoint())
        with left:
            self.chosen = chosen = datasets.choose(self.model, key="finetune_data", below=below)
        if self.model != choices.checkpoint():
            with below:
                parts.note(said.anew(choices.checkpoint(), self.model), key="finetune_anew")
        labels: Ints = np.array(chosen.data.labels)
        self._groups: Ints = np.array(chosen.data.groups)
        try:
            train, test = splits(labels, self._groups)[0]
        except ValueError as problem:
            parts.note(str(problem), key="few")
            parts.end()
        self.task = Task(chosen.data.texts, labels, chosen.data.classes, train, test)
        with right:
            self.recipe = self._chosen(len(train))

    def _chosen(self, most: int) -> Recipe:
        from lib.model.finetune import tops

        names: Mapping[Through, str] = {"cls": self.model.first_token, "mean": "mean", "place": "a position"}
        layers, place = tops(self.model.slug), 0
        through = choices.pick(
            "Through which vector", tuple(names), key="finetune_through", default="cls", names=names.__getitem__
        )
        if through == "place":
            place = choices.pick(
                "Position",
                range(PLACES),
                key="finetune_place",
                default=1,
                form="slider",
                help=f"0 is {escape.markdown(self.model.first_token)}. A shorter text gives its last token.",
            )
        sizes = (*(size for size in TEXTS if size < most), min(most, TEXTS[-1]))
        usual = max((size for size in sizes if size <= USUAL_TEXTS), default=sizes[0])
        top = choices.pick(
            "Layers trained, from the last",
            layers,
            key="finetune_top",
            default=layers[0],
            form="slider",
            names=lambda k: f"all {k}" if k == self.model.layers else str(k),
        )
        drawer = st.popover("Epochs, rate, texts, seed", key="finetune_more", on_change="rerun")
        with drawer:
            epochs = choices.pick("Epochs", EPOCHS, key="finetune_epochs", default=5, drawn=drawer.open)
            rate = choices.pick(
                "Learning rate at its highest",
                RATES,
                key="finetune_rate",
                default=3e-4,
                names=lambda k: f"{k:g}",
                drawn=drawer.open,
            )
            texts = choices.pick(
                "Texts learned from", sizes, key="finetune_texts", default=usual, form="menu", drawn=drawer.open
            )
            batch = choices.pick("Texts a step", BATCHES, key="finetune_batch", default=16, drawn=drawer.open)
            seed = choices.pick("Seed", range(SEEDS), key="finetune_seed", default=0, form="menu", drawn=drawer.open)
        return Recipe(self.model.slug, through, place, top, epochs, rate, batch, texts, seed)

    # The run

    def run(self) -> Watched | None:
        """What came of it; None until it is done: then it shows what it would do, or how far it is."""
        recipe, task = self.recipe, self.task
        key = (recipe, self.chosen.key)
        try:
            seconds = 0.0 if work.begun("finetune", key) else self._seconds()
            if seconds > MOST_SECONDS:
                raise ValueError(said.too_long(seconds, MOST_SECONDS))
        except ValueError as problem:
            parts.note(str(problem), key="finetune")
            return None
        return work.watched(
            "finetune",
            key,
            self._made(),
            start=f"Train, about {duration(seconds)}",
            about=said.plan(recipe, size(recipe, task), seconds, self.model),
            live=lambda so_far: self.progress(so_far, len(so_far.tuned.moments) - 1),
            keep=not self.chosen.private,
        )

    def _seconds(self) -> float:
        """How long it will take, measured for all who choose the same, and now and then anew: load comes and goes."""
        from lib.model.finetune import seconds

        def made() -> float:
            with _one_at_a_time, st.spinner("Measuring how fast this machine is…"):
                return seconds(self.recipe, self.task) + self._frozen_seconds()

        lately = int(time.monotonic() // TRUSTED)
        return _measured.take((replace(self.recipe, seed=0), self.chosen.key, lately), made)

    def _frozen_seconds(self) -> float:
        """How long the frozen model takes for all texts, as some of them show."""
        from lib.model import encode
        from lib.model.finetune import drawn

        learned, asked = drawn(self.recipe, self.task)
        some = [self.task.texts[k] for k in asked[:TIMED]]
        start = time.perf_counter()
        encode(self.recipe.slug, some, poolings=("cls", "mean"), layers=(-1,))
        return (time.perf_counter() - start) / len(some) * (len(learned) + len(asked))

    def _made(self) -> work.Work[Watched]:
        recipe, task = self.recipe, self.task

        def made(job: Job[Watched]) -> Watched:
            from lib.model.finetune import STEPS, drawn, finetune, moments

            learned, asked = drawn(recipe, task)
            frozen = _frozen(
                recipe.slug, task, learned, asked, lambda done, of: job.report(done, of, "Read by the frozen model")
            )
            seen, shown_at = 0, time.monotonic()
            took: list[tuple[float, bool]] = []  # by step
            looks, ticked = len(moments(size(recipe, task)[2])), shown_at

            def tell(done: int, of: int, note: str, so_far: Tuned | None) -> None:
                nonlocal seen, shown_at, ticked
                news, ahead = None, None
                if so_far and note == STEPS:
                    took.append((time.monotonic() - ticked, len(so_far.moments) > seen))
                    if done:
                        ahead = expected(took, of - done, looks + 1 - len(so_far.moments))
                ticked = time.monotonic()
                if so_far and (len(so_far.moments) > seen or time.monotonic() > shown_at + AGAIN):
                    news, seen, shown_at = Watched(so_far, frozen), len(so_far.moments), time.monotonic()
                job.report(done, of, note, news, ahead=ahead)

            return Watched(finetune(recipe, task, tell=tell, unwanted=lambda: job.unwanted), frozen)

        return made

    # What there is to see

    def moment(self, found: Watched) -> int:
        """Which moment is looked at: a slider from before to after."""
        moments = found.tuned.moments
        return choices.pick(
            "Steps made",
            range(len(moments)),
            key="finetune_moment",
            default=len(moments) - 1,
            form="slider",
            names=lambda k: "before" if k == 0 else str(moments[k].step),
        )

    def progress(self, found: Watched, now: int) -> None:
        """How it goes: right answers and loss, the two maps, what is read.

        Args:
            found: the training, whole or not.
            now: the moment that is looked at.
        """
        self.curves(found, now)
        self.maps(found, now)
        st.markdown(said.axes(len(self.task.classes)))
        self.reads(found, now)

    def curves(self, found: Watched, now: int) -> None:
        """Loss and right answers by step."""
        run, palette = found.tuned, look.palette()
        at = np.array([moment.step for moment in run.moments])
        right = np.array([moment.right.mean() for moment in run.moments])
        held = np.array([moment.loss for moment in run.moments])
        groups = self._groups[run.asked]
        sentence = said.progress(run, now, found.frozen.right, groups, self.model)
        within = score(run.moments[now].right[None], groups)
        first = self.model.first_token
        beats = [
            figures.Beat(f"frozen {first}", float(found.frozen.cls.right.mean()), first=True),
            figures.Beat("frozen mean", float(found.frozen.mean.right.mean()), first=False),
        ]
        left, middle = st.columns(2, gap="large")
        with left:
            parts.chart(
                figures.accuracy(
                    at,
                    right,
                    (within.low, within.high),
                    first,
                    beats,
                    steps=run.steps,
                    first=run.recipe.through == "cls",
                    now=now,
                    palette=palette,
                ),
                alt=sentence,
                name="finetune-right",
            )
        with middle:
            parts.chart(
                figures.losses(
                    run.losses, at, held, float(np.log(len(self.task.classes))), steps=run.steps, palette=palette
                ),
                alt=sentence,
                name="finetune-loss",
            )
        parts.say(sentence, key="progress")
        if words := said.cut(run, self.model):
            parts.caution(words, key="finetune_cut")

    def maps(self, found: Watched, now: int) -> None:
        """The texts kept back, by the first token and by the mean, on planes that stay."""
        run, labels, palette = found.tuned, self._shown(found.tuned), look.palette()
        moments = run.moments
        texts = [self.task.texts[k] for k in run.asked[:SHOWN]]
        ways: Sequence[tuple[Ground, list[Floats], str]] = (
            (found.frozen.cls, [moment.cls for moment in moments], self.model.first_token),
            (found.frozen.mean, [moment.mean for moment in moments], "mean"),
        )
        before, after = ([apart(vectors[k], labels) for _, vectors, _ in ways] for k in (0, now))
        sentence = said.parted(before, after, moments[now].step, self.model)
        for column, (way, vectors, name) in zip(st.columns(2, gap="large"), ways, strict=True):
            places = [way.places(each) for each in vectors]
            reach = 1.07 * np.max([np.abs(each).max(axis=0) for each in places], axis=0)
            with column:
                st.markdown(said.mapped(name, moments[now].step))
                parts.chart(
                    figures.points(
                        places[now],
                        labels,
                        moments[now].right[:SHOWN],
                        texts,
                        self.task.classes,
                        reach,
                        first=way is found.frozen.cls,
                        x=said.axis(self.task.classes),
                        palette=palette,
                    ),
                    alt=sentence,
                    name=f"finetune-map-{'cls' if way is found.frozen.cls else 'mean'}",
                )
        parts.say(sentence, key="parted")

    def reads(self, found: Watched, now: int) -> None:
        """What the first token reads in each layer, before and at that moment."""
        run = found.tuned
        before, after = run.moments[0].reads, run.moments[now].reads
        sentence = said.reading(before, after, run.moments[now].step, run.recipe, self.model)
        parts.chart(figures.reads(before, after, run.recipe.top, look.palette()), alt=sentence, name="finetune-reads")
        parts.say(sentence, key="reads")

    def numbers(self, found: Watched) -> None:
        """The numbers behind the pictures."""
        run, labels = found.tuned, self._shown(found.tuned)
        parts.data(
            lambda: [
                ("steps", [moment.step for moment in run.moments]),
                ("right", [float(moment.right.mean()) for moment in run.moments]),
                ("loss", [moment.loss for moment in run.moments]),
                *(
                    (f"between classes, {name}", [apart(getattr(moment, way), labels) for moment in run.moments])
                    for way, name in (("cls", self.model.first_token), ("mean", "mean"))
                ),
                *(
                    (f"reads itself in layer {layer}", [float(moment.reads[layer - 1, 0]) for moment in run.moments])
                    for layer in range(1, self.model.layers + 1)
                ),
            ],
            name="finetune",
            about="At each moment: share of the texts kept back that is told right (0 to 1), their loss (nats a text), "
            "the share of spread between the classes, and what the first token reads of itself by layer (0 to 1).",
        )

    def _shown(self, tuned: Tuned) -> Ints:
        return self.task.labels[tuned.asked[:SHOWN]]

    # Where the loss pushes

    def touches(self, reading: Reading) -> Floats:
        """The gradient at every layer and token of the visitor's first text.

        Args:
            reading: of their texts.

        Returns:
            float32[layers+1, tokens], its lengths.
        """
        from lib.model.finetune import drawn
        from lib.model.gradients import pushes

        classes, recipe, encoding = self.task.classes, self.recipe, reading.encoding
        names: Mapping[Through, str] = {
            "cls": self.model.first_token,
            "mean": "mean",
            **({"place": f"position {recipe.place}"} if recipe.through == "place" else {}),
        }
        with st.container(horizontal=True, gap="medium"):
            through = choices.pick(
                "The loss comes in through", tuple(names), key="finetune_loss", default="cls", names=names.__getitem__
            )
            label = choices.pick(
                "Say that your text is",
                range(len(classes)),
                key="finetune_label",
                default=0,
                names=classes.__getitem__,
                form="buttons" if len("".join(classes)) < WIDTH else "menu",
            )

        def made() -> Frozen:
            learned, asked = drawn(replace(recipe, texts=FEW), self.task)
            return _frozen(recipe.slug, self.task, learned, asked[:1])

        head = self._kept((recipe.slug, self.chosen.key), made).of(through)
        encoding, slopes = pushes(
            recipe.slug,
            encoding.texts[0],
            (head.weights, head.biases),
            label,
            pair=encoding.pairs[0],
            through=through,
            place=recipe.place,
        )
        sentence = said.pushes(slopes, encoding, through, recipe.top, self.model)
        parts.chart(
            figures.pushes(slopes, [escape.visible(token) for token in encoding.tokens[0]], look.palette()),
            alt=sentence,
            name="finetune-pushes",
        )
        parts.say(sentence, key="pushes")
        parts.data(
            lambda: {
                "token": [escape.visible(token) for token in encoding.tokens[0]],
                **{f"layer {layer}": row.tolist() for layer, row in enumerate(slopes)},
            },
            name="finetune-pushes",
            about="Length of the loss’s gradient at each token’s vector, by layer; 0 is an exact zero.",
        )
        return slopes

    def _kept(self, key: Hashable, made: Callable[[], Frozen]) -> Frozen:
        """What was made once: for everybody, or where the texts are a visitor's own for as long as they are here."""
        if not self.chosen.private:
            return _few.take(key, made)
        own = visits.own()
        if own.get(_OWN_KEY) != key:
            own[_OWN_KEY], own[_OWN_FEW] = key, made()
        return own[_OWN_FEW]

    # What follows

    def runs(self, found: Watched) -> None:
        """All trainings of this visit, one a line, where there are several."""
        kept: dict[Hashable, tuple[str, ...]] = visits.own().setdefault("finetune_runs", {})
        kept[(found.tuned.recipe, self.chosen.key)] = said.run(
            found.tuned, found.frozen.right, self.chosen.name, self.model
        )
        if len(kept) > 1:
            st.markdown("Your trainings, the last ones first:")
            heads = ("texts", "through", "trained", "how", "frozen", "right")
            parts.lines([*kept.values()][::-1][:RUNS], heads=heads, code=False, key="runs")

    def offered(self, found: Watched) -> Checkpoint | None:
        """The trained model as all pages can read with it; None where it is too large to be kept, and that is said."""
        try:
            return tuned.offer(found.tuned, self.chosen, self._named(found))
        except ValueError as problem:
            parts.note(str(problem), key="finetune_large")
            return None

    def own(self, found: Watched, entry: Checkpoint, reading: Reading) -> None:
        """What the frozen and the trained model say of the visitor's texts.

        Args:
            found: the training.
            entry: the trained model.
            reading: of their texts.
        """
        from lib.model import read

        recipe, texts, pairs = found.tuned.recipe, reading.encoding.texts[:OWN], reading.encoding.pairs[:OWN]
        way = "mean" if recipe.through == "mean" else "cls"
        before = found.frozen.of(recipe.through).chances(
            POOLINGS[way].pool(read(recipe.slug, texts, pairs=pairs, attention="none"))
        )
        now = read(entry.slug, texts, pairs=pairs, attention="none")
        share = weights(now.encoding, recipe.through, recipe.place)  # float32[texts, tokens]
        after = softmax(found.tuned.scores(np.einsum("bt,bth->bh", share, now.last_hidden_state)))
        parts.lines(
            said.own(texts, before, after, self.task.classes),
            heads=("your text", "frozen", "trained"),
            code=False,
            key="finetune_own",
        )

    def take_along(self, found: Watched, entry: Checkpoint) -> None:
        """The trained model on every other page, beside the one it was, and as a file.

        Args:
            found: the training.
            entry: the trained model.
        """
        st.markdown(said.kept(entry, found.tuned))
        with st.container(horizontal=True, gap="small", key="finetune_take"):
            ask = partial(reading_models.ask, entry.slug)
            st.button("Read with it on every page", key="finetune_read", on_click=ask)
            for label, page in BESIDE.items():
                if st.button(label, key=f"finetune_{Path(page).parent.name}"):
                    choices.ask(choices.BESIDE, "models")
                    choices.ask(choices.SECOND, entry.slug)
                    choices.go(page)
            try:
                megabytes = tuned.size(found.tuned.recipe.slug)
            except ValueError as problem:
                parts.note(str(problem), key="finetune_zip")
                return
            st.download_button(
                f"Model and card, {count(megabytes)} MB",
                partial(tuned.package, found.tuned, self.task, self.chosen),
                file_name=tuned.file_name(found.tuned, self._named(found)),
                mime="application/zip",
                key="finetune_zip",
                on_click="ignore",
            )

    def _named(self, found: Watched) -> str:
        return found.tuned.recipe.named(self.chosen.key)

    def verdict(self, found: Watched, guess: str) -> None:
        """Whether training made the vector tell what no frozen one did."""
        kind, claim, because = said.verdict(
            found.tuned, found.frozen.right, self._groups[found.tuned.asked], self.model
        )
        parts.verdict(
            kind,
            claim,
            because,
            key="finetune",
            guess=guess,
            on=plural(len(found.tuned.asked), "text") + " kept back",
        )

    def proofs(self, found: Watched | None, slopes: Floats) -> list[parts.Proof]:
        """What the page proves of its own pictures.

        Args:
            found: the training; None where there is none yet.
            slopes: float32[layers+1, tokens], as :meth:`touches` gives them.
        """
        proofs = [said.reached(slopes)]
        if found is not None:
            from lib.model import read

            run, still = found.tuned, self.model.layers - found.tuned.recipe.top
            start, end = run.moments[0], run.moments[-1]
            now = read(run.recipe.slug, [self.task.texts[run.asked[0]]], attention="none").cls[-1, 0]
            apart = float(np.abs(now - start.cls[0]).max()) if not run.cut else 0.0
            proofs += said.proofs(
                start.loss, len(self.task.classes), np.abs(end.reads - start.reads)[:still], apart, self.model
            )
        return [parts.Proof(*each) for each in proofs]
