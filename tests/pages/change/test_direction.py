"""Which way each token may attend: masks by hand, what each place can know under them, what is said, and the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.app import choices
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.measures.attention import Window, shares, window
from lib.model import read
from lib.quantities import ROUNDING, palette
from lib.reading import Reading
from lib.texts.examples import EXAMPLES
from pages.change.direction import controls as masks
from pages.change.direction import exhibits, figures, measures
from pages.change.direction import words as said
from tests import exhibits as drawn
from tests.conftest import NEAR, Make
from tests.test_pages import reached
from tests.tiny import WINDOW

MODEL = CHECKPOINTS[DEFAULT]
NOTHING = r"by \*\*(0, exactly|[^*]*, which is rounding)\*\*"
START = ("The key is here.", "The key is not in the box.")


# Measures, by hand


def test_masks_and_what_each_token_sees() -> None:
    assert measures.allowed("forward", 3).astype(int).tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    assert measures.allowed("backward", 3).astype(int).tolist() == [[1, 1, 1], [0, 1, 1], [0, 0, 1]]
    assert measures.allowed("both", 2).all()
    assert [measures.seen(way, 4).tolist() for way in measures.WAYS] == [[4] * 4, [1, 2, 3, 4], [4, 3, 2, 1]]


def test_what_texts_begin_and_end_with(embedded: object) -> None:
    def shared(*texts: str, way: measures.Way) -> int:
        return measures.in_common(read(DEFAULT, texts, attention="none").encoding, way)

    assert shared(*START, way="forward") == 4  # [CLS] the key is
    assert shared(*START, way="backward") == 0
    assert shared("Good.", "Good. [SEP] Bad.", way="backward") == 0, "other lengths, other positions of the end"
    assert shared("A good film.", "One bad film.", way="forward") == 1
    assert shared("A good film.", "One bad film.", way="backward") == 3  # film . [SEP]
    assert shared("A good film.", "One bad film.", way="both") == 0


def test_places_are_compared_by_direction(by_hand) -> None:
    states = np.zeros((1, 3, 4, 2))
    states[-1, :, 0] = (1, 0)  # the first token is the same in every text
    states[-1, :, 1] = [(1, 0), (0, 2), (-3, 0)]
    states[-1, :, 2] = [(1, 0), (5, 0), (0, 1)]
    states[-1, :, 3] = [(1, 0), (0, 1), (0, 1)]
    reading = by_hand(states, [[1, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 1]])
    # right angles are 1, opposites 2; three pairs
    np.testing.assert_allclose(measures.by_position(reading), [0, (1 + 2 + 1) / 3, (0 + 1 + 1) / 3], atol=1e-12)
    places = measures.at_places(reading)
    assert places["first"] == 0
    assert places["last"] == pytest.approx((1 + 1 + 0) / 3)  # the last real token: (1, 0), (0, 1), (0, 1)
    assert measures.largest(reading.last_hidden_state[:, 1]) == 4


def by_two(attention: np.ndarray, by_hand):
    """A reading of one text of two tokens and a place of padding, from float[heads, query, key]."""
    row = attention[None, None, :, 0]
    return by_hand(
        np.ones((2, 1, 3, 2)), [[1, 1, 0]], row=row, column=attention[None, None, :, :, 0], full=[attention[None]]
    )


def test_a_leak_in_the_mask_is_found(by_hand) -> None:
    held = np.array([[[1, 0, 0], [0.5, 0.5, 0], [1, 0, 0]]] * 2, np.float32)
    reading = by_two(held, by_hand)
    assert measures.leak(reading, "forward") == (1, 0)
    assert measures.leak(reading, "both") == (0, 0)
    assert measures.leak(reading, "backward") == (1, 0.5)
    assert measures.sums(reading) == (4, 0)
    leaking = held.copy()
    leaking[1, 0] = (0.5, 0.25, 0)
    assert measures.leak(by_two(leaking, by_hand), "forward") == (1, 0.25)
    assert measures.sums(by_two(leaking, by_hand)) == (4, 0.25)


def test_the_ends_rows_are_means_over_the_heads(by_hand) -> None:
    padding = [0, 0, 0]
    heads = [[[1, 0, 0], [0.5, 0.5, 0], padding], [[0, 1, 0], [1, 0, 0], padding]]
    one = by_two(np.array(heads, np.float32), by_hand)
    other = by_two(np.array([[[1, 0, 0], [0, 1, 0], padding]] * 2, np.float32), by_hand)
    found = measures.rows(one, other, 1)
    assert found.tolist() == [[0.5, 0.5], [1, 0], [0.75, 0.25], [0, 1]]


def test_what_two_texts_share_in_front_cannot_tell_them_apart(embedded: object) -> None:
    plain = read(DEFAULT, START, attention="none")
    forward = read(DEFAULT, START, attention="none", edit=masks.MASKS["forward"])
    shared = measures.in_common(plain.encoding, "forward")
    np.testing.assert_allclose(forward.hidden_states[:, 0, :shared], forward.hidden_states[:, 1, :shared], **NEAR)
    assert measures.largest(forward.cls) <= ROUNDING
    found = measures.by_position(forward)
    assert (found[:shared] < 1e-8).all()
    assert (found[shared:] > 0.01).all()
    assert measures.by_position(plain)[0] > 0.01
    assert measures.at_places(forward)["last"] > 0.01
    same_length = ("A good film.", "One bad film.")
    backward = read(DEFAULT, same_length, attention="none", edit=masks.MASKS["backward"])
    np.testing.assert_allclose(backward.hidden_states[:, 0, -3:], backward.hidden_states[:, 1, -3:], **NEAR)


def test_long_texts_are_narrowed() -> None:
    values = np.tile(np.linspace(0, 1, 60) / 30, (4, 1))
    narrow, names = measures.narrowed(values, [f"t{k}" for k in range(60)])
    assert narrow.shape == (4, len(names))
    assert len(names) <= measures.MOST_COLUMNS
    np.testing.assert_allclose(narrow.sum(axis=1), values.sum(axis=1), rtol=1e-5)
    assert names[0] == "0 t0"
    assert names[-1] == "59 t59"
    assert any(name.endswith(" more") for name in names)


# What is said


def test_masks_are_said(embedded: object) -> None:
    encoding = read(DEFAULT, ["The film was good."], attention="none").encoding
    forward = said.mask("forward", encoding, 0, MODEL, None)
    assert "may attend to **1 of 7** tokens; the last token, \\[SEP\\], to **7 of 7**." in forward
    backward = said.mask("backward", encoding, 0, MODEL, None)
    assert "**7 of 7** tokens; the last token, \\[SEP\\], to **1 of 7**" in backward
    assert "each of 7 tokens may attend to all **7**" in said.mask("both", encoding, 0, MODEL, None)


def test_a_window_is_said_wherever_all_is(tiny: Mapping[str, Checkpoint], by_hand: Make) -> None:
    model = tiny["tiny-modernbert"]
    reading = read(model.slug, ["the cat sat on the film", "a b"], attention="cls")
    tokens, short = (int(length) for length in reading.encoding.lengths)
    narrow = window(shares(reading, 0, "attends_to"))
    assert narrow is not None, "its last tokens lie beyond the window"
    local = [number for number, each in enumerate(narrow.layers, 1) if each]
    assert local == [2]
    both = said.mask("both", reading.encoding, 0, model, narrow)
    assert f"each of {tokens} tokens may attend to all **{tokens}** in layer" in both
    assert f"In layer 2 of this model a token may attend only to itself and {WINDOW} neighbours to either side." in both
    assert "as well as" not in both
    assert f"{WINDOW} neighbours" in said.mask("forward", reading.encoding, 0, model, narrow)
    same = by_hand(np.ones((2, 2, 3, 2)), [[1, 1, 1]] * 2)
    assert (
        "may attend to all **3** in layer 1, wherever it stands"
        in said.verdict(same, 1.0, same.encoding, 0, Window((False, True), 2, 1))[1]
    )
    assert (
        "no token may attend to all **3** in any layer"
        in said.verdict(same, 1.0, same.encoding, 0, Window((True, True), 2, 1))[1]
    )
    assert window(shares(reading, 1, "attends_to")) is None, f"{short} tokens lie within it"


def test_exactly_0_is_said_only_of_the_same_vectors(by_hand) -> None:
    states = np.ones((1, 2, 3, 2))
    ends = (0.5, 0.3)

    def told(way: measures.Way) -> str:
        reading = by_hand(states, [[1, 1, 1]] * 2)
        return said.positions(np.array([0.2, 0.5]), measures.by_position(reading), ends, way, reading)

    assert "differ (1 − cosine) at :orange[\\[CLS\\]] by **0, exactly** (both ways 0.20)" in told("forward")
    assert "They begin with the same 3 tokens" in told("forward")
    assert "They are equally long and end with the same 3 tokens" in told("backward")
    assert "both ways" not in told("both")
    states[-1, 1, 0, 0] += 1e-6
    assert "10⁻¹³, which is rounding** (both ways 0.20)" in told("forward")
    states[-1, 1, 0, 0] += 1e-2
    assert "by **< 0.01** (both ways 0.20)" in told("forward")


def test_the_blind_places_are_named() -> None:
    def told(**places: float) -> str:
        return said.taken({"forward": places}, "forward", MODEL)

    blind = told(first=0, last=0.5, mean=0.4)
    assert ":orange[\\[CLS\\]] **0**, the last token **0.50**, the mean of all tokens **0.40**" in blind
    assert "So :orange[\\[CLS\\]] cannot tell the texts apart; the last token and the mean of all tokens can." in blind
    assert "cannot tell the texts apart" in told(first=1e-14, last=0.5, mean=0.4), "that is rounding"
    assert "can hardly tell the texts apart" in told(first=0.001, last=0.5, mean=0.4)
    assert "Each of them can" in told(first=0.1, last=0.5, mean=0.4)
    assert "the texts are nearly the same" in told(first=0, last=0.001, mean=0)


def test_the_verdict_follows_the_numbers(by_hand) -> None:
    states = np.ones((2, 2, 3, 2))
    same = by_hand(states, [[1, 1, 1]] * 2)
    kind, because = said.verdict(same, 1.0, same.encoding, 0, None)
    assert kind == "fails"
    assert "attend to 1 of 3" in because
    assert "**0, exactly**" in because
    states[-1, 1, 0, 0] += 1e-6
    assert "exactly" not in said.verdict(by_hand(states, [[1, 1, 1]] * 2), 1.0, same.encoding, 0, None)[1]
    states[-1, 1, 0, 0] += 1
    assert said.verdict(by_hand(states, [[1, 1, 1]] * 2), 1.0, same.encoding, 0, None)[0] == "holds"
    assert said.verdict(same, 0.0, same.encoding, 0, None)[0] == "cannot tell"


@pytest.mark.parametrize(
    ("plain", "forward", "right"),
    [
        (((1, 0), (0, 1)), ((1, 1), (1, 1)), said.ANSWERS[1]),
        (((1, 0), (0, 1)), ((1, 1), (1, 1.00001)), said.ANSWERS[1]),  # rounding
        (((1, 0), (0, 1)), ((1, 0), (0.6, 0.8)), said.ANSWERS[0]),  # 0.4 of 1
        (((1, 0), (0, 1)), ((1, 0), (0.2, 0.96**0.5)), said.ANSWERS[0]),  # 0.8 of 1
        (((1, 0), (0, 1)), ((1, 0), (0.05, 0.9975**0.5)), said.ANSWERS[2]),  # 0.95 of 1
        (((1, 0), (0, 1)), ((1, 0), (-1, 0)), said.ANSWERS[2]),
        (((1, 0), (1, 0)), ((1, 0), (1, 0)), ()),  # the texts do not differ both ways either
    ],
)
def test_the_prediction_is_answered_by_the_masked_vectors(
    by_hand: Make, plain: tuple[tuple[float, float], ...], forward: tuple[tuple[float, float], ...], right: str
) -> None:
    def reading(vectors: tuple[tuple[float, float], ...]) -> Reading:
        states = np.ones((2, 2, 3, 2))
        states[-1, :, 0] = vectors
        return by_hand(states, [[1, 1, 1]] * 2)

    assert said.guessed(reading(plain), reading(forward)) == right
    told = said.because(reading(plain), reading(forward))
    assert ("Another text" in told) == (right == ())
    assert ("**0, exactly**" in told) == (forward[0] == forward[1] and right != ())


def test_titles_say_which_end_is_empty(by_hand: Make) -> None:
    states = np.ones((2, 2, 3, 2))
    states[-1, 1] = 5 * np.eye(3, 2) + 1  # nothing is the same
    states[-1, 1, 2] = 3
    title = said.parted_headline("both", by_hand(states, [[1, 1, 1]] * 2))
    assert title == "Both ways, :orange[\\[CLS\\]] tells the texts apart"
    states[-1, 1, 0] = 1
    title = said.parted_headline("forward", by_hand(states, [[1] * 3] * 2))
    assert title.startswith("Left to right, :orange[\\[CLS\\]] is the same")
    states[-1, 1] = states[-1, 1, ::-1].copy()
    assert "the last token is the same" in said.parted_headline("backward", by_hand(states, [[1, 1, 1]] * 2))
    assert said.taken_headline({"first": 0, "last": 0.5, "mean": 0.4}, MODEL) == (
        "The last token and the mean tell these texts apart, the rest cannot"
    )
    assert said.taken_headline({"first": 0, "last": 0, "mean": 0}, MODEL).startswith("None")
    assert said.taken_headline({"first": 0.2, "last": 0.5, "mean": 0.4}, MODEL).startswith("All three")
    assert "itself alone" in said.rows_headline(np.array([[0.5, 0.5], [1, 0], [0, 1], [0, 1]]), 3, MODEL)
    assert "others with 25%" in said.rows_headline(np.array([[0.5, 0.5], [0.75, 0.25], [0, 1], [0, 1]]), 3, MODEL)


def test_what_is_kept_follows_the_verdict() -> None:
    assert "costs :orange" in said.keep("fails", MODEL)
    assert "costs :orange" in said.keep("cannot tell", MODEL)
    assert "did not empty it" in said.keep("holds", MODEL)


def test_broken_pictures_say_so(embedded: object) -> None:
    plain = read(DEFAULT, START[:1])
    both = read(DEFAULT, START, attention="none")
    assert [holds for *_, holds in said.proofs(plain, "forward", both)] == [False, True, False]
    assert len(said.proofs(plain, "both", both)) == 2
    assert len(said.proofs(None, "forward", both)) == 1


# Pictures


def test_a_mask_is_drawn_cell_by_cell() -> None:
    colours = palette("light")
    figure = figures.mask(measures.allowed("forward", 3), ["[CLS]", "<b>a", "[SEP]"], colours)
    grid, crosses, *legend = figure.data
    assert grid.z.tolist() == [[2, 0, 0], [1, 1, 0], [1, 1, 1]]
    assert [list(crosses.x), list(crosses.y)] == [[1, 2, 2], [0, 0, 1]]
    assert grid.text[1][0] == "1 &lt;b&gt;a may attend to 0 [CLS]"
    assert [trace.name for trace in legend] == ["[CLS] may attend to", "others may", "× forbidden"]
    assert [note.text for note in figure.layout.annotations] == ["1", "2", "3", "tokens, of 3"]
    long = figures.mask(measures.allowed("forward", 99), ["t"] * 99, colours)
    assert [trace.type for trace in long.data] == ["heatmap", *["scatter"] * 3], "no cross and no name for each"


def test_the_first_token_is_a_square_at_position_0() -> None:
    colours = palette("dark")
    figure = figures.by_position(np.array([0.3, 0.5]), np.array([0, 0.6]), (0.4, 0.7), "[SEP]", colours)
    lines, ends = figure.data[:2], figure.data[2:]
    assert [line.line.dash for line in lines] == ["dot", "solid"]
    assert [(mark.x[0], mark.y[0], mark.marker.symbol) for mark in ends] == [
        (0, 0.3, "square"),
        (2.9, 0.4, "circle"),
        (0, 0, "square"),
        (2.9, 0.7, "circle"),
    ]
    assert ends[2].marker.color == colours.cls
    assert ends[0].marker.color == colours.page, "marks of both ways are hollow"


def test_rows_write_their_shares_and_cross_out_zeros() -> None:
    figure = figures.rows(np.array([[0.04, 0.96], [1, 0]]), ["a", "b"], ["0 x", "1 y"], palette("light"))
    assert [list(line) for line in figure.data[0].text] == [["", ""], ["", "96"], ["", ""], ["100", "×"]]
    np.testing.assert_allclose(figure.data[0].z[1::2], [[0.2, 0.96**0.5], [1, 0]], rtol=1e-6)


def test_places_are_marked_by_role() -> None:
    colours = palette("light")
    marks = [figures.Mark("first", "cls", [0.2, 0]), figures.Mark("last", "sep", [0.3, 0.4])]
    figure = figures.taken(marks, ["both", "forward"], 1, colours)
    drawn = {trace.name: trace for trace in figure.data if trace.name}
    assert drawn["first"].marker.color == colours.cls
    assert list(drawn["last"].x) == [0.3, 0.4]
    assert [note.text for note in figure.layout.annotations] == ["0.20", "0.30", "0", "0.40"]
    assert list(figure.layout.yaxis.ticktext) == ["both", "<b>forward</b>"]


def test_each_picture_draws_the_mask_that_is_on(by_hand: Make) -> None:
    states = np.zeros((1, 2, 3, 2))
    states[-1, :, 0] = (1, 0)
    states[-1, :, 1] = [(1, 0), (0, 1)]
    states[-1, :, 2] = [(1, 0), (-1, 0)]
    one = by_hand(states, [[1, 1, 1]] * 2)
    other = by_hand(states[:, :, ::-1], [[1, 1, 1]] * 2)
    masked = {"both": one, "forward": other, "backward": one}
    tokens = len(one.encoding.row(0))
    for way, seen in (("forward", [1, 2, 3]), ("backward", [3, 2, 1])):
        mask = exhibits.mask(way, one.encoding, 0, MODEL, None)
        assert drawn.strays(mask) == []
        assert (mask.picture(palette("light")).data[0].z > 0).sum(axis=1).tolist() == seen
        table = dict(mask.table())
        assert table["can be reached by"].tolist() == seen
        last = {"forward": [0, 0, 1], "backward": [1, 1, 1]}[way]  # the last position, from each token
        assert table["position 2"].tolist() == last
        assert f"**{seen[0]} of {tokens}**" in mask.sentence
    parted = exhibits.positions(one, masked, "forward")
    assert drawn.strays(parted) == drawn.astray(parted) == []
    assert "the last token is the same vector" in parted.headline, "under the mask that is on"
    assert "is the same vector" in exhibits.positions(one, masked, "both").headline
    assert parted.table()["both ways"] == pytest.approx([0, 1, 2])
    assert parted.table()["under this mask"] == pytest.approx([2, 1, 0])
    dotted, solid = parted.picture(palette("light")).data[:2]
    assert (list(dotted.y), list(solid.y)) == (pytest.approx([0, 1, 2]), pytest.approx([2, 1, 0]))
    assert list(parted.totals.values()) == pytest.approx([2, 0])
    apart = {way: measures.at_places(each) for way, each in masked.items()}
    taken = exhibits.taken(apart, "forward", MODEL)
    assert drawn.strays(taken) == []
    assert taken.headline != exhibits.taken(apart, "both", MODEL).headline
    names = list(taken.picture(palette("light")).layout.yaxis.ticktext)
    assert [name.removeprefix("<b>").removesuffix("</b>") for name in names] == list(dict(taken.table())["mask"])
    assert [name for name in names if "<b>" in name] == [f"<b>{said.NAMES['forward']}</b>"]
    assert dict(taken.table())["first token, [CLS]"] == pytest.approx([0, 2, 0])
    assert dict(taken.table())["last token, [SEP]"] == pytest.approx([2, 0, 2])
    assert "the last token **0**" in taken.sentence or "the last token **< 0.01**" in taken.sentence


def test_the_rows_of_both_ends_are_untouched_and_masked_in_turn(by_hand: Make) -> None:
    padding = [0, 0, 0]
    plain = by_two(np.array([[[0.25, 0.75, 0], [0.5, 0.5, 0], padding]] * 2, np.float32), by_hand)
    masked = by_two(np.array([[[1, 0, 0], [0.125, 0.875, 0], padding]] * 2, np.float32), by_hand)
    rows = exhibits.rows(plain, masked, 1, "forward")
    assert drawn.strays(rows) == []
    values = [column.tolist() for head, column in rows.table() if head != "token"]
    assert values == [[0.25, 0.75], [1, 0], [0.5, 0.5], [0.125, 0.875]]
    assert list(rows.totals.values()) == [0.75, 0, 0.5, 0.125]
    assert "gave 75% of its attention to others and now gives **nothing**" in rows.sentence


# The page


def page(**controls: str) -> AppTest:
    return reached("direction", **{"direction_guess": "2", "open": "1", **controls}).run()


def words(app: AppTest) -> str:
    assert not app.exception, [each.message for each in app.exception]
    return "\n".join(each.value for each in app.markdown)


def test_the_page_opens_with_the_triangle(embedded: object) -> None:
    app = page()
    names = ("mask", "parted", "rows", "taken")
    for name in names:
        app.session_state[f"drawer_{name}"] = True
    said_ = words(app.run())
    assert ":orange[\\[CLS\\]] may attend to **1 of 16** tokens" in said_
    assert re.search(NOTHING, said_)
    assert "now gives **nothing**" in said_
    assert "● You were right.** You said: *Nothing, it is the same in every text*" in said_
    assert "**○ Does not hold**" in said_
    assert "○ **Broken" not in said_
    assert len(app.dataframe) == len(names)
    assert app.dataframe[3].value["first token, [CLS]"].tolist()[1] == pytest.approx(0, abs=1e-8)


def test_a_link_chooses_mask_layer_and_text(embedded: object) -> None:
    app = page(direction_mask="backward", direction_layer="2", direction_text="4")
    said_ = words(app)
    assert "Right to left, :orange[\\[CLS\\]] may attend to all tokens" in [each.value for each in app.header]
    assert "In layer 2 (mean of the heads)" in said_
    assert "**10 of 10** tokens" in said_


def test_of_a_long_text_the_rows_are_left_out(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masks, "LONGEST", 10)
    app = page()
    assert "mean of the heads" not in words(app)
    assert "shown of texts of up to 10 tokens" in words(app)


@pytest.mark.parametrize("example", EXAMPLES["direction"], ids=lambda example: example.key)
def test_its_examples_work(example, embedded: object) -> None:
    app = page()
    app.session_state[choices.TEXT] = "\n".join(example.texts)
    app.run()
    assert re.search(NOTHING, words(app))
    tokens = read(DEFAULT, example.texts, attention="none").encoding
    if example.key == "same_start":
        assert measures.in_common(tokens, "forward") > 4
    if example.key == "same_end":
        assert measures.in_common(tokens, "backward") > 4
