"""The batch: several texts as one padded rectangle."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lib import escape
from lib.checkpoints import Checkpoint
from lib.components import mount
from lib.components.packing import Json
from lib.exhibit import Column, Drawing
from lib.measures.tokens import unknown
from lib.reading import Encoding

CELLS = ("tokens", "input_ids", "attention_mask", "token_type_ids")  # what the rectangle can show


def cells(checkpoint: Checkpoint, encoding: Encoding) -> tuple[str, ...]:
    """Which of ``CELLS`` there are: segments only where the model has them and a text has a second one."""
    return CELLS if checkpoint.has_segments and encoding.token_type_ids.any() else CELLS[:-1]


def payload(checkpoint: Checkpoint, encoding: Encoding, words: str) -> dict[str, Json]:
    """What the rectangle is drawn from: the real tokens of each row; the rest of it is padding.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        words: the picture in words, for those who cannot see it.

    Returns:
        Each token's name once, and the rows as ids; what is sent grows with the real tokens.
    """
    names: dict[str, str] = {}
    rows: list[Json] = []
    for row in range(len(encoding.texts)):
        real = encoding.attention_mask[row].nonzero()[0].tolist()
        ids = encoding.input_ids[row, real].tolist()
        names |= {str(i): escape.visible(encoding.tokens[row][p]) for i, p in zip(ids, real, strict=True)}
        roles, strange = encoding.roles(row), set(unknown(encoding, row))
        segments = encoding.token_type_ids[row, real].tolist()
        rows.append(
            {
                "start": real[0],
                "ids": ids,
                "roles": "".join("u" if p in strange else roles[p][0] for p in real),  # c, s, w, u
                "turn": segments.index(1) if 1 in segments else -1,  # where the second segment begins
                "pair": encoding.pairs[row] is not None,
                "text": escape.cut(escape.visible(encoding.texts[row]), 60),
            }
        )
    padded = encoding.attention_mask == 0
    return {
        "rows": rows,
        "names": names,
        "tokens": int(encoding.input_ids.shape[1]),
        "padId": int(encoding.input_ids[padded][0]) if padded.any() else 0,
        "padding": checkpoint.padding,
        "words": words,
    }


def drawing(checkpoint: Checkpoint, encoding: Encoding, *, shown: str, file: str) -> Drawing:
    """The rectangle as the picture of an exhibit; :func:`table` holds what it draws.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        shown: which of :func:`cells` its cells hold.
        file: name of the picture that is saved.
    """
    more = {"shown": shown, "choices": cells(checkpoint, encoding), "file": file}
    return Drawing(batch, lambda words: payload(checkpoint, encoding, words) | more)


def batch(data: Mapping[str, Json], *, key: str, on_cells: Callable[[], None]) -> None:
    """Draws the rectangle.

    Args:
        data: of :func:`drawing`.
        key: the component's key in the session, where its ``shown`` is.
        on_cells: called when its cells are to hold something else.
    """
    mount(__file__)(key=key, data=data, on_shown_change=on_cells)


def table(checkpoint: Checkpoint, encoding: Encoding) -> dict[str, Column]:
    """The rectangle's numbers, one line a position, padding included.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
    """
    texts, tokens = encoding.input_ids.shape
    return {
        "text": [row + 1 for row in range(texts) for _ in range(tokens)],
        "position": list(range(tokens)) * texts,
        "token": [token for row in encoding.tokens for token in row],
        "input_ids": encoding.input_ids.ravel().tolist(),
        "attention_mask": encoding.attention_mask.ravel().tolist(),
        **({"token_type_ids": encoding.token_type_ids.ravel().tolist()} if checkpoint.has_segments else {}),
    }
