"""Choosing a model on screen, without a browser: what reads meanwhile, what is said, what a link then holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import huggingface_hub
import pytest
from streamlit.testing.v1 import AppTest

from lib import checkpoints, settings
from lib.app import beside as ui_beside
from lib.app import choices, models, parts
from lib.app import frame as ui_frame
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.escape import plain
from lib.words import models as said
from tests.conftest import PATIENCE, ROOT
from tests.hub import SmallHub, serving
from tests.test_pages import EXPERIMENTS, PAGES, assert_kind, elements, keyed, notes, words

NAMES = iter(range(1000))


@pytest.fixture
def small(
    tiny_models: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedded: object
) -> Iterator[SmallHub]:
    """A hub on this machine with a model that nobody has opened yet, called by ``name(hub)``."""
    with serving() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
        monkeypatch.setattr(checkpoints, "_met", {})
        running.models[f"somebody/their-roberta-{next(NAMES)}"] = tiny_models["tiny-roberta"].where.path()
        yield running


def name(small: SmallHub) -> str:
    return next(iter(small.models))


@pytest.fixture
def app(small: SmallHub) -> AppTest:
    """A visitor on the page of tokens."""
    visit = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    visit.session_state[choices.TEXT] = "the film was good ."
    visit.run()
    for stem in EXPERIMENTS:
        visit.session_state[f"{stem}_guess"] = parts.PASSED
    visit.switch_page(PAGES["tokens"]).run()
    return visit


def until(app: AppTest, what: Callable[[], bool]) -> None:
    """Runs the page again and again, as its own clock does in a browser, until something is so."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
        app.run()
    assert_kind(app)


def coming(app: AppTest) -> str:
    return " ".join(
        str(each.proto.text) for block in keyed(app, "coming") for each in elements(block) if each.type == "progress"
    )


def frame(app: AppTest) -> str:
    return " ".join(str(each.value) for each in elements(keyed(app, "frame")[0]) if each.type == "markdown")


def reads(app: AppTest) -> str:
    return app.session_state["model_reads"]


# From the choice to the page that speaks <s>


def test_a_model_comes_while_the_page_stays_usable(app: AppTest, small: SmallHub) -> None:
    slug = name(small)
    small.faults[slug] = "slow"
    app.session_state[choices.MODEL] = slug
    app.run()
    until(app, small.half.is_set)
    until(app, lambda: "Fetching" in coming(app))
    assert coming(app).startswith(f"Fetching {said.markdown(slug)}: 0.0")
    assert "all\\-MiniLM\\-L6\\-v2 reads the text meanwhile" in coming(app)
    assert reads(app) == DEFAULT
    assert "[CLS]" in words(app).replace("\\", "")

    before = words(app)
    app.session_state[choices.TEXT] = "the cat sat on the book ."
    app.run()
    assert words(app) != before, "the page works meanwhile"
    assert notes(app) == []

    small.go_on.set()
    until(app, lambda: reads(app) == slug)
    assert coming(app) == ""
    said_now = words(app).replace("\\", "")
    assert "<s>" in said_now
    assert app.session_state[choices.MODEL] == slug
    assert app.session_state[choices.TEXT] == "the cat sat on the book .", "nothing typed is lost"
    for stem in ("attention", "blank", "pooling"):
        app.switch_page(PAGES[stem]).run()
        assert_kind(app)
        assert reads(app) == slug


def test_a_link_opens_with_the_usual_model_and_changes_over(small: SmallHub) -> None:
    small.faults[name(small)] = "slow"
    visit = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    visit.query_params[choices.MODEL] = name(small)
    visit.run()
    assert reads(visit) == DEFAULT
    assert_kind(visit)
    small.go_on.set()
    until(visit, lambda: reads(visit) == name(small))


