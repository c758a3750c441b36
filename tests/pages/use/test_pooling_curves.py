"""What poolings keep of a text that is moved, and of texts that grow: by hand, at the edges of what is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from lib import model
from lib.app import choices
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.reading import Reading
from pages.use.pooling import controls, curves, exhibits, words
from tests import exhibits as drawn
from tests.conftest import CLOSE

MODEL = CHECKPOINTS[DEFAULT]
Make = Callable[..., Reading]


def curve(**values: tuple[float, ...]) -> curves.Curve:
    ticks = tuple(range(len(next(iter(values.values())))))
    arrays = {way: np.array(each) for way, each in values.items()}
    return curves.Curve(ticks, np.full(len(ticks), 9.0), arrays, dict.fromkeys(values, 0.25))


def test_a_text_is_put_in_five_places() -> None:
    places, texts = curves.moved("x", "abcdefgh")
    assert places == (0, 2, 4, 6, 8)
    assert texts == (
        "x",
        "a b c d e f g h",
        "x a b c d e f g h",
        "a b x c d e f g h",
        "a b c d x e f g h",
        "a b c d e f x g h",
        "a b c d e f g h x",
    )
    assert curves.moved("x", "abcd")[0] == (0, 1, 2, 3, 4)
    assert len(set(curves.fillers())) == curves.FILLERS


def test_texts_that_grow_stay_on_their_subjects() -> None:
    growing = curves.growing()
    assert tuple(growing) == curves.SIZES
    for size, texts in growing.items():
        assert len(texts) == curves.SUBJECTS
        assert all(text.count(".") == size for text in texts)
        assert all(text.startswith(short) for text, short in zip(texts, growing[1], strict=True))


def test_a_landmark_stands_after_every_sixteen_tokens(tiny: Mapping[str, Checkpoint]) -> None:
    assert not curves.landmarks(18)
    edit = curves.landmarks(36)
    read = model.read("tiny-bert", ["cat " * 34], attention="none", edit=edit)
    assert read.encoding.row(0) == ("[CLS]", *["cat"] * 16, "[SEP]", *["cat"] * 16, "[SEP]", *["cat"] * 2, "[SEP]")
    made = curves.pooled(read, read)
    by_hand = read.last_hidden_state[0, [17, 34, 37]].mean(axis=0)
    np.testing.assert_allclose(made[curves.LANDMARKS][0], by_hand, **CLOSE)
    np.testing.assert_allclose(made["lasttoken"][0], read.last_hidden_state[0, -1], **CLOSE)
    assert list(curves.pooled(read)) == ["cls", "mean", "lasttoken"]


def test_landmarks_leave_padding_out(by_hand: Make) -> None:
    states = [[[[9, 9], [1, 2], [3, 4], [8, 8]], [[9, 9], [5, 5], [1, 2], [5, 6]]]]
    marked = by_hand(states, [[1, 1, 1, 0], [1, 1, 1, 1]], special=[[1, 1, 1, 1], [1, 0, 1, 1]])
    np.testing.assert_allclose(curves.pooled(marked, marked)[curves.LANDMARKS], [[2, 3], [3, 4]], **CLOSE)


def test_what_does_not_fit_is_not_read(by_hand: Make) -> None:
    encoding = by_hand(np.zeros((1, 2, 3, 2)), [[1, 1, 1]] * 2).encoding
    long = replace(encoding, full_lengths=np.array([3, 36]))
    assert curves.fits(long, 38)
    assert not curves.fits(long, 37), "two landmarks come on top"


def test_what_is_kept_by_hand() -> None:
    places = [[0.6, 0.8], [0.8, -0.6]]
    vectors = {
        "cls": np.array([[2, 0], [0, 3], *places], np.float32),
        "mean": np.array([[1, 0], [0.5, np.sqrt(0.75)], *places], np.float32),
        "lasttoken": np.array([[1, 1], [2, 2], *places], np.float32),
    }
    found = curves.kept((0, 4), vectors, np.array([3, 7, 10, 10]))
    np.testing.assert_allclose(found.values["cls"], [0.6, 0.8], **CLOSE)
    np.testing.assert_allclose(found.values["mean"], [0.2, 0.6], **CLOSE)
    assert "lasttoken" not in found.values, "the others alone are the same vector"
    assert found.base == pytest.approx({"cls": 0, "mean": 0.5}, abs=1e-6)
    assert found.tokens.tolist() == [10, 10]


def test_how_alike_by_hand() -> None:
    apart, near = np.eye(3, dtype=np.float32), np.ones((3, 3), np.float32)
    half = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    sizes = {1: ({"cls": apart, "mean": apart}, np.array([3, 5, 4])), 2: ({"cls": near, "mean": half}, np.array([8]))}
    found = curves.alike(sizes)
    np.testing.assert_allclose(found.values["cls"], [0, 1], **CLOSE)
    np.testing.assert_allclose(found.values["mean"], [0, 1 / 3], **CLOSE)
    assert (found.ticks, found.tokens.tolist()) == ((1, 2), [4, 8])


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ((0.4, 0.1, 0.34), "keeps more of a text at the front than at the end"),
        ((0.4, 0.1, 0.36), "keeps about as much of a text at the front as at the end"),
        ((0.2, 0.1, 0.26), "keeps more of a text at the end than at the front"),
    ],
)
def test_where_the_first_token_keeps_most_at_the_edges(first: tuple[float, ...], expected: str) -> None:
    found = curve(cls=first, mean=(0.5, 0.1, -0.2), landmarks=(0.3, 0.3, 0.3))
    shown = exhibits.moved(found, MODEL)
    assert expected in shown.headline
    assert f"keeps **{first[0]:.0%}** and **{first[2]:.0%}**, the mean keeps **50%** and **−20%**" in shown.sentence
    assert ("the landmarks keep most: **30%**" in shown.sentence) == (sum(first) < 0.9)
    drawn.check([shown])


def test_a_first_token_that_tells_nothing_apart_is_named() -> None:
    shown = exhibits.moved(curve(mean=(0.5, 0.1, 0.2)), MODEL)
    assert shown.headline == "To \\[CLS\\] this text is the same as the sentences around it"
    assert shown.sentence.startswith("At the front and at the end the mean keeps **50%** and **20%**.")
    assert exhibits.moved(curve(landmarks=(0.5, 0.1)), MODEL).sentence.startswith("Averaged over the places")


@pytest.mark.parametrize(
    ("first", "mean", "expected"),
    [
        ((0.5, 0.53), (0.1, 0.13), "grow, by \\[CLS\\] and by the mean"),
        ((0.5, 0.53), (0.1, 0.11), "grow, by \\[CLS\\] alone"),
        ((0.5, 0.51), (0.1, 0.13), "grow, by the mean alone"),
        ((0.5, 0.3), (0.1, 0.11), "do not get more alike as they grow"),
    ],
)
def test_by_which_poolings_texts_get_more_alike(
    first: tuple[float, ...], mean: tuple[float, ...], expected: str
) -> None:
    shown = exhibits.grown(curve(cls=first, mean=mean), 21, MODEL)
    assert shown.headline.endswith(expected)
    assert (
        f"goes from **{first[0]:.2f}** to **{first[1]:.2f}** by :orange[\\[CLS\\]] and from **0.10** to"
        in shown.sentence
    )
    drawn.check([shown])


def test_a_model_without_room_has_a_sentence(tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "checkpoint", lambda: tiny["tiny-roberta"])
    assert controls.moved("The film was good.") is None
    assert controls.grown() is None
    assert "takes 64 tokens" in words.no_room(tiny["tiny-roberta"])


def test_whose_text_is_moved() -> None:
    assert "Here your text stands" in words.where(["Typed."], MODEL)
    assert "Here your first text stands" in words.where(["Typed.", "And more."], MODEL)
