"""What the heads of pretraining say of pairs of texts, and the model that has them; kept for all visitors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import streamlit as st

from lib import checkpoints, settings
from lib.cached import readings, waiting
from lib.checkpoints import Checkpoint
from lib.measures.pretrained import Taught, alike, attended, on_topic
from lib.pooling import POOLINGS
from lib.reading import Floats, NextSentence, Reading, Request
from lib.store import Store
from lib.taught import BOTH
from lib.texts.passages import PASSAGES, TOPICS, mixed

Part = Literal["pairs", "words", "pooler"]

_kept: Store[Floats] = Store(settings.memory("pairs"))
_taught: Store[Taught] = Store(settings.memory("taught"))


@st.cache_resource(show_spinner=False, max_entries=64)
def _has(slug: str, part: Part) -> bool:
    from lib.model import heads, opened

    if part == "pooler":
        return opened(slug).checkpoint.has_pooler
    return heads.has_words(slug) if part == "words" else heads.has_next_sentence(slug)


def speaker(model: Checkpoint, part: Part) -> Checkpoint:
    """The model itself where it has a part of BERT's pretraining, else the last checkpoint that was taught both tasks.

    Args:
        model: that was chosen.
        part: which: the head for next sentences, that for masked words, or the pooler.
    """
    with st.spinner("Opening the model (once)…"):
        if _has(model.slug, part):
            return model
    trail = checkpoints.TRAILS[BOTH]
    return checkpoints.STEPS[f"taught-{BOTH}-{trail.last}"]


def way(reading: Reading) -> NextSentence:
    """The way from each pair's first vector to a probability.

    Args:
        reading: of pairs, by a model that has the head.
    """
    from lib.model import heads

    return heads.next_sentence(reading)


def follows(slug: str, pairs: Sequence[tuple[str, str]]) -> Floats:
    """The probability that the second text of each pair follows the first.

    Args:
        slug: of a model that has the head.
        pairs: of texts.

    Returns:
        float32[pairs].
    """
    wanted = tuple(pairs)

    def made() -> Floats:
        from lib import model

        first, second = zip(*wanted, strict=True)
        return way(model.read(slug, first, pairs=second, attention="none")).follows

    return waiting.take(_kept, (slug, wanted), made, meanwhile=f"Reading {len(wanted)} pairs (once)…")


def taught(slug: str) -> Taught:
    """What a checkpoint makes of the sixty pairs.

    Args:
        slug: of the checkpoint.
    """
    return waiting.take(_taught, slug, lambda: _measured(slug), meanwhile="Reading sixty pairs (once)…")


def _measured(slug: str) -> Taught:
    from lib import model

    both, _ = mixed()
    first, second = zip(*both, strict=True)
    reading = model.read(slug, first, pairs=second, attention="cls")
    alone = model.read(slug, [each.first for each in PASSAGES], attention="none")
    topics = np.array(TOPICS)
    mean = POOLINGS["mean"].pool(alone)
    apart = topics[:, None] != topics[None, :]
    return Taught(
        follows=way(reading).follows if _has(slug, "pairs") else np.empty(0, np.float32),
        first=reading.cls[-1].copy(),
        attended=attended(reading),
        alike=alike(alone.cls[-1], apart),
        alike_mean=alike(mean, apart),
        on_topic=on_topic(alone.cls[-1], topics),
        on_topic_mean=on_topic(mean, topics),
    )


def read(slug: str, first: str, second: str) -> Reading:
    """One pair, as the model gets it.

    Args:
        slug: of the model.
        first: text.
        second: text.

    Raises:
        ValueError: it is too much.
    """
    return readings.take(Request(slug, (first,), (second,), "none"))
