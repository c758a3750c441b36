"""A crowd at the app: ``python -m tests.crowd [--visitors 30] [--seconds 120] [--pages path] [--json FILE]``.

Each visitor speaks Streamlit's protocol over a websocket of their own, as a browser does: they come by a link, type a
new text and open the next page in one go, think, and go on. No text is read twice, so nothing is ready in a store. A
page is there when its whole run has ended; what it drew is looked at: its title, a picture, and that no other text has
got the very same. Told are the seconds to the ended run, what went wrong, and what the server needed: processor
seconds, bytes sent, memory. They leave closed what is folded, as most do; with ``--open`` every fold is open. A server
of its own is started for it, unless an address is given; one visitor opens every page there before the crowd comes, so
that what a server makes once is made (not with ``--cold``).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from lib.app import choices, contents
from tests.browser.conftest import serving
from tests.test_pages import OF_THE_FRAME, PAGES, STORIES, shown

PATIENCE = 120.0  # seconds that a page may take before it counts as no answer
PICTURES = ("plotly_chart", "bidi_component", "imgs", "iframe")
KEPT = 2  # runs for which a browser keeps the messages it was told to keep

# a text is made of one of each, and has lines enough for every page; all are one token in BERT's vocabulary
WHO = (
    "baker",
    "pilot",
    "nurse",
    "farmer",
    "singer",
    "lawyer",
    "sailor",
    "painter",
    "driver",
    "priest",
    "hunter",
    "tailor",
    "soldier",
    "dancer",
    "doctor",
    "fisherman",
)
WHAT = (
    "lemon",
    "piano",
    "candle",
    "ladder",
    "blanket",
    "bucket",
    "carpet",
    "hammer",
    "pillow",
    "trumpet",
    "basket",
    "violin",
    "helmet",
    "mirror",
    "lantern",
    "saddle",
    "rope",
    "shovel",
    "kettle",
    "drum",
)
WHERE = (
    "harbor",
    "forest",
    "village",
    "desert",
    "castle",
    "chapel",
    "garden",
    "library",
    "market",
    "meadow",
    "museum",
    "prison",
    "station",
    "stadium",
    "temple",
    "theater",
    "tunnel",
    "valley",
    "canyon",
    "swamp",
)
SAYINGS = (
    "The {who} left an old {what} near the {where}, and nobody was surprised.\nIt was not found again.",
    "Was it the {who} who sold a {what} in the {where} last winter?\nNobody knows.",
    "A {who} with a broken {what} is no good sign in any {where}.\nThat much is known.\nWe agreed at once.",
    "I lost my {what} when the {who} of the {where} began to sing very loudly.\nI want it back.",
)


def wording(number: int) -> str:
    """The text of that number; no two numbers below 6,400 have the same."""
    who, rest = WHO[number % len(WHO)], number // len(WHO)
    what, rest = WHAT[rest % len(WHAT)], rest // len(WHAT)
    where = WHERE[rest % len(WHERE)]
    return SAYINGS[number % len(SAYINGS)].format(who=who, what=what, where=where)


@dataclass(frozen=True)
class Seen:
    """One page that a visitor opened.

    Attributes:
        page: its file stem.
        seconds: to the end of its run; to the giving up where it never came.
        sent: bytes that the server sent for it.
        wrong: what was wrong with it, "" where nothing was.
        at: seconds since the crowd began, when it was asked for.
    """

    page: str
    seconds: float
    sent: int
    wrong: str
    at: float


@dataclass
class Run:
    """What came since a page was asked for, of the last whole run that has begun."""

    title: str = ""
    pictures: int = 0
    notes: int = 0
    page: str = ""
    wrong: list[str] = field(default_factory=list)
    drawn: list[bytes] = field(default_factory=list)


class Visitor:
    """A browser's side of one visit."""

    def __init__(self, url: str, *, unfolded: bool = False) -> None:
        self.url = url
        self.unfolded = unfolded  # whether they open all that is folded
        self.sent = 0  # bytes that came
        self.pages: dict[str, str] = {}  # file stem -> Streamlit's hash of the page
        self._query = ""
        self._box = ""  # the id of the box with the text
        self._page = ""  # hash of the page on screen
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}  # by hash: when it came last, and the message
        self._runs = 0
        self._run = Run()
        self._fresh = False  # whether a whole run has begun since a page was asked for
        self._ended: asyncio.Future[Run] | None = None
        self._again: dict[str, asyncio.Task[None]] = {}  # by fragment: what runs it every second
        self._socket: ClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None

    async def come(self) -> None:
        """Connects."""
        address = urlsplit(self.url)
        scheme = "wss" if address.scheme == "https" else "ws"
        stream = f"{scheme}://{address.netloc}{address.path.rstrip('/')}/_stcore/stream"
        origin = f"{address.scheme}://{address.netloc}"
        self._socket = await connect(
            stream, subprotocols=["streamlit"], origin=origin, max_size=None, open_timeout=PATIENCE
        )
        self._listening = asyncio.create_task(self._listen())

    async def go(self) -> None:
        """Leaves."""
        for task in (*self._again.values(), *([self._listening] if self._listening else [])):
            task.cancel()
        if self._socket:
            await self._socket.close()

    async def open(self, page: str, text: str) -> Run:
        """Types a text and opens a page with it, as by a link at first and through the menu later.

        Returns:
            what it drew.

        Raises:
            TimeoutError: nothing came for too long.
            ConnectionError: the server hung up.
        """
        asked = {"text": text, **shown(page)}
        if not self.unfolded:
            del asked[choices.OPEN]
        if page not in self.pages:
            asked["page"] = page
        self._query = urlencode(asked)
        self._page = self.pages.get(page, "")
        self._fresh = False
        self._ended = asyncio.get_running_loop().create_future()
        await self._rerun(text=text)
        return await asyncio.wait_for(self._ended, PATIENCE)

    async def _rerun(self, *, text: str = "", fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id = self._query, self._page, fragment
        state.is_auto_rerun = bool(fragment)
        state.context_info.url, state.context_info.timezone, state.context_info.locale = self.url, "UTC", "en"
        state.cached_message_hashes.extend(self._kept)
        if self._box and text:
            state.widget_states.widgets.add(id=self._box, string_value=text)
        assert self._socket is not None
        with suppress(WebSocketException):  # whoever listens says so
            await self._socket.send(message.SerializeToString())

    async def _listen(self) -> None:
        assert self._socket is not None
        try:
            async for data in self._socket:
                self.sent += len(data)
                message = ForwardMsg.FromString(data)
                self._hear(message)
            raise ConnectionError("the server closed the connection")
        except (WebSocketException, ConnectionError) as problem:
            if self._ended and not self._ended.done():
                self._ended.set_exception(ConnectionError(f"disconnected: {problem}"))

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self._begin(message)
        elif kind == "ref_hash":
            known = self._kept.get(message.ref_hash)
            if known is None:
                self._run.wrong.append("refers to a message that no browser would still have")
            else:
                self._kept[message.ref_hash] = (self._runs, known[1])
                self._draw(known[1])
        elif kind == "delta":
            if message.metadata.cacheable:
                self._kept[message.hash] = (self._runs, message)
            self._draw(message)
        elif kind == "navigation":
            self._run.page = message.navigation.page_script_hash
            for page in message.navigation.app_pages:
                self.pages["question" if page.is_default else page.url_pathname] = page.page_script_hash
        elif kind == "page_not_found":
            self._run.wrong.append("page not found")
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            self._run.wrong.append(f"exception: {message.session_event.script_compilation_exception.message}")
        elif kind == "auto_rerun":
            self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._stop(fragment)
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._end()

    def _begin(self, message: ForwardMsg) -> None:
        for fragment in list(self._again):
            self._stop(fragment)
        self._run, self._fresh = Run(), True
        self._page = message.new_session.page_script_hash

    def _end(self) -> None:
        self._runs += 1
        self._kept = {key: held for key, held in self._kept.items() if self._runs - held[0] <= KEPT}
        if self._fresh and self._ended and not self._ended.done():
            self._ended.set_result(self._run)

    def _draw(self, message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") == "add_block":
            self._run.notes += "-note_" in message.delta.add_block.id
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "text_area" and element.text_area.label == "Your text":
            self._box = element.text_area.id
            return  # what stands in the box shows nothing about the page
        if kind == "exception":
            self._run.wrong.append(f"exception: {element.exception.type} {element.exception.message}"[:300])
        elif kind == "code":
            return  # nor does the address in which it stands
        elif kind == "heading" and element.heading.tag == "h1":
            self._run.title = element.heading.body
        elif kind in PICTURES and not any(name in element.bidi_component.id for name in OF_THE_FRAME):
            self._run.pictures += 1
        self._run.drawn.append(element.SerializeToString())

    def _repeat(self, fragment: str, interval: float) -> None:
        async def repeat() -> None:
            while True:
                await asyncio.sleep(interval)
                await self._rerun(fragment=fragment)

        self._stop(fragment)
        self._again[fragment] = asyncio.create_task(repeat())

    def _stop(self, fragment: str) -> None:
        if fragment in self._again:
            self._again.pop(fragment).cancel()


def faults(run: Run, page: str, expected: str, others: set[int] | None) -> list[str]:
    """What is wrong with a page that came.

    Args:
        run: what came.
        page: that was asked for.
        expected: Streamlit's hash of it.
        others: what was drawn for other texts, each as a hash; what was drawn now is added. None where what is open
            of a page may be the same for every text.
    """
    if run.wrong:
        return run.wrong
    found = []
    if run.page != expected:
        found.append("another page came")
    if not run.title:
        found.append("no title")
    if page in STORIES:
        if not run.pictures:
            found.append("no picture" + (", a note" if run.notes else ""))
        drawn = hash((page, *run.drawn))
        if others is not None:
            if drawn in others:
                found.append("the same as for another text")
            others.add(drawn)
    return found


class Server:
    """What the operating system says of a process; nothing where it has no /proc."""

    def __init__(self, pid: int | None) -> None:
        self._folder = Path(f"/proc/{pid}") if pid and Path(f"/proc/{pid}/stat").exists() else None

    def processor(self) -> float | None:
        """Seconds that it has used."""
        if self._folder is None:
            return None
        fields = (self._folder / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float | None:
        """MiB that it holds in the machine's memory."""
        if self._folder is None:
            return None
        found = re.search(r"^VmRSS:\s+(\d+) kB", (self._folder / "status").read_text(), re.MULTILINE)
        return int(found[1]) / 1024 if found else None


@dataclass(frozen=True)
class Told:
    """What a crowd found.

    Attributes:
        visitors: how many came.
        first: the pages that one visitor opened before them.
        seen: the pages they opened.
        seconds: for how long.
        processor: seconds that the server used for it, None where that is not known.
        memory: MiB that the server held, every second; empty where that is not known.
        log: what the server printed, "" where it is not ours.
    """

    visitors: int
    first: tuple[Seen, ...]
    seen: tuple[Seen, ...]
    seconds: float
    processor: float | None
    memory: tuple[float, ...]
    log: str

    @property
    def wrong(self) -> list[Seen]:
        """The pages with which something was wrong."""
        return [each for each in (*self.first, *self.seen) if each.wrong]

    def lines(self) -> Iterator[str]:
        """As it is printed."""
        yield f"{self.visitors} visitors, {self.seconds:.0f} s, {len(self.seen)} pages, {len(self.wrong)} with an error"
        for page in sorted({each.page for each in self.seen}):
            yield self._line(page, [each for each in self.seen if each.page == page])
        yield self._line("all", self.seen)
        yield f"one visitor before them: {', '.join(f'{each.page} {each.seconds:.1f} s' for each in self.first)}"
        if self.processor is not None and self.seen:
            each, together = self.processor / len(self.seen), self.processor / self.seconds
            yield f"processor: {each:.2f} s a page, {together:.2f} cores"
        if self.memory:
            every = self.memory[:: max(1, len(self.memory) // 12)]
            steps = " ".join(f"{held:.0f}" for held in every)
            first, last = self.memory[0], self.memory[-1]
            yield f"memory: {first:.0f} MiB at first, {max(self.memory):.0f} at most, {last:.0f} at last ({steps})"
        for (page, wrong), many in Counter((each.page, each.wrong) for each in self.wrong).most_common(20):
            yield f"  {many} x {page}: {wrong}"
        if "Traceback" in self.log:
            yield f"{self.log.count('Traceback')} tracebacks in the server's log (--log keeps it); the last one:"
            yield self.log[self.log.rindex("Traceback") :][:3000]

    @staticmethod
    def _line(name: str, seen: Sequence[Seen]) -> str:
        if not seen:
            return f"{name:12s} none"
        seconds = sorted(each.seconds for each in seen)
        high = seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]
        sent = statistics.median(each.sent for each in seen) / 1024
        wrong = sum(bool(each.wrong) for each in seen)
        return (
            f"{name:12s} {len(seen):5d} pages   p50 {statistics.median(seconds):6.2f} s   p95 {high:6.2f} s   "
            f"{sent:6.0f} KB   {wrong} errors"
        )


async def _visit(
    url: str,
    pages: Sequence[str],
    least: int,
    until: float,
    thought: float,
    numbers: Iterator[int],
    others: set[int] | None,
    began: float,
    seen: list[Seen],
) -> None:
    """One visitor, from their coming until the time is over and they saw the least; who was thrown out comes again."""
    chance = Random(pages[0])
    await asyncio.sleep(chance.uniform(0, max(0.0, min(thought, until - time.monotonic()))))
    visitor = None
    for step in count():
        if step >= least and time.monotonic() >= until:
            break
        page = pages[step % len(pages)]
        text = wording(next(numbers))
        start, before = time.monotonic(), visitor.sent if visitor else 0
        try:
            if visitor is None:
                visitor, before = Visitor(url, unfolded=others is not None), 0
                await visitor.come()
            run = await visitor.open(page, text)
            wrong = "; ".join(dict.fromkeys(faults(run, page, visitor.pages.get(page, ""), others)))
        except TimeoutError:
            wrong = f"no answer in {PATIENCE:.0f} s"
        except (OSError, WebSocketException) as problem:
            wrong = str(problem) or type(problem).__name__
        sent = visitor.sent - before if visitor else 0
        seen.append(Seen(page, time.monotonic() - start, sent, wrong, start - began))
        if visitor and (wrong.startswith("no answer") or "disconnected" in wrong):
            await visitor.go()
            visitor = None
        await asyncio.sleep(max(0.0, min(chance.uniform(0.5, 1.5) * thought, until - time.monotonic())))
    if visitor:
        await visitor.go()


async def _crowd(
    url: str,
    visitors: int,
    seconds: float,
    thought: float,
    pages: Sequence[str],
    server: Server,
    log: Path | None,
    warm: bool,
    unfolded: bool,
) -> Told:
    numbers = count()
    first: list[Seen] = []
    now = time.monotonic()
    others: set[int] | None = set() if unfolded else None
    once = pages if warm else pages[:1]  # at the first visit the model is opened, and a page makes what is made once
    await _visit(url, once, len(once), now, 0, numbers, others, now, first)
    seen: list[Seen] = []
    memory: list[float] = []

    async def watch() -> None:
        while True:
            held = server.memory()
            if held is not None:
                memory.append(held)
            await asyncio.sleep(1)

    began, used = time.monotonic(), server.processor()
    watching = asyncio.create_task(watch())
    until = began + seconds
    starts = [number * len(pages) // visitors for number in range(visitors)]
    least = -(-len(pages) // visitors)  # together they see every page
    await asyncio.gather(
        *(_visit(url, [*pages[at:], *pages[:at]], least, until, thought, numbers, others, began, seen) for at in starts)
    )
    lasted, now_used = time.monotonic() - began, server.processor()
    watching.cancel()
    processor = None if used is None or now_used is None else now_used - used
    said = log.read_text("utf-8", "replace") if log else ""
    return Told(visitors, tuple(first), tuple(seen), lasted, processor, tuple(memory), said)


def crowd(
    visitors: int,
    seconds: float,
    thought: float,
    pages: Sequence[str],
    *,
    url: str = "",
    log: Path | None = None,
    warm: bool = True,
    unfolded: bool = False,
) -> Told:
    """Sends a crowd to the app.

    Args:
        visitors: how many at once.
        seconds: for how long they open pages.
        thought: seconds between the end of a page and the next one, in the mean.
        pages: file stems, which each visitor opens in turn, beginning with another one; every page is opened.
        url: of a server that runs already; without one a server is started, and ended behind it.
        log: a file for what that server prints.
        warm: whether one visitor opens every page before them, so that what a server makes once is made; else one.
        unfolded: whether they open all that is folded.
    """
    if url:
        return asyncio.run(_crowd(url, visitors, seconds, thought, pages, Server(None), None, warm, unfolded))
    with tempfile.TemporaryDirectory() as folder:
        log = log or Path(folder) / "log.txt"
        with serving(log, more={"STREAMLIT_LOGGER_ENABLE_RICH": "false"}) as site:
            server = Server(site.process.pid)
            return asyncio.run(_crowd(site.url, visitors, seconds, thought, pages, server, log, warm, unfolded))


def main() -> int:
    """Reads the command line; 1 where a page had an error."""
    ask = argparse.ArgumentParser(prog="python -m tests.crowd", description=__doc__)
    ask.add_argument("--visitors", "--students", type=int, default=8, help="how many at once (8)")
    ask.add_argument("--seconds", type=float, default=60, help="for how long (60)")
    ask.add_argument("--thought", type=float, default=5, help="seconds of thought between two pages (5)")
    ask.add_argument("--pages", default="all", help="file stems, with commas between them; or all, or path (all)")
    ask.add_argument("--open", action="store_true", help="all that is folded is open")
    ask.add_argument("--url", default="", help="of a server that runs already")
    ask.add_argument("--log", type=Path, help="a file for what the server prints")
    ask.add_argument("--json", type=Path, help="a file for every page that was opened")
    ask.add_argument("--cold", action="store_true", help="no visitor before them: they wait for what is made once")
    given = ask.parse_args()
    sets = {"all": tuple(PAGES), "path": contents.STEPS}
    pages = sets.get(given.pages) or tuple(given.pages.split(","))
    unknown = [page for page in pages if page not in PAGES]
    if unknown:
        ask.error(f"no page {', '.join(unknown)}; there are {', '.join(PAGES)}")
    told = crowd(
        given.visitors,
        given.seconds,
        given.thought,
        pages,
        url=given.url,
        log=given.log,
        warm=not given.cold,
        unfolded=given.open,
    )
    print("\n".join(told.lines()))
    if given.json:
        given.json.write_text(json.dumps(asdict(told), indent=1), "utf-8")
    return bool(told.wrong)


if __name__ == "__main__":
    sys.exit(main())
