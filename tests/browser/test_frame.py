"""The frame in a real browser: every page draws, nothing leaves the machine, and no choice is ever lost."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from lib.app import contents
from lib.texts.examples import DEFAULT, EXAMPLES
from tests.browser.conftest import Site, Visit, address, box, serving, settle, through_the_menu, typed
from tests.conftest import thinned
from tests.lib.test_escape import NASTY
from tests.test_pages import PAGES, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

STEMS = tuple(stem for stem in PAGES if stem not in contents.PLAIN)
PICTURES = """() =>
  [...document.querySelectorAll('[data-testid^="stBidiComponent"], [data-testid="stPlotlyChart"], iframe')]
  .map((e) => e.getBoundingClientRect())"""
SIDEWAYS = """() =>
  [document.documentElement, ...document.querySelectorAll('[data-testid="stMain"], [data-testid="stApp"]')]
  .map((e) => e.scrollWidth - e.clientWidth)"""
WIDER = """() => [...document.querySelectorAll('[data-testid="stMainBlockContainer"] *')]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map((e) => e.className || e.tagName)"""

NAMELESS = """() => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  const unseen = (e) => e.closest('[aria-hidden="true"], .st-key-doors');
  return all(document.querySelector('[data-testid="stMainBlockContainer"]'))
    .filter((e) => e.matches('button, a[href], [role=img], [role=application], [role=grid]') && !unseen(e))
    .filter((e) => !(e.innerText || '').trim() && !e.ariaLabel && !e.getAttribute('aria-labelledby') && !e.title)
    .map((e) => e.outerHTML.slice(0, 120));
}"""


STREAMLITS = '[data-testid="stSidebarNavItems"]'
MARKUP = "<img src=x onerror=window.hit=1> <script>window.hit=1</script>\n**a** [b](http://127.0.0.1/x) $x$ :red[c]"


def slider(page: Page, key: str) -> str:
    return page.locator(f".st-key-{key} input[type=range]").get_attribute("aria-valuetext") or ""


def notes(page: Page) -> list[str]:
    return page.locator('[class*="st-key-note_"]').all_inner_texts()


def title(page: Page) -> str:
    return page.locator("h1").inner_text()


def calm(page: Page) -> None:
    """Nothing that looks like a defect is on screen."""
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("Traceback").count() == 0


# Every page: by its own address in the dark, narrow in the light, with a text and a pair full of markup


@pytest.mark.parametrize("stem", thinned(STEMS))
def test_a_page_draws(stem: str, site: Site, visit: Visit) -> None:
    place = "" if stem == "question" else stem  # the first page lives at the root
    guess = "".join(f"&{key}={value}" for key, value in shown(stem).items())
    page = visit(f"{site.url}/{place}?text={quote_plus(chr(10).join(DEFAULT.texts))}{guess}", dark=True)
    assert_drawn(page, stem)
    assert barriers(page) == []
    tops = page.evaluate(f"() => ({PICTURES})().filter((r) => r.height > 60).map((r) => r.top)")
    answer = page.locator(".st-key-answer p").last.bounding_box() if stem == "question" else None
    if answer:
        assert answer["y"] + answer["height"] < 800, "the whole answer stands above the fold"
    elif stem != "finetune":  # its settings stand open here, above what they change
        assert min(tops) < 640, "the first picture begins above the fold, and so much of it is seen with the answer"

    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="light")
    settle(page, after=400)
    assert_drawn(page, stem)
    assert barriers(page) == []

    page.get_by_role("button", name="Make it a pair").click()
    settle(page, after=200)
    pair = page.get_by_label("Second text of the pair", exact=True)
    pair.fill("</script><svg onload=window.hit=1>")
    pair.press("Enter")
    typed(page, MARKUP)
    page.set_viewport_size({"width": 1280, "height": 900})
    settle(page, after=400)
    assert_drawn(page, stem)
    assert box(page) == MARKUP
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x], a[href='http://127.0.0.1/x'], .katex").count() == 0
    assert page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("stem", contents.PLAIN)
def test_a_page_of_words_has_no_barriers(stem: str, site: Site, visit: Visit) -> None:
    page = visit(site.link(page=stem), dark=True)
    assert barriers(page) == []
    page.emulate_media(color_scheme="light")
    settle(page, after=400)
    assert barriers(page) == []


def test_every_chapter_is_in_sight_on_a_small_tablet(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="sources"))
    page.set_viewport_size({"width": 768, "height": 1024})
    settle(page, after=400)
    menu = page.get_by_test_id("stTopNav")
    assert menu.get_by_text("more").count() == 0, "nothing is put away"
    for chapter in contents.CHAPTERS.values():
        word = menu.get_by_text(chapter, exact=True)
        assert word.is_visible()
        assert word.evaluate("(e) => e.getBoundingClientRect().height < 2 * parseFloat(getComputedStyle(e).fontSize)")


def barriers(page: Page) -> list[str]:
    """What axe finds that keeps somebody out, by the rules of WCAG 2.2 A and AA; not in the narrow menu of Streamlit,
    whose list has chapters between its items."""
    wanted = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, {"exclude": [[STREAMLITS]]}, wanted).response["violations"]
    return [
        f"{each['id']}: {[node['html'][:200] for node in each['nodes']]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def assert_drawn(page: Page, stem: str) -> None:
    assert title(page)
    assert urlsplit(address(page)).path == ("/" if stem == "question" else f"/{stem}")
    heights = page.evaluate(f"() => ({PICTURES})().map((r) => r.height)")
    assert max(heights, default=0) > 100, "no picture"
    assert max(page.evaluate(SIDEWAYS)) <= 0, f"sideways: {page.evaluate(WIDER)}"
    calm(page)


# Links


def test_a_link_restores_page_texts_pair_and_control_on_a_cold_server(cold_site: Site, visit: Visit) -> None:
    given = {"page": "cube", "text": "First text, c+d & <e> #é\nSecond", "pair": "its other half", "cube_layer": "2"}
    page = visit(cold_site.link(**given))
    assert urlsplit(address(page)).path == "/cube"
    assert box(page) == given["text"]
    assert page.get_by_label("Second text of the pair", exact=True).input_value() == given["pair"]
    assert slider(page, "cube_layer") == "2"
    assert notes(page) == []
    assert page.get_by_role("dialog").count() == 0, "no “page not found”"
    calm(page)


@pytest.mark.parametrize("stem", ["question", "attention"])
def test_the_link_that_is_offered_opens_the_same_page(stem: str, site: Site, visit: Visit) -> None:
    page = visit(site.link(page=stem))
    typed(page, "One text & <more>\nAnother: 100%")
    page.get_by_role("button", name="Copy link").click()
    link = page.locator(".st-key-link code, [data-testid=stPopoverBody] code").first.inner_text()
    assert parse_qs(urlsplit(link).query)["page"] == [stem]
    other = visit(link)
    assert title(other) == title(page)
    assert box(other) == "One text & <more>\nAnother: 100%"


@pytest.mark.parametrize(
    "wrong",
    [{"page": "../../etc"}, {"page": "attention", "attention_layer": "99", "attention_way": "<b>"}],
    ids=["page", "values"],
)
def test_a_broken_link_is_one_kind_sentence_above_the_page(wrong: dict[str, str], site: Site, visit: Visit) -> None:
    page = visit(site.link(**wrong, text="My words stay.\nThese, too."))
    assert len(notes(page)) == 1
    assert notes(page)[0].startswith("The link asks for")
    note, head = (page.locator(where).first.bounding_box() for where in ('[class*="st-key-note_"]', "h1"))
    assert note["y"] < head["y"], "where it is seen"
    assert box(page) == "My words stay.\nThese, too."
    calm(page)


# Nothing is lost


def test_back_forward_and_reload_keep_texts_and_controls(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="cube", cube_guess="no"))
    typed(page, "My own text\nand another")
    usual = slider(page, "cube_layer")
    page.locator(".st-key-cube_layer input[type=range]").press("ArrowLeft")
    settle(page, after=300)
    chosen = slider(page, "cube_layer")
    assert chosen != usual

    through_the_menu(page, "Attention", "Attention")
    assert urlsplit(address(page)).path == "/attention"
    assert box(page) == "My own text\nand another"

    page.go_back()
    settle(page, after=500)
    assert urlsplit(address(page)).path == "/cube"
    assert (box(page), slider(page, "cube_layer")) == ("My own text\nand another", chosen)

    page.go_forward()
    settle(page, after=500)
    assert urlsplit(address(page)).path == "/attention"
    assert box(page) == "My own text\nand another"

    page.go_back()
    settle(page, after=500)
    page.reload()
    settle(page)
    assert (box(page), slider(page, "cube_layer")) == ("My own text\nand another", chosen)
    calm(page)


def test_back_takes_a_text_back_and_forward_brings_it_again(site: Site, visit: Visit) -> None:
    """From an address in which nothing stands, because all is as usual."""
    page = visit(f"{site.url}/tokens?open=1&tokens_guess=no")
    usual = box(page)
    assert "garden" not in usual
    typed(page, "Mine: 100% <b>, c+d & #é\nand more")
    page.get_by_role("button", name="Take a question and its answer").click()
    settle(page, after=300)
    pair = page.get_by_label("Second text of the pair", exact=True)
    question, answer = box(page), pair.input_value()
    assert answer

    page.go_back()
    settle(page, after=500)
    assert (box(page), pair.count()) == ("Mine: 100% <b>, c+d & #é\nand more", 0)
    page.go_back()
    settle(page, after=500)
    assert (box(page), pair.count()) == (usual, 0)
    for _ in range(2):
        page.go_forward()
        settle(page, after=500)
    assert (box(page), pair.input_value()) == (question, answer)

    page.get_by_role("button", name="Undo", exact=True).click()
    settle(page, after=300)
    assert (box(page), pair.count()) == ("Mine: 100% <b>, c+d & #é\nand more", 0), "a button does it, too"
    calm(page)


def test_keys_pressed_quickly_are_all_heard_and_are_one_way_back(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="cube", cube_guess="no", text="One text\nAnother", cube_layer="6"))
    entries = page.evaluate("history.length")
    handle = page.locator(".st-key-cube_layer input[type=range]")
    handle.focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    settle(page, after=500)
    assert slider(page, "cube_layer") == "0"
    assert parse_qs(urlsplit(address(page)).query)["cube_layer"] == ["0"]
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    settle(page, after=500)
    assert slider(page, "cube_layer") == "6"
    calm(page)


def test_a_link_is_left_by_back(site: Site, visit: Visit) -> None:
    """It opens by way of the root, which must not send the visitor on once more."""
    page = visit(site.link(page="cube", cube_guess="no", text="Mine"))
    page.go_back()
    settle(page, after=500)
    assert urlsplit(address(page)).path == "/"
    assert box(page) == "Mine"
    page.go_back()
    assert page.url == "about:blank"


@pytest.mark.long
def test_a_control_survives_a_tour_through_all_pages(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="cube", cube_guess="no", text="My own text", cube_layer="1"))
    for stem in (*STEMS, "cube"):
        page.locator(f".st-key-door_{stem} a").evaluate("(a) => a.click()")
        settle(page, after=300)
        assert urlsplit(address(page)).path in (f"/{stem}", "/")
        assert box(page) == "My own text"
        calm(page)
    assert slider(page, "cube_layer") == "1"


def test_two_visitors_do_not_meet(site: Site, visit: Visit) -> None:
    one, other = visit(site.link(page="tokens", text="Mine")), visit(site.link(page="tokens", text="Yours"))
    typed(one, "Mine, changed")
    assert (box(one), box(other)) == ("Mine, changed", "Yours")


# The specimen line


def test_enter_reads_and_shift_enter_makes_a_line(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens"))
    field = page.get_by_label("Your text", exact=True)
    field.fill("")
    title = page.locator("h1").bounding_box()
    field.press_sequentially("One text")
    field.press("Shift+Enter")
    field.press_sequentially("Another")
    assert field.input_value() == "One text\nAnother"
    assert "One" not in address(page), "not read yet"
    field.press("Enter")
    settle(page, after=300)
    assert field.input_value() == "One text\nAnother", "Enter adds no line"
    assert parse_qs(urlsplit(address(page)).query)["text"] == ["One text\nAnother"]
    assert title == page.locator("h1").bounding_box(), "what is written lies over the page, which stays where it is"
    field.blur()
    folded = field.bounding_box()
    assert folded is not None
    assert folded["height"] < 50, "of several texts the first is seen"


@pytest.mark.parametrize("stem", ["tokens", "pooling"])
def test_an_example_fills_the_box(stem: str, site: Site, visit: Visit) -> None:
    example = EXAMPLES[stem][0]
    page = visit(site.link(page=stem, text="Something else"))
    page.get_by_role("button", name="Examples").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name=example.label, exact=True).click()
    settle(page, after=300)
    assert box(page) == "\n".join(example.texts)
    calm(page)


def test_no_text_is_one_kind_note_with_a_way_on(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens"))
    typed(page, "")
    assert len(notes(page)) == 1
    assert "No text yet" in notes(page)[0]
    page.get_by_role("button", name="Take the example").click()
    settle(page, after=300)
    assert box(page) == "\n".join(DEFAULT.texts)


def test_a_pair_opens_and_is_dropped(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens", text="One"))
    page.get_by_role("button", name="Make it a pair").click()
    settle(page)
    pair = page.get_by_label("Second text of the pair", exact=True)
    pair.fill("and two")
    pair.press("Enter")
    settle(page, after=300)
    assert parse_qs(urlsplit(address(page)).query)["pair"] == ["and two"]
    page.get_by_role("button", name="Drop the pair").click()
    settle(page, after=300)
    assert pair.count() == 0
    assert "pair" not in parse_qs(urlsplit(address(page)).query)
    page.get_by_role("button", name="Undo", exact=True).click()
    settle(page, after=300)
    assert pair.input_value() == "and two"
    assert page.get_by_role("button", name="Undo", exact=True).count() == 0, "there is nothing more to bring back"


# Too long for a link; files


def test_a_text_over_4_kb_is_read_and_a_file_is_offered(site: Site, visit: Visit, tmp_path: Path) -> None:
    page = visit(site.link(page="cube", cube_guess="no", cube_layer="3"))
    assert notes(page) == []
    long = "\n".join(f"Line {n}: " + "words and more words " * 8 for n in range(30))
    typed(page, long)
    assert box(page) == long
    assert len(address(page)) < 4096
    assert "a reload loses them" in notes(page)[0], "said beforehand"
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("too long for a link (over 4 KB)").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save this state").click()
    saved = tmp_path / "state.json"
    waiting.value.save_as(saved)
    assert json.loads(saved.read_text())["text"] == long

    page.reload()
    settle(page)
    assert box(page) in (long, "\n".join(DEFAULT.texts)), "nothing worse than a new visit"
    calm(page)

    other = visit(site.link(page="tokens"))
    other.get_by_role("button", name="Copy link").click()
    other.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(saved)
    other.wait_for_function("location.pathname === '/cube'")  # the file goes a way of its own
    settle(other, after=300)
    assert urlsplit(address(other)).path == "/cube"
    assert box(other) == long
    assert slider(other, "cube_layer") == "3"
    calm(other)


def test_a_file_that_is_not_ours_is_refused_in_one_sentence(site: Site, visit: Visit, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("[1, 2]")
    page = visit(site.link(page="tokens", text="Mine"))
    page.get_by_role("button", name="Copy link").click()
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(wrong)
    page.get_by_text("This is not a file that was saved here").wait_for()  # the file goes a way of its own
    settle(page)
    assert page.get_by_text("This is not a file that was saved here").count() == 1
    assert box(page) == "Mine"
    calm(page)


# Light and dark


def test_the_theme_can_be_switched(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens"))
    seat = """() => getComputedStyle(
      document.querySelector('.st-key-specimen [data-testid="stTextAreaRootElement"]'), '::before').backgroundColor"""
    assert page.evaluate(seat) == "rgb(204, 55, 0)"
    page.get_by_test_id("stMainMenu").get_by_role("button").first.click()
    page.get_by_role("menuitemradio", name="Dark").click()
    settle(page, after=500)
    assert page.evaluate(seat) == "rgb(255, 122, 64)"
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == "rgb(15, 20, 27)"


@pytest.mark.long
def test_the_first_visitor_of_a_server_may_come_to_any_page(browser: Browser, tmp_path: Path) -> None:
    """Streamlit itself looks for its server below such an address first, and the console says so: that is no fault."""
    with serving(tmp_path / "log.txt") as cold:
        page = browser.new_page()
        page.goto(f"{cold.url}/tokens")
        page.get_by_role("heading", level=1).wait_for()
        page.get_by_role("dialog").wait_for(state="detached")
        assert urlsplit(page.url).path == "/tokens"
        page.goto(f"{cold.url}/nosuchpage")
        assert "Page not found" in page.get_by_role("dialog").inner_text()
        page.context.close()  # before its server is gone


# What people type is shown as they typed it


def test_markdown_shows_every_text_as_it_was_typed(chromium: str, visit: Visit, tmp_path: Path) -> None:
    script = tmp_path / "shown.py"
    script.write_text(
        "import streamlit as st\nfrom lib import escape\n"
        f"for n, text in enumerate({NASTY!r}):\n"
        "    with st.container(key=f'text_{n}'):\n        st.markdown(escape.markdown(text))\n"
    )
    with serving(tmp_path / "log.txt", script) as small:
        page = visit(small.url)
        for number, text in enumerate(NASTY):
            place = page.locator(f".st-key-text_{number} [data-testid=stMarkdownContainer]")
            assert place.inner_text().replace("\N{WORD JOINER}", "") == text
            assert place.locator("> p > *").count() == 0, "no link, no icon, no markup"
        page.context.close()  # before its server is gone


@pytest.mark.parametrize("secure", [True, False])
def test_one_click_copies_the_link_and_says_so(secure: bool, site: Site, visit: Visit) -> None:
    page = visit(site.link(page="tokens", text="One text"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not secure:  # as from http://192.168.1.7
        page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.evaluate("navigator.clipboard.writeText('something else')")
    page.get_by_role("button", name="Copy link").click()
    page.locator(".st-key-copied_yes").wait_for()
    assert not page.locator(".st-key-copied_no").is_visible()
    copied = parse_qs(urlsplit(page.evaluate("navigator.clipboard.readText()")).query)
    assert (copied["page"], copied["text"]) == (["tokens"], ["One text"])


@pytest.mark.long
def test_a_card_of_the_page_is_a_picture_of_its_words(site: Site, visit: Visit) -> None:
    """Of a component and of Plotly's figure, and of a text that is longer than its line and full of markup."""
    long = f"<b>bold</b> &amp; {'Donaudampfschifffahrt' * 12}"
    for stem, texts in (("starve", f"{long}\nAnother"), ("direction", "One text\nAnother")):
        page = visit(site.link(page=stem, text=texts, **shown(stem)))
        page.get_by_role("button", name="Copy link").click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Save a picture of this page").click()
        assert waiting.value.suggested_filename == f"cls-{stem}.png"
        image = Image.open(waiting.value.path()).convert("RGB")
        assert (waiting.value.path().read_bytes()[:4], image.size) == (b"\x89PNG", (1200, 630))
        alt = page.get_by_test_id("stPopoverBody").locator("img").get_attribute("alt") or ""
        step, headline, sentence, *learners = alt.split("\n")
        assert (
            step
            == f"[CLS] explained · step {contents.step(stem)} of {len(contents.STEPS)} · numbers of all-MiniLM-L6-v2"
        )
        assert headline in page.locator('[class*="st-key-headline_"] h2').all_inner_texts()
        assert sentence in page.locator('[class*="st-key-says_"] p').all_inner_texts()
        assert learners == [texts.split("\n")[0], "and 1 more text"]

        # where each of them stands on the card there is ink, and the text stays inside its line
        paper, seat = image.getpixel((4, 4)), image.getpixel((70, 560))
        assert seat != paper, "the first token in front of the text"
        for spot in ((57, 40, 500, 68), (57, 85, 500, 130), (500, 200, 1100, 460), (210, 545, 330, 590)):
            assert len(image.crop(spot).getcolors(100_000) or []) > 8, spot
        assert image.crop((0, 600, 1200, 630)).getcolors() == [(1200 * 30, paper)]
        assert image.crop((1150, 0, 1200, 630)).getcolors() == [(50 * 630, paper)]


