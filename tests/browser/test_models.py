"""A model from the hub in a real browser: asked for by a link or in the drawer, seen coming, and then read with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from lib.checkpoints import Checkpoint
from tests.browser.conftest import Site, Visit, address, settle, typed
from tests.browser.test_frame import SIDEWAYS, calm, notes
from tests.conftest import PATIENCE
from tests.hub import SmallHub

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEAT = """() => getComputedStyle(
  document.querySelector('.st-key-specimen [data-testid="stTextAreaRootElement"]'), '::before').content"""


def seats(page: Page, first: str) -> None:
    """Waits until the specimen line has this model's first token."""
    page.wait_for_function(f"() => ({SEAT})().startsWith('\"{first}')")


def test_a_model_comes_by_itself_and_stays_over_reload_and_back(
    site: Site, visit: Visit, small_hub: SmallHub, tiny_models: Mapping[str, Checkpoint]
) -> None:
    name = "somebody/tiny-roberta"
    small_hub.models[name], small_hub.faults[name] = tiny_models["tiny-roberta"].where.path(), "slow"
    page = visit(site.link(page="tokens", text="The film was good.", model=name), width=390)
    page.get_by_text(f"Fetching {name}: 0.0").wait_for(timeout=30_000)
    assert small_hub.half.wait(PATIENCE)
    seats(page, "[CLS]")
    assert page.get_by_role("button", name="Cancel").is_visible()
    assert page.get_by_text("all-MiniLM-L6-v2 reads the text meanwhile").is_visible()
    assert max(page.evaluate(SIDEWAYS)) <= 0
    small_hub.go_on.set()
    seats(page, "<s>")
    settle(page)
    assert "model=somebody%2Ftiny-roberta" in address(page)
    assert notes(page) == []

    asked = len(small_hub.asked)
    page.reload()
    settle(page)
    seats(page, "<s>")
    assert len(small_hub.asked) == asked, "what is here is not asked for again"

    page.locator(".st-key-badge button").first.click()
    page.get_by_role("button", name="all-MiniLM-L6-v2").last.click()
    seats(page, "[CLS]")
    settle(page)
    assert "model=" not in address(page)
    assert page.get_by_test_id("stPopoverBody").count() == 0, "the drawer closes"
    typed(page, "Another text.")
    seats(page, "[CLS]")
    assert "model=" not in address(page), "the browser has not kept the old choice"
    page.go_back()
    page.go_back()
    settle(page, after=500)
    seats(page, "<s>")
    calm(page)


@pytest.mark.long
def test_what_is_typed_in_vain_or_cancelled_changes_nothing(
    site: Site, visit: Visit, small_hub: SmallHub, tiny_models: Mapping[str, Checkpoint]
) -> None:
    page = visit(site.link(page="tokens", text="My words stay."))
    before = address(page)
    page.locator(".st-key-badge button").first.click()
    field = page.locator(".st-key-badge_typed input")
    field.fill("nobody/<nothing>")
    field.press("Enter")
    page.locator(".st-key-note_model").wait_for()
    assert [note.startswith("nobody/<nothing> cannot read here. That is no name") for note in notes(page)] == [True]
    page.locator(".st-key-badge button").first.click()
    field.fill("nobody/nothing")
    field.press("Enter")
    page.get_by_text("The hub knows no public model of that name").wait_for(timeout=30_000)
    settle(page)
    assert len(notes(page)) == 1
    assert address(page) == before
    seats(page, "[CLS]")
    calm(page)

    name = "somebody/silent"
    small_hub.go_on.clear()
    small_hub.models[name], small_hub.faults[name] = tiny_models["tiny-bert"].where.path(), "silent"
    page.locator(".st-key-badge button").first.click()
    field.fill(name)
    field.press("Enter")
    page.get_by_text(f"Fetching {name}: 0.0").wait_for(timeout=30_000)
    page.get_by_role("button", name="Cancel").click()
    page.locator(".st-key-coming").wait_for(state="detached")
    settle(page)
    assert notes(page) == []
    assert address(page) == before
