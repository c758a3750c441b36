"""Whose the texts are."""

from __future__ import annotations

from lib.texts.examples import DEFAULT, EXAMPLES
from lib.words import whose


def test_what_was_typed_is_yours_and_an_example_is_ours() -> None:
    first, second, *_ = DEFAULT.texts
    assert whose.text("typed") == "your text"
    assert whose.text(first) == "our example"
    assert whose.text("typed", which="first") == "your first text"
    assert whose.texts(["typed"]) == "your text"
    assert whose.texts(["typed", "this, too"]) == "your texts"
    assert whose.texts([first, second]) == "our examples"
    assert whose.texts(["typed", first]) == "the texts"
    assert all(whose.ours(each.texts) for examples in EXAMPLES.values() for each in examples)


def test_the_box_is_yours_once_you_have_typed() -> None:
    assert whose.box(DEFAULT.texts) == whose.box(()) == "Type your own text"
    assert whose.box([DEFAULT.texts[0], "typed"]) == "Your text"
