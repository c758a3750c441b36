"""What the first token may not attend to, put together by pressing a picture: layers, tokens, single connections."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lib.app import choices, parts, readings
from lib.edits import NONE, Cut, Edit, Layers, Zero, edit
from lib.exhibit import Exhibit
from lib.quantities import plural
from lib.reading import Reading
from pages.change.starve import cuts, measures
from pages.change.starve.words import bar

HIDDEN = 12  # words of a text that are hidden, each alone


def _press(picture: str, key: str, changes: Edit, layers: int, tokens: int) -> None:
    report = st.session_state[picture].press
    if isinstance(report, dict):
        press = {name: int(value) for name, value in report.items() if isinstance(value, int | float)}
        choices.change(key, cuts.pressed(changes, press, layers, tokens).code or NONE)


def ready(changes: Edit, *, key: str) -> None:
    """A few ready changes, as buttons.

    Args:
        changes: that ``cuts.takes`` takes.
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
                args=(key, cuts.close(changes, wanted, last).code or NONE),
            )


def show(pictured: Exhibit, changes: Edit, tokens: int, *, key: str) -> None:
    """Draws the connections; what is pressed changes the edit in the link.

    Args:
        pictured: the connections.
        changes: that ``cuts.takes`` takes.
        tokens: of the text.
        key: under which the edit is kept.
    """
    last = choices.checkpoint().layers
    parts.picture(pictured, on_press=partial(_press, f"drawing_{pictured.name}", key, changes, last, tokens))


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


def by_layer(reading: Reading, starved: Reading, first: int, most: int) -> measures.ByLayer:
    """When the text gets in: every layer alone, and all but every layer, in one batch.

    Args:
        reading: of the texts as they are.
        starved: the same with nothing attended to.
        first: the text that is followed; it is measured in any case.
        most: texts x variants x tokens at most.
    """
    every = range(1, reading.layers + 1)
    alone = [cuts.close(edit(), tuple(j for j in every if j != k), reading.layers) for k in every]
    variants = [*alone, *(cuts.close(edit(), (k,), reading.layers) for k in every)]
    order = [first, *(row for row in range(reading.batch) if row != first)]
    rows = order[: max(1, measures.fitting(reading.encoding.lengths[order], len(variants), most))]
    found = readings.variants(reading, variants, rows=rows)
    return measures.by_layer(reading.cls[-1, rows], starved.cls[-1, rows], measures.joined(found))


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


def hidden(reading: Reading, row: int) -> measures.Hidden:
    """What happens when no other token may attend to the first one, to a word, or to the separators.

    Args:
        reading: of the texts as they are.
        row: which text.
    """
    roles = reading.encoding.roles(row)
    every = [at for at, role in enumerate(roles) if role != "pad"]
    words = [(at,) for at in every if roles[at] == "word"][:HIDDEN]
    separators = tuple(at for at in every if roles[at] == "sep")
    targets = [*words, *([separators] if separators else [])]
    edits = [edit(Cut(tuple(at for at in every if at not in target), target)) for target in targets]
    changed = readings.variants(reading, edits, rows=(row,), attention="none") if edits else ()
    return measures.hidden(reading, row, [_without_first(reading, row, Cut), *changed], len(words))


def shares(reading: Reading, row: int) -> tuple[measures.Kept, measures.Kept]:
    """What is left of a text's vectors when the others' attention to the first token goes to them, or to no token.

    Args:
        reading: of the texts as they are.
        row: which text.
    """
    passed, dropped = measures.kept(reading, row, [_without_first(reading, row, kind) for kind in (Cut, Zero)])
    return passed, dropped


def _without_first(reading: Reading, row: int, kind: type[Cut | Zero]) -> Reading:
    """One text in which no other token attends to the first one; two pictures ask for it."""
    others = tuple(range(1, int(reading.encoding.lengths[row])))
    return readings.again(reading, edit(kind(others, (0,))), rows=(row,), attention="none")


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
