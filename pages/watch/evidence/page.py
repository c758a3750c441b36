"""Which tokens matter for the first token: attention, what it moves, gradients, and taking tokens away, compared."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown
from lib.texts.sources import link
from lib.words.attention import named
from pages.watch.evidence import controls, exhibits, measures, words

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"{first} gets the text from other tokens. Which of them matter most for its vector? Attention weights are one "
    "answer. We compare them with what happens when a token is taken away."
)
texts = choices.texts() or readings.yours().encoding.texts  # without a text the page ends in there
aims, ways, several = st.columns(3)
with several:
    number = choices.follow(texts, key="evidence_text") + 1
with aims:
    asked = controls.aim(number)
reading = controls.reading(number)
with ways:
    how = controls.gone()
guess = parts.guess(
    words.question(reading, "alike" if asked else "moved", model), words.answers(model), key="evidence_guess"
)

target = controls.target(reading, asked)
found = controls.take(reading, target, how)
shown = found.evidence
parts.reveal(guess, words.right(shown, model), words.because(shown, model), key="evidence")
parts.show(exhibits.ranked(shown, target.kind, model))
if found.why_not:
    parts.note(found.why_not, key="amount")
kind, because = words.verdict(shown, model)
claim = f"“What {markdown(model.first_token)} attends to most is what matters most.”"
parts.settle(kind, claim, because)


def methods() -> None:
    """The question of each method, how far it agrees with taking away, how it is computed, and what is not ranked."""
    st.markdown(
        "Each method answers a question of its own. The numbers are rank correlations with both ways of taking away, "
        f"on this text: 1 is the same order. {words.asked(target.kind, model, alone=len(set(texts)) == 1)}"
    )
    parts.lines(words.rows(shown), heads=("the question", "the method", "rank correlation"), code=False)
    parts.say(words.closest(shown, model), key="closest")
    st.markdown(f":small[:gray[{words.how(shown)}]]")
    st.markdown(f":small[:gray[{words.aside(found.attended, found.rolled, reading.encoding, model)}]]")


def scatter() -> None:
    """One method against both ways of taking away."""
    with st.columns(3)[0]:
        key = choices.pick(
            "Method on the x axis",
            words.computed(shown),
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


def tested() -> None:
    """The claim, and the checks."""
    parts.verdict(kind, claim, because, key="evidence", on="this text")
    parts.checks(controls.proofs(found))


parts.fold("What each method asks, and how far it agrees", methods, key="evidence_methods")
parts.fold("Token by token: one method against taking away", scatter, key="evidence_scatter")
parts.fold("A claim put to the test, and three checks", tested, key="evidence_tested")
parts.limits(
    f"Whether attention explains a result depends on the question: {link('jain2019')} say no, {link('wiegreffe2019')} "
    "say it can; both studied recurrent networks. A cut leaves the token’s weight to the other tokens, so the token is "
    f"not just absent ({link('geva2023')}). A text with [MASK] is not the text without the word. Gradients depend on "
    "their baseline, here the same text of masks. Rollout assumes that half of each vector is kept, and ignores the "
    f"values ({link('abnar2020')}). A word of several tokens is taken away token by token. This is one text and one "
    "model."
)
parts.lead_on()
