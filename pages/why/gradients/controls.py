"""The model that speaks on the page on gradients, the two texts, and what is computed of them."""

from __future__ import annotations

from lib import settings
from lib.app import choices, pairs, parts, readings
from lib.app.pairs import Two
from lib.cached import pretrained, waiting
from lib.checkpoints import Checkpoint
from lib.reading import Loss
from lib.store import Store
from lib.texts.examples import REFERENCE
from pages.why.gradients import words
from pages.why.gradients.measures import LOSSES, Arriving, hidden

OTHERS = REFERENCE[:4]  # that the text should be unlike, for the loss through the mean

_arriving: Store[Arriving] = Store(settings.memory("losses"))


def speaker(model: Checkpoint) -> Checkpoint:
    """The model itself where it has both heads of BERT's training, else the last checkpoint that was taught them."""
    one, other = pretrained.speaker(model, "pairs"), pretrained.speaker(model, "words")
    return one if one.slug == other.slug or other.slug == model.slug else other


def two() -> Two:
    """The first text and the one that stands behind it; what was cut off is said, and without a text the page ends."""
    readings.yours()
    return pairs.yours()


def arriving(by: Checkpoint, texts: Two) -> Arriving:
    """Where the gradients of the four losses arrive in the first text."""

    first, second = texts.first, texts.second

    def made() -> Arriving:
        from lib.model import tokenized
        from lib.model.gradients import arrivals

        masked = hidden(tokenized(by.slug, [first], pairs=[second]))
        encoding, lengths = arrivals(by.slug, first, second, masked, others=OTHERS)
        return Arriving(encoding, masked, lengths)

    with parts.or_end():
        return waiting.take(_arriving, (by.slug, first, second), made, meanwhile="Following four losses back…")


def layer(by: Checkpoint) -> int:
    """The layer that is shown."""
    return choices.pick(
        "Layer (0: before the first layer)",
        range(by.layers + 1),
        key="gradients_layer",
        default=by.layers,
        form="slider",
    )


def loss() -> Loss:
    """The loss that is shown layer by layer."""
    return choices.pick("Loss", LOSSES, key="gradients_loss", default=LOSSES[0], names=words.NAMES.__getitem__)
