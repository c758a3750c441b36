"""When a visitor leaves, what was theirs goes with them: their files, their results, the work they waited for.

Streamlit keeps a session for two minutes after its connection ends, and longer where nobody else comes. Whoever has
something of their own here is let go sooner.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.store import tidy

AWAY = 10.0  # seconds without a connection after which a visitor has left: a short break in the line is none

_farewells: list[Callable[[str], None]] = []
_own: dict[str, dict[str, object]] = {}  # by visitor: Streamlit itself still holds the state of who was the last to go


def visitor() -> str:
    """Who looks at the page, by the number of their session."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def at_leave(farewell: Callable[[str], None]) -> Callable[[str], None]:
    """Has a function called with the number of each visitor who has left."""
    _farewells.append(farewell)
    return farewell


def own() -> dict[str, Any]:  # of any kind: who puts something there knows what it is
    """What is the visitor's own, by name. It is emptied, and their session ended, soon after their connection ends."""
    held = _own[visitor()] = st.session_state.setdefault("own", {})
    _awaited(visitor())
    return held


def _disconnected(who: str) -> None:
    """Waits whether they come back; called in the server's loop where their connection ends."""
    try:
        asyncio.get_running_loop().call_later(AWAY, _look, who, True)
    except RuntimeError:
        return  # somebody emptied the caches


def _look(who: str, gone: bool) -> None:
    """Lets them go who are gone at two looks; who came back is looked after, as a page does not run for that."""
    if who not in _own or not runtime.exists():
        return
    there = runtime.get_instance().is_active_session(who)
    if gone and not there:
        _left(who)
    else:
        asyncio.get_running_loop().call_later(AWAY, _look, who, not there)


@st.cache_resource(scope="session", show_spinner=False, on_release=_disconnected)
def _awaited(who: str) -> str:
    return who


def _left(who: str) -> None:
    for farewell in _farewells:
        farewell(who)
    _own.pop(who, {}).clear()
    runtime.get_instance().close_session(who)
    tidy()