def test_a_drawer_shows_what_was_chosen_and_changes_nothing_else(site: Site, visit: Visit) -> None:
    page = visit(
        site.link(page="cube", cube_guess="no", beside="texts", text="One text\nAnother\nA third", beside_other="3")
    )
    page.get_by_role("radio", name="h[:, -1]").click()  # a run between the one that read the link and the opening
    settle(page, after=300)
    for _ in range(2):
        page.get_by_role("button", name="Side by side").click()
        settle(page, after=300)
        drawer = page.get_by_test_id("stPopoverBody")
        assert drawer.locator("[role=radio][aria-checked=true]").all_inner_texts() == ["Two texts"]
        assert drawer.locator(".st-key-beside_other input").input_value().startswith("3 ")
        page.keyboard.press("Escape")
        settle(page, after=300)
    assert "beside=texts" in address(page)
    tools = page.locator(".st-key-tools").bounding_box()
    assert tools is not None
    assert tools["height"] < 50, "its row does not wrap"


def test_the_drawer_of_a_training_shows_what_is_used_and_changes_one_thing(site: Site, visit: Visit) -> None:
    page = visit(site.link(page="finetune", **shown("finetune"), text="One text", finetune_rate="0.001"))

    def opened() -> tuple[list[str], list[str]]:
        page.get_by_role("button", name="Epochs, rate, texts, seed").click()
        settle(page, after=300)
        drawer = page.get_by_test_id("stPopoverBody")
        menus = [drawer.locator(f".st-key-finetune_{name} input").input_value() for name in ("texts", "seed")]
        return drawer.locator("[role=radio][aria-checked=true]").all_inner_texts(), menus

    before = opened()
    assert before[0] == ["3", "0.001", "16"]
    assert re.search(rf"\b{before[1][0]} texts", page.locator(".stMain").inner_text()), "as the page says"
    asked = parse_qs(urlsplit(address(page)).query)
    page.get_by_test_id("stPopoverBody").get_by_role("radio", name="1", exact=True).click()
    settle(page, after=300)
    page.keyboard.press("Escape")
    settle(page, after=300)
    assert parse_qs(urlsplit(address(page)).query) == asked | {"finetune_epochs": ["1"]}
    assert opened() == (["1", "0.001", "16"], before[1])
    calm(page)


