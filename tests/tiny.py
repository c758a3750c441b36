"""Tiny random models, real in all but size: made on the fly, seeded, saved as any checkpoint is.

One entry of ``FAMILIES`` a family. They are wide enough to be wrong in: two blocks or three, two heads, eight units,
and a vocabulary in which some words fall into pieces. Each has what sets its family apart: ALBERT one block that serves
all layers and narrow embeddings, as ELECTRA's are; DeBERTa no place in its input; ModernBERT a layer that sees no
farther than four tokens.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    AlbertConfig,
    AlbertModel,
    AlbertTokenizer,
    BertConfig,
    BertModel,
    DebertaV2Config,
    DebertaV2Model,
    DebertaV2Tokenizer,
    DistilBertConfig,
    DistilBertModel,
    ElectraConfig,
    ElectraModel,
    ModernBertConfig,
    ModernBertModel,
    MPNetConfig,
    MPNetModel,
    MPNetTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
    XLMRobertaConfig,
    XLMRobertaModel,
    XLMRobertaTokenizer,
)

from lib.checkpoints import Checkpoint, Folder

TEXT = """
a an the film good bad book cat dog man bit ran sat on in of and not is was it i you we they time water light one two
home forgot watched wonder . , : ? !
"""
WORDS = TEXT.split()
PIECES = ("##s", "##ful", "##ing", "##ed")
SPACE = "\u0120"  # how a tokenizer of bytes writes a space
STROKE = "\u2581"  # how a tokenizer of the unigram kind writes one
LIMIT = 64  # tokens that a tiny model takes
WINDOW = 4  # tokens to either side that a local layer of the tiny ModernBERT sees
SIZES = {"hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": LIMIT}


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


def _merged(specials: list[str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """A vocabulary of bytes behind the special tokens, and merges that make each word with the space in front of it."""
    names = [*specials, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    merges: list[tuple[str, str]] = []
    for word in WORDS:
        joined = SPACE
        for letter in word:
            pair = (joined, letter)
            joined += letter
            if pair not in merges:
                merges.append(pair)
                names.append(joined)
    return {name: i for i, name in enumerate(names)}, merges


def bytes_and_merges() -> PreTrainedTokenizerFast:
    """RoBERTa's kind: bytes, merged into words that carry the space in front of them."""
    vocabulary, merges = _merged(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    made = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>"))
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


def bytes_in_brackets() -> PreTrainedTokenizerFast:
    """ModernBERT's kind: bytes and merges as well, but BERT's special tokens, and no space before the first word."""
    vocabulary, merges = _merged(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    made = Tokenizer(models.BPE(vocabulary, merges))
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        model_max_length=LIMIT,
        model_input_names=["input_ids", "attention_mask"],
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


def wordpiece_in_angles() -> PreTrainedTokenizerFast:
    """MPNet's kind: BERT's words and pieces between RoBERTa's special tokens."""
    names = ["<s>", "<pad>", "</s>", "[UNK]", "<mask>", *WORDS, *PIECES]
    return MPNetTokenizer({name: i for i, name in enumerate(names)}, model_max_length=LIMIT)


def _unigrams(specials: list[str]) -> list[tuple[str, float]]:
    """Pieces and how likely each is: words that carry the space in front of them, endings, single characters."""
    endings = [piece.removeprefix("##") for piece in PIECES]
    letters = sorted({*string.ascii_letters, *"".join(WORDS)} - set(endings))
    return [
        *((special, 0.0) for special in specials),
        *((STROKE + word, -3.0) for word in WORDS),
        *((ending, -4.0) for ending in endings),
        *((letter, -5.0) for letter in letters),
        (STROKE, -5.0),
    ]


def unigrams_of_albert() -> PreTrainedTokenizerFast:
    """ALBERT's kind: the likeliest way to cut the lower-cased text."""
    return AlbertTokenizer(_unigrams(["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]), model_max_length=LIMIT)


def unigrams_of_deberta() -> PreTrainedTokenizerFast:
    """DeBERTa's kind from version 2 on: the same with case kept."""
    return DebertaV2Tokenizer(_unigrams(["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]), model_max_length=LIMIT)


def unigrams_in_angles() -> PreTrainedTokenizerFast:
    """XLM-RoBERTa's kind: the same between RoBERTa's special tokens."""
    return XLMRobertaTokenizer(_unigrams(["<s>", "<pad>", "</s>", "<unk>", "<mask>"]), model_max_length=LIMIT)


def _bert(words: int) -> PreTrainedModel:
    return BertModel(BertConfig(vocab_size=words, num_hidden_layers=3, pad_token_id=0, **SIZES))


def _distilbert(words: int) -> PreTrainedModel:
    return DistilBertModel(
        DistilBertConfig(
            vocab_size=words, dim=8, n_layers=2, n_heads=2, hidden_dim=16, max_position_embeddings=LIMIT, pad_token_id=0
        )
    )


BEHIND_PADDING = {**SIZES, "max_position_embeddings": LIMIT + 2}  # positions are counted from 2 on
ANGLES = {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}


def _roberta(words: int) -> PreTrainedModel:
    return RobertaModel(
        RobertaConfig(vocab_size=words, num_hidden_layers=2, type_vocab_size=1, **BEHIND_PADDING, **ANGLES)
    )


def _xlm_roberta(words: int) -> PreTrainedModel:
    return XLMRobertaModel(
        XLMRobertaConfig(vocab_size=words, num_hidden_layers=2, type_vocab_size=1, **BEHIND_PADDING, **ANGLES)
    )


def _mpnet(words: int) -> PreTrainedModel:
    return MPNetModel(MPNetConfig(vocab_size=words, num_hidden_layers=2, **BEHIND_PADDING, **ANGLES))


def _electra(words: int) -> PreTrainedModel:
    return ElectraModel(ElectraConfig(vocab_size=words, num_hidden_layers=2, embedding_size=4, pad_token_id=0, **SIZES))


def _albert(words: int) -> PreTrainedModel:
    return AlbertModel(
        AlbertConfig(
            vocab_size=words,
            num_hidden_layers=3,
            embedding_size=4,
            pad_token_id=0,
            bos_token_id=2,
            eos_token_id=3,
            **SIZES,
        )
    )


def _deberta(words: int) -> PreTrainedModel:
    return DebertaV2Model(
        DebertaV2Config(
            vocab_size=words,
            num_hidden_layers=2,
            pad_token_id=0,
            type_vocab_size=0,
            position_biased_input=False,
            relative_attention=True,
            position_buckets=8,
            norm_rel_ebd="layer_norm",
            share_att_key=True,
            pos_att_type=["p2c", "c2p"],
            **SIZES,
        )
    )


def _modernbert(words: int) -> PreTrainedModel:
    return ModernBertModel(
        ModernBertConfig(
            vocab_size=words,
            num_hidden_layers=3,
            global_attn_every_n_layers=2,
            local_attention=2 * WINDOW,
            pad_token_id=0,
            cls_token_id=2,
            sep_token_id=3,
            bos_token_id=2,
            eos_token_id=3,
            **SIZES,
        )
    )


def _family(
    tokenizer: Callable[[], PreTrainedTokenizerFast],
    model: Callable[[int], PreTrainedModel],
    special: str,
    *,
    segments: bool = False,
    pooler: bool = False,
    layers: int = 2,
) -> Family:
    return Family(tokenizer, model, *special.split(), segments, pooler, layers)


FAMILIES: Mapping[str, Family] = {
    "bert": _family(wordpiece, _bert, "[CLS] [SEP] [PAD]", segments=True, pooler=True, layers=3),
    "distilbert": _family(wordpiece, _distilbert, "[CLS] [SEP] [PAD]"),
    "roberta": _family(bytes_and_merges, _roberta, "<s> </s> <pad>", pooler=True),
    "xlm-roberta": _family(unigrams_in_angles, _xlm_roberta, "<s> </s> <pad>", pooler=True),
    "mpnet": _family(wordpiece_in_angles, _mpnet, "<s> </s> <pad>", pooler=True),
    "electra": _family(wordpiece, _electra, "[CLS] [SEP] [PAD]", segments=True),
    "albert": _family(unigrams_of_albert, _albert, "[CLS] [SEP] <pad>", segments=True, pooler=True, layers=3),
    "deberta-v2": _family(unigrams_of_deberta, _deberta, "[CLS] [SEP] [PAD]"),
    "modernbert": _family(bytes_in_brackets, _modernbert, "[CLS] [SEP] [PAD]", layers=3),
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
        licence="MIT",
        source="devlin2019",
    )
