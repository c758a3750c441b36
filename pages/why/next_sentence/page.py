"""Next-sentence prediction: the task for which BERT's first token was made, from the vector to the probability."""

import streamlit as st

from lib.app import choices, pairs, parts, readings
from lib.cached import pretrained
from pages.why.next_sentence import controls, exhibits, words

model = choices.checkpoint()
speaker = pretrained.speaker(model, "pairs")
parts.open_page(words.lead(speaker), speaker=speaker)
two = pairs.yours()
with parts.about():
    st.markdown(words.two(two.first, two.second, two.ours))
given = parts.guess(words.QUESTION, words.ANSWERS, key="next_sentence_guess")
with parts.or_end():
    reading = pretrained.read(speaker.slug, two.first, two.second)
found = pretrained.way(reading)
follows = float(found.follows[0])
parts.reveal(given, words.right(follows), words.because(follows, speaker, model), key="next_sentence")
readings.told(reading.encoding, 1, speaker)
parts.show(exhibits.way(found, speaker))
parts.settle("fails", words.CLAIM, words.settled(reading.hidden, follows, speaker))
parts.keep(words.keep(speaker))


def changed() -> None:
    """The pair with one thing changed at a time."""
    parts.show(exhibits.changed(*controls.changed(reading, two, speaker)))


def topics() -> None:
    """Topic or order, measured and found before."""
    parts.show(exhibits.topics(*controls.topics(speaker)))
    st.markdown(words.albert())


parts.fold("Swap the texts, change the topic, change a word", changed, key="changed")
parts.fold("Does it learn the order, or only the topic?", topics, key="topics")
parts.fold("Guess twenty pairs, and compare with the model", lambda: controls.game(speaker), key="game")
parts.scope(*words.scope(follows, speaker))
parts.limits(
    "A high probability is no proof that a text follows: the model was trained on texts from the same document against "
    "texts from any other, so a common topic is often enough. Our passages are short, and there are few of them."
)
parts.lead_on()
