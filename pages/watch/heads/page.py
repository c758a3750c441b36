"""Every head at once, and every token: lines from who reads to what is read, drawn by BertViz without the internet."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown
from lib.measures import attention
from lib.texts.sources import link
from lib.words.attention import named
from pages.watch.heads import controls as bertviz
from pages.watch.heads import measures as heads
from pages.watch.heads import words as said

model = choices.checkpoint()
first, separator = named(model), markdown(model.separator)
parts.open_page(
    f"{first} is one reader among many. BertViz ({link('vig2019')}) draws all of them as lines: each token at the left "
    "reads from the tokens at the right.",
)
texts = choices.texts() or readings.yours().encoding.texts  # without a text the page ends in there

views, several, some = st.columns((7, 6, 3), vertical_alignment="center")
with views:
    view = choices.pick(
        "View", tuple(said.VIEWS), key="heads_view", default="head", hide_label=True, names=said.VIEWS.__getitem__
    )
with several:
    number = choices.follow(texts, key="heads_text") + 1

reading = bertviz.reading(number)
read = attention.shares(reading, 0, "reads")
with some:
    shown = bertviz.layers(read) if view == "model" else tuple(range(1, read.layers + 1))
picture, beside = st.columns((5, 6), gap="large") if view == "head" else (st.container(), st.container())
(beside if view == "head" else picture).markdown(said.HOW[view])
with picture:
    bertviz.draw(reading, read, view, shown)
with beside:
    parts.say(said.start(read, view, model), key="start")
    st.page_link("pages/watch/attention/page.py", label=f"{markdown(model.first_token)} alone, with its numbers →")
    layer, head = read.top("words")
    parts.data(
        lambda: heads.by_query(reading, 0, layer, head),
        name="heads",
        about=f"Layer {layer}, head {head}: a row a reading token, a column a token that is read; shares from 0 to 1.",
    )
    st.header("Shapes to look for", anchor=False)
    st.markdown(
        f"Lines that meet in one token at the right: all read it, often {first}, {separator} or a full stop; such a "
        "head may do nothing here. Level lines: each reads itself. Slanted, parallel lines: each reads its neighbour. "
        f"A fan out of {first} at the left: there it reads widely. In BERT, {link('clark2019')} found heads that read "
        "the token before or behind, and many that read \\[SEP\\] or a full stop; most put little attention on the "
        "token itself."
    )
    found = heads.patterns(reading, 0)
    parts.say(said.patterns(found, model), key="patterns")
    parts.data(
        lambda: heads.by_head(found, [said.pattern(key, model) for key in heads.PATTERNS]),
        name="patterns",
        about="What the average token takes from each place, as a share of its reading, 0 to 1; a row a head.",
    )

parts.limits(
    "Attention is no explanation by itself: what a head reads need not matter for what the model answers "
    f"({link('jain2019')}; but see {link('wiegreffe2019')}; both studied recurrent networks). BertViz shows no "
    "numbers, its colours are heads or layers and no roles (after ten they repeat), and it wants a mouse or a finger. "
    f"The page *Attention* has the numbers of {first}, and takes the keyboard and longer texts."
)
parts.lead_on()
