"""A model that was trained here: read with on every page, listed for its own visitor only, and taken along."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import signal
import sys
import tempfile
import time
import weakref
import zipfile
from collections.abc import Mapping
from dataclasses import astuple, fields, is_dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import torch
import yaml
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block
from transformers import AutoModel, AutoTokenizer

from lib import checkpoints, settings
from lib.app import choices, datasets, models
from lib.app.datasets import Chosen
from lib.app.parts import PASSED
from lib.cached import probes
from lib.checkpoints import CHECKPOINTS, DEFAULT, GONE, TUNED, Checkpoint, Folder, Trained
from lib.edits import Silence, edit
from lib.measures.probe import Score
from lib.model import encode, fetch, keep, opened, opening, read
from lib.model import finetune as training
from lib.model import tuned as taken
from lib.model.embeddings import parts
from lib.model.finetune import finetune
from lib.model.gradients import gradients
from lib.model.ledger import ledger
from lib.model.precision import has_bfloat16
from lib.pooling import POOLINGS
from lib.store import Store, nbytes
from lib.tables import Labelled
from lib.texts.labelled import LABELLED
from lib.tuning import Moment, Recipe, Tuned
from lib.words import models as said_of_models
from lib.words import tuned as said
from lib.words.beside import told_apart
from pages.use.classify import words as said_of_classify
from pages.use.classify.measures import CrossValidation
from pages.use.finetune import tuned as page
from tests.conftest import CLOSE, NEAR, PATIENCE, ROOT, unlent
from tests.lib.model.test_finetune import FAMILIES, TASK, recipe
from tests.test_pages import EXPERIMENTS, PAGES, assert_kind, elements, keyed, notes, words

TEXTS = ["the film was good .", "a book", "one two three water light"]
OPEN = said.Data("Good or bad", TASK.classes, private=False, key="sentiment")
MISSING = f"{TUNED}0123456789ab"
RIGHT = Score(0.75, 0.5, 1.0, 4)
MOMENT = Moment(0, 0.69, np.ones(4, bool), *(np.zeros((4, 384), np.float32),) * 2, np.zeros((6, 3), np.float32))


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of its own for each test."""
    monkeypatch.setattr(checkpoints, "_met", {})
    monkeypatch.setattr(opening, "_kept", Store(settings.memory("models")))
    monkeypatch.setattr(opening, "_changed", Store(settings.memory("trained"), gone=opening._lost))


def trained(slug: str, **other: object) -> Tuned:
    return finetune(recipe(slug, **{"epochs": 1, **other}), TASK)


def kept(found: Tuned, data: str = "x", told: said.Data = OPEN) -> Checkpoint:
    base = checkpoints.checkpoint(found.recipe.slug)
    entry = said.entry(found.recipe, base, found.recipe.named(data), told, texts=len(found.learned))
    keep(entry, found)
    return entry


def card(found: Tuned, told: said.Data = OPEN) -> str:
    return said.card(found, checkpoints.checkpoint(found.recipe.slug), told, right=RIGHT, majority=0.5)


# It reads


@pytest.mark.parametrize("slug", FAMILIES)
def test_it_reads_as_transformers_does_with_the_same_weights(tiny: Mapping[str, Checkpoint], slug: str) -> None:
    before = read(slug, TEXTS, attention="full")
    found = trained(slug)
    reading = read(kept(found).slug, TEXTS, attention="full")

    folder = tiny[slug].where.path()
    net = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    net.load_state_dict({name: torch.from_numpy(each) for name, each in found.weights.items()}, strict=False)
    given = AutoTokenizer.from_pretrained(folder)(TEXTS, padding=True, return_tensors="pt")
    if not tiny[slug].has_segments:
        given.pop("token_type_ids", None)
    with torch.no_grad():
        out = net(**given, output_hidden_states=True, output_attentions=True)
    real = given["attention_mask"].numpy() == 1
    for layer, each in enumerate(out.hidden_states):
        np.testing.assert_allclose(reading.hidden_states[layer][real], each.numpy()[real], **CLOSE)
    for layer, each in enumerate(out.attentions):
        np.testing.assert_allclose(reading.attentions[layer][0], each.numpy()[0], **CLOSE)
    assert not np.allclose(reading.hidden_states[-1], before.hidden_states[-1], **CLOSE), "it has learned something"
    after = read(slug, TEXTS, attention="full")
    np.testing.assert_array_equal(after.hidden_states, before.hidden_states)
    np.testing.assert_array_equal(np.stack(after.attentions), np.stack(before.attentions))


