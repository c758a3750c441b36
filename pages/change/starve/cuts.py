"""What is pressed becomes an edit: which connections of the first token are forbidden, and in which layers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lib.edits import Change, Cut, Edit, Layers, Where, edit
from lib.measures.vectors import Flags

STARVED = edit(Cut("first", "others"))  # it attends to nothing but itself, in every layer


def takes(change: Change, layers: int) -> bool:
    """Whether a change forbids the first token to attend to others, in layers that there are.

    Args:
        change: of a link.
        layers: of the model.
    """
    if not isinstance(change, Cut) or change.queries != "first" or max(change.layers, default=0) > layers:
        return False
    return change.keys == "others" or (isinstance(change.keys, tuple) and bool(change.keys) and 0 not in change.keys)


def closed(changes: Edit, layers: int) -> Layers:
    """The layers in which it may attend to nothing but itself.

    Args:
        changes: that :func:`takes` takes.
        layers: of the model.
    """
    found: set[int] = set()
    for cut in changes.of(Cut):
        if cut.keys == "others":
            found |= set(cut.layers or range(1, layers + 1))
    return tuple(sorted(found))


def forbidden(changes: Edit, place: int, layers: int) -> Layers:
    """The layers in which it may not attend to one token, those that are closed to all left out.

    Args:
        changes: that :func:`takes` takes.
        place: of the token.
        layers: of the model.
    """
    found: set[int] = set()
    for cut in changes.of(Cut):
        if isinstance(cut.keys, tuple) and place in cut.keys:
            found |= set(cut.layers or range(1, layers + 1))
    return tuple(sorted(found))


def cut(changes: Edit, layers: int, tokens: int) -> Flags:
    """bool[layers, tokens], the edges that the first token may not use.

    Args:
        changes: that :func:`takes` takes.
        layers: of the model.
        tokens: of the text.
    """
    made = np.zeros((layers, tokens), np.bool_)
    for k in closed(changes, layers):
        made[k - 1, 1:] = True
    for place in range(1, tokens):
        for k in forbidden(changes, place, layers):
            made[k - 1, place] = True
    return made


def close(changes: Edit, wanted: Layers, layers: int) -> Edit:
    """The same words forbidden, and these layers closed, no others.

    Args:
        changes: that there are.
        wanted: the layers, from 1.
        layers: of the model.
    """
    words = tuple(change for change in changes.of(Cut) if change.keys != "others")
    layers_cut = (_cut("others", wanted, layers),) if wanted else ()
    return edit(*layers_cut, *words)


def forbid(changes: Edit, place: int, wanted: Layers, layers: int) -> Edit:
    """The same with one token forbidden in these layers, no others.

    Args:
        changes: that there are.
        place: of the token.
        wanted: the layers, from 1.
        layers: of the model.
    """
    kept: list[Change] = []
    for change in changes.of(Cut):
        if isinstance(change.keys, tuple) and place in change.keys:
            rest = tuple(key for key in change.keys if key != place)
            kept += [Cut("first", rest, change.layers)] if rest else []
        else:
            kept.append(change)
    return edit(*kept, *((_cut((place,), wanted, layers),) if wanted else ()))


def _cut(keys: Where | tuple[int, ...], wanted: Layers, layers: int) -> Cut:
    return Cut("first", keys, () if len(wanted) == layers else tuple(sorted(wanted)))


def pressed(changes: Edit, press: Mapping[str, int], layers: int, tokens: int) -> Edit:
    """What a press makes of the changes; a second one on the same spot takes it back.

    Args:
        changes: that there are.
        press: "layer" opens or closes one, "from" closes from there on, "place" forbids or allows a token everywhere,
            "layer" and "place" together one edge.
        layers: of the model.
        tokens: of the text.
    """
    layer, place, start = press.get("layer", 0), press.get("place", 0), press.get("from", 0)
    every = tuple(range(1, layers + 1))
    if start in every:
        return close(changes, every[start - 1 :], layers)
    if place and 0 < place < tokens:
        now = set(forbidden(changes, place, layers))
        wanted = now ^ {layer} if layer in every else set(every) if now != set(every) else set()
        return forbid(changes, place, tuple(sorted(wanted)), layers)
    if layer in every:
        return close(changes, tuple(sorted(set(closed(changes, layers)) ^ {layer})), layers)
    return changes


def for_texts(changes: Edit, followed: int, texts: int) -> tuple[Edit, ...]:
    """The changes text by text: a layer is closed to all of them, a word stands in one alone.

    Args:
        changes: that :func:`takes` takes.
        followed: the text whose words are meant.
        texts: how many there are.
    """
    for_all = edit(*(change for change in changes.of(Cut) if change.keys == "others"))
    return tuple(changes if row == followed else for_all for row in range(texts))
