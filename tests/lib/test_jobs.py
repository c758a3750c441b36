"""The queue of long work: shared, cancelled, in order, and free of what is not wanted any more."""

from __future__ import annotations

import errno
import gc
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from lib.jobs import AGAIN, NICE, Job, Progress, Queue
from tests.conftest import PATIENCE


@dataclass
class Thing:
    """A result of some bytes."""

    name: str
    nbytes: int = 8


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


class Steady:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.runs = 0
        self.go = threading.Event()

    def __call__(self, job: Job[Thing]) -> Thing:
        self.runs += 1
        for step in range(1_000_000):
            job.report(step, 1_000_000, "working")
            if self.go.wait(0.005):
                break
        return Thing(str(job.key))


@pytest.fixture
def queue() -> Iterator[Queue]:
    made = Queue(workers=1, most=20)
    yield made
    for visitor in {each for job in (*made._running, *made._waiting) for each in job._visitors}:
        made.leave(visitor)
    until(lambda: len(made) == 0)


def test_work_is_done_and_told(queue: Queue) -> None:
    work = Steady()
    job = queue.submit("one", "ann", work)
    until(lambda: job.progress.note == "working")
    assert job.state == "running"
    work.go.set()
    until(lambda: job.over)
    assert (job.state, job.result) == ("done", Thing("one"))


def test_a_class_that_wants_the_same_waits_once(queue: Queue) -> None:
    work = Steady()
    jobs = [queue.submit("same", f"visitor {n}", work) for n in range(10)]
    assert len({id(job) for job in jobs}) == 1
    work.go.set()
    until(lambda: jobs[0].over and len(queue) == 0)
    assert work.runs == 1
    later = queue.submit("same", "latecomer", work)
    assert (later.state, later.result) == ("done", Thing("same"))
    assert work.runs == 1


def test_jobs_wait_in_order(queue: Queue) -> None:
    works = [Steady() for _ in range(4)]
    jobs = [queue.submit(n, f"visitor {n}", work) for n, work in enumerate(works)]
    until(lambda: jobs[0].state == "running")
    assert [queue.place(job) for job in jobs] == [0, 1, 2, 3]
    queue.leave("visitor 1")
    assert jobs[1].state == "cancelled"
    assert [queue.place(job) for job in jobs] == [0, 0, 1, 2]
    works[0].go.set()
    until(lambda: jobs[2].state == "running")
    assert [work.runs for work in works] == [1, 0, 1, 0]


def test_who_leaves_ends_only_what_nobody_else_wants(queue: Queue) -> None:
    work = Steady()
    job = queue.submit("shared", "ann", work)
    queue.submit("shared", "bob", work)
    until(lambda: job.state == "running")
    queue.leave("ann")
    step = job.progress.done
    until(lambda: job.progress.done > step + 1)
    queue.leave("bob")
    until(lambda: job.over)
    assert job.state == "cancelled"
    again = queue.submit("shared", "cy", work)
    assert again is not job
    until(lambda: again.state == "running")


def test_a_visitor_has_one_job(queue: Queue) -> None:
    first = queue.submit("first", "ann", Steady())
    second = queue.submit("second", "ann", Steady())
    until(lambda: first.over and second.state == "running")
    assert first.state == "cancelled"


def test_a_visitor_who_is_gone_frees_everything(queue: Queue) -> None:
    class Large:
        """Something that a job holds on to."""

    held = Large()
    gone = weakref.ref(held)
    steady = Steady()

    def work(job: Job[Thing], kept: Large = held) -> Thing:
        assert kept
        return steady(job)

    jobs = [queue.submit("mine", "ann", work), queue.submit("next", "bob", Steady())]
    del work, held
    queue.sweep(lambda visitor: visitor == "nobody")
    until(lambda: all(job.over for job in jobs) and len(queue) == 0)
    gc.collect()
    assert gone() is None


def test_a_problem_is_a_kind_sentence_and_the_next_one_runs(queue: Queue) -> None:
    def broken(_job: Job[Thing]) -> Thing:
        raise ValueError("Row 7 is empty.")

    job = queue.submit("broken", "ann", broken)
    until(lambda: job.over)
    assert (job.state, job.problem) == ("failed", "Row 7 is empty.")
    work = Steady()
    work.go.set()
    retried = queue.submit("broken", "ann", work)
    until(lambda: retried.over)
    assert retried.state == "done", "a failure is not kept"


