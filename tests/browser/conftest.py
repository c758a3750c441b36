"""A real Chromium in front of a real server; whatever leaves the machine or complains in the console fails the test."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlsplit

import pytest

from tests.conftest import PATIENCE, ROOT
from tests.hub import SmallHub
from tests.hub import serving as serving_models
from tests.test_pages import shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
OURS = ("127.0.0.1", "localhost")
# counts what a page asks of its server, and knows whether the server is still at it: between a run that ended early and
# the one for which it did, a page looks idle. A message is a number and a value after the other, in protobuf's writing;
# 6 is how a run ended, and 2 there "early, for another run"
LISTEN = """
  window.sent = window.settled = 0;
  const ended = (bytes) => {
    let at = 0;
    const number = () => {
      let value = 0;
      for (let shift = 1; ; shift *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * shift;
        if (byte < 128 || byte === undefined) return value;
      }
    };
    while (at < bytes.length) {
      const tag = number(), value = number();
      if (tag >> 3 === 6) return value;
      if ((tag & 7) === 2) at += value;
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        const how = data instanceof ArrayBuffer ? ended(new Uint8Array(data)) : undefined;
        if (how !== undefined) window.busy = how === 2;
      });
    }
    send(data) {
      super.send(data);
      window.sent += 1;
      window.busy ||= data[0] === 90;  // begins with number 11: a run is asked for
    }
  };"""
# a slider tells of a move 200 ms after it
IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const idle = app?.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
    && !window.busy
    && !document.querySelector('[data-testid="stSpinner"], [data-testid="stSkeleton"], [data-stale="true"]');
  window.idleSince = idle ? (window.idleSince ?? performance.now()) : undefined;
  const settled = idle && performance.now() - window.idleSince > 250;
  if (settled) window.settled = window.sent;
  return settled;
}"""
ASKED = """(most) => {
  window.askedSince ??= performance.now();
  const asked = window.sent > window.settled || performance.now() - window.askedSince > most;
  if (asked) window.askedSince = window.idleSince = undefined;
  return asked;
}"""

# what moves for ever (a spinner, a caret) is left out
STILL = """() => document.getAnimations().every(
  (each) => each.playState !== 'running' || each.effect?.getComputedTiming().endTime === Infinity)"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def found_chromium() -> str:
    """Where a Chromium lies on this machine, "" where there is none."""
    named = (os.environ.get("CHROMIUM"), *map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    return next((path for path in named if path), "")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's file; without one the browser's tests skip, or fail where CI says that it must be there."""
    path = found_chromium()
    if not path:
        sorry = "no Chromium on this machine: install Debian's, or set CHROMIUM to one"
        if os.environ.get("CI") == "true":
            pytest.fail(sorry)
        pytest.skip(sorry)
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


# The server


