"""The page on poolings without a browser: every state a picture or a kind sentence, and sentences that are right."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import model
from lib.app import choices, parts
from lib.checkpoints import CHECKPOINTS, DEFAULT
from lib.measures.vectors import cosine, floor
from lib.pooling import POOLINGS
from lib.texts.examples import EXAMPLES, REFERENCE
from pages.use.pooling import curves
from pages.use.pooling import words as pooling_words
from pages.use.pooling.measures import TokenWeights
from tests.conftest import ROOT
from tests.exhibits import unpacked

LAST = CHECKPOINTS[DEFAULT].layers
DEFAULT_TEXTS = EXAMPLES["question"][0].texts


def visit(texts: str | None = None, guess: str = parts.PASSED, **controls: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["page"] = "pooling"
    app.query_params["open"] = "1"
    app.query_params["pooling_guess"] = guess
    if texts is not None:
        app.query_params["text"] = texts  # what a browser would put into the box
        app.session_state[choices.TEXT] = texts
    for key, value in controls.items():
        app.query_params[f"pooling_{key}"] = value
    return app.run()


def said(app: AppTest) -> str:
    """All Markdown of a page as a reader sees it: without marks of colour, weight and escape."""
    assert not app.exception, app.exception
    text = "\n".join(shown.value for shown in app.markdown)
    text = re.sub(r":orange\[((?:\\.|[^\[\]\\])*)\]", r"\1", text)
    return re.sub(r"\\(.)|\*\*", lambda found: found[1] or "", text)


def small(app: AppTest) -> list[dict[str, object]]:
    """What the small matrices are told."""
    (sent,) = [
        found.proto.bytes for found in app.get("bidi_component") if found.proto.component_name.endswith("multiples")
    ]
    return unpacked(sent)[0]["items"]


def charts(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


def test_the_sentences_are_the_models_own_numbers() -> None:
    app = visit()
    words = said(app)
    reading = model.read(DEFAULT, DEFAULT_TEXTS, attention="none")
    others = model.encode(DEFAULT, REFERENCE, poolings=["cls", "mean"], layers=[LAST])
    for key, name in (("cls", "[CLS]"), ("mean", "“mean”")):
        mine = POOLINGS[key].pool(reading)
        cosines = cosine(mine, mine)
        most = cosines[np.triu_indices(len(cosines), 1)].max()
        level = f"{floor(others[key, LAST]).mean:.2f}"
        assert f"are most alike ({most:.2f})" in words
        assert any(f"unrelated sentences have a cosine of {level}" in each.value for each in app.header), name
    fillers = curves.fillers()
    mixed = [" ".join(fillers), f"{DEFAULT_TEXTS[0]} {' '.join(fillers)}", f"{' '.join(fillers)} {DEFAULT_TEXTS[0]}"]
    vectors = POOLINGS["cls"].pool(model.read(DEFAULT, [DEFAULT_TEXTS[0], *mixed], attention="none"))
    alone, front, end = cosine(vectors, vectors)[0, 1:]
    assert f"[CLS] keeps {(front - alone) / (1 - alone):.0%} and {(end - alone) / (1 - alone):.0%}" in words
    short = model.encode(DEFAULT, curves.growing()[1], poolings=["cls"], layers=[LAST])["cls", LAST]
    assert f"goes from {floor(short).mean:.2f} to" in words


def test_the_default_page_has_all_its_pictures() -> None:
    app = visit()
    words = said(app)
    assert charts(app) == 2 + 1 + 2 + 1 + 2, "matrices, floors, maps, weights, curves"
    assert len(small(app)) == len(POOLINGS)
    assert words.count("| --- |") >= 3, "neighbours, special tokens, padding"
    pooler = next(item for item in small(app) if item["name"] == "pooler")
    assert "The pooler of this model was never trained" in pooler["note"]
    assert "29.19" in words
    assert "bert-base" in words


def test_the_pooler_is_shown_with_what_is_known_of_its_training() -> None:
    assert "The pooler of this model was never trained" in said(visit(b="pooler"))


@pytest.mark.parametrize("layer", [0, LAST - 1])
def test_the_pooler_is_none_before_the_last_layer(layer: int) -> None:
    words = said(visit(b="pooler", layer=str(layer)))
    assert "No matrix for “pooler”. It reads the last layer only." in words
    assert "No neighbours and no map" in words


def test_at_layer_0_the_first_token_is_one_vector() -> None:
    words = said(visit(layer="0"))
    assert "All pairs of texts have a cosine of 1, exactly." in words
    assert "all texts stand on one spot" in words
    assert "name a different nearest text for 0 of 4. For 4 it cannot be told: several texts are equally near." in words


def test_centred_at_layer_0_nothing_is_left_of_it() -> None:
    app = visit(layer="0", centre="true")
    words = said(app)
    assert "At layer 0 it is the same vector in every text: nothing is left after centring." in words
    assert "nan" not in words.lower()
    assert charts(app) == 1 + 1 + 1 + 2, "one matrix, floors, weights, curves"
    assert [item["name"] for item in small(app) if not item["drawn"]] == ["[CLS]", "pooler"]


@pytest.mark.parametrize("centre", ["true", "false"])
@pytest.mark.parametrize("layer", range(1, LAST + 1))
def test_every_layer(layer: int, centre: str) -> None:
    app = visit(layer=str(layer), centre=centre)
    said(app)
    above = " ".join(each.value for each in app.header)
    assert ("unrelated sentences stay below" in above) == (centre == "true")
    assert ("unrelated sentences have a cosine of" in above) == (centre == "false"), (
        "the mean after centring is about 0, whatever the vectors are"
    )
    assert {item["about"].split()[0] for item in small(app) if item["drawn"]} == {
        "95%" if centre == "true" else "unrelated"
    }


@pytest.mark.parametrize("example", EXAMPLES["pooling"], ids=lambda example: example.key)
def test_each_ready_set(example: object) -> None:
    app = visit()
    app.button(key=f"set_{example.key}").click().run()
    words = said(app)
    assert f"In this set every {example.together} lines in a row belong together" in words
    assert re.search(rf"name a different nearest text for \d+ of {len(example.texts)}\.", words)


TEXTS = {
    "identical": "The same.\nThe same.\nThe same.",
    "two": "A cat.\nA dog.",
    "600 words": "word " * 600 + "\nshort",
    "two of 600 words": "word " * 600 + "\n" + "other " * 600,
    "emoji": "\N{VIOLIN}\N{VIOLIN}\nI \u2764\ufe0f it",
    "html": "<script>alert(1)</script>\n<b>bold</b> & <img src=x>",
    "markdown": "$x^2$ :red[four] `five`\n[three](https://example.org) **two**",
    "right to left": "שלום עולם\nمرحبا بالعالم",
    "200 lines": "\n".join(f"Line {n} of a list." for n in range(200)),
}


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_any_texts(texts: str) -> None:
    app = visit(texts)
    said(app)
    assert charts(app) >= 4
    assert len(app.get("plotly_chart")) == len({chart.proto.id for chart in app.get("plotly_chart")})


def test_texts_that_fill_the_model_cannot_be_padded() -> None:
    assert "No padding. These texts fill all 512 positions of this model." in said(visit(TEXTS["two of 600 words"]))


def test_equal_lengths_are_padded_beside_a_text_of_ours() -> None:
    assert "beside a longer text of ours" in said(visit(TEXTS["identical"]))


def test_a_text_without_a_piece_of_its_own() -> None:
    app = visit("\u200b\u200d\nA cat.", b="mean_no_specials")
    words = said(app)
    assert "No matrix for “mean of the words”. Text 1 has no token of its own" in words
    assert "No mean without special tokens. Text 1 has no token of its own" in words


def test_without_a_text_there_is_no_picture() -> None:
    app = visit("")
    assert "No text yet" in said(app)
    assert charts(app) == 0


def test_one_text_is_filled_up_by_ours() -> None:
    app = visit("Only this.")
    words = said(app)
    assert "There is one text, so it is compared with ours" in words
    assert "of 4 texts." in words
    assert charts(app) == 2 + 1 + 2 + 1 + 2


@pytest.mark.parametrize(("guess", "mark"), [("1", "○"), ("2", "○"), ("3", "●")])
def test_a_prediction_is_answered_under_its_question(guess: str, mark: str) -> None:
    """Of the four default texts two have another nearest one under the mean."""
    words = said(visit(guess=guess))
    answer = pooling_words.ANSWERS[int(guess) - 1]
    assert re.search(
        rf"{mark} [^.]*\. You said: \*{answer}\*\. The mean finds another nearest neighbour for 2 of 4", words
    )


def test_two_texts_cannot_differ() -> None:
    words = said(visit("A cat.\nA dog.", guess="1"))
    assert "◌ This cannot be told here" in words
    assert "Add a third text" in words


def test_nothing_is_shown_before_the_prediction() -> None:
    app = visit(guess="")
    assert charts(app) == 0
    assert [radio.key for radio in app.radio] == ["pooling_guess"]


def test_one_pooling_with_itself() -> None:
    assert "You compare “max” with itself" in said(visit(a="max", b="max"))


def test_the_followed_text_is_the_one_weighed() -> None:
    words = said(visit("A cat.\nA cat that sat on the mat.", text="2"))
    assert "This text has 10 tokens. The mean takes 1/10 of each" in words


def test_a_pair_is_read_as_one_text() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.session_state[choices.TEXT] = "A cat.\nA dog."
    app.session_state[choices.PAIR] = "It sat."
    app.query_params |= {"page": "pooling", "open": "1", "pooling_guess": parts.PASSED}
    words = said(app.run())
    assert "This text has 9 tokens" in words  # [CLS] a cat . [SEP] it sat . [SEP]
    assert "“A cat. / It sat.”" in words


def test_what_turns_most_is_named_only_where_something_does() -> None:
    told = pooling_words.specials_say([0.125, 0.25], [0.992, 0.981])
    assert told.startswith("The mean gives 12% to 25% of its weight")
    assert "text 2 turns most (cosine **0.981**" in told
    assert "that of text 1 least (0.992)" in told
    alike = pooling_words.specials_say([0.25, 0.25], [0.9904, 0.9901])
    assert alike.startswith("The mean gives 25% of its weight")
    assert "every vector keeps a cosine of **0.990**" in alike


def test_a_first_token_takes_no_column_s_place() -> None:
    shares = (("token", 0.25), ("mean", 0.5), ("mean", 1))
    rows = [TokenWeights(name, np.array([share, 1 - share]), "") for name, share in shares]
    frame = parts.sheet(pooling_words.weight_columns(rows, ["token", "film"]))
    assert list(frame) == ["position", "token", "token (2)", "mean", "mean (2)"]
    assert frame["token"].tolist() == ["token", "film"]
    assert frame["token (2)"].tolist() == [0.25, 0.75]


def test_the_same_vector_in_two_uses_stands_beside_the_cosine_of_the_texts() -> None:
    rows = pooling_words.readers(0.25, -0.5, CHECKPOINTS[DEFAULT])
    assert [row[1:] for row in rows] == [("29.19", "54.81"), ("84.66", "84.94"), ("0.25", "−0.50")]
    table = next(str(each.value) for each in visit().markdown if "what uses the vector" in str(each.value))
    written = [float(cell.replace("−", "-")) for cell in table.splitlines()[-1].split("|")[2:4]]
    reading = model.read(DEFAULT, DEFAULT_TEXTS, attention="none")
    for found, key in zip(written, ("cls", "mean"), strict=True):
        by = POOLINGS[key].pool(reading)
        assert found == pytest.approx(float(cosine(by, by)[0, 1]), abs=0.006)
