"""The output is a cube, batch x tokens x hidden; what people keep of it is one plane."""

import numpy as np
import streamlit as st

from lib.escape import markdown, visible
from lib.said import cube as said
from lib.ui import choices, parts, readings
from lib.ui.components.cube import Choice, Cut, Output, cube, held

model = choices.checkpoint()
first = markdown(model.first_token)
parts.open_page(
    2,
    "look",
    "The whole output, and the slice people keep",
    f"Every token of every text comes out as a vector: a cube of numbers. :orange[{first}] is one plane of it. "
    "Turn it, pull it out, try another.",
)

reading = readings.yours(attention="cls")
encoding, layers = reading.encoding, reading.layers
batch, tokens = encoding.input_ids.shape

CUTS = {
    "first": f"{model.first_token}  h[:, 0]",
    "last": "h[:, -1]",
    "position": "h[:, p]",
    "text": "h[i]",
    "unit": "h[:, :, k]",
}
left, right = st.columns(2)
with left:
    kind = choices.pick(
        "Slice", list(CUTS), key="cube_slice", default="first", names=CUTS.__getitem__, hide_label=True
    )
with right:
    if kind == "position":
        index = choices.pick("Position p", range(tokens), key="cube_position", default=1, form="slider")
    elif kind == "text":
        index = choices.pick("Text i", range(batch), key="cube_text", default=0, form="slider")
    elif kind == "unit":
        index = choices.pick("Unit k", range(reading.hidden), key="cube_unit", default=0, form="slider")
    else:
        index = -1 if kind == "last" else 0
stage = st.container()  # the picture stands above its slider, and is drawn when that is known
layer = choices.pick(
    "Layer (0: before the first layer)", range(layers + 1), key="cube_layer", default=layers, form="slider"
)

cut = Cut("text" if kind == "text" else "unit" if kind == "unit" else "token", index)
output = Output(
    hidden=reading.hidden_states[layer],
    tokens=tuple(tuple(visible(token) for token in row) for row in encoding.tokens),
    roles=tuple(encoding.roles(row) for row in range(batch)),
    texts=encoding.texts,
    first=tuple(encoding.first.tolist()),
    layer=layer,
    layers=layers,
    first_token=model.first_token,
)
start = Choice(
    choices.recall("cube_step", ("in", "out", "flat"), "in"),
    choices.recall("cube_row", range(max(batch, tokens)), 0),
)
with stage:
    shown = cube(output, cut, key="cube_picture", start=start)
choices.keep("cube_step", shown.step, "in")
choices.keep("cube_row", shown.row, 0)
parts.say(said.size(reading, layer), key="size")
side = "token" if cut.axis == "text" else "text"
rows = encoding.texts if cut.axis != "text" else output.tokens[index]
plane = np.take(reading.hidden_states[layer], index, axis=("text", "token", "unit").index(cut.axis))
names = [f"unit {k}" for k in range(reading.hidden)] if cut.axis != "unit" else [f"position {k}" for k in range(tokens)]
parts.data(
    lambda: {side: rows, **dict(zip(names, plane.T, strict=True))},
    name="slice",
    about=f"The slice on screen, one row a {side}; activations have no unit.",
)

st.header("What another index gives", anchor=False)
st.markdown(
    "All of these run without an error, and each gives numbers of a shape that looks right somewhere. "
    f"Only the first line keeps what people mean by “the {first} vector”."
)
parts.lines(
    [
        ("h[:, 0]", held(output, Cut("token", 0)), said.instead(reading, layer, 0)),
        ("h[:, -1]", held(output, Cut("token", -1)), said.instead(reading, layer, -1)),
        ("h[0]", held(output, Cut("text", 0)), said.whole(output.tokens[0])),
        ("h[:, :, 0]", held(output, Cut("unit", 0)), said.single(reading)),
    ],
    heads=("code", "what it holds", "what that means here"),
)
parts.limits(
    "Where a number stands says nothing about what it means: the units have no names, and a bright cell is not an "
    "important one. The picture rounds each number to half precision (an error below 0.05%); the table has them whole."
)
parts.lead_on("pages/look/journey.py", f"How it came about: the journey of {model.first_token}")
