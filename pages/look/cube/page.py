"""The output is a cube, batch x tokens x hidden; what a classifier keeps of it is one plane."""

from dataclasses import replace

import streamlit as st

from lib.app import beside, choices, parts, readings
from lib.components.cube import STEPS, Slice, View, held
from lib.escape import markdown
from pages.look.cube import controls, exhibits, words

model = choices.checkpoint()
first = markdown(model.first_token)
parts.open_page(
    f"Every token of every text comes out as a vector: a cube of numbers. :orange[{first}] is one plane of it. "
    "Turn it, pull it out, try another.",
)

comparison = beside.comparison()
reading = readings.yours(attention="cls")
sides = beside.sides(comparison, reading)

cut = controls.cut(sides, st.columns(2), of_texts=comparison.kind != "texts")
stage = st.container()  # the picture stands above its slider, and is drawn when that is known
layer = choices.pick(
    "Layer (0: before the first layer)",
    range(reading.layers + 1),
    key="cube_layer",
    default=reading.layers,
    form="slider",
)
most = max(max(side.reading.hidden_states.shape[1:3]) for side in sides)
start = View(choices.recall("cube_step", STEPS, "in"), choices.recall("cube_row", range(most), 0))
shown, rows = [side.reading for side in sides], [side.row for side in sides]
layers = [side.layer(layer) for side in sides]
difference = None
if len(sides) == 1:
    cubes = [exhibits.cube(reading, layer, cut, start)]
elif comparison.kind == "models":
    cubes = exhibits.cubes_of_two_models(shown, layers, cut, start)
else:
    cubes, difference = exhibits.cubes_of_two_texts(shown, rows, layer, cut, start)
    sides = tuple(replace(side, title=f"{side.title} `h[{side.row}]`") for side in sides)
with stage:
    view, *_ = beside.pictures(sides, cubes)
if isinstance(view, View):
    choices.keep("cube_step", view.step, "in")
    choices.keep("cube_row", view.row, 0)
if difference:
    parts.picture(difference)
parts.say(cubes[0].sentence, key="cube")
beside.matched(sides, layer, layers[-1])
beside.numbers(sides, cubes)
if difference:
    parts.numbers(difference)

st.header("What another index gives", anchor=False)
st.markdown(
    "All of these run without an error, and each gives numbers of a shape that looks right somewhere. "
    f"Only the first line keeps what people mean by “the {first} vector”."
)
whole = exhibits.output(reading, layer)
parts.lines(
    [
        ("h[:, 0]", markdown(held(whole, Slice("token", 0))), words.instead(reading, layer, 0)),
        ("h[:, -1]", markdown(held(whole, Slice("token", -1))), words.instead(reading, layer, -1)),
        ("h[0]", markdown(held(whole, Slice("text", 0))), words.whole(whole.tokens[0])),
        ("h[:, :, 0]", markdown(held(whole, Slice("unit", 0))), words.single(reading)),
    ],
    heads=("code", "what it holds", "what that means here"),
)
parts.limits(
    "Where a number stands says nothing about what it means: the hidden dimensions have no names, and a bright cell is "
    "not an important one. The picture rounds each number to half precision (an error below 0.05%, and below 10⁻⁷ of "
    "numbers near 0); the table has them whole."
)
parts.lead_on()
