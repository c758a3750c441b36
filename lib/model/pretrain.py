"""Teach an encoder BERT's two pretraining tasks: masked words, and whether the second text follows the first.

``python -m lib.model.pretrain FILE --to FOLDER`` trains low-rank adapters in every block, a pooler and the two heads.
The embeddings stay as they are, and serve as the output matrix of the masked words, too. Examples are made as BERT's
paper (devlin2019) and its published code make them, with one difference: an example is cut from at least two sentences,
so that one half of the pairs is random whatever the length of the sentences. A training that was stopped goes on where
it was saved, with the same result. It needs what ``tests/requirements.txt`` lists; the app never imports it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import cast

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, cross_entropy
from transformers import BertForPreTraining, BertModel, PreTrainedTokenizerFast

from lib.checkpoints import DEFAULT, Embedded
from lib.model.adapters import ADAPTERS, HEADS, IN_PEFT
from lib.model.opening import copied, opened
from lib.reading import Ints
from lib.taught import CURVE, Scores, share

Document = Sequence[Sequence[int]]  # sentences, each the ids of its word pieces

CHOSEN = 0.15  # of an example's tokens are to be predicted
MASKED, REPLACED = 0.8, 0.9  # below the first they become [MASK], below the second a random word, else they stay
SHORT = 0.1  # of the examples aim at a random length, so that short ones are known, too
HELD_OUT = 0.05  # of the documents
HELD_PAIRS = 2000  # examples of held-out documents that the checkpoints are measured on
CHECKPOINTS = 8  # each at twice as many steps as the one before
WARM_UP, DECAY, LARGEST_STEP = 0.03, 0.01, 1.0  # share of the steps, AdamW's, and the norm at which a gradient is cut
SAVED_EVERY, TOLD_EVERY = 50, 20  # steps
STATE, CARD = "state.safetensors", "README.md"
MOMENTS = ("exp_avg", "exp_avg_sq")  # that AdamW keeps of each gradient


@dataclass(frozen=True)
class Recipe:
    """What decides the weights that a training ends with, beside the documents.

    Attributes:
        steps: of the optimizer.
        batch: examples a step.
        length: most tokens of an example, special ones included.
        rank: of the adapters, whose scale is 1.
        rate: the adapters' highest learning rate.
        heads_rate: that of the pooler and the heads.
        mlm_only: whether the loss of the next sentence is left out; the examples stay the same.
        seed: of all that is drawn.
    """

    steps: int = 4096
    batch: int = 32
    length: int = 64
    rank: int = 16
    rate: float = 2e-3
    heads_rate: float = 1e-3
    mlm_only: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Special:
    """The ids of the tokens that examples are made with, and the size of the vocabulary."""

    cls: int
    sep: int
    mask: int
    pad: int
    words: int


@dataclass(frozen=True)
class Pair:
    """Two segments of one sentence or more: label 0 where the second follows the first, 1 where it is a random one."""

    first: Sequence[int]
    second: Sequence[int]
    label: int


@dataclass(frozen=True, eq=False)
class Batch:
    """Examples for the model, padded to the longest.

    Attributes:
        given: ``input_ids``, ``attention_mask`` and ``token_type_ids``, int64[examples, tokens] each.
        chosen: int64[pieces], the places of what is to be predicted, in the flattened batch.
        targets: int64[pieces], what stood there.
        labels: int64[examples], 0 = the second segment follows the first.
    """

    given: Mapping[str, Tensor]
    chosen: Tensor
    targets: Tensor
    labels: Tensor


# Examples


def documents(file: Path, tokenizer: PreTrainedTokenizerFast) -> list[Document]:
    """The documents of a text file (one sentence a line, an empty line between documents), packed with gzip or not.

    Raises:
        ValueError: there are fewer than two documents: none would be another one.
    """
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        sentences = [line.strip() for line in lines]
    pieces = iter(tokenizer([each for each in sentences if each], add_special_tokens=False, verbose=False)["input_ids"])
    found: list[list[list[int]]] = [[]]
    for sentence in sentences:
        if not sentence:
            found.append([])
        elif ids := next(pieces):
            found[-1].append(ids)
    kept: list[Document] = [each for each in found if each]
    if len(kept) < 2:
        raise ValueError(f"{file.name} has {len(kept)} documents. Put an empty line between two documents.")
    return kept


def split(found: Sequence[Document], seed: int) -> tuple[list[Document], list[Document]]:
    """The documents to train on, and those that are held out (two at least)."""
    order = np.random.default_rng((seed, 0)).permutation(len(found))
    held = max(2, round(HELD_OUT * len(found)))
    return [found[n] for n in order[held:]], [found[n] for n in order[:held]]


def pairs(found: Sequence[Document], length: int, rng: np.random.Generator) -> Iterator[Pair]:
    """Every document once, cut into pairs of segments that fill an example; half of the second ones are random.

    Args:
        found: two documents or more.
        length: most tokens of an example, the three special ones included.
        rng: draws.
    """
    room = length - 3
    for place, document in enumerate(found):
        target = room if rng.random() >= SHORT else int(rng.integers(2, room + 1))
        start = 0
        while start + 1 < len(document):
            end = start + 2
            while end < len(document) and sum(map(len, document[start:end])) < target:
                end += 1
            middle = int(rng.integers(start + 1, end))
            first, second, label = _joined(document[start:middle]), _joined(document[middle:end]), 0
            start = end
            if rng.random() < 0.5:
                other = int(rng.integers(len(found) - 1))
                second, label = _from(found[other + (other >= place)], target - len(first), rng), 1
                start = middle  # what was not used comes again
            yield Pair(*_cut(first, second, room, rng), label)


def _joined(sentences: Document) -> list[int]:
    return [piece for sentence in sentences for piece in sentence]


def _from(document: Document, length: int, rng: np.random.Generator) -> list[int]:
    """Sentences of a document from a random one on, until they are so long."""
    start = int(rng.integers(len(document)))
    end = start + 1
    while end < len(document) and sum(map(len, document[start:end])) < length:
        end += 1
    return _joined(document[start:end])


def _cut(first: list[int], second: list[int], room: int, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Takes pieces off the longer one, from its front or its back by chance, until both find room."""
    first, second = first.copy(), second.copy()
    while len(first) + len(second) > room:
        (first if len(first) > len(second) else second).pop(0 if rng.random() < 0.5 else -1)
    return first, second


