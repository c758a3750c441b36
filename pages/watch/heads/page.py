"""Every head and every token: lines from each token to those it attends to, drawn by BertViz without the internet."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.cached import anatomy
from lib.escape import markdown
from lib.measures import attention
from lib.texts.sources import link
from lib.words.attention import named
from lib.words.terms import term
from pages.watch.heads import controls, exhibits, measures, words

model = choices.checkpoint()
first, separator = named(model), markdown(model.separator)
parts.open_page(
    f"{first} is one token among many, and each layer has several {term('attention head', 'attention heads')}. Here "
    f"all tokens and all heads are drawn as lines. Is {first} special among them?"
)
texts = choices.texts() or readings.yours().encoding.texts  # without a text the page ends in there

views, several, some = st.columns((7, 6, 3), vertical_alignment="center")
with views:
    view = choices.pick(
        "View", tuple(words.VIEWS), key="heads_view", default="head", hide_label=True, names=words.VIEWS.__getitem__
    )
with several:
    number = choices.follow(texts, key="heads_text") + 1

reading = controls.reading(number)
shares = attention.shares(reading, 0, "attends_to")
with some:
    shown = controls.layers(shares) if view == "model" else tuple(range(1, shares.layers + 1))
picture, beside = st.columns((5, 6), gap="large") if view == "head" else (st.container(), st.container())
(beside if view == "head" else picture).markdown(words.HOW[view])
exhibit = exhibits.heads(reading, shares, view, shown, controls.drawing(reading, shares, view, shown))
with picture:
    parts.picture(exhibit)


def shapes() -> None:
    """The patterns that show as shapes, and how many heads have each."""
    st.markdown(
        "- **Lines that meet in one token at the right**: all tokens attend to it.\n"
        "- **Level lines**: each token attends to itself.\n"
        "- **Slanted, parallel lines**: each token attends to its neighbour.\n"
        f"- **A fan out of {first} at the left**: there it spreads its attention widely.\n\n"
        f"In BERT, {link('clark2019')} found heads that attend to the token before or after, and many that attend to "
        "\\[SEP\\] or a full stop. Most put little attention on the token itself."
    )
    found = measures.patterns(reading, 0)
    parts.say(words.patterns(found, model), key="patterns")
    parts.data(
        lambda: measures.by_head(found, [words.pattern(key, model) for key in measures.PATTERNS]),
        name="patterns",
        about="What the average token gives to each position, as a share of its attention, 0 to 1; one row per head.",
    )


def sink() -> None:
    """Why many lines end in the first token."""
    parts.say(words.sink(measures.patterns(reading, 0), model), key="sink")
    st.markdown(
        "The weights of a head always add up to 100%. A head that finds nothing to do on a text must still put them "
        f"somewhere, and often it puts them on {first} or {separator}. Such a token is called an "
        f"{term('attention sink')} ({link('xiao2023')}, in models that write text). In BERT, {link('clark2019')} found "
        "that \\[SEP\\] is used like this: attention to it hardly changes the output. So many lines to one token do "
        "not show that it matters."
    )


def kinds() -> None:
    """Whether the sinks do nothing, or hand the same vector to all tokens."""
    st.markdown(words.two_kinds(model))
    heads = reading.layers * reading.heads
    try:
        found = measures.sinks(reading, anatomy.ledger(reading, 0))
    except ValueError as problem:
        parts.note(str(problem), key="sinks")
        return
    if found:
        parts.show(exhibits.sinks(found, heads, model))
    else:
        parts.note(words.no_sinks(heads, model), key="sinks")


with beside:
    parts.say(exhibit.sentence, key="heads")
    parts.numbers(exhibit)
    parts.keep(words.keep(model))
    parts.fold("Attention sinks: when many lines end in one token", sink, key="heads_sink")
    parts.fold("Does a sink do nothing, or write the same to all tokens?", kinds, key="heads_kinds")
    parts.fold("Shapes to look for, and how many heads have them", shapes, key="heads_shapes")
    st.page_link("pages/watch/attention/page.py", label=f"{markdown(model.first_token)} alone, with its numbers →")

parts.scope(
    "How many heads have a pattern is counted on this text; another text has other numbers.",
    f"Heads of the first layers attend to \\[CLS\\], those of the middle layers to \\[SEP\\], the last to marks "
    f"({link('clark2019')}).",
    "Many have heads that give most of their attention to one token, whatever the text says. Which token that is, must "
    "be measured.",
)
parts.limits(
    "Attention alone does not explain the model’s output: a token can get much attention and change little "
    f"({link('jain2019')}; but see {link('wiegreffe2019')}; both studied recurrent networks). BertViz shows no "
    "numbers. Its colours stand for heads or layers, repeat after ten, and have nothing to do with the colours of the "
    f"other pages. It needs a mouse or a finger. The page *Attention* has the numbers of {first}, and takes the "
    "keyboard and longer texts."
)
parts.lead_on()
