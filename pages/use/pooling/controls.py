"""What is chosen on the page on poolings, and the readings that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from lib import escape, settings
from lib.app import beside, choices, parts, readings
from lib.app.beside import Comparison, Side
from lib.cached import references, waiting
from lib.measures.vectors import above
from lib.pooling import POOLINGS
from lib.reading import Floats, Ints, Reading
from lib.store import Store
from lib.texts.examples import REFERENCE, Example
from lib.words import beside as beside_words
from pages.use.pooling import curves, exhibits, measures, words
from pages.use.pooling.curves import Curve
from pages.use.pooling.measures import Pooled, Unpadded

FEW = 6  # texts whose matrix carries its numbers on a phone too
LONG = 12  # rows of a table that stand on the page; more scroll in a box of their own

_curves: Store[Curve] = Store(settings.memory("curves"))


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


def marked(sides: Sequence[Side]) -> tuple[int, int] | None:
    """The two texts that are outlined, where two were chosen.

    Args:
        sides: what stands side by side.
    """
    twins = len(sides) > 1 and sides[0].reading is sides[1].reading
    return (sides[0].row, sides[1].row) if twins and sides[0].row != sides[1].row else None


def compared(both: tuple[Pooled, Pooled], sides: Sequence[Side]) -> str:
    """What is said of both matrices: of two texts their own cosines, of two models where they part; "" of one.

    Args:
        both: the two poolings.
        sides: what stands side by side.
    """
    if len(sides) < 2 or not (both[0].floor and both[1].floor):
        return ""
    names = [one.spoken for one in both]
    if both[0].model:
        return beside_words.cosines(above(both[0].cosines), above(both[1].cosines), names)
    return beside_words.pair(both[0].cosines, both[1].cosines, (sides[0].row, sides[1].row), names)


def follow(texts: Sequence[str], sides: Sequence[Side]) -> tuple[int, ...]:
    """The rows of the texts whose weights are shown: one, or the two that were chosen.

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


def table(rows: Sequence[Mapping[str, str]], *, key: str) -> None:
    """A table of words: Markdown in its cells; where it is long it scrolls in a box of its own."""
    with st.container(key=f"table_{key}", height=480 if len(rows) > LONG else "content", border=False):
        parts.lines([tuple(row.values()) for row in rows], heads=tuple(rows[0]), code=False, key=key)


def weights(sides: Sequence[Side], followed: Sequence[int], layer: int) -> None:
    """Shows what each pooling takes from the tokens of the text that is followed, or of two, or in two models.

    Args:
        sides: what stands side by side.
        followed: rows of the texts; two where two were chosen.
        layer: of the left side.
    """
    rows = followed if len(followed) > 1 else [followed[0]] * len(beside.models(sides))
    shown = [replace(side, row=row) for side, row in zip(sides, rows, strict=False)]
    taken = [(side.reading, side.row, side.layer(layer)) for side in shown]
    sentence = (
        words.weights(*taken[0])
        if len(shown) == 1 or beside.opening(shown)
        else words.weights_of_two(taken, [side.name for side in shown])
    )
    beside.show(shown, [exhibits.weights(*each, sentence) for each in taken])


def checks(reading: Reading, layer: int, poolings: Mapping[str, Pooled]) -> None:
    """Shows what the special tokens do to the mean, and that padding does nothing.

    Args:
        reading: of the texts.
        layer: that is pooled.
        poolings: the same texts through every pooling.
    """
    texts = beside_words.titles(reading)
    held, alike = measures.specials(reading, layer)
    if held:
        table(words.special_rows(texts, held, alike), key="specials")
        parts.say(words.specials_say(held, alike), key="specials")
    else:
        parts.note(f"**No mean without special tokens.** {poolings['mean_no_specials'].why_not}", key="specials")
    if padded := unpadded(reading, layer):
        table(words.padding_rows(padded), key="padding")
        parts.say(words.padding_says(padded, texts), key="padding")
    else:
        limit = reading.checkpoint.limit
        parts.note(f"**No padding.** These texts fill all {limit} positions of this model.", key="padding")


def unpadded(reading: Reading, layer: int) -> Unpadded | None:
    """The text with the most padding, read once more without any.

    Args:
        reading: of the texts; where they are all equally long, a longer text of ours joins one of them.
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


def where(reading: Reading, *, own: bool) -> None:
    """Shows how much of the first text each pooling keeps, wherever it stands among sentences of ours.

    Args:
        reading: of the texts.
        own: whether all of them are the visitor's, and none of ours stands beside a single one.
    """
    model, texts = choices.checkpoint(), reading.encoding.texts
    st.markdown(words.where(texts if own else texts[:1], model))
    curve = moved(texts[0])
    if curve is None:
        parts.note(words.no_room(model), key="moved")
    elif not curve.values:
        parts.note(words.not_apart(), key="moved")
    else:
        parts.show(exhibits.moved(curve, model))


def longer() -> None:
    """Shows how alike unrelated texts are as they grow, by each pooling."""
    model, curve = choices.checkpoint(), grown()
    st.markdown(words.longer())
    if curve is None:
        parts.note(words.no_room(model), key="grown")
    else:
        parts.show(exhibits.grown(curve, curves.PAIRS, model))


def moved(text: str) -> Curve | None:
    """How much of a text is kept wherever it stands among sentences of ours; None where the model has no room.

    Args:
        text: that is moved.
    """
    from lib import model

    slug, limit = choices.checkpoint().slug, choices.checkpoint().limit
    others = curves.fillers()
    for many in (len(others), len(others) // 2):
        places, texts = curves.moved(text, others[:many])
        if not curves.fits(model.tokenized(slug, texts), limit):
            continue

        def made(places: tuple[int, ...] = places, texts: tuple[str, ...] = texts) -> Curve:
            return curves.kept(places, *_pooled(texts, marked=True))

        return waiting.take(_curves, (slug, texts), made, meanwhile="Reading the text in five places…")
    return None


def grown() -> Curve | None:
    """How alike texts of ours are as they grow, as far as the model has room for them; None where it is too small."""
    from lib import model

    slug, limit = choices.checkpoint().slug, choices.checkpoint().limit
    texts = {size: each for size, each in curves.growing().items() if curves.fits(model.tokenized(slug, each), limit)}
    if len(texts) < 2:  # one point is no curve
        return None

    def made() -> Curve:
        return curves.alike({size: _pooled(each) for size, each in texts.items()})

    return waiting.take(_curves, slug, made, meanwhile="Reading texts of several lengths (once)…")


def _pooled(texts: Sequence[str], *, marked: bool = False) -> tuple[dict[str, Floats], Ints]:
    """{way: float32[texts, hidden]} and int64[texts], the tokens of each; with landmarks where there is a separator."""
    from lib import model

    slug = choices.checkpoint().slug
    plain = model.read(slug, texts, attention="none")
    lengths = plain.encoding.lengths
    if not marked or (plain.encoding.separator < 0).any():
        return curves.pooled(plain), lengths
    edits = [curves.landmarks(int(length)) for length in lengths]
    return curves.pooled(plain, model.read(slug, texts, attention="none", edit=edits)), lengths
