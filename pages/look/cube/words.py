"""What the page on the output says: of a slice of the cube, and of two cubes side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.escape import markdown
from lib.found import Verdict
from lib.measures.beside import Difference, together
from lib.measures.vectors import Doubles, cosine
from lib.quantities import COSINE, count, exactly, number, plural, written
from lib.reading import Floats, Reading
from lib.words.attention import named
from lib.words.beside import correlated, numbered, within
from lib.words.terms import term


def question(checkpoint: Checkpoint) -> str:
    """What is to be predicted: how much of one text's output the slice keeps; Markdown."""
    return (
        f"The vector of each token has {checkpoint.hidden} numbers. How many numbers of one text are left if you keep "
        f"only the slice of {named(checkpoint)}?"
    )


def answers(checkpoint: Checkpoint) -> tuple[str, str, str]:
    """What can be predicted, plain; the second is right."""
    return "One for each token", f"{checkpoint.hidden}: one vector", "All of them, only rearranged"


def because(reading: Reading) -> str:
    """How much of the first text the slice keeps, in numbers; Markdown."""
    tokens, hidden = int(reading.encoding.lengths[0]), reading.hidden
    return (
        f"Text 1 has {plural(tokens, 'vector')}, **{count(tokens * hidden)}** numbers in all. The slice keeps one "
        f"vector, **{count(hidden)}** numbers."
    )


def headline(reading: Reading) -> str:
    """What the cube shows, as a title; Markdown."""
    return f"{markdown(reading.checkpoint.first_token)} is one slice of {reading.encoding.input_ids.shape[1]}"


def keep(checkpoint: Checkpoint) -> str:
    """The sentence to keep; Markdown."""
    return (
        f"{escape.markdown(checkpoint.name)} gives back a vector for every token. If you keep {named(checkpoint)}, you "
        "keep one of them and drop the others."
    )


def claim(reading: Reading) -> tuple[Verdict, str, str]:
    """That the output of the first token is a probability, put to the test: verdict, claim, and why; Markdown."""
    name, vector = named(reading.checkpoint), reading.cls[-1, 0]
    low, high = float(vector.min()), float(vector.max())
    beyond = low < 0 or high > 1
    return (
        "fails" if beyond else "cannot tell",
        f"The output of {name} is a probability.",
        f"The output of {name} for text 1 is a vector of {reading.hidden} numbers, from {number(low)} to "
        f"{number(high)}." + (" A probability lies between 0 and 1." if beyond else ""),
    )


def _dimensions(hidden: int) -> str:
    """How many there are, with the word explained."""
    number, name = plural(hidden, "dimension").split(" ")
    return f"{number} {term('dimension', name)}"


def size(reading: Reading, layer: int) -> str:
    """How many numbers there are, and how many of them belong to padding."""
    batch, tokens, hidden = reading.hidden_states[layer].shape
    padded = int((reading.encoding.attention_mask == 0).sum())
    padding = (
        f"{count(padded * hidden)} belong to {term('padding')}: the model computes them, but no token attends to them."
    )
    return (
        f"{plural(batch, 'text')} × {plural(tokens, 'position')} × {_dimensions(hidden)} make "
        f"**{count(batch * tokens * hidden)}** numbers in layer {layer} of {reading.layers}. "
        f"The slice of {named(reading.checkpoint)} keeps **{count(batch * hidden)}**, one part in {count(tokens)}. "
        + (padding if padded else "")
    ).strip()


def rows_of_two_texts(
    readings: Sequence[Reading], rows: Sequence[int], layer: int, position: int, difference: Difference
) -> str:
    """The same position of two texts.

    Args:
        readings: both of one model; the texts.
        rows: the text of each side.
        layer: 0 to the last.
        position: from 0; a negative one counts from the end.
        difference: of the two vectors.
    """
    checkpoint, encoding = readings[0].checkpoint, readings[0].encoding
    tokens = [encoding.tokens[row][position] for row in rows]
    roles = [encoding.roles(row)[position] for row in rows]
    if roles == ["cls", "cls"]:
        what = f"the vectors of {named(checkpoint)} in {numbered(rows)}"
    else:
        one, other = (
            f"{escape.quote(token) if role == 'word' else markdown(token)} in text {row + 1}"
            for token, role, row in zip(tokens, roles, rows, strict=True)
        )
        what = f"position {str(position).replace('-', '−')} holds {one} and {other}; their vectors"
    where, of = f"In layer {layer} of {readings[0].layers}, {what}", plural(difference.width, "dimension")
    if not difference.units:
        return f"{where} are the same: the difference is **0, exactly**, in each of {of}."
    return (
        f"{where} differ in **{difference.units}** of {of}, by **{exactly(difference.mean)}** on average and by "
        f"{exactly(difference.largest)} at most (dimension {difference.at}); their cosine is "
        f"**{written(difference.cosine)}**."
    )


def cubes_of_two_models(
    readings: Sequence[Reading], layers: Sequence[int], tops: Sequence[float], pairs: Sequence[Doubles]
) -> str:
    """The outputs of two models.

    Args:
        readings: of the same texts.
        layers: the layer shown on each side.
        tops: where the colours of each end.
        pairs: float64[pairs] each, the cosines of all pairs of texts by the first token's vector; empty for one text.
    """
    here, there = (
        f"{plural(reading.batch, 'text')} × {plural(reading.encoding.input_ids.shape[1], 'token')} × {reading.hidden} "
        f"hidden dimensions {within(reading.checkpoint.name)}"
        for reading in readings
    )
    sentence = (
        f"{here}, {there}. A dimension of one model has nothing to do with a dimension of another, so numbers cannot "
        "be held against each other"
    )
    one, other = pairs
    if len(one):
        sentence += (
            "; how alike two texts are can. The cosine of texts 1 and 2 is "
            f"**{written(float(one[0]))}** for {named(readings[0].checkpoint)} in layer {layers[0]} and "
            f"**{written(float(other[0]))}** for {named(readings[1].checkpoint)} in layer {layers[1]}"
        )
    return (
        f"{sentence}.{correlated(together(one, other), f'Over all {len(one)} pairs of texts')} Each side has its own "
        f"colours, which end at ±{number(tops[0])} and ±{number(tops[1])}."
    )


def instead(reading: Reading, layer: int, position: int) -> str:
    """What a wrong position gives, against the right one.

    Args:
        reading: the batch.
        layer: 0 to the last.
        position: the column that was taken instead.
    """
    name = markdown(reading.checkpoint.first_token)
    taken: Floats = reading.hidden_states[layer][:, position]  # float32[batch, hidden]
    if np.array_equal(taken, reading.cls[layer]):
        return f"These are the vectors of {name} themselves."
    alike = cosine(taken, reading.cls[layer]).diagonal()
    ends = dict.fromkeys((COSINE.write(alike.min()), COSINE.write(alike.max())))  # one where they are written alike
    between = " to ".join(ends) + (f" over {plural(len(alike), 'text')}" if len(alike) > 1 else "")
    return f"The shape is right, the vectors are not: their cosine to those of {name} is {between}."


def whole(tokens: tuple[str, ...]) -> str:
    """What the first index alone gives."""
    return f"One text, all {plural(len(tokens), 'position')} of it: a table where one vector was meant."


def single(reading: Reading) -> str:
    """What the third index alone gives."""
    return f"One number of {reading.hidden} from every position: it is the vector of no token."
