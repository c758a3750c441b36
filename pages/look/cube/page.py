"""The output is a cube, batch x tokens x hidden; what a classifier keeps of it is one plane."""

from contextlib import nullcontext
from dataclasses import replace

import streamlit as st

from lib.app import beside, choices, parts, presenter, readings
from lib.components.cube import STEPS, Slice, View, held
from lib.escape import markdown
from lib.words.attention import named
from lib.words.terms import term
from pages.look.cube import controls, exhibits, words

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"The model gives back one {term('vector')} for every token of every text: a cube of numbers. {first} is one slice "
    "of it, and often the only one that people keep.",
)
comparison = beside.comparison()
# two cubes need the whole width
aside, stage = parts.stage("cube") if comparison.kind == "alone" else (nullcontext(), nullcontext())
with aside:
    given = parts.guess(words.question(model), words.answers(model), key="cube_guess")
    reading = readings.yours(attention="cls")
    parts.reveal(given, words.answers(model)[1], words.because(reading), key="cube")
    sides = beside.sides(comparison, reading)
if comparison.kind == "alone" and presenter.on():
    aside, stage = st.columns([2, 3], gap="medium")
with aside:
    output = st.container()
    cut = controls.cut(sides, of_texts=comparison.kind != "texts")
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
output.markdown(f"`h` is `{exhibits.output(reading, layer).name}`.")
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
parts.settle(*words.claim(reading))
parts.keep(words.keep(model))


def other_slices() -> None:
    """What another index gives, each measured against the right one."""
    st.markdown(
        "All of these run without an error, and each gives numbers of a shape that looks right somewhere. "
        f"Only the first line keeps what people mean by “the {markdown(model.first_token)} vector”."
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


parts.fold("What another index gives", other_slices, key="slices")
parts.scope(
    f"Its vectors have {model.hidden} numbers, and it has {model.layers} layers.",
    "BERT-base gives back vectors of 768 numbers from 12 layers, BERT-large vectors of 1024 numbers from 24.",
    "They give back such a cube, too. Which slice or which mean of it is used depends on how they were trained.",
)
parts.limits(
    "The place of a number does not say what it means: the hidden dimensions have no names, and a bright cell is "
    "not an important one. The picture rounds each number to half precision (an error below 0.05%, and below 10⁻⁷ "
    "of numbers near 0). The table has them whole."
)
parts.lead_on()
