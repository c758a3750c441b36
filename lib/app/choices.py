"""What the visitor chose: the texts, the pair, the model, and each page's own controls; all of it in the address.

Shared choices are widgets that the frame draws on every page; pages read them through the getters here. A page's own
control is a widget of :func:`pick` or :func:`switch` (or a component's choice, by :func:`recall` and :func:`keep`)
under the key ``<page>_<control>``; what stands beside what is shared by the pages of ``SIDED``.

This is the one owner of the address. It is taken over as a whole when a visitor comes by a link, and by Back or
Forward: what does not stand in it is as it usually is. In every other run it only follows, written as a whole, for what
the browser sends then may be older than what was chosen since.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NoReturn, TypeVar
from urllib.parse import quote_plus, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.query_params import sanitize_query_string
from streamlit.runtime.state.session_state import Serialized

from lib import checkpoints
from lib.app import models as reading_models
from lib.app.models import MODEL as MODEL
from lib.checkpoints import GONE, TUNED, Checkpoint, Trained
from lib.edits import NONE, UNTOUCHED, Change, Edit, parsed
from lib.escape import cut, markdown, unlike, visible
from lib.texts.examples import DEFAULT, Example

TEXT, PAIR = "text", "pair"
PAIR_OPEN = "pair_open"
LONGEST = 4096  # bytes of an encoded address that every server and proxy takes
# what stands beside what: chosen on one of these pages, and kept on the others
BESIDE, ONE, OTHER, SECOND = "beside", "beside_one", "beside_other", "beside_model"
SIDED = ("cube", "journey", "attention", "pooling")
PAGE = "page"  # in a link: the page that it opens
PRESENT = "present"  # larger, for a projector
OPEN = "open"  # every fold of a page open, to print it or to search in it
# what is kept for a visit, beside the widgets' own values
_PAGE, _BOXES, _KEPT, _SAID, _ASKED = "page_now", "boxes", "kept", "said", "asked"
_WRITTEN, _MOVED, _ENTRY = "written", "moved", "entry"
_REPLACED, _STEPS, _LONG = "replaced", "steps", "long"
_COMPLAINTS, _LACKING, _REFUSED = "complaints", "lacking", "refused"
MOST_BACK = 50  # steps that can be undone

T = TypeVar("T", bound=str | float)  # a whole number and a switch are floats to the checker
SideBySide = Literal["alone", "texts", "models"]


def start(page: str) -> str:
    """Seeds the shared choices, from the address where that is what the visitor asks for; the first thing in a run.

    Args:
        page: file stem of the page that will be drawn.

    Returns:
        the page that a link or an opened file asks for; "" where they ask for none.
    """
    state, address = st.session_state, _address()
    arrived, moved = _PAGE not in state, state.get(_PAGE) != page
    if moved:
        for key in state.get(_KEPT, {}):  # a page that is opened again starts from what was kept
            state.pop(key, None)
    state[_PAGE] = page
    for memory in (_BOXES, _KEPT, _SAID, _ASKED, _STEPS):
        state.setdefault(memory, {})
    state[_COMPLAINTS], state[_LACKING] = [], []
    boxes = state[_BOXES]  # Streamlit forgets what stood in a box that it did not draw
    for key in (TEXT, PAIR):
        if key in state:
            boxes[key] = state[key]
    if arrived:
        state[_REFUSED] = _refused()
        address |= _brought()
    if state[_REFUSED] and not address:  # until something is chosen
        complain(
            "**Too much in the link.** Nothing of it could be read here, and the address is cleared. Ask whoever sent "
            "it to save the page as a file, under “Copy link”."
        )
    if arrived or _went() or (moved and address and address != state[_WRITTEN]):
        _take_over(address)
    for key, usual in ((TEXT, "\n".join(DEFAULT.texts)), (PAIR, DEFAULT.pair)):
        state[key] = boxes.setdefault(key, usual)
    wanted = state[_ASKED].pop(PAGE, "") or (st.query_params.get(PAGE, "") if arrived else "")
    reading_models.settle(wanted or page)
    state[_MOVED] = moved and not arrived
    if moved:
        state[_ENTRY] = written()
    return wanted


def finish() -> None:
    """Writes the address, where it says something else; the last thing in a run."""
    state, now = st.session_state, written()
    if _refused() or now != (state[_ENTRY] if state[_MOVED] else _address()):
        st.query_params.from_dict(now)
    state[_WRITTEN] = now


def entry() -> str:
    """The query with which the page on screen was opened: by a link between pages the browser opens it with none."""
    return urlencode(st.session_state[_ENTRY])


def go(page: st.Page | str) -> NoReturn:
    """Opens another page with all that was chosen; pages are changed in Python nowhere else.

    Args:
        page: of app.py, or its file.
    """
    st.session_state[_WRITTEN] = _address()
    # what the address says now, so that the browser makes one entry of it and not two
    st.switch_page(page, query_params=st.query_params.to_dict())


def written() -> dict[str, str]:
    """What the address should say: the texts, the model and the page's controls, each where it is not as usual."""
    state = st.session_state
    if too_long():
        state[_LONG] = {TEXT: state[TEXT], PAIR: state[PAIR]}
    usual = state[TEXT] == "\n".join(DEFAULT.texts) and TEXT not in st.query_params
    shared = {} if usual or too_long() else {TEXT: state[TEXT]}
    more = {PAIR: "" if too_long() else state[PAIR], MODEL: state[MODEL]}
    more |= {key: "1" for key in (PRESENT, OPEN) if state.get(key)}
    shared |= {key: value for key, value in more.items() if value}
    return shared | {key: text for key, text in (state[_SAID] | state[_ASKED]).items() if _mine(key)}


