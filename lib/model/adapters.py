"""Open what was taught to a model beside its own weights: low-rank adapters in ``peft``'s format, a pooler, and heads.

An adapter adds ``alpha / rank * B @ A`` to a weight (LoRA). The sum is made once, here, without the package that the
files were written with: the app reads with it as with any other weight.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from lib.reading import Floats

ADAPTERS, CONFIG, HEADS = "adapter_model.safetensors", "adapter_config.json", "heads.safetensors"
IN_PEFT, DOWN, UP = "base_model.model.", ".lora_A.weight", ".lora_B.weight"
ENCODER = "bert."  # begins the names of the encoder's own weights among the heads
# what an adapter may be beside the plain kind, each off
OFF = ("use_dora", "use_rslora", "fan_in_fan_out", "rank_pattern", "alpha_pattern", "modules_to_save", "lora_bias")


def changed(folder: Path, weights: Mapping[str, Floats]) -> dict[str, Floats]:
    """The weights that an adapter changes in an encoder, and those of its pooler, as ``opening.woven`` takes them.

    Args:
        folder: of a checkpoint that :mod:`lib.model.pretrain` wrote.
        weights: name in the encoder -> float32[its own shape], the encoder before.

    Returns:
        Name in the encoder -> float32[its own shape].

    Raises:
        ValueError: the adapter is of a kind that is not known here, or belongs to another model.
    """
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    other = [name for name in OFF if config.get(name)]
    if config.get("peft_type") != "LORA" or config.get("bias", "none") != "none" or other:
        raise ValueError(f"The adapter in {folder.name} is of a kind that is not read here: {', '.join(other)}.")
    parts = {name: each.astype(np.float32) for name, each in load_file(folder / ADAPTERS).items()}
    found = {}
    for key, down in parts.items():
        if not key.endswith(DOWN):
            continue
        name, up = key.removeprefix(IN_PEFT).replace(DOWN, ".weight"), parts[key.replace(DOWN, UP)]
        if name not in weights or weights[name].shape != (len(up), down.shape[1]):
            raise ValueError(f"{name} has no place in this model: the adapter in {folder.name} belongs to another one.")
        found[name] = weights[name] + np.float32(config["lora_alpha"] / config["r"]) * (up @ down)
    pooler = {name: each for name, each in _heads(folder).items() if name.startswith(ENCODER)}
    return found | {name.removeprefix(ENCODER): each for name, each in pooler.items()}


def heads(folder: Path) -> dict[str, Floats]:
    """The weights of both heads by the names that they have in ``BertForPreTraining``.

    Args:
        folder: of a checkpoint that :mod:`lib.model.pretrain` wrote.

    Returns:
        Name -> float32[its own shape]; the matrix of the masked words is that of the embeddings, and not among them.
    """
    return {name: each for name, each in _heads(folder).items() if not name.startswith(ENCODER)}


def _heads(folder: Path) -> dict[str, Floats]:
    return {name: each.astype(np.float32) for name, each in load_file(folder / HEADS).items()}
