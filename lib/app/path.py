"""The path: the steps from the question to its answer, and what this visitor predicted and found on each.

What was found is kept for the visit, and in the visitor's own browser, so that it is there tomorrow; the server keeps
none of it. Whatever comes back from a browser is looked at before it is taken: it is text and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

import streamlit as st

from lib import components
from lib.app import choices, contents
from lib.checkpoints import Checkpoint
from lib.escape import cut, visible
from lib.found import Found, Verdict, short, taken

_FOUND, _CLEAR = "path_found", "path_clear"
_MEMORY = Path(__file__).with_name("memory")
_ROW = Path(__file__).with_name("path")
SPEAKER = "speaker"  # whose numbers the page on screen shows


def speaker() -> Checkpoint:
    """The model whose numbers the page on screen shows."""
    return st.session_state.get(SPEAKER) or choices.checkpoint()


def found() -> dict[str, Found]:
    """What was found in this visit, and before in this browser as far as it has said so, by page."""
    known: dict[str, Found] = st.session_state.setdefault(_FOUND, {})
    return known


def note(*, claim: str = "", verdict: Verdict | Literal[""] = "", because: str = "", keep: str = "") -> None:
    """Adds to what was found on the page on screen; our own Markdown becomes plain text.

    Args:
        claim: that the page puts to the test.
        verdict: whether it holds.
        because: what was measured.
        keep: the sentence to keep.
    """
    new = {"claim": short(claim), "verdict": verdict, "because": short(because), "keep": short(keep)}
    _add({name: text for name, text in new.items() if text})


def predicted(guess: str, truth: str, shown: str) -> None:
    """Notes a prediction with its answer, in the place of the one before.

    Args:
        guess: what they chose.
        truth: the choice that is right on their texts; "" where that cannot be told, or is not known yet.
        shown: what was measured; our own Markdown.
    """
    _add({"guess": short(guess), "truth": short(truth), "shown": short(shown)})


def is_noted(guess: str) -> bool:
    """Whether this is the prediction that is noted on the page on screen; it may have its answer already."""
    return found().get(choices.page(), Found()).guess == short(guess)


def here() -> str:
    """The texts on screen, cut as they are kept."""
    return cut("; ".join(f"“{cut(visible(text), 60)}”" for text in choices.texts()), 200)


def _add(new: Mapping[str, str]) -> None:
    known, page = found(), choices.page()
    known[page] = replace(known.get(page, Found()), texts=here(), model=speaker().name, **new)  # type: ignore[arg-type]  # a verdict is one of its words


def row() -> None:
    """Draws the steps as a row of doors, with the one on screen marked."""
    stem = choices.page()
    steps = [[each, contents.ENTRIES[each].menu] for each in contents.STEPS]
    data = {"steps": steps, "here": stem, "aside": contents.ENTRIES[stem].deepens, "known": _marks(found())}
    components.mount(str(_ROW), "kept")(key="path_row", data=data)


def _marks(known: Mapping[str, Found]) -> dict[str, str]:
    return {page: "answered" if each.guess else "done" for page, each in known.items()}


def remember() -> None:
    """Has the browser keep what was found, and on the last step asks it for more; the last thing of a run."""
    clear = bool(st.session_state.pop(_CLEAR, False))
    kept = {page: asdict(each) for page, each in found().items()}
    data = {"found": kept, "ask": choices.page() == contents.LAST, "clear": clear}
    components.mount(str(_MEMORY), "kept")(key="path_memory", data=data, on_kept_change=_come)


def _come() -> None:
    said = getattr(st.session_state.get("path_memory"), "kept", None)
    if isinstance(said, str):
        st.session_state[_FOUND] = taken(said, contents.ENTRIES) | found()


def clear() -> None:
    """Forgets all of it, here and in the browser; for a button's ``on_click``."""
    st.session_state[_FOUND] = {}
    st.session_state[_CLEAR] = True
