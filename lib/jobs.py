"""Long work for a whole class: one queue, few workers, one job a visitor, and one run for all who want the same.

A job runs in a thread of its own and tells how far it is; whoever asked can leave it at any time. When nobody waits for
it any more it ends at its next report, and what it held is free. What came out is kept for the next visitor who asks
for the same, in a store bounded in bytes.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from lib.store import Store

_log = logging.getLogger(__name__)

NICE = 10  # of a job's thread: pages are answered first

AGAIN = "**This could not be finished.** Start it once more; nothing of yours is lost."
NO_ROOM = "**The server’s disk is full.** Take fewer or shorter texts, or tell who runs it; nothing of yours is lost."

State = Literal["waiting", "running", "done", "failed", "cancelled"]
OVER: tuple[State, ...] = ("done", "failed", "cancelled")

Result = TypeVar("Result")


class Cancelled(Exception):  # noqa: N818 - no error: somebody left
    """Ends the work of a job that nobody waits for any more."""


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes:
        done: of the work, in whatever it counts.
        of: all of it; 0 where that is not known yet.
        note: what it is doing, a few words.
        seconds: that it has been doing this.
        ahead: seconds that the work itself expects from now on; None where it does not say.
    """

    done: int = 0
    of: int = 0
    note: str = ""
    seconds: float = 0.0
    ahead: float | None = None

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(self.done / self.of, 1.0) if self.of else 0.0

    def left(self, since: float = 0.0) -> float | None:
        """Seconds that it will still take if it goes on like this; None before that can be told, or when it is overdue.

        Args:
            since: seconds that have gone by since it said how far it is.
        """
        ahead = self.ahead
        if ahead is None:
            ahead = self.seconds * (1 - self.share) / self.share if self.share > 0.02 else None
        return None if ahead is None or since > ahead else ahead - since


class Job(Generic[Result]):
    """One piece of work and who waits for it; made by :meth:`Queue.submit`.

    Attributes:
        key: what it is; the same key is the same work.
        keep: whether what comes out is kept for others.
        state: "waiting", "running", "done", "failed" or "cancelled".
        progress: how far it is.
        result: what came out, once it is done.
        so_far: what there is of the result while it runs; None for work that shows nothing on the way.
        problem: why it failed, a kind sentence.
    """

    def __init__(self, key: Hashable, work: Callable[[Job[Result]], Result], *, keep: bool = True) -> None:
        """A job that waits."""
        self.key = key
        self.keep = keep
        self.state: State = "waiting"
        self.progress = Progress()
        self.result: Result | None = None
        self.so_far: Result | None = None
        self.problem = ""
        self._work = work
        self._visitors: set[str] = set()
        self._leave = threading.Event()
        self._began = self._told = 0.0

    @classmethod
    def stopped(cls, key: Hashable) -> Job[Result]:
        """One that is over before it began, for a visitor who stopped waiting."""
        job = cls(key, _nothing)
        job.state = "cancelled"
        return job

    @property
    def over(self) -> bool:
        """Whether it will change no more."""
        return self.state in OVER

    @property
    def unwanted(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._leave.is_set()

    def check(self) -> None:
        """Ends the work if nobody waits for it any more; to be called inside of long steps, as it costs nothing.

        Raises:
            Cancelled: nobody does. The work lets it through.
        """
        if self.unwanted:
            raise Cancelled

    @property
    def left(self) -> float | None:
        """Seconds that it will still take, now; None where that cannot be told."""
        return self.progress.left(time.monotonic() - self._told)

    def report(
        self, done: int, of: int, note: str = "", so_far: Result | None = None, *, ahead: float | None = None
    ) -> None:
        """Says how far the work is; to be called by the work at least every half second.

        Args:
            done: of the work.
            of: all of it.
            note: what it is doing.
            so_far: what there is of the result; None where there is nothing new.
            ahead: seconds that the work expects from now on, where it knows better than by what is done.

        Raises:
            Cancelled: nobody waits for it any more. The work lets it through.
        """
        self.check()
        if note != self.progress.note:
            self._began = time.monotonic()  # the next stage has a pace of its own
        self._told = time.monotonic()
        self.progress = Progress(done, of, note, self._told - self._began, ahead)
        if so_far is not None:
            self.so_far = so_far

    def _run(self) -> None:
        self.state, self._began = "running", time.monotonic()
        try:
            self.result = self._work(self)
            self.state = "done"
        except Cancelled:
            self.state = "cancelled"
        except ValueError as problem:
            self.problem, self.state = str(problem), "failed"
        except MemoryError:
            self.problem, self.state = "**Not enough memory.** Take fewer or shorter texts.", "failed"
        except Exception as problem:
            _log.exception("A job failed: %r", self.key)  # the operator's log has the whole story
            full = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)
            self.problem = NO_ROOM if full else AGAIN
            self.state = "failed"
        finally:
            self._work, self.so_far = _nothing, None  # lets go of what it held


