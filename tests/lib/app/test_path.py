"""What is found on the path: noted by the pages, and taken back from a browser only as far as it is ours."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from lib import found as kept
from lib.app import contents
from tests.test_pages import elements, keyed, visit


@pytest.fixture(scope="module")
def apps(embedded: object) -> dict[str, AppTest]:
    return {}


def test_what_a_browser_gives_back_is_looked_at() -> None:
    good = {"guess": "They stay", "verdict": "holds", "because": "0, exactly"}
    hostile = {"guess": "<script>\x00" + "a" * 5000, "verdict": "holds", "more": "x", "because": 7}
    given = {"starve": good, "direction": hostile, "nowhere": good, "tokens": {"verdict": "perhaps"}, "cube": "text"}
    found = kept.taken(json.dumps(given), contents.ENTRIES)
    assert found["starve"] == kept.Found(guess="They stay", verdict="holds", because="0, exactly")
    assert len(found["direction"].guess) == kept.LONGEST
    assert found["direction"].because == ""
    assert set(found) == {"starve", "direction"}
    for text in ("", "[]", "null", "{" * 100_000, '"a"', "[" * 200_000):
        assert kept.taken(text, contents.ENTRIES) == {}


def test_a_step_is_noted_when_it_was_seen_to_its_end_and_the_guess_beside_the_verdict(apps: dict[str, AppTest]) -> None:
    app = visit(apps, "starve")
    app.session_state["starve_guess"] = "1"
    app.run()
    found = app.session_state["path_found"]["starve"]
    assert found.guess
    assert found.verdict == "holds"
    assert found.claim == "[CLS] holds no information of its own."
    assert "http" not in found.because, "a link is what it says"
    app.switch_page("pages/start/answer/page.py").run()
    words = "\n".join(str(each.value) for each in elements(app.main) if each.type == "markdown")
    assert words.count("the largest difference between 4 texts") == 2, "beside the statement and the prediction"
    assert "You said: *They differ clearly*" in words
    (button,) = [each for each in app.button if each.label == "Clear what I found"]
    button.click().run()
    assert "starve" not in app.session_state["path_found"]
    assert keyed(app, "statement_")


def test_what_is_found_is_noted_under_the_model_whose_numbers_they_are(apps: dict[str, AppTest]) -> None:
    app = visit(apps, "next_sentence")
    app.session_state["next_sentence_guess"] = "1"
    app.run()
    found = app.session_state["path_found"]["next_sentence"]
    assert "BERT’s two tasks" in found.model, "the chosen one has no such head"
