"""The pictures of weight and amount, of what is kept, and of what adds up to the new vector."""

from __future__ import annotations

from collections.abc import Sequence

from lib.exhibit import Drawing, Exhibit
from lib.measures import amount, ledger
from lib.measures.amount import Amounts, Mixing
from lib.measures.attention import KINDS
from lib.measures.attention import Kind as Group
from lib.measures.ledger import Decomposition
from lib.reading import Reading
from lib.words.attention import group
from pages.watch.amount import bands, figures, terms, words


def amounts(found: Amounts, reading: Reading, row: int, kinds: Sequence[Group], state: str) -> Exhibit:
    """Each layer's attention as one whole, by weight, by length or by amount.

    Args:
        found: of the text.
        reading: that it is of.
        row: the text.
        kinds: what each token is.
        state: of :data:`words.STATES`, which one the whole is of.
    """
    model, tokens = reading.checkpoint, reading.encoding.row(row)
    groups = [kind for kind in KINDS if kind in kinds]
    shares = {"weight": found.weights, "length": found.evenly, "amount": found.shares}
    labels = {kind: group(kind, "attends_to", model) for kind in groups}
    meant = words.meant(state, model)

    def message(alt: str) -> bytes:
        return bands.payload(shares, found.lengths, tokens, kinds, labels, state=state, meant=meant, alt=alt)

    return Exhibit(
        "amount",
        words.amounts(found, kinds, groups, model),
        Drawing(bands.bands, message),
        lambda: amount.by_token(found, tokens),
        "Weight and length are means over heads; the amount is the length of the sum over heads, in activations.",
        words.grouped(found, kinds, groups),
        headline=words.finding(found, kinds, model),
    )


def mixing(found: Mixing, reading: Reading) -> Exhibit:
    """How much of the new vector comes from other tokens, counted in three ways."""
    ways = words.ways(found)
    shown = [*ways[:2], ways[-1]]
    return Exhibit(
        "mixing",
        words.mixing(found, reading.checkpoint),
        lambda palette: figures.mixing(shown, palette),
        lambda: [("layer", range(1, reading.layers + 1)), *ways],
        "|others| / (|others| + |own|), 0 to 1: how much of what makes the new vector comes from other tokens.",
    )


def layer(found: Decomposition, number: int, fold: str, reading: Reading, row: int, unit: int) -> Exhibit:
    """Every term of one layer's new vector.

    Args:
        found: of the layer.
        number: of the layer, from 1.
        fold: of :data:`words.FOLDS`, what the attention's part is taken apart into.
        reading: of the texts.
        row: the text.
        unit: the outlier dimension.
    """
    model, tokens = reading.checkpoint, reading.encoding.row(row)
    roles = [role for role in reading.encoding.roles(row) if role != "pad"]
    return Exhibit(
        "terms",
        words.layer(found, number, fold, tokens, roles, unit, model),
        Drawing(terms.terms, lambda alt: terms.payload(found, number, fold, tokens, roles, model, alt=alt)),
        lambda: terms.table(found, number, fold, tokens, roles, model),
        f"Layer {number}: every term of the new vector, its length, and its share t · new / |new|².",
        {
            "the new vector without LayerNorms misses by": found.missed,
            f"dimension {unit}’s part of the squared length": found.held(unit),
            **{words.kind(kind, model): value for kind, value in found.by_kind.items()},
        },
    )


def layers(every: Sequence[Decomposition], unit: int, chosen: int, reading: Reading) -> Exhibit:
    """What makes the new vector in every layer.

    Args:
        every: of all layers, as they are drawn.
        unit: the outlier dimension.
        chosen: the layer that is open, from 1.
        reading: of the texts.
    """
    model = reading.checkpoint
    names = {kind: words.kind(kind, model) for kind in ledger.kinds(every)}
    other = ledger.recounted(every, unit if every[0].left_out is None else None)
    return Exhibit(
        "made",
        words.layers(every, unit, model),
        lambda palette: figures.made_of(ledger.by_kind(every), names, chosen, palette, y=words.axis(every[0])),
        lambda: ledger.by_layer(every, list(names.values())),
        words.made(every, unit),
        {"the outlier dimension": unit, "counted the other way, at most": max(each.by_kind["read"] for each in other)},
    )
