"""Trained for a task, the first token's vector becomes what the loss makes of it; here one watches it happen."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.texts.sources import cite
from lib.words.attention import named
from pages.use.finetune import controls as finetune
from pages.use.finetune import words as said

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"How can {first} mean anything for a task it was not made for? By training, as {cite('devlin2019')} do for each "
    "task. Train it yourself, and watch.",
)
guess = parts.guess(said.question(model), said.ANSWERS, key="finetune_guess")
reading = readings.yours()
stage = st.container()  # what the loss pushes stands above the choices that it follows from

st.header("Train it", anchor=False)
training = finetune.Training(*st.columns([1.2, 1], gap="large"), st.container())
with stage:
    st.markdown(
        "A classifier reads one vector, and its loss says how wrong it was. To do better, it pushes on the vectors "
        "behind that one: your first text, layer by layer (length of the gradient, dark for long)."
    )
    slopes = training.touches(reading)
    st.markdown(said.answer(model))
found = training.run()
trained = None
if found:
    training.progress(found, training.moment(found))
    training.numbers(found)
    training.runs(found)
    trained = training.offered(found)
if found and trained:
    st.header("What it says of your texts", anchor=False)
    training.own(found, trained, reading)
    training.take_along(found, trained)
    training.verdict(found, guess)
parts.checks(training.proofs(found, slopes))
parts.limits(
    "One model, few texts, one seed at a time: another seed gives other numbers, and a few hundred texts leave wide "
    "intervals. There is no dropout, and the tables of tokens and places stay as they are, unlike in "
    f"{cite('devlin2019')}, where every weight is trained. That its reading changes is what the loss found, not proof "
    "that it had to: through the mean the same labels are learned, too."
)
parts.lead_on()
