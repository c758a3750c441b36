"""Why one slice of the cube: the question that this app answers, its answer in four sentences, and the whole way.

Source:
    stack_exchange.
"""

import streamlit as st

from lib.app import answer, choices, parts
from lib.escape import markdown
from lib.quantities import plural
from pages.start.question import controls, exhibits, words

model = choices.checkpoint()
parts.open_page(words.lead(model))
found = answer.show()
st.markdown(f":small[{words.subject(model)}]")
parts.show(exhibits.way(found.reading, found.story, found.by_cls, found.by_mean))


def last() -> None:
    """What the attention of the last layer alone brings."""
    st.markdown(words.alone(controls.last_alone(found.reading, 0), found.reading.layers, model))


if found.reading.layers > 1:
    parts.fold("Is the last layer alone enough?", last, key="last")
parts.limits(
    f"One model ({markdown(model.name)}) and {plural(len(found.reading.encoding.texts), 'text')}. Other models "
    "attend to other tokens in other layers. How much attention a token gets does not yet say what that attention "
    "does."
)
parts.lead_on()
