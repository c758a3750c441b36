"""The page on masked words: what the head says of a masked token, against transformers' own class, and what is said."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import torch

from lib import checkpoints, model
from lib.checkpoints import STEPS, Checkpoint
from lib.quantities import palette
from lib.reading import Request
from lib.taught import BOTH
from pages.why.masked import controls, exhibits, measures, words
from pages.why.masked.measures import Filled, Lens
from tests.conftest import NEAR, unlent

SPEAKER = f"taught-{BOTH}-{checkpoints.TRAILS[BOTH].last}"


@pytest.fixture
def taught(embedded: object) -> Checkpoint:
    return STEPS[SPEAKER]


def test_the_words_are_those_of_the_masked_position(taught: Checkpoint) -> None:
    """By hand: the mask's id in its place, one pass, and the head's own formula on that vector."""
    asked = Request(SPEAKER, ("She unlocked the door with her key.",))
    encoding = model.tokenized(SPEAKER, asked.texts)
    place = list(encoding.tokens[0]).index("door")
    reading = controls.masked(asked, place, "[MASK]")
    assert reading.encoding.tokens[0][place] == "[MASK]"
    found = controls.filled(reading, encoding, place)

    lent = unlent(SPEAKER)
    ids = torch.tensor(encoding.input_ids)
    ids[0, place] = lent.tokenizer.mask_token_id
    from lib.model import heads

    with torch.inference_mode():
        vectors = lent.eager(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0]
        chances = heads.word_logits(lent, vectors).softmax(1).numpy()
    best = np.argsort(-chances[place])
    np.testing.assert_allclose(found.probabilities, chances[place][best[: controls.TOP]], **NEAR)
    true = int(encoding.input_ids[0, place])
    assert found.token == "door"
    assert found.chance == pytest.approx(float(chances[place, true]), abs=1e-4)
    assert found.rank == min(list(best).index(true), controls.TOP) + 1


def test_what_the_mask_attends_to_is_its_own_row(taught: Checkpoint) -> None:
    asked = Request(SPEAKER, ("The film was good.",))
    reading = controls.masked(asked, 2, "[MASK]")
    whole = model.answered(Request(SPEAKER, asked.texts, attention="full", edits=reading.request.edits))
    shown = exhibits.attended(reading, 2, 3)
    expected = whole.attentions[2][0, :, 2].mean(axis=0)
    found = dict(zip(shown.table()["row"], shown.table()[words.ATTENDED], strict=True))
    for name, value in found.items():
        assert value == pytest.approx(float(expected[int(name.split()[0])]), abs=1e-5)
    assert max(found.values()) == pytest.approx(float(expected.max()), abs=1e-5)


def test_the_first_token_is_asked_in_every_layer(taught: Checkpoint) -> None:
    found = controls.lens(Request(SPEAKER, ("The film was good.",)))
    assert len(found.tokens) == len(found.probabilities) == taught.layers + 1
    assert ((found.probabilities > 0) & (found.probabilities <= 1)).all()
    assert words.lens(found, taught).startswith("An extrapolation")


# What is chosen and said


def test_a_token_of_the_text_is_masked_and_the_longest_at_first(tiny: Mapping[str, Checkpoint]) -> None:
    encoding = model.tokenized("tiny-bert", ["a watched book ."], pairs=["wonderful water"])
    own = measures.maskable(encoding)
    assert encoding.is_word[0, own].all()
    assert encoding.tokens[0][measures.usual(encoding)] == "watched"
    assert measures.maskable(model.tokenized("tiny-bert", [" "])) == []


def test_the_strongest_of_a_row_by_hand() -> None:
    places, mean = measures.strongest(np.array([[0.1, 0.6, 0.3], [0.3, 0.2, 0.5]], np.float32), 2)
    assert places == [1, 2]  # 0.4 and 0.4: the first of them first
    np.testing.assert_allclose(mean, [0.2, 0.4, 0.4], rtol=1e-6)


def filled(probabilities: list[float], rank: int, chance: float) -> Filled:
    names = tuple(f"word{k}" for k in range(len(probabilities)))
    token = names[rank - 1] if rank <= len(names) else "other"
    return Filled(names, np.array(probabilities, np.float32), token, chance, rank)


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (filled([0.5, 0.3], 1, 0.5), [0]),
        (filled([0.5, 0.3], 2, 0.3), [1]),
        (filled([0.5, 0.3], 3, 0.01), [1]),
        (filled([0.4, 0.4], 1, 0.4), []),
    ],
)
def test_what_is_right(found: Filled, right: list[int], taught: Checkpoint) -> None:
    assert words.right(found) == tuple(words.ANSWERS[k] for k in right)
    assert ("more than any other" in words.because(found, taught)) == (found.rank == 1)


@pytest.mark.parametrize(("rank", "rows"), [(1, 2), (2, 2), (3, 3)])
def test_the_token_that_stood_there_is_always_shown(rank: int, rows: int, taught: Checkpoint) -> None:
    found = filled([0.5, 0.3], rank, {1: 0.5, 2: 0.3, 3: 0.01}[rank])
    shown = exhibits.predicted(found, 2, taught)
    assert len(shown.table()["row"]) == rows
    true = [trace for trace in shown.picture(palette("light")).data if trace.name == words.MARKS[0]]
    assert [cell[0] for trace in true for cell in trace.customdata or ()] == [found.token]


def test_a_token_s_name_is_no_markup(tiny: Mapping[str, Checkpoint]) -> None:
    assert words._code("a`b") == "aˋb"
    shown = words.lens_headline(Lens(("<b>x</b>",), np.ones(1, np.float32)), tiny["tiny-bert"])
    assert "<b>" not in shown.replace(r"\<b", "")
