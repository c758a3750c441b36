"""The first token moves in every layer; for how long all texts move as one differs from model to model."""

import streamlit as st

from lib.app import beside, choices, parts, readings
from lib.measures import journey as measures
from lib.quantities import plural
from lib.words import journey as said
from pages.look.journey import controls as journey_parts

model = choices.checkpoint()
first = said.named(model)
parts.open_page(
    f"The vector of {first} moves in every layer. It starts as the same for all texts: where do their ways part?",
)
pair = beside.comparison()
reading, own = readings.compared()
if reading.batch > measures.MOST:
    parts.note(f"Compared are the first {measures.MOST} of your {plural(reading.batch, 'text')}.", key="most")
ways = journey_parts.ways(pair, reading)

journey_parts.alike(ways)
beside.matched([way.side for way in ways], reading.layers, ways[-1].reading.layers)
st.markdown(said.rule(model))
if not own:
    parts.ours(reading.encoding.texts)
parts.data(
    lambda: journey_parts.alike_table(ways),
    name="alike",
    about=f"Mean cosine of all pairs of texts in each layer, no unit, from −1 to 1; for {first} also both ends.",
)

st.header("How far it moves", anchor=False)
st.markdown(said.DISTANCE)
if reading.closed:
    st.markdown(said.closed(reading.layers))
journey_parts.moved(ways)
parts.data(
    lambda: journey_parts.moved_table(ways),
    name="moved",
    about="Distance moved in each layer (root mean square over the texts) and the share of its square in common.",
)

st.header("One loud unit", anchor=False)
st.markdown(
    f"Of the {reading.hidden} units, this is the one that holds most of the squared length of {first}, in the mean "
    "over all layers."
)
journey_parts.loud(ways)
parts.data(
    lambda: journey_parts.loud_table(ways),
    name="loud",
    about="Share of that unit in the squared length of a vector, mean over the texts, 0 to 1.",
)

st.header("The trail", anchor=False)
st.markdown(said.PLANE)
left_out = choices.switch(
    f"Leave unit {ways[0].unit} out" if len(ways) == 1 else "Leave the loud unit out", key="journey_without"
)
trails = journey_parts.trails(ways, left_out)
parts.data(
    lambda: journey_parts.trail_table(ways, trails),
    name="trail",
    about="Where each text stands on the plane: activations.",
)
parts.limits(
    "A cosine near 1 does not say that nothing is there: small differences may be large beside what this vector "
    "usually varies, and a classifier can use them. A plane shows two directions of many."
)
parts.lead_on()
