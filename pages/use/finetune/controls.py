"""A training on the page: what is chosen, how it goes while one watches, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lib import escape, settings
from lib.app import choices, contents, datasets, parts, path, visits, work
from lib.app import models as reading_models
from lib.app.datasets import Chosen
from lib.checkpoints import Checkpoint
from lib.found import Found
from lib.jobs import Job
from lib.measures.classifier import splits
from lib.pooling import POOLINGS
from lib.quantities import count, duration
from lib.reading import Floats, Ints, Reading
from lib.store import Store
from lib.tuning import BATCHES, EPOCHS, PLACES, RATES, SEEDS, TEXTS, Recipe, Task, Through, Tuned, size
from lib.tuning import ahead as expected
from pages.use.finetune import exhibits, tuned, words
from pages.use.finetune.exhibits import Watched
from pages.use.finetune.measures import Frozen, ground, trained_probabilities

if TYPE_CHECKING:
    pass

MOST_SECONDS = 900.0
TRUSTED = 300.0  # seconds for which a measured time is taken as it is
AGAIN = 2.0  # seconds after which the losses are drawn anew, where nothing else is there to draw
WIDTH = 80  # letters of all classes together that stand side by side as buttons
OWN = 12  # texts of the visitor's that are labelled
BESIDE: Mapping[str, str] = MappingProxyType(
    {
        "Beside the original: what it attends to": "pages/watch/attention/page.py",
        "Beside the original: the journey": "pages/look/journey/page.py",
    }
)
RUNS = 12  # trainings of a visit that are listed
USUAL_TEXTS = 300  # learned from, unless another number is chosen

_OWN_KEY, _OWN_FEW, _SETUP = "finetune_key", "finetune_few", "open_setup"
_one_at_a_time = Lock()


_measured: Store[float] = Store(settings.memory("paces"))  # seconds that a training takes
_few: Store[Frozen] = Store(settings.memory("frozen"))


@dataclass(frozen=True, eq=False)
class Setup:
    """What a visitor has put together.

    Attributes:
        model: that is trained.
        chosen: the labelled texts.
        task: the same, split.
        recipe: how it is trained.
    """

    model: Checkpoint
    chosen: Chosen
    task: Task
    recipe: Recipe

    @property
    def key(self) -> tuple[Recipe, str]:
        """The same for the same training."""
        return self.recipe, self.chosen.key

    @property
    def named(self) -> str:
        """The training's name."""
        return self.recipe.named(self.chosen.key)

    def groups(self, tuned: Tuned) -> Ints:
        """int64[asked], which texts kept back belong together.

        Args:
            tuned: the training.
        """
        return np.array(self.chosen.data.groups)[tuned.asked]


def chosen() -> Setup:
    """What is trained, on which texts; where the texts cannot be split, a kind sentence, and the page ends there."""
    model = tuned.origin(choices.checkpoint())
    if datasets.lacks_file("finetune_data"):
        st.session_state.setdefault(_SETUP, True)  # what is missing is said and asked for in there
    with st.container(key="fold_setup"):
        drawer = st.expander(
            "Change the texts, the layers or how it is trained",
            expanded=bool(st.session_state.get(choices.OPEN)),
            key=_SETUP,
            on_change="rerun",
        )
    drawn = bool(drawer.open)
    with drawer:
        left, right = st.columns([1.2, 1], gap="large")
        with left:
            labelled = datasets.choose(model, key="finetune_data", below=drawer, drawn=drawn)
    if model != choices.checkpoint():
        parts.note(words.anew(choices.checkpoint(), model), key="finetune_anew")
    data = labelled.data
    labels: Ints = np.array(data.labels)
    with parts.or_end(key="few"):
        train, test = splits(labels, np.array(data.groups))[0]
    with right:
        return Setup(
            model,
            labelled,
            Task(data.texts, labels, data.classes, train, test),
            _recipe(model, len(train), drawn=drawn),
        )


