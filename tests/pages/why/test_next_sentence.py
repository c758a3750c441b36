"""Next-sentence prediction: what is said of a probability, of the changes and of the topics; a BERT that speaks."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from transformers import BertForPreTraining

from lib import checkpoints, taught
from lib.app import choices
from lib.cached import pretrained
from lib.checkpoints import CHECKPOINTS, DEFAULT, STEPS, Checkpoint, Folder
from lib.escape import markdown
from lib.model import heads, read
from lib.texts.passages import EACH, PASSAGES, alike, guessed, mixed, pairs, swapped
from pages.why.next_sentence import exhibits, words
from tests.conftest import CLOSE, unlent
from tests.test_pages import elements, keyed, visit
from tests.test_pages import words as said

MODEL = CHECKPOINTS[DEFAULT]
LAST = STEPS[f"taught-both-{checkpoints.TRAILS[taught.BOTH].last}"]


def test_passages_are_ours_and_many() -> None:
    assert len(PASSAGES) == 60
    assert [each.topic for each in PASSAGES] == sorted((each.topic for each in PASSAGES), key=_first)
    assert len({text for each in PASSAGES for text in (each.first, each.second)}) == 120
    both, truths = mixed()
    assert len(both) == len(set(both)) == 60
    assert sum(truths) == 30
    following = set(pairs(0))
    assert [each in following for each in both] == list(truths)
    assert not set(alike()) & following
    assert not set(pairs(5 * EACH)) & following
    assert {(b, a) for a, b in swapped()} == following
    topics = {text: each.topic for each in PASSAGES for text in (each.first, each.second)}
    assert all(topics[a] == topics[b] for a, b in alike())
    assert all(topics[a] != topics[b] for a, b in pairs(5 * EACH))


def _first(topic: str) -> int:
    return next(n for n, each in enumerate(PASSAGES) if each.topic == topic)


def test_twenty_pairs_to_guess() -> None:
    rounds = guessed()
    assert len(rounds) == len(set(rounds)) == 20
    assert sum(follows for *_, follows in rounds) == 10
    assert all(((first, second) in set(pairs(0))) == follows for first, second, follows in rounds)


@pytest.mark.parametrize(
    ("follows", "right"),
    [(0.9, words.ANSWERS[:1]), (0.52, words.ANSWERS[:1]), (0.1, words.ANSWERS[1:]), (0.5, ()), (0.503, ())],
)
def test_which_answer_is_right(follows: float, right: tuple[str, ...]) -> None:
    assert words.right(follows) == tuple(right)


def test_what_is_said_of_the_changes() -> None:
    names = [*words.ROWS, words.another("time.", "banana")]
    follows = np.array([0.9, 0.85, 0.2, 0.88, 0.5], np.float32)
    sentence = words.changed(names, follows)
    assert "**90.0%** to “follows”, and with A and B swapped **85.0%**" in sentence
    assert "“another topic in B”, to **20.0%**" in sentence
    assert "topic changes the answer more" in words.changed_headline(follows)
    assert "order changes the answer more" in words.changed_headline(follows[[0, 2, 1]])
    assert "about the same" in words.changed_headline(np.array([0.9, 0.7, 0.705]))
    shown = exhibits.changed(names, follows)
    assert shown.table()[exhibits.FOLLOWS] == pytest.approx(follows)


def test_what_is_said_of_topic_and_order() -> None:
    assert "notices the topic, and the order much less" in words.topics_headline([54, 46, 29, 17], 60)
    assert words.topics_headline([54, 30, 29, 29], 60) == "The topic counts more than the order"
    assert "order counts at least as much" in words.topics_headline([54, 17, 29, 46], 60)
    sentence = words.topics([54, 46, 29, 15], 60)
    assert "**90%**" in sentence
    assert "**77%**" in sentence
    assert "**25%**" in sentence


def test_a_score_counts_both() -> None:
    assert words.score(3, 2, 4) == "You are right on **3 of 4**, and the model on **2 of 4**."
    assert words.told(True, True, 0.8).startswith("● **B follows A.**")
    assert words.told(True, False, 0.8).startswith("○ **B is a text from elsewhere.**")


def test_the_way_ends_in_the_probability_that_is_written() -> None:
    found = heads.next_sentence(read(LAST.slug, [PASSAGES[0].first], pairs=[PASSAGES[0].second]))
    shown = exhibits.way(found, LAST)
    table = list(shown.table().values())
    adds = np.array([float(each) for each in table[4]])
    logits = [float(each) for each in table[5][:2]]
    np.testing.assert_allclose(adds.sum() + shown.totals["bias"], logits[0] - logits[1], rtol=1e-3, atol=1e-3)
    softmax = 1 / (1 + np.exp(logits[1] - logits[0]))
    np.testing.assert_allclose(float(table[6][0]), softmax, **CLOSE)


def test_who_speaks_where_the_model_has_no_head(embedded: object) -> None:
    assert pretrained.speaker(MODEL, "pairs") == LAST
    assert pretrained.speaker(LAST, "pairs") == LAST
    assert "no head for this" in words.because(0.7, LAST, MODEL)
    assert "no head for this" not in words.because(0.7, LAST, LAST)


def test_a_bert_with_its_head_speaks_for_itself(
    tiny: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tiny["tiny-bert"]
    shutil.copytree(base.where.path(), tmp_path, dirs_exist_ok=True)
    torch.manual_seed(1)
    BertForPreTraining(unlent(base.slug).eager.config).save_pretrained(tmp_path)
    entry = replace(base, slug="bert-that-speaks", name="A BERT that speaks", where=Folder(tmp_path))
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", MappingProxyType({**checkpoints.CHECKPOINTS, entry.slug: entry}))
    app = visit({}, "next_sentence")
    app.session_state[choices.MODEL] = entry.slug
    app.run()
    assert not app.exception
    (answer,) = keyed(app, "reveal_next_sentence")
    assert "A BERT that speaks gives a probability" in str(next(iter(elements(answer))).value)
    assert LAST.name not in said(app).replace("\\", "")


def test_the_learner_guesses_and_is_counted(embedded: object) -> None:
    app: AppTest = visit({}, "next_sentence").run()
    truths = [follows for *_, follows in guessed()]
    for answer in (True, False, True):
        app.button(key=f"next_sentence_{'yes' if answer else 'no'}").click().run()
    assert not app.exception
    assert f"**This model, {markdown(LAST.name)}.**" in said(app), "and not the chosen one, which lacks the head"
    right = sum(a == b for a, b in zip((True, False, True), truths, strict=False))
    assert f"You are right on **{right} of 3**" in said(app)
    assert "Pair 4 of 20" in said(app)
