"""Changes to a forward pass: to what the model is given (:func:`edited`), and inside of its layers (:class:`Inside`).

Edges are cut at each attention module, in the mask that this module was given, so a layer that is not changed keeps its
own mask (a sliding window, say) and the shared model is never touched. Weights are set to 0 in what the module's
softmax makes, before it multiplies them with the values.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import nn
from transformers import PreTrainedModel

from lib.edits import (
    Cut,
    Edit,
    Move,
    Pad,
    Position,
    Remove,
    Repeat,
    Replace,
    Segment,
    Shift,
    Silence,
    Unmask,
    Where,
    Zero,
)
from lib.model.anatomy import anatomy
from lib.model.lending import Hooks, Lent
from lib.quantities import plural
from lib.reading import Encoding, Ints

OUTPUTS = ("out_lin", "dense", "o", "Wo")  # where a family's attention module holds its own output projection
Given: TypeAlias = tuple[Any, ...]  # what a module is given, in order: of any kind
Named: TypeAlias = dict[str, Any]  # and by name
TOKENS = (Replace, Remove, Repeat, Move)


@dataclass
class _Row:
    """One text's tokens on their way through an edit; lists of one length."""

    places: list[int]
    ids: list[int]
    names: list[str]
    special: list[int]
    segments: list[int]
    sequence: list[int]
    offsets: list[list[int]]

    def index(self, place: int) -> int:
        """Where the token of a place stands now; the first of several copies."""
        if place not in self.places:
            raise ValueError(
                f"The token of place {place} is not there (any more): choose another, or undo its removal."
            )
        return self.places.index(place)

    def gap(self, before: int) -> int:
        """Where something is put in front of a place; the end for one that is behind the last."""
        return len(self.places) if before > max(self.places) else self.index(before)

    def take(self, at: int) -> list[object]:
        return [column.pop(at) for column in self.columns]

    def put(self, at: int, token: Sequence[object]) -> None:
        for column, value in zip(self.columns, token, strict=True):
            column.insert(at, value)

    @property
    def columns(self) -> tuple[list[Any], ...]:  # each of what its field holds
        return (self.places, self.ids, self.names, self.special, self.segments, self.sequence, self.offsets)


def edited(lent: Lent, encoding: Encoding, edits: Sequence[Edit]) -> Encoding:
    """What the model is given after the changes to tokens, segments and padding.

    Args:
        lent: the model that will read.
        encoding: int64[batch, tokens] rows as the tokenizer made them.
        edits: one for each row.

    Returns:
        The rows padded anew; ``origin`` says for each token which place it had.

    Raises:
        ValueError: a token, piece or segment that is not there, nothing left of a text, or more tokens than fit.
    """
    rows = [_changed(lent, encoding, row, edit) for row, edit in enumerate(edits)]
    pads = [next(iter(list(edit.of(Pad))[::-1]), Pad("right")) for edit in edits]
    tokens = max(len(row.ids) + pad.more for row, pad in zip(rows, pads, strict=True))
    if tokens > lent.checkpoint.limit:
        raise ValueError(
            f"**Too long after the change.** It makes {plural(tokens, 'token')}; this model takes "
            f"{lent.checkpoint.limit}. Shorten the text."
        )
    shape = (len(rows), tokens)
    filler = {"input_ids": lent.tokenizer.pad_token_id, "special_tokens_mask": 1, "sequence": -1, "origin": -1}
    arrays = {
        name: np.full(shape, filler.get(name, 0), np.int64)
        for name in ("input_ids", "attention_mask", "token_type_ids", "special_tokens_mask", "sequence", "origin")
    }
    offsets = np.zeros((*shape, 2), np.int64)
    names: list[tuple[str, ...]] = []
    for row, pad, number in zip(rows, pads, range(len(rows)), strict=True):
        gap = tokens - len(row.ids)
        real = slice(gap, tokens) if pad.side == "left" else slice(0, len(row.ids))
        for name, values in (
            ("input_ids", row.ids),
            ("attention_mask", [1] * len(row.ids)),
            ("token_type_ids", row.segments),
            ("special_tokens_mask", row.special),
            ("sequence", row.sequence),
            ("origin", row.places),
        ):
            arrays[name][number, real] = values
        offsets[number, real] = row.offsets
        empty = (lent.tokenizer.pad_token,) * gap
        names.append((*empty, *row.names) if pad.side == "left" else (*row.names, *empty))
    rest: dict[str, Any] = arrays  # by the names of an encoding's fields
    return replace(encoding, tokens=tuple(names), offset_mapping=offsets, **rest)


