"""Every page with every kind of text: a picture or one kind note, never a stack trace.

The pages are run without a browser, one after another in one process, so that the model is opened once and a text that
one page has read is in the store for the next. What a browser alone can show is in ``tests/browser``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from lib import checkpoints, escape
from lib.app import choices, contents, parts, path
from lib.checkpoints import Checkpoint
from lib.texts.examples import DEFAULT
from tests.conftest import ROOT, crossed
from tests.tiny import FAMILIES

FILES = sorted((ROOT / "pages").glob("*/*/page.py"))
PAGES = {file.parent.name: file.relative_to(ROOT).as_posix() for file in FILES}
STORIES = [stem for stem in PAGES if stem not in contents.PLAIN]
EXPERIMENTS = [stem for stem in PAGES if "parts.guess(" in (ROOT / PAGES[stem]).read_text("utf-8")]

TEXTS: Mapping[str, str] = {
    "default": "\n".join(DEFAULT.texts),
    "one text": "The film was good.",
    "empty": "",
    "only spaces": "  \n\t\n   ",
    "10,000 words": "the film was good and the book was not " * 1112,
    "200 lines": "\n".join(f"Line {n} of a long list." for n in range(200)),
    "emoji": "I \u2764\ufe0f it \N{GRINNING FACE}\n\U0001f1eb\U0001f1f7 \U0001f469\u200d\U0001f469\u200d\U0001f467",
    "right to left": "שלום עולם\nمرحبا بالعالم\nabc \u202edef",
    "zero width and control": "a\u200bb\u200d\ufeffc\nd\x07e\x1b[31mf",
    "html and script": "<script>alert(1)</script>\n<img src=x onerror=alert(1)> <b>bold</b> &amp; </div>",
    "markdown and latex": "# one **two** [three](https://example.org)\n$x^2$ :red[four] `five` ![six](x.png) | a | b |",
    "one unknown character": "\u16a0",
    "one letter": "a",
    "the tokens' own names": "[CLS] [SEP] [PAD] <s> </s> ##ing",
    "the same text twice": "The film was good.\nThe film was good.",
    "two numbers": "1 2 3\n4 5 6",
}
SECONDS: Mapping[str, str] = {
    "short": "He liked it.",
    "markup": "<b>**$x$</b>",
    "long": "word " * 600,
    "unknown": "\u16a0",
    "spaces": "   ",
}
SPOKEN = (
    "next_sentence",
    "learning",
    "gradients",
    "masked",
)  # pages on which the model that was taught BERT's tasks speaks, with its [CLS]
OWN = "A rather ugly sentence, typed in haste.\nAnother one of the same kind."
PARTS = ("frame", "path", "lead", "says_", "limits", "way_on")
OF_THE_FRAME = (
    "specimen_keys",
    "path_row",
    "path_memory",
    "page_card",
    "broken_line",
)  # in the ids of the components that every page has
LONGEST_RUN = 240  # seconds; a run takes about half of one, and on a busy machine the first comparison a minute


@pytest.fixture(scope="module")
def apps(embedded: object) -> dict[str, AppTest]:
    """One visit a page, made at its first use."""
    return {}


def shown(stem: str) -> dict[str, str]:
    """What opens all of a page, its experiment without a guess, as a link has it."""
    return {choices.OPEN: "1"} | ({f"{stem}_guess": parts.PASSED} if stem in EXPERIMENTS else {})


def visit(apps: dict[str, AppTest], stem: str) -> AppTest:
    if stem not in apps:
        app = reached(stem)
        for key, value in shown(stem).items():
            app.session_state[key] = value
        apps[stem] = app
    return apps[stem]


def reached(stem: str, **link: str) -> AppTest:
    """A page that is opened from the first one, with more in its address; to be run."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONGEST_RUN)
    app.run()
    app.switch_page(PAGES[stem])
    app.query_params.update(link)
    return app


