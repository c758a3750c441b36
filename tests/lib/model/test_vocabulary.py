"""What a model has to choose from, in every family: pieces by a word, special tokens, position ids."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from lib.checkpoints import DEFAULT, Checkpoint
from lib.edits import Position, Replace, edit
from lib.model import positions, read, specials, spelled
from tests import tiny as made
from tests.conftest import NEAR

FAMILIES = [f"tiny-{name}" for name in made.FAMILIES]


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_a_word_is_found_as_the_tokenizer_has_it_within_a_text(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    (water,) = spelled(slug, " water ")
    plain = read(slug, ["a water"], attention="none").encoding
    assert water in plain.row(0), "the piece that stands in a text, with its space if it has one"
    taken = read(slug, ["a water"], attention="none", edit=edit(Replace(0, water))).encoding
    assert taken.tokens[0][0] == water
    assert spelled(slug, "") == ()
    assert len(spelled(slug, "waterful")) > 1


def test_pieces_have_names(embedded: object) -> None:
    assert spelled(DEFAULT, "banana") == ("banana",)
    assert spelled(DEFAULT, "Banana") == ("banana",)
    assert spelled(DEFAULT, "[MASK]") == ("[MASK]",)
    assert spelled(DEFAULT, "##ing") == ("##ing",)
    assert spelled(DEFAULT, "unbelievably") == ("un", "##bel", "##ie", "##va", "##bly")
    assert spelled(DEFAULT, "two words") == ("two", "words")
    assert spelled(DEFAULT, "\u16a0\ud800") == (), "it cannot be spelled"


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_special_tokens_are_the_model_s_own(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    first, separator, mask, padding = specials(slug)
    row = read(slug, ["a film", "a"], attention="none").encoding.tokens
    assert (row[0][0], row[0][-1], row[1][-1]) == (first, separator, padding)
    assert "mask" in mask.lower()


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_the_usual_position_changes_nothing_and_the_next_one_does(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    ids = positions(slug)
    if slug == "tiny-deberta-v2":
        assert ids is None
        return
    plain = read(slug, ["a film"], attention="none")
    usual = read(slug, ["a film"], attention="none", edit=edit(Position(0, ids.start)))
    np.testing.assert_allclose(usual.hidden_states, plain.hidden_states, **NEAR)
    last = read(slug, ["a film"], attention="none", edit=edit(Position(0, ids.stop - 1)))
    assert not np.allclose(last.hidden_states[1:], plain.hidden_states[1:], atol=1e-4)
    with pytest.raises(ValueError, match=f"There is no position {ids.stop}"):
        read(slug, ["a film"], edit=edit(Position(0, ids.stop)))
