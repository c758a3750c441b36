"""The reference sentences through every pooling, read once for all visitors: what unrelated texts look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from lib import settings
from lib.checkpoints import Checkpoint
from lib.measures.vectors import Doubles, Floor, centred, floor
from lib.pooling import offered
from lib.quantities import plural
from lib.reading import Floats
from lib.store import Store
from lib.texts.examples import REFERENCE


@dataclass(frozen=True)
class Reference:
    """The reference sentences at one layer.

    Attributes:
        vectors: pooling -> float32[sentences, hidden]; poolings that this layer or model lacks are not in it.
    """

    vectors: Mapping[str, Floats]

    @cached_property
    def means(self) -> Mapping[str, Doubles]:
        """Pooling -> float64[hidden], the mean over the sentences."""
        return {key: vectors.mean(axis=0, dtype=np.float64) for key, vectors in self.vectors.items()}

    @cached_property
    def floors(self) -> Mapping[str, Floor]:
        """Pooling -> the cosine of random pairs, as the vectors are."""
        return {key: floor(vectors) for key, vectors in self.vectors.items()}

    @cached_property
    def centred_floors(self) -> Mapping[str, Floor | None]:
        """Pooling -> the same after centring; None where nothing is left."""
        left = {key: centred(vectors, self.means[key]) for key, vectors in self.vectors.items()}
        return {key: floor(vectors) if vectors.any(axis=1).all() else None for key, vectors in left.items()}


_kept: Store[Mapping[int, Reference]] = Store(settings.memory("references"))


def take(checkpoint: Checkpoint, layer: int) -> Reference:
    """The reference sentences at one layer.

    The last layer takes one pass; whoever asks for an earlier one has all of the earlier ones made in another.

    Args:
        checkpoint: the model that reads.
        layer: 0 (embeddings) to the last.
    """
    last = layer == checkpoint.layers
    key = (checkpoint.slug, last)
    return _kept.take(key, lambda: _made(checkpoint, last))[layer]


def _made(checkpoint: Checkpoint, last: bool) -> Mapping[int, Reference]:
    from lib import model

    layers = [checkpoint.layers] if last else list(range(checkpoint.layers))
    poolings = offered(checkpoint, last=last)
    words = f"Reading {plural(len(REFERENCE), 'other sentence')} to compare yours with (once)…"
    bar = st.progress(0.0, text=words)

    def show(done: int, whole: int) -> None:
        bar.progress(done / whole, text=words)

    try:
        vectors = model.encode(
            checkpoint.slug,
            REFERENCE,
            poolings=poolings,
            layers=layers,
            progress=show,
        )
    finally:
        bar.empty()
    return {layer: Reference({key: vectors[key, layer] for key in poolings}) for layer in layers}
