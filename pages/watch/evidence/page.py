"""What the first token looks at, what is carried into it, and what it would lose are different questions."""

import streamlit as st

from lib.app import choices, look, parts, readings
from lib.escape import markdown
from lib.texts.sources import link
from lib.words.attention import named
from pages.watch.evidence import controls as evidence
from pages.watch.evidence import figures, measures
from pages.watch.evidence import words as said

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"Where {first} looks, what is carried into it and what it would lose are three questions. Several methods "
    "answer them for the same words, side by side.",
)
texts = choices.texts() or readings.yours().encoding.texts  # without a text the page ends in there
aims, ways, several = st.columns(3)
with several:
    number = choices.follow(texts, key="evidence_text") + 1
with aims:
    asked = evidence.aim(number)
reading = evidence.reading(number)
with ways:
    how = evidence.gone()
guess = parts.guess(said.question(reading, model), said.answers(model), key="evidence_guess")

target = evidence.target(reading, asked)
found = evidence.take(reading, target, how)
shown = found.evidence
caption = said.caption(shown, model)
evidence.columns(shown, caption, key="columns")
if found.why_not:
    parts.note(found.why_not, key="amount")
parts.say(caption, key="columns")
st.markdown(f":small[:gray[{said.aside(found.looked, found.rolled, reading.encoding, model)}]]")
parts.data(
    lambda: measures.table(shown),
    name="evidence",
    about=f"A row a piece: what each method gives it, and its rank by size. {said.asked(target.kind, model)}",
)

st.header("Which one to quote", anchor=False)
st.markdown(
    "Each method answers a question of its own. ρ is its rank correlation, on this text, with what taking away does: "
    f"1 is the same order. {said.asked(target.kind, model, alone=len(set(texts)) == 1)}"
)
parts.lines(said.rows(shown), heads=("the question", "the method", "ρ, on this text"), code=False)
st.markdown(f":small[:gray[{said.how(shown)}]]")
parts.say(said.closest(shown, model), key="closest")

st.header(f"Does what {first} looks at matter?", anchor=False)
with st.columns(3)[0]:
    key = choices.pick(
        "Method across",
        said.readable(shown),
        key="evidence_across",
        default="attention",
        form="menu",
        names=lambda each: measures.METHODS[each].name,
    )
told = said.scatter(shown, key, model)
for place, taken in zip(st.columns(2, gap="medium"), measures.TAKEN, strict=True):
    with place:
        parts.chart(
            figures.against(
                shown.size(key),
                shown.size(taken),
                shown.names,
                look.palette(),
                across=said.across(key),
                up=said.up(taken, target.kind),
                percent=key in said.SHARES,
            ),
            alt=told,
            name=f"evidence-{taken}",
        )
parts.say(told, key="scatter")

kind, because = said.verdict(shown, model)
claim = f"“What {markdown(model.first_token)} looks at most is what matters most.”"
parts.verdict(kind, claim, because, key="evidence", guess=guess)
parts.checks(evidence.proofs(found))
parts.limits(
    f"Attention is no explanation by itself ({link('jain2019')}), and not worthless either ({link('wiegreffe2019')}): "
    "that depends on what is asked, and both studied recurrent networks. A cut leaves the piece’s share to what may "
    f"still be read, so it is no plain absence ({link('geva2023')}). A mask in a word’s place is not a text without "
    "the word. Slopes depend on their baseline, here the same text of blanks. Rollout takes half of each layer to "
    f"pass by, and counts no values ({link('abnar2020')}). A word of several pieces is taken away piece by piece. One "
    "text, one model."
)
parts.lead_on()
