"""Readings of the visitor's texts, and what is said when there can be none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib.app import choices, parts
from lib.cached import readings as kept
from lib.cached.readings import MOST_TOKENS as MOST_TOKENS
from lib.checkpoints import Checkpoint
from lib.edits import Edit, Pad, Repeat
from lib.reading import Attention, Encoding, Reading, Request, Seat
from lib.texts.examples import DEFAULT
from lib.words import tokens as said


def pieces(texts: Sequence[str], *, pairs: Sequence[str | None] = ()) -> Encoding | None:
    """What the tokenizer makes of any texts, without the forward pass; where it cannot, a kind sentence and None.

    Args:
        texts: at least one.
        pairs: the second text of each, or None; empty where there is none.
    """
    try:
        return kept.encoded(choices.checkpoint().slug, texts, pairs if any(pairs) else None)
    except ValueError as problem:
        parts.note(str(problem), key=f"problem_{len(texts)}")
        return None


def take(
    texts: Sequence[str], *, pairs: Sequence[str | None] = (), attention: Attention = "cls", most: int | None = None
) -> Reading:
    """A reading of any texts by the chosen model.

    Args:
        texts: at least one.
        pairs: the second text of each, or None; empty where there is none.
        attention: what to keep of it.
        most: texts x tokens taken at most; None for no bound.

    Raises:
        ValueError: no text, too much of it, or a model that cannot be opened.
    """
    second = tuple(pairs) if any(pairs) else ()
    return kept.take(Request(choices.checkpoint().slug, tuple(texts), second, attention), most=most)


def by_another(reading: Reading, by: Checkpoint) -> Reading:
    """What a reading asked for, asked of another model.

    Args:
        reading: of the texts.
        by: the other model.

    Raises:
        ValueError: that model cannot be opened, or cannot read them; says why.
    """
    try:
        return kept.take(replace(asked(reading), model=by.slug), meanwhile=f"{by.name} reads the text…")
    except OSError as problem:
        raise ValueError("Its files are missing or damaged.") from problem


def asked(reading: Reading) -> Request:
    """What a reading was asked for.

    Raises:
        ValueError: no model made it.
    """
    if reading.request is None:
        raise ValueError("This reading was not made by a model, so it cannot be made again.")
    return reading.request


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
    with parts.or_end():
        reading = take(texts, pairs=pairs, attention=attention, most=MOST_TOKENS)
    told(reading.encoding, typed)
    return reading


def told(encoding: Encoding, typed: int, by: Checkpoint | None = None) -> None:
    """Says what of the visitor's texts was cut off, and that some are longer than those the model was trained on.

    Args:
        encoding: the batch.
        typed: how many of its rows are theirs, from the first on.
        by: the model that reads; None for the chosen one.
    """
    if cut := said.not_read(encoding, typed):
        parts.caution(cut, key="cut")
    if long := said.beyond(by or choices.checkpoint(), encoding, typed):
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
    wanted = list(range(reading.batch) if rows is None else rows)
    edits = (edit,) * len(wanted) if isinstance(edit, Edit) else tuple(edit)
    request = asked(reading).rows(wanted)
    changed = replace(
        request, attention=attention, edits=edits if any(edits) else (), watch=tuple(watch) if watch else ()
    )
    with parts.or_end():
        return kept.take(changed)


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
    wanted = [(row, number) for row in rows for number in range(len(edits))]
    step = max(1, MOST_TOKENS // longest)
    batches = (wanted[start : start + step] for start in range(0, len(wanted), step))
    return tuple(
        again(
            reading,
            [edits[number] for _, number in batch],
            rows=[row for row, _ in batch],
            attention=attention,
            watch=[watch[number] for _, number in batch] if watch else None,
        )
        for batch in batches
    )
