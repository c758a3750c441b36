"""Change a text word by word: which vector notices what, measured against how far apart unrelated texts are."""

import streamlit as st

from lib.app import choices, edits, parts, readings
from lib.cached import references
from lib.escape import markdown, quote
from lib.words.attention import named
from pages.change.words import controls, exhibits, measures, words

model = choices.checkpoint()
first = named(model)
parts.open_page(
    "We leave a word out, change the order, put in a *not*. A vector that stands for a text should notice. Does that "
    f"of {first} notice more than the mean?"
)
reading = readings.yours(attention="none")
text = next((each for each in reading.encoding.texts[:1] if measures.negated(each)), words.EXAMPLE)
after = measures.negated(text) or ""
guess = parts.guess(words.question(text, after), words.answers(model), key="words_guess")
floors = references.take(model, model.layers).floors
moved = controls.negation(text, after, floors)
parts.reveal(guess, words.guessed(*moved, model), words.because(*moved, model), key="words")
tried = controls.tried(reading)
if not tried.kinds:
    parts.note("**Too short.** The first text has no word to change. Type a sentence above.", key="short")
    parts.end()

parts.show(exhibits.changes(tried, floors, model))
if tried.left:
    parts.note(words.left(tried), key="left")
kind, why = words.order(tried, floors, model)
claim = f"“{markdown(model.first_token)} notices the order of words, a mean does not.”"
parts.settle(kind, claim, why)


def left_out() -> None:
    """Each word left out once."""
    st.markdown(words.one_less(tried))
    parts.show(exhibits.left_out(tried, floors, model))


def own() -> None:
    """A change of the visitor's, layer by layer."""
    edit = controls.ask(reading, tried, measures.farthest(tried, floors["cls"]), key="words_edit")
    if edit:
        edits.show(edit, reading.encoding, 0, key="words_edit")
    else:
        st.markdown(f":gray[Nothing is changed yet. For now, we leave out a word without which {first} moves far.]")
    shown = edit or measures.example(tried, floors["cls"])
    again = readings.again(reading, shown, attention="none", rows=[0])
    parts.show(exhibits.layers(reading, again, shown))


def tested() -> None:
    """The claim, the checks and the limits."""
    parts.verdict(kind, claim, why, key="order", on=quote(reading.encoding.texts[0]))
    st.markdown(words.most_and_least(tried, floors, model))
    parts.checks(controls.proofs(reading, tried))
    parts.limits(
        "Moving far is not understanding: a typing error can move a vector more than the word *not* does. A text "
        "without one of its words may be unlike all that the model has met. One text, one model; the negation knows "
        "English only."
    )


if "left_out" in tried.kinds:
    parts.fold("Which word matters most?", left_out, key="words_left_out")
parts.fold("Your own change, layer by layer", own, key="words_own")
parts.fold("The order of the words, checks and limits", tested, key="words_tested")
parts.scope(
    "How far its vectors move is measured on the first text, against how far apart unrelated sentences are.",
    "Its first vector was not trained to compare texts. That it moves little does not say that a classifier could not "
    "find the change in it.",
    "Every token may change every final vector, so a changed word moves both. Which moves farther differs by model.",
)
parts.lead_on()
