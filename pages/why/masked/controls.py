"""The token that is masked on the page on masked words, and what the head says of it."""

from __future__ import annotations

from lib import checkpoints
from lib.app import choices, parts, readings
from lib.cached import readings as kept
from lib.checkpoints import Checkpoint
from lib.edits import Edit, Replace
from lib.escape import visible
from lib.reading import Encoding, Reading, Request, Seat
from pages.why.masked import measures
from pages.why.masked.measures import Filled, Lens

TOP = 5  # likeliest tokens shown
BUTTONS = 24  # tokens up to which each has a button


def request(by: Checkpoint) -> Request:
    """One of the visitor's texts for the model that speaks; where there is none, a kind sentence, and the page ends."""
    own = readings.yours()
    row = choices.follow(own.encoding.texts, key="masked_text")
    text, pair = own.encoding.texts[row], own.encoding.pairs[row]
    return Request(by.slug, (text,), (pair,) if pair else ())


def place(asked: Request) -> tuple[Encoding, int]:
    """The tokens of the text, and which of them is masked."""
    encoding = kept.encoded(asked.model, asked.texts, asked.pairs)
    own = measures.maskable(encoding)
    if not own:
        parts.note("**No word.** This text has no token that could be masked. Type a sentence above.", key="wordless")
        parts.end()
    chosen = choices.pick(
        "Token to mask",
        own,
        key="masked_token",
        default=measures.usual(encoding),
        form="buttons" if len(own) <= BUTTONS else "menu",
        names=lambda k: visible(encoding.tokens[0][k]),
    )
    return encoding, chosen


def masked(asked: Request, where: int, mask: str) -> Reading:
    """The text with that token masked, with what the mask attends to."""
    edits = (Edit((Replace(where, mask),)),)
    return kept.take(Request(asked.model, asked.texts, asked.pairs, edits=edits, watch=(Seat(where),)))


def filled(reading: Reading, encoding: Encoding, where: int) -> Filled:
    """What the head says of the masked position.

    Args:
        reading: of the masked text.
        encoding: of the text as it is.
        where: the mask stands.
    """
    from lib.model import heads

    slug, vector, true = reading.checkpoint.slug, reading.last_hidden_state[:1, where], encoding.input_ids[0, where]
    found = heads.words(slug, vector, TOP)
    chance = float(heads.chances(slug, vector, encoding.input_ids[0, where : where + 1])[0])
    ids = found.ids[0].tolist()
    rank = ids.index(int(true)) + 1 if int(true) in ids else len(ids) + 1
    return Filled(found.tokens[0], found.probabilities[0], encoding.tokens[0][where], chance, rank)


def lens(asked: Request) -> Lens:
    """What the head says of the first token's vector in each layer."""
    from lib.model import heads

    reading = kept.take(asked)
    found = heads.words(asked.model, reading.cls[:, 0], 1)
    return Lens(tuple(each[0] for each in found.tokens), found.probabilities[:, 0])


def mask(by: Checkpoint) -> str:
    """The name of the token that hides another."""
    from lib import model

    return model.mask_token(by.slug)


def layer(by: Checkpoint) -> int:
    """The layer whose attention is shown."""
    layers = range(1, checkpoints.checkpoint(by.slug).layers + 1)
    return choices.pick("Layer", layers, key="masked_layer", default=by.layers, form="slider")
