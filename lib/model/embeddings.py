"""What a model's input is made of, before its first layer: looked-up vectors, and what is done to their sum."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import MappingProxyType
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import nn

from lib.model.lending import Lent
from lib.model.opening import opened
from lib.reading import Floats, InputParts, Ints, Part, Step

# what the families call their tables, in the order of the screen; a table of another name keeps its own
TABLES: Mapping[str, str] = MappingProxyType(
    {
        "word_embeddings": "token",
        "tok_embeddings": "token",
        "position_embeddings": "position",
        "token_type_embeddings": "segment",
    }
)
BEHIND = ("embeddings_project", "embedding_hidden_mapping_in")  # projections that stand outside of ``embeddings``

# a table of 250 000 rows takes half a second to sum up, and it never changes
_summed: WeakKeyDictionary[nn.Embedding, tuple[Floats, Floats, Floats]] = WeakKeyDictionary()

_Heard = list[tuple[str, nn.Module, torch.Tensor, torch.Tensor]]


def parts(slug: str, input_ids: Ints, token_type_ids: Ints | None = None) -> InputParts:
    """The input of one text, taken apart by listening to the model's own modules while they make it.

    Which tables and steps there are, which rows are looked up and in which order the steps come is what the modules
    do, so nothing here knows a family.

    Args:
        slug: of the checkpoint.
        input_ids: int64[tokens] of one text, without padding.
        token_type_ids: int64[tokens], the segments; left out where the model takes none.

    Raises:
        ValueError: no token, another number of segments than of tokens, a checkpoint that cannot be opened, or a model
            whose embeddings hold no table.
    """
    if input_ids.ndim != 1 or not len(input_ids):
        raise ValueError(f"input_ids has the shape {input_ids.shape}, but [tokens] of one text was expected.")
    if token_type_ids is not None and token_type_ids.shape != input_ids.shape:
        raise ValueError(f"{len(token_type_ids)} segments for {len(input_ids)} tokens: give one for each.")
    model = opened(slug)
    with model.lent() as lent:
        heard = _heard(lent, input_ids, token_type_ids)
    tables = [(name, module, given, out) for name, module, given, out in heard if isinstance(module, nn.Embedding)]
    if not tables:
        raise ValueError(f"**{model.checkpoint.name} cannot be taken apart here.** Its embeddings hold no table.")
    tokens, order = len(input_ids), list(TABLES)
    tables.sort(key=lambda each: order.index(each[0]) if each[0] in order else len(order))
    return InputParts(
        parts=tuple(_part(name, module, given, out, tokens) for name, module, given, out in tables),
        steps=tuple(_step(module, out) for _, module, _, out in heard if isinstance(module, nn.LayerNorm | nn.Linear)),
    )


def _heard(lent: Lent, input_ids: Ints, token_type_ids: Ints | None) -> _Heard:
    """What tables, LayerNorms and projections do on the way to the first layer, in the order in which they do it."""
    inside = getattr(lent.eager, "embeddings", None)
    if not isinstance(inside, nn.Module):
        raise ValueError(f"**{lent.checkpoint.name} cannot be taken apart here.** It keeps no tables of embeddings.")
    inputs = {"input_ids": torch.tensor(input_ids)[None]}
    takes = inspect.signature(inside.forward).parameters
    if token_type_ids is not None and lent.checkpoint.has_segments and "token_type_ids" in takes:
        inputs["token_type_ids"] = torch.tensor(token_type_ids)[None]
    heard: _Heard = []
    with torch.inference_mode(), lent.listening() as hooks:
        for path, module in inside.named_modules():
            if isinstance(module, nn.Embedding | nn.LayerNorm | nn.Linear):
                hooks.hear(module, lambda m, given, out, name=path: heard.append((name, m, given[0], out)))
        out = inside(**inputs)
    with torch.inference_mode():
        for path, module in lent.eager.named_modules():
            if path.split(".")[-1] in BEHIND and isinstance(module, nn.Linear):
                given, out = out, module(out)
                heard.append((path, module, given, out))
    return heard


def _part(name: str, table: nn.Embedding, given: torch.Tensor, out: torch.Tensor, tokens: int) -> Part:
    width = out.shape[-1]
    if table not in _summed:
        weight = table.weight
        _summed[table] = (_own(weight.norm(dim=1)), _own(weight.mean(dim=0)), _own(weight.std(dim=0, correction=0)))
    lengths, means, deviations = _summed[table]
    return Part(
        name=TABLES.get(name, name.replace("_", " ")),
        ids=np.broadcast_to(given.numpy().reshape(-1), (tokens,)).astype(np.int64),
        vectors=np.broadcast_to(_own(out).reshape(-1, width), (tokens, width)).copy(),
        lengths=lengths,
        means=means,
        deviations=deviations,
    )


def _step(module: nn.LayerNorm | nn.Linear, out: torch.Tensor) -> Step:
    vectors = _own(out)[0]  # float32[tokens, hidden]
    bias = getattr(module, "bias", None)
    return Step(
        name="projection" if isinstance(module, nn.Linear) else "LayerNorm",
        weight=_own(module.weight),
        bias=np.zeros(vectors.shape[1], np.float32) if bias is None else _own(bias),
        epsilon=float(getattr(module, "eps", 0.0)),
        vectors=vectors,
    )


def _own(tensor: torch.Tensor) -> Floats:
    """A copy, so that a read-only array does not lock the model's own weights."""
    return tensor.detach().to(torch.float32).numpy().copy()
