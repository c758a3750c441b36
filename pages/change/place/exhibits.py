"""The pictures of the page on the token and its position, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lib.escape import visible
from lib.exhibit import Exhibit
from lib.figures.dots import Dots, Mark, Row
from lib.measures import place
from lib.measures.place import Grid, Key
from lib.measures.probe import Score
from lib.measures.tokens import spelling
from lib.measures.vectors import Doubles
from lib.quantities import ACTIVATION, ATTENDED_BY, COSINE, number, share, written
from pages.change.place import figures, measures, words
from pages.change.place.measures import Experiment

ALWAYS = "always the same answer"


def vector(experiment: Experiment) -> Exhibit:
    """How near each final vector comes to the unchanged first token's.

    Args:
        experiment: the texts under every change.
    """
    tried = experiment.tried
    rows = _rows(experiment, tried.cosines[-1], written)
    return _dots(
        experiment,
        "vector",
        rows,
        words.vector(tried, experiment.word, experiment.position, experiment.reading.checkpoint),
        "Cosine of each final vector to that of the unchanged first token, no unit, mean over the texts, and text "
        "text. The axis is spaced by angle.",
        each="text",
    )


def between(experiment: Experiment) -> Exhibit | None:
    """How similar the texts are by each of these vectors; None for one text.

    Args:
        experiment: the texts under every change.
    """
    pairs = experiment.tried.between
    if not pairs.size:
        return None
    true = float(pairs[:, 0].mean())
    return _dots(
        experiment,
        "between",
        _rows(experiment, pairs, written),
        words.between(experiment.tried, experiment.word, experiment.position, experiment.reading.checkpoint),
        "Cosine of two texts by each final vector, no unit, mean over all pairs and pair by pair. The axis is spaced "
        "by angle.",
        each="pair",
        dashed=(true, "unchanged"),
    )


def received(experiment: Experiment) -> Exhibit:
    """How much attention the average word gives to each watched token.

    Args:
        experiment: the texts under every change.
    """
    even = measures.even(experiment)
    return _dots(
        experiment,
        "received",
        _rows(experiment, experiment.tried.received, share),
        words.received(experiment.tried, even, experiment.word, experiment.position, experiment.reading.checkpoint),
        "Attention weight that the average word gives to the token, mean over heads and layers; over the texts, and "
        "text by text.",
        each="text",
        dashed=(even, "an even share"),
    )


def probe(
    experiment: Experiment,
    scores: Mapping[Key, Score],
    same: Mapping[Key, float],
    majority: float,
) -> Exhibit:
    """How often a classifier that learned from the unchanged first token is right on each changed vector.

    Args:
        experiment: the texts under every change, for the names of the changes.
        scores: right answers for a sample of labelled sentences, by change.
        same: answers that are the same as for the unchanged vector.
        majority: right answers for always saying the same.
    """
    rows = [
        _row(experiment, key, score.value, share, interval=(score.low, score.high)) for key, score in scores.items()
    ]
    right = [scores[key].value for key in experiment.changed if key in scores]
    agreed = [same[key] for key in experiment.changed if key in same]
    return _dots(
        experiment,
        "probe",
        rows,
        words.probed(scores, same, experiment.reading.checkpoint),
        "Share of right answers on held-out sentences, with the ends of its 95% interval.",
        dashed=(majority, ALWAYS),
        totals={
            "fewest right after a change": min(right),
            "most right after a change": max(right),
            "fewest same answers": min(agreed),
            "most same answers": max(agreed),
        },
    )


def _rows(experiment: Experiment, values: Doubles, write: Callable[[float], str]) -> list[Row]:
    """A row for each change, of float64[single values, changes]."""
    return [
        _row(experiment, key, float(column.mean()), write, each=column.tolist())
        for key, column in zip(experiment.tried.keys, values.T, strict=True)
    ]


def _row(
    experiment: Experiment,
    key: Key,
    value: float,
    write: Callable[[float], str],
    each: Sequence[float] = (),
    interval: tuple[float, float] | None = None,
) -> Row:
    mark: Mark = "other" if measures.is_taken(key) else "first"
    mark = {"untouched": "true", "other": "baseline"}.get(key, mark)  # type: ignore[assignment]  # both are marks
    known = not np.isnan(value)
    return Row(
        words.label(key, experiment.word, experiment.position, experiment.reading.checkpoint),
        mark,
        value if known else None,
        write(value) if known else "none",
        [single for single in each if not np.isnan(single)] if len(each) > 1 else (),
        interval,
    )


def _dots(
    experiment: Experiment,
    measure: str,
    rows: Sequence[Row],
    sentence: str,
    about: str,
    *,
    each: str = "",
    dashed: tuple[float, str] | None = None,
    totals: Mapping[str, float] | None = None,
) -> Exhibit:
    """The rows of one measure, on an axis that stays the same while one tries other words."""
    cosines = measure in ("vector", "between")
    value = words.ABOUT[measure]
    first = experiment.reading.checkpoint.first_token
    known = [single for row in rows for single in (row.value, *row.each) if single is not None]
    low = min([0.0, *known])
    dots = Dots(
        rows,
        value,
        f"{value}<br>(spaced by angle)" if cosines else value,
        span=(low, 1.0 if cosines or measure == "probe" else max(0.6, *known)),
        names={"true": f"{first} unchanged", "first": f"{first} elsewhere", "other": "another token in its place"},
        dashed=dashed,
        percent=not cosines,
        angles=cosines,
        each=each,
    )
    return Exhibit(
        "changes",
        sentence,
        dots.picture,
        dots.table,
        about,
        {**(totals or {}), **({dashed[1]: dashed[0]} if dashed else {})},
        words.headline(measure, experiment.tried, experiment.word, experiment.reading.checkpoint),
    )


def turning(experiment: Experiment, key: Key) -> Exhibit:
    """How near one change's token is to the unchanged first token, layer by layer.

    Args:
        experiment: the texts under every change.
        key: of the change.
    """
    model, word, position = experiment.reading.checkpoint, experiment.word, experiment.position
    way, ordinary = (measures.by_layer(experiment, each) for each in (key, "other"))
    own = measures.to_itself(experiment, key)
    role: figures.Role = "other" if measures.is_taken(key) else "first"
    lines = [figures.Line(words.label(key, word, position, model), role, way)]
    if own is not None:
        lines.append(figures.Line("the same token, to its own old vector", "self", own))
    lines.append(figures.Line(words.label("other", word, position, model), "baseline", ordinary))
    return Exhibit(
        "layers",
        words.turning(key, way, float(ordinary[-1]), own, word, position, model),
        lambda palette: figures.turning(lines, palette),
        lambda: [("layer", range(len(way))), *((line.name, line.values) for line in lines)],
        "Cosine to the unchanged first token’s vector in the same layer, mean over the texts, no unit.",
        headline=words.turning_headline(key, way, word, position, model),
    )


def grid(experiment: Experiment, found: Grid, cells: str) -> Exhibit:
    """What a token in the first position becomes, by token and position id.

    Args:
        experiment: the texts under every change.
        found: the cells.
        cells: key of ``words.CELLS``.
    """
    loud, model = experiment.loudest, experiment.reading.checkpoint
    values, quantity, write = {
        "cosine": (found.cosine, COSINE, written),
        "received": (found.received, ATTENDED_BY, share),
        "loud": (found.loud, ACTIVATION, lambda value: number(value, 2)),
    }[cells]
    reach = 1.0 if cells != "loud" else float(np.abs(values).max())
    names = [visible(experiment.word) if token == experiment.token else spelling(token) for token in found.tokens]
    texts = [["none" if np.isnan(value) else write(float(value)) for value in row] for row in values]
    means = place.means(values)
    return Exhibit(
        "grid",
        words.grid(found, cells, loud, model),
        lambda palette: figures.corners(values, names, found.positions, texts, quantity, reach=reach, palette=palette),
        lambda: [
            ("token", names),
            *((f"position id {position}", column) for position, column in zip(found.positions, values.T, strict=True)),
        ],
        f"{quantity.name.capitalize()}: a line for each token in the first position, a column for each position id, "
        "mean over the texts.",
        dict(zip(("the token, other ids", "other tokens, its id", "other tokens, other ids"), means, strict=True)),
        words.grid_headline(found, model),
    )
