"""What a step says of a prediction, and for which models its findings hold."""

from __future__ import annotations

from collections.abc import Collection

from lib.checkpoints import Checkpoint
from lib.escape import markdown


def revealed(given: str, right: Collection[str], because: str) -> str:
    """The answer to a prediction: whether it was right, and what was measured; Markdown.

    Args:
        given: what was predicted, plain; "" where nothing was.
        right: the answers that are right here, plain; none where that cannot be told.
        because: what was measured; Markdown.
    """
    if not given:
        return because
    mark = "◌ This cannot be told here" if not right else "● You were right" if given in right else "○ It is different"
    return f"**{mark}.** You said: *{markdown(given)}*. {because}"


def scope(model: Checkpoint, here: str, bert: str, encoders: str) -> str:
    """What holds for the model that reads, for BERT, and for most encoders; Markdown."""
    return (
        f"- **This model, {markdown(model.name)}.** Its first vector was {model.first_vector}. {here}\n"
        f"- **BERT.** {bert}\n- **Most encoders.** {encoders}"
    )
