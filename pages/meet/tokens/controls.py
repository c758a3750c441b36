"""What the learner chooses in the page's pictures, as the page's own choices."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def keeps(picture: str, what: str, key: str) -> Callable[[], None]:
    """For a component's callback: what was chosen in it becomes the page's choice in the next run.

    Args:
        picture: name of the exhibit.
        what: the component's name for it.
        key: the page's.
    """

    def chosen() -> None:
        value = getattr(st.session_state[f"drawing_{picture}"], what, None)
        if value is not None:
            st.session_state[key] = value

    return chosen
