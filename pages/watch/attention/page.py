"""What the first token attends to, and what attends to it: two directions, two colours, never in one picture."""

import streamlit as st

from lib.app import beside, choices, parts, readings
from lib.escape import markdown
from lib.measures import attention
from lib.texts.sources import link
from lib.words import attention as words
from lib.words.terms import term
from pages.watch.attention import controls, exhibits
from pages.watch.attention.exhibits import AttentionSide

WAYS: dict[str, attention.Way] = {"reads": "attends_to", "read_by": "attended_by"}  # by their names in a link
model = choices.checkpoint()
first = words.named(model)
parts.open_page(
    f"{first} is no word. What its vector holds of a text comes from other tokens, by {term('attention')}: in the "
    f"{term('attention head', 'heads')} of every layer, {first} gives each token a weight. Which tokens get most?"
)
answers = words.answers(model)
given = parts.guess(f"Over all layers, what gets most of the attention of {first}?", answers, key="attention_guess")
comparison = beside.comparison()
reading = readings.yours()
answer = st.container()

ways, several, orders = st.columns((7, 6, 5), vertical_alignment="center")
with ways:
    way = WAYS[
        choices.pick(
            "Direction",
            tuple(WAYS),
            key="attention_way",
            default="reads",
            hide_label=True,
            names=lambda way: words.direction(WAYS[way], model),
        )
    ]
with several:
    # nothing to choose where two texts were chosen
    number = 1 if comparison.kind == "texts" else choices.follow(reading.encoding.texts, key="attention_text") + 1

places = beside.sides(comparison, reading, number - 1)
sides = [AttentionSide(each.name, each.reading, each.row, way) for each in places]
own = attention.shares(places[0].reading, places[0].row, "attends_to")
with answer:
    right = [answers[attention.MOSTLY.index(kind)] for kind in attention.mostly(own)]
    parts.reveal(given, right, words.overall(own, model), key="attention")
beside.show(places, exhibits.layers(sides))

with orders:
    order = choices.pick(
        "Order of the heads",
        attention.ORDERS[way],
        key="attention_order",
        default="layer",
        form="menu",
        hide_label=True,
        names=lambda by: f"Heads {words.order(by, way, model)}",
    )
chosen = controls.show(places, sides, order)
heads = exhibits.heads(sides, order, chosen, 0)
parts.say(heads[0].sentence, key=heads[0].name)
for window in exhibits.windows(sides):
    st.markdown(window)
shown = chosen.on(sides)
beside.matched(places, shown[0][0], shown[-1][0])
beside.numbers(places, heads)
parts.keep(words.keep(own, model))


def spread() -> None:
    """How many tokens each head attends to in effect."""
    st.markdown(
        f"The entropy of a head’s weights, *E* = −Σ *w* ln *w* ({link('clark2019')}), says how far they are spread. "
        "exp(*E*) turns it into a number of tokens: equal weights on so many tokens have the same entropy."
    )
    beside.show(places, exhibits.spread(sides, chosen))


if way == "attends_to":
    parts.fold("How far does each head spread its attention?", spread, key="spread")
parts.fold("Do the weights add up? A check", lambda: st.markdown(exhibits.checked(sides)), key="checked")
parts.scope(
    f"On this text, {words.finding(own, model)}.",
    "In BERT-base, too, special tokens get most attention in many layers: in layers 6 to 10, more than half of all "
    f"tokens’ attention goes to [SEP] ({link('clark2019')}).",
    "The first token may attend to every token, left and right. How it shares out its attention depends on the model.",
)
whose = " and ".join(markdown(each.name) for each in beside.models(places))
parts.limits(
    "A large weight is not a large effect: a large share of a short vector moves little, and a small share can matter "
    f"({link('kobayashi2020')}). These are weights of {whose} on this text alone."
)
parts.lead_on()