def _recipe(model: Checkpoint, most: int, *, drawn: bool) -> Recipe:
    """How it is trained.

    Args:
        model: that is trained.
        most: texts that may be learned from.
        drawn: whether the controls are on screen now.
    """
    from lib.model.finetune import tops

    names: Mapping[Through, str] = {"cls": model.first_token, "mean": "mean", "place": "a position"}
    layers, place = tops(model.slug), 0
    through = choices.pick(
        "Through which vector",
        tuple(names),
        key="finetune_through",
        default="cls",
        names=names.__getitem__,
        drawn=drawn,
    )
    if through == "place":
        place = choices.pick(
            "Position",
            range(PLACES),
            key="finetune_place",
            default=1,
            form="slider",
            drawn=drawn,
            help=f"0 is {escape.markdown(model.first_token)}. A shorter text gives its last token.",
        )
    sizes = (*(size for size in TEXTS if size < most), min(most, TEXTS[-1]))
    usual = max((size for size in sizes if size <= USUAL_TEXTS), default=sizes[0])
    top = choices.pick(
        "Layers trained, from the last",
        layers,
        key="finetune_top",
        default=layers[0],
        form="slider",
        names=lambda k: f"all {k}" if k == model.layers else str(k),
        drawn=drawn,
    )
    drawer = st.popover("Epochs, rate, texts, seed", key="finetune_more", on_change="rerun")
    shown = drawn and bool(drawer.open)
    with drawer:
        epochs = choices.pick("Epochs", EPOCHS, key="finetune_epochs", default=3, drawn=shown)
        rate = choices.pick(
            "Learning rate at its highest",
            RATES,
            key="finetune_rate",
            default=3e-4,
            names=lambda k: f"{k:g}",
            drawn=shown,
        )
        texts = choices.pick("Texts learned from", sizes, key="finetune_texts", default=usual, form="menu", drawn=shown)
        batch = choices.pick("Texts a step", BATCHES, key="finetune_batch", default=16, drawn=shown)
        seed = choices.pick("Seed", range(SEEDS), key="finetune_seed", default=0, form="menu", drawn=shown)
    return Recipe(model.slug, through, place, top, epochs, rate, batch, texts, seed)


def frozen(picked: Setup) -> Frozen:
    """What a classifier tells from the untrained model's vectors; computed once.

    Args:
        picked: what was put together.
    """
    from lib.model import encode
    from lib.model.finetune import drawn

    recipe, task = picked.recipe, picked.task
    learned, asked = drawn(recipe, task)

    def made() -> Frozen:
        some, rows = np.concatenate([learned, asked]), np.arange(len(learned) + len(asked))
        with st.spinner(f"Computing the vectors of {count(len(some))} labelled texts, before any training…"):
            vectors = encode(
                recipe.slug, [task.texts[k] for k in some.tolist()], poolings=("cls", "mean"), layers=(-1,)
            )
        first, mean = (
            ground(vectors[way, -1], task.labels[some], rows[: len(learned)], rows[len(learned) :])
            for way in ("cls", "mean")
        )
        return Frozen(first, mean)

    return _kept(picked.chosen, (recipe.slug, picked.chosen.key, recipe.texts, recipe.seed), made)


def run(picked: Setup, untrained: Frozen) -> Watched | None:
    """What came of it; None until it is done: then it shows what it would do, or how far it is.

    Args:
        picked: what was put together.
        untrained: what it is held against.
    """
    recipe, task, key = picked.recipe, picked.task, picked.key
    try:
        seconds = 0.0 if work.begun("finetune", key) else _time(picked)
        if seconds > MOST_SECONDS:
            raise ValueError(words.too_long(seconds, MOST_SECONDS))
    except ValueError as problem:
        parts.note(str(problem), key="finetune")
        return None
    return work.watched(
        "finetune",
        key,
        _made(picked, untrained),
        start=f"Train, about {duration(seconds)}",
        about=words.plan(size(recipe, task)),
        live=lambda so_far: progress(picked, so_far, len(so_far.tuned.moments) - 1, done=False),
        keep=not picked.chosen.private,
    )


