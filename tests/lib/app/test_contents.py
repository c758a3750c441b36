"""The order of the pages, which is said once: the menu, a page's head and its way on follow it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.app import contents
from tests.test_pages import PAGES, elements, keyed, visit


@pytest.fixture(scope="module")
def apps(embedded: object) -> dict[str, AppTest]:
    return {}


def test_chapters_and_their_pages_stand_in_one_order() -> None:
    together = [entry.stem for entries in contents.chapters().values() for entry in entries]
    assert together == list(contents.ENTRIES)
    assert [contents.position(stem) for stem in together] == sorted(contents.position(stem) for stem in together)


def test_the_story_leads_through_its_pages_and_back_to_the_first() -> None:
    way, stem = [], contents.FIRST
    while stem not in way:
        way.append(stem)
        stem = contents.after(stem).stem
    assert stem == contents.FIRST
    assert way == [entry.stem for entry in contents.ENTRIES.values() if entry.told]
    assert contents.after("sources").stem == contents.FIRST


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_stands_where_the_contents_say_and_leads_on(stem: str, apps: dict[str, AppTest]) -> None:
    app, entry = visit(apps, stem).run(), contents.ENTRIES[stem]
    assert app.title[0].value == entry.title.replace("{first}", "\\[CLS\\]")
    (head,), (way,) = keyed(app, "kicker"), keyed(app, "next")
    (kicker,), (link,) = elements(head), elements(way)
    assert kicker.value == f"position {contents.position(stem)} · {entry.chapter}"
    led = contents.after(stem)
    assert link.proto.page == ("" if led.stem == contents.FIRST else led.stem), "the first page has no name of its own"
    assert link.proto.label == led.door.replace("{first}", "\\[CLS\\]") + " →"
