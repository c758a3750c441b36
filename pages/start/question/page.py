"""Why one slice of the cube: the question this app answers, and the whole way on one token axis.

Source:
    stack_exchange.
"""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown, plain
from lib.measures.vectors import cosine
from lib.pooling import POOLINGS
from lib.quantities import plural
from pages.start.question import controls
from pages.start.question import words as said
from pages.start.question.measures import story
from pages.start.question.score import Near, payload, score

model = choices.checkpoint()
first = markdown(model.first_token)
parts.open_page(
    f"Of all the vectors, a classifier usually keeps one: that of :orange[{first}], which is not even a word. "
    "Why that slice of the cube, and why discard the rest?",
)

reading, own = readings.compared()
way = story(reading, 0)
by_cls = cosine(reading.cls[-1][:1], reading.cls[-1][1:])[0]
means = POOLINGS["mean"].pool(reading)
by_mean = cosine(means[:1], means[1:])[0]
texts, layers = reading.encoding.texts, reading.layers
sentences = {
    "start": said.start(way, len(texts), model),
    "reads": said.reads(way, controls.last_alone(reading, 0)),
    "good": said.good(texts[1:], by_cls, by_mean, model),
}
captions = (
    f"A seat is put in front of your words: position 0 of {plural(int(reading.encoding.lengths[0]), 'token')}.",
    f"Layer by layer, {model.first_token} reads. Each row is what it takes from where, and adds up to 100%.",
    f"After the last layer every token is {reading.hidden} numbers. A classifier usually keeps one column: "
    "last_hidden_state[:, 0]",
    "That column is handed to a classifier, or compared with other texts, as if it were your text.",
)
doors = (
    ("tokens", "Where it is put"),
    ("attention", "What it reads"),
    ("cube", "The cube and the slice"),
    ("pooling", f"{model.first_token} or the mean"),
)
others = [Near(*found) for found in zip(texts[1:7], by_cls.tolist(), by_mean.tolist(), strict=False)]
score(
    payload(reading, 0, way.reads, captions, doors, others, plain(" ".join(sentences.values()))), key="question_score"
)
if not own:
    parts.ours(texts)

st.header("So why that slice?", anchor=False)
for key, sentence in sentences.items():
    parts.say(sentence, key=key)
st.markdown(
    "Nothing in the cube says which slice is the right one. Position 0 is a convention that training made useful, "
    "as far as it did. Each of these three sentences can be tested on your text, one page at a time."
)
parts.data(
    lambda: {
        "token": reading.encoding.row(0),
        **{f"read in layer {layer}": way.reads[layer - 1].round(4) for layer in range(1, layers + 1)},
    },
    name="question",
    about=f"Share of its reading (0 to 1, mean over heads) that {first} takes from each token of the first text.",
)
parts.limits(
    f"One model ({markdown(model.name)}) and {plural(len(texts), 'text')}. Other models read at other moments. "
    "How much of its reading goes where says nothing yet about what that reading does."
)
parts.lead_on()
