"""The parts of an experiment: a verdict that names the guess, checks that say what is broken, changes to undo."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def drawn(body: str) -> AppTest:
    """A page of one part."""
    app = AppTest.from_string(f"from lib.ui import edits, parts\nfrom lib.edits import Cut, edit\n{body}")
    app.run()
    assert not app.exception, [each.message for each in app.exception]
    return app


def said(app: AppTest) -> list[str]:
    return [each.value for each in app.markdown]


def test_a_verdict_names_the_guess_where_there_was_one() -> None:
    with_it = drawn('parts.verdict("holds", "“A claim.”", "It is 0.", key="a", guess="*Nearly* 1")')
    assert said(with_it)[1:] == ["**● Holds**", "Your guess: *\\*Nearly\\* 1*. It is 0."]
    without = drawn('parts.verdict("cannot tell", "“A claim.”", "It is 0.", key="a")')
    assert said(without)[1:] == ["**◌ Cannot tell**", "It is 0."]


def test_a_broken_check_says_so_in_words() -> None:
    app = drawn('parts.checks([parts.Proof("one", "0", True), parts.Proof("two", "3", False)])')
    assert said(app)[-1] == "- ● one: 0\n- ○ **Broken:** two: 3"


def test_changes_are_listed_and_undone_one_by_one(embedded: object) -> None:
    app = drawn(
        "from lib.model import read\n"
        "changes = edit(Cut('first', (3,)), Cut('first', 'others', (2,)))\n"
        "encoding = read('all-MiniLM-L6-v2', ['It was not good.'], attention='none').encoding\n"
        "edits.show(changes, encoding, 0, key='x_edit')"
    )
    assert said(app) == [
        ":orange[\\[CLS\\]] may not read “not” in every layer.",
        ":orange[\\[CLS\\]] may not read any token but itself in layer 2.",
    ]
    undo = [button for button in app.button if button.label == "Undo"]
    assert len(undo) == 2
    undo[0].click().run()
    assert app.session_state["x_edit"] == "cut.first.others.2"
    next(button for button in app.button if button.label == "Undo all").click().run()
    assert app.session_state["x_edit"] == ""
