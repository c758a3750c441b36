"""The tokenizer puts the first token at position 0 of every text; pairs and padding change the rest, never that."""

import streamlit as st

from lib.app import choices, parts, readings
from lib.escape import markdown
from lib.reading import Encoding
from lib.texts.examples import DEFAULT, EXAMPLES
from lib.words.attention import named
from lib.words.terms import term
from lib.words.tokens import beyond
from pages.meet.tokens import batch, controls, exhibits, sequence, words

model, texts = choices.checkpoint(), choices.texts()
first, separator = named(model), f":gray[{markdown(model.separator)}]"
parts.open_page(
    f"A tokenizer splits a text into {term('token', 'tokens')}, adds {first} and {separator}, and gives the model a "
    f"number for each. {first} is no word: why keep its vector?",
)
if not texts:
    parts.too_few(0, 1)
    parts.end()
whole = readings.pieces(texts[:1])
if whole is None:
    parts.end()
given = parts.guess(words.question(whole, 0), words.answers(whole, 0), key="tokens_guess")
parts.reveal(given, words.right(whole, 0), words.because(model, whole, 0), key="tokens")

offered = texts[: sequence.MOST_TEXTS]
text = choices.recall("tokens_text", range(1, len(offered) + 1), 1)
step = choices.recall("tokens_step", sequence.STEPS, sequence.STEPS[-1])
one = readings.pieces((offered[text - 1],))
if one is None:
    parts.end()
shown = exhibits.sequence(model, one, step=step, text=text, texts=offered)
parts.picture(
    shown,
    on_step=controls.keeps("sequence", "step", "tokens_step"),
    on_text=controls.keeps("sequence", "text", "tokens_text"),
)
choices.keep("tokens_text", text, 1)
choices.keep("tokens_step", step, sequence.STEPS[-1])
if cut := words.left_out(model, one, 0):
    parts.caution(cut, key="cut")
if long := beyond(model, one, 1):
    parts.caution(long, key="long")
parts.say(shown.sentence, key="sequence")
parts.numbers(shown)
parts.keep(words.keep(model, one))
parts.settle(*words.claim(model, whole))

if findings := words.findings(model, one, 0):
    parts.fold(
        "What happened to the words of this text",
        lambda: st.markdown("\n".join(f"- {finding}" for finding in findings)),
        key="findings",
    )


def two_texts() -> None:
    """A pair: one first token in front of both."""
    example = next(each for each in EXAMPLES["tokens"] if each.pair)
    second = choices.pair() or (texts[1] if len(texts) > 1 else example.pair)
    whose = "the first two texts" if len(texts) > 1 else "the text and one of our examples"
    st.markdown(
        f"A pair of texts has only one {first}, in front of both, so its vector can say something about the two "
        f"together. {words.told_apart(model)}"
        + ("" if choices.pair() else f" No second text was typed, so the pair here is {whose}.")
    )
    pair = readings.pieces(texts[:1], pairs=(second,))
    if pair is None:
        return
    shown = exhibits.pair(model, pair)
    parts.picture(shown)
    if cut := words.left_out(model, pair, 0):
        parts.caution(cut, key="pair_cut")
    parts.say(shown.sentence, key="pair")
    if not choices.pair():
        st.button("Take a question and its answer", key="tokens_take_pair", on_click=choices.put, args=(example,))
    parts.numbers(shown)


def several_texts() -> None:
    """A batch: texts of different length, filled up with padding."""
    more = () if len(texts) > 1 else tuple(each for each in DEFAULT.texts if each != texts[0])
    st.markdown(
        f"The model gets several texts at once as a rectangle. Shorter texts are filled up with "
        f"{markdown(model.padding)}. The model computes vectors for padding, too, but the attention mask keeps the "
        "tokens of the text from attending to it."
        + (" Below the only text stand some of our examples." if more else "")
    )
    stack: Encoding | None = readings.pieces((*texts, *more), pairs=(*choices.pairs(), *(None for _ in more)))
    if stack is None:
        return
    kinds = batch.cells(model, stack)
    cells = choices.recall("tokens_cells", kinds, kinds[0])
    parts.show(exhibits.batch(model, stack, shown=cells), on_cells=controls.keeps("batch", "shown", "tokens_cells"))
    choices.keep("tokens_cells", cells, kinds[0])


parts.fold(f"Two texts at once: still one {markdown(model.first_token)}", two_texts, key="pair")
parts.fold("Several texts: a rectangle with padding", several_texts, key="batch")
parts.scope(
    f"It takes at most {model.limit} tokens of a text, those that are added included.",
    "BERT puts such a token in front of every text, and was trained to tell from its vector whether a second "
    "text follows the first.",
    "Many put a token in front, under other names. A few have none, and where a batch is padded on the left, column 0 "
    "holds padding.",
)
parts.limits("How the vocabulary came about, and what the tokens mean: so far they are only numbers.")
parts.lead_on()
