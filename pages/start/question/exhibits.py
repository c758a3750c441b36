"""The picture of the whole way, from the tokens to what the first one's vector is near to."""

from __future__ import annotations

from lib.exhibit import Drawing, Exhibit, Table
from lib.measures.columns import columns, names, summed
from lib.measures.story import Story
from lib.reading import Floats, Reading
from lib.words import whose
from lib.words.attention import named
from pages.start.question import words
from pages.start.question.way import MOST_COLUMNS, Near, draw, payload

DOORS = (
    ("tokens", "Tokens"),
    ("attention", "Attention"),
    ("cube", "The cube and the slice"),
    ("pooling", "Or the mean?"),
)


def way(reading: Reading, story: Story, by_cls: Floats, by_mean: Floats) -> Exhibit:
    """The first text's way.

    Args:
        reading: of the texts, at least two.
        story: of the first text's first token.
        by_cls: float32[texts - 1], cosine of the others to the first text by the first token's vector.
        by_mean: float32[texts - 1], the same by the mean of all tokens.
    """
    model, texts = reading.checkpoint, reading.encoding.texts
    others = [Near(*each) for each in zip(texts[1:7], by_cls.tolist(), by_mean.tolist(), strict=False)]
    captions = words.captions(reading, 0, model)

    def table() -> Table:
        cut = columns(story.attends_to, MOST_COLUMNS)
        shares = summed(story.attends_to, cut)
        return [
            ("token", names(reading.encoding.row(0), cut)),
            *((f"layer {k}", row) for k, row in enumerate(shares, 1)),
        ]

    near = {
        f"cosine to text {number} by {name}": value
        for number, other in enumerate(others, 2)
        for name, value in ((model.first_token, other.cls), ("the mean", other.mean))
    }
    most = {"attention to the text, at most": float(story.words.max(initial=0))}
    return Exhibit(
        "way",
        words.way(story, model),
        Drawing(draw, lambda plain: payload(reading, 0, story.attends_to, captions, DOORS, others, plain)),
        table,
        f"Share (0 to 1, mean over heads) of the attention of {named(model)} that each token of the first text gets.",
        {**most, **near},
        headline=f"From {whose.text(texts[0])} to one vector",
    )
