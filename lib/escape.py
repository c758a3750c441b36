"""A learner's text on its way to the screen: the only functions through which it may reach markup of any kind."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$<>:&\"'@^=])")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u061c\ud800-\udfff]"
    # joiners shape the signs on both sides of them, in emoji and in some scripts; anywhere else they are only hidden
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
# what Streamlit replaces after Markdown is read, where a backslash is too late: addresses, icons, arrows
_LATE = re.compile(
    r"(?<=:)(?=//|material/|streamlit:)|(?<=www)(?=\.)|(?<=@)|(?<=<)(?=[-=])|(?<=-)(?=[->])|(?<=[>~])(?==)",
    re.IGNORECASE,
)
_FORMULA = ("=", "+", "-", "\N{MINUS SIGN}", "@")  # how a spreadsheet's formulas begin
_NOTHING = "\N{WORD JOINER}"  # has no width and allows no line break


def visible(text: str) -> str:
    """The text on one line, with what cannot be seen (control and direction characters) shown as ◌ or dropped.

    Direction marks would turn the sentence around them; lone surrogates would break its encoding.
    """
    return _INVISIBLE.sub("◌", text.replace("\r", " ").replace("\n", " ").replace("\t", " "))


def cut(text: str, longest: int) -> str:
    """At most so many characters, the last one an ellipsis where something was left out."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def markdown(text: str) -> str:
    """The text as Markdown shows it literally: no link, no image, no colour, no formula, no code."""
    return _MARKDOWN.sub(r"\\\1", _LATE.sub(_NOTHING, visible(text)))


def quote(text: str, longest: int = 60) -> str:
    """The text inside a sentence of ours, in quotation marks, escaped and cut."""
    return f"“{markdown(cut(text, longest))}”"


def plotly(text: str, longest: int = 200) -> str:
    """The text as a Plotly label shows it literally: Plotly reads <b>, <a> and entities as markup."""
    shown = cut(visible(text), longest)
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cell(text: str) -> str:
    """The text as a spreadsheet shows it literally.

    One that begins with =, +, -, @, also in full width, or behind white space, would be taken for a formula.
    """
    begins = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).lstrip()[:1])
    return "'" + text if begins in _FORMULA or text[:1] in ("\t", "\r") else text


def unlike(names: Sequence[str]) -> list[str]:
    """Names of which no two are the same: another one of a name is numbered."""
    numbered_names: dict[str, None] = {}
    for name in names:
        numbered = (f"{name} ({number})" for number in itertools.count(2))
        numbered_names[next(each for each in itertools.chain([name], numbered) if each not in numbered_names)] = None
    return list(numbered_names)


def plain(text: str) -> str:
    """Our own Markdown sentence as plain words, for alt texts and screen readers."""
    text = re.sub(r":[a-z]+(?:-background)?\[((?:[^\[\]]|\[[^\]]*\])*)\]", r"\1", text)
    text = re.sub(
        r'(?<!\\)\[([^\[\]]*)\]\((?:https?://|#)[^)\s]*(?: "[^"]*")?\)', r"\1", text
    )  # a link, as what it says
    return re.sub(r"\\(.)|[*`]", lambda m: m[1] or "", text.replace(_NOTHING, ""))
