"""A conformance report: each criterion of WCAG 2.1, A and AA, whether the app meets it, and what shows that."""

from collections.abc import Callable

import streamlit as st

from lib.app import parts
from pages.start.access import words
from pages.start.access.criteria import CRITERIA

parts.open_page(
    "Can everybody use these pages: by keyboard, with a screen reader, on a phone, enlarged? Here is each rule of WCAG "
    "2.1, and whether the app keeps it.",
)
st.markdown(words.summary(CRITERIA))
st.header("What is not met", anchor=False)
parts.lines(words.rows(words.missed(CRITERIA)), heads=words.HEADS, code=False, key="missed")


def all_of(principle: str) -> Callable[[], None]:
    """What shows the criteria of one principle."""
    own = [each for each in CRITERIA if each.number.startswith(principle)]
    return lambda: parts.lines(words.rows(own), heads=words.HEADS, code=False, key=f"principle_{principle}")


for number, name in words.PRINCIPLES.items():
    parts.fold(words.heading(name, CRITERIA, number), all_of(number), key=f"principle_{number}")
parts.limits(
    "The app was tried with a keyboard and looked at by a program (axe). Nobody who uses a screen reader every day has "
    "tried it yet. If something keeps you out, please tell whoever runs this server."
)
parts.lead_on()
