"""Masked words: what BERT's other task predicts and where, and what it never asks of the first token."""

import streamlit as st

from lib.app import choices, parts
from lib.cached import pretrained
from pages.why.masked import controls, exhibits, words

speaker = pretrained.speaker(choices.checkpoint(), "words")
parts.open_page(words.lead(speaker), speaker=speaker)
parts.speaks(speaker)
mask = controls.mask(speaker)
aside, stage = parts.stage("masked")
with aside:
    with parts.about():
        asked = controls.request(speaker)
        encoding, place = controls.place(asked)
        st.markdown(words.hidden(encoding, place, mask))
    given = parts.guess(words.QUESTION, words.ANSWERS, key="masked_guess")
    reading = controls.masked(asked, place, mask)
    found = controls.filled(reading, encoding, place)
    parts.reveal(given, words.right(found), words.because(found, speaker), key="masked")
with stage:
    parts.show(exhibits.predicted(found, place, speaker))
parts.settle("fails", words.claim(speaker), words.settled(speaker))
parts.keep(words.keep(speaker))


def attended() -> None:
    """What the mask attends to."""
    parts.show(exhibits.attended(reading, place, controls.layer(speaker)))


def lens() -> None:
    """What word the first token would be."""
    parts.show(exhibits.lens(controls.lens(asked), speaker))
    st.markdown(words.about_lens())


parts.fold("What does the mask attend to?", attended, key="attended")
parts.fold("What word would the first token be?", lens, key="lens")
parts.scope(*words.scope(speaker, found))
parts.limits(
    "One mask at a time: in its training the model met texts in which one token in seven was hidden. A low probability "
    "of the word that stood there need not be an error, because many words may fit. A word of several tokens is hidden "
    "in part, and the rest gives it away."
)
parts.lead_on()
