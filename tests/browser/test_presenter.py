"""A presentation in a real Chromium: one beat at a time, by keys, over the pages of the path."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.browser.conftest import Site, Visit, address, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

PIXELS = "(element) => parseFloat(getComputedStyle(element).fontSize)"


def seen(page: Page, name: str) -> bool:
    return page.locator(f".st-key-{name}").first.is_visible()


def beat(page: Page, key: str) -> None:
    page.keyboard.press(key)
    settle(page, after=500)


def test_one_thing_is_on_screen_at_a_time_and_keys_go_on(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="starve", text="A film.\nA book.", present="1", open="0", starve_guess=""))
    settle(page, after=500)
    assert page.locator("h1").is_visible()
    assert not seen(page, "guess_open")
    assert not seen(page, "frame"), "no text bar"
    assert not page.get_by_test_id("stHeader").is_visible(), "and no menu"
    beat(page, "PageDown")
    assert seen(page, "guess_open")
    assert not page.locator("h1").is_visible()
    beat(page, "ArrowLeft")
    assert page.locator("h1").is_visible()

    page.keyboard.press("t")
    page.locator(".st-key-frame").wait_for(state="visible")
    page.keyboard.press("t")
    page.keyboard.press("n")
    assert "Take a vote" in page.locator(".notes").inner_text()
    page.keyboard.press("n")
    page.keyboard.press("q")
    code = page.locator(".code canvas").bounding_box()
    assert code is not None
    assert code["height"] >= 300, "it can be read from the last row"
    page.keyboard.press("q")

    for _ in range(12):  # to the next page, past every beat
        if "direction" in address(page):
            break
        beat(page, "PageDown")
    assert "/direction" in address(page)
    assert parse_qs(urlsplit(address(page)).query)["present"] == ["1"], "for a projector on every page"
    beat(page, "Escape")
    page.locator(".st-key-frame").wait_for(state="visible")
    assert "present" not in parse_qs(urlsplit(address(page)).query)


def test_a_picture_is_whole_on_a_small_projector_and_its_words_are_large(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="question", text="A film.\nA book.", present="1", open="0"))
    page.set_viewport_size({"width": 1280, "height": 720})
    for _ in range(6):
        if seen(page, "says_way"):
            break
        beat(page, "ArrowRight")
    words = page.locator(".st-key-says_way p").first
    # the picture draws itself when it comes on screen, and is then made as small as it must be
    page.wait_for_function("at => at.getBoundingClientRect().bottom <= innerHeight", arg=words.element_handle())
    assert words.evaluate(PIXELS) >= 28


def test_what_a_question_is_about_stays_with_it(site: Site, visit: Visit) -> None:
    page = visit(
        site.link(page="next_sentence", text="A film.\nA book.", present="1", open="0", next_sentence_guess="")
    )
    settle(page, after=500)
    assert page.locator("h1").is_visible()
    assert not seen(page, "about")
    beat(page, "PageDown")
    assert not page.locator("h1").is_visible()
    assert seen(page, "about"), "the two texts"
    assert seen(page, "guess_open")
