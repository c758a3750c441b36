"""Before the first layer the first token is looked up, not read: the same vector in front of every text."""

from dataclasses import asdict

import streamlit as st

from lib.app import choices, look, parts, readings
from lib.cached import inputs
from lib.components import strips
from lib.escape import cut, markdown, plain, visible
from lib.figures import journey
from lib.measures import inputs as measures
from pages.meet.blank import words as said
from pages.meet.blank.figures import Row, standings

model = choices.checkpoint()
first = said.named(model)
parts.open_page(
    1,
    "meet",
    "Before the first layer",
    f"Nothing has been read yet. Input vectors are looked up in tables; what {first} gets there is the same in front "
    "of every text.",
)
reading, own = readings.compared()
encoding, layers, palette = reading.encoding, reading.layers, look.palette()
texts = encoding.texts

whose, where = st.columns(2)
with whose:
    row = choices.pick(
        "Text", range(1, len(texts) + 1), key="blank_text", default=1, form="menu", hide_label=True,
        names=lambda k: f"Text {k}: {cut(visible(texts[k - 1]), 60)}",
    ) - 1  # fmt: skip
tokens, roles = encoding.row(row), [role for role in encoding.roles(row) if role != "pad"]
with where:
    position = choices.pick(
        "Token", range(len(tokens)), key="blank_token", default=0, form="menu", hide_label=True,
        names=lambda k: f"Position {k}: {visible(tokens[k])}",
    )  # fmt: skip

made, special = None, ()
try:
    made = inputs.take(reading, row)
except ValueError as problem:
    parts.note(str(problem), key="parts")
if made:
    special = measures.facts(made, 0)
    rows = strips.assembled(made, position, is_first=roles[position] == "cls")
    caption, loudest = said.assembled(reading, row, position, made), measures.loudest(made.total[position])
    data = strips.payload(rows, unit=loudest.unit, words=plain(caption), file="cls-input.png")
    strips.strips(data, key="blank_parts")
    parts.say(caption, key="parts")
    check = measures.check(made, reading.hidden_states[0, row][encoding.attention_mask[row] == 1])
    st.markdown(f":small[:gray[{said.checked(check, made)}]]")
    st.markdown(said.steps(made))
    parts.data(
        lambda: strips.table(rows),
        name="input",
        about="One line a unit, one column a strip: activations, which have no unit of measure.",
    )

st.header(f"The same {markdown(model.first_token)} in every text", anchor=False)
layer = choices.pick(
    "Layer (0: before the first layer)", range(layers + 1), key="blank_layer", default=0, form="slider"
)
vectors = reading.cls[layer]
rows, difference = strips.between(reading, layer), measures.spread(vectors)
loudest = measures.loudest(difference if difference.any() else vectors[0])
caption = said.same(float(difference.max()), layer, layers, len(texts), strips.STRIPS, model)
strips.strips(strips.payload(rows, unit=loudest.unit, words=plain(caption), file="cls-same.png"), key="blank_same")
parts.say(caption, key="same")
if not own:
    parts.ours(texts)
parts.data(
    lambda: strips.table(rows),
    name="same",
    about=f"The vector of {first} in layer {layer}, one line a unit, one column a text: activations.",
)

st.header("How it leaves 0", anchor=False)
st.markdown("The same largest difference after every layer, beside that of two other places.")
away = measures.apart(reading)
caption, lines = said.leaving(away, model), [journey.Line(*line) for line in said.lines(away, model)]
difference_axis = "largest difference between texts"
parts.chart(journey.by_layer(lines, palette, y=difference_axis, span=(0, None)), alt=caption, name="blank-apart")
parts.say(caption, key="apart")
parts.data(
    lambda: [("layer", range(layers + 1)), *((line.name, line.values) for line in lines)],
    name="apart",
    about="Largest difference between any two texts, over all units, at the same place, layer by layer: activations.",
)

if special:
    st.header("Blank is not neutral", anchor=False)
    st.markdown(
        f"The same for all texts does not mean small. This is what {first} gets from the tables, among all of their "
        "rows."
    )
    caption = said.neutral(special, model)
    named = [(f"{fact.name} vectors", f"{model.first_token}, row {fact.row}") for fact in special]
    shown = [Row(*names, True, **asdict(fact.standing)) for names, fact in zip(named, special, strict=True)]
    parts.chart(standings(shown, palette), alt=caption, name="blank-lengths")
    parts.say(caption, key="lengths")
    parts.data(
        lambda: measures.table(special),
        name="lengths",
        about="Length of the row that the first token gets in each table, among the lengths of all its rows.",
    )
parts.limits(
    f"That two vectors are the same says nothing yet about when {first} begins to read: the journey shows that. A long "
    "vector is not an important one, and the LayerNorm that follows brings every token to one scale."
)
parts.lead_on("pages/look/cube/page.py", "What comes out: the cube")
