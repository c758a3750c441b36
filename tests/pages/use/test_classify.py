"""From texts to labels: the stream, the cube on disk, the classifier, every layer and place, files, the notebook."""

from __future__ import annotations

import asyncio
import errno
import gc
import io
import json
import os
import re
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from streamlit.testing.v1 import AppTest

from lib import escape
from lib.app import choices, datasets, parts, visits, work
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint, Hub
from lib.exhibit import Exhibit, columns
from lib.jobs import Cancelled, Job, Queue
from lib.measures.classifier import splits
from lib.measures.probe import Score
from lib.measures.vectors import paired
from lib.quantities import palette
from lib.tables import alike
from lib.texts.labelled import LABELLED, TOPICS
from lib.words.classify import points, together, within
from pages.use.classify import controls as classify
from pages.use.classify import exhibits
from pages.use.classify import words as said
from pages.use.classify.measures import DEALS, Classifier, CrossValidation, classifier, compared, too_few
from pages.use.classify.notebook import notebook
from tests import exhibits as checks
from tests.conftest import CLOSE, ROOT, unlent
from tests.test_pages import LONGEST_RUN, PAGES, assert_kind, key, keyed, notes, pictures, words

LABELS = np.array([0, 1] * 30)
ALONE = np.arange(60)


@pytest.fixture
def vectors() -> np.ndarray:
    """60 texts, four numbers each; the third tells the label, mostly."""
    made = np.random.default_rng(5).normal(size=(60, 4)).astype(np.float32)
    made[:, 2] += 2 * LABELS
    return made


# The classifier


def test_it_learns_as_the_article_s_lines_do(vectors: np.ndarray) -> None:
    found = classifier(vectors, LABELS, ALONE, seed=3)
    train, test = next(StratifiedKFold(4, shuffle=True, random_state=3).split(vectors, LABELS))
    theirs = LogisticRegression(max_iter=1000).fit(vectors[train], LABELS[train])
    assert np.array_equal(found.test, test)
    np.testing.assert_allclose(found.probabilities, theirs.predict_proba(vectors), **CLOSE)
    assert found.accuracy.value == theirs.score(vectors[test], LABELS[test])
    assert found.accuracy.texts == 15
    assert found.confusion.sum() == 15
    np.testing.assert_allclose(found.predict_proba(vectors[:3]), found.probabilities[:3], **CLOSE)
    assert len(found.quarters) == 4
    assert found.quarters[0] == found.accuracy.value


def test_groups_are_never_split_and_every_quarter_is_asked_once(vectors: np.ndarray) -> None:
    pairs = ALONE // 2
    train, test = next(StratifiedGroupKFold(4, shuffle=True, random_state=0).split(vectors, LABELS, pairs))
    found = splits(LABELS, pairs)
    assert np.array_equal(found[0][0], train)
    assert np.array_equal(found[0][1], test)
    assert sorted(np.concatenate([test for _, test in found])) == list(range(60))
    assert not any(set(pairs[train]) & set(pairs[test]) for train, test in found)
    learned = classifier(vectors, LABELS, pairs)
    assert np.array_equal(learned.test, test)
    for k, (train, test) in enumerate(found):
        theirs = LogisticRegression(max_iter=1000).fit(vectors[train], LABELS[train])
        assert learned.quarters[k] == theirs.score(vectors[test], LABELS[test])


def test_what_is_learned_from_has_every_class() -> None:
    labels, groups = np.array([0] * 20 + [1] * 8), np.array([*range(20), *[20] * 4, *[21] * 4])
    for seed in range(5):
        for train, test in splits(labels, groups, seed=seed):
            assert set(labels[train]) == {0, 1}
            assert len(test)


def test_a_curve_keeps_groups_on_one_side(monkeypatch: pytest.MonkeyPatch, vectors: np.ndarray) -> None:
    from pages.use.classify import measures as measured

    asked: list[tuple[np.ndarray, np.ndarray]] = []

    def heard(_vectors: object, _labels: object, seen: np.ndarray, kept: np.ndarray, **_other: object) -> np.ndarray:
        asked.append((seen, kept))
        return np.ones(len(kept), np.bool_)

    monkeypatch.setattr(measured, "_right", heard)
    groups = np.random.default_rng(2).permutation(np.repeat(np.arange(54), 2))  # a quarter of 108 goes through a pair
    grid = np.tile(vectors, (2, 1))[None, None, :108]
    found = compared(grid, np.tile(LABELS, 2)[:108], groups)
    assert all(not set(groups[seen]) & set(groups[kept]) for seen, kept in asked)
    assert found.sizes.tolist() == [20, 40, 80]
    assert {len(kept) for seen, kept in asked if len(seen) in found.sizes} <= {26, 28}


def test_more_than_two_classes(vectors: np.ndarray) -> None:
    labels = np.arange(60) % 3
    found = classifier(vectors, labels, ALONE)
    theirs = LogisticRegression(max_iter=1000).fit(vectors[found.train], labels[found.train])
    np.testing.assert_allclose(
        found.probabilities, theirs.predict_proba(vectors), rtol=1e-4, atol=1e-5
    )  # float32 scores
    assert found.confusion.shape == (3, 3)


def by_hand() -> Classifier:
    chances = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7], [0.99, 0.01], [0.6, 0.4]])
    return Classifier(
        np.zeros((1, 1)),
        np.zeros(1),
        np.array([0]),
        np.array([1, 2, 3, 4, 5]),
        np.array([1, 1, 0, 0, 1, 0]),
        np.arange(6),
        chances,
        (0.4,),
    )


def test_confusion_majority_and_mistakes_by_hand() -> None:
    found = by_hand()
    assert found.confusion.tolist() == [[1, 2], [1, 1]]
    assert found.accuracy.value == pytest.approx(2 / 5)
    assert found.majority == pytest.approx(2 / 5), "the largest class of the texts learned from"
    assert found.mistakes.tolist() == [4, 3, 2], "the surest first"
    rows = said.mistakes(found, [f"text {n}" for n in range(6)], ["a|b", "<b>"], 2)
    assert rows[0] == ("text 4", r"a\|b, 99%", r"\<b\>")
    assert "taken for" in said.confusion(found, ["a|b", "<b>"])


