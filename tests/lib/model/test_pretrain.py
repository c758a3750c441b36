"""BERT's two tasks: how examples are made and masked, what the losses are, and what of a training is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import PeftModel
from safetensors import safe_open
from torch.nn.functional import cross_entropy
from transformers import BertForPreTraining, BertModel

from lib import taught
from lib.checkpoints import Checkpoint
from lib.model import adapters, opened, pretrain
from lib.model.opening import woven
from lib.model.pretrain import Pair, Recipe, Special, Training, batch, documents, learner, masked, pairs, split
from tests.conftest import CLOSE, NEAR, unlent
from tests.tiny import WORDS

SLUG = "tiny-bert"
CLS, SEP, MASK, PAD = 2, 3, 4, 0
SPECIAL = Special(CLS, SEP, MASK, PAD, 1000)
RECIPE = Recipe(steps=20, batch=8, length=24, rank=2, rate=3e-2, heads_rate=3e-2)


def corpus(many: int = 12) -> list[list[list[int]]]:
    """Documents of eight sentences; the hundreds of a piece are its document, the rest its place in it."""
    return [[[100 * doc + 10 + 3 * n + k for k in range(3)] for n in range(8)] for doc in range(1, many + 1)]


def words(many: int = 12) -> list[list[list[int]]]:
    """Documents for the tiny vocabulary: each says two words of its own again and again."""
    plain = range(5, 5 + len(WORDS))
    return [[[plain[2 * doc], plain[2 * doc + 1], plain[2 * doc]] for _ in range(8)] for doc in range(many)]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is measured, so that a training takes a moment."""
    monkeypatch.setattr(pretrain, "HELD_PAIRS", 16)


# Examples


def test_a_file_is_documents_of_sentences_of_pieces(tmp_path: Path, tiny: Mapping[str, Checkpoint]) -> None:
    file = tmp_path / "text.txt"
    file.write_text("The film was good.\nWe watched it.\n\n\nA dog sat.\n", "utf-8")
    tokenizer = unlent(SLUG).tokenizer
    found = documents(file, tokenizer)
    assert [[tokenizer.convert_ids_to_tokens(each) for each in document] for document in found] == [
        [["the", "film", "was", "good", "."], ["we", "watched", "it", "."]],
        [["a", "dog", "sat", "."]],
    ]
    file.write_text("The film was good.\nWe watched it.\n", "utf-8")
    with pytest.raises(ValueError, match="empty line"):
        documents(file, tokenizer)


def test_documents_are_held_out_whole() -> None:
    found = corpus(60)
    taught, held = split(found, seed=0)
    assert len(held) == 3
    assert sorted(taught + held) == found
    assert split(found, seed=0) == (taught, held)
    assert split(found, seed=1)[1] != held


