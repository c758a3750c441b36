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
from lib.reading import InputParts, Part, Step
from lib.texts.examples import DEFAULT, EXAMPLES
from pages.meet.blank import words as said
from pages.meet.blank.figures import Row, standings
from tests import tiny as families
from tests.conftest import CLOSE, NEAR, ROOT

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
    assert said.formula(made) == FORMULAS[slug]
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


def test_sameness_is_said_as_what_it_is(by_hand) -> None:
    model = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]]).checkpoint
    assert "**0, exactly**" in said.same(0.0, 0, 6, 4, 5, model)
    assert "the same vector in all 4 texts" in said.same(0.0, 0, 6, 4, 5, model)
    assert f"**{power(1e-7)}, which is rounding**" in said.same(1e-7, 0, 6, 4, 5, model)
    assert "**< 0.001**" in said.same(1e-7, 2, 6, 4, 5, model), "behind a layer even that may be a difference"
    assert "first 5" in said.same(0.5, 6, 6, 9, 5, model)
    still = measures.Apart(np.zeros(3), None, None)
    assert "to this model these texts are one" in said.leaving(still, model)
    rounded = measures.Apart(np.array([1e-7, 0.25, 1.5]), None, np.array([1e-7, 1, 1]))
    told = said.leaving(rounded, model)
    assert f"starts at **{power(1e-7)}, which is rounding**, differs by 0.250 after layer 1" in told
    assert "\\[SEP\\] starts at 0 too" in told
    moved = measures.Apart(np.array([0, 0.25, 1.5]), np.array([2.0, 1, 1]), None)
    told = said.leaving(moved, model)
    assert "differs by 0.250 after layer 1 and most, by **1.500**, after layer 2 of 2" in told
    assert "Of the others, the piece behind :orange[\\[CLS\\]] (2.000) differs from the start" in told
    same_word = measures.Apart(np.array([0, 0.25, 1.5]), np.array([0.0, 1, 1]), np.array([0.0, 1, 1]))
    assert "\\[SEP\\] start at 0 too" in said.leaving(same_word, model)
    placeless = said.leaving(replace(moved, separator=np.array([0.0, 1, 1])), model)
    assert "(2.000) differs from the start" in placeless
    assert placeless.endswith("Here \\[SEP\\] starts at 0 too: the same is looked up there in all.")
    at_once = said.leaving(measures.Apart(np.array([0, 1.5, 1]), None, None), model)
    assert at_once.endswith("starts at **0, exactly**, differs most, by **1.500**, after layer 1 of 2.")


def test_the_sum_and_its_step_are_told_apart(known: Mapping[str, Checkpoint]) -> None:
    assert "LayerNorm is a step applied to the sum, no summand." in said.steps(taken_apart(MODEL, 0)[0])
    assert "LayerNorm and projection are steps" in said.steps(taken_apart("tiny-electra", 0)[0])
    assert "inside its attention" in said.steps(taken_apart("tiny-modernbert", 0)[0])
    assert "inside its attention" not in said.steps(taken_apart(MODEL, 0)[0])


def test_what_a_family_lacks_is_said(known: Mapping[str, Checkpoint]) -> None:
    told = said.steps(taken_apart("tiny-roberta", 0)[0])
    assert "Position 0 has row 2 of its table" in told
    assert "this model has no segments" in told
    told = said.steps(taken_apart(MODEL, 0)[0])
    assert "row" not in told
    assert "no segments" not in told


def test_one_part_is_no_sum(known: Mapping[str, Checkpoint]) -> None:
    from lib.model import read

    reading = read("tiny-deberta-v2", ["the film"], attention="none")
    made = taken_apart("tiny-deberta-v2", 0)[0]
    told = said.assembled(reading, 0, 0, made)
    assert "is one looked-up vector, that of its token, with length **" in told
    assert "is the largest: **" in told


def test_a_length_is_said_among_the_others() -> None:
    at = measures.Standing(2.0, 1.0, 0.5, 1.0, 1.5, 0.1, 2.0, 1001)
    assert said.stands(at, "It") == "It has length **2.00**, more than all others; the median of 1001 rows is 1.00"
    assert "more than all but 4 others" in said.stands(replace(at, shorter=0.996), "It")
    assert "more than 30% of the others" in said.stands(replace(at, shorter=0.3), "It")


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
    row = Row("token vectors", "<s>, row 0", True, 2.0, 0.9, 0.5, 1.0, 1.5, 0.1, 2.5, 100)
    colours = palette("dark")
    figure = standings([row], colours)
    assert figure.data[-1].x == (2.0,)
    assert figure.data[-1].marker.color == colours.cls
    assert figure.data[-1].text == ("2.00",)
    assert "&lt;s&gt;" in figure.data[-1].hovertemplate
    assert "<s>" not in figure.data[-1].hovertemplate
    assert figure.layout.annotations[0].text == "token vectors (100 rows, median 1.00)"


# The page


def page(**controls: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/meet/blank/page.py")
    for key, value in controls.items():
        app.query_params[key] = value
    return app


def words(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


def test_the_page_proves_itself(embedded) -> None:
    app = page().run()
    assert not app.exception
    told = words(app)
    assert "the same vector in all 4 texts" in told
    assert "**0, exactly**" in told
    assert "● `LayerNorm(token + position + segment)`, worked out again, is `hidden_states[0]`" in told
    assert "1.049 + 1.874 + (−0.068) = **2.856**" in told


def test_a_link_chooses_text_token_and_layer(embedded) -> None:
    app = page(blank_text="2", blank_token="4", blank_layer="6").run()
    assert not app.exception
    assert "“good”" not in words(app)
    assert "at position 4 is put together" in words(app)
    assert "After layer 6 of 6" in words(app)


@pytest.mark.parametrize("example", EXAMPLES["blank"], ids=lambda example: example.key)
def test_its_examples_work(example, embedded) -> None:
    app = page()
    app.session_state[choices.TEXT] = "\n".join(example.texts)
    app.session_state[choices.PAIR] = example.pair
    app.run()
    assert not app.exception
    assert "**0, exactly**" in words(app)
