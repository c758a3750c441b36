"""The cube in a real Chromium: what is hovered is exact, what is painted is the scale, every way of moving works."""

import io
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import painted, serving, settle
from tests.conftest import PATIENCE, ROOT

SHAPE = (5, 9, 48)
SCRIPT = """
import numpy as np, streamlit as st
from lib.components.cube import Output, Slice, drawing
st.set_page_config(layout="wide")
hidden = np.load({path!r})
lengths = [9, 4, 6, 3, 7]
tokens = tuple(("<s>", *(f"w{{t}}" for t in range(n - 2)), "[SEP]", *["[PAD]"] * (9 - n)) for n in lengths)
roles = tuple(("cls", *["word"] * (n - 2), "sep", *["pad"] * (9 - n)) for n in lengths)
layer = st.radio("layer", [0, 1, 2], index=2)
output = Output(hidden[layer], tokens, roles, tuple(f"<b>text {{b}}</b>" for b in range(5)), (0,) * 5, layer, 2, "<s>")
picture = drawing(output, Slice(st.query_params.get("axis", "token"), int(st.query_params.get("at", 0))))
chosen = picture.draw(picture.message(f"The output of layer {{layer}} of 2."), key="cube")
st.text(f"chosen {{chosen.step}} {{chosen.row}}")
"""


@pytest.fixture(scope="module")
def hidden():
    return np.random.default_rng(7).standard_normal((3, *SHAPE), dtype="f4")


@pytest.fixture(scope="module")
def address(chromium, tmp_path_factory, hidden):
    folder = tmp_path_factory.mktemp("cube")
    np.save(folder / "hidden.npy", hidden)
    (folder / "page.py").write_text(SCRIPT.format(path=str(folder / "hidden.npy")))
    with serving(folder / "log.txt", folder / "page.py", {"PYTHONPATH": str(ROOT)}) as site:
        yield site.url


