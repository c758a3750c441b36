"""Thousands of labelled texts, read as a stream: the slices that people train on, and the cube they are cut from."""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import torch

from lib import settings
from lib.model.lending import Opened
from lib.model.opening import opened
from lib.model.passes import BATCH_TOKENS, batches, read
from lib.model.precision import forget, has_bfloat16
from lib.model.tokenizing import lengths
from lib.pooling import POOLINGS
from lib.reading import Encoding, Floats, Ints, Precision, Reading

CUBE_TEXTS = 2000  # texts of the cube, as many as in the article
CUBE_BYTES = 192 << 20  # of the cube on disk
BLOCK = 1 << 20  # bytes of it that are written at once
GRID_BYTES = settings.memory("vectors")  # of the vectors at every layer and place
GRID_TEXTS = 2000
WIDEST = 65504.0  # the largest float16
HELD = 64  # texts that are also read in float32 where the others are not


def _word(encoding: Encoding, part: Callable[[int, int], int], seeds: Ints) -> Ints:
    """The position of a token of each text's own; where a text has none, its first token stands in."""
    chosen = encoding.first.copy()
    for row, own in enumerate(encoding.is_word):
        positions = np.flatnonzero(own)
        if len(positions):
            chosen[row] = positions[part(len(positions), int(seeds[row]))]
    return chosen


def _drawn(pieces: int, seed: int) -> int:
    return int(np.random.default_rng(seed).integers(pieces))


