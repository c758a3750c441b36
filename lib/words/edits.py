"""An edit in words: each change a sentence that names the tokens it is about, as they stand in the learner's text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from lib import escape
from lib.checkpoints import Checkpoint
from lib.edits import (
    Change,
    Cut,
    Edit,
    Layers,
    Move,
    Pad,
    Position,
    Remove,
    Repeat,
    Replace,
    Segment,
    Shift,
    Silence,
    Unmask,
    Where,
    Zero,
)
from lib.measures.attention import runs
from lib.quantities import listed, plural
from lib.reading import Encoding
from lib.words.attention import named, several

NOTHING = "Nothing is changed."


def token(encoding: Encoding, row: int, place: int, checkpoint: Checkpoint) -> str:
    """The token of a place inside a sentence: the learner's own in quotation marks, the model's bare.

    Args:
        encoding: of the text before it was edited.
        row: which text.
        place: of the token; one that the text does not have is named by its number.
        checkpoint: the model that reads.
    """
    names, roles = encoding.row(row), [role for role in encoding.roles(row) if role != "pad"]
    if place >= len(names):
        return f"the token at place {place}"
    if place == 0 and roles[0] == "cls":
        return named(checkpoint)
    name = escape.visible(names[place])
    return escape.markdown(name) if roles[place] == "sep" else escape.quote(name)


def in_layers(layers: Layers, of: int) -> str:
    """Where a cut is: "in layers 3 to 6", "in every layer"."""
    if not layers:
        return "in every layer"
    return f"in {several(runs([layer in layers for layer in range(1, of + 1)]), of)}"


class _Words:
    """One text's changes in words."""

    def __init__(self, encoding: Encoding, row: int, checkpoint: Checkpoint) -> None:
        self._encoding, self._row, self._model = encoding, row, checkpoint

    def _token(self, place: int) -> str:
        return token(self._encoding, self._row, place, self._model)

    def _where(self, where: Where) -> str:
        named_ = {
            "first": named(self._model),
            "separators": f"any {escape.markdown(self._model.separator)}",
            "all": "any token",
            "others": "any token but itself",
            "later": "any token to its right",
            "earlier": "any token to its left",
        }
        return named_[where] if isinstance(where, str) else listed([self._token(place) for place in where])

    def _spot(self, before: int) -> str:
        last = before >= int(self._encoding.lengths[self._row])
        return "to the end" if last else f"in front of {self._token(before)}"

    def cut(self, change: Cut) -> str:
        separators = f"no {escape.markdown(self._model.separator)} may"
        none: dict[Where, str] = {"all": "no token may", "separators": separators}
        who = none.get(change.queries, f"{self._where(change.queries)} may not")
        where = in_layers(change.layers, self._model.layers)
        return f"{where[:1].upper()}{where[1:]}, {who} attend to {self._where(change.keys)}."

    def zero(self, change: Zero) -> str:
        where = in_layers(change.layers, self._model.layers)
        return (
            f"{where[:1].upper()}{where[1:]}, the attention of {self._where(change.queries)} to "
            f"{self._where(change.keys)} is set to 0, and no other token gets it."
        )

    def silence(self, change: Silence) -> str:
        heads = listed([str(head) for head in change.heads])
        one = len(change.heads) == 1
        return f"Layer {change.layer}: {'head' if one else 'heads'} {heads} {'is' if one else 'are'} silent."

    def replace(self, change: Replace) -> str:
        return f"{self._token(change.place)} is replaced by “{escape.markdown(escape.visible(change.token))}”."

    def remove(self, change: Remove) -> str:
        return f"{self._token(change.place)} is taken out."

    def repeat(self, change: Repeat) -> str:
        return f"{self._token(change.place)} is there twice: a copy is put {self._spot(change.before)}."

    def move(self, change: Move) -> str:
        return f"{self._token(change.place)} is moved {self._spot(change.before)}."

    def position(self, change: Position) -> str:
        return f"{self._token(change.place)} gets position {change.id}."

    def shift(self, change: Shift) -> str:
        return f"Every position is {change.by} higher."

    def segment(self, change: Segment) -> str:
        return f"{self._token(change.place)} gets segment {change.id}."

    def pad(self, change: Pad) -> str:
        more = f", {plural(change.more, 'token')} more than needed" if change.more else ""
        return f"Padding stands on the {change.side}{more}."

    def unmask(self, change: Unmask) -> str:
        return "The attention mask is left out: tokens attend to padding as to any token."


_SAY: Mapping[type[Change], Callable[[_Words, Any], str]] = MappingProxyType(  # each says its own kind
    {
        Cut: _Words.cut,
        Zero: _Words.zero,
        Silence: _Words.silence,
        Replace: _Words.replace,
        Remove: _Words.remove,
        Repeat: _Words.repeat,
        Move: _Words.move,
        Position: _Words.position,
        Shift: _Words.shift,
        Segment: _Words.segment,
        Pad: _Words.pad,
        Unmask: _Words.unmask,
    }
)


def changes(edit: Edit, encoding: Encoding, row: int, checkpoint: Checkpoint) -> list[str]:
    """Each change as a sentence, Markdown.

    Args:
        edit: of one text.
        encoding: the text before it was edited.
        row: which text.
        checkpoint: the model that reads.
    """
    words = _Words(encoding, row, checkpoint)
    return [_SAY[type(change)](words, change) for change in edit.changes]


def sentence(edit: Edit, encoding: Encoding, row: int, checkpoint: Checkpoint) -> str:
    """All changes one behind the other; for none, that there is none."""
    return " ".join(changes(edit, encoding, row, checkpoint)) or NOTHING
