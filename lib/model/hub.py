"""The files of models on the Hugging Face hub: fetched with huggingface_hub into its cache, counted and stoppable.

huggingface_hub does the work. What it has no say in is done in the two hooks of its HTTP client: bytes are counted as
they come, a wait can be broken off, and an answer that does not come is not waited for longer than is kind. A child
process with ``snapshot_download`` could be killed instead, but neither counts bytes on the wire nor checks what came.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import huggingface_hub
from huggingface_hub import HfApi, hf_hub_download, try_to_load_from_cache
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RevisionNotFoundError,
)

from lib.checkpoints import Hub
from lib.jobs import Cancelled
from lib.model import describing
from lib.model.describing import Refused

CONNECT, ANSWER = 5.0, 10.0  # seconds to wait for a connection, and for the next bytes
RETRIES = 4  # times that a broken download of a file goes on where it broke
SLOW, PATIENCE = 64 << 10, 60.0  # fewer bytes than this in so many seconds is given up
LOOK = 0.2  # seconds between two looks whether the files are still wanted
SPARE = 256 << 20  # bytes of the disk that are left free
STALE = 3600.0  # seconds without a byte after which a half file is nobody's: who still fetches was given up long before
MOST_SMALL = 64 << 20  # bytes of config and tokenizer together

Tell = Callable[[int, int, str], None]  # bytes done, bytes of the whole, what is done

CONFIG, INDEX, WEIGHTS = "config.json", "model.safetensors.index.json", "model.safetensors"
TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json")  # one of them is needed
SMALL = (
    *TOKENIZERS,
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "merges.txt",
)


def cached(where: Hub) -> Path | None:
    """The folder of the model's files in the cache, without asking anybody; None where one is missing."""

    def found(name: str) -> Path | None:
        path = try_to_load_from_cache(where.hub, name, revision=where.revision)
        return Path(path) if isinstance(path, str) else None

    config = found(CONFIG)
    if config is None or not any(found(name) for name in TOKENIZERS):
        return None
    if found(WEIGHTS) is None:
        index = found(INDEX)
        if index is None or not all(found(name) for name in _shards(index)):
            return None
    return config.parent


def download(where: Hub, *, tell: Tell, unwanted: Callable[[], bool]) -> Path:
    """Fetches the files that are needed to read with the model, and no others.

    Args:
        where: on the hub.
        tell: told how far it is; what it raises goes through.
        unwanted: whether nobody waits any more; asked all the time.

    Returns:
        The folder of the files.

    Raises:
        Refused: the model cannot be had, and why.
        Cancelled: nobody waits for it any more. No half file is left.
    """
    wire = _local.wire = _Wire(tell, unwanted)
    threading.Thread(target=wire.guard, name="guard of a download", daemon=True).start()
    try:
        return _downloaded(where, wire)
    except (Refused, Cancelled):
        raise
    except Exception as problem:
        wire.check()  # a wait that was broken off looks like a broken connection
        reason = _reason(problem)
        if not reason:
            raise
        raise Refused(reason) from problem
    finally:
        wire.over.set()
        _local.wire = None


def _downloaded(where: Hub, wire: _Wire) -> Path:
    wire.tell(0, 0, "asking")
    endpoint = os.environ.get("HF_ENDPOINT") or None
    # no account is ever used: what every visitor sees must not depend on what the operator may see
    info = HfApi(endpoint=endpoint, token=False).model_info(
        where.hub, revision=where.revision, files_metadata=True, timeout=ANSWER
    )
    there = {each.rfilename: each for each in info.siblings or ()}
    if info.gated:
        raise Refused("Its makers give it to those who ask for it on the hub, and this app has no account there.")
    if CONFIG not in there:
        raise Refused("It has no config.json, so it is no model of transformers.")
    if not any(name in there for name in TOKENIZERS):
        raise Refused("It has no fast tokenizer, which is needed to know where in a text each token stands.")
    if WEIGHTS not in there and INDEX not in there:
        raise Refused("It has no weights in the safetensors format, and this app opens no other: others can run code.")

    def size(names: tuple[str, ...]) -> int:
        return sum(there[name].size or 0 for name in names)

    def fetched(name: str) -> Path:
        path = Path(
            hf_hub_download(
                where.hub, name, revision=where.revision, endpoint=endpoint, etag_timeout=ANSWER, token=False
            )
        )
        lfs = there[name].lfs
        # where there are links, a file that the hub keeps apart is called by its checksum
        _check(path, lfs.sha256 if lfs else path.resolve().name, wire)
        return path

    small = tuple(name for name in SMALL if name in there)
    if (there[CONFIG].size is not None and size((CONFIG,)) > describing.LARGEST_CONFIG) or size(small) > MOST_SMALL:
        raise Refused("Its config and tokenizer are larger than those of any encoder.")
    folder = fetched(CONFIG).parent
    wire.tell(0, 0, "counting")
    describing.check_config(folder, wire.unwanted)
    weights = (WEIGHTS,) if WEIGHTS in there else _shards(fetched(INDEX))
    if not all(name in there for name in weights):
        raise Refused("Some of its weights are missing from the hub.")
    whole = size(small) + size(weights)
    describing.check_size(size(weights))
    _check_disk(whole)
    wire.whole = max(whole, 1)
    for name in (*small, *weights):
        fetched(name)
    if cached(where) != folder:
        raise Refused("It was changed on the hub while it was fetched. Choose it again.")
    return folder


