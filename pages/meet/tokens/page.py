"""The tokenizer puts the first token at position 0; pairs and padding change the rest, never the seat."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown
from lib.texts.examples import DEFAULT, EXAMPLES
from lib.words.attention import named
from lib.words.tokens import beyond
from pages.meet.tokens import batch, exhibits, ribbon, words
from pages.meet.tokens.controls import keeps

model, texts = choices.checkpoint(), choices.texts()
first, separator = named(model), f":gray[{markdown(model.separator)}]"
parts.open_page(
    f"Before any model reads, a tokenizer cuts your text into pieces, puts {first} in front and {separator} behind, "
    "and hands on numbers. The letters stay here.",
)
if not texts:
    parts.too_few(0, 1)
    parts.end()

offered = texts[: ribbon.MOST_TEXTS]
text = choices.recall("tokens_text", range(1, len(offered) + 1), 1)
step = choices.recall("tokens_step", ribbon.STEPS, ribbon.STEPS[-1])
one = readings.pieces((offered[text - 1],))
if one is None:
    parts.end()
shown = exhibits.ribbon(model, one, step=step, text=text, texts=offered)
parts.picture(shown, on_step=keeps("ribbon", "step", "tokens_step"), on_text=keeps("ribbon", "text", "tokens_text"))
choices.keep("tokens_text", text, 1)
choices.keep("tokens_step", step, ribbon.STEPS[-1])
if cut := words.left_out(model, one, 0):
    parts.caution(cut, key="cut")
if long := beyond(model, one, 1):
    parts.caution(long, key="long")
parts.say(shown.sentence, key="ribbon")
if findings := words.findings(model, one, 0):
    st.markdown("\n".join(f"- {finding}" for finding in findings))
parts.numbers(shown)

st.header(f"Two texts, still one {markdown(model.first_token)}", anchor=False)
example = next(each for each in EXAMPLES["tokens"] if each.pair)
second = choices.pair() or (texts[1] if len(texts) > 1 else example.pair)
whose = "your first two texts" if len(texts) > 1 else "your text and one of ours"
st.markdown(
    f"A pair gets a single seat at the front: whatever {first} says about a pair, it says about both. "
    + (
        "The **segment** row tells the model which text a piece belongs to: A, or :violet[B]."
        if model.has_segments
        else f"This model has no segments, so only {separator} stands between A and :violet[B]."
    )
    + ("" if choices.pair() else f" You have typed none, so this is {whose}.")
)
pair = readings.pieces(texts[:1], pairs=(second,))
if pair is not None:
    shown = exhibits.pair(model, pair)
    parts.picture(shown)
    if cut := words.left_out(model, pair, 0):
        parts.caution(cut, key="pair_cut")
    parts.say(shown.sentence, key="pair")
    if not choices.pair():
        st.button("Take a question and its answer", key="tokens_take_pair", on_click=choices.put, args=(example,))
    parts.numbers(shown)

st.header("A batch is a rectangle", anchor=False)
more = () if len(texts) > 1 else tuple(each for each in DEFAULT.texts if each != texts[0])
st.markdown(
    f"Texts of different length are filled up with {markdown(model.padding)} so that they stack. The filler "
    "gets vectors too; the mask keeps the real tokens from reading them."
    + (" You typed one text, so some of ours stand below it." if more else "")
)
rows = (*texts, *more)
stack = readings.pieces(rows, pairs=(*choices.pairs(), *(None for _ in more)))
if stack is not None:
    kinds = batch.cells(model, stack)
    cells = choices.recall("tokens_cells", kinds, kinds[0])
    parts.show(exhibits.batch(model, stack, shown=cells), on_cells=keeps("batch", "shown", "tokens_cells"))
    choices.keep("tokens_cells", cells, kinds[0])
parts.limits(
    "How the vocabulary came about, and what the pieces mean: so far there are only numbers in a row. Other families "
    "of models use other names and seats, and where a batch is padded on the left, as some tokenizers do it, column 0 "
    "holds filler."
)
parts.lead_on()
