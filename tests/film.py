"""Films the app for the README: ``python -m tests.film [FILE]``, with Chromium, in about a minute.

A text is typed, the first page answers with its numbers, the slice leaves the output cube, and [CLS] is starved.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS, LISTEN, found_chromium, painted, serving, settle, through_the_menu
from tests.conftest import PATIENCE, ROOT

SIZE = {"width": 920, "height": 620}  # the README's width, so that its letters are read
COLOURS = 96
TEXT = "The plot is thin, but the ending is unforgettable."
Film = list[tuple[Image.Image, int]]  # pictures, and milliseconds that each is shown


def shoot(film: Film, page: Page, held: int) -> None:
    film.append((Image.open(io.BytesIO(page.screenshot())).convert("RGB"), held))


def play(page: Page, film: Film) -> None:
    """Goes the way that is filmed."""
    field = page.get_by_label("Your text", exact=True)
    field.click()
    shoot(film, page, 1200)
    field.fill("")
    for word in TEXT.split():
        field.press_sequentially(f"{word} ")
        shoot(film, page, 180)
    field.press("Control+Enter")
    settle(page, after=300)
    shoot(film, page, 4000)

    through_the_menu(page, "Output", "The output cube")
    page.get_by_text("Show it without a guess").click()
    settle(page, after=300)
    shoot(film, page, 3000)
    page.get_by_role("button", name="Pulled out").click()
    page.locator(".stage").evaluate("it => it.scrollIntoView({block: 'end'})")
    painted(page)
    shoot(film, page, 3500)

    through_the_menu(page, "Experiments", "Knock-out")
    shoot(film, page, 3000)
    page.get_by_text("They are nearly the same").click()
    settle(page, after=300)
    shoot(film, page, 5000)


def save(film: Film, file: Path) -> None:
    """Writes it with one table of colours, so that what does not change from picture to picture takes no bytes."""
    width, height = film[0][0].size
    sheet = Image.new("RGB", (width, height * len(film)))
    for n, (picture, _) in enumerate(film):
        sheet.paste(picture, (0, n * height))
    table = sheet.quantize(COLOURS, dither=Image.Dither.NONE)
    pictures = [picture.quantize(palette=table, dither=Image.Dither.NONE) for picture, _ in film]
    pictures[0].save(
        file, save_all=True, append_images=pictures[1:], duration=[held for _, held in film], loop=0, optimize=True
    )


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".readme" / "tour.gif"
    film: Film = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "log.txt") as site,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=found_chromium(), args=list(FLAGS))
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.set_default_timeout(1000 * PATIENCE)
        page.add_init_script(LISTEN)
        page.goto(site.url)
        settle(page)
        play(page, film)
        browser.close()
    save(film, file)
    print(f"{file}: {len(film)} pictures, {file.stat().st_size >> 10} KB")


if __name__ == "__main__":
    main()
