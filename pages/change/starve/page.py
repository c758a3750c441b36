"""Forbid the first token to read, and it is the same vector in every text: what it knows comes in by reading."""

import streamlit as st

from lib.app import choices, edits, parts, readings
from lib.measures import attention
from lib.texts.sources import link
from lib.words.attention import window
from pages.change.starve import controls, exhibits, measures
from pages.change.starve import words as said

model = choices.checkpoint()
first, layers = said.named(model), model.layers
parts.open_page(
    f"If {first} is only a symbol, all that it knows of your text must come in by reading. So take reading away: in a "
    "closed layer it reads nothing but itself.",
)
guess = parts.guess(said.question(model), said.ANSWERS, key="starve_guess")
reading, own = readings.compared()
encoding, texts = reading.encoding, reading.encoding.texts
stage = st.container()  # the answer stands above the gate that it follows from

st.header("What it may read", anchor=False)
st.markdown(
    "Press a layer to close or open it, ↓ to close from there on, a token to forbid it in every layer, a cell to cut "
    f"one edge. Closed layers hold for all texts, tokens for this one. A cut edge ({link('geva2023')}) gets nothing; "
    "what is left of the reading is shared among the others."
)
row = choices.follow(texts, key="starve_text")
changes = choices.edit("starve_edit", default=controls.STARVED, takes=lambda change: controls.takes(change, layers))
now = readings.again(reading, controls.for_texts(changes, row, len(texts)))
starved = readings.again(reading, controls.for_texts(controls.STARVED, row, len(texts)))
left = measures.left(reading, starved, now, row)

with stage:
    parts.show(exhibits.final(reading, now, left, row))
    if not own:
        parts.note("You typed one text, so it is compared with ours. Add another above, one text a line.", key="ours")

untouched, attended = attention.shares(reading, row, "reads"), attention.shares(now, row, "reads")
cut = controls.cut(changes, layers, untouched.length)
gate = exhibits.gate(untouched, attended, cut, controls.closed(changes, layers), model)
controls.show(gate, changes, untouched.length, key="starve_edit")
edits.show(changes, encoding, row, key="starve_edit")
parts.say(gate.sentence, key="gate")
if narrow := attention.window(untouched):
    st.markdown(window(narrow, untouched, model))
parts.numbers(gate)

st.header("Layer by layer", anchor=False)
parts.show(exhibits.apart(left, cut, model))

st.header("When does the text get in?", anchor=False)
st.markdown(
    f"Each layer opened alone, and closed alone: {link('gao_condenser2021')} describe BERT’s first token as idle "
    "in the middle layers and active in the last. 100% is the untouched vector, 0% one as far from it as the starved "
    "one."
)
most = controls.budget(reading, row, key="starve_long")
if most:
    parts.show(exhibits.gates(controls.by_layer(reading, starved, row, most), row, len(texts), model))

    st.header("One word less", anchor=False)
    st.markdown(f"Each token forbidden by itself: how far does {first} move, beside the average one?")
    worth, names, chosen, where = controls.worth(reading, starved, row, most, keys=("starve_in", "starve_word"))
    tokens = exhibits.effects(worth, names, chosen, encoding, row, model)
    parts.picture(tokens)
    parts.say(tokens.sentence, key="words")
    edits.adder("Forbid it above, too", changes, controls.word(worth, chosen, where), key="starve_edit", name="word")
    parts.numbers(tokens)

kind, because = said.verdict(left, starved, model)
parts.verdict(kind, f"“{first} holds no information of its own.”", because, key="starve", guess=guess)
parts.checks([parts.Proof(*each) for each in said.proofs(reading, now, starved, row, cut)])
parts.limits(
    f"That {first} reads says nothing about what it does with what it reads. The sameness holds in every encoder "
    "in which tokens meet by attention alone and the first has one place and one segment; the shares in between are "
    "this model's, on these texts. "
    "What may not be read may still come in by another token that has read it, and shares do not add up."
)
parts.lead_on()
