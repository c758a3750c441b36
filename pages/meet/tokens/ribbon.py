"""The ribbon: one text as the model gets it, one column a position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import streamlit as st

from lib import escape
from lib.checkpoints import Checkpoint
from lib.components import mount
from lib.measures import tokens as measures
from lib.reading import Encoding

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"

STEPS = ("letters", "pieces", "added", "numbers")  # how a text becomes what the model gets
MOST_TEXTS = 200  # to pick from
LONGEST = 24  # letters of one piece that are drawn


def payload(checkpoint: Checkpoint, encoding: Encoding, row: int, words: str, cut: str = "") -> dict[str, Json]:
    """What the ribbon is drawn from: the real tokens of one row, padding left out.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text that is shown.
        words: the picture in words, for those who cannot see it.
        cut: what stands at its end where the text goes on and was not read, plain words.

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
            "letters": "What you typed.",
            "pieces": "Cut into pieces that the vocabulary has.",
            "added": f"{checkpoint.first_token} takes position {start}, and every piece moves over by one.",
            "numbers": f"What the model gets: id, position, {'segment, ' if checkpoint.has_segments else ''}mask.",
        },
    }


def ribbon(
    data: Mapping[str, Json],
    *,
    key: str,
    step: str = STEPS[-1],
    steps: bool = False,
    text: int = 0,
    texts: Sequence[str] = (),
    step_key: str = "",
    text_key: str = "",
) -> None:
    """Draws the ribbon; what the learner does with its controls is the page's choice in the next run.

    Args:
        data: from :func:`payload`.
        key: the component's key.
        step: which of ``STEPS`` is shown.
        steps: whether the learner can step through.
        text: which text is shown.
        texts: the texts to pick from; no picker where there is none.
        step_key: the page's key for the step.
        text_key: the page's key for the text.
    """

    def chosen(what: str, choice: str) -> None:
        value = getattr(st.session_state[key], what, None)
        if value is not None:
            st.session_state[choice] = value

    mount(__file__)(
        key=key,
        data={
            **data,
            "step": step,
            "steps": steps,
            "text": text,
            "texts": [escape.cut(escape.visible(each), 36) for each in texts],
            "file": f"cls-{key.replace('_', '-')}.png",
        },
        on_step_change=lambda: chosen("step", step_key),
        on_text_change=lambda: chosen("text", text_key),
    )


def table(checkpoint: Checkpoint, encoding: Encoding, row: int) -> dict[str, list[str] | list[int]]:
    """The ribbon's numbers, column by column.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    real = encoding.attention_mask[row].nonzero()[0].tolist()
    segments = {"token_type_ids": encoding.token_type_ids[row, real].tolist()} if checkpoint.has_segments else {}
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
