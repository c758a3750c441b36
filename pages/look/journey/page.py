"""The first token moves in every layer; for how long all texts move as one differs from model to model."""

import streamlit as st

from lib.app import beside, choices, parts, readings
from lib.measures.journey import MOST
from lib.quantities import plural
from lib.words.attention import named
from pages.look.journey import exhibits, words
from pages.look.journey.measures import Journey

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"The vector of {first} moves in every layer. It starts as the same for all texts: where do their ways part?"
)
comparison = beside.comparison()
reading, own = readings.compared()
if reading.batch > MOST:
    parts.note(f"Compared are the first {MOST} of your {plural(reading.batch, 'text')}.", key="most")
sides = beside.sides(comparison, reading)
if comparison.kind == "texts" and len(sides) > 1:  # both in one picture
    st.markdown(" beside ".join(side.title for side in sides))
    sides, journeys = sides[:1], [Journey.of_two(reading, tuple(side.row for side in sides))]
else:
    journeys = [Journey(side.reading) for side in sides]

alike = exhibits.alike(journeys)
beside.pictures(sides, alike)
parts.say(alike[0].sentence, key="alike")
beside.matched(sides, reading.layers, journeys[-1].reading.layers)
st.markdown(words.rule(model))
if not own:
    parts.ours(reading.encoding.texts)
beside.numbers(sides, alike)

st.header("How far it moves", anchor=False)
st.markdown(words.DISTANCE)
if reading.closed:
    st.markdown(words.closed(reading.layers))
if journeys[0].two:
    pair = exhibits.parted(journeys[0])
    titles = ("**How far they move**", "**How far apart they stand**")
    for column, title, each in zip(st.columns(2, gap="medium"), titles, pair, strict=True):
        with column:
            st.markdown(title)
            parts.picture(each)
            parts.numbers(each)
    parts.say(pair[0].sentence, key="moved")
else:
    beside.show(sides, exhibits.moved(journeys))

st.header("One outlier dimension", anchor=False)
st.markdown(
    f"Of the {reading.hidden} dimensions, this is the one that holds most of the squared length of {first}, in the "
    "mean over all layers."
)
beside.show(sides, exhibits.outlier(journeys))

st.header("The trail", anchor=False)
st.markdown(words.PLANE)
which = f"dimension {journeys[0].outlier}" if len(journeys) == 1 else "the outlier dimension"
left_out = choices.switch(f"Leave {which} out", key="journey_without")
beside.show(sides, exhibits.trail(journeys, left_out))
parts.limits(
    "A cosine near 1 does not say that nothing is there: small differences may be large beside what this vector "
    "usually varies, and a classifier can use them. A plane shows two directions of many."
)
parts.lead_on()
