"""What is said of a slice of the cube, on a batch made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.checkpoints import CHECKPOINTS, DEFAULT
from lib.components.cube import Slice, limit
from lib.escape import plain
from lib.measures import beside as measures
from pages.look.cube import exhibits, words
from tests import exhibits as drawings

MODEL = CHECKPOINTS[DEFAULT]
OTHER = replace(MODEL, slug="other", name="other-model", first_token="<s>", layers=2)


def small(by_hand):
    states = np.zeros((2, 2, 3, 2), np.float32)
    states[1, :, 0] = [1, 0]  # the first tokens
    states[1, 0, 2] = [0, 1]  # at a right angle to it
    states[1, 1, 2] = [2, 0]  # padding that points the same way
    return by_hand(states, [[1, 1, 1], [1, 1, 0]])


def test_size_counts_cells_slice_and_padding(by_hand):
    told = words.size(small(by_hand), 1)
    assert "2 texts × 3 positions × 2 [dimensions](#dimension" in told
    assert "make **12** numbers in layer 1 of 1" in told
    assert "keeps **4**, one part in 3. 2 belong to [padding](#padding" in told


def test_of_padding_nothing_is_said_where_there_is_none(by_hand):
    assert "padding" not in words.size(by_hand(np.ones((2, 1, 3, 2), np.float32), [[1, 1, 1]]), 0)


def test_a_prediction_is_answered_by_the_first_text_alone(by_hand):
    reading = by_hand(np.ones((2, 2, 5, 4), np.float32), [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])
    assert words.answers(MODEL) == ("One for each token", "384: one vector", "All of them, only rearranged")
    assert words.because(reading) == (
        "Text 1 has 3 vectors, **12** numbers in all. The slice keeps one vector, **4** numbers."
    )


@pytest.mark.parametrize(
    ("vector", "verdict"),
    [([-0.1, 0.5], "fails"), ([0, 1.1], "fails"), ([0, 1], "cannot tell"), ([0, 0], "cannot tell")],
)
def test_an_output_is_no_probability_where_its_numbers_are_none(vector, verdict, by_hand) -> None:
    states = np.full((2, 2, 3, 2), 7, np.float32)  # other layers, texts and tokens say nothing
    states[1, 0, 0] = vector
    kind, claim, because = words.claim(by_hand(states, [[1, 1, 1]] * 2))
    assert (kind, plain(claim)) == (verdict, "The output of [CLS] is a probability.")
    assert f"a vector of 2 numbers, from {words.number(min(vector))} to {words.number(max(vector))}." in because
    assert ("between 0 and 1" in because) == (verdict == "fails")


def test_a_wrong_position_is_measured_against_the_right_one(by_hand):
    assert "0.00 to 1.00 over 2 texts" in words.instead(small(by_hand), 1, -1)
    assert "themselves" in words.instead(small(by_hand), 1, 0)
    states = np.tile(np.eye(3, 2, dtype=np.float32), (2, 2, 1, 1))  # the same text twice
    assert "is 0.00 over 2 texts." in words.instead(by_hand(states, [[1, 1, 1]] * 2), 1, 1)


def test_the_other_indices_are_named(by_hand):
    assert "all 3 positions" in words.whole(("a", "b", "c"))
    assert "One number of 2" in words.single(small(by_hand))


def test_slices_that_are_the_same_and_that_are_not(by_hand) -> None:
    states = np.zeros((2, 2, 3, 2), np.float32)
    states[..., 0], states[1, 1, 0] = 1, [1, 1]
    reading = by_hand(states, [[1, 1, 1]] * 2)

    def told(layer: int, position: int) -> str:
        difference = measures.difference(*reading.hidden_states[layer][:, position])
        return plain(words.rows_of_two_texts([reading] * 2, (0, 1), layer, position, difference))

    assert told(0, 0) == (
        "In layer 0 of 1, the vectors of [CLS] in texts 1 and 2 are the same: the difference is 0, exactly, in each "
        "of 2 dimensions."
    )
    far = "differ in 1 of 2 dimensions, by 0.500 on average and by 1.000 at most (dimension 1); their cosine is 0.71"
    assert far in told(1, 0)
    assert "position −2 holds “w1” in text 1 and “w1” in text 2; their vectors are the same" in told(1, -2)


def test_cubes_of_two_models_are_compared_by_their_texts_only(by_hand) -> None:
    wide, narrow = (by_hand(np.ones((3, 2, tokens, hidden)), [[1] * tokens] * 2) for tokens, hidden in ((3, 4), (5, 2)))
    narrow = replace(narrow, checkpoint=OTHER)
    told = plain(words.cubes_of_two_models([wide, narrow], (2, 2), (1.0, 2.5), (np.array([0.25]), np.array([0.5]))))
    assert told.startswith(f"2 texts × 3 tokens × 4 hidden dimensions in {MODEL.name}, 2 texts × 5 tokens × 2 hidden")
    assert "texts 1 and 2 is 0.25 for [CLS] in layer 2 and 0.50 for <s> in layer 2" in told
    assert "end at ±1.00 and ±2.50" in told
    one = plain(words.cubes_of_two_models([wide, narrow], (2, 2), (1.0, 2.5), (np.empty(0), np.empty(0))))
    assert "cosine" not in one


# The exhibits: no two numbers of a batch are the same, so a wrong text, position, layer or side is another number


def batch(by_hand, texts: int = 3, hidden: int = 4):
    states = np.arange(3 * texts * 5 * hidden, dtype=np.float32).reshape(3, texts, 5, hidden) / 8 - 9
    return by_hand(states, [[1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [1, 1, 1, 0, 0]][:texts])


@pytest.mark.parametrize("cut", [Slice("token", 0), Slice("token", -1), Slice("text", 1), Slice("unit", 3)])
def test_the_slice_that_is_highlighted_is_the_table(cut: Slice, by_hand, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = batch(by_hand)
    plane = np.take(reading.hidden_states[1], cut.index, axis=("text", "token", "unit").index(cut.axis))
    for whole in (1_000_000, 10):  # all cells, or the planes that can be seen
        monkeypatch.setattr("lib.components.cube.WHOLE", whole)
        shown = exhibits.cube(reading, 1, cut)
        drawings.check([shown])
        (drawn,) = (values for _, values in drawings.drawn(shown))
        np.testing.assert_array_equal(drawn, plane)
    head, *columns = shown.table().items()
    np.testing.assert_array_equal(np.stack([column for _, column in columns], -1), plane)
    assert head == (("token", reading.encoding.tokens[1]) if cut.axis == "text" else ("text", reading.encoding.texts))
    assert columns[0][0] == ("position 0" if cut.axis == "unit" else "dimension 0")
    assert "**60** numbers in layer 1 of 2" in shown.sentence
    assert "keeps **12**, one part in 5" in shown.sentence
    assert shown.headline == "\\[CLS\\] is one slice of 5"
    head, _ = drawings.unpacked(shown.picture.message("words"))
    assert (head["tokens"], head["texts"]) == (
        [list(row) for row in reading.encoding.tokens],
        ["text 0", "text 1", "text 2"],
    )
    assert (head["roles"], head["first"], head["words"]) == (["cwwws", "cwwsp", "cwspp"], [0, 0, 0], "words")


def test_two_texts_are_two_rows_of_one_array_and_their_difference(by_hand) -> None:
    reading = batch(by_hand)
    cubes, difference = exhibits.cubes_of_two_texts([reading] * 2, (2, 0), 1, Slice("token", 1))
    drawings.check([cubes[0], replace(cubes[1], name="cube-right"), difference])
    heads = [drawings.unpacked(each.picture.message(""))[0] for each in cubes]
    assert [head["texts"] for head in heads] == [["text 2"], ["text 0"]]
    assert [head["code"][1] for head in heads] == ["hidden_states[1][2:3][:, 1, :]", "hidden_states[1][0:1][:, 1, :]"]
    assert heads[0]["limit"] == heads[1]["limit"] == max(limit(exhibits.output(reading, 1, row)) for row in (2, 0))
    assert [head["beside"] for head in heads] == [
        {"group": "cube", "speaks": True, "cells": True},
        {"group": "cube", "speaks": False, "cells": True},
    ]
    left, right, gap = (values for _, values in drawings.drawn(difference))
    vectors = reading.hidden_states[1][[2, 0], 1]
    np.testing.assert_array_equal([left, right, gap], [*vectors, vectors[0] - vectors[1]])
    assert list(difference.table()) == ["dimension", "w1, text 3", "w1, text 1", "difference"]
    assert cubes[0].sentence == cubes[1].sentence == difference.sentence
    assert "position 1 holds “w1” in text 3 and “w1” in text 1" in plain(difference.sentence)
    assert "by **5.000** on average" in difference.sentence
    _, at_the_first = exhibits.cubes_of_two_texts([reading] * 2, (2, 0), 1, Slice("unit", 2))
    head, _ = drawings.unpacked(at_the_first.picture.message(""))
    assert head["unit"] == 2
    assert list(at_the_first.table())[1] == "[CLS], text 3".replace("[CLS]", reading.encoding.tokens[2][0])
    _, same = exhibits.cubes_of_two_texts([reading] * 2, (1, 1), 1, Slice("token", 0))
    assert same.sentence.startswith("Both sides hold the same text")


def test_two_models_have_a_cube_each_with_layers_and_colours_of_their_own(by_hand) -> None:
    here = batch(by_hand)
    there = replace(batch(by_hand, hidden=2), checkpoint=OTHER)
    there = replace(there, hidden_states=np.sin(there.hidden_states) * 40)
    cubes = exhibits.cubes_of_two_models([here, there], (1, 2), Slice("token", 0))
    drawings.check([cubes[0], replace(cubes[1], name="cube-right")])
    heads = [drawings.unpacked(each.picture.message(""))[0] for each in cubes]
    assert [head["size"] for head in heads] == [[3, 5, 4], [3, 5, 2]]
    assert [head["code"][0] for head in heads] == ["hidden_states[1]", "last_hidden_state"]
    tops = [limit(exhibits.output(here, 1)), limit(exhibits.output(there, 2))]
    assert [head["limit"] for head in heads] == tops
    assert f"end at ±{tops[0]:.2f} and ±{tops[1]:.2f}" in cubes[0].sentence
    alike = [measures.pairs(here, 1), measures.pairs(there, 2)]
    assert [each.totals["cosine of texts 1 and 2"] for each in cubes] == [pairs[0] for pairs in alike]
    assert f"**{alike[0][0]:.2f}**".replace("-", "−") in cubes[0].sentence
    assert cubes[0].totals["correlation over all pairs of texts"] == measures.together(*alike)
