"""What the first token gets in each layer: value vectors, projections, LayerNorms, heard while the model makes them.

No family is known by name. Which module makes the values, and which projects the heads' outputs, is what their numbers
say: weights x values must be what the projection is given. Where in a layer the LayerNorms stand, and what is added in
between, is found in the same way: the sums must come out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from lib.model.anatomy import Anatomy, anatomy
from lib.model.lending import Hooks
from lib.model.opening import opened
from lib.reading import Added, Floats, Ints, LayerParts, Ledger, Step

KINDS = (nn.Linear, nn.LayerNorm, nn.Conv1d)
# shares of the largest entry, below which two float32 vectors are the same: where both were multiplied and summed, and
# where one is the other plus something that a module wrote
MULTIPLIED, ADDED = 1e-4, 2e-6

_Path = tuple[Added | Step, ...]


def _nothing() -> Floats:
    return np.empty(0, np.float32)


@dataclass
class _Heard:
    """What a module did with the first token.

    Attributes:
        module: it.
        given: float32[width], empty of a convolution, which is given all tokens at once.
        out: float32[width], empty of a convolution.
        every: float32[tokens, width], what it made of all tokens, kept while attention is made; None otherwise.
    """

    module: nn.Module
    given: Floats = field(default_factory=_nothing)
    out: Floats = field(default_factory=_nothing)
    every: Floats | None = None


@dataclass
class _Layer:
    """What was heard from a layer's attention on, until the next one's.

    Attributes:
        heard: in order.
        weights: float32[heads, tokens], what the first token reads; None while they are being made.
    """

    heard: list[_Heard] = field(default_factory=list)
    weights: Floats | None = None


def ledger(slug: str, input_ids: Ints, token_type_ids: Ints | None = None) -> Ledger:
    """Every layer taken apart, as the first token of one text goes through them: one forward pass.

    Args:
        slug: of the checkpoint.
        input_ids: int64[tokens] of one text, without padding.
        token_type_ids: int64[tokens], the segments; left out where the model takes none.

    Raises:
        ValueError: no token, another number of segments than of tokens, a checkpoint that cannot be opened, or one
            whose attention is no sum of weights x projected values.
    """
    if input_ids.ndim != 1 or not len(input_ids):
        raise ValueError(f"input_ids has the shape {input_ids.shape}, but [tokens] of one text was expected.")
    if token_type_ids is not None and token_type_ids.shape != input_ids.shape:
        raise ValueError(f"{len(token_type_ids)} segments for {len(input_ids)} tokens: give one for each.")
    model = opened(slug)
    inputs = {"input_ids": torch.tensor(input_ids)[None]}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    if token_type_ids is not None and model.checkpoint.has_segments:
        inputs["token_type_ids"] = torch.tensor(token_type_ids)[None]
    with model.lent() as lent, torch.inference_mode():
        known = anatomy(lent)
        with lent.listening() as hooks:
            layers = _heard(hooks, lent.eager, known, len(input_ids))
            out = lent.eager(**inputs, output_hidden_states=True, output_attentions=known.asked, return_dict=True)
    states = [state[0, 0].numpy().copy() for state in out.hidden_states]
    try:
        return Ledger(tuple(map(_parts, layers, states[:-1], states[1:])))
    except LookupError:
        raise ValueError(
            f"**{model.checkpoint.name} cannot be taken apart here.** What its attention gives is not weights times "
            "projected values. Choose another model."
        ) from None


def _heard(hooks: Hooks, net: nn.Module, known: Anatomy, tokens: int) -> list[_Layer]:
    """What each layer does in the passes made meanwhile; a module that serves several layers is heard in each."""
    layers: list[_Layer] = []

    def enter(_module: nn.Module, _given: tuple[object, ...]) -> None:
        layers.append(_Layer())

    def leave(_module: nn.Module, _given: tuple[object, ...], out: tuple[torch.Tensor, ...]) -> None:
        layers[-1].weights = out[1][0, :, 0].numpy().copy()

    def hear(module: nn.Module, given: tuple[torch.Tensor, ...], out: torch.Tensor) -> None:
        if not layers:
            return
        if isinstance(module, nn.Conv1d):
            layers[-1].heard.append(_Heard(module))
        elif out.shape[:-1] == (1, tokens):  # neither the pooler's one vector nor a table of distances
            making = layers[-1].weights is None and isinstance(module, nn.Linear)
            rows = (given[0][0, 0].numpy().copy(), out[0, 0].numpy().copy())
            layers[-1].heard.append(_Heard(module, *rows, out[0].numpy().copy() if making else None))

    for module in net.modules():
        if isinstance(module, KINDS):
            hooks.hear(module, hear)
    for module in set(known.attention):
        hooks.before(module, enter)
        hooks.hear(module, leave)
    return layers


def _parts(layer: _Layer, entering: Floats, leaving: Floats) -> LayerParts:
    if layer.weights is None:
        raise LookupError
    values, output = _voices(layer.heard, layer.weights)
    heads, _, width = values.shape
    return LayerParts(
        weights=layer.weights,
        values=values,
        output=output.weight.numpy().reshape(-1, heads, width).transpose(1, 2, 0),  # a view: they are not held twice
        bias=_own(output.bias, np.zeros_like(leaving)),
        entering=entering,
        path=_path(entering, layer.heard, (), output, leaving),
        leaving=leaving,
    )


def _voices(heard: Sequence[_Heard], weights: Floats) -> tuple[Floats, nn.Linear]:
    """The values, float32[heads, tokens, width], and the projection that is given weights x values.

    Raises:
        LookupError: no two modules fit together so.
    """
    heads, tokens = weights.shape
    for place, maker in enumerate(heard):
        if maker.every is None:
            continue
        for taker in heard[place + 1 :]:
            size = len(taker.given)
            if not isinstance(taker.module, nn.Linear) or not size or size % heads or maker.every.shape[1] % size:
                continue
            # one projection may make queries, keys and values side by side
            for part in np.split(maker.every, maker.every.shape[1] // size, axis=1):
                values = part.reshape(tokens, heads, -1).transpose(1, 0, 2)
                read = np.einsum("hj,hjd->hd", weights, values).ravel()
                if np.abs(read - taker.given).max() <= MULTIPLIED * np.abs(read).max():
                    return values.copy(), taker.module
    raise LookupError


def _path(
    stream: Floats, heard: Sequence[_Heard], before: Sequence[_Heard], output: nn.Linear, leaving: Floats
) -> _Path | None:
    """The way from a vector to the one that leaves the layer; None where there is none.

    Args:
        stream: float32[hidden], as far as it has come.
        heard: what follows.
        before: what went before, since the last LayerNorm.
        output: the projection of the heads' outputs.
        leaving: float32[hidden].
    """
    for place, each in enumerate(heard):
        if not isinstance(each.module, nn.LayerNorm) or each.given.shape != stream.shape:
            continue
        written = [*before, *heard[:place]]
        added = _added(each.given - stream, written, output, stream)
        if added is None:  # it stands somewhere else: over queries and keys, say
            continue
        step = Step(
            name="LayerNorm",
            weight=_own(each.module.weight, np.ones_like(stream)),
            bias=_own(each.module.bias, np.zeros_like(stream)),
            epsilon=float(each.module.eps),
            vectors=each.out[None],
        )
        # the vector itself goes through it, or only a copy that the next module is given
        for taken, went_on in (((step,), each.out), ((), each.given)):
            rest = _path(went_on, heard[place + 1 :], (), output, leaving)
            if rest is not None:
                return (*added, *taken, *rest)
    return _added(leaving - stream, [*before, *heard], output, stream)


def _added(gap: Floats, written: Sequence[_Heard], output: nn.Linear, stream: Floats) -> _Path | None:
    """What was added to a vector: nothing, or what one of the modules wrote; None where neither is the difference."""
    near = ADDED * float(max(np.abs(stream).max(), np.abs(gap).max()))
    if np.abs(gap).max() <= near:
        return ()
    for each in reversed(written):
        if isinstance(each.module, nn.Conv1d):  # a function that is no module stands between what it gives and the sum
            return (Added("convolution", gap.copy()),)
        if isinstance(each.module, nn.Linear) and each.out.shape == gap.shape and np.abs(gap - each.out).max() <= near:
            return (Added("attention" if each.module is output else "feed-forward", each.out),)
    return None


def _own(parameter: torch.Tensor | None, otherwise: Floats) -> Floats:
    """A copy of a module's parameter, or what stands for one that it lacks."""
    return otherwise if parameter is None else parameter.numpy().copy()
