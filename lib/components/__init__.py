"""Pictures that neither Streamlit nor Plotly can draw: inline components, plain JavaScript, no build step.

A component is three files side by side: NAME.py, NAME.js and NAME.css. Those that only one page needs lie in its room.
``common.js`` and ``common.css`` are put in front of every one of them, so a component may use what they define. Tokens
and texts reach the page by ``textContent`` only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_COMMON = Path(__file__).with_name("common")


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def mount(source: str, *more: str) -> ComponentRenderer:
    """The component whose .js and .css lie beside a Python file, ready to be called with ``key=`` and ``data=``.

    Args:
        source: the Python file, ``__file__`` of who calls.
        more: further .js files beside it that it needs, without their ending.
    """
    file = Path(source)
    scripts = (_COMMON, *(file.with_name(name) for name in more), file)
    return st.components.v2.component(
        file.stem,
        html='<div class="root"></div>',
        css=_text(_COMMON.with_suffix(".css")) + _text(file.with_suffix(".css")),
        js="".join(_text(script.with_suffix(".js")) for script in scripts),
    )
