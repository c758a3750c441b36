"""Several visitors read with one model at once, and each gets what they would have got alone, to the last bit."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import itertools
import pkgutil
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
import torch

import lib.model
from lib import checkpoints
from lib.checkpoints import TUNED, Checkpoint, Hub, Trained
from lib.edits import Cut, Shift, Silence, edit
from lib.model import (
    bertviz,
    describing,
    editing,
    embeddings,
    fetching,
    finetune,
    gradients,
    heads,
    hub,
    ledger,
    lending,
    opening,
    outputs,
    passes,
    pooler,
    precision,
    slices,
    threads,
    tokenizing,
    tuned,
    vocabulary,
)
from lib.reading import Request
from lib.tuning import Recipe, Task, Tuned
from tests.hub import serving

VISITORS, ROUNDS = 6, 4
ONCE = ("finetune.", "hub.download", "tuned.bundle", "bertviz.html", "opening.drop")  # too long for every round
TEXTS = (
    "the film was good .",
    "water",
    "one two three two one two three light water light",
    "the book was bad , and it was not the one we wanted .",
    "a light",
    "we wanted the film , we wanted the book , we wanted water .",
)
FAMILIES = ("tiny-bert", "tiny-albert")  # a module a layer, and one for all layers
TAUGHT = next(iter(checkpoints.STEPS))  # the tiny models have no heads
LENT = ("Lent", "PreTrainedModel", "PreTrainedTokenizerFast")  # who is given one of these has it from a loan


@dataclass(frozen=True)
class Visitor:
    """One of several who read with the same model, each a text of their own."""

    number: int
    slug: str
    hub: Hub

    @property
    def text(self) -> str:
        return TEXTS[self.number]

    @property
    def texts(self) -> list[str]:
        """One text more for each visitor, so that no two read a batch of one shape."""
        return [self.text, *TEXTS[: self.number]]

    @property
    def recipe(self) -> Recipe:
        return Recipe(self.slug, top=max(finetune.tops(self.slug)), epochs=1, rate=1e-2, batch=4, seed=self.number)

    @property
    def task(self) -> Task:
        words = [f"{self.text} {text}" for text in TEXTS]
        return Task(tuple(words), np.array([0, 1] * 3), ("good", "bad"), np.arange(4), np.arange(4, 6))

    @property
    def changes(self) -> object:
        return edit(Silence(1, (1 + self.number % 2,)), Cut("first", "others", layers=(2,)))

    def ids(self) -> np.ndarray:
        return passes.tokenized(self.slug, [self.text]).input_ids[0]

    def kept(self) -> Checkpoint:
        """A training of this visitor's own, ready to read with."""
        entry = replace(
            checkpoints.checkpoint(self.slug),
            slug=f"{TUNED}{next(NAMES):012x}",
            where=Trained(self.slug),
        )
        opening.keep(entry, self.trained)
        return entry

    @cached_property
    def trained(self) -> Tuned:
        return finetune.finetune(self.recipe, self.task)


NAMES = itertools.count()


def _kept(visitor: Visitor) -> object:
    entry = visitor.kept()
    try:
        return passes.read(entry.slug, visitor.texts).hidden_states
    finally:
        opening.drop(entry.slug)


def _downloaded(visitor: Visitor) -> object:
    folder = hub.download(visitor.hub, tell=lambda *_: None, unwanted=lambda: False)
    return sorted((each.name, each.read_bytes()) for each in folder.iterdir())


def _weights(visitor: Visitor) -> Path:
    return checkpoints.CHECKPOINTS[visitor.slug].where.path() / "model.safetensors"


def _roomy(_visitor: Visitor) -> int:
    with threads.leaving_room():
        return torch.get_num_threads()


def _alone(_visitor: Visitor) -> int:
    with threads.alone():
        return torch.get_num_threads()


def _vectors(visitor: Visitor) -> np.ndarray:
    """Five of this visitor's own, as wide as the model that has heads."""
    return np.random.default_rng(visitor.number).standard_normal((5, 384), np.float32)


