"""What is said of the input before the first layer: its parts, its sameness, and how loud it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.inputs import Apart, Check, Fact, Standing, loudest
from lib.measures.vectors import Doubles
from lib.quantities import ACTIVATION, ROUNDING, count, exactly, listed, nothing, number, plural, power, share
from lib.reading import InputParts, Reading

Role = Literal["first", "words", "separator"]

FEW = 0.99  # of the rows are shorter: those that are not are few enough to be counted
FAR = 4  # deviations from which on a dimension is worth a word


def named(checkpoint: Checkpoint) -> str:
    """The model's first token in its colour."""
    return f":orange[{escape.markdown(checkpoint.first_token)}]"


def token(reading: Reading, row: int, position: int) -> str:
    """A token inside a sentence: the first one in its colour, another added one bare, the learner's quoted."""
    name, role = reading.encoding.row(row)[position], _roles(reading, row)[position]
    if role == "cls":
        return named(reading.checkpoint)
    return escape.markdown(name) if role == "sep" else escape.quote(name, 24)


def _roles(reading: Reading, row: int) -> list[str]:
    return [role for role in reading.encoding.roles(row) if role != "pad"]


def formula(inputs: InputParts) -> str:
    """How the parts become the input, as code: ``LayerNorm(token + position + segment)``."""
    made = " + ".join(each.name for each in inputs.parts)
    for step in inputs.steps:
        made = f"{step.name}({made})"
    return made


def steps(inputs: InputParts) -> str:
    """What is summed and what is not, a sentence or two for the paragraph above the picture."""
    names = [each.name for each in inputs.parts]
    one = len(names) == 1
    said = [f"Layer 0 is `hidden_states[0] = {formula(inputs)}`."]
    if inputs.steps:
        kinds = listed([step.name for step in inputs.steps])
        what = "the vector" if one else "the sum"
        said.append(f"{kinds} {'is a step' if len(inputs.steps) == 1 else 'are steps'} applied to {what}, no summand.")
    if "position" not in names:
        said.append("No part says where a token stands: this model tells places apart inside its attention.")
    for each in inputs.parts:
        if each.name == "position" and each.ids[0]:
            said.append(f"Position 0 has row {each.ids[0]} of its table: the rows before it are kept for padding.")
        if each.name == "segment" and len(each.lengths) == 1:
            said.append("The segment table has one row, the same for every token: this model has no segments.")
    return " ".join(said)


def assembled(reading: Reading, row: int, position: int, inputs: InputParts) -> str:
    """What one token's input is made of, with its largest dimension.

    Args:
        reading: the batch.
        row: the text.
        position: among its real tokens.
        inputs: of that text.
    """
    lengths = [
        (each.name, f"**{number(float((each.vectors[position].astype(float) ** 2).sum() ** 0.5))}**")
        for each in inputs.parts
    ]
    total = loudest(inputs.total[position])
    said = f"{token(reading, row, position)} at position {position} is "
    if len(lengths) == 1:
        said += f"one looked-up vector, that of its {lengths[0][0]}, with length {lengths[0][1]}. "
    else:
        said += (
            f"put together from {plural(len(lengths), 'looked-up vector')}; their lengths are "
            f"{listed([' '.join(each) for each in lengths])}. "
        )
    summands = [ACTIVATION.write(float(each.vectors[position, total.unit])) for each in inputs.parts]
    made = f"{' + '.join(f'({s})' if s[0] == '−' else s for s in summands)} = " if len(summands) > 1 else ""
    said += (
        f"Dimension {total.unit} is the largest: {made}**{ACTIVATION.write(total.value)}**, "
        f"{share(total.share)} of the squared length"
    )
    if not inputs.steps:
        return said + "."
    last = inputs.steps[-1]
    end = loudest(last.vectors[position])
    said += f"; after {listed([step.name for step in inputs.steps])} "
    if end.unit == total.unit and last.vectors.shape[1] == inputs.total.shape[1]:
        return said + f"it is {ACTIVATION.write(end.value)}, {share(end.share)} of it."
    return said + f"dimension {end.unit} is, with {ACTIVATION.write(end.value)}."


def checked(found: Check, inputs: InputParts) -> str:
    """The picture's proof of itself."""
    mark, verb = ("●", "is") if found.holds else ("○", "is not")
    why = ", which is rounding" if found.holds and found.difference else ""
    return (
        f"{mark} `{formula(inputs)}`, worked out again, {verb} `hidden_states[0]` at all "
        f"{plural(found.tokens, 'position')} of this text: the largest difference is {power(found.difference)}{why}."
    )


