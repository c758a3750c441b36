"""Texts that would run, load or draw something, in every box and link and out of every page, in a real browser."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote_plus, urlsplit
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from tests.browser.conftest import Site, Visit, box, settle, typed
from tests.browser.test_frame import calm, notes
from tests.conftest import ROOT
from tests.hostile import KINDS, SAMPLE, SHORT, together, visits
from tests.test_pages import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# all that a text has become that is no text: in the page, in its shadow trees and in its frames
MADE = r"""() => {
  const found = [];
  const say = (why, e) => found.push(`${why}: ${e.outerHTML.slice(0, 200)}`);
  const carriers = 'script iframe object embed base meta link form style'.split(' ');
  const addresses = 'href src srcset action formaction xlink:href data poster background ping'.split(' ');
  const plain = 'div p label textarea input option title text tspan'.split(' ');
  const leads = (value) => {
    if (value.startsWith('data:image/')) return false;
    if (/^[\s\0-\x1f]*(javascript|vbscript|data:text)/i.test(value) || /^[^?]*zq/.test(value)) return true;
    try { return new URL(value, location.href).host.includes('zq'); } catch { return false; }
  };
  const look = (root) => {
    for (const e of root.querySelectorAll('*')) {
      const tag = e.localName, attributes = [...e.attributes];
      if (e.hasAttribute('zq') || tag.startsWith('zq') || /^zq/.test(e.id) || e.getAttribute('name') === 'zq')
        say('an element', e);
      if (carriers.includes(tag) && !e.hasAttribute('data-testid')
          && /zq|window\.hit/.test([e.textContent, ...attributes.map((a) => a.value)].join(' '))) say('a tag', e);
      for (const { name, value } of attributes) {
        if (/^on/i.test(name) && /hit/.test(value)) say('a handler', e);
        if (name === 'style' && /zq|expression/.test(value)) say('a style', e);
        if (addresses.includes(name.toLowerCase()) && leads(value)) say('an address', e);
      }
      if (!plain.includes(tag) && /^\s*zq two\s*$/.test(e.textContent)) say('Markdown', e);
      if (e.matches('[data-testid=stIconMaterial]') && /bug_report/.test(e.textContent)) say('an icon', e);
      if (e.matches('.katex')) say('a formula', e);
      if (e.shadowRoot) look(e.shadowRoot);
      if (tag === 'iframe' && e.contentDocument) {
        look(e.contentDocument);
        if (e.contentWindow.hit !== undefined) say('it ran', e);
      }
    }
  };
  look(document);
  if (window.hit !== undefined) found.push('it ran');
  if (document.body.innerText.includes('\u2620')) found.push('a sign for its name');
  return [...new Set(found)];
}"""


def watched(page: Page, wrong: list[str]) -> None:
    """Notes dialogs, windows, and requests for what only a text names."""

    def asked(address: str) -> None:
        if "zq" in address.split("?")[0]:
            wrong.append(f"asked for {address}")

    page.on("dialog", lambda dialog: (wrong.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
    page.context.on("page", lambda other: wrong.append(f"a window: {other.url}"))
    page.on("request", lambda request: asked(request.url))
    page.on("framenavigated", lambda frame: asked(frame.url))


def harmless(page: Page, site: Site, wrong: list[str]) -> None:
    """Nothing of a text has become more than text, and the server has met with no error."""
    calm(page)
    assert page.evaluate(MADE) == []
    assert wrong == []
    said = site.log.read_text("utf-8", "replace")
    assert "Traceback" not in said
    assert "zq" not in said, "no text is written to the log"


def filled(page: Page, texts: tuple[str, ...], pair: str) -> None:
    """Types texts and a second one of a pair, and has them read."""
    second = page.get_by_label("Second text of the pair", exact=True)
    second.fill(pair)
    second.press("Enter")
    settle(page, after=200)
    typed(page, "\n".join(texts))
    assert page.get_by_text("Too much at once").count() == 0, "the page reads them"


def controls(stem: str) -> list[str]:
    """Everything that a link may say to a page, found in its code: its own controls and what stands beside what."""
    (room,) = ROOT.glob(f"pages/*/{stem}")
    code = "".join(file.read_text("utf-8") for file in (*room.glob("*.py"), *(ROOT / "lib" / "app").glob("*.py")))
    own = set(re.findall(rf"\"({stem}_[a-z_]+)\"", code)) - {f"{stem}_guess"}
    return [*sorted(own), "beside", "beside_one", "beside_other", "beside_model", "present", "zq"]


# What is looked for


def test_what_a_text_would_make_is_found(browser: Browser) -> None:
    page = browser.new_page()
    marked = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    tags = [text for kind in ("elements", "event handlers") for text in KINDS[kind]]
    found = {text: f"{text}>" for text in tags if not text.startswith(("<body", "<meta"))}  # the page has its own
    begin = ("**", "__", "*", "~~", "`zq", "#", ">", "[zq two](h", "![")
    found |= {text: marked.render(text) for text in (*KINDS["Markdown"], *KINDS["addresses"]) if text.startswith(begin)}
    page.route("**", lambda route: route.abort())
    put = f"(made) => {{ document.body.innerHTML = made; delete window.hit; return ({MADE})(); }}"
    missed = [text for text, made in found.items() if not page.evaluate(put, made)]
    page.close()
    assert missed == []


# Pages


def test_a_page_makes_nothing_but_text_of_a_few_texts(site: Site, visit: Visit) -> None:
    wrong: list[str] = []
    page = visit(
        site.link(page="words", text="\n".join(SAMPLE), pair=SAMPLE[1], words_piece=SAMPLE[0], model=SAMPLE[0])
    )
    watched(page, wrong)
    harmless(page, site, wrong)
    assert len(notes(page)) > 0, "there is no such model"
    page.evaluate("window.hit = 1")
    assert page.evaluate(MADE) == ["it ran"]


@pytest.mark.long
@pytest.mark.parametrize("stem", PAGES)
def test_a_page_makes_nothing_but_text_of_any_text(stem: str, site: Site, visit: Visit, tmp_path: Path) -> None:
    wrong: list[str] = []
    turn = list(PAGES).index(stem)
    asked = {key: SHORT[(7 * turn + number) % len(SHORT)] for number, key in enumerate(controls(stem))}
    page = visit(site.link(page=stem, text=together()[turn], pair=SHORT[turn], **asked))
    watched(page, wrong)
    harmless(page, site, wrong)
    alone, lines, long = visits(turn)
    if page.get_by_role("button", name="Make it a pair").count():
        page.get_by_role("button", name="Make it a pair").click()
        settle(page, after=200)
    for texts in (lines, long, alone):
        filled(page, texts, texts[1])
        harmless(page, site, wrong)
    saved(page, tmp_path)
    harmless(page, site, wrong)


# Every other way in


@pytest.mark.long
@pytest.mark.parametrize("named", SAMPLE)
def test_the_name_of_a_page_and_of_a_model_are_text(named: str, site: Site, visit: Visit) -> None:
    wrong: list[str] = []
    page = visit(f"{site.url}/?page={quote_plus(named)}&model={quote_plus(named)}&beside=models&zq={quote_plus(named)}")
    watched(page, wrong)
    harmless(page, site, wrong)
    assert len(notes(page)) == 2, "no such page, no such model"
    page.locator(".st-key-badge button").first.click()
    field = page.locator(".st-key-badge_typed input")
    field.fill(f"folder:{named}")
    field.press("Enter")
    page.locator(".st-key-note_model").wait_for()
    settle(page)
    harmless(page, site, wrong)


@pytest.mark.long
def test_what_a_browser_kept_is_text(site: Site, visit: Visit, tmp_path: Path) -> None:
    """What was found on the path lies in the browser's storage, where anything may stand."""
    wrong: list[str] = []
    page = visit(site.link(page="question"))
    watched(page, wrong)
    parts = ("guess", "truth", "shown", "keep", "claim", "because", "texts", "model")
    lines = itertools.cycle(together())
    held = {stem: {**{part: next(lines) for part in parts}, "verdict": "holds"} for stem in PAGES}
    page.evaluate("(held) => localStorage.setItem('cls-path', held)", json.dumps(held))
    page.goto(site.link(page="answer"))
    page.get_by_text("What to keep:").first.wait_for()
    settle(page)
    harmless(page, site, wrong)
    assert held["tokens"]["keep"][:20] in page.locator(".stMain").inner_text(), "it is shown"
    saved(page, tmp_path)
    harmless(page, site, wrong)