# every function that lib.model has for others, and what a visitor does with it
CALLS: Mapping[str, Callable[[Visitor], object]] = {
    "bertviz.lines": lambda one: bertviz.lines(2, 2, one.number),
    "bertviz.size": lambda one: bertviz.size(2, 2, one.number),
    "bertviz.seconds": lambda one: bertviz.seconds(2, 2, one.number, "head"),
    "bertviz.height": lambda one: bertviz.height(2, 2, one.number, "model"),
    "bertviz.hashes": lambda one: bertviz.hashes(f"<script>{one.number}</script>"),
    "bertviz.html": lambda one: bertviz.html(passes.read(one.slug, [one.text]), 0, "head", "light", layers=(1, 2)),
    "describing.check_size": lambda one: describing.check_size(one.number),
    "describing.check_config": lambda one: describing.check_config(_weights(one).parent),
    "editing.unmasked": lambda one: editing.unmasked(passes.tokenized(one.slug, one.texts), [one.changes] * 6),
    "embeddings.parts": lambda one: embeddings.parts(one.slug, one.ids(), np.zeros_like(one.ids())),
    "fetching.fetch": lambda one: fetching.fetch(one.slug),
    "finetune.drawn": lambda one: finetune.drawn(one.recipe, one.task),
    "finetune.finetune": lambda one: finetune.finetune(one.recipe, one.task),
    "finetune.moments": lambda one: sorted(finetune.moments(9 + one.number)),
    "finetune.order": lambda one: finetune.order(9, 3, one.recipe),
    "finetune.seconds": lambda one: finetune.seconds(one.recipe, one.task) > 0,
    "finetune.tops": lambda one: finetune.tops(one.slug),
    "gradients.gradients": lambda one: gradients.gradients(one.slug, one.text, np.arange(8.0), steps=3),
    "gradients.pushes": lambda one: gradients.pushes(
        one.slug, one.text, (np.arange(16.0).reshape(2, 8), np.zeros(2)), 1, through="mean"
    ),
    "heads.chances": lambda one: heads.chances(TAUGHT, _vectors(one), np.arange(5) + one.number),
    "heads.has_next_sentence": lambda _one: heads.has_next_sentence(TAUGHT),
    "heads.has_words": lambda _one: heads.has_words(TAUGHT),
    "heads.next_sentence": lambda one: heads.next_sentence(passes.read(TAUGHT, [one.text], pairs=[one.text[::-1]])),
    "gradients.arrivals": lambda one: gradients.arrivals(
        TAUGHT, one.text, "It was late.", np.array([1]), others=["Water boils.", "A cat."]
    ),
    "heads.require": lambda _one: heads.require(TAUGHT),
    "heads.words": lambda one: heads.words(TAUGHT, _vectors(one)),
    "hub.cached": lambda one: hub.cached(Hub(f"nobody/has-{one.number}")),
    "hub.download": _downloaded,
    "lending.busy": lambda _one: lending.busy(),
    "ledger.ledger": lambda one: ledger.ledger(one.slug, one.ids(), np.zeros_like(one.ids())),
    "opening.check": lambda one: opening.check(one.slug, lambda: False),
    "opening.check_weights": lambda one: opening.check_weights(
        _weights(one), hashlib.sha256(_weights(one).read_bytes()).hexdigest()
    ),
    "opening.drop": _kept,
    "opening.folder": lambda one: opening.folder(one.slug, checkpoints.place(one.slug)),
    "opening.keep": _kept,
    "opening.opened": lambda one: opening.opened(one.slug).checkpoint,
    "opening.woven": lambda one: (
        opening.woven(opening.opened(one.slug), checkpoints.checkpoint(one.slug), one.trained.weights).nbytes
    ),
    "outputs.returned": lambda one: outputs.returned(one.slug, one.text),
    "passes.answered": lambda one: passes.answered(Request(one.slug, (one.text,), attention="full")),
    "passes.batches": lambda one: list(passes.batches(np.arange(1, 5 + one.number), 7)),
    "passes.encode": lambda one: passes.encode(one.slug, one.texts, poolings=("cls", "mean"), layers=(0, -1)),
    "passes.read": lambda one: (
        passes.read(one.slug, one.texts),
        passes.read(one.slug, one.texts, attention="none"),
        passes.read(one.slug, one.texts, attention="cls", edit=one.changes, check=lambda: None),
        passes.read(one.slug, [one.text], edit=edit(Shift(1))),
    ),
    "passes.tokenized": lambda one: passes.tokenized(one.slug, one.texts, pairs=[one.text] * len(one.texts)),
    "pooler.before_tanh": lambda one: pooler.before_tanh(passes.read(TAUGHT, one.texts)),
    "pooler.weights": lambda _one: pooler.weights(TAUGHT),
    "precision.has_bfloat16": lambda _one: precision.has_bfloat16(),
    "slices.stream": lambda one: slices.stream(one.slug, one.texts),
    "threads.alone": _alone,
    "threads.leaving_room": _roomy,
    "tokenizing.clean": lambda one: tokenizing.clean(one.text),
    "tuned.bundle": lambda one: tuned.bundle(one.trained, ("good", "bad"), one.text),
    "tuned.size": lambda one: tuned.size(one.slug),
    "vocabulary.mask_token": lambda one: vocabulary.mask_token(one.slug),
    "vocabulary.positions": lambda one: vocabulary.positions(one.slug),
    "vocabulary.specials": lambda one: vocabulary.specials(one.slug),
    "vocabulary.spelled": lambda one: vocabulary.spelled(one.slug, one.text.split()[-2:][0]),
}


