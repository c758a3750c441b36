"""Long work on a page: one queue for the server, and a page that shows how far it is until it is done.

The page waits where it stands: what is above stays and can be used, and whatever the visitor does there ends the
waiting, not the work. Who comes back finds it further on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import streamlit as st

from lib import settings
from lib.app import parts, visits
from lib.jobs import Job, Queue
from lib.quantities import count, duration, plural

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

LOOK = 0.2  # seconds between two looks at a job
DRAW = 1.0  # seconds between two drawings of what there is so far
LINE = "broken_line"  # the component that says that the line to this server broke, and what was on screen then
LOST = (
    "**This run has ended before it was done.** The server was started again, or your browser was away from it for a "
    "while. Your texts and choices are here: start it once more."
)

QUEUE = Queue(workers=1, most=settings.memory("results"))
visits.at_leave(QUEUE.leave)

Result = TypeVar("Result")
Work: TypeAlias = Callable[[Job[Result]], Result]


def finished(
    slot: str,
    key: Hashable,
    work: Work[Result],
    *,
    start: str = "",
    keep: bool = True,
) -> Result:
    """What came out of a long piece of work; until there is something, the page shows how far it is and ends there.

    Args:
        slot: of the page; a new key in it ends the old work.
        key: what the work is; the same key must give the same result.
        work: gets its job, to report to, and gives the result.
        start: on the button that starts it; "" for work that starts by itself.
        keep: whether the result is kept for the next visitor who asks for the same.
    """
    box = st.empty()  # one thing at a time stands in it
    job = _job(slot, key, work, box, start=start, keep=keep)
    if job is not None and not job.over:
        _wait(job, _place(slot), box)
    result = _result(slot, job, box)
    if result is None:
        parts.end()
    return result


def watched(
    slot: str,
    key: Hashable,
    work: Work[Result],
    *,
    start: str,
    about: str,
    live: Callable[[Result], None],
    keep: bool = True,
) -> Result | None:
    """What came out of work that is watched as it goes; None until it is done. The page goes on meanwhile.

    Args:
        slot: of the page; a new key in it ends the old work.
        key: what the work is; the same key must give the same result.
        work: gets its job, to report to, and gives the result.
        start: on the button that starts it.
        about: what it will do, above the button; Markdown.
        live: draws what there is so far.
        keep: whether the result is kept for the next visitor who asks for the same.
    """
    box = st.empty()
    job = _job(slot, key, work, box, start=start, about=about, keep=keep)
    if job is not None and not job.over:
        with box.container(key=f"watched_{slot}"):
            _watch(job, _place(slot), live)
        return None
    return _result(slot, job, box)


def begun(slot: str, key: Hashable) -> bool:
    """Whether the visitor has begun that work, so that nothing more is to be said beforehand.

    Args:
        slot: of the page.
        key: what the work is.
    """
    job: Job[object] | None = visits.own().get(_place(slot))
    return job is not None and job.key == key


def _place(slot: str) -> str:
    return f"work_{slot}"


def _job(
    slot: str,
    key: Hashable,
    work: Work[Result],
    box: DeltaGenerator,
    *,
    start: str,
    keep: bool,
    about: str = "",
) -> Job[Result] | None:
    """The visitor's job of that key, or None where it waits for its button, which then stands in the box."""
    own, place = visits.own(), _place(slot)
    job: Job[Result] | None = own.get(place)
    if job is None or job.key != key:
        if start and own.get(f"{place}_go") != key:
            with box.container():
                if _lost(slot):
                    parts.note(LOST, key=f"{slot}_lost")
                if about:
                    st.markdown(about)
                st.button(start, key=f"{place}_start", type="primary", on_click=_go, args=(place, key))
            return None
        job = own[place] = QUEUE.submit(key, visits.visitor(), work, keep=keep)
    return job


def _lost(slot: str) -> bool:
    """Whether the browser has watched work that this visit knows nothing of: another visit, or server, had begun it."""
    said = getattr(st.session_state.get(LINE), "broke", None)
    return isinstance(said, str) and said.startswith(f"watched_{slot} ") and f"{_place(slot)}_go" not in visits.own()


def _result(slot: str, job: Job[Result] | None, box: DeltaGenerator) -> Result | None:
    """What came out of a job that is over; where nothing did, the box says so and offers to start again."""
    if job is None:
        return None
    if job.state != "done" or job.result is None:
        place = _place(slot)
        with box.container():
            parts.note(job.problem or "**Stopped.** Nothing of yours is lost.", key=f"{slot}_stopped")
            st.button("Start again", key=f"{place}_again", on_click=_go, args=(place, job.key))
        return None
    return job.result


def _go(place: str, key: Hashable) -> None:
    own = visits.own()
    own.pop(place, None)
    own[f"{place}_go"] = key


def _leave(place: str) -> None:
    """Ends the waiting at once; the work ends at its next check, or goes on for those who still want it."""
    QUEUE.leave(visits.visitor())
    own = visits.own()
    own[place] = Job.stopped(own[place].key)


def _wait(job: Job[Result], place: str, box: DeltaGenerator) -> None:
    """Shows how far a job is until it is over."""
    with box.container(key=f"{place}_waiting"):
        bar = st.progress(0.0)
        st.button("Cancel", key=f"{place}_cancel", on_click=_leave, args=(place,))
    while not job.over:
        bar.progress(job.progress.share, text=said(job))
        time.sleep(LOOK)
    box.empty()


def _watch(job: Job[Result], place: str, live: Callable[[Result], None]) -> None:
    """Shows how far a job is and what there is of it, again and again, while the rest of the page can be used."""

    @st.fragment(run_every=DRAW)
    def look() -> None:
        if job.over or visits.own().get(place) is not job:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.progress(job.progress.share, text=said(job))
            st.button("Cancel", key=f"{place}_cancel", on_click=_leave, args=(place,), width="content")
        so_far = job.so_far
        if so_far is not None:
            live(so_far)

    look()


def said(job: Job[Result]) -> str:
    """How far a job is, in words.

    Args:
        job: any.
    """
    ahead = QUEUE.place(job)
    if ahead:
        return f"Waiting: {plural(ahead, 'other run')} first."
    done = job.progress
    if not done.of:
        return "Starting…"
    far = f"{done.note}: {count(done.done)} of {count(done.of)}"
    left = job.left
    return f"{far}…" if left is None else f"{far}, about {duration(left)} left."
