"""What is said of attention knock-out: a first token that may not attend to others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.found import Verdict
from lib.measures import inputs
from lib.measures.vectors import Doubles, Flags, above, cosine
from lib.quantities import ROUNDING, count, exactly, listed, nothing, number, plural, power, share, written
from lib.reading import Encoding, Reading
from lib.texts.sources import link
from lib.words import edits
from lib.words.attention import named
from lib.words.terms import term
from pages.change.starve.measures import (
    ByLayer,
    Edges,
    Effects,
    Hidden,
    Kept,
    Left,
    before_the_cut,
    largest_cut,
    row_sums,
)

ANSWERS = (
    "They differ clearly",
    "They are nearly the same",
    "They are exactly the same",
)
NEARLY = 0.98  # cosine of the two texts that differ most, from where on all are nearly the same
HALF = 0.5  # of what attention brings in: from there on a layer is where the text gets in
MISSED = 0.01  # of a cosine, from which on one is worth more than another
PASSED, DROPPED = "the share goes to the others", "the share goes to no token"  # of the first token, as rows name it
CLEARLY = 1.5  # times the average, from where on it is worth a word


def question(checkpoint: Checkpoint) -> str:
    """What is asked before the experiment."""
    first = named(checkpoint)
    return (
        f"{first} may attend to nothing but itself, in every layer. How alike are its final vectors in different texts?"
    )


def guessed(left: Left, starved: Reading) -> str | tuple[()]:
    """The answer of ``ANSWERS`` that is right here; none where the texts do not differ even untouched.

    Args:
        left: what the changes leave; of it only what is untouched counts.
        starved: the texts with nothing attended to.
    """
    before, vectors = float(left.before[-1]), starved.cls[-1]
    if before == 0:
        return ()
    if _same(float(inputs.spread(vectors).max()), before):
        return ANSWERS[2]
    return ANSWERS[1] if above(cosine(vectors, vectors)).min() >= NEARLY else ANSWERS[0]


def because(left: Left, starved: Reading, checkpoint: Checkpoint) -> str:
    """How different the final vectors are without attention to others, for the reveal."""
    before, after = float(left.before[-1]), float(inputs.spread(starved.cls[-1]).max())
    texts = plural(starved.batch, "text")
    if before == 0:
        return f"To this model the {texts} are the same, with attention too. Another text above would tell."
    there = nothing(after) if _same(after, before) else exactly(after)
    return (
        f"With attention to others forbidden in all {plural(starved.layers, 'layer')}, the largest difference between "
        f"{texts} in any dimension of {named(checkpoint)} is **{there}**. With attention it is {exactly(before)}."
    )


def _same(after: float, before: float) -> bool:
    return after <= ROUNDING * max(1.0, before)


def keep(kind: Verdict, checkpoint: Checkpoint) -> str:
    """The sentence to keep: of encoders in general where this model shows it, else of this model."""
    first = named(checkpoint)
    if kind == "fails":
        return f"In this model {first} differs between texts even without attention."
    return (
        f"Without attention, {first} is the same vector in every text: all that it knows of a text comes in through it."
    )


def connections(edges: Edges, checkpoint: Checkpoint) -> str:
    """What is forbidden, and how much attention that was.

    Args:
        edges: from the first token to others.
        checkpoint: the model.
    """
    first = named(checkpoint)
    if not edges.cut:
        return f"Nothing is forbidden: {first} attends as it always does."
    return (
        f"**{count(edges.cut)} of {count(edges.all)}** connections from {first} to other tokens are forbidden. In the "
        f"unchanged model they carry **{share(edges.carried)}** of its attention, mean over layers and heads."
    )


def final(left: Left, row: int, drawn: int, reading: Reading) -> str:
    """Whether the final vectors of the texts are still different.

    Args:
        left: what the changes leave.
        row: the text that is followed.
        drawn: strips there are at most.
        reading: of the texts as they are.
    """
    texts, lengths = reading.batch, reading.encoding.lengths
    before, after = float(left.before[-1]), float(left.after[-1])
    few = f" The strips show the first {drawn} texts; the difference is that of all." if texts > drawn else ""
    sizes = f", of {lengths.min()} to {lengths.max()} tokens" if lengths.min() < lengths.max() else ""
    if before == 0:
        return f"Even unchanged, the largest difference is **{exactly(before)}**. Add another text above.{few}"
    if _same(after, before):
        return (
            f"The largest difference between the texts{sizes}, in all {reading.hidden} dimensions, is "
            f"**{nothing(after)}**; unchanged, it is {exactly(before)}.{few}"
        )
    return (
        f"The largest difference between {plural(texts, 'text')} is **{exactly(after)}**; unchanged, it is "
        f"{exactly(before)}. The cosine of text {row + 1} to its unchanged vector is {written(left.cosine)}.{few}"
    )


def final_headline(left: Left, row: int, reading: Reading) -> str:
    """What the changes leave, as a title; Markdown."""
    first, before, after = named(reading.checkpoint), float(left.before[-1]), float(left.after[-1])
    if before == 0:
        return f"These texts are the same to {first}, unchanged too"
    if _same(after, before):
        return f"{first} is one and the same vector in all {plural(reading.batch, 'text')}"
    if abs(left.back - 1) <= ROUNDING:
        return f"{first} is as it always is"
    return f"Text {row + 1}: {part(left.back)} of what attention brings to {first} is there"


def part(value: float) -> str:
    """A share that may be below 0, as whole percent; all of it, or none, only where it is."""
    if 0.995 <= value < 1:
        return ">99%"
    return "less than 1%" if 0 < abs(value) < 0.005 else share(value)


def apart(before: Doubles, after: Doubles, checkpoint: Checkpoint) -> str:
    """The difference between the texts, layer by layer.

    Args:
        before: float64[layers+1], unchanged.
        after: float64[layers+1], with the changes.
        checkpoint: the model.
    """
    first, layers = named(checkpoint), len(before) - 1
    said = f"Unchanged, the largest difference after layer {layers} is {exactly(float(before[-1]))}"
    if np.abs(before - after).max() <= ROUNDING:
        return f"{said}. Nothing that you changed moves it."
    there = np.flatnonzero(after > ROUNDING)
    if not len(there):
        said += f". With your changes it is **{nothing(float(after.max()))}** in every layer"
        return f"{said}: nothing of a text reaches {first}."
    start, end = int(there[0]), f"**{exactly(float(after[-1]))}**"
    said += f". With your changes it is {nothing(float(after[:start].max(initial=0)))}, up to layer {start - 1}"
    if start == layers:
        return f"{said}, and {end} after layer {layers}."
    return f"{said}, {exactly(float(after[start]))} after layer {start} and {end} after the last layer."


def apart_headline(after: Doubles, checkpoint: Checkpoint) -> str:
    """Where the texts begin to differ, as a title; Markdown."""
    there = np.flatnonzero(after > ROUNDING)
    if not len(there):
        return f"Nothing of a text reaches {named(checkpoint)}, in any layer"
    if not there[0]:
        return f"{named(checkpoint)} differs between texts before the first layer"
    return f"With your changes the texts begin to differ in layer {int(there[0])}"


def by_layer(found: ByLayer, row: int, texts: int, checkpoint: Checkpoint) -> str:
    """What each layer brings in.

    Args:
        found: what comes back and what is left.
        row: the text that is followed.
        texts: that there are; fewer may have been measured.
        checkpoint: the model.
    """
    measured = found.alone.shape[1]
    alone, left = found.alone.mean(axis=1), found.without.mean(axis=1)
    best, worst = int(alone.argmax()), int(left.argmin())
    over = f" (mean of {plural(measured, 'text')}" + (f" of {texts}" if measured < texts else "") + ")"
    whose = over if measured > 1 else f" (text {row + 1})" if texts > 1 else ""
    said = f"With layer {best + 1} alone open, **{part(float(alone[best]))}** comes back{whose}"
    others = np.delete(alone, best)
    said += f"; with any other layer alone, {_most(float(others.max()))}. " if len(others) else ". "
    said += f"With layer {worst + 1} alone closed, **{part(float(left[worst]))}** is left"
    others = np.delete(left, worst)
    return said + (f"; with any other layer closed, at least {part(float(others.min()))}." if len(others) else ".")


def by_layer_headline(found: ByLayer) -> str:
    """The layer through which the text gets in, where there is one; plain."""
    alone, left = found.alone.mean(axis=1), found.without.mean(axis=1)
    best = int(alone.argmax())
    if best == int(left.argmin()) and alone[best] >= HALF > left[best]:
        return f"In this model the text comes in through layer {best + 1} of {len(alone)}"
    if alone[best] < HALF:
        return "In this model no layer alone brings in half of the text"
    return "In this model more than one layer can bring the text in"


def _most(value: float) -> str:
    return "nothing" if value <= 0 else "less than 1%" if value < 0.005 else f"at most {part(value)}"


def bar(encoding: Encoding, row: int, places: Sequence[int]) -> str:
    """The plain name of a token, or of a run of them."""
    names = encoding.row(row)
    if len(places) == 1:
        return f"{places[0]} {escape.visible(names[places[0]])}"
    return f"{places[0]}–{places[-1]} {escape.visible(names[places[0]])}…"


def average(found: Effects) -> str:
    """What the dashed line is called."""
    what = "token" if max(map(len, found.places)) == 1 else "run"
    return f"average {what}: {part(found.mean)}"


def _what(encoding: Encoding, row: int, places: Sequence[int], checkpoint: Checkpoint) -> str:
    if len(places) == 1:
        return edits.token(encoding, row, places[0], checkpoint)
    return (
        f"the run from {edits.token(encoding, row, places[0], checkpoint)} on (positions {places[0]} to {places[-1]})"
    )


def effects(found: Effects, chosen: int, encoding: Encoding, row: int, checkpoint: Checkpoint) -> str:
    """What one token is worth, against the average one and the one that is worth most.

    Args:
        found: how far each moves the first token.
        chosen: the one that is marked.
        encoding: of the texts as they are.
        row: which text.
        checkpoint: the model.
    """
    first, mean, top = named(checkpoint), found.mean, int(found.moved.argmax())
    here = float(found.moved[chosen])
    name = _what(encoding, row, found.places[chosen], checkpoint)
    said = f"If {first} may not attend to {name}, it moves **{part(here)}** as far as without any token. "
    if len(found.places) == 1:
        return said + "There is no other token to compare it with."
    what = "tokens" if max(map(len, found.places)) == 1 else "such runs"
    times = here / mean if mean > 0 else 1.0
    against = f", {number(times, 1)} times as far as that" if times >= CLEARLY else ""
    said += f"The average of {len(found.places)} {what} moves it **{part(mean)}**"
    if chosen == top:
        return said + f"; this one moves it farthest{against}."
    most = _what(encoding, row, found.places[top], checkpoint)
    return said + f"; {most} moves it farthest: {part(float(found.moved[top]))}."


def effects_headline(found: Effects, encoding: Encoding, row: int, checkpoint: Checkpoint) -> str:
    """The token that is worth most, as a title; Markdown."""
    most = _what(encoding, row, found.places[int(found.moved.argmax())], checkpoint)
    return f"Without {most}, {named(checkpoint)} moves farthest"


def verdict(left: Left, starved: Reading, checkpoint: Checkpoint) -> tuple[Verdict, str]:
    """Whether the first token holds anything of a text by itself, and why.

    Args:
        left: what the changes leave; of it only what is untouched counts.
        starved: the texts with nothing attended to.
        checkpoint: the model.
    """
    first, texts, layers = named(checkpoint), plural(starved.batch, "text"), starved.layers
    before, vectors = float(left.before[-1]), starved.cls[-1]
    after = float(inputs.spread(vectors).max())
    if before == 0:
        return "cannot tell", (
            "To this model these texts are the same, so there is nothing that could differ. Another text would tell."
        )
    forbidden = f"With attention to others forbidden in all {plural(layers, 'layer')}"
    found = f"{forbidden}, the largest difference between {texts} is "
    if _same(after, before):
        return "holds", (
            f"{found}**{nothing(after)}**. All that tells the texts apart in {first} came in through attention. "
            "Of its own it has one fixed vector, the same in every text, of length "
            f"{number(float(np.linalg.norm(vectors[0])))}."
        )
    return "fails", f"{found}**{exactly(after)}**: something else than attention tells them apart."


def proofs(plain: Reading, now: Reading, starved: Reading, row: int, cut: Flags) -> list[tuple[str, str, bool]]:
    """What the page checks of itself: what should hold, what was found, whether it does.

    Args:
        plain: the untouched reading.
        now: with the changes.
        starved: with nothing attended to.
        row: the text that is followed.
        cut: bool[layers, tokens], the edges of that text that may not be used.
    """
    first, texts = named(plain.checkpoint), plural(plain.batch, "text")
    rows, deviation = row_sums(now)
    alike = float(inputs.apart(starved).first.max())
    last, leak = before_the_cut(plain, now, cut)
    edges, largest = int(cut.sum()), largest_cut(now, row, cut)
    to_last = f"layers 0 to {last}" if last else "layer 0"
    found = [
        (
            f"{first} gives no weight to {plural(edges, 'forbidden connection')} in any head",
            f"the largest is {power(largest)}",
            largest == 0,
        ),
        (
            f"each of {plural(rows, 'row')} of attention weights of {first} adds up to 1",
            f"the largest deviation is {power(deviation)}",
            deviation <= ROUNDING,
        ),
        (
            f"with every layer closed, {first} is the same in {texts}",
            f"the largest difference in any layer is {power(alike)}",
            alike <= ROUNDING,
        ),
        (
            f"what the changes cannot reach ({to_last}, every token) stays as it was",
            f"the largest difference is {power(leak)}",
            leak <= ROUNDING,
        ),
    ]
    return found if edges else found[1:]


def scope(checkpoint: Checkpoint) -> tuple[str, str, str]:
    """What holds for this model, for BERT and for most encoders, a sentence each."""
    first = named(checkpoint)
    return (
        "How much each layer and each token brings in is measured here, on these texts.",
        "Without attention its [CLS] is the same in every text, too; which layers bring the text in must be measured.",
        f"The sameness holds wherever tokens meet only through attention and {first} has one position and one segment.",
    )


def hidden_headline(found: Hidden, checkpoint: Checkpoint) -> str:
    """Whether the other tokens miss the first one; Markdown."""
    first = escape.markdown(checkpoint.first_token)
    if not len(found.words):
        return f"Without {first}, the mean keeps a cosine of {number(found.first, 3)}"
    if found.first < float(found.words.min()) - MISSED:
        return f"The others use {first}: no single word is missed as much"
    if found.first < float(found.words.mean()) - MISSED:
        return f"The others miss {first} more than most words"
    return f"The others miss {first} no more than a word"


def hidden(found: Hidden, checkpoint: Checkpoint) -> str:
    """What the mean keeps; Markdown.

    Args:
        found: for the first token, single words and the separators.
        checkpoint: the model.
    """
    said = f"No other token may attend to {named(checkpoint)}: the mean keeps a cosine of **{number(found.first, 3)}**."
    if len(found.words):
        said += f" Without one word it keeps **{number(float(found.words.mean()), 3)}** on average"
        said += "." if found.separators is None else f", without the separators **{number(found.separators, 3)}**."
    elif found.separators is not None:
        said += f" Without the separators it keeps **{number(found.separators, 3)}**."
    return said


def parked(checkpoint: Checkpoint) -> str:
    """Why other tokens may attend to the first one at all; Markdown."""
    return (
        f"Why may the others attend to {named(checkpoint)} at all? The weights of a token add up to 100%, so they have "
        f"to rest somewhere. First tokens were found to take much of them though they mean little ({link('xiao2023')}, "
        "in models that write). Forbid it, and their share goes to the other tokens: that, too, changes the mean."
    )


def noop(checkpoint: Checkpoint) -> str:
    """Why a weight is set to 0 without giving it to another token; Markdown."""
    first = named(checkpoint)
    return (
        f"If the others may not attend to {first}, they lose what it gives them, and their other weights grow. Which "
        f"of the two counts? A weight on a token whose {term('value vector')} is near 0 adds nothing: the head does "
        f"nothing then, a *no-op*. Sinks of models that write may work like that ({link('gu2025')}). To test it, we "
        f"set the weights on {first} to 0 after the {term('softmax')}, and give them to no other token."
    )


def shares_headline(passed: Kept, dropped: Kept, checkpoint: Checkpoint) -> str:
    """Which change of the share changes the mean more; Markdown."""
    more = _more(passed.mean, dropped.mean)
    if more == "pass" and dropped.mean >= NEARLY:
        return f"Without what {escape.markdown(checkpoint.first_token)} gives them, the mean stays nearly the same"
    return {
        "pass": "Giving the share to the others changes the mean more than dropping it",
        "drop": "Dropping the share changes the mean more than giving it to the others",
        "": "Given to the others or dropped, the share changes the mean about equally",
    }[more]


def _more(passed: float, dropped: float) -> str:
    """Which of two leaves less: "pass", "drop", or "" where both leave about the same."""
    return "" if abs(passed - dropped) < MISSED else "pass" if passed < dropped else "drop"


def shares(passed: Kept, dropped: Kept, checkpoint: Checkpoint) -> str:
    """What the mean keeps either way, and which of the two changes the mean, the words, the separators more; Markdown.

    Args:
        passed: what is left where the share goes to the other tokens.
        dropped: what is left where it goes to no token.
        checkpoint: the model.
    """
    told = {"pass": "Giving it to the others changes {} more.", "drop": "Dropping it changes {} more."}
    parts = {
        "the mean": (passed.mean, dropped.mean),
        "the average word": (passed.word, dropped.word),
        "the average separator": (passed.separator, dropped.separator),
    }
    found: dict[str, list[str]] = {}
    for name, (one, other) in parts.items():
        if one is not None and other is not None:
            found.setdefault(_more(one, other), []).append(name)
    said = (
        f"If the share of {named(checkpoint)} goes to the other tokens, the mean keeps a cosine of "
        f"**{number(passed.mean, 3)}**; if it goes to no token, **{number(dropped.mean, 3)}**."
    )
    for more, names in found.items():
        said += " " + told.get(more, "Both change {} about equally.").format(listed(names))
    return said
