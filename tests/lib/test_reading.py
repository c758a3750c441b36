"""Encoding and Reading: what they refuse, what they answer, that nobody can change them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from lib.edits import Remove, edit
from lib.reading import Encoding, Reading, Request

Make = Callable[..., Reading]

# three layers (0 to 2), two texts, four places, one head. Attention: [batch, heads, query, key]
ONE = np.array(
    [[[[0.7, 0.1, 0.1, 0.1], [0.4, 0.3, 0.2, 0.1], [0.2, 0.2, 0.5, 0.1], [0.1, 0.1, 0.1, 0.7]]]] * 2, np.float32
)
TWO = ONE[:, :, ::-1, ::-1].copy()
RIGHT, LEFT = [[1, 1, 1, 1], [1, 1, 1, 0]], [[1, 1, 1, 1], [0, 1, 1, 1]]


def states(layers: int = 3) -> np.ndarray:
    return np.arange(layers * 2 * 4 * 2, dtype=np.float32).reshape(layers, 2, 4, 2)


@pytest.fixture
def reading(by_hand: Make) -> Reading:
    row, column = np.stack([ONE, TWO])[:, :, :, 0], np.stack([ONE, TWO])[:, :, :, :, 0]
    return by_hand(states(), RIGHT, row=row.copy(), column=column.copy(), full=(ONE.copy(), TWO.copy()))


def test_sizes_are_the_arrays(reading: Reading) -> None:
    assert (reading.layers, reading.batch, reading.heads, reading.hidden) == (2, 2, 1, 2)
    np.testing.assert_array_equal(reading.last_hidden_state, states()[2])


def test_layer_k_of_attention_is_the_kth(reading: Reading) -> None:
    np.testing.assert_array_equal(reading.attention(1), ONE)
    np.testing.assert_array_equal(reading.attention(2), TWO)
    np.testing.assert_allclose(reading.attends_to(1)[0, 0], [0.7, 0.1, 0.1, 0.1])
    np.testing.assert_allclose(reading.attended_by(1)[0, 0], [0.7, 0.4, 0.2, 0.1])
    np.testing.assert_allclose(reading.attends_to(2)[1, 0], [0.7, 0.1, 0.1, 0.1])
    np.testing.assert_allclose(reading.attended_by(2)[1, 0], [0.7, 0.1, 0.1, 0.1])


def test_the_first_vector_is_at_position_0(reading: Reading) -> None:
    np.testing.assert_array_equal(reading.cls, states()[:, :, 0])
    np.testing.assert_array_equal(reading.cls[:, 0, 0], [0, 16, 32])


def test_with_padding_on_the_left_it_is_the_first_real_token(by_hand: Make) -> None:
    left = by_hand(states(), LEFT)
    np.testing.assert_array_equal(left.encoding.first, [0, 1])
    np.testing.assert_array_equal(left.encoding.last, [3, 3])
    np.testing.assert_array_equal(left.cls[:, 0], states()[:, 0, 0])
    np.testing.assert_array_equal(left.cls[:, 1], states()[:, 1, 1])
    assert left.encoding.roles(1) == ("pad", "cls", "word", "sep")
    assert not left.cls.flags.writeable


def test_places_and_roles(reading: Reading) -> None:
    kept = reading.encoding
    np.testing.assert_array_equal(kept.first, [0, 0])
    np.testing.assert_array_equal(kept.last, [3, 2])
    np.testing.assert_array_equal(kept.lengths, [4, 3])
    np.testing.assert_array_equal(kept.is_word, [[False, True, True, False], [False, True, False, False]])
    assert kept.roles(0) == ("cls", "word", "word", "sep")
    assert kept.roles(1) == ("cls", "word", "sep", "pad")
    assert kept.row(1) == ("[X]", "w1", "[X]")


def test_a_first_token_that_nobody_added_is_a_word(by_hand: Make) -> None:
    bare = by_hand(states(), RIGHT, special=[[0, 0, 0, 0], [0, 0, 0, 1]])
    assert bare.encoding.roles(0) == ("word",) * 4


def test_nothing_can_be_changed(reading: Reading) -> None:
    kept = reading.encoding
    arrays = [getattr(kept, field.name) for field in fields(Encoding)] + [
        reading.hidden_states,
        reading.row,
        reading.column,
        *reading.attentions,
        reading.cls,
        reading.attends_to(1),
        reading.attended_by(1),
        reading.attention(1),
        reading.last_hidden_state,
    ]
    arrays = [array for array in arrays if isinstance(array, np.ndarray)]
    assert len(arrays) == 8 + 10
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(FrozenInstanceError):
        reading.row = None
    with pytest.raises(FrozenInstanceError):
        kept.texts = ()


def test_shapes_that_disagree_are_refused_with_both(reading: Reading, by_hand: Make) -> None:
    with pytest.raises(
        ValueError, match=r"hidden_states has the shape \(2, 4, 2\), but \[layers\+1, batch, tokens, hidden\]"
    ):
        by_hand(states()[0], RIGHT)
    with pytest.raises(ValueError, match=r"input_ids has the shape \(2, 4\), but \(2, 3\) was expected"):
        by_hand(states()[:, :, :3], RIGHT)
    with pytest.raises(ValueError, match=r"pooler_output has the shape \(2, 3\), but \(2, 2\) was expected"):
        by_hand(states(), RIGHT, pooler=np.zeros((2, 3), np.float32))
    with pytest.raises(ValueError, match=r"row has the shape \(1, 2, 1, 4\), but \(2, 2, 1, 4\) was expected"):
        replace(reading, row=reading.row[:1])
    with pytest.raises(ValueError, match=r"column has the shape \(2, 2, 1, 3\), but \(2, 2, 1, 4\) was expected"):
        replace(reading, column=reading.column[..., :3])
    with pytest.raises(ValueError, match="row and column of the attention belong together"):
        replace(reading, column=None)
    with pytest.raises(ValueError, match="attentions has 1 layers, but hidden_states has 2"):
        replace(reading, attentions=reading.attentions[:1])
    with pytest.raises(ValueError, match=r"attentions has the shape \(2, 1, 3, 4\), but \(2, 1, 4, 4\) was expected"):
        replace(reading, attentions=(ONE[:, :, :3], TWO))


@pytest.mark.parametrize("name", ["attention_mask", "token_type_ids", "special_tokens_mask", "sequence"])
def test_rows_of_the_tokenizer_that_disagree_are_refused(name: str, reading: Reading) -> None:
    short = getattr(reading.encoding, name)[:, :3]
    with pytest.raises(ValueError, match=rf"{name} has the shape \(2, 3\), but \(2, 4\) was expected"):
        replace(reading.encoding, **{name: short})


def test_lists_of_the_tokenizer_that_disagree_are_refused(reading: Reading) -> None:
    kept = reading.encoding
    for name in ("texts", "pairs", "tokens", "unread"):
        with pytest.raises(ValueError, match=f"{name} has 1 rows, but input_ids has 2"):
            replace(kept, **{name: getattr(kept, name)[:1]})
    with pytest.raises(ValueError, match=r"offset_mapping has the shape \(2, 4, 3\), but \(2, 4, 2\)"):
        replace(kept, offset_mapping=np.zeros((2, 4, 3), np.int64))
    with pytest.raises(ValueError, match=r"full_lengths has the shape \(3,\), but \(2,\)"):
        replace(kept, full_lengths=np.zeros(3, np.int64))


def test_what_was_not_kept_is_refused_with_what_to_do(by_hand: Make, reading: Reading) -> None:
    bare = by_hand(states(), RIGHT)
    for what in (bare.attends_to, bare.attended_by):
        with pytest.raises(ValueError, match='read with attention="cls" or "full"'):
            what(1)
    assert bare.heads == bare.checkpoint.heads
    strips = replace(reading, attentions=())
    with pytest.raises(ValueError, match='read with attention="full"'):
        strips.attention(1)
    np.testing.assert_array_equal(strips.attends_to(2), reading.attends_to(2))


@pytest.mark.parametrize("layer", [0, -1, 3])
def test_attention_happens_in_layers_1_to_the_last(layer: int, reading: Reading) -> None:
    for what in (reading.attention, reading.attends_to, reading.attended_by):
        with pytest.raises(ValueError, match="layers 1 to 2"):
            what(layer)


def test_half_precision_is_for_plain_readings_only() -> None:
    assert Request("tiny-bert", ("a",), attention="none", precision="bfloat16").precision == "bfloat16"
    with pytest.raises(ValueError, match="no attention is kept: take float32"):
        Request("tiny-bert", ("a",), precision="bfloat16")
    with pytest.raises(ValueError, match="nothing can be changed"):
        Request("tiny-bert", ("a",), attention="none", edits=(edit(Remove(1)),), precision="bfloat16")
