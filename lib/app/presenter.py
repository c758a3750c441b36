"""For the front of a room (``?present=1``): one thing on the screen at a time, by the arrow keys or a clicker.

What belongs together (a title with its lead, a question, its answer, a picture with its sentence) is one beat. The
browser alone knows which beat is on screen; the address knows only that somebody presents.
"""

from __future__ import annotations

import streamlit as st

from lib import components
from lib.app import choices, contents, links
from lib.words.notes import NOTES

_START, _END = "present_start", "present_end"


def on() -> bool:
    """Whether somebody presents."""
    return bool(st.session_state.get(choices.PRESENT))


def button() -> None:
    """The button that starts it, for the frame."""
    st.button("Present", type="tertiary", key=_START, on_click=_set, args=(True,))


def draw() -> None:
    """What a presentation has over the page; drawn behind the page, when its link is known."""
    if not on():
        return
    stem = choices.page()
    at = contents.step(stem) - 1
    aside = bool(contents.ENTRIES[stem].deepens)
    with st.container(key="presenter"):
        with st.container(key="present_keys"):
            st.button("End", key=_END, on_click=_set, args=(False,))
        components.mount(__file__, "kept")(
            key="presenter_keys",
            data={
                "page": stem,
                "before": contents.STEPS[at] if aside else contents.STEPS[max(at - 1, 0)],
                "after": contents.after(stem).stem if stem != contents.LAST else "",
                "notes": NOTES.get(stem, ""),
                "link": _link(),
                "code": _code(_link()),
            },
        )


def _link() -> str:
    return links.link(links.state()) or links.link({choices.PAGE: choices.page()}) or ""


def _code(address: str) -> list[str]:
    """The address as a QR code: its rows, "1" for a dark square."""
    import segno

    rows = segno.make(address, error="l").matrix_iter(border=2)
    return ["".join("1" if dark else "0" for dark in row) for row in rows]


def _set(present: bool) -> None:
    st.session_state[choices.PRESENT] = present
