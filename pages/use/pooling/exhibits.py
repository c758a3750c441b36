"""The pictures of poolings, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lib.checkpoints import Checkpoint
from lib.exhibit import Drawing, Exhibit
from lib.measures.vectors import part_ways
from lib.quantities import Quantity
from lib.reading import Reading
from pages.use.pooling import figures, measures, words
from pages.use.pooling import multiples as component
from pages.use.pooling.curves import Curve
from pages.use.pooling.measures import Pooled


def cosines(
    one: Pooled, texts: Sequence[str], quantity: Quantity, name: str, marked: tuple[int, int] | None = None
) -> Exhibit:
    """The cosine of every pair of texts under one pooling, beside those of unrelated sentences.

    Args:
        one: the pooling, which can be had.
        texts: as typed.
        quantity: what the cells are.
        name: of the exhibit.
        marked: two rows whose cells are outlined.
    """
    floor = one.floor
    assert floor is not None
    return Exhibit(
        name,
        words.cosines(one),
        lambda palette: figures.matrix(one, texts, quantity, marked=marked, palette=palette),
        lambda: words.pair_columns(texts, [one]),
        f"{quantity.name.capitalize()} of every pair of texts, no unit, from −1 to 1.",
        {
            "unrelated sentences, mean": floor.mean,
            "unrelated sentences, 5 % lie below": floor.low,
            "unrelated sentences, 5 % lie above": floor.high,
        },
        headline=words.headline(one),
    )


def baselines(poolings: Sequence[Pooled], quantity: Quantity, name: str) -> Exhibit:
    """Every pooling on one scale: unrelated sentences, and the pairs of texts.

    Args:
        poolings: from top to bottom.
        quantity: what the scale is.
        name: of the exhibit.
    """
    centred = any(one.centred for one in poolings)
    return Exhibit(
        name,
        words.baselines(poolings),
        lambda palette: figures.baselines(poolings, quantity, centred=centred, palette=palette),
        lambda: words.baseline_columns(poolings),
        "Cosines of pairs of unrelated sentences and of the texts under each pooling, no unit, from −1 to 1.",
    )


def multiples(poolings: Sequence[Pooled], texts: Sequence[str], name: str) -> Exhibit:
    """Every pooling's matrix, small.

    Args:
        poolings: all of them.
        texts: as typed.
        name: of the exhibit.
    """
    return Exhibit(
        name,
        words.multiples(poolings),
        Drawing(component.multiples, lambda alt: component.payload(poolings, texts, alt)),
        lambda: words.pair_columns(texts, poolings),
        "Cosine of every pair of texts under each pooling, no unit, from −1 to 1.",
    )


def points(
    one: Pooled,
    both: tuple[Pooled, Pooled],
    texts: Sequence[str],
    sentences: Sequence[str],
    name: str,
    ringed: Collection[int] = (),
) -> Exhibit:
    """The texts in the plane in which they differ most under one pooling.

    Args:
        one: of the two.
        both: the two poolings that are compared, whose maps have one scale.
        texts: as typed.
        sentences: the unrelated ones.
        name: of the exhibit.
        ringed: rows of texts that are ringed.
    """
    axes = f"{one.called}, first axis", f"{one.called}, second axis"
    apart = part_ways(both[0].near, both[1].near).tolist()
    return Exhibit(
        name,
        words.points(one),
        lambda palette: figures.points(
            one, apart, texts, axes, reach=measures.reach(both), ringed=ringed, palette=palette
        ),
        lambda: words.map_columns(one, texts, sentences, axes),
        "Where each text stands on the map, in parts of a vector’s length; below them the unrelated sentences.",
        {"first axis": float(one.plane.shares[0]), "both axes": float(one.plane.shares.sum())},
    )


def weights(reading: Reading, row: int, layer: int, sentence: str) -> Exhibit:
    """What each pooling takes from the tokens of one text.

    Args:
        reading: with the text.
        row: of the text.
        layer: that is pooled.
        sentence: under the picture, or under two of them.
    """
    rows, tokens = measures.token_weights(reading, row, layer), reading.encoding.row(row)
    roles = measures.roles(reading, row)
    return Exhibit(
        "weights",
        sentence,
        lambda palette: figures.weights(rows, tokens, roles, palette=palette),
        lambda: words.weight_columns(rows, tokens),
        "Weight of each token (0 to 1); under max, the share of dimensions in which it is the largest.",
        {"the mean’s weight of each token": 1 / len(tokens)},
    )


def moved(found: Curve, model: Checkpoint) -> Exhibit:
    """How much of a text each pooling keeps, wherever it stands.

    Args:
        found: at least one pooling that tells the text from the others.
        model: that reads.
    """
    names = [words.way(each, model) for each in found.values]
    return Exhibit(
        "moved",
        words.moved(found, model),
        lambda palette: figures.curve(
            found,
            names,
            (f"sentences in front of it (of {found.ticks[-1]})", "how much of it is kept"),
            percent=True,
            palette=palette,
        ),
        lambda: {
            "sentences in front of it": found.ticks,
            "tokens of the whole": found.tokens,
            **dict(zip(names, found.values.values(), strict=True)),
        },
        "Share of the way from the others’ vector to the text’s own, by cosine: 1 is the text alone, 0 the others "
        "alone.",
        {f"average, {name}": float(each.mean()) for name, each in zip(names, found.values.values(), strict=True)}
        | {f"cosine of the others, {name}": found.base[way] for name, way in zip(names, found.values, strict=True)},
        words.moved_headline(found, model),
    )


def grown(found: Curve, pairs: int, model: Checkpoint) -> Exhibit:
    """How alike unrelated texts are as they grow, by each pooling.

    Args:
        found: of at least two sizes.
        pairs: of texts that each value is the mean of.
        model: that reads.
    """
    names = [words.way(each, model) for each in found.values]
    return Exhibit(
        "grown",
        words.grown(found, pairs, model),
        lambda palette: figures.curve(
            found, names, ("sentences of each text", "average cosine of two texts"), percent=False, palette=palette
        ),
        lambda: {
            "sentences": found.ticks,
            "average tokens": found.tokens,
            **dict(zip(names, found.values.values(), strict=True)),
        },
        f"Average cosine of {pairs} pairs of texts on different subjects, from −1 to 1.",
        headline=words.grown_headline(found, model),
    )
