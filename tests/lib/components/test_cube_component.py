import json
import struct

import numpy as np
import pytest

from lib.components import cube
from lib.components.cube import Output, Slice


def output(hidden=None, **changes):
    """Three texts, the second and third padded; position 3 is [SEP] once and [PAD] twice."""
    hidden = np.arange(3 * 4 * 2, dtype="f4").reshape(3, 4, 2) / 8 if hidden is None else hidden
    fields = {
        "tokens": (
            ("[CLS]", "a", "b", "[SEP]"),
            ("[CLS]", "a", "[SEP]", "[PAD]"),
            ("[CLS]", "[SEP]", "[PAD]", "[PAD]"),
        ),
        "roles": (("cls", "word", "word", "sep"), ("cls", "word", "sep", "pad"), ("cls", "sep", "pad", "pad")),
        "texts": ("a b", "a", ""),
        "first": (0, 0, 0),
        "layer": 2,
        "layers": 2,
        "first_token": "[CLS]",
    }
    return Output(hidden, **{**fields, **changes})


def unpacked(message):
    (length,) = struct.unpack("<I", message[:4])
    assert (length + 4) % 8 == 0
    head = json.loads(message[4 : 4 + length])
    assert head["arrays"]["cells"]["kind"] == "f2"
    return head, np.frombuffer(message[4 + length :], "<f2", count=head["arrays"]["cells"]["shape"][0])


def test_every_cell_is_sent_as_float16():
    hidden = np.random.default_rng(0).standard_normal((3, 4, 2), dtype="f4")
    head, cells = unpacked(cube.pack(output(hidden), Slice("token", -1)))
    np.testing.assert_array_equal(cells.reshape(3, 4, 2), hidden.astype("f2"))
    assert (head["size"], head["axis"], head["at"], head["index"]) == ([3, 4, 2], "token", 3, -1)
    assert head["roles"] == ["cwws", "cwsp", "cspp"]


@pytest.mark.parametrize(
    ("cut", "layer", "code", "shapes"),
    [
        (Slice("token", 0), 2, ["[:, 0, :]", "[{row}, 0]"], ["float32[3, 2]", "float32[2]"]),
        (Slice("text", 1), 2, ["[1]", "[1, {row}]"], ["float32[4, 2]", "float32[2]"]),
        (Slice("unit", -1), 1, ["[:, :, -1]", "[{row}, :, -1]"], ["float32[3, 4]", "float32[4]"]),
    ],
)
def test_the_code_is_the_slice_that_is_drawn(cut, layer, code, shapes):
    head, _ = unpacked(cube.pack(output(layer=layer), cut))
    name = "last_hidden_state" if layer == 2 else "hidden_states[1]"
    assert head["code"] == [name, name + code[0], name + code[1]]
    assert head["shapes"] == ["float32[3, 4, 2]", *shapes]
    plane = eval(head["code"][1], {"last_hidden_state": output().hidden, "hidden_states": [None, output().hidden]})
    assert head["shapes"][1] == f"{plane.dtype}{list(plane.shape)}"


@pytest.mark.parametrize("cut", [Slice("token", 2), Slice("text", 0), Slice("unit", -1)])
def test_a_large_cube_sends_the_planes_that_can_be_seen(monkeypatch, cut):
    monkeypatch.setattr(cube, "WHOLE", 20)
    hidden = np.random.default_rng(1).standard_normal((3, 4, 2), dtype="f4")
    head, cells = unpacked(cube.pack(output(hidden), cut))
    planes = dict(head["planes"])
    assert {"text 0", "text 2", "token 0", "token 3", "unit 0", "unit 1", f"{cut.axis} {head['at']}"} <= set(planes)
    for name, start in planes.items():
        axis, index = name.split()
        plane = np.take(hidden, int(index), axis=("text", "token", "unit").index(axis)).astype("f2")
        np.testing.assert_array_equal(cells[start : start + plane.size].reshape(plane.shape), plane)


def test_the_limit_leaves_padding_out():
    hidden = np.ones((3, 4, 2), "f4")
    hidden[1, 3], hidden[2, 2:] = 1000, 1000
    assert cube.limit(output(hidden)) == 1.0
    assert cube.limit(output(np.zeros((3, 4, 2), "f4"))) == 1.0
    hidden[0, 0] = [np.nan, -np.inf]
    assert cube.limit(output(hidden)) == 1.0


def test_what_float16_and_json_cannot_hold_is_made_drawable():
    hidden = np.zeros((3, 4, 2), "f4")
    hidden[0, 0], hidden[0, 1] = [np.nan, np.inf], [-np.inf, 1e6]
    message = cube.pack(
        output(hidden, texts=("\ud800<b>\x00\n", "a" * 500, "👩‍👩‍👧"), first_token="<s>\udfff"), Slice()
    )
    head, cells = unpacked(message)
    assert cells[:4].tolist() == [0, 65504, -65504, 65504]
    assert head["texts"] == ["\ufffd<b>\ufffd ", "a" * 160 + "…", "👩‍👩‍👧"]
    assert head["firstToken"] == "<s>\ufffd"


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        (Slice("token", 0), "position 0 holds [CLS] in all 3 texts"),
        (Slice("token", -1), "position −1 holds [SEP] in 1 text and [PAD] in 2"),
        (Slice("token", 1), "position 1 holds “a” in 2 texts and [SEP] in 1"),
        (Slice("token", 2), "position 2 holds “b” in 1 text, [SEP] in 1 and [PAD] in 1"),
        (Slice("text", 2), "text 3 alone: 2 tokens of its own and 2 positions of padding"),
        (Slice("unit", 0), "dimension 0: one number of 2 from each of 12 positions, 3 of them padding"),
    ],
)
def test_a_plane_says_what_it_holds(cut, words):
    assert cube.held(output(), cut) == words


def test_its_message_holds_the_words_it_is_given_and_is_made_once_for_each():
    shown = output()
    one, other = (cube.drawing(shown, Slice("token", k)) for k in (0, 1))
    assert one.message("words") is one.message("words")
    heads = [unpacked(each.message(words))[0] for each in (one, other) for words in ("a", "b")]
    assert [(head["at"], head["words"]) for head in heads] == [(0, "a"), (0, "b"), (1, "a"), (1, "b")]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: output(np.zeros((3, 4), "f4")), r"shape \(3, 4\); expected \[batch, tokens, hidden\]"),
        (lambda: output(texts=("a",)), "texts has 1 entries for 3 texts"),
        (lambda: output(np.zeros((3, 5, 2), "f4")), r"tokens has rows of \[4\] entries; pad every row to 5"),
        (lambda: output(layer=3), "layer is 3; give 0"),
        (lambda: cube.pack(output(), Slice("token", 4)), "cut.index is 4; give -4 to 3 on the token axis"),
        (lambda: cube.held(output(), Slice("head", 0)), "cut.axis is 'head'; give one of text, token, unit"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(make, message):
    with pytest.raises(ValueError, match=message):
        make()
