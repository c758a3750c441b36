"""The input of a text before the first layer: put together again, and how special its first token's parts are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from lib.measures.vectors import Doubles, largest_difference
from lib.reading import Floats, InputParts, Part, Reading

FEWEST = 20  # rows of a table, below which a median means nothing
ROUNDING = 1e-5  # of the largest number in it: what float32 may lose on the way


@dataclass(frozen=True)
class Check:
    """Whether the parts make the input.

    Attributes:
        tokens: positions that were put together.
        difference: the largest, over all of them and all units, to what the model has.
        holds: whether that is no more than rounding.
    """

    tokens: int
    difference: float
    holds: bool


@dataclass(frozen=True)
class Standing:
    """The length of one row of a table among those of all its rows.

    Attributes:
        length: of this row.
        shorter: the share of the other rows that are shorter, 0 to 1.
        low: 5 % of the rows are shorter.
        median: of all rows.
        high: 5 % of the rows are longer.
        smallest: the shortest row.
        largest: the longest row.
        rows: how many the table has.
    """

    length: float
    shorter: float
    low: float
    median: float
    high: float
    smallest: float
    largest: float
    rows: int


@dataclass(frozen=True)
class Loud:
    """The unit in which a vector is farthest from 0.

    Attributes:
        unit: which one, from 0.
        value: what the vector has there.
        deviations: how far that lies from the mean of its table, in standard deviations of that unit.
        share: of the vector's squared length, 0 to 1.
    """

    unit: int
    value: float
    deviations: float
    share: float


@dataclass(frozen=True)
class Fact:
    """What is special about the row of a table that a token got.

    Attributes:
        name: of the table.
        row: which one.
        standing: its length among the others.
        loud: its loudest unit.
    """

    name: str
    row: int
    standing: Standing
    loud: Loud


@dataclass(frozen=True)
class Apart:
    """How far the same place differs between texts, layer by layer: the largest difference over all units and texts.

    Attributes:
        first: float64[layers+1], of the first token.
        after: float64[layers+1], of the piece behind it; None where fewer than two texts have one.
        separator: float64[layers+1], of the last token where it was added; None where fewer than two texts have one.
    """

    first: Doubles
    after: Doubles | None
    separator: Doubles | None


def rebuilt(inputs: InputParts) -> Doubles:
    """The input, from its parts and steps alone.

        x = sum of the parts
        LayerNorm: x -> (x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias
        projection: x -> x weight^T + bias

    Args:
        inputs: what the model looked up, and the weights of its steps.

    Returns:
        float64[tokens, hidden].

    Source:
        devlin2019, section 3, Figure 2.
    """
    x: Doubles = np.sum([part.vectors for part in inputs.parts], axis=0, dtype=np.float64)  # float64[tokens, width]
    for step in inputs.steps:
        if step.weight.ndim == 2:
            x = x @ step.weight.T.astype(np.float64)
        else:
            x = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + step.epsilon)
            x = x * step.weight
        x = x + step.bias
    return x


def check(inputs: InputParts, states: Floats) -> Check:
    """Puts the input together and compares it with the model's own.

    Args:
        inputs: of one text.
        states: float32[tokens, hidden], layer 0 of the same text without padding.

    Raises:
        ValueError: the shapes differ.
    """
    sums = rebuilt(inputs)
    difference = largest_difference(states, sums)
    return Check(len(sums), difference, difference <= ROUNDING * max(1.0, float(np.abs(states).max())))


def standing(part: Part, position: int) -> Standing:
    """How long the row that a token got is, among all rows of its table.

    Args:
        part: the table, as far as it is kept.
        position: of the token.
    """
    lengths, row = part.lengths.astype(np.float64), int(part.ids[position])
    low, median, high = np.percentile(lengths, [5, 50, 95])
    others = max(1, len(lengths) - 1)
    return Standing(
        length=float(lengths[row]),
        shorter=float((lengths < lengths[row]).sum() / others),
        low=float(low),
        median=float(median),
        high=float(high),
        smallest=float(lengths.min()),
        largest=float(lengths.max()),
        rows=len(lengths),
    )


def loudest(vector: Floats, means: Floats | None = None, deviations: Floats | None = None) -> Loud:
    """The unit that sticks out most.

    Args:
        vector: float32[width].
        means: float32[width], of its table; 0 where left out.
        deviations: float32[width], of its table; the distance in deviations is 0 where left out.
    """
    wide = vector.astype(np.float64)
    unit = int(np.abs(wide).argmax())
    away = float(wide[unit] - (0 if means is None else means[unit]))
    spread = 0.0 if deviations is None else float(deviations[unit])
    squared = float((wide**2).sum())
    return Loud(unit, float(wide[unit]), away / spread if spread else 0.0, float(wide[unit] ** 2 / (squared or 1)))


def facts(inputs: InputParts, position: int) -> tuple[Fact, ...]:
    """How special a token's rows are, for each table that has enough rows to tell.

    Args:
        inputs: of one text.
        position: of the token.
    """
    return tuple(
        Fact(
            part.name,
            int(part.ids[position]),
            standing(part, position),
            loudest(part.vectors[position], part.means, part.deviations),
        )
        for part in inputs.parts
        if len(part.lengths) >= FEWEST
    )


def table(facts: Sequence[Fact]) -> dict[str, list[str] | list[int] | list[float]]:
    """The facts as columns, one line a table."""
    lengths = [asdict(fact.standing) for fact in facts]
    return {
        "table": [fact.name for fact in facts],
        "row": [fact.row for fact in facts],
        **{name: [each[name] for each in lengths] for name in lengths[0]},
        "largest dimension": [fact.loud.unit for fact in facts],
        "its value": [fact.loud.value for fact in facts],
        "in deviations": [fact.loud.deviations for fact in facts],
    }


def spread(vectors: Floats) -> Floats:
    """float32[width], the largest difference between any two of float32[n, width], by dimension."""
    return vectors.max(axis=0) - vectors.min(axis=0)


def apart(reading: Reading) -> Apart:
    """How far texts differ at the same place, layer by layer.

    Args:
        reading: of at least one text.
    """
    encoding, states = reading.encoding, reading.hidden_states
    rows = np.arange(reading.batch)

    def largest(kept: list[int], places: list[int]) -> Doubles | None:
        if len(kept) < 2:
            return None
        picked = states[:, kept, places]  # float32[layers+1, texts, hidden]
        return (picked.max(axis=1).astype(np.float64) - picked.min(axis=1)).max(axis=1)

    behind = [row for row in rows.tolist() if encoding.is_word[row, min(encoding.first[row] + 1, encoding.last[row])]]
    closed = [row for row in rows.tolist() if encoding.roles(row)[int(encoding.last[row])] == "sep"]
    cls = reading.cls
    return Apart(
        first=(cls.max(axis=1).astype(np.float64) - cls.min(axis=1)).max(axis=1),
        after=largest(behind, (encoding.first[behind] + 1).tolist()),
        separator=largest(closed, encoding.last[closed].tolist()),
    )
