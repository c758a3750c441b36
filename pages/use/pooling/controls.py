"""Parts of the page on poolings that know containers and controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from lib import escape
from lib.app import beside, choices, look, parts, readings
from lib.app.beside import Comparison, Side
from lib.cached import references
from lib.exhibit import Table
from lib.measures.vectors import Floor, above
from lib.pooling import POOLINGS
from lib.quantities import Quantity
from lib.reading import Reading
from lib.texts.examples import REFERENCE, Example
from lib.words import beside as said
from pages.use.pooling import measures, similarity
from pages.use.pooling.map import points
from pages.use.pooling.measures import Pooled, Unpadded, mapped
from pages.use.pooling.multiples import Matrix, multiples, payload
from pages.use.pooling.similarity import written
from pages.use.pooling.weights import Row, weights
from pages.use.pooling.words import (
    against,
    floor_columns,
    floors_say,
    map_says,
    matrix_says,
    weight_columns,
    weights_of_two,
    weights_say,
)


@dataclass(frozen=True, eq=False)
class Weighed:
    """One text's weights.

    Attributes:
        side: whose text it is; its row is the text.
        rows: of the picture, one a pooling.
        layer: that is pooled.
    """

    side: Side
    rows: Sequence[Row]
    layer: int

    @property
    def tokens(self) -> tuple[str, ...]:
        """Of the text, without padding."""
        return self.side.reading.encoding.row(self.side.row)


FEW = 6  # texts whose matrix carries its numbers on a phone too
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
        why = "Subtracts from every vector the mean of the reference sentences: what those share."
        centre = choices.switch("Centre the vectors", key="pooling_centre", help=why)
    return layer, centre


def two(pair: Comparison) -> tuple[str, str]:
    """Two poolings to compare, chosen beside each other; their keys.

    Args:
        pair: what stands beside what; in another model the same pooling, until one of its own is chosen.
    """
    model = pair.model or choices.checkpoint()
    names = {key: pooling.name(choices.checkpoint()) for key, pooling in POOLINGS.items()}
    theirs = {"same": "the same there", **{key: f"{pooling.name(model)} there" for key, pooling in POOLINGS.items()}}
    controls = [("One pooling", "pooling_a", "cls", names)]
    if pair.model:
        controls += [("Pooling in the other model", "pooling_there", "same", theirs)]
    else:
        controls += [("Pooling to compare it with", "pooling_b", "mean", names)]
    with st.container(key="pooling_two", horizontal=True, gap="small", wrap=False):
        a, b = (
            choices.pick(
                label, list(shown), key=key, default=usual, names=shown.__getitem__, form="menu", hide_label=True
            )
            for label, key, usual, shown in controls
        )
    return a, a if b == "same" else b


def through(sides: Sequence[Side], layer: int, *, centre: bool) -> list[dict[str, Pooled]]:
    """The texts through every pooling of each model: two where two models stand side by side.

    Args:
        sides: one or two; two texts of one model are in one reading.
        layer: of the left one, 0 to the last.
        centre: whether vectors are centred.
    """
    models = {side.reading.checkpoint.slug: side for side in sides}
    return [
        measures.through(
            side.reading,
            side.layer(layer),
            references.take(side.reading.checkpoint, side.layer(layer)),
            centre=centre,
            named=len(models) > 1,
        )
        for side in models.values()
    ]


def chosen(every: Sequence[Mapping[str, Pooled]], keys: tuple[str, str]) -> tuple[Pooled, Pooled]:
    """The two that are compared: of one model, or one of each."""
    return every[0][keys[0]], every[-1][keys[1]]


def compare(both: tuple[Pooled, Pooled], sides: Sequence[Side]) -> None:
    """What is said of both matrices: of two texts their own cosines, of two models where they part."""
    if len(sides) < 2 or not (both[0].floor and both[1].floor):
        return
    names = [one.spoken for one in both]
    if both[0].model:
        parts.say(said.cosines(above(both[0].cosines), above(both[1].cosines), names), key="both")
    else:
        parts.say(said.pair(both[0].cosines, both[1].cosines, (sides[0].row, sides[1].row), names), key="both")


def marked(sides: Sequence[Side]) -> tuple[int, int] | None:
    """The two texts that are outlined, where two were chosen."""
    twins = len(sides) > 1 and sides[0].reading is sides[1].reading
    return (sides[0].row, sides[1].row) if twins and sides[0].row != sides[1].row else None


def small_multiples(all_of_them: Mapping[str, Pooled], texts: Sequence[str], alt: str, mode: str, *, key: str) -> None:
    """Every pooling's matrix, small, as many beside each other as there is room for.

    Args:
        all_of_them: the poolings.
        texts: as typed.
        alt: the picture in words.
        mode: "" or " after centring".
        key: unique on the page.
    """

    def about(floor: Floor) -> str:
        value, name = against(floor, mode)
        return f"{name} {written(value)}"

    shown = [
        Matrix(
            one.name,
            one.is_first,
            about(one.floor) if one.floor else "none",
            escape.plain(one.why_not or one.note.strip()),
            one.cosines if one.floor else None,
        )
        for one in all_of_them.values()
    ]
    multiples(payload(shown, texts, escape.plain(alt)), key=key)


def table(rows: Sequence[Mapping[str, str]], *, key: str) -> None:
    """A table of words: Markdown in its cells; where it is long it scrolls in a box of its own."""
    with st.container(key=f"table_{key}", height=480 if len(rows) > LONG else "content", border=False):
        parts.lines([tuple(row.values()) for row in rows], heads=tuple(rows[0]), code=False, key=key)


def matrices(
    both: Sequence[Pooled], sides: Sequence[Side], texts: Sequence[str], quantity: Quantity, mode: str
) -> None:
    """The matrices of two poolings beside each other, each over its floor and with its sentence.

    Args:
        both: the two.
        sides: what stands side by side; two texts are outlined, two models are named.
        texts: as typed.
        quantity: what the cells are.
        mode: "" or " after centring".
    """
    names = ("pooling-a", "pooling-b")
    for column, one, side, name in zip(st.columns(2, gap="medium"), both, (sides[0], sides[-1]), names, strict=True):
        with column:
            if one.model:
                st.markdown(side.title)
            sentence = matrix_says(one, mode)
            if one.floor is None:
                parts.note(sentence, key=name)
                continue
            figure = similarity.matrix(
                one.cosines,
                texts,
                quantity,
                random=one.random,
                floor=against(one.floor, mode),
                name=one.name,
                is_first=one.is_first,
                palette=look.palette(),
                marked=marked(sides),
            )
            # a phone has no room for the numbers of many texts: the style sheet leaves them to the colours there
            with st.container(key=f"{'many' if len(texts) > FEW else 'few'}_{name}"):
                parts.chart(figure, alt=sentence, name=name)
            parts.say(sentence, key=name)
    compare((both[0], both[1]), sides)


def floors_of(
    every: Sequence[Mapping[str, Pooled]],
    sides: Sequence[Side],
    texts: Sequence[str],
    quantity: Quantity,
    *,
    centre: bool,
) -> None:
    """Every pooling's floor on one scale, with its sentence, and every pooling's matrix.

    Args:
        every: the poolings, of one model or of two.
        sides: whose they are.
        texts: as typed.
        quantity: what the axis and the cells are.
        centre: whether vectors are centred.
    """
    for number, (place, poolings) in enumerate(zip(beside.places(sides[: len(every)], "floors"), every, strict=True)):
        end = "-right" if number else ""
        with place:
            sentence = floors_say(poolings, centre)
            figure = similarity.floors(
                [one.row for one in poolings.values()], quantity, centre=centre, palette=look.palette()
            )
            parts.chart(figure, alt=sentence, name=f"pooling-floors{end}")
            parts.say(sentence, key=f"floors{end}")
            small_multiples(poolings, texts, sentence, " after centring" if centre else "", key=f"pooling_small{end}")


def floor_table(every: Sequence[Mapping[str, Pooled]], sides: Sequence[Side]) -> Table:
    """The numbers behind the floors."""
    return beside.stacked(sides[: len(every)], [floor_columns(poolings) for poolings in every])


def follow(texts: Sequence[str], sides: Sequence[Side]) -> tuple[int, ...]:
    """The rows of the texts that the visitor follows through maps and weights: one, or the two that were chosen.

    Args:
        texts: as typed.
        sides: what stands side by side.
    """
    if two := marked(sides):
        return two
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
        - 1,
    )


def maps(both: Sequence[Pooled], sides: Sequence[Side], texts: Sequence[str], followed: Sequence[int]) -> None:
    """The maps of two poolings beside each other, on one scale, the same texts ringed in both.

    Args:
        both: the two.
        sides: what stands side by side.
        texts: as typed.
        followed: rows that are ringed.
    """
    for column, one, side, name in zip(
        st.columns(2, gap="medium"), both, (sides[0], sides[-1]), ("a", "b"), strict=True
    ):
        with column:
            if one.model:
                st.markdown(side.title)
            sentence = map_says(one)
            figure = points(mapped(one, both, followed), texts, palette=look.palette())
            parts.chart(figure, alt=sentence, name=f"pooling-map-{name}")
            parts.say(sentence, key=f"map_{name}")


def weighed(sides: Sequence[Side], followed: Sequence[int], layer: int) -> list[Weighed]:
    """What each pooling takes from the tokens of the text that is followed, or of two, or in two models.

    Args:
        sides: what stands side by side.
        followed: rows of the texts; two where two were chosen.
        layer: of the left side.
    """
    rows = followed if len(followed) > 1 else [followed[0]] * len({id(side.reading) for side in sides})
    return [
        Weighed(replace(side, row=row), measures.weight_rows(side.reading, row, side.layer(layer)), side.layer(layer))
        for side, row in zip(sides, rows, strict=False)
    ]


def weights_of(shown: Sequence[Weighed]) -> None:
    """The pictures of the weights, with their sentence."""
    told = (
        weights_say(shown[0].side.reading, shown[0].side.row, shown[0].layer)
        if len(shown) == 1 or beside.opening([each.side for each in shown])
        else weights_of_two(
            [(each.side.reading, each.side.row, each.layer) for each in shown], [each.side.name for each in shown]
        )
    )
    drawn = [
        weights(each.rows, each.tokens, measures.roles(each.side.reading, each.side.row), palette=look.palette())
        for each in shown
    ]
    beside.charts([each.side for each in shown], drawn, told, name="pooling-weights", key="weights")


def weight_table(shown: Sequence[Weighed]) -> Table:
    """The numbers behind the weights."""
    return beside.stacked([each.side for each in shown], [weight_columns(each.rows, each.tokens) for each in shown])


def unpadded(reading: Reading, layer: int) -> Unpadded | None:
    """The text with the most padding, read once more without any.

    Args:
        reading: of the visitor's texts; where they are all equally long, a longer text of ours joins one of them.
        layer: 0 (embeddings) to the last.

    Returns:
        None where every text fills all positions of the model, so that none can be padded.
    """
    lengths = reading.encoding.lengths
    if lengths.min() >= reading.checkpoint.limit:
        return None
    row = int(lengths.argmin())
    text, pair = reading.encoding.texts[row], reading.encoding.pairs[row]
    company, batch, at = "", reading, row
    if lengths[row] == lengths.max():
        longest = max(REFERENCE, key=len)
        company = " ".join([longest] * (1 + int(lengths[row]) // len(longest.split())))
        batch, at = readings.take((text, company), pairs=(pair, None)), 0
    alone = readings.take((text,), pairs=(pair,))
    return measures.unpadded(alone, batch, at, layer, row=row, company=company)
