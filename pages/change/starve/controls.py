"""What the first token may not attend to, put together by pressing a picture: layers, tokens, single connections."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import streamlit as st

from lib.app import choices, parts, readings
from lib.edits import NONE, Change, Cut, Edit, Layers, Where, edit
from lib.exhibit import Exhibit
from lib.measures.vectors import Flags
from lib.quantities import plural
from lib.reading import Reading
from pages.change.starve import measures
from pages.change.starve.words import bar

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
    gates = (_cut("others", wanted, layers),) if wanted else ()
    return edit(*gates, *words)


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


def _press(picture: str, key: str, changes: Edit, layers: int, tokens: int) -> None:
    report = st.session_state[picture].press
    if isinstance(report, dict):
        press = {name: int(value) for name, value in report.items() if isinstance(value, int | float)}
        choices.change(key, pressed(changes, press, layers, tokens).code or NONE)


def ready(changes: Edit, *, key: str) -> None:
    """A few ready changes, as buttons.

    Args:
        changes: that :func:`takes` takes.
        key: under which the edit is kept.
    """
    last = choices.checkpoint().layers
    with st.container(key=f"{key}_ready", horizontal=True, gap="small"):
        offered = {"Close every layer": tuple(range(1, last + 1)), "Open every layer": ()}
        if last > 1:
            offered |= {f"Close all but layer {last}": tuple(range(1, last)), f"Close layer {last} alone": (last,)}
        for number, (label, wanted) in enumerate(offered.items()):
            st.button(
                label,
                key=f"{key}_ready_{number}",
                on_click=choices.change,
                args=(key, close(changes, wanted, last).code or NONE),
            )


def show(gate: Exhibit, changes: Edit, tokens: int, *, key: str) -> None:
    """Draws the gate; what is pressed changes the edit in the link.

    Args:
        gate: the exhibit.
        changes: that :func:`takes` takes.
        tokens: of the text.
        key: under which the edit is kept.
    """
    last = choices.checkpoint().layers
    parts.picture(gate, on_press=partial(_press, f"drawing_{gate.name}", key, changes, last, tokens))


def budget(reading: Reading, row: int, *, key: str) -> int:
    """How many texts x tokens the variants of the experiments may take; 0 where a long text is not to be measured.

    Args:
        reading: of the texts as they are.
        row: the text that is followed.
        key: of the switch that a long text brings.
    """
    tokens, passes = int(reading.encoding.lengths[row]), 2 * reading.layers
    if tokens * passes <= measures.LIGHT:
        return measures.LIGHT
    parts.note(
        f"**A long text.** Opening and closing each layer alone takes {passes} passes of {plural(tokens, 'token')}; "
        "that takes a while.",
        key=key,
    )
    return readings.MOST_TOKENS if choices.switch("Measure it all the same", key=key) else 0


def by_layer(reading: Reading, starved: Reading, first: int, most: int) -> measures.Gates:
    """When the text gets in: every layer alone, and all but every layer, in one batch.

    Args:
        reading: of the texts as they are.
        starved: the same with nothing attended to.
        first: the text that is followed; it is measured in any case.
        most: texts x variants x tokens at most.
    """
    every = range(1, reading.layers + 1)
    alone = [close(edit(), tuple(j for j in every if j != k), reading.layers) for k in every]
    variants = [*alone, *(close(edit(), (k,), reading.layers) for k in every)]
    order = [first, *(row for row in range(reading.batch) if row != first)]
    rows = order[: max(1, measures.fitting(reading.encoding.lengths[order], len(variants), most))]
    found = readings.variants(reading, variants, rows=rows)
    return measures.gates(reading.cls[-1, rows], starved.cls[-1, rows], measures.joined(found))


def by_word(reading: Reading, starved: Reading, row: int, layers: Layers, most: int) -> measures.Effects:
    """What each token is worth: forbidden one by one, in one batch; in a long text neighbours together.

    Args:
        reading: of the texts as they are.
        starved: the same with nothing attended to.
        row: which text.
        layers: in which they are forbidden; empty for all.
        most: variants x tokens at most.
    """
    tokens = int(reading.encoding.lengths[row])
    places = measures.bundles(tokens, most // tokens)
    found = readings.variants(reading, [edit(Cut("first", run, layers)) for run in places], rows=(row,))
    return measures.effects(places, reading.cls[-1, row], starved.cls[-1, row], measures.joined(found))


def worth(
    reading: Reading, starved: Reading, row: int, most: int, *, keys: tuple[str, str]
) -> tuple[measures.Effects, list[str], int, Layers]:
    """What each token is worth in the layers that are chosen, and which one is looked at.

    Args:
        reading: of the texts as they are.
        starved: the same with nothing attended to.
        row: which text.
        most: variants x tokens at most.
        keys: of the two controls in the link: the layer, the token.

    Returns:
        the effects, the tokens' names, the one that is looked at, and the layers (empty for all).
    """
    left, right = st.columns(2)
    with left:
        layer = choices.pick(
            "Forbidden in",
            range(reading.layers + 1),
            key=keys[0],
            default=0,
            form="menu",
            names=lambda k: f"layer {k} alone" if k else "every layer",
        )
    layers = (layer,) if layer else ()
    found = by_word(reading, starved, row, layers, most)
    names = [bar(reading.encoding, row, places) for places in found.places]
    starts = [places[0] for places in found.places]
    with right:  # the first token's own place stands for the one that is worth most, whatever the text
        place = choices.pick(
            "Look at",
            (0, *starts),
            key=keys[1],
            default=0,
            form="menu",
            names=lambda k: names[starts.index(k)] if k else "the one that is worth most",
        )
    return found, names, starts.index(place) if place else int(found.moved.argmax()), layers


def word(found: measures.Effects, chosen: int, layers: Layers) -> Edit:
    """The change that one of the variants was.

    Args:
        found: what each token is worth.
        chosen: which one.
        layers: in which it is forbidden; empty for all.
    """
    return edit(Cut("first", found.places[chosen], layers))
