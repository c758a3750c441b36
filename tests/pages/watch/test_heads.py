"""BertViz without the internet: its document by hand-made readings, what is counted and said, the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.app import choices
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.escape import plain
from lib.exhibit import Drawing
from lib.measures import attention
from lib.quantities import palette
from lib.reading import Encoding, LayerParts, Ledger, Reading
from pages.watch.heads import exhibits
from pages.watch.heads import measures as heads
from pages.watch.heads import words as said
from pages.watch.heads.controls import MOST_LINES, MOST_TOKENS
from tests import exhibits as drawn
from tests.conftest import CLOSE, ROOT
from tests.test_pages import linked

MODEL = CHECKPOINTS[DEFAULT]
HOSTILE = '</script><img src=x onerror="parent.hacked=1">'
WORDS = "The market opens before it is light, and the bakers come first, who have been up since two. "
Make = Callable[..., Reading]


def made(by_hand: Make, names: list[str], weights: np.ndarray, padding: int = 0) -> Reading:
    """One text of named tokens; ``weights`` float[layers, heads, query, key]; padding stands behind it."""
    layers, heads_, size, _ = weights.shape
    full = np.full((layers, 1, heads_, size + padding, size + padding), 0.077, np.float32)
    full[:, 0, :, :size, :size] = weights
    reading = by_hand(
        np.zeros((layers + 1, 1, size + padding, 4)),
        [[1] * size + [0] * padding],
        row=full[:, :, :, 0],
        column=full[..., 0],
        full=list(full),
    )
    encoding = replace(reading.encoding, tokens=((*names, *["[PAD]"] * padding),))
    return replace(reading, encoding=encoding)


def even(layers: int, heads_: int, size: int) -> np.ndarray:
    return np.full((layers, heads_, size, size), 1 / size, np.float32)


def params(html: str) -> dict:
    return json.JSONDecoder().raw_decode(html.partition('id="weights">')[2])[0]


def document(reading: Reading, view: str, **options: object) -> str:
    from lib.model import bertviz

    every = {"layers": tuple(range(1, reading.layers + 1)), **options}
    return bertviz.html(reading, 0, view, every.pop("mode", "light"), **every)


# The document


@pytest.mark.parametrize("view", ["head", "model"])
def test_the_document_holds_the_weights_and_the_names_and_no_padding(by_hand: Make, view: str) -> None:
    weights = np.random.default_rng(2).dirichlet(np.ones(3), size=(2, 4, 3)).astype(np.float32)
    html = document(made(by_hand, ["[CLS]", "cat", "[SEP]"], weights, padding=2), view)
    (shown,) = params(html)["attention"]
    np.testing.assert_allclose(shown["attn"], weights, atol=0.0005 + 1e-7)
    assert re.search(r"\d\.\d{4}", json.dumps(shown["attn"])) is None, "rounded"
    assert shown["left_text"] == shown["right_text"] == ["[CLS]", "cat", "[SEP]"]
    assert html.count('"attn"') == 1, "BertViz writes its data twice"


@pytest.mark.parametrize("view", ["head", "model"])
@pytest.mark.parametrize(
    "token", [HOSTILE, "<!--<script>", "</w>", "PYTHON_PARAMS", "a\u2028b", "\ue000", '"};alert(1)//']
)
def test_a_token_stays_a_token(by_hand: Make, view: str, token: str) -> None:
    html = document(made(by_hand, ["<s>", token, "</s>"], even(1, 2, 3)), view)
    tame = document(made(by_hand, ["<s>", "word", "</s>"], even(1, 2, 3)), view)
    assert params(html)["attention"][0]["left_text"] == ["<s>", token, "</s>"], "nothing is lost of it"
    for sign in ("<script", "</script", "<!--", "<img", "<s>"):
        assert html.lower().count(sign) == tame.lower().count(sign), sign
    assert "<" not in html.partition('id="weights">')[2].partition("</script>")[0]


@pytest.mark.parametrize("view", ["head", "model"])
def test_the_document_asks_nobody_for_anything(by_hand: Make, view: str) -> None:
    html = document(made(by_hand, ["[CLS]", "cat", "[SEP]"], even(2, 2, 3)), view)
    assert "require.min.js" not in html
    own = re.sub(r"<script>.*?</script>", "", html, flags=re.S)
    assert re.findall(r"\b(?:src|href|action)\s*=|url\(|@import", own) == []
    assert "default-src 'none'" in html, "and the browser is told to refuse what would be asked for all the same"
    assert "connect-src" not in html
    assert html.count("</script") == 5  # jQuery, d3, what they stand in for, the weights, BertViz
    assert "jQuery v3.7.1" in html
    assert "d3js.org v5.7.0" in html


@pytest.mark.parametrize("view", ["head", "model"])
def test_no_script_runs_but_those_that_are_the_same_for_every_text(by_hand: Make, view: str) -> None:
    rules = [
        re.search(r"script-src ([^;]+);", document(made(by_hand, names, even(1, 2, 3)), view))[1]
        for names in (["[CLS]", "cat", "[SEP]"], ["<s>", HOSTILE, "</s>"])
    ]
    assert rules[0] == rules[1]
    assert len(re.findall(r"'sha256-[\w+/]{43}='", rules[0])) == len(rules[0].split()) == 4


def test_layers_and_heads_are_counted_from_one(by_hand: Make) -> None:
    reading = made(by_hand, ["[CLS]", "cat", "[SEP]"], even(4, 3, 3))
    head = params(document(reading, "head", start=(3, 2)))
    assert (head["include_layers"], head["layer"], head["heads"]) == ([1, 2, 3, 4], 3, [1])
    model = params(document(reading, "model", layers=(2, 4)))
    assert (model["include_layers"], model["include_heads"]) == ([2, 4], [1, 2, 3])
    assert len(model["attention"][0]["attn"]) == 2
    assert "<i>3</i>" in document(reading, "head")


def test_one_layer_is_that_layer(by_hand: Make) -> None:
    weights = np.stack([np.full((2, 3, 3), k / 10, np.float32) for k in range(3)])
    html = document(made(by_hand, ["a", "b", "c"], weights), "model", layers=(3,))
    assert params(html)["attention"][0]["attn"][0][0][0] == [0.2] * 3


def test_the_same_reading_is_the_same_document_and_a_theme_is_another(by_hand: Make) -> None:
    reading = made(by_hand, ["[CLS]", "cat", "[SEP]"], even(1, 2, 3))
    assert document(reading, "head") == document(reading, "head")
    for mode in ("light", "dark"):
        html = document(reading, "model", mode=mode)
        assert f"color-scheme:{mode};background:{palette(mode).page};color:{palette(mode).ink}" in html
        assert params(html)["display_mode"] == mode


def test_what_cannot_be_drawn_is_refused(by_hand: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.model import bertviz

    reading = made(by_hand, ["[CLS]", "cat", "[SEP]"], even(2, 2, 3))
    with pytest.raises(ValueError, match="no text 2"):
        bertviz.html(reading, 2, "head", "light", layers=(1, 2))
    with pytest.raises(ValueError, match="layer 2: it shows 1"):
        bertviz.html(reading, 0, "head", "light", layers=(1,), start=(2, 1))
    with pytest.raises(ValueError, match='attention="full"'):
        document(replace(reading, attentions=()), "head")
    monkeypatch.setattr(bertviz, "_REQUIRE", re.compile("not there"))
    with pytest.raises(ValueError, match="requirements"):
        document(reading, "head")


@pytest.mark.parametrize("words", [3, 12, 50])
def test_the_estimate_is_near_the_true_size(embedded: object, words: int) -> None:
    from lib.model import bertviz, read

    reading = read(DEFAULT, [" ".join((WORDS * 4).split()[:words])], attention="full")
    tokens = int(reading.encoding.lengths[0])
    libraries = sum(map(len, bertviz._libraries()))
    for view in ("head", "model"):
        true = len(document(reading, view).encode())
        assert bertviz.size(6, 12, tokens) == pytest.approx(true, rel=0.25)
        if tokens > 10:  # what grows, by itself
            assert bertviz.size(6, 12, tokens) - libraries == pytest.approx(true - libraries, rel=0.25)
    assert bertviz.lines(6, 12, MOST_TOKENS) <= MOST_LINES
    assert (
        bertviz.seconds(6, 12, 64, "head") < bertviz.seconds(6, 12, 64, "model") < bertviz.seconds(6, 12, 65, "model")
    )


# Patterns


def test_patterns_by_hand(by_hand: Make) -> None:
    weights = np.zeros((1, 5, 4, 4), np.float32)
    weights[0, 0, :, 0] = 1  # all from the first
    weights[0, 1, :, 3] = 1  # all from the separator
    weights[0, 2] = np.eye(4)
    weights[0, 3, 1:, :3], weights[0, 3, 0, 2] = np.eye(3), 1  # each from the one before
    weights[0, 4, :3, 1:], weights[0, 4, 3, 1] = np.eye(3), 1  # each from the one after
    found = heads.patterns(made(by_hand, ["[CLS]", "a", "b", "[SEP]"], weights, padding=3), 0)
    expected = {
        "first": [1, 0, 1 / 4, 1 / 4, 0],
        "separator": [0, 1, 1 / 4, 0, 1 / 4],
        "itself": [1 / 4, 1 / 4, 1, 0, 0],
        "before": [1 / 3, 0, 0, 1, 0],
        "after": [0, 1 / 3, 0, 0, 1],
    }
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], [values], err_msg=key, **CLOSE)
    assert heads.clearest(found, "after") == (1, 5, 1.0)
    told = plain(said.patterns(found, MODEL))
    assert "of 5 heads the average token gives more than half of its attention" in told
    assert "1 to [CLS], 1 to [SEP], 1 to itself, 1 to the token before, 1 to the token after" in told
    assert (
        "head 4 of layer 1 most to the token before (100%) and head 5 of layer 1 most to the token after (100%)" in told
    )
    assert "in 1 of 5 heads the average token gives [CLS] more than half" in plain(said.sink(found, MODEL))
    table = heads.by_head(found, ["f", "s", "i", "b", "a"])
    assert table["head"] == [1, 2, 3, 4, 5]
    assert table["b"] == pytest.approx(expected["before"], abs=1e-6)


def test_the_table_is_what_is_drawn(by_hand: Make) -> None:
    weights = np.random.default_rng(2).dirichlet(np.ones(3), size=(3, 2, 3)).astype(np.float32)
    table = heads.drawn(made(by_hand, ["[CLS]", "the", "the"], weights, padding=1), 0, (1, 3))
    assert list(table) == ["layer", "head", "attends to →", "0 [CLS]", "1 the", "2 the"]
    assert list(table["layer"]) == [1] * 6 + [3] * 6
    assert list(table["head"]) == [1, 1, 1, 2, 2, 2] * 2
    assert list(table["attends to →"]) == ["0 [CLS]", "1 the", "2 the"] * 4
    drawn = np.stack([table[name] for name in list(table)[3:]], axis=1)
    np.testing.assert_allclose(drawn, weights[[0, 2]].reshape(12, 3), atol=0.0005 + 1e-7)


def test_the_exhibit_says_of_its_table_what_its_sentence_and_headline_say(by_hand: Make) -> None:
    weights = np.full((2, 2, 3, 3), [0.6, 0.3, 0.1], np.float32)
    weights[1, 1] = [0.1, 0.8, 0.1]
    reading = made(by_hand, ["[CLS]", "the", "[SEP]"], weights)
    picture = Drawing(print, lambda alt: {"alt": alt})
    shown = exhibits.heads(reading, attention.shares(reading, 0, "attends_to"), "head", (1, 2), picture)
    assert shown.headline == "\\[CLS\\] gets most of the attention in 3 of 4 heads"
    assert "in head 2 of layer 2 (the picture starts there). They get **80%**" in shown.sentence
    assert shown.totals == {
        "share of the words in head 2 of layer 2": pytest.approx(0.8),
        "heads with most attention on the first token": 3,
    }


def test_the_headline_counts_the_heads_that_attend_to_the_first_token() -> None:
    def of(*shares: float) -> str:
        return said.headline({"first": np.array([shares])}, MODEL)

    assert of(0.5, 0.51, 0.9) == "\\[CLS\\] gets most of the attention in 2 of 3 heads"
    assert of(0.5, 0.1) == "In none of 2 heads does \\[CLS\\] get most of the attention"


def test_sinks_by_hand(by_hand: Make) -> None:
    weights = np.zeros((1, 4, 3, 3), np.float32)
    weights[0, 0] = [[1, 0, 0], [0.5, 0.5, 0], [0.6, 0, 0.4]]
    weights[0, 1] = [[1, 0, 0]] * 3
    weights[0, 2] = weights[0, 0]
    weights[0, 3] = [[0, 1, 0], [0.5, 0.5, 0], [1, 0, 0]]  # its average token gives the first one just half
    values = np.zeros((4, 3, 2), np.float32)
    values[0] = [[0, 0], [2, 0], [0, 2]]
    values[1] = [[0, 3], [1, 0], [2, 0]]  # of which the output takes the second half as much
    values[2] = values[3] = [[1.2, 0], [4, 0], [0, 4]]
    output = np.stack([np.diag([1, 0.5]).astype(np.float32)] + [np.eye(2, dtype=np.float32)] * 3)
    output[[0, 1]] = output[[1, 0]]
    empty = np.zeros(2, np.float32)
    parts = LayerParts(weights[0, :, 0], values, output, empty, empty, None, empty)
    found = heads.sinks(made(by_hand, ["[CLS]", "a", "[SEP]"], weights, padding=2), Ledger((parts,)))
    assert [(sink.layer, sink.head) for sink in found] == [(1, 1), (1, 2), (1, 3)]
    np.testing.assert_allclose([sink.length for sink in found], [0, 1, 0.3], **CLOSE)
    # the first writes (0, 0), (1, 0) and (0, 0.8), whose singular values are 1 and 0.8; the second one row three times
    np.testing.assert_allclose([sink.rank for sink in found[:2]], [1.64, 1], **CLOSE)
    third = np.linalg.svd(weights[0, 2] @ values[2], compute_uv=False)
    np.testing.assert_allclose(found[2].rank, (third**2).sum() / third[0] ** 2, **CLOSE)
    assert [sink.kind for sink in found] == ["no-op", "broadcast", "neither"]
    alone = heads.sinks(made(by_hand, ["[CLS]"], np.ones((1, 4, 1, 1), np.float32)), Ledger((parts,)))
    assert alone == [], "a token that is alone sinks into nobody"


@pytest.mark.parametrize(
    ("length", "rank", "kind"),
    [
        (0.2, 9, "no-op"),
        (0.21, 1, "neither"),
        (0.49, 1, "neither"),
        (0.5, 1.5, "broadcast"),
        (0.5, 1.51, "neither"),
        (0, 0, "no-op"),
    ],
)
def test_a_sink_is_of_a_kind_by_its_bounds(length: float, rank: float, kind: str) -> None:
    assert heads.Sink(1, 1, length, rank).kind == kind


def test_what_is_said_of_sinks_is_of_those_that_there_are() -> None:
    noop, further = heads.Sink(1, 2, 0.02, 2), heads.Sink(3, 4, 0.14, 2)
    shared, between = heads.Sink(5, 6, 0.8, 1.2), heads.Sink(7, 8, 0.9, 3)
    for found, headline, told in (
        ([noop], "The only sink is a no-op", "Nearest to a broadcast is head 2 of layer 1"),
        ([noop, further], "All 2 sinks are no-ops", "Nearest to a broadcast is head 4 of layer 3"),
        ([shared, shared], "All 2 sinks are broadcasts", "The clearest broadcast is head 6 of layer 5"),
        ([between, shared, noop], "Of 3 sinks: 1 no-op, 1 broadcast", "The clearest broadcast is head 6 of layer 5"),
        ([between], "The only sink is in between", "Nearest to a broadcast is head 8 of layer 7"),
    ):
        shown = exhibits.sinks(found, 72, MODEL)
        assert shown.headline == headline
        assert told in shown.sentence
        assert shown.sentence.startswith(f"In **{len(found)}** of 72 heads")
        drawn.check([shown])


@pytest.mark.parametrize(
    ("text", "pieces", "most", "kept"),
    [
        ("one two three", ["one", "two", "three"], 3, "one two three"),
        ("one two three", ["one", "two", "three"], 2, "one two"),
        ("one twothree four", ["one", "two", "three", "four"], 2, "one"),
        ("onetwothree", ["one", "two", "three"], 2, "onetwo"),
        ("one two.", ["one", " two", "."], 1, "one"),
    ],
)
def test_a_beginning_ends_between_words(text: str, pieces: list[str], most: int, kept: str) -> None:
    starts = [text.index(piece) for piece in pieces]
    spans = [(0, 0), *[(a, a + len(piece)) for a, piece in zip(starts, pieces, strict=True)], (0, 0)]
    special = np.array([[1, *[0] * len(pieces), 1]], np.int64)
    row = Encoding(
        texts=(text,),
        pairs=(None,),
        tokens=(("[CLS]", *pieces, "[SEP]"),),
        input_ids=np.zeros_like(special),
        attention_mask=np.ones_like(special),
        token_type_ids=np.zeros_like(special),
        special_tokens_mask=special,
        offset_mapping=np.array([spans], np.int64),
        sequence=-special,
        unk_id=1,
        full_lengths=special.sum(axis=1),
        unread=("",),
    )
    assert heads.beginning(row, 0, most) == kept


# The page


def page(**link: str) -> AppTest:
    return linked("heads", **link)


def told(app: AppTest) -> str:
    return "\n".join(plain(each.value) for each in app.markdown)


def frames(app: AppTest) -> list[str]:
    return [each.proto.srcdoc for each in app.get("iframe")]


@pytest.fixture(scope="module")
def film(embedded: object) -> attention.Shares:
    from lib.model import read

    return attention.shares(read(DEFAULT, ["The film was good."], attention="full"), 0, "attends_to")


def test_the_picture_starts_where_the_words_are_read_most(film: attention.Shares) -> None:
    app = page(text="The film was good.")
    (html,) = frames(app)
    words = film.of("words")
    layer, head = (int(i) + 1 for i in np.unravel_index(words.argmax(), words.shape))
    assert (params(html)["layer"], params(html)["heads"]) == (layer, [head - 1])
    assert f"[CLS] attends most to the words in head {head} of layer {layer}" in told(app)
    assert f"They get {words.max() * 100:.0f}% of its attention" in told(app)


def test_the_default_text_in_both_views_and_any_of_several_texts() -> None:
    assert params(frames(page())[0])["attention"][0]["left_text"][1:3] == ["an", "un"]
    html = frames(page(heads_view="model", heads_text="4"))[0]
    assert params(html)["attention"][0]["left_text"][1:3] == ["water", "boil"]
    assert len(params(html)["attention"][0]["attn"]) == 6
    one = frames(page(heads_view="model", heads_layers="5"))[0]
    assert params(one)["include_layers"] == [5]


def test_many_lines_are_drawn_only_when_they_are_asked_for() -> None:
    text = "cat " * 60
    assert len(params(frames(page(text=text, heads_view="model"))[0])["include_layers"]) == 1
    assert len(params(frames(page(text=text, heads_view="model", heads_layers="0"))[0])["include_layers"]) == 6


def test_a_pair_is_read_whole() -> None:
    html = frames(page(text="Is it late?", pair="Yes, it is."))[0]
    assert params(html)["attention"][0]["left_text"].count("[SEP]") == 2


def test_a_long_text_is_told_what_it_would_cost_and_its_beginning_is_offered() -> None:
    app = page(text=WORDS * 6)
    assert frames(app) == []
    tokens = int(re.search(r"(\d+) tokens; BertViz gets 64 at most", told(app))[1])
    from lib.model import bertviz

    assert f"{72 * tokens**2:,}".replace(",", "\u202f") + " lines" in told(app)
    assert f"about {bertviz.size(6, 12, tokens) / 1e6:.1f} MB" in told(app)
    app.toggle[0].set_value(True).run()
    (html,) = frames(app)
    shown = params(html)["attention"][0]["left_text"]
    assert 55 < len(shown) <= MOST_TOKENS
    assert f"{len(shown)} tokens of {tokens}" in "\n".join(each.value for each in app.warning)
    again = page(text=WORDS * 6, heads_beginning="true")
    assert params(frames(again)[0])["attention"][0]["left_text"] == shown, "the link has it, too"


def test_a_text_of_just_so_many_tokens_is_taken() -> None:
    assert frames(page(text="cat " * 62))
    assert not frames(page(text="cat " * 63))


def test_markup_in_the_text_is_text() -> None:
    app = page(text=HOSTILE)
    (html,) = frames(app)
    assert html.count("</script") == 5
    assert "<img" not in html
    assert "<" in params(html)["attention"][0]["left_text"]


def test_no_text_is_a_kind_note() -> None:
    app = page(text=" ")
    assert frames(app) == []
    assert "No text yet" in told(app)
    assert not app.error


def test_a_text_without_words_has_a_sentence(embedded: object) -> None:
    assert "no words, only marks and signs" in told(page(text="!"))


def test_the_first_token_has_its_own_name(tiny: Mapping[str, Checkpoint]) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state[choices.MODEL] = "tiny-roberta"
    app.session_state[choices.TEXT] = "The film was good."
    app.run()
    app.switch_page("pages/watch/heads/page.py")
    app.session_state[choices.OPEN] = "1"
    app.run()
    assert not app.exception
    (html,) = frames(app)
    assert params(html)["attention"][0]["left_text"][0] == "<s>"
    assert "<s> attends most to the words in head" in told(app)
    assert re.search(r"\d to <s>, \d to </s>", told(app))
