"""Parts of the page on the journey: one way through the layers, of all texts or of two, or two models' ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from lib.app import beside, look, parts
from lib.app.beside import Comparison, Side
from lib.cached import compared
from lib.checkpoints import Checkpoint
from lib.exhibit import Table
from lib.figures import journey as figures
from lib.figures.journey import Line
from lib.measures import beside as apart
from lib.measures import journey as measures
from lib.measures.journey import Alike, Kind, Moves, Track, Trail
from lib.measures.vectors import Doubles
from lib.reading import Floats, Reading
from lib.words import beside as both
from lib.words import journey as said

ABOVE = 1.12  # of the axis of cosines: room for a number over a point at 1


@dataclass(frozen=True, eq=False)
class Way:
    """The way of one model's texts through its layers.

    Attributes:
        side: whose.
        reading: of the texts that are compared.
        rows: which of the visitor's texts they are, from 0.
    """

    side: Side
    reading: Reading
    rows: tuple[int, ...]

    @property
    def opening(self) -> str:
        """What has to be said first of two texts: that they are the same, where they are."""
        return both.SAME if both.same([self.reading] * 2, (0, 1)) else ""

    @property
    def model(self) -> Checkpoint:
        """That read."""
        return self.reading.checkpoint

    @cached_property
    def tracks(self) -> Mapping[Kind, Track]:
        """The first token, the mean of the words and the separator, as far as the texts have them."""
        return {track.kind: track for track in measures.tracks(self.reading)}

    @cached_property
    def names(self) -> Mapping[Kind, str]:
        """Plain names of the tracks."""
        return {which: said.kind(which, self.model) for which in self.tracks}

    @property
    def first(self) -> Floats:
        """float32[layers+1, texts, hidden], the first token's vectors."""
        return self.tracks["first"].vectors

    @cached_property
    def alike(self) -> Mapping[Kind, Alike]:
        """How alike the texts are by each track that several of them have."""
        several = (track for track in self.tracks.values() if track.vectors.shape[1] > 1)
        return {track.kind: measures.alike(track.vectors) for track in several}

    @cached_property
    def moves(self) -> Mapping[Kind, Moves]:
        """How far each track moves."""
        return {track.kind: measures.moves(track.vectors) for track in self.tracks.values()}

    @cached_property
    def unit(self) -> int:
        """The loud one."""
        return measures.loud_unit(self.first)

    @cached_property
    def quiet(self) -> Alike:
        """How alike the texts are by the first token with that unit set to 0."""
        return measures.alike(measures.without(self.first, self.unit))

    @cached_property
    def shares(self) -> Mapping[Kind, Doubles]:
        """Of the loud unit in each track's squared length."""
        return {track.kind: measures.share_of(track.vectors, self.unit) for track in self.tracks.values()}

    @property
    def ends(self) -> tuple[Doubles, Doubles]:
        """float64[layers+1] twice: the least and the most alike pair by the first token."""
        way = self.alike["first"]
        return np.array([pair.cosine for pair in way.least]), np.array([pair.cosine for pair in way.most])


def ways(pair: Comparison, reading: Reading) -> list[Way]:
    """What the page is about: all texts, two of them, or all of them by two models.

    Args:
        pair: what stands beside what.
        reading: of at least two texts.
    """
    sides = beside.sides(pair, reading)
    if pair.kind == "texts" and len(sides) > 1:
        rows = tuple(side.row for side in sides)
        return [Way(sides[0], reading.only(rows), rows)]
    return [Way(side, side.reading, tuple(range(reading.batch))) for side in sides]


def _sides(shown: Sequence[Way]) -> list[Side]:
    return [way.side for way in shown]


def _of_two_texts(shown: Sequence[Way]) -> bool:
    return bool(shown[0].side.name) and len(shown) == 1


def alike(shown: Sequence[Way]) -> None:
    """How alike the texts are, layer by layer, on one scale."""
    first, models = shown[0], [way.model for way in shown]
    if _of_two_texts(shown):
        titles = compared.titles(first.reading)
        st.markdown(both.texts([both.text(row, title) for row, title in zip(first.rows, titles, strict=True)]))
    if len(shown) > 1:
        last = [apart.pairs(way.reading, way.reading.layers) for way in shown]
        caption = both.partings([way.alike["first"] for way in shown], models, last)
    elif _of_two_texts(shown):
        caption = first.opening + both.parted(first.alike["first"], first.alike.get("words"), first.rows, first.model)
    else:
        caption = said.parts(first.alike["first"], first.alike.get("words"), first.model)
    several = first.reading.batch > 2
    drawn = [
        figures.by_layer(
            [
                Line(
                    way.names[kind],
                    kind,
                    each.mean,
                    *(
                        ([said.short(c) for c in way.alike["first"].mean], way.ends if several else None)
                        if kind == "first"
                        else ()
                    ),
                )
                for kind, each in way.alike.items()
            ],
            look.palette(),
            y="cosine between texts (band: all pairs)" if several else "cosine between the two texts",
            span=(0, ABOVE),
            dashed=measures.ALIKE,
        )
        for way in shown
    ]
    beside.charts(_sides(shown), drawn, caption, name="journey-alike", key="alike")


