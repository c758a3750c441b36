"""bfloat16: numbers of half the bits, for processors that multiply them faster than float32."""

from __future__ import annotations

import copy
from weakref import WeakKeyDictionary

import torch
from torch import nn
from transformers import PreTrainedModel

from lib.reading import Precision

HAVE_BFLOAT16 = ("amx_bf16", "avx512_bf16", "bf16")  # what torch calls it on Intel's, AMD's and Arm's processors

_halved: WeakKeyDictionary[PreTrainedModel, PreTrainedModel] = WeakKeyDictionary()


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16; where it does not, torch emulates it, slower than float32."""
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) for name in HAVE_BFLOAT16)


def converted(net: PreTrainedModel, precision: Precision) -> PreTrainedModel:
    """A lent model in a precision: itself, or a copy that is made at its first use.

    Only weights are converted. Tables that a model works out for itself (places, angles) stay as they are.

    Raises:
        ValueError: there is no such precision, or this processor has no bfloat16.
    """
    if precision not in ("float32", "bfloat16"):
        raise ValueError(f'precision is {precision!r}, but "float32" or "bfloat16" was expected.')
    if precision == "float32":
        return net
    if not has_bfloat16():
        raise ValueError(
            "This processor does not multiply bfloat16, so that would be slower and not faster: "
            'encode with precision="float32".'
        )
    if net not in _halved:
        weights = {id(each): nn.Parameter(each.to(torch.bfloat16), requires_grad=False) for each in net.parameters()}
        _halved[net] = copy.deepcopy(net, dict(weights))
    return _halved[net]


def forget(net: PreTrainedModel) -> None:
    """Lets go of a model's copy in half precision, which takes half as much memory as the model."""
    _halved.pop(net, None)
