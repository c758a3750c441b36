"""The control of the page on the cube: which slice is cut out."""

from __future__ import annotations

from collections.abc import Sequence

from lib.app import choices
from lib.app.beside import Side
from lib.components.cube import Slice


def cut(sides: Sequence[Side], *, of_texts: bool) -> Slice:
    """The plane that is cut out, the same on every side.

    Args:
        sides: one or two; the cut has to be there in both.
        of_texts: whether a text can be cut out; a side that is one text has none.
    """
    model, shapes = sides[0].reading.checkpoint, [side.reading.hidden_states.shape[1:] for side in sides]
    batch, tokens, hidden = (min(sizes) for sizes in zip(*shapes, strict=True))
    names = {
        "first": f"{model.first_token}  h[:, 0]",
        "last": "h[:, -1]",
        "position": "h[:, p]",
        "text": "h[i]",
        "unit": "h[:, :, k]",
    }
    if not of_texts:
        del names["text"]
    kind = choices.pick(
        "Slice of h[text, position, dimension]", list(names), key="cube_slice", default="first", names=names.__getitem__
    )
    sliders = {
        "position": ("Position p", range(tokens), "cube_position", 1),
        "text": ("Text i + 1", range(batch), "cube_text", 0),
        "unit": ("Dimension k", range(hidden), "cube_unit", 0),
    }
    index = -1 if kind == "last" else 0
    if kind in sliders:
        label, options, key, usual = sliders[kind]
        index = choices.pick(
            label, options, key=key, default=usual, form="slider", names=lambda k: str(k + (kind == "text"))
        )
    return Slice("text" if kind == "text" else "unit" if kind == "unit" else "token", index)
