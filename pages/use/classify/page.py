"""The article's pipeline at its own size: texts, cube, slice, classifier; and whether it had to be this slice."""

import numpy as np
import streamlit as st

from lib import escape
from lib.app import choices, datasets, parts, readings
from lib.components.cube import STEPS, View
from lib.pooling import POOLINGS
from lib.quantities import plural
from lib.words import tuned
from pages.use.classify import controls, exhibits, measures, words

model = choices.checkpoint()
head, settings = st.columns([1.3, 1], gap="large")
with head:
    parts.open_page(words.lead(model))
below = st.container()
with settings, st.container(key="classify_settings", gap="xsmall"):
    chosen = datasets.choose(model, key="classify_data", below=below)
data, learned = chosen.data, bool(tuned.learned(model, chosen.key))
given, cannot = "", measures.too_few(np.array(data.labels), np.array(data.groups))
if not cannot:
    given = parts.guess(words.question(), words.answers(model), key="classify_guess")
reading = readings.yours()
answer = st.container()
run = controls.run(chosen, controls.precision(chosen))
slices = run.slices
if slices.precision != "float32":
    parts.say(words.halved(slices.likeness, slices.held, model), key="halved")
labels, groups = (np.array(each)[slices.sample] for each in (data.labels, data.groups))
if cannot:
    parts.note(cannot, key="few")
else:
    cv, ways = controls.cross_validation(run, chosen, labels, groups)
    scaled = controls.scaled()
    with answer:
        rights, because = words.revealed(cv, ways, model, scaled=scaled, learned=learned)
        parts.reveal(given, rights, because, key="classify")
    for column, each in zip(
        st.columns([1.3, 1], gap="large"),
        (exhibits.layers(cv, ways, model, scaled=scaled), exhibits.gains(cv, ways, model, scaled=scaled)),
        strict=True,
    ):
        with column:
            parts.show(each)
    claim = f"“For classification, {escape.markdown(model.first_token)} is the vector to take.”"
    kind = words.verdict(cv, scaled=scaled, learned=learned).kind
    why = f"{words.follows(cv, ways, model, scaled=scaled)} {words.frozen(model, learned=learned)}"
    parts.settle(kind, claim, why)


def certainty() -> None:
    if sentence := words.sampled(len(labels), len(data.texts)):
        parts.caution(sentence, key="sampled")
    st.markdown(
        "Every vector is tested in five folds, the same for all. Each text is classified by a classifier that has not "
        "seen it."
    )
    parts.say(words.best(cv, ways, model, scaled=scaled), key="best")
    parts.verdict(kind, claim, why, key="classify", on=plural(cv.texts, "labelled text"))
    parts.say(words.control(cv, model), key="control")
    if len(cv.sizes) > 1:
        parts.show(exhibits.sizes(cv, ways, model))
    if stand_in := words.standing_in(slices.wordless, model):
        st.markdown(stand_in)


def classifier() -> None:
    st.markdown(
        "A quarter of the texts is held out. A logistic regression learns from the rest: a weight for each dimension "
        "of the vector. Nothing of the model is changed."
    )
    features = controls.features()
    fitted = run.by[features]
    parts.say(words.learned(fitted, model, features), key="learned")
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        parts.show(exhibits.confusion(fitted, data.classes))
    with right:
        if rows := words.mistakes(fitted, data.texts, data.classes, controls.MOST_MISTAKES):
            st.markdown("Wrong, and surest of it:")
            parts.lines(rows, heads=("text", "what it says", "what it is"), code=False, key="mistakes")
    st.markdown("The first text in the box at the top goes the same way. Change it there and watch.")
    vector = POOLINGS[features].pool(reading)[:1]
    steps = words.steps(reading.encoding, vector[0], len(data.classes), features, model)
    parts.lines(steps, heads=("step", "shape", "the first text"), code=False, key="travel")
    probabilities = fitted.predict_proba(vector)[0]
    parts.show(exhibits.own(reading.encoding.texts[0], probabilities, data.classes, features, model))
    st.markdown("Take the run with you:")
    controls.take_along(run, chosen, features)


def cube() -> None:
    start = View(choices.recall("classify_step", STEPS, "out"))
    view = parts.show(exhibits.cube(run.output, len(data.texts), start, model))
    if isinstance(view, View):
        choices.keep("classify_step", view.step, "out")


def padding() -> None:
    rows, heads = words.rows(slices.tokens, slices.lengths, controls.SHOWN), words.heads(controls.SHOWN)
    parts.show(exhibits.lengths(slices.lengths, slices.computed, slices.cut, model))
    parts.lines(rows, heads=heads, code=False, key="padding")


if not cannot:
    parts.fold("How sure is that? Intervals, chance, fewer texts", certainty, key="certainty")
parts.fold("One classifier in full, and the first text on its way to a label", classifier, key="classifier")
parts.fold("The output cube, and the slice that is kept", cube, key="cube")
parts.fold("How long the texts are, and what padding costs", padding, key="padding")
parts.scope(*words.scope(model, learned=learned))
parts.limits(words.limits())
parts.lead_on()
