"""What is left of the first token when it may not attend to others: what comes back, by layer and by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.measures.attention import Shares
from lib.measures.inputs import apart
from lib.measures.vectors import Doubles, Flags, cosine, largest_difference, paired, recovered
from lib.reading import Floats, Ints, Reading

LIGHT = 4096  # texts x tokens that the variants of an experiment may take before the visitor is asked


@dataclass(frozen=True, eq=False)
class Left:
    """What is left of the difference between texts, and of one text.

    Attributes:
        before: float64[layers+1], the largest difference between texts in the untouched model: activations.
        after: float64[layers+1], the same with the changes.
        back: how much of what attention brings in is there in one text: 1 for all, 0 for none.
        cosine: of that text's final vector to its untouched one.
    """

    before: Doubles
    after: Doubles
    back: float
    cosine: float


@dataclass(frozen=True, eq=False)
class ByLayer:
    """How much of what attention brings in comes back, 1 for all, 0 for none; below 0 where it leads farther away.

    Attributes:
        alone: float64[layers, texts], where only that layer is open.
        without: float64[layers, texts], where every layer but that one is.
    """

    alone: Doubles
    without: Doubles


@dataclass(frozen=True, eq=False)
class Hidden:
    """Cosine of a text's mean vector to its usual one, when no other token may attend to some of its tokens.

    Attributes:
        first: to the first token.
        words: float64[words], to one of the words.
        separators: to the separators; None where there are none.
    """

    first: float
    words: Doubles
    separators: float | None


@dataclass(frozen=True, eq=False)
class Kept:
    """What a change leaves of one text's final vectors: cosines to the usual ones.

    Attributes:
        mean: of the mean of all tokens.
        word: of a word, the average of all words; None where there is none.
        separator: of a separator, the average of all; None where there is none.
    """

    mean: float
    word: float | None
    separator: float | None


@dataclass(frozen=True)
class Edges:
    """The edges from the first token to others.

    Attributes:
        cut: how many may not be used.
        all: how many there are.
        carried: the share of its attention that goes over the cut ones untouched, mean over layers and heads.
    """

    cut: int
    all: int
    carried: float


@dataclass(frozen=True, eq=False)
class Effects:
    """What it does to the first token that it may not attend to some tokens.

    Attributes:
        places: the tokens that are forbidden together, one tuple a variant; mostly one token each.
        moved: float64[variants], how far it moves, as a share of how far it moves without any other token.
    """

    places: tuple[tuple[int, ...], ...]
    moved: Doubles

    @property
    def mean(self) -> float:
        """What forbidding one of them at random does."""
        return float(self.moved.mean())


def left(plain: Reading, starved: Reading, changed: Reading, row: int) -> Left:
    """What the changes leave of the first token's final vector.

    Args:
        plain: the untouched reading.
        starved: the same texts with nothing attended to.
        changed: the same texts with the changes.
        row: the text that is followed.
    """
    vectors = (each.cls[-1, row] for each in (plain, starved, changed))
    alike = cosine(changed.cls[-1, [row]], plain.cls[-1, [row]])
    return Left(apart(plain).first, apart(changed).first, float(recovered(*vectors)), float(alike[0, 0]))


def severed(plain: Shares, cut: Flags) -> Edges:
    """How many edges are cut, and what they carry untouched.

    Args:
        plain: attention untouched.
        cut: bool[layers, tokens], the edges that may not be used.
    """
    there = (plain.values > 0).any(axis=1)  # beyond a window there is no edge to cut
    carried = float(plain.values.mean(axis=1)[cut].sum()) / plain.layers
    return Edges(int((cut & there).sum()), int(there.sum()) - plain.layers, carried)


def joined(readings: Sequence[Reading]) -> Floats:
    """float32[variants, hidden], the first tokens' final vectors of several readings, one after the other."""
    return np.concatenate([reading.cls[-1] for reading in readings])


def by_layer(plain: Floats, starved: Floats, variants: Floats) -> ByLayer:
    """When the text gets in.

    Args:
        plain: float32[texts, hidden].
        starved: float32[texts, hidden].
        variants: float32[texts x 2 layers, hidden]: of each text, first each layer alone, then all but each layer.
    """
    texts, hidden = plain.shape
    each = variants.reshape(texts, -1, hidden)
    back = recovered(plain[:, None], starved[:, None], each).T  # float64[2 layers, texts]
    layers = len(back) // 2
    return ByLayer(back[:layers], back[layers:])