# What is saved


def saved(page: Page, folder: Path) -> None:
    """Saves all that a page offers, and looks at each file as what would open it does."""
    buttons = page.locator(".stMain [data-testid=stDownloadButton] button:visible")
    pictures = page.locator(".stMain .modebar-btn")
    for number in range(buttons.count()):
        with page.expect_download() as waiting:
            buttons.nth(number).click()
        opened(page, kept(waiting.value, folder))
    for number in range(pictures.count()):
        with page.expect_download() as waiting:
            pictures.nth(number).evaluate("button => button.click()")
        opened(page, kept(waiting.value, folder))
    page.get_by_role("button", name="Copy link").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save this state").click()
    state = json.loads(kept(waiting.value, folder).read_text("utf-8"))
    assert state["text"] == re.sub("[\ud800-\udfff]", "\ufffd", box(page))
    for link in page.get_by_test_id("stPopoverBody").locator("code").all_inner_texts():
        told = urlsplit(link)
        assert f"{told.scheme}://{told.netloc}" == "/".join(page.url.split("/")[:3])
        assert parse_qs(told.query)["text"] == [state["text"]]
    page.keyboard.press("Escape")


def kept(download: object, folder: Path) -> Path:
    name = download.suggested_filename
    assert re.fullmatch(r"[\w.-]+", name), name
    download.save_as(folder / name)
    return folder / name


