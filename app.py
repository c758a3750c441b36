"""The app: its menu, its frame, and the page that is asked for."""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from lib.app import choices, contents, frame, look, parts

HERE = Path(__file__).parent

st.logo(str(HERE / "lib" / "app" / "logo.svg"), size="medium")

pages = {
    entry.stem: st.Page(entry.file, title=entry.menu, url_path=entry.stem, default=entry.stem == contents.FIRST)
    for entry in contents.ENTRIES.values()
}
menu = {chapter: [pages[entry.stem] for entry in entries] for chapter, entries in contents.chapters().items()}
page = st.navigation(menu, position="top")
stem = next(stem for stem, known in pages.items() if known == page)
title = f"{contents.ENTRIES[stem].menu} · [CLS] explained"
st.set_page_config(page_title=title, page_icon=str(HERE / "lib" / "app" / "icon.svg"), layout="wide")

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
