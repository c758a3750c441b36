"""BertViz in a real Chromium: both views draw, a hovered token shows its lines, nothing leaves, no token runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from lib.checkpoints import DEFAULT
from lib.quantities import palette
from lib.reading import Reading
from tests.browser.conftest import Site, Visit, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Page

CAT = "The cat sat on the mat because it was warm."
TOKENS = 13  # [CLS], ten words, the full stop, [SEP]
HOSTILE = '</script><img src=x onerror="parent.hacked=1">'
WORDS = "The market opens before it is light, and the bakers come first, who have been up since two. "


def drawing(page: Page) -> FrameLocator:
    found = page.frame_locator("[data-testid='stIFrame']")
    found.locator("svg line").first.wait_for(state="attached")
    return found


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_the_head_view_draws_and_shows_what_a_token_attends_to(site: Site, visit: Visit) -> None:
    from lib.model import read

    reading = read(DEFAULT, [CAT], attention="full")
    page = visit(site.link(page="heads", text=CAT), dark=True)
    frame, colours = drawing(page), palette("dark")
    names = frame.locator("#left text").all_text_contents()
    assert names == frame.locator("#right text").all_text_contents() == list(reading.encoding.tokens[0])
    assert frame.locator("svg line").count() == 12 * len(names) ** 2
    fills = frame.locator("#left text").evaluate_all("all => all.map(each => getComputedStyle(each).fill)")
    assert fills == [rgb(colours.cls), *[rgb(colours.ink)] * (len(names) - 1)]
    assert frame.locator("html").evaluate("it => getComputedStyle(it).backgroundColor") == rgb(colours.page)

    told = page.locator(".st-key-says_heads").inner_text()
    head, layer = map(int, re.search(r"head (\d+) of layer (\d+)", told).groups())
    assert frame.locator("#layer").input_value() == str(layer)
    frame.locator("#left text").first.hover()
    shown = frame.locator("line[visibility=visible]")
    assert shown.count() == 12 * len(names), "a line to every token in every head"
    opacity = shown.evaluate_all("all => all.map(each => +each.getAttribute('stroke-opacity'))")
    drawn = np.array(opacity).reshape(12, len(names))
    np.testing.assert_allclose(drawn[head - 1], reading.attends_to(layer)[0, head - 1], atol=0.0006)
    assert np.delete(drawn, head - 1, axis=0).max() == 0, "the others are switched off"

    squares = frame.locator("svg > g:last-child rect")
    assert squares.count() == frame.locator(".numbers i").count() == 12
    number, square = (each.last.bounding_box() for each in (frame.locator(".numbers i"), squares))
    assert abs(number["x"] - square["x"]) < 1, "a number stands above its square"
    frame.locator("#layer").select_option("2")
    squares.nth(4).click()
    on = frame.locator("g.headAttention[head-index='4'] line").evaluate_all(
        "all => all.map(each => +each.getAttribute('stroke-opacity'))"
    )
    expected = reading.attention(2)[0, 4].ravel() / 2  # BertViz shares the ink among the heads that are on
    np.testing.assert_allclose(on, expected, atol=0.0006)


def test_the_model_view_draws_all_heads_and_shows_one_large(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="heads", text=CAT, heads_view="model"))
    frame, colours = drawing(page), palette("light")
    assert frame.locator("svg line").count() == 72 * TOKENS**2
    labels = frame.locator("svg > text")
    assert labels.all_text_contents() == ["Heads", *map(str, range(1, 13)), "Layers", *map(str, range(1, 7))]
    fills = labels.evaluate_all("all => all.map(each => getComputedStyle(each).fill)")
    assert set(fills) == {rgb(colours.ink)}, "BertViz writes black, whatever the ground"
    backs = frame.locator(".attn_background").evaluate_all("all => all.map(each => getComputedStyle(each).fill)")
    assert backs == [rgb(colours.page)] * 72
    frame.locator("#attn_background_5_2").click(force=True)
    frame.locator("text.detail").wait_for()
    assert frame.locator("text.detail").text_content() == "Layer 6, Head 3"
    large = frame.locator("text.token")
    assert large.count() == 2 * TOKENS
    fills = large.evaluate_all("all => all.map(each => getComputedStyle(each).fill)")
    assert fills[0] == fills[TOKENS] == rgb(colours.cls)
    assert set(fills) == {rgb(colours.cls), rgb(colours.ink)}


def test_a_text_that_would_be_code_is_drawn(site: Site, visit: Visit) -> None:
    for view in ("head", "model"):
        page = visit(site.link(page="heads", text=HOSTILE, heads_view=view))
        frame = drawing(page)
        assert page.evaluate("window.hacked") is None
        assert frame.locator("img").count() == 0
        if view == "head":
            assert frame.locator("#left text").all_text_contents()[1:4] == ["<", "/", "script"]


@pytest.mark.parametrize("view", ["head", "model"])
def test_a_token_that_would_be_code_does_not_run(
    browser: Browser, by_hand: Callable[..., Reading], tmp_path: Path, view: str
) -> None:
    from lib.model import bertviz

    names = ("<s>", HOSTILE, "<!--<script>", "PYTHON_PARAMS", "a\u2028b", '"}];hacked=1//', "</s>")
    size = len(names)
    full = np.full((1, 1, 2, size, size), 1 / size, np.float32)
    reading = by_hand(np.zeros((2, 1, size, 4)), [[1] * size], row=full[..., 0], column=full[..., 0], full=list(full))
    reading = replace(reading, encoding=replace(reading.encoding, tokens=(names,)))
    file = tmp_path / "view.html"
    file.write_text(bertviz.html(reading, 0, view, "light", layers=(1,)), "utf-8")
    page = browser.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("svg line", state="attached")
    if view == "model":
        page.locator("#attn_background_0_1").click(force=True)
    written = page.locator("#left text, text.token").evaluate_all("all => all.map(each => each.textContent)")
    assert tuple(written[:size]) == names
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert asked == [file.as_uri()]
    assert complaints == []
    with pytest.raises(Exception, match="fetch"):  # what would be asked for all the same is refused by the document
        page.evaluate("fetch('http://127.0.0.1:9/')")
    assert "Content Security Policy" in "".join(complaints)
    page.close()


def test_sixty_four_tokens_are_drawn_and_more_are_not(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="heads", text=WORDS * 6))
    assert page.locator("[data-testid='stIFrame']").count() == 0
    page.get_by_text("Take only its beginning").click()
    page.wait_for_function("location.href.includes('heads_beginning=true')")
    settle(page)
    assert 55 < drawing(page).locator("#left text").count() <= 64


def test_on_a_phone_nothing_moves_sideways_but_the_picture(site: Site, visit: Visit) -> None:
    for view in ("head", "model"):
        page = visit(site.link(page="heads", text=CAT, heads_view=view), width=390)
        frame = drawing(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        wide = frame.locator("html").evaluate("it => it.scrollWidth > it.clientWidth")
        assert wide == (view == "model")
        title = page.locator("[data-testid='stIFrame']").get_attribute("title")
        assert "left attends to right" in title
