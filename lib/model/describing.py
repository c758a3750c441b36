"""What a model's own files say of it, and whether this app can read it: config first, weights last."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerFast
from transformers.models.auto.modeling_auto import MODEL_FOR_MASKED_LM_MAPPING_NAMES

from lib import settings
from lib.checkpoints import FOLDER, Checkpoint, Place
from lib.escape import cut, markdown
from lib.jobs import Cancelled
from lib.model import counting
from lib.quantities import count

LARGEST_CONFIG = 1 << 20  # bytes; those of real models have a few hundred
MOST_OF_ANYTHING = 10_000_000  # no number in the config of an encoder is larger
MOST_REPEATED = 128  # layers, groups, heads: real ones have 48 layers and 64 heads
MOST_POSITIONS = 32_768
MOST_LISTED = 1024  # entries of a list: the languages of a model, say
MOST_TOGETHER = 1 << 14  # layers x groups x the longest list: what may be built once for each of all these
MOST_MODULES = 8192  # that were built; a model with a part for each of 81 languages has 4 128
MEMORY, SECONDS = 256 << 20, 20.0  # bytes and processor time for counting; real models take 20 MB and 2 s
PATIENCE = 120.0  # seconds for all of it: on a busy machine torch alone may take half a minute to come
LOOK = 0.1  # seconds between two looks whether anybody waits

_BUILT_ONCE_EACH = re.compile(r"(layers|blocks|groups|stages|experts|networks|group_num|depth)$")
_HEADS = re.compile(r"heads$")
_POSITIONS = re.compile(r"positions?_|_positions?$|^n_ctx$")
# letters of no alphabet that a vocabulary has, a word without end, nothing, all kinds of white space
ANYTHING = ("a", "\ue000", "\U000fffff a", "a" * 1000, "é😀中", "", " \t\n\u3000\x00\u200b")

Json = Mapping[str, object]
Number = int | float


@dataclass(frozen=True)
class Counted:
    """What a config would have built.

    Attributes:
        parameters: numbers that are learned.
        tables: numbers that are worked out and kept beside them.
        modules: parts, each a Python object.
        decoder: 1 where it reads from left to right.
    """

    parameters: int
    tables: int
    modules: int
    decoder: int


_counts: dict[bytes, Counted] = {}  # of configs that were counted, by their checksum; a few hundred bytes each
MOST_COUNTS = 1000


class Refused(ValueError):  # noqa: N818 - a refusal, no fault
    """The model cannot be had here. The message says why, in words that follow its name: "It has ..."."""


def check_config(folder: Path, unwanted: Callable[[], bool] = lambda: False) -> None:
    """Refuses a config that describes no model which this app can read.

    Args:
        folder: with ``config.json`` in it; the weights need not be there yet.
        unwanted: whether nobody waits any more; asked all the time.

    Raises:
        Refused: it is no encoder that transformers knows by itself, or has more parameters than the operator allows.
        Cancelled: nobody waits for it any more.
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
    if "configuration_files" in raw:
        raise Refused("Its config.json hands over to another file, which this app does not follow.")
    _check_numbers(raw)
    counts = _counted(folder, unwanted)
    if counts.decoder:
        raise Refused("It is no encoder: it has no first token that reads the whole text.")
    if max(counts.parameters, counts.tables) > settings.largest():
        what = "parameters" if counts.parameters >= counts.tables else "numbers in tables"
        raise Refused(
            f"It has {count(round(max(counts.parameters, counts.tables) / 1e6))} million {what}; this server takes "
            f"models of up to {count(settings.largest() // 1_000_000)} million."
        )
    if counts.modules > MOST_MODULES:
        raise Refused(f"It is made of {count(counts.modules)} parts; this app takes up to {count(MOST_MODULES)}.")


def check_size(size: int) -> None:
    """Refuses weights that no model within the operator's limit would need.

    Args:
        size: bytes of all files of weights.

    Raises:
        Refused: there are too many.
    """
    most = settings.largest() * 4 * 5 // 4  # four bytes a parameter, and a quarter more for heads on top
    if size > most:
        raise Refused(
            f"Its weights are {count(round(size / 1e6))} MB; this server takes up to {count(round(most / 1e6))} MB."
        )


