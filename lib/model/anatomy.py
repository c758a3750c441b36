"""Where inside a model things are made: found by listening to it once, so that no family is known by name."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
from torch import nn
from transformers import PreTrainedModel

from lib.model.lending import Lent


@dataclass(frozen=True, eq=False)
class Anatomy:
    """The modules of a model that others listen to.

    Attributes:
        attention: the module that makes each layer's weights, in the order of the layers; it gives them, as
            float[batch, heads, query, key], as the second of its outputs. In ALBERT it is the same one in every layer.
        asked: whether they give their weights only to those who call the model with ``output_attentions``.
        closing: the LayerNorm behind the last block, in a model that has one; the last vectors have passed it.
    """

    attention: tuple[nn.Module, ...]
    asked: bool
    closing: nn.Module | None


_known: WeakKeyDictionary[PreTrainedModel, Anatomy] = WeakKeyDictionary()


def anatomy(lent: Lent) -> Anatomy:
    """The anatomy of the form of a model that attends eagerly.

    Two passes over two tokens the first time, nothing from then on.

    Raises:
        ValueError: the model gives no weights, or none of its modules makes them.
    """
    if lent.eager not in _known:
        _known[lent.eager] = _found(lent)
    return _known[lent.eager]


def _found(lent: Lent) -> Anatomy:
    net = lent.eager
    weights: list[_Made] = []
    vectors: list[_Made] = []

    def hear(module: nn.Module, _given: tuple[object, ...], out: object) -> None:
        if isinstance(out, torch.Tensor):
            vectors.append((module, out))
        elif isinstance(out, tuple) and len(out) > 1 and isinstance(out[1], torch.Tensor):
            weights.append((module, out[1]))

    tokens = torch.zeros(1, 2, dtype=torch.long)
    with torch.inference_mode(), lent.listening() as hooks:
        for module in net.modules():
            hooks.hear(module, hear)
        output = net(tokens, attention_mask=torch.ones_like(tokens), output_attentions=True, return_dict=True)
        attention = tuple(_maker(weights, each) for each in output.attentions or ())
        last = _maker(vectors, output.last_hidden_state)
        weights.clear()
        net(tokens, attention_mask=torch.ones_like(tokens), return_dict=True)
    if not attention or None in attention:
        raise ValueError(
            "**This model’s attention cannot be watched.** A model of the kind "
            f"{net.config.model_type!r} does not give its weights. Choose another."
        )
    unasked = {module for module, _ in weights}
    blocks = [module for module in net.modules() if isinstance(module, nn.ModuleList)]
    inside = {module for block in blocks for module in block.modules()}
    return Anatomy(
        attention=tuple(module for module in attention if module is not None),
        asked=not unasked.issuperset(attention),
        closing=last if last not in inside else None,
    )


_Made = tuple[nn.Module, torch.Tensor]


def _maker(made: list[_Made], wanted: torch.Tensor) -> nn.Module | None:
    """Who made it: a module ends after those inside of it, so it is the first that gave this very tensor."""
    return next((module for module, given in made if given is wanted), None)
