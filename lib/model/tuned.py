"""Take a trained model along: what transformers needs to open it anywhere, in one zip."""

from __future__ import annotations

import copy
import io
import json
import shutil
import time
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import torch
from safetensors.torch import save

from lib import settings
from lib.model.lending import Lent
from lib.model.opening import opened, woven
from lib.quantities import count
from lib.tuning import Tuned

MOST_BYTES = settings.memory("packing")  # of a zip, which lies in memory while it is handed over
TOGETHER = 2 << 20  # bytes of tokenizer, config and card, about
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date a zip knows: the same training gives the same file
TOKENIZER_CONFIG = "tokenizer_config.json"
FOLDER = "cls-packing-"  # begins the name of a folder in which a zip is made
STALE = 3600.0  # seconds after which such a folder is nobody's: a zip takes seconds
OF_THIS_MACHINE = ("name_or_path", "is_local", "local_files_only")  # how the tokenizer was opened here


def size(slug: str) -> int:
    """Bytes that a model of this kind takes along, about, before anything is trained.

    Args:
        slug: of the model that is or will be trained.

    Raises:
        ValueError: that is too large to be handed over, or a checkpoint that cannot be opened.
    """
    found = opened(slug).weights + TOGETHER
    if found > MOST_BYTES:
        raise ValueError(
            f"**Too large to take along.** This model has {count(found >> 20)} MB; up to {count(MOST_BYTES >> 20)} MB "
            "are handed over here. Choose a smaller model."
        )
    return found


def bundle(tuned: Tuned, classes: Sequence[str], card: str) -> bytes:
    """A zip with ``config.json``, ``model.safetensors``, the tokenizer, ``head.safetensors`` and ``README.md``.

    All weights are in it under transformers' own names; the head has ``weight`` float32[classes, hidden] and ``bias``
    float32[classes]. The same training gives the same bytes.

    Args:
        tuned: a training that is done.
        classes: names of the classes, as they stand in ``config.json``.
        card: the model card.

    Raises:
        ValueError: the training is not done, the zip would be too large, or a checkpoint that cannot be opened.
    """
    if not tuned.weights:
        raise ValueError("The training is not done: there is no model to take along yet.")
    size(tuned.recipe.slug)
    base = opened(tuned.recipe.slug)
    model = woven(base, base.checkpoint, tuned.weights)
    columns = torch.from_numpy(tuned.head)  # float32[classes, hidden + 1]
    head = save({"weight": columns[:, :-1].contiguous(), "bias": columns[:, -1].contiguous()})
    _tidy()
    with TemporaryDirectory(prefix=FOLDER) as made:
        folder = Path(made)
        with model.lent() as lent:
            _write(lent, classes, folder)
        (folder / "head.safetensors").write_bytes(head)
        (folder / "README.md").write_text(card, "utf-8")
        return _zipped(folder)


def _tidy() -> None:
    """Deletes the folders of servers that were killed while they packed."""
    for left in Path(gettempdir()).glob(f"{FOLDER}*"):
        with suppress(OSError):  # another server may tidy as well
            if time.time() - left.lstat().st_mtime > STALE:
                shutil.rmtree(left)


def _write(lent: Lent, classes: Sequence[str], folder: Path) -> None:
    """Config, weights and tokenizer as transformers writes them, without a word on where they came from."""
    config = lent.eager.config  # a copy of its own
    config.id2label = dict(enumerate(classes))
    config.label2id = {name: number for number, name in enumerate(classes)}
    lent.eager.save_pretrained(folder)
    tokenizer = copy.deepcopy(lent.tokenizer)
    tokenizer.backend_tokenizer.no_truncation()  # of what was read last
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.save_pretrained(folder)
    file = folder / TOKENIZER_CONFIG
    told = {name: each for name, each in json.loads(file.read_text("utf-8")).items() if name not in OF_THIS_MACHINE}
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False), "utf-8")


def _zipped(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), EPOCH)
            entry.external_attr = 0o644 << 16
            # weights look like noise, and do not get smaller
            dense = file.suffix == ".safetensors"
            entry.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
            with file.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return content.getvalue()
