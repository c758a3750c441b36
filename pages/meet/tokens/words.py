"""What the page on tokens says: of one text and its pieces, of a pair, of a batch."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures import tokens as measures
from lib.quantities import count, plural, shape, share
from lib.reading import Encoding
from lib.words.attention import named

QUOTED = 60  # characters of a text in a sentence
LONGEST = 24  # characters of a word
NAMED = 3  # how many of a kind a sentence names
SPELLED = 8  # pieces of a word that are shown


def text(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """How many words became how many pieces, and where the first token is.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    size = measures.length(encoding, row)
    divided = f"Spaces divide your text into {count(size.spaced)} words"
    words = divided if size.spaced > 1 else "Your text has no space in it"
    what = "it" if size.spaced < 2 else "them"
    kept = f"; the first **{count(size.pieces)}** are kept, and it adds" if size.cut else " and adds"
    return (
        f"{words}. The tokenizer makes **{plural(size.whole, 'piece')}** of {what}{kept} {size.added}: "
        f"**{plural(size.tokens, 'position')}**, {int(encoding.first[row])} to {int(encoding.last[row])}. "
        f"{named(checkpoint)} has id {measures.shared_start(encoding)}, in this text as in any other."
    )


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
    whole = "Your text has" if encoding.pairs[row] is None else "The two texts have"
    unread = encoding.unread[row]
    begin = _quote(unread, QUOTED)
    end = f", to its end, {_quote(unread[-QUOTED:].lstrip(), QUOTED)}" if len(unread) > 2 * QUOTED else ""
    return (
        f"**Cut after {plural(size.tokens, 'token')}.** {whole} {count(size.tokens + size.cut)}; "
        f"{escape.markdown(checkpoint.first_token)} never saw the last {count(size.cut)}, from {begin}{end}."
    )


def batch(checkpoint: Checkpoint, encoding: Encoding) -> str:
    """The shape of a batch, how much of it is filler, and where the first tokens stand.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
    """
    texts, tokens = encoding.input_ids.shape
    filler = int((encoding.attention_mask == 0).sum())
    first = named(checkpoint)
    size = f"`input_ids` is int64{escape.markdown(shape(texts, tokens))}: {plural(texts * tokens, 'position')}, "
    size += (
        f"**{count(filler)}** of them filler ({share(filler / (texts * tokens))}), where `attention_mask` is 0. "
        if filler
        else "none of them filler: all texts have the same length. "
    )
    if not encoding.first.any():
        rows = {1: "the only row", 2: "both rows"}.get(texts, f"all {count(texts)} rows")
        return f"{size}{first} stands in column 0 of {rows}, so one slice finds it: `[:, 0]`."
    return f"{size}The filler stands in front, so {first} is not in one column: `[:, 0]` would find filler."


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
        f"{'it' if one else 'these'} with its pieces. All that is left is id {encoding.unk_id}, and the model cannot "
        f"tell {'it' if one else 'them'} from any other unknown."
    )


def _most_cut(encoding: Encoding, row: int) -> str:
    most = max(measures.words(encoding, row), key=lambda word: word.stop - word.start, default=None)
    if most is None or most.stop - most.start < 2:
        return ""
    names = encoding.tokens[row][most.start : most.stop]
    many = len(names)
    shown = [_isolated(f"`{escape.visible(name).replace('`', '')}`") for name in names[:SPELLED]]
    rest = f" and {many - SPELLED} more" if many > SPELLED else ""
    return (
        f"{_quote(most.letters)} is not in the vocabulary as a whole: it takes {many} pieces, {' '.join(shown)}{rest}."
    )


def _respelled(encoding: Encoding, row: int) -> str:
    words = measures.respelled(encoding, row)
    if not words:
        return ""
    capitals, marks = any(word.capitals for word in words), any(word.marks for word in words)
    names = [*["capitals"] * capitals, *["accents", "other marks on letters"] * marks]
    what = _listed(names).capitalize()
    best = max(words, key=lambda word: (word.capitals + word.marks, -words.index(word)))
    return f"{what} are lost before anything is cut: {_quote(best.typed)} is read as {_quote(best.read)}" + (
        f", and {plural(len(words) - 1, 'other word')} likewise." if len(words) > 1 else "."
    )


def _lost(encoding: Encoding, row: int) -> str:
    gone = measures.lost(encoding, row)
    if not gone:
        return ""
    names = [f"U+{ord(c):04X} {unicodedata.name(c, 'a control character').lower()}" for c in dict.fromkeys(gone)]
    return f"{plural(len(gone), 'character')} of yours reached no piece: {escape.markdown(_listed(names))}."


def _names(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    places = measures.names_typed(encoding, row)
    if not places:
        return ""
    names = _listed([_quote(name) for name in dict.fromkeys(encoding.tokens[row][p] for p in places)])
    sentence = f"You typed {names} yourself, and the tokenizer took it for its own special token."
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
        "Some of your text runs from right to left. Positions follow the order in which it is read, so the pieces of "
        "such a word stand from left to right below it."
    )