def stream(found: Sequence[Document], recipe: Recipe) -> Iterator[Pair]:
    """Pairs without end: all documents again and again, each time cut anew and in another order."""
    epoch = 0
    while True:
        epoch += 1
        rng = np.random.default_rng((recipe.seed, 1, epoch))
        cut = list(pairs(found, recipe.length, rng))
        yield from (cut[n] for n in rng.permutation(len(cut)))


def batch(examples: Sequence[Pair], special: Special, rng: np.random.Generator) -> Batch:
    """Lays pairs out as [CLS] A [SEP] B [SEP], and masks them."""
    lines = [[special.cls, *each.first, special.sep, *each.second, special.sep] for each in examples]
    width = max(map(len, lines))
    ids, real, segments = (np.full((len(lines), width), fill, np.int64) for fill in (special.pad, 0, 0))
    chosen, targets = [], []
    for n, (line, each) in enumerate(zip(lines, examples, strict=True)):
        places, changed = masked(np.array(line), special, rng)
        ids[n, : len(line)], real[n, : len(line)], segments[n, len(each.first) + 2 : len(line)] = changed, 1, 1
        chosen.append(n * width + places)
        targets.append(np.array(line)[places])
    given = {"input_ids": ids, "attention_mask": real, "token_type_ids": segments}
    return Batch(
        {name: torch.from_numpy(each) for name, each in given.items()},
        torch.from_numpy(np.concatenate(chosen)),
        torch.from_numpy(np.concatenate(targets)),
        torch.tensor([each.label for each in examples]),
    )


