"""What the app leans on, which versions run here, and what is kept of a text, and where."""

import sys

import streamlit as st

from lib.app import choices, parts
from lib.cached import readings as kept
from lib.escape import markdown
from lib.quantities import plural
from pages.start.sources.words import versions, works

model = choices.checkpoint()
parts.open_page(
    "Every claim from a paper names it where it stands. Here they are together, with what runs on this machine "
    "and what becomes of what you type.",
)
st.header("What becomes of your text", anchor=False)
st.markdown(
    "It is read on the machine that runs this app, and sent nowhere else. It stands in the address of this page, so "
    "that a link, Back and reload bring it back; whoever runs the server may find addresses in its logs. What the "
    "model made of it is kept in memory, for everyone who types the same; such readings get "
    f"{kept.MOST_BYTES >> 20} MB, and what was not used for longest goes. What you type is written to no "
    "file."
)
st.markdown(
    "A file that you open here is kept in memory while you stay, for nobody else. A large one passes through a "
    "temporary file on the server’s disk, which is gone when all of it has come. The vectors of labelled texts lie in "
    "a temporary file for as long as they are kept, and a trained model does while it is packed for you to save."
)
st.markdown(
    "The model that comes with the app asks nobody for anything. When another one is fetched, the Hugging Face hub "
    "learns the model's name, this server's address and the versions of the programs that ask; it never learns your "
    "text, nor who you are. What was fetched stays on this server's disk, for everyone."
)
st.markdown(
    "What you predict and what the pages show you is kept for your visit, and in your own browser, so that the path "
    "shows it when you come back. “Clear what I found”, on the last step, forgets it in both."
)
st.header("What runs here", anchor=False)
found = versions()
licence = model.licence or "licence not known here"
parts.lines(
    [("Python", sys.version.split()[0]), *found, (model.slug, f"{markdown(model.name)}, {licence}")],
    heads=("what", "version"),
)
st.header("What it leans on", anchor=False)
rows = works()
parts.say(f"{plural(len(rows), 'work')}, by the first author's name.", key="works")
parts.works(rows)
parts.limits(
    "A work is read for one fact or formula; its other results were not repeated here. Some stand behind how the app "
    "was built and not behind a sentence of it."
)
parts.lead_on()
