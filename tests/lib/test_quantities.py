"""How numbers are written, what colours mean, and that everybody can tell them apart."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest

from lib import quantities
from lib.quantities import Mode, Palette, Scale, count, exactly, mix, number, palette, plural, shape, share
from tests.colours import VISIONS, apart, contrast, distance, lab, ramp
from tests.conftest import ROOT

MODES: tuple[Mode, ...] = ("light", "dark")
SCALES: tuple[Scale, ...] = ("attends_to", "attended_by", "diverging")
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]

both = pytest.mark.parametrize("mode", MODES)
every_scale = pytest.mark.parametrize("scale", SCALES)


# The measures themselves, against what their authors print


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [  # Sharma, Wu and Dalal 2005, table 1: pairs 1, 4, 7, 10, 13, 16, 17, 20, 23, 25, 28, 31, 34
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.4900, -0.0010), (50, -2.4900, 0.0010), 7.1792),
        ((50, -0.0010, 2.4900), (50, 0.0009, -2.4900), 4.8045),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (58, 24, 15), 19.4535),
        ((50, 2.5, 0), (50, 3.2592, 0.3350), 1.0000),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_ciede2000_is_what_its_paper_prints(
    one: tuple[float, float, float], other: tuple[float, float, float], far: float
) -> None:
    for pair in ((one, other), (other, one)):
        assert round(distance(*(np.array(colour, float) for colour in pair)), 4) == far


def test_contrast_by_hand() -> None:
    assert round(contrast("#000000", "#ffffff"), 6) == 21
    assert contrast("#808080", "#808080") == 1
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48  # the usual example of just too little


def test_lab_by_hand() -> None:
    np.testing.assert_allclose(lab("#ffffff"), [100, 0, 0], atol=0.02)
    np.testing.assert_allclose(lab("#000000"), [0, 0, 0], atol=1e-9)
    np.testing.assert_allclose(lab("#ff0000"), [53.23, 80.11, 67.22], atol=0.01)
    red, green = "#b00000", "#3f6f00"
    assert apart(red, green) > 40 > 25 > apart(red, green, "deutan"), "what it is for"


@pytest.mark.parametrize("vision", VISIONS)
def test_a_grey_is_grey_to_everybody(vision: str) -> None:
    assert apart("#808080", "#808080", vision) == 0
    assert np.abs(lab("#808080", vision)[1:]).max() < 0.1


# The look's colours


@both
def test_text_can_be_read_on_the_page_and_on_its_wash(mode: Mode) -> None:
    theme = THEME[mode]
    inks = [
        "textColor",
        "linkColor",
        "codeTextColor",
        "grayTextColor",
        "orangeTextColor",
        "blueTextColor",
        "greenTextColor",
        "violetTextColor",
        "yellowTextColor",
        "redTextColor",
        "orangeColor",
        "blueColor",
        "greenColor",
        "grayColor",
    ]
    grounds = ["backgroundColor", "secondaryBackgroundColor"]
    low = {
        (ink, ground): round(contrast(theme[ink], theme[ground]), 2)
        for ink in inks
        for ground in grounds
        if contrast(theme[ink], theme[ground]) < 4.5
    }
    assert low == {}


@both
def test_text_can_be_read_on_its_own_box(mode: Mode) -> None:
    theme = THEME[mode]
    hues = ("orange", "blue", "green", "violet", "gray", "yellow", "red")
    low = {hue: contrast(theme[f"{hue}TextColor"], theme[f"{hue}BackgroundColor"]) for hue in hues}
    assert {hue: found for hue, found in low.items() if found < 4.5} == {}
    assert contrast(theme["orangeColor"], theme["backgroundColor"]) >= 4.5, "the page's colour on a filled tile"
    assert contrast(theme["primaryColor"], "#ffffff") >= 4.5, "Streamlit writes white on it"
    assert contrast(theme["primaryColor"], theme["backgroundColor"]) >= 3, "a control's edge"


@both
@every_scale
@pytest.mark.parametrize("vision", VISIONS)
def test_the_first_tokens_colour_is_far_from_every_scale(mode: Mode, scale: Scale, vision: str) -> None:
    colours = palette(mode)
    points = [*colours.scales[scale], *ramp(colours.scales[scale], 41)]
    assert min(apart(colours.cls, point, vision) for point in points) >= 15


@both
@pytest.mark.parametrize("scale", ["attends_to", "attended_by"])
@pytest.mark.parametrize("vision", VISIONS)
def test_more_is_always_darker_or_always_lighter(mode: Mode, scale: Scale, vision: str) -> None:
    lightness = [lab(stop, vision)[0] for stop in palette(mode).scales[scale]]
    steps = np.diff(lightness)
    assert (steps < 0).all() if mode == "light" else (steps > 0).all()


@both
@pytest.mark.parametrize("vision", VISIONS)
def test_the_diverging_scale_goes_from_the_middle_to_both_ends(mode: Mode, vision: str) -> None:
    lightness = np.array([lab(stop, vision)[0] for stop in palette(mode).scales["diverging"]])
    outwards = np.concatenate([np.diff(lightness[:5][::-1]), np.diff(lightness[5:])])
    assert (outwards < 0).all() if mode == "light" else (outwards > 0).all()
    low, high = (palette(mode).scales["diverging"][k] for k in (0, -1))
    assert apart(low, high, vision) >= 15, "the two signs can be told apart"


@both
def test_the_two_directions_can_be_told_apart(mode: Mode) -> None:
    colours = palette(mode)
    for vision in VISIONS:
        assert apart(colours.attends_to, colours.attended_by, vision) >= 10
        assert apart(colours.attends_to, colours.attends_to_pale, vision) >= 10, "shades of one direction, side by side"


@both
def test_the_palette_is_the_themes(mode: Mode) -> None:
    theme, colours = THEME[mode], palette(mode)
    assert (colours.page, colours.wash, colours.line, colours.ink, colours.muted) == tuple(
        theme[key]
        for key in ("backgroundColor", "secondaryBackgroundColor", "borderColor", "textColor", "grayTextColor")
    )
    assert (colours.cls, colours.sep, colours.attends_to, colours.attended_by, colours.segment) == tuple(
        theme[f"{hue}Color"] for hue in ("orange", "gray", "blue", "green", "violet")
    )
    assert colours.scales["attends_to"] == tuple(theme["chartSequentialColors"])
    assert colours.scales["diverging"] == tuple(theme["chartDivergingColors"])
    assert colours.scales["attended_by"][0] == colours.wash
    assert colours.scales["attended_by"][6] == colours.attended_by
    assert colours.scales["attended_by"][9] == mix(colours.attended_by, colours.ink, 0.6)
    assert {scale: len(stops) for scale, stops in colours.scales.items()} == dict.fromkeys(SCALES, 10)
    every = [getattr(colours, field.name) for field in fields(Palette) if field.name != "scales"]
    every += [stop for stops in colours.scales.values() for stop in stops]
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in every)


@both
@every_scale
def test_plotly_gets_the_scale_from_0_to_1(mode: Mode, scale: Scale) -> None:
    stops = palette(mode).colorscale(scale)
    places = [place for place, _ in stops]
    assert (places[0], places[-1], len(stops)) == (0, 1, 10)
    assert all(b > a for a, b in pairwise(places))
    assert tuple(colour for _, colour in stops) == palette(mode).scales[scale]


def test_both_themes_say_the_same_things() -> None:
    assert THEME["light"].keys() == THEME["dark"].keys()


def test_the_style_sheet_has_the_themes_colours() -> None:
    css = (ROOT / "lib" / "app" / "look.css").read_text("utf-8")
    found = dict(re.findall(r"--([a-z-]+):light-dark\((#[0-9a-f]{6},#[0-9a-f]{6})\)", css))
    keys = {
        "cls": "orangeColor",
        "attends-to": "blueColor",
        "attended-by": "greenColor",
        "sep": "grayColor",
        "segment": "violetTextColor",
        "muted": "grayTextColor",
        "line": "borderColor",
        "paper": "backgroundColor",
        "ink": "textColor",
    }
    assert found.keys() == keys.keys()
    assert found == {name: f"{THEME['light'][key]},{THEME['dark'][key]}" for name, key in keys.items()}
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css)) - theme_colours() == set(), "a colour that is no role"


def theme_colours() -> set[str]:
    values = [value for mode in MODES for value in THEME[mode].values()]
    return {colour for value in values for colour in (value if isinstance(value, list) else [value])}


def test_components_take_their_colours_from_the_theme() -> None:
    files = [each for top in ("lib", "pages") for kind in ("css", "js") for each in (ROOT / top).rglob(f"*.{kind}")]
    assert files
    used = {file.name: set(re.findall(r"#[0-9a-fA-F]{6}\b|\brgba?\(\s*\d", file.read_text("utf-8"))) for file in files}
    loose = {name: found - theme_colours() for name, found in used.items()}
    assert {name: found for name, found in loose.items() if found} == {}


# Numbers


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0.484, 2, "0.48"),
        (-0.5, 2, "−0.50"),
        (1, 2, "1.00"),
        (-0.004, 2, "0.00"),
        (-0.0, 3, "0.000"),
        (0.0, 0, "0"),
        (-0.006, 2, "−0.01"),
        (9.6642, 3, "9.664"),
        (-12, 0, "−12"),
    ],
)
def test_number_by_hand(value: float, digits: int, written: str) -> None:
    assert number(value, digits) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.5, "50%"),
        (0.005, "0%"),
        (0.0051, "1%"),
        (0.0049, "<1%"),
        (1e-9, "<1%"),
        (0.294, "29%"),
        (-0.25, "−25%"),
    ],
)
def test_share_by_hand(value: float, written: str) -> None:
    assert share(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0, exactly"), (-0.0, "0, exactly"), (1e-7, "< 0.001"), (-1e-7, "< 0.001"), (0.001, "0.001"), (0.25, "0.250")],
)
def test_exactly_by_hand(value: float, written: str) -> None:
    assert exactly(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (9999, "9999"), (10_000, "10\u202f000"), (1_234_567, "1\u202f234\u202f567")]
)
def test_count_by_hand(value: int, written: str) -> None:
    assert count(value) == written


def test_plural_by_hand() -> None:
    assert [plural(n, "text") for n in (0, 1, 2, 10_000)] == ["0 texts", "1 text", "2 texts", "10\u202f000 texts"]
    assert [plural(n, "entry", "entries") for n in (1, 3)] == ["1 entry", "3 entries"]


def test_shape_by_hand() -> None:
    assert shape(4, 16, 384) == "[4, 16, 384]"
    assert shape(7) == "[7]"


def test_mix_by_hand() -> None:
    assert mix("#000000", "#ff8040", 0) == "#000000"
    assert mix("#000000", "#ff8040", 1) == "#ff8040"
    assert mix("#102030", "#203040", 0.5) == "#182838"


def test_a_quantity_writes_itself() -> None:
    assert quantities.ATTENDS_TO.write(0.294) == "29%"
    assert quantities.COSINE.write(-0.123) == "−0.12"
    assert quantities.ACTIVATION.write(9.6642) == "9.664"
    every = [value for value in vars(quantities).values() if isinstance(value, quantities.Quantity)]
    assert len(every) >= 6
    assert {quantity.scale for quantity in every} == set(SCALES)
    for quantity in every:
        if quantity.low is not None and quantity.high is not None:
            assert quantity.low < quantity.high
            assert (quantity.low == -quantity.high) == (quantity.scale == "diverging"), (
                "signs need the scale with two ends"
            )


@pytest.mark.parametrize(
    ("value", "written"),
    [(1, "1, exactly"), (0.9999999, "> 0.9999"), (0.9997, "0.9997"), (0.994, "0.99"), (-0.2, "−0.20")],
)
def test_a_cosine_near_1_is_not_1(value: float, written: str) -> None:
    assert quantities.written(value) == written
