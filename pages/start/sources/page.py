"""What is kept of a text and where, which versions run here, and the works that the pages name."""

import sys

import streamlit as st

from lib.app import choices, parts
from lib.cached import readings as kept
from lib.escape import markdown
from lib.quantities import plural
from pages.start.sources.words import versions, works

model = choices.checkpoint()
parts.open_page(
    "Here is what becomes of the text that you type, which versions run on this machine, and which works the pages "
    "name.",
)
st.header("What becomes of your text", anchor=False)
st.markdown(
    "The model runs on the machine that runs this app, and your text is sent nowhere else. It is part of the address "
    "of this page, so that a link, Back and reload bring it back. Whoever runs the server may find addresses in its "
    "logs. What the model computes from it is kept in memory, for everyone who types the same: at most "
    f"{kept.MOST_BYTES >> 20} MB, and what was not used for longest goes first. What you type is written to no file."
)


def files() -> None:
    """What becomes of a file."""
    st.markdown(
        "A file that you open here is kept in memory while you stay, for nobody else. A large one passes through a "
        "temporary file on the server’s disk, which is removed when all of it has come. The vectors of labelled texts "
        "are in a temporary file for as long as they are kept, and so is a trained model while it is packed for you to "
        "save."
    )


def hub() -> None:
    """What the hub learns when another model is fetched."""
    st.markdown(
        "The model that comes with the app needs no network. When another one is fetched, the Hugging Face hub learns "
        "the model's name, this server's address and the versions of the programs that ask. It never learns your text, "
        "nor who you are. What was fetched stays on this server's disk, for everyone."
    )


def path() -> None:
    """Where predictions and findings are kept."""
    st.markdown(
        "What you predict and what the pages show you is kept for your visit, and in your own browser, so that the "
        "path shows it when you come back. “Clear what I found”, on the last step, removes it from both."
    )


def running() -> None:
    """The versions that run here."""
    licence = model.licence or "licence not known here"
    parts.lines(
        [("Python", sys.version.split()[0]), *versions(), (model.slug, f"{markdown(model.name)}, {licence}")],
        heads=("what", "version"),
    )


parts.fold("What becomes of a file that you open", files, key="files")
parts.fold("What the hub learns when you choose another model", hub, key="hub")
parts.fold("Where your predictions are kept", path, key="path")
st.header("What it is made of", anchor=False)
rows = works()
parts.fold("Versions that run here", running, key="versions")
parts.fold(
    f"{plural(len(rows), 'work')} that the pages name, by the first author’s name",
    lambda: parts.works(rows),
    key="works",
)
parts.limits(
    "A work was read for one fact or formula; its other results were not repeated here. Some of them explain how the "
    "app was built."
)
parts.lead_on()
