"""How much a newcomer has to read: what stands on a page with its folds closed, before and after the prediction."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from lib.app import choices, contents
from lib.escape import plain
from lib.words.terms import TERMS
from tests.test_pages import EXPERIMENTS, PAGES, TEXTS, elements, key, visit

# words at first sight: of a step, of a page beside the path, of the whole path
STEP, BESIDE, PATH = 200, 300, 2000
ANSWER = 300  # of the last step, which collects all others, the labels of its folds with them
LEAD, CAPTION, KEPT, SENTENCE = 40, 45, 25, 28  # words
OF_THE_FRAME = ("frame", "path", "way_on", "deeper")  # where one can go, which is no part of the lesson


@pytest.fixture(scope="module")
def apps(embedded: object) -> dict[str, AppTest]:
    return {}


def count(text: str) -> int:
    """Words: letters or digits with what joins them."""
    return len(re.findall(r"\w[\w.,%'’\-]*", plain(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text))))


def sentences(text: str) -> list[str]:
    return [each for each in re.split(r"(?<=[.!?:])\s+", plain(text)) if each]


def read(block: Block) -> list[str]:
    """All that is written in a part of a page."""
    said: list[str] = []
    for each in elements(block):
        if each.type in ("markdown", "title", "header", "subheader", "caption", "warning"):
            said.append(str(each.value))
        elif each.type == "radio":
            said += [each.label, *each.options]
        elif each.type in ("button", "button_group", "selectbox", "slider", "select_slider", "toggle", "checkbox"):
            said.append(str(getattr(each, "label", "")))
        elif each.type == "page_link":
            said.append(each.proto.label)
    return said


def body(app: AppTest) -> list[Block]:
    """The page without its frame."""
    blocks = [block for block in app.main.children.values() if isinstance(block, Block)]
    return [block for block in blocks if not key(block).startswith(OF_THE_FRAME)]


def first_sight(apps: dict[str, AppTest], stem: str) -> AppTest:
    app = visit(apps, stem)
    app.session_state[choices.OPEN] = False
    app.session_state[choices.TEXT] = TEXTS["default"]
    if stem in EXPERIMENTS:
        app.session_state[f"{stem}_guess"] = "1"
    return app.run()


def on_screen(app: AppTest) -> int:
    blocks = {id(block) for block in body(app)}
    alone = [each for each in app.main.children.values() if not isinstance(each, Block)]
    said = [text for block in app.main.children.values() if id(block) in blocks for text in read(block)]
    said += [str(each.value) for each in alone if each.type in ("markdown", "title", "header", "subheader")]
    return sum(map(count, said))


@pytest.mark.parametrize("stem", sorted(set(PAGES) - set(contents.PLAIN)))
def test_a_page_is_light_at_first_sight(stem: str, apps: dict[str, AppTest]) -> None:
    app = first_sight(apps, stem)
    number, most = on_screen(app), STEP if stem in contents.STEPS else BESIDE
    assert number <= most


@pytest.mark.parametrize("stem", sorted(set(PAGES) - set(contents.PLAIN)))
def test_what_is_read_first_is_short(stem: str, apps: dict[str, AppTest]) -> None:
    """Leads, captions and what is to be kept, and each of their sentences."""
    app = first_sight(apps, stem)
    for block in body(app):
        for inner in (block, *(each for each in _blocks(block))):
            name = key(inner)
            most = LEAD if name == "lead" else CAPTION if name.startswith("says_") else KEPT if name == "keep" else 0
            for text in read(inner) if most else ():
                text = text.removeprefix(":small[:gray[Keep this]]")
                assert count(text) <= most, text
                assert max(map(count, sentences(text)), default=0) <= SENTENCE, text
    if stem in contents.STEPS and stem not in (contents.FIRST, contents.LAST):
        assert any(key(each) == "keep" for block in body(app) for each in (block, *_blocks(block)))


def test_the_answer_is_light_when_all_was_found(embedded: object) -> None:
    apps: dict[str, AppTest] = {}
    app = first_sight(apps, contents.LAST)
    for stem in [stem for stem in contents.STEPS if stem in EXPERIMENTS]:
        app.switch_page(PAGES[stem])
        app.session_state[f"{stem}_guess"] = "1"
        app.run()
    app.switch_page(PAGES[contents.LAST]).run()
    labels = [each.label for each in app.expander]
    assert any(label.startswith("What you predicted") for label in labels)
    labels.remove("What this does not show")  # every page has it
    assert on_screen(app) + sum(map(count, labels)) <= ANSWER


def test_the_whole_path_can_be_read_in_half_an_hour(apps: dict[str, AppTest]) -> None:
    steps = [stem for stem in contents.STEPS if stem != contents.LAST]
    assert sum(on_screen(first_sight(apps, stem)) for stem in steps) <= PATH


def _blocks(block: Block) -> list[Block]:
    inner = [each for each in block.children.values() if isinstance(each, Block)]
    return [*inner, *(deeper for each in inner for deeper in _blocks(each))]


def test_a_term_is_explained_in_one_short_sentence() -> None:
    for term, sentence in TERMS.items():
        assert count(sentence) <= KEPT, term
        assert sentence[0].isupper(), term
        assert sentence.endswith("."), term
        assert '"' not in sentence, "it stands in quotation marks"
