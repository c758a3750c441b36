"""What a tokenizer made of a text: its words and their pieces, what is unknown, and letters that got lost.

Everything is told by the tokenizer's own rows: where each piece lies in the text (``offset_mapping``, in code points)
and what it is called. Nothing here knows how a tokenizer works inside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from lib.reading import Encoding

CONTINUES = "##"  # in front of a piece that continues a word, in WordPiece vocabularies
BEGINS = ("Ġ", "▁")  # in front of a piece that begins a word, in byte-level and SentencePiece vocabularies


@dataclass(frozen=True)
class Word:
    """Neighbouring pieces that come from one word.

    Attributes:
        start: position of its first piece.
        stop: one past the position of its last piece.
        sequence: 0 for the first text, 1 for the second.
        parts: the letters of each piece as typed, in order; joined they are the whole word, with the marks and
            invisible characters beside it that reached no piece. "" where a piece shares its letters with the one
            before.
    """

    start: int
    stop: int
    sequence: int
    parts: tuple[str, ...]

    @property
    def letters(self) -> str:
        """The word as typed."""
        return "".join(self.parts)


@dataclass(frozen=True)
class Length:
    """How long a row is.

    Attributes:
        spaced: stretches of the typed text between spaces, both texts of a pair together.
        whole: pieces of the text there would be had nothing been cut.
        pieces: pieces of the text that were kept.
        added: special tokens that the tokenizer put in.
        filler: padding.
    """

    spaced: int
    whole: int
    pieces: int
    added: int
    filler: int

    @property
    def tokens(self) -> int:
        """Positions that hold something: pieces and what was added."""
        return self.pieces + self.added

    @property
    def cut(self) -> int:
        """Pieces that were left out."""
        return self.whole - self.pieces


def length(encoding: Encoding, row: int) -> Length:
    """Counts what one row of a batch is made of.

    Args:
        encoding: the batch.
        row: its row.
    """
    real = encoding.attention_mask[row] == 1
    pieces = int(encoding.is_word[row].sum())
    added = int(real.sum()) - pieces
    both = (encoding.texts[row], encoding.pairs[row] or "")
    return Length(
        spaced=sum(len(text.split()) for text in both),
        whole=int(encoding.full_lengths[row]) - added,
        pieces=pieces,
        added=added,
        filler=int((~real).sum()),
    )


def typed(encoding: Encoding, row: int, position: int) -> str:
    """The letters behind one piece, as typed; "" for what was added.

    Args:
        encoding: the batch.
        row: its row.
        position: in the row.
    """
    which = int(encoding.sequence[row, position])
    if which < 0:
        return ""
    first, last = encoding.offset_mapping[row, position].tolist()
    return _text(encoding, row, which)[first:last]


def spelling(name: str) -> str:
    """A piece's name without the mark that tells where words begin or go on."""
    if name.startswith(CONTINUES) and len(name) > len(CONTINUES):
        return name[len(CONTINUES) :]
    return name[1:] if name.startswith(BEGINS) and len(name) > 1 else name


def words(encoding: Encoding, row: int) -> tuple[Word, ...]:
    """The words of a row, each with the pieces that it became.

    Args:
        encoding: the batch.
        row: its row.

    Returns:
        Words by position. A mark of punctuation is a word of its own where the tokenizer sets it apart.
    """
    groups: list[list[int]] = []
    for position in encoding.is_word[row].nonzero()[0].tolist():
        if groups and groups[-1][-1] == position - 1 and _goes_on(encoding, row, position):
            groups[-1].append(position)
        else:
            groups.append([position])
    found = []
    for group, (first, last) in zip(groups, _reach(encoding, row, groups), strict=True):
        which = int(encoding.sequence[row, group[0]])
        text, offsets = _text(encoding, row, which), encoding.offset_mapping[row]
        edges = [first, *(max(first, int(offsets[position, 0])) for position in group[1:]), last]
        for k in range(1, len(edges) - 1):  # two pieces of one letter: the first one shows it
            edges[k] = max(edges[k], int(offsets[group[k] - 1, 1]), edges[k - 1])
        parts = tuple(text[a:b] for a, b in pairwise(edges))
        found.append(Word(group[0], group[-1] + 1, which, parts))
    return tuple(found)


def unknown(encoding: Encoding, row: int) -> tuple[int, ...]:
    """Positions whose letters the vocabulary could not spell.

    Args:
        encoding: the batch.
        row: its row.

    Returns:
        Positions of the unknown piece, unless its own name was typed.
    """
    return tuple(
        position
        for position in encoding.is_word[row].nonzero()[0].tolist()
        if encoding.input_ids[row, position] == encoding.unk_id and not _is_name(encoding, row, position)
    )


def names_typed(encoding: Encoding, row: int) -> tuple[int, ...]:
    """Positions where the text itself spells one of the tokenizer's special tokens, and was taken for it.

    Args:
        encoding: the batch.
        row: its row.
    """
    return tuple(p for p in encoding.is_word[row].nonzero()[0].tolist() if _is_name(encoding, row, p))