def linked(stem: str, **link: str) -> AppTest:
    """A page as a link opens it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONGEST_RUN)
    app.query_params.update({"page": stem, **link})
    app.run()
    assert not app.exception
    return app


def elements(block: Block) -> Iterator[Element]:
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child


def containers(block: Block) -> Iterator[Block]:
    yield block
    for child in block.children.values():
        if isinstance(child, Block):
            yield from containers(child)


def keyed(app: AppTest, start: str) -> list[Block]:
    """The containers whose key begins so."""
    return [block for block in containers(app.main) if key(block).startswith(start)]


def key(block: Block) -> str:
    found = re.fullmatch(r"\$\$ID-[0-9a-f]+-(.+)", getattr(block.proto, "id", ""))
    return found[1] if found else ""


def pictures(app: AppTest) -> list[Element]:
    kinds = ("plotly_chart", "bidi_component", "imgs", "iframe")
    return [
        each
        for each in elements(app.main)
        if each.type in kinds and not any(name in getattr(each.proto, "id", "") for name in OF_THE_FRAME)
    ]


def words(app: AppTest) -> str:
    return "\n".join(str(each.value) for each in elements(app.main) if each.type in ("markdown", "title", "header"))


def test_there_are_pages_and_texts() -> None:
    assert len(PAGES) >= 5
    assert len(TEXTS) >= 14


@pytest.mark.parametrize(("text", "stem"), crossed(TEXTS, STORIES, often=["default"]))
def test_a_page_takes_any_text(text: str, stem: str, apps: dict[str, AppTest]) -> None:
    app = visit(apps, stem)
    app.session_state[choices.TEXT] = text
    app.session_state[choices.PAIR] = ""
    app.run()
    assert_kind(app)
    assert app.session_state[choices.TEXT] == text, "nothing typed is lost"
    told = [str(each.value) for each in app.warning if "Longer than in its training" in str(each.value)]
    assert len(told) == (text == TEXTS["10,000 words"] and bool(pictures(app)))
    empty = not choices.lines(text)
    assert (len(notes(app)) == 1 and not pictures(app)) if empty else pictures(app) or len(notes(app)) == 1


@pytest.mark.parametrize(("pair", "stem"), crossed(SECONDS, STORIES))
def test_a_page_takes_a_pair(pair: str, stem: str, apps: dict[str, AppTest]) -> None:
    app = visit(apps, stem)
    app.session_state[choices.TEXT] = "The film was good.\nWater boils."
    app.session_state[choices.PAIR] = pair
    app.run()
    assert_kind(app)
    assert pictures(app) or len(notes(app)) == 1


def notes(app: AppTest) -> list[Block]:
    """The page's notes; not the frame's, that a text is too long for the address."""
    return [each for each in keyed(app, "note_") if key(each) != "note_address"]


def assert_kind(app: AppTest) -> None:
    """No exception, no red box, no trace of one in words."""
    assert not app.exception, [each.message for each in app.exception]
    assert not app.error
    said = words(app)
    assert re.findall(r"Traceback|[A-Z][a-z]+Error\b|NoneType|\bnan\b|\binf\b|−0\.0*\b(?!\d)", said) == []


# What every page is made of


@pytest.mark.parametrize("stem", STORIES)
def test_a_page_has_its_parts_in_order(stem: str, apps: dict[str, AppTest]) -> None:
    app = visit(apps, stem)
    app.session_state[choices.TEXT] = TEXTS["default"]
    app.session_state[choices.PAIR] = ""
    app.run()
    assert len(app.title) == 1
    every = [key(block) for block in containers(app.main)]
    places = [next((at for at, name in enumerate(every) if name.startswith(part)), -1) for part in PARTS]
    assert -1 not in places, f"no {PARTS[places.index(-1)]}"
    assert places == sorted(places), "its limits stand before the way on"
    assert keyed(app, "data_")
    assert len(app.header) + len(app.subheader) >= 1


@pytest.mark.parametrize("stem", STORIES)
def test_a_page_changes_with_its_text(stem: str, apps: dict[str, AppTest]) -> None:
    app = visit(apps, stem)
    said = []
    for text in ("The film was good.\nA cat sat down.", "Rain, rain and more rain until the bridge gave way.\nWhy?"):
        app.session_state[choices.TEXT] = text
        app.run()
        said.append([str(each.value) for block in keyed(app, "says_") for each in elements(block)])
    assert said[0] != said[1], "its sentences are computed"


def drawn_behind(app: AppTest, element: Element) -> int:
    """Pictures below an element."""
    every = [id(each.proto) for each in elements(app.main)]
    return sum(every.index(id(each.proto)) > every.index(id(element.proto)) for each in pictures(app))


@pytest.mark.parametrize("stem", EXPERIMENTS)
def test_an_experiment_waits_for_a_guess(stem: str, embedded: object) -> None:
    app = visit({}, stem)
    app.session_state[choices.TEXT], app.session_state[choices.PAIR] = TEXTS["default"], ""
    app.run()
    app.button(f"{stem}_guess_back").click().run()
    assert_kind(app)
    assert len(app.radio) == 1
    assert drawn_behind(app, app.radio[0]) == 0
    assert 2 <= len(app.radio[0].options) <= 4
    app.radio[0].set_value("2").run()
    assert_kind(app)
    assert drawn_behind(app, app.radio[0]) > 0
    assert app.radio[0].value == "2", "the guess stays beside what was found"
    assert app.query_params[f"{stem}_guess"] == "2", "and in the link"


def test_the_sources_are_there_whatever_is_typed(apps: dict[str, AppTest]) -> None:
    app = visit(apps, "sources")
    for text in TEXTS["default"], TEXTS["empty"]:
        app.session_state[choices.TEXT] = text
        app.run()
        assert not app.exception
        assert "Devlin et al" in words(app)


# Tiny models of other families: no page may know BERT's own names by heart


@pytest.fixture(scope="module")
def travellers(embedded: object) -> dict[str, AppTest]:
    """One visit a page for all families, made at its first use: they take turns in its menu of models."""
    return {}


@pytest.mark.parametrize(("slug", "stem"), crossed({name: f"tiny-{name}" for name in FAMILIES}, STORIES))
def test_a_page_takes_any_family(
    stem: str, slug: str, tiny: Mapping[str, Checkpoint], travellers: dict[str, AppTest]
) -> None:
    app = visit(travellers, stem)
    app.session_state[choices.MODEL] = slug
    for text, pair in ((TEXTS["default"], "The book was not."), (TEXTS["one unknown character"], "")):
        app.session_state[choices.TEXT], app.session_state[choices.PAIR] = text, pair
        app.run()
        assert_kind(app)
        assert app.session_state[choices.MODEL] == slug
        if tiny[slug].first_token != "[CLS]" and stem not in SPOKEN:
            body = [
                block
                for block in app.main.children.values()
                if not (isinstance(block, Block) and key(block) == "frame")
            ]
            found = [
                # what holds for BERT is said of BERT's own token, whoever reads
                re.sub(r"- \*\*BERT\.\*\*.*", "", str(each.value))
                for block in body
                for each in (elements(block) if isinstance(block, Block) else [block])
                if each.type in ("markdown", "title", "header", "caption") and "CLS" in str(each.value)
            ]
            assert [each for each in found if "CLS" in each] == []


# A model's files name its tokens, so a name may be anything


HOSTILE = "*x*<b>y</b>$z$|`[u](v)"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A tiny BERT whose first token has a name full of markup."""
    from tests import tiny

    def tokenizer() -> PreTrainedTokenizerFast:
        made = tiny.wordpiece()
        state = made.backend_tokenizer.to_str().replace('"[CLS]"', json.dumps(HOSTILE))
        names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
        backend = Tokenizer.from_str(state)
        return PreTrainedTokenizerFast(
            tokenizer_object=backend, model_max_length=tiny.LIMIT, cls_token=HOSTILE, **names
        )

    family = replace(tiny.FAMILIES["bert"], tokenizer=tokenizer, first_token=HOSTILE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiny, "FAMILIES", {"hostile": family})
        return tiny.make("hostile", tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("stem", STORIES)
def test_a_first_token_s_name_is_no_markup(
    stem: str, hostile: Checkpoint, travellers: dict[str, AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", {**checkpoints.CHECKPOINTS, hostile.slug: hostile})
    app = visit(travellers, stem)
    app.session_state[choices.MODEL], app.session_state[choices.PAIR] = hostile.slug, ""
    app.session_state[choices.TEXT] = TEXTS["default"]
    app.run()
    assert_kind(app)
    assert app.session_state[choices.MODEL] == hostile.slug
    said = [str(each.value) for each in elements(app.main) if each.type in ("markdown", "title", "header", "subheader")]
    speaks = app.session_state[path.SPEAKER].slug == hostile.slug
    named = any(escape.markdown(HOSTILE) in each for each in said)
    assert named or not speaks, "whose numbers they are, its token is named"
    assert [each for each in said if "<b>" in each.replace(r"\<b", "")] == []


def _screen(app: AppTest) -> bytes:
    """All that stands on a page without its frame, the labels in its pictures, too."""
    blocks = [each for each in app.main.children.values() if not (isinstance(each, Block) and key(each) == "frame")]
    inner = [one for each in blocks for one in (elements(each) if isinstance(each, Block) else (each,))]
    return b"\n".join(each.proto.SerializeToString() for each in inner if hasattr(each.proto, "SerializeToString"))


@pytest.mark.parametrize("stem", sorted(set(PAGES) - {"sources", "access"}))
def test_a_text_is_yours_only_where_it_was_typed(stem: str, apps: dict[str, AppTest]) -> None:
    app = visit(apps, stem)
    app.session_state[choices.PAIR] = ""
    yours, ours = rb"\byour (first )?(texts?|words?)\b", rb"\bour (first )?examples?\b"
    for text, never in ((TEXTS["default"], yours), (OWN, ours)):
        app.session_state[choices.TEXT] = text
        app.run()
        found = re.search(rb".{0,60}" + never + rb".{0,60}", _screen(app), re.IGNORECASE)
        assert found is None, found
