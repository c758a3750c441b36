"""The connections in a real browser: what is pressed is cut, stands in the address, and keeps the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.browser.conftest import Site, Visit, address, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page


def edit(page: Page) -> str:
    return parse_qs(urlsplit(address(page)).query).get("starve_edit", [""])[0]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page, after=300)


def test_what_is_pressed_is_cut(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="starve", starve_guess="3", text="The film was good.\nWhy?"))
    assert edit(page) == "", "what a page starts with is not in the link"
    assert page.get_by_role("button", name="layer 6 closed", exact=True).get_attribute("aria-pressed") == "true"
    press(page, "layer 6 closed")
    assert edit(page) == "cut.first.others.1-5"
    assert page.get_by_role("button", name="layer 6 closed", exact=True).get_attribute("aria-pressed") == "false"
    press(page, "film in every layer")
    assert edit(page) == "cut.first.others.1-5~cut.first.2."
    assert page.get_by_text("may not attend to “film”.").is_visible()
    # from the token one down to its cell in layer 1, which is closed, so the next that can be pressed is in layer 6
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settle(page, after=300)
    assert edit(page) == "cut.first.others.1-5~cut.first.2.~cut.first.3.6"
    page.keyboard.press("Enter")  # the focus is still there: the same once more
    settle(page, after=300)
    assert edit(page) == "cut.first.others.1-5~cut.first.2."
    press(page, "close from layer 3 on")
    assert edit(page) == "cut.first.others.3-6~cut.first.2."
    press(page, "Undo")
    assert edit(page) == "cut.first.others.1-5~cut.first.2."
    page.go_back()  # what was pressed in one picture is one way back
    settle(page, after=300)
    assert edit(page) == ""
    assert page.get_by_role("button", name="layer 6 closed", exact=True).get_attribute("aria-pressed") == "true"


def test_a_phone_scrolls_the_picture_and_not_the_page(site: Site, visit: Visit) -> None:
    text = "The film was good and the book was bad and the dog ran."
    page = visit(site.link(page="starve", starve_guess="no", text=text), width=390)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    pan = page.locator(".pan").first
    assert pan.evaluate("pan => pan.scrollWidth > pan.clientWidth")
    pan.evaluate("pan => { pan.scrollLeft = 500; }")
    # layer and first token stay where they are
    left = "(pan, what) => pan.querySelector(what).getBoundingClientRect().left"
    assert 0 <= pan.evaluate(left, ".lay") < pan.evaluate(left, ".c.seat") < 200