@dataclass(frozen=True)
class Respelled:
    """A word that is read otherwise than it was typed.

    Attributes:
        typed: its letters.
        read: what its pieces spell.
        capitals: whether capitals were lost.
        marks: whether accents or other marks on letters were lost.
    """

    typed: str
    read: str
    capitals: bool
    marks: bool


def respelled(encoding: Encoding, row: int) -> tuple[Respelled, ...]:
    """Words that lost capitals or accents; only those where nothing else explains the difference.

    Args:
        encoding: the batch.
        row: its row.

    Returns:
        One for each such word, in order.
    """
    strange, changed = set(unknown(encoding, row)), []
    for word in words(encoding, row):
        kept_letters = "".join(spelling(encoding.tokens[row][p]) for p in range(word.start, word.stop))
        if strange.intersection(range(word.start, word.stop)) or _bare(kept_letters) != _bare(word.letters):
            continue
        kept = unicodedata.normalize("NFD", kept_letters)
        letters = unicodedata.normalize("NFD", word.letters)
        capitals = any(c != c.lower() for c in letters) and not any(c != c.lower() for c in kept)
        marks = sum(map(_is_mark, letters)) > sum(map(_is_mark, kept))
        if capitals or marks:
            changed.append(Respelled(word.letters, kept_letters, capitals, marks))
    return tuple(changed)


def lost(encoding: Encoding, row: int) -> tuple[str, ...]:
    """Characters that reached no piece: not spaces, and not accents of a letter that did.

    Invisible characters inside a piece count when its name lacks them. What was cut off at the end does not.

    Args:
        encoding: the batch.
        row: its row.

    Returns:
        The characters in the order of the text.
    """
    strange, gone = set(unknown(encoding, row)), []
    kept = encoding.is_word[row].nonzero()[0].tolist()
    for which in (0, 1):
        text = _text(encoding, row, which)
        mine = [p for p in kept if encoding.sequence[row, p] == which]
        reached: set[int] = set()
        for position in mine:
            first, last = encoding.offset_mapping[row, position].tolist()
            name = text if position in strange else encoding.tokens[row][position]
            reached.update(k for k in range(first, last) if not _is_invisible(text[k]) or text[k] in name)
        end = int(encoding.offset_mapping[row, mine[-1], 1]) if mine and encoding.unread[row] else len(text)
        gone += [
            c
            for k, c in enumerate(text[:end])
            if k not in reached and not c.isspace() and not (_is_mark(c) and k and not text[k - 1].isspace())
        ]
    return tuple(gone)


def right_to_left(text: str) -> bool:
    """Whether any letter of a text runs from right to left."""
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def shared_start(encoding: Encoding) -> int:
    """The id of the first real token, which is the same in every row."""
    return int(encoding.input_ids[0, encoding.first[0]])


def _text(encoding: Encoding, row: int, which: int) -> str:
    return encoding.texts[row] if which == 0 else encoding.pairs[row] or ""


def _goes_on(encoding: Encoding, row: int, position: int) -> bool:
    """Whether a piece belongs to the word of the piece before it, which is of the same text."""
    tokens, text = encoding.tokens[row], _text(encoding, row, int(encoding.sequence[row, position]))
    end, start = int(encoding.offset_mapping[row, position - 1, 1]), int(encoding.offset_mapping[row, position, 0])
    if start < end:
        return True
    name = tokens[position]
    if name.startswith(CONTINUES) and len(name) > len(CONTINUES):
        return True
    begins = any(token.startswith(BEGINS) for token in tokens)  # then a piece without such a mark goes on
    joins = text[end - 1 : end].isalnum() and text[start : start + 1].isalnum()
    return begins and joins and not name.startswith(BEGINS)


def _reach(encoding: Encoding, row: int, groups: Iterable[list[int]]) -> list[tuple[int, int]]:
    """From where to where each group of pieces stretches in its text, with what clings to it and reached no piece."""
    offsets = encoding.offset_mapping[row]
    spans = [
        (int(encoding.sequence[row, group[0]]), int(offsets[group[0], 0]), int(offsets[group, 1].max()))
        for group in groups
    ]
    stretched = []
    for k, (which, first, last) in enumerate(spans):
        text = _text(encoding, row, which)
        before = spans[k - 1][2] if k and spans[k - 1][0] == which else 0
        final = k + 1 == len(spans) or spans[k + 1][0] != which
        after = len(text) if final else spans[k + 1][1]
        if final and encoding.unread[row]:
            after = last  # what follows was cut off, which is another story
        while last < after and not text[last].isspace():
            last += 1
        if any(c.isspace() for c in text[before:first]) or before == 0:  # else it clings to the word before
            while first > before and not text[first - 1].isspace():
                first -= 1
        stretched.append((first, last))
    return stretched


def _is_name(encoding: Encoding, row: int, position: int) -> bool:
    name = encoding.tokens[row][position]
    return len(name) > 2 and name[0] + name[-1] in ("[]", "<>") and typed(encoding, row, position) == name


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me") and not _is_selector(character)


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f"  # picks the look of a sign; Unicode files it under marks


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co") or _is_selector(character)


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(c for c in letters if not _is_mark(c) and not _is_invisible(c)).lower()
