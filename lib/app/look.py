"""The look on screen: which theme is on, and the few lines of CSS that Streamlit's theme cannot say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from lib import quantities
from lib.quantities import Palette

_HERE = Path(__file__).parent
USUAL = 17  # pixels of a rem, as the theme has it
PRESENT = 28  # the same for a projector


def palette() -> Palette:
    """The colours of the theme that this visitor sees."""
    return quantities.palette("dark" if st.context.theme.type == "dark" else "light")


def scale() -> float:
    """How much larger than usual a figure is drawn; Plotly's sizes are pixels and do not follow the root's."""
    return PRESENT / USUAL if st.session_state.get("present") else 1.0


@cache
def _css() -> str:
    return (_HERE / "look.css").read_text("utf-8")


def style() -> None:
    """Puts the style sheet on the page; once a run, in app.py."""
    # every size is in rem, so a projector needs one line, and one for the framed documents
    larger = (
        f":root{{font-size:{PRESENT}px!important}}[data-testid='stIFrame']{{zoom:{PRESENT / USUAL:.3f}}}"
        ".st-key-path,html:not([data-texts]) .st-key-frame,[data-testid='stHeader']{display:none!important}"
        "[data-testid='stMainBlockContainer']{max-width:none;padding-top:1rem}"
    )
    present = larger if st.session_state.get("present") else ""
    st.html(f"<style>{_css()}{present}</style>")