def _changed(lent: Lent, encoding: Encoding, row: int, edit: Edit) -> _Row:
    """One text's tokens after the changes to them."""
    real = np.flatnonzero(encoding.attention_mask[row])
    tokens = _Row(
        places=list(range(len(real))),
        ids=encoding.input_ids[row, real].tolist(),
        names=[encoding.tokens[row][i] for i in real],
        special=encoding.special_tokens_mask[row, real].tolist(),
        segments=encoding.token_type_ids[row, real].tolist(),
        sequence=encoding.sequence[row, real].tolist(),
        offsets=encoding.offset_mapping[row, real].tolist(),
    )
    for change in edit.changes:
        if not isinstance(change, TOKENS):
            continue
        at = tokens.index(change.place)
        if isinstance(change, Replace):
            tokens.ids[at] = piece(lent, change.token)
            tokens.names[at] = change.token
            tokens.special[at] = int(tokens.ids[at] in lent.tokenizer.all_special_ids)
        elif isinstance(change, Remove):
            tokens.take(at)
        elif isinstance(change, Repeat):
            tokens.put(tokens.gap(change.before), [column[at] for column in tokens.columns])
        else:
            token = tokens.take(at)
            tokens.put(tokens.gap(change.before), token)
        if not tokens.ids:
            raise ValueError("**Nothing is left of the text.** Undo the last change.")
    for change in edit.of(Segment):
        if not lent.checkpoint.has_segments:
            raise ValueError(f"**{lent.checkpoint.name} has no segments**, so none can be changed.")
        if change.id not in range(lent.eager.config.type_vocab_size):
            raise ValueError(f"There is no segment {change.id}: {lent.checkpoint.name} has 0 and 1.")
        tokens.segments[tokens.index(change.place)] = change.id
    return tokens


def piece(lent: Lent, name: str) -> int:
    """The id of a piece of the vocabulary.

    Raises:
        ValueError: the vocabulary has no such piece.
    """
    number = lent.tokenizer.convert_tokens_to_ids(name)
    if not isinstance(number, int) or (number == lent.tokenizer.unk_token_id and name != lent.tokenizer.unk_token):
        raise ValueError(
            f"**No such piece.** The vocabulary of {lent.checkpoint.name} has no single piece of that name."
        )
    return number


def takes_positions(net: PreTrainedModel) -> bool:
    """Whether another position id makes a difference: a table of positions, or rotary ones."""
    embeddings = getattr(net, "embeddings", None)
    table = getattr(embeddings, "position_embeddings", None)
    return table is not None or any("rotary" in name for name, _ in net.named_children())


def position_ids(lent: Lent, encoding: Encoding, edits: Sequence[Edit]) -> Ints | None:
    """The position ids that an edit asks for; None where it leaves them to the model.

    Args:
        lent: the model that will read.
        encoding: int64[batch, tokens] rows, already edited.
        edits: one for each row.

    Returns:
        int64[batch, tokens].

    Raises:
        ValueError: the family has no position ids, or the table has no such row.
    """
    if not any(edit.has(Position, Shift) for edit in edits):
        return None
    if not takes_positions(lent.eager):
        raise ValueError(f"**{lent.checkpoint.name} has no position ids.** It knows only how far apart tokens are.")
    ids = usual_positions(lent, encoding)
    for row, edit in enumerate(edits):
        for change in edit.changes:
            if isinstance(change, Shift):
                ids[row] += change.by
            elif isinstance(change, Position):
                ids[row, encoding.origin[row] == change.place] = change.id
    most = last_position(lent)
    if ids.max() > most:
        raise ValueError(f"**There is no position {ids.max()}.** {lent.checkpoint.name} has positions up to {most}.")
    return ids


def last_position(lent: Lent) -> int:
    """The highest position id of a model that has any."""
    table = getattr(lent.eager.embeddings, "position_embeddings", None)
    return (table.num_embeddings if table is not None else lent.checkpoint.limit) - 1


