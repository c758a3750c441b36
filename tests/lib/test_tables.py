"""A learner's file: what is found in it, and what is said of one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.tables import LEAST_TEXTS, MOST_BYTES, MOST_CLASSES, Labelled, Table, alike, columns, labelled, table

ROWS = [("The film was good.", "1"), ("Dull, and long.", "0"), ("I liked it.", "1"), ("Never again.", "0")]


def written(delimiter: str = ",", header: tuple[str, ...] = (), encoding: str = "utf-8", quote: bool = True) -> bytes:
    lines = [header] if header else []
    lines += [(f'"{text}"' if quote else text, label) for text, label in ROWS]
    return "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("header", [(), ("sentence", "label")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_understood(delimiter: str, header: tuple[str, ...], encoding: str) -> None:
    found = table(written(delimiter, header, encoding))
    assert found.delimiter == delimiter
    assert found.has_header == bool(header)
    assert found.heads == (header or ("column 1", "column 2"))
    assert found.rows == tuple(ROWS)
    assert found.numbers == tuple(range(1 + bool(header), 5 + bool(header)))
    assert columns(found) == (0, 1)


def test_letters_of_older_programs_are_read() -> None:
    found = table("text;label\nZoë’s crème brûlée;yes\nnaïve;no\nça;yes\nEnde;no\n".encode("cp1252"))
    assert found.encoding == "cp1252"
    assert found.rows[0] == ("Zoë’s crème brûlée", "yes")


def test_the_columns_are_found_among_more() -> None:
    content = b"id,label,text,split\n" + b"".join(
        f"{n},{'pos' if n % 2 else 'neg'},A longer text number {n},train\n".encode() for n in range(8)
    )
    found = table(content)
    assert found.heads == ("id", "label", "text", "split")
    assert columns(found) == (2, 1), "a column in which all is the same holds no labels"


@pytest.mark.parametrize(
    ("more", "texts"),
    [
        (["https://example.org/a/very/long/address/{}" for _ in range(8)], "a film {}"),
        (["n" * 40] * 8, "a film {}"),
        (["the very same long note in every row"] * 8, "a film {}"),
        (["{}"] * 8, "映画はとても良かった{}"),
    ],
    ids=["addresses", "nnnn", "one note", "no spaces"],
)
def test_what_is_long_and_no_text_is_not_taken_for_the_texts(more: list[str], texts: str) -> None:
    rows = [f"{each.format(n)},{'ab'[n % 2]},{texts.format(n)}\n" for n, each in enumerate(more)]
    assert columns(table("".join(rows).encode())) == (2, 1)


def test_a_header_can_be_said() -> None:
    content = b"good,1\nbad,0\nfine,1\nawful,0\nodd,1\n"
    assert table(content).has_header is False
    assert table(content, header=True).heads == ("good", "1")
    assert len(table(content, header=True).rows) == 4


def test_names_that_are_the_same_are_told_apart() -> None:
    content = b"text,label,text,,column 5\n" + b"some words,a,other words,1,x\nno words,b,words,2,y\n" * 4
    assert table(content, header=True).heads == ("text", "label", "text (2)", "column 4", "column 5")


def test_a_quotation_within_a_text_is_taken_as_it_comes() -> None:
    found = table(b'"Good" it is,1\n5" wide,0\n"He said ""no"".",1\n"two\nlines",0\n')
    assert found.column(0) == ("Good it is", '5" wide', 'He said "no".', "two\nlines")


def test_texts_over_several_lines_keep_the_count_of_rows() -> None:
    content = b'text,label\n"two\nlines",a\n\n"one",b\n"x",\n"y",a\n'
    found = table(content)
    assert found.numbers == (2, 5, 6, 7)
    with pytest.raises(ValueError, match="Row 6 has no label"):
        labelled(found, 0, 1)


def test_a_lone_quotation_mark_in_a_tab_file_is_a_letter() -> None:
    found = table(b'he said " nothing\t0\nfine\t1\nyes\t1\nno\t0\n')
    assert found.rows[0] == ('he said " nothing', "0")


def test_labels_become_classes() -> None:
    found = labelled(table(written()), 0, 1)
    assert found == Labelled(tuple(text for text, _ in ROWS), (1, 0, 1, 0), ("0", "1"), (0, 1, 2, 3))
    assert found.sizes == (2, 2)
    assert found.majority == 0.5


@pytest.mark.parametrize(
    ("content", "sorry"),
    [
        (b"", "The file is empty"),
        (b" \n\n ", "The file is empty"),
        (b"PK\x03\x04rest", "a spreadsheet or zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"abc\x00\x01\x02", "no text"),
        (b"just a text\nand another\n", "One column only"),
        (b"a,1\nb,2\nc,3,4\nd,4\n", r"Row 3 is broken\.\*\* It has 3 fields, the others have 2"),
        (b"text,label\n", r"1 text only\.\*\* At least 4"),
        (b"x" * (MOST_BYTES + 1), "The file is too large"),
        (b"text,label\n" + b"a,1\n" * 20_001, "Too many rows.*20\u202f001"),
        (b'a,1\n"never ends,2\nb,3\n' + b"x" * 120_000, "Row 2 is broken.*A quotation mark"),
        (b'a,1\n"opens,2\nb,1\nc,2\n"opens,2\n', "Row 2 is broken.*A quotation mark"),
        (b'a,1\nb,2\nc,1\n"never ends,2', "Row 4 is broken.*A quotation mark"),
        (b"a,1\n" + b"b " * 60_000 + b",2\n", "Row 2 is too long.*120\u202f000 characters"),
        (b"a;1\n" + b"b " * 80_000 + b";2\n", "Row 2 is too long.*160\u202f000 characters"),
        (b"a,1\n" * 2_000 + b"b\0,2\n", "This file is no text"),
        ("a,1\nb\0,2\n".encode("utf-16"), "This file is no text"),
        (b"a,1\nb,2\nc,1\nd," + b"2" * 201, "A label of 201 characters"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, sorry: str) -> None:
    with pytest.raises(ValueError, match=sorry):
        labelled(table(content), 0, 1)


def made(labels: list[str], texts: list[str] | None = None) -> Table:
    texts = texts or [f"text {n}" for n in range(len(labels))]
    rows = tuple(zip(texts, labels, strict=True))
    return Table("utf-8-sig", ",", False, ("t", "l"), rows, tuple(range(1, len(rows) + 1)))


@pytest.mark.parametrize(
    ("given", "sorry"),
    [
        (made(["a"] * 5), "One class only"),
        (made([str(n // 2) for n in range(2 * MOST_CLASSES + 2)]), f"{MOST_CLASSES + 1} different labels"),
        (made(["a", "b", "a", "b"], ["x", " ", "y", "z"]), "Row 2 has no text"),
        (made(["a", "b", "a"]), f"At least {LEAST_TEXTS} are needed"),
        (made(["a", "a", "b", "b", "c"]), "The label of row 5 occurs only there"),
        (made(["a", "a", "b", "b"], ["x", "y", "one and", "One  and"]), "The label of row 3 occurs only there, or on"),
    ],
)
def test_what_cannot_be_learned_from_is_said(given: Table, sorry: str) -> None:
    with pytest.raises(ValueError, match=sorry):
        labelled(given, 0, 1)


@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        (["one", "two", "three"], (0, 1, 2)),
        (["two", "one", "two", "one", "two"], (0, 1, 0, 1, 0)),
        (["Déjà vu.", "déjà  vu .", "deja\tvu.", "deja vu!"], (0, 0, 0, 3)),
        (["Café", "Cafe\u0301", "ca\u200bfe"], (0, 0, 0)),
        (["\N{FOX FACE}", "\N{DOG FACE}", "\N{FOX FACE}"], (0, 1, 0)),
        ([], ()),
    ],
)
def test_copies_differ_in_capitals_accents_and_spaces_alone(texts: list[str], groups: tuple[int, ...]) -> None:
    assert alike(texts) == groups


def test_copies_are_one_input_of_an_uncased_model(embedded: object) -> None:
    from lib.checkpoints import DEFAULT
    from lib.model import tokenized

    found = tokenized(DEFAULT, ["Déjà vu, he said.", " deja  VU , he said ."]).input_ids
    assert found[0].tolist() == found[1].tolist()


def test_one_column_cannot_be_both() -> None:
    with pytest.raises(ValueError, match="Choose two different ones"):
        labelled(made(["a", "b", "a", "b"]), 1, 1)


def test_the_article_s_file(data_folder: Path) -> None:
    found = table((data_folder / "sst2_train.tsv").read_bytes())
    assert (found.delimiter, found.has_header, columns(found)) == ("\t", False, (0, 1))
    assert len(found.rows) == 6920
    ready = labelled(found, 0, 1)
    assert ready.classes == ("0", "1")
    assert sum(ready.labels[:2000]) == 1041