@pytest.mark.parametrize("slug", FAMILIES)
def test_it_shares_what_was_not_trained(tiny: Mapping[str, Checkpoint], slug: str) -> None:
    found = trained(slug)
    tuned = opened(kept(found).slug)
    base, model = unlent(slug), tuned._whole
    assert tuned is opened(model.checkpoint.slug)
    for mine, theirs in ((model.eager, base.eager), (model.sdpa, base.sdpa)):
        there = dict(theirs.named_parameters())
        shared = {name for name, each in mine.named_parameters() if each is there[name]}
        assert shared == set(there) - set(found.weights)
    fused = dict(model.sdpa.named_parameters())
    assert all(each is fused[name] for name, each in model.eager.named_parameters())
    assert model.sdpa.config._attn_implementation == base.sdpa.config._attn_implementation
    assert not any(each.requires_grad for each in model.eager.parameters())
    assert not model.eager.training
    assert tuned.nbytes == sum(each.nbytes for each in found.weights.values()) < opened(slug).nbytes
    assert tuned._lock is opened(slug)._lock, "a tokenizer is shared, and is not for two at once"


def leaves(of: object) -> list[object]:
    """What records and tuples hold, one after the other."""
    if is_dataclass(of):
        of = tuple(getattr(of, each.name) for each in fields(of))
    return [leaf for part in of for leaf in leaves(part)] if isinstance(of, tuple) else [of]


