"""What is said of all heads at once: where BertViz's picture starts, what patterns there are, what is too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.attention import Numbers, Shares
from lib.quantities import count, number, plural, share
from lib.texts.sources import link
from lib.words.attention import named, wordless
from lib.words.terms import term
from pages.watch.heads.measures import LONG, PATTERNS, SHARED, SHORT, Pattern, Sink, clearest, having

View: TypeAlias = Literal["head", "model"]
VIEWS: dict[View, str] = {"head": "Head view: one layer", "model": "Model view: all heads"}
HOW: dict[View, str] = {
    "head": "**Point at a token at the left**: its lines go to the tokens it attends to. Each colour is a head. Click "
    "a coloured square to hide or show its head; double-click it to see it alone.",
    "model": "A row is a layer, a column is a head. **Click a head** to see it large, then point at a token at its "
    "left. Click it again to put it back. On a narrow screen the picture moves sideways.",
}


def pattern(key: Pattern, checkpoint: Checkpoint) -> str:
    """A pattern's name; plain text."""
    return {
        "first": f"to {checkpoint.first_token}",
        "separator": f"to {checkpoint.separator}",
        "itself": "to itself",
        "before": "to the token before",
        "after": "to the token after",
    }[key]


def heads(read: Shares, view: View, checkpoint: Checkpoint) -> str:
    """The head in which the first token attends most to the words, and where it is in the picture.

    Args:
        read: the attention of the text's first token.
        view: "head" or "model".
        checkpoint: the model.
    """
    size = sum(kind.startswith("words") for kind in read.kinds)
    if not size:
        where = " The picture starts with layer 1, head 1." if view == "head" else ""
        return f"{wordless(read)}{where}"
    layer, head = read.top("words")
    first = named(checkpoint)
    where = "the picture starts there" if view == "head" else f"row {layer}, column {head}"
    return (
        f"Of all {plural(read.layers * read.heads, 'head')}, {first} attends most to the words in head {head} of layer "
        f"{layer} ({where}). They get **{share(read.of('words')[layer - 1, head - 1])}** of its attention there; equal "
        f"weights would give them {share(size * read.even)}."
    )


def headline(found: Mapping[Pattern, Numbers], checkpoint: Checkpoint) -> str:
    """In how many heads most lines end in the first token, as a title; Markdown.

    Args:
        found: float64[layers, heads] for each pattern.
        checkpoint: the model.
    """
    first, many, of = escape.markdown(checkpoint.first_token), having(found, "first"), found["first"].size
    if not many:
        return f"In none of {plural(of, 'head')} does {first} get most of the attention"
    return f"{first} gets most of the attention in {many} of {plural(of, 'head')}"


def keep(checkpoint: Checkpoint) -> str:
    """The sentence to keep; Markdown."""
    return (
        f"Each attention head attends in its own way. Many lines that end in {named(checkpoint)} do not show that it "
        "matters."
    )


def patterns(found: Mapping[Pattern, Numbers], checkpoint: Checkpoint) -> str:
    """How many heads have each pattern, and the clearest that attend to a neighbour.

    Args:
        found: float64[layers, heads] for each pattern.
        checkpoint: the model.
    """
    of = found["first"].size
    parts = [f"**{having(found, key)}** {escape.markdown(pattern(key, checkpoint))}" for key in PATTERNS]
    neighbours: tuple[Pattern, ...] = ("before", "after")
    best = {key: clearest(found, key) for key in neighbours}
    near = " and ".join(
        f"head {head} of layer {layer} most {pattern(key, checkpoint)} (**{share(value)}**)"
        for key, (layer, head, value) in best.items()
    )
    return (
        f"In so many of {plural(of, 'head')} the average token gives more than half of its attention: "
        f"{', '.join(parts)}. Of all heads, {near}."
    )


def sink(found: Mapping[Pattern, Numbers], checkpoint: Checkpoint) -> str:
    """In how many heads the average token gives most of its attention to the first token.

    Args:
        found: float64[layers, heads] for each pattern.
        checkpoint: the model.
    """
    many, of = having(found, "first"), found["first"].size
    return (
        f"On this text, in **{many}** of {plural(of, 'head')} the average token gives {named(checkpoint)} more than "
        "half of its attention."
    )


def axes(checkpoint: Checkpoint) -> tuple[str, str]:
    """Titles of the plane of the sinks."""
    first = escape.plotly(checkpoint.first_token)
    return f"length of the value vector of {first} (1: as the others’)", "stable rank of what the head writes"


