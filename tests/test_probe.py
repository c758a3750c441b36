"""The probe and what it learns from: readers that did not see a text, intervals by hand, and 400 sentences."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from lib.examples import EXAMPLES, REFERENCE
from lib.labelled import LABELLED, TOPICS
from lib.measures.probe import PENALTY, control, gain, probe, right, score
from lib.tables import Labelled

LABELS = np.array([0, 1] * 20)


@pytest.fixture
def vectors() -> np.ndarray:
    """40 texts, six numbers each; only the second tells the label, and not always."""
    made = np.random.default_rng(3).normal(size=(40, 6)).astype(np.float32)
    made[:, 1] += 1.5 * LABELS
    return made


# The reader


def test_what_can_be_told_is_told() -> None:
    line = np.where(LABELS == 1, 2.0, -1.0)[:, None] + np.linspace(0, 0.1, 40)[:, None]
    held = right(probe(line, LABELS).answers(line), LABELS)
    assert held.shape == (2, 40)
    assert held.all()
    found = score(held)
    assert (found.value, found.low, found.high, found.texts) == (1, 1, 1, 40)


def test_it_answers_as_scikit_learn_s_own_pipeline_does(vectors: np.ndarray) -> None:
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=1000))
    folds = StratifiedKFold(5, shuffle=True, random_state=np.random.RandomState(0))
    wanted = cross_val_predict(pipeline, vectors.astype(np.float64), LABELS, cv=folds)
    answers = probe(vectors, LABELS).answers(vectors)
    assert np.array_equal(answers[0], wanted)
    assert 0.5 < (wanted == LABELS).mean() < 1, "neither chance nor all right, or the test would prove little"


def test_whoever_answers_for_a_text_has_never_seen_it(vectors: np.ndarray) -> None:
    learned = probe(vectors, LABELS)
    for repeat, row in enumerate(learned.unseen):
        assert Counter(row) == dict.fromkeys(range(5 * repeat, 5 * repeat + 5), 8)
    strange = vectors.copy()
    strange[7] = 50
    again = probe(strange, LABELS)
    same = [np.array_equal(a, b) for a, b in zip(learned.weights, again.weights, strict=True)]
    assert [k for k, each in enumerate(same) if each] == sorted(learned.unseen[:, 7])


def test_some_texts_are_answered_for_alone(vectors: np.ndarray) -> None:
    learned, some = probe(vectors, LABELS), np.array([30, 2, 17])
    assert np.array_equal(learned.answers(vectors[some], some), learned.answers(vectors)[:, some])


def test_too_little_is_refused(vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="40 vectors, but 39 labels"):
        probe(vectors, LABELS[:-1])
    with pytest.raises(ValueError, match="4 texts of a class are too few for 5 parts"):
        probe(vectors[:9], LABELS[:9])


# Its score


def test_a_score_by_hand() -> None:
    held = np.array([[True, True, False, True], [True, False, False, True]])  # 1, 1/2, 0, 1 for the four texts
    found = score(held)
    assert found.value == 0.625
    assert 0 <= found.low < 0.625 < found.high <= 1
    assert score(held) == found, "the drawing is seeded"


def test_the_interval_is_as_wide_as_the_theory_says() -> None:
    found = score(np.array([[True, False] * 200]))
    assert found.value == 0.5
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.5 / 20, abs=0.01)


def test_two_scores_of_the_same_texts_are_compared_text_by_text() -> None:
    one, other = np.array([[True] * 30 + [False] * 10]), np.array([[True] * 26 + [False] * 14])
    found = gain(one, other)
    assert found.value == pytest.approx(0.1)
    assert 0 < found.low < 0.1 < found.high < 0.25
    assert gain(one, one).high == 0
    with pytest.raises(ValueError, match="40 and 39 texts"):
        gain(one, other[:, 1:])


def test_labels_dealt_out_at_random_teach_nothing(vectors: np.ndarray) -> None:
    found = control(np.repeat(vectors, 5, axis=0)[:, :1], np.tile(LABELS, 5))
    assert found.low < 0.5 < found.high


# What it learns from


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", text.lower()))


def test_there_are_400_sentences_half_of_them_positive() -> None:
    assert len(LABELLED.texts) == len(LABELLED.labels) == 400
    assert LABELLED.sizes == (200, 200)
    assert LABELLED.majority == 0.5
    assert LABELLED.classes == ("negative", "positive")
    assert LABELLED.labels[: 2 * 3] == (0, 1) * 3


def test_there_are_100_sentences_on_each_of_four_topics() -> None:
    assert TOPICS.sizes == (100,) * 4
    assert TOPICS.classes == ("health", "money", "sport", "weather")
    assert TOPICS.labels[:5] == (0, 1, 2, 3, 0)
    assert all(text == text.strip() and text[-1] == "." and text[0].isupper() for text in TOPICS.texts)
    sizes = np.array([len(text.split()) for text in TOPICS.texts]).reshape(-1, 4)
    assert np.ptp(sizes.mean(axis=0)) < 1.5, "length tells nothing"


@pytest.mark.parametrize("given", [LABELLED, TOPICS], ids=["sentiment", "topics"])
def test_no_two_sentences_are_alike_nor_like_others_of_ours(given: Labelled) -> None:
    sets = [(text, words(text)) for text in given.texts]
    ours = [*REFERENCE, *(TOPICS if given is LABELLED else LABELLED).texts]
    ours += [text for offered in EXAMPLES.values() for each in offered for text in each.texts]
    others = [(text, words(text)) for text in ours]
    pairs = [*combinations(sets, 2), *((a, b) for a in sets for b in others)]
    assert [(a, b) for (a, x), (b, y) in pairs if len(x & y) > 0.4 * len(x | y)] == []


def test_sentences_are_short_and_long_and_length_tells_nothing() -> None:
    sizes = np.array([len(text.split()) for text in LABELLED.texts])
    labels = np.array(LABELLED.labels)
    assert sizes.min() <= 2
    assert sizes.max() >= 28
    assert (sizes <= 5).sum() >= 20
    assert (sizes >= 15).sum() >= 20
    assert abs(sizes[labels == 0].mean() - sizes[labels == 1].mean()) < 0.5
    assert all(text == text.strip() and text[-1] in "." and text[0].isupper() for text in LABELLED.texts)
    assert not any("  " in text or "\\" in text for text in LABELLED.texts)


def test_the_embedded_model_s_vectors_tell_the_labels_better_than_chance(embedded: object) -> None:
    from lib.checkpoints import DEFAULT
    from lib.model import encode

    made = encode(DEFAULT, LABELLED.texts, poolings=["cls", "mean"], layers=[-1])
    labels = np.array(LABELLED.labels)
    cls, mean = (right(probe(made[key, -1], labels).answers(made[key, -1]), labels) for key in ("cls", "mean"))
    assert score(cls).low > LABELLED.majority
    assert gain(mean, cls).low > 0, "the mean is what this model was trained for"
    assert control(made["mean", -1], labels).value == pytest.approx(0.5, abs=0.08)
