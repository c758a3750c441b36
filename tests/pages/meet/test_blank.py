"""The input taken apart: rebuilt in every family, measured and said by hand-worked cases, drawn on its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import transformers as hf
from streamlit.testing.v1 import AppTest

from lib import checkpoints
from lib.app import choices
from lib.checkpoints import DEFAULT as MODEL
from lib.checkpoints import Checkpoint
from lib.components.strips import Strip, payload, table
from lib.measures import inputs as measures
from lib.quantities import palette, part, power
from lib.reading import InputParts, Part, Reading, Step
from lib.texts.examples import DEFAULT, EXAMPLES
from pages.meet.blank import exhibits, words
from pages.meet.blank.figures import standings
from tests import exhibits as drawings
from tests import tiny as families
from tests.conftest import CLOSE, NEAR
from tests.test_pages import reached

FORMULAS = {
    MODEL: "LayerNorm(token + position + segment)",
    "tiny-bert": "LayerNorm(token + position + segment)",
    "tiny-distilbert": "LayerNorm(token + position)",
    "tiny-roberta": "LayerNorm(token + position + segment)",
    "tiny-xlm-roberta": "LayerNorm(token + position + segment)",
    "tiny-mpnet": "LayerNorm(token + position)",
    "tiny-electra": "projection(LayerNorm(token + position + segment))",
    "tiny-albert": "projection(LayerNorm(token + position + segment))",
    "tiny-deberta-v2": "LayerNorm(token)",
    "tiny-deberta-narrow": "LayerNorm(projection(token + position + segment))",
    "tiny-modernbert": "LayerNorm(token)",
}


def narrow(words: int) -> hf.PreTrainedModel:
    """DeBERTa as version 2 could be: places and segments in the input, and a projection before the LayerNorm."""
    return hf.DebertaV2Model(
        hf.DebertaV2Config(vocab_size=words, num_hidden_layers=2, embedding_size=4, type_vocab_size=2, **families.SIZES)
    )


@pytest.fixture(scope="module")
def known(
    tmp_path_factory: pytest.TempPathFactory, tiny_models: Mapping[str, Checkpoint]
) -> Iterator[Mapping[str, Checkpoint]]:
    """Every family there is a tiny model of, beside the embedded one."""
    family = replace(families.FAMILIES["deberta-v2"], model=narrow, has_segments=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(families.FAMILIES, "deberta-narrow", family)
        more = families.make("deberta-narrow", tmp_path_factory.mktemp("deberta-narrow"))
        patch.setattr(
            checkpoints, "CHECKPOINTS", MappingProxyType({**checkpoints.CHECKPOINTS, **tiny_models, more.slug: more})
        )
        yield checkpoints.CHECKPOINTS


def test_every_family_has_its_formula() -> None:
    assert set(FORMULAS) >= {f"tiny-{name}" for name in families.FAMILIES}


def taken_apart(slug: str, row: int) -> tuple[InputParts, np.ndarray]:
    from lib.model import read
    from lib.model.embeddings import parts

    reading = read(slug, ["the film was good .", "a cat ran"], pairs=["it was bad .", None], attention="none")
    encoding = reading.encoding
    real = encoding.attention_mask[row] == 1
    return parts(slug, encoding.input_ids[row, real], encoding.token_type_ids[row, real]), reading.hidden_states[
        0, row
    ][real]


@pytest.mark.parametrize("row", [0, 1], ids=["pair", "padded"])
@pytest.mark.parametrize("slug", FORMULAS)
def test_the_parts_rebuild_layer_0_in_every_family(slug: str, row: int, known: Mapping[str, Checkpoint]) -> None:
    made, states = taken_apart(slug, row)
    assert words.formula(made) == FORMULAS[slug]
    # the model sums in float32, the rebuild in float64
    np.testing.assert_allclose(measures.rebuilt(made), states, **NEAR)
    found = measures.check(made, states)
    assert found.holds
    assert found.tokens == len(states)


@pytest.mark.parametrize("slug", FORMULAS)
def test_no_part_and_no_step_can_be_left_out(slug: str, known: Mapping[str, Checkpoint]) -> None:
    made, states = taken_apart(slug, 0)
    for k in range(len(made.parts)):
        if len(made.parts) > 1:
            less = replace(made, parts=made.parts[:k] + made.parts[k + 1 :])
            assert not measures.check(less, states).holds, made.parts[k].name
    for k, step in enumerate(made.steps):
        less = replace(made, steps=made.steps[:k] + made.steps[k + 1 :])
        if step.name == "LayerNorm":
            assert not measures.check(less, states).holds


def test_roberta_counts_positions_behind_its_padding(known: Mapping[str, Checkpoint]) -> None:
    ids = [part.ids.tolist() for part in taken_apart("tiny-roberta", 1)[0].parts if part.name == "position"]
    assert ids == [list(range(2, 2 + len(ids[0])))]
    assert taken_apart("tiny-bert", 1)[0].parts[1].ids[0] == 0


def test_segments_are_those_of_the_pair(known: Mapping[str, Checkpoint]) -> None:
    segments = taken_apart("tiny-bert", 0)[0].parts[2].ids
    assert segments[0] == 0
    assert segments[-1] == 1
    assert sorted(segments) == segments.tolist()


def test_what_is_kept_of_a_table_is_the_table(embedded) -> None:
    from lib.model.embeddings import parts

    made = parts(MODEL, np.array([101, 102]), np.array([0, 0]))
    weight = embedded.eager.embeddings.word_embeddings.weight.numpy()
    np.testing.assert_allclose(made.parts[0].lengths, np.linalg.norm(weight, axis=1), **CLOSE)
    np.testing.assert_allclose(made.parts[0].deviations, weight.std(axis=0, dtype=np.float64), rtol=1e-4)
    np.testing.assert_array_equal(made.parts[0].vectors, weight[[101, 102]])
    assert not made.parts[0].vectors.flags.writeable
    assert weight.flags.writeable, "the model's own weights stay as they were"


def test_what_cannot_be_taken_apart_is_refused() -> None:
    from lib.model.embeddings import parts

    with pytest.raises(ValueError, match=r"\(0,\).*\[tokens\]"):
        parts(MODEL, np.array([], np.int64))
    with pytest.raises(ValueError, match="1 segments for 2 tokens"):
        parts(MODEL, np.array([101, 102]), np.array([0]))


# Measures, by hand


def small_part(name: str, vectors: list[list[float]], lengths: list[float]) -> Part:
    rows = np.array(vectors, np.float32)
    width = rows.shape[1]
    ids = np.arange(len(rows))
    return Part(
        name, ids, rows, np.array(lengths, np.float32), np.zeros(width, np.float32), np.full(width, 0.5, np.float32)
    )


def test_rebuilt_by_hand() -> None:
    one, other = small_part("token", [[1, 2]], [1]), small_part("position", [[0, 2]], [1])
    norm = Step(
        "LayerNorm", np.array([2, 1], np.float32), np.array([0, 3], np.float32), 0.0, np.zeros((1, 2), np.float32)
    )
    matrix, bias = np.array([[1, 1], [0, 2], [5, 0]], np.float32), np.array([0, 0, 1], np.float32)
    wide = Step("projection", matrix, bias, 0.0, np.zeros((1, 3), np.float32))
    # the sum is (1, 4): mean 2.5, deviation 1.5, so (-1, 1) becomes (-2, 4); then (2, 8, -9)
    np.testing.assert_array_equal(measures.rebuilt(InputParts((one, other), (norm,))), [[-2, 4]])
    np.testing.assert_array_equal(measures.rebuilt(InputParts((one, other), (norm, wide))), [[2, 8, -9]])
    np.testing.assert_array_equal(InputParts((one, other), ()).total, [[1, 4]])
    assert not measures.check(InputParts((one, other), (norm,)), np.array([[-2, 4.1]], np.float32)).holds


def test_standing_and_loudest_by_hand() -> None:
    part_ = small_part("token", [[3, -4], [0, 1]], [5, 1, 2, 3, 4])
    at = measures.standing(part_, 0)
    assert (at.length, at.shorter, at.median, at.rows, at.smallest, at.largest) == (5, 1, 3, 5, 1, 5)
    assert measures.standing(part_, 1).shorter == 0
    found = measures.loudest(part_.vectors[0], part_.means, part_.deviations)
    assert (found.unit, found.value, found.deviations, found.share) == (1, -4, -8, 16 / 25)
    assert measures.facts(InputParts((part_,), ()), 0) == (), "five rows have no median worth naming"


def test_apart_follows_each_place(by_hand) -> None:
    states = np.zeros((2, 2, 4, 2), np.float32)
    states[0, :, 1] = [[1, 0], [4, 0]]  # the pieces behind the first token
    states[1, :, 0] = [[0, 2], [0, -1]]
    states[0, 0, 3], states[0, 1, 2] = [5, 0], [0, 0]  # the separators of a long and a short text
    way = measures.apart(by_hand(states, [[1, 1, 1, 1], [1, 1, 1, 0]]))
    assert way.first.tolist() == [0, 3]
    assert way.after.tolist() == [3, 0]
    assert way.separator.tolist() == [5, 0]
    alone = measures.apart(by_hand(states[:, :1], [[1, 1, 1, 1]]))
    assert alone.first.tolist() == [0, 0]
    assert alone.after is None


def test_the_embedded_model_starts_blank_and_loud(embedded) -> None:
    from lib.model import read
    from lib.model.embeddings import parts

    reading = read(MODEL, DEFAULT.texts, attention="none")
    way = measures.apart(reading)
    assert way.first[0] == 0
    assert (way.first[1:] > 0).all()
    assert way.first.argmax() == reading.layers
    assert way.after[0] > 1
    token, position = measures.facts(parts(MODEL, np.array([101])), 0)
    assert token.standing.length == pytest.approx(1.55, abs=0.005)
    assert position.standing.length == pytest.approx(2.36, abs=0.005)
    assert position.standing.shorter == 1
    assert token.loud.unit == position.loud.unit == 99
    assert token.loud.value == pytest.approx(1.049, abs=5e-4)
    assert position.loud.value == pytest.approx(1.874, abs=5e-4)
    assert round(token.loud.deviations) == 30


# What is said and drawn


def two(by_hand, away: float, texts: int = 4) -> Reading:
    """Texts whose first tokens differ before the first layer by so much, and after it by 9."""
    states = np.ones((2, texts, 3, 2), np.float32)
    states[0, -1, 0, 1] += np.float32(away)
    states[1, -1, 0, 1] = 10
    states[:, :, 1:] = np.random.default_rng(0).normal(size=(2, texts, 2, 2))  # other tokens say nothing
    return by_hand(states, [[1, 1, 1]] * texts)


def test_sameness_is_said_as_what_it_is(by_hand) -> None:
    same = two(by_hand, 0)
    told = words.same(same, 5)
    assert "the same vector in all 4 texts" in told
    assert "over its 2 dimensions is **0, exactly**. For the token after it, it is " in told
    assert words.headline(same) == "\\[CLS\\] begins as the same vector in all 4 texts"
    assert "is the same vector in every text" in words.keep(same)
    assert (words.claim(same)[0], words.claim(same)[2]) == (
        "holds",
        "Its largest difference between 4 texts is 0, exactly.",
    )
    assert words.same(two(by_hand, 0, 6), 5).endswith(
        "The strips show the first 5 texts; the difference is that of all."
    )


def test_rounding_is_no_difference_and_more_is_one(by_hand) -> None:
    rounded = two(by_hand, 2.4e-7)
    assert "which is rounding**." in words.same(rounded, 5)
    assert words.claim(rounded)[0] == "holds"
    other = two(by_hand, 0.5)
    assert words.same(other, 5).endswith("differ by up to **0.500**.")
    assert words.claim(other)[0] == "fails"
    assert "0.500" in words.keep(other)
    assert "another vector" in words.headline(other)


def test_the_strips_are_those_before_the_first_layer(by_hand) -> None:
    reading = two(by_hand, 0.5)
    shown = exhibits.same(reading)
    drawings.check([shown])
    after = reading.hidden_states[0, :, 1]
    assert shown.totals["largest difference of the token after it"] == np.ptp(after, axis=0).max()
    *vectors, difference = (values for _, values in drawings.drawn(shown))
    np.testing.assert_array_equal(vectors, reading.hidden_states[0, :, 0])
    np.testing.assert_array_equal(difference, [0, 0.5])


def test_the_sum_and_its_step_are_told_apart(known: Mapping[str, Checkpoint]) -> None:
    assert "LayerNorm is a step applied to the sum, not a summand." in words.steps(taken_apart(MODEL, 0)[0])
    assert "LayerNorm and projection are steps" in words.steps(taken_apart("tiny-electra", 0)[0])
    assert "inside its attention" in words.steps(taken_apart("tiny-modernbert", 0)[0])
    assert "inside its attention" not in words.steps(taken_apart(MODEL, 0)[0])


def test_what_a_family_lacks_is_said(known: Mapping[str, Checkpoint]) -> None:
    told = words.steps(taken_apart("tiny-roberta", 0)[0])
    assert "Position 0 has row 2 of its table" in told
    assert "this model has no segments" in told
    told = words.steps(taken_apart(MODEL, 0)[0])
    assert "row" not in told
    assert "no segments" not in told


def test_one_part_is_no_sum(known: Mapping[str, Checkpoint]) -> None:
    from lib.model import read

    reading = read("tiny-deberta-v2", ["the film"], attention="none")
    made = taken_apart("tiny-deberta-v2", 0)[0]
    told = words.assembled(reading, 0, 0, made)
    assert "is one looked-up vector, that of its token, with length **" in told
    assert "is the largest: **" in told


def test_a_length_is_said_among_the_others() -> None:
    at = measures.Standing(2.0, 1.0, 0.5, 1.0, 1.5, 0.1, 2.0, 1001)
    assert words.stands(at, "It") == "It has length **2.00**, more than all others; the median of 1001 rows is 1.00"
    assert "more than all but 4 others" in words.stands(replace(at, shorter=0.996), "It")
    assert "more than 30% of the others" in words.stands(replace(at, shorter=0.3), "It")


def test_small_numbers_are_written_as_powers() -> None:
    assert power(5.7e-7) == "6\u00a0×\u00a010⁻⁷"
    assert power(0) == "0, exactly"
    assert (part(0.9991), part(1), part(0.5), part(0.002)) == (">99%", "100%", "50%", "<1%")


def test_strips_send_what_they_show() -> None:
    rows = [
        Strip("token", np.array([0.5, -1], np.float32), scale="parts"),
        Strip("<b>", np.array([3, 0, 1], np.float32), "→", scale="behind", is_first=True),
    ]
    data = payload(rows, unit=1, words="w", file="f.png")
    assert b"<b>" in data
    assert np.array([3, 0, 1], "<f4").tobytes() in data
    assert table(rows) == {"dimension": [0, 1, 2], "token": ["0.5", "-1", ""], "<b>": ["3", "0", "1"]}


def test_a_standing_marks_the_row_in_its_colour() -> None:
    standing = measures.Standing(2.0, 0.9, 0.5, 1.0, 1.5, 0.1, 2.5, 100)
    colours = palette("dark")
    figure = standings([measures.Fact("token", 0, standing, measures.Loud(0, 1, 1, 1))], "<s>", colours)
    assert figure.data[-1].x == (2.0,)
    assert figure.data[-1].marker.color == colours.cls
    assert figure.data[-1].text == ("2.00",)
    assert "&lt;s&gt;" in figure.data[-1].hovertemplate
    assert "<s>" not in figure.data[-1].hovertemplate
    assert figure.layout.annotations[0].text == "token vectors (100 rows, median 1.00)"


# The page


def page(*, opened: bool = True, **controls: str) -> AppTest:
    app = reached("blank", **controls)
    app.session_state[choices.OPEN] = opened
    return app


def screen(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


def test_the_page_proves_itself(embedded) -> None:
    app = page().run()
    assert not app.exception
    told = screen(app)
    assert "the same vector in all 4 texts" in told
    assert "**0, exactly**" in told
    assert "● `LayerNorm(token + position + segment)`, worked out again, is `hidden_states[0]`" in told
    assert "1.049 + 1.874 + (−0.068) = **2.856**" in told


def test_the_statement_comes_first_and_the_rest_is_folded(embedded) -> None:
    app = page(opened=False).run()
    assert not app.exception
    told = screen(app)
    assert "the largest difference over its 384 dimensions is **0, exactly**." in told
    assert "1.049" not in told
    (noted,) = (each for stem, each in app.session_state["path_found"].items() if stem == "blank")
    assert (noted.verdict, noted.keep) == (
        "holds",
        "Before layer 1, [CLS] is the same vector in every text. What it tells of a text comes in later.",
    )


def test_a_link_chooses_text_and_token(embedded) -> None:
    app = page(blank_text="2", blank_token="4", open="1").run()
    assert not app.exception
    assert "“good”" not in screen(app)
    assert "at position 4 is put together" in screen(app)


@pytest.mark.parametrize("example", EXAMPLES["blank"], ids=lambda example: example.key)
def test_its_examples_work(example, embedded) -> None:
    app = page()
    app.session_state[choices.TEXT] = "\n".join(example.texts)
    app.session_state[choices.PAIR] = example.pair
    app.run()
    assert not app.exception
    assert "**0, exactly**" in screen(app)
