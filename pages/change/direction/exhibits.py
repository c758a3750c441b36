"""The pictures of the page on masks, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Mapping

from lib.checkpoints import Checkpoint
from lib.escape import visible
from lib.exhibit import Exhibit
from lib.measures.attention import Window
from lib.reading import Encoding, Reading
from pages.change.direction import figures, measures, words
from pages.change.direction.measures import Place, Way


def mask(way: Way, encoding: Encoding, row: int, model: Checkpoint, narrow: Window | None) -> Exhibit:
    """Which token may attend to which.

    Args:
        way: of the mask.
        encoding: of the texts.
        row: the text that is followed.
        model: that reads.
        narrow: the window that some layers of the model have on this text; None where none has.
    """
    tokens = [visible(token) for token in encoding.row(row)]
    allowed = measures.allowed(way, len(tokens))
    return Exhibit(
        "mask",
        words.mask(way, encoding, row, model, narrow),
        lambda palette: figures.mask(allowed, tokens, palette),
        lambda: [
            ("position", range(len(tokens))),
            ("token", tokens),
            ("can be reached by", measures.seen(way, len(tokens))),
            *((f"position {k}", column) for k, column in enumerate(allowed.T.astype(int))),
        ],
        "How many tokens can reach each, itself included, in any number of layers; then 1 for each position that it "
        "may attend to.",
        headline=words.mask_headline(way, model),
    )


def positions(reading: Reading, masked: Mapping[Way, Reading], way: Way) -> Exhibit:
    """How far the texts differ at each position and at their last tokens, both ways and under a mask.

    Args:
        reading: of the texts as they are.
        masked: the texts under every mask.
        way: of the mask that is on.
    """
    before, after = measures.by_position(reading), measures.by_position(masked[way])
    ends = (measures.at_places(reading)["last"], measures.at_places(masked[way])["last"])
    return Exhibit(
        "parted",
        words.positions(before, after, ends, way, masked[way]),
        lambda palette: figures.by_position(before, after, ends, reading.checkpoint.separator, palette),
        lambda: {"position": range(len(before)), figures.BEFORE: before, figures.AFTER: after},
        "1 − cosine between the final vectors at a position, mean over all pairs of texts.",
        {f"last tokens, {name}": end for name, end in zip((figures.BEFORE, figures.AFTER), ends, strict=True)},
        words.parted_headline(way, masked[way]),
    )


def rows(plain: Reading, masked: Reading, layer: int, way: Way) -> Exhibit:
    """What the two ends of a text attend to in one layer, both ways and under a mask.

    Args:
        plain: of one text, with full attention.
        masked: of the same, under the mask.
        layer: from 1.
        way: of the mask.
    """
    model, tokens = plain.checkpoint, [visible(token) for token in plain.encoding.row(0)]
    names, shares = words.ends(model, tokens[-1]), measures.rows(plain, masked, layer)
    values, across = measures.narrowed(shares, tokens)
    return Exhibit(
        "rows",
        words.rows(shares, layer, way, model),
        lambda palette: figures.rows(values, names, across, palette),
        lambda: [("token", across), *zip(names, values, strict=True)],
        f"Shares of the attention of both ends in layer {layer}, mean over heads, 0 to 1.",
        {f"{name}, to others": share for name, share in zip(names, measures.from_others(shares), strict=True)},
        words.rows_headline(shares, layer, model),
    )


def taken(apart: Mapping[Way, Mapping[Place, float]], way: Way, model: Checkpoint) -> Exhibit:
    """How far the texts differ at the places that could stand for them, under every mask.

    Args:
        apart: 1 − cosine, mean over all pairs, under each mask at each place.
        way: of the mask that is on.
        model: that reads.
    """
    masks = [words.NAMES[each] for each in measures.WAYS]
    marks = [
        figures.Mark(name, role, [apart[each][place] for each in measures.WAYS])
        for place, name, role in words.places(model)
    ]
    return Exhibit(
        "taken",
        words.taken(apart, way, model),
        lambda palette: figures.taken(marks, masks, measures.WAYS.index(way), palette),
        lambda: [("mask", masks), *((mark.name, mark.values) for mark in marks)],
        "1 − cosine between the final vectors of any two texts, mean over all pairs.",
        headline=words.taken_headline(apart[way], model),
    )
