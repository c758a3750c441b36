"""For the front of a room (``?present=1``): one thing on the screen at a time, by the arrow keys or a clicker.

What belongs together (a title with its lead, a question, its answer, a picture with its sentence) is one beat. The
browser alone knows which beat is on screen; the address knows only that somebody presents.
"""

from __future__ import annotations

import streamlit as st

from lib import components
from lib.app import choices, contents, links
from lib.words.notes import NOTES

_START, _END, _CODE = "present_start", "present_end", "present_code"


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
    address, code = _code()
    with st.container(key="presenter"):
        with st.container(key="present_keys"):
            st.button("End", key=_END, on_click=_set, args=(False,))
        components.mount(__file__)(
            key="presenter_keys",
            data={
                "page": stem,
                "before": contents.STEPS[at] if aside else contents.STEPS[max(at - 1, 0)],
                "after": contents.after(stem).stem if stem != contents.LAST else "",
                "notes": NOTES.get(stem, ""),
                "link": address,
                "code": code,
            },
        )


def _code() -> tuple[str, list[str]]:
    """An address and its QR code in rows, "1" for dark: of the view, or of the page where that is too long."""
    import segno

    page = links.link({choices.PAGE: choices.page()}) or ""
    address = links.link(links.state()) or page
    kept: tuple[str, str, list[str]] = st.session_state.get(_CODE, ("", "", []))
    if kept[0] == address:  # most runs of a presentation change nothing of its view
        return kept[1:]
    asked = address
    try:
        code = segno.make(address, error="l")
    except segno.DataOverflowError:  # a code holds fewer characters than an address may have
        address, code = page, segno.make(page, error="l")
    rows = ["".join("1" if dark else "0" for dark in row) for row in code.matrix_iter(border=2)]
    st.session_state[_CODE] = (asked, address, rows)
    return address, rows


def _set(present: bool) -> None:
    st.session_state[choices.PRESENT] = present