def effects(places: Sequence[tuple[int, ...]], plain: Floats, starved: Floats, variants: Floats) -> Effects:
    """What single tokens are worth to the first one.

    Args:
        places: what each variant forbids.
        plain: float32[hidden].
        starved: float32[hidden].
        variants: float32[variants, hidden].
    """
    return Effects(tuple(places), 1 - recovered(plain, starved, variants))


def hidden(plain: Reading, row: int, changed: Sequence[Reading], words: int) -> Hidden:
    """What a text's mean vector loses when the other tokens may not attend to some of them.

    Args:
        plain: of the texts as they are.
        row: which text.
        changed: of that text alone, a variant a row: the first token hidden, single words hidden, the separators.
        words: how many of the variants hide a word.
    """
    variants = np.concatenate([_means(reading) for reading in changed])
    kept = cosine(_means(plain)[row : row + 1], variants)[0]
    return Hidden(float(kept[0]), kept[1 : words + 1], float(kept[words + 1]) if len(kept) > words + 1 else None)


def kept(plain: Reading, row: int, changed: Sequence[Reading]) -> list[Kept]:
    """What each of several changes leaves of a text's vectors.

    Args:
        plain: of the texts as they are.
        row: which text.
        changed: of that text alone, a change a row; all its tokens in their places.
    """
    means, vectors = _means(plain)[row], plain.last_hidden_state[row]
    roles = plain.encoding.roles(row)

    def average(role: str, variant: Floats) -> float | None:
        places = [at for at, each in enumerate(roles) if each == role]
        return float(paired(vectors[places], variant[places]).mean()) if places else None

    return [
        Kept(float(cosine(means[None], mean[None])[0, 0]), average("word", variant), average("sep", variant))
        for reading in changed
        for mean, variant in zip(_means(reading), reading.last_hidden_state, strict=True)
    ]


def _means(reading: Reading) -> Floats:
    """float32[rows, hidden], the mean of the real tokens' final vectors."""
    real = reading.encoding.attention_mask[..., None].astype(np.float32)
    return (reading.last_hidden_state * real).sum(axis=1) / real.sum(axis=1)


def bundles(tokens: int, most: int) -> tuple[tuple[int, ...], ...]:
    """The places behind the first token, cut into at most so many runs of neighbours.

    Args:
        tokens: of the text.
        most: runs at most; each place is one by itself where that suffices.
    """
    runs = np.array_split(np.arange(1, tokens), max(1, min(most, tokens - 1)))
    return tuple(tuple(run.tolist()) for run in runs if len(run))


def fitting(lengths: Ints, variants: int, most: int) -> int:
    """How many of the first texts can be read in so many variants each.

    Args:
        lengths: int64[texts], tokens of each.
        variants: of each text.
        most: texts x variants x tokens of the longest at most.
    """
    longest = np.maximum.accumulate(lengths)
    return int((longest * variants * np.arange(1, len(lengths) + 1) <= most).sum())


def largest_cut(reading: Reading, row: int, cut: Flags) -> float:
    """The largest share that the first token still takes over an edge that was cut; 0 where the cut holds.

    Args:
        reading: with attention.
        row: which text.
        cut: bool[layers, tokens], over the real tokens.
    """
    real = reading.encoding.attention_mask[row] == 1
    shares = np.stack([reading.attends_to(k)[row][:, real] for k in range(1, reading.layers + 1)])
    forbidden = np.broadcast_to(cut[:, None], shares.shape)
    return float(shares[forbidden].max(initial=0.0))


def row_sums(reading: Reading) -> tuple[int, float]:
    """How many rows of the first token there are, and the largest distance of one's sum from 1.

    Args:
        reading: with attention.
    """
    sums = np.stack([reading.attends_to(k).sum(axis=-1, dtype=np.float64) for k in range(1, reading.layers + 1)])
    return sums.size, float(np.abs(sums - 1).max())


def before_the_cut(plain: Reading, changed: Reading, cut: Flags) -> tuple[int, float]:
    """The last layer whose output the changes cannot reach, and the largest difference up to it.

    Args:
        plain: the untouched reading.
        changed: the same texts with the changes.
        cut: bool[layers, tokens], the edges that may not be used.
    """
    layers = cut.any(axis=1)
    last = int(layers.argmax()) if layers.any() else plain.layers
    return last, largest_difference(plain.hidden_states[: last + 1], changed.hidden_states[: last + 1])
