"""What goes wrong around a server: it is killed at work, or a visitor closes the tab. Nothing hangs, nothing stays."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Site, Visit, box, free_port, serving, settle
from tests.browser.test_frame import notes
from tests.conftest import PATIENCE
from tests.hub import SmallHub
from tests.hub import serving as serving_models

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT = "The soup was cold.\nWhat a lovely garden!"
LONG = {"finetune_epochs": "8", "finetune_top": "6"}  # minutes of training
# in the server's process, started with it: what is there now of any visitor's, five times a second
CENSUS = """
import json, os, sys, threading, time
from pathlib import Path

def counted():
    from streamlit import runtime
    there = runtime.get_instance()
    own, tuned = sys.modules.get("lib.app.visits"), sys.modules.get("lib.model.opening")
    return {
        "jobs": sum(each.name == "job" for each in threading.enumerate()),
        "visits": len(own._own) if own else 0,
        "files": sum(map(len, there._uploaded_file_mgr.file_storage.values())),
        "downloads": len(there._media_file_mgr._file_metadata),
        "trained": len(tuned._changed) if tuned else 0,
    }

def tell(file):
    while True:
        time.sleep(0.2)
        try:
            file.with_suffix(".new").write_text(json.dumps(counted()))
            file.with_suffix(".new").replace(file)
        except (ImportError, AttributeError, RuntimeError):
            pass  # it is not up yet, or something came or went while it was counted

if "streamlit" in sys.orig_argv:
    threading.Thread(target=tell, args=(Path(os.environ["CENSUS"]),), daemon=True).start()
"""


class Server:
    """One that a test may kill and start again, and that tells what it holds.

    Attributes:
        site: what visitors see.
        folder: of its files; ``temporary`` in it is the system's for it.
    """

    def __init__(self, stack: ExitStack, folder: Path, hub: str) -> None:
        self.folder = folder
        self._stack, self._port = stack, free_port()
        for each in ("temporary", "hooks"):
            (folder / each).mkdir()
        (folder / "hooks" / "sitecustomize.py").write_text(CENSUS)
        self._more = {
            "HF_ENDPOINT": hub,
            "HF_HUB_CACHE": str(folder / "cache"),
            "TMPDIR": str(folder / "temporary"),
            "PYTHONPATH": str(folder / "hooks"),
            "CENSUS": str(folder / "census.json"),
        }
        self.start()

    def start(self) -> None:
        self.site: Site = self._stack.enter_context(serving(self.folder / "log.txt", more=self._more, port=self._port))

    def kill(self) -> None:
        self.site.process.kill()
        self.site.process.wait()

    def holds(self) -> dict[str, int]:
        """What there is now of any visitor's."""
        file = self.folder / "census.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def until(self, true: Callable[[dict[str, int]], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not true(self.holds()):
            assert time.monotonic() < end, self.holds()
            time.sleep(0.2)


@pytest.fixture
def models() -> Iterator[SmallHub]:
    with serving_models() as running:
        yield running


@pytest.fixture
def server(chromium: str, models: SmallHub, tmp_path: Path) -> Iterator[Server]:
    with ExitStack() as stack:
        running = Server(stack, tmp_path, models.url)
        yield running
        said = running.site.log.read_text("utf-8", "replace")
        assert "Traceback" not in said, said[-3000:]


def trains(page: Page) -> None:
    """Starts the training on the page, and waits until it is under way."""
    page.get_by_role("button", name=re.compile("^Train, about")).click()
    page.get_by_text(re.compile(r"\d+ of [\d,]+, about|: [1-9]\d* of ")).first.wait_for()


def counts(page: Page) -> None:
    """Waits until the page has asked its server again after a break."""
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'")
    settle(page, after=2000)


@pytest.mark.long
def test_a_server_killed_at_its_work_is_found_again_with_texts_and_a_kind_sentence(
    server: Server, visit: Visit
) -> None:
    page = visit(server.site.link(page="finetune", text=TEXT, open="0", **LONG), breaks=True)
    trains(page)
    server.kill()
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testConnectionState !== 'CONNECTED'")
    server.start()
    counts(page)
    page.get_by_role("button", name=re.compile("^Train, about")).wait_for()
    assert [note.startswith("This run has ended before it was done.") for note in notes(page)] == [True]
    assert box(page) == TEXT
    assert page.get_by_role("button", name="Cancel").count() == 0
    assert list((server.folder / "temporary").iterdir()) == []
    trains(page)
    assert notes(page) == []
