"""Whether the token or its position makes the first vector: move it, replace it, take it out, and compare."""

import streamlit as st

from lib.app import choices, datasets, parts, readings
from lib.cached import probes
from lib.escape import markdown
from lib.measures.place import finding
from lib.texts.sources import cite
from lib.words.attention import named
from pages.change.place import controls, exhibits, measures, words

model = choices.checkpoint()
first = named(model)
parts.open_page(
    f"{first} is a token, and it has a position: the first one. Here we take the two apart. If any token in the first "
    f"position would do, why keep only {first}?"
)
guess = parts.guess(words.question(model), words.ANSWERS, key="place_guess")
reading, own = readings.compared()
answer, settings = st.container(), st.container(horizontal=True, gap="medium", vertical_alignment="bottom")
with settings:
    measure = choices.pick(
        "What to compare",
        tuple(words.MEASURES),
        key="place_measure",
        default="vector",
        names=words.MEASURES.__getitem__,
    )
    typed, token = controls.word(reading)
experiment = controls.read(reading, typed, token)
found = finding(experiment.tried)
counted = words.counted(len(experiment.rows), reading.batch, min(len(choices.texts()), len(experiment.rows)))
with answer:
    parts.reveal(guess, words.guessed(found), words.because(found, typed, len(experiment.rows), model), key="place")

shown = controls.compared(experiment, measure)
if shown is None:
    parts.note(words.between(experiment.tried, typed, experiment.position, model), key="changes")
else:
    parts.show(shown)
if not own:
    parts.note("There is one text, so some of ours stand beside it. Add another above, one text a line.", key="ours")
claim = f"“It takes {markdown(model.first_token)} to make this vector.”"
why = words.follows(found, model)
parts.settle(words.VERDICTS[found.logic], claim, why)


def layers() -> None:
    """One change, layer by layer."""
    st.markdown("Every change is made before the first layer. Choose one and follow its token through the layers.")
    parts.show(exhibits.turning(experiment, controls.change(experiment)))


def grid() -> None:
    """Tokens by position ids."""
    st.markdown(
        "The model knows a position by its position id. Each token of this table stands in the first position, with "
        "each of these ids; nothing else is changed."
    )
    cells = controls.grid(experiment)
    if cells:
        what = choices.pick(
            "What the cells hold",
            tuple(words.CELLS),
            key="place_cells",
            default="cosine",
            hide_label=True,
            names=lambda key: words.CELLS[key].format(experiment.loudest.unit),
        )
        parts.show(exhibits.grid(experiment, cells, what))


def tested() -> None:
    """The claim, the checks and the limits."""
    parts.verdict(words.VERDICTS[found.logic], claim, why, key="place", on=counted)
    if measure == "probe":
        datasets.own_up(model, probes.SET)
        ready = probes.ready(model)
        st.markdown(words.learned(ready.score, ready.control, model))
    parts.checks([parts.Proof(*each) for each in words.proofs(measures.proofs(experiment))])
    parts.limits(
        f"One model, {markdown(model.name)}, and {counted}. That a word in the first position ends with this vector "
        "says what the position does, not what the vector is good for. Outlier dimensions that come from positions "
        f"were found in other models too ({cite('luo2021')}), but which dimension it is differs."
    )


parts.fold("In which layer a changed token becomes like the first one", layers, key="place_layers")
parts.fold("Every token with every position id", grid, key="place_grid")
parts.fold("A claim put to the test, and what this does not show", tested, key="place_tested")
parts.scope(
    "In this model either is enough, the token or the position, as far as these texts show."
    if found.logic == "either"
    else "What it takes in this model is said above, as far as these texts show.",
    "BERT has learned position ids too, so the same test can be made; whether the result is the same must be measured.",
    "Models with relative positions have no position ids; there only moving and replacing can be tried.",
)
parts.lead_on()