def public() -> Iterator[str]:
    """Every function of lib.model that takes no part of a model which somebody must have lent."""
    for found in pkgutil.iter_modules(lib.model.__path__):
        if found.name in ("adapters", "pretrain"):  # a command of its own, which no visit runs
            continue
        module = importlib.import_module(f"lib.model.{found.name}")
        for name, each in vars(module).items():
            own = inspect.isfunction(each) and each.__module__ == module.__name__ and not name.startswith("_")
            if own and not any(kind in str(each.__annotations__) for kind in LENT):
                yield f"{found.name}.{name}"


def exactly(found: object) -> object:
    """What came out, so that == compares it to the last bit."""
    if isinstance(found, np.ndarray):
        return str(found.dtype), found.shape, np.ascontiguousarray(found).tobytes()
    if is_dataclass(found):
        return type(found).__name__, [(each.name, exactly(getattr(found, each.name))) for each in fields(found)]
    if isinstance(found, Mapping):
        return [(key, exactly(each)) for key, each in found.items()]
    return [exactly(each) for each in found] if isinstance(found, list | tuple) else found


def test_every_function_for_others_is_called_here() -> None:
    assert sorted(CALLS) == sorted(public())


def test_what_is_given_back_is_gone_and_nobody_listens_any_more(tiny: Mapping[str, Checkpoint]) -> None:
    model, heard = opening.opened("tiny-bert"), []
    with model.lent() as lent, lent.listening() as hooks:
        net, tokens = lent.eager, torch.tensor([[2, 5, 3]])
        hooks.hear(net.embeddings, lambda *_: heard.append("after"))
        hooks.before(net.embeddings, lambda *_: heard.append("before"))
        net(tokens)
    with pytest.raises(AttributeError):
        lent.eager(tokens)
    net(tokens)
    assert heard == ["before", "after"]


def test_nobody_has_a_model_while_another_has_it(tiny: Mapping[str, Checkpoint]) -> None:
    model, order = opening.opened("tiny-bert"), []

    def other() -> None:
        with model.lent():
            order.append("the other")

    waiting = threading.Thread(target=other)
    with model.lent():
        waiting.start()
        waiting.join(timeout=0.05)
        with model.lent():  # as often as the same thread likes
            order.append("the first")
    waiting.join()
    assert order == ["the first", "the other"]


def test_who_has_a_model_can_wait_for_no_other(tiny: Mapping[str, Checkpoint]) -> None:
    one, other = opening.opened("tiny-bert"), opening.opened("tiny-albert")
    with one.lent():
        assert lending.busy()
        with pytest.raises(RuntimeError, match="One model at a time"), other.lent():
            pass
        with pytest.raises(RuntimeError, match="One model at a time"):
            opening.opened("tiny-albert")
    assert not lending.busy()
    with other.lent() as lent:
        assert lent.checkpoint.slug == "tiny-albert"


@pytest.mark.parametrize("slug", FAMILIES)
def test_each_visitor_gets_what_they_would_have_got_alone(
    slug: str, tiny: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        visitors = [Visitor(number, slug, Hub(f"somebody/model-{number}")) for number in range(VISITORS)]
        for one in visitors:
            running.models[one.hub.hub] = tiny[slug].where.path()
        alone = {(one.number, name): exactly(call(one)) for one in visitors for name, call in CALLS.items()}
        wrong: list[str] = []
        begin = threading.Barrier(VISITORS)

        def visit(one: Visitor) -> None:
            torch.zeros(1 << 16).add_(1)  # this thread takes as many cores as all do, before anybody leaves room
            begin.wait()
            names = [name for name in CALLS for _ in range(1 if name.startswith(ONCE) else ROUNDS)]
            random.Random(one.number).shuffle(names)
            for name in names:
                try:
                    if exactly(CALLS[name](one)) != alone[one.number, name]:
                        wrong.append(f"{name}: another answer")
                except Exception as problem:
                    wrong.append(f"{name}: {problem!r}")

        everybody = [threading.Thread(target=visit, args=(one,)) for one in visitors]
        for each in everybody:
            each.start()
        for each in everybody:
            each.join()
    assert wrong == []
