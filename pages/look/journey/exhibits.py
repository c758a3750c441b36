"""The pictures of the journey, each with its sentence and its numbers; of two models there is one of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lib.components import strips
from lib.exhibit import Column, Exhibit
from lib.figures.journey import LayerLine, by_layer
from lib.measures import inputs
from lib.measures import journey as tracks
from lib.measures.beside import pairs, together
from lib.measures.journey import ALIKE, TrackKind
from lib.quantities import exactly
from lib.reading import Reading
from lib.words.attention import named
from lib.words.beside import SAME, same
from pages.look.journey import figures, words
from pages.look.journey.measures import Journey

ABOVE = 1.12  # of an axis: room for a number over its highest point


def _name(kind: TrackKind, journey: Journey) -> str:
    return words.track(kind, journey.model)


def alike(journeys: Sequence[Journey]) -> list[Exhibit]:
    """How alike the texts are, layer by layer.

    Args:
        journeys: one, or those of two models.
    """
    first, cosines = journeys[0], [each.alike["first"] for each in journeys]
    totals = {"two texts differ below": ALIKE}
    if len(journeys) > 1:
        last = [pairs(each.reading, each.reading.layers) for each in journeys]
        sentence = words.alike_in_two_models(cosines, [each.model for each in journeys], last)
        if (correlation := together(*last)) is not None:
            totals["correlation over all pairs of texts"] = correlation
    elif first.two:
        opening = SAME if same([first.reading] * 2, (0, 1)) else ""
        sentence = opening + words.alike_in_two_texts(cosines[0], first.alike.get("words"), first.two, first.model)
    else:
        sentence = words.alike(cosines[0], first.alike.get("words"), first.model)
    return [_alike(each, sentence, totals) for each in journeys]


def leaving(reading: Reading) -> Exhibit:
    """How far texts differ at the same place, layer by layer.

    Args:
        reading: of the texts.
    """
    way, model = inputs.apart(reading), reading.checkpoint
    numbers = ["0" if value == 0 else exactly(float(value), 2) for value in way.first]
    lines = [LayerLine(model.first_token, "first", way.first, numbers)]
    if way.after is not None:
        lines.append(LayerLine(f"the token after {model.first_token}", "words", way.after))
    if way.separator is not None:
        lines.append(LayerLine(model.separator, "separator", way.separator))
    return Exhibit(
        "leaving",
        words.leaving(way, model),
        lambda palette: by_layer(lines, palette, y="largest difference between texts, in activations", span=(0, None)),
        lambda: [("layer", range(len(way.first))), *((line.name, line.values) for line in lines)],
        "Largest difference between any two texts over all dimensions, at one position, layer by layer: activations.",
    )


def vectors(reading: Reading, layer: int) -> Exhibit:
    """The first token's vectors of a few texts after one layer, and how far those of all texts differ.

    Args:
        reading: of the texts.
        layer: 0 to the last.
    """
    rows, difference = strips.between(reading, layer), inputs.spread(reading.cls[layer])
    largest = inputs.loudest(difference if difference.any() else reading.cls[layer][0]).unit
    top, model = float(difference.max()), reading.checkpoint
    return Exhibit(
        "vectors",
        words.vectors(top, layer, reading.layers, reading.batch, strips.STRIPS, model),
        strips.drawing(rows, unit=largest, file="cls-vectors.png"),
        lambda: strips.table(rows),
        f"The vector of {named(model)} in layer {layer}, one line a dimension, one column a text: activations.",
    )


def _alike(journey: Journey, sentence: str, totals: Mapping[str, float]) -> Exhibit:
    first, several = journey.alike["first"], journey.reading.batch > 2
    ends = [np.array([pair.cosine for pair in pairs_of]) for pairs_of in (first.least, first.most)]
    lines = [
        LayerLine(_name(kind, journey), kind, each.mean)
        if kind != "first"
        else LayerLine(
            _name(kind, journey),
            kind,
            each.mean,
            [words.short(cosine) for cosine in each.mean],
            (ends[0], ends[1]) if several else None,
        )
        for kind, each in journey.alike.items()
    ]

    def table() -> dict[str, Column]:
        columns: dict[str, Column] = {"layer": range(len(first.mean)), **{line.name: line.values for line in lines}}
        if several:
            for which, values in zip(("least", "most"), ends, strict=True):
                columns[f"{journey.model.first_token}, {which} alike"] = values
        return columns

    return Exhibit(
        "alike",
        sentence,
        lambda palette: by_layer(
            lines,
            palette,
            y="cosine between texts (band: all pairs)" if several else "cosine between the two texts",
            span=(0, ABOVE),
            dashed=ALIKE,
        ),
        table,
        f"Mean cosine of all pairs of texts in each layer, from −1 to 1; for {named(journey.model)} also both ends.",
        totals,
        words.headline(first, journey.model),
    )


def moved(journeys: Sequence[Journey]) -> list[Exhibit]:
    """How far the vectors move, and how much of that all texts have in common.

    Args:
        journeys: one, or those of two models.
    """
    first, moves = journeys[0], [each.moves["first"] for each in journeys]
    if len(journeys) > 1:
        sentence = words.moved_in_two_models(moves, [each.model for each in journeys])
    else:
        sentence = words.moved(moves[0], first.model)
    return [_moved(each, sentence) for each in journeys]


def parted(journey: Journey) -> tuple[Exhibit, Exhibit]:
    """How far two texts move, and how far they stand apart, on one scale and with one sentence.

    Args:
        journey: of the two.
    """
    gaps, moves = journey.gaps, journey.moves["first"]
    sentence = words.moved_in_two_texts(gaps["first"], moves, journey.model)
    lines = [LayerLine(_name(kind, journey), kind, values) for kind, values in gaps.items()]
    top = max(float(values.max()) for values in (*gaps.values(), *(each.distance for each in journey.moves.values())))
    apart = Exhibit(
        "apart",
        sentence,
        lambda palette: by_layer(lines, palette, y="distance, in activations", span=(0, top * ABOVE), height=360),
        lambda: {"layer": range(journey.reading.layers + 1), **{line.name: line.values for line in lines}},
        "Distance between the vectors of the two texts in each layer: activations.",
        {"farthest moved": float(moves.distance.max())},
    )
    return _moved(journey, sentence, top, {"farthest apart": float(gaps["first"].max())}), apart


def _moved(
    journey: Journey, sentence: str, top: float | None = None, totals: Mapping[str, float] | None = None
) -> Exhibit:
    first = journey.moves["first"]
    others = [
        LayerLine(_name(kind, journey), kind, each.distance) for kind, each in journey.moves.items() if kind != "first"
    ]
    return Exhibit(
        "moved",
        sentence,
        lambda palette: figures.moved(first.distance, first.together, others, palette, top=top),
        lambda: {
            "layer": range(1, journey.reading.layers + 1),
            f"{journey.model.first_token}, distance": first.distance,
            f"{journey.model.first_token}, share in common": first.together,
            figures.COMMON: first.distance * first.together,
            figures.OWN: first.distance * (1 - first.together),
            **{line.name: line.values for line in others},
        },
        "Distance moved in each layer, root mean square over the texts: activations. The share in common is that of "
        "its square, and divides the bar.",
        totals or {},
    )


def outlier(journeys: Sequence[Journey]) -> list[Exhibit]:
    """One dimension's share of the squared length, layer by layer.

    Args:
        journeys: one, or those of two models.
    """
    first = journeys[0]
    without = [float(tracks.alike(each.without).mean[-1]) for each in journeys]
    if len(journeys) == 1:
        with_it = float(first.alike["first"].mean[-1])
        sentence = words.outlier(first.outlier, first.shares, with_it, without[0], first.model)
    else:
        sentence = words.outliers(
            [each.outlier for each in journeys],
            [each.shares["first"] for each in journeys],
            without,
            [each.model for each in journeys],
        )
    return [_outlier(each, sentence, quiet) for each, quiet in zip(journeys, without, strict=True)]


def _outlier(journey: Journey, sentence: str, without: float) -> Exhibit:
    lines = [LayerLine(_name(kind, journey), kind, shares) for kind, shares in journey.shares.items()]
    return Exhibit(
        "outlier",
        sentence,
        lambda palette: by_layer(
            lines,
            palette,
            y=f"share of the squared length in dimension {journey.outlier}",
            span=(0, 1.04),
            percent=True,
        ),
        lambda: {"layer": range(journey.reading.layers + 1), **{line.name: line.values for line in lines}},
        "Share of that dimension in the squared length of a vector, mean over the texts, 0 to 1.",
        {
            "dimension": journey.outlier,
            "cosine of the average pair after the last layer": float(journey.alike["first"].mean[-1]),
            "the same without that dimension": without,
        },
    )


def trail(journeys: Sequence[Journey], left_out: bool) -> list[Exhibit]:
    """The texts' ways on one plane; two models have a plane each.

    Args:
        journeys: one, or those of two models.
        left_out: whether the outlier dimension is set to 0.
    """
    trails = [tracks.trail(each.without if left_out else each.first) for each in journeys]
    if len(journeys) == 1:
        sentence = words.trail(trails[0], journeys[0].reading, journeys[0].outlier, left_out)
    else:
        sentence = words.trails(trails, [each.model for each in journeys])
    return [_trail(each, way, sentence) for each, way in zip(journeys, trails, strict=True)]


def _trail(journey: Journey, trail: tracks.Trail, sentence: str) -> Exhibit:
    numbers, (layers, texts) = journey.numbers, trail.places.shape[:2]
    return Exhibit(
        "trail",
        sentence,
        lambda palette: figures.trails(
            trail.places, trail.shares, journey.reading.encoding.texts, palette, numbers=numbers
        ),
        lambda: {
            "text": np.repeat(numbers[:texts], layers),
            "layer": np.tile(np.arange(layers), texts),
            **{head: trail.places[..., k].T.ravel() for k, head in enumerate(figures.AXES)},
        },
        "Where each text stands on the plane after each layer: activations.",
        {
            **{f"share of the variance on the {head}": trail.shares[k] for k, head in enumerate(figures.AXES)},
            "share of the variance on the plane": sum(trail.shares),
        },
    )
