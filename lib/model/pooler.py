"""The pooler: the dense + tanh layer behind the first token's last vector, returned as ``pooler_output``."""

from __future__ import annotations

import torch
from torch import nn

from lib.model.lending import Lent
from lib.model.opening import opened
from lib.reading import Floats, PoolerWeights, Reading


def weights(slug: str) -> PoolerWeights:
    """What the pooler's weights tell of its training.

    Raises:
        ValueError: the model has no pooler.
    """
    with opened(slug).lent() as lent, torch.inference_mode():
        dense = _dense(lent)
        square = [
            float(each.weight.std())
            for name, each in lent.eager.named_modules()
            if isinstance(each, nn.Linear) and not name.startswith("pooler") and each.in_features == each.out_features
        ]
        bias = dense.bias
        return PoolerWeights(
            biases=len(bias),
            at_zero=int((bias == 0).sum()),
            spread=float(dense.weight.std()),
            others=float(torch.tensor(square).median()),
        )


def before_tanh(reading: Reading) -> Floats:
    """What goes into the pooler's tanh: float32[batch, hidden].

    Raises:
        ValueError: the model has no pooler.
    """
    with opened(reading.checkpoint.slug).lent() as lent, torch.inference_mode():
        made: torch.Tensor = _dense(lent)(torch.tensor(reading.cls[-1]))
        return made.numpy().copy()


def _dense(lent: Lent) -> nn.Linear:
    pooler = getattr(lent.eager, "pooler", None)
    dense = getattr(pooler, "dense", pooler)  # in ALBERT the layer is the pooler
    if not isinstance(dense, nn.Linear):
        raise ValueError(f"{lent.checkpoint.name} has no pooler.")
    return dense
