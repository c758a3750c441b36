"""What is pressed on the page: the pair with something changed, and twenty pairs to guess."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.app import choices
from lib.app.pairs import Two
from lib.cached import pretrained, readings
from lib.checkpoints import Checkpoint
from lib.edits import UNTOUCHED, Segment, edit
from lib.escape import cut, visible
from lib.reading import Floats, Reading, Request
from lib.texts.passages import EACH, PASSAGES, alike, guessed, pairs, swapped
from pages.why.next_sentence import words

ELSEWHERE = PASSAGES[6 * EACH].second, PASSAGES[11 * EACH].second  # on two topics; one of them is not the learner's
_SAID = "next_sentence_said"  # what the learner said of the twenty pairs
LONGEST = 40  # words of text B that can be chosen


def changed(reading: Reading, two: Two, speaker: Checkpoint) -> tuple[list[str], Floats]:
    """The pair as typed and with one thing changed at a time.

    Args:
        reading: of the pair.
        two: its texts.
        speaker: the model.

    Returns:
        The names of the rows, plain; float32[rows], the probability that text B follows.
    """
    own = two.second.split()[:LONGEST]
    left, right = st.columns(2)
    with left:
        numbers = tuple(range(1, len(own) + 1))
        names = [f"{k}. {cut(visible(each), 30)}" for k, each in enumerate(own, 1)]
        at = choices.pick(
            "Word of B that is changed",
            numbers,
            key="next_sentence_at",
            default=len(own),
            names=lambda k: names[k - 1],
            form="menu",
        )
    with right:
        by = choices.word("It becomes", key="next_sentence_by", default="banana")
    other = " ".join((*own[: at - 1], by, *two.second.split()[at:]))
    topic = ELSEWHERE[two.second == ELSEWHERE[0]]
    encoding = reading.encoding
    places = encoding.origin[0, (encoding.token_type_ids[0] == 1) & (encoding.attention_mask[0] == 1)]
    plain = edit(*(Segment(int(place), 0) for place in places))
    found = readings.take(
        Request(
            speaker.slug,
            (two.first, two.second, two.first, two.first, two.first),
            (two.second, two.first, topic, two.second, other),
            "none",
            (UNTOUCHED, UNTOUCHED, UNTOUCHED, plain, UNTOUCHED),
        )
    )
    return [*words.ROWS, words.another(own[at - 1], by)], pretrained.way(found).follows


def topics(speaker: Checkpoint) -> tuple[list[int], int]:
    """How often the model says that text B follows, by ``words.KINDS``, and of how many."""
    kinds = (pairs(0), swapped(), alike(), pairs(5 * EACH))
    return [int((pretrained.follows(speaker.slug, kind) > 0.5).sum()) for kind in kinds], len(PASSAGES)


def game(speaker: Checkpoint) -> None:
    """Twenty pairs, one after the other: the learner says first, then the truth and the model."""
    rounds, said = guessed(), st.session_state.get(_SAID, ())
    follows = pretrained.follows(speaker.slug, [(first, second) for first, second, _ in rounds])
    truths = np.array([true for *_, true in rounds])
    done = len(said)
    if done:
        st.markdown(words.told(said[-1], bool(truths[done - 1]), float(follows[done - 1])))
        right = int((np.array(said) == truths[:done]).sum())
        st.markdown(words.score(right, int(((follows > 0.5) == truths)[:done].sum()), done))
    if done == len(rounds):
        st.button("Guess them again", key="next_sentence_again", on_click=_say, args=(None,))
        return
    first, second, _ = rounds[done]
    st.markdown(words.pair(done + 1, len(rounds), first, second))
    with st.container(horizontal=True, gap="small", key="game_answers"):
        st.button("B follows A", key="next_sentence_yes", on_click=_say, args=(True,))
        st.button("B is from elsewhere", key="next_sentence_no", on_click=_say, args=(False,))


def _say(answer: bool | None) -> None:
    st.session_state[_SAID] = () if answer is None else (*st.session_state.get(_SAID, ()), answer)
