"""What the first token looks at, what is carried into it, and what it would lose are different questions."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown
from lib.texts.sources import link
from lib.words.attention import named
from pages.watch.evidence import controls as evidence
from pages.watch.evidence import exhibits, measures, words

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
guess = parts.guess(words.question(reading, model), words.answers(model), key="evidence_guess")

target = evidence.target(reading, asked)
found = evidence.take(reading, target, how)
shown = found.evidence
ranked = exhibits.ranked(shown, target.kind, model)
parts.picture(ranked)
if found.why_not:
    parts.note(found.why_not, key="amount")
parts.say(ranked.sentence, key="columns")
st.markdown(f":small[:gray[{words.aside(found.looked, found.rolled, reading.encoding, model)}]]")
parts.numbers(ranked)

st.header("Which one to quote", anchor=False)
st.markdown(
    "Each method answers a question of its own. ρ is its rank correlation, on this text, with what taking away does: "
    f"1 is the same order. {words.asked(target.kind, model, alone=len(set(texts)) == 1)}"
)
parts.lines(words.rows(shown), heads=("the question", "the method", "ρ, on this text"), code=False)
st.markdown(f":small[:gray[{words.how(shown)}]]")
parts.say(words.closest(shown, model), key="closest")

st.header(f"Does what {first} looks at matter?", anchor=False)
with st.columns(3)[0]:
    key = choices.pick(
        "Method across",
        words.readable(shown),
        key="evidence_across",
        default="attention",
        form="menu",
        names=lambda each: measures.METHODS[each].name,
    )
pictures = exhibits.scatter(shown, key, target.kind, model)
for column, picture in zip(st.columns(2, gap="medium"), pictures, strict=True):
    with column:
        parts.picture(picture)
parts.say(pictures[0].sentence, key="scatter")
parts.numbers(pictures[0])

kind, because = words.verdict(shown, model)
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
