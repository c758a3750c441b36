"""[CLS] is one way among many to make one vector of a text; what its cosines mean depends on which, and on a floor."""

import streamlit as st

from lib import escape
from lib.examples import EXAMPLES, REFERENCE
from lib.figures import map as maps
from lib.figures import similarity
from lib.figures.similarity import written
from lib.figures.weights import weights
from lib.measures.vectors import above, cosine, extremes, kept_together, part_ways, principal, unit
from lib.pooling import POOLINGS
from lib.quantities import CENTRED, COSINE, exactly, plural, share
from lib.sources import cite
from lib.ui import choices, compared, look, parts, readings

PUBLISHED = {"cls": 29.19, "mean": 54.81}  # reimers2019, Table 1: bert-base, Spearman x 100, mean of seven sets

model = choices.checkpoint()
first = f":orange[{escape.markdown(model.first_token)}]"
head, settings = st.columns([1.75, 1], gap="large")
with head:
    parts.open_page(
        5,
        "use",
        f"{escape.markdown(model.first_token)} or the mean?",
        f"To compare or sort texts you want one vector each. Take the vector of {first}, or average all tokens, or pool in "
        "another way: your texts through each, at the same layer, beside what unrelated sentences get.",
    )
with settings, st.container(key="settings"):
    ready = compared.sets(EXAMPLES["pooling"])
    layer = choices.pick(
        "Layer (0: before the first)", range(model.layers + 1), key="pooling_layer", default=model.layers, form="slider"
    )
    centre = choices.switch("Centre: subtract what all texts share", key="pooling_centre")

reading = readings.yours(least=2)
texts, palette = reading.encoding.texts, look.palette()
scale, mode = (CENTRED, " after centring") if centre else (COSINE, "")
through = compared.through(reading, layer, centre=centre)
sides = []
for column, key, usual in zip(st.columns(2, gap="medium"), ("pooling_a", "pooling_b"), ("cls", "mean"), strict=True):
    with column:
        chosen = choices.pick(
            "Pooling", list(POOLINGS), key=key, default=usual, names=lambda key: through[key].name, form="menu", hide_label=True
        )
        one = through[chosen]
        sides.append(one)
        sentence = compared.alike(one, layer, mode, model)
        if one.floor is None:
            parts.note(sentence, key=key)
            continue
        picture = similarity.matrix(
            one.cosines, texts, scale, random=one.random, mean=one.floor.mean, is_first=chosen == "cls", palette=palette
        )
        parts.chart(picture, alt=sentence, name=key)
        parts.say(sentence, key=key)
a, b = sides
parts.data(
    lambda: compared.pairs(texts, [one for one in dict.fromkeys(sides) if one.floor]),
    name="pooling-cosines",
    about=f"{scale.name.capitalize()} of every pair of your texts at layer {layer}, no unit, from −1 to 1.",
)

st.header("Every pooling, one scale", anchor=False)
st.markdown(
    f"How high is high? The upper bar of each row holds nine in ten of the pairs among {len(REFERENCE)} sentences that have "
    "nothing to do with each other; the lower bar the same after centring, that is after their mean vector is subtracted. "
    f"The line with two marks is your texts, from the least to the most alike pair{mode}."
)
sentence = compared.widest(through, mode)
parts.chart(similarity.floors([one.row for one in through.values()], scale, palette=palette, centre=centre), alt=sentence, name="pooling-floors")
parts.say(sentence, key="floors")
with st.container(key="pooling_all", horizontal=True, gap="small"):
    for key, one in through.items():
        if one.floor:
            with st.container(key=f"small_{key}", width=166, gap=None):
                st.markdown(f"{one.spoken} · floor {written(one.floor.mean)}")
                parts.chart(similarity.small(one.cosines, texts, scale, name=one.name, palette=palette), alt=compared.alike(one, layer, mode, model), name=f"pooling-{key}")
parts.data(
    lambda: compared.floors(through),
    name="pooling-floors",
    about="Cosines of random pairs of reference sentences, and of your texts, for each pooling; no unit, from −1 to 1.",
)

st.header("Who is nearest, and where they stand", anchor=False)
if a.floor and b.floor:
    differ = part_ways(a.near, b.near)
    sentence = (
        f"{a.spoken} and {b.spoken} name another nearest text for **{int(differ.sum())} of {len(texts)}**{mode}."
        + compared.found(ready, a, b)
    )
    compared.table(compared.neighbours(a, b, texts), key="neighbours", alt=sentence)
    parts.say(sentence, key="neighbours")
else:
    parts.note(f"**There are no neighbours to compare.** {a.why_not or b.why_not}", key="neighbours")
followed = choices.pick(
    "Follow one text", range(1, len(texts) + 1), key="pooling_text", default=1, form="menu",
    names=lambda number: f"{number} {escape.cut(escape.visible(texts[number - 1]), 60)}",
)
st.markdown(
    "The maps are fitted on your texts alone: the two directions in which they differ most. The faint dots are the reference sentences "
    "on the same plane. Each line runs to the text that is nearest in all units, dotted where the two poolings name another one."
)
compared.maps(a, b, texts, followed - 1, palette)

st.header("What a pooling takes from the tokens", anchor=False)
st.markdown(
    f"Most poolings are a weighted sum, and these are the weights, the same for every unit. The mean takes 1/N of each of N tokens. "
    f"{first} takes a single vector whole; what went into *that* vector was decided by what it reads, and that is learned."
)
rows = compared.taken(reading, followed - 1, layer)
sentence = compared.said(reading, followed - 1)
parts.chart(weights(rows, reading.encoding.row(followed - 1), compared.roles(reading, followed - 1), palette=palette), alt=sentence, name="pooling-weights")
parts.say(sentence, key="weights")
