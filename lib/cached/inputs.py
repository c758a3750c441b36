"""The input of a text taken apart, from a store that all visitors share."""

from __future__ import annotations

from lib import settings
from lib.components.strips import Strip
from lib.measures.inputs import spread
from lib.reading import InputParts, Reading
from lib.store import Store

STRIPS = 5  # texts whose vectors are drawn one under the other

_kept: Store[InputParts] = Store(settings.memory("inputs"))


def take(reading: Reading, row: int) -> InputParts:
    """What one text's input is made of; its padding is left out.

    Args:
        reading: the batch.
        row: which text.

    Raises:
        ValueError: this model's input cannot be taken apart.
    """
    encoding, slug = reading.encoding, reading.checkpoint.slug
    real = encoding.attention_mask[row] == 1
    ids, segments = encoding.input_ids[row, real], encoding.token_type_ids[row, real]

    def made() -> InputParts:
        from lib.model import embeddings

        return embeddings.parts(slug, ids, segments)

    return _kept.take((slug, tuple(ids.tolist()), tuple(segments.tolist())), made)


def assembled(inputs: InputParts, position: int, *, is_first: bool) -> list[Strip]:
    """One token's input as strips: the parts, their sum, and each step.

    Args:
        inputs: of a text.
        position: of the token.
        is_first: whether it is the first token.
    """
    summands, behind = "parts and sum", "what follows"
    rows = [
        Strip(f"{part.name}, row {part.ids[position]}", part.vectors[position], "+" if k else "", summands, is_first)
        for k, part in enumerate(inputs.parts)
    ]
    if len(rows) > 1:
        rows.append(Strip("sum", inputs.total[position], "=", summands, is_first, is_total=True))
    return rows + [Strip(step.name, step.vectors[position], "→", behind, is_first) for step in inputs.steps]


def between(reading: Reading, layer: int) -> list[Strip]:
    """The first token's vectors of a few texts as strips, and how far all of them differ.

    Args:
        reading: the batch.
        layer: 0 to the last.
    """
    vectors, scale = reading.cls[layer], "every strip"
    rows = [
        Strip(text, vector, str(k), scale, is_first=True, learners=True)
        for k, (text, vector) in enumerate(zip(reading.encoding.texts[:STRIPS], vectors, strict=False), 1)
    ]
    return [*rows, Strip("largest difference", spread(vectors), "", scale, is_total=True)]
