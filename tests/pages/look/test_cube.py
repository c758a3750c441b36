"""What is said of a slice of the cube, on a batch made by hand."""

from __future__ import annotations

import numpy as np

from pages.look.cube import words as said


def small(by_hand):
    states = np.zeros((2, 2, 3, 2), np.float32)
    states[1, :, 0] = [1, 0]  # the first tokens
    states[1, 0, 2] = [0, 1]  # at a right angle to it
    states[1, 1, 2] = [2, 0]  # padding that points the same way
    return by_hand(states, [[1, 1, 1], [1, 1, 0]])


def test_size_counts_cells_slice_and_padding(by_hand):
    told = said.size(small(by_hand), 1)
    assert "2 texts × 3 tokens × 2 units make **12** numbers in layer 1 of 1" in told
    assert "keeps **4** of them, one part in 3" in told
    assert "2 belong to 1 position of padding" in told


def test_no_padding_is_said_too(by_hand):
    assert "No text was filled up" in said.size(by_hand(np.ones((2, 1, 3, 2), np.float32), [[1, 1, 1]]), 0)


def test_a_wrong_position_is_measured_against_the_right_one(by_hand):
    assert "0.00 to 1.00 over 2 texts" in said.instead(small(by_hand), 1, -1)
    assert "themselves" in said.instead(small(by_hand), 1, 0)
    states = np.tile(np.eye(3, 2, dtype=np.float32), (2, 2, 1, 1))  # the same text twice
    assert "is 0.00 over 2 texts." in said.instead(by_hand(states, [[1, 1, 1]] * 2), 1, 1)


def test_the_other_indices_are_named(by_hand):
    assert "all 3 positions" in said.whole(("a", "b", "c"))
    assert "One number of 2" in said.single(small(by_hand))
