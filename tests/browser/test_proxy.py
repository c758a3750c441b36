"""Two replicas behind .proxy/nginx.conf: each page draws under its rules, and a visit outlives its replica."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
import streamlit
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from lib import tables
from tests.browser.conftest import (
    Site,
    Visit,
    address,
    box,
    free_port,
    healthy,
    serving,
    settle,
    through_the_menu,
    typed,
)
from tests.conftest import PATIENCE, ROOT
from tests.test_pages import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

CONF = ROOT / ".proxy" / "nginx.conf"
CLASS = 30  # learners behind one address, who all fit into the limits
TEXT = "A secret of mine.\nAnother, that nobody logs."


@dataclass(frozen=True)
class Proxied:
    """Replicas behind nginx.

    Attributes:
        site: what visitors see; its process is nginx.
        replicas: by the name that the cookie has for them.
        logs: folder with nginx's logs.
    """

    site: Site
    replicas: dict[str, Site]
    logs: Path

    def ask(self, path: str, method: str = "GET", body: bytes | None = None) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection(urlsplit(self.site.url).netloc, timeout=PATIENCE)
        line.request(method, path, body)
        answer = line.getresponse()
        answer.read()
        return answer

    def logged(self) -> str:
        return "".join(log.read_text("utf-8") for log in self.logs.iterdir())


@contextmanager
def proxied(folder: Path) -> Iterator[Proxied]:
    """Two replicas and the proxy, as they stand in the configuration but for ports and folders."""
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not nginx:
        sorry = "no nginx on this machine: install Debian's nginx-light"
        if os.environ.get("CI") == "true":
            pytest.fail(sorry)
        pytest.skip(sorry)
    with ExitStack() as stack:
        replicas = {name: stack.enter_context(serving(folder / f"{name}.txt")) for name in "ab"}
        port, logs = free_port(), folder / "logs"
        logs.mkdir()
        conf = CONF.read_text("utf-8")
        for usual, here in (
            ("8501", str(urlsplit(replicas["a"].url).port)),
            ("8502", str(urlsplit(replicas["b"].url).port)),
            ("listen 8080;", f"listen 127.0.0.1:{port};"),
            ("/var/log/nginx", str(logs)),
            ("/run/nginx.pid", str(folder / "pid")),
        ):
            assert usual in conf
            conf = conf.replace(usual, here)
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):  # who is not root has no other place for them
            conf = conf.replace("http {", f"http {{\n{kind}_temp_path {folder / kind};", 1)
        (folder / "nginx.conf").write_text(conf, "utf-8")
        with (folder / "nginx.txt").open("wb") as out:
            process = subprocess.Popen(
                [nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.txt"), "-g", "daemon off;"],
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        site = Site(f"http://127.0.0.1:{port}", process, folder / "nginx.txt")
        try:
            until = time.monotonic() + PATIENCE
            while not healthy(site):
                assert process.poll() is None, site.log.read_text("utf-8")
                assert time.monotonic() < until, site.log.read_text("utf-8")
                time.sleep(0.1)
            yield Proxied(site, replicas, logs)
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def proxy(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    with proxied(tmp_path_factory.mktemp("proxy")) as running:
        yield running


@pytest.fixture
def own_proxy(chromium: str, tmp_path: Path) -> Iterator[Proxied]:
    """One that a test may break."""
    with proxied(tmp_path) as running:
        yield running


def replica(page: Page) -> str:
    """The replica that answers a visit, by its cookie."""
    (name,) = (str(each.get("value")) for each in page.context.cookies() if each.get("name") == "replica")
    return name


def bring(page: Page, file: Path) -> None:
    """Brings a file of labelled texts to the page that classifies."""
    file.write_text("text,label\n" + "".join(f"a line {n},{'ab'[n % 2]}\n" for n in range(8)))
    page.locator("[data-testid=stFileUploaderDropzoneInput]").last.set_input_files(file)
    page.get_by_text("Found in").wait_for()
    settle(page)


# What a visitor sees; a complaint in the console, as where a rule is broken, fails each of these


@pytest.mark.long
@pytest.mark.parametrize("stem", PAGES)
def test_a_page_draws_behind_the_proxy(stem: str, proxy: Proxied, visit: Visit) -> None:
    page = visit(proxy.site.link(page=stem, text=TEXT))
    assert page.locator("h1").inner_text()
    for step in range(0, page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight"), 600):
        page.evaluate("step => document.querySelector('[data-testid=stMain]').scrollTo(0, step)", step)
    settle(page)
    assert page.get_by_test_id("stException").count() == 0
    if stem == "heads":
        for view in ("head", "model"):
            page = visit(proxy.site.link(page=stem, text=TEXT, heads_view=view))
            frame = page.locator("[data-testid=stIFrame]").content_frame
            frame.locator("svg line").first.wait_for(state="attached")


@pytest.mark.long
def test_files_come_and_go_through_the_proxy(proxy: Proxied, visit: Visit, tmp_path: Path) -> None:
    page = visit(proxy.site.link(page="classify", classify_data="file"))
    bring(page, tmp_path / "mine.csv")
    page = visit(proxy.site.link(page="answer", text=TEXT))
    with page.expect_download() as waiting:
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    assert waiting.value.path().stat().st_size > 1000


@pytest.mark.long
def test_a_visit_goes_on_where_its_replica_ends(own_proxy: Proxied, visit: Visit, tmp_path: Path) -> None:
    proxy = own_proxy  # it ends after the visits
    pages = [visit(proxy.site.link(page="cube", text="Theirs")) for _ in range(4)]
    before = [replica(page) for page in pages]
    assert set(before) == {"a", "b"}, "visits are spread"
    page, other = pages[0], pages[before.index("ab"[before[0] == "a"])]
    typed(page, TEXT)
    through_the_menu(page, "Experiments", "Knock-out")
    page.get_by_text("They are exactly the same").click()
    settle(page, after=300)
    shown, asked = page.locator("main").inner_text(), address(page)
    proxy.replicas[before[0]].process.kill()
    until = time.monotonic() + PATIENCE
    while replica(page) == before[0] and time.monotonic() < until:
        page.wait_for_timeout(100)
    settle(page)
    assert replica(page) != before[0]
    assert address(page) == asked
    assert box(page) == TEXT
    assert page.locator("main").inner_text() == shown
    typed(page, f"{TEXT}\nAnd a third.")
    page.wait_for_function("() => location.href.includes('And+a+third')")
    bring(visit(proxy.site.link(page="classify", classify_data="file")), tmp_path / "mine.csv")

    assert box(other) == "Theirs", "who was not there is not disturbed"
    through_the_menu(other, "Experiments", "Knock-out")
    assert urlsplit(address(other)).path == "/starve"
    assert proxy.ask(f"/?text={quote(TEXT)}").status == 200, "and who comes now is served"
    assert "secret" not in proxy.logged(), "nor is a text logged because a replica is gone"


# What everybody else is told


@pytest.mark.long
def test_what_is_answered_says_what_may_be_done_with_it(proxy: Proxied) -> None:
    for path in ("/", "/cube?text=a", "/_stcore/health", "/_stcore/metrics", "/media/none"):
        heads = proxy.ask(path).headers
        assert "default-src 'none'" in heads["Content-Security-Policy"], path
        assert "unsafe-eval" not in heads["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in heads["Content-Security-Policy"]
        assert heads["Referrer-Policy"] == "no-referrer"
        assert heads.get_all("X-Content-Type-Options") == ["nosniff"]
        assert "camera=()" in heads["Permissions-Policy"]


@pytest.mark.long
def test_what_is_the_operators_is_closed(proxy: Proxied) -> None:
    for path in ("/_stcore/metrics", "/cube/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore//metrics"):
        assert proxy.ask(path).status == 404, path
    assert proxy.ask("/_stcore/agent/interact", "POST", b"{}").status == 404


@pytest.mark.long
def test_a_long_link_is_answered_and_no_text_is_logged(proxy: Proxied) -> None:
    assert proxy.ask(f"/?text={'secret' * 10_000}").status == 200
    assert proxy.ask(f"/?text={'secret' * 20_000}").status == 414
    assert proxy.ask("/_stcore/upload_file/session/secret", "PUT", b"secret").status in (400, 403)
    assert "secret" not in proxy.logged()
    assert " GET / " in proxy.logged()


@pytest.mark.long
def test_a_class_fits_into_the_limits_and_a_flood_does_not(own_proxy: Proxied) -> None:
    proxy = own_proxy  # what it has counted is counted for nobody else
    stream = f"ws{proxy.site.url[4:]}/_stcore/stream"

    async def come(visits: int) -> int:
        """How many of so many websockets are answered at once."""
        answers = await asyncio.gather(
            *(connect(stream, subprotocols=["streamlit"], origin=proxy.site.url) for _ in range(visits)),
            return_exceptions=True,
        )
        refused = [each for each in answers if isinstance(each, InvalidStatus)]
        assert {each.response.status_code for each in refused} <= {429}
        accepted = [each for each in answers if not isinstance(each, BaseException)]
        for each in accepted:
            await each.close()
        assert len(accepted) + len(refused) == visits
        return len(accepted)

    with ThreadPoolExecutor(1) as apart:  # the browser's fixtures have a loop running in this thread
        assert apart.submit(asyncio.run, come(3 * CLASS)).result() == 3 * CLASS, "three tabs each"
        assert apart.submit(asyncio.run, come(5 * CLASS)).result() < 5 * CLASS

    sent = [proxy.ask("/_stcore/upload_file/a/b", "PUT", b"-").status for _ in range(2 * CLASS + 10)]
    assert 429 not in sent[: 2 * CLASS], "a file each, and another"
    assert 429 in sent[2 * CLASS :]
    assert proxy.ask("/", "POST", bytes(1 << 17)).status == 413


# What is written there


def test_every_script_that_is_allowed_is_one_of_ours(by_hand) -> None:
    """A newer Streamlit, jQuery, d3 or BertViz has other scripts; then these are the lines for the configuration."""
    import numpy as np

    from lib.model import bertviz

    even = np.full((1, 1, 2, 3, 3), 1 / 3, np.float32)
    reading = by_hand(np.zeros((2, 1, 3, 4)), [[1] * 3], row=even[..., 0], column=even[..., 0], full=list(even))
    frames = "".join(bertviz.html(reading, 0, view, "light", layers=(1,)) for view in ("head", "model"))
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    named = re.findall(r"'sha256-[^']+'", CONF.read_text("utf-8"))
    assert sorted(named) == sorted(set(bertviz.hashes(page + frames)))


def test_the_largest_file_passes() -> None:
    (most,) = re.findall(r"upload_file/ {.*?client_max_body_size (\d+)m", CONF.read_text("utf-8"), re.DOTALL)
    assert int(most) << 20 > tables.MOST_BYTES
