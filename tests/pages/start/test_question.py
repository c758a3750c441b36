"""The start page's numbers and sentences, worked by hand: what was read, in which layer, on how many columns."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from lib.checkpoints import CHECKPOINTS, DEFAULT
from lib.components.packing import codes, pack
from lib.measures.columns import Column, columns, summed
from lib.measures.story import Story, brought_back, story
from lib.texts.examples import DEFAULT as TEXTS
from pages.start.question import controls, exhibits, words
from pages.start.question.way import MOST_COLUMNS, payload
from tests.conftest import CLOSE

MODEL = CHECKPOINTS[DEFAULT]


def two_layers(by_hand, *, last: float):
    """Two texts of [CLS] word [SEP], the second one filled up; two heads that agree."""
    states = np.zeros((3, 2, 4, 2), np.float32)
    states[0, 1, 0] = [0.25, 0]  # the two inputs differ by a quarter in the first dimension
    row = np.zeros((2, 2, 2, 4), np.float32)  # [layers, batch, heads, tokens]
    row[0, 0] = [0.8, 0.1, 0.1, 0]
    row[1, 0] = [0.9 - last, last, 0.1, 0]
    return by_hand(states, [[1, 1, 1, 0], [1, 1, 1, 1]], row=row, column=row)


def test_story_follows_the_first_token_of_one_text(by_hand):
    way = story(two_layers(by_hand, last=0.6), 0)
    assert way.start == 0.25
    np.testing.assert_allclose(way.attends_to, [[0.8, 0.1, 0.1], [0.3, 0.6, 0.1]], **CLOSE)  # padding is left out
    np.testing.assert_allclose(way.words, [0.1, 0.6], **CLOSE)
    assert way.peak == 2
    assert way.before == pytest.approx(0.1)


def test_story_needs_attention(by_hand):
    with pytest.raises(ValueError, match="No attention was kept"):
        story(by_hand(np.zeros((2, 1, 3, 2), np.float32), [[1, 1, 1]]), 0)


def test_what_the_last_layer_brings_back_is_measured_by_hand() -> None:
    plain, starved = [3.0, 4.0], [0.0, 0.0]
    for alone, back in (([3.0, 4.0], 1), ([0.0, 0.0], 0), ([3.0, 3.0], 0.8), ([3.0, 14.0], -1)):
        assert brought_back(np.array([plain, starved, alone], np.float32)) == pytest.approx(back, abs=1e-7)
    assert brought_back(np.array([plain, plain, plain], np.float32)) is None, "reading does nothing here"


@pytest.mark.parametrize("repeated", [1, 4, 8])  # 16 to 93 tokens
def test_the_last_layer_of_the_embedded_model_is_enough_for_long_texts_too(repeated: int) -> None:
    from lib.model import read

    text = " ".join([TEXTS.texts[0]] * repeated)
    reading = read(DEFAULT, [text, "Rain."], attention="cls")
    assert story(reading, 0).start == 0
    found = controls.last_alone(reading, 0)
    assert found is not None
    assert found > 0.8  # 0.87 to 0.94, whatever share of the attention falls in that layer
    assert "nearer to the usual one" in words.alone(found, 6, MODEL)


def test_a_page_that_is_to_be_there_at_once_measures_no_long_text() -> None:
    from lib.model import read

    assert controls.last_alone(read(DEFAULT, ["word " * 400], attention="cls"), 0) is None


def test_a_short_text_has_a_column_for_each_token():
    assert columns(np.ones((2, 3), np.float32), 5) == (Column(0, 1), Column(1, 2), Column(2, 3))


def test_a_long_text_keeps_its_ends_and_what_is_read_most():
    attends_to = np.array([[0.3, 0, 0, 0.4, 0, 0, 0.2, 0.1]], np.float32)
    cut = columns(attends_to, 5)
    assert cut == (Column(0, 1), Column(1, 3), Column(3, 4), Column(4, 7), Column(7, 8))
    np.testing.assert_allclose(summed(attends_to, cut), [[0.3, 0, 0.4, 0.2, 0.1]], **CLOSE)


@pytest.mark.parametrize("most", [3, 7, 26])
def test_columns_cover_every_token_once(most):
    attends_to = np.random.default_rng(0).dirichlet(np.ones(200), 3).astype(np.float32)
    cut = columns(attends_to, most)
    assert len(cut) <= most
    assert [i for column in cut for i in range(column.start, column.stop)] == list(range(200))
    np.testing.assert_allclose(summed(attends_to, cut).sum(axis=1), 1, **CLOSE)


def test_two_columns_are_too_few():
    with pytest.raises(ValueError, match="too few"):
        columns(np.ones((1, 9), np.float32), 2)


def way(words: list[float], *, start: float = 0.0) -> Story:
    share = np.array(words, np.float32)
    return Story(
        start=start,
        attends_to=share[:, None],
        words=share,
        peak=int(share.argmax()) + 1,
        before=float(share[:-1].mean()) if len(words) > 1 else 0.0,
    )


def test_when_the_text_is_attended_to_is_true_of_what_was_given() -> None:
    late, early = words.way(way([0.1, 0.1, 0.6]), MODEL), words.way(way([0.6, 0.1, 0.2]), MODEL)
    assert late.startswith("In layer 3 the text gets **60%** of the attention")
    assert early.startswith("In layer 1 the text gets **60%** of the attention")
    assert late.endswith("the most of all layers.")
    assert "one layer only" in words.way(way([0.4]), MODEL)
    assert words.way(way([0.0, 0.0]), MODEL).startswith("The text has no token of its own")


def test_what_the_last_layer_brings_is_told_by_the_knock_out_and_not_by_shares() -> None:
    begin = "may attend to others in layer 6 alone, its final vector ends"
    assert f"{begin} **90%** nearer to the usual one" in words.alone(0.9, 6, MODEL)
    assert f"{begin} **30%** farther from the usual one" in words.alone(-0.3, 6, MODEL)
    for nothing in (0.001, -0.001):
        assert f"{begin} as far from the usual one as" in words.alone(nothing, 6, MODEL)
    assert "not measured" in words.alone(None, 6, MODEL)


def test_the_picture_shows_the_first_text_and_each_cosine_beside_its_own_text(embedded: object) -> None:
    from lib.model import read

    reading = read(DEFAULT, TEXTS.texts, attention="cls")
    by_cls, by_mean = np.array([0.5, 0.9, 0.1], np.float32), np.array([0.4, 0.3, -0.2], np.float32)
    shown = exhibits.way(reading, story(reading, 0), by_cls, by_mean)
    head, _ = unpacked(shown.picture.message("words"))
    assert [(near["text"], near["clsText"], near["meanText"]) for near in head["others"]] == [
        (TEXTS.texts[1], "0.50", "0.40"),
        (TEXTS.texts[2], "0.90", "0.30"),
        (TEXTS.texts[3], "0.10", "−0.20"),
    ]
    assert shown.totals["cosine to text 3 by [CLS]"] == pytest.approx(0.9)
    assert shown.totals["cosine to text 3 by the mean"] == pytest.approx(0.3)
    table = dict(shown.table())
    assert table["token"][0] == "[CLS]"
    np.testing.assert_allclose(table["layer 2"], reading.row[1, 0].mean(axis=0), **CLOSE)


def unpacked(message: bytes) -> tuple[dict, bytes]:
    (length,) = struct.unpack_from("<I", message)
    return json.loads(message[4 : 4 + length]), message[4 + length :]


def test_a_message_holds_header_and_aligned_arrays():
    head, body = unpacked(pack({"a": "ü</script>"}, x=np.array([1, -2], np.int8), y=np.array([[0.5]], np.float32)))
    assert head["a"] == "ü</script>"
    assert head["arrays"]["x"] == {"kind": "i1", "shape": [2], "at": 0}
    at = head["arrays"]["y"]["at"]
    assert at % 8 == 0
    assert np.frombuffer(body, "<f4", 1, at)[0] == 0.5
    assert np.frombuffer(body, "i1", 2).tolist() == [1, -2]


def test_a_message_refuses_what_a_browser_cannot_read():
    with pytest.raises(ValueError, match="float64"):
        pack({}, x=np.zeros(1))
    with pytest.raises(ValueError, match="JSON"):
        pack({"x": float("nan")})


def test_codes_are_whole_and_clipped():
    assert codes(np.array([-3.0, -1, 0, 0.5, np.nan]), 1.0).tolist() == [-127, -127, 0, 64, 0]


def test_the_score_of_a_long_text_stays_small():
    from lib.model import read

    reading = read(DEFAULT, ["word " * 600, "Short."], attention="cls")
    message = payload(reading, 0, story(reading, 0).attends_to, [""] * 4, [("a", "b")] * 4, [], "")
    head, _ = unpacked(message)
    assert len(head["columns"]) <= MOST_COLUMNS
    assert any(name.endswith(" more") for name in head["columns"])
    assert len(message) < 20_000
