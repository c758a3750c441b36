"""What the visitor chose: the texts, the pair, the model, and each page's own controls; all of it in the address.

Shared choices are widgets that the frame draws on every page, bound to the address by Streamlit; pages read them
through the getters here. A page's own control is a widget of :func:`pick` or :func:`switch` (or a component's choice,
by :func:`recall` and :func:`keep`) under the key ``<page>_<control>``; what stands beside what is shared by the pages
of ``SIDED``. Streamlit's own binding resets those on Back, so they are seeded from the address and written to it here,
all at once at the end of a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import streamlit as st

from lib import checkpoints
from lib.checkpoints import GONE, TUNED, Checkpoint, Trained
from lib.edits import NONE, UNTOUCHED, Change, Edit, parsed
from lib.escape import cut, visible
from lib.examples import DEFAULT, Example
from lib.ui import models as reading_models
from lib.ui.models import MODEL as MODEL

TEXT, PAIR = "text", "pair"
PAIR_OPEN = "pair_open"
# what stands beside what: chosen on one of these pages, and kept on the others
BESIDE, ONE, OTHER, SECOND = "beside", "beside_one", "beside_other", "beside_model"
SIDED = ("cube", "journey", "attention", "pooling")
# what is kept for a visit, beside the widgets' own values
_PAGE, _KEPT, _WRITTEN, _ASKED, _NEWS = "page_now", "kept", "written", "asked", "news"
_COMPLAINTS, _LACKING = "complaints", "lacking"

T = TypeVar("T", int, str, bool, float)
Kind = Literal["alone", "texts", "models"]


def start(page: str) -> None:
    """Seeds the shared choices; the first thing in a run.

    Args:
        page: file stem of the page that will be drawn.
    """
    state = st.session_state
    if state.get(_PAGE) != page:
        for key in state.get(_KEPT, {}):  # a page that is opened again starts from what was kept
            state.pop(key, None)
    state[_PAGE] = page
    state.setdefault(_KEPT, {})  # key -> value: page controls, over page changes
    state.setdefault(_WRITTEN, {})  # key -> text: what stands in the address because we wrote it
    state.setdefault(_ASKED, {})  # key -> text: what an opened file asks for
    state[_NEWS] = {}  # key -> text: to be written to the address at the end of this run
    state[_COMPLAINTS], state[_LACKING] = [], []
    if TEXT not in state and TEXT not in st.query_params:
        put(DEFAULT)
    reading_models.settle(page)


def finish() -> None:
    """Writes the page's own controls to the address; the last thing in a run."""
    news = {key: text for key, text in st.session_state[_NEWS].items() if st.query_params.get(key) != text}
    if news:
        st.query_params.update(news)


def page() -> str:
    """File stem of the page on screen."""
    return st.session_state[_PAGE]


def complain(sentence: str) -> None:
    """Leaves a kind sentence for the frame to show: something asked for by a link could not be had."""
    st.session_state[_COMPLAINTS].append(sentence)


def complaints() -> list[str]:
    """The sentences left in this run, one for all controls together."""
    said, names = list(dict.fromkeys(st.session_state[_COMPLAINTS])), list(dict.fromkeys(st.session_state[_LACKING]))
    if len(names) == 1:
        said.append(f"The link asks for something that {names[0]} does not have here. Its usual setting is shown.")
    elif names:
        listed = f"{', '.join(names[:-1])} and {names[-1]}"
        said.append(f"The link asks for things that {listed} do not have here. Their usual settings are shown.")
    return said


def lines(text: str) -> tuple[str, ...]:
    """The texts in a box, one a line; a line with nothing but space is none."""
    return tuple(line.strip() for line in re.split(r"\r\n|\n|\r", text) if line.strip())


def texts() -> tuple[str, ...]:
    """The visitor's texts, one a line of the box; empty where nothing is typed."""
    return lines(st.session_state.get(TEXT) or "")


def pair() -> str:
    """The second text, which makes the first one a pair; "" where there is none."""
    return " ".join(lines(st.session_state.get(PAIR) or ""))


