"""The look on screen: which theme is on, and the few lines of CSS that Streamlit's theme cannot say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from lib import quantities
from lib.quantities import Palette

_HERE = Path(__file__).parent


def palette() -> Palette:
    """The colours of the theme that this visitor sees."""
    return quantities.palette("dark" if st.context.theme.type == "dark" else "light")


@cache
def _css() -> str:
    return (_HERE / "look.css").read_text("utf-8")


def style() -> None:
    """Puts the style sheet on the page; once a run, in app.py."""
    # every size is in rem, so a projector needs one line
    if "present" in st.query_params:
        st.session_state["present"] = st.query_params["present"] == "1"
    present = "\n:root{font-size:24px!important}" if st.session_state.get("present") else ""
    st.html(f"<style>{_css()}{present}</style>")
