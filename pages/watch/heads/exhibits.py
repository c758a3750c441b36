"""The pictures of the page on all heads: BertViz, with the weights that it draws, and the plane of the sinks."""

from __future__ import annotations

from collections.abc import Sequence

from lib.checkpoints import Checkpoint
from lib.exhibit import Drawing, Exhibit
from lib.measures.attention import Shares
from lib.reading import Reading
from pages.watch.heads import figures, measures, words
from pages.watch.heads.measures import Sink
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


def sinks(found: Sequence[Sink], heads: int, model: Checkpoint) -> Exhibit:
    """The heads that sink into the first token: whether each does nothing, or writes the same to all tokens.

    Args:
        found: at least one.
        heads: of the whole model.
        model: that reads.
    """
    length, rank = "length", "stable rank"
    kinds = [sink.kind for sink in found]
    return Exhibit(
        "sinks",
        words.sinks(found, heads, model),
        lambda palette: figures.sinks(found, (length, rank), words.axes(model), palette),
        lambda: {
            "layer": [sink.layer for sink in found],
            "head": [sink.head for sink in found],
            length: [sink.length for sink in found],
            rank: [sink.rank for sink in found],
            "nearer to": kinds,
        },
        f"A line a head. Length: of the value vector of {model.first_token}, divided by the average of the other "
        "tokens’. Stable rank: of what the head writes to all tokens, from 1.",
        {"sinks": len(found), "heads": heads, "no-ops": kinds.count("no-op"), "broadcasts": kinds.count("broadcast")},
        words.sinks_headline(found),
    )