def pairs() -> tuple[str | None, ...]:
    """The second text of each row: one for the first row, or none."""
    rows = len(texts())
    return (pair() or None, *(None,) * (rows - 1)) if rows else ()


def checkpoint() -> Checkpoint:
    """The model that reads; not one that was asked for and is still on its way."""
    return checkpoints.checkpoint(reading_models.reads())


def models() -> tuple[Checkpoint, ...]:
    """The models that can read beside the one that reads, or could once they are fetched.

    In front what a model that was trained here was made from, and what this visitor has trained.
    """
    chosen = checkpoint()
    asked = st.session_state[_ASKED].get(SECOND) or st.query_params.get(SECOND, "")
    if asked.startswith(TUNED) and checkpoints.ready(asked):
        reading_models.mine(asked)
    base = (chosen.where.base,) if isinstance(chosen.where, Trained) else ()
    slugs = (*base, *reading_models.trained(), *(model.slug for model in checkpoints.known()))
    return tuple(checkpoints.checkpoint(slug) for slug in dict.fromkeys(slugs) if slug != chosen.slug)


def beside() -> tuple[Kind, int, int, str]:
    """What stands beside what, as the frame has drawn it: the kind, the two texts from 1, the other model's slug."""
    kept = st.session_state[_KEPT]
    return kept.get(BESIDE, "alone"), kept.get(ONE, 1), kept.get(OTHER, 2), kept.get(SECOND, "")


def put(example: Example) -> None:
    """Types an example into the boxes; for a button's ``on_click``."""
    st.session_state[TEXT] = "\n".join(example.texts)
    st.session_state[PAIR] = example.pair
    st.session_state[PAIR_OPEN] = bool(example.pair)


def controls() -> dict[str, str]:
    """The controls of the page on screen, by key, as a link writes them."""
    kept, mine = st.session_state[_KEPT], f"{page()}_"
    shared = (BESIDE, ONE, OTHER, SECOND) if page() in SIDED and kept.get(BESIDE, "alone") != "alone" else ()
    return {key: _written(value) for key, value in kept.items() if key.startswith(mine) or key in shared}


def ask(key: str, text: str) -> None:
    """Sets a page's control as a link would; for a file that is opened."""
    st.session_state[_ASKED][key] = text


def _written(value: object) -> str:
    return str(value).lower()


def _asked_for(key: str) -> str | None:
    """What an opened file or the address newly asks a control to be; None where neither does."""
    asked = st.session_state[_ASKED].pop(key, None)
    address = st.query_params.get(key)
    if asked is None and address is not None and address != st.session_state[_WRITTEN].get(key):
        asked = address
    return asked


def recall(key: str, options: Sequence[T], default: T, *, name: str = "") -> T:
    """A choice as the address has it, or as it was left, or its default; call it before drawing what chooses.

    Args:
        key: ``<page>_<control>``; also the widget's key.
        options: what there is to choose from now.
        default: where nothing was chosen, and where what was asked for is not among the options.
        name: of the control, as the visitor knows it; without one the key says it.
    """
    state = st.session_state
    by_text = {_written(option): option for option in options}
    asked = _asked_for(key)
    if asked is not None:
        if key == SECOND and asked.startswith(TUNED) and asked not in by_text:
            complain(f"**The second model is not here.** {GONE}")
        elif asked.lower() not in by_text:
            state[_LACKING].append(f"“{name or key.split('_', 1)[-1].replace('_', ' ')}”")
        state[key] = by_text.get(asked.lower(), default)
    elif key not in state:
        state[key] = state[_KEPT].get(key, default)
    if state[key] not in options:  # another model or text has fewer layers or tokens
        state[key] = default
    return state[key]


def keep(key: str, value: T, default: T) -> T:
    """Remembers a choice, and has it written to the address where it is not the default."""
    st.session_state[_KEPT][key] = value
    text = _written(value)
    if value != default or key in st.query_params:
        st.session_state[_NEWS][key] = text
        st.session_state[_WRITTEN][key] = text
    return value


def _short(label: str) -> str:
    """A label without what is only explained in it."""
    return re.split(r"[,(]", label)[0].strip()


def put_control(key: str, value: str | int | bool) -> None:
    """Sets a page's control; for a button's ``on_click``."""
    st.session_state[key] = value