def masked(ids: Ints, special: Special, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Chooses 15 % of an example's tokens, never [CLS] or [SEP], and hides them from the model.

    Of the chosen ones 80 % become [MASK], 10 % a random word of the vocabulary, and 10 % stay as they are.

    Args:
        ids: int64[tokens] of an example.
        special: the special tokens.
        rng: draws.

    Returns:
        int64[pieces], the chosen places in order; int64[tokens], what the model is given.
    """
    free = np.flatnonzero((ids != special.cls) & (ids != special.sep))
    many = min(len(free), max(1, round(CHOSEN * len(ids))))
    places = np.sort(rng.permutation(free)[:many])
    fate, words = rng.random(many), rng.integers(special.words, size=many)
    changed = ids.copy()
    changed[places] = np.where(fate < MASKED, special.mask, np.where(fate < REPLACED, words, ids[places]))
    return places, changed


# The model


def special_tokens(tokenizer: PreTrainedTokenizerFast) -> Special:
    """Those of a tokenizer of BERT's kind."""
    names = (tokenizer.cls_token, tokenizer.sep_token, tokenizer.mask_token, tokenizer.pad_token)
    cls, sep, mask, pad = (tokenizer.get_vocab()[str(name)] for name in names)
    return Special(cls, sep, mask, pad, len(tokenizer))


def learner(slug: str, recipe: Recipe) -> tuple[BertForPreTraining, Special]:
    """The model with adapters that change nothing yet, a new pooler and new heads, and its special tokens.

    All else is shared with the model that everybody reads with, and never changes. There is no dropout: there is more
    text than so few weights can learn by heart.

    Args:
        slug: of a checkpoint of BERT's kind.
        recipe: rank and seed.

    Raises:
        ValueError: a checkpoint of another kind, or one that cannot be opened.
        ImportError: ``peft`` is not installed.
    """
    from peft import LoraConfig, inject_adapter_in_model

    with opened(slug).lent() as lent:
        known, special = lent.checkpoint, special_tokens(lent.tokenizer)
        if known.family != "bert":
            raise ValueError(f"{known.name} is of the kind {known.family!r}; only one of BERT's kind is taught.")
        encoder = cast(BertModel, copied(lent, known, {}).sdpa)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        model = BertForPreTraining(encoder.config)
        encoder.pooler, model.bert = model.bert.pooler, encoder
        embeddings = encoder.get_input_embeddings()
        model.cls.predictions.decoder.weight = cast(nn.Parameter, embeddings.weight)
        targets = r"encoder\.layer\.\d+\..*\.(query|key|value|dense)"
        inject_adapter_in_model(LoraConfig(r=recipe.rank, lora_alpha=recipe.rank, target_modules=targets), encoder)
    for name, each in model.named_parameters():
        each.requires_grad_("lora_" in name or "pooler." in name or name.startswith("cls."))
    embeddings.requires_grad_(False)  # the decoder's weights are theirs
    model.train(False)
    return model, special


def trained(model: BertForPreTraining) -> dict[str, nn.Parameter]:
    """What a training changes, by name."""
    return {name: each for name, each in model.named_parameters() if each.requires_grad}


def answers(model: BertForPreTraining, examples: Batch) -> tuple[Tensor, Tensor]:
    """float[pieces, vocabulary] and float[examples, 2], the logits of the chosen places and of the pairs."""
    out = model.bert(**examples.given)
    hidden = out.last_hidden_state.flatten(0, 1)[examples.chosen]
    return model.cls.predictions(hidden), model.cls.seq_relationship(out.pooler_output)


# What is measured on held-out documents


@dataclass(frozen=True, eq=False)
class Held:
    """Examples of held-out documents, always the same.

    Attributes:
        batches: the examples, masked.
        similarity: float32[examples], cosine of the two segments' mean vectors in the model before the training.
    """

    batches: Sequence[Batch]
    similarity: Tensor


def held_out(found: Sequence[Document], recipe: Recipe, model: BertForPreTraining, special: Special) -> Held:
    """Examples of held-out documents.

    Args:
        found: the documents.
        recipe: batch, length and seed.
        model: before the training.
        special: the special tokens.
    """
    rng = np.random.default_rng((recipe.seed, 2))
    examples = list(islice(stream(found, replace(recipe, seed=recipe.seed + 1)), HELD_PAIRS))
    groups = [examples[n : n + recipe.batch] for n in range(0, len(examples), recipe.batch)]
    with torch.no_grad():
        similarity = [
            cosine_similarity(
                _means(model, [each.first for each in group], special),
                _means(model, [each.second for each in group], special),
            )
            for group in groups
        ]
    return Held([batch(group, special, rng) for group in groups], torch.cat(similarity))


def _means(model: BertForPreTraining, segments: Sequence[Sequence[int]], special: Special) -> Tensor:
    """float[segments, hidden], the mean of each segment's vectors."""
    lines = [torch.tensor([special.cls, *each, special.sep]) for each in segments]
    ids = nn.utils.rnn.pad_sequence(lines, batch_first=True, padding_value=special.pad)
    real = nn.utils.rnn.pad_sequence([torch.ones_like(each) for each in lines], batch_first=True)
    states = model.bert(input_ids=ids, attention_mask=real).last_hidden_state
    return (states * real[..., None]).sum(1) / real.sum(1, keepdim=True)


def scores(model: BertForPreTraining, held: Held, step: int) -> Scores:
    """Measures a model on held-out examples.

    Args:
        model: at this step.
        held: the examples.
        step: how many steps it was taught.
    """
    with torch.no_grad():
        found = [_measured(*answers(model, each), each) for each in held.batches]
    mlm, hits, nsp, right, random = (torch.cat(each) for each in zip(*found, strict=True))
    similarity, missed, doubted = held.similarity, random & ~right, ~random & ~right
    alike = similarity >= similarity[~random].median()
    unlike = similarity <= similarity[random].median()
    return Scores(
        step,
        mlm.mean().item(),
        int(hits.sum()),
        len(hits),
        nsp.mean().item(),
        int(right.sum()),
        len(right),
        *(int(each.sum()) for each in (missed, missed & alike, doubted, doubted & unlike)),
    )


def _measured(words: Tensor, pairs: Tensor, given: Batch) -> tuple[Tensor, ...]:
    """Losses and hits of the masked words and of the pairs, and which pairs are random."""
    return (
        cross_entropy(words, given.targets, reduction="none"),
        words.argmax(1) == given.targets,
        cross_entropy(pairs, given.labels, reduction="none"),
        pairs.argmax(1) == given.labels,
        given.labels == 1,
    )


# The training


def trail(steps: int) -> list[int]:
    """The steps after which a checkpoint is written: each at twice as many as the one before, the last at the end."""
    return sorted({max(1, round(steps / 2**n)) for n in range(CHECKPOINTS)})


def height(step: int, steps: int) -> float:
    """The learning rate of a step (from 0), as a share of the highest: it rises, then falls to 0, both in a line."""
    rise = max(1, round(WARM_UP * steps))
    return min((step + 1) / rise, (steps - step) / max(1, steps - rise))


class Training:
    """A training between two steps: the model, the optimizer, and what comes next."""

    def __init__(self, found: Sequence[Document], recipe: Recipe, slug: str = DEFAULT) -> None:
        """Begins at step 0.

        Args:
            found: all documents; some of them are held out.
            recipe: what is done.
            slug: of the checkpoint that is taught.

        Raises:
            ValueError: it cannot be taught.
        """
        self.recipe, self.done = recipe, 0
        self.model, self.special = learner(slug, recipe)
        self.taught, rest = split(found, recipe.seed)
        self.held = held_out(rest, recipe, self.model, self.special)
        self._weights = trained(self.model)
        groups = [
            {"params": list(each.values()), "highest": highest, "weight_decay": decay}
            for highest, decay, each in self._groups()
        ]
        self._optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=1e-6)
        self._examples = stream(self.taught, recipe)

    def _groups(self) -> Iterator[tuple[float, float, dict[str, nn.Parameter]]]:
        for adapters in (True, False):
            for matrices in (True, False):
                yield (
                    self.recipe.rate if adapters else self.recipe.heads_rate,
                    DECAY if matrices else 0.0,
                    {
                        name: each
                        for name, each in self._weights.items()
                        if ("lora_" in name) == adapters and (each.ndim > 1) == matrices
                    },
                )

    def step(self) -> tuple[float, float]:
        """One step of the optimizer.

        Returns:
            The mean losses of its masked words and of its pairs, before the step.
        """
        recipe = self.recipe
        examples = list(islice(self._examples, recipe.batch))
        given = batch(examples, self.special, np.random.default_rng((recipe.seed, 3, self.done)))
        said, followed = answers(self.model, given)
        mlm, nsp = cross_entropy(said, given.targets), cross_entropy(followed, given.labels)
        for group in self._optimizer.param_groups:
            group["lr"] = group["highest"] * height(self.done, recipe.steps)
        self._optimizer.zero_grad(set_to_none=True)
        (mlm if recipe.mlm_only else mlm + nsp).backward()
        nn.utils.clip_grad_norm_(self._weights.values(), LARGEST_STEP)
        self._optimizer.step()
        self.done += 1
        return mlm.item(), nsp.item()

    def save(self, folder: Path) -> None:
        """Writes all that a later training needs to go on with the same result."""
        kept = {f"weight:{name}": each.detach() for name, each in self._weights.items()}
        for name, each in self._weights.items():
            seen = self._optimizer.state[each]  # empty where a weight had no gradient yet
            kept |= {f"{moment}:{name}": seen.get(moment, torch.zeros_like(each)) for moment in MOMENTS}
        told = {"done": str(self.done), "recipe": json.dumps(asdict(self.recipe))}
        fresh = folder / f"{STATE}.new"
        save_file(kept, fresh, told)
        os.replace(fresh, folder / STATE)

    def resume(self, folder: Path) -> None:
        """Goes on where a training of the same recipe was saved.

        Raises:
            ValueError: the recipe was another one.
        """
        with safe_open(folder / STATE, "pt") as kept:
            told = kept.metadata()
            if json.loads(told["recipe"]) != asdict(self.recipe):
                raise ValueError(f"In {folder} another training was begun: {told['recipe']}. Name another folder.")
            self.done = int(told["done"])
            for name, each in self._weights.items():
                each.data.copy_(kept.get_tensor(f"weight:{name}"))
                moments = {moment: kept.get_tensor(f"{moment}:{name}") for moment in MOMENTS}
                self._optimizer.state[each] = {"step": torch.tensor(float(self.done)), **moments}
        self._examples = islice(stream(self.taught, self.recipe), self.done * self.recipe.batch, None)