def test_a_pair_follows_or_comes_from_another_document() -> None:
    found = list(pairs(corpus(400), 24, np.random.default_rng(0)))
    for each in found:
        first, second = np.array(each.first), np.array(each.second)
        assert len(first) >= 1
        assert len(second) >= 1
        assert len(first) + len(second) <= 21
        assert (np.diff(first) == 1).all(), "whole sentences in their order, cut at the ends alone"
        assert (np.diff(second) == 1).all()
        assert (first[0] // 100 == second[0] // 100) == (each.label == 0), "label 0 is the next sentence"
        if each.label == 0:
            assert 1 <= second[0] - first[-1] <= 10
    assert len({each.second[0] // 100 for each in found if each.label == 1}) > 100, "from any other document"
    labels = np.array([each.label for each in found])
    assert len(labels) > 700
    assert abs(labels.mean() - 0.5) < 4 * 0.5 / len(labels) ** 0.5
    lengths = np.array([[len(each.first), len(each.second)] for each in found])
    assert lengths.max() > 9, "more than three sentences in a segment"
    # a forced random pair where only one sentence fits would be told by its length
    longest = [[[1000 * doc + n * 100 + k for k in range(30)] for n in range(6)] for doc in range(1, 300)]
    labels = np.array([each.label for each in pairs(longest, 24, np.random.default_rng(0))])
    assert abs(labels.mean() - 0.5) < 4 * 0.5 / len(labels) ** 0.5


def test_the_same_seed_gives_the_same_pairs_and_another_epoch_others() -> None:
    found, recipe = corpus(), RECIPE
    first = list(islice(pretrain.stream(found, recipe), 200))
    assert first == list(islice(pretrain.stream(found, recipe), 200))
    assert first != list(islice(pretrain.stream(found, replace(recipe, seed=1)), 200))
    assert len({tuple(each.first) for each in first}) > len({tuple(each.first) for each in first[:30]})


# Masks


class Drawn:
    """Draws what a test wants."""

    def __init__(self, order: list[int], fate: list[float], words: list[int]) -> None:
        self.order, self.fate, self.words = order, fate, words

    def permutation(self, free: np.ndarray) -> np.ndarray:
        return free[self.order]

    def random(self, many: int) -> np.ndarray:
        return np.array(self.fate[:many])

    def integers(self, most: int, size: int) -> np.ndarray:
        assert most == SPECIAL.words
        return np.array(self.words[:size])


def test_masks_worked_by_hand() -> None:
    ids = np.array([CLS, *range(11, 21), SEP, *range(31, 38), SEP])  # 20 tokens: 3 of them
    free = [n for n, each in enumerate(ids) if each not in (CLS, SEP)]
    order = [free.index(n) for n in (15, 2, 7)] + [free.index(n) for n in free if n not in (15, 2, 7)]
    places, given = masked(ids, SPECIAL, Drawn(order, [0.79, 0.81, 0.91], [500, 501, 502]))
    assert places.tolist() == [2, 7, 15]
    assert given[places].tolist() == [MASK, 501, ids[15]], "80 % [MASK], 10 % a random word, 10 % as it was"
    rest = np.delete(np.arange(20), places)
    assert (given[rest] == ids[rest]).all()
    places, given = masked(np.array([CLS, 9, SEP]), SPECIAL, Drawn([0], [0.0], [0]))
    assert (places.tolist(), given.tolist()) == ([1], [CLS, MASK, SEP]), "one at least"


def test_masks_counted() -> None:
    ids = np.array([CLS, *[600] * 60, SEP, *[600] * 37, SEP])  # 100 tokens
    rng = np.random.default_rng(0)
    found = [masked(ids, SPECIAL, rng) for _ in range(800)]
    assert {len(places) for places, _ in found} == {15}
    chosen = np.concatenate([places for places, _ in found])
    assert set(chosen) == set(range(100)) - {0, 61, 99}, "every place but the special ones"
    given = np.concatenate([changed[places] for places, changed in found])
    for share, expected in ((given == MASK, 0.8), ((given != MASK) & (given != 600), 0.1), (given == 600, 0.1)):
        assert abs(share.mean() - expected) < 4 * (expected * (1 - expected) / len(given)) ** 0.5
    others = given[(given != MASK) & (given != 600)]
    assert others.min() < 50
    assert others.max() > 950, "from the whole vocabulary"


def test_a_batch_is_laid_out_as_bert_has_it() -> None:
    examples = [Pair([11, 12], [21, 22, 23], 1), Pair([31], [41], 0)]
    found = batch(examples, SPECIAL, np.random.default_rng(0))
    assert found.labels.tolist() == [1, 0]
    assert found.given["token_type_ids"].tolist() == [[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0, 0]]
    assert found.given["attention_mask"].tolist() == [[1] * 8, [1] * 5 + [0] * 3]
    whole = found.given["input_ids"].flatten().clone()
    whole[found.chosen] = found.targets
    assert whole.tolist() == [CLS, 11, 12, SEP, 21, 22, 23, SEP, CLS, 31, SEP, 41, SEP, PAD, PAD, PAD]
    assert [int((found.chosen // 8 == n).sum()) for n in (0, 1)] == [1, 1]


# Losses


def test_the_losses_are_those_of_transformers(tiny: Mapping[str, Checkpoint]) -> None:
    model, special = learner(SLUG, RECIPE)
    for each in pretrain.trained(model).values():
        torch.nn.init.normal_(each, std=0.3, generator=torch.Generator().manual_seed(each.numel()))
    examples = list(islice(pretrain.stream(words(), RECIPE), 8))
    given = batch(examples, special, np.random.default_rng(0))
    labels = torch.full_like(given.given["input_ids"], -100).flatten()
    labels[given.chosen] = given.targets
    whole = model(**given.given, labels=labels.view(8, -1), next_sentence_label=given.labels)
    said, followed = pretrain.answers(model, given)
    mlm, nsp = cross_entropy(said, given.targets), cross_entropy(followed, given.labels)
    torch.testing.assert_close(mlm + nsp, whole.loss, **CLOSE)
    torch.testing.assert_close(followed, whole.seq_relationship_logits, **CLOSE)
    torch.testing.assert_close(said, whole.prediction_logits.flatten(0, 1)[given.chosen], **CLOSE)


def test_the_loss_of_an_answer_worked_by_hand(tiny: Mapping[str, Checkpoint]) -> None:
    model, special = learner(SLUG, RECIPE)
    with torch.no_grad():
        for each in (*model.cls.parameters(), *model.bert.pooler.parameters()):
            if each is not model.bert.embeddings.word_embeddings.weight:
                each.zero_()
        model.cls.predictions.bias[7] = 2.0
        model.cls.seq_relationship.bias[:] = torch.tensor([1.0, 0.0])
    given = batch([Pair([7], [7], 0), Pair([8], [8], 1)], special, np.random.default_rng(1))
    said, followed = pretrain.answers(model, given)
    base = float(np.log(np.exp(2) + special.words - 1))
    expected = [base - 2 if target == 7 else base for target in given.targets.tolist()]
    np.testing.assert_allclose(cross_entropy(said, given.targets, reduction="none").detach(), expected, **CLOSE)
    np.testing.assert_allclose(
        cross_entropy(followed, given.labels, reduction="none").detach(), np.log1p(np.exp([-1.0, 1.0])), **CLOSE
    )


def test_only_what_is_taught_learns(tiny: Mapping[str, Checkpoint]) -> None:
    before = {name: each.clone() for name, each in unlent(SLUG).eager.state_dict().items()}
    training = Training(words(), replace(RECIPE, seed=3), SLUG)
    training._examples = cycle(list(islice(training._examples, RECIPE.batch)))  # so few can be learnt in 20 steps
    start = {name: each.detach().clone() for name, each in training.model.named_parameters()}
    losses = np.array([training.step() for _ in range(RECIPE.steps)])
    first, last = losses[:5].mean(axis=0), losses[-5:].mean(axis=0)
    assert (last < first).all(), f"both losses: {first} {last}"
    changed = {name for name, each in training.model.named_parameters() if not torch.equal(each, start[name])}
    assert changed == set(pretrain.trained(training.model))
    assert {name.split(".")[0] for name in changed} == {"bert", "cls"}
    assert not [name for name in changed if "embeddings" in name or "decoder.weight" in name]
    assert len([name for name in changed if "lora_A" in name]) == 6 * 3, "six matrices in each block"
    assert all(torch.equal(each, before[name]) for name, each in unlent(SLUG).eager.state_dict().items())


def test_without_the_pairs_the_pooler_and_their_head_learn_nothing(tiny: Mapping[str, Checkpoint]) -> None:
    both, alone = (Training(words(), replace(RECIPE, mlm_only=only), SLUG) for only in (False, True))
    start = {name: each.detach().clone() for name, each in alone.model.named_parameters()}
    assert both.step() == alone.step(), "the same examples, masks and first weights"
    same = {name for name, each in alone.model.named_parameters() if torch.equal(each, start[name])}
    learnt = set(pretrain.trained(alone.model))
    assert {name for name in same & learnt if "lora_" not in name} == {
        *(f"bert.pooler.dense.{part}" for part in ("weight", "bias")),
        *(f"cls.seq_relationship.{part}" for part in ("weight", "bias")),
    }


# What is kept


def held(file: Path) -> tuple[object, dict[str, bytes]]:
    """What a file of weights says of itself, and its numbers to the last bit."""
    with safe_open(file, framework="np") as weights:
        numbers = {name: weights.get_tensor(name).tobytes() for name in weights.keys()}  # noqa: SIM118 - no mapping
        return weights.metadata(), numbers


def test_a_training_that_was_stopped_ends_with_the_same_weights(
    tiny: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pretrain, "SAVED_EVERY", 7)
    whole = pretrain.pretrain(words(), RECIPE, tmp_path / "whole", slug=SLUG, tell=lambda _: None)

    step = Training.step

    def breaks(self: Training) -> tuple[float, float]:
        if self.done == 16:  # two steps after it was saved, so that these are done again
            raise KeyboardInterrupt
        return step(self)

    monkeypatch.setattr(Training, "step", breaks)
    with pytest.raises(KeyboardInterrupt):
        pretrain.pretrain(words(), RECIPE, tmp_path / "broken", slug=SLUG, tell=lambda _: None)
    monkeypatch.setattr(Training, "step", step)
    broken = pretrain.pretrain(words(), RECIPE, tmp_path / "broken", slug=SLUG, tell=lambda _: None)
    assert broken == whole
    assert [each.step for each in whole] == [0, *pretrain.trail(20)]
    files = sorted(each.relative_to(tmp_path / "whole") for each in (tmp_path / "whole").rglob("*") if each.is_file())
    assert sum(each.name == "heads.safetensors" for each in files) == len(pretrain.trail(20))
    for each in files:
        if each.suffix == ".safetensors":  # its header has no order of its own
            one, other = (held(tmp_path / folder / each) for folder in ("broken", "whole"))
            assert one == other, each
        else:
            assert (tmp_path / "broken" / each).read_bytes() == (tmp_path / "whole" / each).read_bytes(), each
    with pytest.raises(ValueError, match="another training"):
        pretrain.pretrain(words(), replace(RECIPE, seed=1), tmp_path / "whole", slug=SLUG, tell=lambda _: None)
    (tmp_path / "whole" / "README.md").unlink()
    assert pretrain.pretrain(words(), RECIPE, tmp_path / "whole", origin="ours", slug=SLUG, tell=str) == whole
    card = (tmp_path / "whole" / "README.md").read_text("utf-8")
    assert "- Documents: ours" in card, "a training that is done can be described anew"
    assert f"| 20 | {pretrain.share(whole[-1].mlm_right, whole[-1].pieces)} |" in card
    assert (tmp_path / "whole" / "step-20" / adapters.HEADS).stat().st_size < 10_000, "two bytes a number"


@pytest.fixture
def written(tiny: Mapping[str, Checkpoint], tmp_path: Path) -> Path:
    """A checkpoint with every trained weight drawn at random."""
    model, _ = learner(SLUG, RECIPE)
    draws = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for each in pretrain.trained(model).values():
            each.copy_(torch.randn(each.shape, generator=draws).half() * 0.25)  # exact in float16
    pretrain.write(model, tmp_path, "a/base")
    return tmp_path


def test_an_adapter_is_opened_as_peft_opens_it(written: Path) -> None:
    base = unlent(SLUG)
    before = {name: each.numpy() for name, each in base.eager.named_parameters()}
    ours = adapters.changed(written, before)
    pooler = {name: torch.from_numpy(each) for name, each in ours.items() if name.startswith("pooler.")}
    theirs = BertModel.from_pretrained(base.checkpoint.where.path())
    theirs.load_state_dict(pooler, strict=False)
    theirs = PeftModel.from_pretrained(theirs, written).eval()
    assert theirs.peft_config["default"].base_model_name_or_path == "a/base"
    given = base.tokenizer("the film was good", "we watched it", return_tensors="pt")
    entry = replace(base.checkpoint, slug="taught", name="taught")
    with torch.no_grad(), woven(opened(SLUG), entry, ours).lent() as lent:
        for net in (lent.eager, lent.sdpa):
            found, expected, plain = net(**given), theirs(**given), base.eager(**given)
            np.testing.assert_allclose(found.last_hidden_state, expected.last_hidden_state, **NEAR)
            np.testing.assert_allclose(found.pooler_output, expected.pooler_output, **NEAR)
            assert (found.last_hidden_state - plain.last_hidden_state).abs().max() > 0.1
    merged = theirs.merge_and_unload()
    named = dict(merged.named_parameters())
    assert len(ours) == 6 * 3 + 2
    for name, each in ours.items():
        np.testing.assert_allclose(each, named[name].detach(), **CLOSE)


def test_heads_are_those_of_transformers(written: Path) -> None:
    found = {name: torch.from_numpy(each) for name, each in adapters.heads(written).items()}
    model = BertForPreTraining(unlent(SLUG).eager.config)
    missing, unknown = model.load_state_dict(found, strict=False)
    assert unknown == []
    left = {name for name in missing if not name.startswith("bert.")}
    assert left == {"cls.predictions.decoder.weight", "cls.predictions.decoder.bias"}, "tied"
    torch.testing.assert_close(model.cls.predictions.decoder.bias, found["cls.predictions.bias"], rtol=0, atol=0)


def test_an_adapter_of_another_kind_or_model_is_refused(written: Path) -> None:
    before = {name: each.numpy() for name, each in unlent(SLUG).eager.named_parameters()}
    name = "encoder.layer.0.attention.self.query.weight"
    with pytest.raises(ValueError, match="belongs to another one"):
        adapters.changed(written, {**before, name: before[name][:, 1:]})
    file = written / adapters.CONFIG
    file.write_text(file.read_text("utf-8").replace('"use_dora": false', '"use_dora": true'), "utf-8")
    with pytest.raises(ValueError, match="use_dora"):
        adapters.changed(written, before)


def test_a_model_that_is_not_of_berts_kind_is_not_taught(tiny: Mapping[str, Checkpoint]) -> None:
    with pytest.raises(ValueError, match="'roberta'"):
        learner("tiny-roberta", RECIPE)


# What is measured


def test_scores_worked_by_hand(tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch) -> None:
    model, special = learner(SLUG, RECIPE)
    examples = [Pair([7], [7], label) for label in (0, 0, 0, 0, 0, 1, 1, 1, 1, 1)]
    given = batch(examples, special, np.random.default_rng(0))
    similarity = torch.tensor([0.9, 0.8, 0.7, 0.3, 0.1, 0.75, 0.6, 0.4, 0.2, 0.0])  # medians .7 and .4
    # the next sentence is said of the first three and of the first two random ones
    followed = torch.tensor([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 2 + [[1.0, 0.0]] * 2 + [[0.0, 1.0]] * 3)
    said = torch.nn.functional.one_hot(torch.where(torch.arange(10) < 4, 7, 8), special.words).float()
    monkeypatch.setattr(pretrain, "answers", lambda _model, _given: (said, followed))
    found = pretrain.scores(model, pretrain.Held([given], similarity), 3)
    assert given.targets.tolist() == [7] * 10
    assert (found.step, found.mlm_right, found.pieces, found.nsp_right, found.pairs) == (3, 4, 10, 6, 10)
    assert (found.missed, found.missed_alike, found.doubted, found.doubted_unlike) == (2, 1, 2, 2)
    np.testing.assert_allclose(found.nsp_loss, np.log1p(np.exp(-1)) + 0.4, **CLOSE)


def test_an_interval_worked_by_hand() -> None:
    # 8 of 10 and z = 1.96: (.8 + .19208 -+ 1.96 sqrt(.016 + .0096040)) / 1.38416
    np.testing.assert_allclose(taught.interval(8, 10), (0.49016, 0.94332), atol=1e-4)
    low, high = taught.interval(0, 100)
    assert abs(low) < 1e-12
    assert 0.03 < high < 0.04


def test_checkpoints_are_denser_at_the_start() -> None:
    assert pretrain.trail(4096) == [32, 64, 128, 256, 512, 1024, 2048, 4096]
    assert pretrain.trail(3) == [1, 2, 3]


def test_the_rate_rises_and_falls_to_nothing() -> None:
    rates = [pretrain.height(step, 200) for step in range(200)]
    assert rates[:3] == pytest.approx([1 / 6, 2 / 6, 3 / 6])
    assert max(rates) == pytest.approx(1.0)
    assert rates[-1] == pytest.approx(1 / 194)
    assert [pretrain.height(0, 1)] == [1.0]
