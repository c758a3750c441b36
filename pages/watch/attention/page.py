"""What the first token reads from, and who reads it: two directions, two colours, never in one picture."""

import streamlit as st

from lib.app import beside, choices, parts, readings
from lib.escape import markdown
from lib.measures import attention
from lib.texts.sources import link
from lib.words import attention as words
from pages.watch.attention import controls, exhibits
from pages.watch.attention.exhibits import AttentionSide

model = choices.checkpoint()
first, separator = words.named(model), markdown(model.separator)
parts.open_page(
    f"In each head every token has a reading list. That of {first} is what it :blue[reads from]; the lists of the "
    "others say by whom it :green[is read].",
)
comparison = beside.comparison()
reading = readings.yours()

ways, orders, several = st.columns((5, 5, 6), vertical_alignment="center")
with ways:
    way = choices.pick(
        "Direction",
        tuple(attention.ORDERS),
        key="attention_way",
        default="reads",
        hide_label=True,
        names=lambda way: words.direction(way, model),
    )
with orders:
    order = choices.pick(
        "Order of the strips",
        attention.ORDERS[way],
        key="attention_order",
        default="layer",
        form="menu",
        hide_label=True,
        names=lambda by: f"Strips {words.order(by, way, model)}",
    )
with several:
    # nothing to choose where two texts were chosen
    number = 1 if comparison.kind == "texts" else choices.follow(reading.encoding.texts, key="attention_text") + 1

places = beside.sides(comparison, reading, number - 1)
sides = [AttentionSide(each.name, each.reading, each.row, way) for each in places]
chosen = controls.atlas(places, sides, order)
heads = exhibits.heads(sides, order, chosen, 0)
parts.say(heads[0].sentence, key=heads[0].name)
for window in exhibits.windows(sides):
    st.markdown(window)
shown = chosen.on(sides)
beside.matched(places, shown[0][0], shown[-1][0])
st.markdown(f":small[:gray[{exhibits.checked(sides)}]]")
beside.numbers(places, heads)

if way == "reads":
    st.header("Its reading list, layer by layer", anchor=False)
    st.markdown(
        f"All heads together. What {first} reads from itself is nothing new to it; {separator} and punctuation (pieces "
        "of marks and signs only) are no words of yours either. The last bar is what an even reader would take."
    )
    beside.show(places, exhibits.layers(sides))

    st.header("How widely it reads", anchor=False)
    st.markdown(
        f"The entropy of a head's reading, *E* = −Σ *r* ln *r* ({link('clark2019')}), says how widely it is spread. "
        "exp(*E*) turns it into tokens: so many, read evenly, would be as wide a reading. Each mark is a head."
    )
    beside.show(places, exhibits.spread(sides, chosen))
else:
    st.header("Its readers, layer by layer", anchor=False)
    st.markdown(
        f"The average reader, over all heads: how much of *its own* reading a piece of your text takes from {first}. "
        f"The square is {first} itself, the one entry that belongs to both directions."
    )
    beside.show(places, exhibits.layers(sides))

parts.limits(
    "A share of reading is not a share of influence: a large share of a small vector moves little, and a small share "
    f"can matter ({link('kobayashi2020')}). These are the shares of "
    f"{' and '.join(markdown(each.name) for each in beside.models(places))} on what stands here alone."
)
parts.lead_on()
