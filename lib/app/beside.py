"""Two texts or two models side by side: one quiet choice in the frame, and the places where the two stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from math import nan

import streamlit as st

from lib.app import choices, parts, readings
from lib.app.choices import SideBySide
from lib.app.models import bring, trained
from lib.checkpoints import Checkpoint, ready
from lib.escape import cut, markdown, visible
from lib.exhibit import Column, Exhibit, Table, columns
from lib.measures.beside import partner
from lib.reading import Reading
from lib.words import beside as words
from lib.words.tokens import beyond

LEFT, RIGHT = "At the left", "Beside it"
KINDS: Mapping[SideBySide, str] = {"alone": "Alone", "texts": "Two texts", "models": "Two models"}


@dataclass(frozen=True)
class Comparison:
    """What the visitor wants to see beside what.

    Attributes:
        kind: "alone" where nothing stands beside anything.
        one: row of the text at the left, from 0.
        other: row of the text at the right.
        model: that reads at the right; None but for two models.
    """

    kind: SideBySide
    one: int = 0
    other: int = 0
    model: Checkpoint | None = None


@dataclass(frozen=True, eq=False)
class Side:
    """What stands on one side; where it stands alone, the only one.

    Attributes:
        name: in sentences and tables, plain: "text 2", or the model's; "" where it stands alone.
        title: above its pictures, Markdown; "" where it stands alone.
        reading: of all texts.
        row: the text that is looked at.
        depth: layers of the model at the left, by which the layers of both are matched.
    """

    name: str
    title: str
    reading: Reading
    row: int
    depth: int

    def layer(self, left: int) -> int:
        """The layer that stands on this side where ``left`` stands on the left one."""
        return partner(left, self.depth, self.reading.layers)


def ask() -> None:
    """The choice, for the frame: one button, and everything else behind it; nothing on pages that have no two sides."""
    if choices.page() not in choices.SIDED:
        return
    texts, models = choices.texts(), {model.slug: model for model in choices.models()}
    kinds = [kind for kind in KINDS if kind != "models" or models]
    # nothing is fetched that nobody chose; and what one visitor has trained is not there for the next by itself
    second = next((slug for slug in models if ready(slug) and slug not in trained()), "")
    seconds = [*models] if second else ["", *models]
    kind: SideBySide = choices.recall(choices.BESIDE, kinds, "alone", name=words.ALONE)
    numbers = range(1, max(len(texts), 2) + 1)
    if kind == "texts":
        left = choices.recall(choices.ONE, numbers, 1, name=LEFT)
        label = words.of_texts(left, choices.recall(choices.OTHER, numbers, 2, name=RIGHT))
    elif kind == "models":
        slug = choices.recall(choices.SECOND, seconds, second, name=RIGHT)
        bring(slug, choices.page())
        label = words.of_models(models[slug]) if slug else words.ALONE
    else:
        label = words.ALONE

    def named(number: int) -> str:
        return f"{number} {cut(visible(texts[number - 1]), 60)}" if number <= len(texts) else f"{number} (none yet)"

    if kind != "models":
        bring("", choices.page())
    drawer = st.popover(label, type="tertiary", key="beside_drawer", on_change="rerun")
    with drawer:
        choices.pick(
            words.ALONE,
            kinds,
            key=choices.BESIDE,
            default="alone",
            names=KINDS.__getitem__,
            hide_label=True,
            drawn=bool(drawer.open),
        )
        if kind == "texts":
            for name, key, usual in ((LEFT, choices.ONE, 1), (RIGHT, choices.OTHER, 2)):
                choices.pick(name, numbers, key=key, default=usual, names=named, form="menu", drawn=bool(drawer.open))
        if kind == "models":
            names = dict(zip(models, words.told_apart([*models.values()]), strict=True))
            choices.pick(
                RIGHT,
                seconds,
                key=choices.SECOND,
                default=second,
                names=lambda slug: names.get(slug, "Choose one"),
                form="menu",
                drawn=bool(drawer.open),
            )
        if drawer.open:
            st.caption(words.about(kind))


def comparison() -> Comparison:
    """What was chosen there."""
    kind, one, other, slug = choices.beside()
    models = {model.slug: model for model in choices.models() if ready(model.slug)}
    return Comparison(kind, one - 1, other - 1, models.get(slug) if kind == "models" else None)


def sides(compared: Comparison, reading: Reading, row: int = 0) -> tuple[Side, ...]:
    """The two sides; only one where nothing stands beside it, or where the other cannot be had, which is words.

    Args:
        compared: what was chosen.
        reading: of the visitor's texts by the chosen model.
        row: the text that is looked at, where no two texts were chosen.
    """
    alone = (Side("", "", reading, row, reading.layers),)
    if compared.kind == "texts":
        typed = len(choices.texts())
        if max(compared.one, compared.other) >= typed:
            parts.note(words.too_few(typed), key="beside")
            return alone
        titles = words.titles(reading)
        return tuple(
            Side(f"text {each + 1}", words.text(each, titles[each]), reading, each, reading.layers)
            for each in (compared.one, compared.other)
        )
    if compared.model is None:
        return alone
    try:
        second = readings.by_another(reading, compared.model)
    except ValueError as problem:
        parts.note(words.failed(compared.model, str(problem)), key="beside")
        return alone
    if long := beyond(compared.model, second.encoding, len(choices.texts())):
        parts.caution(long, key="long_second")
    both = (reading, second)
    return tuple(
        Side(name, words.model(each.checkpoint, name), each, row, reading.layers)
        for each, name in zip(both, words.told_apart([each.checkpoint for each in both]), strict=True)
    )


def places(sides: Sequence[Side], key: str, *, titled: bool = True) -> list[AbstractContextManager[object]]:
    """Where each side's picture goes: beside each other, and on a narrow screen one under the other.

    Args:
        sides: one or two.
        key: unique on the page.
        titled: whether each is headed by what it is.
    """
    if len(sides) == 1:
        return [nullcontext()]
    with st.container(key=f"sides_{key}"):
        columns = st.columns(2, gap="medium")
    for column, side in zip(columns, sides, strict=True):
        if titled:
            column.markdown(side.title)
    return list(columns)


def show(sides: Sequence[Side], exhibits: Sequence[Exhibit], *, titled: bool = True) -> None:
    """One exhibit for each side, and under them the sentence that is said of both and the numbers of both.

    Args:
        sides: one or two.
        exhibits: as many, with one name and one sentence.
        titled: whether each is headed by what it is.
    """
    pictures(sides, exhibits, titled=titled)
    parts.say(exhibits[0].sentence, key=exhibits[0].name)
    numbers(sides, exhibits)


def pictures(sides: Sequence[Side], exhibits: Sequence[Exhibit], *, titled: bool = True) -> list[object]:
    """The pictures alone, for a page that puts something between them and their sentence; see :func:`show`.

    Returns:
        What was pressed in each, where a component draws it.
    """
    pressed = []
    for number, (place, side, each) in enumerate(
        zip(places(sides, exhibits[0].name, titled=titled), sides, exhibits, strict=True)
    ):
        if len(sides) > 1:
            name = f"{each.name}-right" if number else each.name
            each = replace(each, name=name, sentence=f"{markdown(side.name)}: {each.sentence}")
        with place:
            pressed.append(parts.picture(each))
    return pressed


def numbers(sides: Sequence[Side], exhibits: Sequence[Exhibit]) -> None:
    """The numbers behind the pictures of all sides, in one table."""
    whole = exhibits[0]
    if len(sides) > 1:
        totals = [
            (what if all(each.totals.get(what) == value for each in exhibits) else f"{what}, {side.name}", value)
            for side, owner in zip(sides, exhibits, strict=True)
            for what, value in owner.totals.items()
        ]
        whole = replace(
            whole,
            table=lambda: stacked(sides, [each.table() for each in exhibits]),
            totals=dict(totals),
        )
    parts.numbers(whole)


def matched(sides: Sequence[Side], left: int, right: int) -> None:
    """Says which layers of two models stand beside each other; nothing of two texts.

    Args:
        sides: one or two.
        left: the layer that is shown at the left.
        right: the layer beside it.
    """
    if len(models(sides)) > 1:
        st.caption(words.matched(sides[0].reading.layers, sides[1].reading.layers, left, right))


def models(sides: Sequence[Side]) -> list[Checkpoint]:
    """The models that read, each once."""
    return list({side.reading.checkpoint.slug: side.reading.checkpoint for side in sides}.values())


def opening(sides: Sequence[Side]) -> str:
    """What a sentence about both sides has to begin with: that they are the same, where they are."""
    return words.SAME if words.same([side.reading for side in sides], [side.row for side in sides]) else ""


def stacked(sides: Sequence[Side], tables: Sequence[Table]) -> Table:
    """The tables of both sides as one, one above the other, with a first column that says whose a line is.

    Args:
        sides: one or two; the table of one alone stays as it is.
        tables: as many; a column that only one of them has is empty in the other.
    """
    if len(sides) == 1:
        return tables[0]
    named = [columns(table) for table in tables]
    longs = [max(len(column) for column in table.values()) for table in named]
    heads = dict.fromkeys(head for table in named for head in table)
    whose = [side.name for side, long in zip(sides, longs, strict=True) for _ in range(long)]
    both: dict[str, Column] = {
        head: [cell for table, long in zip(named, longs, strict=True) for cell in table.get(head, [nan] * long)]
        for head in heads
    }
    return [("side", whose), *both.items()]