# way -> the position that it takes in each text: int64[batch] from an encoding and each text's number
_POSITIONS: Mapping[str, Callable[[Encoding, Ints], Ints]] = MappingProxyType(
    {
        "cls": lambda encoding, _: encoding.first,
        # where a family has no separator it is the last token
        "sep": lambda encoding, _: np.where(encoding.separator >= 0, encoding.separator, encoding.last),
        "first_word": lambda encoding, seeds: _word(encoding, lambda pieces, seed: 0, seeds),
        "middle_word": lambda encoding, seeds: _word(encoding, lambda pieces, seed: pieces // 2, seeds),
        "random_word": lambda encoding, seeds: _word(encoding, _drawn, seeds),
    }
)
EXACT: Mapping[str, float] = MappingProxyType({"cls": 1.0, "mean": 1.0})
WAYS: tuple[str, ...] = ("cls", "mean", "max", "sep", "first_word", "middle_word", "random_word")


@dataclass(frozen=True, eq=False)
class Slices:
    """What a stream of texts leaves behind.

    Attributes:
        cls: float32[texts, hidden], the first token's last vector.
        mean: float32[texts, hidden], the mean of the last layer.
        sample: int64[sample], which texts were taken at every layer, sorted.
        grid: float32[ways, layers+1, sample, hidden], in the order of ``WAYS``.
        cube: float16[shown, tokens, hidden], the last layer of the first texts, on disk and gone with this object;
            padding is 0, for it was never computed.
        tokens: [shown][tokens], padded rows.
        roles: [shown][tokens] of "cls", "sep", "pad", "word".
        first: [shown], the position of each text's first token.
        lengths: int64[texts], tokens, special ones included.
        computed: positions that went through the model, padding within a batch included.
        cut: texts that are longer than the model's limit.
        wordless: texts without a piece of their own, for which the first token stands in.
        precision: of the numbers inside the model.
        likeness: {"cls" and "mean": the smallest cosine of a vector to the one that float32 gives}, over ``held`` of
            the texts; 1 where all are read in float32.
        held: texts that were also read in float32.
    """

    cls: Floats
    mean: Floats
    sample: Ints
    grid: Floats
    cube: np.ndarray
    tokens: tuple[tuple[str, ...], ...]
    roles: tuple[tuple[str, ...], ...]
    first: tuple[int, ...]
    lengths: Ints
    computed: int
    cut: int
    wordless: int
    precision: Precision
    likeness: Mapping[str, float]
    held: int


def stream(
    slug: str,
    texts: Sequence[str],
    *,
    progress: Callable[[int, int], None] | None = None,
    seed: int = 0,
    check: Callable[[], None] | None = None,
    precision: Precision = "float32",
) -> Slices:
    """Reads texts in batches of similar length; never more than a batch of hidden states held.

    Args:
        slug: of the checkpoint.
        texts: up to tens of thousands; each is cut at the model's limit.
        progress: called with the number of texts done and of all, after each batch; what it raises ends the stream.
        seed: of the sample that is taken at every layer, and of the random word.
        check: called before each block of each batch; what it raises ends the stream.
        precision: of the numbers inside the model.

    Raises:
        ValueError: no text, a checkpoint that cannot be opened, or no bfloat16 here.
    """
    if not texts:
        raise ValueError("There is no text to read: give at least one.")
    model = opened(slug)
    hidden, layers, limit = model.checkpoint.hidden, model.checkpoint.layers, model.checkpoint.limit
    with model.lent() as lent:
        full = lengths(lent.tokenizer, texts, limit + 1, check)
    sizes = np.minimum(full, limit)
    sample = _sample(len(texts), GRID_BYTES // (4 * len(WAYS) * (layers + 1) * hidden), seed)
    at = np.full(len(texts), -1)
    at[sample] = np.arange(len(sample))
    shown = _shown(sizes, hidden)
    width = int(sizes[:shown].max())

    cube = _on_disk((shown, width, hidden))
    cls, mean = (np.empty((len(texts), hidden), np.float32) for _ in range(2))
    grid = np.empty((len(WAYS), layers + 1, len(sample), hidden), np.float32)
    tokens: list[tuple[str, ...]] = [()] * shown
    roles: list[tuple[str, ...]] = [()] * shown
    first = np.zeros(shown, np.int64)
    done = computed = wordless = 0
    with _copy_forgotten(model):
        for rows in batches(sizes, BATCH_TOKENS):
            reading = read(slug, [texts[row] for row in rows], attention="none", check=check, precision=precision)
            encoding = reading.encoding
            cls[rows], mean[rows] = reading.cls[-1], POOLINGS["mean"].pool(reading)
            wordless += int((~encoding.is_word.any(axis=1)).sum())
            taken = np.flatnonzero(at[rows] >= 0)
            if len(taken):
                grid[:, :, at[rows[taken]]] = _ways(reading, rows + seed)[:, :, taken]
            for k, row in enumerate(rows):
                if row < shown:
                    own = int(sizes[row])
                    cube[row, :own] = np.clip(reading.last_hidden_state[k, :own], -WIDEST, WIDEST)
                    fill = width - own
                    tokens[row] = (*encoding.tokens[k][:own], *[model.checkpoint.padding] * fill)
                    roles[row] = (*encoding.roles(k)[:own], *["pad"] * fill)
                    first[row] = encoding.first[k]
            computed += encoding.input_ids.size
            done += len(rows)
            if progress:
                progress(done, len(texts))
    held = np.argsort(-sizes, kind="stable")[:: max(1, len(texts) // HELD)][:HELD]  # of every length
    return Slices(
        cls=cls,
        mean=mean,
        sample=sample,
        grid=grid,
        cube=cube,
        tokens=tuple(tokens),
        roles=tuple(roles),
        first=tuple(first.tolist()),
        lengths=sizes,
        computed=computed,
        cut=int((full > limit).sum()),
        wordless=wordless,
        precision=precision,
        likeness=_likeness(slug, texts, held, {"cls": cls, "mean": mean}, check) if precision != "float32" else EXACT,
        held=len(held),
    )


@contextmanager
def _copy_forgotten(model: Opened) -> Iterator[None]:
    """Lets go of the model's copy in half precision behind what is read with it, also where that was ended."""
    try:
        yield
    finally:
        with model.lent() as lent:
            forget(lent.sdpa)


def _likeness(
    slug: str, texts: Sequence[str], held: Ints, vectors: Mapping[str, Floats], check: Callable[[], None] | None
) -> Mapping[str, float]:
    """{way: the smallest cosine of its vectors to those that float32 gives}, over the texts that are held."""
    least = dict.fromkeys(vectors, 1.0)
    for rows in np.array_split(held, max(1, len(held) // 8)):
        exact = read(slug, [texts[row] for row in rows], attention="none", check=check)
        for way, each in vectors.items():
            half, whole = (torch.from_numpy(some).double() for some in (each[rows], POOLINGS[way].pool(exact)))
            least[way] = min(least[way], float(torch.cosine_similarity(half, whole).min()))
    return MappingProxyType(least)


@lru_cache(maxsize=16)
def gained(slug: str, turns: int = 5) -> float:
    """How many times as fast a model reads in bfloat16 as in float32, on this processor; measured once.

    Both read the same batch in turn, as often as is said, so that whatever else the machine does slows both down.

    Args:
        slug: of the checkpoint.
        turns: of each; the median counts.

    Returns:
        A ratio; 0 where this processor does not multiply bfloat16.

    Raises:
        ValueError: a checkpoint that cannot be opened.
    """
    if not has_bfloat16():
        return 0.0
    texts = [" ".join(["good"] * 46)] * (BATCH_TOKENS // 48)  # with the special tokens, a batch as it is read
    taken: dict[Precision, list[float]] = {"float32": [], "bfloat16": []}
    with _copy_forgotten(opened(slug)):
        for turn in range(turns + 1):
            for precision, seconds in taken.items():
                start = time.perf_counter()
                read(slug, texts, attention="none", precision=precision)
                if turn:  # the first makes the copy
                    seconds.append(time.perf_counter() - start)
    slow, fast = (statistics.median(seconds) for seconds in taken.values())
    return slow / fast


def _sample(texts: int, room: int, seed: int) -> Ints:
    most = min(texts, GRID_TEXTS, max(1, room))
    if most == texts:
        return np.arange(texts)
    return np.sort(np.random.default_rng(seed).choice(texts, most, replace=False))


def _shown(sizes: Ints, hidden: int) -> int:
    """How many of the first texts fit into the cube, padded to the longest of them."""
    some = sizes[:CUBE_TEXTS]
    needed = np.maximum.accumulate(some) * np.arange(1, len(some) + 1) * hidden * 2
    return max(1, int((needed <= CUBE_BYTES).sum()))


def _on_disk(shape: tuple[int, int, int]) -> np.ndarray:
    """float16 of that shape, all 0, in a file without a name: it is gone when nobody holds the array any more.

    Raises:
        OSError: the disk has no room for it.
    """
    left = 2 * math.prod(shape)
    with tempfile.TemporaryFile() as file:
        while left:  # written out: an array over a file with holes ends the whole process where the disk is full
            left -= file.write(bytes(min(left, BLOCK)))
        file.flush()
        return np.memmap(file, np.float16, mode="r+", shape=shape)


def _ways(reading: Reading, seeds: Ints) -> Floats:
    """float32[ways, layers+1, batch, hidden], one vector a text in each way at every layer."""
    encoding, states, rows = reading.encoding, reading.hidden_states, np.arange(reading.batch)
    vectors = np.empty((len(WAYS), len(states), reading.batch, reading.hidden), np.float32)
    for k, way in enumerate(WAYS):
        if way in _POSITIONS:
            vectors[k] = states[:, rows, _POSITIONS[way](encoding, seeds)]
        else:
            for layer in range(len(states)):
                vectors[k, layer] = POOLINGS[way].pool(reading, layer)
    return vectors
