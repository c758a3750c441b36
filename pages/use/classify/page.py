"""The article's pipeline at its own size: texts, cube, slice, classifier; and whether it had to be this slice."""

import numpy as np
import streamlit as st

from lib import escape
from lib.app import choices, datasets, parts, readings
from lib.components.cube import STEPS, View
from lib.pooling import POOLINGS
from lib.quantities import plural
from lib.texts.sources import cite
from lib.words import tuned
from lib.words.attention import named
from pages.use.classify import controls, exhibits, measures, words

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
data = chosen.data
run = controls.run(chosen)
slices = run.slices

lengths = exhibits.lengths(slices.lengths, slices.computed, slices.cut, model)
parts.picture(lengths)
parts.say(lengths.sentence, key=lengths.name)
rows, heads = words.rows(slices.tokens, slices.lengths, controls.SHOWN), words.heads(controls.SHOWN)
parts.lines(rows, heads=heads, code=False, key="padding")
parts.numbers(lengths)

st.header("The cube, and the slice that is kept", anchor=False)
st.markdown(
    f"All texts, all positions, all dimensions of the last layer. Pull out the slice of {first}: it is a table with "
    "one row a text, and all that is kept."
)
start = View(choices.recall("classify_step", STEPS, "out"))
view = parts.show(exhibits.cube(run.output, len(data.texts), start, model))
if isinstance(view, View):
    choices.keep("classify_step", view.step, "out")

st.header("Split, learn, ask", anchor=False)
st.markdown(
    "A quarter of the texts is kept back. A logistic regression learns from the rest: a weight for each dimension of "
    "the vector. Nothing of the model is changed."
)
features = controls.features()
fitted = run.by[features]
parts.say(words.learned(fitted, model, features), key="learned")
confusion = exhibits.confusion(fitted, data.classes)
left, right = st.columns([1, 1.25], gap="large")
with left:
    parts.picture(confusion)
    parts.say(confusion.sentence, key=confusion.name)
with right:
    if rows := words.mistakes(fitted, data.texts, data.classes, controls.MOST_MISTAKES):
        st.markdown("Wrong, and surest of it:")
        parts.lines(rows, heads=("text", "what it says", "what it is"), code=False, key="mistakes")
parts.numbers(confusion)

st.header("Your own sentence travels to its label", anchor=False)
st.markdown("The first text in the line at the top goes the same way. Change it there and watch.")
vector = POOLINGS[features].pool(reading)[:1]
steps = words.steps(reading.encoding, vector[0], len(data.classes), features, model)
parts.lines(steps, heads=("step", "shape", "your first text"), code=False, key="travel")
probabilities = fitted.predict_proba(vector)[0]
parts.show(exhibits.own(reading.encoding.texts[0], probabilities, data.classes, features, model))
st.markdown("Take the run with you:")
controls.take_along(run, chosen, features)

st.header(f"Is {escape.markdown(model.first_token)} really the one?", anchor=False)
st.markdown(
    "Any other vector could have been kept: another token’s, their mean, another layer’s. All of them are put to the "
    "same test here: five folds, the same for all, each text judged by a reader that never saw it."
)
labels, groups = (np.array(each)[slices.sample] for each in (data.labels, data.groups))
if cannot := measures.too_few(labels, groups):
    parts.note(cannot, key="few")
else:
    guess = parts.guess(words.question(), words.answers(model), key="classify_guess")
    if sentence := words.sampled(len(labels), len(data.texts)):
        parts.caution(sentence, key="sampled")
    scaled = controls.scaled()
    cv, ways = controls.cross_validation(run, chosen, labels, groups)
    parts.show(exhibits.layers(cv, ways, model, scaled=scaled))
    gains = exhibits.gains(cv, ways, model, scaled=scaled)
    parts.picture(gains)
    learned = bool(tuned.learned(model, chosen.key))
    parts.verdict(
        words.verdict(cv, scaled=scaled, learned=learned).kind,
        f"“For classification, {escape.markdown(model.first_token)} is the vector to take.”",
        f"{gains.sentence} {words.frozen(model, learned=learned)}",
        key="classify",
        guess=guess,
        on=plural(cv.texts, "labelled text"),
    )
    parts.numbers(gains)
    if len(cv.sizes) > 1:
        parts.show(exhibits.sizes(cv, ways, model))
    parts.say(words.control(cv, model), key="control")
    if stand_in := words.standing_in(slices.wordless, model):
        st.markdown(stand_in)
parts.limits(
    f"That a label can be read off a vector does not say that the model uses it ({cite('elazar2021')}). The model is "
    f"frozen and the classifier is a logistic regression, as vectors of sentences are often tested "
    f"({cite('conneau2018')}); training the model for the task can change which vector carries the answer."
)
parts.lead_on()
