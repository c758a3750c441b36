"""A small model learns BERT's two tasks: its checkpoints in a row, and what becomes of the first token's vector."""

import streamlit as st

from lib import checkpoints, taught
from lib.app import choices, models, pairs, parts, readings
from lib.cached import pretrained
from lib.texts.passages import TOPICS, mixed
from pages.why.learning import controls, exhibits, measures, words

trail = checkpoints.TRAILS[taught.BOTH]
base = checkpoints.checkpoint(checkpoints.DEFAULT)
steps = (0, *trail.steps)
scores = [each for each in trail.curve if each.step in steps]
parts.open_page(words.lead(base, trail.last), speaker=checkpoints.checkpoint(controls.slug(trail.last)))
two = pairs.yours()
given = parts.guess(words.QUESTION, words.ANSWERS, key="learning_guess")
half = measures.learned(scores)
parts.reveal(given, words.right(*half), words.because(*half, scores[-1]), key="learning")
step = choices.pick(
    "Steps of training", steps, key="learning_step", default=trail.last, names=words.step, form="slider"
)


found, truths, slug = controls.at((step, trail.last)), mixed()[1], controls.slug(step)
last = found[trail.last]
with parts.or_end():
    own = pretrained.read(slug, two.first, two.second)
readings.told(own.encoding, 1, own.checkpoint)
own_follows = float(pretrained.way(own).follows[0]) if step else None
laid = measures.laid(last.first, last.follows)
parts.show(exhibits.plane(laid, found[step], truths, own.cls[-1, 0], own_follows, step, base))
parts.keep(words.keep(scores, base))


def curve() -> None:
    """How often it is right on held-out documents."""
    parts.show(exhibits.curve(scores))
    st.markdown(words.mistakes(scores[-1]))


def attention() -> None:
    """Where the first token attends."""
    parts.show(exhibits.attended(controls.at((0, step, trail.last)), step, base))


def alike() -> None:
    """How alike unrelated texts are."""
    parts.show(exhibits.alike(controls.at((0, step, trail.last)), step, base))


def alone() -> None:
    """The run without next sentences."""
    both, words_alone = controls.beside(common)
    parts.show(exhibits.alone(both, words_alone, common, base))
    parts.show(exhibits.on_topic(controls.at((0,))[0], both, words_alone, TOPICS, common, base))


def elsewhere() -> None:
    """The axes, and a way to read with this step on every page."""
    st.markdown(words.axes())
    name = f"Let {checkpoints.checkpoint(slug).name} read on every page"
    st.button(name, key="learning_read", on_click=models.ask, args=(slug,))


parts.fold("How often is it right on texts that it has not seen?", curve, key="curve")
parts.fold("What does it attend to?", attention, key="attention")
parts.fold("How alike are unrelated texts?", alike, key="alike")
common = controls.common(step)
if common:
    parts.fold("What if next sentences are left out?", alone, key="alone")
parts.fold("How the plane was laid, and this step on other pages", elsewhere, key="plane")
parts.scope(*words.scope(base, scores[-1]))
parts.limits(
    "One small model, one training with one seed, taught on top of another training. Sixty short pairs tell a share of "
    "right answers to within about ten percentage points."
)
parts.lead_on()
