"""[CLS] is one way among many to make one vector of a text; what its cosines mean depends on which, and on a floor."""

import streamlit as st

from lib import escape
from lib.examples import EXAMPLES, REFERENCE
from lib.figures import map as maps
from lib.figures import similarity
from lib.figures.weights import weights
from lib.quantities import CENTRED, COSINE, plural
from lib.sources import cite
from lib.ui import choices, compared, look, parts, readings

PUBLISHED = {"cls": 29.19, "mean": 54.81}  # reimers2019, Table 1: bert-base, Spearman x 100, mean of seven test sets

model = choices.checkpoint()
first = f":orange[{escape.markdown(model.first_token)}]"
head, settings = st.columns([1.15, 1], gap="medium")
with head:
    parts.open_page(
        5,
        "use",
        f"{escape.markdown(model.first_token)} or the mean?",
        f"Each text as one vector: that of {first}, the mean, or another pooling, beside what unrelated sentences get.",
    )
with settings, st.container(key="pooling_settings", gap="xsmall"):
    ready = compared.sets(EXAMPLES["pooling"])
    key_a, key_b = compared.two()
    by_layer, by_centre = st.columns([1.2, 1], vertical_alignment="bottom")
    with by_layer:
        layers = range(model.layers + 1)
        layer = choices.pick("Layer (0: embeddings)", layers, key="pooling_layer", default=model.layers, form="slider")
    with by_centre:
        why = "Subtracts from every vector the mean of the reference sentences: what all texts share."
        centre = choices.switch("Centre the vectors", key="pooling_centre", help=why)

reading = readings.yours(least=2)
texts, palette = reading.encoding.texts, look.palette()
scale, mode = (CENTRED, " after centring") if centre else (COSINE, "")
through = compared.through(reading, layer, centre=centre)
a, b = sides = through[key_a], through[key_b]
for column, one, name in zip(st.columns(2, gap="medium"), sides, ("pooling-a", "pooling-b"), strict=True):
    with column:
        sentence = compared.matrix_says(one, mode)
        if one.floor:
            picture = similarity.matrix(
                one.cosines,
                texts,
                scale,
                random=one.random,
                floor=one.floor.mean,
                name=one.name,
                is_first=one.is_first,
                palette=palette,
            )
            parts.chart(picture, alt=sentence, name=name)
            parts.say(sentence, key=name)
        else:
            parts.note(sentence, key=name)
parts.data(
    lambda: compared.pair_columns(texts, sides),
    name="pooling-cosines",
    about=f"{scale.name.capitalize()} of every pair of your texts at layer {layer}, no unit, from −1 to 1.",
)

st.header("Every pooling, one scale", anchor=False)
st.markdown(
    f"How high is high? That depends on what two unrelated texts get. Here are nine in ten of the pairs among {len(REFERENCE)} "
    "reference sentences on as many subjects, as they are and after centring (their mean vector subtracted from each). "
    "1 is the same direction, 0 a right angle."
)
sentence = compared.floors_say(through, centre)
parts.chart(
    similarity.floors([one.row for one in through.values()], scale, centre=centre, palette=palette),
    alt=sentence,
    name="pooling-floors",
)
parts.say(sentence, key="floors")
compared.small_multiples(through, texts, scale, mode)
parts.data(
    lambda: compared.floor_columns(through),
    name="pooling-floors",
    about="Cosines of random pairs of reference sentences and of your texts under each pooling, no unit, from −1 to 1.",
)

st.header("Who is nearest", anchor=False)
if a.floor and b.floor:
    sentence = compared.neighbours_say(a, b, ready, mode)
    compared.table(compared.neighbours(a, b, texts), key="neighbours", alt=sentence)
    parts.say(sentence, key="neighbours")
    st.markdown(
        "On the maps, your texts by number in the plane in which they themselves differ most, and the reference sentences as "
        "faint dots on the same plane. Vectors are scaled to length 1 first, so that what is near has a high cosine. A line runs "
        "to the text that is nearest in all units, dotted where the two poolings disagree."
    )
followed = choices.pick(
    "Follow one text",
    range(1, len(texts) + 1),
    key="pooling_text",
    default=1,
    names=lambda at: f"{at} {escape.cut(escape.visible(texts[at - 1]), 70)}",
    form="menu",
)
if a.floor and b.floor:
    for column, one, name in zip(st.columns(2, gap="medium"), sides, ("pooling-map-a", "pooling-map-b"), strict=True):
        with column:
            sentence = compared.map_says(one)
            parts.chart(maps.points(compared.mapped(one, sides, followed - 1), texts, palette=palette), alt=sentence, name=name)
            parts.say(sentence, key=name)
    parts.data(
        lambda: compared.map_columns(texts, sides),
        name="pooling-map",
        about="Where each text stands on the map of each pooling, in parts of a vector's length.",
    )
else:
    parts.note(f"**No neighbours and no map.** {a.why_not or b.why_not}", key="neighbours")

st.header("What a pooling takes from the tokens", anchor=False)
st.markdown(
    f"Most poolings are a weighted sum over the tokens of the text you follow, and these are the weights (heights are square "
    f"roots, so that small ones can be seen). {first} is taken whole; what went into *that* vector is decided by what it "
    "reads, layer by layer, and that is learned."
)
rows, tokens = compared.weight_rows(reading, followed - 1, layer), reading.encoding.row(followed - 1)
sentence = compared.weights_say(reading, followed - 1, layer)
parts.chart(weights(rows, tokens, compared.roles(reading, followed - 1), palette=palette), alt=sentence, name="pooling-weights")
parts.say(sentence, key="weights")
st.page_link("pages/watch/attention.py", label=f"What {escape.markdown(model.first_token)} reads")
parts.data(
    lambda: compared.weight_columns(rows, tokens),
    name="pooling-weights",
    about="Weight of each token of the text you follow; under max, the share of units in which it is the largest.",
)

st.header("Special tokens in, padding out", anchor=False)
held, alike = compared.specials(reading, layer)
if held:
    sentence = compared.specials_say(held, alike)
    compared.table(compared.special_rows(texts, held, alike), key="specials", alt=sentence)
    parts.say(sentence, key="specials")
else:
    parts.note(f"**No mean without special tokens.** {through['mean_no_specials'].why_not}", key="specials")
found = compared.unpadded(reading, layer)
sentence = compared.padding_says(found, texts)
compared.table(compared.padding_rows(found), key="padding", alt=sentence)
parts.say(sentence, key="padding")

parts.lead_on("pages/start/question.py", "Back to the question, with what you know now")
parts.limits(
    f"One model, {escape.markdown(model.name)}, whose {first} was {model.first_vector}, and {plural(len(texts), 'text')} of yours: "
    f"too few to say which pooling is better. On seven test sets {cite('reimers2019')} measured {PUBLISHED['cls']} for the first vector "
    f"and {PUBLISHED['mean']} for the mean (Spearman × 100); that is another model, bert-base, not trained for similarity."
)
