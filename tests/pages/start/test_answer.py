"""The end of the path: what stands beside each statement, and the file to take home."""

from __future__ import annotations

from lib.app import contents
from lib.found import Found
from pages.start.answer import words

SHOWN = Found(
    guess="They <b>stay</b>",
    truth="The same",
    claim="c",
    verdict="holds",
    because="The gap is 0 & exactly",
    shown="It is 0.",
)


def test_each_of_the_seven_statements_has_a_page_where_it_can_be_tested() -> None:
    listed = words.statements()
    assert len({each.key for each in listed}) == 7
    assert {each.page for each in listed} <= set(contents.ENTRIES)
    assert all(each.verdict for each in listed)


def test_a_statement_says_what_the_texts_showed_only_where_they_showed_something() -> None:
    assert words.tested(None, "") == words.tested(Found(guess="a"), "")
    assert "**● Holds.** The gap is 0 \\& exactly" in words.tested(SHOWN, "")


def test_what_a_statement_was_tested_on_is_named() -> None:
    """The texts on screen may be others by now."""
    shown = Found(verdict="holds", because="It is 0.", texts="“Rain.”; “Sun.”", model="a_b")
    assert "a\\_b, “Rain\\.”; “Sun\\.”" in words.tested(shown, "“Wind.”")
    assert "Rain" not in words.tested(shown, shown.texts)


def test_a_prediction_is_right_or_not_only_where_the_page_says_what_is() -> None:
    assert words.predicted(SHOWN).startswith("**○ It is different.** You said: *They \\<b\\>stay")
    assert words.predicted(Found(guess="a", truth="a", shown="b")).startswith("**● You were right.**")
    assert words.predicted(Found(guess="a", shown="b")).startswith("**◌ This cannot be told here.**")
    assert words.predicted(Found(guess="a")).endswith("Its answer was not shown yet.")


def test_how_far_one_has_come() -> None:
    assert "not walked the path yet" in words.count(0, 9)
    assert "seen **3** of 10 steps" in words.count(3, 10)


def test_the_file_to_take_home_is_one_page_without_a_network_and_with_no_markup_of_the_learner() -> None:
    page = words.paper(["**a** [b](https://example.org)"], ["<script>alert(1)</script>"], "m", {"Starve": SHOWN})
    assert "<script" not in page
    assert "http" not in page
    assert "&lt;script&gt;" in page
    assert "I said: They &lt;b&gt;stay&lt;/b&gt;. It is 0. The gap is 0 &amp; exactly" in page
    assert page.count("<tr>") == 7


def test_the_predictions_are_counted_and_those_that_cannot_be_told_are_none() -> None:
    given = (
        Found(guess="a", truth="a", shown="b"),
        Found(guess="a", truth="c", shown="b"),
        Found(guess="a", shown="b"),
    )
    assert words.predictions(given) == "What you predicted: 3 answers, 1 of 2 right"


def test_the_title_of_a_step_ends_with_one_mark() -> None:
    assert words.heading("Attention") == "**Attention.**"
    assert words.heading("[CLS] or mean?").endswith("?**")
