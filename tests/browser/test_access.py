"""What the page on accessibility says of every page: narrow windows, wider letters, large targets, a visible focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lib.app import contents
from tests.browser.conftest import Site, Visit, settle
from tests.browser.test_frame import SIDEWAYS
from tests.conftest import thinned
from tests.test_pages import PAGES, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""  # as criterion 1.4.12 has it
NARROW = 320
INSIDE = """const all = (root) =>
  [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);"""
# buttons and ways on; a link in a sentence, and what is unseen, may be smaller
SMALL = f"""(least) => {{ {INSIDE}
  return all(document.body).filter((e) => e.matches('button, summary, [data-testid="stPageLink-NavLink"]'))
    .filter((e) => !e.closest('[data-testid="stTooltipIcon"]') || least < 44)
    .filter((e) => !e.closest('ol') || least < 44)  // the ten steps of the path are as wide as there is room
    .map((e) => [e.ariaLabel || e.innerText.slice(0, 30), e.getBoundingClientRect(), getComputedStyle(e)])
    .filter(([, box, style]) => box.width > 1 && box.height > 1 && style.visibility !== 'hidden')
    .filter(([, box]) => box.height < least - .5 || box.width < 23.5)  // a column may be narrow
    .map(([name, box]) => `${{name}}: ${{box.width.toFixed()}} x ${{box.height.toFixed()}}`) }}"""
FOCUS = """() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  if (!e || e === document.body) return null;
  const around = [...e.children];  // the frame may be drawn round a part of it, or round what it stands in
  for (let x = e, k = 0; x && k < 4; x = x.parentElement || x.getRootNode().host, k++) around.push(x);
  const framed = ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  if (around.some((x) => framed(getComputedStyle(x)))) return '';
  return `${e.tagName} ${e.ariaLabel || (e.innerText || '').slice(0, 30)}`;
}"""
MOST = 150  # more than there are on any page with its folds closed


@pytest.mark.parametrize("stem", thinned(tuple(PAGES)))
def test_a_page_fits_a_narrow_window(stem: str, site: Site, visit: Visit) -> None:
    page = visit(site.link(page=stem, **shown(stem)), width=NARROW)
    assert max(page.evaluate(SIDEWAYS)) <= 0
    page.add_style_tag(content=SPACED)
    settle(page, after=400)
    assert max(page.evaluate(SIDEWAYS)[:2]) <= 0, "but for Streamlit's row of buttons, while a page is being read"
    page.set_viewport_size({"width": 844, "height": 390})  # a phone that is turned
    settle(page, after=200)
    assert max(page.evaluate(SIDEWAYS)) <= 0


@pytest.mark.parametrize("stem", thinned(tuple(PAGES)))
def test_what_is_pressed_is_large_enough(stem: str, site: Site, visit: Visit, browser: Browser) -> None:
    page = visit(site.link(page=stem, **shown(stem)))
    assert page.evaluate(SMALL, 24) == []
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as phone:
        page = phone.new_page()
        page.goto(site.link(page=stem, **shown(stem)))
        settle(page, after=400)
        assert page.evaluate(SMALL, 44) == []


@pytest.mark.parametrize("stem", thinned(tuple(PAGES)))
def test_what_has_the_focus_is_seen(stem: str, site: Site, visit: Visit) -> None:
    answered = {key: value for key, value in shown(stem).items() if key.endswith("_guess")}
    page = visit(site.link(page=stem, **answered))
    assert page.title()
    entry = contents.ENTRIES[stem]
    assert entry.menu in page.title()
    stops: list[str] = []  # what has no frame, or ""
    while len(stops) < MOST:
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None:
            break
        stops.append("" if found.startswith(("MAIN", "IFRAME")) else found)  # a scrolled area is no control
    assert 10 < len(stops) < MOST, "the keyboard leaves the page again"
    assert [each for each in stops if each] == []
