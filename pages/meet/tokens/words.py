"""What the page on tokens says: of one text and its tokens, of a pair, of a batch."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from lib import escape
from lib.checkpoints import Checkpoint
from lib.found import Verdict
from lib.measures import tokens as measures
from lib.quantities import count, plural, shape, share
from lib.reading import Encoding
from lib.words.attention import named
from lib.words.terms import term

QUOTED = 60  # characters of a text in a sentence
LONGEST = 24  # characters of a word
NAMED = 3  # how many of a kind a sentence names
SPELLED = 8  # tokens of a word that are shown


def question(encoding: Encoding, row: int) -> str:
    """What is to be predicted: how many tokens a text becomes; Markdown.

    Args:
        encoding: the batch.
        row: the text.
    """
    words = plural(measures.length(encoding, row).spaced, "word")
    return (
        f"{_quote(encoding.texts[row], 40)} has {words}, if you split it at spaces. How many tokens does the tokenizer "
        "make of it, in all?"
    )


def answers(encoding: Encoding, row: int) -> tuple[str, str, str]:
    """What can be predicted, plain: as many tokens as words, those and what is added, or more.

    Args:
        encoding: the batch.
        row: the text.
    """
    size = measures.length(encoding, row)
    added = size.spaced + size.added
    return (
        f"{count(size.spaced)}: one for each word",
        f"{count(added)}: one for each word, and {size.added} more",
        f"More than {count(added)}",
    )


def right(encoding: Encoding, row: int) -> tuple[str, ...]:
    """Which of :func:`answers` is right; none where fewer tokens than words reached the model.

    Args:
        encoding: the batch; what was cut off counts, too.
        row: the text.
    """
    size, (bare, with_added, more) = measures.length(encoding, row), answers(encoding, row)
    beyond = size.whole - size.spaced
    return {-size.added: (bare,), 0: (with_added,)}.get(beyond, (more,) if beyond > 0 else ())


def because(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """How many tokens a text became, in numbers; Markdown.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    size, most = measures.length(encoding, row), _longest(encoding, row)
    adds = {1: named(checkpoint), 2: f"{named(checkpoint)} and {escape.markdown(checkpoint.separator)}"}
    added = f", and the tokenizer adds {adds.get(size.added, plural(size.added, 'token'))}"
    split = f" {_quote(most.letters)} alone becomes {most.stop - most.start}." if most else ""
    return (
        f"The text becomes {plural(size.whole, 'token')}{added}: **{count(size.whole + size.added)}** in all.{split}"
        + (f" The model gets only the first {count(size.tokens)}." if size.cut else "")
    )


