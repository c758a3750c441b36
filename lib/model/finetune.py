"""Train the top of a model, and a linear layer on one of its vectors, for a task: a plain loop, watched as it goes.

The model that everybody reads with is left as it is: a copy is trained that shares all weights but those that change.
What lies below the trained blocks is read once and kept, so that a step costs only what it changes. Nothing is drawn by
chance but the order of the texts (there is no dropout), so the same recipe gives the same weights.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import PreTrainedModel, get_linear_schedule_with_warmup

from lib import settings
from lib.jobs import Cancelled
from lib.model.anatomy import anatomy
from lib.model.lending import Hooks, Lent, Opened
from lib.model.opening import copied, opened
from lib.model.passes import BATCH_TOKENS, batches
from lib.model.threads import leaving_room
from lib.model.tokenizing import tokenize
from lib.quantities import count, plural
from lib.reading import Floats, Ints
from lib.tuning import HELD_OUT, MOST_TOKENS, READ, SHOWN, Moment, Recipe, Task, Through, Tuned, size, weights

STATES_BYTES = settings.memory("states")  # of what lies below the trained blocks; more is read in every step
MOST_TRAINED = settings.memory("training") // 16  # weights; a step needs four numbers for each
MOMENTS = 8  # that the training is looked at, beside its beginning
READ_TEXTS = 64  # of the texts kept back, whose reading is watched
WARM_UP = 0.1  # of the steps, in which the rate rises
DECAY = 0.01  # of the weights, as AdamW has it
LARGEST_STEP = 1.0  # norm of the gradient, above which it is cut
FEW, SHORT = 4, 0.2  # texts a step, and seconds of one, up to which larger ones are tried to tell how long they take
READING, STEPS = "Texts prepared", "Steps"  # what a training does
ALIKE = 1e-4  # largest difference, relative, between a pass of the top alone and of the whole model


class _Enough(Exception):  # noqa: N818 - no error: ends a pass of which all that was wanted is heard
    pass


class Tell(Protocol):
    """Is told how far the training is; what it raises ends it."""

    def __call__(self, done: int, of: int, note: str, so_far: Tuned | None) -> None:
        """Steps or texts done and of all, what is being done, and the training as far as it has come."""


def _silent(done: int, of: int, note: str, so_far: Tuned | None) -> None:
    pass


def tops(slug: str) -> tuple[int, ...]:
    """How many of a model's blocks can be trained, counted from the last.

    Args:
        slug: of the checkpoint.

    Returns:
        1 to all; only all in a model whose layers are one block.
    """
    model = opened(slug)
    with model.lent() as lent:
        shared = len(set(anatomy(lent).attention)) == 1
    layers = model.checkpoint.layers
    return (layers,) if shared else tuple(range(1, layers + 1))


def finetune(
    recipe: Recipe,
    task: Task,
    *,
    tell: Tell = _silent,
    unwanted: Callable[[], bool] = lambda: False,
) -> Tuned:
    """Trains a model for a task, on all cores but one.

    Args:
        recipe: what is trained, and how.
        task: the texts.
        tell: told after every step; gets what there is to see.
        unwanted: whether nobody waits any more; asked between two blocks, on the way there and on the way back.

    Raises:
        ValueError: too much would be trained, or a checkpoint that cannot be opened.
        Cancelled: it is not wanted any more.
    """
    with leaving_room():
        return _finetune(recipe, task, tell, unwanted)


def _finetune(recipe: Recipe, task: Task, tell: Tell, unwanted: Callable[[], bool]) -> Tuned:
    learned, asked = drawn(recipe, task)
    chosen = np.concatenate([learned, asked])
    net = _Net(recipe, [task.texts[k] for k in chosen], unwanted=unwanted)
    labels = torch.tensor(task.labels[chosen])
    head = nn.Linear(net.hidden, len(task.classes))
    nn.init.zeros_(head.weight)  # it begins with no opinion, and no dice are needed
    nn.init.zeros_(head.bias)

    steps = size(recipe, task)[2]
    rounds = order(len(learned), steps, recipe)
    watched = moments(steps)
    changing = [*net.trained.values(), *head.parameters()]
    optimizer = torch.optim.AdamW(changing, lr=recipe.rate, weight_decay=DECAY)
    schedule = get_linear_schedule_with_warmup(optimizer, round(WARM_UP * steps), steps)
    back = np.arange(len(learned), len(chosen))
    net.prepare(back[:READ_TEXTS], lambda done, of: tell(done, of, READING, None))
    losses: list[float] = []
    so_far = Tuned(recipe, learned, asked, steps, np.array([]), (), net.cut, {}, _columns(head))

    def look(step: int) -> None:
        nonlocal so_far
        moment = _look(net, head, back, labels, step)
        so_far = replace(so_far, losses=np.array(losses), moments=(*so_far.moments, moment), head=_columns(head))
        tell(step, steps, STEPS, so_far)

    look(0)
    for step, rows in enumerate(rounds, 1):
        optimizer.zero_grad()
        vectors = net.pooled(net.states(rows), rows)  # float32[batch, hidden]
        loss = cross_entropy(head(vectors), labels[rows])
        loss.backward()
        nn.utils.clip_grad_norm_(changing, LARGEST_STEP)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step in watched:
            look(step)
        else:
            so_far = replace(so_far, losses=np.array(losses))
            tell(step, steps, STEPS, so_far)
    return replace(so_far, weights={name: each.detach().numpy().copy() for name, each in net.trained.items()})


def seconds(recipe: Recipe, task: Task) -> float:
    """How long a training would take, as a few steps of it show on this machine.

    Args:
        recipe: what would be trained, and how.
        task: the texts.

    Raises:
        ValueError: too much would be trained, or a checkpoint that cannot be opened.
    """
    learned, asked, steps = size(recipe, task)
    batch = min(FEW, recipe.batch)
    reading, look, step = _timed(replace(recipe, batch=batch), task)
    if batch < recipe.batch and step < SHORT:
        reading, look, step = _timed(recipe, task)
        batch = recipe.batch
    return reading * (learned + asked) + step * recipe.batch / batch * steps + look * asked * (1 + len(moments(steps)))


def _timed(recipe: Recipe, task: Task) -> tuple[float, float, float]:
    """Seconds to read a text up to the trained blocks, to ask about one, and for a step; two steps are made."""
    learned, asked = drawn(recipe, task)
    some = replace(task, train=learned[: 2 * recipe.batch], test=asked[: recipe.batch])
    ticks: list[tuple[str, int, float]] = [("", 0, time.perf_counter())]
    short = replace(recipe, texts=len(some.train), epochs=1)
    finetune(short, some, tell=lambda done, of, note, so_far: ticks.append((note, done, time.perf_counter())))
    took = {(note, done): now - before for (_, _, before), (note, done, now) in itertools.pairwise(ticks)}
    reading = sum(each for (note, _), each in took.items() if note == READING) / (len(some.train) + len(some.test))
    look = took[STEPS, 0]
    step = min(each for (note, done), each in took.items() if note == STEPS and done) - look
    return reading, look / len(some.test), max(step, 0)


def drawn(recipe: Recipe, task: Task) -> tuple[Ints, Ints]:
    """Which texts are learned from, by the recipe's seed, and which are asked about, the same for every recipe.

    Args:
        recipe: what is trained.
        task: the texts.

    Returns:
        int64[learned] and int64[asked], sorted.
    """
    return (
        np.sort(np.random.default_rng(recipe.seed).permutation(task.train)[: recipe.texts]),
        np.sort(np.random.default_rng(0).permutation(task.test)[:HELD_OUT]),
    )


def order(texts: int, steps: int, recipe: Recipe) -> list[Ints]:
    """The texts of each step: every epoch goes through all of them in an order of its own.

    Args:
        texts: learned from.
        steps: in all.
        recipe: what is trained.

    Returns:
        [steps] of int64[batch], counted from 0 among the texts learned from.
    """
    dice = np.random.default_rng(recipe.seed)
    return [
        rows for _ in range(recipe.epochs) for rows in np.array_split(dice.permutation(texts), steps // recipe.epochs)
    ]


def moments(steps: int) -> set[int]:
    """The steps after which the training is looked at; most happens early, so most looks are there."""
    return {max(1, round(steps * (k / MOMENTS) ** 1.5)) for k in range(1, MOMENTS + 1)}


def _columns(head: nn.Linear) -> Floats:
    return np.column_stack([head.weight.detach().numpy(), head.bias.detach().numpy()])


def _look(net: _Net, head: nn.Linear, back: Ints, labels: torch.Tensor, step: int) -> Moment:
    """The texts kept back, as the model is now."""
    scores = torch.empty(len(back), head.out_features)
    shown = min(len(back), SHOWN)
    cls, mean = (np.empty((shown, head.in_features), np.float32) for _ in range(2))
    with torch.no_grad():
        for part in batches(net.lengths[back], BATCH_TOKENS):
            states = net.states(back[part])
            scores[part] = head(net.pooled(states, back[part]))
            kept = part < shown
            cls[part[kept]] = states[kept, 0].numpy()
            mean[part[kept]] = net.pooled(states, back[part], "mean")[kept].numpy()
        answers = labels[back]
        return Moment(
            step=step,
            loss=float(cross_entropy(scores, answers)),
            right=(scores.argmax(dim=1) == answers).numpy(),
            cls=cls,
            mean=mean,
            attends_to=net.attends_to(back[:READ_TEXTS]),
        )


class _Net:
    """A copy of a model whose top is trained, and the texts that it reads.

    Attributes:
        lengths: int64[texts], tokens, special ones included.
        cut: texts that were cut.
        trained: name in the model -> what is trained of it.
        hidden: width of a vector.
    """

    def __init__(self, recipe: Recipe, texts: Sequence[str], unwanted: Callable[[], bool]) -> None:
        model = opened(recipe.slug)
        entry = replace(model.checkpoint, limit=min(MOST_TOKENS, model.checkpoint.limit))
        self.hidden = entry.hidden
        self._unwanted = unwanted
        self._recipe = recipe
        with model.lent() as lent:
            encoding = tokenize(lent.tokenizer, entry, texts, [None] * len(texts))
            self._copy(lent, recipe.top)
        self.lengths = encoding.lengths
        self.cut = int((encoding.full_lengths > entry.limit).sum())
        self._given = {"input_ids": encoding.input_ids, "attention_mask": encoding.attention_mask}
        if entry.has_segments:
            self._given["token_type_ids"] = encoding.token_type_ids
        self._weights = {
            "mean": weights(encoding, "mean", 0),
            recipe.through: weights(encoding, recipe.through, recipe.place),
        }
        first, real = np.zeros_like(encoding.is_word), encoding.attention_mask == 1
        first[:, 0] = True
        self._kinds = np.stack([first, real & ~first & ~encoding.is_word, real & ~first & encoding.is_word])
        self._below: Floats | None = None  # float32[tokens of all texts, hidden], what goes into the trained blocks
        self._starts = np.concatenate([[0], self.lengths.cumsum()])
        self._still = np.zeros((0, len(READ)), np.float32)  # what the blocks below the trained ones read

    def _copy(self, lent: Lent, top: int) -> None:
        """A model of its own, that shares with the one that was lent all weights but those that are trained."""
        known, net = anatomy(lent), lent.eager
        self._asked = known.asked
        self._path, blocks = _blocks(net, known.attention)
        shared, layers = len(set(known.attention)) == 1, len(known.attention)
        if shared and top != layers:
            raise ValueError("**All layers or none.** One block serves all of its layers: train all of them.")
        if not 1 <= top <= layers:
            raise ValueError(f"**There are {plural(layers, 'layer')} here.** Train 1 to {layers} of them.")
        self._below_blocks = layers - top
        kept = blocks if shared else blocks[self._below_blocks :]
        learning = {id(each) for part in (kept, known.closing) if part is not None for each in part.parameters()}
        names = {name: each for name, each in net.named_parameters() if id(each) in learning}
        trained = sum(each.numel() for each in names.values())
        if trained > MOST_TRAINED:
            raise ValueError(
                f"**Too many weights at once.** These layers have {count(round(trained / 1e6))} million; up to "
                f"{count(round(MOST_TRAINED / 1e6))} million are trained here. Take fewer layers, or a smaller model."
            )
        self.trained = {name: nn.Parameter(each.detach().clone()) for name, each in names.items()}
        own = copied(lent, lent.checkpoint, self.trained)
        where = {module: name for name, module in net.named_modules()}
        self._attention = [own.eager.get_submodule(where[each]) for each in known.attention]
        self._blocks = tuple(_list(form, self._path) for form in (own.eager, own.sdpa))
        self._own = Opened(lent.checkpoint, own)

    def _ask(self, _module: nn.Module, _given: tuple[object, ...]) -> None:
        if self._unwanted():
            raise Cancelled

    def _ask_on_the_way_back(self, module: nn.Module, given: tuple[object, ...], out: object) -> None:
        output = out[0] if isinstance(out, tuple) else out
        if isinstance(output, torch.Tensor) and output.requires_grad:
            output.register_hook(lambda _slope: self._ask(module, given))

    def prepare(self, watched: Ints, progress: Callable[[int, int], None]) -> None:
        """Reads all texts up to the trained blocks, once, and leaves the blocks below out from then on.

        Where that cannot be (all blocks are trained, it takes too much memory, or the top alone does not do what it
        does in the whole model) every step goes through the whole model.

        Args:
            watched: int64[n], the texts whose reading will be asked for.
            progress: called with the number of texts done and of all.
        """
        texts, tokens = len(self.lengths), int(self.lengths.sum())
        if self._below_blocks == 0 or tokens * self.hidden * 4 > STATES_BYTES:
            return
        trial = np.arange(min(4, texts))
        below = np.empty((tokens, self.hidden), np.float32)
        done = 0
        with torch.no_grad():
            whole, still = self.states(trial), self.attends_to(watched)[: self._below_blocks]
            for rows in batches(self.lengths, BATCH_TOKENS):
                for row, states in zip(rows, self._entering(rows), strict=True):
                    below[self._span(row)] = states[: self.lengths[row]].numpy()
                done += len(rows)
                progress(done, texts)
            self._shorten(self._below_blocks)
            self._below, self._still = below, still
            real = torch.from_numpy(self._given["attention_mask"][trial, : whole.shape[1]] == 1)
            apart = (self.states(trial) - whole)[real].abs().max()
        if not apart <= ALIKE * whole[real].abs().max():
            self._shorten(0)
            self._below, self._still = None, still[:0]

    def states(self, rows: Ints) -> torch.Tensor:
        """float32[batch, tokens, hidden], the last layer of some texts, padded to the longest of them."""
        return self._pass(rows)

    def pooled(self, states: torch.Tensor, rows: Ints, way: Through | None = None) -> torch.Tensor:
        """One vector a text of the last layer.

        Args:
            states: float32[batch, tokens, hidden].
            rows: int64[batch], whose they are.
            way: which vector; None for the one that is trained through.

        Returns:
            float32[batch, hidden].
        """
        parts = self._weights[way or self._recipe.through][rows, : states.shape[1]]
        return torch.einsum("bt,bth->bh", torch.from_numpy(parts), states)

    def attends_to(self, rows: Ints) -> Floats:
        """float32[layers, 3], what the first token reads, split as in ``READ``; mean over heads and some texts."""
        shares = np.zeros((len(self._attention), len(READ)))
        with torch.no_grad():
            for part in batches(self.lengths[rows], BATCH_TOKENS):
                layers = self._first_rows(rows[part])  # [layers] of float[batch, tokens]
                kinds = self._kinds[:, rows[part], : layers[0].shape[1]]
                shares[-len(layers) :] += np.einsum("lbt,kbt->lk", np.stack(layers), kinds)
        shares /= len(rows)
        shares[: len(self._still)] = self._still
        return shares.astype(np.float32)

    def _first_rows(self, rows: Ints) -> list[Floats]:
        """float32[batch, tokens] of each layer that runs: what the first token reads, mean over heads."""
        heard: list[Floats] = []
        running = len(self._attention) - (0 if self._below is None else self._below_blocks)

        def hear(_module: nn.Module, _given: tuple[object, ...], out: tuple[torch.Tensor, ...]) -> None:
            heard.append(out[1][:, :, 0].mean(dim=1).numpy())
            if len(heard) == running:  # what the last layer makes of it is not asked for
                raise _Enough

        def listen(hooks: Hooks) -> None:
            for module in set(self._attention):
                hooks.hear(module, hear)

        with suppress(_Enough):
            self._pass(rows, listen, tells=True)
        return heard

    def _entering(self, rows: Ints) -> torch.Tensor:
        """float32[batch, tokens, hidden], what goes into the lowest block that is trained."""
        heard: list[torch.Tensor] = []

        def hear(_block: nn.Module, given: tuple[torch.Tensor, ...], named: dict[str, torch.Tensor]) -> None:
            heard.append(given[0] if given else named["hidden_states"])
            raise _Enough

        lowest = self._blocks[1][self._below_blocks]
        with suppress(_Enough):
            self._pass(rows, lambda hooks: hooks.before(lowest, hear, named=True))
        return heard[0]

    def _pass(
        self, rows: Ints, listen: Callable[[Hooks], None] = lambda _hooks: None, *, tells: bool = False
    ) -> torch.Tensor:
        """float32[batch, tokens, hidden], the last layer of some texts, in the form that tells its attention or not."""
        width = int(self.lengths[rows].max())
        given = {name: torch.from_numpy(each[rows, :width]) for name, each in self._given.items()}
        with self._own.lent() as lent, lent.listening() as hooks:
            net = lent.eager if tells else lent.sdpa
            blocks = _list(net, self._path)
            for block in set(blocks):
                hooks.before(block, self._ask)
                hooks.hear(block, self._ask_on_the_way_back)
            if self._below is not None:
                hooks.before(blocks[0], self._entered(self._below, rows, width), named=True)
            listen(hooks)
            out = net(**given, output_attentions=tells and self._asked, return_dict=True)
        return out.last_hidden_state

    def _entered(self, below: Floats, rows: Ints, width: int) -> Callable[..., object]:
        """Gives the first block that is left what was kept, whatever the embeddings below it say."""
        states = np.zeros((len(rows), width, self.hidden), np.float32)
        for k, row in enumerate(rows):
            states[k, : self.lengths[row]] = below[self._span(row)]
        kept = torch.from_numpy(states)

        def enter(
            _block: nn.Module, given: tuple[object, ...], named: dict[str, object]
        ) -> tuple[tuple[object, ...], dict[str, object]]:
            return ((kept, *given[1:]), named) if given else (given, {**named, "hidden_states": kept})

        return enter

    def _span(self, row: int) -> slice:
        return slice(self._starts[row], self._starts[row + 1])

    def _shorten(self, below: int) -> None:
        """Leaves out so many of the lowest blocks."""
        above, _, name = self._path.rpartition(".")
        with self._own.lent() as lent:
            for net, blocks in zip((lent.eager, lent.sdpa), self._blocks, strict=True):
                setattr(net.get_submodule(above), name, blocks[below:])


def _list(net: PreTrainedModel, path: str) -> nn.ModuleList:
    """The list of blocks at a path that :func:`_blocks` gave."""
    found = net.get_submodule(path)
    assert isinstance(found, nn.ModuleList)
    return found


def _blocks(net: PreTrainedModel, attention: Sequence[nn.Module]) -> tuple[str, nn.ModuleList]:
    """The list of a model's blocks, and its path: the outermost in which each block has its own layer's attention.

    Where one block serves all layers, the outermost list that has it inside.
    """
    shared = len(set(attention)) == 1
    for path, module in net.named_modules():
        if isinstance(module, nn.ModuleList) and (shared or len(module) == len(attention)):
            within = [set(block.modules()) for block in module]
            if shared:
                inside = any(attention[0] in each for each in within)
            else:
                inside = all(each in owner for owner, each in zip(within, attention, strict=True))
            if inside:
                return path, module
    raise ValueError(
        f"**This model cannot be trained here.** A model of the kind {net.config.model_type!r} keeps its layers in no "
        "list. Choose another."
    )
