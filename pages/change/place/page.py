"""Whether the token or its place makes the first vector: move it, replace it, take it out, and compare."""

import streamlit as st

from lib import escape
from lib.app import choices, parts, readings
from lib.texts.sources import cite
from lib.words.attention import named
from pages.change.place import controls as place
from pages.change.place import words as said

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"{first} is a token, and it has a seat: the first one. Take the two apart and read your text again: which of them "
    "makes its vector?",
)
guess = parts.guess(said.question(model), said.ANSWERS, key="place_guess")
reading, own = readings.compared()
measure, word = place.settings()
tried = place.Experiment(reading, word)
tried.show(measure)
if not own:
    parts.note("You typed one text, so some of ours are read with it. Add another above, one text a line.", key="ours")

st.header("When it turns", anchor=False)
st.markdown(
    f"Whatever is changed is changed before the first layer. Follow one of these tokens upwards and compare it, layer "
    f"by layer, with the true {first} of the same text."
)
names = place.names_of(tried)
tried.turn(
    choices.pick(
        "Change",
        tuple(names),
        key="place_change",
        default="replaced",
        names=names.__getitem__,
        form="menu",
        hide_label=True,
    )
)

st.header("Token by token, seat by seat", anchor=False)
grid = tried.grid()
if grid:
    st.markdown(
        "The seat is known to the model by its position id. Here every token of the list sits in front, under every id "
        "of the list; nothing else is changed."
    )
    cells = choices.pick(
        "What the cells hold",
        tuple(said.CELLS),
        key="place_cells",
        default="cosine",
        hide_label=True,
        names=lambda key: said.CELLS[key].format(tried.loud.unit),
    )
    tried.show_grid(grid, cells)
found = tried.finding(grid)
parts.verdict(
    said.VERDICTS[found.logic],
    f"“It takes {escape.markdown(model.first_token)} to make this vector.”",
    said.follows(found),
    key="place",
    guess=guess,
    on=tried.tested(grid),
)
tried.check()
parts.limits(
    f"One model, {escape.markdown(model.name)}, and {tried.counted}. That a word in the first seat ends with this "
    "vector says what the seat does, not what the vector is good for. Loud units that come from positions were found "
    f"in other models too ({cite('luo2021')}), but which unit, and whether place or token makes it loud, differs."
)
parts.lead_on()