def headline(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """What the sequence shows, as a title; Markdown."""
    size = measures.length(encoding, row)
    become = "becomes" if size.spaced == 1 else "become"
    return (
        f"{plural(size.spaced, 'word')} {become} {plural(size.whole + size.added, 'token')}, and "
        f"{escape.markdown(checkpoint.first_token)} is the first"
    )


def sequence(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """What the rows of the sequence say: the first token's place and id, and the attention mask.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    size = measures.length(encoding, row)
    whole = plural(size.whole, "token")
    kept = f"{whole}, keeps the first **{count(size.pieces)}**" if size.cut else f"**{whole}**"
    return (
        f"The tokenizer splits the text into {kept} and adds {size.added}. {named(checkpoint)} has position "
        f"{int(encoding.first[row])} and id {measures.shared_start(encoding)}, in every text. The attention mask is 1 "
        f"for each real token. {term('padding', 'Padding')} has mask 0: no token attends to it."
    )


def keep(checkpoint: Checkpoint, encoding: Encoding) -> str:
    """The sentence to keep; Markdown."""
    return (
        f"The tokenizer of {escape.markdown(checkpoint.name)} puts {named(checkpoint)} in front of every text, always "
        f"with id {measures.shared_start(encoding)}: it is no word of the text."
    )


def claim(checkpoint: Checkpoint, encoding: Encoding) -> tuple[Verdict, str, str]:
    """What people say of what the model gets, whether it holds on the first text, and why; Markdown."""
    size = measures.length(encoding, 0)
    kind: Verdict = "cannot tell" if not size.spaced else "holds" if size.whole == size.spaced else "fails"
    return (
        kind,
        "“The model reads one token for each word.”",
        f"Split at spaces, the text has {plural(size.spaced, 'word')}; the tokenizer makes "
        f"{plural(size.whole, 'token')} of it and adds {size.added}, {escape.markdown(checkpoint.first_token)} among "
        "them.",
    )


def told_apart(checkpoint: Checkpoint) -> str:
    """How the model knows which of two texts a token belongs to; Markdown."""
    if checkpoint.has_segments:
        return "The **segment** row tells the model which text a token belongs to: A, or :violet[B]."
    return f"This model has no segments: only {escape.markdown(checkpoint.separator)} stands between A and :violet[B]."


def pair(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """Where the second text of a pair begins, and that there is one first token.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the pair.
    """
    size = measures.length(encoding, row)
    second = (encoding.sequence[row] == 1).nonzero()[0]
    added = (encoding.special_tokens_mask[row] == 1) & (encoding.attention_mask[row] == 1)
    heads = int((encoding.input_ids[row, added] == measures.shared_start(encoding)).sum())
    separators = size.added - heads
    begins = ""
    if second.size:
        begins = f"The second text begins at position {int(second[0])}"
        begins += (
            f": from there on, `token_type_ids` is {int(encoding.token_type_ids[row, second[0]])}."
            if checkpoint.has_segments
            else ". This model has no segments: only the separators tell it so."
        )
    return (
        f"Two texts, **{plural(size.tokens, 'position')}**: {named(checkpoint)} {_times(heads)}, "
        f"{escape.markdown(checkpoint.separator)} {_times(separators)}. {begins}"
    )


def findings(checkpoint: Checkpoint, encoding: Encoding, row: int) -> tuple[str, ...]:
    """What is remarkable about how this text was cut, a sentence or two each; often nothing.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    every = (
        _unknown(encoding, row),
        _most_cut(encoding, row),
        _respelled(encoding, row),
        _lost(encoding, row),
        _names(checkpoint, encoding, row),
        _right_to_left(encoding, row),
    )
    return tuple(sentence for sentence in every if sentence)


def left_out(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """What was cut off, numbers first and its end quoted; "" where nothing was.

    Args:
        checkpoint: whose limit it was.
        encoding: the batch.
        row: the text.
    """
    size = measures.length(encoding, row)
    if not size.cut:
        return ""
    whole = "The text has" if encoding.pairs[row] is None else "The two texts have"
    unread = encoding.unread[row]
    begin = _quote(unread, QUOTED)
    end = f", to its end, {_quote(unread[-QUOTED:].lstrip(), QUOTED)}" if len(unread) > 2 * QUOTED else ""
    return (
        f"**Cut after {plural(size.tokens, 'token')}.** {whole} {count(size.tokens + size.cut)}; "
        f"the model never gets the last {count(size.cut)}, from {begin}{end}."
    )


def batch(checkpoint: Checkpoint, encoding: Encoding) -> str:
    """The shape of a batch, how much of it is padding, and where the first tokens stand.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
    """
    texts, tokens = encoding.input_ids.shape
    filler = int((encoding.attention_mask == 0).sum())
    first = named(checkpoint)
    size = f"`input_ids` is int64{escape.markdown(shape(texts, tokens))}: {plural(texts * tokens, 'position')}, "
    size += (
        f"**{count(filler)}** of them padding ({share(filler / (texts * tokens))}), where `attention_mask` is 0. "
        if filler
        else "none of them padding: all texts have the same length. "
    )
    if not encoding.first.any():
        rows = {1: "the only row", 2: "both rows"}.get(texts, f"all {count(texts)} rows")
        return f"{size}{first} stands in column 0 of {rows}, so one slice finds it: `[:, 0]`."
    return f"{size}The padding stands in front, so {first} is not in one column: `[:, 0]` would find padding."


def _isolated(markup: str) -> str:
    """Keeps words that run from right to left from turning the sentence around them."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{markup}\N{POP DIRECTIONAL ISOLATE}" if measures.right_to_left(markup) else markup


def _quote(words: str, longest: int = LONGEST) -> str:
    return _isolated(escape.quote(words, longest))


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _listed(items: Sequence[str]) -> str:
    """A few of them, and how many more."""
    more = len(items) - NAMED
    shown = [*items[:NAMED], f"{count(more)} more"] if more > 1 else list(items)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _unknown(encoding: Encoding, row: int) -> str:
    places = measures.unknown(encoding, row)
    if not places:
        return ""
    name = escape.markdown(encoding.tokens[row][places[0]])
    letters = [measures.typed(encoding, row, p) for p in places]
    shown = _listed([_quote(each) for each in dict.fromkeys(letters)])
    where = _listed([str(p) for p in places])
    one = len(places) == 1
    size = f", all {count(len(letters[0]))} characters of it," if one and len(letters[0]) > LONGEST else ""
    return (
        f"{shown}{size} became **{name}** ({'position' if one else 'positions'} {where}): the tokenizer cannot spell "
        f"{'it' if one else 'these'} with its tokens. All that is left is id {encoding.unk_id}, and the model cannot "
        f"tell {'it' if one else 'them'} from any other unknown."
    )


def _longest(encoding: Encoding, row: int) -> measures.Word | None:
    """The word of most tokens; None where none has more than one."""
    most = max(measures.words(encoding, row), key=lambda word: word.stop - word.start, default=None)
    return most if most is not None and most.stop - most.start > 1 else None


def _most_cut(encoding: Encoding, row: int) -> str:
    most = _longest(encoding, row)
    if most is None:
        return ""
    names = encoding.tokens[row][most.start : most.stop]
    many = len(names)
    shown = [_isolated(f"`{escape.visible(name).replace('`', '')}`") for name in names[:SPELLED]]
    rest = f" and {many - SPELLED} more" if many > SPELLED else ""
    parts = f"{' '.join(shown)}{rest}"
    return f"{_quote(most.letters)} is not in the vocabulary as a whole: it becomes {many} tokens, {parts}."


def _respelled(encoding: Encoding, row: int) -> str:
    words = measures.respelled(encoding, row)
    if not words:
        return ""
    capitals, marks = any(word.capitals for word in words), any(word.marks for word in words)
    names = [*["capitals"] * capitals, *["accents", "other marks on letters"] * marks]
    what = _listed(names).capitalize()
    best = max(words, key=lambda word: (word.capitals + word.marks, -words.index(word)))
    return f"{what} are lost before the text is split: {_quote(best.typed)} is read as {_quote(best.read)}" + (
        f", and {plural(len(words) - 1, 'other word')} likewise." if len(words) > 1 else "."
    )


def _lost(encoding: Encoding, row: int) -> str:
    gone = measures.lost(encoding, row)
    if not gone:
        return ""
    names = [f"U+{ord(c):04X} {unicodedata.name(c, 'a control character').lower()}" for c in dict.fromkeys(gone)]
    return f"{plural(len(gone), 'character')} of the text became part of no token: {escape.markdown(_listed(names))}."


def _names(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    places = measures.names_typed(encoding, row)
    if not places:
        return ""
    names = _listed([_quote(name) for name in dict.fromkeys(encoding.tokens[row][p] for p in places)])
    sentence = f"The text itself holds {names}, and the tokenizer took it for its own special token."
    own = measures.shared_start(encoding)
    again = [str(p) for p in places if encoding.input_ids[row, p] == own]
    if not again:
        return sentence
    return (
        f"{sentence} So id {own} stands at position {_listed(again)} too; only the one at position "
        f"{int(encoding.first[row])} is the {escape.markdown(checkpoint.first_token)} that this app is about."
    )


def _right_to_left(encoding: Encoding, row: int) -> str:
    if not measures.right_to_left(encoding.texts[row] + (encoding.pairs[row] or "")):
        return ""
    return (
        "Some of the text runs from right to left. Positions follow the order in which it is read, so the tokens of "
        "such a word stand from left to right below it."
    )
