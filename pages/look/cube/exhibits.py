"""The cube and its slice, of one model, of two texts or of two models, and how far two texts' rows are apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lib.components import strips
from lib.components.cube import AXES, START, Output, Slice, Twin, View, drawing, limit
from lib.components.strips import Strip
from lib.escape import visible
from lib.exhibit import Column, Exhibit
from lib.measures import beside as measures
from lib.reading import Reading
from lib.words.beside import SAME, same
from pages.look.cube import words


def output(reading: Reading, layer: int, row: int | None = None) -> Output:
    """What a model made of its texts in one layer.

    Args:
        reading: of the texts.
        layer: 0 to the last.
        row: the only text that is drawn; None for all of them.
    """
    rows, encoding = range(reading.batch) if row is None else range(row, row + 1), reading.encoding
    return Output(
        hidden=reading.hidden_states[layer][rows.start : rows.stop],
        tokens=tuple(tuple(visible(token) for token in encoding.tokens[each]) for each in rows),
        roles=tuple(encoding.roles(each) for each in rows),
        texts=tuple(encoding.texts[each] for each in rows),
        first=tuple(int(encoding.first[each]) for each in rows),
        layer=layer,
        layers=reading.layers,
        first_token=reading.checkpoint.first_token,
        of=row,
    )


def cube(reading: Reading, layer: int, cut: Slice, start: View = START) -> Exhibit:
    """The output of one layer, and a slice of it.

    Args:
        reading: of the texts.
        layer: 0 to the last.
        cut: the slice.
        start: where a fresh picture begins.
    """
    batch, tokens, hidden = reading.hidden_states[layer].shape
    totals = {"numbers in the cube": batch * tokens * hidden, "in the slice of the first token": batch * hidden}
    shown = _cube(output(reading, layer), cut, start, words.size(reading, layer), totals)
    return replace(shown, headline=words.headline(reading))


def cubes_of_two_models(
    readings: Sequence[Reading], layers: Sequence[int], cut: Slice, start: View = START
) -> list[Exhibit]:
    """The outputs of two models, each in colours of its own.

    Args:
        readings: of the same texts.
        layers: the layer of each.
        cut: the slice, in both.
        start: where fresh pictures begin.
    """
    shown = [output(*each) for each in zip(readings, layers, strict=True)]
    tops = [limit(each) for each in shown]
    cosines = [measures.pairs(*each) for each in zip(readings, layers, strict=True)]
    sentence = words.cubes_of_two_models(readings, layers, tops, cosines)
    correlation = measures.together(*cosines)
    both = {} if correlation is None else {"correlation over all pairs of texts": correlation}
    return [
        _cube(
            each,
            cut,
            start,
            sentence,
            both | ({"cosine of texts 1 and 2": float(pairs[0])} if len(pairs) else {}),
            Twin("cube", speaks=not side, cells=False, top=tops[side]),
        )
        for side, (each, pairs) in enumerate(zip(shown, cosines, strict=True))
    ]


def cubes_of_two_texts(
    readings: Sequence[Reading], rows: Sequence[int], layer: int, cut: Slice, start: View = START
) -> tuple[list[Exhibit], Exhibit]:
    """The outputs of two texts by one model, in the same colours, and their two rows with the difference.

    Args:
        readings: twice the same model's.
        rows: the texts.
        layer: 0 to the last.
        cut: the slice, in both.
        start: where fresh pictures begin.
    """
    shown = [output(reading, layer, row) for reading, row in zip(readings, rows, strict=True)]
    position = cut.index if cut.axis == "token" else 0
    one, other = (each.hidden[0, position] for each in shown)
    difference = measures.difference(one, other)
    opening = SAME if same(readings, rows) else ""
    sentence = opening + words.rows_of_two_texts(readings, rows, layer, position, difference)
    totals = {
        "dimensions that differ": difference.units,
        "mean difference": difference.mean,
        "cosine of the two": difference.cosine,
    }
    top = max(map(limit, shown))
    cubes = [
        _cube(each, cut, start, sentence, totals, Twin("cube", speaks=not side, cells=True, top=top))
        for side, each in enumerate(shown)
    ]
    vectors = [
        Strip(f"{each.tokens[0][position]}, text {row + 1}", vector, is_first=each.roles[0][position] == "cls")
        for each, row, vector in zip(shown, rows, (one, other), strict=True)
    ]
    vectors.append(Strip("difference", one - other, sign="=", is_total=True))
    dimension = cut.index if cut.axis == "unit" else difference.at
    return cubes, Exhibit(
        "difference",
        sentence,
        strips.drawing(vectors, unit=dimension, file="cls-difference.png"),
        lambda: strips.table(vectors),
        "The two vectors and the one less the other, one line a dimension: activations.",
        totals,
    )


def _cube(
    shown: Output, cut: Slice, start: View, sentence: str, totals: Mapping[str, float], twin: Twin | None = None
) -> Exhibit:
    rows = "token" if cut.axis == "text" else "text"

    def table() -> dict[str, Column]:
        plane = np.take(shown.hidden, cut.index, axis=AXES.index(cut.axis))
        columns = "position" if cut.axis == "unit" else "dimension"
        return {
            rows: shown.tokens[cut.index] if cut.axis == "text" else shown.texts,
            **{f"{columns} {k}": column for k, column in enumerate(plane.T)},
        }

    return Exhibit(
        "cube",
        sentence,
        drawing(shown, cut, start, twin),
        table,
        f"The slice on screen, one row a {rows}; activations have no unit.",
        totals,
    )
