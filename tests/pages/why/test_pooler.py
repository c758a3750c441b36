"""The page on the pooler: what it says, on constructed numbers, and its table, against the installed classes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, PreTrainedModel
from transformers.activations import ACT2FN

from lib import model
from lib.checkpoints import DEFAULT, STEPS, Checkpoint
from lib.measures.probe import Score
from lib.model import pooler
from lib.reading import PoolerWeights
from pages.why.pooler import measures, words
from pages.why.pooler.families import FAMILIES, Family
from pages.why.pooler.measures import Apart, Told
from tests.conftest import CLOSE, NEAR, unlent

_SIZES = {"vocab_size": 30, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
_SMALL = {**_SIZES, "max_position_embeddings": 40, "pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3}
_OTHER = {
    "distilbert": {"vocab_size": 30, "dim": 8, "n_layers": 2, "n_heads": 2, "hidden_dim": 16},
    "xlnet": {"vocab_size": 30, "d_model": 8, "n_layer": 2, "n_head": 2, "d_inner": 16},
    "gpt2": {"vocab_size": 30, "n_embd": 8, "n_layer": 2, "n_head": 2, "bos_token_id": 2, "eos_token_id": 3},
    "t5": {"vocab_size": 30, "d_model": 8, "d_kv": 4, "d_ff": 16, "num_layers": 2, "num_heads": 2, "eos_token_id": 3},
    "bart": {
        **{f"{side}_{what}": n for side in ("encoder", "decoder") for what, n in (("layers", 2), ("ffn_dim", 16))},
        **{"encoder_attention_heads": 2, "decoder_attention_heads": 2, "d_model": 8, "vocab_size": 30},
        **{"max_position_embeddings": 40, "pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3},
    },
}
IDS = torch.tensor([[2, 10, 11, 12, 13, 3]])


def small(family: Family) -> PreTrainedModel:
    from transformers import AutoConfig

    more = {"classifier_pooling": "mean"} if family.mean else {}
    start = {"decoder_start_token_id": 0, "pad_token_id": 0} if family.kind in ("t5", "gpt2") else {}
    config = AutoConfig.for_model(family.kind, **_OTHER.get(family.kind, _SMALL), **more, **start)
    torch.manual_seed(3)
    made = AutoModelForSequenceClassification.from_config(config).eval()
    with torch.no_grad():
        for weights in made.parameters():
            weights.add_(torch.randn_like(weights) * 0.3)  # the usual start has biases of 0 and norms of 1
    return made


def last_vectors(found: object) -> torch.Tensor:
    """float32[tokens, hidden]; of an encoder with a decoder those of the decoder."""
    states = getattr(found, "hidden_states", None) or found.decoder_hidden_states
    return states[-1][0]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda each: f"{each.kind}-{each.taken}")
def test_the_logits_are_made_of_the_vector_that_the_table_names(family: Family) -> None:
    whole = small(family)
    assert type(whole).__name__ == f"{family.name}ForSequenceClassification"
    with torch.inference_mode():
        found = whole(input_ids=IDS, attention_mask=torch.ones_like(IDS), output_hidden_states=True)
        vectors = last_vectors(found)
        value = {"first": vectors[0], "last": vectors[-1], "mean": vectors.mean(0)}[family.taken]
        others = [each for each in (vectors[0], vectors[-1], vectors.mean(0)) if not torch.equal(each, value)]

        def through(vector: torch.Tensor) -> torch.Tensor:
            for step in family.steps:
                vector = ACT2FN[step](vector) if step in ACT2FN else whole.get_submodule(step)(vector)
            return vector

        np.testing.assert_allclose(through(value), found.logits[0], **NEAR)
        for other in others:
            assert not np.allclose(through(other), found.logits[0], **NEAR)


def test_every_family_that_is_read_here_and_has_a_class_is_in_the_table() -> None:
    from tests.tiny import FAMILIES as READ

    assert set(READ) <= {each.kind for each in FAMILIES}
    assert len(words.rows()) == len(FAMILIES)


# The model's own pooler


def test_the_pooler_of_the_embedded_model_was_never_trained_and_that_of_the_taught_one_was(embedded: object) -> None:
    assert pooler.weights(DEFAULT).untouched
    assert not pooler.weights(max(STEPS, key=lambda slug: STEPS[slug].where.step)).untouched


@pytest.mark.parametrize("name", ["tiny-bert", "tiny-albert", "tiny-roberta"])
def test_tanh_of_what_goes_in_is_what_comes_out(name: str, tiny: dict[str, Checkpoint]) -> None:
    reading = model.read(name, ["The film was good.", "Water."], attention="none")
    np.testing.assert_allclose(np.tanh(pooler.before_tanh(reading)), reading.pooler_output, **CLOSE)
    dense = unlent(name).eager.pooler
    bias = getattr(dense, "dense", dense).bias
    before = bias.detach().clone()
    with torch.no_grad():
        bias[:3] = 0
        found = pooler.weights(name)
        bias.copy_(before)  # other tests read with this model, too
    assert (found.biases, found.at_zero) == (8, 3)
    assert not found.untouched


@pytest.mark.parametrize("name", ["tiny-distilbert", "tiny-deberta-v2"])
def test_a_model_without_a_pooler_says_so(name: str, tiny: dict[str, Checkpoint]) -> None:
    with pytest.raises(ValueError, match="has no pooler"):
        pooler.weights(name)


# What is measured and said


def test_two_vectors_compared_by_hand() -> None:
    found = measures.apart(np.array([3, 4], np.float32), np.array([0.95, 0.9], np.float32))
    assert found.cosine == pytest.approx((3 * 0.95 + 4 * 0.9) / (5 * np.hypot(0.95, 0.9)))
    assert found.most == pytest.approx(3.1)
    assert found.saturated == 0.5  # 0.9 in float32 lies at the limit, or below it


@pytest.mark.parametrize(
    ("cosine", "most", "right"),
    [(1, 0, [0]), (0.53, 1, [1]), (0.47, 1, [2]), (-1, 1, [2]), (0.51, 1, []), (0.49, 1, [])],
)
def test_what_is_right(cosine: float, most: float, right: list[int]) -> None:
    assert words.right(Apart(cosine, most, 0)) == tuple(words.ANSWERS[k] for k in right)


def test_the_trap_is_named_only_where_there_is_one(embedded: object) -> None:
    from lib.checkpoints import CHECKPOINTS

    here = CHECKPOINTS[DEFAULT]
    assert "never trained" in words.trained(PoolerWeights(384, 384, 0.01, 0.05), here)
    assert "1 of its 384" in words.trained(PoolerWeights(384, 383, 0.01, 0.05), here)


def told(low: float, high: float) -> Told:
    first, second = Score(0.7, 0.6, 0.8, 200), Score(0.7 + (low + high) / 2, 0.5, 0.9, 200)
    return Told(first, second, Score((low + high) / 2, low, high, 200))


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.01, 0.2, "easier"), (-0.2, -0.01, "harder"), (-0.1, 0.1, "about as well")]
)
def test_which_is_better_is_said_only_where_the_interval_says_so(low: float, high: float, said: str) -> None:
    assert said in words.classified_headline(told(low, high))


def test_classifiers_see_what_is_in_either_vector() -> None:
    dice = np.random.default_rng(0)
    labels, groups = np.arange(60) % 2, np.arange(60) // 2
    noise = dice.normal(size=(60, 4)).astype(np.float32)
    telling = noise + 3 * labels[:, None].astype(np.float32)
    found = measures.told(noise, telling, labels, groups)
    assert found.first.value < 0.75 < found.pooled.value
    assert found.gain.low > 0
