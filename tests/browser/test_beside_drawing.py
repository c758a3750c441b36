"""Two texts side by side in a real Chromium: what is chosen in one picture is chosen in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.checkpoints import DEFAULT
from tests.browser.conftest import Site, Visit, address, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXTS = ("The film was good.", "Water boils at one hundred degrees, and nobody is surprised.")
TOPS = """() => [...document.querySelectorAll('.st-key-sides_cube [data-testid=stColumn]')]
  .map((e) => e.getBoundingClientRect().top)"""


def large(page: Page) -> list[str]:
    return page.locator(".ttl > b").all_inner_texts()


def heights(page: Page) -> list[str]:
    return page.locator(".full em").all_inner_texts()


def test_a_choice_in_one_picture_is_one_in_both(site: Site, visit: Visit) -> None:
    from lib.model import read

    page = visit(site.link(page="attention", text="\n".join(TEXTS)))
    assert page.locator(".ttl").count() == 1
    page.get_by_role("button", name="Side by side").click()
    page.get_by_role("radio", name="Two texts").click()
    settle(page, after=300)
    page.keyboard.press("Escape")
    assert page.locator(".ttl").count() == 2

    page.locator("[aria-label^='Layer 6, head 8:'].cell").last.click()  # at the right
    page.wait_for_function("location.href.includes('attention_side=right')")
    settle(page)
    assert large(page) == ["Layer 6, head 8"] * 2
    assert page.locator(".cell[aria-pressed=true]").count() == 2
    assert len(set(heights(page))) == 1, "both columns have one scale"
    rows = [read(DEFAULT, [text]).attends_to(6)[0, 7] for text in TEXTS]
    told = page.locator(".st-key-says_heads").inner_text()
    for number, row in enumerate(rows, 1):
        assert f"in text {number} [CLS] gives {row[0] * 100:.0f}% of its attention to itself" in told

    page.locator("[aria-label^='Layer 2, head 3:'].cell").first.click()  # at the left
    page.wait_for_function("location.href.includes('attention_layer=2')")
    settle(page)
    assert large(page) == ["Layer 2, head 3"] * 2

    page.locator(".st-key-door_cube a").evaluate("(a) => a.click()")
    page.wait_for_function("location.pathname.includes('cube')")
    settle(page, after=300)
    assert "beside=texts" in address(page), "the next page goes on with it"
    page.get_by_role("button", name="Show it without a guess").click()
    settle(page, after=300)
    page.locator(".steps .b", has_text="Laid flat").last.click()  # at the right; the left one reports it
    page.wait_for_function("location.href.includes('cube_step=flat')")
    settle(page)
    flat = page.locator(".steps .b[aria-pressed=true]").all_inner_texts()
    assert flat == ["Laid flat"] * 2
    page.locator(".stage").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    shown = page.locator(".tip strong").all_inner_texts()
    values = [read(DEFAULT, [text]).last_hidden_state[0, 0, 1] for text in TEXTS]
    assert len(shown) == 2, "the cell that is read in one is read in the other"
    assert all(abs(float(each.replace("−", "-")) - value) < 2e-3 for each, value in zip(shown, values, strict=True))
    tops = page.evaluate(TOPS)
    assert tops[0] == tops[1], "next to each other"
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    tops = page.evaluate(TOPS)
    assert tops[0] < tops[1], "on a narrow screen one under the other"