def _shards(index: Path) -> tuple[str, ...]:
    """The files that an index of weights names, each once."""
    try:
        named = json.loads(index.read_text("utf-8"))["weight_map"].values()
        names = tuple(sorted(set(named)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise Refused("The list of its files of weights cannot be read.") from problem
    if not names or not all(isinstance(name, str) and name.endswith(".safetensors") for name in names):
        raise Refused("It has no weights in the safetensors format, and this app opens no other: others can run code.")
    return names


def _check(path: Path, sha256: str, wire: _Wire) -> None:
    """Deletes a file that is not the one the hub names."""
    if len(sha256) != 64:
        return
    wire.tell(wire.done, wire.whole, "checking")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        path.resolve().unlink()
        path.unlink(missing_ok=True)
        raise Refused(
            f"{path.name} came with another content than the hub names (sha256 {found[:12]}…, expected "
            f"{sha256[:12]}…), and was deleted. Choose the model again."
        )


def _tidy(cache: Path) -> None:
    """Deletes the half files of servers that were killed while they fetched; those that are written now are younger."""
    for half in cache.glob("models--*/blobs/*.incomplete"):
        with suppress(OSError):  # another server may tidy as well
            if time.time() - half.stat().st_mtime > STALE:
                half.unlink()


def _check_disk(wanted: int) -> None:
    cache = Path(huggingface_hub.constants.HF_HUB_CACHE)
    cache.mkdir(parents=True, exist_ok=True)
    _tidy(cache)
    free = shutil.disk_usage(cache).free
    if free < wanted + SPARE:
        raise Refused(f"It needs {wanted / 1e6:.0f} MB, and the disk of this server has {free / 1e6:.0f} MB left.")


# The wire: huggingface_hub's client, with a hand on it


class _Broken(Exception):  # noqa: N818 - not one that huggingface_hub would try again
    """The connection does not work, and it was tried often enough."""


class _Wire:
    """One download as the hooks see it."""

    def __init__(self, tell: Tell, unwanted: Callable[[], bool]) -> None:
        self.tell = tell
        self.unwanted = unwanted
        self.done = 0
        self.whole = 0  # bytes there will be; what comes before that is known is not counted
        self.tries: Counter[tuple[str, str]] = Counter()
        self.over = threading.Event()
        self.door: socket.socket | None = None  # through which an answer comes right now
        self._lock = threading.Lock()
        self._came, self._mark = 0, (time.monotonic(), 0)
        self._file, self._before = "", 0  # what comes now, and the bytes of what came before it

    def check(self) -> None:
        """Goes on, or ends here."""
        if self.unwanted():
            raise Cancelled

    def open(self, door: socket.socket | None) -> None:
        """Begins to wait for what comes through a door; for nothing, if it is None."""
        with self._lock:
            self.door = door

    def guard(self) -> None:
        """Breaks off a wait that nobody wants any more; in a thread of its own."""
        while not self.over.wait(LOOK):
            with self._lock:
                if self.door is not None and self.unwanted():
                    with suppress(OSError):  # closed meanwhile
                        socket.socket.shutdown(self.door, socket.SHUT_RDWR)  # the plain one, below any encryption

    def begin(self, file: str, start: int) -> None:
        """Counts on from so many bytes of a file, which may be fewer than came before its line broke."""
        if file != self._file:
            self._file, self._before = file, self.done
        self.done = self._before + start

    def came(self, size: int) -> None:
        """Counts bytes; gives up where they only trickle."""
        self._came += size
        now = time.monotonic()
        since, before = self._mark
        if now - since > PATIENCE:
            if self._came - before < SLOW:
                raise _Broken("slow")
            self._mark = (now, self._came)
        self.check()
        if self.whole:
            self.done = min(self.done + size, self.whole)
            self.tell(self.done, self.whole, "fetching")


_local = threading.local()


class _Counted(httpx2.SyncByteStream):
    """The body of an answer, counted on its way."""

    def __init__(self, body: httpx2.SyncByteStream, wire: _Wire) -> None:
        self._body = body
        self._wire = wire

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            self._wire.came(len(part))
            yield part

    def close(self) -> None:
        self._wire.open(None)
        self._body.close()


def _asking(request: httpx2.Request) -> None:
    if huggingface_hub.is_offline_mode():
        raise OfflineModeIsEnabled(f"Not asking {request.url.host}: offline mode is enabled.")
    wire: _Wire | None = getattr(_local, "wire", None)
    if wire is None:
        return
    wire.check()
    asked = (request.method, str(request.url))
    wire.tries[asked] += 1
    if wire.tries[asked] > 1 + (RETRIES if request.method == "GET" else 0):
        raise _Broken("broken")
    if wire.whole and request.method == "GET":
        kept = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        wire.begin(asked[1], int(kept[1]) if kept else 0)
    request.extensions["timeout"] = {"connect": CONNECT, "read": ANSWER, "write": ANSWER, "pool": ANSWER}
    request.headers["Accept-Encoding"] = "identity"  # so that bytes are bytes


def _answering(response: httpx2.Response) -> None:
    wire: _Wire | None = getattr(_local, "wire", None)
    if wire is None:
        return
    # the hub's own protocol for large files runs where nothing can be counted or stopped
    response.headers.pop("X-Xet-Hash", None)
    stream = response.extensions.get("network_stream")
    wire.open(stream.get_extra_info("socket") if stream is not None else None)
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Counted(response.stream, wire)


def _client() -> httpx2.Client:
    return httpx2.Client(
        event_hooks={"request": [_asking], "response": [_answering]}, follow_redirects=True, timeout=None
    )


huggingface_hub.set_client_factory(_client)


_UNREACHABLE = "The hub cannot be reached from this server. Try again later."
_BROKEN = "The connection to the hub broke, and broke again. Choose the model again to try anew."


def _reason(problem: Exception) -> str:
    """The problem in a kind sentence; empty where it is none of those that are to be expected."""
    full = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
    if isinstance(problem, OSError) and problem.errno in full:
        return "The disk of this server is full."
    if isinstance(problem, LocalEntryNotFoundError) and isinstance(problem.__cause__, Exception):
        return _reason(problem.__cause__)
    if isinstance(problem, HfHubHTTPError) and problem.response.status_code not in (401, 403, 404):
        return f"The hub does not answer as it should (error {problem.response.status_code}). Try again later."
    if isinstance(problem, _Broken):
        slow = str(problem) == "slow"
        return "The hub sends so slowly that it was given up. Try again later." if slow else _BROKEN
    for kinds, sentence in _REASONS:
        if isinstance(problem, kinds):
            return sentence
    return ""


_REASONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((OfflineModeIsEnabled,), "It is not on this machine, and this server is set to ask no hub."),
    (
        (GatedRepoError,),
        "Its makers give it to those who ask for it on the hub, and this app has no account there.",
    ),
    ((RevisionNotFoundError,), "The hub has no such version of it."),
    ((EntryNotFoundError,), "A file of it is missing from the hub. Try again later."),
    ((HfHubHTTPError,), "The hub knows no public model of that name. A name there is “owner/name”."),
    ((httpx2.ConnectError, httpx2.TimeoutException, httpx2.ProxyError), _UNREACHABLE),
    ((httpx2.TransportError,), _BROKEN),
    ((PermissionError,), "This server may not write to its folder of fetched models."),
    ((OSError,), "The hub sent something else than it promised, and it was thrown away. Choose the model again."),
)
