"""The model that reads, the one that is asked for, and what becomes of it; no page waits for a model to come.

What a visitor asks for is a name: a slug of the table, ``owner/name`` of the hub, ``folder:path`` or ``tuned:name``.
It stands in ``MODEL``, and so in the address. The model that reads is another thing: it stays
until the one that is asked for is ready, or for good where that cannot be had.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit import runtime

from lib import checkpoints
from lib.app import visits
from lib.checkpoints import DEFAULT, TUNED, Trained
from lib.jobs import Job, Progress, Queue

MODEL = "model"
# what is kept for a visit
_READS, _WAITS, _PROBLEM = "model_reads", "model_waits", "model_problem"
_SECOND, _LACKS = "second_waits", "second_lacks"  # a model to stand beside
_MINE = "models_mine"  # what was trained here, by this visitor or, on texts of ours, by who gave them a link


@dataclass(frozen=True)
class Here:
    """A model that is here now; the model itself is kept where it was opened."""

    nbytes: int = 1


# more at once would only slow each other down; whether a model is here is asked of the files, not of old results
_queue = Queue(workers=2, most=0)


@dataclass(frozen=True)
class Problem:
    """Why a model that was asked for does not read.

    Attributes:
        name: what was asked for.
        reason: in sentences.
        page: on which it was asked for.
    """

    name: str
    reason: str
    page: str


def reads() -> str:
    """Slug of the model that reads."""
    slug = st.session_state.get(_READS, DEFAULT)
    return slug if ready(slug) else DEFAULT


def ready(slug: str) -> bool:
    """Whether a model can read for this visitor at once.

    One that was trained on a visitor's own file reads for nobody else, whoever has its link or guesses its name. To
    everybody else it is as one that is not there.

    Args:
        slug: of any model.
    """
    if not checkpoints.ready(slug):
        return False
    where = checkpoints.checkpoint(slug).where
    return not (isinstance(where, Trained) and where.private) or slug in st.session_state.get(_MINE, ())


def written(slug: str) -> str:
    """How a model stands in the box and in the address: not at all where it is the usual one."""
    return "" if slug == DEFAULT else slug


def settle(page: str) -> None:
    """Gives the model that is asked for its turn as soon as it is ready, and sees to it that it gets ready.

    Args:
        page: file stem of the page that is opened.
    """
    state = st.session_state
    state.setdefault(_READS, DEFAULT)
    old = problem()
    if old is not None and old.page != page:
        del state[_PROBLEM]
    asked = str(state.get(MODEL) or "")
    try:
        wanted = checkpoints.named(asked) if asked.strip() else DEFAULT
    except ValueError as refused:
        _give_up(asked, str(refused), page)
    else:
        now = _see_to(wanted, _WAITS)
        if now == "ready":
            _take(wanted)
        elif now == "comes":
            ask(wanted)
        else:
            _give_up(wanted, now, page)
    second = _job(_SECOND)
    if second is not None and second.over:
        _stand(str(second.key), page)


def mine(slug: str) -> None:
    """Lists a model that was trained here in this visitor's menus, and in nobody else's.

    For one that was trained on a visitor's own file its training alone calls this: it is what makes it theirs.

    Args:
        slug: ``tuned:`` and the name of the training.
    """
    listed = st.session_state.get(_MINE, ())
    if slug not in listed:
        st.session_state[_MINE] = (slug, *listed)


def trained() -> tuple[str, ...]:
    """Slugs of this visitor's models that were trained here and are still kept, the last one first."""
    return tuple(slug for slug in st.session_state.get(_MINE, ()) if ready(slug))


def bring(slug: str, page: str) -> None:
    """Sees to it that a model gets ready to stand beside the one that reads; what fails is tried once.

    Args:
        slug: of the model; "" where none is wanted any more.
        page: file stem of the page on screen.
    """
    state = st.session_state
    if not slug:
        _leave(_SECOND)
        state.pop(_LACKS, None)
    elif state.get(_LACKS) != slug:
        _stand(slug, page)


