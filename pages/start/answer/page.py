"""The end of the path: the answer in the learner's own numbers, and what they predicted and found on the way."""

import streamlit as st

from lib.app import answer, choices, contents, parts, path
from lib.escape import markdown
from lib.words import whose
from pages.start.answer import words

model = choices.checkpoint()
first = markdown(model.first_token)
parts.open_page(
    f"You asked why only the output for {first} is kept. Here is the answer, with the numbers of "
    f"{whose.texts(choices.texts())} and what you found on the way.",
)
titles = {stem: entry.menu for stem, entry in contents.ENTRIES.items()}
found, given = path.found(), answer.show()

st.header("Seven statements, tested", anchor=False)
seen = sum(stem in found for stem in contents.STEPS)
st.markdown(words.count(seen, len(contents.STEPS), sum(bool(each.guess) for each in found.values())))
for statement in words.statements():
    with st.container(key=f"statement_{statement.key}", gap="xsmall"):
        so, here = st.columns([1, 1], gap="large")
        with so:
            st.subheader(statement.claim, anchor=False)
            st.markdown(words.line(statement))
        with here:
            st.markdown(words.tested(found.get(statement.page), path.here()))
            parts.door(statement.page, f"Test it: {titles[statement.page]}", key=statement.key)

guesses = {page: each for page, each in found.items() if each.guess}
kept = {page: each.keep for page, each in found.items() if each.keep}
left, right = st.columns(2, gap="large")
if guesses:
    left.header("What you predicted", anchor=False)
    left.markdown(
        "\n".join(f"- **{markdown(titles[page])}.** {words.predicted(each)}" for page, each in guesses.items())
    )
if kept:
    right.header("What to keep", anchor=False)
    right.markdown("\n".join(f"- **{markdown(titles[page])}.** {markdown(each)}" for page, each in kept.items()))

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
