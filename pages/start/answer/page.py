"""The end of the path: the answer in the learner's own numbers, and what they predicted and found on the way."""

from functools import partial

import streamlit as st

from lib.app import answer, choices, contents, parts, path, presenter
from lib.escape import markdown
from lib.quantities import plural
from lib.words import whose
from pages.start.answer import words

model = choices.checkpoint()
parts.open_page(f"Here is the answer, with the numbers of {whose.texts(choices.texts())} and what you found.")
titles = {stem: entry.menu for stem, entry in contents.ENTRIES.items()}
found, given = path.found(), answer.show()

st.header("Seven statements, tested", anchor=False)
seen = sum(stem in found for stem in contents.STEPS)
st.markdown(words.count(seen, len(contents.STEPS)))


def shown(statement: words.Statement) -> None:
    """What is so, beside what the learner's texts showed, and the door to the page that tests it."""
    so, here = st.columns([1, 1], gap="large")
    with so:
        st.markdown(statement.truth)
    with here:
        st.markdown(words.tested(found.get(statement.page), path.here()))
        parts.door(statement.page, f"Test it: {titles[statement.page]}", key=statement.key)


for statement in words.statements():
    with st.container(key=f"statement_{statement.key}", gap="xsmall"):
        if presenter.on():
            st.subheader(words.label(statement), anchor=False)
            shown(statement)
        else:
            parts.fold(words.label(statement), partial(shown, statement), key=f"statement_{statement.key}")

guesses = {page: each for page, each in found.items() if each.guess}
kept = {page: each.keep for page, each in found.items() if each.keep}


def predicted() -> None:
    """Each prediction beside its answer."""
    lines = (f"- {words.heading(titles[page])} {words.predicted(each)}" for page, each in guesses.items())
    st.markdown("\n".join(lines))


def to_keep() -> None:
    """The sentences to keep, in the order of the path."""
    st.markdown("\n".join(f"- {words.heading(titles[page])} {markdown(each)}" for page, each in kept.items()))


if guesses or kept:
    st.header("What you found", anchor=False)
if guesses:
    parts.fold(words.predictions(tuple(guesses.values())), predicted, key="predicted")
if kept:
    parts.fold(f"What to keep: {plural(len(kept), 'sentence')}", to_keep, key="kept")

by_title = {titles[page]: each for page, each in found.items()}
with st.container(horizontal=True, key="take_home"):
    st.download_button(
        "Take it home: one file that needs no network",
        words.paper(
            given.sentences,
            given.reading.encoding.texts,
            model.name,
            by_title,
        ),
        file_name="why-cls.html",
        mime="text/html",
        on_click="ignore",
    )
    st.button("Clear what I found", type="tertiary", on_click=path.clear, key="clear_path", disabled=not found)
parts.limits(
    "What papers found holds for the models they name. What a page showed holds for one model and the texts it read: "
    "another model may differ, and each page says how."
)
parts.lead_on()
