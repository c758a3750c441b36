"""The first token's way through the layers: how alike it is between texts, how far it moves, what is loud in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lib.measures.vectors import Doubles, Pair, above, cosine, extremes, principal
from lib.reading import Floats, Reading

TrackKind = Literal["first", "words", "separator"]

MOST = 200  # texts that are compared with each other; pairs grow with the square
TRAILS = 24  # texts whose trails can still be told apart
ALIKE = 0.99  # two texts begin to differ where the mean cosine of a pair falls below this


@dataclass(frozen=True, eq=False)
class Track:
    """One vector of each text, through all layers.

    Attributes:
        kind: "first" (the first token), "words" (the mean of the text's pieces) or "separator" (the last token).
        vectors: float32[layers+1, texts, hidden].
    """

    kind: TrackKind
    vectors: Floats


@dataclass(frozen=True)
class Alike:
    """The cosines of all pairs of texts, layer by layer.

    Attributes:
        mean: float64[layers+1].
        most: the most alike pair of each layer.
        least: the least alike pair of each layer.
    """

    mean: Doubles
    most: tuple[Pair, ...]
    least: tuple[Pair, ...]


@dataclass(frozen=True)
class Moves:
    """How far a vector moves in each layer.

    Attributes:
        distance: float64[layers], root mean square over the texts, in units of an activation.
        together: float64[layers], the share of the squared distance that is the same for every text, 0 to 1.
    """

    distance: Doubles
    together: Doubles


@dataclass(frozen=True)
class Trail:
    """Vectors of all layers on the one plane in which they differ most.

    Attributes:
        places: float64[layers+1, texts, 2].
        shares: of both axes in the variance, 0 to 1.
    """

    places: Doubles
    shares: tuple[float, float]

    @property
    def widths(self) -> Doubles:
        """float64[layers+1], how far the texts lie from their middle in each layer, root mean square."""
        away = self.places - self.places.mean(axis=1, keepdims=True)
        return np.sqrt((away**2).sum(axis=2).mean(axis=1))


def tracks(reading: Reading) -> tuple[Track, ...]:
    """The first token, the mean of the words and the separator, as far as the texts have them.

    Args:
        reading: of at least one text; the first ``MOST`` are taken.

    Returns:
        The first token's track, then those that at least two texts have (or the only one).
    """
    encoding, states = reading.encoding, reading.hidden_states
    rows = range(min(reading.batch, MOST))
    made = [Track("first", reading.cls[:, : len(rows)])]
    worded = [row for row in rows if encoding.is_word[row].any()]
    closed = [row for row in rows if encoding.roles(row)[int(encoding.last[row])] == "sep"]
    if len(worded) >= min(2, len(rows)):
        means = [states[:, row, encoding.is_word[row]].mean(axis=1) for row in worded]
        made.append(Track("words", np.stack(means, axis=1)))
    if len(closed) >= min(2, len(rows)):
        made.append(Track("separator", states[:, closed, encoding.last[closed]]))
    return tuple(made)


def without(vectors: Floats, unit: int) -> Floats:
    """float32[..., hidden], a copy of the float32[..., hidden] with one unit set to 0."""
    left = vectors.copy()
    left[..., unit] = 0
    return left


def alike(vectors: Floats) -> Alike:
    """How alike texts are in each layer.

    Args:
        vectors: float32[layers+1, texts, hidden], at least two texts.

    Source:
        After ethayarajh2019, section 3.4, who takes it over random words; here it is taken over whole texts.
    """
    cosines = [cosine(layer, layer) for layer in vectors]
    pairs = [extremes(layer) for layer in cosines]
    return Alike(
        np.array([above(layer).mean() for layer in cosines]),
        tuple(most for most, _ in pairs),
        tuple(least for _, least in pairs),
    )


def parting(mean: Doubles) -> int | None:
    """The first layer in which the mean cosine of a pair is below ``ALIKE``; None where there is none.

    Args:
        mean: float64[layers+1].
    """
    below = np.flatnonzero(mean < ALIKE)
    return int(below[0]) if below.size else None


def loud_unit(vectors: Floats) -> int:
    """The unit that holds the largest share of the squared length, in the mean over all layers and texts.

    Args:
        vectors: float32[layers+1, texts, hidden].
    """
    squares = vectors.astype(np.float64) ** 2
    return int((squares / squares.sum(axis=-1, keepdims=True)).mean(axis=(0, 1)).argmax())


def share_of(vectors: Floats, unit: int) -> Doubles:
    """A unit's share of the squared length, in the mean over the texts.

    Args:
        vectors: float32[layers+1, texts, hidden].
        unit: which one.

    Returns:
        float64[layers+1], 0 to 1.
    """
    squares = vectors.astype(np.float64) ** 2
    return (squares[..., unit] / squares.sum(axis=-1)).mean(axis=1)


def moves(vectors: Floats) -> Moves:
    """How far vectors move from each layer to the next, and how much of that all texts have in common.

        d = h(layer) - h(layer - 1);  |d|^2 averaged over texts = |mean d|^2 + what is each text's own

    Args:
        vectors: float32[layers+1, texts, hidden].
    """
    steps = np.diff(vectors.astype(np.float64), axis=0)  # float64[layers, texts, hidden]
    squared = (steps**2).sum(axis=2).mean(axis=1)
    common = (steps.mean(axis=1) ** 2).sum(axis=1)
    return Moves(np.sqrt(squared), np.divide(common, squared, out=np.zeros_like(common), where=squared > 0))


def trail(vectors: Floats) -> Trail:
    """The way of each text on the plane in which the vectors of all layers and texts differ most, fitted once.

    Args:
        vectors: float32[layers+1, texts, hidden]; the first ``TRAILS`` texts are taken.
    """
    taken = vectors[:, :TRAILS]
    flat = taken.reshape(-1, taken.shape[-1])
    plane = principal(flat)
    places = plane.place(flat).reshape(*taken.shape[:2], 2)
    return Trail(places, (float(plane.shares[0]), float(plane.shares[1])))
