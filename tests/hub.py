"""A small hub on this machine: it answers as the Hugging Face hub does, and fails in the ways that a test asks for."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from tests.conftest import PATIENCE

COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = ".safetensors"

Fault = Literal[
    "",
    "cut",  # half of the weights, then the line is dead
    "cut once",  # the same, but only for the first who asks
    "truncated",  # less than was promised, with a length that fits what comes
    "wrong",  # the right length, another content
    "slow",  # half of the weights, the rest when ``go_on`` is set
    "silent",  # half of the weights, then nothing
    "busy",  # error 503
    "gated",
    "lost",  # the weights are listed and missing
]


@dataclass
class SmallHub:
    """What is served, and what was asked for.

    Attributes:
        models: name -> folder of its files.
        faults: name -> what goes wrong with it.
        asked: method and path of every request, in order.
        headers: of every request, in the same order.
        go_on: lets slow answers go on.
        half: is set when half of some weights is sent.
        url: of the hub.
    """

    models: dict[str, Path] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    half: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def fault(self, name: str) -> Fault:
        return self.faults.get(name, "")


def listed(name: str, folder: Path, gated: bool) -> bytes:
    """What the hub's API says of a model."""
    files = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            body = file.read_bytes()
            kept = {"rfilename": file.relative_to(folder).as_posix(), "size": len(body), "blobId": etag(file)[:40]}
            if file.suffix == WEIGHTS:
                kept["lfs"] = {"sha256": etag(file), "size": len(body), "pointerSize": 130}
            files.append(kept)
    told = {"id": name, "modelId": name, "sha": COMMIT, "gated": "manual" if gated else False, "siblings": files}
    return json.dumps(told).encode()


def etag(file: Path) -> str:
    whole = hashlib.sha256(file.read_bytes()).hexdigest()
    return whole if file.suffix == WEIGHTS else whole[:40]


@contextmanager
def serving() -> Iterator[SmallHub]:
    """Serves in a thread, on a free port."""
    hub = SmallHub()

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.answer(send=False)

        def do_GET(self) -> None:
            self.answer(send=True)

        def answer(self, *, send: bool) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append(f"{self.command} {path}")
            hub.headers.append({key.lower(): value for key, value in self.headers.items()})
            found = re.fullmatch(
                r"/api/models/(.+)/revision/.+|/(?:stored/)?(.+?)/resolve/(?:main|refs/pr/\d+)/(.+)", path
            )
            name = (found[1] or found[2]) if found else ""
            fault = hub.fault(name)
            if fault == "busy":
                return self.refuse(503, {})
            if name not in hub.models:
                return self.refuse(404, {"X-Error-Code": "RepoNotFound"})
            if found and found[1]:
                return self.say(
                    200,
                    {"Content-Type": "application/json"},
                    listed(name, hub.models[name], fault == "gated"),
                    send=send,
                )
            return self.file(name, hub.models[name] / (found[3] if found else ""), fault, send=send)

        def file(self, name: str, file: Path, fault: Fault, *, send: bool) -> None:
            heavy = file.suffix == WEIGHTS
            if not file.is_file() or (heavy and fault == "lost"):
                return self.refuse(404, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
            body, tag = file.read_bytes(), etag(file)
            headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{tag}"', "Accept-Ranges": "bytes"}
            if heavy:
                headers |= {"X-Linked-Etag": f'"{tag}"', "X-Linked-Size": str(len(body))}
                headers |= {"X-Xet-Hash": "a" * 64, "X-Xet-Refresh-Route": f"{hub.url}/xet"}  # must not be taken up
                if not urlsplit(self.path).path.startswith("/stored/"):  # large files lie on another host
                    where = hub.url.replace("127.0.0.1", "localhost") + "/stored" + urlsplit(self.path).path
                    return self.say(302, headers | {"Location": where}, b"", send=False)
                if fault == "wrong":
                    body = body[:-1] + bytes([body[-1] ^ 1])
                if fault == "truncated" and send:
                    body = body[: len(body) // 2]
            start = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
            first = int(start[1]) if start else 0
            if first:
                headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
            body = body[first:]
            if not (heavy and send and fault in ("cut", "cut once", "slow", "silent")):
                return self.say(206 if first else 200, headers, body, send=send)
            if fault == "cut once":
                hub.faults[name] = ""
            self.head(206 if first else 200, headers, len(body))
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            hub.half.set()
            if fault in ("slow", "silent"):
                hub.go_on.wait(PATIENCE)
            if fault == "slow":
                self.wfile.write(body[len(body) // 2 :])
            else:
                self.close_connection = True
            return None

        def refuse(self, status: int, headers: dict[str, str]) -> None:
            self.say(status, headers, b"", send=False)

        def say(self, status: int, headers: dict[str, str], body: bytes, *, send: bool) -> None:
            self.head(status, headers, len(body))
            if send:
                self.wfile.write(body)

        def head(self, status: int, headers: dict[str, str], size: int) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(size))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a reader who goes away is what some tests are about

    server = Server(("127.0.0.1", 0), Answers)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
