"""Mistakes in code that raise no error: what each does to your vectors, and why a score may not show it."""

import streamlit as st

from lib import escape
from lib.app import choices, parts, readings
from lib.texts.labelled import LABELLED
from lib.texts.sources import link
from lib.words.attention import named
from pages.change.traps import controls as traps
from pages.change.traps import words as said

model = choices.checkpoint()
parts.open_page(
    f"Here are {len(said.TRAPS)} mistakes that hardly ever raise an error: the code runs, and what comes out is not "
    f"the vector of {named(model)}, or not the mean you meant. They are made on your texts.",
)
guess = parts.guess(said.question(), said.ANSWERS, key="traps_guess")
made = traps.start(readings.yours())
made.show()

st.header("One of them in code", anchor=False)
names = traps.names()
which = choices.pick(
    "Mistake", tuple(names), key="traps_which", default="padding", names=names.__getitem__, hide_label=True
)
made.detail(which)

st.header("What a score sees", anchor=False)
st.markdown(
    "Now the averaged padding once more, on labelled sentences of ours in one padded batch: a probe (logistic "
    "regression) learns from the right means and from the wrong ones, and answers for sentences it has not seen."
)
found = traps.put_to_a_probe()
kind, because = said.noticed(found.right, found.change, found.cosine, found.together, LABELLED.majority)
parts.verdict(
    kind,
    "“A good score means that the code is right.”",
    because,
    key="traps",
    guess=guess,
    on=said.tested(found.right.texts),
)
made.check()
parts.limits(
    f"{made.counted}, read by {escape.markdown(model.name)}; other models are hurt elsewhere. That a score does not "
    f"fall is no excuse: the same vectors fail wherever they meet rightly made ones. The lines are for transformers "
    f"{made.version} ({link('wolf2020')}); another version may do otherwise."
)
parts.lead_on()
