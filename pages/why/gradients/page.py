"""Gradients: which vectors four losses train, layer by layer, with exact zeros where a loss never arrives."""

import streamlit as st

from lib.app import choices, parts
from pages.why.gradients import controls, exhibits, words

speaker = controls.speaker(choices.checkpoint())
parts.open_page(words.lead(speaker), speaker=speaker)
parts.speaks(speaker, "lacks a head for one of them")
texts = controls.two()
given = parts.guess(words.question(speaker), words.ANSWERS, key="gradients_guess")
found = controls.arriving(speaker, texts)
parts.reveal(given, words.right(found), words.because(found, speaker), key="gradients")
layer = controls.layer(speaker)
parts.show(exhibits.last(found, layer, speaker))
parts.settle(
    "fails" if found.lengths["words"][-1, 0] == 0 else "holds", words.claim(speaker), words.because(found, speaker)
)
parts.keep(words.keep(speaker))


def layers() -> None:
    """One loss at every layer."""
    parts.show(exhibits.layers(found, controls.loss(), speaker))


def how() -> None:
    """The four losses."""
    st.markdown(words.how())
    st.markdown(words.masked(found, texts.second, texts.ours))


parts.fold("One loss, layer by layer", layers, key="layers")
parts.fold("How each loss is computed", how, key="how")
parts.scope(*words.scope(found, speaker))
parts.limits(
    "The zeros are exact for any weights. The lengths are not: they depend on the heads, on the texts and on how far "
    "the training has come, and the classifier’s weights are random. A gradient says what one step of training would "
    "change, not what was learned in the end."
)
parts.lead_on()