def too_long() -> bool:
    """Whether the boxes hold more than an address takes."""
    text, pair = (st.session_state.get(key) or "" for key in (TEXT, PAIR))
    return len(quote_plus(text)) + len(quote_plus(pair)) > LONGEST - 512  # room for page, model, controls


def _address() -> dict[str, str]:
    """What stands in the address, as far as the browser has said; the page that a link asked for left out."""
    return {key: value for key, value in st.query_params.items() if key != PAGE}


def _refused() -> bool:
    """Whether Streamlit takes nothing of the address: it has too many characters, or too many parameters."""
    run = get_script_run_ctx()
    return run is not None and bool(run.query_string) and not sanitize_query_string(run.query_string)


def _brought() -> dict[str, str]:
    """What stands in the boxes of a browser whose visit another server held, or this one before it was started anew.

    Such a browser asks for nothing when it is connected again. With what it asks for next it sends the values of all
    boxes, which are newer than the address.
    """
    run = get_script_run_ctx()
    sent = run.session_state._state._new_widget_state.states.items() if run else ()
    boxes = {user_key_from_element_id(key): value.value for key, value in sent if isinstance(value, Serialized)}
    return {key: boxes[key].string_value for key in (TEXT, PAIR) if key in boxes}


def _went() -> bool:
    """Whether Back or Forward brought the visitor here."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def _mine(key: str) -> bool:
    """Whether a control is one of the page on screen."""
    return key.startswith(f"{page()}_") or (key in (BESIDE, ONE, OTHER, SECOND) and page() in SIDED)


def _take_over(address: Mapping[str, str]) -> None:
    """Makes everything as the address has it, and what it does not name as it usually is."""
    state = st.session_state
    usual = {TEXT: "\n".join(DEFAULT.texts), PAIR: DEFAULT.pair}
    if _WRITTEN not in state:  # a visit begins
        usual |= state[_BOXES]
    elif TEXT not in address:  # texts that no address takes are lost by no way back
        usual |= state.get(_LONG, {})
    for key in (TEXT, PAIR):
        state[_BOXES][key] = address.get(key, usual[key])
    state[PAIR_OPEN] = bool(state[_BOXES][PAIR])
    state[MODEL] = address.get(MODEL, "" if _WRITTEN in state else state.get(MODEL, ""))
    for key in (PRESENT, OPEN):
        state[key] = address.get(key) == "1"
    for memory in (_KEPT, _SAID, _ASKED):
        for key in [key for key in state[memory] if _mine(key)]:
            del state[memory][key]
            state.pop(key, None)
    state[_ASKED].update({key: text for key, text in address.items() if key not in (TEXT, PAIR, MODEL, PRESENT, OPEN)})


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
    if asked.startswith(TUNED) and reading_models.ready(asked):
        reading_models.mine(asked)
    base = (chosen.where.base,) if isinstance(chosen.where, Trained) else ()
    slugs = (*base, *reading_models.trained(), *(model.slug for model in checkpoints.known()))
    return tuple(checkpoints.checkpoint(slug) for slug in dict.fromkeys(slugs) if slug != chosen.slug)


def beside() -> tuple[SideBySide, int, int, str]:
    """What stands beside what, as the frame has drawn it: the kind, the two texts from 1, the other model's slug."""
    kept = st.session_state[_KEPT]
    return kept.get(BESIDE, "alone"), kept.get(ONE, 1), kept.get(OTHER, 2), kept.get(SECOND, "")


def put(example: Example) -> None:
    """Types an example into the boxes; for a button's ``on_click``."""
    replace("\n".join(example.texts), example.pair)


def replace(text: str, pair: str) -> None:
    """Puts other texts into the boxes; :func:`bring_back` brings back what stood there."""
    state = st.session_state
    before, now = (state[TEXT], state[PAIR]), (text, pair)
    if before != now:
        state[_REPLACED] = (*state.get(_REPLACED, ()), (before, now))[-MOST_BACK:]
    _fill(now)


def replaced() -> bool:
    """Whether the boxes hold what a button has put there, in the place of other texts."""
    steps = st.session_state.get(_REPLACED, ())
    return bool(steps) and steps[-1][1] == (st.session_state[TEXT], st.session_state[PAIR])


