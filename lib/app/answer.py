"""The answer in four sentences with the learner's own numbers: on the first page, and again on the last."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lib.app import parts, readings
from lib.measures.story import Story, story
from lib.measures.vectors import cosine
from lib.pooling import POOLINGS
from lib.reading import Floats, Reading
from lib.words import answer


@dataclass(frozen=True, eq=False)
class Answer:
    """What the answer was computed from.

    Attributes:
        reading: of the texts, at least two.
        story: of the first text's first token.
        by_cls: float32[texts - 1], cosine of the others to the first text by the first token's vector.
        by_mean: float32[texts - 1], the same by the mean of all tokens.
        sentences: the four of it, Markdown.
    """

    reading: Reading
    story: Story
    by_cls: Floats
    by_mean: Floats
    sentences: tuple[str, ...]


def show() -> Answer:
    """Shows the four sentences, and which texts are ours."""
    reading, own = readings.compared()
    means, way = POOLINGS["mean"].pool(reading), story(reading, 0)
    by_cls = cosine(reading.cls[-1][:1], reading.cls[-1][1:])[0]
    by_mean = cosine(means[:1], means[1:])[0]
    texts = reading.encoding.texts
    sentences = answer.statements(way, texts, by_cls, by_mean, reading.checkpoint)
    with st.container(key="answer"):
        for key, sentence in sentences.items():
            parts.say(sentence, key=key)
    if not own:
        parts.ours(texts)
    return Answer(reading, way, by_cls, by_mean, tuple(sentences.values()))
