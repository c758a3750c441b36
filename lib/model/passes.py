"""Forward passes: ``read`` a few texts in full, ``encode`` thousands of them to one vector each."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import torch
from torch import nn
from transformers import PreTrainedModel

from lib.edits import Edit
from lib.model.anatomy import Anatomy, anatomy
from lib.model.editing import Inside, edited, position_ids, unmasked
from lib.model.lending import Hooks, Lent
from lib.model.opening import opened
from lib.model.precision import converted
from lib.model.threads import alone
from lib.model.tokenizing import lengths, tokenize
from lib.pooling import POOLINGS
from lib.quantities import count, plural
from lib.reading import Attention, Encoding, Floats, Ints, Precision, Reading, Request, Seat

ATTENTION_CELLS = 1 << 22  # batch x tokens² at a time: bounds the memory of one layer's attention
ALONE = 1 << 10  # texts x tokens that one core reads: a team of threads would wait longer than it works
BATCH_TOKENS = 1 << 11  # tokens a batch when encoding: keeps the cores busy and stays within their caches


def read(
    slug: str,
    texts: Sequence[str],
    *,
    pairs: Sequence[str | None] | None = None,
    attention: Attention = "full",
    most: int | None = None,
    edit: Edit | Sequence[Edit] | None = None,
    watch: Sequence[Seat] | None = None,
    check: Callable[[], None] | None = None,
    precision: Precision = "float32",
) -> Reading:
    """One forward pass over a batch of texts, with everything it tells.

    Args:
        slug: of the checkpoint, as in ``lib.checkpoints.CHECKPOINTS``.
        texts: at least one; cut at the model's limit.
        pairs: the second text of each row, None for a row that has none.
        attention: what to keep of it. "full": every head's tokens x tokens; "cls": what the first token reads and who
            reads it, which grows with the tokens and not with their square; "none": nothing, which is fastest.
        most: texts x tokens of the longest that are taken; None for no bound.
        edit: what is changed in the pass: the same for every text, or one edit for each; None for nothing. Only this
            pass is changed, the model stays as it is. With attention="none" and an edge or head that is changed the
            pass takes the slower way of the other two, whose rounding differs: compare passes of one kind.
        watch: with attention="cls", the token of each row whose reading and readers are kept, wherever the edit put
            it; None for what stands first.
        check: called before each block; what it raises ends the pass there.
        precision: of the numbers inside the model; another than "float32" only with attention="none" and without edits.

    Raises:
        ValueError: no text or too much of it, another number of pairs, edits or seats, a checkpoint that cannot be
            opened, an edit that this model or text cannot take, or no bfloat16 here.
    """
    edits = (edit,) * len(texts) if isinstance(edit, Edit) else tuple(edit or ())
    request = Request(slug, tuple(texts), tuple(pairs or ()), attention, edits, tuple(watch or ()), precision)
    return answered(request, most=most, check=check)


def answered(request: Request, *, most: int | None = None, check: Callable[[], None] | None = None) -> Reading:
    """The reading that a request asks for; see :func:`read`.

    Args:
        request: which model, which texts, what is changed and what is kept.
        most: texts x tokens of the longest that are taken; None for no bound.
        check: called before each block; what it raises ends the pass there.

    Raises:
        ValueError: as :func:`read`.
    """
    model = opened(request.model)
    with model.lent() as lent:
        net = None if request.precision == "float32" else converted(lent.sdpa, request.precision)
        encoding = _tokenized(lent, request.texts, request.pairs, most)
        if any(request.edits):
            encoding = edited(lent, encoding, request.edits)
            _small_enough(encoding, most)
        seats = encoding.seated(request.watch) if request.watch else encoding.first
        with alone() if encoding.input_ids.size <= ALONE else nullcontext():
            reading = _pass(lent, encoding, request.attention, edits=request.edits, seats=seats, net=net, check=check)
    return replace(reading, request=request)


def tokenized(
    slug: str, texts: Sequence[str], *, pairs: Sequence[str | None] | None = None, most: int | None = None
) -> Encoding:
    """What :func:`read` would give the model, without the pass.

    Args:
        slug: of the checkpoint.
        texts: at least one; cut at the model's limit.
        pairs: the second text of each row, None for a row that has none.
        most: texts x tokens of the longest that are taken; None for no bound.

    Raises:
        ValueError: no text or too much of it, another number of pairs, or a checkpoint that cannot be opened.
    """
    with opened(slug).lent() as lent:
        return _tokenized(lent, texts, pairs, most)


def _tokenized(lent: Lent, texts: Sequence[str], pairs: Sequence[str | None] | None, most: int | None) -> Encoding:
    encoding = tokenize(lent.tokenizer, lent.checkpoint, texts, pairs or [None] * len(texts))
    _small_enough(encoding, most)
    return encoding


def _small_enough(encoding: Encoding, most: int | None) -> None:
    batch, tokens = encoding.input_ids.shape
    if most is not None and batch * tokens > most:
        raise ValueError(
            f"**Too much at once.** {plural(batch, 'text')}, padded to {plural(tokens, 'token')} each, make "
            f"{count(batch * tokens)} positions; a page takes {count(most)}. "
            "Take out some texts or shorten the longest."
        )


def encode(
    slug: str,
    texts: Sequence[str],
    *,
    poolings: Iterable[str],
    layers: Iterable[int],
    progress: Callable[[int, int], None] | None = None,
    precision: Precision = "float32",
) -> dict[tuple[str, int], Floats]:
    """Many texts to one vector each, for every pooling at every layer; never more than a batch of hidden states held.

    Args:
        slug: of the checkpoint.
        texts: thousands, in any order; they are read sorted by length, so that little padding is computed.
        poolings: keys of ``lib.pooling.POOLINGS``.
        layers: 0 (embeddings) to the last, or counted from the end; ``pooler`` takes the last only.
        progress: called with the number of texts done and of all, after each batch.
        precision: of the numbers inside the model. "bfloat16" keeps 8 of float32's 24 binary digits and takes a copy of
            the weights, half as large; what it gains in speed and loses in likeness, ``tests/benchmark.py`` measures.

    Returns:
        {(pooling, layer as asked): float32[texts, hidden]}, rows in the order of ``texts``.

    Raises:
        ValueError: no text, no such pooling or layer, a text that a pooling cannot take, or no bfloat16 here.
    """
    wanted = [(pooling, layer) for pooling in dict.fromkeys(poolings) for layer in dict.fromkeys(layers)]
    for pooling, _ in wanted:
        if pooling not in POOLINGS:
            raise ValueError(f"There is no pooling called {pooling!r}. There are: {', '.join(POOLINGS)}.")
    model = opened(slug)
    if not texts:
        raise ValueError("There is no text to encode: give at least one.")
    with model.lent() as lent:
        converted(lent.sdpa, precision)  # refused before there is anything to wait for
        sizes = lengths(lent.tokenizer, texts, lent.checkpoint.limit)
    needed = {layer % (model.checkpoint.layers + 1) for _, layer in wanted}
    vectors = {key: np.empty((len(texts), model.checkpoint.hidden), np.float32) for key in wanted}
    done = 0
    for rows in batches(sizes, BATCH_TOKENS):
        with model.lent() as lent:
            encoding = tokenize(lent.tokenizer, lent.checkpoint, [texts[row] for row in rows], [None] * len(rows))
            reading = _pass(lent, encoding, "none", net=converted(lent.sdpa, precision), needed=needed)
        for pooling, layer in wanted:
            vectors[pooling, layer][rows] = POOLINGS[pooling].pool(reading, layer)
        done += len(rows)
        if progress:
            progress(done, len(texts))
    return vectors


def batches(sizes: Ints, budget: int) -> Iterator[Ints]:
    """Rows of similar length, longest first, so that the first batch shows what memory is needed.

    Args:
        sizes: int64[texts], tokens of each text.
        budget: padded tokens a batch may hold; a text longer than that gets a batch of its own.

    Yields:
        int64[rows], indices into ``sizes``; every text is in exactly one batch.
    """
    order = np.argsort(-sizes, kind="stable")
    start = 0
    while start < len(order):
        stop = start + max(1, budget // int(sizes[order[start]]))
        yield order[start:stop]
        start = stop


def _pass(
    lent: Lent,
    encoding: Encoding,
    attention: Attention,
    *,
    edits: Sequence[Edit] = (),
    seats: Ints | None = None,
    net: PreTrainedModel | None = None,
    needed: Container[int] | None = None,
    check: Callable[[], None] | None = None,
) -> Reading:
    """One forward pass, in parts that bound the memory of a layer's attention.

    ``seats`` int64[batch] says whose attention is watched, ``net`` which form of the model reads. Where it is said
    which layers are ``needed``, the others' hidden states are not filled in.
    """
    edits = edits or [Edit()] * len(encoding.texts)
    seats = encoding.first if seats is None else seats
    kept, inside, known = attention != "none", Inside(lent, encoding, edits), anatomy(lent)
    net = net or (lent.eager if kept or inside else lent.sdpa)
    given = {"input_ids": encoding.input_ids, "attention_mask": unmasked(encoding, edits)}
    if lent.checkpoint.has_segments:
        given["token_type_ids"] = encoding.token_type_ids
    places = position_ids(lent, encoding, edits)
    if places is not None:
        given["position_ids"] = places
    batch, tokens = encoding.input_ids.shape
    states: Floats = np.empty(0, np.float32)  # float32[layers+1, batch, tokens, hidden] from the first part on
    pooled: list[Floats] = []
    watched: list[_Watch] = []
    step = max(1, ATTENTION_CELLS // tokens**2)
    for start in range(0, batch, step):
        part = slice(start, start + step)
        inputs = {name: torch.tensor(array[part]) for name, array in given.items()}
        watch = _Watch(seats[part], full=attention == "full")
        with torch.inference_mode(), lent.listening() as hooks:
            if kept:
                watch.on(hooks, known)
            if inside:
                inside.on(hooks, part)
            if check:
                _interrupted(hooks, net, check)
            asked = kept and known.asked
            out = net(**inputs, output_hidden_states=True, output_attentions=asked, return_dict=True)
        if not states.size:
            states = np.empty((len(out.hidden_states), batch, tokens, out.hidden_states[0].shape[-1]), np.float32)
        for layer, state in enumerate(out.hidden_states):
            if needed is None or layer in needed:
                states[layer, part] = state.float().numpy()
        if getattr(out, "pooler_output", None) is not None:
            pooled.append(out.pooler_output.float().numpy())
        watched.append(watch)
    return Reading(
        checkpoint=lent.checkpoint,
        encoding=encoding,
        hidden_states=states,
        pooler_output=np.concatenate(pooled) if pooled else None,
        row=_joined([np.stack(watch.rows) for watch in watched], axis=1) if kept else None,
        column=_joined([np.stack(watch.columns) for watch in watched], axis=1) if kept else None,
        attentions=tuple(
            _joined(list(parts), axis=0) for parts in zip(*(watch.full for watch in watched), strict=True)
        ),
        closed=known.closing is not None,
    )


def _interrupted(hooks: Hooks, net: PreTrainedModel, check: Callable[[], None]) -> None:
    """Asks before each block whether the pass is to go on; a block that serves all layers asks each time."""

    def ask(_module: nn.Module, _given: tuple[object, ...]) -> None:
        check()

    for block in {block for stack in net.modules() if isinstance(stack, nn.ModuleList) for block in stack}:
        hooks.before(block, ask)


def _joined(parts: list[Floats], axis: int) -> Floats:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=axis)


class _Watch:
    """Takes what is wanted of each layer's attention as it is made, so that the whole of it is never held.

    Attributes:
        rows: float32[batch, heads, tokens] a layer, what the watched token reads.
        columns: float32[batch, heads, tokens] a layer, who reads the watched token.
        full: float32[batch, heads, query, key] a layer; empty unless asked for.
    """

    def __init__(self, watched: Ints, *, full: bool) -> None:
        self.rows: list[Floats] = []
        self.columns: list[Floats] = []
        self.full: list[Floats] = []
        self._watched = torch.tensor(watched)
        self._keep_full = full

    def on(self, hooks: Hooks, inside: Anatomy) -> None:
        """Listens to the modules that make attention while the model runs; one that serves all layers each time."""
        for module in set(inside.attention):
            hooks.hear(module, self._take)

    def _take(
        self, _module: nn.Module, _given: tuple[object, ...], out: tuple[torch.Tensor, ...]
    ) -> tuple[torch.Tensor | None, ...]:
        """Keeps what is wanted of one layer's float32[batch, heads, query, key], and hands on all but the weights."""
        made, weights, *more = out
        row = torch.arange(len(self._watched))
        self.rows.append(weights[row, :, self._watched].numpy().copy())  # float32[batch, heads, tokens]
        self.columns.append(weights[row, :, :, self._watched].numpy().copy())  # float32[batch, heads, tokens]
        if self._keep_full:
            self.full.append(weights.numpy())
        return (made, None, *more)  # else a model that was asked would hold them all
