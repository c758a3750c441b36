"""The pictures of the gradients of four losses, each with its sentence and its numbers."""

from __future__ import annotations

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.exhibit import Exhibit
from lib.figures.gradients import gradients
from lib.reading import Loss
from pages.why.gradients import words
from pages.why.gradients.measures import LOSSES, Arriving


def last(found: Arriving, layer: int, speaker: Checkpoint) -> Exhibit:
    """Which tokens each of the four losses reaches in a layer.

    Args:
        found: the gradients.
        layer: 0 (embeddings) to the last.
        speaker: the model.
    """
    tokens = _tokens(found)
    lines = np.stack([found.lengths[loss][layer] for loss in LOSSES])
    names = [words.NAMES[loss] for loss in LOSSES]
    return Exhibit(
        "losses",
        words.last(found, layer, speaker),
        lambda palette: gradients(lines, tokens, palette, rows=names),
        lambda: [("token", tokens), *zip(names, lines, strict=True)],
        f"Length of each loss’s gradient at each token’s vector in layer {layer}; 0 is an exact zero, * a masked "
        "token. Colours compare the tokens of one row.",
        {words.NAMES[loss]: found.reached(loss, layer) for loss in LOSSES},
        headline=words.headline(found, layer, speaker),
    )


def layers(found: Arriving, loss: Loss, speaker: Checkpoint) -> Exhibit:
    """One loss at every layer.

    Args:
        found: the gradients.
        loss: that is shown.
        speaker: the model.
    """
    tokens, lengths = _tokens(found), found.lengths[loss]
    return Exhibit(
        "layers",
        words.layers(found, loss, speaker),
        lambda palette: gradients(lengths, tokens, palette),
        lambda: [("token", tokens), *((f"layer {layer}", row) for layer, row in enumerate(lengths))],
        "Length of the loss’s gradient at each token’s vector, by layer; 0 is an exact zero.",
        {
            "last layer": found.reached(loss, found.layers),
            "one layer below": found.reached(loss, found.layers - 1),
            "largest in layer": int(lengths[:, 0].argmax()),
        },
        headline=words.layers_headline(found, loss),
    )


def _tokens(found: Arriving) -> list[str]:
    """The tokens by name, plain; a masked one with a star."""
    hidden = set(found.masked.tolist())
    names = found.encoding.tokens[0][: found.tokens]
    return [escape.visible(name) + (" *" if k in hidden else "") for k, name in enumerate(names)]
