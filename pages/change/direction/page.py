"""Under a causal mask a first token sees nothing: where a summary can stand is decided by who may read whom."""

import streamlit as st

from lib.app import choices, look, parts, readings
from lib.escape import markdown, visible
from lib.measures.attention import shares, window
from lib.texts.sources import link
from pages.change.direction import controls as masks
from pages.change.direction import figures, measures
from pages.change.direction import words as said

model = choices.checkpoint()
first, layers, palette = said.named(model), model.layers, look.palette()
parts.open_page(
    f"In BERT every token may read every other; in models like GPT only itself and what stands in front. {first} "
    "stands first. Flip the switch.",
)
guess = parts.guess(said.question(model), said.ANSWERS, key="direction_guess")
reading, own = readings.compared()
encoding, texts = reading.encoding, reading.encoding.texts
switch, menu = st.columns((3, 2))
with switch:
    way = choices.pick(
        "Mask", measures.WAYS, key="direction_mask", default="forward", names=said.label, hide_label=True
    )
with menu:
    row = choices.follow(texts, key="direction_text")
tokens = [visible(token) for token in encoding.row(row)]
found = masks.under(reading)
narrow = window(shares(reading, row, "reads"))
now, caption = found[way], said.mask(way, encoding, row, model, narrow)
allowed = measures.allowed(way, len(tokens))
parts.chart(figures.mask(allowed, tokens, palette), alt=caption, name="direction-mask")
parts.say(caption, key="mask")
parts.data(
    lambda: {"position": range(len(tokens)), "token": tokens, "may have seen": measures.seen(way, len(tokens))},
    name="mask",
    about="How many tokens each may have seen, itself included, in any number of layers.",
)
if not own:
    parts.note("You typed one text, so it is compared with ours. Add another above, one text a line.", key="ours")

st.header("Where the texts part", anchor=False)
st.markdown(
    "The final vectors at the same position, compared between all pairs of texts: 0 is the same direction, 1 a right "
    "angle. What the model has at a place can differ only by what that place may have seen; last tokens can also "
    "differ in where they stand."
)
before, after = measures.by_position(reading), measures.by_position(now)
places = {each: measures.at_places(passed) for each, passed in found.items()}
ends = (places["both"]["last"], places[way]["last"])
caption = said.parted(before, after, ends, way, now)
parts.chart(figures.by_position(before, after, ends, model.separator, palette), alt=caption, name="direction-positions")
parts.say(caption, key="parted")
parts.data(
    lambda: {"position": range(len(before)), "untouched": before, "under this mask": after},
    name="positions",
    about="1 − cosine between the final vectors at a position, mean over all pairs of texts.",
)

whole = masks.whole(reading, row, way)
if whole:
    st.header("What the two ends read", anchor=False)
    st.markdown("Shares of their reading in percent, mean of the heads; × is exactly 0.")
    layer = choices.pick("Layer", range(1, layers + 1), key="direction_layer", default=layers, form="slider")
    names = said.ends(model, tokens[-1])
    ends_read = measures.rows(masks.whole(reading, row, "both"), whole, layer, names)
    caption = said.rows(ends_read, layer, way, model)
    values, across = masks.narrowed(ends_read, tuple(tokens))
    parts.chart(figures.rows(values, names, across, palette), alt=caption, name="direction-rows")
    parts.say(caption, key="rows")
    parts.data(
        lambda: [("token", tokens), *zip(names, ends_read.values, strict=True)],
        name="rows",
        about=f"Shares of the reading of both ends in layer {layer}, mean over heads, 0 to 1.",
    )

st.header("Which token would you take now?", anchor=False)
st.markdown(
    f"A model that reads left to right is often summed up at its end, or by a mean in which later tokens weigh more "
    f"({link('muennighoff2022')}). How far do your texts differ at each place?"
)
caption = said.taken(places, way, model)
marks = [
    figures.Mark(name, role, [places[each][place] for each in measures.WAYS])
    for place, name, role in said.places(model)
]
chosen = measures.WAYS.index(way)
parts.chart(figures.taken(marks, list(said.NAMES.values()), chosen, palette), alt=caption, name="direction-taken")
parts.say(caption, key="taken")
parts.data(
    lambda: [("mask", list(said.NAMES.values())), *((mark.name, mark.values) for mark in marks)],
    name="taken",
    about="1 − cosine between the final vectors of any two texts, mean over all pairs.",
)

kind, because = said.verdict(found["forward"], measures.largest(reading.cls[-1]), encoding, row, narrow)
parts.verdict(kind, f"“{first} must stand first to see the whole text.”", because, key="direction", guess=guess)
parts.checks([parts.Proof(*each) for each in said.proofs(whole, way, found["forward"])])
parts.limits(
    f"{markdown(model.name)} was not trained for a triangle: these numbers show what a place can hold under a mask, "
    "not how good a GPT is, which learns to use its last token. That texts differ at a place says that something of "
    "them is there, not that it is what you need. In layers with a window of neighbours a token sees even less."
)
parts.lead_on()
