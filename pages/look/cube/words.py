"""What is said of a slice of the cube."""

from __future__ import annotations

import numpy as np

from lib.escape import markdown
from lib.measures.vectors import cosine
from lib.quantities import COSINE, count, plural
from lib.reading import Floats, Reading


def size(reading: Reading, layer: int) -> str:
    """How many numbers there are, and how many of them belong to padding."""
    batch, tokens, hidden = reading.hidden_states[layer].shape
    padded = int((reading.encoding.attention_mask == 0).sum())
    said = (
        f"{plural(batch, 'text')} × {plural(tokens, 'token')} × {hidden} units make "
        f"**{count(batch * tokens * hidden)}** numbers in layer {layer} of {reading.layers}. "
        f"The slice of {markdown(reading.checkpoint.first_token)} keeps "
        f"**{count(batch * hidden)}** of them, one part in {count(tokens)}. "
    )
    if not padded:
        return said + "No text was filled up, so every number belongs to a token of yours or one that was added."
    return said + (
        f"{count(padded * hidden)} belong to {plural(padded, 'position')} of padding: they are computed like all "
        "others, and no token reads them."
    )


def instead(reading: Reading, layer: int, position: int) -> str:
    """What a wrong position gives, against the right one.

    Args:
        reading: the batch.
        layer: 0 to the last.
        position: the column that was taken instead.
    """
    name = markdown(reading.checkpoint.first_token)
    taken: Floats = reading.hidden_states[layer][:, position]  # float32[batch, hidden]
    if np.array_equal(taken, reading.cls[layer]):
        return f"These are the vectors of {name} themselves."
    alike = cosine(taken, reading.cls[layer]).diagonal()
    ends = dict.fromkeys((COSINE.write(alike.min()), COSINE.write(alike.max())))  # one where they are written alike
    between = " to ".join(ends) + (f" over {plural(len(alike), 'text')}" if len(alike) > 1 else "")
    return f"The shape is right, the vectors are not: their cosine to those of {name} is {between}."


def whole(tokens: tuple[str, ...]) -> str:
    """What the first index alone gives."""
    return f"One text, all {plural(len(tokens), 'position')} of it: a table where one vector was meant."


def single(reading: Reading) -> str:
    """What the third index alone gives."""
    return f"One number of {reading.hidden} from every position: no vector of anything."
