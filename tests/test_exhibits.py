"""Every picture of every page, to the last hop: what is drawn is what its table holds, and what its sentence says."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.app import parts
from lib.exhibit import Exhibit
from tests import exhibits
from tests.conftest import crossed
from tests.test_pages import STORIES, TEXTS, visit

ROOMS = Path(__file__).parent.parent / "pages"
SHOWING = sorted(file.parent.name for file in ROOMS.glob("*/*/exhibits.py"))  # pages whose pictures are exhibits


@pytest.fixture(scope="module")
def apps(embedded: object) -> dict[str, AppTest]:
    return {}


@pytest.mark.parametrize(
    ("text", "stem"),
    crossed({name: TEXTS[name] for name in ("default", "one text", "right to left")}, SHOWING, ["default"]),
)
def test_what_is_drawn_is_in_the_table_and_what_is_said_too(
    stem: str, text: str, apps: dict[str, AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Exhibit] = []
    shown = parts.picture
    app = visit(apps, stem)  # on its way it opens the first page
    monkeypatch.setattr(parts, "picture", lambda each, **more: seen.append(each) or shown(each, **more))
    app.session_state["text"] = text
    app.run()
    assert not app.exception
    exhibits.check(seen)


def test_every_page_has_exhibits() -> None:
    assert set(SHOWING) <= set(STORIES)
