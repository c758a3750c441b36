"""The first text with every change that the page on words tries, read in as few batches as the page limit allows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from lib import escape, settings
from lib.app import choices, edits, parts, readings
from lib.cached import anatomy, waiting
from lib.edits import Edit, Remove, Replace
from lib.measures.tokens import words
from lib.measures.vectors import Floor
from lib.pooling import POOLINGS
from lib.quantities import power
from lib.reading import Floats, Reading
from lib.store import Store
from pages.change.words import measures
from pages.change.words.measures import Kind, Tried

SHUFFLES = 8
LEAST_WORDS, MOST_WORDS = 8, 40  # that are tried
MOST_TOKENS = 2 * readings.MOST_TOKENS  # texts x tokens that are read for it, some seconds of work

_kept: Store[Tried] = Store(settings.memory("wordings"))


def tried(reading: Reading) -> Tried:
    """The first text of a reading, changed in every way; the other texts are rewrites that the visitor made.

    Args:
        reading: of the visitor's texts.
    """
    encoding = reading.encoding
    key = (reading.checkpoint.slug, encoding.texts[:1], encoding.pairs[:1], encoding.texts[1:2])
    return waiting.take(
        _kept, key, lambda: _made(reading), meanwhile="Changing every word of the text, one after the other…"
    )


def _made(reading: Reading) -> Tried:
    from lib import model

    encoding, slug = reading.encoding, reading.checkpoint.slug
    text, pair = encoding.texts[0], encoding.pairs[0]
    every = words(encoding, 0)
    own = tuple(word for word in measures.spoken(every) if word.sequence == 0)
    # each word is read twice, left out and masked
    room = (MOST_TOKENS // encoding.input_ids.shape[1] - SHUFFLES) // 2
    chosen = own[: max(LEAST_WORDS, min(room, MOST_WORDS))]
    end = int(encoding.lengths[0]) - 1 if pair is None else max(word.stop for word in every if word.sequence == 0)
    mask = model.mask_token(slug)
    variants: list[tuple[Kind, str, str, Edit]] = []
    if len(own) > 1:  # a text without its only word is no text
        variants += [("left_out", word.letters, text, measures.left_out(word)) for word in chosen]
    if mask:
        variants += [("masked", word.letters, text, measures.masked(word, mask)) for word in chosen]
    orders = dict.fromkeys(
        measures.shuffled([word for word in every if word.sequence == 0], end, seed) for seed in range(SHUFFLES)
    )
    variants += [("shuffled", f"order {number}", text, order) for number, order in enumerate(filter(None, orders), 1)]
    negated = measures.negated(text)
    if negated:
        variants.append(("negated", negated, negated, Edit()))
    if reading.batch > 1:
        variants.append(("other", encoding.texts[1], encoding.texts[1], Edit()))

    rows = [(text, Edit()), *((changed, edit) for _, _, changed, edit in variants)]
    vectors: dict[str, list[Floats | None]] = {}
    raw: list[float] = []
    plain = anatomy.inputs(reading, 0).parts[0]
    step = max(1, readings.MOST_TOKENS // encoding.input_ids.shape[1])
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        read = model.read(
            slug,
            [text for text, _ in part],
            pairs=[pair] * len(part) if pair else None,
            attention="none",
            edit=[edit for _, edit in part],
        )
        for pooling in POOLINGS.values():
            try:
                vectors.setdefault(pooling.key, []).append(pooling.pool(read))
            except ValueError:  # this model has no such pooling, or a changed text nothing that it could take
                vectors.setdefault(pooling.key, []).append(None)
        raw += [
            measures.raw_difference(plain.vectors, plain.ids.tolist(), read.encoding, row)
            for row in range(len(part))
            if start + row > 0 and variants[start + row - 1][0] == "shuffled"
        ]
    kept = {key: [v for v in each if v is not None] for key, each in vectors.items()}
    return Tried(
        words=chosen,
        kinds=tuple(kind for kind, *_ in variants),
        names=tuple(name for _, name, *_ in variants),
        edits=tuple(edit for *_, edit in variants),
        vectors={key: np.concatenate(each) for key, each in kept.items() if len(each) == len(vectors[key])},
        raw=np.array(raw),
        left=len(own) - len(chosen),
    )


def ask(reading: Reading, tried: Tried, farthest: int, *, key: str) -> Edit:
    """Lets the visitor choose a word of the first text and what becomes of it; the changes live in the link.

    Args:
        reading: of the visitor's texts.
        tried: the words that can be chosen.
        farthest: the one that is chosen at first.
        key: under which the changes are kept.
    """
    own = {place for word in tried.words for place in range(word.start, word.stop)}
    edit = choices.edit(key, takes=lambda change: isinstance(change, Replace | Remove) and change.place in own)
    from lib import model

    slug, name = reading.checkpoint.slug, escape.markdown(reading.checkpoint.name)
    mask = model.mask_token(slug)
    by_start = {word.start: word for word in tried.words}
    if not by_start:
        return edit
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"{key}_tools"):
        start = choices.pick(
            "Word",
            tuple(by_start),
            key="words_word",
            default=tried.words[farthest].start,
            form="menu",
            names=lambda place: escape.cut(f"{place} {escape.visible(by_start[place].letters)}", 30),
        )
        word = by_start[start]
        edits.adder("Take it out", edit, measures.left_out(word), key=key, name="out")
        if mask:
            edits.adder("Mask it", edit, measures.masked(word, mask), key=key, name="mask")
        piece = choices.word("Or put in its place", key="words_piece", default="")
        if piece:
            found = model.spelled(slug, piece)
            if found:
                edits.adder("Put it in", edit, measures.replaced(word, found[0]), key=key, name="put")
    if piece and len(found) != 1:
        known = (
            f"is {len(found)} tokens for {name}; the first one is put in"
            if found
            else f"is not in the vocabulary of {name}"
        )
        parts.note(
            f"{escape.quote(piece)} {known}. To try more, type the whole text above as a second line.", key="pieces"
        )
    return edit


def proofs(reading: Reading, tried: Tried) -> list[parts.Proof]:
    """What holds whatever the text is."""
    unchanged = readings.again(reading, Edit(), attention="none", rows=[0])
    length = int(reading.encoding.lengths[0])
    gap = float(np.abs(unchanged.hidden_states[:, 0, :length] - reading.hidden_states[:, 0, :length]).max())
    found = [parts.Proof("a change of nothing changes nothing", f"largest difference {power(gap)}", gap < 1e-4)]
    if len(tried.raw):
        raw = float(tried.raw.max())
        found.append(
            parts.Proof(
                "the mean of the words’ own vectors is the same in every order",
                f"largest difference {power(raw)}",
                raw < 1e-5,
            )
        )
    return found


def negation(before: str, after: str, floors: Mapping[str, Floor]) -> tuple[float, float]:
    """How far one text is from another by the first token's vector and by the mean, in distances of unrelated texts.

    Args:
        before: the text.
        after: the same with "not", or without it.
        floors: how similar unrelated sentences are, by pooling.
    """
    reading = readings.take((before, after), attention="none")
    first, mean = (
        float(measures.distance(vectors[0], vectors[1:], floors[key])[0])
        for key, vectors in ((key, POOLINGS[key].pool(reading)) for key in ("cls", "mean"))
    )
    return first, mean