def test_copies_of_a_mistake_make_one_line() -> None:
    fitted = by_hand()
    texts = ["unasked", "right", "No one", "other", "last", "no  ONE"]
    fitted = replace(fitted, probabilities=np.array([*fitted.probabilities[:5], [0.35, 0.65]]))
    rows = said.mistakes(fitted, texts, ["a", "b"], 5)
    assert rows == [("last", "a, 99%", "b"), ("other", "b, 70%", "a"), ("no  ONE (2 copies)", "b, 65%", "a")]
    assert said.mistakes(fitted, texts, ["a", "b"], 2) == rows[:2]
    otherwise = replace(fitted, labels=np.array([1, 1, 0, 0, 1, 1]), probabilities=fitted.probabilities[:, ::-1])
    assert len(said.mistakes(otherwise, texts, ["a", "b"], 5)) == 2, "a copy that is labelled otherwise is right here"


def test_too_few_to_split_is_said(vectors: np.ndarray) -> None:
    for labels, groups in (([0, 0, 1, 1], [0, 1, 2, 3]), ([0, 1] * 20, [0, 1, 2, 3] * 10), ([0, 1] * 3, range(6))):
        with pytest.raises(ValueError, match="Too few texts to split"):
            classifier(vectors[: len(labels)], np.array(labels), np.array(groups))


# What is said of it


def told(confusion: list[list[int]], majority: int = 0, groups: int = 1000) -> Classifier:
    """A classifier with these answers about held-out texts; it has learned from one text of the largest class."""
    table = np.array(confusion)
    pairs = [(true, said_) for true, row in enumerate(confusion) for said_, many in enumerate(row) for _ in range(many)]
    labels = np.array([majority, *(true for true, _ in pairs)])
    chances = np.eye(len(table))[[majority, *(said_ for _, said_ in pairs)]]
    rows = np.arange(len(labels))
    right = np.trace(table) / table.sum()
    return Classifier(
        np.zeros((1, 1)), np.zeros(1), rows[:1], rows[1:], labels, rows % groups, chances, (right, 0.25, right + 0.01)
    )


NAMES = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("confusion", "sentence"),
    [
        ([[5, 0], [0, 5]], "All 10 texts held out are right"),
        ([[5, 1], [0, 5]], "1 text is wrong of 11 held out. Most often “a” is taken for “b”: 1 of 6."),
        ([[5, 2], [3, 5]], "5 texts are wrong of 15 held out. Most often “b” is taken for “a”: 3 of 8."),
        ([[5, 2], [2, 5]], "Most often, and equally often, “a” is taken for “b” and “b” is taken for “a”: 2 each."),
        ([[5, 2, 0], [0, 5, 2], [2, 1, 5]], "No confusion stands out: 3 are equally frequent, with 2 texts each."),
    ],
)
def test_what_is_confused_most_and_whether_anything_is(confusion: list[list[int]], sentence: str) -> None:
    assert sentence in said.confusion(told(confusion), NAMES)


@pytest.mark.parametrize(
    ("confusion", "groups", "follows"),
    [
        ([[40, 10], [10, 40]], 1000, "better than by guessing"),
        ([[27, 23], [23, 27]], 1000, "cannot tell whether anything was learned"),
        ([[10, 40], [40, 10]], 1000, "worse than guessing"),
        ([[40, 10], [10, 40]], 30, "With so few texts"),
        ([[95, 0], [5, 0]], 1000, "cannot tell whether anything was learned"),  # it always names the largest
    ],
)
def test_what_follows_from_a_split(confusion: list[list[int]], groups: int, follows: str) -> None:
    sentence = said.learned(told(confusion, groups=groups), CHECKPOINTS[DEFAULT], "cls")
    assert follows in sentence
    assert "This is one split. With each quarter held out in turn, " in sentence


def test_all_right_is_not_all_for_sure() -> None:
    sentence = said.learned(told([[50, 0], [0, 50]]), CHECKPOINTS[DEFAULT], "mean")
    assert "**100% (96% to 100%)**" in sentence
    assert "100% (100%" not in sentence
    assert within(Score(0.9967, 0.981, 0.9994, 300)) == ">99% (98% to >99%)"
    assert within(Score(0.0033, 0.0006, 0.02, 300)) == "<1% (<1% to 2%)"


def test_what_is_compared_is_told_apart() -> None:
    assert said.against(Score(0.6, 0.504, 0.69, 100), 0.5) == ("60.0% (50.4% to 69.0%)", "50.0%")
    assert said.against(Score(0.6, 0.50004, 0.69, 100), 0.5) == ("60.000% (50.004% to 69.000%)", "50.000%")
    assert said.against(Score(0.6, 0.51, 0.69, 100), 0.5) == ("60% (51% to 69%)", "50%")
    assert said.against(Score(0.5, 0.4, 0.6, 100), 0.5) == ("50% (40% to 60%)", "50%"), "the very same"


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ((0.03, 0.003, 0.07), "+3 points (+0.3 to +7)"),
        ((-0.03, -0.06, -0.004), "−3 points (−6 to −0.4)"),
        ((0.0, -0.0004, 0.0004), "0 points (−0.04 to +0.04)"),
        ((0.004, 0.0, 0.01), "+0.4 points (0 to +1)"),
        ((0.01, -0.03, 0.05), "+1 point (−3 to +5)"),
        ((0.005, 0.00049, 0.0051), "+0.5 points (+0.05 to +1)"),
    ],
)
def test_an_end_that_is_not_0_is_not_written_0(ends: tuple[float, float, float], sentence: str) -> None:
    assert points(Score(*ends, 100)) == sentence


def test_what_belongs_together_is_said() -> None:
    assert "opposites of a pair are never split" in together(200, opposites=True)
    assert together(0, opposites=False) == ""
    assert together(1, opposites=False).startswith("1 text is a copy of another")
    assert together(300, opposites=False).startswith("300 texts are copies of another")


