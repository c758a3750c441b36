"""What a checkpoint that was taught BERT's tasks makes of pairs of texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.measures.vectors import cosine, outranks
from lib.reading import Floats, Reading

GROUPS = ("itself", "text A", "text B", "separators")  # what the first token attends to in a pair


@dataclass(frozen=True, eq=False)
class Taught:
    """What a checkpoint makes of the sixty pairs of :func:`lib.texts.passages.mixed`.

    Attributes:
        follows: float32[pairs], the probability that the second text follows; empty where it has no such head.
        first: float32[pairs, hidden], the first token's last vectors.
        attended: float64[layers, groups], what the first token attends to, mean over heads and pairs; by ``GROUPS``.
        alike: mean cosine of the first tokens of two single texts on two topics.
        alike_mean: the same of the means of all tokens.
        on_topic: float64[texts], by the first tokens of single texts, how often a text on the same topic is more alike
            than one on another; see :func:`on_topic`.
        on_topic_mean: float64[texts], the same by the means of all tokens.
    """

    follows: Floats
    first: Floats
    attended: NDArray[np.float64]
    alike: float
    alike_mean: float
    on_topic: NDArray[np.float64]
    on_topic_mean: NDArray[np.float64]


def attended(reading: Reading) -> NDArray[np.float64]:
    """What the first token of pairs attends to, mean over heads and pairs.

    Args:
        reading: of pairs, with attention.

    Returns:
        float64[layers, groups], by ``GROUPS``.
    """
    encoding = reading.encoding
    real = encoding.attention_mask == 1
    itself = np.zeros_like(real)
    itself[np.arange(reading.batch), encoding.first] = True
    texts = [real & (encoding.sequence == k) for k in (0, 1)]
    kinds = np.stack([itself, *texts, real & ~itself & (encoding.sequence < 0)]).astype(np.float64)
    by_layer = np.stack([reading.attends_to(layer).mean(axis=1) for layer in range(1, reading.layers + 1)])
    return np.einsum("lbt,gbt->lg", by_layer.astype(np.float64), kinds) / reading.batch


def alike(vectors: Floats, apart: NDArray[np.bool_]) -> float:
    """Mean cosine of the pairs that are marked.

    Args:
        vectors: float32[texts, hidden].
        apart: bool[texts, texts], which pairs count.
    """
    return float(cosine(vectors, vectors)[apart].mean())


def on_topic(vectors: Floats, topics: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each text, how often another text on its topic is more alike to it than one on another topic.

    Args:
        vectors: float32[texts, hidden].
        topics: int64[texts], of which no topic has one text alone, and not all are the same.

    Returns:
        float64[texts], shares of the comparisons, see :func:`lib.measures.vectors.outranks`.
    """
    shared = topics[:, None] == topics[None, :]
    others = shared & ~np.eye(len(topics), dtype=bool)
    rows = zip(cosine(vectors, vectors), others, shared, strict=True)
    return np.array([outranks(row[same], row[~near]) for row, same, near in rows])