def two_kinds(checkpoint: Checkpoint) -> str:
    """What a sink may do, and how the two kinds are told apart; Markdown."""
    first = named(checkpoint)
    return (
        f"A head whose tokens attend to {first} may do nothing: where the {term('value vector')} of {first} is near 0, "
        "the head adds nothing (a *no-op*). Or it hands the same vector to all tokens (a *broadcast*). "
        f"{link('fesser2026')} told the two apart in models that read images. In a no-op the value vector has at "
        f"most {share(SHORT)} of the others’ average length. In a broadcast it has at least {share(LONG)}, and what "
        f"the head writes has a {term('stable rank')} of at most {number(SHARED, 1)} (1: all tokens get the same "
        "direction). "
        "They ask nine in ten tokens for half of their attention; we ask the average token."
    )


def no_sinks(heads: int, checkpoint: Checkpoint) -> str:
    """That there is nothing to tell apart; Markdown."""
    return (
        f"**No sink here.** In none of {plural(heads, 'head')} does the average token give {named(checkpoint)} more "
        "than half of its attention on this text."
    )


def sinks_headline(found: Sequence[Sink]) -> str:
    """Which of the two the sinks are, as a title."""
    kinds = [sink.kind for sink in found]
    noops, broadcasts = kinds.count("no-op"), kinds.count("broadcast")
    if len(found) == 1:
        return f"The only sink is {'in between' if kinds == ['neither'] else f'a {kinds[0]}'}"
    if len(found) in (noops, broadcasts):
        return f"All {len(found)} sinks are {kinds[0]}s"
    return (
        f"Of {plural(len(found), 'sink')}: {noops} {_of('no-op', noops)}, {broadcasts} {_of('broadcast', broadcasts)}"
    )


def sinks(found: Sequence[Sink], heads: int, checkpoint: Checkpoint) -> str:
    """How many of the sinks are of which kind, and which is nearest to a broadcast; Markdown.

    Args:
        found: at least one.
        heads: of the whole model.
        checkpoint: the model.
    """
    first, kinds = named(checkpoint), [sink.kind for sink in found]
    many = kinds.count("broadcast")
    longest = max((sink for sink in found if sink.kind == "broadcast" or not many), key=lambda sink: sink.length)
    which = "The clearest broadcast is" if many else "Nearest to a broadcast is"
    return (
        f"In **{len(found)}** of {plural(heads, 'head')} {first} gets more than half of the average token’s attention: "
        f"**{kinds.count('no-op')}** {_of('no-op', kinds.count('no-op'))}, **{many}** {_of('broadcast', many)}, "
        f"{kinds.count('neither')} in between. {which} head {longest.head} of layer {longest.layer}: there the value "
        f"vector of {first} has **{share(longest.length)}** of the others’ length."
    )


def _of(kind: str, many: int) -> str:
    return kind if many == 1 else f"{kind}s"


def megabytes(size: int) -> str:
    """Bytes as megabytes, in words."""
    return f"{number(size / 1e6, 1 if size < 1e7 else 0)} MB"


def _long(seconds: float) -> str:
    """A span of time as one says it: seconds, and minutes from two on."""
    return plural(round(seconds), "second") if seconds < 120 else f"{round(seconds / 60)} minutes"


def too_long(tokens: int, most: int, lines: int, size: int, seconds: float) -> str:
    """What BertViz would need for a text that is longer than it is given here.

    Args:
        tokens: of the text.
        most: that are drawn.
        lines: from every token to every token, in every head.
        size: of the document, estimated, in bytes.
        seconds: to draw all heads, estimated.
    """
    return (
        f"**{plural(tokens, 'token')}; BertViz gets {most} at most here.** It draws a line from every token to every "
        f"token in every head: for this text {count(lines)} lines, about {megabytes(size)} to send and "
        f"about {_long(seconds)} to draw all of them. Shorten the text, choose another one, take its "
        "beginning, or go to the page that takes it whole."
    )


def beginning(tokens: int, whole: int, had_pair: bool) -> str:
    """That a text was cut, and what the model therefore did not see.

    Args:
        tokens: of the beginning.
        whole: of the whole text.
        had_pair: whether a second text was left out.
    """
    left = " The second text was left out." if had_pair else ""
    return (
        f"{plural(tokens, 'token')} of {count(whole)}: the model gets the beginning alone, so its attention is "
        f"another one than on the whole text.{left}"
    )


def costs(lines: int, size: int, decimals: int) -> str:
    """The size of the picture on screen.

    Args:
        lines: that BertViz draws at once.
        size: of the document, in bytes.
        decimals: of a weight in it.
    """
    return f"{plural(lines, 'line')}, {megabytes(size)}. The weights are rounded to {plural(decimals, 'decimal')}."


def alt(tokens: int, view: View, sentence: str) -> str:
    """The picture for those who cannot see it; plain text.

    Args:
        tokens: of the text.
        view: "head" or "model".
        sentence: that stands beside the picture.
    """
    drawn = "one layer, its heads by colour" if view == "head" else "all heads, a row a layer and a column a head"
    return (
        f"BertViz, {view} view: {plural(tokens, 'token')} at the left and again at the right, joined by lines; "
        f"left attends to right; {drawn}. {sentence}"
    )
