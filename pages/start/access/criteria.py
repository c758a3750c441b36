"""The criteria of WCAG 2.1, levels A and AA, and how the app stands to each; the tests named here hold it to that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Result = Literal["met", "in part", "not met", "does not apply"]

AXE = "axe, on every page, folds open, light and dark, at 1280 and 390 pixels: nothing serious"
_FRAME, _ACCESS = "tests/browser/test_frame.py", "tests/browser/test_access.py"


@dataclass(frozen=True)
class Criterion:
    """One rule.

    Attributes:
        number: of WCAG 2.1.
        name: its short name there.
        level: "A" or "AA".
        result: how the app stands to it.
        shown: what shows that, or what is missing; Markdown.
        test: the file, and the test in it, that would fail; "" where people looked.
    """

    number: str
    name: str
    level: Literal["A", "AA"]
    result: Result
    shown: str
    test: str = ""


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "1.1.1",
        "Non-text content",
        "A",
        "met",
        "Every picture has a sentence that says what it shows, and a table of all that it draws.",
        f"{_FRAME}::test_a_page_draws",
    ),
    Criterion("1.2.1", "Audio-only and video-only", "A", "does not apply", "There is neither."),
    Criterion("1.2.2", "Captions (prerecorded)", "A", "does not apply", "There is no film."),
    Criterion("1.2.3", "Audio description or media alternative", "A", "does not apply", "There is no film."),
    Criterion("1.2.4", "Captions (live)", "AA", "does not apply", "There is no film."),
    Criterion("1.2.5", "Audio description", "AA", "does not apply", "There is no film."),
    Criterion(
        "1.3.1",
        "Info and relationships",
        "A",
        "in part",
        "Headings, lists, tables and labels are marked as such. But in the narrow menu, which Streamlit draws, the "
        "names of the chapters stand between the items of a list.",
        f"{_FRAME}::test_a_page_draws",
    ),
    Criterion("1.3.2", "Meaningful sequence", "A", "met", "The order in the page is the order on the screen."),
    Criterion(
        "1.3.3",
        "Sensory characteristics",
        "A",
        "met",
        "What is to be pressed is named by its words, not only by its form, colour or place.",
    ),
    Criterion(
        "1.3.4", "Orientation", "AA", "met", "Nothing is locked.", f"{_ACCESS}::test_a_page_fits_a_narrow_window"
    ),
    Criterion("1.3.5", "Identify input purpose", "AA", "does not apply", "Nothing about the visitor is asked."),
    Criterion(
        "1.4.1",
        "Use of color",
        "A",
        "met",
        "Lines differ by mark and dash, bars by hatch, tokens by frame and words, besides their colours.",
    ),
    Criterion("1.4.2", "Audio control", "A", "does not apply", "There is no sound."),
    Criterion("1.4.3", "Contrast (minimum)", "AA", "met", f"{AXE}.", f"{_FRAME}::test_a_page_draws"),
    Criterion(
        "1.4.4",
        "Resize text",
        "AA",
        "met",
        "At 200% a window of 1280 pixels has room for 640. Nothing is cut off there, nor at 320.",
        f"{_ACCESS}::test_a_page_fits_a_narrow_window",
    ),
    Criterion("1.4.5", "Images of text", "AA", "met", "Words in pictures are letters, not pixels. Only logos differ."),
    Criterion(
        "1.4.10",
        "Reflow",
        "AA",
        "met",
        "At 320 pixels no page scrolls sideways. Pictures and tables that need two dimensions scroll in themselves.",
        f"{_ACCESS}::test_a_page_fits_a_narrow_window",
    ),
    Criterion(
        "1.4.11",
        "Non-text contrast",
        "AA",
        "in part",
        "What has the focus gets a frame in the colour of the text. But grid lines are pale, and so are weak shades "
        "in maps of many cells: their numbers are in the table.",
        f"{_ACCESS}::test_what_has_the_focus_is_seen",
    ),
    Criterion(
        "1.4.12",
        "Text spacing",
        "AA",
        "in part",
        "With wider letters, words and lines nothing overlaps, and no page scrolls sideways. But the names of long "
        "texts beside their strips end with “…” earlier. The whole text is in the box above.",
        f"{_ACCESS}::test_a_page_fits_a_narrow_window",
    ),
    Criterion(
        "1.4.13",
        "Content on hover or focus",
        "AA",
        "not met",
        "The note at a point of a chart goes only when the pointer moves away, and cannot be pointed at. It repeats "
        "what is in the chart's table.",
    ),
    Criterion(
        "2.1.1",
        "Keyboard",
        "A",
        "met",
        "Everything that can be pressed is reached by Tab or the arrow keys. Points of a chart are not, but its table "
        "is.",
        f"{_ACCESS}::test_what_has_the_focus_is_seen",
    ),
    Criterion(
        "2.1.2",
        "No keyboard trap",
        "A",
        "met",
        "Tab goes through a page and leaves it.",
        f"{_ACCESS}::test_what_has_the_focus_is_seen",
    ),
    Criterion(
        "2.1.4",
        "Character key shortcuts",
        "A",
        "not met",
        "In a presentation N, Q and T are keys by themselves, and Streamlit has R for reading a page again. They "
        "cannot be changed or turned off.",
    ),
    Criterion("2.2.1", "Timing adjustable", "A", "met", "Nothing ends by itself; the address keeps what was typed."),
    Criterion(
        "2.2.2",
        "Pause, stop, hide",
        "A",
        "met",
        "Pictures move only when they are asked to. A running training can be cancelled.",
        "tests/browser/test_tokens_drawing.py::test_steps_are_still_for_those_who_asked_for_it",
    ),
    Criterion("2.3.1", "Three flashes or below threshold", "A", "met", "Nothing flashes."),
    Criterion("2.4.1", "Bypass blocks", "A", "met", "The first Tab offers “Skip to main content”."),
    Criterion(
        "2.4.2",
        "Page titled",
        "A",
        "met",
        "The title of the window is that of the page.",
        f"{_ACCESS}::test_what_has_the_focus_is_seen",
    ),
    Criterion("2.4.3", "Focus order", "A", "met", "Menu, tools, box, page, in the order on the screen."),
    Criterion("2.4.4", "Link purpose (in context)", "A", "met", "A link says what waits behind it."),
    Criterion("2.4.5", "Multiple ways", "AA", "met", "Menu, path, and the links at the end of each page."),
    Criterion("2.4.6", "Headings and labels", "AA", "met", "A picture's heading is its finding; a control is named."),
    Criterion(
        "2.4.7",
        "Focus visible",
        "AA",
        "met",
        "All that the Tab key reaches is framed.",
        f"{_ACCESS}::test_what_has_the_focus_is_seen",
    ),
    Criterion("2.5.1", "Pointer gestures", "A", "met", "What can be dragged has buttons or arrow keys, too."),
    Criterion("2.5.2", "Pointer cancellation", "A", "met", "What is pressed happens when it is let go."),
    Criterion("2.5.3", "Label in name", "A", "met", "The name that is read out has the words on the screen in it."),
    Criterion("2.5.4", "Motion actuation", "A", "does not apply", "Nothing is done by moving the device."),
    Criterion("3.1.1", "Language of page", "A", "met", f"{AXE}.", f"{_FRAME}::test_a_page_draws"),
    Criterion(
        "3.1.2",
        "Language of parts",
        "AA",
        "not met",
        "A text in another language is not marked as such: the app does not know its language.",
    ),
    Criterion("3.2.1", "On focus", "A", "met", "Nothing changes when something gets the focus."),
    Criterion(
        "3.2.2",
        "On input",
        "A",
        "met",
        "A choice changes the page that it stands on, under the control; no other page is opened.",
    ),
    Criterion("3.2.3", "Consistent navigation", "AA", "met", "Menu, path and tools stand alike on every page."),
    Criterion("3.2.4", "Consistent identification", "AA", "met", "One thing has one name and one colour everywhere."),
    Criterion(
        "3.3.1",
        "Error identification",
        "A",
        "met",
        "What cannot be read gets a sentence that says what happened.",
        "tests/test_pages.py::test_a_page_takes_any_text",
    ),
    Criterion("3.3.2", "Labels or instructions", "A", "met", "Every box says what belongs into it."),
    Criterion("3.3.3", "Error suggestion", "AA", "met", "The sentence also says what to do."),
    Criterion(
        "3.3.4", "Error prevention (legal, financial, data)", "AA", "does not apply", "Nothing is bought or signed."
    ),
    Criterion("4.1.1", "Parsing", "A", "met", "Browsers mend what this rule was for; WCAG 2.2 has no such rule."),
    Criterion(
        "4.1.2",
        "Name, role, value",
        "A",
        "met",
        f"{AXE}. What can be pressed has a name.",
        f"{_FRAME}::test_a_page_draws",
    ),
    Criterion(
        "4.1.3",
        "Status messages",
        "AA",
        "in part",
        "What a picture tells when it is touched is read out. That a page is being read anew is only shown.",
    ),
)
