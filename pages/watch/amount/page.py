"""A weight is no amount: what the first token gets is the weight times a vector, added to what it keeps."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.cached import anatomy
from lib.escape import markdown
from lib.measures import amount, ledger
from lib.measures.attention import kinds
from lib.measures.journey import loud_unit
from lib.words.attention import named
from lib.words.terms import term
from pages.watch.amount import exhibits, words

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"A weight says how large a part of a token’s {term('vector')} {first} takes. If the vector is short, a large "
    "weight still brings little. So what does attention really bring in?"
)
given = parts.guess(
    f"By weight, {first} gives much of its attention to itself. Now count the lengths of the vectors, too: what "
    "becomes of that share?",
    words.ANSWERS,
    key="amount_guess",
)
reading = readings.yours()
texts = reading.encoding.texts
answer = st.container()
shown, several = st.columns((5, 6), vertical_alignment="center")
with shown:
    state = choices.pick(
        "Each band is the whole of", words.STATES, key="amount_of", default="amount", names=words.state, hide_label=True
    )
with several:
    row = choices.follow(texts, key="amount_text")
with parts.or_end():
    taken = anatomy.ledger(reading, row)

each = kinds(reading.encoding, row)
found = amount.amounts(taken)
with answer:
    parts.reveal(given, words.becomes(found, each), words.revealed(found, each, model), key="amount")
parts.show(exhibits.amounts(found, reading, row, each, state))


def mixing() -> None:
    """What comes from other tokens once the old vector counts, too."""
    st.markdown(words.how("mixing", model))
    parts.show(exhibits.mixing(amount.mixing(taken), reading))


def layers() -> None:
    """What adds up to the new vector, in one layer and in every one."""
    unit = loud_unit(reading.cls[:, [row]])
    if not ledger.known(taken):
        parts.note(f"**No sum for {markdown(model.name)}.** {words.CLOSED}", key="closed")
        return
    st.markdown(words.rules(taken, model))
    which, unfolded, left = st.columns((5, 3, 3), vertical_alignment="bottom")
    with left:
        without = choices.switch(f"Leave dimension {unit} out", key="amount_without")
    every = ledger.decompositions(taken, unit if without else None)
    with which:
        layer = choices.pick(
            "Layer", range(1, reading.layers + 1), key="amount_layer", default=ledger.widest(every), form="slider"
        )
    with unfolded:
        fold = choices.pick(
            "What attention brought",
            tuple(words.FOLDS),
            key="amount_fold",
            default="heads",
            names=words.FOLDS.__getitem__,
        )
    parts.show(exhibits.layer(every[layer - 1], layer, fold, reading, row, unit))
    parts.checks([parts.Proof(*proof) for proof in words.proofs(ledger.check(every), model)])
    st.markdown(words.how("every", model))
    parts.show(exhibits.layers(every, unit, layer, reading))


parts.fold("How the amount is computed", lambda: st.markdown(words.how("amount", model)), key="how")
parts.fold("How much of the new vector comes from other tokens?", mixing, key="mixing")
parts.fold("What adds up to the new vector, layer by layer?", layers, key="layers")
parts.limits(words.limits(model))
parts.lead_on()
