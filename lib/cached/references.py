"""The reference sentences through every pooling, read once for all visitors: what unrelated texts look like."""

from __future__ import annotations

from collections.abc import Mapping

from lib import settings
from lib.cached import waiting
from lib.checkpoints import Checkpoint
from lib.measures.reference import Reference
from lib.pooling import offered
from lib.quantities import plural
from lib.store import Store
from lib.texts.examples import REFERENCE

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
    with waiting.progress(words) as tell:
        vectors = model.encode(checkpoint.slug, REFERENCE, poolings=poolings, layers=layers, progress=tell)
    return {layer: Reference({key: vectors[key, layer] for key in poolings}) for layer in layers}