def test_a_bug_is_no_silence(queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    def bug(_job: Job[Thing]) -> Thing:
        raise KeyError("x")

    job = queue.submit("bug", "ann", bug)
    until(lambda: job.over and len(queue) == 0)
    assert job.state == "failed"
    assert "could not be finished" in job.problem
    assert "KeyError: 'x'" in caplog.text, "the operator reads why"


def test_what_is_kept_is_bounded_in_bytes(queue: Queue) -> None:
    for name in ("one", "two", "three"):
        work = Steady()
        work.go.set()
        job = queue.submit(name, "ann", work)
        until(lambda job=job: job.over and len(queue) == 0)
    again = Steady()
    again.go.set()
    job = queue.submit("one", "ann", again)
    until(lambda: job.over)
    assert again.runs == 1, "20 bytes hold two of them"


def test_what_is_a_visitor_s_own_is_kept_by_nobody(queue: Queue) -> None:
    work = Steady()
    work.go.set()
    job = queue.submit("own", "ann", work, keep=False)
    until(lambda: job.over and len(queue) == 0)
    assert job.result == Thing("own")
    assert queue.submit("own", "bob", work) is not job
    until(lambda: work.runs == 2)


def test_the_time_that_is_left() -> None:
    assert Progress(0, 10, "", 3).left() is None
    assert Progress(5, 10, "", 3).left() == 3
    assert Progress(10, 10, "", 3).left() == 0
    assert Progress(5, 10, "", 3).left(since=2) == 1, "it does not stand still between two reports"
    assert Progress(5, 10, "", 3).left(since=4) is None, "nor say that it is nearly over when it is overdue"
    assert Progress(5, 10, "", 3, ahead=40).left(since=4) == 36
    assert Progress(3, 0, "", 3).share == 0


def test_what_there_is_so_far_can_be_looked_at(queue: Queue) -> None:
    seen, go = threading.Event(), threading.Event()

    def work(job: Job[Thing]) -> Thing:
        job.report(1, 2, "half", Thing("so far"))
        seen.set()
        go.wait(PATIENCE)
        job.report(2, 2, "half")
        assert job.so_far == Thing("so far"), "nothing new leaves the old"
        return Thing("whole")

    job = queue.submit("one", "ann", work)
    assert seen.wait(PATIENCE)
    assert (job.result, job.so_far) == (None, Thing("so far"))
    go.set()
    until(lambda: job.over)
    assert (job.result, job.so_far) == (Thing("whole"), None)


@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has a priority of its own")
def test_a_job_stands_back_and_nobody_else_does(queue: Queue) -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before, inside = priority(), []

    def work(job: Job[Thing]) -> Thing:
        inside.append(priority())
        return Thing("done")

    job = queue.submit("one", "ann", work)
    until(lambda: job.over)
    assert inside == [max(before, NICE)], "also where all of it runs at a low one"
    assert priority() == before


def test_a_full_disk_is_no_reason_to_start_once_more(queue: Queue) -> None:
    def work(number: int) -> Callable[[Job[Thing]], Thing]:
        def full(_job: Job[Thing]) -> Thing:
            raise OSError(number, os.strerror(number))

        return full

    job, other = queue.submit("full", "ann", work(errno.ENOSPC)), queue.submit("other", "bob", work(errno.EIO))
    until(lambda: job.over and other.over)
    assert job.problem.startswith("**The server’s disk is full.**")
    assert other.problem == AGAIN


def test_five_who_leave_leave_nothing_behind(queue: Queue) -> None:
    """Five tabs begin a training each and are closed, in whatever order: the queue is empty, and the next one runs."""
    works = [Steady() for _ in range(5)]
    jobs = [queue.submit(n, f"tab {n}", work) for n, work in enumerate(works)]
    until(lambda: works[0].runs == 1)
    for n in (3, 0, 4, 1, 2):
        queue.leave(f"tab {n}")
    until(lambda: len(queue) == 0)
    assert {job.state for job in jobs} == {"cancelled"}
    assert sum(work.runs for work in works) <= 2, "who left while waiting is never begun"
    work = Steady()
    work.go.set()
    late = queue.submit("late", "tab 6", work)
    until(lambda: late.over)
    assert late.state == "done"