def test_a_file_stays_with_its_visitor(site: Site, visit: Visit, tmp_path: Path) -> None:
    """Neither the link that is offered nor the address to which the file was sent brings it to anybody else."""
    mine = tmp_path / "mine.csv"
    mine.write_text("text,label\n" + "".join(f"my secret line {n},{'ab'[n % 2]}\n" for n in range(8)))
    page = visit(site.link(page="classify", classify_data="file"))
    sent: list[str] = []
    page.on("request", lambda request: "upload_file" in request.url and sent.append(request.url))
    page.locator("[data-testid=stFileUploaderDropzoneInput]").last.set_input_files(mine)
    page.get_by_text("Found in").wait_for()
    settle(page)
    assert len(sent) == 1
    page.get_by_role("button", name="Copy link").click()
    other = visit(page.locator(".st-key-link code, [data-testid=stPopoverBody] code").first.inner_text())
    assert "No file yet" in " ".join(notes(other))
    assert "secret" not in other.content()
    for address_of_it in (sent[0], sent[0].replace("/_stcore/upload_file/", "/media/")):
        assert b"secret" not in other.context.request.get(address_of_it).body()


@pytest.mark.long
def test_half_an_upload_is_no_file_and_costs_nothing(site: Site, visit: Visit, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("text,label\n" + "".join(f"line {n},{'ab'[n % 2]}\n" for n in range(8)))
    page = visit(site.link(page="classify", classify_data="file", text="One text."))
    sent: list[Request] = []
    page.on("request", lambda request: "upload_file" in request.url and sent.append(request))
    page.locator("[data-testid=stFileUploaderDropzoneInput]").last.set_input_files(mine)
    page.get_by_text("Found in").wait_for()
    settle(page)
    where, headers = urlsplit(sent[-1].url), sent[-1].all_headers()
    kept = "".join(f"{key}: {headers[key]}\r\n" for key in ("cookie", "x-xsrftoken", "content-type") if key in headers)
    with socket.create_connection((where.hostname, where.port)) as line:
        head = f"PUT {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\n{kept}Content-Length: 4000\r\n\r\n"
        line.sendall(head.encode() + b"half a file, and then the line is cut")
    typed(page, "Another text.")
    assert page.get_by_text("8 rows of 2 fields").is_visible(), "the file that came whole is there"
    calm(page)
    assert "Traceback" not in site.log.read_text("utf-8", "replace")