def test_two_who_want_the_same_get_one_download(app: AppTest, small: SmallHub, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    # without a browser all visits have one name
    monkeypatch.setattr(models, "_visitor", lambda _place: st.session_state.setdefault("who", str(next(NAMES))))
    slug = name(small)
    small.faults[slug] = "slow"
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for visit in (app, other):
        visit.session_state[choices.MODEL] = slug
        visit.run()
    until(app, small.half.is_set)
    small.go_on.set()
    for visit in (app, other):
        until(visit, lambda visit=visit: reads(visit) == slug)
    assert sum("GET /stored/" in each for each in small.asked) == 1


# What goes wrong


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("nobody/nothing", "The hub knows no public model of that name"),
        ("<b>*no* name", "That is no name of a model"),
        ("folder:../..", "There is no such folder of a model here"),
    ],
)
def test_what_cannot_be_had_is_one_note_and_the_old_model_reads_on(asked: str, sentence: str, app: AppTest) -> None:
    app.session_state[choices.MODEL] = asked
    app.run()
    until(app, lambda: bool(notes(app)))
    assert len(notes(app)) == 1
    [text] = [str(each.value) for each in elements(notes(app)[0])]
    assert sentence in text
    assert text.startswith(f"**{said.markdown(asked.removeprefix('folder:'))} cannot read here.**")
    assert text.endswith("all\\-MiniLM\\-L6\\-v2 reads the text.")
    assert reads(app) == DEFAULT
    assert app.session_state[choices.MODEL] == "", "so that a link and a reload ask for what reads"
    app.run()
    assert len(notes(app)) == 1, "it stays while the page is read"
    app.switch_page(PAGES["cube"]).run()
    assert notes(app) == []


def test_what_fails_after_another_model_leaves_that_one(app: AppTest, small: SmallHub) -> None:
    slug = name(small)
    app.session_state[choices.MODEL] = slug
    until(app, lambda: reads(app) == slug)
    app.session_state[choices.MODEL] = "nobody/nothing"
    app.run()
    until(app, lambda: bool(notes(app)))
    assert reads(app) == slug
    assert app.session_state[choices.MODEL] == slug
    app.session_state[choices.MODEL] = ""
    app.run()
    assert reads(app) == DEFAULT
    assert notes(app) == []


