"""The pictures of the page on tokens, each with its sentence and its numbers: a text, a pair, a batch."""

from __future__ import annotations

from collections.abc import Sequence

from lib.checkpoints import Checkpoint
from lib.escape import plain
from lib.exhibit import Exhibit
from lib.measures import tokens as measures
from lib.reading import Encoding
from pages.meet.tokens import batch as batch_component
from pages.meet.tokens import sequence as drawn
from pages.meet.tokens import words


def sequence(model: Checkpoint, encoding: Encoding, *, step: str, text: int, texts: Sequence[str]) -> Exhibit:
    """One text, on its way from letters to numbers.

    Args:
        model: whose tokenizer it was.
        encoding: of this text alone.
        step: of the way, that is shown.
        text: which of the texts it is, from 1.
        texts: the texts to pick from.
    """
    size = measures.length(encoding, 0)
    return Exhibit(
        "sequence",
        words.sequence(model, encoding, 0),
        drawn.drawing(
            model,
            encoding,
            0,
            file="cls-tokens-sequence.png",
            cut=plain(words.left_out(model, encoding, 0)),
            step=step,
            text=text,
            texts=texts,
        ),
        lambda: drawn.table(model, encoding, 0),
        "One line for each position. Characters are counted from 0 in code points, the end not included.",
        {"tokens of the text": size.whole, "of them kept": size.pieces, "positions": size.tokens},
        headline=words.headline(model, encoding, 0),
    )


def pair(model: Checkpoint, encoding: Encoding) -> Exhibit:
    """Two texts behind one first token.

    Args:
        model: whose tokenizer it was.
        encoding: of the pair alone.
    """
    return Exhibit(
        "pair",
        words.pair(model, encoding, 0),
        drawn.drawing(model, encoding, 0, file="cls-tokens-pair.png", cut=plain(words.left_out(model, encoding, 0))),
        lambda: drawn.table(model, encoding, 0),
        "One line for each position of the pair.",
        {"positions": measures.length(encoding, 0).tokens},
    )


def batch(model: Checkpoint, encoding: Encoding, *, shown: str) -> Exhibit:
    """Several texts as one padded rectangle.

    Args:
        model: whose tokenizer it was.
        encoding: the batch.
        shown: what its cells hold.
    """
    return Exhibit(
        "batch",
        words.batch(model, encoding),
        batch_component.drawing(model, encoding, shown=shown, file="cls-tokens-batch.png"),
        lambda: batch_component.table(model, encoding),
        "One line for each position of each text, padding included.",
        {"positions of padding": int((encoding.attention_mask == 0).sum())},
    )
