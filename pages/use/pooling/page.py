"""[CLS] is one way among many to make one vector of a text; what its cosines mean depends on which."""

from functools import partial

import streamlit as st

from lib import escape
from lib.app import beside, choices, parts, readings
from lib.measures.vectors import cosine, nearest
from lib.pooling import POOLINGS, offered
from lib.quantities import CENTRED, COSINE
from lib.texts.examples import EXAMPLES, REFERENCE
from lib.words import beside as beside_words
from pages.use.pooling import controls, exhibits, measures, words

model = choices.checkpoint()
parts.open_page(words.lead(model))
given = parts.guess(words.question(model), words.ANSWERS, key="pooling_guess")
reading, own = readings.compared()
by_cls, by_mean = (POOLINGS[key].pool(reading) for key in ("cls", "mean"))
found = measures.neighbours(nearest(cosine(by_cls, by_cls)), nearest(cosine(by_mean, by_mean)))
rights, because = words.revealed(found)
parts.reveal(given, rights, because, key="pooling")
parts.settle(words.verdict(found), words.CLAIM, because)

pair = beside.comparison()
with st.container(key="pooling_settings", gap="xsmall"):
    layer, centre = controls.layer_and_centre()
    keys = controls.two(pair)
sides = beside.sides(pair, reading)
texts, scale = beside_words.titles(reading), CENTRED if centre else COSINE
every = controls.through(sides, layer, centre=centre)
a, b = both = controls.chosen(every, keys)
marked = controls.marked(sides)
for column, one, side, name in zip(st.columns(2, gap="medium"), both, (sides[0], sides[-1]), "ab", strict=True):
    with column:
        if one.model:
            st.markdown(side.title)
        if one.floor is None:
            parts.note(words.cosines(one), key=f"cosines-{name}")
            continue
        # a phone has no room for the numbers of many texts: the style sheet leaves them to the colours there
        with st.container(key=f"{'many' if len(texts) > controls.FEW else 'few'}_{name}"):
            parts.show(exhibits.cosines(one, texts, scale, f"cosines-{name}", marked))
if sentence := controls.compared(both, sides):
    parts.say(sentence, key="both")
beside.matched(sides, layer, sides[-1].layer(layer))
if not own:
    parts.ours(reading.encoding.texts)
parts.keep(words.keep())


def scales() -> None:
    st.markdown(
        "Which cosine is high? That depends on what two unrelated texts get. The bands hold nine in ten of the pairs "
        f"among {len(REFERENCE)} sentences on as many subjects, as they are and after centring (their mean vector "
        "subtracted from each). 1 is the same direction, 0 a right angle."
    )
    for number, (place, poolings) in enumerate(
        zip(beside.places(sides[: len(every)], "baselines"), every, strict=True)
    ):
        end = "-right" if number else ""
        with place:
            parts.show(exhibits.baselines([*poolings.values()], scale, f"baselines{end}"))
            parts.show(exhibits.multiples([*poolings.values()], texts, f"multiples{end}"))


def neighbours() -> None:
    ready = controls.sets(EXAMPLES["pooling"])
    if not (a.floor and b.floor):
        parts.note(f"**No neighbours and no map.** {a.why_not or b.why_not}", key="neighbours")
        return
    controls.table(words.neighbours(a, b, texts), key="neighbours")
    parts.say(words.nearest(a, b, measures.neighbours(a.near, b.near), ready), key="neighbours")
    st.markdown(
        "On the maps the texts stand by their numbers in the plane in which they themselves differ most; the faint "
        "dots are the unrelated sentences. All vectors have length 1 here, so what is near has a high cosine. A line "
        "runs to the text that is nearest in all dimensions; it is dotted where the two poolings disagree."
    )
    for column, one, side, name in zip(st.columns(2, gap="medium"), both, (sides[0], sides[-1]), "ab", strict=True):
        with column:
            if one.model:
                st.markdown(side.title)
            parts.show(exhibits.points(one, (a, b), texts, REFERENCE, f"map-{name}", marked or ()))


def weights() -> None:
    first = escape.markdown(model.first_token)
    st.markdown(
        "Most poolings are a weighted sum over the tokens of a text, and these are the weights. A bar’s height is the "
        f"square root of its weight, so that small ones can be seen. :orange[{first}] is taken whole; what went into "
        "*that* vector is decided by what it attends to, layer by layer, and that is learned."
    )
    controls.weights(sides, controls.follow(texts, sides), layer)
    parts.door("attention", f"What {first} attends to", key="attention")


def readers() -> None:
    first, mean = (float(cosine(by, by)[0, 1]) for by in (by_cls, by_mean))
    heads = ("what uses the vector", escape.markdown(model.first_token), "mean")
    parts.lines(words.readers(first, mean, model), heads=heads, code=False, key="readers")
    st.markdown(words.two_readers())
    st.markdown(words.trained_through())
    parts.door("classify", "Train a classifier on both", key="classify")


parts.fold(f"All {len(offered(model))} poolings on one scale", scales, key="scales")
parts.fold("Which text is nearest to which, with maps", neighbours, key="neighbours")
parts.fold("What a pooling takes from each token", weights, key="weights")
parts.fold("The same vector, used in two ways", readers, key="readers")
parts.fold("Where in a text does a sentence count most?", partial(controls.where, reading, own=own), key="where")
parts.fold("Do unrelated texts get more alike as they grow?", controls.longer, key="longer")
parts.fold(
    "Two checks: special tokens in, padding out", partial(controls.checks, reading, layer, every[0]), key="checks"
)
parts.scope(*words.scope(every[0]["cls"], every[0]["mean"], layer, model))
parts.limits(words.limits(beside.models(sides), len(texts)))
parts.lead_on()
