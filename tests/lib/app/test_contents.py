"""The order of the pages, which is said once: the menu, a page's head and its way on follow it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.app import contents
from tests.test_pages import PAGES, elements, keyed, visit


@pytest.fixture(scope="module")
def apps(embedded: object) -> dict[str, AppTest]:
    return {}


def test_chapters_hold_every_page_once_in_the_order_of_the_path() -> None:
    for entries in contents.chapters().values():
        order = [list(contents.ENTRIES).index(entry.stem) for entry in entries]
        assert order == sorted(order)
    assert sorted(entry.stem for entries in contents.chapters().values() for entry in entries) == sorted(PAGES)


def test_the_path_leads_from_the_question_to_its_answer_and_every_other_page_leads_back_to_it() -> None:
    way, stem = [], contents.FIRST
    while stem not in way:
        way.append(stem)
        stem = contents.after(stem).stem
    assert tuple(way) == contents.STEPS
    assert (stem, way[-1]) == (contents.FIRST, contents.LAST)
    for stem, entry in contents.ENTRIES.items():
        if entry.deepens:
            assert entry.deepens in contents.STEPS
            assert contents.after(stem).stem == entry.deepens
            assert entry in contents.beside(entry.deepens)
            assert contents.step(stem) == contents.step(entry.deepens)


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_leads_on_as_the_contents_say(stem: str, apps: dict[str, AppTest]) -> None:
    app, entry = visit(apps, stem).run(), contents.ENTRIES[stem]
    assert app.title[0].value == entry.title.replace("{first}", "\\[CLS\\]")
    (way,) = keyed(app, "way_on")
    (link,) = elements(way)
    led = contents.after(stem)
    assert link.proto.page == ("" if led.stem == contents.FIRST else led.stem), "the first page has no name of its own"
    deeper = [each.proto.page for block in keyed(app, "deeper") for each in elements(block) if each.type == "page_link"]
    assert deeper == [each.stem for each in contents.beside(stem)]
