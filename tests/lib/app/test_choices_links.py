"""Choices and links where no browser is needed: what a box holds, what a link says, what a file restores."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from lib.app import choices, links
from tests.conftest import PATIENCE, ROOT

# Texts in the box


@pytest.mark.parametrize(
    ("box", "texts"),
    [
        ("", ()),
        ("  \n\t \n", ()),
        ("one", ("one",)),
        ("one\ntwo", ("one", "two")),
        ("one\r\ntwo\rthree", ("one", "two", "three")),
        ("  one  \n\n\n two\n", ("one", "two")),
        ("<b>\n**x**\n$y$", ("<b>", "**x**", "$y$")),
        ("a\u200bb", ("a\u200bb",)),
    ],
)
def test_texts_come_one_a_line(box: str, texts: tuple[str, ...]) -> None:
    assert choices.lines(box) == texts


# A page in small: the real choices, one picture-less page


def page() -> None:
    import streamlit as st

    from lib.app import choices, links

    choices.start("tokens")
    layer = choices.pick("Layer", range(7), key="tokens_layer", default=6, form="slider")
    way = choices.pick("Way", ["attends_to", "attended_by"], key="tokens_way", default="attends_to")
    what = choices.pick("What", ["a", "b"], key="tokens_what", default="a", form="menu")
    dim = choices.switch("Dim", key="tokens_dim")
    st.json(
        {
            "choices": [layer, way, what, dim],
            "texts": choices.texts(),
            "pairs": choices.pairs(),
            "state": links.state(),
            "long": choices.too_long(),
            "complaints": choices.complaints(),
        }
    )
    choices.finish()


@pytest.fixture
def small() -> AppTest:
    return AppTest.from_function(page, default_timeout=PATIENCE)


def said(app: AppTest) -> dict[str, object]:
    app.run()
    assert not app.exception
    return json.loads(app.json[0].value)


def test_a_first_visitor_finds_texts_and_defaults(small: AppTest) -> None:
    found = said(small)
    assert found["choices"] == [6, "attends_to", "a", False]
    assert len(found["texts"]) == 4
    assert found["pairs"] == [None] * 4
    assert found["complaints"] == []
    assert dict(small.query_params) == {}, "defaults are not written to the address"


def test_a_link_sets_every_kind_of_control(small: AppTest) -> None:
    for key, value in {"layer": "4", "way": "attended_by", "what": "b", "dim": "true"}.items():
        small.query_params[f"tokens_{key}"] = value
    found = said(small)
    assert found["choices"] == [4, "attended_by", "b", True]
    assert found["complaints"] == []


@pytest.mark.parametrize("wrong", ["99", "-1", "", "x", "<b>", "4.0"])
def test_what_a_link_asks_for_in_vain_is_said(wrong: str, small: AppTest) -> None:
    small.query_params["tokens_layer"] = wrong
    found = said(small)
    assert found["choices"][0] == 6
    assert len(found["complaints"]) == 1
    assert "“Layer”" in found["complaints"][0]
    assert wrong not in found["complaints"][0] or wrong == "", "what was typed into a link is not repeated"
    assert said(small)["complaints"] == [], "once is enough"


def test_several_things_asked_for_in_vain_are_one_sentence(small: AppTest) -> None:
    for key in ("layer", "way", "what", "dim"):
        small.query_params[f"tokens_{key}"] = "nope"
    assert said(small)["complaints"] == [
        "The link asks for things that “Layer”, “Way”, “What” and “Dim” do not have here. "
        "Their usual settings are shown."
    ]


def test_a_model_that_is_not_there_is_said(small: AppTest) -> None:
    small.query_params["model"] = "<b>"
    found = said(small)
    assert found["state"].get("model") is None, "the usual one reads"
    problem = small.session_state["model_problem"]
    assert problem.name == "<b>"
    assert problem.reason.startswith("That is no name of a model")
    assert dict(small.query_params) == {}


def test_a_control_is_written_to_the_address(small: AppTest) -> None:
    small.run()
    small.select_slider[0].set_value(2)
    small.toggle[0].set_value(True)
    found = said(small)
    assert found["choices"] == [2, "attends_to", "a", True]
    assert dict(small.query_params) == {"tokens_layer": "2", "tokens_dim": "true"}
    small.toggle[0].set_value(False)
    assert said(small)["choices"][3] is False
    assert small.query_params["tokens_dim"] == "false", "Back to the default says so, or reload would bring the old one"


def test_a_choice_that_the_new_text_does_not_have_falls_back(small: AppTest) -> None:
    small.session_state["tokens_layer"] = 40
    assert said(small)["choices"][0] == 6


def test_the_pair_belongs_to_the_first_text(small: AppTest) -> None:
    small.session_state["text"] = "one\ntwo"
    small.session_state["pair"] = "  more \n of it "
    assert said(small)["pairs"] == ["more of it", None]
    small.session_state["text"] = " "
    assert said(small)["pairs"] == []


# Links


def test_a_query_says_line_breaks_and_signs_so_that_they_come_back() -> None:
    given = {"page": "cube", "text": "a b\nc+d & <e> #é =%", "cube_layer": "4"}
    text = links.query(given)
    assert "%0A" in text
    assert dict(parse_qsl(text, strict_parsing=True)) == given


def test_the_state_of_a_visit_is_what_a_link_needs(small: AppTest) -> None:
    small.session_state["text"] = "one\ntwo"
    small.session_state["pair"] = "three"
    small.query_params["tokens_layer"] = "3"
    state = said(small)["state"]
    assert state == {
        "page": "tokens",
        "text": "one\ntwo",
        "pair": "three",
        "tokens_layer": "3",
        "tokens_way": "attends_to",
        "tokens_what": "a",
        "tokens_dim": "false",
    }


def test_a_link_is_whole_and_at_most_4_kb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "page", lambda: "cube")
    address = links.link({"page": "cube", "text": "one\ntwo"})
    assert address is not None
    assert dict(parse_qsl(urlsplit(address).query)) == {"page": "cube", "text": "one\ntwo"}
    room = choices.LONGEST - len("page=cube&text=")
    assert links.link({"page": "cube", "text": "x" * room}) is not None
    assert links.link({"page": "cube", "text": "x" * (room + 1)}) is None
    assert links.link({"page": "cube", "text": "é" * (room // 6 + 1)}) is None, "counted as it is written"


@pytest.mark.parametrize(
    ("text", "long"), [("x" * 3584, False), ("x" * 3585, True), ("\u05e9" * 600, True), ("", False)]
)
def test_a_text_that_no_address_takes_is_known(text: str, long: bool, small: AppTest) -> None:
    small.session_state["text"] = text
    assert said(small)["long"] is long


# Files


def test_a_file_brings_back_what_was_saved() -> None:
    given = {"page": "cube", "text": "a\nb <b>\N{GRINNING FACE}\u05d0", "cube_layer": "4"}
    content = links.saved(given)
    assert links.opened(content) == given
    assert content.isascii()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b"3",
        b"{}",
        b'{"kind": "another"}',
        b'{"kind": "cls-explained", "text": 3}',
        b'{"kind": "cls-explained", "text": ["a"]}',
        b'{"kind": "cls-explained", "text": null}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_is_not_ours_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(ValueError, match="This is not a file that was saved here"):
        links.opened(content)


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(ValueError, match="This file is larger than 1 MB"):
        links.opened(b" " * ((1 << 20) + 1))


def opening() -> None:
    import json

    import streamlit as st

    from lib.app import choices, links

    st.title(choices.start("tokens"))
    st.button("open", on_click=lambda: links.restore(links.opened(st.session_state["file"])))
    layer = choices.pick("Layer", range(7), key="tokens_layer", default=6, form="slider")
    st.text_area("Your text", key=choices.TEXT)
    st.code(json.dumps({"layer": layer, "texts": choices.texts(), "pair": choices.pair()}))
    choices.finish()


def opened(given: dict[str, str]) -> tuple[dict[str, object], AppTest]:
    app = AppTest.from_function(opening, default_timeout=PATIENCE)
    app.session_state["file"] = links.saved(given)
    app.run()
    app.button[0].click().run()
    assert not app.exception
    return json.loads(app.code[0].value), app


def test_a_file_sets_texts_and_controls() -> None:
    found, app = opened({"page": "cube", "text": "x\ny", "pair": "z", "model": "none such", "tokens_layer": "2"})
    assert found == {"layer": 2, "texts": ["x", "y"], "pair": "z"}
    assert app.title[0].value == "cube", "the page that it asks for"
    assert app.session_state["model"] == "", "the usual one reads"
    assert app.session_state["model_problem"].name == "none such"


def test_a_file_with_half_a_character_is_no_stack_trace() -> None:
    found, _ = opened({"page": "tokens", "text": "a\ud83db"})
    assert len(found["texts"]) == 1


def test_back_takes_over_the_address_and_loses_no_text_that_is_too_long_for_one(
    small: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.query_params["text"] = "one"
    small.query_params["tokens_layer"] = "2"
    assert said(small)["choices"][0] == 2
    long = "x" * 4000
    small.session_state["text"] = long
    assert said(small)["texts"] == [long]
    assert "text" not in small.query_params
    monkeypatch.setattr(choices, "_went", lambda: True)
    small.query_params.clear()
    found = said(small)
    assert (found["texts"], found["choices"][0]) == ([long], 6), "what does not stand there is as usual"
    small.query_params["text"] = "two"
    assert said(small)["texts"] == ["two"]
    small.query_params.clear()
    assert said(small)["texts"] == [long]


def test_the_link_says_what_was_chosen_in_this_run(embedded: object) -> None:
    """The frame stands above the page, and would otherwise know only what was chosen a run ago."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["page"], app.query_params["cube_guess"] = "cube", "no"
    app.run()
    app.select_slider(key="cube_layer").set_value(2).run()
    assert "cube_layer=2" in next(each.value for each in app.code if "page=cube" in each.value)


