"""What may be changed in a forward pass, as a value: an :class:`Edit` is some changes, and changes nothing by itself.

``lib.model.read(..., edit=)`` runs it. A token is named by its *place*: its position among the real tokens of its text
as the tokenizer made it, before anything was changed, so that changes can be combined in any order and each still means
the same token. An edit is hashable, can be written into a link and read back, and can be undone change by change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, TypeVar, get_args
from urllib.parse import quote, unquote

Named: TypeAlias = Literal["first", "separators", "all", "others", "later", "earlier"]
Where: TypeAlias = Named | tuple[int, ...]  # places, or tokens by what they are to the one that reads
Layers: TypeAlias = tuple[int, ...]  # from 1; empty for every layer
Side: TypeAlias = Literal["left", "right"]

NAMED: tuple[Named, ...] = get_args(Named)
SIDES: tuple[Side, ...] = get_args(Side)
NONE = "none"  # an edit without a change, in a link of a page that starts with one
BETWEEN = "~"  # changes in a link
WITHIN = "."  # the parts of a change in a link


@dataclass(frozen=True)
class _Edges:
    """Edges of attention, from the tokens that read to those that are read.

    Attributes:
        queries: who may not read. "others", "later" and "earlier" say nothing here.
        keys: what may not be read. "others" is every token but the reader itself, "later" every token behind it,
            "earlier" every token in front of it.
        layers: where; empty for every layer.
    """

    queries: Where
    keys: Where
    layers: Layers = ()

    def __post_init__(self) -> None:
        if self.queries in ("others", "later", "earlier"):
            raise ValueError(
                f"{self.queries!r} depends on who reads: name the readers by first, separators, all, places."
            )
        for layer in self.layers:
            if layer < 1:
                raise ValueError(f"There is no layer {layer} to cut in: attention happens from layer 1 on.")


class Cut(_Edges):
    """Edges that may not be used: these tokens may not read those ones.

    What is left of a reading is shared among what may still be read, as in any masked attention.
    """


class Zero(_Edges):
    """Edges whose weight is set to 0 after the softmax, in every head.

    What they had goes to no other token: a reader's weights add up to less than 1 then, and may all be 0.
    """


@dataclass(frozen=True)
class Silence:
    """Heads whose output counts as 0 before a layer's heads are put together.

    Attributes:
        layer: from 1.
        heads: from 1.
    """

    layer: int
    heads: tuple[int, ...]


@dataclass(frozen=True)
class Replace:
    """Another piece of the vocabulary in a token's seat.

    Attributes:
        place: of the token.
        token: the piece by its name in the vocabulary, such as "[MASK]" or "##ing".
    """

    place: int
    token: str


@dataclass(frozen=True)
class Remove:
    """A token taken out; those behind it move up.

    Attributes:
        place: of the token.
    """

    place: int


@dataclass(frozen=True)
class Repeat:
    """One more of a token.

    Attributes:
        place: of the token.
        before: place of the token in front of which the copy is put; the number of tokens for the very end.
    """

    place: int
    before: int


@dataclass(frozen=True)
class Move:
    """A token put elsewhere.

    Attributes:
        place: of the token.
        before: place of the token in front of which it is put; the number of tokens for the very end.
    """

    place: int
    before: int


@dataclass(frozen=True)
class Position:
    """Another position id for a token; its neighbours keep theirs.

    Attributes:
        place: of the token.
        id: row of the position table, or the number that turns a rotary position.
    """

    place: int
    id: int


@dataclass(frozen=True)
class Shift:
    """Every position id of the text raised.

    Attributes:
        by: at least 1.
    """

    by: int


@dataclass(frozen=True)
class Segment:
    """Another segment for a token.

    Attributes:
        place: of the token.
        id: 0 or 1.
    """

    place: int
    id: int


@dataclass(frozen=True)
class Pad:
    """Where padding stands, and how much of it there is beside what the batch needs anyway.

    Attributes:
        side: on which padding is put.
        more: padding beyond that of the batch.
    """

    side: Side
    more: int = 0


@dataclass(frozen=True)
class Unmask:
    """The attention mask left out: padding is read like any token."""


Change: TypeAlias = Cut | Zero | Silence | Replace | Remove | Repeat | Move | Position | Shift | Segment | Pad | Unmask

K = TypeVar("K", bound=Change)

# names in a link
KINDS: Mapping[str, type[Change]] = MappingProxyType({kind.__name__.lower(): kind for kind in get_args(Change)})


@dataclass(frozen=True)
class Edit:
    """Changes to one forward pass, in order; none of them is a plain pass.

    Attributes:
        changes: what is changed.
    """

    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is changed."""
        return bool(self.changes)

    def __add__(self, other: Edit) -> Edit:
        """Both, these changes first; a change that is there already is not made twice."""
        return Edit(tuple(dict.fromkeys((*self.changes, *other.changes))))

    def without(self, number: int) -> Edit:
        """All but one change.

        Args:
            number: of the change that is undone, from 0.

        Raises:
            ValueError: there is no such change.
        """
        if not 0 <= number < len(self.changes):
            raise ValueError(f"There is no change {number} to undo: this edit has {len(self.changes)}.")
        return Edit(self.changes[:number] + self.changes[number + 1 :])

    def of(self, kind: type[K]) -> Iterator[K]:
        """The changes of a kind, in order."""
        return (change for change in self.changes if isinstance(change, kind))

    def has(self, *kinds: type[Change]) -> bool:
        """Whether one of the changes is of one of the kinds."""
        return any(isinstance(change, kinds) for change in self.changes)

    @property
    def code(self) -> str:
        """The edit as a link carries it; "" for none."""
        return BETWEEN.join(map(_written, self.changes))


