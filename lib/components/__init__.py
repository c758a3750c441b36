"""Pictures that neither Streamlit nor Plotly can draw: inline components, plain JavaScript, no build step.

Each has NAME.js and NAME.css here. ``common.js`` and ``common.css`` are put in front of every one of them, so a
component may use what they define. Tokens and texts reach the page by ``textContent`` only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent


@cache
def _text(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def mount(name: str, *parts: str) -> ComponentRenderer:
    """The component of that name, ready to be called with ``key=`` and ``data=``; ``parts`` are more .js it needs."""
    return st.components.v2.component(
        name,
        html='<div class="root"></div>',
        css=_text("common.css") + _text(f"{name}.css"),
        js="".join(_text(f"{part}.js") for part in ("common", *parts, name)),
    )
