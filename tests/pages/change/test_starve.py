"""Attention knock-out: the measures by hand, what is pressed, what is said, and the page."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.app import choices, parts, readings
from lib.checkpoints import CHECKPOINTS, DEFAULT
from lib.edits import Cut, Edit, Remove, Zero, edit
from lib.measures.attention import Shares, shares
from lib.measures.vectors import recovered
from lib.model import read
from lib.quantities import ROUNDING, palette, power
from lib.texts.examples import DEFAULT as FILM
from lib.texts.examples import EXAMPLES
from pages.change.starve import controls, cuts, exhibits, figures, measures
from pages.change.starve import words as said
from pages.change.starve.connections import MOST_COLUMNS, grid, payload
from tests import exhibits as drawn
from tests.conftest import CLOSE, ROOT, Make
from tests.test_pages import reached

MODEL = CHECKPOINTS[DEFAULT]
TEXT = ("The film was good.",)


def array(*values: object) -> np.ndarray:
    return np.array(values, np.float32)


# Measures, by hand


def test_what_comes_back_is_measured_from_the_starved_vector() -> None:
    plain, starved = array([0, 0], [1, 1]), array([4, 3], [1, 1])  # 5 apart, and 0
    changed = array([[4, 3], [0, 0], [0, 2.5], [-8, -6]], [[1, 1]] * 4)
    found = recovered(plain[:, None], starved[:, None], changed)
    assert found[0].tolist() == [0, 1, 0.5, -1]
    assert found[1].tolist() == [1] * 4, "where attention brings in nothing, nothing is missing"


def test_layers_are_told_apart_by_layer_and_text() -> None:
    plain, starved = array([0], [0]), array([10], [20])
    #            layer: 1 alone, 2 alone, all but 1, all but 2
    variants = array([10], [1], [2], [9], [20], [0], [0], [20])
    found = measures.by_layer(plain, starved, variants)
    np.testing.assert_allclose(found.alone, [[0, 0], [0.9, 1]])
    np.testing.assert_allclose(found.without, [[0.8, 1], [0.1, 0]])
    shown = exhibits.by_layer(found, 0, 2, CHECKPOINTS[DEFAULT])
    assert shown.table()[figures.BACK] == pytest.approx([0, 0.95])
    assert shown.table()[f"{figures.LOST}, text 2"] == pytest.approx([0, 1])
    assert drawn.strays(shown) == []


def test_each_picture_draws_what_it_is_given() -> None:
    model, left = CHECKPOINTS[DEFAULT], measures.Left(np.array([0.0, 1, 2]), np.array([0.0, 0, 1]), 0.5, 0.9)
    shown = exhibits.apart(left, np.zeros((2, 3), bool), model)
    assert shown.table()[figures.BEFORE].tolist() == [0, 1, 2]
    assert shown.table()[figures.AFTER].tolist() == [0, 0, 1]
    assert drawn.strays(shown) == []
    dotted, solid = shown.picture(palette("light")).data
    assert (dotted.line.dash, solid.line.dash) == ("dot", "solid"), "dotted is the untouched model"


def test_the_picture_draws_the_attention_with_the_changes(embedded: object) -> None:
    reading = read(DEFAULT, ["The film was good."], attention="cls")
    changed = read(DEFAULT, ["The film was good."], attention="cls", edit=cuts.STARVED)
    plain, now = shares(reading, 0, "attends_to"), shares(changed, 0, "attends_to")
    cut = cuts.cut(cuts.STARVED, 6, plain.length)
    shown = exhibits.connections(plain, now, cut, range(1, 7), CHECKPOINTS[DEFAULT])
    table = shown.table()
    assert [table[f"layer {k}"][0] for k in range(1, 7)] == pytest.approx([1] * 6), "it attends to itself alone"
    assert [table[f"layer {k}"][3] for k in range(1, 7)] == [0] * 6
    assert table["cut in layers"][:2] == ["", "1, 2, 3, 4, 5, 6"]
    assert drawn.strays(shown) == []
    assert shown.totals["forbidden"] == shown.totals["connections"] == 6 * (plain.length - 1)


def test_strips_keep_their_scale_and_what_they_were(by_hand) -> None:
    states = np.zeros((2, 2, 3, 2))
    states[-1, :, 0] = ((3, 4), (5, 6))
    plain = by_hand(states, [[1, 1, 1]] * 2)
    now = by_hand(states / 100, [[1, 1, 1]] * 2)
    left_ = measures.Left(np.array([0, 2.0]), np.array([0, 0.02]), 0.5, 0.9)
    shown, unchanged = (exhibits.final(plain, each, left_, 0) for each in (now, plain))
    table = {head: [float(each) for each in column] for head, column in shown.table().items()}
    names = list(table)
    assert table[names[1]] == pytest.approx([0.03, 0.04])
    assert names[2] == f"{names[1]}, unchanged"
    assert table[names[2]] == [3, 4]
    assert table["largest difference"] == pytest.approx([0.02, 0.02])
    assert table["largest difference, unchanged"] == [2, 2]
    assert drawn.strays(shown) == []
    heads = [drawn.unpacked(each.picture.message("words"))[0] for each in (shown, unchanged)]
    assert heads[0]["scales"] == heads[1]["scales"], "a change does not move the colours"


def test_words_are_measured_against_their_average() -> None:
    found = measures.effects([(1,), (2,)], array(0, 0), array(3, 4), array([0, 0], [0, 4]))
    np.testing.assert_allclose(found.moved, [0, 0.8])
    assert found.mean == pytest.approx(0.4)


def test_long_texts_are_forbidden_in_runs() -> None:
    assert measures.bundles(4, 9) == ((1,), (2,), (3,))
    assert measures.bundles(6, 2) == ((1, 2, 3), (4, 5))
    assert measures.bundles(2, 0) == ((1,),)
    assert measures.bundles(1, 5) == ()


def test_as_many_texts_as_fit() -> None:
    lengths = np.array([5, 10, 4])
    assert [measures.fitting(lengths, 2, most) for most in (9, 10, 39, 40, 60)] == [0, 1, 1, 2, 3]


def test_a_leaking_edge_and_a_bad_row_are_found(by_hand) -> None:
    row = np.zeros((2, 1, 2, 3), np.float32)  # [layers, batch, heads, tokens]
    row[..., 0] = 1
    reading = by_hand(np.ones((3, 1, 3, 2)), [[1, 1, 1]], row=row.copy(), column=row.copy())
    cut = np.array([[False, True, True], [False, True, False]])
    assert measures.largest_cut(reading, 0, cut) == 0
    assert measures.row_sums(reading) == (4, 0)
    row[1, 0, 1] = (0.75, 0.125, 0.25)
    reading = by_hand(np.ones((3, 1, 3, 2)), [[1, 1, 1]], row=row, column=row.copy())
    assert measures.largest_cut(reading, 0, cut) == 0.125, "the third token of layer 2 is not cut"
    assert measures.row_sums(reading) == (4, 0.125)


def test_layers_before_the_first_cut_are_compared(by_hand) -> None:
    plain = by_hand(np.zeros((3, 1, 3, 2)), [[1, 1, 1]])
    states = np.zeros((3, 1, 3, 2))
    states[2] = 7
    changed = by_hand(states, [[1, 1, 1]])
    second = np.array([[False] * 3, [False, True, False]])
    assert measures.before_the_cut(plain, changed, second) == (1, 0)
    assert measures.before_the_cut(plain, changed, second[::-1]) == (0, 0)
    assert measures.before_the_cut(plain, changed, second & False) == (2, 7)


def test_the_embedded_model_reads_in_its_last_layer(embedded: object) -> None:
    texts = FILM.texts[:2]
    plain = read(DEFAULT, texts, attention="cls")
    starved = read(DEFAULT, texts, attention="cls", edit=cuts.STARVED)
    left = measures.left(plain, starved, starved, 0)
    np.testing.assert_allclose(left.after, 0, atol=ROUNDING, err_msg="the same in texts of other words")
    assert left.back == 0
    found = controls.by_layer(plain, starved, 1, measures.LIGHT)
    assert found.alone.shape == (6, 2)
    assert (found.alone[5] > 0.9).all()  # 92 % measured on 100 texts
    assert (np.abs(found.alone[:5]) < 0.02).all()
    assert (found.without[5] < 0.02).all()  # 0.7 %
    assert (found.without[:5] > 0.92).all()  # closing layer 5 costs 8 %, any other at most 3 %
    worth = controls.by_word(plain, starved, 0, (), measures.LIGHT)
    names = plain.encoding.row(0)
    assert len(worth.places) == len(names) - 1
    assert names[worth.places[int(worth.moved.argmax())][0]] == "film"
    alone = read(DEFAULT, texts[:1], attention="cls", edit=edit(Cut("first", (8,))))
    assert worth.moved[7] == pytest.approx(1 - measures.left(plain, starved, alone, 0).back, abs=1e-4)
    asleep = controls.by_word(plain, starved, 0, (3,), measures.LIGHT)
    assert asleep.moved.max() < 0.01, "in layer 3 no word matters"


# What is pressed


def test_what_a_page_takes() -> None:
    assert cuts.takes(Cut("first", "others", (6,)), 6)
    assert cuts.takes(Cut("first", (1, 3)), 6)
    for change in (
        Cut("first", "others", (7,)),
        Cut("first", (0, 1)),
        Cut("first", ()),
        Cut("first", "later"),
        Cut("all", "others"),
        Cut("all", (1,)),
        Remove(1),
    ):
        assert not cuts.takes(change, 6), change


def test_a_second_press_takes_it_back() -> None:
    def press(changes: Edit, **what: int) -> Edit:
        return cuts.pressed(changes, what, 3, 5)

    nothing = Edit()
    assert press(nothing, layer=2) == edit(Cut("first", "others", (2,)))
    assert press(press(nothing, layer=2), layer=2) == nothing
    assert press(press(nothing, layer=2), layer=3) == edit(Cut("first", "others", (2, 3)))
    assert press(press(press(nothing, layer=2), layer=3), layer=1) == cuts.STARVED
    assert press(cuts.STARVED, layer=3) == edit(Cut("first", "others", (1, 2)))
    assert press(nothing, **{"from": 2}) == edit(Cut("first", "others", (2, 3)))
    assert press(nothing, place=4) == edit(Cut("first", (4,)))
    assert press(press(nothing, place=4), place=4) == nothing
    assert press(nothing, layer=1, place=4) == edit(Cut("first", (4,), (1,)))
    assert press(press(nothing, place=4), layer=1, place=4) == edit(Cut("first", (4,), (2, 3)))
    assert press(edit(Cut("first", (1, 4))), place=4) == edit(Cut("first", (1,))), "a run in a link is taken apart"
    both = press(press(nothing, place=4), layer=2)
    assert press(both, layer=2) == edit(Cut("first", (4,))), "words outlive the layers"
    for nonsense in ({"layer": 9}, {"place": 0}, {"place": 5}, {"from": 4}, {}):
        assert press(both, **nonsense) == both


def test_cut_edges_as_they_are_drawn() -> None:
    changes = edit(Cut("first", "others", (2,)), Cut("first", (3,)), Cut("first", (1, 2), (1,)))
    assert cuts.cut(changes, 2, 4).astype(int).tolist() == [[0, 1, 1, 1], [0, 1, 1, 1]]
    assert cuts.closed(changes, 2) == (2,)
    assert cuts.forbidden(changes, 1, 2) == (1,)


def test_a_word_stands_in_one_text_alone() -> None:
    layer, word = Cut("first", "others", (2,)), Cut("first", (3,))
    assert cuts.for_texts(edit(layer, word), 1, 3) == (edit(layer), edit(layer, word), edit(layer))


def test_the_picture_sends_what_it_draws(embedded: object) -> None:
    long = "The film was good and the book was bad " * 4
    reading = read(DEFAULT, [long], attention="cls")
    plain = shares(reading, 0, "attends_to")
    cells = grid(plain, plain, cuts.cut(cuts.STARVED, 6, plain.length))
    data = payload(cells, (1,), "[CLS]", "← reads", "words")
    size = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + size])
    assert len(head["columns"]) <= MOST_COLUMNS < plain.length
    assert head["places"][0] == 0
    assert head["roles"][0] == "cls"
    assert [place for place, role in zip(head["places"], head["roles"], strict=True) if role == "gap"].count(-1) >= 1
    cut = head["arrays"]["cut"]
    cells = np.frombuffer(data[4 + size :], np.uint8, count=6 * cut["shape"][1], offset=cut["at"]).reshape(6, -1)
    assert cells[:, 0].tolist() == [0] * 6
    assert cells[:, 1:].all()
    gap = head["places"].index(-1)
    hidden = next(place for place in range(1, plain.length) if place not in head["places"])
    one = grid(plain, plain, cuts.cut(edit(Cut("first", (hidden,))), 6, plain.length))
    assert not one.cut[:, gap].any(), "of several tokens in one column one is still allowed"


# What is said


def left(before: float, after: float) -> measures.Left:
    return measures.Left(np.array([0, before]), np.array([0, after]), 0.25, 0.9)


def test_the_final_vectors_are_said(embedded: object) -> None:
    reading = read(DEFAULT, FILM.texts[:2], attention="cls")
    same = said.final(left(1.5, 0), 0, 5, reading)
    assert same == (
        "The largest difference between the texts, in all 384 dimensions, is **0, exactly**; unchanged, it is 1.500."
    )
    assert "of 15" not in same, "texts of one length have none worth a word"
    rounded = said.final(left(1.5, 1e-7), 0, 5, reading)
    assert rounded == same.replace("0, exactly", power(1e-7) + ", which is rounding"), "by a processor's last bits"
    other = said.final(left(1.5, 1e-4), 1, 5, reading)
    assert "is **< 0.001**; unchanged, it is 1.500. The cosine of text 2 to its unchanged vector is 0.90." in other
    assert "Even unchanged" in said.final(left(0, 0), 0, 5, reading)
    assert "the first 1 texts;" in said.final(left(1, 1), 0, 1, reading)
    assert said.final_headline(left(1.5, 1e-4), 1, reading).startswith("Text 2: 25% of what attention brings to")
    assert said.final_headline(left(1.5, 1e-7), 1, reading).endswith("one and the same vector in all 2 texts")
    assert "as it always is" in said.final_headline(replace(left(1.5, 1.5), back=1), 0, reading)
    assert "are the same" in said.final_headline(left(0, 0), 0, reading)


def test_layers_are_said() -> None:
    assert "in every layer: nothing of a text reaches" in said.apart(np.array([0, 1.5]), np.array([0.0, 0]), MODEL)
    assert "0, exactly, up to layer 0, 0.500 after layer 1 and **0.750** after the last layer." in said.apart(
        np.array([0, 1, 1.5]), np.array([0, 0.5, 0.75]), MODEL
    )
    late = said.apart(np.array([0, 1, 1.5]), np.array([0, 0, 0.75]), MODEL)
    assert late.endswith("0, exactly, up to layer 1, and **0.750** after layer 2.")
    rounded = said.apart(np.array([0, 1, 1.5]), np.array([0, 1e-7, 0.75]), MODEL)
    assert f"{power(1e-7)}, which is rounding, up to layer 1, and **0.750** after layer 2." in rounded
    told = said.apart(np.array([0, 1.5]), np.array([0, 1e-7]), MODEL)
    assert told.endswith("which is rounding** in every layer: nothing of a text reaches :orange[\\[CLS\\]].")
    assert "Nothing that you changed moves it" in said.apart(np.array([0, 1.5]), np.array([0, 1.5000001]), MODEL)
    assert "Nothing that you changed moves it" in said.apart(np.array([0, 1.5]), np.array([0, 1.5]), MODEL)


def by_layer_said(alone: list[float], without: list[float], **options: int) -> str:
    found = measures.ByLayer(np.array(alone)[:, None], np.array(without)[:, None])
    return said.by_layer(found, options.get("row", 0), options.get("texts", 1), MODEL)


def test_the_layer_of_entry_is_named_only_where_there_is_one() -> None:
    late = by_layer_said([0.001, 0.92], [0.95, 0.01])
    assert "With layer 2 alone open, **92%**" in late
    assert "with any other layer alone, less than 1%" in late
    assert "With layer 2 alone closed, **1%** is left; with any other layer closed, at least 95%" in late
    assert entry([0.001, 0.92], [0.95, 0.01]).endswith("through layer 2 of 2")
    assert entry([0.001, 0.5], [0.95, 0.49]).endswith("through layer 2 of 2")
    assert "no layer alone" in entry([0.2, -0.3], [0.5, 0.6])
    assert "no layer alone" in entry([0.2, 0.49], [0.5, 0.1])
    assert "any other layer alone, nothing" in by_layer_said([0.2, -0.3], [0.5, 0.6])
    assert "more than one layer" in entry([0.8, 0.7], [0.9, 0.8])
    assert "more than one layer" in entry([0.001, 0.5], [0.95, 0.5]), "half is left without it"
    assert "(text 3)" in by_layer_said([0.8, 0.7], [0.9, 0.8], row=2, texts=4)


def entry(alone: list[float], without: list[float]) -> str:
    return said.by_layer_headline(measures.ByLayer(np.array(alone)[:, None], np.array(without)[:, None]))


@pytest.mark.parametrize(
    ("second", "before", "right"),
    [
        ((3, 4), 1.0, said.ANSWERS[2]),
        ((3.00001, 4), 1.0, said.ANSWERS[2]),  # rounding
        ((3.01, 4), 1.0, said.ANSWERS[1]),
        ((4, 3), 1.0, said.ANSWERS[0]),  # a cosine of 0.96
        ((-3, 4), 1.0, said.ANSWERS[0]),
        ((3, 4), 0.0, ()),  # the texts do not differ with attention either
    ],
)
def test_the_prediction_is_answered_by_the_starved_vectors(
    by_hand, second: tuple[float, float], before: float, right: str
) -> None:
    states = np.zeros((2, 2, 3, 2))
    states[-1, :, 0] = ((3, 4), second)
    starved = by_hand(states, [[1, 1, 1]] * 2)
    assert said.guessed(left(before, 9), starved) == right
    told = said.because(left(before, 9), starved, MODEL)
    assert ("**0, exactly**" in told) == (second == (3, 4) and before > 0)
    assert ("Another text" in told) == (before == 0)


def test_what_is_kept_is_true_of_this_model() -> None:
    assert said.keep("holds", MODEL).startswith("Without attention")
    assert "even without attention" in said.keep("fails", MODEL)


def test_a_word_is_said_beside_the_average(embedded: object) -> None:
    encoding = read(DEFAULT, TEXT, attention="none").encoding
    found = measures.Effects(((1,), (2,), (3,)), np.array([0.1, 0.6, 0.2]))
    most = said.effects(found, 1, encoding, 0, MODEL)
    assert "may not attend to “film”, it moves **60%** as far as without any token." in most
    assert "The average of 3 tokens moves it **30%**; this one moves it farthest, 2.0 times as far as that" in most
    assert said.effects_headline(found, encoding, 0, MODEL).startswith("Without “film”")
    assert "; “film” moves it farthest: 60%" in said.effects(found, 0, encoding, 0, MODEL)
    runs = measures.Effects(((1, 2), (3,)), np.array([0.1, 0.6]))
    assert "the run from “the” on (positions 1 to 2)" in said.effects(runs, 0, encoding, 0, MODEL)
    assert said.bar(encoding, 0, (1, 2)) == "1–2 the…"
    assert said.average(runs) == "average run: 35%"
    only = measures.Effects(((1,),), np.array([1.0]))
    assert "no other token to compare" in said.effects(only, 0, encoding, 0, MODEL)


def test_the_verdict_follows_the_numbers(by_hand) -> None:
    states = np.zeros((2, 2, 3, 2))
    states[-1, :, 0] = (3, 4)
    same = by_hand(states, [[1, 1, 1]] * 2)
    kind, because = said.verdict(left(1, 1), same, MODEL)
    assert kind == "holds"
    assert "**0, exactly**" in because
    assert "of length 5.00" in because
    states[-1, 1, 0, 0] += 1e-6
    kind, because = said.verdict(left(1, 1), by_hand(states, [[1, 1, 1]] * 2), MODEL)
    assert (kind, "which is rounding" in because, "exactly" in because) == ("holds", True, False)
    states[-1, 1, 0, 0] += 1
    assert said.verdict(left(1, 1), by_hand(states, [[1, 1, 1]] * 2), MODEL)[0] == "fails"
    assert said.verdict(left(0, 0), same, MODEL)[0] == "cannot tell"


def test_broken_pictures_say_so(embedded: object) -> None:
    plain = read(DEFAULT, TEXT * 2, attention="cls")
    cut = cuts.cut(cuts.STARVED, 6, int(plain.encoding.lengths[0]))
    held = [holds for *_, holds in said.proofs(plain, plain, plain, 0, cut)]
    assert held == [False, True, True, True], "edges that are called cut have weight"
    assert len(said.proofs(plain, plain, plain, 0, cut & False)) == 3


# Pictures


def test_the_untouched_is_dotted_and_the_change_solid() -> None:
    colours = palette("light")
    figure = figures.apart(np.array([0, 1.0, 2]), np.array([0, 0, 0.5]), [(1, 1)], "difference", colours)
    untouched, changed = figure.data
    assert (untouched.line.dash, untouched.line.color) == ("dot", colours.muted)
    assert (changed.line.dash, changed.line.color) == ("solid", colours.cls)
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0.5, 1.5)]


def test_layers_carry_their_numbers_and_each_text() -> None:
    figure = figures.by_layer(np.array([[0, 0.001], [0.9, 1]]), np.array([[0.1, 0.1], [1, 0.9]]), palette("dark"))
    bars = [trace for trace in figure.data if trace.type == "bar"]
    np.testing.assert_allclose(bars[0].y, [0.0005, 0.95])
    assert [note.text for note in figure.layout.annotations] == ["95%", "10%", "95%"]
    dots = [trace for trace in figure.data if trace.type == "scatter"]
    assert [len(trace.x) for trace in dots] == [2, 2, 2, 2]


def test_the_average_is_dashed_and_a_token_is_no_markup() -> None:
    colours = palette("light")
    figure = figures.effects(np.array([0.2, 0.6]), ["1 <b>", "2 [SEP]"], ["word", "sep"], 0, "average", colours)
    bars, line = figure.data
    assert "<b>" not in "".join(bars.text)
    assert list(line.y) == [0.4, 0.4]
    assert line.line.dash == "dash"
    assert list(bars.marker.color) == [colours.ink, colours.sep]
    assert list(bars.marker.pattern.shape) == ["", "/"]


# The page


def page(**controls: str) -> AppTest:
    return reached("starve", **{"starve_guess": "3", "open": "1", **controls}).run()


def words(app: AppTest) -> str:
    assert not app.exception, [each.message for each in app.exception]
    return "\n".join(each.value for each in app.markdown)


def test_the_page_opens_with_everything_closed(embedded: object) -> None:
    app = page()
    said_ = words(app)
    assert "● You were right.** You said: *They are exactly the same*" in said_
    assert "In every layer, :orange[\\[CLS\\]] may not attend to any token but itself." in said_
    assert [each.value for each in app.header][:1] == [":orange[\\[CLS\\]] is one and the same vector in all 4 texts"]
    assert "In this model the text comes in through layer 6 of 6" in [each.value for each in app.header]
    assert "○" not in said_, "it holds what it says of itself"
    forbidden, allowed = re.search(r"is \*\*([^*]+)\*\*\. With attention it is ([\d.]+)\.", said_).groups()
    assert float(allowed) > 1
    assert forbidden.endswith(("exactly", "rounding"))


def test_the_strips_show_the_vectors_with_the_changes_beside_those_without(
    embedded: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, shown = [], parts.picture
    monkeypatch.setattr(parts, "picture", lambda each, **more: seen.append(each) or shown(each, **more))
    words(page(open=""))
    (table,) = [each.table() for each in seen if each.name == "final"]
    pairs = [(head, f"{head}, unchanged") for head in table if f"{head}, unchanged" in table][
        :4
    ]  # the texts come first
    now, unchanged = np.array([[table[head] for head in pair] for pair in pairs], float).swapaxes(0, 1)
    np.testing.assert_allclose(now, [now[0]] * 4, atol=ROUNDING, err_msg="one vector in all texts")
    assert np.ptp(unchanged, axis=0).max() > 1


def test_folds_cost_nothing_before_they_are_opened(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls, "by_layer", lambda *_: pytest.fail("nobody has opened it"))
    monkeypatch.setattr(controls, "by_word", lambda *_: pytest.fail("nobody has opened it"))
    assert "Which layer brings the text in?" in [each.label for each in page(open="").expander]


def test_the_numbers_behind_each_picture_are_there(embedded: object) -> None:
    app = page()
    names = ("final", "connections", "apart", "by_layer", "words")
    for name in names:
        app.session_state[f"drawer_{name}"] = True
    app.run()
    words(app)
    assert len(app.dataframe) == len(names)
    assert app.dataframe[2].value["unchanged"].iloc[-1] > 1
    assert app.dataframe[3].value[figures.BACK].iloc[-1] > 0.9


def test_a_link_closes_some_layers_and_forbids_a_word(embedded: object) -> None:
    app = page(starve_edit="cut.first.others.1-5~cut.first.8.", starve_word="8", starve_in="6")
    said_ = words(app)
    assert "In layers 1 to 5, :orange[\\[CLS\\]] may not attend to any token but itself" in said_
    assert "In every layer, :orange[\\[CLS\\]] may not attend to “film”" in said_
    assert "it moves **" in said_
    assert app.header[0].value.startswith("Text 1: ")
    next(button for button in app.button if button.label == "Close all but layer 6").click().run()
    assert app.session_state["starve_edit"] == "cut.first.others.1-5~cut.first.8."
    for _ in range(2):  # the second press changes nothing, and is no step
        next(button for button in app.button if button.label == "Open every layer").click().run()
    assert app.session_state["starve_edit"] == "cut.first.8."
    next(button for button in app.button if button.label == "Undo").click().run()
    assert app.session_state["starve_edit"] == "cut.first.others.1-5~cut.first.8.", "only the last step"
    for _ in range(2):
        next(button for button in app.button if button.label == "Remove").click().run()
    assert "Nothing is forbidden" in words(app)
    assert app.query_params["starve_edit"] == "none"


def test_what_a_link_cannot_ask_for_is_left_out(embedded: object) -> None:
    said_ = words(page(starve_edit="remove.0~cut.first.others.9~cut.first.others.6"))
    assert "does not make. It is left out" in said_
    assert "In layer 6, :orange[\\[CLS\\]] may not attend to any token but itself" in said_


def test_a_long_text_is_asked_for(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "LIGHT", 100)  # 12 passes of 16 tokens are more
    app = page()
    assert "A long text." in words(app)
    assert "With layer 6 alone" not in words(app)
    monkeypatch.setattr(readings, "MOST_TOKENS", 150)
    app.session_state[choices.TEXT] = TEXT[0]
    app.session_state["starve_long"] = app.session_state["starve_long_words"] = True
    app.run()
    assert "With layer 6 alone open" in words(app)


@pytest.mark.parametrize("example", EXAMPLES["starve"], ids=lambda example: example.key)
def test_its_examples_work(example, embedded: object) -> None:
    app = page()
    app.session_state[choices.TEXT], app.session_state[choices.PAIR] = "\n".join(example.texts), example.pair
    app.run()
    assert "**● Holds**" in words(app)


def test_beyond_a_window_there_is_no_edge_to_cut() -> None:
    values = np.full((2, 1, 4), 0.25, np.float32)
    values[1, 0] = [0.5, 0.5, 0, 0]  # the second layer sees its neighbour alone
    plain = Shares("attends_to", ("[CLS]", "a", "b", "[SEP]"), ("itself", "words", "words", "separator"), values)
    cut = np.ones((2, 4), np.bool_)
    cut[:, 0] = False
    assert said.connections(measures.severed(plain, cut), MODEL).startswith("**4 of 4** connections from")
    cut[0, 1] = False
    assert said.connections(measures.severed(plain, cut), MODEL).startswith("**3 of 4** connections from")


# The other way round: the first token hidden from the others


def test_what_the_mean_keeps_is_its_cosine_without_padding(by_hand: Make) -> None:
    plain = by_hand([[[[0, 0]] * 3] * 2, [[[9, 9]] * 3, [[1, 0], [3, 0], [7, 7]]]], [[1, 1, 1], [1, 1, 0]])
    last = [[[0, 2], [0, 4], [5, 5]], [[1, 0], [1, 0], [5, 5]], [[3, 4], [3, 4], [5, 5]]]
    changed = by_hand([[[[0, 0]] * 3] * 3, last], [[1, 1, 0]] * 3)
    found = measures.hidden(plain, 1, [changed], 1)
    np.testing.assert_allclose([found.first, *found.words, found.separators], [0, 1, 0.6], **CLOSE)
    assert measures.hidden(plain, 1, [changed], 2).separators is None
    np.testing.assert_allclose(measures.hidden(plain, 1, [changed], 2).words, [1, 0.6], **CLOSE)


@pytest.mark.parametrize(
    ("first", "kept", "expected"),
    [
        (0.6, (0.8, 0.9), "no single word is missed as much"),
        (0.795, (0.8, 0.9), "more than most words"),
        (0.845, (0.8, 0.9), "no more than a word"),
        (0.99, (0.8, 0.9), "no more than a word"),
        (0.6, (), "keeps a cosine of 0.600"),
    ],
)
def test_whether_the_others_miss_it_at_the_edges(first: float, kept: tuple[float, ...], expected: str) -> None:
    for separators in (0.97, None):
        found = measures.Hidden(first, np.array(kept), separators)
        shown = exhibits.hidden(found, MODEL)
        assert expected in shown.headline
        drawn.check([shown])
        assert ("separators" in shown.sentence) == (separators is not None)
    assert list(exhibits.hidden(measures.Hidden(-0.25, np.array(kept), None), MODEL).table().values())[1][0] == -0.25


def test_what_a_change_leaves_is_of_the_mean_the_words_and_the_separators(by_hand: Make) -> None:
    usual, padding = [[1, 0], [3, 0], [0, 2], [0, 4]], [[9, 9]] * 4
    plain = by_hand([[padding, padding], [padding, usual]], [[1, 1, 1, 1], [1, 1, 1, 1]])
    last = [[[1, 0], [3, 4], [4, 3], [0, 1]], [[0, 0], [2, 0], [0, -2], [0, 0.5]]]
    changed = by_hand([[padding, padding], last], [[1, 1, 1, 1]] * 2)
    first, second = measures.kept(plain, 1, [changed])
    assert (first.word, first.separator) == pytest.approx((0.6, 1)), "both words turn by an angle of cosine 0.6"
    assert first.mean == pytest.approx((4 * 8 + 6 * 8) / (np.hypot(4, 6) * np.hypot(8, 8)), abs=1e-6)
    assert (second.word, second.separator) == pytest.approx((0, 1)), (
        "one word is as it was, the other one is turned round"
    )
    assert second.mean == pytest.approx((4 * 2 - 6 * 1.5) / (np.hypot(4, 6) * np.hypot(2, 1.5)), abs=1e-6)


@pytest.mark.parametrize(
    ("passed", "dropped", "headline", "told"),
    [
        ((0.6, 0.7, 0.5), (0.99, 0.99, 0.99), "the mean stays nearly the same", "the average word and the average"),
        ((0.6, 0.7, 0.5), (0.97, 0.69, 0.505), "Giving the share to the others", "others changes the mean more."),
        ((0.97, None, None), (0.6, None, None), "Dropping the share", "Dropping it changes the mean more."),
        ((0.985, None, 0.9), (0.98, None, 0.2), "about equally", "Both change the mean about equally."),
    ],
)
def test_which_change_of_the_share_counts_more(
    passed: tuple[float | None, ...], dropped: tuple[float | None, ...], headline: str, told: str
) -> None:
    shown = exhibits.shares(measures.Kept(*passed), measures.Kept(*dropped), MODEL)
    assert headline in shown.headline
    assert told in shown.sentence
    assert ("word" in shown.sentence) == (passed[1] is not None)
    assert len(shown.table()["row"]) == 2 * sum(each is not None for each in passed)
    drawn.check([shown])


def test_each_part_is_told_once() -> None:
    said_ = exhibits.shares(measures.Kept(0.6, 0.7, 0.5), measures.Kept(0.97, 0.69, 0.505), MODEL).sentence
    assert "Giving it to the others changes the mean more." in said_
    assert "Dropping it changes the average word more." in said_
    assert "Both change the average separator about equally." in said_


def test_the_page_hides_the_first_token_from_every_other(embedded: object) -> None:
    text = "The film was good."
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    folds = dict.fromkeys(("starve_open_starve_hidden", "starve_open_starve_shares"), "True")
    app.query_params.update({"page": "starve", "text": text, "starve_guess": "no", **folds})
    app.run()
    assert not app.exception
    plain = read(DEFAULT, [text])
    tokens = plain.encoding.input_ids.shape[1]
    changed = read(DEFAULT, [text], edit=edit(Cut(tuple(range(1, tokens)), (0,))))
    a, b = (each.last_hidden_state[0].mean(axis=0) for each in (plain, changed))
    kept = float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    assert 0.3 < kept < 0.9, "others use it"
    told = " ".join(str(each.value) for each in app.markdown)
    written = re.search(r"the mean keeps a cosine of \*\*([\d.]+)\*\*", told)
    assert written is not None
    assert float(written[1]) == pytest.approx(kept, abs=0.001)
    zero = read(DEFAULT, [text], edit=edit(Zero(tuple(range(1, tokens)), (0,)))).last_hidden_state[0].mean(axis=0)
    dropped = float(a @ zero / np.linalg.norm(a) / np.linalg.norm(zero))
    assert dropped > kept + 0.1
    found = re.search(r"a cosine of \*\*([\d.]+)\*\*; if it goes to no token, \*\*([\d.]+)\*\*", told)
    assert found is not None
    assert [float(each) for each in found.groups()] == pytest.approx([kept, dropped], abs=0.001)