def test_every_page_can_do_with_it_what_it_does_with_files_of_the_same(
    tiny: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = trained("tiny-bert")
    slug = kept(found).slug
    zipfile.ZipFile(io.BytesIO(taken.bundle(found, TASK.classes, ""))).extractall(tmp_path)
    again = replace(tiny["tiny-bert"], slug="again", where=Folder(tmp_path))
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", MappingProxyType({**checkpoints.CHECKPOINTS, "again": again}))
    for options in (
        {"attention": "full"},
        {"edit": edit(Silence(3, (1,)))},
        {"attention": "none", "pairs": ["a book", None, None]},
    ):
        one, other = (read(each, TEXTS, **options) for each in (slug, "again"))
        np.testing.assert_allclose(one.hidden_states, other.hidden_states, **NEAR)
    direction = np.linspace(-1, 1, 8)
    ids = np.array([2, 7, 8, 3])
    for one, other in zip(
        *(
            (gradients(each, TEXTS[0], direction, steps=4), ledger(each, ids), parts(each, ids))
            for each in (slug, "again")
        ),
        strict=True,
    ):
        for mine, theirs in zip(leaves(one), leaves(other), strict=True):
            if isinstance(mine, np.ndarray | float):
                np.testing.assert_allclose(mine, theirs, **NEAR)
            else:
                assert mine == theirs
    for precision in ("float32", "bfloat16") if has_bfloat16() else ("float32",):
        one, other = (
            encode(each, TEXTS, poolings=["cls", "pooler"], layers=[-1], precision=precision)
            for each in (slug, "again")
        )
        for key, each in one.items():
            np.testing.assert_allclose(each, other[key], **(NEAR if precision == "float32" else {"atol": 0.05}))


def test_a_model_can_be_trained_further(tiny: Mapping[str, Checkpoint]) -> None:
    first = kept(trained("tiny-bert"))
    second = trained(first.slug, top=2)
    entry = kept(second)
    assert entry.slug != first.slug
    assert entry.where == Trained(first.slug, said.how(second.recipe, first, len(second.learned)), "sentiment")
    net = opened(first.slug)
    assert opened(entry.slug).base is net
    assert "itself been trained in the app" in card(second)
    assert read(entry.slug, TEXTS).hidden_states.shape == read("tiny-bert", TEXTS).hidden_states.shape
    checkpoints.forget(first.slug)
    assert not checkpoints.ready(entry.slug), "nor can it read without what it was made from"


# It is kept, and goes


def test_when_there_is_no_room_the_oldest_goes_and_leaves_nothing(
    tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = trained("tiny-bert"), trained("tiny-bert", seed=1)
    room = nbytes(one.weights) + 4096  # for what is known of it
    monkeypatch.setattr(opening, "_changed", Store(room, gone=opening._lost))
    slug = kept(one).slug
    reading = read(slug, TEXTS)
    gone = [weakref.ref(each) for each in (opened(slug), unlent(slug).eager, unlent(slug).sdpa)]
    second = kept(other).slug
    assert checkpoints.ready(second)
    assert not checkpoints.ready(slug)
    for ask in (opened, fetch, checkpoints.checkpoint, checkpoints.place):
        with pytest.raises(ValueError, match="It was trained in this app, and this server has it no longer"):
            ask(slug)
    gc.collect()
    assert [each() for each in gone] == [None] * 3
    assert unlent("tiny-bert").eager.training is False
    assert kept(one).slug == slug
    np.testing.assert_allclose(read(slug, TEXTS).hidden_states, reading.hidden_states, **NEAR)


def test_a_base_never_goes_before_what_shares_its_weights(
    tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = kept(trained("tiny-bert")).slug
    base = opened("tiny-bert")
    roberta = opened("tiny-roberta").nbytes
    monkeypatch.setattr(opening, "_kept", Store(base.nbytes + opened(slug).nbytes + roberta - 1))
    opened(slug)
    opened("tiny-roberta")
    assert len(opening._kept) == 2
    assert opening._kept.peek(slug) is None, "it is the one that had to go"


def test_what_cannot_be_kept_is_said_and_nothing_is(
    tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = trained("tiny-bert")
    with pytest.raises(ValueError, match="not done"):
        kept(replace(found, weights={}))
    with pytest.raises(ValueError, match="has no place in tiny bert"):
        opening.woven(opened("tiny-bert"), tiny["tiny-bert"], {"nowhere.weight": np.zeros(3, np.float32)})
    monkeypatch.setattr(opening, "_changed", Store(100, gone=opening._lost))
    with pytest.raises(ValueError, match="Too large to read with on other pages"):
        kept(found)
    assert not checkpoints.ready(TUNED + found.recipe.named("x"))
    assert len(opening._changed) == 0


@pytest.mark.parametrize(
    "typed", ["tuned:", "tuned:0123", "tuned:0123456789AB", "tuned:../../../etc", "tuned:0123456789abc"]
)
def test_what_is_no_name_of_a_training_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no name of a model"):
        checkpoints.named(typed)
    assert checkpoints.named("tuned:0123456789ab") == "tuned:0123456789ab"


# What is said of it


@pytest.mark.parametrize(
    ("through", "place", "name", "first", "role"),
    [
        ("cls", 0, "through [CLS]", "trained in this app to tell", "judge"),
        ("place", 0, "through [CLS]", "trained in this app to tell", "judge"),
        ("mean", 0, "through the mean", "trained in this app through the mean", "text"),
        ("place", 3, "through position 3", "not what was trained in this app: the vector at position 3", "text"),
    ],
)
def test_what_its_first_vector_is(through: str, place: int, name: str, first: str, role: str) -> None:
    base = CHECKPOINTS[DEFAULT]
    entry = said.entry(Recipe(DEFAULT, through, place), base, "0" * 12, OPEN, texts=300)
    assert entry.name == f"all-MiniLM-L6-v2 tuned on Good or bad {name}"
    assert entry.first_vector.startswith(first)
    assert "the labels of “Good or bad”, 300 texts" in entry.first_vector
    assert entry.first_vector.endswith(f"(before that it was {base.first_vector})")
    assert len(entry.first_vector_short) <= 32
    assert entry.role == role
    kept_facts = ("family", "layers", "hidden", "limit", "licence", "source", "parameters", "has_pooler", "first_token")
    assert all(getattr(entry, each) == getattr(base, each) for each in kept_facts)
    about = said_of_models.about(entry)
    assert "trained in this app: top layer, 300 texts, 3 epochs, rate 3e-4, batches of 16, seed 0." in about
    assert "Licence of the model it began with: Apache-2.0." in about
    assert "not in our table" not in about
    assert "until the server needs the room for others." in about
    assert entry.where.how in said_of_models.trained(entry)


def test_two_of_one_name_are_told_apart_by_how_they_were_trained() -> None:
    base = CHECKPOINTS[DEFAULT]
    one, other, third = (
        said.entry(Recipe(DEFAULT, epochs=epochs, through=through), base, "0" * 12, OPEN, texts=300)
        for epochs, through in ((1, "cls"), (2, "cls"), (1, "mean"))
    )
    assert one.name == other.name != third.name
    names = told_apart([one, other, third, base])
    assert names[0] == f"{one.name} (top layer, 300 texts, 1 epoch, rate 3e-4, batches of 16, seed 0)"
    assert names[1].startswith(f"{other.name} (top layer, 300 texts, 2 epochs")
    assert names[2:] == [third.name, base.name]


def test_how_much_of_it_was_trained() -> None:
    base = CHECKPOINTS[DEFAULT]
    names = [said.top(Recipe(DEFAULT, top=top), base) for top in (1, 3, 6)]
    assert names == ["top layer", "top 3 layers", "all layers"]


def test_of_a_visitors_own_file_nothing_is_told_to_others() -> None:
    told = said.Data("secret.csv", ("whispers", "shouts"), private=True)
    entry = said.entry(Recipe(DEFAULT), CHECKPOINTS[DEFAULT], "0" * 12, told, texts=300)
    public = " ".join(map(str, astuple(entry))) + said_of_models.about(entry) + said_of_models.trained(entry)
    assert "tuned on an uploaded file" in public
    assert "only you can read with it, until you leave." in public
    assert not re.search("secret|whispers|shouts", public)


def test_a_model_that_is_tried_on_what_it_learned_from_is_owned_up_to(tiny: Mapping[str, Checkpoint]) -> None:
    first = kept(trained("tiny-bert"))
    second = kept(trained(first.slug), told=replace(OPEN, key="topic"))
    assert "has learned from the labelled texts" in said.learned(first, "sentiment")
    assert said.learned(first, "topic") == said.learned(tiny["tiny-bert"], "sentiment") == ""
    assert said.learned(second, "topic") == said.learned(second, "sentiment") == said.learned(first, "sentiment")
    assert datasets.READY[probes.SET].data is LABELLED


# In the app


@pytest.fixture
def app(tiny: Mapping[str, Checkpoint], embedded: object) -> AppTest:
    return visitor()


def visitor(**address: str) -> AppTest:
    visit = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    visit.session_state[choices.TEXT] = TEXTS[0]
    for key, value in address.items():
        visit.query_params[key] = value
    visit.run()
    for stem in EXPERIMENTS:
        visit.session_state[f"{stem}_guess"] = PASSED
    visit.switch_page(PAGES["attention"]).run()
    assert_kind(visit)
    return visit


def linked(address: Mapping[str, str]) -> AppTest:
    """A visitor who comes by a link."""
    visit = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    visit.query_params.update({"page": "attention", **address})
    visit.run()
    assert_kind(visit)
    return visit


def words_of(block: Block) -> str:
    return " ".join(str(each.value) for each in elements(block))


def offered(visit: AppTest) -> list[str]:
    visit.session_state["badge"] = True
    visit.run()
    keys = [str(each.key).removeprefix("choose_") for each in visit.button if str(each.key).startswith("choose_tuned")]
    visit.session_state["badge"] = False
    visit.run()
    return keys


def test_it_is_in_the_menu_of_its_own_visitor_and_of_who_has_the_link(app: AppTest) -> None:
    slug = kept(trained("tiny-bert")).slug
    assert offered(app) == []
    app.session_state[models._MINE] = (slug,)  # what the page of training does
    assert offered(app) == [slug]
    app.session_state["badge"] = True
    app.run()
    app.button(key=f"choose_{slug}").click().run()
    assert_kind(app)
    assert app.session_state["model_reads"] == slug
    assert app.session_state[choices.MODEL] == slug, "so that it stands in the link"
    app.session_state["attention_open_scope"] = True
    app.run()
    assert "tuned" in words(app)
    for stem in ("cube", "journey", "pooling", "evidence", "amount"):
        app.switch_page(PAGES[stem]).run()
        assert_kind(app)
    app.switch_page(PAGES["classify"]).run()
    assert sum("has learned from the labelled texts" in words_of(each) for each in notes(app)) == 1
    app.session_state["classify_data"] = "topic"
    app.run()
    assert sum("has learned from the labelled texts" in words_of(each) for each in notes(app)) == 0

    other = visitor(model=slug)
    assert other.session_state["model_reads"] == slug
    assert notes(other) == []
    assert offered(other) == [slug]
    other.session_state[choices.MODEL] = ""
    other.run()
    assert offered(other) == [slug], "to come back to"
    assert offered(visitor()) == []


def test_one_of_a_visitors_own_file_reads_for_nobody_else(app: AppTest) -> None:
    private = said.Data("secret.csv", ("whispers", "shouts"), private=True)
    slug = kept(trained("tiny-bert"), told=private).slug
    app.session_state[models._MINE] = (slug,)  # what the page of training does
    app.session_state[choices.MODEL] = slug
    app.run()
    assert app.session_state["model_reads"] == slug
    for address in ({choices.MODEL: slug}, {choices.BESIDE: "models", choices.SECOND: slug}):
        other = linked(address)
        assert slug not in (other.session_state["model_reads"], *other.session_state[choices._KEPT].values())
        [note] = map(words_of, notes(other))
        assert GONE in note, "it is as one that was never there"
        assert offered(other) == []
    assert app.run().session_state["model_reads"] == slug


def test_labels_that_it_was_trained_on_give_no_verdict_on_the_page(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = said_of_classify.verdict

    def told(found: CrossValidation, *, scaled: bool, learned: bool = False) -> said_of_classify.Judged:
        return replace(judged(found, scaled=scaled), kind="cannot tell" if learned else "holds")

    monkeypatch.setattr(said_of_classify, "verdict", told)
    slug = kept(trained("tiny-bert")).slug
    app.session_state[models._MINE], app.session_state[choices.MODEL] = (slug,), slug
    app.session_state["classify_open_certainty"] = True
    app.switch_page(PAGES["classify"]).run()
    assert_kind(app)
    (verdict,) = keyed(app, "verdict_classify")
    assert "Cannot tell" in words_of(verdict)
    assert "was trained on these labels before" in words_of(verdict)


def test_it_stands_beside_what_it_was_made_from(app: AppTest) -> None:
    slug = kept(trained("tiny-bert")).slug
    app.session_state[models._MINE] = (slug,)
    app.session_state[choices.MODEL] = slug
    app.session_state[choices.BESIDE] = "models"
    app.run()
    assert app.session_state[choices._KEPT][choices.SECOND] == "tiny-bert"
    assert keyed(app, "sides_")
    assert_kind(app)

    other = visitor(model="tiny-bert", beside="models", beside_model=slug)
    assert keyed(other, "sides_")
    assert other.session_state[choices._KEPT][choices.SECOND] == slug
    assert offered(other) == [slug]
    third = visitor(model="tiny-bert", beside="models")
    assert third.session_state[choices._KEPT][choices.SECOND] == DEFAULT
    fourth = visitor(model="tiny-bert")
    fourth.session_state[models._MINE] = (slug,)
    fourth.session_state[choices.BESIDE] = "models"
    fourth.run()
    kept_by_fourth = fourth.session_state[choices._KEPT]
    assert kept_by_fourth[choices.SECOND] == DEFAULT, "a link without a second model means the same to everybody"
    assert slug not in {each.slug for each in checkpoints.known()}


@pytest.mark.parametrize("address", [{choices.MODEL: "G"}, {choices.BESIDE: "models", choices.SECOND: "G"}])
def test_a_link_to_one_that_is_gone_is_one_kind_sentence(
    address: Mapping[str, str], app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models._queue, "submit", lambda *_all: pytest.fail("there is nowhere to fetch it from"))
    visit = linked({key: value.replace("G", MISSING) for key, value in address.items()})
    [note] = map(words_of, notes(visit))
    assert GONE in note
    assert visit.session_state[choices.MODEL] == ""
    assert visit.session_state["model_reads"] == DEFAULT
    assert offered(visit) == []


def test_one_that_goes_while_it_reads_leaves_the_usual_model(app: AppTest) -> None:
    slug = kept(trained("tiny-bert")).slug
    app.session_state[choices.MODEL] = slug
    app.run()
    assert app.session_state["model_reads"] == slug
    opening._lost(slug)
    app.run()
    assert_kind(app)
    assert len(notes(app)) == 1
    assert app.session_state["model_reads"] == DEFAULT
    assert app.session_state[choices.TEXT] == TEXTS[0]


def test_what_the_page_of_training_calls(tiny: Mapping[str, Checkpoint]) -> None:
    found = trained("tiny-bert")
    named = found.recipe.named("x")
    data = Labelled(TASK.texts, tuple(TASK.labels.tolist()), TASK.classes, tuple(range(12)))
    chosen = Chosen("x", "mine.csv", data, private=True)

    def script() -> None:
        import streamlit as st

        from lib.app import models, visits
        from pages.use.finetune import tuned

        found, chosen, named = st.session_state["given"]
        assert tuned.offer(found, chosen, named) == tuned.offer(found, chosen, named)
        st.session_state["listed"] = models.trained()
        st.session_state["me"] = visits.visitor()

    visit = AppTest.from_function(script, default_timeout=PATIENCE)
    visit.session_state["given"] = (found, chosen, named)
    visit.run()
    assert not visit.exception
    assert visit.session_state["listed"] == (TUNED + named,)
    with zipfile.ZipFile(io.BytesIO(page.package(found, TASK, chosen))) as archive:
        written = archive.read("README.md").decode()
    assert "“mine\\.csv”, a file of whoever trained it" in written
    assert f"**{np.mean(found.moments[-1].right):.0%}** of 4 texts" in written
    assert page.size("tiny-bert") == 2
    assert page.file_name(found, named) == f"tiny-bert-tuned-{named}.zip"
    page._private["another"] = {TUNED + named}  # trained on the very same file
    page._leave(visit.session_state["me"])
    assert checkpoints.ready(TUNED + named)
    page._leave("another")
    assert not checkpoints.ready(TUNED + named), "what was trained on a file goes with who brought it"


# To take along


@pytest.mark.parametrize(
    ("slug", "through", "place"),
    [
        ("tiny-bert", "cls", 0),
        ("tiny-roberta", "mean", 0),
        ("tiny-distilbert", "place", 2),
        ("tiny-albert", "place", 9),
        ("tiny-modernbert", "cls", 0),
        ("tiny-deberta-v2", "mean", 0),
    ],
)
def test_the_cards_own_code_says_the_same_shares(
    tiny: Mapping[str, Checkpoint],
    slug: str,
    through: str,
    place: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = trained(slug, through=through, place=place)
    zipfile.ZipFile(io.BytesIO(taken.bundle(found, TASK.classes, card(found)))).extractall(tmp_path)
    [code] = re.findall(r"^```python\n(.*?)^```", (tmp_path / "README.md").read_text("utf-8"), re.M | re.S)
    monkeypatch.chdir(tmp_path)
    ran: dict[str, object] = {}
    exec(code, ran)

    reading = read(kept(found).slug, ran["texts"])
    if through == "place":
        last = np.minimum(place, reading.encoding.last)
        vectors = reading.last_hidden_state[np.arange(2), last]
    else:
        vectors = POOLINGS[through].pool(reading)
    scores = vectors @ found.head[:, :-1].T + found.head[:, -1]
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(ran["shares"].numpy(), shares, **CLOSE)
    printed = capsys.readouterr().out.splitlines()
    for line, each in zip(printed, shares, strict=True):
        assert f" {TASK.classes[each.argmax()]} {each.max():.0%}" in line


def test_the_same_training_gives_the_same_file_whatever_was_read_before(tiny: Mapping[str, Checkpoint]) -> None:
    found = trained("tiny-bert")
    one = taken.bundle(found, TASK.classes, "")
    read("tiny-bert", ["a " * 5000])
    assert taken.bundle(found, TASK.classes, "") == one
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert set(archive.namelist()) == {
            "README.md",
            "config.json",
            "head.safetensors",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json",
        }
        told = " ".join(archive.read(each).decode("utf-8", "replace") for each in archive.namelist())
    assert str(tiny["tiny-bert"].where.path().parent.parent) not in told, "nothing of this machine"
    assert "local" not in told, "nor of how it was opened here"
    assert len(one) < taken.size("tiny-bert")
    assert "id2label" not in unlent("tiny-bert").eager.config.to_diff_dict(), "the model that reads is left as it is"


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="no process is forked there")
def test_a_server_killed_while_it_packs_leaves_nothing_for_good(
    tiny: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found, begun = trained("tiny-bert"), tmp_path / "begun"
    if (server := os.fork()) == 0:
        monkeypatch.setattr(taken, "_write", lambda *_given: (begun.touch(), time.sleep(PATIENCE)))
        taken.bundle(found, TASK.classes, "")
        os._exit(1)
    end = time.monotonic() + PATIENCE
    while not begun.exists() and time.monotonic() < end:
        time.sleep(0.01)
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
    begun.unlink()
    (left,) = tmp_path.iterdir()
    assert taken.bundle(found, TASK.classes, "")
    assert left.exists(), "it is young, and another server may be packing"
    old = time.time() - 2 * taken.STALE
    os.utime(left, (old, old))
    assert taken.bundle(found, TASK.classes, "")
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_large_to_take_along_is_said_before(
    tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = trained("tiny-bert")
    with pytest.raises(ValueError, match="not done"):
        taken.bundle(replace(found, weights={}), TASK.classes, "")
    monkeypatch.setattr(taken, "MOST_BYTES", 100)
    with pytest.raises(ValueError, match="Too large to take along"):
        page.size("tiny-bert")
    with pytest.raises(ValueError, match="Too large to take along"):
        taken.bundle(found, TASK.classes, "")


HOSTILE = ('"]\n---\nbase_model: x', "<img src=x onerror=alert(1)>", "```\nimport os\n```", "[a](https://b.c) **d**")


def test_whatever_a_label_or_a_file_is_called_stays_text(tiny: Mapping[str, Checkpoint]) -> None:
    found = trained("tiny-bert")
    harmless = card(found, said.Data("file.csv", ("a", "b", "c", "d"), private=True))
    hostile = card(found, said.Data("\n---\n# <b>`x`</b> .csv", HOSTILE, private=True))
    front = {each: yaml.safe_load(each.split("---\n")[1]) for each in (harmless, hostile)}
    assert front[hostile] == front[harmless]

    def shape(text: str) -> list[str]:
        inline = MarkdownIt().parse(text.split("---\n", 2)[2])
        return [
            kind.type
            for token in inline
            for kind in (token, *(token.children or ()))
            if kind.type not in ("text", "text_special")
        ]

    assert shape(hostile) == shape(harmless)
    code = r"^```python\n(.*?)^```"
    assert re.findall(code, hostile, re.M | re.S) == re.findall(code, harmless, re.M | re.S)
    with zipfile.ZipFile(io.BytesIO(taken.bundle(found, HOSTILE, hostile))) as archive:
        config = json.loads(archive.read("config.json"))
    assert [config["id2label"][str(number)] for number in range(4)] == list(HOSTILE)


def test_a_hostile_model_is_text_as_well() -> None:
    base = replace(
        CHECKPOINTS[DEFAULT],
        name="a\n---\n# b",
        first_token="\nimport os\n",
        licence="<b>",
        prefixes=("`q` ",),
        where=checkpoints.Hub('a/b"\n- c'),
    )
    found = Tuned(
        Recipe(DEFAULT), *(np.arange(4),) * 2, 3, np.ones(3), (MOMENT, MOMENT), 0, {"x": np.ones(1)}, np.ones((2, 385))
    )
    written = said.card(found, base, OPEN, right=RIGHT, majority=0.5)
    front = yaml.safe_load(written.split("---\n")[1])
    assert front["base_model"] == 'a/b"\n- c'
    assert "license" not in front
    assert said.snippet(found.recipe, base) == said.snippet(found.recipe, CHECKPOINTS[DEFAULT])
    assert "import os" not in said.snippet(found.recipe, base)
    assert not re.search(r"^# b|<b>|(?<!\\)`q", written, re.M)
    assert re.fullmatch(r"[A-Za-z0-9-]+\.zip", said.file_name(base, "0" * 12))


def test_the_card_tells_every_choice_and_what_was_not_to_choose() -> None:
    recipe = Recipe(DEFAULT, "place", 7, 2, 5, 1e-3, 32, 200, 9)
    found = Tuned(
        recipe,
        *(np.arange(190), np.arange(50)),
        30,
        np.ones(30),
        (MOMENT, MOMENT),
        3,
        {"x": np.ones(1)},
        np.ones((2, 385)),
    )
    written = said.card(found, CHECKPOINTS[DEFAULT], OPEN, right=Score(0.84, 0.74, 0.94, 50), majority=0.5)
    for sentence in (
        "trained: top 2 layers",
        "position 7, counted from 0; a text that is shorter gives its last token",
        "learned from: 190, of up to 200",
        "Epochs: 5, in batches of 32: 30 steps",
        "rate: 0.001;",
        "texts: 9",
        "cut at 128 tokens (3 were longer)",
        "**84%** of 50 texts",
        "interval 74% to 94%",
        "would tell 50%",
    ):
        assert sentence in written
    front = yaml.safe_load(written.split("---\n")[1])
    assert front["base_model"] == "sentence-transformers/all-MiniLM-L6-v2"
    assert front["license"] == "apache-2.0"
    assert front["language"] == ["en"]
    assert "language" not in yaml.safe_load(
        said.card(found, CHECKPOINTS[DEFAULT], replace(OPEN, private=True), right=RIGHT, majority=0.5).split("---\n")[1]
    )
    # what the card says by heart
    assert (training.WARM_UP, training.DECAY, training.LARGEST_STEP) == (0.1, 0.01, 1.0)


def test_the_embedded_model_is_taken_along_whole(embedded: object, tmp_path: Path) -> None:
    found = finetune(Recipe(DEFAULT, epochs=1), TASK)
    bundle = taken.bundle(found, TASK.classes, card(found))
    assert 0 < taken.size(DEFAULT) - len(bundle) < taken.TOGETHER
    zipfile.ZipFile(io.BytesIO(bundle)).extractall(tmp_path)
    net = AutoModel.from_pretrained(tmp_path)
    there = dict(net.named_parameters())
    assert set(there) == set(dict(unlent(DEFAULT).eager.named_parameters()))
    for name, each in unlent(DEFAULT).eager.named_parameters():
        expected = torch.from_numpy(found.weights[name]) if name in found.weights else each
        assert torch.equal(there[name], expected)
