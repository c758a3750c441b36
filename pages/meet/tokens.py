"""The tokenizer puts the first token at position 0; pairs and padding change the rest, never the seat."""

import streamlit as st

from lib import escape
from lib.examples import DEFAULT, EXAMPLES
from lib.ui import choices, parts, readings
from lib.ui.components import batch as rectangle
from lib.ui.components import ribbon

model, texts = choices.checkpoint(), choices.texts()
first, separator = f":orange[{escape.markdown(model.first_token)}]", f":gray[{escape.markdown(model.separator)}]"
parts.open_page(
    1,
    "meet",
    "Your text, as the model gets it",
    f"Before any model reads, a tokenizer cuts your text into pieces, puts {first} in front and {separator} behind, and "
    "hands on numbers. The letters stay here.",
)
if not texts:
    parts.too_few(0, 1)
    st.stop()
