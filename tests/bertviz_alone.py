"""BertViz alone on a page, however long the text: what the benchmark holds our own picture against.

The document is the one that the page on every head shows, all layers in it and one of them drawn; that page stops at
64 tokens. The text is ``?text=``.
"""

import streamlit as st

from lib.checkpoints import DEFAULT
from lib.model import bertviz, read

reading = read(DEFAULT, [st.query_params.get("text", "A word.")], attention="full")
layers = tuple(range(1, reading.layers + 1))
st.title("BertViz")
st.iframe(
    bertviz.html(reading, 0, "head", "light", layers=layers),
    height=bertviz.height(reading.layers, reading.heads, reading.hidden_states.shape[2], "head"),
)
