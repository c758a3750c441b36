"""The sequence and the batch in a real Chromium: rows line up, the first token comes when asked, no text is markup."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from lib.quantities import palette
from tests.browser.conftest import Site, Visit, address, painted, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SEQUENCE, PAIR, BATCH = ".st-key-drawing_sequence", ".st-key-drawing_pair", ".st-key-drawing_batch"
TEXT = "An unbelievably good film.\nZoë saw 駅."
NASTY = '<b>x</b><img src=x onerror="window.hacked=1"> <script>window.hacked=2</script>'
# the middle of each tile, and of the numbers below it
MIDDLES = """(box) => ['piece', 'offset', 'id', 'position', 'mask'].map((row) => {
  const cells = [...box.querySelectorAll(`.r.${row} > :not(.lab)`)].map((e) => e.getBoundingClientRect());
  return cells.map((r) => Math.round(r.left + r.width / 2));
})"""
ARRIVED = "(box) => Promise.all(box.getAnimations({ subtree: true }).map((each) => each.finished))"
EDGES = """(box) => [...box.querySelectorAll('.sys')]
  .map((line) => line.getBoundingClientRect().right - box.getBoundingClientRect().right)"""


def left(piece: Locator) -> float:
    place = piece.bounding_box()
    assert place
    return place["x"]


def picture(page: Page, part: str) -> np.ndarray:
    """uint8[height, width, 3], what the button saves."""
    with page.expect_download() as saved:
        page.click(f"{part} .save")
    assert saved.value.suggested_filename.endswith(".png")
    return np.asarray(Image.open(io.BytesIO(saved.value.path().read_bytes())).convert("RGB"))


def share_of(image: np.ndarray, colour: str) -> float:
    return float((np.abs(image.astype(int) - list(bytes.fromhex(colour[1:]))).max(axis=-1) < 12).mean())


@pytest.mark.parametrize("width", [1280, 390])
def test_rows_line_up_and_lines_fit(width: int, site: Site, visit: Visit) -> None:
    page = visit(
        site.link(
            page="tokens", tokens_guess="no", open="1", text="An unbelievably good film: I forgot the time. " * 6
        ),
        width=width,
    )
    box = page.locator(f"{SEQUENCE} .box")
    rows = box.evaluate(MIDDLES)
    assert len(rows[0]) > 80
    for row in rows[1:]:
        assert row == pytest.approx(rows[0], abs=1)
    assert max(box.evaluate(EDGES)) <= 0, "a line is wider than its box"
    assert page.locator(f"{SEQUENCE} .t.cls").count() == 1


def test_the_first_token_is_put_in_when_the_learner_asks(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens", tokens_guess="no", open="1", text=TEXT))
    moving = page.locator(f"{SEQUENCE} .box").evaluate("(box) => box.getAnimations({ subtree: true }).length")
    assert moving == 0, "nothing moves on load"
    seat, first = page.locator(f"{SEQUENCE} .t.cls"), page.locator(f"{SEQUENCE} .t.word").first
    width, after = seat.evaluate("(e) => e.offsetWidth + 2"), left(first)
    page.click(f"{SEQUENCE} [data-step=pieces]")
    page.locator(f"{SEQUENCE} .box").evaluate(ARRIVED)
    assert seat.evaluate("(e) => getComputedStyle(e).opacity") == "0"
    assert left(first) == pytest.approx(after - width, abs=1), (
        "without the first token the others start where it will be"
    )
    page.click(f"{SEQUENCE} [data-step=added]")
    page.locator(f"{SEQUENCE} .box").evaluate(ARRIVED)
    assert seat.evaluate("(e) => getComputedStyle(e).opacity") == "1"
    assert left(first) == pytest.approx(after, abs=1), "every token moved over by one"
    ids = page.locator(f"{SEQUENCE} .r.id .n").first
    assert ids.evaluate("(e) => getComputedStyle(e).opacity") == "0"
    settle(page)
    assert "tokens_step=added" in address(page)
    page.reload()
    settle(page)
    assert page.locator(f"{SEQUENCE} [data-step=added]").get_attribute("aria-pressed") == "true"


def test_steps_are_still_for_those_who_asked_for_it(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens", tokens_guess="no", open="1", text=TEXT))
    page.emulate_media(reduced_motion="reduce")
    page.click(f"{SEQUENCE} [data-step=pieces]")
    assert page.locator(f"{SEQUENCE} .box").evaluate("(box) => box.getAnimations({ subtree: true }).length") == 0


def test_a_token_is_tied_to_its_letters(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens", tokens_guess="no", open="1", text=TEXT))
    page.locator(f"{SEQUENCE} .t", has_text="##bel").hover()
    assert page.locator(f"{SEQUENCE} .part.here").all_inner_texts() == ["bel"]
    assert "text[5:8] = bel" in page.inner_text(f"{SEQUENCE} .line")
    page.focus(f"{SEQUENCE} .box")
    page.keyboard.press("Home")
    assert "added by the tokenizer, not typed" in page.inner_text(f"{SEQUENCE} .line")
    page.keyboard.press("ArrowRight")
    assert page.locator(f"{SEQUENCE} .part.here").all_inner_texts() == ["An"]


def test_a_link_restores_text_step_and_cells(site: Site, visit: Visit) -> None:
    link = site.link(
        page="tokens",
        tokens_guess="no",
        open="1",
        text=TEXT,
        tokens_text="2",
        tokens_step="pieces",
        tokens_cells="attention_mask",
    )
    page = visit(link)
    assert page.input_value(f"{SEQUENCE} select") == "2"
    assert page.locator(f"{SEQUENCE} .w .letters").all_inner_texts() == ["Zoë", "saw", "駅", "."]
    assert page.locator(f"{SEQUENCE} .t.unk").count() == 1
    assert page.locator(f"{SEQUENCE} [data-step=pieces]").get_attribute("aria-pressed") == "true"
    assert page.inner_text(f"{BATCH} .code") == "attention_mask  int64[2, 11]"
    page.select_option(f"{SEQUENCE} select", "1")
    settle(page, after=200)
    assert page.locator(f"{SEQUENCE} .t", has_text="##bel").count() == 1
    assert "tokens_text=1" in address(page)


def test_a_learners_text_is_never_markup(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens", tokens_guess="no", open="1", text=NASTY, pair=NASTY))
    for part in (SEQUENCE, PAIR, BATCH):
        assert page.locator(f"{part} img, {part} script, {part} b:not(.line b)").count() == 0
    assert page.evaluate("window.hacked") is None
    assert page.locator(f"{SEQUENCE} .w").all_inner_texts()[1:4] == ["<", "b", ">"]


def test_the_first_column_stays_when_a_wide_batch_scrolls(site: Site, visit: Visit) -> None:
    page = visit(
        site.link(
            page="tokens",
            tokens_guess="no",
            open="1",
            text="\n".join(["the film was good " * 30, "Stop.", *["Why?"] * 30]),
        )
    )
    box = page.locator(f"{BATCH} .box")
    box.scroll_into_view_if_needed()
    assert page.locator(f"{BATCH} .map").is_visible(), "a large batch has a map of the whole"
    colour, shares = palette("light").cls, []
    for at in (0, 2000):
        box.evaluate("(e, at) => { e.scrollLeft = at; e.scrollTop = at / 20; }", at)
        painted(page)
        shares.append(share_of(np.asarray(Image.open(io.BytesIO(box.screenshot())).convert("RGB"))[:, :200], colour))
    assert shares[0] > 0.1
    assert shares[1] == pytest.approx(shares[0], rel=0.1)
    box.focus()
    page.keyboard.press("End")
    assert "[PAD]" in page.inner_text(f"{BATCH} .line") or "[SEP]" in page.inner_text(f"{BATCH} .line")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert "mask 0" in page.inner_text(f"{BATCH} .line")


def test_both_pictures_can_be_saved(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens", tokens_guess="no", open="1", text=TEXT))
    for part in (SEQUENCE, BATCH):
        image = picture(page, part)
        assert 0.005 < share_of(image, palette("light").cls) < 0.5, "the first token's tile"
        assert share_of(image, palette("light").page) > 0.4
        assert share_of(image, palette("light").ink) > 0.003, "letters"


def test_a_long_text_scrolls_in_its_own_box(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens", tokens_guess="no", open="1", text="An unbelievably good film. " * 70))
    box = page.locator(f"{SEQUENCE} .box")
    inside, shown = box.evaluate("(e) => [e.scrollHeight, e.clientHeight]")
    assert shown < 700 < inside
    page.focus(f"{SEQUENCE} .box")
    page.keyboard.press("End")
    assert box.evaluate("(e) => e.scrollTop") > 500
    assert "Cut after 512 tokens" in page.inner_text(f"{SEQUENCE} .cut")
