"""Edits: what they are, how they stand in a link and in words, and what they do to a pass of every family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch

from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.edits import (
    KINDS,
    Change,
    Cut,
    Edit,
    Move,
    Pad,
    Position,
    Remove,
    Repeat,
    Replace,
    Segment,
    Shift,
    Silence,
    Unmask,
    Zero,
    edit,
    parsed,
)
from lib.model import read
from lib.reading import Seat
from lib.words import edits as said
from tests import tiny as made
from tests.conftest import CLOSE, NEAR, thinned, unlent

TEXTS = ("The film was good.", "A cat sat on the water, and the dog ran.")
ONE_OF_EACH: tuple[Change, ...] = (
    Cut("first", (1, 2, 3, 5), (1, 2)),
    Cut("all", "later"),
    Cut("all", "earlier", (1,)),
    Zero((1, 2), "first", (2,)),
    Silence(2, (1, 2)),
    Replace(3, "##a.b~c d;é"),
    Remove(1),
    Repeat(0, 3),
    Move(0, 99),
    Position(2, 7),
    Shift(3),
    Segment(1, 1),
    Pad("left", 4),
    Unmask(),
)
FAMILIES = [f"tiny-{name}" for name in made.FAMILIES]


# As values


def test_there_is_one_of_each() -> None:
    assert {type(change) for change in ONE_OF_EACH} == set(KINDS.values())


@pytest.mark.parametrize("change", ONE_OF_EACH, ids=lambda change: type(change).__name__)
def test_a_change_survives_a_link(change: Change) -> None:
    assert parsed(edit(change).code) == edit(change)


def test_a_link_carries_all_of_them() -> None:
    whole = edit(*ONE_OF_EACH)
    assert parsed(whole.code) == whole
    assert whole.code.startswith(
        "cut.first.1-3,5.1-2~cut.all.later.~cut.all.earlier.1~zero.1-2.first.2~silence.2.1-2~replace.3.%23%23a%2Eb%7Ec%20d"
    )
    assert parsed("") == parsed("none") == Edit()


@pytest.mark.parametrize(
    "code",
    [
        "cut",
        "cut.first",
        "cut.nobody.1.",
        "cut.others.1.",
        "cut.first.1.0",
        "remove.-1",
        "remove.x",
        "remove.²",
        "pad.up.1",
        "remove.1.2",
        "explode.1",
        "cut.first.9-1.",
        "cut.earlier.1.",
        "none~none",
        "cut.first.0-99999.",
        "shift.999999",
        "__class__.1",
    ],
)
def test_a_broken_link_is_refused_kindly(code: str) -> None:
    with pytest.raises(ValueError, match="asks for a change that is not known here"):
        parsed(code)


def test_edits_add_up_and_are_undone_one_by_one() -> None:
    one, other = edit(Remove(1)), edit(Cut("first", "others"), Remove(1))
    both = one + other
    assert both.changes == (Remove(1), Cut("first", "others")), "what is there already is not made twice"
    assert both.without(0) == edit(Cut("first", "others"))
    assert both.without(0).without(0) == Edit()
    assert not Edit()
    with pytest.raises(ValueError, match="There is no change 2 to undo: this edit has 2"):
        both.without(2)
    with pytest.raises(FrozenInstanceError):
        both.changes = ()
    assert len({both, Edit(both.changes)}) == 1


# In words


def test_edits_are_said(embedded: object) -> None:
    encoding = read(DEFAULT, ["It was not good.", "Why?"], attention="none").encoding
    entry = CHECKPOINTS[DEFAULT]
    changes = (
        Cut("first", (3,), (3, 4, 5, 6)),
        Cut("all", "first"),
        Cut("all", "later", (2,)),
        Cut("all", "earlier"),
        Cut("separators", (1, 2)),
        Zero((1, 3), "first", (2,)),
        Replace(3, "[MASK]"),
        Remove(1),
        Move(0, 99),
        Repeat(0, 3),
        Silence(2, (1, 3)),
        Pad("left", 4),
        Pad("right"),
    )
    assert said.changes(edit(*changes), encoding, 0, entry) == [
        "In layers 3 to 6, :orange[\\[CLS\\]] may not attend to “not”.",
        "In every layer, no token may attend to :orange[\\[CLS\\]].",
        "In layer 2, no token may attend to any token to its right.",
        "In every layer, no token may attend to any token to its left.",
        "In every layer, no \\[SEP\\] may attend to “it” and “was”.",
        "In layer 2, the attention of “it” and “not” to :orange[\\[CLS\\]] is set to 0, and no other token gets it.",
        "“not” is replaced by “\\[MASK\\]”.",
        "“it” is taken out.",
        ":orange[\\[CLS\\]] is moved to the end.",
        ":orange[\\[CLS\\]] is there twice: a copy is put in front of “not”.",
        "Layer 2: heads 1 and 3 are silent.",
        "Padding stands on the left, 4 tokens more than needed.",
        "Padding stands on the right.",
    ]
    assert said.sentence(Edit(), encoding, 0, entry) == "Nothing is changed."


def test_a_text_s_own_token_is_escaped(embedded: object) -> None:
    encoding = read(DEFAULT, ["*"], attention="none").encoding
    assert said.changes(edit(Remove(1)), encoding, 0, CHECKPOINTS[DEFAULT]) == ["“\\*” is taken out."]


# In every family


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_an_empty_edit_changes_nothing_to_the_last_bit(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    for attention in ("full", "cls", "none"):
        plain, same = read(slug, TEXTS, attention=attention), read(slug, TEXTS, attention=attention, edit=Edit())
        assert np.array_equal(plain.hidden_states, same.hidden_states)
        assert np.array_equal(plain.encoding.origin, same.encoding.origin)


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_cut_edges_are_exact_zeros_and_the_rest_adds_up_to_one(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    plain = read(slug, TEXTS)
    cut = read(slug, TEXTS, edit=edit(Cut("first", (1, 3), (2,)), Cut((2,), "first")))
    for layer in range(1, plain.layers + 1):
        weights, before = cut.attention(layer), plain.attention(layer)
        real = cut.encoding.attention_mask == 1
        for row in range(2):
            kept = weights[row][:, real[row]]
            np.testing.assert_allclose(kept.sum(axis=-1), 1, **CLOSE)
            assert not kept[:, 2, 0].any()
            assert before[row][:, 2, 0].any(), "it was read before"
            assert weights[row][:, 0, [1, 3]].any() == (layer != 2)
    untouched = plain.attention(1)[:, :, 0], cut.attention(1)[:, :, 0]
    assert np.array_equal(*untouched), "what is not edited stays the same to the last bit"


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_a_weight_of_zero_goes_to_no_other_token(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    plain, zero = read(slug, TEXTS), read(slug, TEXTS, edit=[edit(Zero((1, 2), "first")), Edit()])
    before, after = plain.attention(1)[0], zero.attention(1)[0]
    assert before[:, 1:3, 0].all()
    assert not after[:, 1:3, 0].any()
    assert np.array_equal(after[:, 1:3, 1:], before[:, 1:3, 1:]), "the others keep what they had, and get no more"
    assert np.array_equal(after[:, 3:], before[:, 3:])
    assert np.array_equal(plain.hidden_states[:, 1], zero.hidden_states[:, 1]), "nor is another text touched"
    assert np.abs(plain.hidden_states[-1, 0] - zero.hidden_states[-1, 0]).max() > 1e-3


@pytest.mark.parametrize("slug", thinned([DEFAULT, *FAMILIES]))
def test_with_all_weights_at_zero_a_layer_s_heads_are_silent(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    zero = read(slug, TEXTS[:1], edit=edit(Zero("all", "all", (2,))))
    silent = read(slug, TEXTS[:1], edit=edit(Silence(2, tuple(range(1, zero.heads + 1)))))
    assert not zero.attention(2).any()
    np.testing.assert_allclose(zero.hidden_states, silent.hidden_states, **NEAR)


def test_a_weight_of_zero_by_hand(tiny: Mapping[str, Checkpoint]) -> None:
    model, zero = unlent("tiny-bert"), read("tiny-bert", TEXTS[:1], edit=edit(Zero((2,), "first", (1,))))
    block, weights = model.eager.encoder.layer[0], torch.tensor(read("tiny-bert", TEXTS[:1]).attention(1)).clone()
    weights[:, :, 2, 0] = 0
    with torch.inference_mode():
        states = torch.tensor(zero.hidden_states[0])
        values = block.attention.self.value(states).unflatten(-1, (2, 4)).transpose(1, 2)  # [batch, heads, tokens, 4]
        context = (weights @ values).transpose(1, 2).flatten(-2)
        wanted = block.feed_forward_chunk(block.attention.output(context, states))
    np.testing.assert_allclose(zero.hidden_states[1], wanted.numpy(), **CLOSE)


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_a_starved_first_token_is_the_same_in_every_text(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    starved = read(slug, TEXTS, edit=edit(Cut("first", "others")))
    np.testing.assert_allclose(starved.cls[:, 0], starved.cls[:, 1], **NEAR)
    open_ = read(slug, TEXTS)
    assert not np.array_equal(open_.cls[-1, 0], open_.cls[-1, 1])


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_the_causal_switch_hides_what_stands_behind(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    causal = edit(Cut("all", "later"))
    one, other = read(slug, ["the film was good"], edit=causal), read(slug, ["the film was bad and good"], edit=causal)
    pairs = zip(one.encoding.row(0), other.encoding.row(0), strict=False)
    same = next(k for k, (a, b) in enumerate(pairs) if a != b)
    assert same > 2
    np.testing.assert_allclose(one.hidden_states[:, 0, :same], other.hidden_states[:, 0, :same], **NEAR)
    assert np.abs(one.hidden_states[-1, 0, same] - other.hidden_states[-1, 0, same]).max() > 1e-3


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_the_mirrored_switch_hides_what_stands_in_front(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    mirrored = read(slug, TEXTS, edit=edit(Cut("all", "earlier")))
    for row, length in enumerate(mirrored.encoding.lengths):
        for layer in range(1, mirrored.layers + 1):
            weights = mirrored.attention(layer)[row, :, :length, :length]
            assert not np.tril(weights, -1).any()
            np.testing.assert_allclose(weights.sum(axis=-1), 1, **CLOSE)
            assert np.array_equal(weights[:, -1, -1], np.ones(len(weights))), "the last token reads itself alone"


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_a_silent_head_is_a_projection_without_it(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    plain, silent = read(slug, TEXTS[:1]), read(slug, TEXTS[:1], edit=edit(Silence(2, (1,))))
    assert np.array_equal(plain.hidden_states[:2], silent.hidden_states[:2])
    assert np.array_equal(plain.attention(2), silent.attention(2)), "it still reads, and is not heard"
    assert not np.allclose(plain.hidden_states[2], silent.hidden_states[2], **CLOSE)
    everything = read(slug, TEXTS[:1], edit=edit(Silence(2, tuple(range(1, plain.heads + 1)))))
    also = read(slug, TEXTS[:1], edit=edit(*(Silence(2, (head,)) for head in range(1, plain.heads + 1))))
    assert np.array_equal(everything.hidden_states, also.hidden_states)


def test_a_silent_head_by_hand(tiny: Mapping[str, Checkpoint]) -> None:
    model, silent = unlent("tiny-bert"), read("tiny-bert", TEXTS[:1], edit=edit(Silence(1, (2,))))
    block = model.eager.encoder.layer[0]
    with torch.inference_mode():
        states = torch.tensor(silent.hidden_states[0])
        context = block.attention.self(states)[0].clone()
        context[..., 4:] = 0  # the second of two heads, each four wide
        wanted = block.feed_forward_chunk(block.attention.output(context, states))
    np.testing.assert_allclose(silent.hidden_states[1], wanted.numpy(), **CLOSE)


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_tokens_are_moved_doubled_removed_and_replaced(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    plain = read(slug, TEXTS, attention="none").encoding
    whole = plain.row(0)

    def row(*changes: Change) -> tuple[str, ...]:
        return read(slug, TEXTS, attention="none", edit=[edit(*changes), Edit()]).encoding.row(0)

    assert row(Remove(0)) == whole[1:]
    assert row(Remove(0), Remove(2)) == (whole[1], *whole[3:]), "places are those of the text as it was"
    assert row(Move(0, 99)) == (*whole[1:], whole[0])
    assert row(Move(0, 3)) == (*whole[1:3], whole[0], *whole[3:])
    assert row(Repeat(0, 3)) == (*whole[:3], whole[0], *whole[3:])
    assert row(Replace(1, whole[2])) == (whole[0], whole[2], *whole[2:])
    moved = read(slug, TEXTS, edit=[edit(Move(0, 99)), Edit()])
    at = moved.encoding.at(0, 0)
    assert at == len(whole) - 1
    assert moved.encoding.roles(0)[at] == "cls"
    assert np.array_equal(moved.of(0)[-1, 0], moved.hidden_states[-1, 0, at])
    np.testing.assert_allclose(moved.hidden_states[:, 1], read(slug, TEXTS).hidden_states[:, 1], **NEAR)


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_an_edited_text_is_read_as_if_it_had_been_typed(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    typed = read(slug, ["The film was."], attention="cls")
    whole = read(slug, ["The film was good."], attention="none").encoding
    gone = [i for i, token in enumerate(whole.row(0)) if token not in typed.encoding.row(0)]
    edited = read(slug, ["The film was good."], attention="cls", edit=edit(*map(Remove, gone)))
    assert np.array_equal(edited.encoding.input_ids, typed.encoding.input_ids)
    np.testing.assert_allclose(edited.hidden_states, typed.hidden_states, **NEAR)


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_padding_changes_nothing_unless_the_mask_is_left_out(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    plain = read(slug, TEXTS[:1], attention="cls")
    padded = read(slug, TEXTS[:1], attention="cls", edit=edit(Pad("right", 5)))
    np.testing.assert_allclose(padded.cls, plain.cls, **NEAR)
    bare = read(slug, TEXTS[:1], attention="cls", edit=edit(Pad("right", 5), Unmask()))
    assert np.abs(bare.cls[-1] - plain.cls[-1]).max() > 1e-3
    assert bare.encoding.lengths.tolist() == plain.encoding.lengths.tolist(), "which tokens are real is still known"
    left = read(slug, TEXTS[:1], attention="cls", edit=edit(Pad("left", 5)))
    assert left.encoding.roles(0)[:6] == ("pad",) * 5 + ("cls",)
    assert left.encoding.first.tolist() == [5]


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_positions_are_changed_where_there_are_any(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    plain = read(slug, TEXTS, attention="cls")
    if slug == "tiny-deberta-v2":
        with pytest.raises(ValueError, match="has no position ids"):
            read(slug, TEXTS, edit=edit(Shift(3)))
        return
    moved = read(slug, TEXTS, attention="cls", edit=edit(Position(0, 9)))
    assert np.abs(moved.cls[-1] - plain.cls[-1]).max() > 1e-3
    # naming the positions that the model gives by itself changes nothing
    same = read(slug, TEXTS[:1], attention="cls", edit=edit(Shift(0)))
    np.testing.assert_allclose(same.cls, plain.cls[:, :1], **NEAR)
    with pytest.raises(ValueError, match="There is no position"):
        read(slug, TEXTS, edit=edit(Position(0, 99_000)))


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_segments_are_changed_where_there_are_any(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    from lib import checkpoints

    change = edit(Segment(1, 1))
    if not checkpoints.checkpoint(slug).has_segments:
        with pytest.raises(ValueError, match="has no segments"):
            read(slug, TEXTS, edit=change)
        return
    assert not np.allclose(read(slug, TEXTS, edit=change).cls[-1], read(slug, TEXTS).cls[-1], **CLOSE)
    with pytest.raises(ValueError, match="There is no segment 7"):
        read(slug, TEXTS, edit=edit(Segment(1, 7)))


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_many_edits_of_one_text_are_one_batch(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    edits = [Edit(), edit(Remove(2)), edit(Cut("first", (1,))), edit(Silence(1, (1,)), Replace(1, made_token(slug)))]
    together = read(slug, TEXTS[:1] * 4, attention="cls", edit=edits)
    for row, change in enumerate(edits):
        alone = read(slug, TEXTS[:1], attention="cls", edit=change)
        np.testing.assert_allclose(together.cls[:, row], alone.cls[:, 0], **NEAR)


def made_token(slug: str) -> str:
    return read(slug, ["a"], attention="none").encoding.row(0)[1]


@pytest.mark.parametrize("slug", FAMILIES)
def test_edits_never_leak(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    before, hung = read(slug, TEXTS), hooks(slug)
    weights = {name: tensor.clone() for name, tensor in unlent(slug).eager.state_dict().items()}
    for change in (
        Cut("first", "others"),
        Zero("all", "first"),
        Silence(1, (1,)),
        Pad("left", 2),
        Unmask(),
        Move(0, 99),
    ):
        read(slug, TEXTS, edit=edit(change))
    with pytest.raises(ValueError, match="Nothing left to read"):
        read(slug, TEXTS, edit=edit(Cut("all", "all", (2,))))
    after = read(slug, TEXTS)
    assert np.array_equal(before.hidden_states, after.hidden_states)
    assert all(torch.equal(weights[name], tensor) for name, tensor in unlent(slug).eager.state_dict().items())
    assert hooks(slug) == hung


def hooks(slug: str) -> list[int]:
    """How many hooks hang at each module; transformers has some of its own."""
    return [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in unlent(slug).eager.modules()]


# Against a mask made by hand, and what the measurements beforehand found


def test_a_cut_is_the_mask_made_by_hand(embedded: object) -> None:
    model = unlent(DEFAULT)
    given = model.tokenizer(TEXTS[0], return_tensors="pt")
    tokens = given["input_ids"].shape[1]
    mask = torch.zeros(1, 1, tokens, tokens)
    mask[0, 0, 0, 3] = torch.finfo(torch.float32).min
    with torch.inference_mode():
        out = model.eager(**{**given, "attention_mask": mask}, output_hidden_states=True)
    ours = read(DEFAULT, TEXTS[:1], edit=edit(Cut("first", (3,))))
    np.testing.assert_allclose(ours.hidden_states, torch.stack(out.hidden_states).numpy(), **NEAR)


def test_the_token_or_the_place(embedded: object) -> None:
    plain = read(DEFAULT, TEXTS[:1], attention="cls")

    def alike(*changes: Change, place: int = 0) -> float:
        one, other = read(DEFAULT, TEXTS[:1], attention="cls", edit=edit(*changes)).of(place)[-1, 0], plain.cls[-1, 0]
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

    assert alike(Replace(0, "banana")) > 0.99, "any token in the first seat"
    assert alike(Position(0, 50)) > 0.95, "or that token in any seat"
    assert alike(Replace(0, "banana"), Position(0, 50)) < 0.5, "but not another token in another seat"
    assert alike(Move(0, 99)) > 0.95


@pytest.mark.parametrize(
    ("change", "sorry"),
    [
        (Cut("first", (1,), (9,)), "There is no layer 9 to cut in: this model has 6"),
        (Zero("all", "first", (9,)), "There is no layer 9 to cut in: this model has 6"),
        (Silence(3, (13,)), "There is no layer 3 with heads 13 to silence"),
        (Remove(40), "The token of place 40 is not there"),
        (Replace(1, "no such piece"), "No such piece"),
        (Pad("right", 600), "Too long after the change"),
    ],
)
def test_what_cannot_be_changed_is_said(change: Change, sorry: str, embedded: object) -> None:
    with pytest.raises(ValueError, match=sorry):
        read(DEFAULT, TEXTS, edit=edit(change))


def test_a_removed_token_cannot_be_changed_again(embedded: object) -> None:
    with pytest.raises(ValueError, match="not there"):
        read(DEFAULT, TEXTS, edit=edit(Remove(1), Replace(1, "film")))
    with pytest.raises(ValueError, match="Nothing is left of the text"):
        read(DEFAULT, ["good"], edit=edit(Remove(0), Remove(1), Remove(2)))
    with pytest.raises(ValueError, match="2 texts but 1 edits"):
        read(DEFAULT, TEXTS, edit=[Edit()])


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_a_watched_token_keeps_its_attention_wherever_it_went(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    edits = [edit(Move(0, 99)), edit(Repeat(0, 2)), edit(Repeat(0, 2)), edit(Remove(0))]
    seats = [Seat(0), Seat(0), Seat(0, 1), Seat(1)]
    rows = [TEXTS[0]] * 4
    few, full = read(slug, rows, edit=edits, watch=seats, attention="cls"), read(slug, rows, edit=edits)
    places = few.encoding.seated(seats)
    assert places.tolist() == [few.encoding.lengths[0] - 1, 0, 2, 0]
    assert np.array_equal(few.seated(seats)[-1, 2], few.hidden_states[-1, 2, 2])
    for layer in range(1, few.layers + 1):
        for row, place in enumerate(places):
            assert np.array_equal(few.attends_to(layer)[row], full.attention(layer)[row, :, place])
            assert np.array_equal(few.attended_by(layer)[row], full.attention(layer)[row, :, :, place])


def test_a_seat_that_is_not_there_is_named(embedded: object) -> None:
    with pytest.raises(ValueError, match="Copy 2 of the token of place 0 is not in text 1"):
        read(DEFAULT, TEXTS, watch=[Seat(0, 1), Seat(0)], attention="cls")
    with pytest.raises(ValueError, match="2 texts but 1 seats"):
        read(DEFAULT, TEXTS, watch=[Seat(0)], attention="cls")
