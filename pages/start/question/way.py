"""The way of the first token: its attention to each token in every layer, its vector, and what that is near to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib import escape
from lib.components import mount
from lib.components.packing import codes, pack
from lib.measures.columns import columns, names, summed
from lib.quantities import COSINE
from lib.reading import Floats, Reading

MOST_COLUMNS = 22  # what still reads on a phone


@dataclass(frozen=True)
class Near:
    """Another text, and how near it is.

    Attributes:
        text: the other text.
        cls: cosine of the first tokens' vectors.
        mean: cosine of the mean vectors.
    """

    text: str
    cls: float
    mean: float


def payload(
    reading: Reading,
    row: int,
    attends_to: Floats,
    captions: Sequence[str],
    doors: Sequence[tuple[str, str]],
    others: Sequence[Near],
    words: str,
) -> bytes:
    """What it is drawn from.

    Args:
        reading: the batch.
        row: the text that is shown.
        attends_to: float32[layers, tokens], over the real tokens of that text.
        captions: four, plain text.
        doors: four, (page's file stem, what waits there).
        others: texts to compare with.
        words: the picture in words, for those who cannot see it.
    """
    real = reading.encoding.attention_mask[row] == 1
    tokens = reading.encoding.row(row)
    roles = [role for role, kept in zip(reading.encoding.roles(row), real, strict=True) if kept]
    cut = columns(attends_to, MOST_COLUMNS)
    single = [column.start if column.tokens == 1 else None for column in cut]
    last = reading.last_hidden_state[row][real]  # float32[tokens, hidden]
    vectors = np.stack([np.zeros(reading.hidden, np.float32) if i is None else last[i] for i in single])
    return pack(
        {
            "columns": names(tokens, cut),
            "roles": ["gap" if i is None else roles[i] for i in single],
            "first": reading.checkpoint.first_token,
            "hidden": reading.hidden,
            "captions": list(captions),
            "doors": [list(door) for door in doors],
            "others": [
                {
                    "text": escape.visible(near.text),
                    "cls": round(near.cls, 4),
                    "mean": round(near.mean, 4),
                    "clsText": COSINE.write(near.cls),
                    "meanText": COSINE.write(near.mean),
                }
                for near in others
            ],
            "along": "cosine to text 1: 1 is the same direction, 0 a right angle",
            "words": words,
        },
        attends_to=summed(attends_to, cut).astype(np.float32),
        vectors=codes(vectors, float(np.quantile(np.abs(last), 0.98))),
    )


def draw(data: bytes, *, key: str) -> None:
    """Draws it; its doors press the unseen links that the frame keeps."""
    mount(__file__)(key=key, data=data)
