"""The page on tokens: what is measured on rows made by hand, what it says of them, and the page itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import escape
from lib.app import choices, parts
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint, Taught
from lib.measures import tokens as measures
from lib.reading import Encoding
from lib.texts.examples import EXAMPLES
from lib.words import tokens as cautions
from pages.meet.tokens import batch, controls, exhibits, sequence, words
from tests import exhibits as drawings
from tests.conftest import ROOT

MODEL = CHECKPOINTS[DEFAULT]
FIRST, END, UNKNOWN = 101, 102, 100
Piece = tuple[str, int, int]  # name, first and one past the last character


def row(
    *pieces: Piece,
    text: str,
    pair: str | None = None,
    second: Sequence[Piece] = (),
    filler: int = 0,
    left: bool = False,
    whole: int | None = None,
    unread: str = "",
) -> Encoding:
    """One text as a BERT tokenizer would hand it on, with the pieces that the test wants."""
    names = ["[CLS]", *(name for name, _, _ in pieces), "[SEP]"]
    offsets = [(0, 0), *((a, b) for _, a, b in pieces), (0, 0)]
    sequence = [-1, *[0] * len(pieces), -1]
    segments = [0] * len(names)
    if pair is not None:
        names += [*(name for name, _, _ in second), "[SEP]"]
        offsets += [*((a, b) for _, a, b in second), (0, 0)]
        sequence += [*[1] * len(second), -1]
        segments += [1] * (len(second) + 1)
    real = len(names)
    order = [*range(real, real + filler), *range(real)] if left else list(range(real + filler))
    known = {"[CLS]": FIRST, "[SEP]": END, "[UNK]": UNKNOWN, "[PAD]": 0}
    names += ["[PAD]"] * filler
    special = [int(which < 0) for which in sequence] + [1] * filler

    def array(values: Sequence[object]) -> np.ndarray:
        return np.array([[values[k] for k in order]], np.int64)

    return Encoding(
        texts=(text,),
        pairs=(pair,),
        tokens=(tuple(names[k] for k in order),),
        input_ids=array([known.get(name, 1000 + len(name)) for name in names]),
        attention_mask=array([1] * real + [0] * filler),
        token_type_ids=array(segments + [0] * filler),
        special_tokens_mask=array(special),
        offset_mapping=array([*offsets, *[(0, 0)] * filler]),
        sequence=array(sequence + [-1] * filler),
        unk_id=UNKNOWN,
        full_lengths=np.array([real if whole is None else whole]),
        unread=(unread,),
    )


GOOD = row(("un", 0, 2), ("##kind", 2, 6), (",", 6, 7), ("he", 8, 10), text="Unkind, he", filler=2)


# Words and pieces


def test_pieces_of_one_word_are_tied_together() -> None:
    words = measures.words(GOOD, 0)
    assert [(word.start, word.stop, word.parts) for word in words] == [
        (1, 3, ("Un", "kind")),
        (3, 4, (",",)),
        (4, 5, ("he",)),
    ]
    assert [word.letters for word in words] == ["Unkind", ",", "he"]


def test_a_row_is_counted() -> None:
    assert measures.length(GOOD, 0) == measures.Length(spaced=2, whole=4, pieces=4, added=2, filler=2)
    assert measures.length(GOOD, 0).tokens == 6
    cut = row(("a", 0, 1), text="a b c d", whole=6, unread="b c d")
    assert measures.length(cut, 0) == measures.Length(spaced=4, whole=4, pieces=1, added=2, filler=0)
    assert measures.length(cut, 0).cut == 3


def test_padding_on_the_left_moves_positions_and_nothing_else() -> None:
    left = row(("un", 0, 2), ("##kind", 2, 6), text="unkind", filler=3, left=True)
    assert [(word.start, word.stop) for word in measures.words(left, 0)] == [(4, 6)]
    drawn = sequence.payload(MODEL, left, 0, "")
    assert drawn["positions"] == [3, 4, 5, 6]
    assert drawn["roles"] == ["cls", "word", "word", "sep"]
    assert "`[:, 0]` would find padding" in words.batch(MODEL, left)


def test_two_pieces_of_one_letter_show_it_once() -> None:
    jamo = row(("ᄀ", 0, 1), ("##ᅡ", 0, 1), ("##ᄂ", 1, 2), ("##ᅡ", 1, 2), text="가나")
    (word,) = measures.words(jamo, 0)
    assert word.parts == ("가", "", "나", "")


def test_marks_that_reached_no_piece_stay_with_their_letter() -> None:
    encoding = row(("zoe", 0, 3), ("x", 5, 6), text="Zoe\u0308 x")
    assert [word.letters for word in measures.words(encoding, 0)] == ["Zoe\u0308", "x"]
    assert measures.lost(encoding, 0) == ()


def test_letters_that_were_cut_off_are_not_drawn() -> None:
    cut = row(("un", 0, 2), text="unkind", whole=4, unread="kind")
    assert [word.letters for word in measures.words(cut, 0)] == ["un"]


def test_a_second_text_starts_its_own_words() -> None:
    pair = row(("a", 0, 1), text="a", pair="##b", second=[("##b", 0, 3)])
    assert [(word.sequence, word.letters) for word in measures.words(pair, 0)] == [(0, "a"), (1, "##b")]


def test_words_of_a_byte_level_vocabulary() -> None:
    encoding = row(("Ġun", 0, 2), ("kind", 2, 6), (",", 6, 7), ("Ġhe", 8, 10), text="unkind, he")
    assert [word.parts for word in measures.words(encoding, 0)] == [("un", "kind"), (",",), ("he",)]
    assert measures.spelling("Ġhe") == "he"
    assert measures.spelling("##kind") == "kind"
    assert measures.spelling("##") == "##"


# What is remarkable


def test_the_unknown_is_found_unless_its_name_was_typed() -> None:
    encoding = row(("[UNK]", 0, 1), ("x", 2, 3), ("[UNK]", 4, 9), ("[CLS]", 10, 15), text="駅 x [UNK] [CLS]")
    assert measures.unknown(encoding, 0) == (1,)
    assert measures.names_typed(encoding, 0) == (3, 4)
    assert sequence.payload(MODEL, encoding, 0, "")["roles"] == ["cls", "unk", "word", "word", "word", "sep"]


@pytest.mark.parametrize(
    ("text", "name", "capitals", "marks"),
    [
        ("Film", "film", True, False),
        ("crème", "creme", False, True),
        ("Zoe\u0308", "zoe", True, True),
        ("film", "film", None, None),
        ("Film", "Film", None, None),
        ("crème", "crème", None, None),
        ("駅", "film", None, None),
        ("가", "\u1100\u1161", None, None),
    ],
)
def test_lost_capitals_and_accents(text: str, name: str, capitals: bool | None, marks: bool | None) -> None:
    found = measures.respelled(row((name, 0, len(text)), text=text), 0)
    expected = () if capitals is None else (measures.Respelled(text, name, capitals, marks),)
    assert found == expected


def test_characters_that_reached_no_piece() -> None:
    text = "a\u200bb c\x07 \u200d z"
    encoding = row(("ab", 0, 3), ("c", 4, 5), ("z", 9, 10), text=text)
    assert measures.lost(encoding, 0) == ("\u200b", "\x07", "\u200d")
    cut = row(("ab", 0, 3), text=text, whole=5, unread="c\x07 \u200d z")
    assert measures.lost(cut, 0) == ("\u200b",), "what was cut off is another story"
    unknown = row(("[UNK]", 0, 3), text="👩\u200d👧")
    assert measures.lost(unknown, 0) == (), "the unknown piece swallowed it"


def test_which_text_runs_from_right_to_left() -> None:
    assert measures.right_to_left("abc שלום")
    assert measures.right_to_left("مرحبا")
    assert not measures.right_to_left("abc 日本 1 ?")


# What is said


def test_the_caption_counts() -> None:
    sentence = words.sequence(MODEL, GOOD, 0)
    assert sentence.startswith("The tokenizer splits the text into **4 tokens** and adds 2. :orange[\\[CLS\\]] has ")
    assert "has position 0 and id 101, in every text." in sentence
    assert words.headline(MODEL, GOOD, 0) == "2 words become 6 tokens, and \\[CLS\\] is the first"
    assert "always with id 101" in words.keep(MODEL, GOOD)


def test_what_was_cut_off_has_its_numbers_first() -> None:
    assert words.left_out(MODEL, GOOD, 0) == ""
    cut = row(("a", 0, 1), text="a b c d", whole=6, unread="b c d")
    assert words.left_out(MODEL, cut, 0) == (
        "**Cut after 3 tokens.** The text has 6; the model never gets the last 3, from “b c d”."
    )
    assert "into 4 tokens, keeps the first **1** and adds 2" in words.sequence(MODEL, cut, 0)
    long = row(("a", 0, 1), text="a " + "b " * 300 + "end", whole=304, unread="b " * 300 + "end")
    assert words.left_out(MODEL, long, 0).endswith("b end”.")


def test_what_was_not_read_is_said_in_numbers() -> None:
    def told(*whole: int, typed: int) -> str:
        kept = np.minimum(whole, 512)
        return cautions.not_read(SimpleNamespace(full_lengths=np.array(whole), lengths=kept), typed)

    assert told(512, 3, typed=2) == ""
    assert told(530, typed=1) == "**Cut after 512 tokens.** The text has 530: the last 18 were not read."
    assert told(513, 3, typed=2) == "**Cut after 512 tokens.** Text 1 has 513: the last one was not read."
    assert told(600, 7, 12_000, typed=3) == (
        "**Cut after 512 tokens.** 2 of the texts have more. Text 3 has 12\u202f000: the last 11\u202f488 were not "
        "read."
    )
    assert told(3, 600, typed=1) == "", "a text of ours that was cut is nobody's loss"


def test_a_text_longer_than_those_it_was_trained_on_is_said_in_numbers() -> None:
    def told(*lengths: int, typed: int, model: Checkpoint = MODEL) -> str:
        return escape.plain(cautions.beyond(model, SimpleNamespace(lengths=np.array(lengths)), typed))

    trained = "When all-MiniLM-L6-v2 was trained last, texts were cut at 128 tokens; longer ones were no part of it."
    assert told(128, 3, typed=2) == ""
    assert told(129, typed=1) == f"Longer than in its training. The text has 129 tokens. {trained}"
    assert told(3, 256, typed=2) == f"Longer than in its training. Text 2 has 256 tokens. {trained}"
    assert told(129, 257, typed=2) == (
        "Longer than in its training. 2 of the texts have more than 128 tokens. Text 2 has 257 tokens. "
        f"{trained} Its makers’ own code cuts at 256; here 257 are read, so the vectors are not those that it would "
        "give."
    )
    assert told(3, 300, typed=1) == "", "a text of ours"
    assert told(512, typed=1, model=CHECKPOINTS["bert-base-uncased"]) == "", "nobody knows"
    known = [slug for slug, entry in CHECKPOINTS.items() if entry.taught or entry.meant]
    assert [slug for slug in known if not isinstance(CHECKPOINTS[slug].where, Taught)] == [DEFAULT]


def test_the_unknown_is_said_in_words() -> None:
    encoding = row(("[UNK]", 0, 1), ("x", 2, 3), text="駅 x")
    (sentence,) = words.findings(MODEL, encoding, 0)
    assert sentence.startswith("“駅” became **\\[UNK\\]** (position 1): the tokenizer cannot spell it")
    assert "id 100" in sentence
    many = row(*(("[UNK]", 2 * k, 2 * k + 1) for k in range(6)), text="駅 駅 鑫 鑫 鑫 鑫")
    assert "(positions 1, 2, 3 and 3 more): the tokenizer cannot spell these" in words.findings(MODEL, many, 0)[0]


def test_a_learners_text_is_never_markup_in_a_sentence() -> None:
    text = "<b>**$x$"
    encoding = row(("[UNK]", 0, len(text)), text=text)
    (sentence,) = words.findings(MODEL, encoding, 0)
    assert sentence.startswith("“\\<b\\>\\*\\*\\$x\\$”")


def test_nothing_remarkable_is_nothing_said() -> None:
    assert words.findings(MODEL, row(("film", 0, 4), text="film"), 0) == ()


def made_of(tokens: int, text: str, **more: int) -> Encoding:
    """A text of so many tokens, and two that are added."""
    return row(*((f"t{k}", 0, 1) for k in range(tokens)), text=text, **more)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (1, ("3: one for each word",)),
        (2, ()),
        (3, ("5: one for each word, and 2 more",)),
        (4, ("More than 5",)),
    ],
)
def test_a_prediction_is_right_by_the_tokens_there_are(tokens: int, expected: tuple[str, ...]) -> None:
    encoding = made_of(tokens, "one two three")
    assert words.answers(encoding, 0) == ("3: one for each word", "5: one for each word, and 2 more", "More than 5")
    assert words.right(encoding, 0) == expected
    assert f"**{tokens + 2}** in all." in words.because(MODEL, encoding, 0)
    assert "“one two three” has 3 words, if" in words.question(encoding, 0)


def test_what_was_cut_off_counts_in_a_prediction() -> None:
    cut = made_of(2, "one two three four", whole=8, unread="three four")
    assert words.right(cut, 0) == ("More than 6",)
    told = words.because(MODEL, cut, 0)
    assert "becomes 6 tokens" in told
    assert "**8** in all." in told
    assert told.endswith("The model gets only the first 4.")
    assert "“Unkind” alone becomes 2." in words.because(MODEL, GOOD, 0)


def test_a_pair_names_where_the_second_text_begins() -> None:
    pair = row(("a", 0, 1), text="a", pair="b c", second=[("b", 0, 1), ("c", 2, 3)])
    sentence = words.pair(MODEL, pair, 0)
    assert sentence.startswith("Two texts, **6 positions**: :orange[\\[CLS\\]] once, \\[SEP\\] twice.")
    assert sentence.endswith("The second text begins at position 3: from there on, `token_type_ids` is 1.")


def test_a_batch_counts_its_filler() -> None:
    sentence = words.batch(MODEL, GOOD)
    assert "int64\\[1, 8\\]: 8 positions, **2** of them padding (25%)" in sentence
    assert sentence.endswith("stands in column 0 of the only row, so one slice finds it: `[:, 0]`.")
    assert "none of them padding" in words.batch(MODEL, row(("a", 0, 1), text="a"))


# What is drawn


def test_the_sequence_leaves_padding_out_and_keeps_letters() -> None:
    drawn = sequence.payload(MODEL, GOOD, 0, "words", "cut")
    assert drawn["tokens"] == ["[CLS]", "un", "##kind", ",", "he", "[SEP]"]
    assert drawn["letters"] == ["", "Un", "kind", ",", "he", ""]
    assert drawn["begins"] == [True, True, False, True, True, True]
    assert drawn["offsets"] == [[0, 0], [0, 2], [2, 6], [6, 7], [8, 10], [0, 0]]
    assert drawn["segments"] == [0] * 6
    assert (drawn["words"], drawn["cut"]) == ("words", "cut")


def test_a_model_without_segments_is_given_none() -> None:
    plain = replace(MODEL, has_segments=False)
    pair = row(("a", 0, 1), text="a", pair="b", second=[("b", 0, 1)])
    drawn = sequence.payload(plain, pair, 0, "")
    assert drawn["segments"] is None
    assert "segment" not in drawn["says"]["numbers"]
    assert "token_type_ids" not in sequence.table(plain, pair, 0)
    assert batch.cells(plain, pair) == ("tokens", "input_ids", "attention_mask")
    assert "This model has no segments: only the separators tell it so." in words.pair(plain, pair, 0)


def test_a_word_without_end_is_drawn_short() -> None:
    text = "x" * 10_000
    drawn = sequence.payload(MODEL, row(("[UNK]", 0, len(text)), text=text), 0, "")
    assert drawn["letters"] == ["", "x" * 16 + "…" + "x" * 7, ""]


def test_invisible_letters_are_drawn_and_joiners_join() -> None:
    hidden = sequence.payload(MODEL, row(("ab", 0, 3), text="a\u202eb"), 0, "")
    assert hidden["letters"] == ["", "a◌b", ""]
    family = "👩\u200d👧"
    assert sequence.payload(MODEL, row(("[UNK]", 0, 3), text=family), 0, "")["letters"] == ["", family, ""]


def test_the_batch_is_sent_without_its_padding() -> None:
    drawn = batch.payload(MODEL, GOOD, "words")
    assert drawn["tokens"] == 8
    assert drawn["rows"] == [
        {
            "start": 0,
            "ids": [101, 1002, 1006, 1001, 1002, 102],
            "roles": "cwwwws",
            "turn": -1,
            "pair": False,
            "text": "Unkind, he",
        }
    ]
    assert drawn["padId"] == 0
    assert batch.cells(MODEL, GOOD) == ("tokens", "input_ids", "attention_mask")
    pair = row(("a", 0, 1), text="a", pair="b", second=[("b", 0, 1)])
    assert batch.cells(MODEL, pair)[-1] == "token_type_ids"
    assert batch.payload(MODEL, pair, "")["rows"][0]["turn"] == 3


def test_the_tables_are_of_one_length() -> None:
    sequences, batches = sequence.table(MODEL, GOOD, 0), batch.table(MODEL, GOOD)
    assert {len(column) for column in sequences.values()} == {6}
    assert sequences["letters"] == ["", "Un", "kind", ",", "he", ""]
    assert {len(column) for column in batches.values()} == {8}


# The exhibits


def test_a_sequence_draws_the_text_that_it_tells_of() -> None:
    shown = exhibits.sequence(MODEL, GOOD, step="pieces", text=2, texts=("One.", "Unkind, he"))
    drawings.check([shown])
    message = shown.picture.message("words")
    assert (message["step"], message["steps"], message["text"]) == ("pieces", True, 2)
    assert message["texts"] == ["One.", "Unkind, he"]
    table = shown.table()
    assert (table["token"], table["letters"]) == (message["tokens"], message["letters"])
    assert table["special"] == [1, 0, 0, 0, 0, 1]
    assert shown.sentence == words.sequence(MODEL, GOOD, 0)
    assert shown.totals == {"tokens of the text": 4, "of them kept": 4, "positions": 6}


def test_a_text_that_was_cut_says_where_at_its_end() -> None:
    cut = row(("a", 0, 1), text="a b c d", whole=6, unread="b c d")
    shown = exhibits.sequence(MODEL, cut, step="numbers", text=1, texts=("a b c d",))
    drawings.check([shown])
    assert shown.picture.message("")["cut"] == escape.plain(words.left_out(MODEL, cut, 0))
    assert shown.totals == {"tokens of the text": 4, "of them kept": 1, "positions": 3}


@pytest.mark.parametrize("segments", [True, False])
def test_a_pair_is_one_sequence_that_says_whose_each_token_is(segments: bool) -> None:
    model = replace(MODEL, has_segments=segments)
    two = row(("a", 0, 1), text="a", pair="b c", second=[("b", 0, 1), ("c", 2, 3)])
    shown = exhibits.pair(model, two)
    drawings.check([shown])
    assert "**6 positions**" in shown.sentence
    message, table = shown.picture.message(""), shown.table()
    assert (message["steps"], message["texts"]) == (False, [])
    assert message["sequence"] == [-1, 0, -1, 1, 1, -1]
    if segments:
        assert table["token_type_ids"] == message["segments"] == [0, 0, 0, 1, 1, 1]
    else:
        assert table["text"] == ["", "A", "", "B", "B", ""]
        assert "token_type_ids" not in table


@pytest.mark.parametrize("left", [False, True])
def test_a_batch_is_a_rectangle_with_its_filler(left: bool) -> None:
    stack = row(("un", 0, 2), ("kind", 2, 6), text="unkind", pair="b", second=[("b", 0, 1)], filler=3, left=left)
    shown = exhibits.batch(MODEL, stack, shown="attention_mask")
    drawings.check([shown])
    message, table = shown.picture.message(""), shown.table()
    assert (message["shown"], message["choices"]) == ("attention_mask", batch.CELLS)
    assert dict(drawings.rectangle(message))["attention_mask"].tolist() == (
        [0] * 3 + [1] * 6 if left else [1] * 6 + [0] * 3
    )
    assert table["position"] == list(range(9))
    real = [token for token, kept in zip(table["token"], table["attention_mask"], strict=True) if kept]
    assert [message["names"][str(i)] for i in message["rows"][0]["ids"]] == real
    assert "9 positions, **3** of them padding (33%)" in shown.sentence
    assert shown.totals == {"positions of padding": 3}


def test_what_is_chosen_in_a_picture_is_the_pages_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"drawing_sequence": SimpleNamespace(step="pieces", text=None)}
    monkeypatch.setattr(controls.st, "session_state", state)
    controls.keeps("sequence", "step", "tokens_step")()
    controls.keeps("sequence", "text", "tokens_text")()
    assert state["tokens_step"] == "pieces"
    assert "tokens_text" not in state, "nothing was chosen"


# The embedded tokenizer: does a real one say what the rows above say


@pytest.mark.parametrize(
    "text",
    [
        "An unbelievably good film: I forgot the time.",
        "Zoë ordered crème brûlée in MÜNCHEN.",
        "I ❤️ it 👩‍👩‍👧 駅 <b>x</b>",
        "नमस्ते 가나 שלום עולם a\u200bb",
        "don't U.S. #hashtag a##b",
        "film\u200b: zoe\u0308! \u200bend\u200b",
        "x" * 300,
    ],
)
def test_every_letter_stands_above_its_piece(text: str, embedded: object) -> None:
    from lib import model

    encoding = model.tokenized(DEFAULT, [text])
    words = measures.words(encoding, 0)
    assert "".join(word.letters for word in words) == "".join(text.split()), "no letter twice, none lost"
    assert [p for word in words for p in range(word.start, word.stop)] == encoding.is_word[0].nonzero()[0].tolist()
    names = encoding.tokens[0]
    for word in words:
        assert not names[word.start].startswith("##")
        assert all(names[p].startswith("##") for p in range(word.start + 1, word.stop))


def test_tokenized_is_what_a_reading_is_given(embedded: object) -> None:
    from lib import model

    texts, pairs = ["The film was good.", "Why?"], ["He liked it.", None]
    one, other = model.tokenized(DEFAULT, texts, pairs=pairs), model.read(DEFAULT, texts, pairs=pairs).encoding
    assert one.tokens == other.tokens
    np.testing.assert_array_equal(one.input_ids, other.input_ids)
    np.testing.assert_array_equal(one.offset_mapping, other.offset_mapping)
    with pytest.raises(ValueError, match="Too much at once"):
        model.tokenized(DEFAULT, ["one two three"], most=3)


# The page


def page(text: str, pair: str = "", slug: str = DEFAULT, **controls: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state[choices.TEXT], app.session_state[choices.PAIR] = text, pair
    app.session_state[choices.MODEL] = slug
    app.run()
    app.switch_page("pages/meet/tokens/page.py")
    app.session_state[choices.OPEN], app.session_state["tokens_guess"] = True, parts.PASSED
    for key, value in controls.items():
        app.session_state[key] = value
    return app.run()


def says(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(each.value for each in (*app.markdown, *app.header))


def drawn(app: AppTest) -> int:
    return sum("drawing_" in each.proto.id for each in app.get("bidi_component"))


def test_the_page_on_the_default_texts(embedded: object) -> None:
    app = page("An unbelievably good film: I forgot the time.\nWater boils.")
    found = says(app)
    assert (
        "The text becomes 14 tokens, and the tokenizer adds :orange[\\[CLS\\]] and \\[SEP\\]: **16** in all." in found
    )
    assert "“unbelievably” alone becomes 5." in found
    assert "“unbelievably” is not in the vocabulary as a whole: it becomes 5 tokens" in found
    assert "No second text was typed, so the pair here is the first two texts." in found
    assert "Two texts, **21 positions**" in found, "16, and 4 pieces and a separator of the second text"
    assert "int64\\[2, 16\\]: 32 positions, **10** of them padding (31%)" in found
    assert drawn(app) == 3
    assert not app.warning


def test_the_page_on_one_text_borrows_the_rest(embedded: object) -> None:
    app = page("Stop.")
    assert "so the pair here is the text and one of our examples" in says(app)
    assert "Below the only text stand some of our examples." in says(app)
    app.button(key="tokens_take_pair").click().run()
    example = next(each for each in EXAMPLES["tokens"] if each.pair)
    assert app.session_state[choices.TEXT] == example.texts[0]
    assert app.session_state[choices.PAIR] == example.pair
    assert "No second text was typed" not in says(app)


def test_the_page_on_a_pair(embedded: object) -> None:
    found = says(page("The film was good.", "He liked it."))
    assert "Two texts, **12 positions**: :orange[\\[CLS\\]] once, \\[SEP\\] twice. " in found
    assert "begins at position 7: from there on, `token_type_ids` is 1." in found


def test_the_page_without_a_text(embedded: object) -> None:
    app = page("  \n ")
    assert "**No text yet.**" in says(app)
    assert drawn(app) == 0


def test_the_page_on_600_words_says_what_was_cut(embedded: object) -> None:
    app = page("word " * 599 + "last")
    (first, *_) = app.warning
    assert first.value.startswith("**Cut after 512 tokens.** The text has 602; the model never gets the last 90, ")
    assert first.value.endswith("last”.")


def test_the_page_on_too_much_draws_what_it_can(embedded: object) -> None:
    app = page("\n".join(["word " * 300] * 40))
    assert "**Too much at once.**" in says(app)
    assert drawn(app) == 2, "one text and a pair are not too much"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("The sign said 駅.", "“駅” became **\\[UNK\\]** (position 4)"),
        ("ok 👩‍👩‍👧", "“👩‍👩‍👧” became **\\[UNK\\]**"),
        ("שלום", "Some of the text runs from right to left."),
        ("<b>x</b>", "1 word becomes 10 tokens"),
        (
            "Zoë",
            "Capitals, accents and other marks on letters are lost before the text is split: “Zoë” is read as “zoe”",
        ),
        ("a\u200bb", "1 character of the text became part of no token: U\\+200B zero width space."),
        ("\u200b", "splits the text into **0 tokens** and adds 2."),
        ("[CLS] x", "So id 101 stands at position 1 too; only the one at position 0"),
        ("x" * 10_000, "all 10\u202f000 characters of it, became **\\[UNK\\]**"),
    ],
)
def test_the_page_on_strange_texts(text: str, sentence: str, embedded: object) -> None:
    assert sentence in says(page(text))


def test_the_page_shows_the_text_and_step_that_were_chosen(embedded: object) -> None:
    app = page("One.\nTwo three four.", tokens_text=2, tokens_step="pieces")
    assert "into **4 tokens** and adds 2" in says(app)
    assert app.query_params["tokens_step"] == "pieces"
    assert app.query_params["tokens_text"] == "2"


def test_names_are_the_models_own(tiny: Mapping[str, Checkpoint]) -> None:
    found = says(page("The film was good.", "The book was not.", slug="tiny-roberta"))
    assert ":orange[\\<s\\>] once, \\</s\\> 3 times." in found
    assert "This model has no segments" in found
    assert ":violet[B]" in found