def bring_back() -> None:
    """Fills the boxes with what stood there before; for a button's ``on_click``."""
    *others, (before, _) = st.session_state[_REPLACED]
    st.session_state[_REPLACED] = tuple(others)
    _fill(before)


def _fill(boxes: tuple[str, str]) -> None:
    state = st.session_state
    state[TEXT], state[PAIR] = boxes
    state[PAIR_OPEN] = bool(boxes[1])


def controls() -> dict[str, str]:
    """The controls of the page on screen, by key, as a link writes them."""
    kept = st.session_state[_KEPT]
    alone = kept.get(BESIDE, "alone") == "alone"
    return {
        key: _written(value)
        for key, value in kept.items()
        if _mine(key) and not (alone and key in (BESIDE, ONE, OTHER, SECOND))
    }


def ask(key: str, text: str) -> None:
    """Sets a page's control as a link would; for a file that is opened."""
    st.session_state[_ASKED][key] = text


def _written(value: object) -> str:
    return str(value).lower()


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
    asked = state[_ASKED].pop(key, None)
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
    state = st.session_state
    state[_KEPT][key] = value
    if value != default or key in st.query_params:
        state[_SAID][key] = _written(value)
    else:
        state[_SAID].pop(key, None)
    return value


def _short(label: str) -> str:
    """A label without what is only explained in it."""
    return re.split(r"[,(]", label)[0].strip()


def put_control(key: str, value: str | int | bool) -> None:
    """Sets a page's control; for a button's ``on_click``."""
    st.session_state[key] = value


def change(key: str, code: str) -> None:
    """Sets an edit; :func:`step_back` takes it back. For a button's ``on_click``."""
    state = st.session_state
    if parsed(state[key]) != parsed(code):  # else there would be nothing to take back
        state[_STEPS][key] = (*state[_STEPS].get(key, ()), (state[key], code))[-MOST_BACK:]
    state[key] = code


def changed(key: str) -> bool:
    """Whether an edit is as a button has made it, so that this step can be taken back."""
    steps = st.session_state[_STEPS].get(key, ())
    return bool(steps) and parsed(steps[-1][1]) == parsed(st.session_state[key])


def step_back(key: str) -> None:
    """Takes the last change of an edit back; for a button's ``on_click``."""
    state = st.session_state
    *others, (before, _) = state[_STEPS][key]
    state[_STEPS][key], state[key] = tuple(others), before


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
        names: how an option is shown, plain; of two with one name the second is numbered.
        form: a row of buttons, a slider over ordered options, or a drop-down.
        hide_label: for a label that the eye does not need; it is still there for those who cannot see.
        help: one sentence behind a question mark.
        drawn: whether it is on screen now. A browser makes the widgets of a closed drawer when it opens, and asks
            nobody what was chosen: so they are drawn in the run that opens it, and only chosen from before.
    """
    chosen = recall(key, options, default, name=_short(label))
    # a browser knows an option by its name alone, and reads Markdown on buttons
    plain = unlike([visible(names(option)) for option in options])
    labels = dict(zip(options, map(markdown, plain) if form == "buttons" else plain, strict=True))
    named: Callable[[Any], str] = labels.__getitem__  # as Streamlit's types want it
    if not drawn:
        del st.session_state[key]  # what was kept is set anew where the widget is drawn
        return keep(key, chosen, default)
    seen: Literal["collapsed", "visible"] = "collapsed" if hide_label else "visible"
    if form == "buttons":
        value = st.segmented_control(
            label, options, format_func=named, required=True, key=key, help=help, label_visibility=seen
        )
    elif form == "slider" and len(options) > 1:
        value = st.select_slider(label, options, format_func=named, key=key, help=help, label_visibility=seen)
    else:
        value = st.selectbox(label, options, format_func=named, key=key, help=help, label_visibility=seen)
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
    state = st.session_state
    asked = state[_ASKED].pop(key, None)
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
    return pick("Text", numbers, key=key, default=1, names=lambda k: names[k - 1], form="menu", hide_label=True) - 1


def edit(key: str, *, default: Edit = UNTOUCHED, takes: Callable[[Change], bool] = lambda change: True) -> Edit:
    """The changes that the visitor put together on a page, kept in the link.

    Args:
        key: ``<page>_edit``.
        default: what the page starts with.
        takes: whether the page has a place for a change; a link may ask for any.
    """
    state = st.session_state
    asked = state[_ASKED].pop(key, None)
    code = asked if asked is not None else state.get(key, state[_KEPT].get(key, default.code))
    try:
        wanted = parsed(code)
    except ValueError as problem:
        complain(f"{problem} It is left out.")
        wanted = default
    taken = Edit(tuple(filter(takes, wanted.changes)))
    if taken != wanted:
        complain("The link asks for a change that this page does not make. It is left out.")
    state[key] = taken.code or (NONE if default else "")
    keep(key, state[key], default.code)
    return taken
