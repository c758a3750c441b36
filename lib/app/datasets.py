"""Which labelled texts a page works on: a ready set, or a file of the visitor's, whose columns they confirm.

A file stays with its visitor: it is kept for the visit, over page changes, and goes when they leave.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import streamlit as st

from lib import escape
from lib.app import choices, parts, visits
from lib.checkpoints import Checkpoint
from lib.quantities import count, plural
from lib.tables import DELIMITERS, ENCODINGS, MOST_BYTES, MOST_ROWS, Labelled, Table, columns, labelled, table
from lib.texts.labelled import LABELLED, TOPICS
from lib.words import classify
from lib.words import tuned as said

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_FILE, _TABLE, _DATA = "datasets_file", "datasets_table", "datasets_data"
OWN = "file"  # in a link: the visitor's own file, which the link cannot bring
SHOWN = 3  # rows of a file that are shown


@dataclass(frozen=True)
class Ready:
    """A set that we wrote.

    Attributes:
        name: on its button.
        about: one sentence.
        data: its texts and labels.
    """

    name: str
    about: str
    data: Labelled


@dataclass(frozen=True)
class Chosen:
    """The labelled texts that a page works on.

    Attributes:
        key: the same for the same texts and labels; for the keys of jobs.
        name: of the set or file; plain text.
        data: its texts and labels.
        private: whether it is a visitor's own file, whose results are nobody else's.
    """

    key: str
    name: str
    data: Labelled
    private: bool


@dataclass(frozen=True)
class _File:
    name: str
    content: bytes
    digest: str


READY: Mapping[str, Ready] = MappingProxyType(
    {
        "sentiment": Ready("Good or bad", "Does the writer like something, or dislike it?", LABELLED),
        "topic": Ready("Four topics", "What is the sentence about?", TOPICS),
    }
)


_NAMES = {**{name: ready.name for name, ready in READY.items()}, OWN: "Your own file"}


def lacks_file(key: str) -> bool:
    """Whether a page is asked for the visitor's own file and there is none; a link can ask for it, and not bring it.

    Args:
        key: ``<page>_data``.
    """
    return choices.recall(key, tuple(_NAMES), next(iter(READY))) == OWN and _FILE not in visits.own()


def choose(model: Checkpoint, *, key: str, below: DeltaGenerator, drawn: bool = True) -> Chosen:
    """Lets the visitor choose labelled texts; where a file cannot be taken, a kind sentence, and the page ends there.

    Args:
        model: that reads the texts.
        key: ``<page>_data``; which ready set it is stands in the link.
        below: a wide place for what a file needs: itself, its columns, its first rows.
        drawn: whether the choice is on screen now; a file is always asked for.
    """
    which = choices.pick(
        "Labelled texts", tuple(_NAMES), key=key, default=next(iter(READY)), names=_NAMES.__getitem__, drawn=drawn
    )
    if which != OWN:
        data = READY[which].data
        if drawn:
            st.markdown(f"{READY[which].about} {_sizes(data)}, written for this app. {_together(data)}")
        own_up(model, which)
        return Chosen(which, READY[which].name, data, private=False)
    with below, st.container(key=f"{key}_own"):
        return _own(model, key)


def own_up(model: Checkpoint, key: str) -> None:
    """Says it above the page where a model was trained in this app on the very texts that it is tried on.

    Args:
        model: that reads.
        key: of the texts, as in :class:`Chosen`.
    """
    sentence = said.learned(model, key)
    if sentence:
        choices.complain(sentence)


def _own(model: Checkpoint, key: str) -> Chosen:
    """The visitor's file, or a kind sentence where there is none or it cannot be taken; the page ends there."""
    file = _upload(key)
    if file is None:
        parts.note(
            f"**No file yet.** Choose a CSV or TSV with a text and a label in each row, up to {count(MOST_ROWS)} rows "
            f"and {MOST_BYTES >> 20} MB.",
            key="file",
        )
        parts.end()
    with parts.or_end(key="file"):
        found = _confirmed(file)
        own_up(model, found.key)
    return found


def _sizes(data: Labelled) -> str:
    each = ", ".join(
        f"{count(size)} {escape.quote(name, 30)}" for name, size in zip(data.classes, data.sizes, strict=True)
    )
    return f"{plural(len(data.texts), 'text')}: {each}"


def _together(data: Labelled) -> str:
    """Which texts are never split; copies of a visitor's, opposites of ours."""
    return classify.together(len(data.groups) - len(set(data.groups)), opposites=data is LABELLED)


def _upload(key: str) -> _File | None:
    """The visitor's file, as they gave it now or on another page."""
    box = f"{key}_upload"

    def given() -> None:
        found = st.session_state[box]
        if found is None:
            visits.own().pop(_FILE, None)
            return
        content = found.getvalue()
        visits.own()[_FILE] = _File(found.name, content, hashlib.sha256(content).hexdigest())

    # any kind is taken, so that a wrong one gets our sentence
    found = st.file_uploader("A CSV or TSV with a text and a label in each row", key=box, on_change=given)
    file = visits.own().get(_FILE)
    if file is not None and found is None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"Kept from before: {escape.quote(file.name)}.", width="content")
            st.button("Forget it", type="tertiary", key=f"{key}_forget", on_click=visits.own().pop, args=(_FILE,))
    return file


def _table(file: _File, header: bool | None) -> Table:
    """The file's rows, read once for each way to read them."""
    own = visits.own()
    kept = own.get(_TABLE)
    if kept is None or kept[0] != (file.digest, header):
        kept = own[_TABLE] = ((file.digest, header), table(file.content, header=header))
    return kept[1]


def _confirmed(file: _File) -> Chosen:
    """What was found in a file, shown so that it can be put right.

    Raises:
        ValueError: the file cannot be taken as it is read now.
    """
    name = file.digest[:12]
    widget = f"datasets_header_{name}"
    rows = _table(file, st.session_state.get(widget))
    st.session_state.setdefault(widget, rows.has_header)
    numbers = range(len(rows.heads))
    texts, labels = columns(rows)

    # a browser knows an option by its name alone
    named = escape.unlike([escape.visible(head) for head in rows.heads]).__getitem__

    def called(k: int) -> str:
        return escape.markdown(escape.cut(rows.heads[k], 30))

    st.markdown(
        f"Found in {escape.quote(file.name)}: {plural(len(rows.rows), 'row')} of {plural(len(numbers), 'field')}, "
        f"{DELIMITERS[rows.delimiter]} between them, letters in {ENCODINGS[rows.encoding]}. Is that right?"
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        texts = st.selectbox("Texts", numbers, index=texts, format_func=named, key=f"datasets_texts_{name}", width=220)
        labels = st.selectbox(
            "Labels", numbers, index=labels, format_func=named, key=f"datasets_labels_{name}", width=220
        )
        st.toggle("The first row holds names", key=widget)
    data_shown = [
        (str(number), *(escape.markdown(escape.cut(escape.visible(row[k]), 100)) for k in (texts, labels)))
        for number, row in zip(rows.numbers[:SHOWN], rows.rows[:SHOWN], strict=True)
    ]
    parts.lines(data_shown, heads=("row", f"text: {called(texts)}", f"label: {called(labels)}"), key="datasets")
    key = f"{file.digest} {rows.has_header} {texts} {labels}"
    own = visits.own()
    if own.get(_DATA, ("",))[0] != key:
        own[_DATA] = (key, labelled(rows, texts, labels))
    data = own[_DATA][1]
    st.markdown(f"{_sizes(data)}. {_together(data)}")
    return Chosen(key, file.name, data, private=True)