# Its pictures


def columns_of(exhibit: Exhibit) -> dict[str, list[object]]:
    return {head: list(column) for head, column in columns(exhibit.table()).items()}


def test_the_confusion_matrix_has_a_row_for_what_is_and_a_column_for_what_is_said() -> None:
    shown = exhibits.confusion(told([[5, 2, 1], [0, 4, 0], [3, 0, 6]]), NAMES)
    checks.check([shown])
    assert columns_of(shown) == {
        "what it is": NAMES,
        "texts called a": [5, 0, 3],
        "texts called b": [2, 4, 0],
        "texts called c": [1, 0, 6],
        "share called a": [5 / 8, 0, 3 / 9],
        "share called b": [2 / 8, 1, 0],
        "share called c": [1 / 8, 0, 6 / 9],
    }
    figure = shown.picture(palette("light"))
    labels = {(note.x, note.y): note.text for note in figure.layout.annotations}
    assert (labels[1, 0], labels[0, 1], labels[2, 0], labels[0, 2]) == ("2", "0", "1", "3")
    assert np.array(figure.data[0].z)[0, 1] == 2 / 8
    assert np.array(figure.data[0].customdata)[0, 1] == 2
    axes = figure.layout.xaxis, figure.layout.yaxis
    assert [axis.title.text for axis in axes] == ["what the classifier says", "what it is"]
    assert [list(axis.ticktext) for axis in axes] == [NAMES, NAMES]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1], "the first row is at the top"


def test_a_text_s_probabilities_stand_beside_their_classes() -> None:
    shown = exhibits.own("A text.", np.array([0.2, 0.7, 0.1]), NAMES, "cls", CHECKPOINTS[DEFAULT])
    checks.check([shown])
    figure = shown.picture(palette("light"))
    names = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    assert [names[place] for place in figure.data[0].y] == NAMES
    assert columns_of(shown) == {"class": NAMES, "probability": [0.2, 0.7, 0.1]}
    assert "labelled **b**, with a probability of **70%**" in shown.sentence


def test_each_length_has_its_texts() -> None:
    shown = exhibits.lengths(np.array([3, 5, 3, 9]), 20, 0, CHECKPOINTS[DEFAULT])
    checks.check([shown])
    assert columns_of(shown) == {"tokens": [3, 5, 9], "texts": [2, 1, 1]}
    assert list(shown.picture(palette("light")).data[0].x) == [3, 5, 9]


RIGHT = np.array([[10, 25], [30, 20], [50, 65], [75, 60]])  # of 100 texts, by way and layer


def compared_by_hand() -> CrossValidation:
    """Four ways at two layers, 100 texts: no two the same, and none the same standardised."""
    right = np.arange(100) < RIGHT[..., None]
    curves = np.arange(4 * 2 * 5).reshape(4, 2, 5) / 40
    return CrossValidation(right, ~right, np.full(19, 0.3), 0.35, np.array([20, 40]), curves, np.arange(100))


@pytest.mark.parametrize("scaled", [True, False])
def test_each_way_has_its_own_line_and_gain(scaled: bool) -> None:
    from lib.model.slices import WAYS

    cv, ways, model = compared_by_hand(), WAYS[:4], CHECKPOINTS[DEFAULT]
    names = [said.name(way, model) for way in ways]
    right = (100 - RIGHT if scaled else RIGHT) / 100
    lines = exhibits.layers(cv, ways, model, scaled=scaled)
    gains = exhibits.gains(cv, ways, model, scaled=scaled)
    checks.check([lines, gains, exhibits.sizes(cv, ways, model)])
    table = columns_of(lines)
    assert table["layer"] == [0, 1]
    figure = lines.picture(palette("light"))
    for name, expected, trace in zip(names, right, figure.data, strict=False):
        np.testing.assert_allclose(table[name], expected)
        assert (trace.name, list(trace.x)) == (name, [0, 1])
        assert (np.array(table[f"{name}, from"]) < expected).all()
        assert (np.array(table[f"{name}, to"]) > expected).all()
    assert figure.data[0].marker.symbol == "square", "the first token is marked as such"
    more = columns_of(gains)
    assert more["vector"] == names[1:]
    np.testing.assert_allclose(more["points"], 100 * (right[1:, 1] - right[0, 1]))
    axis, (trace,) = gains.picture(palette("light")).layout.yaxis, gains.picture(palette("light")).data
    drawn = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    assert [drawn[place] for place in trace.y] == names[1:]


def test_a_curve_rises_with_its_sizes() -> None:
    from lib.model.slices import WAYS

    shown = exhibits.sizes(compared_by_hand(), WAYS[:4], CHECKPOINTS[DEFAULT])
    table = columns_of(shown)
    assert table["texts"] == [20, 40]
    np.testing.assert_allclose(table["[CLS]"], [2 / 40, 7 / 40])
    np.testing.assert_allclose(table["[CLS], lowest"], [0, 5 / 40])
    np.testing.assert_allclose(table["mean, highest"], [14 / 40, 19 / 40])
    bars = shown.picture(palette("light")).data[1].error_y
    np.testing.assert_allclose(bars.array, 2 / 40, rtol=1e-5)
    np.testing.assert_allclose(bars.arrayminus, 2 / 40, rtol=1e-5)


# Every layer and place


def test_what_tells_the_label_is_found_and_what_does_not_is_not(vectors: np.ndarray) -> None:
    labels, more = np.tile(LABELS, 2), np.random.default_rng(9).normal(scale=0.1, size=(120, 4)).astype(np.float32)
    noise = np.random.default_rng(8).normal(size=more.shape).astype(np.float32)
    still = np.ones_like(noise)
    grid = np.stack([[still, noise], [noise, np.tile(vectors, (2, 1)) + more]])
    found = compared(grid, labels, np.tile(ALONE, 2))
    assert found.raw.shape == found.scaled.shape == (2, 2, 120)
    rights = found.scaled.mean(axis=2)
    assert rights[1, 1] > 0.75
    assert rights[0, 0] == 0.5, "what never changes says nothing"
    assert abs(rights[0, 1] - 0.5) < 0.2
    assert len(found.shuffled) == DEALS
    assert np.all(np.abs(found.shuffled - 0.5) < 0.25)
    assert found.sizes.tolist() == [20, 40, 80]
    made = said.verdict(found, scaled=True)
    assert (made.kind, made.rival) == ("fails", 1)
    assert made.over.low > 0
    assert "49" not in said.best(found, ("cls", "mean"), CHECKPOINTS[DEFAULT], scaled=True)


