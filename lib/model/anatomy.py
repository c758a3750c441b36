"""Where inside a model its attention is made: found by listening to it once, so that no family is known by name."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch
from torch import nn
from transformers import PreTrainedModel


@dataclass(frozen=True, eq=False)
class Anatomy:
    """The modules of a model that others listen to.

    Attributes:
        attention: the module that makes each layer's weights, in the order of the layers; it gives them, as
            float[batch, heads, query, key], as the second of its outputs. In ALBERT it is the same one in every layer.
        asked: whether they give their weights only to those who call the model with ``output_attentions``.
    """

    attention: tuple[nn.Module, ...]
    asked: bool


_known: WeakKeyDictionary[PreTrainedModel, Anatomy] = WeakKeyDictionary()


def anatomy(net: PreTrainedModel) -> Anatomy:
    """The anatomy of a model that attends eagerly; the lock on the model is held by the caller.

    Two passes over two tokens the first time, nothing from then on.

    Raises:
        ValueError: the model gives no weights, or none of its modules makes them.
    """
    if net not in _known:
        _known[net] = _found(net)
    return _known[net]


def _found(net: PreTrainedModel) -> Anatomy:
    made, weights = _heard(net, asking=True)
    # a module ends after those inside of it, so the first to give a layer's very tensor is the one that made it
    makers = [next((module for module, given in made if given is each), None) for each in weights]
    attention = tuple(module for module in makers if module is not None)
    if not attention or len(attention) < len(makers):
        raise ValueError(
            "**This model’s attention cannot be watched.** A model of the kind "
            f"{net.config.model_type!r} does not give its weights. Choose another."
        )
    unasked = {module for module, _ in _heard(net, asking=False)[0]}
    return Anatomy(attention, asked=not unasked.issuperset(attention))


def _heard(
    net: PreTrainedModel, *, asking: bool
) -> tuple[list[tuple[nn.Module, torch.Tensor]], tuple[torch.Tensor, ...]]:
    """Each module with the second of its outputs, in the order in which they end; and the weights the model gives."""
    made: list[tuple[nn.Module, torch.Tensor]] = []

    def hear(module: nn.Module, _given: tuple[object, ...], out: object) -> None:
        if isinstance(out, tuple) and len(out) > 1 and isinstance(out[1], torch.Tensor):
            made.append((module, out[1]))

    hooks = [module.register_forward_hook(hear) for module in net.modules()]
    tokens = torch.zeros(1, 2, dtype=torch.long)
    try:
        with torch.inference_mode():
            out = net(tokens, attention_mask=torch.ones_like(tokens), output_attentions=asking, return_dict=True)
    finally:
        for hook in hooks:
            hook.remove()
    return made, tuple(out.attentions or ()) if asking else ()
