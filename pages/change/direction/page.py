"""Under a causal mask a first token sees nothing: where a summary can stand is decided by who may read whom."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown
from lib.measures.attention import shares, window
from lib.texts.sources import link
from lib.words.attention import named
from pages.change.direction import controls, exhibits, measures, words

model = choices.checkpoint()
first, layers = named(model), model.layers
parts.open_page(
    f"In BERT every token may read every other; in models like GPT only itself and what stands in front. {first} "
    "stands first. Flip the switch.",
)
guess = parts.guess(words.question(model), words.ANSWERS, key="direction_guess")
reading, own = readings.compared()
encoding, texts = reading.encoding, reading.encoding.texts
switch, menu = st.columns((3, 2))
with switch:
    way = choices.pick(
        "Mask", measures.WAYS, key="direction_mask", default="forward", names=words.label, hide_label=True
    )
with menu:
    row = choices.follow(texts, key="direction_text")
masked = controls.under(reading)
narrow = window(shares(reading, row, "reads"))
parts.show(exhibits.mask(way, encoding, row, model, narrow))
if not own:
    parts.note("You typed one text, so it is compared with ours. Add another above, one text a line.", key="ours")

st.header("Where the texts part", anchor=False)
st.markdown(
    "The final vectors at the same position, compared between all pairs of texts: 0 is the same direction, 1 a right "
    "angle. What the model has at a place can differ only by what that place may have seen; last tokens can also "
    "differ in where they stand."
)
parts.show(exhibits.positions(reading, masked, way))

plain, whole = (controls.whole(reading, row, each) for each in ("both", way))
if plain and whole:
    st.header("What the two ends read", anchor=False)
    st.markdown("Shares of their reading in percent, mean of the heads; × is exactly 0.")
    layer = choices.pick("Layer", range(1, layers + 1), key="direction_layer", default=layers, form="slider")
    parts.show(exhibits.rows(plain, whole, layer, way))

st.header("Which token would you take now?", anchor=False)
st.markdown(
    f"A model that reads left to right is often summed up at its end, or by a mean in which later tokens weigh more "
    f"({link('muennighoff2022')}). How far do your texts differ at each place?"
)
parts.show(exhibits.taken({each: measures.at_places(under) for each, under in masked.items()}, way, model))

kind, because = words.verdict(masked["forward"], measures.largest(reading.cls[-1]), encoding, row, narrow)
parts.verdict(kind, f"“{first} must stand first to see the whole text.”", because, key="direction", guess=guess)
parts.checks([parts.Proof(*each) for each in words.proofs(whole, way, masked["forward"])])
parts.limits(
    f"{markdown(model.name)} was not trained for a triangle: these numbers show what a place can hold under a mask, "
    "not how good a GPT is, which learns to use its last token. That texts differ at a place says that something of "
    "them is there, not that it is what you need. In layers with a window of neighbours a token sees even less."
)
parts.lead_on()
