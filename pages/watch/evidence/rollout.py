"""Attention followed through the layers, as if every layer passed on half of what it was given and mixed the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.measures.vectors import Doubles
from lib.reading import Reading

STAYS = 0.5  # of each token is taken to go straight on, past the attention


def rollout(weights: NDArray[np.floating]) -> Doubles:
    """How much of each token's last vector is traced back to each input, by the weights alone.

        M_l = 0.5 A_l + 0.5 I;   R_1 = M_1;   R_l = M_l R_(l-1)

    Each layer stands to the left of those below it: the last one asks what the tokens it attends to were
    made of.

    Args:
        weights: float[layers, query, key], mean over heads; each query's row adds up to 1.

    Returns:
        float64[query, key], each row adds up to 1.

    Source:
        abnar2020, section 3.
    """
    mixed = STAYS * weights.astype(np.float64) + (1 - STAYS) * np.eye(weights.shape[-1])
    through = mixed[0]
    for layer in mixed[1:]:
        through = layer @ through
    return through


def traced(reading: Reading, row: int) -> Doubles:
    """The rollout of one text's first token.

    Args:
        reading: with attention "full".
        row: which text.

    Returns:
        float64[tokens], over the real tokens, adds up to 1.

    Raises:
        ValueError: full attention was not kept.
    """
    real = np.flatnonzero(reading.encoding.attention_mask[row])
    means = [reading.attention(layer)[row].mean(axis=0, dtype=np.float64) for layer in range(1, reading.layers + 1)]
    first = int(reading.encoding.first[row]) - int(real[0])
    return rollout(np.stack(means)[:, real][:, :, real])[first]
