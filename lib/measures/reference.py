"""Unrelated sentences through every pooling: what random pairs of them have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.measures.vectors import Doubles, Floor, centred, floor
from lib.reading import Floats


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