def alike_table(shown: Sequence[Way]) -> Table:
    """The numbers behind :func:`alike`."""
    return beside.stacked(
        _sides(shown),
        [
            [
                ("layer", range(way.reading.layers + 1)),
                *((way.names[kind], each.mean) for kind, each in way.alike.items()),
                (f"{way.model.first_token}, least alike", way.ends[0]),
                (f"{way.model.first_token}, most alike", way.ends[1]),
                (f"{way.model.first_token}, without unit {way.unit}", way.quiet.mean),
            ]
            for way in shown
        ],
    )


def moved(shown: Sequence[Way]) -> None:
    """How far the vectors move; of two texts also how far they stand apart, on the same axis."""
    first = shown[0]
    others = [
        [Line(way.names[kind], kind, each.distance) for kind, each in way.moves.items() if kind != "first"]
        for way in shown
    ]
    if not _of_two_texts(shown):
        caption = (
            said.moved(first.moves["first"], first.model)
            if len(shown) == 1
            else both.moves([way.moves["first"] for way in shown], [way.model for way in shown])
        )
        drawn = [
            figures.moved(way.moves["first"].distance, way.moves["first"].together, rest, look.palette())
            for way, rest in zip(shown, others, strict=True)
        ]
        beside.charts(_sides(shown), drawn, caption, name="journey-moved", key="moved")
        return
    gaps = {kind: apart.distances(track.vectors) for kind, track in first.tracks.items() if track.vectors.shape[1] > 1}
    caption = both.distance(gaps["first"], first.moves["first"], first.model)
    top = max(float(values.max()) for values in (*gaps.values(), *(each.distance for each in first.moves.values())))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**How far they move**")
        steps = first.moves["first"]
        parts.chart(
            figures.moved(steps.distance, steps.together, others[0], look.palette(), top=top),
            alt=caption,
            name="journey-moved",
        )
    with right:
        st.markdown("**How far apart they stand**")
        parts.chart(
            figures.by_layer(
                [Line(first.names[kind], kind, values) for kind, values in gaps.items()],
                look.palette(),
                y="distance, in activations",
                span=(0, top * 1.12),
                height=360,
            ),
            alt=caption,
            name="journey-apart",
        )
    parts.say(caption, key="moved")


def moved_table(shown: Sequence[Way]) -> Table:
    """The numbers behind :func:`moved`."""
    gaps = (
        [
            (f"{first.names[kind]}, apart", apart.distances(track.vectors)[1:])
            for kind, track in first.tracks.items()
            if track.vectors.shape[1] > 1
        ]
        if _of_two_texts(shown) and (first := shown[0])
        else []
    )
    return beside.stacked(
        _sides(shown),
        [
            [
                ("layer", range(1, way.reading.layers + 1)),
                *((f"{way.names[kind]}, distance", each.distance) for kind, each in way.moves.items()),
                *((f"{way.names[kind]}, in common", each.together) for kind, each in way.moves.items()),
                *gaps,
            ]
            for way in shown
        ],
    )


def loud(shown: Sequence[Way]) -> None:
    """One unit's share of the squared length, layer by layer."""
    first, firsts = shown[0], [way.shares["first"] for way in shown]
    if len(shown) == 1:
        means = (float(first.alike["first"].mean[-1]), float(first.quiet.mean[-1]))
        caption = said.loud(first.unit, first.shares, *means, first.model)
    else:
        quiet = [float(way.quiet.mean[-1]) for way in shown]
        caption = both.louds([way.unit for way in shown], firsts, quiet, [way.model for way in shown])
    drawn = [
        figures.by_layer(
            [Line(way.names[kind], kind, each) for kind, each in way.shares.items()],
            look.palette(),
            y=f"share of unit {way.unit}",
            span=(0, 1.04),
            percent=True,
        )
        for way in shown
    ]
    beside.charts(_sides(shown), drawn, caption, name="journey-loud", key="loud")


def loud_table(shown: Sequence[Way]) -> Table:
    """The numbers behind :func:`loud`."""
    return beside.stacked(
        _sides(shown),
        [
            [
                ("layer", range(way.reading.layers + 1)),
                *([("unit", [way.unit] * (way.reading.layers + 1))] if len(shown) > 1 else []),
                *((way.names[kind], each) for kind, each in way.shares.items()),
            ]
            for way in shown
        ],
    )


def trails(shown: Sequence[Way], left_out: bool) -> list[Trail]:
    """The texts' ways on one plane; two models have a plane each.

    Args:
        shown: one or two.
        left_out: whether the loud unit is set to 0.

    Returns:
        One for each.
    """
    found = [measures.trail(measures.without(way.first, way.unit) if left_out else way.first) for way in shown]
    caption = (
        said.trail(found[0], shown[0].reading, shown[0].unit, left_out)
        if len(shown) == 1
        else both.trails(found, [way.model for way in shown])
    )
    drawn = [
        figures.trails(
            trail.places,
            trail.shares,
            way.reading.encoding.texts,
            look.palette(),
            numbers=[row + 1 for row in way.rows],
        )
        for way, trail in zip(shown, found, strict=True)
    ]
    beside.charts(_sides(shown), drawn, caption, name="journey-trail", key="trail")
    return found


def trail_table(shown: Sequence[Way], found: Sequence[Trail]) -> Table:
    """The numbers behind :func:`trails`."""
    tables = [measures.table(trail, [row + 1 for row in way.rows]) for way, trail in zip(shown, found, strict=True)]
    return beside.stacked(_sides(shown), tables)