def against(
    *others: tuple[int, int], own: int = 150, majority: float = 0.3, deals: tuple[float, ...] = (0.3, 0.4)
) -> CrossValidation:
    """300 texts, of which the first token gets ``own`` right; each rival so many others, and so many of those not."""
    right = np.zeros((len(others) + 1, 1, 300), np.bool_)
    right[:, 0, :own] = True
    for row, (more, less) in zip(right[1:, 0], others, strict=True):
        row[own : own + more], row[:less] = True, False
    curves = np.array([[[0.5] * 5, [0.6, 0.7, 0.8, 0.7, 0.7]]] * len(right))
    return CrossValidation(right, right, np.array(deals), majority, np.array([20, 40]), curves, np.arange(300))


def judged(found: CrossValidation) -> tuple[str, int, str]:
    """The verdict, who speaks for it, and why."""
    from lib.model.slices import WAYS

    made = said.verdict(found, scaled=True)
    return made.kind, made.rival, said.follows(found, WAYS[: len(found.raw)], CHECKPOINTS[DEFAULT], scaled=True)


@pytest.mark.parametrize(
    ("others", "kind", "rival", "reason"),
    [
        ([(30, 0)], "fails", 1, "above 0"),
        ([(0, 30)], "holds", 1, "The interval is below 0."),
        ([(5, 5)], "cannot tell", 1, "The interval holds 0"),
        # the larger one differs on many texts, the smaller on few: it alone is sure
        ([(120, 95), (20, 0)], "fails", 2, "above 0"),
        ([(20, 0), (30, 0)], "fails", 2, "above 0"),
        ([(0, 30), (0, 60)], "holds", 1, "best of the others, and its interval is below 0, as all others’ are"),
        # the best of the others is surely worse, and another one is open: that one speaks
        ([(0, 12), (60, 80)], "cannot tell", 2, "The interval holds 0"),
        ([(0, 0), (0, 60)], "cannot tell", 1, "The interval holds 0"),
        ([(0, 0)], "cannot tell", 1, "0 points (−1 to +1)"),
    ],
)
def test_every_rival_is_looked_at(others: list[tuple[int, int]], kind: str, rival: int, reason: str) -> None:
    found, speaks, why = judged(against(*others))
    assert (found, speaks) == (kind, rival)
    assert reason in why


@pytest.mark.parametrize(
    ("others", "majority", "answer"),
    [
        ([(0, 30)], 0.3, 0),
        ([(30, 0)], 0.3, 1),
        ([(0, 0), (30, 0)], 0.3, 1),  # max
        ([(0, 0), (0, 0), (30, 0)], 0.3, 2),  # [SEP]
        ([(20, 0), (0, 0), (30, 0)], 0.3, 2),  # the best of those that are better
        ([(5, 5)], 0.3, 3),
        ([(30, 0)], 0.62, 3),
    ],
)
def test_a_prediction_is_right_by_who_is_surely_best(
    others: list[tuple[int, int]], majority: float, answer: int
) -> None:
    from lib.model.slices import WAYS

    model, found = CHECKPOINTS[DEFAULT], against(*others, majority=majority)
    rights, because = said.revealed(found, WAYS, model, scaled=True, learned=False)
    assert rights == (said.answers(model)[answer],)
    assert "On 300 texts" in because
    assert "is right for **50%**" in because
    rights, because = said.revealed(found, WAYS, model, scaled=True, learned=True)
    assert rights == ()
    assert "trained on these very labels" in because


@pytest.mark.parametrize(
    ("others", "headline"),
    [
        ([(0, 30)], "[CLS] is right more often than every other"),
        ([(30, 0)], "The mean is right more often than [CLS]"),
        ([(5, 5)], "No vector is surely better than [CLS]"),
    ],
)
def test_the_headline_is_the_verdict(others: list[tuple[int, int]], headline: str) -> None:
    from lib.model.slices import WAYS

    model, found = CHECKPOINTS[DEFAULT], against(*others)
    title, sentence = said.gained(found, WAYS, model, scaled=True)
    assert escape.plain(title) == headline
    assert points(said.verdict(found, scaled=True).over) in sentence
    assert "Most often right" in said.headline(found, WAYS, model, scaled=True)


def test_the_interval_that_is_printed_is_the_one_that_decides() -> None:
    for more in range(0, 16, 3):
        for less in range(0, 16, 4):
            kind, _, why = judged(against((more, less)))
            low, high = why.split("points (" if "points (" in why else "point (")[1].split(")")[0].split(" to ")
            expected = {"+": "fails", "−": "cannot tell", "0": "cannot tell"}[low[0]]
            assert kind == ("holds" if high.startswith("−") else expected), why


def test_the_best_of_six_needs_more_than_the_best_of_one() -> None:
    one, six = (against((12, 2), *[(0, 0)] * more).rivals(scaled=True)[0] for more in (0, 5))
    assert judged(against((12, 2)))[:2] == ("fails", 1)
    kind, rival, told = judged(against((12, 2), *[(0, 0)] * 5))
    assert (kind, rival) == ("cannot tell", 1)
    assert one.value == six.value == pytest.approx(10 / 300)
    assert six.low <= 0 < one.low
    assert "With 6 rivals" in told
    assert "each interval is drawn at 99.2%, so that all 6 together hold at 95%" in told