def opened(page: Page, file: Path) -> None:
    """No file that was saved holds a formula, code or an address that a text brought."""
    content = file.read_bytes()
    if file.suffix == ".csv":
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            for cell in row:
                assert not formula(cell), cell
    elif file.suffix == ".svg":
        for each in ElementTree.fromstring(content).iter():
            tag = each.tag.rpartition("}")[2]
            assert tag not in ("script", "foreignObject", "a", "iframe"), tag
            assert not [key for key in each.attrib if key.startswith("on")]
            leads = [value for key, value in each.attrib.items() if key.endswith("href")]
            assert all(value.startswith(("#", "data:image/")) for value in leads), leads
    elif file.suffix == ".html":
        other = page.context.browser.new_page()
        asked: list[str] = []
        other.on("request", lambda request: asked.append(request.url))
        other.goto(file.as_uri())
        ours = "Markdown: <li>zq two</li>"  # the file lists the texts, and one may be just that
        assert [each for each in other.evaluate(MADE) if each != ours] == []
        assert asked == [file.as_uri()]
        other.close()
    elif file.suffix in (".json", ".ipynb"):
        json.loads(content)
    elif file.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert all(re.fullmatch(r"[\w.-]+", name) for name in archive.namelist())
            card = archive.read("README.md").decode().split("---\n", 2)[2]
        assert "zq two</strong>" not in MarkdownIt("gfm-like", {"linkify": False}).render(card)
    else:
        assert file.suffix in (".npz", ".parquet"), file.name


def formula(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula: it begins as one, and is no number."""
    begins = unicodedata.normalize("NFKC", cell.lstrip())[:1]
    number = re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?|-?inf|nan", cell)
    return (begins in ("=", "+", "-", "@", "\u2212") or cell[:1] in ("\t", "\r")) and not number
