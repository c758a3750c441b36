"""The contents page in code: chapters, shared choices, run."""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from lib.app import choices, frame, look, parts

HERE = Path(__file__).parent

# chapter -> its pages: (its folder, title in the menu); the chapters read as a sentence
CHAPTERS = {
    "start": [("question", "The question"), ("sources", "Sources")],
    "meet": [("tokens", "Where it is put"), ("blank", "Before layer 1")],
    "look": [("cube", "The output cube"), ("journey", "The journey")],
    "watch": [
        ("attention", "What it reads"),
        ("amount", "How much it gets"),
        ("evidence", "What it uses"),
        ("heads", "Every head"),
    ],
    "change": [
        ("starve", "Starve it"),
        ("direction", "Which way it looks"),
        ("place", "Token or place?"),
        ("words", "Change one word"),
        ("traps", "Traps"),
    ],
    "use": [("pooling", "[CLS] or mean?"), ("classify", "From slice to label"), ("finetune", "Watch it wake up")],
}

st.set_page_config(page_title="[CLS] explained", page_icon=str(HERE / "lib" / "app" / "icon.svg"), layout="wide")
st.logo(str(HERE / "lib" / "app" / "logo.svg"), size="medium")

pages = {
    stem: st.Page(f"pages/{chapter}/{stem}/page.py", title=title, url_path=stem, default=stem == "question")
    for chapter, contents in CHAPTERS.items()
    for stem, title in contents
}
menu = {chapter: [pages[stem] for stem, _ in contents] for chapter, contents in CHAPTERS.items()}
page = st.navigation(menu, position="top")
stem = next(stem for stem, known in pages.items() if known == page)

wanted = choices.start(stem)
if wanted in pages and wanted != stem:
    choices.go(pages[wanted])
if wanted and wanted not in pages:
    choices.complain("The link asks for a page that is not here. This is where the story starts.")

look.style()
places = frame.draw(pages)
with suppress(parts.Ended):
    page.run()
frame.finish(places)
choices.finish()
