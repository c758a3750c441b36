"""Named ways to turn a reading into one vector a text: a table.

Most are weighted sums over the tokens, and the weights are all there is to them; ``max`` and ``pooler`` are not.
The names are sentence-transformers' where it has the same pooling. A new pooling is a new entry of ``POOLINGS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from lib.checkpoints import Checkpoint
from lib.reading import Encoding, Floats, Ints, Reading

Weigh = Callable[[Encoding], Floats]
Combine = Callable[[Reading, int], Floats]


@dataclass(frozen=True)
class Pooling:
    """One way to make one vector of a text's token vectors.

    Attributes:
        key: its name in code and links.
        label: its name on screen; "{first}" and "{sep}" stand for the model's own names of these tokens.
        formula: in symbols; h_i is the vector of token i, N the real tokens of the text.
        source: key in ``lib.texts.sources.SOURCES``.
        combine: reading, layer (0 to the last) -> float32[batch, hidden].
        weigh: encoding -> float32[batch, tokens], the weight of every token; None where it is not a weighted sum.
    """

    key: str
    label: str
    formula: str
    source: str
    combine: Combine
    weigh: Weigh | None = None

    def name(self, checkpoint: Checkpoint) -> str:
        """Its name on screen, with the model's own names of the special tokens."""
        return self.label.format(first=checkpoint.first_token, sep=checkpoint.separator)

    def weights(self, reading: Reading) -> Floats | None:
        """The weight of every token, the same for all hidden units.

        Returns:
            float32[batch, tokens], or None where this pooling is not a weighted sum. Padding weighs exactly 0.

        Raises:
            ValueError: a text has no token that this pooling could take.
        """
        return None if self.weigh is None else self.weigh(reading.encoding)

    def pool(self, reading: Reading, layer: int = -1) -> Floats:
        """One vector a text.

        Args:
            reading: of ``batch`` texts.
            layer: 0 (embeddings) to ``reading.layers``, or counted from the end as in a Python list.

        Returns:
            float32[batch, hidden].

        Raises:
            ValueError: there is no such layer, or this pooling cannot be had from this reading or layer.
        """
        states = reading.layers + 1
        if not -states <= layer < states:
            raise ValueError(f"There is no layer {layer} here: layers are 0 to {reading.layers}, or -1 for the last.")
        return self.combine(reading, layer % states)


def _weighted(key: str, label: str, formula: str, source: str, weigh: Weigh) -> Pooling:
    def combine(reading: Reading, layer: int) -> Floats:
        weights = weigh(reading.encoding)  # float32[batch, tokens]
        return np.matmul(weights[:, None, :], reading.hidden_states[layer])[:, 0]  # float32[batch, hidden]

    return Pooling(key, label, formula, source, combine, weigh)


def _max(reading: Reading, layer: int) -> Floats:
    real = reading.encoding.attention_mask[:, :, None] == 1
    return np.where(real, reading.hidden_states[layer], np.float32(-np.inf)).max(axis=1)


def _pooler(reading: Reading, layer: int) -> Floats:
    if layer != reading.layers:
        raise ValueError(f"The pooler reads the last layer only: ask for layer {reading.layers} or -1, not {layer}.")
    if reading.pooler_output is None:
        raise ValueError(f"{reading.checkpoint.name} has no pooler. Choose another pooling.")
    return reading.pooler_output


def _at(encoding: Encoding, position: Ints) -> Floats:
    weights = np.zeros(encoding.input_ids.shape, np.float32)
    weights[np.arange(len(position)), position] = 1
    return weights


def _real(encoding: Encoding) -> Floats:
    return encoding.attention_mask.astype(np.float32)


def _words(encoding: Encoding, wanted: str) -> Floats:
    words = encoding.is_word.astype(np.float32)
    for row, any_word in enumerate(np.logical_or.reduce(words, axis=1)):
        if not any_word:
            raise ValueError(f"Text {row + 1} has no token of its own, so {wanted}. Type a word in it.")
    return words


def _cls(encoding: Encoding) -> Floats:
    return _at(encoding, encoding.first)


def _mean(encoding: Encoding) -> Floats:
    real = _real(encoding)
    return real / real.sum(axis=1, keepdims=True)


def _mean_sqrt_len_tokens(encoding: Encoding) -> Floats:
    real = _real(encoding)
    return real / np.sqrt(real.sum(axis=1, keepdims=True))


def _weightedmean(encoding: Encoding) -> Floats:
    place = np.arange(1, encoding.input_ids.shape[1] + 1, dtype=np.float32) - encoding.first[:, None]
    weights = _real(encoding) * place.astype(np.float32)
    return weights / weights.sum(axis=1, keepdims=True)


def _lasttoken(encoding: Encoding) -> Floats:
    return _at(encoding, encoding.last)


def _sep(encoding: Encoding) -> Floats:
    position = encoding.separator
    if (position < 0).any():
        raise ValueError(f"Text {position.argmin() + 1} has no separator in this model. Choose another pooling.")
    return _at(encoding, position)


def _first_word(encoding: Encoding) -> Floats:
    return _at(encoding, _words(encoding, "there is no first word to take").argmax(axis=1))


def _mean_no_specials(encoding: Encoding) -> Floats:
    words = _words(encoding, "there is nothing to average without the special tokens")
    return words / words.sum(axis=1, keepdims=True)


_TABLE = (
    _weighted("cls", "{first}", "h_0", "devlin2019", _cls),
    _weighted("mean", "mean", "(1/N) Σ h_i", "reimers2019", _mean),
    Pooling("max", "max", "max over i of h_i, by dimension", "reimers2019", _max),
    _weighted("mean_sqrt_len_tokens", "sum / √N", "(1/√N) Σ h_i", "sentence_transformers", _mean_sqrt_len_tokens),
    _weighted("weightedmean", "later tokens heavier", "Σ i·h_i / Σ i, i from 1 to N", "muennighoff2022", _weightedmean),
    _weighted("lasttoken", "last token", "h_N", "sentence_transformers", _lasttoken),
    _weighted("sep", "{sep}", "h at the last separator", "devlin2019", _sep),
    _weighted("first_word", "first word", "h at the first piece of the text", "devlin2019", _first_word),
    _weighted("mean_no_specials", "mean of the words", "mean of the text's own h_i", "xiao2018", _mean_no_specials),
    Pooling("pooler", "pooler", "tanh(W h_0 + b)", "devlin2019", _pooler),
)

POOLINGS: Mapping[str, Pooling] = MappingProxyType({pooling.key: pooling for pooling in _TABLE})


def offered(checkpoint: Checkpoint, *, last: bool = True) -> tuple[str, ...]:
    """The keys of the poolings that a model has: the pooler's only where there is one, and at the last layer.

    Args:
        checkpoint: the model.
        last: whether the last layer is pooled.
    """
    return tuple(key for key in POOLINGS if key != "pooler" or (last and checkpoint.has_pooler))