def write(model: BertForPreTraining, folder: Path, base: str) -> None:
    """Writes a checkpoint: the adapters in ``peft``'s format, pooler and heads by transformers' names, in float16.

    Args:
        model: as :func:`learner` made it.
        folder: is made.
        base: name of the model that the adapters belong to.
    """
    from peft import LoraConfig, get_peft_model_state_dict

    folder.mkdir(parents=True, exist_ok=True)
    config = cast(LoraConfig, model.bert.peft_config["default"])
    replace(config, base_model_name_or_path=base, inference_mode=True).save_pretrained(str(folder))
    adapters = {IN_PEFT + name: each for name, each in get_peft_model_state_dict(model.bert).items()}
    heads = {name: each for name, each in trained(model).items() if "lora_" not in name}
    for name, weights in ((ADAPTERS, adapters), (HEADS, heads)):
        save_file({key: each.detach().half().contiguous() for key, each in weights.items()}, folder / name)


def card(recipe: Recipe, curve: Sequence[Scores], base: str, origin: str) -> str:
    """The model card, in Markdown.

    Args:
        recipe: how it was taught.
        curve: what was measured.
        base: name of the model that was taught.
        origin: where the documents come from, and their licence.
    """
    alone = recipe.mlm_only
    lines = [
        f"# {base}, taught BERT's {'masked words' if alone else 'two pretraining tasks'}",
        "",
        f"Low-rank adapters (rank {recipe.rank}, scale 1) for every matrix in every block of {base}, with a pooler",
        f"and heads of their own, taught {'masked words alone' if alone else 'masked words and next sentences'}. This",
        "is not BERT: it is a small model, taught for a short time, to show how these tasks shape [CLS]. The word",
        "embeddings are those of the base, unchanged, and serve as the output matrix, too.",
        "",
        f"- Documents: {origin}",
        "- Examples: as BERT's paper and its published code make them. 15 % of the word pieces are chosen, never",
        "  [CLS] or [SEP]: 80 % become [MASK], 10 % a random word, 10 % stay. Half of the pairs are random ones, from",
        "  another document; label 0 = the second follows. Unlike there, an example has two sentences or more.",
        f"- Training: {_steps(recipe, curve)} of {recipe.batch} examples of up to {recipe.length} tokens; "
        + ("the loss of the masked words alone." if alone else "both losses summed on the same examples."),
        f"  AdamW, highest rate {recipe.rate:g} (pooler and heads {recipe.heads_rate:g}), which rises for",
        f"  {WARM_UP:.0%} of the steps and then falls to 0; no dropout; seed {recipe.seed}.",
        f"- Measured on {HELD_OUT:.0%} of the documents, held out whole. The intervals are Wilson's, 95 %. “Of one",
        "  topic” means: as similar, by the mean vectors of the base, as half of the true pairs are.",
        "",
        "| step | masked words right |" + ("" if alone else " pairs right | random pairs missed (of one topic) |"),
        "| --- | --- |" + ("" if alone else " --- | --- |"),
    ]
    for each in curve:
        row = f"| {each.step} | {share(each.mlm_right, each.pieces)} |"
        told = f" {share(each.nsp_right, each.pairs)} | {each.missed} ({each.missed_alike}) |"
        lines.append(row + ("" if alone else told))
    return "".join(f"{line}\n" for line in lines)


