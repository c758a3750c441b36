"""What the first token attends to and what attends to it: the numbers by hand, every branch in words, the page."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from lib.checkpoints import CHECKPOINTS, DEFAULT
from lib.escape import plain
from lib.measures import attention
from lib.measures.attention import KINDS, ORDERS, Check, Kind, Shares, Way
from lib.quantities import palette
from lib.reading import Encoding, Reading
from lib.texts.examples import REFERENCE
from lib.words import attention as said
from pages.watch.attention import controls, exhibits, figures
from pages.watch.attention.heads import NONE, STEPS, codes, near, payload
from tests.conftest import CLOSE
from tests.test_pages import linked, shown

MODEL = CHECKPOINTS[DEFAULT]
ROBERTA = replace(MODEL, first_token="<s>", separator="</s>")
# [CLS] cat . [SEP] of one layer and two heads, small enough to work out by hand
FOUR = np.array([[[0.5, 0.25, 0.125, 0.125], [0.25, 0.25, 0.25, 0.25]]], np.float32)
KIND_OF_FOUR: tuple[Kind, ...] = ("itself", "words", "punctuation", "separator")


def made(values: object = FOUR, kinds: Sequence[Kind] = KIND_OF_FOUR, way: Way = "attends_to") -> Shares:
    names = {"itself": "[CLS]", "separator": "[SEP]", "punctuation": ".", "words_b": "dog"}
    return Shares(way, tuple(names.get(kind, "cat") for kind in kinds), tuple(kinds), np.array(values, np.float32))


def encoding(
    tokens: Sequence[str], text: str, pair: str | None = None, *, spans: Sequence[tuple[int, int]], which: Sequence[int]
) -> Encoding:
    """One row: [CLS] first, [SEP] and [PAD] by name."""
    special = np.array([[token in ("[CLS]", "[SEP]", "[PAD]") for token in tokens]], np.int64)
    return Encoding(
        texts=(text,),
        pairs=(pair,),
        tokens=(tuple(tokens),),
        input_ids=np.zeros_like(special),
        attention_mask=np.array([[token != "[PAD]" for token in tokens]], np.int64),
        token_type_ids=np.zeros_like(special),
        special_tokens_mask=special,
        offset_mapping=np.array([spans], np.int64),
        sequence=np.array([which], np.int64),
        unk_id=1,
        full_lengths=special.sum(axis=1),
        unread=("",),
    )


# Numbers


def test_entropy_by_hand() -> None:
    half = 0.5 * math.log(2) + 0.25 * math.log(4) + 2 * 0.125 * math.log(8)
    np.testing.assert_allclose(attention.entropy(FOUR), [[half, math.log(4)]], **CLOSE)
    assert attention.entropy(np.array([1.0, 0.0, 0.0])) == 0, "a share of 0 adds nothing, and no NaN"
    np.testing.assert_allclose(attention.effective(np.full((2, 7), 1 / 7)), [7, 7], **CLOSE)
    assert attention.effective(np.array([0.0, 1.0])) == 1
    np.testing.assert_allclose(attention.typical(made()), [math.exp((half + math.log(4)) / 2)], **CLOSE)


def test_entropy_lies_between_one_token_and_all() -> None:
    rows = np.random.default_rng(3).dirichlet(np.full(9, 0.3), size=500).astype(np.float32)
    found = attention.entropy(rows)
    assert found.min() >= 0
    assert found.max() <= math.log(9) + 1e-6
    mixed = attention.entropy((rows + rows[:, ::-1]) / 2)
    assert (mixed >= (attention.entropy(rows) + attention.entropy(rows[:, ::-1])) / 2 - 1e-6).all(), "it is concave"


@pytest.mark.parametrize(
    ("piece", "is_one"),
    [
        (".", True),
        ("...", True),
        ("$", True),
        ("😀", False),
        ("❤️", False),
        ("+", True),
        ("«", True),
        ("'s", False),
        ("a", False),
        ("7", False),
        ("駅", False),
        ("", False),
        (" ", False),
        ("\u0301", False),
        ("##", True),
        ("a.", False),
    ],
)
def test_punctuation_is_marks_and_signs_only(piece: str, is_one: bool) -> None:
    assert attention.is_punctuation(piece) is is_one


def test_emoji_are_no_punctuation_even_where_the_model_does_not_know_them(embedded: object) -> None:
    from lib.model import read

    encoding_ = read(DEFAULT, ["\N{GRINNING FACE} \u2764\ufe0f!"], attention="none").encoding
    assert attention.kinds(encoding_, 0) == ("itself", "words", "words", "punctuation", "separator")


def test_kinds_are_judged_by_the_letters_and_not_by_the_names() -> None:
    row = encoding(
        ["[CLS]", "Ġcat", "âĢĻ", "[SEP]", "[PAD]"],
        "cat’",
        spans=[(0, 0), (0, 3), (3, 4), (0, 0), (0, 0)],
        which=[-1, 0, 0, -1, -1],
    )
    assert attention.kinds(row, 0) == ("itself", "words", "punctuation", "separator"), "padding is left out"
    assert attention.kinds(row, 0, way="attended_by") == ("itself", "words", "words", "separator"), (
        "a full stop reads, too"
    )


def test_kinds_of_a_pair() -> None:
    row = encoding(
        ["[CLS]", "a", "[SEP]", "b", "?", "[SEP]"],
        "a",
        "b?",
        spans=[(0, 0), (0, 1), (0, 0), (0, 1), (1, 2), (0, 0)],
        which=[-1, 0, -1, 1, 1, -1],
    )
    assert attention.kinds(row, 0) == ("itself", "words_a", "separator", "words_b", "punctuation", "separator")
    assert attention.kinds(row, 0, way="attended_by")[4] == "words_b"


def test_groups_are_summed_in_the_row_and_averaged_in_the_column() -> None:
    kinds: tuple[Kind, ...] = ("itself", "words", "words", "separator")
    row, column = made(FOUR, kinds), made(FOUR, kinds, "attended_by")
    assert row.groups == column.groups == ("itself", "separator", "words")
    assert row.sizes == (1, 1, 2)
    np.testing.assert_allclose(row.by_group, [[[0.5, 0.125, 0.375], [0.25, 0.25, 0.5]]], **CLOSE)
    np.testing.assert_allclose(column.by_group, [[[0.5, 0.125, 0.1875], [0.25, 0.25, 0.25]]], **CLOSE)
    np.testing.assert_allclose(row.by_layer, [[0.375, 0.1875, 0.4375]], **CLOSE)
    np.testing.assert_allclose(row.by_group.sum(axis=2), 1, **CLOSE)
    np.testing.assert_allclose(row.of("words"), [[0.375, 0.5]], **CLOSE)
    np.testing.assert_allclose(column.of("words"), [[0.1875, 0.25]], **CLOSE)


def test_words_of_both_texts_of_a_pair_are_words() -> None:
    pair = made(FOUR, ("itself", "words_a", "separator", "words_b"))
    np.testing.assert_allclose(pair.of("words"), [[0.375, 0.5]], **CLOSE)


def test_orders() -> None:
    values = np.array([[[0.7, 0.1, 0.1, 0.1], [0.1, 0.7, 0.1, 0.1]], [[0.1, 0.1, 0.1, 0.7], [0.25, 0.25, 0.25, 0.25]]])
    read = made(values)
    assert read.ranked("layer").tolist() == [0, 1, 2, 3]
    assert read.ranked("self").tolist() == [0, 3, 1, 2], "equal heads stay in the model's order"
    assert read.ranked("sep").tolist() == [2, 3, 0, 1]
    assert read.ranked("words").tolist() == [1, 3, 0, 2]
    assert read.ranked("entropy")[0] == 3
    np.testing.assert_allclose(read.of("entropy")[1, 1], 1, **CLOSE)
    assert read.top("words") == (1, 2)
    assert read.top("sep") == (2, 1)
    with pytest.raises(ValueError, match="take one of self, sep, words"):
        made(values, way="attended_by").of("entropy")
    assert (made(FOUR[:, :, :2] * [1, 1], ("itself", "separator")).of("words") == 0).all(), "no words, no shares"


def test_check_finds_a_row_that_does_not_add_up() -> None:
    assert attention.check(made()) == Check(rows=2, deviation=0, holds=True)
    broken = attention.check(made(FOUR * np.float32(0.99)))
    assert not broken.holds
    assert broken.deviation == pytest.approx(0.01, abs=1e-6)
    with pytest.raises(ValueError, match="different tokens"):
        attention.check(made(way="attended_by"))


def test_shares_refuse_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"\[layers, heads, tokens\]"):
        made(FOUR[0])
    with pytest.raises(ValueError, match="kinds has 2 entries for 4"):
        Shares("attends_to", tuple("abcd"), ("itself", "words"), FOUR.copy())
    with pytest.raises(ValueError, match="exactly one"):
        made(FOUR, ("itself", "itself", "words", "separator"))
    with pytest.raises(ValueError, match="read-only"):
        made().values[0, 0, 0] = 1


def test_a_window_is_where_every_head_sees_no_farther() -> None:
    near, far = [0.5, 0.5, 0, 0], [0.5, 0.25, 0, 0.25]
    assert attention.window(made([[near, far], [far, far]])) is None, "one head that sees the end is enough"
    assert attention.window(made([[near, near], [far, near], [[1, 0, 0, 0], near]])) == attention.Window(
        (True, False, True), sees=2, beyond=2
    )


def test_runs() -> None:
    assert attention.runs([False, True, True, False, True]) == ((2, 3), (5, 5))
    assert attention.runs([True] * 3) == ((1, 3),)
    assert attention.runs([False] * 3) == ()


def test_shares_of_a_reading_leave_padding_out(by_hand: Callable[..., Reading]) -> None:
    states = np.zeros((2, 2, 4, 3))
    row = np.array([[[[0.4, 0.3, 0.2, 0.1]], [[0.6, 0.4, 0, 0]]]], np.float32)
    column = np.array([[[[0.4, 0.9, 0.8, 0.7]], [[0.6, 0.5, 0.33, 0.33]]]], np.float32)
    reading = by_hand(states, [[1, 1, 1, 1], [1, 1, 0, 0]], row=row, column=column)
    read = attention.shares(reading, 1, "attends_to")
    assert read.values.tolist() == [[[np.float32(0.6), np.float32(0.4)]]]
    assert read.tokens == ("[X]", "[X]")
    assert read.kinds == ("itself", "separator")
    np.testing.assert_allclose(attention.shares(reading, 0, "attended_by").values, [[[0.4, 0.9, 0.8, 0.7]]], **CLOSE)
    with pytest.raises(ValueError, match="no text 2"):
        attention.shares(reading, 2, "attends_to")
    with pytest.raises(ValueError, match="No attention"):
        attention.shares(by_hand(states, [[1, 1, 1, 1], [1, 1, 0, 0]]), 0, "attends_to")


def test_where_padding_is_on_the_left_the_first_token_is_still_the_first(by_hand: Callable[..., Reading]) -> None:
    row = np.array([[[[0, 0.5, 0.3, 0.2]]]], np.float32)
    read = attention.shares(by_hand(np.zeros((2, 1, 4, 3)), [[0, 1, 1, 1]], row=row, column=row), 0, "attends_to")
    assert read.position == 0
    assert read.kinds == ("itself", "words", "separator")
    np.testing.assert_allclose(read.values, [[[0.5, 0.3, 0.2]]], **CLOSE)


def test_tables_hold_every_number() -> None:
    by_token = attention.by_token(made())
    assert list(by_token) == ["position", "token", "kind", "1.1", "1.2"]
    assert by_token["1.1"] == pytest.approx(FOUR[0, 0].tolist())
    by_head = attention.by_head(made())
    assert by_head["exp(E), tokens"][1] == pytest.approx(4, abs=1e-3)
    assert by_head["E / ln N"][1] == pytest.approx(1, abs=1e-5)


# The embedded model


@pytest.fixture(scope="module")
def reading(embedded: object) -> Reading:
    from lib.model import read

    return read(DEFAULT, REFERENCE[:24], attention="cls")


def test_the_model_reads_as_it_was_measured(reading: Reading) -> None:
    """Golden values of 200 film phrases; 24 other sentences of other lengths come near to them."""
    itself, text, given = np.zeros(6), np.zeros(6), np.zeros(6)
    for row in range(reading.batch):
        read = attention.shares(reading, row, "attends_to")
        assert attention.check(read).holds
        itself += read.of("self").mean(axis=1) / reading.batch
        text += (1 - read.of("self") - read.of("sep")).mean(axis=1) / reading.batch
        given += attention.shares(reading, row, "attended_by").of("words").mean(axis=1) / reading.batch
    np.testing.assert_allclose(itself, [0.523, 0.948, 0.971, 0.895, 0.901, 0.280], atol=0.16)
    np.testing.assert_allclose(text, [0.241, 0.048, 0.025, 0.094, 0.089, 0.686], atol=0.16)
    np.testing.assert_allclose(given, [0.174, 0.496, 0.520, 0.472, 0.536, 0.363], atol=0.16)
    assert itself.argmax() == 2
    assert text.argmax() == 5


def test_the_entry_that_both_directions_share_is_the_same_number(reading: Reading) -> None:
    for row in range(reading.batch):
        row_0, column_0 = (attention.shares(reading, row, way) for way in ORDERS)
        assert (row_0.values[:, :, 0] == column_0.values[:, :, 0]).all()
        assert "[PAD]" not in row_0.tokens


# What is sent


def unpacked(data: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    length = struct.unpack("<I", data[:4])[0]
    head = json.loads(data[4 : 4 + length])
    arrays = {
        name: np.frombuffer(data, "<u2", math.prod(where["shape"]), 4 + length + where["at"]).reshape(where["shape"])
        for name, where in head["arrays"].items()
    }
    return head, arrays


def test_a_code_never_changes_a_rounded_number() -> None:
    """As heads.js reads them off: (code + 320) div 640 percent, (code + 32) div 64 tenths; halves go up."""
    edges = (np.arange(1, 2000) / 2000).astype(np.float32)  # every edge between two roundings is next to one of these
    around = [edges, np.nextafter(edges, np.float32(0)), np.nextafter(edges, np.float32(1))]
    shares = np.concatenate([*around, np.random.default_rng(5).random(20_000, np.float32)])
    found = codes(shares).astype(np.int64)
    exact = [Fraction(value) for value in shares.tolist()]
    half = Fraction(1, 2)
    assert ((found + 320) // 640).tolist() == [math.floor(value * 100 + half) for value in exact]
    assert ((found + 32) // 64).tolist() == [math.floor(value * 1000 + half) for value in exact]
    assert np.abs((found + 0.5) / STEPS - shares).max() <= 1 / STEPS
    assert codes(np.array([0.0, 1e-9, 1.0, 1.0000001])).tolist() == [NONE, 0, STEPS, STEPS], "nothing is not little"


def test_the_payload_carries_one_direction_and_grows_with_the_tokens() -> None:
    sizes = []
    for tokens in (16, 512):
        values = np.random.default_rng(1).dirichlet(np.ones(tokens), size=(6, 12)).astype(np.float32)
        kinds: tuple[Kind, ...] = ("itself", *(("words",) * (tokens - 2)), "separator")
        read = made(values, kinds)
        data = payload(read, "layer", MODEL, start=(6, 3), turn=1, alt="words")
        head, arrays = unpacked(data)
        assert arrays["values"].shape == (6, 12, tokens)
        np.testing.assert_allclose(arrays["values"] / STEPS, values, atol=1 / STEPS)
        np.testing.assert_allclose(arrays["groups"] / STEPS, read.by_group, atol=1 / STEPS)
        assert (head["way"], head["start"], head["turn"]) == ("attends_to", [6, 3], 1)
        sizes.append(len(data))
    assert sizes[1] < 6 * 12 * 512 * 2 + 16_000
    assert sizes[1] < 40 * sizes[0], "with the tokens, and not with their square"


def test_the_payload_says_where_each_strip_is_from_when_sorted() -> None:
    head, _ = unpacked(payload(made(), "entropy", MODEL, start=(1, 1), turn=1, alt=""))
    assert head["order"] == [1, 0]
    assert head["values"] == ["0.88", "1.00"]
    assert "largest first" in head["meant"]
    assert (near(0.0), near(0.001), near(0.01)) == ("0.00", "<0.01", "0.01")


def test_names_in_the_payload_are_the_models_own_and_one_line_each() -> None:
    names = ("<s>", "a\u202eb\n", "</s>")
    read = Shares("attended_by", names, ("itself", "words", "separator"), np.full((1, 1, 3), 0.5, np.float32))
    head, _ = unpacked(payload(read, "layer", ROBERTA, start=(1, 1), turn=1, alt=""))
    assert head["tokens"] == ["<s>", "a◌b ", "</s>"]
    assert head["arrow"] == "<s> is attended to by →"
    assert head["names"] == ["<s> itself", "</s>", "the text"]


# What is said


def layers(*rows: Sequence[float]) -> Shares:
    """One head a layer, on [CLS], a word, a full stop and [SEP]."""
    return made([[row] for row in rows])


def test_head_in_words() -> None:
    told = plain(said.head(made(), 1, 1, MODEL))
    assert told.startswith("Layer 1, head 1: [CLS] gives 50% of its attention to itself and 25% to “cat”.")
    assert "An even share would be 25% (1/4)." in told
    bare = plain(said.head(made([[[0.2, 0.8]]], ("itself", "separator")), 1, 1, MODEL))
    assert "80% to [SEP]" in bare
    assert "“[SEP]”" not in bare


def test_readers_of_a_head_are_never_added_up() -> None:
    told = plain(said.head(made(way="attended_by"), 1, 1, MODEL))
    assert "“cat” gives 25% of its attention to [CLS], the average token of the text 19%." in told
    assert "the bars do not add up to 100%" in told
    one = plain(said.head(made([[[0.2, 0.8, 0.1]]], ("itself", "words", "separator"), "attended_by"), 1, 1, MODEL))
    assert "“cat” gives 80%" in one
    assert "average" not in one
    none = said.head(made([[[0.2, 0.8]]], ("itself", "separator"), "attended_by"), 1, 1, MODEL)
    assert "no token that could attend to it" in none


def test_a_window_in_words() -> None:
    read, readers = (
        made([[[0.5, 0.5, 0, 0]], [[0.5, 0.25, 0, 0.25]]], way=way) for way in ("attends_to", "attended_by")
    )
    told = plain(said.window(attention.window(read), read, MODEL))
    assert "In layer 1 of this model a token attends to a window of its neighbours" in told
    assert "[CLS] cannot attend to the last 2 tokens, which get 0, exactly, in every head" in told
    assert "An even share of the others is 50% (1/2)." in told
    told = plain(said.window(attention.window(readers), readers, MODEL))
    assert "the last 2 tokens cannot attend to [CLS], and give it 0, exactly" in told
    assert "even share" not in told, "who reads at the other end sees to both sides"


MOSTLY_ITSELF = ([0.2, 0.6, 0.1, 0.1], [0.6, 0.2, 0.1, 0.1], [0.9, 0.1, 0, 0])
MOSTLY_SEPARATOR = ([0.2, 0.6, 0.1, 0.1], [0.1, 0.2, 0.1, 0.6])


def test_what_it_attends_to_by_layer() -> None:
    told = plain(said.listed(layers(*MOSTLY_ITSELF), MODEL))
    assert "[CLS] attends most to itself in layer 3 (90%)." in told
    assert "The words get most in layer 1: 60% of its attention." in told
    assert "If all tokens got the same, they would get 25%." in told


def test_the_finding_over_the_layers() -> None:
    assert plain(said.finding(layers(*MOSTLY_ITSELF), MODEL)) == "[CLS] attends mostly to itself in layers 2 and 3"
    assert plain(said.finding(layers(*MOSTLY_SEPARATOR), MODEL)) == "[CLS] attends mostly to [SEP] in layer 2"
    assert "spreads its attention in every layer" in said.finding(layers([0.2, 0.6, 0.1, 0.1]), MODEL)
    half = layers([0.5, 0.3, 0.1, 0.1])
    assert "spreads" in said.finding(half, MODEL), "half is not more than half"


def test_what_gets_most_of_its_attention() -> None:
    assert attention.mostly(layers(*MOSTLY_ITSELF)) == ("self",)
    assert attention.mostly(layers([0.1, 0.2, 0.1, 0.6])) == ("sep",)
    assert attention.mostly(layers([0.2, 0.6, 0.1, 0.1])) == ("words",)
    even = layers([0.25, 0.25, 0.25, 0.25])
    assert set(attention.mostly(even)) == {"self", "sep", "words", "alike"}, "all of them are right"
    assert attention.mostly(layers([0.5, 0.3, 0.1, 0.1])) == ("self", "alike"), "twice an even share is alike"
    assert attention.mostly(layers([0.51, 0.29, 0.1, 0.1])) == ("self",)
    bare = made([[[0.9, 0.1]]], ("itself", "separator"))
    assert attention.mostly(bare) == ("self", "alike")
    assert len(said.answers(MODEL)) == len(attention.MOSTLY)


def test_the_answer_to_the_prediction_gives_all_three_sums() -> None:
    told = plain(said.overall(layers(*MOSTLY_SEPARATOR), MODEL))
    assert "gives 15% of its attention to itself, 35% to [SEP] and 40% to the words." in told
    bare = plain(said.overall(made([[[0.9, 0.1]]], ("itself", "separator")), MODEL))
    assert "90% of its attention to itself, 10% to [SEP] and 0% to the words" in bare


def test_a_text_without_words() -> None:
    told = said.listed(made([[[0.5, 0.4, 0.1]]], ("itself", "punctuation", "separator")), MODEL)
    assert "no words, only marks and signs." in told
    bare = made([[[0.9, 0.1]]], ("itself", "separator"))
    told = said.listed(bare, MODEL)
    assert "no token of its own" in told
    assert "in layer 1 (**90%**)" in told
    assert said.strongest(bare, MODEL) == "Every head of every layer"
    assert "No word" in said.attended(made([[[0.9, 0.1]]], ("itself", "separator"), "attended_by"), MODEL)


def test_readers_more_and_less_than_evenly() -> None:
    kinds: tuple[Kind, ...] = ("itself", "words", "words", "separator")
    much = plain(said.readers(made([[[0.9, 0.6, 0.6, 0.2]], [[0.9, 0.1, 0.1, 0.2]]], kinds, "attended_by"), MODEL))
    assert "In layer 1 the average token of the text gives 60% of its attention to [CLS]," in much
    assert "2 times an even share (25%)." in much
    assert "It gets more than an even share in layer 1." in much
    assert "does not make it important" in much
    little = plain(said.readers(made([[[0.9, 0.1, 0.1, 0.2]]], kinds, "attended_by"), MODEL))
    assert "gives 10% of its attention to [CLS], where an even share would be 25%." in little
    assert "In no layer does it get more than an even share." in little
    assert "important" not in little
    assert "no token" in said.readers(made([[[0.9, 0.1]]], ("itself", "separator"), "attended_by"), MODEL)


def test_spread_in_words() -> None:
    told = plain(said.spread(layers([1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]), MODEL))
    assert "attends to 1.0 of 4 tokens in effect in layer 1 and to 4.0 in layer 2" in told
    assert "Head 1 of layer 2 spreads farthest, over 4.0 tokens." in told
    assert " in layer 1 and" not in said.spread(layers([1, 0, 0, 0]), MODEL)


@pytest.mark.parametrize(
    ("found", "of", "words"),
    [
        (((3, 3),), 6, "layer 3"),
        (((2, 5),), 6, "layers 2 to 5"),
        (((1, 6),), 6, "every layer"),
        (((1, 1),), 1, "layer 1"),
        (((1, 2),), 6, "layers 1 and 2"),
        (((1, 1), (3, 4)), 6, "layers 1, 3 and 4"),
        (((1, 3), (5, 5)), 9, "layers 1 to 3 and 5"),
    ],
)
def test_several_layers(found: Sequence[tuple[int, int]], of: int, words: str) -> None:
    assert said.several(found, of) == words


def test_the_check_shows_its_mark() -> None:
    assert said.checked(Check(72, 2e-7, True), "[CLS]").startswith("● Each of the 72 rows")
    assert said.checked(Check(72, 2e-7, True), "[CLS]").endswith("2\u00a0×\u00a010⁻⁷.")
    assert said.checked(Check(72, 0, True), "[CLS]").endswith("0, exactly.")
    assert said.checked(Check(1, 0.02, False), "[CLS]").startswith("○ Not each of the 1 row ")


def test_a_token_cannot_format_a_sentence() -> None:
    read = Shares(
        "attends_to",
        ("<s>", "**x**<b>", "</s>"),
        ("itself", "words", "separator"),
        np.array([[[0.1, 0.8, 0.1]]], np.float32),
    )
    told = said.head(read, 1, 1, ROBERTA)
    assert r"“\*\*x\*\*\<b\>”" in told
    assert r":orange[\<s\>]" in told
    assert "[CLS]" not in told


# Figures

PALETTE = palette("light")


def test_what_it_attends_to_is_stacked_beside_equal_shares() -> None:
    read = made()
    figure = figures.listed(
        read.by_layer, read.groups, ["itself", "[SEP]", "punctuation", "<b>words"], read.sizes, PALETTE
    )
    bars = [trace for trace in figure.data if isinstance(trace, go.Bar)]
    assert [list(bar.x) for bar in bars] == [["1", figures.EVENLY]] * 4
    assert figure.layout.barmode == "stack"
    np.testing.assert_allclose(np.sum([bar.y for bar in bars], axis=0), 1, **CLOSE)
    assert [bar.y[1] for bar in bars] == [0.25] * 4
    assert bars[3].name == "&lt;b&gt;words"
    assert tuple(figure.layout.yaxis.range) == (0, 1)
    assert figure.layout.yaxis.tickformat == ".0%"
    assert "1/4" in figure.layout.xaxis.title.text
    assert [line.y0 for line in figure.layout.shapes] == [0.25]
    assert "1 of 4 tokens" in bars[0].customdata[0]
    with pytest.raises(ValueError, match="give one of each"):
        figures.listed(read.by_layer, read.groups, ["itself"], read.sizes, PALETTE)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_reading_keeps_to_its_hue_and_kinds_differ_by_more_than_colour(mode: str) -> None:
    colours = palette(mode)
    kinds: tuple[Kind, ...] = ("itself", "separator", "punctuation", "words_a", "words_b")
    figure = figures.listed(np.full((2, 5), 0.2), kinds, kinds, [1] * 5, colours)
    painted = {bar.marker.color for bar in figure.data}
    assert not painted & {colours.cls, colours.attended_by, colours.segment}
    looks = [(bar.marker.color, bar.marker.pattern.shape) for bar in figure.data]
    assert len(set(looks)) == len(kinds)
    assert looks[3][0] == looks[4][0] == colours.attends_to
    assert looks[3][1] != looks[4][1]


def test_labels_beside_the_bars_do_not_collide() -> None:
    figure = figures.listed(np.full((1, 4), 0.25), KINDS[:4], ["a", "b", "c", "d"], [1, 1, 1, 509], PALETTE)
    places = [note.y for note in figure.layout.annotations]
    assert np.diff(places).min() >= 0.07
    assert 0 <= min(places) <= max(places) <= 1


def test_readers_are_bars_and_marks_and_never_stacked() -> None:
    kinds: tuple[Kind, ...] = ("itself", "separator", "words_a", "words_b")
    figure = figures.readers(np.array([[0.9, 0.1, 0.4, 0.5]]), kinds, kinds, 12, PALETTE)
    assert figure.layout.barmode == "group"
    bars = [trace for trace in figure.data if isinstance(trace, go.Bar)]
    assert [(bar.name, bar.y[0]) for bar in bars] == [("words_a", 0.4), ("words_b", 0.5)]
    assert {bar.marker.color for bar in bars} == {PALETTE.attended_by}
    marks = {trace.name: trace for trace in figure.data if isinstance(trace, go.Scatter)}
    assert (marks["itself"].marker.symbol, marks["itself"].marker.line.color) == ("square", PALETTE.cls)
    assert figure.data[-1].name == "itself", "on top of what may lie at the same height"
    assert PALETTE.attends_to not in str(figure.to_dict())
    assert [line.y0 for line in figure.layout.shapes] == [1 / 12]


def test_spread_has_a_mark_for_each_head() -> None:
    values = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    figure = figures.spread(values, np.array([2.0, 5.0]), (2, 3), 8, PALETTE)
    heads, typical, chosen = figure.data
    assert list(heads.y) == [1, 2, 3, 4, 5, 6]
    assert [round(x) for x in heads.x] == [1, 1, 1, 2, 2, 2]
    assert heads.customdata[5] == "layer 2, head 3"
    assert list(typical.y) == [2, 2, None, 5, 5, None]
    assert list(chosen.y) == [6]
    assert [line.y0 for line in figure.layout.shapes] == [8]
    single = figures.spread(np.array([[1.5]]), np.array([1.5]), (1, 1), 2, PALETTE)
    assert list(single.data[0].x) == [1]


# The last hop


def test_the_head_that_is_chosen_is_the_one_that_is_said_sent_and_marked(by_hand: Callable[..., Reading]) -> None:
    row = np.array([[[[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]]], [[[0.3, 0.3, 0.4], [0.2, 0.2, 0.6]]]], np.float32)
    reading = by_hand(np.zeros((3, 1, 3, 2)), [[1, 1, 1]], row=row, column=row)
    sides = [exhibits.AttentionSide("", reading, 0, "attends_to")]
    chosen = exhibits.Choice(0, 2, 1)
    (heads,), (spread,) = exhibits.heads(sides, "layer", chosen, 1), exhibits.spread(sides, chosen)
    assert plain(heads.sentence).startswith("Layer 2, head 1: [CLS] gives 30% of its attention to itself and 40% to")
    assert unpacked(heads.picture.message(""))[0]["start"] == [2, 1]
    marked = spread.picture(PALETTE).data[-1]
    assert (list(marked.y), marked.name) == (pytest.approx([math.exp(1.0889)], abs=1e-3), "layer 2, head 1")
    assert round(marked.x[0]) == 2
    assert marked.x[0] < 2, "head 1 of 2 stands at the left"


def test_a_report_of_an_earlier_turn_or_of_no_head_is_none(by_hand: Callable[..., Reading]) -> None:
    row = np.full((2, 1, 2, 3), 1 / 3, np.float32)
    reading = by_hand(np.zeros((3, 1, 3, 2)), [[1, 1, 1]], row=row, column=row)
    sides = [exhibits.AttentionSide(name, reading, 0, "attends_to") for name in ("a", "b")]
    assert controls.pressed([2, 1, 5], 5, sides[:1]) == exhibits.Choice(0, 2, 1)
    assert controls.pressed([2, 1, 5, 1], 5, sides) == exhibits.Choice(1, 2, 1)
    for report in (None, [2, 1, 4, 1], [3, 1, 5, 1], [2, 3, 5, 1], [2, 1, 5, 2], [2, 1, 5]):
        assert controls.pressed(report, 5, sides) is None


# The page


def page(**link: str) -> AppTest:
    return linked("attention", **{**shown("attention"), **link})


def told(app: AppTest) -> str:
    return "\n".join(plain(each.value) for each in app.markdown)


def sent(app: AppTest) -> dict:
    drawn = [each for each in app.get("bidi_component") if each.proto.bytes]
    assert len(drawn) == 1
    return unpacked(drawn[0].proto.bytes)[0]


PAIR = {"text": "Is it late?", "pair": "Yes, it is."}
FILM = {"text": "An unbelievably good film: I forgot the time."}
LINK = {"attends_to": "reads", "attended_by": "read_by"}  # the directions, as a link has them


@pytest.mark.usefixtures("embedded")
class TestPage:
    @pytest.mark.parametrize("way", ["attends_to", "attended_by"])
    @pytest.mark.parametrize(
        "link",
        [
            pytest.param({}, id="default"),
            pytest.param(FILM, id="film"),
            pytest.param(PAIR, id="pair"),
            pytest.param({"text": "."}, id="full stop"),
            pytest.param({"text": "\u200b"}, id="nothing visible"),
            pytest.param({"text": "word " * 600}, id="600 words"),
            pytest.param({"text": "I ❤️ it 😀"}, id="emoji"),
            pytest.param({"text": "שלום עולם"}, id="right to left"),
            pytest.param({"text": "<script>alert(1)</script> **x** $a$ [l](http://x)"}, id="html"),
            pytest.param({"text": "\n".join(f"Line {n}." for n in range(200))}, id="200 texts"),
        ],
    )
    def test_it_shows_a_picture_of_any_text_in_both_directions(self, link: dict[str, str], way: str) -> None:
        app = page(**link, attention_way=LINK[way])
        assert sent(app)["way"] == way
        words = told(app)
        assert "An even share would be" in words
        assert "Each of the 72 rows" in words
        assert "nan" not in words.lower().split()
        charts = app.get("plotly_chart")
        assert len(charts) == (2 if way == "attends_to" else 1)

    def test_an_empty_box_gets_one_kind_sentence(self) -> None:
        app = page(text=" ")
        assert "No text yet" in told(app)
        assert not app.get("plotly_chart")

    def test_the_caption_is_the_alt_text(self) -> None:
        app = page(**FILM)
        alts = [chart.proto.alt for chart in app.get("plotly_chart")]
        assert len(alts) == 2
        assert all(alt and alt in told(app) for alt in alts)

    def test_the_caption_gives_the_numbers_of_the_reading(self) -> None:
        from lib.model import read

        app = page(**FILM, attention_layer="6", attention_head="7")
        row = read(DEFAULT, [FILM["text"]], attention="cls").attends_to(6)[0, 6]
        words = told(app)
        assert f"gives {row[0]:.0%} of its attention to itself and {row[1:].max():.0%} to “film”" in words
        assert "● Each of the 72 rows" in words

    @pytest.mark.parametrize("way", ["attends_to", "attended_by"])
    def test_the_answer_is_of_what_it_attends_to_whichever_direction_is_shown(self, way: str) -> None:
        from lib.model import read

        reading = read(DEFAULT, [FILM["text"]], attention="cls")
        own, other = (plain(said.overall(attention.shares(reading, 0, each), MODEL)) for each in LINK)
        words = told(page(**FILM, attention_way=LINK[way]))
        assert own in words
        assert other not in words

    def test_a_link_restores_everything(self) -> None:
        way, head = (
            {"attention_way": "read_by", "attention_order": "sep"},
            {"attention_layer": "4", "attention_head": "11"},
        )
        app = page(text="One text.\nAnother text here.", attention_text="2", **way, **head)
        head = sent(app)
        assert (head["way"], head["by"], head["start"]) == ("attended_by", "sep", [4, 11])
        assert "another" in head["tokens"]
        assert "Layer 4, head 11" in told(app)

    def test_a_link_that_asks_for_what_is_not_there_gets_the_usual(self) -> None:
        app = page(**FILM, attention_layer="77", attention_way="sideways", attention_order="colour")
        head = sent(app)
        assert (head["way"], head["by"]) == ("attends_to", "layer")
        assert "“Direction”, “Order of the heads” and “layer” do not have here" in told(app)

    def test_the_choice_in_the_picture_reaches_the_sentence(self) -> None:
        app = page(**FILM)
        app.session_state["drawing_heads"] = {"head": [2, 5, sent(app)["turn"]]}
        app.run()
        assert "Layer 2, head 5" in told(app)
        assert app.query_params["attention_layer"] == "2"

    def test_changing_the_direction_takes_the_other_entropy_away(self) -> None:
        app = page(**FILM, attention_order="entropy")
        assert sent(app)["by"] == "entropy"
        app = page(**FILM, attention_order="entropy", attention_way="read_by")
        assert sent(app)["by"] == "layer"
        assert not app.exception

    def test_a_pair_is_told_apart(self) -> None:
        assert {"words of A", "words of B"} <= set(sent(page(**PAIR))["names"])
        assert {"text A", "text B"} <= set(sent(page(**PAIR, attention_way="read_by"))["names"])
