"""How the first token's vector changes from layer to layer, and in which it begins to differ between texts."""

import streamlit as st

from lib.app import beside, choices, parts, readings
from lib.escape import markdown
from lib.measures.journey import MOST
from lib.quantities import plural
from lib.words.attention import named
from lib.words.terms import term
from pages.look.journey import exhibits, words
from pages.look.journey.measures import Journey

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"{first} begins as the same vector in all texts. Each {term('layer')} changes it. In which layer does it begin to "
    "differ between texts, so that it can tell them apart?"
)
comparison = beside.comparison()
reading, own = readings.compared()
if reading.batch > MOST:
    parts.note(f"Compared are the first {MOST} of {plural(reading.batch, 'text')}.", key="most")
sides = beside.sides(comparison, reading)
if comparison.kind == "texts" and len(sides) > 1:  # both in one picture
    st.markdown(" beside ".join(side.title for side in sides))
    sides, journeys = sides[:1], [Journey.of_two(reading, tuple(side.row for side in sides))]
else:
    journeys = [Journey(side.reading) for side in sides]
journey, alone = journeys[0], len(journeys) == 1

alike = exhibits.alike(journeys)
beside.pictures(sides, alike)
parts.say(alike[0].sentence, key="alike")
beside.matched(sides, reading.layers, journeys[-1].reading.layers)
if not own:
    parts.ours(reading.encoding.texts)
beside.numbers(sides, alike)
parts.keep(f"In {markdown(model.name)}, {alike[0].headline}.")


def rule() -> None:
    """When two texts are said to differ, and which texts do most."""
    st.markdown(words.rule(model))
    st.markdown(words.extremes(journey.alike["first"]))


def leaving() -> None:
    """The largest difference between texts, layer by layer, and the vectors themselves at one layer."""
    st.markdown(f"The largest difference between two texts in any dimension, for {first} and for two other tokens.")
    parts.show(exhibits.leaving(reading))
    layer = choices.pick(
        "Layer (0: before the first layer)",
        range(reading.layers + 1),
        key="journey_layer",
        default=reading.layers,
        form="slider",
    )
    parts.show(exhibits.vectors(reading, layer))


def moved() -> None:
    """How far the first token moves from layer to layer; of two texts also how far they are apart."""
    st.markdown(words.DISTANCE)
    if reading.closed:
        st.markdown(words.closed(reading.layers))
    if not journey.two:
        beside.show(sides, exhibits.moved(journeys))
        return
    pair = exhibits.parted(journey)
    titles = ("**How far they move**", "**How far apart they are**")
    for column, title, each in zip(st.columns(2, gap="medium"), titles, pair, strict=True):
        with column:
            st.markdown(title)
            parts.picture(each)
            parts.numbers(each)
    parts.say(pair[0].sentence, key="moved")


def outlier() -> None:
    """The dimension that holds most of the squared length."""
    st.markdown(
        f"Of the {reading.hidden} dimensions, this {term('outlier dimension')} holds most of the squared length of "
        f"{first}, in the mean over all layers."
    )
    beside.show(sides, exhibits.outlier(journeys))


def trail() -> None:
    """The way of each text on a plane."""
    st.markdown(words.PLANE)
    which = f"dimension {journey.outlier}" if alone else "the outlier dimension"
    left_out = choices.switch(f"Leave {which} out", key="journey_without")
    beside.show(sides, exhibits.trail(journeys, left_out))


parts.fold("When we say that it differs, and which texts do most", rule, key="rule")
parts.fold("How far the numbers differ, layer by layer", leaving, key="leaving")
parts.fold(words.moved_label(journey.moves["first"]) if alone else "How far it moves", moved, key="moved")
parts.fold(
    words.outlier_label(journey.outlier, journey.shares["first"]) if alone else "One outlier dimension",
    outlier,
    key="outlier",
)
parts.fold("The way of each text on a plane", trail, key="trail")
parts.scope(
    "The layer in which it begins to differ was measured on these texts. Other texts can give another layer.",
    "In BERT the first token can begin to differ in another layer: open BERT from the menu of models to see it.",
    "The first token begins as one vector in most encoders. The layer in which it begins to differ is not the same.",
)
parts.limits(
    "A cosine near 1 does not say that there is no difference: a small difference may be large beside what this "
    "vector usually varies, and a classifier can use it. A plane shows two directions of many."
)
parts.lead_on()
