"""The last hop: what an exhibit draws, read back from its figure or its component's message, beside its table."""

from __future__ import annotations

import html
import json
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib import escape
from lib.components.packing import KINDS
from lib.exhibit import Drawing, Exhibit, Table, columns
from lib.quantities import palette
from pages.watch.attention import heads

CODES = "codes"  # the series that is off by up to a step of its codes
PAINT = ("i1", "u1")  # kinds of a component's array that colours or flags are made of, never a number
NUMBER = re.compile(r"\*\*[^*]*?([−-]?\d[\d,\u202f]*(?:\.\d+)?)( ?%)?[^*]*\*\*|\*\*[^*\d]+\*\*")


def unpacked(message: bytes) -> tuple[dict, dict[str, NDArray]]:
    """The header and the arrays of a component's message."""
    (length,) = struct.unpack_from("<I", message)
    head = json.loads(message[4 : 4 + length])
    kinds = {short: np.dtype(code) for code, short in KINDS.items()}
    arrays = {}
    for name, each in head["arrays"].items():
        count = int(np.prod(each["shape"]))
        flat = np.frombuffer(message, kinds[each["kind"]], count, 4 + length + each["at"])
        arrays[name] = flat.reshape(each["shape"])
    return head, arrays


def drawn(exhibit: Exhibit) -> Iterator[tuple[str, NDArray[np.floating]]]:
    """Every series that is drawn, with its name: bars, lines and dots of a figure, the arrays of a component.

    A trace whose ``meta`` is "x" draws its numbers along x; one whose ``meta`` is "guide" is a line to compare with,
    one whose ``meta`` is "level" a line upright. Those whose ``meta`` is "cells" are looked at by :func:`misplaced`.
    Those whose ``meta`` is two heads draw points on a plane: one after the other they are these two columns.
    """
    if isinstance(exhibit.picture, Drawing):
        message = exhibit.picture.message(escape.plain(exhibit.sentence))
        if isinstance(message, Mapping) and "document" in message:
            yield from lines(message["document"])
            return
        if isinstance(message, Mapping):  # of the page on tokens: lists, no arrays
            yield from rectangle(message) if "rows" in message else positions(message)
            return
        head, arrays = unpacked(message)
        if "total" in head:  # a layer's terms, line by line
            rows = [row["share"] for row in head["rows"] if "share" in row]
            yield "share of the new vector", np.array([*rows, 1.0])
            return
        if "axis" in head:  # the cube: of all that is drawn its table holds the slice
            yield "", sliced(head, arrays["cells"])
            return
        if "way" in head:  # every head: its groups are sums of what its strips show
            codes = arrays["values"].reshape(-1, len(head["tokens"]))
            yield CODES, np.where(codes == heads.NONE, 0, (codes + 0.5) / heads.STEPS)
            return
        if "against" in head:  # the ranked columns: a dot is as large as its value, and hollow where that is below 0
            arrays["sizes"] = np.where(head["against"], -1, 1) * arrays["sizes"]
        if "states" in head:  # the bands: what they show is shares, and one number beside them
            names = {"length": "share of the lengths", "amount": "share of the amount", "lengths": "length"}
            yield from ((names.get(name, name), values) for name, values in arrays.items())
            return
        if "items" in head:  # the small matrices: the pairs of each
            for item, cosines in zip((each for each in head["items"] if each["drawn"]), arrays["cosines"], strict=True):
                yield item["called"], pairs(cosines)
            return
        for name, values in arrays.items():
            if head["arrays"][name]["kind"] not in PAINT:
                yield name, values
        return
    planes: dict[str, list[NDArray[np.floating]]] = {}
    for trace in exhibit.picture(palette("light")).data:
        if trace.meta in ("guide", "level", "sign"):  # a line to compare with: one of the totals; a sign, no number
            continue
        if trace.meta == "cells":
            continue
        if trace.meta == "pairs":  # a matrix of every text with every other
            yield html.unescape(trace.name), pairs(np.asarray(trace.z))
            continue
        if trace.meta == "roots":  # bars as high as the roots of what is pointed at
            yield html.unescape(trace.name), np.asarray(trace.customdata, np.float64)
            continue
        if trace.meta == "codes":  # 0 or another code
            yield "", np.asarray(trace.z) > 0
            continue
        if isinstance(trace.meta, (list, tuple)):
            for head, values in zip(trace.meta, (trace.x, trace.y), strict=True):
                planes.setdefault(head, []).append(np.asarray(values, np.float64))
            continue
        if trace.type == "heatmap" and trace.customdata is not None:  # what is pointed at; colours alone may be scaled
            values = np.asarray(trace.customdata, np.float64)
            yield from (("", plane) for plane in (np.moveaxis(values, -1, 0) if values.ndim == 3 else _lines(values)))
            if "%{z" not in trace.hovertemplate:
                continue
        along = "z" if trace.type == "heatmap" else "x" if trace.meta == "x" or trace.orientation == "h" else "y"
        values = np.asarray(trace[along], np.float64)
        if (
            trace.type == "scatter" and trace.mode == "lines" and None in trace.x
        ):  # levels: a short line each, and a gap
            assert np.array_equal(values[::3], values[1::3])
            values = values[::3]
        if trace.type == "scatter" and trace.fill == "toself":  # a band: its upper edge, and its lower one backwards
            yield "", values[: len(values) // 2]
            yield "", values[: len(values) // 2 - 1 : -1]
        else:
            yield html.unescape(trace.name or ""), values
    for head, series in planes.items():
        yield head, np.concatenate(series)


def lines(document: str) -> Iterator[tuple[str, NDArray[np.floating]]]:
    """What BertViz draws: its layers and heads, and of each token that attends a weight for each attended one."""
    params = json.JSONDecoder().raw_decode(document.partition('id="weights">')[2])[0]
    (shown,) = params["attention"]
    weights = np.array(shown["attn"])
    layers, heads, size, _ = weights.shape
    yield "layer", np.repeat(params["include_layers"], heads * size)
    yield "head", np.tile(np.repeat(np.arange(heads) + 1, size), layers)
    names = shown["right_text"]
    assert shown["left_text"] == names
    yield from ((f"{k} {name}", weights[..., k].ravel()) for k, name in enumerate(names))


def pairs(square: NDArray[np.floating]) -> NDArray[np.floating]:
    """Every pair once, of a matrix that says the same of both ways and 1 of a text and itself."""
    assert np.array_equal(square, square.T)
    assert (square.diagonal() == 1).all()
    return square[np.triu_indices(len(square), 1)]


def _lines(values: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The matrix without its lines that hold nothing: room for the names of the others."""
    return [values[~np.isnan(values).all(axis=1)]]


def positions(sequence: Mapping[str, Any]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """The numbers of a sequence, as ``sequence.js`` writes them."""
    offsets = np.array(sequence["offsets"])
    yield from (("position", np.array(sequence["positions"])), ("input_ids", np.array(sequence["ids"])))
    yield from (("from character", offsets[:, 0]), ("to character", offsets[:, 1]))
    if sequence["segments"]:
        yield "token_type_ids", np.array(sequence["segments"])


def rectangle(batch: Mapping[str, Any]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """The numbers of a rectangle, row after row: ``batch.js`` fills up what is not in the message."""
    rows, tokens = batch["rows"], batch["tokens"]
    ids, mask, segments = np.full((len(rows), tokens), batch["padId"]), *np.zeros((2, len(rows), tokens), np.int64)
    for k, row in enumerate(rows):
        stop = row["start"] + len(row["ids"])
        ids[k, row["start"] : stop] = row["ids"]
        mask[k, row["start"] : stop] = 1
        segments[k, row["start"] + row["turn"] : stop] = row["turn"] >= 0
    yield from (("input_ids", ids.ravel()), ("attention_mask", mask.ravel()))
    if "token_type_ids" in batch["choices"]:
        yield "token_type_ids", segments.ravel()


def sliced(head: Mapping[str, Any], cells: NDArray[np.float16]) -> NDArray[np.float16]:
    """The highlighted plane of a cube as ``cube_cells.js`` reads it: from all cells, or the planes that are seen."""
    axis, at, size = ("text", "token", "unit").index(head["axis"]), head["at"], head["size"]
    if "planes" not in head:
        return np.take(cells.reshape(size), at, axis=axis)
    start = dict(head["planes"])[f"{head['axis']} {at}"]
    plane = [*size[:axis], *size[axis + 1 :]]
    return cells[start : start + plane[0] * plane[1]].reshape(plane)


def misplaced(exhibit: Exhibit) -> list[str]:
    """The marks of rows that are in no cell of the table: each says its row, its column and its value.

    Along the axis the marks keep the order of their values.
    """
    if isinstance(exhibit.picture, Drawing):
        return []
    table = columns(exhibit.table())
    lines = [str(each) for each in next(iter(table.values()))]
    marks = [
        (float(x), *cell)
        for trace in exhibit.picture(palette("light")).data
        if trace.meta == "cells"
        for x, cell in zip(trace.x, trace.customdata, strict=True)
    ]
    found = [
        f"{line}, {head}: {value}"
        for _, line, head, value in marks
        if not np.isclose(float(table[head][lines.index(html.unescape(line))]), float(value), rtol=1e-9, atol=0)
    ]
    ordered = sorted(marks, key=lambda mark: float(mark[3]))
    found += [f"{line} stands out of order" for (x, *_), (after, line, *_) in pairwise(ordered) if x > after + 1e-9]
    heads = {head for _, _, head, _ in marks}
    filled = sum(value == value for head in heads for value in table[head])
    return found if len(marks) == filled else [*found, f"{filled} cells, {len(marks)} marks"]


def astray(exhibit: Exhibit) -> list[str]:
    """The lines to compare with that stand at none of the totals."""
    if isinstance(exhibit.picture, Drawing):
        return []
    drawn_ = exhibit.picture(palette("light")).data
    guides = [(trace.name, trace.y) for trace in drawn_ if trace.meta == "guide"]
    guides += [(trace.name, trace.customdata) for trace in drawn_ if trace.meta == "level"]
    return [name for name, line in guides if not any(np.allclose(line, each) for each in exhibit.totals.values())]


def numbers(table: Table) -> dict[str, NDArray[np.float64]]:
    """The columns that are numbers; an empty cell is none."""
    found = {}
    for head, column in columns(table).items():
        try:
            found[head] = np.array([np.nan if each == "" else float(each) for each in column])
        except (TypeError, ValueError):
            continue
    return found


def alike(one: NDArray, other: NDArray, *, loose: float = 1e-6, step: float = 1e-9) -> bool:
    """Whether two series are the same, value for value; NaN is no value."""
    one, other = one.ravel(), other.ravel()
    one, other = one[~np.isnan(one)], other[~np.isnan(other)]
    return one.shape == other.shape and np.allclose(one, other, rtol=loose, atol=step)


def strays(exhibit: Exhibit) -> list[str]:
    """The drawn series that are not in the table: by their own name where a column has it, else as any column or as
    columns side by side, in their order."""
    table = exhibit.table()
    exact = numbers(table)
    found = []
    for name, values in drawn(exhibit):
        half = values.dtype == np.float16
        loose, known = 1e-6, {head: column.astype("f2") if half else column for head, column in exact.items()}
        if name in known:
            if not alike(values, known[name], loose=loose):
                found.append(name)
        elif values.ndim == 2:
            if not _stacked(values, list(known.values()), loose, 1 / heads.STEPS if name == CODES else 1e-9):
                found.append(name or "a series without a name")
        elif len(values) < 3 and any(np.isin(values, line).all() for line in zip(*known.values(), strict=True)):
            continue  # a mark or a span that stands for one line of the table
        elif not any(alike(values, column, loose=loose) for column in known.values()):
            found.append(name or "a series without a name")
    return found


def _stacked(values: NDArray, known: list[NDArray], loose: float, step: float) -> bool:
    """Whether the rows of a matrix, or its columns, are neighbouring columns of the table in their order."""
    for rows in (values, values.T):
        for start in range(len(known) - len(rows) + 1):
            if all(
                alike(row, column, loose=loose, step=step) for row, column in zip(rows, known[start:], strict=False)
            ):
                return True
    return False


def unfounded(*shown: Exhibit) -> list[str]:
    """The bold numbers of the sentence that no cell of the table gives, at the precision they are written in.

    Args:
        shown: one exhibit, or those of two sides that share one sentence.
    """
    sentence = shown[0].sentence
    known = [column[~np.isnan(column)] for each in shown for column in numbers(each.table()).values()]
    totals = [value for each in shown for value in each.totals.values()]
    cells = np.abs(np.concatenate([*known, np.array(totals, np.float64)]))
    every = [cell for each in shown for column in columns(each.table()).values() for cell in column]
    words = " ".join(cell for cell in every if isinstance(cell, str))
    found = []
    for match in filter(lambda each: each[1], NUMBER.finditer(sentence)):  # bold without a number is passed over
        written, percent = re.sub("[,\u202f]", "", match[1].replace("−", "-")), bool(match[2])
        if "⁻" in match[0]:  # what rounding leaves is another number on another processor
            continue
        digits = len(written.partition(".")[2])
        value = abs(float(written)) / (100 if percent else 1)
        step = 0.5 * 10.0**-digits / (100 if percent else 1)
        before = sentence[match.start() : match.start(1)].strip()
        if before.endswith(">"):  # less than a step short of a whole number
            near = (cells > value) & (cells < value + 2 * step)
        elif before.endswith("<"):
            near = (cells > 0) & (cells < value)
        else:
            near = np.abs(cells - value) <= step * 1.0001
        if not near.any() and match[1] not in words:
            found.append(match[0])
    return found


def check(seen: Sequence[Exhibit]) -> None:
    """Asserts of all exhibits of a page that they draw what their tables hold, and say what is in them."""
    assert seen
    assert len({each.name for each in seen}) == len(seen), "two exhibits share a name"
    for each in seen:
        lengths = headed(each.table())
        assert len(set(lengths.values())) == 1, each.name
        marked = (
            []
            if isinstance(each.picture, Drawing)
            else [trace for trace in each.picture(palette("light")).data if trace.meta == "cells"]
        )
        assert marked or list(drawn(each)), f"{each.name} draws nothing"
        assert strays(each) == [], each.name
        assert misplaced(each) == [], each.name
        assert astray(each) == [], each.name
        side = next((other for other in seen if other.name == f"{each.name}-right"), each)
        if not each.name.endswith("-right"):
            assert unfounded(each, side) == [], each.name


def headed(table: Table) -> Mapping[str, int]:
    """How long each column is."""
    return {head: len(column) for head, column in columns(table).items()}
