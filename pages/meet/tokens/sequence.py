"""The sequence of tokens: one text as the model gets it, one column a position."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lib import escape
from lib.checkpoints import Checkpoint
from lib.components import mount
from lib.components.packing import Json
from lib.exhibit import Column, Drawing
from lib.measures import tokens as measures
from lib.reading import Encoding

STEPS = ("letters", "pieces", "added", "numbers")  # how a text becomes what the model gets
MOST_TEXTS = 200  # to pick from
LONGEST = 24  # letters of one token that are drawn


def payload(checkpoint: Checkpoint, encoding: Encoding, row: int, words: str, cut: str = "") -> dict[str, Json]:
    """What the sequence is drawn from: the real tokens of one row, padding left out.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text that is shown.
        words: the picture in words, for those who cannot see it.
        cut: what stands at its end where the text goes on and the model does not get it, plain words.

    Returns:
        Lists with one entry a position, and the names that the picture needs.
    """
    real = encoding.attention_mask[row].nonzero()[0].tolist()
    start = real[0]
    letters, begins = [""] * len(real), [True] * len(real)
    for word in measures.words(encoding, row):
        for position, part in zip(range(word.start, word.stop), word.parts, strict=True):
            letters[position - start] = _drawn(part)
            begins[position - start] = position == word.start
    roles = encoding.roles(row)
    strange = set(measures.unknown(encoding, row))
    segment = "segment (text A or B), " if checkpoint.has_segments else ""
    return {
        "tokens": [escape.visible(encoding.tokens[row][p]) for p in real],
        "roles": ["unk" if p in strange else roles[p] for p in real],
        "letters": letters,
        "begins": begins,
        "ids": [int(encoding.input_ids[row, p]) for p in real],
        "positions": real,
        "offsets": [[int(edge) for edge in encoding.offset_mapping[row, p]] for p in real],
        "sequence": [int(encoding.sequence[row, p]) for p in real],
        "segments": [int(encoding.token_type_ids[row, p]) for p in real] if checkpoint.has_segments else None,
        "first": checkpoint.first_token,
        "separator": checkpoint.separator,
        "words": words,
        "cut": cut,
        "says": {
            "letters": "The text as it is typed.",
            "pieces": "Split into tokens that the vocabulary has.",
            "added": f"The tokenizer adds {checkpoint.first_token} at position {start}: every token moves over by one.",
            "numbers": f"What the model gets: id, position, {segment}mask.",
        },
    }


def drawing(
    checkpoint: Checkpoint,
    encoding: Encoding,
    row: int,
    *,
    file: str,
    cut: str = "",
    step: str = STEPS[-1],
    text: int = 0,
    texts: Sequence[str] = (),
) -> Drawing:
    """The sequence as the picture of an exhibit; :func:`table` holds what it draws.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text that is shown.
        file: name of the picture that is saved.
        cut: what stands at its end where the text goes on and the model does not get it, plain words.
        step: which of ``STEPS`` is shown.
        text: which of the texts it is, from 1.
        texts: the texts to pick from, and then the steps can be stepped through; none where there is no choice.
    """
    shown = {
        "step": step,
        "steps": bool(texts),
        "text": text,
        "texts": [escape.cut(escape.visible(each), 36) for each in texts],
        "file": file,
    }
    return Drawing(sequence, lambda words: payload(checkpoint, encoding, row, words, cut) | shown)


def sequence(
    data: Mapping[str, Json],
    *,
    key: str,
    on_step: Callable[[], None] = lambda: None,
    on_text: Callable[[], None] = lambda: None,
) -> None:
    """Draws the sequence; what the learner does with its controls is the page's choice in the next run.

    Args:
        data: of :func:`drawing`.
        key: the component's key in the session, where its ``step`` and ``text`` are.
        on_step: called when another step was chosen.
        on_text: called when another text was.
    """
    mount(__file__)(key=key, data=data, on_step_change=on_step, on_text_change=on_text)


def table(checkpoint: Checkpoint, encoding: Encoding, row: int) -> dict[str, Column]:
    """The sequence's numbers, column by column.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    real = encoding.attention_mask[row].nonzero()[0].tolist()
    segments: dict[str, Column] = (
        {"token_type_ids": encoding.token_type_ids[row, real].tolist()}
        if checkpoint.has_segments
        else {"text": [("", "A", "B")[number + 1] for number in encoding.sequence[row, real]]}
        if 1 in encoding.sequence[row]
        else {}
    )
    return {
        "position": real,
        "token": [encoding.tokens[row][p] for p in real],
        "input_ids": encoding.input_ids[row, real].tolist(),
        "letters": [measures.typed(encoding, row, p) for p in real],
        "from character": encoding.offset_mapping[row, real, 0].tolist(),
        "to character": encoding.offset_mapping[row, real, 1].tolist(),
        "special": encoding.special_tokens_mask[row, real].tolist(),
        **segments,
        "attention_mask": encoding.attention_mask[row, real].tolist(),
    }


def _drawn(part: str) -> str:
    """Letters as they are drawn: cut where there are too many, and what cannot be seen made visible."""
    return escape.visible(part if len(part) <= LONGEST else part[: LONGEST - 8] + "…" + part[-7:])
