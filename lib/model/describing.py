"""What a model's own files say of it, and whether this app can read it: config first, weights last."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerFast
from transformers.models.auto.modeling_auto import MODEL_FOR_MASKED_LM_MAPPING_NAMES

from lib import settings
from lib.checkpoints import FOLDER, Checkpoint, Place
from lib.quantities import count

LARGEST_CONFIG = 1 << 20  # bytes; those of real models have a few hundred
MOST_OF_ANYTHING = 10_000_000  # no number in the config of an encoder is larger
MOST_BLOCKS = 1024  # nor is anything repeated more often

Json = Mapping[str, object]


class Refused(ValueError):  # noqa: N818 - a refusal, no fault
    """The model cannot be had here. The message says why, in words that follow its name: "It has ..."."""


def config(folder: Path) -> PreTrainedConfig:
    """The config of a model that this app can read.

    Args:
        folder: with ``config.json`` in it; the weights need not be there yet.

    Raises:
        Refused: it is no encoder that transformers knows by itself, or has more parameters than the operator allows.
    """
    raw = _raw(folder / "config.json")
    family = raw.get("model_type")
    if "auto_map" in raw and family not in MODEL_FOR_MASKED_LM_MAPPING_NAMES:
        raise Refused("It needs program code of its own, and this app runs nobody's code but its own.")
    if family not in MODEL_FOR_MASKED_LM_MAPPING_NAMES or raw.get("is_encoder_decoder") or raw.get("is_decoder"):
        raise Refused(
            "It is no encoder: it has no first token that reads the whole text. BERT, RoBERTa and their like have one."
        )
    if raw.get("quantization_config"):
        raise Refused("Its weights are stored in few bits, which this app does not read. Choose the full version.")
    _check_numbers(raw)
    try:
        found = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        parameters = _count(found)
    except Exception as problem:  # a config can be wrong in every way there is
        raise Refused("Its config.json does not describe a model that can be built.") from problem
    if found.is_encoder_decoder or getattr(found, "is_decoder", False):
        raise Refused("It is no encoder: it has no first token that reads the whole text.")
    if parameters > settings.largest():
        raise Refused(
            f"It has {count(round(parameters / 1e6))} million parameters; this server takes models of up to "
            f"{count(settings.largest() // 1_000_000)} million."
        )
    return found


def check_size(found: int) -> None:
    """Refuses weights that no model within the operator's limit would need.

    Args:
        found: bytes of all files of weights.

    Raises:
        Refused: there are too many.
    """
    most = settings.largest() * 4 * 5 // 4  # four bytes a parameter, and a quarter more for heads on top
    if found > most:
        raise Refused(
            f"Its weights are {count(round(found / 1e6))} MB; this server takes up to {count(round(most / 1e6))} MB."
        )


def check_tokenizer(tokenizer: object) -> PreTrainedTokenizerFast:
    """The tokenizer, if it is a fast one that puts one special token in front of a text and one behind it.

    Raises:
        Refused: it is not.
    """
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise Refused("It has no fast tokenizer, which is needed to know where in your text each token stands.")
    added = tokenizer("a", return_special_tokens_mask=True)["special_tokens_mask"]
    if len(added) < 3 or not added[0] or not added[-1]:
        raise Refused("Its tokenizer puts no special token in front of a text and behind it, and those we show.")
    if tokenizer.pad_token is None:
        raise Refused("Its tokenizer has no padding token, so texts of different lengths cannot be read together.")
    return tokenizer


def facts(
    slug: str, where: Place, folder: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast
) -> Checkpoint:
    """What the files alone say of a model; what a first vector was trained for is not among it.

    Args:
        slug: its name in links.
        where: where it is.
        folder: its files.
        model: opened.
        tokenizer: its own.
    """
    tokens = tokenizer.convert_ids_to_tokens(tokenizer("a")["input_ids"])
    has_pooler = getattr(model, "pooler", None) is not None
    classified = any(str(each).endswith("ForSequenceClassification") for each in model.config.architectures or ())
    return Checkpoint(
        slug=slug,
        name=slug.removeprefix(FOLDER),
        family=model.config.model_type,
        where=where,
        layers=model.config.num_hidden_layers,
        heads=model.config.num_attention_heads,
        hidden=model.config.hidden_size,
        limit=_limit(model, tokenizer),
        first_token=tokens[0],
        separator=tokens[-1],
        padding=tokenizer.pad_token,
        has_segments=(getattr(model.config, "type_vocab_size", 0) or 0) > 1,
        has_pooler=has_pooler,
        pooler_note="found in its files, and what it was trained for is not known here" if has_pooler else "",
        first_vector="trained together with a classifier of texts, for what is not known here"
        if classified
        else "trained for something that is not known here",
        first_vector_short="trained with a classifier" if classified else "training not known here",
        usual_pooling=_usual_pooling(folder),
        parameters=sum(weights.numel() for weights in model.parameters()),
    )


def _raw(file: Path) -> Json:
    if not file.is_file():
        raise Refused("It has no config.json.")
    if file.stat().st_size > LARGEST_CONFIG:
        raise Refused("Its config.json is larger than that of any encoder.")
    try:
        found = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise Refused("Its config.json cannot be read.") from problem
    if not isinstance(found, dict):
        raise Refused("Its config.json cannot be read.")
    return found


def _check_numbers(raw: Json) -> None:
    """Stops a config that would keep this machine busy before anything could be counted."""
    for name, value in raw.items():
        repeated = name.startswith(("num_", "n_")) or name.endswith("_layers")
        most = MOST_BLOCKS if repeated else MOST_OF_ANYTHING
        if isinstance(value, int | float) and not isinstance(value, bool) and not -most <= value <= most:
            raise Refused(f"Its config.json asks for {name} of {value:.3g}, which no encoder has.")


def _count(found: PreTrainedConfig) -> int:
    """Parameters, counted on a model without memory."""
    with torch.device("meta"):
        model = AutoModel.from_config(found, attn_implementation="eager", trust_remote_code=False)
    return sum(weights.numel() for weights in model.parameters())


def _limit(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> int:
    """Positions that a text may fill."""
    for name, table in model.named_modules():
        if name.endswith("position_embeddings") and isinstance(table, nn.Embedding):
            # where the table has a row for padding, its positions begin behind that row
            return table.num_embeddings - (0 if table.padding_idx is None else table.padding_idx + 1)
    most = getattr(model.config, "max_position_embeddings", None)
    return most if isinstance(most, int) and most > 0 else min(tokenizer.model_max_length, 512)


def _usual_pooling(folder: Path) -> str:
    """The pooling that a sentence-transformers model names; empty where there is none."""
    file = folder / "1_Pooling" / "config.json"
    if not file.is_file() or file.stat().st_size > LARGEST_CONFIG:
        return ""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError):
        return ""
    names = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean", "pooling_mode_max_tokens": "max"}
    chosen = [key for name, key in names.items() if isinstance(found, dict) and found.get(name) is True]
    return chosen[0] if len(chosen) == 1 else ""
