"""Forbid the first token to read, and it is the same vector in every text: what it knows comes in by reading."""

import streamlit as st

from lib.app import choices, edits, look, parts
from lib.cached import inputs, readings
from lib.components.strips import payload, strips, table
from lib.escape import markdown, plain
from lib.measures import attention
from lib.measures import inputs as differences
from lib.texts.sources import link
from lib.words.attention import window
from pages.change.starve import controls as gates
from pages.change.starve import figures, measures
from pages.change.starve import words as said

model = choices.checkpoint()
first, layers, palette = said.named(model), model.layers, look.palette()
parts.open_page(
    4,
    "change",
    f"Starve {markdown(model.first_token)}",
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
changes = choices.edit("starve_edit", default=gates.STARVED, takes=lambda change: gates.takes(change, layers))
now = readings.again(reading, gates.for_texts(changes, row, len(texts)))
starved = readings.again(reading, gates.for_texts(gates.STARVED, row, len(texts)))
left = measures.left(reading, starved, now, row)

with stage:
    rows, caption = inputs.between(now, layers), said.final(left, row, inputs.STRIPS, reading)
    unit = differences.loudest(differences.spread(now.cls[-1]) if left.after[-1] else now.cls[-1, row]).unit
    strips(payload(rows, unit=unit, words=plain(caption), file="cls-starved.png"), key="starve_strips")
    parts.say(caption, key="final")
    if not own:
        parts.note("You typed one text, so it is compared with ours. Add another above, one text a line.", key="ours")
    parts.data(lambda: table(rows), name="final", about=f"The final vector of {first}: a line a unit, a column a text.")

read, reads = attention.shares(reading, row, "reads"), attention.shares(now, row, "reads")
barred = gates.cut(changes, layers, read.length)
caption = said.gate(read, barred, model)
gates.show(read, reads, changes, words=plain(caption), key="starve_edit")
edits.show(changes, encoding, row, key="starve_edit")
parts.say(caption, key="gate")
if narrow := attention.window(read):
    st.markdown(window(narrow, read, model))
parts.data(
    lambda: attention.by_token(reads), name="gate", about="Its reading with the changes: a column a head (layer.head)."
)

st.header("Layer by layer", anchor=False)
caption, shut = said.apart(left.before, left.after, model), attention.runs(barred[:, 1:].all(axis=1))
axis = "largest difference between texts"
parts.chart(figures.apart(left.before, left.after, shut, axis, palette), alt=caption, name="starve-apart")
parts.say(caption, key="apart")
parts.data(
    lambda: {"layer": range(layers + 1), "untouched": left.before, "with your changes": left.after},
    name="apart",
    about=f"Largest difference between the vectors of {first} in any two texts, over all units: activations.",
)

st.header("When does the text get in?", anchor=False)
st.markdown(
    f"Each layer opened alone, and closed alone: {link('gao_condenser2021')} describe BERT’s first token as idle "
    "in the middle layers and active in the last. 100% is the untouched vector, 0% one as far from it as the starved "
    "one."
)
most = gates.budget(reading, row, key="starve_long")
if most:
    found = gates.by_layer(reading, starved, row, most)
    caption = said.gates(found, row, len(texts), model)
    parts.chart(figures.gates(found.alone, 1 - found.without, palette), alt=caption, name="starve-gates")
    parts.say(caption, key="gates")
    parts.data(lambda: measures.by_layer(found), name="gates", about="Share of what reading gives; 1 is all of it.")

    st.header("One word less", anchor=False)
    st.markdown(f"Each token forbidden by itself: how far does {first} move, beside the average one?")
    worth, bars, chosen, where = gates.worth(reading, starved, row, most, keys=("starve_in", "starve_word"))
    caption, roles = said.effects(worth, chosen, encoding, row, model), encoding.roles(row)
    kinds = [roles[run[0]] for run in worth.places]
    figure = figures.effects(worth.moved, bars, kinds, chosen, said.average(worth), palette)
    parts.chart(figure, alt=caption, name="starve-words")
    parts.say(caption, key="effects")
    edits.adder("Forbid it above, too", changes, gates.word(worth, chosen, where), key="starve_edit", name="word")
    parts.data(
        lambda: {"token": bars, "how far it moves": worth.moved}, name="words", about="1 is as far as without any."
    )

kind, because = said.verdict(left, starved, model)
parts.verdict(kind, f"“{first} holds no information of its own.”", because, key="starve", guess=guess)
parts.checks([parts.Proof(*each) for each in said.proofs(reading, now, starved, row, barred)])
parts.limits(
    f"That {first} reads says nothing about what it does with what it reads. The sameness holds in every encoder "
    "in which tokens meet by attention alone and the first has one place and one segment; the shares in between are "
    "this model's, on these texts. "
    "What may not be read may still come in by another token that has read it, and shares do not add up."
)
parts.lead_on("pages/change/direction/page.py", "Which way may it look? The causal switch")
