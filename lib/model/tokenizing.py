"""Texts to an :class:`~lib.reading.Encoding`: the tokenizer's own rows, plus what it had to cut off."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from transformers import BatchEncoding, PreTrainedTokenizerFast

from lib.checkpoints import Checkpoint
from lib.reading import Encoding, Ints

_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without lone surrogates, which are no characters and which no tokenizer takes.

    Each becomes one replacement character, so that positions in the text stay what they were.
    """
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def tokenize(
    tokenizer: PreTrainedTokenizerFast, entry: Checkpoint, texts: Sequence[str], pairs: Sequence[str | None]
) -> Encoding:
    """Pieces, ids, masks and places in the text, padded to the longest row and cut at the model's limit.

    Args:
        tokenizer: the checkpoint's own.
        entry: the checkpoint.
        texts: at least one.
        pairs: as many; None where a row is a single text.

    Raises:
        ValueError: there is no text, or the numbers of texts and pairs differ.
    """
    if not texts:
        raise ValueError("There is no text to read: give at least one.")
    if len(pairs) != len(texts):
        raise ValueError(
            f"{len(texts)} texts but {len(pairs)} pairs: give one for each text, None where it is a single text."
        )
    texts = [clean(text) for text in texts]
    pairs = [None if pair is None else clean(pair) for pair in pairs]
    inputs = [text if pair is None else (text, pair) for text, pair in zip(texts, pairs, strict=True)]
    whole = _rows(tokenizer, inputs, None)
    wanted = np.array([len(ids) for ids in whole["input_ids"]], np.int64)
    rows = whole if wanted.max() <= entry.limit else _rows(tokenizer, inputs, entry.limit)

    padded = tokenizer.pad(
        {"input_ids": rows["input_ids"], "attention_mask": rows["attention_mask"]},
        padding=True,
        padding_side="right",  # whatever the tokenizer would: BERT counts its places from the left
        return_tensors="np",
    )
    ids = padded["input_ids"].astype(np.int64)
    mask = padded["attention_mask"].astype(np.int64)
    segments = np.zeros_like(ids)
    special = np.ones_like(ids)
    sequence = np.full_like(ids, -1)
    offsets = np.zeros((*ids.shape, 2), np.int64)
    for row, (real, encoded) in enumerate(zip(mask == 1, rows.encodings or (), strict=True)):
        segments[row, real] = encoded.type_ids
        special[row, real] = encoded.special_tokens_mask
        offsets[row, real] = encoded.offsets
        sequence[row, real] = [-1 if s is None else s for s in encoded.sequence_ids]
    if not entry.has_segments:
        segments[:] = 0
    return Encoding(
        texts=tuple(texts),
        pairs=tuple(pairs),
        tokens=tuple(tuple(tokenizer.convert_ids_to_tokens(row)) for row in ids.tolist()),
        input_ids=ids,
        attention_mask=mask,
        token_type_ids=segments,
        special_tokens_mask=special,
        offset_mapping=offsets,
        sequence=sequence,
        unk_id=-1 if tokenizer.unk_token_id is None else int(tokenizer.unk_token_id),
        full_lengths=wanted,
        unread=tuple(
            _unread(text, pair, sequence[row], offsets[row]) if wanted[row] > mask[row].sum() else ""
            for row, (text, pair) in enumerate(zip(texts, pairs, strict=True))
        ),
    )


def lengths(
    tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], limit: int, check: Callable[[], None] | None = None
) -> Ints:
    """int64[texts], the tokens of each text alone, special ones included, cut at the limit; ``check`` may end it."""
    sizes = np.empty(len(texts), np.int64)
    for start in range(0, len(texts), 1000):  # the tokenizer's record of a piece is large: a thousand texts at a time
        if check:
            check()
        rows = _rows(tokenizer, [clean(text) for text in texts[start : start + 1000]], limit)
        sizes[start : start + 1000] = [len(ids) for ids in rows["input_ids"]]
    return sizes


def _rows(tokenizer: PreTrainedTokenizerFast, inputs: list[str | tuple[str, str]], limit: int | None) -> BatchEncoding:
    return tokenizer(
        inputs, add_special_tokens=True, padding=False, truncation=limit is not None, max_length=limit, verbose=False
    )


def _unread(text: str, pair: str | None, sequence: Ints, offsets: Ints) -> str:
    """What lies behind the last piece that was kept, of either text."""
    parts = []
    for which, whole in enumerate((text, pair)):
        kept = offsets[sequence == which, 1]
        if whole is not None:
            parts.append(whole[int(kept.max()) if kept.size else 0 :].strip())
    return " … ".join(part for part in parts if part)