def test_where_nothing_can_be_read_off_nothing_is_compared() -> None:
    assert judged(against((30, 0), majority=0.4))[0] == "fails"
    kind, _, told = judged(against((30, 0), majority=0.62))
    assert kind == "cannot tell"
    assert "+10 points" in told
    assert "neither of them is surely better than naming the largest class (62%)" in told
    kind, _, told = judged(against((0, 100), majority=0.5))
    assert kind == "cannot tell", "the first token itself is no better than guessing"
    assert "surely better than naming" in told


def test_who_is_best_of_all_and_who_shares_it() -> None:
    from lib.model.slices import WAYS

    def told(*others: tuple[int, int]) -> str:
        return said.best(against(*others), WAYS, CHECKPOINTS[DEFAULT], scaled=True)

    assert "The best of all 2 is *mean* of layer 0 with **60%**: +10 points" in told((30, 0))
    assert "One of the 2 that are equally best of all 3 is *mean*" in told((30, 0), (32, 2))
    assert told((0, 30)).endswith("None of all 2 vectors is right more often.")
    assert told((0, 0)).endswith("None of all 2 vectors is right more often. (1 other is right equally often.)")


def test_the_best_of_49_by_luck_is_not_called_better() -> None:
    from lib.model.slices import WAYS

    dice = np.random.default_rng(0)
    toss = dice.random((7, 7, 100)) < 0.5  # nothing is told by any of them
    found = CrossValidation(toss, toss, np.full(DEALS, 0.5), 0.5, np.array([20]), np.zeros((7, 1, 5)), np.arange(100))
    told = said.best(found, WAYS, CHECKPOINTS[DEFAULT], scaled=True)
    top, own = toss.mean(axis=2).max(), toss[0, -1].mean()
    assert top > own + 0.1, "or this test would prove nothing"
    assert re.search(r"\+\d+ points \(−\d+ to", told)
    assert "drawn at 99.9%: all 48 hold at 95%" in told


def test_what_labels_at_random_show() -> None:
    def told(*deals: float, own: int = 150) -> str:
        return said.control(against((0, 0), own=own, deals=deals), CHECKPOINTS[DEFAULT])

    assert "right for 25% to 40%; with the true labels for **50%**" in told(0.25, 0.4)
    assert "By chance alone that would happen once in 20 times" in told(0.25, 0.4)
    assert "chance cannot be ruled out" in told(0.25, 0.5)
    assert "not to be trusted" in told(0.5, 0.6, own=300)
    assert "by heart" not in told(0.25, 0.4)


def test_a_model_that_was_trained_on_these_labels_is_not_called_untouched() -> None:
    model = CHECKPOINTS[DEFAULT]
    assert "nothing of it is trained on this page" in said.frozen(model, learned=False)
    assert "was trained on these labels before" in said.frozen(model, learned=True)
    for others in ((30, 0), (0, 30), (5, 5)):
        assert said.verdict(against(others), scaled=True, learned=True).kind == "cannot tell"
    assert "gradient" not in said.frozen(model, learned=False) + said.frozen(model, learned=True)


def test_texts_of_one_length_have_no_shortest() -> None:
    one, two = (said.lengths(np.array(sizes), sum(sizes), 0, CHECKPOINTS[DEFAULT]) for sizes in ([4, 4, 4], [3, 4, 4]))
    assert one.startswith("3 texts of 4 tokens each.")
    assert two.startswith("3 texts of 3 to 4 tokens (median 4).")


def test_labelled_texts_longer_than_in_the_training_are_counted() -> None:
    def told(*sizes: int, slug: str = DEFAULT) -> str:
        return said.lengths(np.array(sizes), sum(sizes), 0, CHECKPOINTS[slug])

    assert "trained last" not in told(4, 128)
    assert told(4, 129).endswith(
        " 1 text is longer than the 128 tokens at which texts were cut when the model was trained last."
    )
    assert "2 texts are longer than the 128 tokens" in told(129, 300)
    assert "trained last" not in told(4, 400, slug="bert-base-uncased")


def test_a_curve_tells_how_far_its_drawings_lie_apart() -> None:
    told = said.sizes(against((10, 2)), ("cls", "mean"), CHECKPOINTS[DEFAULT])
    assert "from 50% to **70%** right (60% to 80%)" in told
    assert "mean of 5 drawings" in told


def test_a_sample_is_said() -> None:
    assert said.sampled(400, 400) == ""
    assert "**2000 of your 20\u202f000 texts are compared**" in said.sampled(2000, 20_000)


