"""What the first token reads from, and who reads it: two directions, two colours, never in one picture."""

import streamlit as st

from lib.escape import cut, markdown, visible
from lib.figures import reading_list
from lib.measures import attention
from lib.said import attention as said
from lib.sources import link
from lib.ui import choices, look, parts, readings
from lib.ui.components import atlas

model = choices.checkpoint()
first, separator = said.named(model), markdown(model.separator)
parts.open_page(
    3,
    "watch",
    f"What does {markdown(model.first_token)} read?",
    f"In each head every token has a reading list. That of {first} is what it :blue[reads from]; the lists of the "
    "others say by whom it :green[is read].",
)
reading = readings.yours()
texts = reading.encoding.texts

ways, orders, several = st.columns((5, 5, 6), vertical_alignment="center")
with ways:
    way = choices.pick(
        "Direction", tuple(attention.ORDERS), key="attention_way", default="reads", hide_label=True,
        names=lambda way: markdown(said.direction(way, model)),
    )  # fmt: skip
with orders:
    order = choices.pick(
        "Order of the strips", attention.ORDERS[way], key="attention_order", default="layer", form="menu",
        hide_label=True, names=lambda by: f"Strips {said.order(by, way, model)}",
    )  # fmt: skip
with several:
    number = 1
    if len(texts) > 1:
        number = choices.pick(
            "Text", range(1, len(texts) + 1), key="attention_text", default=1, form="menu", hide_label=True,
            names=lambda number: f"Text {number}: {cut(visible(texts[number - 1]), 60)}",
        )  # fmt: skip

read = attention.shares(reading, number - 1, way)
names = [said.group(kind, way, model) for kind in read.groups]
keys = ("attention_layer", "attention_head")
layer, head = atlas.atlas(read, order, model, keys=keys, alt=said.whole(read, model), key="atlas")
parts.say(said.head(read, layer, head, model), key="head")
if narrow := attention.window(read):
    st.markdown(said.window(narrow, read, model))
check = attention.check(attention.shares(reading, number - 1, "reads"))
st.markdown(f":small[:gray[{said.checked(check, model.first_token)}]]")
parts.data(
    lambda: attention.by_token(read),
    name="attention",
    about=f"{markdown(said.direction(way, model))}: a row a token, a column a head (layer.head), shares from 0 to 1.",
)

if way == "reads":
    st.header("Its reading list, layer by layer", anchor=False)
    st.markdown(
        f"All heads together. What {first} reads from itself is nothing new to it; {separator} and punctuation (pieces "
        "of marks and signs only) are no words of yours either. The last bar is what an even reader would take."
    )
    told = said.reading_list(read, model)
    parts.chart(
        reading_list.reading_list(read.by_layer, read.groups, names, read.sizes, look.palette()),
        alt=told,
        name="reading-list",
    )
    parts.say(told, key="list")
    parts.data(
        lambda: attention.by_layer(read, names),
        name="reading_list",
        about=f"Share of the reading that each group gets, mean over heads, 0 to 1. {said.evenly(read, model)}",
    )

    st.header("How widely it reads", anchor=False)
    st.markdown(
        f"The entropy of a head's reading, *E* = −Σ *r* ln *r* ({link('clark2019')}), says how widely it is spread. "
        "exp(*E*) turns it into tokens: so many, read evenly, would be as wide a reading. Each mark is a head."
    )
    wide, told = attention.effective(read.values), said.spread(read, model)
    parts.chart(
        reading_list.spread(wide, attention.typical(read), (layer, head), read.length, look.palette()),
        alt=told,
        name="spread",
    )
    parts.say(told, key="spread")
    parts.data(
        lambda: attention.by_head(read),
        name="spread",
        about="Entropy of each head's reading: in nats, as a share of its largest value ln N, and in tokens.",
    )
else:
    st.header("Its readers, layer by layer", anchor=False)
    st.markdown(
        f"The average reader, over all heads: how much of *its own* reading a piece of your text takes from {first}. "
        f"The square is {first} itself, the one entry that belongs to both directions."
    )
    told = said.readers(read, model)
    parts.chart(
        reading_list.readers(read.by_layer, read.groups, names, read.length, look.palette()), alt=told, name="readers"
    )
    parts.say(told, key="list")
    parts.data(
        lambda: attention.by_layer(read, names),
        name="readers",
        about=f"Share of its reading that the average reader of a group takes from {first}, mean over heads, 0 to 1.",
    )

parts.limits(
    "A share of reading is not a share of influence: a large share of a small vector moves nothing, and a small share "
    f"can matter ({link('kobayashi2020')}). These are the shares of {markdown(model.name)} on this text alone."
)
parts.lead_on("pages/watch/amount.py", "A weight is not an amount")
