"""Every pooling by hand, what must not matter, and parity with sentence-transformers' own module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from lib.checkpoints import CHECKPOINTS, DEFAULT
from lib.pooling import POOLINGS, offered
from lib.reading import Reading
from lib.texts.sources import SOURCES
from tests.conftest import CLOSE

Make = Callable[..., Reading]

# two texts, five places: [X] w1 w2 [X] pad, and [X] w1 [X] pad pad; two units. Padding holds 99: it would be seen
STATES = [
    [
        [[1, -1], [2, 4], [6, 0], [3, 1], [99, 99]],
        [[0, 2], [5, -3], [1, 4], [99, 99], [99, -99]],
    ]
]
MASK = [[1, 1, 1, 1, 0], [1, 1, 1, 0, 0]]
ROOT3 = 3**0.5


class Worked(NamedTuple):
    """What comes of these two texts, worked by hand: the vector of each, and what each place weighs."""

    vectors: list[list[float]]
    weights: list[list[float]] | None = None


# a new pooling is worked here, too; the pooler reads what stands in no token's place
BY_HAND = {
    "cls": Worked([[1, -1], [0, 2]], [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0]]),
    # (1+2+6+3)/4, (-1+4+0+1)/4; (0+5+1)/3, (2-3+4)/3
    "mean": Worked([[3, 1], [2, 1]], [[0.25, 0.25, 0.25, 0.25, 0], [1 / 3, 1 / 3, 1 / 3, 0, 0]]),
    "max": Worked([[6, 4], [5, 4]]),
    # sums 12, 4 over 2; 6, 3 over the root of 3
    "mean_sqrt_len_tokens": Worked(
        [[6, 2], [6 / ROOT3, 3 / ROOT3]], [[0.5, 0.5, 0.5, 0.5, 0], [1 / ROOT3, 1 / ROOT3, 1 / ROOT3, 0, 0]]
    ),
    # (1+4+18+12)/10, (-1+8+0+4)/10; (0+10+3)/6, (2-6+12)/6
    "weightedmean": Worked([[3.5, 1.1], [13 / 6, 8 / 6]], [[0.1, 0.2, 0.3, 0.4, 0], [1 / 6, 2 / 6, 3 / 6, 0, 0]]),
    "lasttoken": Worked([[3, 1], [1, 4]], [[0, 0, 0, 1, 0], [0, 0, 1, 0, 0]]),
    "sep": Worked([[3, 1], [1, 4]], [[0, 0, 0, 1, 0], [0, 0, 1, 0, 0]]),
    "first_word": Worked([[2, 4], [5, -3]], [[0, 1, 0, 0, 0], [0, 1, 0, 0, 0]]),
    "mean_no_specials": Worked([[4, 2], [5, -3]], [[0, 0.5, 0.5, 0, 0], [0, 1, 0, 0, 0]]),
}
WEIGHED = [key for key, worked in BY_HAND.items() if worked.weights]


@pytest.fixture
def reading(by_hand: Make) -> Reading:
    states = np.array([np.full((2, 5, 2), 7), *STATES], np.float32)  # layer 0 is something else altogether
    return by_hand(states, MASK, pooler=np.array([[0.1, 0.2], [0.3, 0.4]], np.float32))


def test_the_table_is_what_others_rely_on() -> None:
    assert {key: pooling.key for key, pooling in POOLINGS.items()} == {key: key for key in POOLINGS}
    assert {pooling.source for pooling in POOLINGS.values()} <= SOURCES.keys()
    assert BY_HAND.keys() | {"pooler"} == POOLINGS.keys(), "each is worked by hand, above"
    assert {key for key, pooling in POOLINGS.items() if pooling.weigh} == set(WEIGHED), "its weights stand there, too"


@pytest.mark.parametrize("key", BY_HAND)
def test_values_by_hand(key: str, reading: Reading) -> None:
    for layer in (1, -1):
        made = POOLINGS[key].pool(reading, layer)
        np.testing.assert_allclose(made, BY_HAND[key].vectors, **CLOSE)
        assert made.dtype == np.float32
    np.testing.assert_array_equal(POOLINGS[key].pool(reading), POOLINGS[key].pool(reading, 1), "the last by default")


@pytest.mark.parametrize("key", WEIGHED)
def test_weights_by_hand(key: str, reading: Reading) -> None:
    weights = POOLINGS[key].weights(reading)
    np.testing.assert_allclose(weights, BY_HAND[key].weights, **CLOSE)
    assert (weights[reading.encoding.attention_mask == 0] == 0).all(), "padding weighs exactly 0"


def test_max_and_the_pooler_have_no_weights(reading: Reading) -> None:
    assert POOLINGS["max"].weights(reading) is None
    assert POOLINGS["pooler"].weights(reading) is None


def test_the_pooler_reads_the_last_layer_only(reading: Reading) -> None:
    pooler = POOLINGS["pooler"]
    np.testing.assert_array_equal(pooler.pool(reading), reading.pooler_output)
    np.testing.assert_array_equal(pooler.pool(reading, 1), reading.pooler_output)
    for layer in (0, -2):
        with pytest.raises(ValueError, match="ask for layer 1 or -1, not 0"):
            pooler.pool(reading, layer)
    with pytest.raises(ValueError, match=r"all-MiniLM-L6-v2 has no pooler\. Choose another pooling"):
        pooler.pool(replace(reading, pooler_output=None))


@pytest.mark.parametrize("key", POOLINGS)
@pytest.mark.parametrize("layer", [2, -3, 100])
def test_a_layer_that_is_not_there(key: str, layer: int, reading: Reading) -> None:
    with pytest.raises(ValueError, match=rf"There is no layer {layer} here: layers are 0 to 1"):
        POOLINGS[key].pool(reading, layer)


@pytest.mark.parametrize("key", BY_HAND)
def test_what_stands_in_padding_has_no_say(key: str, by_hand: Make) -> None:
    one = np.array(STATES, np.float32)
    other = one.copy()
    other[:, np.array(MASK) == 0] = -12345
    made = [POOLINGS[key].pool(by_hand(np.concatenate([states, states]), MASK)) for states in (one, other)]
    np.testing.assert_array_equal(*made)


@pytest.mark.parametrize("key", BY_HAND)
def test_padding_on_the_left_gives_the_same_vector(key: str, by_hand: Make) -> None:
    states = np.array(STATES * 2, np.float32)
    left = states.copy()
    left[:, 0], left[:, 1] = np.roll(states[:, 0], 1, axis=1), np.roll(states[:, 1], 2, axis=1)
    mask = [[0, 1, 1, 1, 1], [0, 0, 1, 1, 1]]
    np.testing.assert_allclose(POOLINGS[key].pool(by_hand(left, mask)), BY_HAND[key].vectors, **CLOSE)


def test_a_text_without_a_word_is_refused_where_one_is_needed(by_hand: Make) -> None:
    reading = by_hand(np.ones((2, 2, 3, 2)), [[1, 1, 1], [1, 1, 0]])  # the second is [X] [X]
    for key in ("first_word", "mean_no_specials"):
        for what in (POOLINGS[key].pool, POOLINGS[key].weights):
            with pytest.raises(ValueError, match=r"Text 2 has no token of its own.*Type a word in it"):
                what(reading)
    bare = by_hand(np.ones((2, 1, 2, 2)), [[1, 1]], special=[[1, 0]])
    with pytest.raises(ValueError, match="Text 1 has no separator in this model"):
        POOLINGS["sep"].pool(bare)


def test_the_separator_of_a_pair_is_its_last(by_hand: Make) -> None:
    reading = by_hand(np.arange(24).reshape(2, 1, 6, 2), [[1] * 6], special=[[1, 0, 1, 0, 1, 0]])
    np.testing.assert_array_equal(POOLINGS["sep"].weights(reading), [[0, 0, 0, 0, 1, 0]])
    np.testing.assert_array_equal(POOLINGS["sep"].pool(reading), [[20, 21]])


def test_names_are_the_models_own() -> None:
    entry = CHECKPOINTS[DEFAULT]
    other = replace(entry, first_token="<s>", separator="</s>")
    assert POOLINGS["cls"].name(entry) == "[CLS]"
    assert POOLINGS["cls"].name(other) == "<s>"
    assert POOLINGS["sep"].name(other) == "</s>"
    names = [pooling.name(other) for pooling in POOLINGS.values()]
    assert len(set(names)) == len(names)
    assert not any("{" in name for name in names)


def test_a_pooler_is_offered_where_there_is_one() -> None:
    model = CHECKPOINTS[DEFAULT]
    assert offered(model) == tuple(POOLINGS)
    without = tuple(key for key in POOLINGS if key != "pooler")
    assert offered(model, last=False) == offered(replace(model, has_pooler=False)) == without


def test_nothing_given_is_changed(reading: Reading) -> None:
    before = reading.hidden_states.copy()
    for pooling in POOLINGS.values():
        pooling.pool(reading)
        pooling.weights(reading)
    np.testing.assert_array_equal(reading.hidden_states, before)


# sentence-transformers calls these so, and its arithmetic is the field's; padding left and right

SHARED = ("cls", "mean", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("key", SHARED)
def test_sentence_transformers_pools_the_same(key: str, side: str, by_hand: Make) -> None:
    import torch
    from sentence_transformers.sentence_transformer.modules import Pooling

    random = np.random.default_rng(8)
    states = random.normal(size=(2, 6, 9, 7)).astype(np.float32)
    lengths = [9, 2, 5, 7, 3, 4]
    mask = np.array([[1] * n + [0] * (9 - n) for n in lengths])
    if side == "left":
        mask = mask[:, ::-1].copy()
    theirs = Pooling(7, pooling_mode=key)(
        {
            "token_embeddings": torch.tensor(states[-1]),
            "attention_mask": torch.tensor(mask),
        }
    )["sentence_embedding"].numpy()
    ours = POOLINGS[key].pool(by_hand(states, mask))
    np.testing.assert_allclose(ours, theirs, **CLOSE)
