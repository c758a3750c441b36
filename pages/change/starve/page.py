"""Attention knock-out: a first token that attends to nothing else is the same vector in every text."""

import streamlit as st

from lib.app import choices, edits, parts, readings
from lib.measures import attention
from lib.quantities import plural
from lib.texts.sources import link
from lib.words.attention import named, window
from lib.words.terms import term
from pages.change.starve import controls, cuts, exhibits, measures, words

model = choices.checkpoint()
first, layers = named(model), model.layers
parts.open_page(
    f"Does {first} know anything by itself? We forbid its {term('attention')} to the other tokens. If nothing of a "
    "text is left, all of it came in through attention."
)
guess = parts.guess(words.question(model), words.ANSWERS, key="starve_guess")
reading, own = readings.compared()
encoding, texts = reading.encoding, reading.encoding.texts
answer = st.container()
with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="starve_controls"):
    with st.container(width=330):
        row = choices.follow(texts, key="starve_text")
    buttons = st.container(width="content")
changes = choices.edit("starve_edit", default=cuts.STARVED, takes=lambda change: cuts.takes(change, layers))
now = readings.again(reading, cuts.for_texts(changes, row, len(texts)))
starved = readings.again(reading, cuts.for_texts(cuts.STARVED, row, len(texts)))
left = measures.left(reading, starved, now, row)
with answer:
    parts.reveal(guess, words.guessed(left, starved), words.because(left, starved, model), key="starve")

untouched, attended = attention.shares(reading, row, "attends_to"), attention.shares(now, row, "attends_to")
cut = cuts.cut(changes, layers, untouched.length)
connections = exhibits.connections(untouched, attended, cut, cuts.closed(changes, layers), model)
with buttons:
    controls.ready(changes, key="starve_edit")
controls.show(connections, changes, untouched.length, key="starve_edit")
parts.show(exhibits.final(reading, now, left, row))
edits.show(changes, encoding, row, key="starve_edit")
if not own:
    parts.note("There is one text, so it is compared with ours. Add another above, one text a line.", key="ours")
kind, why = words.verdict(left, starved, model)
claim = f"“{first} holds no information of its own.”"
parts.settle(kind, claim, why)
parts.keep(words.keep(kind, model))


def forbidden() -> None:
    """How the picture is used, and what is forbidden, in numbers."""
    st.markdown(
        "Press a layer to close or open it, ↓ to close all from there on, a token to forbid it in every layer, a cell "
        "to forbid one connection. A closed layer holds for all texts, a token only for this one. A forbidden "
        f"connection ({link('geva2023')}) gets no weight; the other tokens share what it had."
    )
    parts.say(connections.sentence, key=connections.name)
    if narrow := attention.window(untouched):
        st.markdown(window(narrow, untouched, model))
    parts.numbers(connections)


def by_layer() -> None:
    """How far the texts differ in each layer, and which layer brings the text in."""
    parts.show(exhibits.apart(left, cut, model))
    st.markdown(
        f"Which layer brings the text in? We let {first} attend in one layer only, then in all but one. 100% means "
        "that the vector is as usual, 0% that it knows nothing of the text. BERT’s first token was found idle in the "
        f"middle layers and active in the last ({link('gao_condenser2021')})."
    )
    if most := controls.budget(reading, row, key="starve_long"):
        parts.show(exhibits.by_layer(controls.by_layer(reading, starved, row, most), row, len(texts), model))


def by_word() -> None:
    """What each token is worth."""
    st.markdown(f"Each token is forbidden alone. How far does {first} move, compared with the average token?")
    if most := controls.budget(reading, row, key="starve_long_words"):
        worth, names, chosen, where = controls.worth(reading, starved, row, most, keys=("starve_in", "starve_word"))
        tokens = exhibits.effects(worth, names, chosen, encoding, row, model)
        parts.show(tokens)
        more = controls.word(worth, chosen, where)
        edits.adder("Forbid it above, too", changes, more, key="starve_edit", name="word")


def mirrored() -> None:
    """The other way round: the first token hidden from the others."""
    st.markdown(words.parked(model))
    parts.show(exhibits.hidden(controls.hidden(reading, row), model))


def dropped() -> None:
    """The same without giving their attention to other tokens."""
    st.markdown(words.noop(model))
    parts.show(exhibits.shares(*controls.shares(reading, row), model))


def tested() -> None:
    """The claim, the checks and the limits."""
    parts.verdict(kind, claim, why, key="starve", on=plural(len(texts), "text"))
    parts.checks([parts.Proof(*each) for each in words.proofs(reading, now, starved, row, cut)])
    parts.limits(
        f"What {first} attends to does not say what it does with it. A text that is forbidden may still come in "
        "through another token that attended to it, and the shares of single tokens do not add up."
    )


parts.fold("How to forbid single tokens", forbidden, key="starve_gate")
parts.fold("Which layer brings the text in?", by_layer, key="starve_layers")
parts.fold("Which token matters most?", by_word, key="starve_words")
parts.fold("What if the others may not attend to it?", mirrored, key="starve_hidden")
parts.fold("Do the others miss it, or a place for their attention?", dropped, key="starve_shares")
parts.fold("A claim, checks and limits", tested, key="starve_tested")
parts.scope(*words.scope(model))
parts.lead_on()
