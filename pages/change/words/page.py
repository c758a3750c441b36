"""Change a text word by word: which vector notices what, measured against how far apart unrelated texts are."""

import streamlit as st

from lib.app import choices, edits, parts, readings
from lib.cached import references
from lib.escape import markdown
from lib.words.attention import named
from pages.change.words import controls, exhibits, measures, words

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"Leave a word out, shuffle them, put a *not* in. A vector that stands for your text should notice: does {first}?",
)
reading = readings.yours(attention="none")
guess = parts.guess(
    "The words of your first text are put into another order. Which of these vectors stays exactly as it was?",
    (
        f"{model.first_token} after the last layer",
        "the mean of all tokens after the last layer",
        "the mean of the words’ own vectors, before the first layer",
        "none of them",
    ),
    key="words_guess",
)
tried = controls.tried(reading)
floors = references.take(model, model.layers).floors
if not tried.kinds:
    parts.note("**Too short.** Your first text has no word to change. Type a sentence above.", key="short")
    parts.end()

changes = exhibits.changes(tried, floors, model)
parts.picture(changes)
parts.say(changes.sentence, key=changes.name)
if tried.left:
    parts.note(words.left(tried), key="left")
parts.numbers(changes)
kind, why = words.order(tried, floors, model)
claim = f"“{markdown(model.first_token)} notices the order of words, a mean does not.”"
parts.verdict(kind, claim, why, key="order", guess=guess)

if "left_out" in tried.kinds:
    st.header("Without one word", anchor=False)
    st.markdown(words.one_less(tried))
    parts.show(exhibits.left_out(tried, floors, model))

st.header("Your own change, layer by layer", anchor=False)
edit = controls.ask(reading, tried, key="words_edit")
if edit:
    edits.show(edit, reading.encoding, 0, key="words_edit")
else:
    st.markdown(f":gray[No change of yours yet: shown is one word {first} moves far without.]")
shown = edit or measures.example(tried, floors["cls"])
again = readings.again(reading, shown, attention="none", rows=[0])
parts.show(exhibits.layers(reading, again, shown))
parts.checks(controls.proofs(reading, tried))
parts.limits(
    "A vector that moves far need not have understood: a typing error can move it more than a *not*. And a text "
    "without one word is a text this model may never have met. One text, one model; the negation knows English only."
)
parts.lead_on()
