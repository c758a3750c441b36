"""Parts of the page on poolings that know containers and controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lib import escape
from lib.examples import Example
from lib.figures import similarity
from lib.figures.map import points
from lib.figures.similarity import written
from lib.pooling import POOLINGS
from lib.quantities import Quantity
from lib.ui import choices, look, parts
from lib.ui.compared import Compared, mapped
from lib.ui.components.multiples import Matrix, multiples, payload
from lib.ui.pooling_words import floors_say, map_says, matrix_says

LONG = 12  # rows of a table that stand on the page; more scroll in a box of their own


def sets(offered: Sequence[Example]) -> Example | None:
    """Buttons with ready sets of texts; the one on screen is filled.

    Returns:
        The set that is on screen; None where the visitor has other texts.
    """
    now = next((example for example in offered if example.texts == choices.texts() and not choices.pair()), None)
    with st.container(key="pooling_sets", horizontal=True, gap="xsmall"):
        for example in offered:
            st.button(
                example.label,
                key=f"set_{example.key}",
                on_click=choices.put,
                args=(example,),
                help=example.shows,
                type="primary" if example == now else "secondary",
            )
    return now


def layer_and_centre() -> tuple[int, bool]:
    """The layer that is pooled (0 to the last), and whether vectors are centred."""
    last = choices.checkpoint().layers
    with st.container(key="pooling_layers", horizontal=True, gap="medium", vertical_alignment="center"):
        st.markdown("Layer", width="content")
        layer = choices.pick(
            "Layer, 0 for the embeddings",
            range(last + 1),
            key="pooling_layer",
            default=last,
            form="slider",
            hide_label=True,
        )
        why = "Subtracts from every vector the mean of the reference sentences: what all texts share."
        centre = choices.switch("Centre the vectors", key="pooling_centre", help=why)
    return layer, centre


def two() -> tuple[str, str]:
    """Two poolings to compare, chosen beside each other; their keys."""
    names = {key: pooling.name(choices.checkpoint()) for key, pooling in POOLINGS.items()}
    with st.container(key="pooling_two", horizontal=True, gap="small", wrap=False):
        a, b = (
            choices.pick(
                label, list(POOLINGS), key=key, default=usual, names=names.__getitem__, form="menu", hide_label=True
            )
            for label, key, usual in (
                ("One pooling", "pooling_a", "cls"),
                ("Pooling to compare it with", "pooling_b", "mean"),
            )
        )
    return a, b


def small_multiples(all_of_them: Mapping[str, Compared], texts: Sequence[str], alt: str) -> None:
    """Every pooling's matrix, small, as many beside each other as there is room for.

    Args:
        all_of_them: the poolings.
        texts: as typed.
        alt: the picture in words.
    """
    shown = [
        Matrix(
            one.name,
            one.is_first,
            f"floor {written(one.floor.mean)}" if one.floor else "none",
            escape.plain(one.why_not or one.note.strip()),
            one.cosines if one.floor else None,
        )
        for one in all_of_them.values()
    ]
    multiples(payload(shown, texts, escape.plain(alt)), key="pooling_small")


def table(rows: Sequence[Mapping[str, str]], *, key: str, alt: str) -> None:
    """A table of words: Markdown in its cells; where it is long it scrolls in a box of its own."""
    with st.container(key=f"table_{key}", height=480 if len(rows) > LONG else "content", border=False):
        st.table(
            {head: [row[head] for row in rows] for head in rows[0]},
            hide_index=True,
            border="horizontal",
            alt=escape.plain(alt),
        )


def matrices(sides: Sequence[Compared], texts: Sequence[str], quantity: Quantity, mode: str) -> None:
    """The matrices of two poolings beside each other, each over its floor and with its sentence.

    Args:
        sides: the two.
        texts: as typed.
        quantity: what the cells are.
        mode: "" or " after centring".
    """
    for column, one, name in zip(st.columns(2, gap="medium"), sides, ("pooling-a", "pooling-b"), strict=True):
        with column:
            sentence = matrix_says(one, mode)
            if one.floor is None:
                parts.note(sentence, key=name)
                continue
            figure = similarity.matrix(
                one.cosines,
                texts,
                quantity,
                random=one.random,
                floor=one.floor.mean,
                name=one.name,
                is_first=one.is_first,
                palette=look.palette(),
            )
            parts.chart(figure, alt=sentence, name=name)
            parts.say(sentence, key=name)


def floors_of(all_of_them: Mapping[str, Compared], texts: Sequence[str], quantity: Quantity, *, centre: bool) -> None:
    """Every pooling's floor on one scale, with its sentence, and every pooling's matrix.

    Args:
        all_of_them: the poolings.
        texts: as typed.
        quantity: what the axis and the cells are.
        centre: whether vectors are centred.
    """
    sentence = floors_say(all_of_them, centre)
    rows = [one.row for one in all_of_them.values()]
    figure = similarity.floors(rows, quantity, centre=centre, palette=look.palette())
    parts.chart(figure, alt=sentence, name="pooling-floors")
    parts.say(sentence, key="floors")
    small_multiples(all_of_them, texts, sentence)


def follow(texts: Sequence[str]) -> int:
    """The row of the text that the visitor follows through maps and weights."""
    names = [f"{k} {escape.cut(escape.visible(text), 70)}" for k, text in enumerate(texts, 1)]
    return (
        choices.pick(
            "Follow one text",
            range(1, len(texts) + 1),
            key="pooling_text",
            default=1,
            names=lambda number: names[number - 1],
            form="menu",
        )
        - 1
    )


def maps(sides: Sequence[Compared], texts: Sequence[str], followed: int) -> None:
    """The maps of two poolings beside each other, on one scale, the same text ringed in both."""
    for column, one, name in zip(st.columns(2, gap="medium"), sides, ("a", "b"), strict=True):
        with column:
            sentence = map_says(one)
            figure = points(mapped(one, sides, followed), texts, palette=look.palette())
            parts.chart(figure, alt=sentence, name=f"pooling-map-{name}")
            parts.say(sentence, key=f"map_{name}")
