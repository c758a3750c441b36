"""What only a browser shows of weight and amount: the same segments move from one to the other, the terms are told."""

from __future__ import annotations

import numpy as np
import pytest

from lib.checkpoints import DEFAULT
from lib.measures import amount, ledger
from lib.quantities import number
from tests.browser.conftest import Site, Visit, settle

FILM = "An unbelievably good film: I forgot the time."
WIDTHS = """(thick) => thick.map((band) => [...band.children].map((s) =>
  s.getBoundingClientRect().width / band.getBoundingClientRect().width))"""


@pytest.fixture(scope="module")
def film() -> tuple[amount.Amounts, tuple[ledger.Decomposition, ...]]:
    from lib.model import read
    from lib.model.ledger import ledger as taken

    encoding = read(DEFAULT, [FILM], attention="none").encoding
    apart = taken(DEFAULT, encoding.input_ids[0], encoding.token_type_ids[0])
    return amount.amounts(apart), ledger.decompositions(apart)


def test_segments_grow_from_weight_to_amount(
    visit: Visit, site: Site, film: tuple[amount.Amounts, tuple[ledger.Decomposition, ...]]
) -> None:
    found, every = film
    page = visit(site.link(page="amount", text=FILM, amount_layer="4", amount_guess="no"))
    widths = page.locator(".thick").evaluate_all(WIDTHS)
    np.testing.assert_allclose(widths, found.shares, atol=0.002)
    thin = page.locator(".thin").evaluate_all(WIDTHS)
    np.testing.assert_allclose(thin, found.weights, atol=0.002)
    assert page.locator(".thick .own.fits").first.inner_text() == "[CLS]"
    assert page.locator(".side").nth(2).inner_text() == f"{found.weights[2, 0]:.0%} → {found.shares[2, 0]:.0%}"

    first = page.locator(".thick > *").first
    first.evaluate("(s) => { window.kept = s }")
    page.locator("[class*=st-key-amount_of] button").first.click()
    settle(page, after=300)
    page.wait_for_timeout(1000)  # the bars take 240 ms to grow, more on a busy machine
    np.testing.assert_allclose(page.locator(".thick").evaluate_all(WIDTHS), found.weights, atol=0.002)
    assert first.evaluate("(s) => s === window.kept"), "they are the same segments, so that they can move"
    assert page.locator(".side").nth(2).inner_text() == f"{found.weights[2, 0]:.0%}"

    page.locator(".figure[role=group]").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    told = page.locator(".line").first.inner_text()
    assert told.startswith("an")
    for value in (
        f"layer 2: weight {found.weights[1, 1]:.1%}",
        f"length {found.lengths[1, 1]:.2f}",
        f"{found.shares[1, 1]:.1%} of the amount",
    ):
        assert value in told.replace("\n", " ")

    rows = page.get_by_role("table").get_by_role("row")
    layer = every[3]
    lines = [line for line in rows.all_inner_texts() if "\n" in line]
    assert sum(line.startswith("head ") for line in lines) == 12
    assert f"{number(100 * layer.by_kind['before'], 1)}%" in lines[1]
    assert lines[-1].endswith("100.0%")