def test_what_ends_while_the_page_is_drawn_is_not_missed(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def late() -> None:
        end = time.monotonic() + PATIENCE
        while len(models._queue) and time.monotonic() < end:
            time.sleep(0.02)

    monkeypatch.setattr(ui_frame, "_pair_button", late)  # drawn between the asking and the telling
    app.session_state[choices.MODEL] = "nobody/nothing"
    app.run()
    assert_kind(app)
    assert len(notes(app)) == 1, "or nothing would ever be said: nobody asks again for what is over"


def test_a_visitor_can_change_their_mind(app: AppTest, small: SmallHub) -> None:
    slug = name(small)
    small.faults[slug] = "silent"
    app.session_state[choices.MODEL] = slug
    app.run()
    until(app, small.half.is_set)
    app.button(key=f"coming_cancel_{slug}").click().run()
    assert coming(app) == ""
    assert notes(app) == []
    assert app.session_state[choices.MODEL] == ""
    end = time.monotonic() + PATIENCE
    while len(models._queue) and time.monotonic() < end:
        time.sleep(0.02)
    cache = Path(huggingface_hub.constants.HF_HUB_CACHE)
    assert [each for each in cache.rglob("*") if each.suffix in (".incomplete", ".safetensors")] == []
    small.faults[slug] = ""
    app.session_state[choices.MODEL] = slug
    until(app, lambda: reads(app) == slug)

    app.session_state[choices.MODEL] = ""
    app.run()
    checkpoints.forget(slug)  # as if its files had gone
    app.session_state[choices.MODEL] = slug
    until(app, lambda: reads(app) == slug)
    assert notes(app) == []


# A second model, to stand beside the one that reads


def test_a_second_model_comes_and_stands_beside_the_first(app: AppTest, small: SmallHub) -> None:
    slug = "roberta-base"
    small.models = {CHECKPOINTS[slug].where.hub: small.models[name(small)]}
    small.faults = {CHECKPOINTS[slug].where.hub: "slow"}
    app.session_state[choices.BESIDE], app.session_state[choices.SECOND] = "models", slug
    app.switch_page(PAGES["attention"]).run()
    until(app, small.half.is_set)
    until(app, lambda: "Fetching roberta" in coming(app))
    assert reads(app) == DEFAULT
    assert keyed(app, "sides_") == [], "until then the first stands alone"
    small.go_on.set()
    until(app, lambda: bool(keyed(app, "sides_")))
    assert reads(app) == DEFAULT
    assert "<s>" in words(app).replace("\\", "")
    assert notes(app) == []
    checkpoints.forget(slug)


def test_a_second_model_that_cannot_be_had_is_one_note_and_is_not_tried_for_ever(app: AppTest, small: SmallHub) -> None:
    app.session_state[choices.BESIDE], app.session_state[choices.SECOND] = "models", "bert-base-cased"
    app.switch_page(PAGES["attention"]).run()
    until(app, lambda: bool(notes(app)))
    asked = len(small.asked)
    for _ in range(3):
        app.run()
    assert len(notes(app)) == 1
    assert len(small.asked) == asked
    assert keyed(app, "sides_") == []
    app.session_state[choices.BESIDE] = "alone"
    app.run()
    app.session_state[choices.BESIDE] = "models"
    app.run()
    until(app, lambda: len(small.asked) > asked)


# The drawer


def test_the_drawer_offers_every_model_of_the_table_and_of_the_folder(
    app: AppTest, tiny_models: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tiny_models["tiny-bert"].where.path().parent
    monkeypatch.setenv(settings.FOLDER, str(root))
    models.folders.clear()
    offers = [each for each in app.button if str(each.key).startswith("choose_")]
    assert offers == [], "a closed drawer sends nothing"
    app.session_state["badge"] = True
    app.run()
    offers = {str(each.key).removeprefix("choose_"): each for each in app.button if str(each.key).startswith("choose_")}
    assert list(offers)[: len(CHECKPOINTS)] == sorted(CHECKPOINTS, key=lambda slug: ORDER.index(CHECKPOINTS[slug].role))
    assert {slug for slug in offers if slug.startswith("folder:")} == set(checkpoints.folders()) != set()
    for slug, entry in CHECKPOINTS.items():
        label = offers[slug].label
        assert said.markdown(entry.name) in label
        assert said.markdown(entry.first_vector_short) in label
        assert f"{said.millions(entry)} M" in label
    assert [slug for slug, each in offers.items() if each.disabled] == [DEFAULT]
    monkeypatch.delenv(settings.FOLDER)
    models.folders.clear()


ORDER = list(checkpoints.ROLES)


def test_a_choice_in_the_drawer_asks_for_that_model_and_closes_it(app: AppTest, small: SmallHub) -> None:
    small.models = {CHECKPOINTS["roberta-base"].where.hub: small.models[name(small)]}
    app.session_state["badge"] = True
    app.run()
    app.button(key="choose_roberta-base").click().run()
    assert app.session_state["badge"] is False
    until(app, lambda: reads(app) == "roberta-base")
    assert "<s>" in words(app).replace("\\", "")
    checkpoints.forget("roberta-base")


@pytest.mark.parametrize("slug", CHECKPOINTS)
def test_what_is_said_of_a_model_is_whole(slug: str) -> None:
    entry = CHECKPOINTS[slug]
    text = said.about(entry)
    assert entry.first_vector in text
    assert (entry.pooler_note in text) if entry.has_pooler else ("It has no pooler." in text)
    assert f"Licence: {entry.licence}." in text
    for prefix in entry.prefixes:
        assert f"“{said.markdown(prefix)}”" in text
    assert ("is read as it stands in the box, without" in text) == bool(entry.prefixes) == bool(entry.prefixed)
    assert entry.first_vector_short in said.badge(entry)


def test_what_a_model_expects_in_front_of_a_text_is_said_where_it_is_not_there() -> None:
    e5, bge = CHECKPOINTS["e5-small-v2"], CHECKPOINTS["bge-small-en-v1.5"]
    told = plain(said.unprefixed(e5, ["Query: a", "a"]))
    assert told.startswith("e5-small-v2 was trained with “query: ” or “passage: ” in front of every text. Nothing is")
    assert "type “query: ” in front of each text" in told
    assert plain(said.unprefixed(e5, [])) == told
    begun = plain(said.unprefixed(e5, ["Query: a", "passage: b"]))
    assert "Yours begin like that." in begun
    assert "type" not in begun
    assert told.endswith("are read without."), "ours, which stand beside them"
    assert begun.endswith("are read without.")
    said_without = [slug for slug, entry in CHECKPOINTS.items() if said.unprefixed(entry, ["a"])]
    assert said_without == ["e5-small-v2"]
    assert "in front of what is asked, and nothing in front of other texts." in said.about(bge)
    tuned = replace(e5, where=checkpoints.Trained(e5.slug))
    assert said.unprefixed(tuned, ["a"]) == "", "trained here, without"


def test_what_a_model_expects_stands_under_the_texts(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    expects = replace(CHECKPOINTS[DEFAULT], prefixes=("query: ",), prefixed="every")
    monkeypatch.setattr(choices, "checkpoint", lambda: expects)
    visit = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    visit.session_state[choices.TEXT] = "the film was good ."
    visit.run()
    (note,) = keyed(visit, "note_prefix")
    assert "was trained with “query: ” in front of every text" in plain(words(visit))
    assert [each.value for each in elements(note)] == [said.unprefixed(expects, ["the film was good ."])]

    monkeypatch.undo()
    beside = ui_beside.Comparison("models", model=expects)
    monkeypatch.setattr(ui_beside, "comparison", lambda: beside)
    visit.run()
    assert not keyed(visit, "note_prefix"), "on this page it does not read"
    visit.switch_page(PAGES["cube"]).run()
    assert len(keyed(visit, "note_prefix")) == 1


def test_what_is_said_of_an_unknown_model_claims_nothing(tiny_models: Mapping[str, Checkpoint]) -> None:
    entry = tiny_models["tiny-bert"]
    unknown = Checkpoint(
        slug="a/b_c",
        name="a/b_c",
        family="bert",
        where=checkpoints.Hub("a/b_c"),
        layers=2,
        heads=2,
        hidden=8,
        limit=64,
        first_token="<s>",
        separator="</s>",
        padding="<pad>",
        has_segments=False,
        has_pooler=False,
        pooler_note="",
        first_vector="trained for something that is not known here",
        first_vector_short="training not known here",
        parameters=4000,
    )
    text = said.about(unknown)
    assert "under a million parameters" in text
    assert "[a/b_c](https://huggingface.co/a/b_c)" in text
    assert "Its licence is not known here." in text
    assert "Source" not in text
    assert said.choice(entry).endswith("comes with the app]")


@pytest.mark.parametrize(
    ("stage", "done", "whole", "sentence"),
    [
        ("", 0, 0, "x waits for its turn"),
        ("starting", 0, 0, "Making ready for x"),
        ("asking", 0, 0, "Asking the hub for x"),
        ("fetching", 120_400_000, 440_000_000, "Fetching x: 120 of 440 MB"),
        ("fetching", 10_000, 34_638, "Fetching x: 0.01 of 0.03 MB"),
        ("counting", 0, 0, "Counting the parameters of x"),
        ("checking", 1, 1, "Checking that x is what the hub names"),
        ("opening", 0, 0, "Opening x"),
    ],
)
def test_how_far_a_model_is(stage: str, done: int, whole: int, sentence: str) -> None:
    assert said.coming("x", stage, done, whole) == sentence


# With the model that comes along nobody is asked for anything


def test_the_usual_model_asks_nobody(app: AppTest, small: SmallHub) -> None:
    for stem in PAGES:
        app.switch_page(PAGES[stem]).run()
    app.session_state["badge"] = True
    app.run()
    assert small.asked == []
