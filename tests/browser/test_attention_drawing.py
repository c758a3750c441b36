"""The atlas in a real Chromium: what is pointed at is the reading's number, what is painted is the scale's colour."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from lib.checkpoints import DEFAULT
from lib.quantities import palette
from tests.browser.conftest import Site, Visit, address, settle, through_the_menu

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from lib.reading import Reading

FILM = "An unbelievably good film: I forgot the time."
LINK = {"attends_to": "reads", "attended_by": "read_by"}  # the directions, as a link has them
STORY = "The market opens before it is light, and the bakers come first, who have been up since two. " * 24
ACTIVE = """() => {
  let at = document.activeElement;
  while (at.shadowRoot) at = at.shadowRoot.activeElement;
  return at.getAttribute('aria-label');
}"""


def reading(text: str) -> Reading:
    from lib.model import read

    return read(DEFAULT, [text], attention="cls")


def tenth(value: float) -> str:
    return "<0.1%" if value < 0.0005 else f"{math.floor(value * 1000 + 0.5) / 10:.1f}%"


def whole(value: float) -> str:
    return "<1%" if value < 0.005 else f"{math.floor(value * 100 + 0.5)}%"


def strip(page: Page, layer: int, head: int) -> object:
    return page.locator(f"[aria-label^='Layer {layer}, head {head}:'].cell")


def told(page: Page) -> str:
    return page.locator(".st-key-says_heads").inner_text()


@pytest.mark.parametrize("way", ["attends_to", "attended_by"])
def test_a_token_pointed_at_shows_its_share(site: Site, visit: Visit, way: str) -> None:
    found = reading(FILM)
    page = visit(
        site.link(page="attention", text=FILM, attention_way=LINK[way], attention_layer="6", attention_head="7")
    )
    shares = (found.attends_to(6) if way == "attends_to" else found.attended_by(6))[0, 6]
    columns = page.locator(".col")
    assert columns.count() == len(shares)
    for position, value in enumerate(shares.tolist()):
        columns.nth(position).hover()
        shown = page.locator(".tip").inner_text()
        assert found.encoding.tokens[0][position] in shown
        assert tenth(value) in shown.split("\n")
        assert f"position {position} of {len(shares)}" in shown


def test_a_strip_that_is_clicked_is_shown_large_and_said_and_linked(site: Site, visit: Visit) -> None:
    found = reading(FILM)
    page = visit(site.link(page="attention", text=FILM))
    for layer, head in ((2, 1), (6, 12), (1, 10)):
        row = found.attends_to(layer)[0, head - 1]
        assert f"itself {whole(row[0])}, [SEP] {whole(row[-1])}" in strip(page, layer, head).get_attribute("aria-label")
        strip(page, layer, head).click()
        page.wait_for_function(f"location.href.includes('attention_layer={layer}')")
        settle(page)
        assert page.locator(".ttl > b").inner_text() == f"Layer {layer}, head {head}"
        assert told(page).startswith(
            f"Layer {layer}, head {head}: [CLS] gives {whole(row[0])} of its attention to itself"
        )
        assert strip(page, layer, head).get_attribute("aria-pressed") == "true"
    page.reload()
    settle(page)
    assert told(page).startswith("Layer 1, head 10:")


def test_a_click_sends_the_numbers_no_second_time(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="attention", text=STORY))
    sizes: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", lambda frame: sizes.append(len(frame["response"]["payloadData"])))
    strip(page, 3, 4).click()
    page.wait_for_function("location.href.includes('attention_layer=3')")
    settle(page)
    assert sizes
    assert max(sizes) < 30_000, "the numbers alone are 72 x 500 x 2 bytes"


def test_the_keys_move_and_enter_chooses(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="attention", text=FILM, attention_layer="2", attention_head="1"))
    strip(page, 2, 1).focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate(ACTIVE).startswith("Layer 1, head 2:")
    page.keyboard.press("End")
    assert page.evaluate(ACTIVE).startswith("Layer 1, head 12:")
    assert page.locator(".tip").is_visible(), "what is focused says its numbers"
    page.keyboard.press("Enter")
    page.wait_for_function("location.href.includes('attention_head=12')")
    settle(page)
    assert told(page).startswith("Layer 1, head 12:")
    assert page.evaluate(ACTIVE).startswith("Layer 1, head 12:"), "the focus stays where it was"
    page.locator(".plot").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert "position 1 of 16" in page.locator(".tip").inner_text()


@pytest.mark.parametrize("way", ["attends_to", "attended_by"])
def test_a_strip_is_painted_in_the_colours_of_its_direction(site: Site, visit: Visit, way: str) -> None:
    found, page = reading(FILM), visit(site.link(page="attention", text=FILM, attention_way=LINK[way]))
    shares = (found.attends_to(6) if way == "attends_to" else found.attended_by(6))[0, 1]
    assert_painted(page, shares, palette("light").scales[way], way)
    page.emulate_media(color_scheme="dark")
    settle(page, after=300)
    assert_painted(page, shares, palette("dark").scales[way], way)


def assert_painted(page: Page, shares: np.ndarray, stops: tuple[str, ...], way: str) -> None:
    canvas = strip(page, 6, 2).locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    image = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB"), dtype=float)
    colours = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops], dtype=float)
    for position, value in enumerate(shares.tolist()):
        at = (math.sqrt(value) if way == "attends_to" else value) * (len(stops) - 1)
        wanted = [np.interp(at, range(len(stops)), colours[:, channel]) for channel in range(3)]
        pixel = image[image.shape[0] // 2, int((position + 0.5) * image.shape[1] / len(shares))]
        assert np.abs(pixel - wanted).max() < 4, f"position {position}: {value:.3f}"


def test_each_direction_names_itself_and_only_itself(site: Site, visit: Visit) -> None:
    for way, here, other in (
        ("attends_to", "← [CLS] attends to", "is attended to by →"),
        ("attended_by", "[CLS] is attended to by →", "attends to"),
    ):
        page = visit(site.link(page="attention", text=FILM, attention_way=LINK[way]))
        drawn = page.locator(".figure").inner_text()
        assert drawn.count(here) == 2
        assert other not in drawn


def test_sorted_strips_say_where_they_are_from(site: Site, visit: Visit) -> None:
    found = reading(FILM)
    itself = np.array([found.attends_to(layer)[0, :, 0] for layer in range(1, 7)])
    page = visit(site.link(page="attention", text=FILM, attention_order="self"))
    captions = page.locator(".who")
    assert captions.count() == 72
    first, last = (divmod(int(at), 12) for at in (itself.argmax(), itself.argmin()))
    assert captions.first.locator("b").inner_text() == f"{first[0] + 1}.{first[1] + 1}"
    assert captions.last.locator("b").inner_text() == f"{last[0] + 1}.{last[1] + 1}"
    assert captions.last.locator("i").inner_text() == whole(itself.min())


def test_a_long_text_shows_what_is_read_most_and_says_the_rest(site: Site, visit: Visit) -> None:
    found = reading(STORY)
    row = found.attends_to(6)[0, 2]
    page = visit(site.link(page="attention", text=STORY, attention_layer="6", attention_head="3"))
    numbers = page.locator(".most .num").all_inner_texts()
    ranked = np.sort(row)[::-1].astype(float)
    assert numbers[:-1] == [tenth(value) for value in ranked[:12].tolist()]
    assert float(numbers[-1].rstrip("%")) == pytest.approx(ranked[12:].sum() * 100, abs=0.5)
    assert f"the other {len(row) - 12} together" in page.locator(".most .rest").inner_text()
    lines = page.locator(".sys canvas")
    assert lines.count() == math.ceil(len(row) / 128)
    lines.nth(1).hover(position={"x": 3, "y": 5})
    shown = page.locator(".tip").inner_text()
    assert "position 128 of" in shown
    assert tenth(float(row[128])) in shown.split("\n")


def test_on_a_phone_a_layer_is_picked_and_its_strips_can_be_touched(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="attention", text=FILM, attention_layer="6", attention_head="3"), width=390)
    assert page.locator(".cell").count() == 12
    page.locator(".bar button", has_text="4").tap()
    strip(page, 4, 12).tap()
    page.wait_for_function("location.href.includes('attention_head=12')")
    settle(page)
    assert told(page).startswith("Layer 4, head 12:")
    heights = [cell.bounding_box()["height"] for cell in page.locator(".cell, .bar button").all()]
    assert min(heights) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_picture_is_saved(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="attention", text="<b>it</b> & <script>", attention_way="read_by"))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as PNG").click()
    picture = np.asarray(Image.open(waiting.value.path()).convert("RGB"))
    assert picture.shape[1] > 2000
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 100


def test_the_choice_outlives_the_direction_and_another_page(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="attention", text=FILM))
    strip(page, 5, 9).click()
    page.wait_for_function("location.href.includes('attention_head=9')")
    settle(page)
    page.get_by_role("radio", name="is attended to by").or_(
        page.get_by_role("button", name="is attended to by")
    ).first.click()
    page.wait_for_function("location.href.includes('read_by')")
    settle(page)
    assert told(page).startswith("Layer 5, head 9: “")
    through_the_menu(page, "Start", "The question")
    assert "attention" not in address(page).split("?")[0]
    through_the_menu(page, "Attention", "Attention")
    assert page.locator(".ttl > b").inner_text() == "Layer 5, head 9"
    assert "attention_layer=5" in address(page)
