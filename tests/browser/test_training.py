"""A training in a real browser, from the prediction to its answer, and the trained model beside the original."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import Site, Visit, address, settle, typed
from tests.browser.test_frame import calm
from tests.conftest import PATIENCE

TYPED = "The soup was cold.\nWhat a lovely garden!"


@pytest.mark.long
def test_typed_texts_go_with_the_trained_model_to_the_page_beside_the_original(site: Site, visit: Visit) -> None:
    wait = PATIENCE * 1000
    page = visit(site.link(page="finetune", finetune_epochs="1", finetune_texts="50", finetune_guess="", open="0"))
    typed(page, TYPED)
    page.locator(".st-key-finetune_guess").get_by_text("Higher, but below the mean").click()
    page.get_by_role("button", name=re.compile("^Train, about")).click(timeout=wait)
    reveal = page.locator(".st-key-reveal_finetune")
    reveal.wait_for(timeout=wait)
    assert "You said: Higher, but below the mean" in reveal.inner_text()
    assert re.search(r"After the training it is \d+%", reveal.inner_text())
    settle(page)
    calm(page)
    page.get_by_text("What the trained model says of the texts above").click()
    page.get_by_role("cell", name="What a lovely garden!").wait_for()
    page.get_by_text("Use the trained model on other pages").click()
    page.get_by_role("button", name="Beside the original: what it attends to").click()
    page.wait_for_function("() => location.pathname.endsWith('/attention')", timeout=wait)
    settle(page)
    asked = parse_qs(urlsplit(address(page)).query)
    assert asked["text"] == [TYPED], "what was typed comes along"
    assert asked["beside"] == ["models"]
    assert asked["beside_model"][0].startswith("tuned:")
    assert page.get_by_text("tuned on Good or bad").first.is_visible()
    calm(page)
