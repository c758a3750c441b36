"""The pictures of the page on masked words, each with its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from lib import escape
from lib.checkpoints import Checkpoint
from lib.exhibit import Exhibit
from lib.figures.dots import Dots, Mark, Row, reach
from lib.quantities import share
from lib.reading import Reading
from pages.why.masked import measures, words
from pages.why.masked.measures import Filled, Lens

MOST = 8  # tokens that the mask attends to, shown


def predicted(found: Filled, place: int, speaker: Checkpoint) -> Exhibit:
    """The likeliest tokens at the masked position, and the one that stood there.

    Args:
        found: what the head says.
        place: of the mask.
        speaker: the model.
    """
    pairs = [(name, float(value), k + 1 == found.rank) for k, (name, value) in enumerate(_ranked(found))]
    if found.rank > len(pairs):
        pairs.append((found.token, found.chance, True))
    names = escape.unlike([escape.visible(name) for name, *_ in pairs])
    rows = [
        Row(name, "other" if true else "baseline", value, share(value))
        for name, (_, value, true) in zip(names, pairs, strict=True)
    ]
    marks: Mapping[Mark, str] = {"other": words.MARKS[0], "baseline": words.MARKS[1]}
    dots = Dots(rows, words.PROBABILITY, "probability at the masked position", percent=True, names=marks)
    return Exhibit(
        "predicted",
        words.predicted(found, place, speaker),
        dots.picture,
        dots.table,
        "The probability of a token at the masked position, from 0 to 1; a line a token, the likeliest first.",
        {"together": float(found.probabilities.sum())},
        headline=words.headline(found),
    )


def _ranked(found: Filled) -> list[tuple[str, float]]:
    return [(name, float(value)) for name, value in zip(found.tokens, found.probabilities, strict=True)]


def attended(reading: Reading, place: int, layer: int) -> Exhibit:
    """What the mask attends to in a layer.

    Args:
        reading: of the masked text, with the attention of the mask.
        place: of the mask.
        layer: from 1.
    """
    if reading.row is None:
        raise ValueError("This reading kept no attention.")
    tokens = reading.encoding.tokens[0]
    places, mean = measures.strongest(reading.row[layer - 1, 0], MOST)
    names = [f"{k} {escape.visible(tokens[k])}" for k in places]
    rows = [
        Row(name, "first" if k == 0 else "other", float(mean[k]), share(float(mean[k])))
        for name, k in zip(names, places, strict=True)
    ]
    dots = Dots(rows, words.ATTENDED, f"{words.ATTENDED}, mean over heads", percent=True)
    return Exhibit(
        "attended",
        words.attended([tokens[k] for k in places], [float(mean[k]) for k in places], layer, float(mean[place])),
        dots.picture,
        dots.table,
        "The tokens that the mask attends to most, by position and name: the share of its attention, 0 to 1.",
        {"itself": float(mean[place])},
        headline=words.attended_headline(tokens[places[0]], layer),
    )


def lens(found: Lens, speaker: Checkpoint) -> Exhibit:
    """What word the first token would be, layer by layer.

    Args:
        found: what the head says.
        speaker: the model.
    """
    rows = [
        Row(words.row(layer, token), "first", float(value), share(float(value)))
        for layer, (token, value) in enumerate(zip(found.tokens, found.probabilities, strict=True))
    ]
    span = (0, reach(found.probabilities.tolist()))
    dots = Dots(rows, words.PROBABILITY, "probability of the likeliest token", span, percent=True)
    return Exhibit(
        "lens",
        words.lens(found, speaker),
        dots.picture,
        dots.table,
        "The token that the head finds likeliest for this vector in each layer, and its probability, 0 to 1.",
        headline=words.lens_headline(found, speaker),
    )