def unset(key: str, nothing: str) -> None:
    """Forgets a control that stands at nothing, for a widget that knows only its options."""
    if st.session_state.get(key) == nothing:
        del st.session_state[key]


def pick(
    label: str,
    options: Sequence[T],
    *,
    key: str,
    default: T,
    names: Callable[[T], str] = str,
    form: Literal["buttons", "slider", "menu"] = "buttons",
    hide_label: bool = False,
    help: str | None = None,
    drawn: bool = True,
) -> T:
    """One of several options: a page's own control, kept in the link.

    Args:
        label: what is chosen.
        options: numbers or short words; they stand in links as they are.
        key: ``<page>_<control>``.
        default: where nothing was chosen.
        names: how an option is shown.
        form: a row of buttons, a slider over ordered options, or a drop-down.
        hide_label: for a label that the eye does not need; it is still there for those who cannot see.
        help: one sentence behind a question mark.
        drawn: whether it is on screen now. A browser makes the widgets of a closed drawer when it opens, and asks
            nobody what was chosen: so they are drawn in the run that opens it, and only chosen from before.
    """
    chosen = recall(key, options, default, name=_short(label))
    if not drawn:
        del st.session_state[key]  # what was kept is set anew where the widget is drawn
        return keep(key, chosen, default)
    seen = "collapsed" if hide_label else "visible"
    if form == "buttons":
        value = st.segmented_control(
            label, options, format_func=names, required=True, key=key, help=help, label_visibility=seen
        )
    elif form == "slider" and len(options) > 1:
        value = st.select_slider(label, options, format_func=names, key=key, help=help, label_visibility=seen)
    else:
        value = st.selectbox(label, options, format_func=names, key=key, help=help, label_visibility=seen)
    return keep(key, default if value is None else value, default)


def switch(label: str, *, key: str, default: bool = False, help: str | None = None) -> bool:
    """On or off: a page's own control, kept in the link."""
    recall(key, (True, False), default, name=_short(label))
    return keep(key, st.toggle(label, key=key, help=help), default)


def word(label: str, *, key: str, default: str, longest: int = 40, help: str | None = None) -> str:
    """A word that is typed: a page's own control, kept in the link.

    Args:
        label: what it is for.
        key: ``<page>_<control>``.
        default: where nothing was typed.
        longest: characters taken at most.
        help: one sentence behind a question mark.
    """
    state, asked = st.session_state, _asked_for(key)
    if asked is not None:
        state[key] = asked[:longest]
    elif key not in state:
        state[key] = state[_KEPT].get(key, default)
    typed = st.text_input(label, key=key, max_chars=longest, help=help)
    return keep(key, typed.strip() or default, default)


def follow(texts: Sequence[str], *, key: str) -> int:
    """The row of the text that is looked at; a menu where there are several.

    Args:
        texts: as typed.
        key: ``<page>_text``; the link counts from 1.
    """
    if len(texts) < 2:
        return 0
    names = [f"Text {k}: {cut(visible(text), 60)}" for k, text in enumerate(texts, 1)]
    numbers = range(1, len(texts) + 1)
    return (
        pick("Text", numbers, key=key, default=1, names=lambda k: names[k - 1], form="menu", hide_label=True) - 1
    )


def edit(key: str, *, default: Edit = UNTOUCHED, takes: Callable[[Change], bool] = lambda change: True) -> Edit:
    """The changes that the visitor put together on a page, kept in the link.

    Args:
        key: ``<page>_edit``.
        default: what the page starts with.
        takes: whether the page has a place for a change; a link may ask for any.
    """
    state, asked = st.session_state, _asked_for(key)
    code = asked if asked is not None else state.get(key, state[_KEPT].get(key, default.code))
    try:
        found = parsed(code)
    except ValueError as problem:
        complain(f"{problem} It is left out.")
        found = default
    taken = Edit(tuple(filter(takes, found.changes)))
    if taken != found:
        complain("The link asks for a change that this page does not make. It is left out.")
    state[key] = taken.code or (NONE if default else "")
    keep(key, state[key], default.code)
    return taken