def _time(picked: Setup) -> float:
    """How long it will take, measured for all who choose the same, and now and then anew: load comes and goes."""
    from lib.model.finetune import seconds

    def made() -> float:
        with _one_at_a_time, st.spinner("Measuring how fast this machine is…"):
            return seconds(picked.recipe, picked.task)

    lately = int(time.monotonic() // TRUSTED)
    return _measured.take((replace(picked.recipe, seed=0), picked.chosen.key, lately), made)


def _made(picked: Setup, untrained: Frozen) -> work.Work[Watched]:
    recipe, task = picked.recipe, picked.task

    def made(job: Job[Watched]) -> Watched:
        from lib.model.finetune import STEPS, finetune, moments

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
                news, seen, shown_at = Watched(so_far, untrained), len(so_far.moments), time.monotonic()
            job.report(done, of, note, news, ahead=ahead)

        return Watched(finetune(recipe, task, tell=tell, unwanted=lambda: job.unwanted), untrained)

    return made


def moment(watched: Watched) -> int:
    """Which moment is looked at: a slider from before to after."""
    moments = watched.tuned.moments
    return choices.pick(
        "Steps made",
        range(len(moments)),
        key="finetune_moment",
        default=len(moments) - 1,
        form="slider",
        names=lambda k: "before" if k == 0 else str(moments[k].step),
    )


def progress(picked: Setup, watched: Watched, now: int, *, done: bool) -> None:
    """How it goes: the accuracy, and the first token's vectors on their map.

    Args:
        picked: what was put together.
        watched: the training, whole or not.
        now: the moment that is looked at.
        done: whether the training is, so that the numbers can be asked for.
    """
    run, model = watched.tuned, picked.model
    right, _ = exhibits.curves(watched, now, picked.groups(run), model)
    points, _ = exhibits.maps(watched, now, picked.task, model)
    for column, each in zip(st.columns(2, gap="large"), (right, points), strict=True):
        with column:
            parts.picture(each)
            parts.say(each.sentence, key=each.name)
            if done:
                parts.numbers(each)
    if sentence := words.cut(run, model):
        parts.caution(sentence, key="finetune_cut")


def inside(picked: Setup, watched: Watched, now: int) -> None:
    """More of how it went: the loss, the mean's vectors on their map, what the first token attends to.

    Args:
        picked: what was put together.
        watched: the training.
        now: the moment that is looked at.
    """
    run, model = watched.tuned, picked.model
    _, loss = exhibits.curves(watched, now, picked.groups(run), model)
    _, points = exhibits.maps(watched, now, picked.task, model)
    for column, each in zip(st.columns(2, gap="large"), (loss, points), strict=True):
        with column:
            parts.show(each)
    st.markdown(words.axes(len(picked.task.classes)))
    parts.show(exhibits.attends_to(run, now, model))


def gradients(picked: Setup, untrained: Frozen, reading: Reading) -> Floats:
    """Shows how far the loss reaches in the first text on screen.

    Args:
        picked: what was put together.
        untrained: whose classifiers' loss it is.
        reading: of the texts on screen.

    Returns:
        float32[layers+1, tokens], the lengths of the gradients.
    """
    from lib.model.gradients import pushes

    classes, recipe, encoding = picked.task.classes, picked.recipe, reading.encoding
    names: Mapping[Through, str] = {
        "cls": picked.model.first_token,
        "mean": "mean",
        **({"place": f"position {recipe.place}"} if recipe.through == "place" else {}),
    }
    with st.container(horizontal=True, gap="medium"):
        through = choices.pick(
            "The loss comes in through", tuple(names), key="finetune_loss", default="cls", names=names.__getitem__
        )
        label = choices.pick(
            "Label of the text",
            range(len(classes)),
            key="finetune_label",
            default=0,
            names=classes.__getitem__,
            form="buttons" if len("".join(classes)) < WIDTH else "menu",
        )
    head = untrained.of(through)
    encoding, lengths = pushes(
        recipe.slug,
        encoding.texts[0],
        (head.weights, head.biases),
        label,
        pair=encoding.pairs[0],
        through=through,
        place=recipe.place,
    )
    parts.show(exhibits.gradients(lengths, encoding, through, picked.model))
    return lengths


def _kept(chosen: Chosen, key: Hashable, made: Callable[[], Frozen]) -> Frozen:
    """What was made once: for everybody, or where the texts are a visitor's own for as long as they are here."""
    if not chosen.private:
        return _few.take(key, made)
    own = visits.own()
    if own.get(_OWN_KEY) != key:
        own[_OWN_KEY], own[_OWN_FEW] = key, made()
    return own[_OWN_FEW]


def note_run(picked: Setup, watched: Watched) -> None:
    """Notes a training among those of this visit."""
    _runs()[picked.key] = words.run(watched.tuned, watched.frozen.right, picked.chosen.name, picked.model)


def runs() -> None:
    """All trainings of this visit, one a line, where there are several."""
    if len(_runs()) > 1:
        st.markdown("Your trainings, the last ones first:")
        heads = ("texts", "through", "trained", "how", "untrained", "accuracy")
        parts.lines([*_runs().values()][::-1][:RUNS], heads=heads, code=False, key="runs")


def _runs() -> dict[Hashable, tuple[str, ...]]:
    kept: dict[Hashable, tuple[str, ...]] = visits.own().setdefault("finetune_runs", {})
    return kept


def offered(picked: Setup, watched: Watched) -> Checkpoint | None:
    """The trained model as all pages can read with it; None where it is too large to be kept, and that is said."""
    try:
        return tuned.offer(watched.tuned, picked.chosen, picked.named)
    except ValueError as problem:
        parts.note(str(problem), key="finetune_large")
        return None


def own(picked: Setup, watched: Watched, entry: Checkpoint, reading: Reading) -> None:
    """What the frozen and the trained model say of the texts on screen.

    Args:
        watched: the training.
        entry: the trained model.
        reading: of their texts.
    """
    from lib.model import read

    recipe, texts, pairs = watched.tuned.recipe, reading.encoding.texts[:OWN], reading.encoding.pairs[:OWN]
    way = "mean" if recipe.through == "mean" else "cls"
    before = watched.frozen.of(recipe.through).probabilities(
        POOLINGS[way].pool(read(recipe.slug, texts, pairs=pairs, attention="none"))
    )
    now = read(entry.slug, texts, pairs=pairs, attention="none")
    after = trained_probabilities(watched.tuned, now.encoding, now.last_hidden_state)
    parts.lines(
        words.own(texts, before, after, picked.task.classes),
        heads=("text", "untrained", "trained"),
        code=False,
        key="finetune_own",
    )
    st.markdown(words.weights(entry, watched.tuned))


def take_along(picked: Setup, watched: Watched, entry: Checkpoint) -> None:
    """The trained model on every other page, beside the one it was, and as a file.

    Args:
        watched: the training.
        entry: the trained model.
    """
    st.markdown(words.kept(entry))
    with st.container(horizontal=True, gap="small", key="finetune_take"):
        ask = partial(reading_models.ask, entry.slug)
        st.button("Use it on every page", key="finetune_read", on_click=ask)
        for label, page in BESIDE.items():
            if st.button(label, key=f"finetune_{Path(page).parent.name}"):
                choices.ask(choices.BESIDE, "models")
                choices.ask(choices.SECOND, entry.slug)
                stem = Path(page).parent.name
                if stem in contents.STEPS and not path.found().get(stem, Found()).guess:
                    choices.ask(f"{stem}_guess", parts.PASSED)  # who comes to compare two models sees them at once
                choices.go(page)
        try:
            megabytes = tuned.size(watched.tuned.recipe.slug)
        except ValueError as problem:
            parts.note(str(problem), key="finetune_zip")
            return
        st.download_button(
            f"Model and card, {count(megabytes)} MB",
            partial(tuned.package, watched.tuned, picked.task, picked.chosen),
            file_name=tuned.file_name(watched.tuned, picked.named),
            mime="application/zip",
            key="finetune_zip",
            on_click="ignore",
        )


def proofs(picked: Setup, watched: Watched | None, lengths: Floats) -> list[parts.Proof]:
    """What the page proves of its own pictures.

    Args:
        watched: the training; None where there is none yet.
        lengths: float32[layers+1, tokens], the lengths of the gradients.
    """
    proofs = [words.reached(lengths)]
    if watched is not None:
        from lib.model import read

        run, still = watched.tuned, picked.model.layers - watched.tuned.recipe.top
        start, end = run.moments[0], run.moments[-1]
        now = read(run.recipe.slug, [picked.task.texts[run.asked[0]]], attention="none").cls[-1, 0]
        apart = float(np.abs(now - start.cls[0]).max()) if not run.cut else 0.0
        proofs += words.proofs(
            start.loss, len(picked.task.classes), np.abs(end.attends_to - start.attends_to)[:still], apart, picked.model
        )
    return [parts.Proof(*each) for each in proofs]
