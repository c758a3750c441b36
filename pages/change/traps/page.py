"""Mistakes in code that raise no error: what each does to the vectors, and why a score may not show it."""

import streamlit as st

from lib.app import choices, datasets, parts
from lib.cached import probes
from lib.escape import markdown
from lib.texts.labelled import LABELLED
from lib.texts.sources import link
from lib.words.attention import named
from pages.change.traps import controls, exhibits, words

model = choices.checkpoint()
parts.open_page(
    f"{len(words.TRAPS)} mistakes in code that hardly ever raise an error. The code runs, but the result is not the "
    f"vector of {named(model)}, or not the mean. A comparison of the two is then worth nothing."
)
guess = parts.guess(words.question(), words.ANSWERS, key="traps_guess")
reading = controls.read()
datasets.own_up(model, probes.SET)
padded = probes.padded(model)
parts.reveal(
    guess,
    words.guessed(padded.right, padded.change, padded.cosine, LABELLED.majority),
    words.because(padded.right, padded.everywhere, padded.change, padded.cosine),
    key="traps",
)
kind, why = words.noticed(padded.right, padded.change, padded.cosine, padded.together, LABELLED.majority)
claim = "“A good score means that the code is right.”"
parts.settle(kind, claim, why)

found = controls.make(reading, controls.padding(reading))
ways = controls.returned(model.slug)
parts.show(exhibits.compared(found, ways[0].layers))


def code() -> None:
    """One mistake: its lines of code beside the right ones, its picture, its sentence, its numbers."""
    key = choices.pick(
        "Mistake",
        tuple(words.TRAPS),
        key="traps_which",
        default="padding",
        names=lambda each: words.name(each, model),
        hide_label=True,
    )
    st.markdown(words.why(key, model))
    both = words.code(key, found.most, model.limit)
    for column, head, lines in zip(st.columns(2, gap="small"), ("○ Wrong", "● Right"), both, strict=True):
        with column:
            st.markdown(f"**{head}**")
            st.code(lines, language=None, wrap_lines=True)  # a language would bring colours that have a role
    if before := words.begins(key):
        st.markdown(f":small[:gray[{before}]]")
    if key == "sdpa":
        parts.show(exhibits.attention(ways, model.layers))
    elif key not in found.damages:
        parts.note(words.none(key, ways[0].fields, model), key="trap")
    elif key in ("pooler", "specials"):
        parts.show(exhibits.vector(found.damages[key], model))
    else:
        steps, lines_ = controls.growth(found, key)
        parts.show(exhibits.growth(found.damages[key], steps, lines_, model))
        if key == "left":
            column_0, own = (float(line.values[:, -1].mean()) for line in lines_)
            st.markdown(words.impersonated(column_0, own, model))


def score() -> None:
    """Averaged padding put to a classifier."""
    st.markdown(
        "Averaged padding once more, on labelled sentences of ours in one padded batch. A classifier (logistic "
        "regression) learns from the right means and from the wrong ones, and answers for held-out sentences."
    )
    parts.show(
        exhibits.probe(
            padded.right,
            padded.everywhere,
            padded.in_use,
            padded.cosine,
            LABELLED.majority,
            words.probed_headline(kind),
        )
    )


def tested() -> None:
    """The claim, how the mistakes were made, the checks and the limits."""
    parts.verdict(kind, claim, why, key="traps", on=words.tested(padded.right.texts))
    absent = [words.name(key, model) for key in words.TRAPS if key not in found.damages and key != "sdpa"]
    st.markdown(words.made(found.worst_first, absent, found.more, found.most, ways[0].layers, model))
    parts.checks([parts.Proof(*each) for each in controls.proofs(found)])
    parts.limits(
        f"{words.counted(reading.batch, len(choices.texts()))}, and one model, {markdown(model.name)}; other models "
        "are hurt elsewhere. That a score does not fall is no excuse: the same vectors fail wherever they meet rightly "
        f"made ones. The lines are for transformers {controls.version()} ({link('wolf2020')}); another version may do "
        "otherwise."
    )


parts.fold("One mistake in code, wrong and right", code, key="traps_code")
parts.fold("What a classifier notices of averaged padding", score, key="traps_score")
parts.fold("A claim put to the test, and what this does not show", tested, key="traps_tested")
parts.scope(
    "The damage is measured on the texts on screen, with the tokenizer and the code of this model.",
    "BERT has padding, special tokens and a pooler, too, so all of these mistakes can be made with it.",
    "Padding that is averaged, or that other tokens may attend to, changes the vectors of most encoders. How much "
    "differs by model.",
)
parts.lead_on()
