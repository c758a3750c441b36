"""Which way tokens may attend: under a mask to the left, a first token is the same vector in every text."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown
from lib.measures.attention import shares, window
from lib.quantities import plural
from lib.texts.sources import link
from lib.words.attention import named
from lib.words.terms import term
from pages.change.direction import controls, exhibits, measures, words

model = choices.checkpoint()
first, layers = named(model), model.layers
parts.open_page(
    f"In BERT, {term('attention')} goes to both sides; in GPT, only to the token itself and to its left. {first} "
    "stands first. Would it then still know the text?"
)
guess = parts.guess(words.question(model), words.ANSWERS, key="direction_guess")
reading, own = readings.compared()
encoding, texts = reading.encoding, reading.encoding.texts
masked = controls.under(reading)
parts.reveal(
    guess, words.guessed(reading, masked["forward"]), words.because(reading, masked["forward"]), key="direction"
)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="direction_controls"):
    way = choices.pick("Attention goes", measures.WAYS, key="direction_mask", default="forward", names=words.label)
    with st.container(width=330):
        row = choices.follow(texts, key="direction_text")
narrow = window(shares(reading, row, "attends_to"))
cause, effect = st.columns(2, gap="medium")
with cause:
    mask = exhibits.mask(way, encoding, row, model, narrow)
    parts.picture(mask)
    parts.numbers(mask)
with effect:
    parts.show(exhibits.positions(reading, masked, way))
if not own:
    parts.note("There is one text, so it is compared with ours. Add another above, one text a line.", key="ours")
kind, why = words.verdict(masked["forward"], measures.largest(reading.cls[-1]), encoding, row, narrow)
claim = f"“{first} must stand first to see the whole text.”"
parts.settle(kind, claim, why)
parts.keep(words.keep(kind, model))


def ends() -> None:
    """What the first and the last token attend to."""
    parts.say(mask.sentence, key="mask")
    plain, whole = (controls.whole(reading, row, each) for each in ("both", way))
    if not plain or not whole:
        parts.note(f"**A long text.** This is shown of texts of up to {controls.LONGEST} tokens.", key="long")
        return
    st.markdown("Attention weights in percent, mean of the heads; × is exactly 0.")
    layer = choices.pick("Layer", range(1, layers + 1), key="direction_layer", default=layers, form="slider")
    parts.show(exhibits.rows(plain, whole, layer, way))


def taken() -> None:
    """Which token could stand for the text."""
    st.markdown(
        "A model that goes left to right is often summed up by its last token, or by a mean in which later tokens "
        f"weigh more ({link('muennighoff2022')}). How far do the texts differ at each of these places?"
    )
    parts.show(exhibits.taken({each: measures.at_places(under) for each, under in masked.items()}, way, model))


def tested() -> None:
    """The claim, the checks and the limits."""
    parts.verdict(kind, claim, why, key="direction", on=plural(len(texts), "text"))
    whole = controls.whole(reading, row, way)
    parts.checks([parts.Proof(*each) for each in words.proofs(whole, way, masked["forward"])])
    parts.limits(
        f"{markdown(model.name)} was not trained with such a mask. The numbers show what a position can hold under it, "
        "not how good a GPT is, which learns to use its last token. That texts differ at a position says that "
        "something of them is there, not that it is what you need."
    )


parts.fold("What both ends attend to", ends, key="direction_ends")
parts.fold("Which token would you take now?", taken, key="direction_taken")
parts.fold("A claim, checks and limits", tested, key="direction_tested")
parts.scope(*words.scope(model))
parts.lead_on()
