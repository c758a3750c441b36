"""The pooler: why pooler_output is not the first token's vector, and which vector a classifier gets."""

import streamlit as st

from lib.app import choices, parts
from lib.cached import pretrained
from lib.texts.sources import link
from lib.words.attention import named
from pages.why.pooler import controls, exhibits, measures, words

speaker = pretrained.speaker(choices.checkpoint(), "pooler")
parts.open_page(words.lead(speaker), speaker=speaker)
parts.speaks(speaker, "has no pooler")
reading, row = controls.reading(speaker)
given = parts.guess(words.question(speaker), words.ANSWERS, key="pooler_guess")
first, pooled, dense, weights = controls.pooled(reading, row)
found = measures.apart(first, pooled)
parts.reveal(given, words.right(found), words.because(found), key="pooler")
parts.show(exhibits.vectors(first, dense, pooled, found, weights, speaker))
parts.say(words.trained(weights, speaker), key="trained")
claim, kind = words.claim()
parts.settle(kind, claim, words.because(found))
parts.keep(words.keep(speaker))


def classified() -> None:
    """Classifiers on both vectors."""
    parts.show(exhibits.classified(controls.classified(speaker), speaker))
    st.markdown(words.about_classified(weights))


def families() -> None:
    """Which vector each family's classifier gets."""
    st.markdown(
        f"The classes of transformers ({link('wolf2020')}) do not agree. A test of this app builds a small model of "
        "each and computes its logits from exactly this vector."
    )
    parts.lines(words.rows(), heads=("class", "which vector", "between it and the output"), key="families")


def weighed() -> None:
    """What the pooler's weights look like."""
    st.markdown(words.how(weights, speaker))


parts.fold("Can a classifier use `pooler_output`?", classified, key="classified")
parts.fold("Which vector does each family’s classifier get?", families, key="families")
parts.fold("How we know whether the pooler was trained", weighed, key="weighed")
parts.scope(*words.scope(weights, speaker))
parts.limits(
    f"Biases of 0 show that no training moved the pooler, not what {named(speaker)} is worth. A cosine compares "
    "directions of two spaces whose axes need not mean the same. The labelled sentences are ours, and there are few."
)
parts.lead_on()