def usual_positions(lent: Lent, encoding: Encoding) -> Ints:
    """int64[batch, tokens], the ids that the model would have given: heard at its own table."""
    table = getattr(lent.eager.embeddings, "position_embeddings", None)
    shape = encoding.input_ids.shape
    if table is None:
        return np.broadcast_to(np.arange(shape[1]), shape).copy()
    heard: list[torch.Tensor] = []
    with torch.inference_mode(), lent.listening() as hooks:
        hooks.hear(table, lambda _module, given, _out: heard.append(given[0]))
        lent.eager.get_submodule("embeddings")(input_ids=torch.tensor(encoding.input_ids))
    return np.broadcast_to(heard[0].numpy(), shape).astype(np.int64)


class Inside:
    """The changes that happen inside of the layers: cut edges, weights of 0, silenced heads; for a part of a batch."""

    def __init__(self, lent: Lent, encoding: Encoding, edits: Sequence[Edit]) -> None:
        """What is changed for these rows.

        Args:
            lent: the model that will read.
            encoding: int64[batch, tokens] rows, already edited.
            edits: one for each row.

        Raises:
            ValueError: there is no such layer, head or token.
        """
        self._checkpoint, self._encoding, self._edits = lent.checkpoint, encoding, edits
        self._attention = anatomy(lent).attention if self else ()
        layers, heads = lent.checkpoint.layers, lent.checkpoint.heads
        for edit in edits:
            for cut in (*edit.of(Cut), *edit.of(Zero)):
                if cut.layers and max(cut.layers) > layers:
                    raise ValueError(f"There is no layer {max(cut.layers)} to cut in: this model has {layers}.")
            for silence in edit.of(Silence):
                if not 1 <= silence.layer <= layers or not all(1 <= head <= heads for head in silence.heads):
                    raise ValueError(
                        f"There is no layer {silence.layer} with heads {', '.join(map(str, silence.heads))} to "
                        f"silence: this model has {layers} layers of {heads} heads."
                    )

    def __bool__(self) -> bool:
        """Whether anything happens inside."""
        return any(edit.has(Cut, Zero, Silence) for edit in self._edits)

    def on(self, hooks: Hooks, part: slice) -> None:
        """Changes the passes of the eager model while the hooks last; the model itself stays as it is.

        Args:
            hooks: on the model that was lent.
            part: rows of the batch that the pass is about.
        """
        # a module that serves several layers is told apart by how often it was called
        calls = iter(range(1, self._checkpoint.layers + 1))
        now = {"layer": 0}
        waiting: list[torch.Tensor] = []  # bool[rows, 1, query, key], until the layer's softmax was heard

        def enter(module: nn.Module, args: Given, kwargs: Named) -> tuple[Given, Named] | None:
            now["layer"] = next(calls)
            waiting[:] = [zero[:, None] for zero in (self._edges(Zero, now["layer"], part),) if zero.any()]
            cut = self._edges(Cut, now["layer"], part)
            return (
                _merged(module, args, kwargs, cut, now["layer"], self._encoding.attention_mask[part])
                if cut.any()
                else None
            )

        def weigh(weights: torch.Tensor) -> torch.Tensor:
            return weights.masked_fill(waiting.pop(), 0) if waiting else weights

        def weighed(_module: nn.Module, _args: Given, _out: Given) -> None:
            if waiting:
                raise ValueError(
                    f"**{self._checkpoint.name} makes its attention weights in a way that is not known here**, so none "
                    "can be set to 0. Choose another model."
                )

        def leave(_module: nn.Module, _args: Given, out: Given) -> Given | None:
            kept = self._kept(now["layer"], part)
            return None if kept is None else (_quiet(out[0], kept), *out[1:])

        def project(_module: nn.Module, args: Given) -> Given | None:
            kept = self._kept(now["layer"], part)
            return None if kept is None else (_quiet(args[0], kept), *args[1:])

        zeroes = any(edit.has(Zero) for edit in self._edits)
        if zeroes:
            hooks.softmax(weigh)
        for module in dict.fromkeys(self._attention):
            hooks.before(module, enter, named=True)
            if zeroes:
                hooks.hear(module, weighed)
            inner = next((child for name, child in module.named_children() if name in OUTPUTS), None)
            if inner is None:
                hooks.hear(module, leave)
            else:
                hooks.before(inner, project)

    def _edges(self, kind: type[Cut | Zero], layer: int, part: slice) -> torch.Tensor:
        """bool[rows, query, key], the edges of a layer that changes of a kind are about."""
        rows = range(*part.indices(len(self._edits)))
        tokens = self._encoding.input_ids.shape[1]
        edges = np.zeros((len(rows), tokens, tokens), np.bool_)
        for number, row in enumerate(rows):
            for change in self._edits[row].of(kind):
                if not change.layers or layer in change.layers:
                    edges[number] |= self._meant(row, change)
        return torch.from_numpy(edges)

    def _meant(self, row: int, change: Cut | Zero) -> np.ndarray:
        """bool[query, key] of one change; padding neither reads nor is read any less."""
        tokens = self._encoding.input_ids.shape[1]
        queries = self._chosen(row, change.queries)[:, None]
        order = np.arange(tokens)
        if change.keys == "others":
            keys = order[None] != order[:, None]
        elif change.keys == "later":
            keys = order[None] > order[:, None]
        elif change.keys == "earlier":
            keys = order[None] < order[:, None]
        else:
            keys = self._chosen(row, change.keys)[None]
        return queries & keys & (self._encoding.attention_mask[row] == 1)[None]

    def _chosen(self, row: int, where: Where) -> np.ndarray:
        """bool[tokens], the tokens that are meant."""
        origin, real = self._encoding.origin[row], self._encoding.attention_mask[row] == 1
        added = (self._encoding.special_tokens_mask[row] == 1) & real
        if where == "first":
            return origin == 0
        if where == "separators":
            return added & (origin != 0)
        if where == "all":
            return real
        return np.isin(origin, where)

    def _kept(self, layer: int, part: slice) -> torch.Tensor | None:
        """float32[rows, 1, heads, 1], 0 for a silenced head; None where all speak."""
        rows = range(*part.indices(len(self._edits)))
        kept = torch.ones(len(rows), 1, self._checkpoint.heads, 1)
        for number, row in enumerate(rows):
            for change in self._edits[row].of(Silence):
                if change.layer == layer:
                    kept[number, 0, [head - 1 for head in change.heads]] = 0
        return None if bool(kept.all()) else kept


