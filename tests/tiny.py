"""Tiny random models, real in all but size: made on the fly, seeded, saved as any checkpoint is.

One entry of ``FAMILIES`` a family. They are wide enough to be wrong in: two blocks or three, two heads, eight units,
and a vocabulary in which some words fall into pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    DistilBertConfig,
    DistilBertModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
)

from lib.checkpoints import Checkpoint, Folder

TEXT = """
a an the film good bad book cat dog man bit ran sat on in of and not is was it i you we they time water light one two
home forgot watched wonder . , : ? !
"""
WORDS = TEXT.split()
PIECES = ("##s", "##ful", "##ing", "##ed")
LIMIT = 64  # tokens that a tiny model takes


@dataclass(frozen=True)
class Family:
    """What a tiny model of a family is made of.

    Attributes:
        tokenizer: makes it.
        model: makes it for a vocabulary of so many.
        first_token: what stands at position 0.
        separator: what stands behind a text.
        padding: what fills up.
        has_segments: whether segments reach the model.
        has_pooler: whether it ends in a dense + tanh layer.
        layers: blocks.
    """

    tokenizer: Callable[[], PreTrainedTokenizerFast]
    model: Callable[[int], PreTrainedModel]
    first_token: str
    separator: str
    padding: str
    has_segments: bool
    has_pooler: bool
    layers: int


def wordpiece() -> PreTrainedTokenizerFast:
    """BERT's kind: lower-cased words, and pieces of words behind ``##``."""
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *PIECES]
    made = Tokenizer(models.WordPiece({name: i for i, name in enumerate(names)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        model_max_length=LIMIT,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


def bytes_and_merges() -> PreTrainedTokenizerFast:
    """RoBERTa's kind: bytes, merged into words that carry the space in front of them."""
    names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    merges: list[tuple[str, str]] = []
    for word in WORDS:
        joined = "\u0120"  # how this tokenizer writes a space
        for letter in word:
            pair = (joined, letter)
            joined += letter
            if pair not in merges:
                merges.append(pair)
                names.append(joined)
    made = Tokenizer(models.BPE({name: i for i, name in enumerate(names)}, merges, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        model_max_length=LIMIT,
        pad_token="<pad>",
        unk_token="<unk>",
        cls_token="<s>",
        sep_token="</s>",
        bos_token="<s>",
        eos_token="</s>",
        mask_token="<mask>",
    )


def _bert(words: int) -> PreTrainedModel:
    return BertModel(
        BertConfig(
            vocab_size=words, hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=16,
            max_position_embeddings=LIMIT, pad_token_id=0,
        )
    )  # fmt: skip


def _distilbert(words: int) -> PreTrainedModel:
    return DistilBertModel(
        DistilBertConfig(
            vocab_size=words, dim=8, n_layers=2, n_heads=2, hidden_dim=16, max_position_embeddings=LIMIT, pad_token_id=0
        )
    )


def _roberta(words: int) -> PreTrainedModel:
    return RobertaModel(
        RobertaConfig(
            vocab_size=words, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16,
            max_position_embeddings=LIMIT + 2, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        )
    )  # fmt: skip


FAMILIES: Mapping[str, Family] = {
    "bert": Family(wordpiece, _bert, "[CLS]", "[SEP]", "[PAD]", has_segments=True, has_pooler=True, layers=3),
    "distilbert": Family(
        wordpiece, _distilbert, "[CLS]", "[SEP]", "[PAD]", has_segments=False, has_pooler=False, layers=2
    ),
    "roberta": Family(
        bytes_and_merges, _roberta, "<s>", "</s>", "<pad>", has_segments=False, has_pooler=True, layers=2
    ),
}


def make(name: str, root: Path) -> Checkpoint:
    """A tiny model of a family, saved below ``root``; its weights are the same at every call.

    Args:
        name: a key of ``FAMILIES``.
        root: an empty folder to save it in.
    """
    family = FAMILIES[name]
    tokenizer = family.tokenizer()
    torch.manual_seed(17)
    model = family.model(len(tokenizer)).eval()
    with torch.no_grad():
        for weights in model.parameters():  # the usual start is so small that all vectors would be alike
            weights.add_(torch.randn_like(weights) * 0.3)
    model.save_pretrained(root)
    tokenizer.save_pretrained(root)
    return Checkpoint(
        slug=f"tiny-{name}",
        name=f"tiny {name}",
        family=name,
        where=Folder(root),
        layers=family.layers,
        heads=2,
        hidden=8,
        limit=LIMIT,
        first_token=family.first_token,
        separator=family.separator,
        padding=family.padding,
        has_segments=family.has_segments,
        has_pooler=family.has_pooler,
        pooler_note="drawn at random" if family.has_pooler else "",
        first_vector="drawn at random and trained for nothing",
        first_vector_short="drawn at random",
        usual_pooling="mean",
        licence="MIT",
        source="devlin2019",
    )