def test_few_labels_cannot_tell(vectors: np.ndarray) -> None:
    assert too_few(LABELS, ALONE) == ""
    assert "39 different texts" in too_few(LABELS[:39], ALONE[:39])
    assert "30 different texts" in too_few(LABELS, ALONE // 2), "copies are one text"
    assert "4 in the smallest class" in too_few(np.array([0] * 50 + [1] * 4), np.arange(54))
    copied = np.array([*range(50), *range(50, 54), *range(50, 54)])
    assert "4 in the smallest class" in too_few(np.array([0] * 50 + [1] * 8), copied)
    with pytest.raises(ValueError, match="Cannot tell"):
        compared(vectors[None, None, :39], LABELS[:39], ALONE[:39])


# The stream

TEXTS = ("the film was good", "it was", "the film was good and the book was not good", "\U0001f600")


@pytest.mark.parametrize("slug", ["tiny-bert", "tiny-roberta"])
def test_the_stream_gives_what_reading_gives(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    from lib.model import encode, read
    from lib.model.slices import WAYS, stream

    told: list[tuple[int, int]] = []
    found = stream(slug, TEXTS, progress=lambda done, of: told.append((done, of)))
    whole = encode(slug, TEXTS, poolings=["cls", "mean"], layers=[0, -1])
    np.testing.assert_allclose(found.cls, whole["cls", -1], **CLOSE)
    np.testing.assert_allclose(found.mean, whole["mean", -1], **CLOSE)
    np.testing.assert_allclose(found.grid[WAYS.index("mean"), 0], whole["mean", 0], **CLOSE)
    reading = read(slug, TEXTS, attention="none")
    middle = int(np.flatnonzero(reading.encoding.is_word[2])[reading.encoding.is_word[2].sum() // 2])
    np.testing.assert_allclose(
        found.grid[WAYS.index("middle_word"), -1, 2], reading.hidden_states[-1, 2, middle], **CLOSE
    )
    assert told[-1] == (4, 4)

    size = reading.encoding.lengths
    assert found.cube.shape == (4, size.max(), reading.hidden)
    for row in range(4):
        real = reading.last_hidden_state[row, : size[row]]
        np.testing.assert_allclose(found.cube[row, : size[row]], real, rtol=1e-3, atol=1e-3)  # half precision
        assert not found.cube[row, size[row] :].any(), "padding was not computed"
    assert found.tokens == reading.encoding.tokens
    assert found.roles == tuple(reading.encoding.roles(row) for row in range(4))


def test_the_stream_in_half_precision_says_how_far_off_it_is(
    tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.model import precision
    from lib.model.slices import EXACT, HELD, stream

    monkeypatch.setattr(precision, "has_bfloat16", lambda: True)  # torch emulates it where it must
    one, other = (stream("tiny-bert", TEXTS, precision=each) for each in ("float32", "bfloat16"))
    assert (one.precision, one.likeness, other.precision) == ("float32", EXACT, "bfloat16")
    assert other.held == len(TEXTS) <= HELD
    for way in ("cls", "mean"):
        least = paired(getattr(one, way), getattr(other, way)).min()
        assert other.likeness[way] == pytest.approx(least, abs=1e-6)
        assert 0.99 < other.likeness[way] < 1
    assert unlent("tiny-bert").sdpa not in precision._halved, "the copy goes with the reading"
    with pytest.raises(Cancelled):
        stream("tiny-bert", TEXTS, check=Check(1), precision="bfloat16")
    assert unlent("tiny-bert").sdpa not in precision._halved, "and with one that was ended"
    told = said.halved({"cls": 0.99987, "mean": 0.98}, 64, tiny["tiny-bert"])
    assert "64 texts were read in float32, too" in told
    assert "**0.9999** for" in told
    assert "**0.98** for the mean" in told


def test_what_half_precision_gains_is_measured_where_there_is_any(
    tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.model import precision, slices

    monkeypatch.setattr(slices, "has_bfloat16", lambda: False)
    assert slices.gained.__wrapped__("tiny-bert") == 0
    for module in (slices, precision):
        monkeypatch.setattr(module, "has_bfloat16", lambda: True)
    assert slices.gained.__wrapped__("tiny-bert", turns=1) > 0
    assert unlent("tiny-bert").sdpa not in precision._halved


def test_a_text_without_a_word_has_its_first_token_stand_in(tiny: Mapping[str, Checkpoint]) -> None:
    from lib.model.slices import WAYS, stream

    found = stream("tiny-bert", ("the film", "\u200b"))
    assert found.wordless == 1
    assert said.standing_in(0, tiny["tiny-bert"]) == ""
    assert said.standing_in(2, tiny["tiny-bert"]).startswith("2 texts have no token")
    for way in ("first_word", "middle_word", "random_word"):
        assert np.array_equal(found.grid[WAYS.index(way), :, 1], found.grid[WAYS.index("cls"), :, 1])


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux says of a process")
def test_the_cube_lies_on_disk_without_a_name_and_goes_with_its_holder(tiny: Mapping[str, Checkpoint]) -> None:
    from lib.model.slices import stream

    def mapped() -> int:
        return Path("/proc/self/maps").read_text("utf-8").count("(deleted)")

    before = mapped()
    found = stream("tiny-bert", TEXTS)
    assert isinstance(found.cube, np.memmap)
    assert mapped() == before + 1
    del found
    gc.collect()
    assert mapped() == before


class Small(io.FileIO):
    """A file on a disk with room for a thousand bytes."""

    room = 1000

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


def test_a_full_disk_is_met_before_the_cube_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.model import slices

    # an array over a file with holes would be made, and the first number that finds no room would end the process
    monkeypatch.setattr(slices.tempfile, "TemporaryFile", lambda: Small(tmp_path / "cube", "w+"))
    with pytest.raises(OSError) as found:
        slices._on_disk((10, 10, 8))
    assert found.value.errno == errno.ENOSPC
    assert not slices._on_disk((5, 10, 8)).any()


def test_a_large_set_is_sampled_and_its_cube_bounded() -> None:
    from lib.model import slices

    assert slices._shown(np.full(5000, 59), 384) == 2000, "the article's file"
    assert slices._shown(np.full(5000, 512), 768) * 512 * 768 * 2 <= slices.CUBE_BYTES
    assert slices._shown(np.array([512]), 10**9) == 1
    some = slices._sample(20_000, 10**6, 0)
    assert len(some) == len(set(some.tolist())) == slices.GRID_TEXTS
    assert np.array_equal(some, np.sort(some))
    assert len(slices._sample(20_000, 570, 0)) == 570


# Who cancels


class Check:
    """Lets so many checks pass, and then none."""

    def __init__(self, passes: int) -> None:
        self.left, self.asked = passes, 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked > self.left:
            raise Cancelled


def test_a_stream_ends_before_the_next_block(tiny: Mapping[str, Checkpoint]) -> None:
    from lib.model.slices import stream

    net, ran = unlent("tiny-bert").sdpa, []
    layers = tiny["tiny-bert"].layers
    hooks = [
        block.register_forward_hook(lambda *_: ran.append(1))
        for block in next(each for each in net.modules() if type(each).__name__ == "ModuleList")
    ]
    told: list[int] = []
    try:
        with pytest.raises(Cancelled):
            stream("tiny-bert", TEXTS, progress=lambda done, of: told.append(done), check=Check(1))
        assert ran == [], "one check before the tokens, and none of the blocks was begun"
        with pytest.raises(Cancelled):
            stream("tiny-bert", TEXTS, progress=lambda done, of: told.append(done), check=Check(2))
        assert len(ran) == 1
        assert told == []
        ran.clear()
        stream("tiny-bert", TEXTS)
        assert len(ran) == layers, "nothing asks any more"
    finally:
        for hook in hooks:
            hook.remove()


def test_learning_ends_before_the_next_round(vectors: np.ndarray) -> None:
    whole, few = Check(10**6), Check(3)
    classifier(vectors, LABELS, ALONE, check=whole)
    assert whole.asked > 5
    with pytest.raises(Cancelled):
        classifier(vectors, LABELS, ALONE, check=few)
    assert few.asked == 4
    told: list[int] = []
    few = Check(3)
    with pytest.raises(Cancelled):
        compared(vectors[None, None], LABELS, ALONE, progress=lambda done, of: told.append(done), check=few)
    assert (few.asked, told) == (4, [])


def test_who_cancels_stops_waiting_though_others_want_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(workers=1, most=1)
    own: dict[str, Job[Classifier]] = {}
    monkeypatch.setattr(work, "QUEUE", queue)
    monkeypatch.setattr(visits, "own", lambda: own)
    go = threading.Event()

    def steady(job: Job[Classifier]) -> Classifier:
        while not go.wait(0.005):
            job.check()
        return by_hand()

    job = own["work_it"] = queue.submit("same", "", steady)
    queue.submit("same", "another", steady)
    work._leave("work_it")
    assert (own["work_it"].state, own["work_it"].key) == ("cancelled", "same")
    assert not job.unwanted
    go.set()
    while not job.over:
        go.wait(0.005)
    assert job.state == "done"


# What is taken along


def test_no_field_of_a_learner_s_is_a_formula() -> None:
    columns = {"text": ["=1+1", "plain"], "label": ["+a", "b"], "said": ["@c", "b"], "probability": [0.5, 1.0]}
    lines = parts.csv(parts.sheet(columns)).decode("utf-8-sig").splitlines()
    assert lines == ["text,label,said,probability", "'=1+1,'+a,'@c,0.5", "plain,b,b,1.0"]


def test_a_class_takes_no_column_s_place_and_no_head_is_a_formula() -> None:
    classes = ("text", "=cmd|' /C calc'!A0", "a\u200bb", "a\u200cb")
    frame = parts.sheet([("text", ["one", "two"]), *((name, [k, k + 0.5]) for k, name in enumerate(classes))])
    assert list(frame) == ["text", "text (2)", "'=cmd|' /C calc'!A0", "a◌b", "a◌b (2)"]
    assert frame["text"].tolist() == ["one", "two"]
    assert frame["text (2)"].tolist() == [0, 0.5]


def test_features_are_the_vectors_themselves(vectors: np.ndarray) -> None:
    import pandas as pd

    names = [f"class {label}" for label in LABELS]
    frame = pd.read_parquet(io.BytesIO(classify.parquet(vectors, names)))
    assert frame["label"].tolist() == names
    assert np.array_equal(frame.drop(columns="label").to_numpy(), vectors)
    found = classifier(vectors, LABELS, ALONE)
    archive = np.load(io.BytesIO(classify.arrays(vectors, names, found)), allow_pickle=False)
    assert np.array_equal(archive["features"], vectors)
    assert np.array_equal(archive["test"], found.test)


@pytest.mark.parametrize(("features", "groups"), [("cls", np.arange(40) // 2), ("mean", np.arange(40))])
def test_the_notebook_repeats_the_run(features: str, groups: np.ndarray, embedded: object) -> None:
    from lib.model.slices import stream

    texts, labels = LABELLED.texts[:36] + ('It\'s "so" – \\n {good}\n',) * 4, np.array(LABELLED.labels[:40])
    slices = stream(DEFAULT, texts)
    found = classifier(slices.cls if features == "cls" else slices.mean, labels, groups)
    made = json.loads(
        notebook(
            texts,
            labels.tolist(),
            LABELLED.classes,
            groups.tolist(),
            CHECKPOINTS[DEFAULT],
            features=features,
            accuracy=found.accuracy.value,
        )
    )
    assert made["nbformat"] == 4
    room: dict[str, object] = {}
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), room)
    assert room["texts"] == list(texts)
    assert room["accuracy"] == found.accuracy.value
    assert np.array_equal(room["test"], found.test)
    source = "".join("".join(cell["source"]) for cell in made["cells"])
    assert "import lib" not in source
    hub = Hub("someone/some-model", "refs/pr/2")
    other = notebook(["a"], [0], ["b"], [0], replace(CHECKPOINTS[DEFAULT], where=hub), features="cls", accuracy=1.0)
    assert "'someone/some-model', 'refs/pr/2'" in other
    assert "/" not in str(made["cells"][1]["source"]).replace(" / ", ""), "no path of this machine"


def test_the_notebook_is_one_by_jupyter_s_own_rules() -> None:
    nbformat = pytest.importorskip("nbformat", reason="of tests/requirements.txt")
    made = notebook(["a", "b"], [0, 1], ["x", "y"], [0, 1], CHECKPOINTS[DEFAULT], features="cls", accuracy=1.0)
    found = nbformat.reads(made, as_version=4)
    nbformat.validate(found)
    assert nbformat.writes(found) == made, "as Jupyter itself would save it"


# Who leaves


@dataclass
class Runtime:
    """Streamlit's, as far as it is asked who is there.

    Attributes:
        active: visitors with a connection.
        closed: whose session was closed.
    """

    active: set[str]
    closed: list[str] = field(default_factory=list)

    def is_active_session(self, who: str) -> bool:
        return who in self.active

    def close_session(self, who: str) -> None:
        self.closed.append(who)


def test_a_visitor_has_left_only_after_a_while_without_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    there, told, seen = Runtime({"ann", "bob"}), [], []
    monkeypatch.setattr(visits.runtime, "exists", lambda: True)
    monkeypatch.setattr(visits.runtime, "get_instance", lambda: there)
    monkeypatch.setattr(visits, "AWAY", 0.05)
    monkeypatch.setattr(visits, "_farewells", [told.append])
    files = {who: {"file": who} for who in there.active}
    monkeypatch.setattr(visits, "_own", dict(files))

    async def lost() -> None:
        there.active.clear()
        visits._disconnected("ann")
        visits._disconnected("bob")
        assert there.closed == [], "a connection may come back"
        there.active.add("bob")
        while not there.closed:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        seen.extend(there.closed)
        there.active.clear()  # without a run of the page in between
        while there.closed == seen:
            await asyncio.sleep(0.01)

    with ThreadPoolExecutor() as alone:  # where a browser was driven before, this thread has a loop already
        alone.submit(asyncio.run, lost()).result()
    assert seen == ["ann"], "bob came back"
    assert there.closed == told == ["ann", "bob"]
    assert files == {"ann": {}, "bob": {}}
    assert not visits._own
    visits._disconnected("cy")  # a cache that was emptied elsewhere is nobody's leaving


# On the page


@pytest.fixture
def app(embedded: object) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONGEST_RUN)
    app.run()
    app.switch_page(PAGES["classify"])
    app.session_state[choices.OPEN] = "1"
    app.session_state["classify_guess"] = parts.PASSED
    return app


def given(app: AppTest, content: bytes, name: str = "mine.csv") -> AppTest:
    app.session_state["own"] = {datasets._FILE: datasets._File(name, content, str(hash(content)))}
    app.session_state["classify_data"] = datasets.OWN
    return app.run()


@pytest.mark.long
def test_the_four_topics_and_every_place(app: AppTest) -> None:
    app.session_state["classify_data"] = "topic"
    app.session_state["classify_features"] = "mean"
    app.session_state[choices.TEXT] = "The striker scored twice.\nIt will snow."
    app.run()
    assert_kind(app)
    assert "is labelled **sport**" in words(app)
    app.session_state[choices.TEXT] = "The blizzard will bring more snow."
    app.run()
    assert "is labelled **weather**" in words(app)
    assert len(pictures(app)) == 7


def test_a_file_is_confirmed_read_on_demand_and_compared_with_care(app: AppTest) -> None:
    rows = [*zip(LABELLED.texts[:29], LABELLED.labels[:29], strict=True), (LABELLED.texts[0].upper(), 0)]
    given(app, "\n".join(["Urteil;Satz", *(f"{label};{text}" for text, label in rows)]).encode())
    assert_kind(app)
    said_ = words(app)
    assert "30 rows of 2 fields, semicolon between them, letters in UTF-8" in said_
    assert "1 text is a copy of another (but for capitals, accents and spaces)" in said_
    assert [box.value for box in app.selectbox if box.label in ("Texts", "Labels")] == [1, 0]
    assert not pictures(app), "nothing is read before it is asked for"
    app.button("work_classify_start").click().run()
    assert_kind(app)
    assert len(pictures(app)) == 4
    assert "Cannot tell" in words(app)
    assert not app.radio, "nothing is to be guessed where nothing can be told"
    assert keyed(app, "way_on"), "the page goes on"


@pytest.mark.parametrize(("many", "gained", "offered"), [(30, 1.9, True), (30, 1.1, False), (31, 1.9, False)])
def test_half_precision_is_offered_for_many_texts_where_it_is_faster(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, many: int, gained: float, offered: bool
) -> None:
    from lib.model import precision, slices

    monkeypatch.setattr(classify, "MANY", many)
    monkeypatch.setattr(slices, "gained", lambda slug: gained)
    monkeypatch.setattr(precision, "has_bfloat16", lambda: True)
    rows = [*zip(LABELLED.texts[:30], LABELLED.labels[:30], strict=True)]
    given(app, "\n".join(["label;text", *(f"{label};{text}" for text, label in rows)]).encode())
    assert_kind(app)
    assert [each.label for each in app.toggle if each.key == "classify_half"] == (
        ["Read in bfloat16: about 1.9 times as fast here"] if offered else []
    )
    if offered:
        app.toggle("classify_half").set_value(True)
        app.run()
        app.button("work_classify_start").click().run()
        assert_kind(app)
        assert "Read in bfloat16. 30 texts were read in float32, too" in words(app)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04", "a spreadsheet or zip"),
        (b"text,label\nlonger,1\n,0\nlonger,1\nlonger,0\n", "Row 3 has no text"),
        (b"text,label\na,1\nb,1\nc,1\nd,1\n", "One class only"),
        (b"text,label\na,1\nb,1,2\nc,0\nd,0\n", "Row 3 is broken"),
    ],
    ids=["empty", "wrong", "no text", "one class", "broken"],
)
def test_a_file_that_cannot_be_taken_is_said(app: AppTest, content: bytes, sentence: str) -> None:
    given(app, content)
    assert_kind(app)
    assert sentence in words(app)
    assert len(notes(app)) == 1
    assert key(notes(app)[0]) == "note_file"


# As it was measured beforehand


@pytest.mark.long
def test_the_article_s_own_file(
    phrases: tuple[str, ...], data_folder: Path, embedded: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib.model.slices import WAYS, stream
    from pages.use.classify import measures as measured

    monkeypatch.setattr(measured, "DEALS", 1)  # what shuffled labels and fewer texts give has tests of its own
    monkeypatch.setattr(measured, "SIZES", ())
    lines = (data_folder / "sst2_train.tsv").read_text("utf-8").splitlines()[:2000]
    labels = np.array([int(line.split("\t")[1]) for line in lines])
    found = stream(DEFAULT, phrases[:2000])
    assert found.cube.shape == (2000, 59, 384)
    assert len(found.sample) == 2000
    groups = np.array(alike(phrases[:2000]))
    first = compared(found.grid[:1, -1:], labels, groups)
    mean = compared(found.grid[WAYS.index("mean")][None, -2:], labels, groups)
    assert first.raw.mean() == pytest.approx(0.70, abs=0.03)
    assert mean.raw[0, -1].mean() == pytest.approx(0.77, abs=0.03)
    assert mean.scaled[0].mean(axis=1).max() == pytest.approx(0.79, abs=0.03)
    assert TOPICS.majority == 0.25
