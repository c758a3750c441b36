"""What the page on the input before the first layer says: its parts, that it is the same in all texts, its length."""

from __future__ import annotations

from collections.abc import Sequence

from lib import escape
from lib.checkpoints import Checkpoint
from lib.found import Verdict
from lib.measures.inputs import Check, Fact, Standing, apart, loudest, spread
from lib.quantities import ACTIVATION, ROUNDING, count, exactly, listed, nothing, number, plural, power, share
from lib.reading import InputParts, Reading

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
        said.append(
            f"{kinds} {'is a step' if len(inputs.steps) == 1 else 'are steps'} applied to {what}, not a summand."
        )
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


def _difference(reading: Reading) -> float:
    """The largest difference between two texts in any dimension of the first token, before the first layer."""
    return float(spread(reading.cls[0]).max())


def away(reading: Reading) -> float:
    """The same for the token after the first one; 0 where fewer than two texts have one."""
    after = apart(reading).after
    return 0.0 if after is None else float(after[0])


def headline(reading: Reading) -> str:
    """What the strips show, as a title; Markdown."""
    name, texts = escape.markdown(reading.checkpoint.first_token), plural(reading.batch, "text")
    if _difference(reading) <= ROUNDING:
        return f"{name} begins as the same vector in all {texts}"
    return f"{name} begins as another vector in some of {texts}"


def same(reading: Reading, drawn: int) -> str:
    """Whether the first token's vector is the same in every text before the first layer.

    Args:
        reading: the batch.
        drawn: strips there are at most.
    """
    first, texts, difference = named(reading.checkpoint), plural(reading.batch, "text"), _difference(reading)
    few = f" The strips show the first {drawn} texts; the difference is that of all." if reading.batch > drawn else ""
    if difference <= ROUNDING:  # no text has reached it yet
        after = away(reading)
        beside = f" For the token after it, it is {exactly(after)}." if after > ROUNDING else ""
        return (
            f"Before the first layer {first} is the same vector in all {texts}, whatever they say: the largest "
            f"difference over its {reading.hidden} dimensions is **{nothing(difference)}**.{beside}{few}"
        )
    return f"Before the first layer the vectors of {first} differ by up to **{exactly(difference)}**.{few}"


def keep(reading: Reading) -> str:
    """The sentence to keep; Markdown."""
    first, difference = named(reading.checkpoint), _difference(reading)
    if difference <= ROUNDING:
        return f"Before layer 1, {first} is the same vector in every text. What it tells of a text comes in later."
    return f"Before layer 1, the vectors of {first} differ between texts by up to {exactly(difference)}."


def claim(reading: Reading) -> tuple[Verdict, str, str]:
    """That the first token begins without information on its text, put to the test: verdict, claim, and why."""
    difference = _difference(reading)
    return (
        "holds" if difference <= ROUNDING else "fails",
        f"Before the first layer {named(reading.checkpoint)} has no information about its text.",
        f"Its largest difference between {plural(reading.batch, 'text')} is "
        f"{nothing(difference) if difference <= ROUNDING else exactly(difference)}.",
    )


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


def lengths(facts: Sequence[Fact], checkpoint: Checkpoint) -> str:
    """That the same is not small: how long the first token's own rows are, and how large in one dimension.

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
