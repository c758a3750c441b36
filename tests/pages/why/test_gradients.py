"""The page on gradients: where four losses arrive, worked out by hand and by small steps, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForPreTraining

from lib import checkpoints, model
from lib.checkpoints import DEFAULT, STEPS, Checkpoint, Folder
from lib.model import heads
from lib.model.gradients import SHARPNESS, arrivals
from lib.reading import Encoding
from pages.why.gradients import measures, words
from pages.why.gradients.measures import Arriving
from tests import tiny as small
from tests.conftest import NEAR

TEXT, PAIR, OTHERS = "The film was good.", "A cat sat on a book.", ["Water and light.", "The dog ran home."]
MASKED = np.array([2, 4])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A tiny BERT with both of its heads."""
    root: Path = tmp_path_factory.mktemp("pretraining")
    made = small.make("bert", root)
    tokenizer = small.wordpiece()
    torch.manual_seed(4)
    config = BertConfig(vocab_size=len(tokenizer), num_hidden_layers=3, pad_token_id=0, **small.SIZES)
    whole = BertForPreTraining(config).eval()
    with torch.no_grad():
        for weights in whole.parameters():
            weights.add_(torch.randn_like(weights) * 0.3)
    whole.save_pretrained(root)
    return replace(made, slug="tiny-both", where=Folder(root))


@pytest.fixture
def both(folder: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", {**checkpoints.CHECKPOINTS, folder.slug: folder})
    return folder


def test_the_two_losses_of_bert_are_those_of_its_own_class(both: Checkpoint) -> None:
    """``BertForPreTraining`` computes both losses itself; their gradients are ours, at every layer."""
    _, found = arrivals(both.slug, TEXT, PAIR, MASKED, others=OTHERS)
    whole = BertForPreTraining.from_pretrained(both.where.path()).eval()
    encoding = model.tokenized(both.slug, [TEXT], pairs=[PAIR])
    ids = torch.tensor(encoding.input_ids)
    hidden, labels = ids.clone(), torch.full_like(ids, -100)
    hidden[0, MASKED], labels[0, MASKED] = 4, ids[0, MASKED]
    looked_up = whole.get_input_embeddings()(hidden).detach().requires_grad_()
    out = whole(
        inputs_embeds=looked_up,
        attention_mask=torch.ones_like(ids),
        token_type_ids=torch.tensor(encoding.token_type_ids),
        output_hidden_states=True,
    )
    masked = cross_entropy(out.prediction_logits[0], labels[0], ignore_index=-100)
    follows = cross_entropy(out.seq_relationship_logits, torch.tensor([0]))
    tokens = found["words"].shape[1]
    for loss, name in ((masked, "words"), (follows, "pairs")):
        slopes = torch.autograd.grad(loss, out.hidden_states, retain_graph=True)
        expected = np.stack([slope[0].norm(dim=-1).numpy() for slope in slopes])[:, :tokens]
        np.testing.assert_allclose(found[name], expected, **NEAR)


def test_an_exact_zero_stands_where_a_loss_hangs_on_nothing(both: Checkpoint) -> None:
    encoding, found = arrivals(both.slug, TEXT, PAIR, MASKED, others=OTHERS)
    tokens = len(encoding.tokens[0])
    assert np.flatnonzero(found["words"][-1]).tolist() == MASKED.tolist()
    assert np.flatnonzero(found["pairs"][-1]).tolist() == [0]
    assert np.flatnonzero(found["classifier"][-1]).tolist() == [0]
    np.testing.assert_allclose(found["mean"][-1], found["mean"][-1, 0], rtol=1e-4)
    for name, lengths in found.items():
        assert lengths.shape == (4, tokens), name
        assert (lengths[:-1] > 0).all(), name


def test_the_loss_through_the_mean_falls_as_fast_as_its_gradient_is_long(both: Checkpoint) -> None:
    """By small steps: with one token's last vector moved along the gradient, worked out in NumPy."""
    _, found = arrivals(both.slug, TEXT, PAIR, MASKED, others=OTHERS)
    vectors = model.read(both.slug, [TEXT], attention="none").last_hidden_state[0].astype(np.float64)
    others = model.encode(both.slug, [PAIR, *OTHERS], poolings=["mean"], layers=[-1])["mean", -1].astype(np.float64)

    def loss(at: np.ndarray) -> float:
        mean = at.mean(axis=0)
        scores = SHARPNESS * (others @ mean) / (np.linalg.norm(others, axis=1) * np.linalg.norm(mean))
        return float(np.log(np.exp(scores - scores.max()).sum()) - (scores[0] - scores.max()))

    step = 1e-5
    slope = np.empty(vectors.shape[1])
    for unit in range(len(slope)):
        up, down = vectors.copy(), vectors.copy()
        up[1, unit] += step
        down[1, unit] -= step
        slope[unit] = (loss(up) - loss(down)) / (2 * step)
    assert found["mean"][-1, 1] == pytest.approx(float(np.linalg.norm(slope)), rel=1e-3)


def test_the_shipped_checkpoint_has_both_heads_and_the_embedded_model_has_none(embedded: object) -> None:
    slug = max(STEPS, key=lambda each: STEPS[each].where.step)
    heads.require(slug)
    with pytest.raises(ValueError, match="came without a head"):
        heads.require(DEFAULT)
    with pytest.raises(ValueError, match="no word that could be masked"):
        arrivals(slug, TEXT, PAIR, np.empty(0, np.int64), others=OTHERS)


# What is measured and said


@pytest.mark.parametrize("text", ["The film was good.", "Good", "The film was not a good film, and the book was bad."])
def test_one_word_in_seven_is_hidden_and_never_what_the_tokenizer_adds(
    text: str, tiny: Mapping[str, Checkpoint]
) -> None:
    encoding = model.tokenized("tiny-bert", [text], pairs=[PAIR])
    found = measures.hidden(encoding)
    own = int((encoding.is_word[0] & (encoding.sequence[0] == 0)).sum())
    assert len(found) == len(set(found.tolist())) == max(1, round(0.15 * own))
    assert encoding.is_word[0, found].all()
    assert (encoding.sequence[0, found] == 0).all()


def arriving(last: list[float], encoding: Encoding) -> Arriving:
    line = np.array([[1.0] * len(last), last], np.float32)
    one = np.array([[1.0] * len(last), [1.0] + [0.0] * (len(last) - 1)], np.float32)
    return Arriving(
        encoding, np.array([1]), {"words": line, "pairs": one, "mean": np.ones_like(line), "classifier": one}
    )


@pytest.mark.parametrize(
    ("last", "right"), [([0, 1, 0, 0], 2), ([2, 1, 1, 3], 0), ([1, 2, 2, 2], 1), ([1e-30, 2, 2, 2], 1)]
)
def test_what_is_right(last: list[float], right: int, tiny: Mapping[str, Checkpoint]) -> None:
    found = arriving(last, model.tokenized("tiny-bert", ["good book"]))
    assert words.right(found) == (words.ANSWERS[right],)
    assert ("0, exactly" in words.because(found, tiny["tiny-bert"])) == (right == 2)


def test_the_headline_names_the_loss_that_does_not_arrive(tiny: Mapping[str, Checkpoint]) -> None:
    speaker, encoding = tiny["tiny-bert"], model.tokenized("tiny-bert", ["good book"])
    found = arriving([0, 1, 0, 0], encoding)
    assert words.headline(found, 1, speaker).endswith("but masked words")
    assert "all four" in words.headline(found, 0, speaker)
    assert "**1**, next sentence **1**, similar texts **4** and the classifier **1**" in words.last(found, 1, speaker)
