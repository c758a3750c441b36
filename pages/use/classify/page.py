"""The article's pipeline at its own size: texts, cube, slice, classifier; and whether it had to be this slice."""

import streamlit as st

from lib import escape
from lib.app import choices, datasets, parts, readings
from lib.texts.sources import cite
from lib.words import classify as said
from lib.words.attention import named
from pages.use.classify import controls as classify

model = choices.checkpoint()
first = named(model)
head, settings = st.columns([1.3, 1], gap="large")
with head:
    parts.open_page(
        f"Texts, the slice of {first}, a plain classifier: as {cite('alammar2019')} draws it. Had it to be this slice?",
    )
below = st.container()
reading = readings.yours()
with settings, st.container(key="classify_settings", gap="xsmall"):
    chosen = datasets.choose(model, key="classify_data", below=below)
run = classify.Run(chosen)

run.padding()

st.header("The cube, and the slice that is kept", anchor=False)
st.markdown(
    f"All texts, all positions, all units of the last layer. Pull out the slice of {first}: it is a table with one row "
    "a text, and all that is kept."
)
run.cube()

st.header("Split, learn, ask", anchor=False)
st.markdown(
    "A quarter of the texts is kept back. A logistic regression learns from the rest: a weight for each unit of "
    "the vector. Nothing of the model is changed."
)
features = run.features()
run.learned(features)

st.header("Your own sentence travels to its label", anchor=False)
st.markdown("The first text in the line at the top goes the same way. Change it there and watch.")
run.travel(reading, features)
st.markdown("Take the run with you:")
run.take_along(features)

st.header(f"Is {escape.markdown(model.first_token)} really the one?", anchor=False)
st.markdown(
    "Any other vector could have been kept: another token’s, their mean, another layer’s. All of them are put to the "
    "same test here: five folds, the same for all, each text judged by a reader that never saw it."
)
if run.can_tell():
    guess = parts.guess(said.question(), said.answers(model), key="classify_guess")
    run.compare(guess)
parts.limits(
    f"That a label can be read off a vector does not say that the model uses it ({cite('elazar2021')}). The model is "
    f"frozen and the classifier is a logistic regression, as vectors of sentences are often tested "
    f"({cite('conneau2018')}); training the model for the task can change which vector carries the answer."
)
parts.lead_on()
