"""Trained for a task, the first token's vector becomes what the loss makes of it; here one watches it happen."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown
from lib.quantities import plural
from pages.use.finetune import controls, words

model = choices.checkpoint()
parts.open_page(words.lead(model))
asking, setup = st.container(), st.container()
with setup:
    picked = controls.chosen()
with asking:
    untrained = controls.frozen(picked)
    given = parts.guess(
        words.question(untrained.right, picked.recipe, picked.model), words.ANSWERS, key="finetune_guess"
    )
reading = readings.yours()
watched = controls.run(picked, untrained)
trained, lengths = None, None
if watched:
    with asking:
        rights, because = words.revealed(watched.tuned, untrained.right, picked.groups(watched.tuned), picked.model)
        parts.reveal(given, rights, because, key="finetune")
    now = controls.moment(watched)
    controls.progress(picked, watched, now, done=True)
    trained = controls.offered(picked, watched)
    parts.settle(*words.verdict(watched.tuned, untrained.right, picked.groups(watched.tuned), picked.model))
    controls.note_run(picked, watched)
else:
    lengths = controls.gradients(picked, untrained, reading)


def gradients() -> None:
    reached = controls.gradients(picked, untrained, reading) if lengths is None else lengths
    st.markdown(words.answer(model))
    parts.checks(controls.proofs(picked, watched, reached))


def own() -> None:
    if watched and trained:
        controls.own(picked, watched, trained, reading)


def take_along() -> None:
    if watched and trained:
        controls.take_along(picked, watched, trained)


def verdict() -> None:
    if watched:
        kind, claim, why = words.verdict(watched.tuned, untrained.right, picked.groups(watched.tuned), picked.model)
        on = plural(len(watched.tuned.asked), "held-out text")
        parts.verdict(kind, claim, why, key="finetune", on=on)
        controls.runs()


def inside() -> None:
    if watched:
        controls.inside(picked, watched, now)


parts.keep(words.keep(model))
if watched:
    parts.fold("What the trained model says of the texts above", own, key="own")
    parts.fold("Use the trained model on other pages, or take it along", take_along, key="take")
    parts.fold("How the loss fell, and what changed inside", inside, key="inside")
    parts.fold("Is it more than chance?", verdict, key="verdict")
label = (
    "Where the loss reaches: gradients and checks"
    if watched
    else f"What that means for {markdown(model.first_token)}, and checks"
)
parts.fold(label, gradients, key="gradients")
parts.scope(*words.scope(model))
parts.limits(words.limits())
parts.lead_on()
