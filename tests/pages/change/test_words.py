"""A text changed word by word: the changes themselves, the distance they are measured in, and what is said."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from lib.app import choices
from lib.cached import references
from lib.checkpoints import CHECKPOINTS, DEFAULT
from lib.edits import Edit, Move, Remove, Replace, edit
from lib.measures.tokens import words
from lib.measures.vectors import Floor
from lib.model import read
from lib.pooling import POOLINGS
from pages.change.words import controls, exhibits
from pages.change.words import measures as wording
from pages.change.words import words as said
from tests import exhibits as drawn
from tests.conftest import Make
from tests.test_pages import assert_kind, keyed, visit

TEXT = "An unbelievably good film: I forgot."


@pytest.fixture(scope="module")
def encoding(embedded: object) -> object:
    return read(DEFAULT, [TEXT], attention="none").encoding


def test_marks_are_no_words(encoding) -> None:
    assert [word.letters for word in wording.spoken(words(encoding, 0))] == [
        "An",
        "unbelievably",
        "good",
        "film",
        "I",
        "forgot",
    ]


def test_a_word_is_changed_with_all_its_pieces(encoding) -> None:
    word = wording.spoken(words(encoding, 0))[1]
    assert (word.start, word.stop) == (2, 7)
    assert wording.left_out(word) == edit(*(Remove(place) for place in range(2, 7)))
    assert wording.masked(word, "[MASK]") == edit(*(Replace(place, "[MASK]") for place in range(2, 7)))
    assert wording.replaced(word, "very") == edit(Replace(2, "very"), Remove(3), Remove(4), Remove(5), Remove(6))
    kept = read(DEFAULT, [TEXT], attention="none", edit=wording.replaced(word, "very")).encoding
    assert kept.row(0) == ("[CLS]", "an", "very", "good", "film", ":", "i", "forgot", ".", "[SEP]")


@pytest.mark.parametrize("seed", range(4))
def test_another_order_keeps_words_whole_and_the_separator_last(encoding, seed: int) -> None:
    order = wording.shuffled(words(encoding, 0), int(encoding.lengths[0]) - 1, seed)
    assert all(isinstance(change, Move) for change in order.changes)
    moved = read(DEFAULT, [TEXT], attention="none", edit=order).encoding
    assert sorted(moved.row(0)) == sorted(encoding.row(0))
    assert moved.row(0) != encoding.row(0)
    assert (moved.row(0)[0], moved.row(0)[-1]) == ("[CLS]", "[SEP]")
    whole = " ".join(moved.row(0))
    assert "un ##bel ##ie ##va ##bly" in whole
    assert "film :" in whole, "a mark goes with its word"
    assert "an un" not in whole, "no two neighbours keep their order"
    assert order == wording.shuffled(words(encoding, 0), int(encoding.lengths[0]) - 1, seed)


def test_one_word_has_one_order(embedded: object) -> None:
    one = read(DEFAULT, ["Good."], attention="none").encoding
    assert wording.shuffled(words(one, 0), 3, 0) == Edit()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("It was good.", "It was not good."),
        ("It was not good.", "It was good."),
        ("I can't say.", "I can say."),
        ("They won’t come, she didn't.", "They will come, she didn't."),
        ("Not now.", "now."),
        ("You WILL see", "You WILL not see"),
        ("The art of war.", None),
        ("Notable isle.", None),
        ("", None),
    ],
)
def test_a_text_is_negated_where_it_can_be(text: str, other: str | None) -> None:
    assert wording.negated(text) == other


def test_distance_by_hand() -> None:
    one, others = np.array([1.0, 0.0]), np.array([[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0], [0.6, 0.8]])
    floor = Floor(mean=0.5, low=0.0, high=1.0, pairs=1)
    np.testing.assert_allclose(wording.distance(one, others, floor), [0, 2, 4, 0.8])
    assert np.isnan(wording.distance(one, others, Floor(mean=1.0, low=1.0, high=1.0, pairs=1))).all()


def test_the_mean_of_looked_up_vectors_knows_no_order(encoding) -> None:
    from lib.model.embeddings import parts

    ids = encoding.input_ids[0]
    vectors = parts(DEFAULT, ids).parts[0].vectors
    moved = read(DEFAULT, [TEXT], attention="none", edit=edit(Move(3, 1), Move(5, 2))).encoding
    assert wording.raw_difference(vectors, ids.tolist(), moved, 0) < 1e-6
    gone = read(DEFAULT, [TEXT], attention="none", edit=edit(Remove(3))).encoding
    assert wording.raw_difference(vectors, ids.tolist(), gone, 0) > 1e-3


def test_no_more_is_said_to_be_left_out_than_is() -> None:
    def told(words: int, left: int) -> str:
        return said.one_less(SimpleNamespace(words=("a",) * words, left=left))

    assert told(3, 0) == "Each word of the first text is left out once, and the model gets the rest."
    assert told(23, 247).startswith("Each of the first 23 words of the first text is left out once,")


@pytest.mark.parametrize("moved", [0.0, 0.3])
def test_that_a_mean_knows_the_order_is_no_more_than_possible(moved: float) -> None:
    tried = SimpleNamespace(kinds=("shuffled",), raw=np.zeros(1), moved=lambda key, kind, floor: np.array([moved]))
    floor = Floor(0.1, 0.0, 0.2, 10)
    kind, why = said.order(tried, {"cls": floor, "mean": floor}, CHECKPOINTS[DEFAULT])
    assert kind == "fails"
    assert why.endswith("so a mean of them can know the order, too.")


def test_a_change_that_no_vector_notices_has_no_most_and_least() -> None:
    same = np.ones((2, 3), np.float32)
    tried = wording.Tried((), ("other",), ("b",), (), {"cls": same, "mean": same}, np.empty(0), 0)
    floors = dict.fromkeys(tried.vectors, Floor(0.5, 0.0, 1.0, 10))
    told = said.most_and_least(tried, floors, CHECKPOINTS[DEFAULT])
    assert said.table_headline(tried, floors, CHECKPOINTS[DEFAULT]).startswith("To this model none of these changes")
    assert "none of these is a change: on average no vector moves by 0.005" in told
    assert "moves most" not in told


def test_each_picture_draws_the_first_token_and_the_mean_under_their_own_names(by_hand: Make) -> None:
    vectors = {
        "cls": np.array([[1, 0], [0, 1], [1, 0], [-1, 0]], np.float32),
        "mean": np.array([[1, 0], [1, 0], [0.6, 0.8], [0, 1]], np.float32),
    }
    kinds: tuple[wording.Kind, ...] = ("left_out", "left_out", "shuffled")
    edits = (edit(Remove(1)), edit(Remove(2)), edit(Move(1, 3)))
    tried = wording.Tried((), kinds, ("a", "b", "order 1"), edits, vectors, np.zeros(1), 0)
    floors, model = dict.fromkeys(vectors, Floor(0.5, 0.0, 1.0, 10)), CHECKPOINTS[DEFAULT]
    changes = exhibits.changes(tried, floors, model)
    table = dict(changes.table())
    at = [POOLINGS[key].name(model) for key in ("cls", "mean")]
    lines = {name: k for k, name in enumerate(table["vector"])}
    assert [table["mean, word out"][lines[name]] for name in at] == pytest.approx([1, 0.4])
    assert [table["most, word out"][lines[name]] for name in at] == pytest.approx([2, 0.8])
    assert [table["mean, other order"][lines[name]] for name in at] == pytest.approx([4, 2])
    assert "without one word, **1.00** and **0.40**; in another order, **4.00** and **2.00**" in changes.sentence
    assert changes.headline == ":orange[\\[CLS\\]] moves farther than the mean under every change"
    one_less = exhibits.left_out(tried, floors, model)
    assert one_less.table()[model.first_token].tolist() == pytest.approx([2, 0])
    assert one_less.table()[exhibits.MEAN].tolist() == pytest.approx([0, 0.8])
    assert one_less.headline.endswith("moves farthest without “a”")
    assert wording.example(tried, floors["cls"]) == edits[0], "without the first word it moves farthest"
    assert wording.farthest(tried, floors["cls"]) == 0
    assert wording.farthest(tried, floors["cls"]) == one_less.table()[model.first_token].argmax()
    states = np.ones((2, 1, 3, 2))
    states[0] = (1, 0)
    moved = states.copy()
    moved[1, 0, 0] = (1, -1)
    layers = exhibits.layers(by_hand(states, [[1, 1, 1]]), by_hand(moved, [[1, 1, 1]]), edits[0])
    assert layers.table()[model.first_token].tolist() == pytest.approx([1, 0], abs=1e-6)
    assert layers.table()[exhibits.MEAN].tolist() == pytest.approx([1, 2 / 5**0.5], abs=1e-6)
    assert layers.headline.endswith("notices the change in layer 1")
    drawn.check([changes, one_less, layers])


# The prediction


@pytest.mark.parametrize(
    ("first", "mean", "right"),
    [
        (0.07, 0.25, 1),
        (0.25, 0.07, 0),
        (0.2, 0.2, 2),
        (0.25, 0.2, 2),  # 1.25 times as far is not more than that
        (0.26, 0.2, 0),
        (0.2, 0.26, 1),
        (0.0, 0.0, 2),
        (float("nan"), 0.2, None),
        (0.2, float("nan"), None),
    ],
)
def test_the_prediction_is_answered_by_both_distances(first: float, mean: float, right: int | None) -> None:
    model = CHECKPOINTS[DEFAULT]
    assert said.guessed(first, mean, model) == (() if right is None else said.answers(model)[right])
    assert "nan" not in said.because(first, mean, model)


def test_in_the_embedded_model_a_not_moves_the_mean_farther(embedded: object) -> None:
    floors = references.take(CHECKPOINTS[DEFAULT], 6).floors
    first, mean = controls.negation(said.EXAMPLE, str(wording.negated(said.EXAMPLE)), floors)
    assert first == pytest.approx(0.07, abs=0.005)
    assert mean == pytest.approx(0.25, abs=0.005)


def test_the_question_is_of_a_text_that_has_a_verb(embedded: object) -> None:
    app = visit({}, "words")
    app.session_state["words_guess"] = None
    app.session_state[choices.TEXT] = "Two hours flew by."
    app.run()
    assert "In our example, which vector puts “This film is good" in app.radio[0].label
    app.session_state[choices.TEXT] = "The soup was cold."
    app.run()
    assert app.radio[0].label.startswith("Which vector puts “The soup was cold\\.” and “The soup was not cold")
    app.radio[0].set_value("2").run()
    assert_kind(app)
    (answer,) = keyed(app, "reveal_words")
    assert "You were right" in str(next(iter(answer.children.values())).value)
    app.session_state[choices.TEXT] = "The tea was hot."
    app.run()
    (answer,) = keyed(app, "reveal_words")
    assert "You said" not in str(next(iter(answer.children.values())).value), "it answered another question"


def test_the_menu_names_the_word_that_the_picture_leaves_out(embedded: object) -> None:
    app = visit({}, "words")
    app.session_state[choices.TEXT] = "The soup was unbelievably cold and nobody wanted it."
    app.run()
    assert_kind(app)
    (menu,) = [each for each in app.selectbox if each.label == "Word"]
    chosen = menu.options[menu.index].split(" ", 1)[1]
    assert f"“{chosen}” is taken out" in str(next(iter(keyed(app, "says_layers")[0].children.values())).value)
