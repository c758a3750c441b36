"""Readings of the visitor's texts, from a store that all visitors share; and what is said when there can be none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from lib import settings
from lib.app import choices, parts, visits
from lib.checkpoints import Checkpoint
from lib.edits import Edit, Pad, Repeat
from lib.reading import Encoding, Reading, Seat
from lib.store import Store
from lib.texts.examples import DEFAULT
from lib.words import tokens as said

MOST_BYTES = settings.memory("readings")  # of readings kept for everybody
MOST_TOKENS = 8192  # texts x tokens of the longest, padding included, that a page takes

Attention = Literal["full", "cls", "none"]

_kept: Store[Reading] = Store(MOST_BYTES)


@st.cache_resource(show_spinner=False)
def _awake() -> None:
    """Imports what is heavy, once in a process."""
    from lib import model

    model.opened(choices.checkpoint().slug)
    visits.tidy()


def take(
    texts: Sequence[str],
    *,
    pairs: Sequence[str | None] | None = None,
    attention: Attention = "cls",
    most: int | None = None,
    edit: Edit | tuple[Edit, ...] | None = None,
    watch: tuple[Seat, ...] | None = None,
    by: Checkpoint | None = None,
) -> Reading:
    """A reading of any texts, from the store or made now.

    Args:
        texts: at least one.
        pairs: the second text of each, or None.
        attention: what to keep of it; "cls" grows with the tokens, "full" with their square.
        most: texts x tokens taken at most; None for no bound.
        edit: what is changed in the pass, the same for every text or one for each; None for nothing.
        watch: the token of each text whose attention "cls" keeps; None for what stands first.
        by: the model that reads; None for the chosen one.

    Raises:
        ValueError: no text, too much of it, the model cannot be opened, or an edit that it or a text cannot take.
    """
    slug = (by or choices.checkpoint()).slug
    key = (slug, tuple(texts), tuple(pairs) if pairs else None, attention, edit, watch)
    kept = _kept.peek(key)
    if kept is not None:
        return kept
    with st.spinner("Opening the model (once)…"):
        _awake()
    from lib import model

    with st.spinner(f"{by.name} reads your text…" if by else "Reading your text…"):
        return _kept.take(
            key,
            lambda: model.read(slug, texts, pairs=pairs, attention=attention, most=most, edit=edit, watch=watch),
        )


@st.cache_resource(show_spinner=False, max_entries=64)
def _pieces(slug: str, texts: tuple[str, ...], pairs: tuple[str | None, ...] | None) -> Encoding:
    from lib import model

    return model.tokenized(slug, texts, pairs=pairs, most=MOST_TOKENS)


def pieces(texts: Sequence[str], *, pairs: Sequence[str | None] | None = None) -> Encoding | None:
    """What the tokenizer makes of any texts, without the forward pass; where it cannot, a kind sentence and None.

    Args:
        texts: at least one.
        pairs: the second text of each, or None.
    """
    with st.spinner("Opening the model (once)…"):
        _awake()
    try:
        return _pieces(choices.checkpoint().slug, tuple(texts), tuple(pairs) if pairs else None)
    except ValueError as problem:
        parts.note(str(problem), key=f"problem_{len(texts)}")
        return None


def by_another(reading: Reading, by: Checkpoint) -> Reading:
    """The texts of a reading, read by another model.

    Args:
        reading: with the texts, and with as much of the attention as is wanted.
        by: the other model.

    Raises:
        ValueError: that model cannot be opened, or cannot read them; says why.
    """
    encoding = reading.encoding
    attention: Attention = "full" if reading.attentions else "none" if reading.row is None else "cls"
    pairs = encoding.pairs if any(encoding.pairs) else None
    try:
        return take(encoding.texts, pairs=pairs, attention=attention, most=MOST_TOKENS, by=by)
    except OSError as problem:
        raise ValueError("Its files are missing or damaged.") from problem


def compared() -> tuple[Reading, bool]:
    """The visitor's texts to compare with each other, and whether they are all theirs.

    Where only one is typed, the default texts are put behind it.
    """
    texts = choices.texts()
    if len(texts) != 1:
        return yours(), True
    more = tuple(text for text in DEFAULT.texts[1:] if text != texts[0])
    return yours(more=more), False


def yours(*, attention: Attention = "cls", least: int = 1, single: bool = False, more: Sequence[str] = ()) -> Reading:
    """The reading of what the visitor typed; where there can be none, a kind sentence, and the page ends there.

    Args:
        attention: what to keep of it.
        least: texts that the page needs.
        single: only the first text (with its pair) is wanted.
        more: texts of ours that are read behind them in the same batch.
    """
    texts, pairs = choices.texts(), choices.pairs()
    if len(texts) < least:
        parts.too_few(len(texts), least)
        parts.end()
    if single:
        texts, pairs = texts[:1], pairs[:1]
    typed = len(texts)
    texts, pairs = (*texts, *more), (*pairs, *(None for _ in more))
    try:
        reading = take(texts, pairs=pairs if any(pairs) else None, attention=attention, most=MOST_TOKENS)
    except ValueError as problem:
        parts.note(str(problem), key="problem")
        parts.end()
    told(reading.encoding, typed)
    return reading


def told(encoding: Encoding, typed: int) -> None:
    """Says what of the visitor's texts was cut off, and that some are longer than those the model was trained on.

    Args:
        encoding: the batch.
        typed: how many of its rows are theirs, from the first on.
    """
    if cut := said.not_read(encoding, typed):
        parts.caution(cut, key="cut")
    if long := said.beyond(choices.checkpoint(), encoding, typed):
        parts.caution(long, key="long")


def again(
    reading: Reading,
    edit: Edit | Sequence[Edit],
    *,
    attention: Attention = "cls",
    rows: Sequence[int] | None = None,
    watch: Sequence[Seat] | None = None,
) -> Reading:
    """The same texts read once more with something changed; where that cannot be, a kind sentence, and the page ends.

    Args:
        reading: of the texts as they are.
        edit: the same for every text, or one for each row of the new reading.
        attention: what to keep of it.
        rows: which texts, each as often as it is named, so that many changes of one text are one batch; None for all.
        watch: the token of each row whose attention "cls" keeps; None for what stands first.
    """
    encoding = reading.encoding
    wanted = range(reading.batch) if rows is None else rows
    texts, pairs = tuple(encoding.texts[row] for row in wanted), tuple(encoding.pairs[row] for row in wanted)
    edits = edit if isinstance(edit, Edit) else tuple(edit)
    seats = tuple(watch) if watch else None
    try:
        return take(
            texts,
            pairs=pairs if any(pairs) else None,
            attention=attention,
            most=MOST_TOKENS,
            edit=edits,
            watch=seats,
        )
    except ValueError as problem:
        parts.note(str(problem), key="problem")
        parts.end()


def variants(
    reading: Reading,
    edits: Sequence[Edit],
    *,
    rows: Sequence[int] = (0,),
    attention: Attention = "cls",
    watch: Sequence[Seat] | None = None,
) -> tuple[Reading, ...]:
    """Some texts, each read once for every edit, in as few batches as a page's limit allows: mostly one.

    Args:
        reading: of the texts as they are.
        edits: what is changed, one variant each.
        rows: which texts.
        attention: what to keep of it.
        watch: for each edit the token whose attention "cls" keeps; None for what stands first.

    Returns:
        Readings whose rows, one reading after the other, are the first text under each edit, then the next text.
        Rows of one reading can be compared to the last bit.
    """
    more = max(sum(pad.more for pad in edit.of(Pad)) + sum(1 for _ in edit.of(Repeat)) for edit in edits)
    longest = int(reading.encoding.lengths[list(rows)].max()) + more
    seats = watch or [None] * len(edits)
    wanted = [(row, edit, seat) for row in rows for edit, seat in zip(edits, seats, strict=True)]
    step = max(1, MOST_TOKENS // longest)
    batches = (wanted[start : start + step] for start in range(0, len(wanted), step))
    return tuple(
        again(
            reading,
            [edit for _, edit, _ in batch],
            rows=[row for row, _, _ in batch],
            attention=attention,
            watch=[seat for _, _, seat in batch] if watch else None,
        )
        for batch in batches
    )