def check_tokenizer(tokenizer: object, words: int) -> PreTrainedTokenizerFast:
    """The tokenizer, if it is a fast one that puts one special token in front of any text and one behind it.

    Args:
        tokenizer: that came with the model.
        words: rows of the model's table of token vectors.

    Raises:
        Refused: it is not.
    """
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise Refused("It has no fast tokenizer, which is needed to know where in a text each token stands.")
    if not tokenizer.get_vocab().keys() - set(tokenizer.all_special_tokens):  # what transformers makes of no files
        raise Refused("Its tokenizer knows no word: the files of its vocabulary are missing.")
    try:
        tokenizer(list(ANYTHING))
    except Exception as problem:  # what the tokenizers library raises has no class of its own
        raise Refused(
            "Its tokenizer cannot write every text in tokens: it has none for what it does not know. Choose another."
        ) from problem
    highest = max(tokenizer.get_vocab().values())
    if highest >= words:
        raise Refused(
            f"Its tokenizer has a token number {count(highest)}, and in the model there are vectors for {count(words)} "
            "tokens only."
        )
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
    """Refuses a config that asks for more than any encoder has, before anything is built from it."""
    together = longest = 1
    for name, value in _fields(raw):
        if isinstance(value, list):
            longest = max(longest, len(value))
            if len(value) > MOST_LISTED:
                raise Refused(
                    f"Its config.json lists {count(len(value))} entries under {_shown(name)}; this app takes up to "
                    f"{count(MOST_LISTED)}."
                )
        elif isinstance(value, Number) and not isinstance(value, bool):
            repeated = bool(_BUILT_ONCE_EACH.search(name))
            most = (
                MOST_REPEATED
                if repeated or _HEADS.search(name)
                else MOST_POSITIONS
                if _POSITIONS.search(name)
                else MOST_OF_ANYTHING
            )
            if not -most <= value <= most:  # NaN is in no order
                raise Refused(
                    f"Its config.json asks for {_shown(name)} of {_number(value)}; this app takes up to {count(most)}."
                )
            if repeated and value > 1:
                together *= round(value)
    if together * longest > MOST_TOGETHER:
        raise Refused(
            f"Its layers, groups and longest list, multiplied, make {count(together * longest)} parts; this app takes "
            f"up to {count(MOST_TOGETHER)}."
        )


def _fields(raw: Json) -> Iterator[tuple[str, object]]:
    """Every entry of a config at any depth, by its name; what a list holds goes by the list's name."""
    todo: list[tuple[str, object]] = [*raw.items()]
    while todo:
        name, value = todo.pop()
        yield name, value
        if isinstance(value, dict):
            todo += value.items()
        elif isinstance(value, list):
            todo += ((name, each) for each in value)


def _shown(name: str) -> str:
    """A stranger's name for a number."""
    return markdown(cut(name, 60))


def _number(value: Number) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    digits = len(str(abs(value)))
    return count(value) if digits < 16 else f"a number of {digits} digits"


def _counted(folder: Path, unwanted: Callable[[], bool]) -> Counted:
    """What the config would have built, counted in a process of its own that ends when nobody waits for it.

    Raises:
        Refused: it cannot be built, or not within the time and memory that are given to it.
        Cancelled: nobody waits for it any more.
    """
    key = _key(folder)
    if key in _counts:
        return _counts[key]
    asked = [sys.executable, "-P", counting.__file__, str(folder), str(MEMORY), str(SECONDS)]
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    until = time.monotonic() + PATIENCE
    with subprocess.Popen(
        asked, env=alone, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while True:
                try:
                    answer, _ = process.communicate(timeout=LOOK)
                    break
                except subprocess.TimeoutExpired:
                    if unwanted():
                        raise Cancelled from None
                    if time.monotonic() > until:
                        raise Refused(_TOO_LONG) from None
        finally:
            process.kill()
    if process.returncode:
        raise Refused(_UNCOUNTED.get(process.returncode, _UNBUILT))
    found = Counted(**json.loads(answer.splitlines()[-1]))
    if len(_counts) >= MOST_COUNTS:
        _counts.clear()
    _counts[key] = found
    return found


def _key(folder: Path) -> bytes:
    return hashlib.sha256((folder / "config.json").read_bytes()).digest()


_UNBUILT = "Its config.json does not describe a model that can be built."
_TOO_LONG = "Its parameters could not be counted in the time that is given to it: it asks for too much to be built."
_UNCOUNTED: Mapping[int, str] = {
    counting.TOO_MUCH: "Its parameters could not be counted in the memory that is given to it: it asks for too much to "
    "be built.",
    counting.TOO_LONG: _TOO_LONG,
}


def _limit(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> int:
    """Positions that a text may fill."""
    for name, table in model.named_modules():
        if name.endswith("position_embeddings") and isinstance(table, nn.Embedding):
            # where the table has a row for padding, its positions begin behind that row
            return table.num_embeddings - (0 if table.padding_idx is None else table.padding_idx + 1)
    most = getattr(model.config, "max_position_embeddings", None)
    return most if isinstance(most, int) and most > 0 else min(tokenizer.model_max_length, 512)