def same(difference: float, layer: int, layers: int, texts: int, drawn: int, checkpoint: Checkpoint) -> str:
    """Whether the first token's vector is the same in every text at one layer.

    Args:
        difference: the largest, over all texts and dimensions.
        layer: 0 to the last.
        layers: of the model.
        texts: that are compared.
        drawn: strips there are at most.
        checkpoint: the model.
    """
    first = named(checkpoint)
    few = f" Strips stand for the first {drawn}; the difference is that of all." if texts > drawn else ""
    where = "Before the first layer" if layer == 0 else f"After layer {layer} of {layers}"
    if difference == 0 or (layer == 0 and difference <= ROUNDING):  # nothing was read yet
        return (
            f"{where} {first} is the same vector in all {plural(texts, 'text')}, whatever they say: "
            f"the largest difference over its dimensions is **{nothing(difference)}**.{few}"
        )
    return (
        f"{where} the vectors of {first} differ between {plural(texts, 'text')} by up to "
        f"**{exactly(difference)}**.{few}"
    )


def leaving(way: Apart, checkpoint: Checkpoint) -> str:
    """How the first token leaves 0, layer by layer, beside the others."""
    first, layers = named(checkpoint), len(way.first) - 1
    if way.first.max() <= ROUNDING:
        still = nothing(float(way.first.max()))
        return f"{first} stays at a difference of **{still}** in every layer: to this model these texts are one."
    left = next(k for k, value in enumerate(way.first) if value > ROUNDING)
    most = int(way.first.argmax())
    begins = "differs most"
    if left < most:
        begins = f"differs by {exactly(float(way.first[left]))} after layer {left} and most"
    start = (nothing if left else exactly)(float(way.first[0]))
    said = (
        f"{first} starts at **{start}**, {begins}, by **{exactly(float(way.first[most]))}**, "
        f"after layer {most} of {layers}. "
    )
    others = [
        (name, values)
        for name, values in (
            (f"the piece behind {first}", way.after),
            (escape.markdown(checkpoint.separator), way.separator),
        )
        if values is not None
    ]
    apart = [f"{name} ({exactly(float(values[0]))})" for name, values in others if values[0] > ROUNDING]
    alike = [name for name, values in others if values[0] <= ROUNDING]
    if apart:
        verb = "differ" if len(apart) > 1 else "differs"
        said += f"Of the others, {listed(apart)} {verb} from the start: not the same is looked up there in all. "
    if alike:
        verb = "start" if len(alike) > 1 else "starts"
        said += f"Here {listed(alike)} {verb} at 0 too: the same is looked up there in all."
    return said.strip()


def stands(at: Standing, what: str) -> str:
    """How long a row of a table is among the others, a clause."""
    above = round((1 - at.shorter) * (at.rows - 1))  # rows that are as long or longer
    if above == 0:
        longer = "all others"
    else:
        longer = f"all but {count(above)} others" if at.shorter > FEW else f"{share(at.shorter)} of the others"
    return (
        f"{what} has length **{number(at.length)}**, more than {longer}; the median of {count(at.rows)} rows is "
        f"{number(at.median)}"
    )


def neutral(facts: Sequence[Fact], checkpoint: Checkpoint) -> str:
    """That blank is not neutral: how long the first token's own rows are, and how large in one dimension.

    Args:
        facts: for each table that can tell.
        checkpoint: the model.
    """
    first = named(checkpoint)
    sentences = []
    for fact in facts:
        told = stands(fact.standing, f"The {fact.name} vector of {first} (row {fact.row})")
        if abs(fact.loud.deviations) >= FAR:
            told += (
                f". Its dimension {fact.loud.unit} ({ACTIVATION.write(fact.loud.value)}) is "
                f"{abs(fact.loud.deviations):.0f} standard deviations from that dimension’s mean"
            )
        sentences.append(told + ".")
    largest = {fact.loud.unit for fact in facts}
    if len(facts) > 1 and len(largest) == 1:
        sentences.append(f"Dimension {largest.pop()} is the largest in {'both' if len(facts) == 2 else 'all'}.")
    return " ".join(sentences)


def lines(way: Apart, checkpoint: Checkpoint) -> list[tuple[str, Role, Doubles, tuple[str, ...]]]:
    """The lines of the picture by layer: name, role, float64[layers+1], and the numbers at its points.

    Args:
        way: how far texts differ at the same place.
        checkpoint: the model.
    """
    drawn: list[tuple[str, Role, Doubles, tuple[str, ...]]] = [
        (checkpoint.first_token, "first", way.first, tuple(_short(float(value)) for value in way.first))
    ]
    if way.after is not None:
        drawn.append((f"the piece behind {checkpoint.first_token}", "words", way.after, ()))
    if way.separator is not None:
        drawn.append((checkpoint.separator, "separator", way.separator, ()))
    return drawn


def _short(value: float) -> str:
    return "0" if value == 0 else exactly(value, 2)