def _steps(recipe: Recipe, curve: Sequence[Scores]) -> str:
    """How many steps there were, and that more are to come where they are."""
    done = curve[-1].step
    return f"{recipe.steps} steps" if done == recipe.steps else f"{done} steps, the first of {recipe.steps},"


def pretrain(
    found: Sequence[Document],
    recipe: Recipe,
    folder: Path,
    *,
    origin: str = "not said",
    slug: str = DEFAULT,
    tell: Callable[[str], None] = print,
) -> list[Scores]:
    """Trains, or goes on with a training, and writes its checkpoints, curve, card and state into a folder.

    Args:
        found: the documents.
        recipe: what is done.
        folder: is made; a training of the same recipe that was begun in it is gone on with.
        origin: where the documents come from, for the card.
        slug: of the checkpoint that is taught.
        tell: told how far it is, a line at a time.

    Returns:
        What was measured before the first step and at every checkpoint.

    Raises:
        ValueError: the folder has another training in it, or the model cannot be taught.
    """
    training = Training(found, recipe, slug)
    where = opened(slug).checkpoint.where
    base = where.hub if isinstance(where, Embedded) else slug
    folder.mkdir(parents=True, exist_ok=True)
    curve: list[Scores] = []
    if (folder / STATE).exists():
        training.resume(folder)
        listed = [Scores(**each) for each in json.loads((folder / CURVE).read_text("utf-8"))]
        curve = [each for each in listed if each.step <= training.done]
        tell(f"going on at step {training.done}")
    else:
        curve.append(scores(training.model, training.held, 0))
        tell(str(curve[-1]))
    wanted, last = set(trail(recipe.steps)), recipe.steps
    recent: list[tuple[float, float]] = []
    begun = time.monotonic()
    while training.done < last:
        recent.append(training.step())
        at = training.done
        if at % TOLD_EVERY == 0:
            pace = (time.monotonic() - begun) / len(recent)
            mlm, nsp = np.mean(recent, axis=0)
            left = round(pace * (last - at) / 60)
            tell(f"step {at} of {last}: loss {mlm:.3f} + {nsp:.3f}, {pace:.2f} s a step, {left} minutes left")
            recent, begun = [], time.monotonic()
        if at in wanted:
            write(training.model, folder / f"step-{at}", base)
            curve.append(scores(training.model, training.held, at))
            tell(str(curve[-1]))
        if at in wanted or at % SAVED_EVERY == 0:
            (folder / CURVE).write_text(json.dumps([asdict(each) for each in curve], indent=1), "utf-8")
            training.save(folder)
    (folder / CARD).write_text(card(recipe, curve, base, origin), "utf-8")
    return curve


def main() -> None:
    """Reads what is wanted from the command line."""
    parser = argparse.ArgumentParser("python -m lib.model.pretrain", description="Teach an encoder BERT's two tasks.")
    parser.add_argument("file", type=Path, help="one sentence a line, an empty line between documents; .gz is unpacked")
    parser.add_argument(
        "--to", type=Path, required=True, help="folder for the results; the same one again goes on there"
    )
    parser.add_argument("--origin", default="not said", help="where the documents come from, for the model card")
    for name, usual in asdict(Recipe()).items():
        flag = "--" + name.replace("_", "-")
        if isinstance(usual, bool):
            parser.add_argument(flag, action="store_true")
        else:
            parser.add_argument(flag, type=type(usual), default=usual)
    asked = vars(parser.parse_args())
    file, folder, origin = asked.pop("file"), asked.pop("to"), asked.pop("origin")
    with opened(DEFAULT).lent() as lent:
        found = documents(file, lent.tokenizer)
    pretrain(found, Recipe(**asked), folder, origin=origin, tell=lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
