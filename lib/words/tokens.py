"""What is said of texts that are longer than what was read, or than what a model was trained on."""

from __future__ import annotations

from lib import escape
from lib.checkpoints import Checkpoint
from lib.quantities import count, plural
from lib.reading import Encoding


def not_read(encoding: Encoding, texts: int) -> str:
    """How much of the learner's texts was cut off, numbers first, for pages that read several; "" where nothing was.

    Args:
        encoding: the batch.
        texts: how many of its rows are the learner's, from the first on.
    """
    over = (encoding.full_lengths - encoding.lengths)[:texts]
    long = over.nonzero()[0]
    if not long.size:
        return ""
    most = int(over.argmax())
    kept = f"**Cut after {plural(int(encoding.lengths[most]), 'token')}.** "
    last = f"the last {count(int(over[most]))} were not read." if over[most] > 1 else "the last one was not read."
    if texts == 1:
        return f"{kept}The text has {count(int(encoding.full_lengths[most]))}: {last}"
    which = f"Text {most + 1} has {count(int(encoding.full_lengths[most]))}: {last}"
    return kept + (f"{long.size} of the texts have more. {which}" if long.size > 1 else which)


def beyond(checkpoint: Checkpoint, encoding: Encoding, texts: int) -> str:
    """That the learner's texts are longer than those that a model was trained on; "" where none is, or nobody knows.

    Args:
        checkpoint: the model that reads.
        encoding: the batch.
        texts: how many of its rows are the learner's, from the first on.
    """
    lengths = encoding.lengths[:texts]
    long = int((lengths > checkpoint.taught).sum())
    if not checkpoint.taught or not long:
        return ""
    most = int(lengths.argmax())
    tokens, name = count(int(lengths[most])), escape.markdown(checkpoint.name)
    which = "The text" if texts == 1 else f"Text {most + 1}"
    others = f"{long} of the texts have more than {checkpoint.taught} tokens. " if long > 1 else ""
    sentence = (
        f"**Longer than in its training.** {others}{which} has {tokens} tokens. When {name} was trained last, texts "
        f"were cut at {checkpoint.taught} tokens; longer ones were no part of it."
    )
    if not 0 < checkpoint.meant < lengths[most]:
        return sentence
    return (
        f"{sentence} Its makers’ own code cuts at {checkpoint.meant}; here {tokens} are read, so the vectors are not "
        "those that it would give."
    )
