"""Before the first layer the first token's vector is looked up in tables: it is the same in front of every text."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.cached import anatomy
from lib.escape import cut, markdown, visible
from lib.measures import inputs as measures
from lib.words.terms import term
from pages.meet.blank import exhibits, words

model = choices.checkpoint()
first = words.named(model)
parts.open_page(
    f"Before layer 1, {first} has no information about a text. Its {term('vector')} comes from fixed tables and is the "
    f"same in front of every text, so {first} is free to become a summary.",
)
reading, own = readings.compared()
encoding, texts = reading.encoding, reading.encoding.texts

parts.show(exhibits.same(reading))
if not own:
    parts.ours(texts)
parts.keep(words.keep(reading))
parts.settle(*words.claim(reading))


def one_input() -> None:
    """The input of one token, put together from its tables."""
    left, right = st.columns(2)
    with left:
        row = choices.pick(
            "Text",
            range(1, len(texts) + 1),
            key="blank_text",
            default=1,
            form="menu",
            hide_label=True,
            names=lambda k: f"Text {k}: {cut(visible(texts[k - 1]), 60)}",
        )
    tokens = encoding.row(row - 1)
    with right:
        position = choices.pick(
            "Token",
            range(len(tokens)),
            key="blank_token",
            default=0,
            form="menu",
            hide_label=True,
            names=lambda k: f"Position {k}: {visible(tokens[k])}",
        )
    try:
        made = anatomy.inputs(reading, row - 1)
    except ValueError as problem:
        parts.note(str(problem), key="parts")
        return
    parts.show(exhibits.assembled(reading, row - 1, position, made))
    check = measures.check(made, reading.hidden_states[0, row - 1][encoding.attention_mask[row - 1] == 1])
    st.markdown(f":small[:gray[{words.checked(check, made)}]]")
    st.markdown(words.steps(made))


def lengths() -> None:
    """How long the rows are that the first token gets from the tables."""
    try:
        special = measures.facts(anatomy.inputs(reading, 0), 0)
    except ValueError as problem:
        parts.note(str(problem), key="lengths")
        return
    if not special:
        parts.note("The tables of this model have too few rows to compare their lengths.", key="rows")
        return
    st.markdown(f"The same in all texts does not mean small: this is what {first} gets, among all rows of the tables.")
    parts.show(exhibits.lengths(special, model))


parts.fold("How the input of a token is put together", one_input, key="input")
parts.fold(
    f"The same does not mean small: how long the vectors of {markdown(model.first_token)} are", lengths, key="lengths"
)
parts.scope(
    "Before layer 1, nothing goes into its first token but what the tables hold.",
    "BERT adds up the same three vectors: token, position and segment. Its first token gets the same three every time.",
    "All that put a token in front of every text begin with one vector for it.",
)
parts.limits(
    f"That two vectors are the same does not say when {first} begins to differ: the page on its journey shows "
    "that. A long vector is not an important one: the LayerNorm that follows brings every token to one scale."
)
parts.lead_on()
