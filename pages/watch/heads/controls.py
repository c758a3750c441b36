"""BertViz on a page: the text it can take, and its frame."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib import settings
from lib.app import choices, look, parts, readings
from lib.cached import waiting
from lib.exhibit import Drawing
from lib.measures.attention import Shares
from lib.quantities import Mode
from lib.reading import Encoding, Reading
from lib.store import Store
from lib.texts.sources import link
from pages.watch.heads import words
from pages.watch.heads.measures import DECIMALS, beginning
from pages.watch.heads.words import View

MOST_TOKENS = 64  # of a text: lines grow with their square
MOST_LINES = 300_000  # drawn at once: 6 layers of 12 heads at 64 tokens
QUICK_LINES = 100_000  # drawn unasked; more takes many seconds


_kept: Store[str] = Store(settings.memory("documents"))  # pages of BertViz, ready for their frame


def reading(number: int) -> Reading:
    """One of the visitor's texts with every head's whole attention.

    Where it is too long there is a kind sentence with what it would cost and a switch for its beginning, and the page
    ends there until that is on.

    Args:
        number: of the text, from 1.
    """
    text, pair = choices.texts()[number - 1], choices.pairs()[number - 1]
    encoding = _pieces(text, pair)
    whole = int(encoding.full_lengths[0])
    if whole > MOST_TOKENS:
        place = st.container()
        if not choices.switch("Take only its beginning", key="heads_beginning"):
            with place:
                _too_long(whole)
            parts.end()
        text, encoding = _beginning(encoding)
        with place:
            parts.caution(words.beginning(int(encoding.lengths[0]), whole, pair is not None), key="beginning")
        pair = None
    return readings.take([text], pairs=[pair], attention="full")


def _pieces(text: str, pair: str | None) -> Encoding:
    encoding = readings.pieces([text], pairs=[pair])
    return encoding if encoding is not None else parts.end()


def _beginning(encoding: Encoding) -> tuple[str, Encoding]:
    """As much of the first text as fits; cut text can have more tokens than it had as a part, so it is tried."""
    room = MOST_TOKENS - int(encoding.special_tokens_mask[0].sum())
    while True:
        text = beginning(encoding, 0, room)
        found = _pieces(text, None)
        over = int(found.full_lengths[0]) - MOST_TOKENS
        if over <= 0 or room <= 1:
            return text, found
        room = max(room - over, 1)


def _too_long(tokens: int) -> None:
    from lib.model import bertviz

    sizes = (choices.checkpoint().layers, choices.checkpoint().heads, tokens)
    needs = bertviz.lines(*sizes), bertviz.size(*sizes), bertviz.seconds(*sizes, "model")
    parts.note(words.too_long(tokens, MOST_TOKENS, *needs), key="long")
    st.page_link("pages/watch/attention/page.py", label="The page on attention takes the whole text →", width="content")


def layers(read: Shares) -> tuple[int, ...]:
    """The layers of the model view: all, or one that is picked.

    One is shown first where all would take long, and only one where all would be too many lines.

    Args:
        read: the text, in the direction "attends_to".
    """
    from lib.model import bertviz

    every = tuple(range(1, read.layers + 1))
    lines = bertviz.lines(read.layers, read.heads, read.length)
    layer = choices.pick(
        "Layers",
        (0, *every) if lines <= MOST_LINES else every,
        key="heads_layers",
        default=0 if lines <= QUICK_LINES else read.top("words")[0],
        form="menu",
        hide_label=True,
        names=lambda layer: f"Layer {layer} alone" if layer else "All layers",
    )
    return (layer,) if layer else every


def drawing(reading: Reading, read: Shares, view: View, shown: tuple[int, ...]) -> Drawing:
    """BertViz in a frame, and what it costs.

    Args:
        reading: of one text, with attention "full".
        read: the attention of the same text's first token.
        view: "head" or "model".
        shown: the layers, from 1.
    """
    mode: Mode = "dark" if st.context.theme.type == "dark" else "light"
    start, encoding = read.top("words"), reading.encoding
    key = (reading.checkpoint.slug, encoding.texts, encoding.pairs, view, shown, start, mode)
    from lib.model import bertviz

    def made() -> str:
        return bertviz.html(reading, 0, view, mode, layers=shown, decimals=DECIMALS, start=start)

    document = waiting.take(_kept, key, made, meanwhile="Writing BertViz's page…")
    lines = bertviz.lines(1 if view == "head" else len(shown), read.heads, read.length)
    height = round(bertviz.height(len(shown), read.heads, read.length, view) * look.scale())
    costs = words.costs(lines, len(document), DECIMALS)

    def frame(message: Mapping[str, str], *, key: str) -> None:
        with st.container(border=True, key=key, gap="xsmall"):
            st.markdown(f":small[:gray[Drawn by BertViz ({link('vig2019')}), in its own colours]]")
            st.iframe(message["document"], height=height, alt=message["alt"])
            st.markdown(f":small[:gray[{costs}]]")

    return Drawing(frame, lambda sentence: {"document": document, "alt": words.alt(read.length, view, sentence)})
