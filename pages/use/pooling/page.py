"""[CLS] is one way among many to make one vector of a text; what its cosines mean depends on which, and on a floor."""

import streamlit as st

from lib import escape
from lib.app import beside, choices, parts, readings
from lib.pooling import offered
from lib.quantities import CENTRED, COSINE, plural
from lib.texts.examples import EXAMPLES, REFERENCE
from lib.texts.sources import cite
from lib.words import beside as said
from pages.use.pooling import controls as pooling_parts
from pages.use.pooling import measures
from pages.use.pooling import words as pooling_words

PUBLISHED = {"cls": 29.19, "mean": 54.81}  # reimers2019, Table 1: bert-base, Spearman x 100, mean of seven test sets

model = choices.checkpoint()
first = f":orange[{escape.markdown(model.first_token)}]"
head, settings = st.columns([1, 1.12], gap="medium")
with head:
    parts.open_page(
        f"Your texts as vectors, in {len(offered(model))} ways at one layer, beside what unrelated sentences get.",
    )
    pair = beside.comparison()
with settings, st.container(key="pooling_settings", gap="xsmall"):
    ready = pooling_parts.sets(EXAMPLES["pooling"])
    keys = pooling_parts.two(pair)
    layer, centre = pooling_parts.layer_and_centre()

reading = readings.yours(least=2)
sides = beside.sides(pair, reading)
texts = said.titles(reading)
scale, mode = (CENTRED, " after centring") if centre else (COSINE, "")
every = pooling_parts.through(sides, layer, centre=centre)
a, b = both = pooling_parts.chosen(every, keys)
pooling_parts.matrices(both, sides, texts, scale, mode)
beside.matched(sides, layer, sides[-1].layer(layer))
parts.data(
    lambda: pooling_words.pair_columns(texts, both),
    name="pooling-cosines",
    about=f"{scale.name.capitalize()} of every pair of your texts at layer {layer}, no unit, from −1 to 1.",
)

st.header("Every pooling, one scale", anchor=False)
st.markdown(
    "How high is high? That depends on what two unrelated texts get. Here are nine in ten of the pairs among "
    f"{len(REFERENCE)} reference sentences on as many subjects, as they are and after centring (their mean vector "
    "subtracted from each). 1 is the same direction, 0 a right angle."
)
pooling_parts.floors_of(every, sides, texts, scale, centre=centre)
parts.data(
    lambda: pooling_parts.floor_table(every, sides),
    name="pooling-floors",
    about="Cosines of random pairs of reference sentences and of your texts under each pooling, no unit, from −1 to 1.",
)

st.header("Who is nearest", anchor=False)
if a.floor and b.floor:
    sentence = pooling_words.neighbours_say(a, b, ready, mode)
    pooling_parts.table(pooling_words.neighbours(a, b, texts), key="neighbours")
    parts.say(sentence, key="neighbours")
    st.markdown(
        "On the maps, your texts by number in the plane in which they themselves differ most, and the reference "
        "sentences as faint dots on the same plane. Vectors are scaled to length 1 first, so that what is near has "
        "a high cosine. A line runs to the text that is nearest in all units, dotted where the two poolings "
        "disagree."
    )
followed = pooling_parts.follow(texts, sides)
if a.floor and b.floor:
    pooling_parts.maps(both, sides, texts, followed)
    parts.data(
        lambda: pooling_words.map_columns(texts, both),
        name="pooling-map",
        about="Where each text stands on the map of each pooling, in parts of a vector's length.",
    )
else:
    parts.note(f"**No neighbours and no map.** {a.why_not or b.why_not}", key="neighbours")

st.header("What a pooling takes from the tokens", anchor=False)
st.markdown(
    "Most poolings are a weighted sum over the tokens of the text you follow, and these are the weights (heights "
    f"are square roots, so that small ones can be seen). {first} is taken whole; what went into *that* vector is "
    "decided by what it reads, layer by layer, and that is learned."
)
weighed = pooling_parts.weighed(sides, followed, layer)
pooling_parts.weights_of(weighed)
st.page_link("pages/watch/attention/page.py", label=f"What {escape.markdown(model.first_token)} reads →")
parts.data(
    lambda: pooling_parts.weight_table(weighed),
    name="pooling-weights",
    about="Weight of each token of the text you follow; under max, the share of units in which it is the largest.",
)

st.header("Special tokens in, padding out", anchor=False)
held, alike = measures.specials(reading, layer)
if held:
    sentence = pooling_words.specials_say(held, alike)
    pooling_parts.table(pooling_words.special_rows(texts, held, alike), key="specials")
    parts.say(sentence, key="specials")
else:
    parts.note(f"**No mean without special tokens.** {every[0]['mean_no_specials'].why_not}", key="specials")
found = pooling_parts.unpadded(reading, layer)
if found:
    sentence = pooling_words.padding_says(found, texts)
    pooling_parts.table(pooling_words.padding_rows(found), key="padding")
    parts.say(sentence, key="padding")
else:
    parts.note(f"**No padding.** Your texts fill all {model.limit} positions of this model.", key="padding")

parts.limits(
    f"{said.whose(beside.models(sides))}, and "
    f"{plural(len(texts), 'text')} of yours: too few to say which pooling is better. On seven test sets "
    f"{cite('reimers2019')} measured {PUBLISHED['cls']} for the first vector and {PUBLISHED['mean']} for the mean "
    "(Spearman × 100), with a bert-base that was never trained for similarity."
)
parts.lead_on()
