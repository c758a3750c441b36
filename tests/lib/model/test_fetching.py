"""Models of the hub and of the operator's folder: had when they can be, refused in a sentence when not."""

from __future__ import annotations

import errno
import gc
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import huggingface_hub
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertModel, RobertaModel

from lib import checkpoints, settings
from lib.checkpoints import DEFAULT, FOLDER, Checkpoint, Embedded, Folder, Hub
from lib.jobs import Cancelled
from lib.model import counting, describing, fetch, hub, opened, opening, read
from lib.store import Store
from tests.conftest import NEAR, PATIENCE, ROOT, unlent
from tests.hub import Fault, SmallHub, serving

TEXTS = ("the film was good .", "water")
NAMES = iter(range(1000))  # what was opened once stays open: each test asks for a name of its own


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHub]:
    """A hub on this machine, and an empty cache."""
    with serving() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(checkpoints, "_met", {})
        yield running


Put = Callable[..., str]


@pytest.fixture
def put(small: SmallHub, tiny_models: Mapping[str, Checkpoint], tmp_path: Path) -> Put:
    """Puts a tiny model on the hub: ``put("roberta", config={...}, without=[...], fault="cut")`` gives its name."""

    def on_hub(
        family: str = "bert",
        *,
        config: Mapping[str, object] | None = None,
        without: tuple[str, ...] = (),
        fault: Fault = "",
    ) -> str:
        name = f"somebody/tiny-{family}-{next(NAMES)}"
        folder = shutil.copytree(tiny_models[f"tiny-{family}"].where.path(), tmp_path / name)
        if config is not None:
            written = json.loads((folder / "config.json").read_text()) | config
            (folder / "config.json").write_text(json.dumps(written))
        for file in without:
            (folder / file).unlink()
        small.models[name], small.faults[name] = folder, fault
        return name

    return on_hub


def left() -> list[str]:
    """What lies in the cache of weights, and of half files."""
    cache = Path(huggingface_hub.constants.HF_HUB_CACHE)
    kinds = re.compile(r".+\.safetensors|.+\.incomplete|[0-9a-f]{64}")  # the last is what a link leads to
    found = [each for each in cache.rglob("*") if kinds.fullmatch(each.name)]
    return [each.name for each in found if ".no_exist" not in each.parts]  # an empty mark: the hub has none


def weights_asked(small: SmallHub) -> bool:
    return any("safetensors" in each for each in small.asked)


# Had