def _nothing(_job: Job[Result]) -> Result:
    raise RuntimeError("A job runs once.")


class Queue:
    """Jobs of many visitors, in the order in which they were asked for."""

    def __init__(self, workers: int, most: int) -> None:
        """An empty queue.

        Args:
            workers: jobs that run at the same time.
            most: bytes of results that are kept.
        """
        self._workers = workers
        self._lock = threading.Lock()
        self._waiting: list[Job[Any]] = []  # each with a result of its own kind
        self._running: list[Job[Any]] = []  # and these
        self._kept: Store[object] = Store(most)

    def submit(
        self, key: Hashable, visitor: str, work: Callable[[Job[Result]], Result], *, keep: bool = True
    ) -> Job[Result]:
        """Asks for work; joins the job that does the same already, or takes what is kept of it.

        A visitor has one job: another one that they wait for is left first.

        Args:
            key: what the work is; the same key must give the same result.
            visitor: who asks.
            work: gets its job, to report to, and gives the result.
            keep: whether the result is kept for the next one who asks; what is a visitor's own is not.
        """
        self.leave(visitor)
        with self._lock:
            kept = self._kept.peek(key)
            job = next((job for job in (*self._running, *self._waiting) if job.key == key and not job.unwanted), None)
            if kept is not None:
                done: Job[Any] = Job(key, _nothing)  # the same key gave it, and so a result of the same kind
                done.result, done.state = kept, "done"
                return done
            if job is None:
                job = Job(key, work, keep=keep)
                self._waiting.append(job)
            job._visitors.add(visitor)
        self._start()
        return job

    def leave(self, visitor: str) -> None:
        """Lets a visitor's job go; it ends if nobody else waits for it."""
        with self._lock:
            for job in (*self._running, *self._waiting):
                job._visitors.discard(visitor)
                if not job._visitors:
                    job._leave.set()
            for job in [job for job in self._waiting if job.unwanted]:
                self._waiting.remove(job)
                job.state = "cancelled"

    def sweep(self, is_there: Callable[[str], bool]) -> None:
        """Lets go the jobs of visitors who have left.

        Args:
            is_there: whether a visitor is still connected.
        """
        with self._lock:
            everyone = {visitor for job in (*self._running, *self._waiting) for visitor in job._visitors}
        for visitor in everyone:
            if not is_there(visitor):
                self.leave(visitor)

    def place(self, job: Job[Any]) -> int:  # whatever comes out of it
        """How many jobs run or wait before a waiting one; 0 for any other."""
        with self._lock:
            return len(self._running) + self._waiting.index(job) if job in self._waiting else 0

    def __len__(self) -> int:
        """Jobs that run or wait."""
        with self._lock:
            return len(self._running) + len(self._waiting)

    def _start(self) -> None:
        with self._lock:
            while self._waiting and len(self._running) < self._workers:
                job = self._waiting.pop(0)
                self._running.append(job)
                threading.Thread(target=self._do, args=(job,), name="job", daemon=True).start()

    def _do(self, job: Job[Any]) -> None:  # whatever comes out of it
        _stand_back()
        try:
            job._run()
            if job.keep and job.state == "done" and job.result is not None:
                result = job.result
                self._kept.take(job.key, lambda: result)
        finally:
            with self._lock:
                self._running.remove(job)
            self._start()


def _stand_back() -> None:
    """Lowers the priority of the thread that calls, and of those that it starts; on Linux alone they have their own."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):  # whoever runs it all at a lower one keeps that
            os.setpriority(os.PRIO_PROCESS, thread, max(NICE, os.getpriority(os.PRIO_PROCESS, thread)))
