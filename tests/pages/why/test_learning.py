"""Learning: when each task is learned, the plane, and the sixty pairs asked again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import checkpoints, taught
from lib.cached import pretrained
from lib.checkpoints import CHECKPOINTS, DEFAULT, STEPS
from lib.measures.pretrained import GROUPS, on_topic
from lib.measures.probe import Score
from lib.taught import Scores
from lib.texts.passages import mixed
from pages.why.learning import exhibits, measures, words
from tests.conftest import CLOSE
from tests.test_pages import visit
from tests.test_pages import words as said

BASE = CHECKPOINTS[DEFAULT]
TRAIL = checkpoints.TRAILS[taught.BOTH]


def scores(step: int, words_right: int, pairs_right: int) -> Scores:
    return Scores(step, 1.0, words_right, 100, 0.5, pairs_right, 100, 6, 2, 4, 1)


def test_when_half_is_learned() -> None:
    curve = [scores(0, 0, 50), scores(32, 9, 52), scores(64, 20, 58), scores(128, 30, 69), scores(256, 40, 80)]
    assert measures.learned(curve) == (64, 128)
    assert words.right(64, 128) == words.ANSWERS[0]
    assert words.right(128, 64) == words.ANSWERS[1]
    assert words.right(64, 64) == words.ANSWERS[2]
    assert "(40%) is reached by step 64; half of the way from chance to 80% on pairs by step 128" in words.because(
        64, 128, curve[-1]
    )
    flat = [replace(each, nsp_right=50) for each in curve]
    assert measures.learned(flat)[1] == 32, "step 0 has learned nothing"


@pytest.mark.parametrize("side", [1, -1])
def test_the_plane_is_that_of_the_last_checkpoint_and_follows_lies_right(side: int) -> None:
    vectors = np.array([[2.0, 0, 5], [-2, 0, 5], [0, 1, 5], [0, -1, 5]], np.float32)
    follows = np.array([0.5 + 0.4 * side, 0.5 - 0.4 * side, 0.5, 0.5], np.float32)
    laid = measures.laid(vectors, follows)
    np.testing.assert_allclose(laid.of(vectors), [[2 * side, 0], [-2 * side, 0], [0, 1], [0, -1]], **CLOSE)
    assert (laid.wide, laid.high) == pytest.approx((2.6, 1.3))
    np.testing.assert_allclose(laid.of(np.array([[9.0 * side, 9, 0]], np.float32)), [[2.6, 1.3]], **CLOSE)


def test_how_far_apart_they_lie() -> None:
    spots = np.array([[3.0, 0], [1, 0], [2, 0], [0, 0]])
    assert measures.apart(spots, [True, True, False, False]) == 0.75
    assert measures.apart(np.zeros((4, 2)), [True, True, False, False]) == 0.5
    assert measures.right(np.array([0.9, 0.2, 0.6, 0.1], np.float32), [True, True, False, False]) == 2


def test_the_accuracy_on_our_pairs_is_that_on_held_out_ones() -> None:
    """Sixty pairs of ours tell it to within three standard deviations, on any processor."""
    _, truths = mixed()
    for step in (TRAIL.last, min(TRAIL.steps)):
        found = pretrained.taught(f"taught-both-{step}")
        right = measures.right(found.follows, truths)
        held = TRAIL.at(step)
        share = held.nsp_right / held.pairs
        spread = (share * (1 - share) / len(truths)) ** 0.5
        assert abs(right / len(truths) - share) < 3 * spread, f"step {step}: {right} of {len(truths)}"
    assert measures.right(pretrained.taught(f"taught-both-{TRAIL.last}").follows, truths) >= 42, "70 %"


def test_what_the_first_token_attends_to_adds_up() -> None:
    found = pretrained.taught(f"taught-both-{TRAIL.last}")
    assert found.attended.shape == (BASE.layers, len(GROUPS))
    np.testing.assert_allclose(found.attended.sum(axis=1), 1, rtol=1e-4)
    assert (found.attended > 0).all()
    assert GROUPS[exhibits.TEXTS] == ("text A", "text B")
    assert -1 <= found.alike <= 1
    assert not pretrained.taught(DEFAULT).follows.size, "it has no head before"


def test_sentences_say_what_was_measured() -> None:
    assert "begins" in words.headline(40, 60, 0.9, BASE)
    assert "does not tell" in words.headline(37, 60, 0.9, BASE)
    assert "most of the pairs" in words.headline(45, 60, 0.5, BASE)
    assert "lie mixed" in words.headline(None, 60, 0.4, BASE)
    assert "lie apart" in words.headline(None, 60, 0.8, BASE)
    assert "no head yet" in words.plane(0, None, 60, None, BASE)
    assert "right on **49** of **60** pairs" in words.plane(64, 49, 60, 0.3, BASE)
    before, now = np.full(6, 0.2), np.full(6, 0.4)
    assert "attends more to the two texts" in words.attended_headline(before, now, BASE)
    assert "attends less to the two texts" in words.attended_headline(now, before, BASE)
    assert "as much as before" in words.attended_headline(now, now + 0.01, BASE)
    assert "become less alike" in words.alike_headline(0.6, 0.4)
    assert "become more alike" in words.alike_headline(0.4, 0.6)
    assert "about as alike" in words.alike_headline(0.4, 0.42)
    assert "differs more from text to text" in words.alone_headline(0.3, 0.6, BASE)
    assert "differs less from text to text" in words.alone_headline(0.6, 0.3, BASE)


def test_the_slider_goes_back_to_before_the_training(embedded: object) -> None:
    app: AppTest = visit({}, "learning")
    for step, there in ((0, "There is no head yet"), (min(TRAIL.steps), f"After **{min(TRAIL.steps)}** steps")):
        app.session_state["learning_step"] = step
        app.run()
        assert not app.exception
        assert there in said(app)
    assert f"taught-both-{min(TRAIL.steps)}" in STEPS


def test_how_often_a_text_on_the_same_topic_is_more_alike() -> None:
    """Angles 0, 10 and 50, 90 degrees: only the third is nearer to a text on the other topic, with one of two."""
    angles = np.radians([0, 10, 50, 90])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    np.testing.assert_allclose(on_topic(vectors, np.array([0, 0, 1, 1])), [1, 1, 0.5, 1])
    np.testing.assert_allclose(on_topic(7 * vectors, np.array([0, 0, 1, 1])), [1, 1, 0.5, 1])
    np.testing.assert_allclose(on_topic(np.ones((4, 2), np.float32), np.array([0, 0, 1, 1])), 0.5)


def test_what_next_sentences_add_is_held_over_topics() -> None:
    """Gains of 0.1, 0.2 and 0.3 by topic: 0.2 ± 4.303 (Student's t, two degrees of freedom) times 0.1 / √3."""
    found = pretrained.taught(DEFAULT)
    gains = np.array([0.05, 0.15, 0.2, 0.2, 0.25, 0.35])
    without, with_pairs = (replace(found, on_topic=0.5 + k * gains, on_topic_mean=0.5 - k * gains) for k in (0, 1))
    first, mean = measures.added(with_pairs, without, (0, 0, 1, 1, 2, 2))
    assert (first.value, first.low, first.high) == pytest.approx((0.2, 0.2 - 0.24841, 0.2 + 0.24841), abs=1e-5)
    assert (mean.value, mean.low, mean.high) == pytest.approx((-first.value, -first.high, -first.low))


def test_what_next_sentences_add_is_said_only_where_it_is_sure() -> None:
    more, less, unsure, edge = (
        Score(*each, 60) for each in ((0.1, 0.05, 0.15), (-0.1, -0.15, -0.05), (0.1, -0.01, 0.2), (0.1, 0.0, 0.2))
    )
    for first, mean, there in (
        (more, more, "help both"),
        (less, less, "harm both"),
        (more, less, "and harm the mean"),
        (more, unsure, "for the mean, these texts cannot tell"),
        (unsure, less, "harm the mean; for"),
        (unsure, edge, "or the mean, these texts cannot tell"),
    ):
        assert there in words.on_topic_headline(first, mean, BASE)


def test_the_run_without_pairs_is_said_only_where_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from pages.why.learning import controls

    assert bool(controls.common(TRAIL.last)) == (taught.WORDS_ALONE in checkpoints.TRAILS)
    alone = replace(TRAIL, steps={64: TRAIL.steps[64], 1024: TRAIL.steps[1024]})
    monkeypatch.setattr(checkpoints, "TRAILS", {taught.BOTH: TRAIL, taught.WORDS_ALONE: alone})
    assert [controls.common(step) for step in (0, 64, 512, 1024, 4096)] == [64, 64, 64, 1024, 1024]
    monkeypatch.setattr(checkpoints, "TRAILS", {taught.BOTH: TRAIL})
    assert controls.common(TRAIL.last) == 0
