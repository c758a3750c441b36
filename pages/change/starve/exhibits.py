"""The pictures of the page on attention knock-out, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.checkpoints import Checkpoint
from lib.components import strips
from lib.exhibit import Drawing, Exhibit
from lib.figures.dots import Dots, Mark, Row
from lib.measures import inputs
from lib.measures.attention import Shares, runs
from lib.measures.vectors import Flags
from lib.quantities import number
from lib.reading import Encoding, Reading
from lib.words.attention import direction, named
from pages.change.starve import figures, words
from pages.change.starve.connections import connections as draw
from pages.change.starve.connections import grid, payload
from pages.change.starve.measures import ByLayer, Effects, Hidden, Kept, Left, severed


def final(reading: Reading, now: Reading, left: Left, row: int) -> Exhibit:
    """The final vectors of the texts with the changes, and how far they still differ.

    Args:
        reading: of the texts as they are.
        now: of the texts with the changes.
        left: what the changes leave.
        row: the text that is followed.
    """
    rows = strips.between(now, now.layers, reading)
    vectors = now.cls[-1]
    unit = inputs.loudest(inputs.spread(vectors) if left.after[-1] else vectors[row]).unit
    return Exhibit(
        "final",
        words.final(left, row, strips.STRIPS, reading),
        strips.drawing(rows, unit=unit, file="cls-starved.png"),
        lambda: strips.table(rows),
        f"The final vector of {named(now.checkpoint)}: a line a dimension, two columns a text.",
        headline=words.final_headline(left, row, reading),
    )


def connections(plain: Shares, now: Shares, cut: Flags, closed: Sequence[int], model: Checkpoint) -> Exhibit:
    """What the first token attends to with the changes, and every edge to be pressed.

    Args:
        plain: attention untouched.
        now: attention with the changes.
        cut: bool[layers, tokens], the edges that may not be used.
        closed: layers in which nothing but itself is attended to.
        model: that reads.
    """
    cells, arrow, edges = grid(plain, now, cut), direction("attends_to", model), severed(plain, cut)
    return Exhibit(
        "connections",
        words.connections(edges, model),
        Drawing(draw, lambda alt: payload(cells, closed, plain.tokens[plain.position], arrow, alt)),
        lambda: cells.table,
        "Its attention with the changes, mean over heads: a line a token, a column a layer.",
        {"forbidden": edges.cut, "connections": edges.all, "what they carry unchanged": edges.carried},
    )


def apart(left: Left, cut: Flags, model: Checkpoint) -> Exhibit:
    """How far the texts differ in each layer, untouched and with the changes.

    Args:
        left: what the changes leave.
        cut: bool[layers, tokens], the edges that may not be used.
        model: that reads.
    """
    shut = runs(np.logical_and.reduce(cut[:, 1:], axis=1).tolist())
    return Exhibit(
        "apart",
        words.apart(left.before, left.after, model),
        lambda palette: figures.apart(left.before, left.after, shut, "largest difference between texts", palette),
        lambda: {"layer": range(len(left.before)), figures.BEFORE: left.before, figures.AFTER: left.after},
        f"Largest difference between the vectors of {named(model)} in any two texts, over all dimensions: activations.",
        headline=words.apart_headline(left.after, model),
    )


def by_layer(found: ByLayer, row: int, texts: int, model: Checkpoint) -> Exhibit:
    """What each layer lets in.

    Args:
        found: what comes back through each layer, and what is left without it.
        row: the text that is followed.
        texts: that there are.
        model: that reads.
    """
    lost = 1 - found.without

    def table() -> dict[str, np.ndarray]:
        columns = {"layer": np.arange(1, len(lost) + 1)}
        for head, values in ((figures.BACK, found.alone), (figures.LOST, lost)):
            columns[head] = values.mean(axis=1)
            columns |= {f"{head}, text {k + 1}": column for k, column in enumerate(values.T)}
        return columns

    return Exhibit(
        "by_layer",
        words.by_layer(found, row, texts, model),
        lambda palette: figures.by_layer(found.alone, lost, palette),
        table,
        "Share of what attention brings in, mean over the texts and text by text; 1 is all of it.",
        headline=words.by_layer_headline(found),
    )


def effects(
    found: Effects, names: Sequence[str], chosen: int, encoding: Encoding, row: int, model: Checkpoint
) -> Exhibit:
    """What each token is worth, against the average one.

    Args:
        found: how far each moves the first token.
        names: of the tokens, or of runs of them.
        chosen: the one that is marked.
        encoding: of the texts as they are.
        row: which text.
        model: that reads.
    """
    roles = encoding.roles(row)
    kinds = [roles[run[0]] for run in found.places]
    return Exhibit(
        "words",
        words.effects(found, chosen, encoding, row, model),
        lambda palette: figures.effects(found.moved, names, kinds, chosen, words.average(found), palette),
        lambda: {"token": names, "how far it moves": found.moved},
        "How far it moves when that token is forbidden; 1 is as far as without any.",
        {"average": found.mean},
        words.effects_headline(found, encoding, row, model),
    )


def hidden(found: Hidden, model: Checkpoint) -> Exhibit:
    """What the mean of a text loses when no other token may attend to the first one.

    Args:
        found: for the first token, single words and the separators.
        model: that reads.
    """
    rows = [Row(f"nobody attends to {model.first_token}", "first", found.first, number(found.first, 3))]
    if len(found.words):
        average = float(found.words.mean())
        rows.append(Row("nobody attends to one word", "other", average, number(average, 3), found.words.tolist()))
    if found.separators is not None:
        rows.append(Row("nobody attends to the separators", "other", found.separators, number(found.separators, 3)))
    dots = _kept(rows, "cosine of the mean to the usual one")
    return Exhibit(
        "hidden",
        words.hidden(found, model),
        dots.picture,
        dots.table,
        "Cosine of the text’s mean vector to the usual one, in which every token may attend to every other.",
        headline=words.hidden_headline(found, model),
    )


def shares(passed: Kept, dropped: Kept, model: Checkpoint) -> Exhibit:
    """What becomes of a text's vectors when the share of the first token goes to the others, or to no token.

    Args:
        passed: what is left where it goes to the others.
        dropped: what is left where it goes to no token.
        model: that reads.
    """
    parts = {
        "the mean": (passed.mean, dropped.mean),
        "the average word": (passed.word, dropped.word),
        "the average separator": (passed.separator, dropped.separator),
    }
    ways: tuple[tuple[Mark, str], ...] = (("other", words.PASSED), ("baseline", words.DROPPED))
    rows = [
        Row(f"{name}: {way}", mark, value, number(value, 3))
        for name, values in parts.items()
        for (mark, way), value in zip(ways, values, strict=True)
        if value is not None
    ]
    dots = _kept(rows, "cosine to the usual vector")
    return Exhibit(
        "shares",
        words.shares(passed, dropped, model),
        dots.picture,
        dots.table,
        "Cosine of a vector to the same one in the unchanged model: of the text’s mean, and the average over its "
        "words and its separators.",
        headline=words.shares_headline(passed, dropped, model),
    )


def _kept(rows: Sequence[Row], value: str) -> Dots:
    """Cosines to what is usual, on an axis from 0, or from −1 where one is below 0.

    Args:
        rows: from top to bottom; what single values they have are words'.
        value: what the cosines are.
    """
    below = any(cosine < 0 for row in rows for cosine in (row.value or 0, *row.each))
    axis = f"{value}<br>(1: nothing changes; more room near 1)"
    return Dots(rows, value, axis, (-1 if below else 0, 1), angles=True, each="word")