def test_a_model_of_the_hub_reads(
    put: Put, small: SmallHub, tiny_models: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_" + "s" * 34)
    name = put("roberta")
    (small.models[name] / "pytorch_model.bin").write_bytes(b"not asked for")
    told: list[tuple[int, int, str]] = []
    found = fetch(name, tell=lambda *now: told.append(now))

    known = tiny_models["tiny-roberta"]
    for what in ("family", "layers", "heads", "hidden", "limit", "first_token", "separator", "padding"):
        assert getattr(found, what) == getattr(known, what), what
    assert (found.has_segments, found.has_pooler) == (known.has_segments, known.has_pooler)
    assert (found.slug, found.name, found.where) == (name, name, Hub(name))
    assert "not known here" in found.first_vector
    assert (found.source, found.licence) == ("", "")
    assert checkpoints.ready(name)
    assert checkpoints.checkpoint(name) is found

    ours, theirs = read(name, TEXTS), RobertaModel.from_pretrained(small.models[name], attn_implementation="eager")
    with torch.inference_mode():
        out = theirs(torch.tensor(ours.encoding.input_ids), torch.tensor(ours.encoding.attention_mask))
    np.testing.assert_allclose(ours.last_hidden_state, out.last_hidden_state.numpy(), **NEAR)
    assert ours.encoding.tokens[0][0] == "<s>"

    assert [stage for _, _, stage in told if stage != "fetching"] == [
        "asking",
        "counting",
        "checking",
        "counting",
        "opening",
    ]
    counted = [now for now in told if now[2] == "fetching"]
    assert counted == sorted(counted)
    size = sum(each.stat().st_size for each in small.models[name].iterdir() if each.name not in NOT_COUNTED)
    assert counted[-1] == (size, size, "fetching")
    assert not any("pytorch_model.bin" in each for each in small.asked)
    assert not any("authorization" in each for each in small.headers), "the operator's account stays out of it"
    assert not any(text.split()[1] in str(small.headers) for text in TEXTS[:1])


NOT_COUNTED = ("pytorch_model.bin", "config.json")


def test_a_model_that_is_here_opens_without_the_hub(put: Put, small: SmallHub) -> None:
    name = put()
    fetch(name)
    checkpoints.forget(name)
    asked = len(small.asked)
    small.faults[name] = "busy"
    assert fetch(name).first_token == "[CLS]"
    assert len(small.asked) == asked


def test_several_files_of_weights_are_one_model(put: Put, small: SmallHub) -> None:
    name = put()
    whole = BertModel.from_pretrained(small.models[name])
    (small.models[name] / "model.safetensors").unlink()
    whole.save_pretrained(small.models[name], max_shard_size="8KB")
    assert len(list(small.models[name].glob("*.safetensors"))) > 1
    fetch(name)
    np.testing.assert_array_equal(unlent(name).eager.pooler.dense.weight, whole.pooler.dense.weight.detach())


def test_a_model_with_a_head_and_old_names_is_the_same_model(put: Put, small: SmallHub) -> None:
    name = put("bert")
    file = small.models[name] / "model.safetensors"
    plain = load_file(file)
    old = {
        "bert." + key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): each
        for key, each in plain.items()
    }
    save_file(old | {"cls.predictions.bias": torch.zeros(8)}, file, metadata={"format": "pt"})
    assert fetch(name).has_pooler
    for key, each in unlent(name).eager.state_dict().items():
        if key in plain:
            np.testing.assert_array_equal(each, plain[key], err_msg=key)


def test_a_pooler_without_weights_is_none(put: Put, small: SmallHub) -> None:
    name = put("roberta")
    file = small.models[name] / "model.safetensors"
    bare = {key: each for key, each in load_file(file).items() if "pooler" not in key}
    save_file(bare, file, metadata={"format": "pt"})
    found = fetch(name)
    assert (found.has_pooler, found.pooler_note) == (False, "")
    assert read(name, TEXTS).pooler_output is None, "nothing that was drawn at random is shown as the model's"


def test_what_the_files_say_wins_over_the_table(put: Put, small: SmallHub, monkeypatch: pytest.MonkeyPatch) -> None:
    name = put("bert")
    entry = replace(
        checkpoints.CHECKPOINTS["bert-base-uncased"], slug="listed", where=Hub(name, "refs/pr/2"), has_segments=False
    )
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", MappingProxyType({**checkpoints.CHECKPOINTS, "listed": entry}))
    assert not checkpoints.ready("listed")
    found = fetch("listed")
    assert (found.layers, found.hidden, found.limit, found.has_segments) == (3, 8, 64, True)
    assert (found.first_vector, found.pooler_note) == (entry.first_vector, entry.pooler_note)
    assert read("listed", TEXTS).checkpoint is found is checkpoints.checkpoint("listed")
    assert all("refs/pr/2" in each for each in small.asked)


def test_a_broken_line_is_taken_up_where_it_broke(put: Put, small: SmallHub) -> None:
    name = put(fault="cut once")
    told: list[tuple[int, int, str]] = []
    fetch(name, tell=lambda *now: told.append(now))
    assert small.asked.count(f"GET /stored/{name}/resolve/main/model.safetensors") == 2
    counted = [(done, whole) for done, whole, stage in told if stage == "fetching"]
    assert counted[-1] == (counted[-1][1],) * 2
    assert all(done <= whole for done, whole in counted)