def alike() -> None:
    import streamlit as st

    from lib.app import choices

    choices.start("tokens")
    names = ["*a* b", "*a* b", "=c", "line\none"]
    buttons = choices.pick("Way", range(4), key="tokens_way", default=0, names=names.__getitem__)
    menu = choices.pick("What", range(4), key="tokens_what", default=0, names=names.__getitem__, form="menu")
    st.json({"choices": [buttons, menu]})
    choices.finish()


def test_options_with_one_name_are_told_apart_and_are_no_markup() -> None:
    app = AppTest.from_function(alike, default_timeout=PATIENCE)
    assert said(app)["choices"] == [0, 0]
    assert app.selectbox(key="tokens_what").options == ["*a* b", "*a* b (2)", "=c", "line one"]
    assert [option.content for option in app.button_group(key="tokens_way").proto.options] == [
        r"\*a\* b",
        r"\*a\* b \(2\)",
        r"\=c",
        "line one",
    ]
    app.selectbox(key="tokens_what").select_index(1)
    assert said(app)["choices"] == [0, 1]


def test_a_link_of_which_nothing_is_taken_is_cleared_and_that_is_said(small: AppTest) -> None:
    small.query_params["text"] = "mine"
    for number in range(1000):  # with the text more than Streamlit takes
        small.query_params[f"more{number}"] = "1"
    found = said(small)
    assert found["texts"] != ["mine"]
    assert [each.startswith("**Too much in the link.**") for each in found["complaints"]] == [True]
    assert not dict(small.query_params)
    assert len(said(small)["complaints"]) == 1, "not only until the page runs again"
    small.selectbox(key="tokens_what").set_value("b")
    said(small)  # stands in the address now
    assert said(small)["complaints"] == []


def test_texts_that_stand_in_no_address_are_said(embedded: object) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["text"] = "one two " * 400
    app.query_params["page"] = "tokens"
    app.run()
    assert not app.exception
    assert "Too long for the address" not in str([each.value for each in app.markdown])
    app.text_area(key=choices.TEXT).set_value("one two " * 600).run()
    assert "Too long for the address" in str([each.value for each in app.markdown])


def test_the_address_has_one_owner() -> None:
    """Streamlit resets what it binds on Back, and does not change pages while something is bound."""
    files = [ROOT / "app.py", *(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    calls = {
        file.name: {name for name in ("query_params", "switch_page", "bind=") if name in file.read_text("utf-8")}
        for file in files
    }
    assert {name: found for name, found in calls.items() if found} == {"choices.py": {"query_params", "switch_page"}}
