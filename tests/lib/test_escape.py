"""A learner's text on its way to the screen stays text."""

from __future__ import annotations

import unicodedata

import pytest
from markdown_it import MarkdownIt

from lib import escape

JOINER = "\N{WORD JOINER}"  # has no width

NASTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![picture](https://example.org/x.png)",
    "[link](javascript:alert(1))",
    "https://example.org www.example.org a@example.org",
    "# heading",
    "- list",
    "1. list",
    "1) list",
    "> quote",
    "`code` ``` fence",
    "**bold** _italic_ ~~gone~~",
    "$x^2$ $$y$$",
    ":red[colour] :material/home: :smile: :streamlit:",
    "a -- b -> c <- d >= e <= f ~= g",
    "| a | b |",
    "a\\b",
    "&lt; &#60; &amp;",
    "[CLS] </s> <s> ##ing",
    "--- *** ___",
    "quotes \" and ' and “these”",
)


@pytest.mark.parametrize("text", NASTY)
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(escape.markdown(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], "one paragraph"
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}, "no link, no picture, no markup"
    assert "".join(child.content for child in children).replace(JOINER, "") == text


@pytest.mark.parametrize(
    "text",
    [
        "http://a.b",
        "HTTPS://a.b",
        "www.a.b",
        "a@b.c",
        ":material/home:",
        ":streamlit:",
        "--",
        "->",
        "<-",
        "<=",
        ">=",
        "~=",
    ],
)
def test_what_streamlit_replaces_after_markdown_is_broken_up(text: str) -> None:
    shown = escape.markdown(f"a {text} b").replace("\\", "")
    assert text not in shown
    assert shown.replace(JOINER, "") == f"a {text} b"


@pytest.mark.parametrize("letter", list("\\`*_{}[]()#+-.!|~$<>:&@"))
def test_every_letter_that_markdown_might_read_is_escaped(letter: str) -> None:
    assert escape.markdown(f"a{letter}b").replace(JOINER, "") == f"a\\{letter}b"


@pytest.mark.parametrize("text", NASTY)
def test_plotly_gets_no_tag(text: str) -> None:
    shown = escape.plotly(text)
    assert "<" not in shown
    assert ">" not in shown
    import html

    assert html.unescape(shown) == text


def test_plotly_labels_by_hand() -> None:
    assert escape.plotly("<b>a & b</b>") == "&lt;b&gt;a &amp; b&lt;/b&gt;"
    assert escape.plotly("&lt;") == "&amp;lt;"
    assert len(escape.plotly("x" * 500)) == 200
    assert escape.plotly("<" * 5, longest=3) == "&lt;&lt;…", "cut before it is escaped: no half entity"


def test_what_cannot_be_seen_is_shown_or_dropped() -> None:
    assert escape.visible("a\nb\rc\td") == "a b c d"
    assert escape.visible("a\x00b\x1bc\x7f") == "a◌b◌c◌"
    assert escape.visible("\u202eabc\u202c \u200bx\ufeff\u2066") == "◌abc◌ ◌x◌◌"
    assert escape.visible("\ud83d") == "◌"
    assert escape.visible("é שלום 日本 \N{GRINNING FACE}") == "é שלום 日本 \N{GRINNING FACE}"


def test_no_control_or_direction_character_gets_through() -> None:
    every = [chr(n) for n in range(0x3000) if unicodedata.category(chr(n)) == "Cc" or chr(n) in "\u200e\u200f\u061c"]
    every += [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000, 97))]
    assert len(every) > 70
    assert [f"{ord(letter):x}" for letter in every if letter in escape.visible(f"a{letter}b")] == []


def test_cut_by_hand() -> None:
    assert escape.cut("abcdef", 6) == "abcdef"
    assert escape.cut("abcdef", 5) == "abcd…"
    assert escape.cut("ab cdef", 4) == "ab…", "no space before the ellipsis"


def test_quote_by_hand() -> None:
    assert escape.quote("a*b") == "“a\\*b”"
    assert escape.quote("x" * 100) == "“" + "x" * 59 + "…”"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        " =x",
        "\u00a0\u3000=x",
        "\ufeff=x",
        "\n@x",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        " \uff20x",
        "\ufe661",
        "\u22121",
    ],
)
def test_a_spreadsheet_takes_no_cell_for_a_formula(text: str) -> None:
    assert escape.cell(text) == "'" + text


@pytest.mark.parametrize("text", ["1+1", "a=b", "", " ", " x", "[CLS]", "\uff21=1"])
def test_a_harmless_cell_stays_as_it_is(text: str) -> None:
    assert escape.cell(text) == text


def test_no_two_names_stay_the_same() -> None:
    assert escape.unlike(["a", "b", "a", "a (2)", "a"]) == ["a", "b", "a (2)", "a (2) (2)", "a (3)"]


@pytest.mark.parametrize("text", NASTY)
def test_plain_undoes_markdown(text: str) -> None:
    assert escape.plain(escape.markdown(text)) == text


def test_plain_by_hand() -> None:
    assert (
        escape.plain(r"In **layer 6**, :orange[\[CLS\]] takes :blue[50 %] of `it`.")
        == "In layer 6, [CLS] takes 50 % of it."
    )
    assert escape.plain(":orange[[CLS]] reads") == "[CLS] reads"
    assert escape.plain(":blue-background[much]") == "much"
    assert escape.plain('an [attention](#attention "It (adds) up.") head') == "an attention head"
