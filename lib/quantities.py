"""What each number is and how it is written; what each colour means. One place for both.

Colours come from ``.streamlit/config.toml``, whose palette names are roles: orange is [CLS] and nothing else, blue is
what it attends to, green is what attends to it, violet is the second segment, grey is the separator and padding.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Mode = Literal["light", "dark"]
Scale = Literal["attends_to", "attended_by", "diverging"]

ROUNDING = 5e-5  # difference of activations that float32 sums may make, ten times what was measured on one processor

_THEME = Path(__file__).parent.parent / ".streamlit" / "config.toml"


@dataclass(frozen=True)
class Palette:
    """Colours by role, in one of the two themes, as "#rrggbb".

    Attributes:
        page: the ground.
        wash: a surface on it.
        line: hairlines.
        ink: text, marks, what the app says.
        muted: labels and axes.
        cls: the first token, and nothing else.
        sep: the separator, and series that are neither.
        attends_to: what the first token attends to (row 0).
        attends_to_pale: the same direction, second shade, for areas side by side.
        attended_by: what attends to the first token (column 0).
        segment: the second text of a pair.
        scales: ten stops each: "attends_to" and "attended_by" from 0 to 1, "diverging" from below 0 to above.
    """

    page: str
    wash: str
    line: str
    ink: str
    muted: str
    cls: str
    sep: str
    attends_to: str
    attends_to_pale: str
    attended_by: str
    segment: str
    scales: dict[Scale, tuple[str, ...]]

    def colorscale(self, scale: Scale) -> list[list[float | str]]:
        """The scale as Plotly wants it: [[0.0, colour], ..., [1.0, colour]]."""
        stops = self.scales[scale]
        return [[k / (len(stops) - 1), stop] for k, stop in enumerate(stops)]

    def paint(self, scale: Scale, part: float) -> str:
        """The colour of a scale at a part of its way, 0 to 1."""
        stops = self.scales[scale]
        place = min(max(part, 0), 1) * (len(stops) - 1)
        k = min(int(place), len(stops) - 2)
        return mix(stops[k], stops[k + 1], place - k)


@cache
def palette(mode: Mode) -> Palette:
    """The colours of a theme, read from the theme file."""
    theme = tomllib.loads(_THEME.read_text("utf-8"))["theme"][mode]
    attends_to = tuple(theme["chartSequentialColors"])
    # the second direction's scale: ground to green, then most of the way to the ink
    deep = mix(theme["greenColor"], theme["textColor"], 0.6)
    rising = [mix(theme["secondaryBackgroundColor"], theme["greenColor"], k / 6) for k in range(7)]
    attended_by = (*rising, *(mix(theme["greenColor"], deep, k / 3) for k in (1, 2, 3)))
    return Palette(
        page=theme["backgroundColor"],
        wash=theme["secondaryBackgroundColor"],
        line=theme["borderColor"],
        ink=theme["textColor"],
        muted=theme["grayTextColor"],
        cls=theme["orangeColor"],
        sep=theme["grayColor"],
        attends_to=theme["blueColor"],
        attends_to_pale=attends_to[2 if mode == "light" else 3],
        attended_by=theme["greenColor"],
        segment=theme["violetColor"],
        scales={
            "attends_to": attends_to,
            "attended_by": attended_by,
            "diverging": tuple(theme["chartDivergingColors"]),
        },
    )


def mix(start: str, end: str, part: float) -> str:
    """A colour between two, "#rrggbb"; part 0 is the first, 1 the second."""
    a, b = (bytes.fromhex(c[1:]) for c in (start, end))
    return "#" + "".join(f"{round(x + (y - x) * part):02x}" for x, y in zip(a, b, strict=True))


@dataclass(frozen=True)
class Quantity:
    """What a number is, so that it looks the same on every page.

    Attributes:
        name: in words, for axes and legends.
        unit: "" where it has none.
        low: smallest value it can take, or None where it is not bounded.
        high: largest value it can take, or None.
        scale: the colours it is painted in.
        digits: decimals in a sentence.
    """

    name: str
    unit: str
    low: float | None
    high: float | None
    scale: Scale
    digits: int

    def write(self, value: float) -> str:
        """The value as it stands in a sentence."""
        return share(value) if self.unit == "%" else number(value, self.digits)


ATTENDS_TO = Quantity("share of its attention", "%", 0, 1, "attends_to", 0)
ATTENDED_BY = Quantity("share of a token's own attention", "%", 0, 1, "attended_by", 0)
COSINE = Quantity("cosine", "", -1, 1, "diverging", 2)
CENTRED = Quantity("cosine after centring", "", -1, 1, "diverging", 2)
ACTIVATION = Quantity("activation", "", None, None, "diverging", 3)
WEIGHT = Quantity("weight of a token", "%", 0, 1, "attends_to", 0)


def number(value: float, digits: int = 2) -> str:
    """A number as it is written everywhere: a true minus, and none before a zero."""
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def written(value: float) -> str:
    """A cosine in a sentence: two decimals, more where two would make it 1, and "1, exactly" where it is."""
    if value == 1:
        return "1, exactly"
    for digits in (2, 3, 4):
        text = number(value, digits)
        if abs(float(text.replace("−", "-"))) < 1:
            return text
    return "> 0.9999" if value > 0 else "< −0.9999"


def share(value: float) -> str:
    """A share from 0 to 1 as whole percent; "<1%" for what would round to nothing but is something."""
    if 0 < value < 0.005:
        return "<1%"
    return f"{value * 100:.0f}%".replace("-", "−")


def part(value: float) -> str:
    """A share as whole percent that is "100%" only where it is all: ">99%" for what would round to it."""
    return ">99%" if 0.995 <= value < 1 else share(value)


def percent(value: float) -> str:
    """A share, with one decimal; what would round to nothing but is something says so."""
    if 0 < abs(value) < 0.0005:
        return "<0.1%" if value > 0 else "> −0.1%"
    return f"{number(value * 100, 1)}%"


def exactly(value: float, digits: int = 3) -> str:
    """A difference that may be none at all: "0, exactly", "< 0.001", or the number."""
    if value == 0:
        return "0, exactly"
    return f"< {10**-digits:.{digits}f}" if abs(value) < 10**-digits else number(value, digits)


def count(value: int) -> str:
    """A count, with thin spaces from 10 000 on."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") if abs(value) >= 10_000 else str(value)


def plural(value: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 text", "2 texts"."""
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """Seconds, or minutes where there are many: "9 seconds", "3 minutes"; never none."""
    whole = max(1, round(seconds))
    return plural(whole, "second") if whole < 90 else plural(round(whole / 60), "minute")


def listed(words: Sequence[str]) -> str:
    """Words in a sentence: "a", "a and b", "a, b and c"; "" where there are none."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def shape(*sizes: int) -> str:
    """A shape as code writes it: "[4, 16, 384]"."""
    return "[" + ", ".join(str(size) for size in sizes) + "]"


def power(value: float) -> str:
    """A very small number, which no line breaks: "6 × 10⁻⁷"; "0, exactly" where it is none."""
    if value == 0:
        return exactly(0.0)
    digits, exponent = f"{value:.0e}".split("e")
    raised = str(int(exponent)).replace("-", "⁻").translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10{raised}"


def nothing(value: float) -> str:
    """A difference that is none, whatever rounding leaves of it: "0, exactly", or "6 × 10⁻⁸, which is rounding"."""
    return f"{power(value)}{', which is rounding' if value else ''}"
