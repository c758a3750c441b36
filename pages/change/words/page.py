"""Change a text word by word: which vector notices what, measured against how far apart unrelated texts are."""

import streamlit as st

from lib.app import choices, edits, look, parts, readings
from lib.cached import references
from lib.escape import markdown
from lib.figures.journey import LayerLine, by_layer
from lib.words import edits as said_edits
from lib.words.attention import named
from pages.change.words import controls as wording
from pages.change.words import figures
from pages.change.words import words as said

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
tried = wording.tried(reading)
floors, palette = references.take(model, model.layers).floors, look.palette()
if not tried.kinds:
    parts.note("**Too short.** Your first text has no word to change. Type a sentence above.", key="short")
    parts.end()

rows, heads = wording.rows(tried, floors, model), wording.heads(tried)
told = said.table(tried, floors, model)
parts.chart(figures.changes(rows, heads, palette), alt=told, name="words-changes")
parts.say(told, key="changes")
if tried.left:
    parts.note(said.left(tried), key="left")
parts.data(
    lambda: wording.columns(tried, floors, model),
    name="words-changes",
    about="How far each change moves each vector, in distances of two unrelated texts (1 − cosine over its mean).",
)
kind, why = said.order(tried, floors, model)
claim = f"“{markdown(model.first_token)} notices the order of words, a mean does not.”"
parts.verdict(kind, claim, why, key="order", guess=guess)

if "left_out" in tried.kinds:
    st.header("Without one word", anchor=False)
    st.markdown(said.one_less(tried))
    names = tried.named("left_out")
    one, other = (tried.moved(key, "left_out", floors[key]) for key in ("cls", "mean"))
    told = said.by_word(names, one, other, model)
    parts.chart(
        figures.by_word(names, one, other, (model.first_token, "mean of all tokens"), palette),
        alt=told,
        name="words-left-out",
    )
    parts.say(told, key="left_out")
    parts.data(
        lambda: {"left out": names, model.first_token: one.round(6), "mean": other.round(6)},
        name="words-left-out",
        about="How far leaving out each word moves the two vectors, in distances of two unrelated texts.",
    )

st.header("Your own change, layer by layer", anchor=False)
edit = wording.ask(reading, tried, key="words_edit")
if edit:
    edits.show(edit, reading.encoding, 0, key="words_edit")
else:
    st.markdown(f":gray[No change of yours yet: shown is one word {first} moves far without.]")
shown = edit or wording.example(tried, floors["cls"])
again = readings.again(reading, shown, attention="none", rows=[0])
one, other = wording.ways(reading, again, "cls"), wording.ways(reading, again, "mean")
told = said_edits.sentence(shown, reading.encoding, 0, model) + " " + said.layers(one, other, model)
parts.chart(
    by_layer(
        [LayerLine(model.first_token, "first", one), LayerLine("mean of all tokens", "words", other)],
        palette,
        y="cosine to the text as it is",
        span=(min(0.0, float(min(one.min(), other.min()))), 1.04),
    ),
    alt=told,
    name="words-layers",
)
parts.say(told, key="layers")
parts.data(
    lambda: {"layer": range(reading.layers + 1), model.first_token: one.round(6), "mean": other.round(6)},
    name="words-layers",
    about="Cosine of the changed text’s vectors to those of the text as it is, no unit, from −1 to 1.",
)
parts.checks(wording.proofs(reading, tried))
parts.limits(
    "A vector that moves far need not have understood: a typing error can move it more than a *not*. And a text "
    "without one word is a text this model may never have met. One text, one model; the negation knows English only."
)
parts.lead_on()
