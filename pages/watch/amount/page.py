"""A weight is no amount: what the first token gets is the weight times a vector, added to what it keeps."""

import streamlit as st

from lib.app import choices, look, parts, readings
from lib.cached import anatomy
from lib.escape import markdown
from lib.measures import amount, ledger
from lib.measures.attention import KINDS, kinds
from lib.measures.journey import loud_unit
from lib.words.attention import group, named
from pages.watch.amount import bands, books, figures
from pages.watch.amount import words as said

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"A weight says how much of a token {first} reads. What it gets is that share of a vector, and the vector may be "
    "short.",
)
reading = readings.yours()
texts = reading.encoding.texts
guess = parts.guess(
    f"By weight, {first} reads a share from itself. Count the lengths of the vectors, too: what becomes of that share?",
    ("It grows", "It stays about the same", "It shrinks"),
    key="amount_guess",
)
shown, several = st.columns((5, 6), vertical_alignment="center")
with shown:
    state = choices.pick(
        "Each band is the whole of", said.STATES, key="amount_of", default="amount", names=said.state, hide_label=True
    )
with several:
    number = choices.follow(texts, key="amount_text") + 1
try:
    taken = anatomy.ledger(reading, number - 1)
except ValueError as problem:
    parts.note(str(problem), key="problem")
    parts.end()

tokens, roles = reading.encoding.row(number - 1), [r for r in reading.encoding.roles(number - 1) if r != "pad"]
each = kinds(reading.encoding, number - 1)
groups = [kind for kind in KINDS if kind in each]
found = amount.amounts(taken)
told = said.moved(found, each, groups, model)
shares = {"weight": found.weights, "length": found.evenly, "amount": found.shares}
labels = {kind: group(kind, "reads", model) for kind in groups}
bands.bands(
    bands.payload(shares, found.lengths, tokens, each, labels, state=state, meant=said.meant(state, model), alt=told),
    key="bands",
)
parts.say((f"Your guess: *{guess}*. " if guess else "") + told, key="amount")
st.markdown(said.how("amount", model))
parts.data(
    lambda: amount.by_token(found, tokens),
    name="amount",
    about="Weight and length are means over heads; the amount is the length of the sum over heads, in activations.",
)

st.header("Beside what it keeps", anchor=False)
st.markdown(said.how("mixing", model))
mixed = amount.mixing(taken)
told, ways = said.mixed(mixed, model), said.ways(mixed)
parts.chart(figures.mixing([*ways[:2], ways[-1]], look.palette()), alt=told, name="mixing")
parts.say(told, key="mixing")
parts.data(
    lambda: [("layer", range(1, reading.layers + 1)), *ways],
    name="mixing",
    about="|others| / (|others| + |own|), 0 to 1: how much of what makes the new vector comes from other tokens.",
)

st.header("The books of one layer", anchor=False)
unit = loud_unit(reading.cls[:, [number - 1]])
if not ledger.known(taken):
    parts.note(f"**The books of {markdown(model.name)} stay closed.** {said.CLOSED}", key="closed")
else:
    st.markdown(said.rules(taken, model))
    which, unfolded, left = st.columns((5, 3, 3), vertical_alignment="bottom")
    with left:
        without = choices.switch(f"Leave unit {unit} out", key="amount_without")
    every = ledger.all_books(taken, unit if without else None)
    with which:
        layer = choices.pick(
            "Layer", range(1, reading.layers + 1), key="amount_layer", default=ledger.widest(every), form="slider"
        )
    with unfolded:
        fold = choices.pick("What it read", tuple(said.FOLDS), key="amount_fold", default="heads", names=said.FOLDS.get)
    book = every[layer - 1]
    told = said.books(book, layer, fold, tokens, roles, unit, model)
    books.books(books.payload(book, layer, fold, tokens, roles, model, alt=told), key="books")
    parts.say(told, key="books")
    parts.checks([parts.Proof(*proof) for proof in said.proofs(ledger.check(every), model)])
    parts.data(
        lambda: ledger.table(book, tokens),
        name="books",
        about=f"Layer {layer}: every term of the new vector, its length, and its share t · new / |new|².",
    )

    st.header("The books of every layer", anchor=False)
    told, names = said.overview(every, unit, model), {kind: said.kind(kind, model) for kind in ledger.kinds(every)}
    st.markdown(said.how("every", model))
    picture = figures.made_of(ledger.by_kind(every), names, layer, look.palette(), y=said.axis(book))
    parts.chart(picture, alt=told, name="made-of")
    parts.say(told, key="made")
    parts.data(
        lambda: ledger.by_layer(every, list(names.values())),
        name="made",
        about=said.made(every, unit),
    )

parts.limits(said.limits(model))
parts.lead_on()
