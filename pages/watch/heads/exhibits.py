"""The picture of the page on all heads: BertViz, with the weights that it draws as its table."""

from __future__ import annotations

from lib.exhibit import Drawing, Exhibit
from lib.measures.attention import Shares
from lib.reading import Reading
from pages.watch.heads import measures, words
from pages.watch.heads.words import View


def heads(reading: Reading, read: Shares, view: View, layers: tuple[int, ...], drawing: Drawing) -> Exhibit:
    """All tokens of one text and what each attends to, in every head.

    Args:
        reading: of one text, with attention "full".
        read: the attention of its first token.
        view: "head" or "model".
        layers: that are drawn, from 1.
        drawing: of BertViz.
    """
    layer, head = read.top("words")
    found = measures.patterns(reading, 0)
    return Exhibit(
        "heads",
        words.heads(read, view, reading.checkpoint),
        drawing,
        lambda: measures.drawn(reading, 0, layers),
        "A line per token that attends, in each head; a column per token attended to; weights from 0 to 1, "
        f"rounded to {measures.DECIMALS} decimals as they are drawn.",
        {
            f"share of the words in head {head} of layer {layer}": float(read.of("words")[layer - 1, head - 1]),
            "heads with most attention on the first token": float(measures.having(found, "first")),
        },
        words.headline(found, reading.checkpoint),
    )