@pytest.fixture
def page(browser, address):
    """A page as high as the cube wants, that fails its test on a console error or a request to another host."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 1080}, color_scheme="light", reduced_motion="reduce"
    )
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith((address, "blob:", "data:")) else wrong.append(r.url))
    open_at(page, address)
    yield page
    context.close()
    assert wrong == []


def open_at(page, address, query=""):
    page.goto(address + query)
    page.wait_for_selector(".stage canvas")
    page.wait_for_function("document.fonts.status === 'loaded'")
    settle(page)


def step(page, name):
    page.get_by_role("button", name=name).click()
    painted(page)


def box(page):
    return page.locator(".stage").bounding_box()


def pixels(page, points):
    """The 5 x 5 pixels round each point, with no cell under the pointer: uint8[points, 25, 3]."""
    page.mouse.move(2, 2)
    painted(page)
    read = "(c, points) => points.map(([x, y]) => Array.from(c.getContext('2d').getImageData(x - 2, y - 2, 5, 5).data))"
    found = np.array(page.locator(".stage canvas").evaluate(read, points), dtype=np.uint8)
    return found.reshape(len(points), 25, 4)[..., :3].astype(int)


# the cell under each point by the picture's own events, all at once: a mouse takes a tenth of a second a point
READ = """(stage, points) => points.map(([x, y]) => {
  const box = stage.getBoundingClientRect(), said = [...stage.getRootNode().querySelectorAll('[role=status]')].at(-1);
  stage.dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }));
  Object.keys(said.dataset).forEach((name) => delete said.dataset[name]);
  stage.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + x + 0.5, clientY: box.top + y + 0.5 }));
  return said.dataset.text === undefined ? null : ['text', 'token', 'unit', 'value'].map((name) => +said.dataset[name]);
})"""


def hovered(page, point):
    """(text, token, unit) and value of the cell under a point, or None."""
    at = box(page)
    page.mouse.move(at["x"] + point[0] + 0.5, at["y"] + point[1] + 0.5)
    painted(page)
    if not page.locator(".tip").is_visible():
        return None
    data = page.locator("[role=status]").last.evaluate("e => ({...e.dataset})")
    return (int(data["text"]), int(data["token"]), int(data["unit"])), float(data["value"])


def theme(mode):
    return tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"][mode]


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def on_scale(value, limit, mode="light"):
    stops = np.array([rgb(stop) for stop in theme(mode)["chartDivergingColors"]])
    x = np.clip(0.5 + 0.5 * value / limit, 0, 1) * (len(stops) - 1)
    return np.array([np.interp(x, np.arange(len(stops)), stops[:, k]) for k in range(3)])


def limit(hidden):
    real = np.array([[t < n for t in range(9)] for n in (9, 4, 6, 3, 7)])
    return np.quantile(np.abs(hidden[real]), 0.98)


CAMERAS = {  # step, keys pressed, query, is much padding in view
    "home": ("In the cube", [], "", False),
    "turned, pulled out": ("Pulled out", ["ArrowLeft"] * 9 + ["ArrowUp"] * 3, "", False),
    "from below, behind": ("Pulled out", ["ArrowRight"] * 24 + ["ArrowDown"] * 9, "?axis=token&at=4", True),
    "one text out": ("Pulled out", ["ArrowLeft"] * 3, "?axis=text&at=2", False),
    "one unit, zoomed": ("Pulled out", ["+"] * 2, "?axis=unit&at=20", True),
    "flat": ("Laid flat", [], "", False),
}


def test_what_is_hovered_is_exact_and_what_is_painted_is_the_scale(page, address, hidden):
    shown = ""
    for camera, (name, keys, query, padding) in CAMERAS.items():
        if query != shown:
            open_at(page, address, query)
            shown = query
        step(page, name)
        page.locator(".stage").focus()
        for key in ["Home", *keys]:
            page.keyboard.press(key)
        painted(page)
        assert_exact(page, hidden[2], camera, padding)


def assert_exact(page, source, camera, padding):
    at, top, rng = box(page), limit(source), np.random.default_rng(1)
    points = [
        [int(x), int(y)]
        for x, y in zip(rng.uniform(20, at["width"] - 20, 150), rng.uniform(20, at["height"] - 60, 150), strict=True)
    ]
    painted, read = pixels(page, points), page.locator(".stage").evaluate(READ, points)
    lengths, label = (9, 4, 6, 3, 7), [rgb(theme("light")[name]) for name in ("orangeColor", "backgroundColor")]
    cells = plain = dimmed = 0
    for point, colours, found in zip(points, painted, read, strict=True):
        if found is None:
            continue
        *(text, token, unit), value = found
        assert value == float(source[text, token, unit].astype("f2"))
        if cells < 3:
            assert hovered(page, point) == ((text, token, unit), value), "a real mouse reads the same"
        cells += 1
        expected = on_scale(value, top)
        if token >= lengths[text]:
            dim = expected + (rgb(theme("light")["backgroundColor"]) - expected) * 0.62
            dimmed += (np.abs(colours[12] - dim).max() <= 2) and np.abs(expected - dim).max() > 2
        elif (colours == colours[0]).all() and not any((colours[0] == c).all() for c in label):  # well inside a cell
            assert np.abs(colours[12] - expected).max() <= 2, (camera, point, found)
            plain += 1
    assert cells >= 34, camera  # over the six cameras more than 200
    assert plain >= 3, camera
    assert dimmed or not padding, camera


def test_enter_goes_through_the_steps_and_says_what_is_shown(page):
    page.locator(".stage").focus()
    for pressed, code in (
        ("In the cube", "last_hidden_state[:, 0, :]"),
        ("Pulled out", "last_hidden_state[:, 0, :]"),
        ("Laid flat", "last_hidden_state[0, 0]"),
        ("In the cube", "last_hidden_state[:, 0, :]"),
    ):
        assert page.locator(".steps [aria-pressed=true]").inner_text() == pressed
        assert page.locator(".code .now code").first.inner_text() == code
        page.keyboard.press("Enter")
        painted(page)
    assert page.locator(".code .now .shape").inner_text() == "float32[5, 48]"


def test_the_cells_can_be_walked_and_python_is_told_the_row(page, hidden):
    step(page, "Laid flat")
    page.locator(".stage").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"):  # the first one shows where the cursor is
        page.keyboard.press(key)
    said = page.locator("[role=status]").last
    assert said.evaluate("e => [e.dataset.text, e.dataset.token, e.dataset.unit]") == ["2", "0", "1"]
    assert float(said.get_attribute("data-value")) == float(hidden[2, 2, 0, 1].astype("f2"))
    assert page.locator(".code .now code").first.inner_text() == "last_hidden_state[2, 0]"
    page.get_by_text("chosen flat 2").wait_for()


def test_padding_is_named_by_the_models_own_word(page, address):
    open_at(page, address, "?axis=text&at=3")
    step(page, "Laid flat")
    page.locator(".stage").focus()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    assert "[PAD] filler: nobody reads it, but the model computed it" in page.locator(".tip").inner_text()
    assert "<b>text 3</b>" in page.locator(".tip").inner_text()


def test_another_layer_keeps_camera_step_and_row(page):
    step(page, "Laid flat")
    page.locator(".stage").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_text("chosen flat 1").wait_for()
    page.get_by_text("0", exact=True).first.click()
    page.locator(".code .now code", has_text="hidden_states[0]").first.wait_for()
    assert page.locator(".code .now code").first.inner_text() == "hidden_states[0][1, 0]"
    assert page.locator(".steps [aria-pressed=true]").inner_text() == "Laid flat"


def test_the_theme_changes_the_picture_where_it_stands(page, hidden):
    step(page, "Laid flat")
    at, source, top = box(page), hidden[2], limit(hidden[2])
    dark = "rgb({:.0f}, {:.0f}, {:.0f})".format(*rgb(theme("dark")["backgroundColor"]))
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.wait_for_function(f"getComputedStyle(document.querySelector('.stApp')).backgroundColor === '{dark}'")
    settle(page, after=500)
    points = [[int(at["width"] * f), int(at["height"] * 0.4)] for f in np.linspace(0.3, 0.9, 12)]
    for point, colours in zip(points, pixels(page, points), strict=True):
        found = hovered(page, point)
        if found and (colours == colours[0]).all():
            assert np.abs(colours[12] - on_scale(float(source[found[0]]), top, "dark")).max() <= 2
            break
    else:
        pytest.fail("no cell was well inside its outline")
    assert page.locator(".steps [aria-pressed=true]").inner_text() == "Laid flat"


def test_the_png_is_the_whole_picture_at_twice_the_size(page):
    step(page, "Pulled out")
    at = box(page)
    rem = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save PNG").click()
    image = Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes())).convert("RGB")
    assert abs(image.width - 2 * at["width"]) <= 2
    assert abs(image.height - 2 * (at["height"] + 4.2 * rem)) <= 3
    colours = np.array(image).reshape(-1, 3)
    assert (colours == rgb(theme("light")["orangeColor"])).all(1).sum() > 500  # outline and name of the first token
    assert len(np.unique(colours, axis=0)) > 100
    assert (np.array(image)[0, 0] == 255).all()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_its_column_and_scrolls_on_a_phone(browser, address, width):
    context = browser.new_context(
        viewport={"width": width, "height": 844}, has_touch=width < 500, is_mobile=width < 500
    )
    page = context.new_page()
    open_at(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".stage").evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
    if width < 500:
        heights = page.locator("button.b").evaluate_all("all => all.map((b) => b.getBoundingClientRect().height)")
        assert min(heights) >= 44
    assert re.fullmatch(r"The output of layer 2 of 2\. .+", page.locator(".stage").get_attribute("aria-label"))
    context.close()
