"""The parts of a step: a prediction and its answer, folds, a verdict, checks of the page itself, changes to undo."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.app import readings
from lib.edits import Cut, Edit, edit
from tests.conftest import NEAR, PATIENCE


def drawn(body: str) -> AppTest:
    """A page of one part."""
    script = f"from lib.app import edits, parts\nfrom lib.edits import Cut, edit\n{body}"
    app = AppTest.from_string(script, default_timeout=PATIENCE)
    app.run()
    assert not app.exception, [each.message for each in app.exception]
    return app


def said(app: AppTest) -> list[str]:
    return [each.value for each in app.markdown]


BEGUN = "from lib.app import choices\nchoices.start('starve')\n"


def test_a_prediction_is_answered_and_noted() -> None:
    body = BEGUN + "parts.reveal({given!r}, {right!r}, 'The gap is **0**.', key='a')"
    for given, right, mark, truth in (
        ("*They* stay", "*They* stay", "● You were right", "They stay"),
        ("They stay", "They part", "○ It is different", "They part"),
        ("They stay", ("They part", "They stay"), "● You were right", "They stay"),
        ("They stay", (), "◌ This cannot be told here", ""),
    ):
        app = drawn(body.format(given=given, right=right))
        assert said(app)[0].startswith(f"**{mark}.** You said: *")
        found = app.session_state["path_found"]["starve"]
        assert (found.shown, found.truth == found.guess) == ("The gap is 0.", mark.startswith("●"))
        assert bool(found.truth) == bool(truth)
    without = drawn(body.format(given="", right="They part"))
    assert said(without) == ["The gap is **0**."]
    assert "path_found" not in without.session_state, "nothing was predicted"


def test_a_fold_draws_nothing_before_it_is_opened() -> None:
    body = BEGUN + "import streamlit as st\nparts.fold('How', lambda: st.markdown('inside'), key='how')"
    app = drawn(body)
    assert said(app) == []
    app.session_state["starve_open_how"] = True
    app.run()
    assert said(app) == ["inside"]
    opened = drawn(BEGUN + "import streamlit as st\nst.session_state['open'] = True\n" + body)
    assert said(opened) == ["inside"], "a link opens all of a page"


def test_a_guess_answers_no_other_question() -> None:
    script = (
        "from contextlib import suppress\nimport streamlit as st\nfrom lib.app import choices, parts\n"
        "choices.start('x')\nwith suppress(parts.Ended):\n"
        "    given = parts.guess(st.session_state.get('q', 'Which?'), ('a', 'b'), key='x_guess')\n"
        "    st.markdown(f'given {given}')"
    )
    app = AppTest.from_string(script, default_timeout=PATIENCE)
    app.run()
    app.radio[0].set_value("2").run()
    assert said(app)[-1] == "given b"
    app.session_state["q"] = "Which of these?"
    app.run()
    assert said(app)[-1].strip() == "given", "the page goes on without one"
    (again,) = [each for each in app.button if each.label == "Guess first"]
    again.click().run()
    assert app.radio[0].value is None


def test_a_verdict_says_how_much_holds_in_words_too() -> None:
    app = drawn(BEGUN + 'parts.verdict("cannot tell", "“A claim.”", "It is 0.", key="a")')
    assert said(app)[1:] == ["**◌ Cannot tell**", "It is 0."]
    assert app.session_state["path_found"]["starve"].claim == "A claim."


def test_a_broken_check_says_so_in_words() -> None:
    app = drawn('parts.checks([parts.Proof("one", "0", True), parts.Proof("two", "3", False)])')
    assert said(app)[-1] == "- ● one: 0\n- ○ **Broken:** two: 3"


def test_a_bar_in_a_cell_parts_no_cells() -> None:
    """One that a learner typed is escaped already, and one backslash more would free it again."""
    app = drawn("parts.lines([('h[0]', 'one | two', 'three \\\\| four')], heads=('a', 'b', 'c'))")
    assert said(app)[-1].splitlines()[-1] == r"| `h[0]` | one \| two | three \| four |"


def test_changes_are_removed_one_by_one_and_undone_step_by_step(embedded: object) -> None:
    app = drawn(
        "from lib.model import read\nfrom lib.app import choices\nchoices.start('x')\n"
        "changes = choices.edit('x_edit', default=edit(Cut('first', (3,)), Cut('first', 'others', (2,))))\n"
        "encoding = read('all-MiniLM-L6-v2', ['It was not good.'], attention='none').encoding\n"
        "edits.show(changes, encoding, 0, key='x_edit')"
    )
    assert said(app) == [
        "In every layer, :orange[\\[CLS\\]] may not attend to “not”.",
        "In layer 2, :orange[\\[CLS\\]] may not attend to any token but itself.",
    ]
    assert pressable(app) == ["Remove", "Remove", "Remove all"], "nothing to undo yet"
    press(app, "Remove")
    assert app.session_state["x_edit"] == "cut.first.others.2"
    assert pressable(app) == ["Remove", "Undo"]
    press(app, "Remove")
    assert app.session_state["x_edit"] == "none"
    press(app, "Undo")
    assert app.session_state["x_edit"] == "cut.first.others.2", "the last step, not all of them"
    press(app, "Undo")
    assert app.session_state["x_edit"] == "cut.first.3.~cut.first.others.2", "as it was"
    press(app, "Remove all")
    press(app, "Undo")
    assert app.session_state["x_edit"] == "cut.first.3.~cut.first.others.2"
    assert pressable(app) == ["Remove", "Remove", "Remove all"]


def pressable(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def asked(code: str | None) -> AppTest:
    """A page that starts with one change, opened by a link."""
    app = AppTest.from_string(
        "from lib.app import choices, parts\nfrom lib.edits import Cut, Remove, edit\nimport streamlit as st\n"
        "choices.start('x')\n"
        "starved, cuts = edit(Cut('first', 'others')), lambda change: isinstance(change, Cut)\n"
        "st.text(choices.edit('x_edit', default=starved, takes=cuts).code)\n"
        "st.text(' '.join(choices.complaints()))\nchoices.finish()",
        default_timeout=PATIENCE,
    )
    if code is not None:
        app.query_params["x_edit"] = code
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("code", "found", "complaint"),
    [
        (None, "cut.first.others.", ""),
        ("none", "", ""),
        ("cut.first.3.2", "cut.first.3.2", ""),
        ("remove.0~cut.first.3.2", "cut.first.3.2", "does not make"),
        ("nonsense", "cut.first.others.", "not known here"),
    ],
)
def test_a_page_may_start_with_a_change(code: str | None, found: str, complaint: str) -> None:
    app = asked(code)
    assert app.text[0].value == found
    assert complaint in app.text[1].value
    assert bool(complaint) == bool(app.text[1].value)
    again = app.run()
    assert again.text[0].value == found, "it stays"


def test_variants_are_split_only_where_the_limit_asks_for_it(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ("It was not good.", "Why?")  # 7 and 4 tokens
    reading = readings.take(texts)
    edits = [Edit(), edit(Cut("first", "others")), edit(Cut("first", (1,)))]
    (whole,) = readings.variants(reading, edits, rows=(0, 1))
    assert [whole.encoding.texts[row] for row in (0, 2, 3)] == [texts[0], texts[0], texts[1]]
    np.testing.assert_allclose(whole.cls[:, 1], whole.cls[:, 4], **NEAR, err_msg="starved")
    monkeypatch.setattr(readings, "MOST_TOKENS", 30)
    split = readings.variants(reading, edits, rows=(0, 1))
    assert [part.batch for part in split] == [4, 2]
    np.testing.assert_allclose(np.concatenate([part.cls for part in split], axis=1), whole.cls, **NEAR)


def test_a_prediction_keeps_its_answer_until_its_question_changes() -> None:
    script = (
        "from contextlib import suppress\nimport streamlit as st\nfrom lib.app import choices, parts\n"
        "choices.start('starve')\nwith suppress(parts.Ended):\n"
        "    given = parts.guess(st.session_state.get('q', 'Which?'), ('a', 'b'), key='starve_guess')\n"
        "    if st.session_state.get('known', True):\n        parts.reveal(given, 'a', 'It is a.', key='x')"
    )
    app = AppTest.from_string(script, default_timeout=PATIENCE)
    app.run()
    app.radio[0].set_value("2").run()
    assert app.session_state["path_found"]["starve"].shown == "It is a."
    app.session_state["known"] = False  # as where a page is opened again before its experiment was made again
    app.run()
    assert app.session_state["path_found"]["starve"].shown == "It is a."
    app.radio[0].set_value("1").run()
    assert app.session_state["path_found"]["starve"].shown == "", "another prediction has no answer yet"
