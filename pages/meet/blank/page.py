"""Before the first layer the first token is looked up, not read: the same vector in front of every text."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.cached import anatomy
from lib.escape import cut, markdown, visible
from lib.measures import inputs as measures
from pages.meet.blank import exhibits
from pages.meet.blank import words as said

model = choices.checkpoint()
first = said.named(model)
parts.open_page(
    f"Nothing has been read yet. Input vectors are looked up in tables; what {first} gets there is the same in front "
    "of every text.",
)
reading, own = readings.compared()
encoding, layers = reading.encoding, reading.layers
texts = encoding.texts

whose, where = st.columns(2)
with whose:
    row = (
        choices.pick(
            "Text",
            range(1, len(texts) + 1),
            key="blank_text",
            default=1,
            form="menu",
            hide_label=True,
            names=lambda k: f"Text {k}: {cut(visible(texts[k - 1]), 60)}",
        )
        - 1
    )
tokens = encoding.row(row)
with where:
    position = choices.pick(
        "Token",
        range(len(tokens)),
        key="blank_token",
        default=0,
        form="menu",
        hide_label=True,
        names=lambda k: f"Position {k}: {visible(tokens[k])}",
    )

made = None
try:
    made = anatomy.inputs(reading, row)
except ValueError as problem:
    parts.note(str(problem), key="parts")
if made:
    parts.show(exhibits.assembled(reading, row, position, made))
    check = measures.check(made, reading.hidden_states[0, row][encoding.attention_mask[row] == 1])
    st.markdown(f":small[:gray[{said.checked(check, made)}]]")
    st.markdown(said.steps(made))

st.header(f"The same {markdown(model.first_token)} in every text", anchor=False)
layer = choices.pick(
    "Layer (0: before the first layer)", range(layers + 1), key="blank_layer", default=0, form="slider"
)
parts.show(exhibits.same(reading, layer))
if not own:
    parts.ours(texts)

st.header("How it leaves 0", anchor=False)
st.markdown("The same largest difference after every layer, beside that of two other places.")
parts.show(exhibits.apart(measures.apart(reading), model))

if made and (special := measures.facts(made, 0)):
    st.header("Blank is not neutral", anchor=False)
    st.markdown(
        f"The same for all texts does not mean small. This is what {first} gets from the tables, among all of their "
        "rows."
    )
    parts.show(exhibits.lengths(special, model))
parts.limits(
    f"That two vectors are the same says nothing yet about when {first} begins to read: the journey shows that. A long "
    "vector is not an important one, and the LayerNorm that follows brings every token to one scale."
)
parts.lead_on()
