"""What a presentation has over a page: the address of the view as a code that phones can read."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import PATIENCE, ROOT
from tests.test_pages import assert_kind


@pytest.mark.parametrize("words", [3, 650], ids=["short", "longer than a code holds"])
def test_a_code_is_drawn_whatever_is_typed(words: int, embedded: object) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["page"], app.query_params["present"] = "tokens", "1"
    app.query_params["text"] = "word " * words
    app.run()
    assert_kind(app)