def _stand(slug: str, page: str) -> None:
    now = _see_to(slug, _SECOND)
    if now not in ("ready", "comes"):
        st.session_state[_LACKS], st.session_state[_PROBLEM] = slug, Problem(slug, now, page)


def _see_to(slug: str, place: str) -> str:
    """How it stands with a model: "ready", "comes", or why it cannot be had."""
    if ready(slug):
        _leave(place)
        return "ready"
    if slug.startswith(TUNED):  # nowhere to be fetched from
        return checkpoints.GONE
    job = _job(place)
    if job is None or job.key != slug or job.state == "cancelled":  # another one's tab may have been taken for gone
        st.session_state.pop(_PROBLEM, None)
        visits.own()  # so that somebody notices when they leave
        _queue.sweep(_is_there)
        job = st.session_state[place] = _queue.submit(slug, _visitor(place), _work(slug))
    if not job.over:
        return "comes"
    _leave(place)
    return "ready" if checkpoints.ready(slug) else job.problem


def _take(slug: str) -> None:
    if slug != reads():
        st.session_state.pop(_PROBLEM, None)
    if slug.startswith(TUNED):
        mine(slug)
    st.session_state[_READS] = slug
    ask(slug)


def ended() -> bool:
    """Whether a model has come, or failed to, since this run was settled."""
    return any(job is not None and job.over for job in (_job(_WAITS), _job(_SECOND)))


def waiting() -> tuple[str, Progress] | None:
    """The model that this visitor waits for, and how far it is; None where there is none.

    What is done for it now is the progress's note: "" while it waits for its turn.
    """
    jobs = [job for job in (_job(_WAITS), _job(_SECOND)) if job is not None and not job.over]
    return (str(jobs[0].key), jobs[0].progress) if jobs else None


def problem() -> Problem | None:
    """Why the model that was asked for last does not read; None where it does."""
    return st.session_state.get(_PROBLEM)


def ask(slug: str) -> None:
    """Asks for a model; for a button's ``on_click``."""
    st.session_state[MODEL] = written(slug)


def cancel(slug: str) -> None:
    """Waits no longer for that model, unless another was asked for since; for a button's ``on_click``."""
    for place in (_WAITS, _SECOND):
        job = _job(place)
        if job is not None and job.key == slug:
            _leave(place)
            st.session_state[_LACKS] = slug
    if st.session_state.get(MODEL) == written(slug):
        ask(reads())


@st.cache_data(ttl=10, show_spinner=False)
def folders() -> tuple[str, ...]:
    """Slugs of the models in the operator's folder."""
    return checkpoints.folders()


def _give_up(name: str, reason: str, page: str) -> None:
    _leave(_WAITS)
    st.session_state[_PROBLEM] = Problem(name, reason, page)
    st.session_state[_READS] = reads()  # what read until now may have gone
    ask(reads())


def _leave(place: str) -> None:
    if st.session_state.pop(place, None) is not None:
        _queue.leave(_visitor(place))


def _job(place: str) -> Job[Here] | None:
    return st.session_state.get(place)


def _visitor(place: str) -> str:
    return _waits(visits.visitor(), place)


def _waits(who: str, place: str) -> str:
    return f"{who} {place}"  # may wait for one model in each place


@visits.at_leave
def _left(who: str) -> None:
    """Has nothing fetched or opened for a visitor who has left."""
    for place in (_WAITS, _SECOND):
        _queue.leave(_waits(who, place))


def _is_there(visitor: str) -> bool:
    return not runtime.exists() or runtime.get_instance().is_active_session(visitor.split()[0])


def _work(slug: str) -> Callable[[Job[Here]], Here]:
    def work(job: Job[Here]) -> Here:
        job.report(0, 0, "starting")  # on a cold server the import takes seconds
        from lib import model

        model.fetch(slug, tell=job.report, unwanted=lambda: job.unwanted)
        return Here()

    return work