@dataclass(frozen=True)
class Site:
    """A server of ours.

    Attributes:
        url: of its root, without a slash at the end.
        process: its process.
        log: what it printed.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def link(self, **parameters: str) -> str:
        """A link to its root, as the app writes them: to a page with all of it open, unless that is asked otherwise."""
        every = shown(parameters.get("page", "")) | parameters
        return f"{self.url}/?" + "&".join(f"{key}={quote_plus(value)}" for key, value in every.items())


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def serving(
    log: Path, script: Path = ROOT / "app.py", more: Mapping[str, str] | None = None, *, port: int = 0
) -> Iterator[Site]:
    """A server in a process of its own, cold: nothing was read on it yet, and no hub is in its reach.

    Args:
        log: what it prints.
        script: what it runs.
        more: of its environment.
        port: where it listens; 0 for any that is free.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    with log.open("ab") as out:
        environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", **(more or {})}
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=environment)
    site = Site(f"http://127.0.0.1:{port}", process, log)
    try:
        until = time.monotonic() + PATIENCE
        while not healthy(site):
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the server did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.1)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def healthy(site: Site) -> bool:
    try:
        with urllib.request.urlopen(f"{site.url}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def small_hub(chromium: str) -> Iterator[SmallHub]:
    """The hub that ``site`` asks for models; it has none until a test puts some there."""
    with serving_models() as running:
        yield running


@pytest.fixture(scope="session")
def site(browser: Browser, small_hub: SmallHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app, for all tests that do not need a cold server: one that was visited before."""
    folder = tmp_path_factory.mktemp("site")
    more = {"HF_ENDPOINT": small_hub.url, "HF_HOME": str(folder / "hf")}
    with serving(folder / "log.txt", more=more) as running:
        first = browser.new_page()
        first.add_init_script(LISTEN)
        first.goto(running.url)
        settle(first)
        first.close()
        yield running
        said = running.log.read_text("utf-8", "replace")
    assert "Traceback" not in said, said[-3000:]


@pytest.fixture
def cold_site(chromium: str, tmp_path: Path) -> Iterator[Site]:
    """A server that nobody has visited yet."""
    with serving(tmp_path / "log.txt") as running:
        yield running
        said = running.log.read_text("utf-8", "replace")
    assert "Traceback" not in said, said[-3000:]


# The browser


@pytest.fixture(scope="session")
def playwright(chromium: str) -> Iterator[Playwright]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
    yield running
    running.close()


@dataclass
class Watch:
    """What a visit did beside what was asked of it.

    Attributes:
        complaints: console errors and uncaught errors.
        strangers: addresses asked for that are not this machine's.
        breaks: whether the test kills the server, of which a browser complains.
    """

    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    breaks: bool = False

    def on(self, context: BrowserContext, page: Page) -> None:
        def asked(address: str) -> None:
            if urlsplit(address).scheme in ("http", "https", "ws", "wss") and urlsplit(address).hostname not in OURS:
                self.strangers.append(address)

        page.on("console", lambda line: line.type == "error" and self.complaints.append(f"{line.text} {line.location}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("websocket", lambda socket: asked(socket.url))
        context.on("request", lambda request: asked(request.url))

    def bad(self) -> list[str]:
        """The complaints, but for the two that Streamlit makes itself where a page is opened by its own address."""
        own = r"status of 404 .*/[a-z_]+/_stcore/(health|host-config)'"
        gone = r"ERR_CONNECTION_|^WebSocket connection to .* failed|^Cannot send \w+ backMessage when disconnected"
        excused = re.compile(f"{own}|{gone}" if self.breaks else own)
        return [each for each in self.complaints if not excused.search(each)]


Visit = Callable[..., "Page"]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens an address in a browser of its own: ``visit(url, width=1280, dark=False, breaks=False)``.

    When the test ends, no visit may have asked another machine for anything, nor complained in the console; where the
    test kills the server, ``breaks`` excuses what the browser says of that.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def go(url: str, *, width: int = 1280, dark: bool = False, breaks: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 640 else 900},
            color_scheme="dark" if dark else "light",
            has_touch=width < 640,
            is_mobile=width < 640,
            accept_downloads=True,
        )
        contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE)
        context.add_init_script(LISTEN)
        page = context.new_page()
        watch = Watch(breaks=breaks)
        watches.append(watch)
        watch.on(context, page)
        page.goto(url)
        settle(page)
        return page

    yield go
    for context in contexts:
        context.close()
    assert [each for watch in watches for each in watch.strangers] == [], "a request left the machine"
    assert [each for watch in watches for each in watch.bad()] == []


def settle(page: Page, *, after: float = 0) -> None:
    """Waits until the app has nothing more to do, and nothing moves any more.

    Args:
        page: the visit.
        after: milliseconds that what was just pressed may take, at most, until the browser asks the server.
    """
    page.wait_for_function(ASKED, arg=after)
    page.wait_for_function(IDLE, timeout=1000 * PATIENCE)
    page.wait_for_function(STILL, timeout=1000 * PATIENCE)


def painted(page: Page) -> None:
    """Waits until what was just pressed, pointed at or scrolled is painted; for what no server is asked."""
    page.evaluate(PAINTED)


def typed(page: Page, text: str) -> None:
    """Types into the box and has it read."""
    field = page.get_by_label("Your text", exact=True)
    field.fill(text)
    field.press("Control+Enter")
    settle(page, after=200)


def through_the_menu(page: Page, chapter: str, title: str) -> None:
    """Opens another page as a visitor at a desk does."""
    page.get_by_test_id("stTopNavSection").filter(has_text=chapter).click()
    page.get_by_role("menuitem", name=title, exact=True).click()
    settle(page, after=300)


def box(page: Page) -> str:
    return page.get_by_label("Your text", exact=True).input_value()


def address(page: Page) -> str:
    """The address as it stands; ``page.url`` lags behind what scripts write."""
    return page.evaluate("location.href")