UNTOUCHED = Edit()


def edit(*changes: Change) -> Edit:
    """An edit of these changes."""
    return Edit() + Edit(changes)


def parsed(code: str) -> Edit:
    """The edit that a link carries.

    Raises:
        ValueError: it is not one; a kind sentence.
    """
    try:
        return edit(*map(_read, filter(None, ("" if code == NONE else code).split(BETWEEN))))
    except (KeyError, ValueError, TypeError) as problem:
        raise ValueError("The link asks for a change that is not known here.") from problem


# Each field has a type, and each type a way to be written and read


def _places(value: tuple[int, ...]) -> str:
    """Runs of whole numbers: "1-3,5"."""
    runs: list[list[int]] = []
    for number in value:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def _numbers(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for run in filter(None, text.split(",")):
        first, _, last = run.partition("-")
        start, stop = _whole(first), _whole(last or first)
        if not 0 <= start <= stop < 10_000:
            raise ValueError(f"{run} is no run of places.")
        numbers += range(start, stop + 1)
    return tuple(numbers)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ValueError(f"{text} is no whole number.")
    return int(text)


def _where(text: str) -> Where:
    return next((name for name in NAMED if name == text), None) or _numbers(text)


def _side(text: str) -> Side:
    for side in SIDES:
        if side == text:
            return side
    raise ValueError(f"{text} is no side.")


_WRITE: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "Where": lambda value: value if isinstance(value, str) else _places(value),
        "Layers": _places,
        "tuple[int, ...]": _places,
        "int": str,
        # a dot and a tilde stand between parts, and quote() leaves both as they are
        "str": lambda value: quote(value, safe="").replace(".", "%2E").replace("~", "%7E"),
        "Side": str,
    }
)
_READ: Mapping[str, Callable[[str], Any]] = MappingProxyType(  # each gives what its field takes
    {
        "Where": _where,
        "Layers": _numbers,
        "tuple[int, ...]": _numbers,
        "int": _whole,
        "str": unquote,
        "Side": _side,
    }
)


def _written(change: Change) -> str:
    parts = [_WRITE[str(field.type)](getattr(change, field.name)) for field in fields(change)]
    return WITHIN.join([type(change).__name__.lower(), *parts])


def _read(text: str) -> Change:
    name, *parts = text.split(WITHIN)
    kind = KINDS[name]
    known = fields(kind)
    if len(parts) != len(known):
        raise ValueError(f"{name} takes {len(known)} parts.")
    return kind(**{field.name: _READ[str(field.type)](part) for field, part in zip(known, parts, strict=True)})
