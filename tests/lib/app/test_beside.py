"""Two texts or two models side by side: measures and sentences by hand, and the four pages that can show them."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
import struct
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from lib import checkpoints
from lib.app import beside as sides
from lib.app import choices
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint, Folder, Taught
from lib.components import cube
from lib.escape import plain
from lib.exhibit import Exhibit
from lib.measures import beside as measures
from lib.measures.attention import Kind, Shares
from lib.words import beside as said
from pages.watch.attention.exhibits import counterpart
from pages.watch.attention.heads import Neighbour, payload
from tests import exhibits
from tests.conftest import CLOSE, ROOT
from tests.lib.components.test_cube_component import output
from tests.test_exhibits import SHOWING
from tests.test_pages import assert_kind, containers, keyed, notes, pictures, shown

MODEL = CHECKPOINTS[DEFAULT]
OTHER = dataclasses.replace(MODEL, slug="other", name="other-model", first_token="<s>", separator="</s>", layers=2)
BOTH = ("texts", "models")

# Measures


@pytest.mark.parametrize(
    ("layer", "of", "among", "there"),
    [
        (0, 6, 12, 0),
        (6, 6, 12, 12),
        (3, 6, 12, 6),
        (1, 6, 12, 2),
        (5, 12, 6, 3),
        (1, 12, 6, 1),
        (1, 12, 2, 1),
        (4, 6, 6, 4),
        (1, 1, 24, 24),
        (12, 24, 1, 1),
    ],
)
def test_layers_are_matched_by_depth(layer: int, of: int, among: int, there: int) -> None:
    assert measures.partner(layer, of, among) == there


def test_the_ends_of_two_models_always_stand_side_by_side() -> None:
    for of in range(1, 25):
        for among in range(1, 25):
            row = [measures.partner(layer, of, among) for layer in range(of + 1)]
            assert (row[0], row[-1]) == (0, among)
            assert row == sorted(row)
            assert min(row[1:]) >= 1, "only the embeddings are layer 0"


def test_a_difference_unit_by_unit() -> None:
    found = measures.difference(np.array([3, 4, 0, 1], np.float32), np.array([3, 3, 0, -2], np.float32))
    assert (found.units, found.width, found.mean, found.largest, found.at) == (2, 4, 1.0, 3.0, 3)
    assert found.cosine == pytest.approx((9 + 12 - 2) / (26**0.5 * 22**0.5))
    none = measures.difference(np.ones(2, np.float32), np.ones(2, np.float32))
    assert (none.units, none.largest, none.cosine) == (0, 0, 1)


def test_distances_layer_by_layer() -> None:
    vectors = np.array([[[1, 1], [1, 1]], [[0, 0], [3, 4]]], np.float32)
    assert measures.distances(vectors).tolist() == [0, 5]


def test_what_goes_together() -> None:
    assert measures.together(np.array([1, 2, 3]), np.array([10, 20, 30])) == pytest.approx(1)
    assert measures.together(np.array([1, 2, 3]), np.array([3, 2, 1])) == pytest.approx(-1)
    assert measures.together(np.array([1.0, 2, 3]), np.array([1.0, 3, 2])) == pytest.approx(0.5)
    assert measures.together(np.array([1, 2]), np.array([1, 2])) is None, "two values always do"
    assert measures.together(np.array([1, 1, 1]), np.array([1, 2, 3])) is None


def test_some_texts_of_a_reading(by_hand) -> None:
    states = np.arange(2 * 3 * 3 * 2, dtype=np.float32).reshape(2, 3, 3, 2)
    row = np.arange(1 * 3 * 1 * 3, dtype=np.float32).reshape(1, 3, 1, 3)
    whole = by_hand(states, [[1, 1, 1], [1, 1, 0], [1, 1, 1]], row=row, column=row, pooler=states[1, :, 0])
    some = whole.only((2, 1))
    assert some.encoding.texts == ("text 2", "text 1")
    np.testing.assert_array_equal(some.hidden_states, states[:, [2, 1]])
    np.testing.assert_array_equal(some.attends_to(1), row[0, [2, 1]])
    np.testing.assert_array_equal(some.pooler_output, states[1, [2, 1], 0])
    assert some.encoding.roles(1) == whole.encoding.roles(1)
    assert some.encoding.lengths.tolist() == [3, 2]
    with pytest.raises(ValueError, match="read-only"):
        some.hidden_states[0, 0, 0, 0] = 1


def test_tables_of_both_sides_become_one(by_hand) -> None:
    reading = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]])
    two = [sides.Side(name, "", reading, 0, 1) for name in ("a", "b")]
    tables = [{"layer": [1], "[CLS]": [0.5]}, {"layer": [1, 2], "<s>": [0.1, 0.2]}]
    assert sides.stacked(two[:1], tables[:1]) == tables[0]
    both = dict(sides.stacked(two, tables))
    assert (both["side"], both["layer"]) == (["a", "b", "b"], [1, 1, 2])
    np.testing.assert_array_equal(both["[CLS]"], [0.5, math.nan, math.nan])
    np.testing.assert_array_equal(both["<s>"], [math.nan, 0.1, 0.2])


@pytest.mark.parametrize("count", [1, 2])
def test_an_exhibit_for_each_side_with_one_sentence_and_one_table(
    count: int, by_hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = by_hand(np.ones((2, 1, 3, 2)), [[1, 1, 1]])
    two = [sides.Side(name, "", reading, 0, 1) for name in ("tiny*", "b")][:count]
    shown = [
        Exhibit("cosines", "Both.", lambda palette: None, lambda k=k: {"layer": [k]}, "About.", {"mean": k})
        for k in range(count)
    ]
    drawn, told, numbers = [], [], []
    monkeypatch.setattr(sides, "places", lambda sides, key, titled: [nullcontext()] * len(sides))
    monkeypatch.setattr(sides.parts, "picture", drawn.append)
    monkeypatch.setattr(sides.parts, "say", lambda sentence, key: told.append((sentence, key)))
    monkeypatch.setattr(sides.parts, "numbers", numbers.append)
    sides.show(two, shown)
    alone = [("cosines", "Both.")]
    assert [(each.name, each.sentence) for each in drawn] == (
        alone if count == 1 else [("cosines", "tiny\\*: Both."), ("cosines-right", "b: Both.")]
    )
    assert [each.table() for each in drawn] == [{"layer": [k]} for k in range(count)], "each draws its own"
    assert told == [("Both.", "cosines")]
    (whole,) = numbers
    assert dict(whole.table())["layer"] == list(range(count))
    assert whole.totals == ({"mean": 0} if count == 1 else {"mean, tiny*": 0, "mean, b": 1})


def test_a_second_model_says_that_a_text_is_longer_than_in_its_training(
    by_hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(sides.parts, "caution", lambda text, key: told.append(text))
    monkeypatch.setattr(choices, "texts", lambda: ("one",))
    for tokens in (128, 129):
        reading = by_hand(np.ones((2, 1, tokens, 2)), [[1] * tokens])
        monkeypatch.setattr(sides.readings, "by_another", lambda reading, by: reading)
        assert len(sides.sides(sides.Comparison("models", model=CHECKPOINTS[DEFAULT]), reading)) == 2
        assert len(told) == (tokens > 128)


# What is sent


def shares(values: object, kinds: tuple[Kind, ...] = ("itself", "words", "separator")) -> Shares:
    names = {"itself": "[CLS]", "separator": "[SEP]"}
    return Shares("attends_to", tuple(names.get(kind, "cat") for kind in kinds), kinds, np.array(values, np.float32))


def header(data: bytes) -> dict:
    return json.loads(data[4 : 4 + struct.unpack_from("<I", data)[0]])


LEFT = shares([[[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]], [[0.2, 0.6, 0.2], [0.9, 0.05, 0.05]]])
RIGHT = shares([[[0.1, 0.8, 0.1], [0.5, 0.3, 0.2]], [[0.6, 0.2, 0.2], [0.3, 0.6, 0.1]]])


def test_an_atlas_that_stands_alone_sends_what_it_always_sent() -> None:
    assert "beside" not in header(payload(LEFT, "words", MODEL, start=(1, 1), turn=1, alt=""))


def test_the_right_text_keeps_the_order_of_the_left() -> None:
    alone = header(payload(RIGHT, "words", MODEL, start=(1, 1), turn=1, alt=""))
    beside = Neighbour("atlas", speaks=False, order=LEFT.ranked("words"))
    right = header(payload(RIGHT, "words", MODEL, start=(1, 1), turn=1, alt="", beside=beside))
    assert (alone["order"], right["order"]) == ([0, 3, 1, 2], [1, 2, 0, 3])
    assert right["values"] == alone["values"], "each strip keeps its own number"
    assert "ordered as at the left" in right["meant"]
    assert right["beside"] == {"group": "atlas", "speaks": False}


def test_a_head_of_another_model_is_at_the_same_depth() -> None:
    small = shares([[[0.5, 0.25, 0.25]], [[0.1, 0.8, 0.1]]])
    large = shares(np.full((6, 3, 3), 1 / 3))
    assert counterpart((1, 1), small, large) == (3, 1)
    assert counterpart((5, 3), large, small) == (2, 1)


def test_the_cubes_of_two_texts_say_which_rows_they_are_and_share_their_colours() -> None:
    whole = output()
    one = output(whole.hidden[1:2], tokens=whole.tokens[1:2], roles=whole.roles[1:2], texts=("a",), first=(0,), of=1)
    head = header(cube.pack(one, cube.Slice("token", 0), twin=cube.Twin("cube", False, True, top=2.5)))
    assert head["limit"] == 2.5
    assert head["code"][1] == "last_hidden_state[1:2][:, 0, :]"
    np.testing.assert_array_equal(eval(head["code"][1], {"last_hidden_state": whole.hidden}), whole.hidden[1:2, 0])
    alone = header(cube.pack(whole, cube.Slice("token", 0)))
    assert not {"beside", "of"} & set(alone)
    assert alone["limit"] == cube.limit(whole)


# What is said


def test_heads_of_two_texts_in_one_sentence() -> None:
    told = plain(said.heads((LEFT, RIGHT), ((1, 1), (1, 1)), ("text 1", "text 3"), (MODEL, MODEL)))
    assert told.startswith(
        "Layer 1, head 1: in text 1 [CLS] gives 50% of its attention to itself and 30% to “cat” (an even share: "
        "33%); in text 3 [CLS] gives 10% of its attention to itself and 80% to “cat”"
    )
    found = np.corrcoef([0.5, 0.1, 0.2, 0.9], [0.1, 0.5, 0.6, 0.3])[0, 1]
    assert f"over all 4 heads, the two sides go together with a correlation of {found:.2f}".replace("-", "−") in told


def test_heads_of_two_models_are_no_relatives() -> None:
    told = plain(said.heads((LEFT, RIGHT), ((2, 1), (2, 2)), (MODEL.name, "other-model"), (MODEL, OTHER)))
    assert told.startswith(f"In {MODEL.name} (layer 2 of 2, head 1) [CLS] gives 20% of its attention to itself")
    assert "in other-model (layer 2 of 2, head 2) <s> gives 30% of its attention to itself and 60% to “cat”" in told
    assert "no common order" in told
    assert "correlation" not in told


def test_what_both_sides_attend_to() -> None:
    told = plain(said.lists((LEFT, RIGHT), ("text 1", "text 2"), (MODEL, MODEL)))
    assert (
        "In text 1 the words get most in layer 1 of 2 (55%; if all tokens got the same, 33%)" in told
    )  # (30 + 80) / 2
    assert "in text 2 the words get most in layer 1 of 2 (55%" in told
    assert told.endswith("What goes to [CLS] itself in the last layer: 55% and 45%.")


def test_spreads_of_both_sides() -> None:
    even = shares(np.full((2, 1, 3), 1 / 3))
    told = said.spreads((even, shares([[[1, 0, 0]], [[0.5, 0.5, 0]]])), ("text 1", "text 2"))
    assert "farthest in layer 1 of 2, over **3.0** of 3 tokens in effect" in told
    assert "farthest in layer 2 of 2, over **2.0** of 3 tokens in effect" in told


def test_layers_say_how_they_are_matched() -> None:
    assert "layer 3 of 6 stands beside layer 6 of 12" in said.matched(6, 12, 3, 6)
    assert "same number" in said.matched(6, 6, 3, 3)


def test_a_pair_is_ranked_among_all_pairs() -> None:
    square = np.array([[1, 0.9, 0.5], [0.9, 1, 0.7], [0.5, 0.7, 1]])
    told = plain(said.pair(square, 1 - square / 2, (0, 1), ("“mean”", "“max”")))
    assert told == (
        "Texts 1 and 2 have a cosine of 0.90 under “mean”, more than any other pair and a cosine of 0.55 under “max”, "
        "less than any other pair."
    )
    assert "less than 1 pair and more than 1" in said.pair(square, square, (1, 2), ("a", "b"))


# The pages


def page(stem: str, text: str | None = None, **parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["page"] = stem
    if text is not None:
        app.query_params["text"] = text  # what a browser would put into the box
        app.session_state[choices.TEXT] = text
    for key, value in {**shown(stem), **parameters}.items():
        app.query_params[key] = value
    return app.run()


def words(app: AppTest) -> str:
    return plain("\n".join(each.value for each in app.markdown))


def given(kind: str) -> dict[str, str]:
    return {"beside": kind, **({"beside_model": "tiny-roberta"} if kind == "models" else {"beside_other": "3"})}


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("stem", choices.SIDED)
def test_both_sides_are_drawn_and_named(
    stem: str, kind: str, tiny: Mapping[str, Checkpoint], embedded: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, seen, shown = page(stem), [], sides.parts.picture
    monkeypatch.setattr(sides.parts, "picture", lambda each, **more: seen.append(each) or shown(each, **more))
    app = page(stem, **given(kind))
    if stem in SHOWING:
        exhibits.check(seen)
        assert len(seen) > 1
    assert_kind(app)
    assert notes(app) == []
    assert len(pictures(app)) > len(pictures(alone))
    told = words(app)
    for name in ("Text 1 “", "Text 3 “") if kind == "texts" else (MODEL.name, "tiny roberta · <s>"):
        assert name in told
    matched = [each.value for each in app.caption if each.value.startswith("Layers are matched by depth: layer")]
    assert len(matched) == (kind == "models")
    label = said.of_texts(1, 3) if kind == "texts" else said.of_models(tiny["tiny-roberta"])
    assert label in drawers(app)


def drawers(app: AppTest) -> list[str]:
    blocks = [block.proto for block in containers(app.main) if type(block) is Block]
    return [block.popover.label for block in blocks if block.HasField("popover")]


def test_the_sentences_are_the_readings_own_numbers(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.model import read

    seen, shown = [], sides.parts.picture
    monkeypatch.setattr(sides.parts, "picture", lambda each, **more: seen.append(each) or shown(each, **more))
    app = page("cube", "The film was good.\nWater boils.", beside="texts", cube_layer="5")
    assert [each.table()["text"] for each in seen[:2]] == [("The film was good.",), ("Water boils.",)]
    assert [each.sentence[:8] for each in seen[:2]] == ["text 1: ", "text 2: "]
    vectors = read(DEFAULT, ["The film was good.", "Water boils."]).hidden_states[5, :, 0]
    gap = np.abs(vectors[0] - vectors[1])
    assert f"by {gap.mean():.3f} on average and by {gap.max():.3f} at most (dimension {gap.argmax()})" in words(app)


def test_at_layer_0_the_difference_is_nothing(embedded: object) -> None:
    assert "the difference is 0, exactly, in each of 384 dimensions" in words(
        page("cube", beside="texts", cube_layer="0")
    )


@pytest.mark.parametrize("stem", choices.SIDED)
def test_one_text_alone_is_said_once_and_stays(stem: str, embedded: object) -> None:
    app = page(stem, "Only this.", beside="texts")
    assert_kind(app)
    assert any("One text only" in each.value for each in app.markdown)
    assert pictures(app) or stem == "pooling"


@pytest.mark.parametrize("stem", choices.SIDED)
def test_a_text_beside_its_equal_is_said(stem: str, embedded: object) -> None:
    app = page(stem, "The same.\nThe same.", beside="texts")
    assert_kind(app)
    assert notes(app) == []
    assert said.SAME.strip() in words(app) or stem == "pooling"


@pytest.mark.parametrize("stem", choices.SIDED)
def test_a_model_that_cannot_be_had_leaves_the_first(
    stem: str, tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, embedded: object
) -> None:
    broken = dataclasses.replace(tiny["tiny-bert"], slug="gone", name="gone", where=Folder(tmp_path / "nowhere"))
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", MappingProxyType({**CHECKPOINTS, "gone": broken}))
    app = page(stem, beside="models", beside_model="gone")
    assert_kind(app)
    assert len(notes(app)) == 1
    assert "gone cannot be set beside it" in words(app)
    assert pictures(app)


def test_a_model_without_its_weights_is_said_without_a_path(
    tiny: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, embedded: object
) -> None:
    half = tmp_path / "half"
    shutil.copytree(tiny["tiny-bert"].where.path(), half, ignore=shutil.ignore_patterns("*.safetensors"))
    broken = dataclasses.replace(tiny["tiny-bert"], slug="half", name="half", where=Folder(half))
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", MappingProxyType({**CHECKPOINTS, "half": broken}))
    app = page("journey", beside="models", beside_model="half")
    assert_kind(app)
    assert "half cannot be set beside it. It has no weights in the safetensors format" in words(app)
    assert str(tmp_path) not in words(app)


def test_a_second_model_is_fetched_only_when_it_is_chosen(embedded: object) -> None:
    app = page("cube", beside="models")
    assert_kind(app)
    assert "second_waits" not in app.session_state, "nobody chose one yet"
    app.session_state["beside_drawer"] = True  # as a click does
    app.run()
    assert app.session_state[choices.BESIDE] == "models"
    assert "second_waits" not in app.session_state, "nothing is on its way"
    assert isinstance(CHECKPOINTS[app.session_state[choices.SECOND]].where, Taught), "it came with the app"
    assert len(app.selectbox(key=choices.SECOND).options) == len(CHECKPOINTS) - 1


def test_the_choice_is_shared_by_its_pages_and_stands_in_their_links(embedded: object) -> None:
    app = page("cube", beside="texts", beside_other="4")
    app.query_params.clear()  # as a browser's way to another page does
    app.session_state["attention_guess"] = "no"
    app.switch_page("pages/watch/attention/page.py").run().run()  # the browser's part is what a first run leaves to it
    assert "Text 4 “" in words(app)
    assert (app.query_params["beside"], app.query_params["beside_other"]) == ("texts", "4")
    app.query_params.clear()
    app.switch_page("pages/meet/tokens/page.py").run()
    assert_kind(app)
    assert "beside" not in app.query_params


@pytest.mark.parametrize("stem", choices.SIDED)
def test_who_does_not_use_it_finds_the_page_as_it_was(stem: str, embedded: object) -> None:
    app = page(stem)
    assert "beside" not in app.query_params
    assert keyed(app, "sides_") == []
    assert said.ALONE in drawers(app)


def test_a_link_chooses_a_head_of_the_other_model(tiny: Mapping[str, Checkpoint], embedded: object) -> None:
    link = {"attention_layer": "1", "attention_head": "2", "attention_side": "right"}
    app = page("attention", **given("models"), **link)
    assert "(layer 3 of 6, head 2) [CLS] gives" in words(app)
    assert "in tiny roberta (layer 1 of 2, head 2) <s> gives" in words(app)
    assert any("layer 3 of 6 stands beside layer 1 of 2" in each.value for each in app.caption)


def test_the_numbers_of_both_sides_are_in_one_file(tiny: Mapping[str, Checkpoint], embedded: object) -> None:
    app = page("journey", **given("models"))
    app.session_state["drawer_alike"] = True
    app.run()
    (table,) = app.dataframe
    assert table.value["side"].tolist() == [MODEL.name] * 7 + ["tiny roberta"] * 3
    assert math.isnan(table.value["<s>"].iloc[0])
    np.testing.assert_allclose(table.value["[CLS]"].iloc[0], 1, **CLOSE)
