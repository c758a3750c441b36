"""Trained for a task, the first token's vector becomes what the loss makes of it; here one watches it happen."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.quantities import plural
from lib.texts.sources import cite
from lib.words.attention import named
from pages.use.finetune import controls, words

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"How can {first} mean anything for a task it was not made for? By training, as {cite('devlin2019')} do for each "
    "task. Train it yourself, and watch.",
)
guess = parts.guess(words.question(model), words.ANSWERS, key="finetune_guess")
reading = readings.yours()
stage = st.container()  # what the loss pushes stands above the choices that it follows from

st.header("Train it", anchor=False)
picked = controls.chosen(*st.columns([1.2, 1], gap="large"), st.container())
with stage:
    st.markdown(
        "A classifier reads one vector, and its loss says how wrong it was. To do better, it pushes on the vectors "
        "behind that one: your first text, layer by layer (length of the gradient, dark for long)."
    )
    gradients, lengths = controls.gradients(picked, reading)
    parts.show(gradients)
    st.markdown(words.answer(model))
watched = controls.run(picked)
trained = None
if watched:
    controls.progress(picked, watched, controls.moment(watched), done=True)
    controls.runs(picked, watched)
    trained = controls.offered(picked, watched)
if watched and trained:
    st.header("What it says of your texts", anchor=False)
    controls.own(picked, watched, trained, reading)
    controls.take_along(picked, watched, trained)
    tuned, frozen = watched.tuned, watched.frozen
    kind, claim, because = words.verdict(tuned, frozen.right, picked.groups(tuned), picked.model)
    on = plural(len(tuned.asked), "text") + " kept back"
    parts.verdict(kind, claim, because, key="finetune", guess=guess, on=on)
parts.checks(controls.proofs(picked, watched, lengths))
parts.limits(
    "One model, few texts, one seed at a time: another seed gives other numbers, and a few hundred texts leave wide "
    "intervals. There is no dropout, and the tables of tokens and places stay as they are, unlike in "
    f"{cite('devlin2019')}, where every weight is trained. That its reading changes is what the loss found, not proof "
    "that it had to: through the mean the same labels are learned, too."
)
parts.lead_on()
