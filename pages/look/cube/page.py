"""The output is a cube, batch x tokens x hidden; what a classifier keeps of it is one plane."""

import streamlit as st

from lib.app import beside, choices, parts, readings
from lib.app.beside import Comparison
from lib.components.cube import Cut, held
from lib.escape import markdown
from pages.look.cube import controls as cube_parts
from pages.look.cube import words as said

model = choices.checkpoint()
first = markdown(model.first_token)
parts.open_page(
    f"Every token of every text comes out as a vector: a cube of numbers. :orange[{first}] is one plane of it. "
    "Turn it, pull it out, try another.",
)

pair = beside.comparison()
reading = readings.yours(attention="cls")
sides = beside.sides(pair, reading)

cut = cube_parts.cut(pair, sides, st.columns(2))
stage = st.container()  # the picture stands above its slider, and is drawn when that is known
layer = choices.pick(
    "Layer (0: before the first layer)",
    range(reading.layers + 1),
    key="cube_layer",
    default=reading.layers,
    form="slider",
)
shown = cube_parts.outputs(sides, layer)
with stage:
    cube_parts.cubes(sides, shown, cut)
cube_parts.told(sides, shown, cut, layer)
parts.data(
    lambda: cube_parts.table(sides, shown, cut),
    name="slice",
    about=f"The slice on screen, one row a {'token' if cut.axis == 'text' else 'text'}; activations have no unit.",
)

st.header("What another index gives", anchor=False)
st.markdown(
    "All of these run without an error, and each gives numbers of a shape that looks right somewhere. "
    f"Only the first line keeps what people mean by “the {first} vector”."
)
(whole,) = cube_parts.outputs(beside.sides(Comparison("alone"), reading), layer)
parts.lines(
    [
        ("h[:, 0]", markdown(held(whole, Cut("token", 0))), said.instead(reading, layer, 0)),
        ("h[:, -1]", markdown(held(whole, Cut("token", -1))), said.instead(reading, layer, -1)),
        ("h[0]", markdown(held(whole, Cut("text", 0))), said.whole(whole.tokens[0])),
        ("h[:, :, 0]", markdown(held(whole, Cut("unit", 0))), said.single(reading)),
    ],
    heads=("code", "what it holds", "what that means here"),
)
parts.limits(
    "Where a number stands says nothing about what it means: the units have no names, and a bright cell is not an "
    "important one. The picture rounds each number to half precision (an error below 0.05%, and below 10⁻⁷ of numbers "
    "near 0); the table has them whole."
)
parts.lead_on()
