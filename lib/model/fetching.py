"""Bring a model here so that it can read: from the hub or the operator's folder, looked at before it is trusted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lib import checkpoints, settings
from lib.checkpoints import Checkpoint, Hub
from lib.model import hub, opening
from lib.model.describing import Refused
from lib.model.hub import Tell
from lib.model.opening import opened
from lib.model.passes import read

TRIAL = ("One two three four.", "Five.")


def _silent(done: int, whole: int, stage: str) -> None:
    pass


def _wanted() -> bool:
    return False


def fetch(slug: str, *, tell: Tell = _silent, unwanted: Callable[[], bool] = _wanted) -> Checkpoint:
    """Makes a model ready to read: fetches what is not on this machine yet, checks it, opens it, tries it.

    Args:
        slug: of the table, of the hub (``owner/name``), or of the operator's folder (``folder:path``).
        tell: told the bytes done, the bytes of the whole (0 where there are none to count), and the stage: "asking",
            "counting", "fetching", "checking" or "opening". What it raises goes through.
        unwanted: whether nobody waits for it any more.

    Returns:
        What is known of it, as its files say.

    Raises:
        ValueError: it cannot be had, or not be read with; why, in a sentence.
        Cancelled: it is not wanted any more.
    """
    slug = checkpoints.named(slug)
    where = checkpoints.place(slug)
    if isinstance(where, Hub) and hub.cached(where) is None:
        allowed = settings.hub()
        if allowed == "none":
            raise Refused("It is not on this machine, and this server is set to ask no hub.")
        if allowed == "table" and slug not in checkpoints.CHECKPOINTS:
            raise Refused("It is not on this machine, and this server fetches only the models in the list.")
        hub.download(where, tell=tell, unwanted=unwanted)
    tell(0, 0, "counting")
    opening.check(slug, unwanted)
    tell(0, 0, "opening")
    checkpoint = opened(slug).checkpoint
    if not checkpoints.ready(slug):
        _try(slug)
        checkpoints.meet(checkpoint)
    return checkpoint


def _try(slug: str) -> None:
    """Reads two texts: what no config tells is whether attention comes out, and whether the first token reads."""
    try:
        reading = read(slug, TRIAL, attention="full")
    except Exception as problem:  # whatever a model of a family that nobody tried may raise
        raise Refused("It does not tell what this app shows: each layer, and what each head reads.") from problem
    if not np.isfinite(reading.hidden_states).all():
        raise Refused("What it makes of a text is not a number everywhere.")
    if not reading.attends_to(1)[0, :, 1:].any():
        raise Refused("Its first token reads nothing but itself: it reads from left to right, and is no encoder.")
