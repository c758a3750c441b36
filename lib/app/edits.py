"""The changes that a visitor has put together on a page, as sentences; each can be removed, and each step undone."""

from __future__ import annotations

import streamlit as st

from lib.app import choices
from lib.edits import NONE, Edit
from lib.reading import Encoding
from lib.words import edits as said


def show(edit: Edit, encoding: Encoding, row: int, *, key: str) -> None:
    """Lists the changes, each with a button that removes it, and one that undoes the last step, whatever it was.

    Args:
        edit: of one text.
        encoding: the text before it was edited.
        row: which text.
        key: under which :func:`lib.app.choices.edit` keeps it.
    """
    with st.container(key=f"undo_{key}", gap=None):
        for number, sentence in enumerate(said.changes(edit, encoding, row, choices.checkpoint())):
            with st.container(horizontal=True, wrap=False, gap="small", key=f"undo_{key}_{number}"):
                st.button(
                    "Remove",
                    type="tertiary",
                    key=f"{key}_remove_{number}",
                    on_click=choices.change,
                    args=(key, edit.without(number).code or NONE),
                )
                st.markdown(sentence)
        if not edit:
            st.markdown(f":gray[{said.NOTHING}]")
        with st.container(horizontal=True, gap="small", key=f"steps_{key}"):
            if len(edit.changes) > 1:
                st.button("Remove all", type="tertiary", key=f"{key}_clear", on_click=choices.change, args=(key, NONE))
            if choices.changed(key):
                st.button("Undo", type="tertiary", key=f"{key}_undo", on_click=choices.step_back, args=(key,))


def adder(label: str, edit: Edit, more: Edit, *, key: str, name: str) -> None:
    """A button that adds changes to those there are.

    Args:
        label: on the button.
        edit: the changes there are.
        more: what it adds.
        key: under which they are kept.
        name: of the button, unique on the page.
    """
    st.button(label, key=f"{key}_add_{name}", on_click=choices.change, args=(key, (edit + more).code))
