"""The first token moves in every layer; for how long all texts move as one differs from model to model."""

import streamlit as st

from lib.escape import markdown
from lib.figures import journey as figures
from lib.measures import journey as measures
from lib.quantities import plural
from lib.said import journey as said
from lib.ui import choices, look, parts, readings

model = choices.checkpoint()
first = said.named(model)
parts.open_page(
    2,
    "look",
    f"The journey of {markdown(model.first_token)}",
    f"The vector of {first} moves in every layer. It starts as the same for all texts: where do their ways part?",
)
reading, own = readings.compared()
texts, layers, palette = reading.encoding.texts, reading.layers, look.palette()
if reading.batch > measures.MOST:
    parts.note(f"Compared are the first {measures.MOST} of your {plural(reading.batch, 'text')}.", key="most")
tracks = measures.tracks(reading)
names = {track.kind: said.kind(track.kind, model) for track in tracks}
cls = tracks[0].vectors
alike = {track.kind: measures.alike(track.vectors) for track in tracks if track.vectors.shape[1] > 1}
unit = measures.loud_unit(cls)
quiet = measures.alike(measures.without(cls, unit))

way = alike["first"]
caption = said.parts(way, alike.get("words"), model)
band = ([pair.cosine for pair in way.least], [pair.cosine for pair in way.most])
lines = [
    figures.Line(names[kind], kind, each.mean, *(([said.short(c) for c in way.mean], band) if kind == "first" else ()))
    for kind, each in alike.items()
]
parts.chart(
    figures.by_layer(
        lines, palette, y="cosine between texts (band: all pairs)", span=(0, 1.12), dashed=measures.ALIKE
    ),
    alt=caption,
    name="journey-alike",
)
parts.say(caption, key="alike")
st.markdown(said.rule(model))
if not own:
    parts.ours(texts)
parts.data(
    lambda: {
        "layer": range(layers + 1),
        **{names[kind]: each.mean for kind, each in alike.items()},
        f"{model.first_token}, least alike": band[0],
        f"{model.first_token}, most alike": band[1],
        f"{model.first_token}, without unit {unit}": quiet.mean,
    },
    name="alike",
    about=f"Mean cosine of all pairs of texts in each layer, no unit, from −1 to 1; for {first} also both ends.",
)

st.header("How far it moves", anchor=False)
st.markdown(said.DISTANCE)
if reading.closed:
    st.markdown(said.closed(layers))
moves = {track.kind: measures.moves(track.vectors) for track in tracks}
caption = said.moved(moves["first"], model)
others = [figures.Line(names[kind], kind, each.distance) for kind, each in moves.items() if kind != "first"]
parts.chart(
    figures.moved(moves["first"].distance, moves["first"].together, others, palette), alt=caption, name="journey-moved"
)
parts.say(caption, key="moved")
parts.data(
    lambda: {
        "layer": range(1, layers + 1),
        **{f"{names[kind]}, distance": each.distance for kind, each in moves.items()},
        **{f"{names[kind]}, in common": each.together for kind, each in moves.items()},
    },
    name="moved",
    about="Distance moved in each layer (root mean square over the texts) and the share of its square in common.",
)

st.header("One loud unit", anchor=False)
st.markdown(
    f"Of the {reading.hidden} units, this is the one that holds most of the squared length of {first}, in the mean "
    "over all layers."
)
shares = {track.kind: measures.share_of(track.vectors, unit) for track in tracks}
caption = said.loud(unit, shares, float(way.mean[-1]), float(quiet.mean[-1]), model)
parts.chart(
    figures.by_layer(
        [figures.Line(names[kind], kind, each) for kind, each in shares.items()],
        palette, y=f"share of unit {unit}", span=(0, 1.04), percent=True,
    ),
    alt=caption,
    name="journey-loud",
)  # fmt: skip
parts.say(caption, key="loud")
parts.data(
    lambda: {"layer": range(layers + 1), **{names[kind]: each for kind, each in shares.items()}},
    name="loud",
    about=f"Share of unit {unit} in the squared length of a vector, mean over the texts, 0 to 1.",
)

st.header("The trail", anchor=False)
st.markdown(said.PLANE)
left_out = choices.switch(f"Leave unit {unit} out", key="journey_without")
trail = measures.trail(measures.without(cls, unit) if left_out else cls)
caption = said.trail(trail, reading, unit, left_out)
parts.chart(figures.trails(trail.places, trail.shares, texts, palette), alt=caption, name="journey-trail")
parts.say(caption, key="trail")
parts.data(lambda: measures.table(trail), name="trail", about="Where each text stands on the plane: activations.")
parts.limits(
    "A cosine near 1 does not say that nothing is there: small differences may be large beside what this vector "
    "usually varies, and a classifier can use them. A plane shows two directions of many."
)
parts.lead_on("pages/watch/attention.py", f"What moves it: what {markdown(model.first_token)} reads")
