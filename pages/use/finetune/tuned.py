"""A model that a visitor has trained: offered to them on every other page, and to take along."""

from __future__ import annotations

import numpy as np

from lib import checkpoints
from lib.app import models, visits
from lib.app.datasets import Chosen
from lib.checkpoints import Checkpoint, Trained
from lib.measures.probe import score
from lib.tuning import Task, Tuned
from lib.words import tuned as said

_private: dict[str, set[str]] = {}  # visitor -> slugs of what was trained on their own files


def offer(found: Tuned, chosen: Chosen, named: str) -> Checkpoint:
    """Keeps what a training changed, and lists the model in this visitor's menu; again and again without harm.

    Args:
        found: the training, done.
        chosen: the labelled texts.
        named: the training's name, from ``Recipe.named``.

    Returns:
        The model's entry; its slug is what ``models.ask`` and links take.

    Raises:
        ValueError: it is not done, or too large to be kept.
    """
    from lib import model

    base = checkpoints.checkpoint(found.recipe.slug)
    entry = said.entry(found.recipe, base, named, _told(chosen), texts=len(found.learned))
    model.keep(entry, found)
    models.mine(entry.slug)
    if chosen.private:
        visits.own()  # so that somebody notices when they leave
        _private.setdefault(visits.visitor(), set()).add(entry.slug)
    return entry


def origin(model: Checkpoint) -> Checkpoint:
    """The model that nothing was trained on here yet: itself, or what it was trained from.

    Args:
        model: any.
    """
    while isinstance(model.where, Trained):
        model = checkpoints.checkpoint(model.where.base)
    return model


@visits.at_leave
def _leave(who: str) -> None:
    """Lets go of what was trained on a visitor's own file, unless somebody else trained the same."""
    slugs = _private.pop(who, set()) - {slug for others in _private.values() for slug in others}
    if slugs:
        from lib import model

        for slug in slugs:
            model.drop(slug)


def size(slug: str) -> int:
    """Megabytes that a model takes along, about, before and after the training.

    Args:
        slug: of the model that is trained.

    Raises:
        ValueError: that is too large to be handed over, or a checkpoint that cannot be opened.
    """
    from lib.model import tuned

    return round(tuned.size(slug) / 1e6)


def package(found: Tuned, task: Task, chosen: Chosen) -> bytes:
    """The model, its tokenizer, the classifier and the card as a zip; seconds of work, for a button that is pressed.

    Args:
        found: the training, done.
        task: what it was trained and asked on.
        chosen: the labelled texts.

    Raises:
        ValueError: it is not done, or too large.
    """
    from lib.model import tuned

    asked = task.labels[found.asked]  # int64[asked]
    card = said.card(
        found,
        checkpoints.checkpoint(found.recipe.slug),
        _told(chosen),
        right=score(found.moments[-1].right[None], np.array(chosen.data.groups)[found.asked]),
        majority=float(np.bincount(asked).max() / len(asked)),
    )
    return tuned.bundle(found, task.classes, card)


def file_name(found: Tuned, named: str) -> str:
    """Of the zip.

    Args:
        found: the training.
        named: its name, from ``Recipe.named``.
    """
    return said.file_name(checkpoints.checkpoint(found.recipe.slug), named)


def _told(chosen: Chosen) -> said.Data:
    return said.Data(chosen.name, chosen.data.classes, chosen.private, chosen.key)
