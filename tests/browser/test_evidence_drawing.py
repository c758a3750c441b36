"""The ranked columns in a real Chromium: what is pointed at says its numbers, what a column ranks high is strong."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from lib.checkpoints import DEFAULT
from pages.watch.evidence.measures import positions, weights
from pages.watch.evidence.ranks import ranks
from tests.browser.conftest import Site, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TEXT = "The soup was cold, and the <b> was charming."


def line(page: Page, name: str) -> Locator:
    return page.locator("g.line", has=page.locator("title", has_text=re.compile(rf"^{re.escape(name)}$"))).first


def told(page: Page) -> str:
    return " ".join(page.locator(".told").inner_text().split())


def light(found: Locator) -> int:
    """How light its line is drawn: the sum of red, green and blue."""
    return found.evaluate("e => e.style.getPropertyValue('--tone').match(/\\d+/g).map(Number).reduce((a, b) => a + b)")


def test_a_line_says_its_numbers_and_a_column_decides_what_is_strong(site: Site, visit: Visit) -> None:
    from lib.model import read

    reading = read(DEFAULT, [TEXT])
    places = positions(reading, 0)
    looked = weights(reading, 0)[places]
    order = ranks(looked).astype(int)
    names = reading.encoding.row(0)

    page = visit(site.link(page="evidence", text=TEXT, evidence_guess="no"))
    lines = page.locator("g.line")
    assert lines.count() == len(places)
    top = int(looked.argmax())
    name = f"{places[top]} {names[places[top]]}"
    line(page, name).locator(".token").first.hover()
    assert told(page).startswith(f"{name} attention {looked[top] * 100:.0f}%, rank 1")
    page.mouse.move(5, 5)
    assert told(page).startswith("Point at a line"), "it was only pointed at"

    other = int(looked.argsort()[len(looked) // 2])
    name = f"{places[other]} {names[places[other]]}"
    line(page, name).locator(".token").first.click()
    page.mouse.move(5, 5)
    assert told(page).startswith(f"{name} attention"), "what is pressed stays"
    assert f"rank {order[other]}" in told(page)

    page.locator("button.head", has_text="attention").first.click()
    tones = [light(line(page, f"{place} {names[place]}")) for place in places]
    assert np.argsort(tones, kind="stable").tolist() == np.argsort(order, kind="stable").tolist(), "strongest first"

    page.mouse.move(5, 5)
    field = page.locator(".field")
    field.focus()
    page.keyboard.press("Escape")
    drawn = field.element_handle()
    page.set_viewport_size({"width": 1180, "height": 800})
    page.wait_for_function("e => !e.isConnected", arg=drawn)
    assert told(page).startswith("Point at a line"), "drawn again, what was let go stays let go"
    for key in ("ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    second = int(np.flatnonzero(order == 2)[0])
    assert told(page).startswith(f"{places[second]} {names[places[second]]} attention")
    assert "rank 2" in field.get_attribute("aria-valuetext")


def test_on_a_phone_it_fits_and_a_piece_can_be_pressed(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="evidence", text=TEXT, evidence_guess="no"), width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heads = [head.bounding_box() for head in page.locator("button.head").all()]
    assert all(a["x"] + a["width"] <= b["x"] + 1 for a, b in pairwise(heads)), "side by side"
    assert min(head["height"] for head in heads) >= 44
    line(page, "1 the").locator(".token").first.tap()
    assert told(page).startswith("1 the attention")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as PNG").click()
    assert waiting.value.suggested_filename == "cls-evidence.png"