def _quiet(output: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """float32[rows, tokens, heads x width], the heads' outputs side by side with the silenced ones at 0."""
    apart = output.unflatten(-1, (kept.shape[2], -1))
    return torch.where(kept == 0, torch.zeros((), dtype=output.dtype), apart).flatten(-2)


def _merged(
    module: nn.Module, args: Given, kwargs: Named, cut: torch.Tensor, layer: int, real: Ints
) -> tuple[Given, Named]:
    """The module's arguments, with the cut edges in the mask that it was given."""
    at = list(inspect.signature(module.forward).parameters).index("attention_mask")
    mask = args[at] if at < len(args) else kwargs.get("attention_mask")
    cut = cut[:, None]  # bool[rows, 1, query, key]
    states = args[0] if args else kwargs["hidden_states"]
    if mask is None:
        mask = torch.zeros(cut.shape, dtype=states.dtype)
    if mask.is_floating_point() and not _keeps(module):
        low = torch.finfo(mask.dtype).min
        merged = torch.where(cut, low, mask)
        open_ = merged > low / 2
    else:  # keep or drop
        merged = mask.bool() & ~cut
        open_ = merged
    starved = ~open_.any(dim=-1)[:, 0] & torch.from_numpy(real == 1)
    if bool(starved.any()):
        raise ValueError(
            f"**Nothing left to read.** This change leaves a token nothing to read in layer {layer}, not even itself. "
            "Leave each reader at least one token."
        )
    if at < len(args):
        return (*args[:at], merged, *args[at + 1 :]), kwargs
    return args, {**kwargs, "attention_mask": merged}


def _keeps(module: nn.Module) -> bool:
    """Whether a module takes 1 for what is kept and 0 for what is dropped, and not what is added to the scores."""
    return "Disentangled" in type(module).__name__


def unmasked(encoding: Encoding, edits: Sequence[Edit]) -> Ints:
    """int64[batch, tokens], the attention mask that the model is given: all 1 where an edit leaves it out."""
    mask = encoding.attention_mask.copy()
    for row, edit in enumerate(edits):
        if edit.has(Unmask):
            mask[row] = 1
    return mask
