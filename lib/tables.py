"""A learner's file of labelled texts: what it is made of is found and shown, and what is wrong with it is said.

Comma, tab, semicolon or bar between the fields; UTF-8, UTF-16 or the encoding of older Windows programs; with or
without a line of names at the top. Rows are counted as a text editor counts its lines, from 1.
"""

from __future__ import annotations

import csv
import io
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lib.escape import unlike, visible
from lib.quantities import count, plural

MOST_BYTES = 16 << 20  # of a file
MOST_ROWS = 20_000
MOST_CLASSES = 20
LEAST_TEXTS = 4  # below that there is nothing to split
LONGEST_FIELD = 100_000  # characters
LONGEST_LABEL = 200
csv.field_size_limit(MOST_BYTES)  # a long field gets a sentence of ours

DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows (cp1252)"}
MARKS = re.compile("[\u0300-\u036f\u200b-\u200f\ufeff]")  # accents, off their letters, and spaces of no width
# how files begin that are no text
BINARY = (
    (b"PK", "a spreadsheet or zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
)


@dataclass(frozen=True)
class Table:
    """A file as rows of fields, and what was found about it.

    Attributes:
        encoding: key of ``ENCODINGS``.
        delimiter: key of ``DELIMITERS``.
        has_header: whether the first row was taken for names.
        heads: name of each column; "column 1" and so on where the file has none.
        rows: fields of each row, without the names; all of one length.
        numbers: of the line on which each row begins, from 1.
    """

    encoding: str
    delimiter: str
    has_header: bool
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    def column(self, number: int) -> tuple[str, ...]:
        """The fields of a column, from 0."""
        return tuple(row[number] for row in self.rows)


@dataclass(frozen=True)
class Labelled:
    """Texts with their labels.

    Attributes:
        texts: as they are in the file, without space around them.
        labels: number of each text's class.
        classes: names, sorted.
        groups: number of the group that each text belongs to; what is learned about one text of a group tells of the
            others, so that a group must never be split between learning and asking.
    """

    texts: tuple[str, ...]
    labels: tuple[int, ...]
    classes: tuple[str, ...]
    groups: tuple[int, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Texts in each class."""
        counts = Counter(self.labels)
        return tuple(counts[number] for number in range(len(self.classes)))

    @property
    def majority(self) -> float:
        """What is right if the largest class is always named, 0 to 1."""
        return max(self.sizes) / len(self.texts)


def alike(texts: Sequence[str]) -> tuple[int, ...]:
    """Which texts are copies of each other: they differ in nothing but capitals, accents and spaces.

    An uncased tokenizer drops just these, so that copies are one and the same input.

    Args:
        texts: in any order.

    Returns:
        For each text the place of the first of its copies; its own where it is the first.
    """
    first: dict[str, int] = {}
    return tuple(first.setdefault(_bare(text), place) for place, text in enumerate(texts))


def _bare(text: str) -> str:
    apart = text if text.isascii() else MARKS.sub("", unicodedata.normalize("NFKD", text))
    return "".join(apart.casefold().split())


def table(content: bytes, *, header: bool | None = None) -> Table:
    """The rows of a file.

    Args:
        content: of the file.
        header: whether its first row holds names; None to find out.

    Raises:
        ValueError: it is too large, no table of texts, or a row of it is broken; names the row.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"**The file is too large.** It has {count(len(content) >> 20)} MB; up to {MOST_BYTES >> 20} MB are read."
        )
    text, encoding = _decoded(content)
    if not text.strip():
        raise ValueError("**The file is empty.** Choose one with a text and a label in each row.")
    delimiter = _delimiter(text)
    rows, numbers = _rows(text, delimiter)
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if width < 2:
        raise ValueError(
            "**One column only.** A text and its label must stand in each row, with a comma, tab, semicolon or bar "
            "between."
        )
    for row, number in zip(rows, numbers, strict=True):
        if len(row) != width:
            raise ValueError(
                f"**Row {count(number)} is broken.** It has {plural(len(row), 'field')}, the others have {width}. "
                "Put quotation marks round a text that holds the delimiter."
            )
    has_header = _has_header(rows) if header is None else header
    heads = tuple(visible(name).strip() for name in rows[0]) if has_header else ("",) * width
    kept, at = (rows[1:], numbers[1:]) if has_header else (rows, numbers)
    if not kept:
        raise ValueError("**No row but the names.** Choose a file with a text and a label in each row.")
    if len(kept) > MOST_ROWS:
        raise ValueError(f"**Too many rows.** The file has {count(len(kept))}; up to {count(MOST_ROWS)} are read.")
    return Table(
        encoding=encoding,
        delimiter=delimiter,
        has_header=has_header,
        heads=tuple(unlike([name or f"column {number}" for number, name in enumerate(heads, 1)])),
        rows=tuple(map(tuple, kept)),
        numbers=tuple(at),
    )


def columns(given: Table) -> tuple[int, int]:
    """Which column seems to hold the texts, and which the labels.

    The texts' is the one with the longest fields, of those that differ and have mostly several words, where there are
    such: an address or a checksum is longer than many a text. The labels' is the one of the others with the fewest
    different ones, where there are at least two.
    """

    def wordy(k: int) -> tuple[bool, bool, float]:
        fields = given.column(k)
        several = statistics.mean(len(field.split()) > 1 for field in fields) > 0.5
        return len(set(fields)) > 1, several, statistics.mean(map(len, fields))

    width = range(len(given.heads))
    texts = max(width, key=wordy)
    others = [k for k in width if k != texts]

    def classes(k: int) -> tuple[bool, int]:
        number = len(set(given.column(k)))
        return number < 2, number

    return texts, min(others, key=classes)


def labelled(given: Table, texts: int, labels: int) -> Labelled:
    """The texts and labels of a table.

    Args:
        given: the table.
        texts: column of the texts, from 0.
        labels: column of the labels, from 0.

    Raises:
        ValueError: an empty text or label, too few texts, one class only or too many; names the row.
    """
    if texts == labels:
        raise ValueError("**Texts and labels are one column.** Choose two different ones.")
    words, names = ([field.strip() for field in given.column(k)] for k in (texts, labels))
    for what, fields in (("text", words), ("label", names)):
        if "" in fields:
            number = given.numbers[fields.index("")]
            raise ValueError(f"**Row {count(number)} has no {what}.** Fill it in or take the row out.")
    if len(words) < LEAST_TEXTS:
        raise ValueError(f"**{plural(len(words), 'text')} only.** At least {LEAST_TEXTS} are needed.")
    classes = tuple(sorted(set(names)))
    longest = max(map(len, classes))
    if longest > LONGEST_LABEL:
        raise ValueError(
            f"**A label of {count(longest)} characters.** Up to {LONGEST_LABEL} are taken. Is this the column of the "
            "labels?"
        )
    if len(classes) < 2:
        raise ValueError("**One class only.** All rows have the same label, so there is nothing to tell apart.")
    if len(classes) > MOST_CLASSES:
        raise ValueError(
            f"**{count(len(classes))} different labels.** Up to {MOST_CLASSES} classes are taken. "
            "Is this the column of the labels?"
        )
    groups = alike(words)
    texts_of = Counter(name for name, _ in set(zip(names, groups, strict=True)))
    lonely = next((name for name in classes if texts_of[name] < 2), None)
    if lonely is not None:
        number = given.numbers[names.index(lonely)]
        raise ValueError(
            f"**A class of one text.** The label of row {count(number)} occurs only there, or on copies of that text; "
            "each class needs at least two different ones."
        )
    number_of = {name: number for number, name in enumerate(classes)}
    return Labelled(tuple(words), tuple(number_of[name] for name in names), classes, groups)


def _decoded(content: bytes) -> tuple[str, str]:
    """The file as text, and its encoding."""
    kind = next((kind for start, kind in BINARY if content.startswith(start)), "")
    sorry = "**This file is {}.** Save your table as CSV or TSV and choose that."
    if kind:
        raise ValueError(sorry.format(kind))
    tries = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in tries:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise ValueError(sorry.format("no text"))
        return text, encoding
    raise ValueError("**The letters of this file cannot be read.** Save it as CSV in UTF-8 and choose that.")


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the same number of fields, as many as possible."""
    sample = "\n".join(text.splitlines()[:50])

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row)
        except csv.Error:
            return 0.0, 0
        width, often = widths.most_common(1)[0]
        return (often / sum(widths.values()) if width > 1 else 0.0, width)

    return max(DELIMITERS, key=fit)


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The rows that hold something, and the line on which each begins."""
    # a quotation mark that never ends is no quotation: film reviews have them
    quoted = delimiter != "\t" or text.count('"') % 2 == 0
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    rows: list[list[str]] = []
    numbers: list[int] = []
    begins = 0
    for row in reader:
        held = lines[begins : reader.line_num]
        if quoted and any('"' in line for line in held) and not _closed(held, delimiter, several=len(held) > 1):
            raise ValueError(
                f"**Row {count(begins + 1)} is broken.** A quotation mark in it does not end where its text does, so "
                "the rows after it would be taken for more of it. Mend or remove the row."
            )
        longest = max(map(len, row), default=0)
        if longest > LONGEST_FIELD:
            raise ValueError(
                f"**Row {count(begins + 1)} is too long.** A field of it has {count(longest)} characters; up to "
                f"{count(LONGEST_FIELD)} are read. Shorten it or take the row out."
            )
        if any(field.strip() for field in row):
            rows.append(row)
            numbers.append(begins + 1)
        begins = reader.line_num
    return rows, numbers


def _closed(lines: Sequence[str], delimiter: str, *, several: bool) -> bool:
    """Whether the quotation marks of a row end; in one of several lines also whether they end with its fields.

    On one line a mark within a text is a letter: only there it is plain which text it belongs to.
    """
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return not several and "".join(lines).count('"') % 2 == 0
    return True


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is names: short words that do not occur below, in a column where others repeat."""
    first, rest = rows[0], rows[1:]
    if not rest or any(not name.strip() or len(name) > 40 for name in first):
        return False
    by_column = [{row[k] for row in rest if k < len(row)} for k in range(len(first))]
    repeats = [len(found) <= max(2, len(rest) // 2) for found in by_column]
    new = [name not in found for name, found in zip(first, by_column, strict=True)]
    number = [name.strip().lstrip("-").replace(".", "", 1).isdigit() for name in first]
    return not any(number) and all(new) and (any(repeats) or all(len(name.split()) <= 3 for name in first))
