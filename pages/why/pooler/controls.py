"""What the pooler makes of the visitor's texts, and the classifiers on the vectors before and behind it."""

from __future__ import annotations

from lib import settings
from lib.app import choices, datasets, parts, readings
from lib.cached import waiting
from lib.cached.probes import LABELS, PAIRS, SET
from lib.checkpoints import Checkpoint
from lib.quantities import plural
from lib.reading import Floats, PoolerWeights, Reading
from lib.store import Store
from lib.texts.labelled import LABELLED
from pages.why.pooler.measures import Told, told

_told: Store[Told] = Store(settings.memory("pooled"))


def reading(by: Checkpoint) -> tuple[Reading, int]:
    """The visitor's texts as the model reads them, and which of them is shown."""
    own = readings.yours()
    row = choices.follow(own.encoding.texts, key="pooler_text")
    if by.slug == own.checkpoint.slug:
        return own, row
    with parts.or_end():
        return readings.by_another(own, by), row


def classified(by: Checkpoint) -> Told:
    """Classifiers on both vectors of the labelled sentences, learned at their first use."""
    datasets.own_up(by, SET)

    def made() -> Told:
        from lib import model

        vectors = model.encode(by.slug, LABELLED.texts, poolings=["cls", "pooler"], layers=[-1])
        return told(vectors["cls", -1], vectors["pooler", -1], LABELS, PAIRS)

    said = f"Learning two classifiers from {plural(len(LABELS), 'labelled sentence')} (once)…"
    return waiting.take(_told, by.slug, made, meanwhile=said)


def pooled(reading: Reading, row: int) -> tuple[Floats, Floats, Floats, PoolerWeights]:
    """Of one text the first token's last vector, the pooler's output and what goes into its tanh; and its weights.

    Args:
        reading: by a model that has a pooler.
        row: of the text.

    Returns:
        float32[hidden] three times, and the weights.
    """
    from lib.model import pooler

    slug = reading.checkpoint.slug
    if reading.pooler_output is None:
        raise ValueError(f"{slug} has no pooler.")
    return reading.cls[-1][row], reading.pooler_output[row], pooler.before_tanh(reading)[row], pooler.weights(slug)
