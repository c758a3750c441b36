"""What the first token reads from, and who reads it: two directions, two colours, never in one picture."""

import streamlit as st

from lib.escape import cut, markdown, visible
from lib.figures import reading_list
from lib.measures import attention
from lib.sources import link
from lib.ui import attention_said as said
from lib.ui import choices, look, parts, readings
from lib.ui.components import atlas

model = choices.checkpoint()
first, separator = said.named(model), markdown(model.separator)
parts.open_page(
    3,
    "watch",
    f"What does {markdown(model.first_token)} read?",
    f"In each head every token has a reading list. That of {first} is what it :blue[reads from]; the lists of the "
    f"others "
    "say by whom it :green[is read].",
)
reading = readings.yours()
texts = reading.encoding.texts

ways, orders, several = st.columns((5, 5, 6), vertical_alignment="center")
with ways:
    way = choices.pick(
        "Direction",
        tuple(attention.ORDERS),
        key="attention_way",
        default="reads",
        names=lambda way: markdown(atlas.direction(way, model.first_token)),
        hide_label=True,
    )
with orders:
    order = choices.pick(
        "Order of the strips",
        attention.ORDERS[way],
        key="attention_order",
        default="layer",
        names=lambda by: f"Strips {atlas.order(by, way, model)}",
        form="menu",
        hide_label=True,
    )
with several:
    number = 1
    if len(texts) > 1:
        number = choices.pick(
            "Text",
            range(1, len(texts) + 1),
            key="attention_text",
            default=1,
            names=lambda number: f"Text {number}: {cut(visible(texts[number - 1]), 60)}",
            form="menu",
            hide_label=True,
        )

read = attention.shares(reading, number - 1, way)
both = attention.shares(reading, number - 1, "reads")
names = [said.group(kind, way, model) for kind in read.groups]
layer, head = atlas.atlas(
    read, order, model, keys=("attention_layer", "attention_head"), alt=atlas.described(read, model), key="atlas"
)
parts.say(said.head(read, layer, head, model), key="head")
st.markdown(f":small[:gray[{said.checked(attention.check(both), model.first_token)}]]")
parts.data(
    lambda: attention.by_token(read),
    name="attention",
    about=f"{markdown(atlas.direction(way, model.first_token))}: one row a token, one column a head (layer.head), shares "
    "from 0 to 1.",
)

if way == "reads":
    st.header("Its reading list, layer by layer", anchor=False)
    st.markdown(
        f"All heads together. What {first} reads from itself is nothing new to it; what it reads from {separator} "
        f"and from "
        "punctuation (pieces made of marks and signs only) is no word of yours either. The bar on the right is what "
        "an even "
        "reader would take."
    )
    parts.chart(
        reading_list.reading_list(read.by_layer, read.groups, names, read.sizes, look.palette()),
        alt=said.reading_list(read, model),
        name="reading-list",
    )
    parts.say(said.reading_list(read, model), key="list")
    parts.data(
        lambda: {"layer": range(1, read.layers + 1), **{n: read.by_layer[:, g].round(6) for g, n in enumerate(names)}},
        name="reading_list",
        about=f"Share of the reading that each group gets, mean over heads, 0 to 1. {said.evenly(read, model)}",
    )

    st.header("How widely it reads", anchor=False)
    st.markdown(
        f"The entropy of a head's reading, *E* = −Σ *r* ln *r* ({link('clark2019')}), says how widely it is spread; "
        f"exp(*E*) "
        "turns it into a number of tokens: as many, read evenly, would be as wide a reading. Each mark is a head."
    )
    parts.chart(
        reading_list.spread(
            attention.effective(read.values), attention.typical(read), (layer, head), read.length, look.palette()
        ),
        alt=said.spread(read, model),
        name="spread",
    )
    parts.say(said.spread(read, model), key="spread")
    parts.data(
        lambda: attention.by_head(read),
        name="spread",
        about="Entropy of each head's reading in nats, as a share of its largest value ln N, and the tokens that it amounts to.",
    )
else:
    st.header("Its readers, layer by layer", anchor=False)
    st.markdown(
        f"The average reader, over all heads: how much of *its own* reading a piece of your text takes from {first}. "
        f"The square "
        f"is {first} itself, the one entry that belongs to both directions."
    )
    parts.chart(
        reading_list.readers(read.by_layer, read.groups, names, read.length, look.palette()),
        alt=said.readers(read, model),
        name="readers",
    )
    parts.say(said.readers(read, model), key="list")
    parts.data(
        lambda: {"layer": range(1, read.layers + 1), **{n: read.by_layer[:, g].round(6) for g, n in enumerate(names)}},
        name="readers",
        about=f"Share of its reading that the average reader of each group takes from {first}, mean over heads, 0 to 1.",
    )

parts.lead_on("pages/use/pooling.py", "What its vector is good for")
parts.limits(
    f"A share of reading is not a share of influence: a large share of a small vector moves nothing, and a small one "
    f"can "
    f"matter ({link('kobayashi2020')}). These are the shares of {markdown(model.name)} on this text; other models "
    f"read otherwise."
)
