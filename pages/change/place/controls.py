"""What is tried on the first token and its position: the controls, and the batches that are read for it."""

from __future__ import annotations

import streamlit as st

from lib.app import choices, datasets, parts, readings
from lib.cached import probes
from lib.exhibit import Exhibit
from lib.measures import place
from lib.measures.place import Grid, Key
from lib.reading import Reading, Seat
from lib.texts.labelled import LABELLED
from pages.change.place import exhibits, words
from pages.change.place.measures import Experiment, fitting

WORD = "banana"
INSTEAD = ("water", "time", "the", "a")  # where the vocabulary has no such token
ARTICLE = "the"  # in the grid beside the special tokens and the word
MOST_TEXTS = 8  # that are tried
MOST_IN_GRID = 4
LARGEST = readings.MOST_TOKENS // 2  # texts x tokens of a grid, which is one of two batches


@st.cache_resource(show_spinner=False, max_entries=256)
def _spelled(slug: str, word: str) -> tuple[str, ...]:
    from lib import model

    return model.spelled(slug, word)


@st.cache_resource(show_spinner=False, max_entries=64)
def _ids(slug: str) -> tuple[int, ...]:
    """Position ids that the grid tries, the first token's own first; empty in a family that has none."""
    from lib import model

    known = model.positions(slug)
    return () if known is None else place.ids(known.start, known.stop - 1)


@st.cache_resource(show_spinner=False, max_entries=64)
def _tokens(slug: str) -> tuple[str, ...]:
    """The special tokens and an article, as far as there are any, for the rows of the grid."""
    from lib import model

    article = model.spelled(slug, ARTICLE)
    return (*model.specials(slug), *(article if len(article) == 1 else ()))


def word(reading: Reading) -> tuple[str, str]:
    """Asks for the word that stands in place of the first token, and says so where it cannot.

    Returns:
        the word and the one token that it is.
    """
    model = reading.checkpoint
    with st.container(key="place_word_box", width=190):
        typed = choices.word("A word in its place", key="place_word", default=WORD, longest=24)
    tokens = _spelled(model.slug, typed)
    if len(tokens) == 1:
        return typed, tokens[0]
    offered = {each: _spelled(model.slug, each) for each in (*INSTEAD, model.separator)}
    instead = next(each for each, found in offered.items() if len(found) == 1)
    parts.note(words.not_a_token(typed, tokens, instead), key="word")
    return instead, offered[instead][0]


def read(reading: Reading, typed: str, token: str) -> Experiment:
    """The texts under every change.

    Args:
        reading: of the texts as they are.
        typed: the word that stands in place of the first token.
        token: the same, as the vocabulary names it.
    """
    model, ids = reading.checkpoint, _ids(reading.checkpoint.slug)
    position = ids[-1] if ids else None
    most = len(place.variants(9, token, position=0, room=True))
    rows = fitting(reading.encoding.lengths[:MOST_TEXTS], most, readings.MOST_TOKENS)
    lengths = reading.encoding.lengths[list(rows)]
    room = int(lengths.max()) < model.limit
    plan = [place.variants(int(size), token, position=position, room=room) for size in lengths]
    variants = [each for row in plan for each in row]
    batch = readings.again(
        reading,
        [each.edit for each in variants],
        rows=[row for row in rows for _ in plan[0]],
        watch=[each.seat for each in variants],
    )
    loudest = place.loudest(reading.cls[:, rows])
    return Experiment(reading, batch, place.tried(batch, plan), rows, typed, token, position, loudest)


def grid(experiment: Experiment) -> Grid | None:
    """Tokens by position ids; where there can be none, a kind sentence and None."""
    reading, model = experiment.reading, experiment.reading.checkpoint
    ids = _ids(model.slug)
    if len(ids) < 2:
        parts.note(words.no_positions(model), key="grid")
        return None
    tokens = tuple(dict.fromkeys((*_tokens(model.slug), experiment.token)))
    edits, lengths = place.corners(tokens, ids), reading.encoding.lengths
    rows = experiment.rows[:MOST_IN_GRID]
    texts = [k for k in rows if lengths[: k + 1].max() * len(edits) * (k + 1) <= LARGEST]
    if not texts:
        parts.note(words.too_long_for_the_grid(len(edits), int(lengths[0])), key="grid")
        return None
    batch = readings.again(
        reading,
        [each for _ in texts for each in edits],
        rows=[row for row in texts for _ in edits],
        watch=[Seat(0)] * len(edits) * len(texts),
    )
    return place.grid(batch, tokens, ids, experiment.loudest)


def compared(experiment: Experiment, measure: str) -> Exhibit | None:
    """The picture of one measure; None where it cannot be made.

    Args:
        experiment: the texts under every change.
        measure: key of ``words.MEASURES``.
    """
    if measure == "received":
        return exhibits.received(experiment)
    if measure == "between":
        return exhibits.between(experiment)
    if measure == "vector":
        return exhibits.vector(experiment)
    datasets.own_up(experiment.reading.checkpoint, probes.SET)
    answered = probes.answered(experiment.reading.checkpoint, experiment.token, experiment.position)
    return exhibits.probe(experiment, answered.scores, answered.same, LABELLED.majority)


def change(experiment: Experiment) -> Key:
    """Asks which change is followed through the layers."""
    model = experiment.reading.checkpoint
    return choices.pick(
        "Change",
        experiment.changed,
        key="place_change",
        default="replaced",
        names=lambda key: words.label(key, experiment.word, experiment.position, model),
        form="menu",
        hide_label=True,
    )