def test_what_has_to_come_again_is_not_counted_twice() -> None:
    told: list[int] = []
    wire = hub._Wire(lambda done, _whole, _stage: told.append(done), lambda: False)
    wire.whole = 100
    wire.begin("one", 0)
    wire.came(40)
    wire.begin("one", 0)  # from its start
    wire.came(60)
    wire.begin("two", 0)
    wire.came(30)
    wire.begin("two", 20)  # from where it had been written
    wire.came(20)
    assert told == [40, 60, 90, 100]


# Refused: by what comes over the wire


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("cut", "The connection to the hub broke, and broke again"),
        ("truncated", "The hub sent something else than it promised"),
        ("wrong", r"model\.safetensors came with another content than the hub names .* was deleted"),
        ("busy", r"does not answer as it should \(error 503\)"),
        ("gated", "Its makers give it to those who ask"),
        ("lost", "A file of it is missing from the hub"),
    ],
)
def test_what_goes_wrong_on_the_way_is_said(
    fault: Fault, sentence: str, put: Put, small: SmallHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RETRIES", 0)
    name = put(fault=fault)
    with pytest.raises(ValueError, match=sentence):
        fetch(name)
    assert sum(each.startswith("GET /stored/") for each in small.asked) <= 1, "not more often than was said"
    assert left() == []
    assert not checkpoints.ready(name)


def test_a_name_that_the_hub_does_not_know_is_said(small: SmallHub) -> None:
    with pytest.raises(ValueError, match="The hub knows no public model of that name"):
        fetch("nobody/nothing")


def test_a_hub_that_is_not_there_is_said(small: SmallHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ValueError, match="The hub cannot be reached from this server"):
        fetch("somebody/unreachable")


def test_a_hub_that_trickles_is_given_up(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "PATIENCE", -1.0)
    monkeypatch.setattr(hub, "SLOW", 1 << 40)
    with pytest.raises(ValueError, match="sends so slowly that it was given up"):
        fetch(put())
    assert left() == []


def test_a_server_that_is_set_to_ask_nobody_asks_nobody(
    put: Put, small: SmallHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ValueError, match="this server is set to ask no hub"):
        fetch(put())
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    for allowed, sentence in (("table", "only the models in the list"), ("none", "ask no hub"), ("amy", "ask no hub")):
        monkeypatch.setenv(settings.HUB, allowed)
        with pytest.raises(ValueError, match=sentence):
            fetch(put())
    assert small.asked == []


def test_a_full_disk_is_said(put: Put, small: SmallHub, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(hub.shutil, "disk_usage", lambda _: SimpleNamespace(free=hub.SPARE + 10_000))
        with pytest.raises(ValueError, match=r"It needs 0 MB, and the disk of this server has \d+ MB left"):
            fetch(put())
    assert not weights_asked(small)

    def full(*_given: object, **_named: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(hub, "hf_hub_download", full)
    with pytest.raises(ValueError, match="The disk of this server is full"):
        fetch(put())


@pytest.mark.parametrize("fault", ["slow", "silent"])
def test_what_nobody_wants_any_more_ends_and_leaves_nothing(fault: Fault, put: Put, small: SmallHub) -> None:
    name, enough, ended = put(fault=fault), threading.Event(), []

    def work() -> None:
        try:
            fetch(name, unwanted=enough.is_set)
        except Cancelled:
            ended.append("cancelled")

    thread = threading.Thread(target=work)
    thread.start()
    assert small.half.wait(PATIENCE)
    enough.set()
    thread.join(PATIENCE)
    assert ended == ["cancelled"]
    assert left() == []
    small.faults[name] = ""
    assert fetch(name).layers == 3, "it can be had later"


@pytest.mark.long
def test_a_server_killed_while_it_fetches_leaves_no_half_file_for_good(put: Put, small: SmallHub) -> None:
    name, cache = put(fault="silent"), huggingface_hub.constants.HF_HUB_CACHE
    code = f"from lib.model import fetch; fetch({name!r})"
    environment = {**os.environ, "HF_HUB_CACHE": cache, "HF_ENDPOINT": small.url}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment) as server:
        assert small.half.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while not left():
            assert time.monotonic() < end
            time.sleep(0.01)
        server.kill()
    (half,) = Path(cache).rglob("*.incomplete")
    small.faults[name] = ""
    small.go_on.set()
    assert fetch(name).layers == 3
    assert half.exists(), "it is young, and another server may write to it"
    old = time.time() - 2 * hub.STALE
    os.utime(half, (old, old))
    assert fetch(put("roberta")).layers
    assert not half.exists()


def test_an_error_of_who_is_told_goes_through(put: Put) -> None:
    def tell(_done: int, _whole: int, stage: str) -> None:
        if stage == "fetching":
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(put(), tell=tell)
    assert left() == []


# Refused: by what the files say, before the weights are asked for


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"model_type": "gpt2"}, "It is no encoder"),
        ({"model_type": "t5", "is_encoder_decoder": True}, "It is no encoder"),
        ({"model_type": "bart", "is_encoder_decoder": True}, "It is no encoder"),
        ({"is_decoder": True}, "It is no encoder"),
        ({"model_type": "never-heard-of"}, "It is no encoder"),
        ({"model_type": "its-own", "auto_map": {"AutoModel": "code.Model"}}, "program code of its own"),
        ({"quantization_config": {"load_in_4bit": True}}, "stored in few bits"),
        (
            {"hidden_size": 4096, "intermediate_size": 16384, "num_attention_heads": 32},
            r"It has 6\d\d million parameters; this server takes models of up to 400 million",
        ),
        ({"num_hidden_layers": 100_000_000}, r"asks for num\\_hidden\\_layers of 100.000.000; this app takes up to"),
        ({"num_hidden_layers": 1_024}, r"asks for num\\_hidden\\_layers of 1024; this app takes up to 128\."),
        ({"vocab_size": 1 << 60}, r"asks for vocab\\_size of a number of 19 digits; this app takes up to 10.000.000\."),
        ({"hidden_size": 10**400}, r"asks for hidden\\_size of a number of 401 digits"),
        ({"hidden_size": float("inf")}, r"asks for hidden\\_size of inf"),
        ({"layer_norm_eps": float("nan")}, r"asks for layer\\_norm\\_eps of nan"),
        ({"max_position_embeddings": 1 << 20}, r"asks for max\\_position\\_embeddings of 1.048.576; .* up to 32.768\."),
        ({"text_config": {"vision": [{"n_layers": -129}]}}, r"asks for n\\_layers of -129; this app takes up to 128\."),
        ({"![](http://a.b/c)_layers": 999}, r"asks for \\!\\\[\\\]\\\(http\\:\S+ of 999;"),
        (
            {
                "model_type": "albert",
                "inner_group_num": 10_000_000,
                "hidden_size": 64,
                "embedding_size": 16,
                "num_attention_heads": 1,
                "intermediate_size": 1,
                "vocab_size": 10,
            },
            r"asks for inner\\_group\\_num of 10.000.000; this app takes up to 128\.",
        ),
        (
            {"model_type": "albert", "inner_group_num": 100, "num_hidden_groups": 100, "num_hidden_layers": 2},
            r"layers, groups and longest list, multiplied, make 20.000 parts; this app takes up to 16.384\.",
        ),
        (
            {"model_type": "xmod", "languages": [f"l{k}" for k in range(1_025)]},
            r"lists 1025 entries under languages; this app takes up to 1024\.",
        ),
        (
            {"model_type": "xmod", "num_hidden_layers": 128, "languages": ["l"] * 129},
            r"multiplied, make 16.512 parts",
        ),
        ({"configuration_files": ["config.4.0.0.json"]}, "hands over to another file"),
        ({"hidden_size": "wide"}, "does not describe a model that can be built"),
    ],
)
def test_a_config_that_is_none_of_ours_is_refused(
    config: dict[str, object], sentence: str, put: Put, small: SmallHub
) -> None:
    with pytest.raises(ValueError, match=sentence):
        fetch(put(config=config))
    assert not weights_asked(small)
    assert left() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff\xfe", b"{" * 100_000, b" " * (1 << 20) + b"{}"])
def test_a_config_that_cannot_be_read_is_refused(body: bytes, put: Put, small: SmallHub) -> None:
    name = put()
    (small.models[name] / "config.json").write_bytes(body)
    with pytest.raises(ValueError, match=r"config\.json cannot be read|larger than those of any encoder"):
        fetch(name)
    assert not weights_asked(small)


def test_weights_in_another_format_are_not_fetched(put: Put, small: SmallHub) -> None:
    name = put(without=("model.safetensors",))
    (small.models[name] / "pytorch_model.bin").write_bytes(b"could run code")
    with pytest.raises(ValueError, match="no weights in the safetensors format, and this app opens no other"):
        fetch(name)
    assert not any("pytorch_model" in each for each in small.asked)


@pytest.mark.parametrize("index", [b"{", b"[]", b'{"weight_map": {"a": "pytorch_model.bin"}}', b'{"weight_map": {}}'])
def test_a_list_of_weights_that_is_none_is_refused(index: bytes, put: Put, small: SmallHub) -> None:
    name = put(without=("model.safetensors",))
    (small.models[name] / "model.safetensors.index.json").write_bytes(index)
    with pytest.raises(ValueError, match=r"cannot be read|safetensors format"):
        fetch(name)


@pytest.mark.parametrize("file", ["config.json", "tokenizer.json"])
def test_a_model_without_one_of_its_files_is_refused(file: str, put: Put) -> None:
    with pytest.raises(ValueError, match=r"no config\.json|no fast tokenizer"):
        fetch(put(without=(file,)))


def test_more_weights_than_the_limit_allows_are_not_fetched(
    put: Put, small: SmallHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "largest", lambda: 5_000)  # the tiny one has 4 176 parameters and a header
    name = put()
    with (small.models[name] / "model.safetensors").open("ab") as file:
        file.write(b"\0" * 20_000)
    with pytest.raises(ValueError, match=r"Its weights are 0 MB; this server takes up to 0 MB"):
        fetch(name)
    assert not weights_asked(small)


@pytest.mark.parametrize("family", ["bert", "roberta", "albert"])
def test_a_folder_without_its_tokenizer_is_refused(
    family: str, tiny_models: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be opened with special tokens alone, and read every word as one that it does not know."""
    monkeypatch.setenv(settings.FOLDER, str(tmp_path))
    mine = shutil.copytree(tiny_models[f"tiny-{family}"].where.path(), tmp_path / "mine")
    for file in mine.glob("tokenizer*"):
        file.unlink()
    with pytest.raises(ValueError, match=r"knows no word"):
        fetch("folder:mine")


def test_a_tokenizer_without_special_tokens_is_refused(put: Put, small: SmallHub) -> None:
    name = put()
    file = small.models[name] / "tokenizer.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"post_processor": None}))
    with pytest.raises(ValueError, match="puts no special token in front of a text"):
        fetch(name)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ({"unk_token": "[NONE]"}, "cannot write every text in tokens"),
        ({"vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "a": 5000}}, "there are vectors for"),
    ],
)
def test_a_tokenizer_that_fails_on_some_texts_is_refused(
    model: dict[str, object], sentence: str, put: Put, small: SmallHub
) -> None:
    name = put()
    file = small.models[name] / "tokenizer.json"
    written = json.loads(file.read_text())
    file.write_text(json.dumps(written | {"model": written["model"] | model}))
    with pytest.raises(ValueError, match=sentence):
        fetch(name)


def test_a_model_with_a_weight_missing_is_refused(put: Put, small: SmallHub) -> None:
    name = put()
    file = small.models[name] / "model.safetensors"
    short = {key: each for key, each in load_file(file).items() if "layer.1.attention.self.query" not in key}
    save_file(short, file, metadata={"format": "pt"})
    with pytest.raises(ValueError, match=r"do not hold all of its weights: encoder\.layer\.1\.attention\.self\.query"):
        fetch(name)


def test_weights_that_are_damaged_are_refused(put: Put, small: SmallHub) -> None:
    name = put()
    file = small.models[name] / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(ValueError, match="cannot be opened as a model"):
        fetch(name)


def test_a_model_that_makes_no_numbers_is_refused(put: Put, small: SmallHub) -> None:
    name = put()
    file = small.models[name] / "model.safetensors"
    broken = load_file(file)
    broken["embeddings.LayerNorm.bias"][0] = float("nan")
    save_file(broken, file, metadata={"format": "pt"})
    with pytest.raises(ValueError, match="not a number everywhere"):
        fetch(name)
    assert not checkpoints.ready(name)


# Names


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        (DEFAULT, DEFAULT),
        ("sentence-transformers/all-MiniLM-L6-v2", DEFAULT),
        ("bert-base-uncased", "bert-base-uncased"),
        (" google-bert/bert-base-uncased ", "bert-base-uncased"),
        ("https://huggingface.co/BAAI/bge-small-en-v1.5/", "bge-small-en-v1.5"),
        ("FacebookAI/Roberta-Base", "roberta-base"),
        ("distilbert-base-uncased-finetuned-sst-2-english", "distilbert-sst-2"),
        ("somebody/some.model_v1-x", "somebody/some.model_v1-x"),
        ("gpt2", "gpt2"),
    ],
)
def test_a_model_has_one_name_however_it_is_typed(typed: str, slug: str) -> None:
    assert checkpoints.named(typed) == slug


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a b",
        "<b>",
        "../a",
        "a/../b",
        "/etc/passwd",
        "a/b/c",
        "a/.b",
        "-a",
        "a--b/c",
        "x" * 200,
        "a/b.git",
        "a\nb",
        "https://example.org/a/b",
        "file:///etc",
        "folder:",
        "folder:/etc",
        "folder:..",
        "C:\\models",
        "a\0b",
    ],
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"no name of a model|no such folder"):
        checkpoints.named(typed)


# The operator's folder


@pytest.fixture
def offered(tiny_models: Mapping[str, Checkpoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models: ``mine``, ``course/tuned``, and things that are none."""
    root = tmp_path / "models"
    shutil.copytree(tiny_models["tiny-bert"].where.path(), root / "mine")
    shutil.copytree(tiny_models["tiny-roberta"].where.path(), root / "course" / "tuned")
    (root / "empty").mkdir()
    (root / "notes.txt").touch()
    monkeypatch.setenv(settings.FOLDER, str(root))
    monkeypatch.setattr(checkpoints, "_met", {})
    return root


def test_models_in_the_folder_are_offered_and_read(offered: Path) -> None:
    assert checkpoints.folders() == ("folder:course/tuned", "folder:mine")
    found = fetch("folder:course/tuned")
    assert (found.name, found.first_token) == ("course/tuned", "<s>")
    assert read("folder:mine", TEXTS).encoding.tokens[0][0] == "[CLS]"


def test_no_folder_is_offered_where_the_operator_names_none(
    offered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for named in ("", str(tmp_path / "not-there")):
        monkeypatch.setenv(settings.FOLDER, named)
        assert checkpoints.folders() == ()
        with pytest.raises(ValueError, match="no such folder"):
            fetch("folder:mine")


@pytest.mark.parametrize(
    "path", ["..", "../outside", "mine/../../outside", "course/../mine", "/etc", "", ".", "mine\\..", "nothing", "a:b"]
)
def test_no_path_leads_out_of_the_folder(path: str, offered: Path) -> None:
    shutil.copytree(offered / "mine", offered.parent / "outside")
    with pytest.raises(ValueError, match="There is no such folder of a model here"):
        fetch(FOLDER + path)


def test_no_link_leads_out_of_the_folder(offered: Path) -> None:
    outside = shutil.copytree(offered / "mine", offered.parent / "outside")
    (offered / "whole").symlink_to(outside, target_is_directory=True)
    with pytest.raises(ValueError, match="There is no such folder"):
        fetch("folder:whole")
    for file in ("model.safetensors", "config.json", "tokenizer.json"):
        leading = offered / f"by-{file.split('.')[0]}"
        shutil.copytree(offered / "mine", leading)
        (leading / file).unlink()
        (leading / file).symlink_to(outside / file)
        with pytest.raises(ValueError, match="A link in this folder leads out"):
            fetch(FOLDER + leading.name)
    assert "folder:whole" not in checkpoints.folders()


@pytest.mark.parametrize(
    "path", ["n" * 300, "é" * 200, "n/" * 3000, "mine/" + "n" * 300, "\ud800", "bad\udcffname", "mine\0", "\u202emine"]
)
def test_a_name_that_no_folder_can_have_is_no_folder(path: str, offered: Path) -> None:
    with pytest.raises(ValueError, match=r"^There is no such folder of a model here\.$"):
        fetch(FOLDER + path)


def test_what_is_offered_can_be_named_whatever_the_folder_is_called(offered: Path) -> None:
    names = [
        b"n" * 255,
        b"<b>zq two</b>",
        b"'\"`*zq*",
        b"\xe2\x80\xaezq",
        b"zq\x01\nzq",
        b"$(zq)",
        b"=1+1",
        b"bad\xff",
        b"a:b",
        b"end ",
    ]
    for name in names:
        shutil.copytree(os.fsencode(offered / "mine"), os.path.join(os.fsencode(offered), name))
    found = checkpoints.folders()
    assert len(found) == 2 + len(names) - 3, "no address names what is no text, has a colon or ends with a space"
    for slug in found:
        assert checkpoints.named(slug) == slug
        assert checkpoints.named(slug.encode().decode()) == slug
    (offered / "empty" / "config.json").unlink(missing_ok=True)
    with pytest.raises(ValueError, match="There is no model in it") as refused:
        fetch("folder:empty")
    assert str(offered) not in str(refused.value)


def test_a_link_that_stays_inside_is_followed(offered: Path) -> None:
    (offered / "again").symlink_to(offered / "mine", target_is_directory=True)
    assert fetch("folder:again").layers == 3


def test_a_folder_is_looked_at_as_hard_as_the_hub(offered: Path) -> None:
    (offered / "mine" / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
    with pytest.raises(ValueError, match="It is no encoder"):
        fetch("folder:mine")
    tuned = offered / "course" / "tuned"
    torch.save(load_file(tuned / "model.safetensors"), tuned / "pytorch_model.bin")
    (tuned / "model.safetensors").unlink()
    with pytest.raises(ValueError, match="no weights in the safetensors format"):
        fetch("folder:course/tuned")


# What the operator sets


@pytest.mark.parametrize(("named", "millions"), [("", 400), ("150", 150), ("0", 400), ("many", 400), ("-3", 400)])
def test_the_largest_model_is_what_the_operator_says(
    named: str, millions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.LARGEST, named)
    assert settings.largest() == millions * 1_000_000


@pytest.mark.parametrize("work", ["x = [0] * 10**9", "x = []\nwhile True: x.append(bytes(10**6))"])
def test_counting_ends_where_it_takes_too_much_memory(work: str) -> None:
    if sys.platform == "win32":
        pytest.skip("a process there has no bound on its memory that Python knows of")
    tried = f"try: exec({work!r})\nexcept MemoryError: os._exit(counting.TOO_MUCH)"
    assert _ends(f"counting._bounded(64 << 20, 60)\n{tried}") == counting.TOO_MUCH


def test_a_config_that_fits_together_in_no_way_cannot_be_counted(put: Put, small: SmallHub) -> None:
    with pytest.raises(ValueError, match="not a multiple of the number of attention"):
        counting._counted(str(small.models[put(config={"num_attention_heads": 3})]))


def test_counting_ends_where_it_takes_too_long() -> None:
    assert _ends("counting._bounded(64 << 20, 0.2)\nwhile True: pass") == counting.TOO_LONG


def _ends(code: str) -> int:
    """How a process of its own ends that does this after what it imports."""
    begun = f"import os, sys\nsys.path.insert(0, {str(Path(counting.__file__).parent)!r})\nimport counting\n{code}"
    return subprocess.run([sys.executable, "-c", begun], check=False, timeout=60).returncode


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (counting.TOO_MUCH, "could not be counted in the memory that is given to it: it asks for too much to be built"),
        (counting.TOO_LONG, "could not be counted in the time that is given to it: it asks for too much to be built"),
        (-9, "does not describe a model that can be built"),
    ],
)
def test_what_could_not_be_counted_is_said(
    code: int, sentence: str, offered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = offered / "counting.py"
    script.write_text(f"import os, signal\nos.kill(os.getpid(), 9) if {code} < 0 else os._exit({code})")
    monkeypatch.setattr(counting, "__file__", str(script))
    monkeypatch.setattr(describing, "_counts", {})
    with pytest.raises(ValueError, match=sentence):
        fetch("folder:mine")


def test_counting_ends_when_nobody_waits_for_it(offered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, begun = offered / "counting.py", offered / "begun"
    script.write_text(f"import os, time\nopen({str(begun)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    monkeypatch.setattr(counting, "__file__", str(script))
    monkeypatch.setattr(describing, "_counts", {})
    with pytest.raises(Cancelled):
        fetch("folder:mine", unwanted=lambda: begun.is_file() and begun.read_text() != "")
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)
    monkeypatch.setattr(describing, "PATIENCE", 0.3)
    with pytest.raises(ValueError, match="could not be counted in the time that is given to it"):
        fetch("folder:mine")
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


def test_a_model_of_too_many_parts_is_refused(offered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "MOST_MODULES", 10)
    with pytest.raises(ValueError, match=r"It is made of \d+ parts; this app takes up to 10\."):
        fetch("folder:mine")


def test_the_default_limit_takes_every_model_of_the_table() -> None:
    for entry in checkpoints.CHECKPOINTS.values():
        assert entry.parameters <= settings.largest()
        describing.check_size(entry.megabytes * 1_000_000)


# Memory


def test_models_are_dropped_for_others_and_nobody_notices(
    tiny: Mapping[str, Checkpoint], embedded: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_kept", Store(30_000))  # room for one of the two
    one = unlent("tiny-bert")
    assert opened("tiny-bert").nbytes == sum(each.numel() * 4 for each in one.eager.parameters()) + sum(
        each.numel() * each.element_size() for each in one.eager.buffers()
    )
    before = read("tiny-bert", TEXTS)
    under_way = opened("tiny-bert").lent()
    under_way.__enter__()
    other = threading.Thread(target=opened, args=("tiny-roberta",))
    other.start()
    other.join()
    assert [each.checkpoint.slug for each, _ in opening._kept._things.values()] == ["tiny-roberta"]
    under_way.__exit__(None, None, None)
    with torch.inference_mode():
        again = one.eager(torch.tensor(before.encoding.input_ids), torch.tensor(before.encoding.attention_mask))
    assert np.isfinite(again.last_hidden_state.numpy()).all()
    gone = weakref.ref(one.eager)
    del one, again, under_way
    gc.collect()
    assert gone() is None, "its memory is free"
    np.testing.assert_array_equal(read("tiny-bert", TEXTS).hidden_states, before.hidden_states)
    assert unlent(DEFAULT) is embedded


def test_the_places_of_a_model() -> None:
    assert isinstance(checkpoints.place(DEFAULT), Embedded)
    assert checkpoints.place("mpnet-base") == Hub("microsoft/mpnet-base")
    assert checkpoints.place("a/b") == Hub("a/b")
    assert Folder(Path("x")).within is None
