"""The heads of pretraining: those of transformers to the last digits, in every family that has them, and none else."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForMaskedLM,
    BertForMaskedLM,
    BertForNextSentencePrediction,
    BertForPreTraining,
    BertForSequenceClassification,
    BertModel,
    PreTrainedModel,
)

from lib import checkpoints, taught
from lib.checkpoints import CHECKPOINTS, DEFAULT, STEPS, Checkpoint, Folder, Taught
from lib.model import adapters, heads, opened, read
from lib.reading import Reading
from tests.conftest import CLOSE, NEAR, unlent

PAIR = (["the film was good", "a dog ran"], ["we watched it", "time forgot the book ."])
WITH_WORDS = ("bert", "roberta", "xlm-roberta", "mpnet", "distilbert", "albert", "electra", "modernbert")


def made(kind: type, entry: Checkpoint, folder: Path, seed: int = 5) -> tuple[Checkpoint, PreTrainedModel]:
    """A tiny model with every weight of its heads drawn, saved as transformers does, under a slug of its own."""
    source = entry.where.path()
    config = type(unlent(entry.slug).eager.config).from_pretrained(source)
    if entry.family == "modernbert":
        config.decoder_bias = True
    torch.manual_seed(seed)
    model = kind.from_config(config) if kind is AutoModelForMaskedLM else kind(config)
    with torch.no_grad():
        for each in model.parameters():
            each.normal_(0, 0.3)
    shutil.copytree(source, folder, dirs_exist_ok=True)
    (folder / "model.safetensors").unlink()
    model.save_pretrained(folder)
    slug = f"{entry.slug}-with-head"
    return replace(entry, slug=slug, name="One with a head", where=Folder(folder)), model.eval()


@pytest.fixture
def known(tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch):
    def add(entry: Checkpoint) -> str:
        monkeypatch.setattr(
            checkpoints, "CHECKPOINTS", MappingProxyType({**checkpoints.CHECKPOINTS, entry.slug: entry})
        )
        return entry.slug

    return add


def theirs(model: PreTrainedModel, reading: Reading) -> object:
    encoding = reading.encoding
    given = {"input_ids": encoding.input_ids, "attention_mask": encoding.attention_mask}
    if reading.checkpoint.has_segments:
        given["token_type_ids"] = encoding.token_type_ids
    with torch.no_grad():
        return model(**{name: torch.tensor(each) for name, each in given.items()})


@pytest.mark.parametrize("family", WITH_WORDS)
def test_the_head_for_words_is_that_of_transformers(
    family: str, tiny: Mapping[str, Checkpoint], known, tmp_path: Path
) -> None:
    base = next(each for each in tiny.values() if each.family == family)
    entry, model = made(AutoModelForMaskedLM, base, tmp_path)
    slug = known(entry)
    assert heads.has_words(slug)
    assert not heads.has_words(base.slug), "a model that was saved without its head"
    reading = read(slug, PAIR[0], pairs=PAIR[1])
    expected = theirs(model, reading).logits.softmax(2)
    real = reading.encoding.attention_mask == 1
    found = heads.words(slug, reading.last_hidden_state[real], top=10_000)
    whole = np.empty_like(found.probabilities)
    np.put_along_axis(whole, found.ids, found.probabilities, axis=1)
    np.testing.assert_allclose(whole, expected[torch.from_numpy(real)].numpy(), **NEAR)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, **CLOSE)
    best = whole.argmax(axis=1)
    assert found.ids[:, 0].tolist() == best.tolist()
    assert [row[0] for row in found.tokens] == unlent(slug).tokenizer.convert_ids_to_tokens(best)
    np.testing.assert_allclose(heads.chances(slug, reading.last_hidden_state[real], best), whole.max(axis=1), **CLOSE)
    few = heads.words(slug, reading.last_hidden_state[real], top=3)
    np.testing.assert_allclose(few.probabilities, found.probabilities[:, :3], **CLOSE)
    expected_entropy = -(whole.astype(float) * np.log(whole.astype(float))).sum(axis=1)
    np.testing.assert_allclose(few.entropy, expected_entropy, **NEAR)


@pytest.mark.parametrize("kind", [BertForPreTraining, BertForNextSentencePrediction])
def test_the_head_for_pairs_is_that_of_transformers(
    kind: type, tiny: Mapping[str, Checkpoint], known, tmp_path: Path
) -> None:
    entry, model = made(kind, tiny["tiny-bert"], tmp_path)
    slug = known(entry)
    reading = read(slug, PAIR[0], pairs=PAIR[1])
    found = heads.next_sentence(reading)
    out = theirs(model, reading)
    expected = out.seq_relationship_logits if kind is BertForPreTraining else out.logits
    np.testing.assert_allclose(found.logits, expected, **NEAR)
    np.testing.assert_allclose(found.follows, expected.softmax(1)[:, 0], **NEAR)
    np.testing.assert_allclose(found.pooled, reading.pooler_output, **NEAR)
    np.testing.assert_allclose(np.tanh(found.dense), found.pooled, **CLOSE)
    np.testing.assert_allclose(found.pooled @ found.weights.T + found.bias, found.logits, **NEAR)
    assert heads.has_next_sentence(slug)
    assert heads.has_words(slug) == (kind is BertForPreTraining)


def test_the_names_of_berts_first_files_are_known(tiny: Mapping[str, Checkpoint], known, tmp_path: Path) -> None:
    entry, model = made(BertForPreTraining, tiny["tiny-bert"], tmp_path)
    file = tmp_path / "model.safetensors"
    old = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): each
        for name, each in load_file(file).items()
    }
    assert any(name.endswith("transform.LayerNorm.gamma") for name in old)
    save_file(old, file, {"format": "pt"})
    slug = known(entry)
    reading = read(slug, PAIR[0], pairs=PAIR[1])
    found = heads.words(slug, reading.last_hidden_state[:, 0], top=1)
    expected = theirs(model, reading).prediction_logits.softmax(2)[:, 0].max(dim=1).values
    np.testing.assert_allclose(found.probabilities[:, 0], expected, **NEAR)


@pytest.mark.parametrize("kind", [BertModel, BertForSequenceClassification, BertForMaskedLM])
def test_a_model_without_a_head_says_so(kind: type, tiny: Mapping[str, Checkpoint], known, tmp_path: Path) -> None:
    entry, _ = made(kind, tiny["tiny-bert"], tmp_path)
    slug = known(entry)
    assert not heads.has_next_sentence(slug)
    with pytest.raises(ValueError, match=r"One with a head came without a head for next sentences\."):
        heads.next_sentence(read(slug, PAIR[0], pairs=PAIR[1]))
    assert heads.has_words(slug) == (kind is BertForMaskedLM)
    if kind is not BertForMaskedLM:
        with pytest.raises(ValueError, match=r"came without a head for masked words\."):
            heads.words(slug, np.zeros((1, 8), np.float32))


def test_a_matrix_of_its_own_is_not_taken_for_the_embeddings(
    tiny: Mapping[str, Checkpoint], known, tmp_path: Path
) -> None:
    entry, model = made(BertForMaskedLM, tiny["tiny-bert"], tmp_path)
    model.config.tie_word_embeddings = False
    model.config.save_pretrained(tmp_path)
    slug = known(entry)
    assert not heads.has_words(slug)
    with pytest.raises(ValueError, match="a matrix of its own"):
        heads.words(slug, np.zeros((1, 8), np.float32))


@pytest.mark.parametrize("slug", ["tiny-deberta-v2", "tiny-electra"])
def test_families_and_files_without_heads_are_not_asked(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    assert not heads.has_words(slug)
    assert not heads.has_next_sentence(slug)


# What comes with the app

LAST = max((entry for entry in STEPS.values() if entry.where.pairs), key=lambda entry: entry.where.step)
# the second text follows the first; paired with the second of the next line it does not
CLEAR = (
    ("The ship left the harbour at dawn.", "By noon the sailors could not see the coast any more."),
    ("She was elected president of the country in March.", "Her government raised taxes in its first year."),
    ("The battle lasted two days.", "At its end both armies had lost half of their men."),
    ("The album was recorded in London.", "Its first song was released as a single in May."),
)


def test_what_comes_with_the_app_is_small_and_whole() -> None:
    files = [each for each in taught.ROOT.rglob("*") if each.is_file()]
    assert sum(each.stat().st_size for each in files) < 30_000_000
    trails = taught.trails()
    assert len(trails[taught.BOTH].steps) >= 7
    for trail in trails.values():
        assert list(trail.steps) == sorted(trail.steps)
        assert {each.step for each in trail.curve} >= {0, *trail.steps}, "each checkpoint was measured"
        card = (taught.ROOT / trail.run / "README.md").read_text("utf-8")
        assert "CC BY-SA" in card
        assert "This\nis not BERT" in card or "This is not BERT" in card


def test_the_menu_offers_the_last_step_of_each_run() -> None:
    offered = [entry for entry in CHECKPOINTS.values() if isinstance(entry.where, Taught)]
    assert [(each.where.run, each.where.step) for each in offered] == [
        (trail.run, trail.last) for trail in taught.trails().values()
    ]
    for slug in STEPS:
        assert checkpoints.named(slug) == slug
        assert checkpoints.ready(slug)


def test_a_folder_is_all_that_a_further_checkpoint_needs(tmp_path: Path) -> None:
    for step in (512, 32):
        shutil.copytree(LAST.where.folder, tmp_path / taught.BOTH / f"step-{step}")
    (tmp_path / taught.BOTH / "step-64").mkdir()  # not whole
    found = taught.trails(tmp_path)
    assert {run: list(each.steps) for run, each in found.items()} == {taught.BOTH: [32, 512]}
    assert found[taught.BOTH].at(32) is None


def test_shipped_adapters_are_opened_as_peft_opens_them() -> None:
    base, folder = unlent(DEFAULT), LAST.where.folder
    theirs = BertModel.from_pretrained(base.checkpoint.where.path())
    pooler = load_file(folder / adapters.HEADS)
    theirs.load_state_dict(
        {name.removeprefix("bert."): each.float() for name, each in pooler.items() if name.startswith("bert.")},
        strict=False,
    )
    theirs = PeftModel.from_pretrained(theirs, folder).eval()
    given = base.tokenizer(*CLEAR[0], return_tensors="pt")
    with torch.no_grad(), opened(LAST.slug).lent() as lent:
        expected = theirs(**given)
        for net in (lent.eager, lent.sdpa):
            out = net(**given)
            np.testing.assert_allclose(out.last_hidden_state, expected.last_hidden_state, **NEAR)
            np.testing.assert_allclose(out.pooler_output, expected.pooler_output, **NEAR)
        assert lent.eager.get_input_embeddings().weight is base.eager.get_input_embeddings().weight, "no second copy"


def test_the_first_answer_is_that_the_second_text_follows() -> None:
    first, second = zip(*CLEAR, strict=True)
    true = heads.next_sentence(read(LAST.slug, first, pairs=second))
    random = heads.next_sentence(read(LAST.slug, first, pairs=second[1:] + second[:1]))
    assert true.follows.mean() > random.follows.mean() + 0.3
    assert (true.follows > random.follows).all(), f"{true.follows} {random.follows}"


def test_a_masked_word_is_found_again() -> None:
    reading = read(LAST.slug, ["The capital of France is the [MASK] of Paris ."])
    place = reading.encoding.tokens[0].index("[MASK]")
    found = heads.words(LAST.slug, reading.last_hidden_state[:, place], top=10)
    assert "city" in found.tokens[0]


def test_without_pairs_there_is_no_head_for_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    entry = replace(LAST, slug="alone", where=replace(LAST.where, run=taught.WORDS_ALONE))
    monkeypatch.setattr(checkpoints, "STEPS", MappingProxyType({entry.slug: entry}))
    assert heads.has_words(entry.slug)
    assert not heads.has_next_sentence(entry.slug)
    pooler = opened(entry.slug)._whole.eager.pooler.dense.weight
    assert pooler is unlent(DEFAULT).eager.pooler.dense.weight, "the one that was drawn for this run is left aside"
