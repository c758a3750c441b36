"""What holds of every text, whatever it is made of: texts are drawn at random from all of Unicode."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from lib.app import choices, parts
from lib.checkpoints import DEFAULT
from lib.edits import Cut, edit
from lib.exhibit import Drawing, Exhibit
from lib.measures import amount, attention, journey, ledger, tokens, vectors
from lib.model import read
from lib.model.ledger import ledger as ledger_of
from lib.model.tokenizing import clean
from lib.pooling import POOLINGS, offered
from lib.quantities import palette
from lib.reading import Reading
from pages.watch.evidence.rollout import traced
from tests.conftest import NEAR
from tests.exhibits import headed
from tests.hostile import SHORT
from tests.test_pages import STORIES, visit

# the same texts in every run, and nothing is written to a folder
ALWAYS = settings(derandomize=True, database=None, deadline=None)
LETTERS = st.characters(exclude_categories=())  # half characters, too
TEXT = st.one_of(st.text(LETTERS, max_size=60), st.sampled_from(SHORT), st.lists(st.sampled_from(SHORT)).map(" ".join))
TEXTS = st.lists(st.tuples(TEXT, st.none() | TEXT), min_size=2, max_size=4)
Rows = list[tuple[str, str | None]]
OF_WORDS = ("first_word", "mean_no_specials")  # which a text without a word does not have
STARVED = edit(Cut("first", "others"))


@pytest.fixture(scope="module")
def apps(embedded: object) -> dict[str, AppTest]:
    return {}


def taken(rows: Rows, **more: object) -> Reading:
    return read(DEFAULT, [text for text, _ in rows], pairs=[pair for _, pair in rows], **more)


def holds(rows: Rows) -> None:
    """Asserts what is true of these texts because it is true of all."""
    reading = taken(rows, attention="full")
    kept = reading.encoding
    real = kept.attention_mask == 1
    assert np.isfinite(reading.hidden_states).all()
    for layer in range(1, reading.layers + 1):
        weights = reading.attention(layer)
        np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5, err_msg="a row of attention sums to 1")
        assert weights[~np.broadcast_to(real[:, None, None, :], weights.shape)].max(initial=0) == 0, "none to padding"
        np.testing.assert_array_equal(reading.attends_to(layer), weights[:, :, 0])

    for row in range(len(rows)):
        alone = taken(rows[row : row + 1], attention="none").hidden_states[:, 0]
        own = reading.hidden_states[:, row, : alone.shape[1]]
        np.testing.assert_allclose(own, alone, **NEAR, err_msg="padding and company change nothing")

    starved = taken(rows, attention="cls", edit=STARVED)
    same = np.broadcast_to(starved.cls[-1, :1], starved.cls[-1].shape)
    np.testing.assert_allclose(starved.cls[-1], same, **NEAR, err_msg="alone [CLS] is the same vector")
    shares = np.stack([starved.attends_to(layer) for layer in range(1, starved.layers + 1)])
    assert shares[..., 1:].max() == 0, "what is cut is exactly 0"

    for key in offered(reading.checkpoint):
        pooling = POOLINGS[key]
        if key in OF_WORDS and not kept.is_word.any(axis=1).all():
            with pytest.raises(ValueError, match="has no token of its own"):
                pooling.pool(reading)
            continue
        assert np.isfinite(pooling.pool(reading)).all()
        weighed = pooling.weights(reading)
        if weighed is not None and key != "mean_sqrt_len_tokens":
            np.testing.assert_allclose(weighed.sum(axis=1), 1, atol=1e-5, err_msg=key)
            assert weighed[~real].max(initial=0) == 0, "padding weighs nothing"

    journey.tracks(reading)
    vectors.floor(reading.cls[-1])
    for row in range(len(rows)):
        length = int(kept.lengths[row])
        assert tokens.length(kept, row).tokens == length
        for measure in (tokens.words, tokens.unknown, tokens.names_typed, tokens.respelled, tokens.lost):
            assert isinstance(measure(kept, row), tuple)
        for way in ("attends_to", "attended_by"):
            attention.mostly(attention.shares(reading, row, way))
        attention.check(attention.shares(reading, row, "attends_to"))
        assert traced(reading, row).sum() == pytest.approx(1, abs=1e-5), "the rollout"
        apart = ledger_of(DEFAULT, kept.input_ids[row, :length], kept.token_type_ids[row, :length])
        np.testing.assert_allclose(amount.amounts(apart).shares.sum(axis=-1), 1, atol=1e-9)
        assert ledger.check(ledger.decompositions(apart)) is not None


@settings(ALWAYS, max_examples=5)
@given(TEXTS)
def test_what_holds_of_every_text(rows: Rows) -> None:
    holds(rows)


@pytest.mark.long
@settings(ALWAYS, max_examples=100)
@given(TEXTS)
def test_what_holds_of_every_text_holds_of_many(rows: Rows) -> None:
    holds(rows)


@pytest.mark.long
@pytest.mark.parametrize("stem", STORIES)
def test_a_page_draws_any_text(stem: str, apps: dict[str, AppTest]) -> None:
    """Every exhibit of the page, its table and its picture are made; a browser sends no half characters."""
    app, shown = visit(apps, stem), parts.picture

    @settings(ALWAYS, max_examples=6)
    @given(TEXTS)
    def draws(rows: Rows) -> None:
        app.session_state[choices.TEXT] = clean("\n".join(text for text, _ in rows))
        app.session_state[choices.PAIR] = clean(rows[0][1] or "")
        seen: list[Exhibit] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parts, "picture", lambda each, **more: seen.append(each) or shown(each, **more))
            app.run()
        assert not app.exception, [each.message for each in app.exception]
        assert not app.error
        for each in seen:
            assert len(set(headed(each.table()).values())) == 1, each.name
            if not isinstance(each.picture, Drawing):
                each.picture(palette("dark"))

    draws()
