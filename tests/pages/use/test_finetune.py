"""The page on training: pressed, watched, cancelled, looked back on, and its model read with elsewhere."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import escape
from lib.app import choices, work
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.figures import gradients as arriving
from lib.jobs import Job, Queue
from lib.measures.probe import Score
from lib.measures.vectors import Flags
from lib.model.finetune import finetune
from lib.quantities import palette
from lib.reading import Reading
from lib.store import Store
from lib.tuning import Moment, Recipe, Task, Tuned
from lib.words.classify import points
from pages.use.finetune import controls as page
from pages.use.finetune import exhibits
from pages.use.finetune import words as said
from pages.use.finetune.exhibits import Watched
from pages.use.finetune.measures import Frozen, apart, ground, trained_probabilities
from tests import exhibits as checks
from tests.conftest import PATIENCE
from tests.lib.model.test_finetune import TASK, recipe
from tests.test_first_sight import STEP, on_screen
from tests.test_pages import assert_kind, keyed, pictures, visit, words

QUICK = {"finetune_epochs": 1, "finetune_texts": 50, "finetune_rate": 1e-3}


def opened(**controls: object) -> AppTest:
    app = visit({}, "finetune")
    for key, value in {**QUICK, **controls}.items():
        app.session_state[key] = value
    return app.run()


def trained(app: AppTest) -> AppTest:
    app.button("work_finetune_start").click().run()
    return waited(app)


def waited(app: AppTest) -> AppTest:
    end = time.monotonic() + PATIENCE
    while any(button.key == "work_finetune_cancel" for button in app.button):
        assert time.monotonic() < end, "it did not come to an end"
        time.sleep(0.1)
        app.run()
    return app


@pytest.fixture(scope="module")
def done(embedded: object) -> AppTest:
    """A visit in which a short training has been done."""
    return trained(opened())


# On the page


def test_a_training_that_is_done_is_light_at_first_sight(embedded: object) -> None:
    app = visit({}, "finetune")
    for key, value in {**QUICK, choices.OPEN: False, "finetune_guess": "1"}.items():
        app.session_state[key] = value
    trained(app.run())
    assert keyed(app, "reveal_")
    assert on_screen(app) <= STEP


def test_it_says_what_it_will_do_and_how_long_it_takes(embedded: object) -> None:
    app = opened()
    assert_kind(app)
    assert "Learned from: 50 texts, in 3 steps. Tested on: 100 held-out texts" in words(app)
    assert "The opposites of a pair are never split" in words(app)
    assert app.button("work_finetune_start").label.startswith("Train, about ")
    assert pictures(app), "where the loss comes in is there before anything is trained"
    assert keyed(app, "way_on"), "and so is the way on"
    assert not keyed(app, "verdict_")


def test_its_time_is_measured_anew_now_and_then(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(page, "_measured", Store(1 << 10))
    monkeypatch.setattr(page, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr("lib.model.finetune.seconds", lambda recipe, task: 20.0)
    app = opened()
    assert app.button("work_finetune_start").label == "Train, about 20 seconds"
    monkeypatch.setattr("lib.model.finetune.seconds", lambda recipe, task: 30.0)
    assert app.run().button("work_finetune_start").label == "Train, about 20 seconds"
    clock[0] = page.TRUSTED + 1
    assert app.run().button("work_finetune_start").label == "Train, about 30 seconds", "what is old is measured anew"


@pytest.mark.parametrize(
    ("right", "first", "mean", "answers"),
    [
        (60, 65, 76, said.ANSWERS[:1]),
        (65, 65, 76, said.ANSWERS[:1]),
        (66, 65, 76, said.ANSWERS[1:2]),
        (75, 65, 76, said.ANSWERS[1:2]),
        (76, 65, 76, said.ANSWERS[2:]),
        (90, 65, 76, said.ANSWERS[2:]),
        (70, 70, 65, (said.ANSWERS[0], said.ANSWERS[2])),
    ],
)
def test_a_prediction_is_right_at_its_edges(right: int, first: int, mean: int, answers: tuple[str, ...]) -> None:
    """Right, of 100 texts: after the training, and before it by the first token and by the mean."""
    untrained = (first > GROUPS, mean > GROUPS)
    rights, because = said.revealed(told((0.7, 50), (0.6, right)), untrained, GROUPS, CHECKPOINTS[DEFAULT])
    assert rights == answers
    assert f"**{right}%**" in because
    few, because = said.revealed(told((0.7, 50), (0.6, right)), untrained, GROUPS // 4, CHECKPOINTS[DEFAULT])
    assert few == ()
    assert "too few" in because


def test_the_question_has_the_numbers_that_are_to_be_beaten() -> None:
    asked = escape.plain(said.question((GROUPS < 61, GROUPS < 70), Recipe(DEFAULT), CHECKPOINTS[DEFAULT]))
    assert "is right on 61% of" in asked
    assert "on the mean 70%" in asked
    assert "train the last layer through [CLS]" in asked


def test_a_map_grows_by_doubling_alone() -> None:
    places = [np.array([[1.0, 2.0], [-1, 1]]), np.array([[1.5, 2.0], [0, 0]]), np.array([[5.0, 2.1], [0, 0]])]
    np.testing.assert_allclose(exhibits.steady(places[:1]), [1.07, 2.14])
    np.testing.assert_allclose(exhibits.steady(places[:2]), [2.14, 2.14])
    np.testing.assert_allclose(exhibits.steady(places), [8.56, 4.28])
    np.testing.assert_array_equal(exhibits.steady([np.zeros((2, 2))] * 2), [0, 0])


def test_what_was_begun_is_not_called_too_long(done: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "_time", lambda picked: 2 * page.MOST_SECONDS)
    assert "After 3 of 3 steps" in words(done.run())


def test_what_it_shows_when_it_is_done(done: AppTest) -> None:
    assert_kind(done)
    text = words(done)
    assert "After 3 of 3 steps the classifier on" in text
    assert "lay between the classes before" in text
    assert "Layers 1 to 5 are as they were" in text
    assert keyed(done, "verdict_finetune")
    assert len(pictures(done)) == 6
    assert "Broken" not in text


def test_its_slider_goes_back_to_before(done: AppTest) -> None:
    slider = next(each for each in done.select_slider if each.key == "finetune_moment")
    slider.set_value(0).run()
    assert_kind(done)
    assert "After 0 of 3 steps" in words(done)
    assert "Before the first step" in words(done)
    slider = next(each for each in done.select_slider if each.key == "finetune_moment")
    slider.set_value(3).run()


def test_it_labels_the_visitors_own_texts(done: AppTest) -> None:
    table = next(block for block in keyed(done, "lines_words_finetune_own"))
    rows = str(table.children[0].value).splitlines()[2:]
    assert len(rows) == len(choices.lines(done.session_state[choices.TEXT]))
    assert all(row.count("%") == 2 for row in rows)


def test_the_same_again_is_there_at_once(done: AppTest) -> None:
    app = opened()
    app.button("work_finetune_start").click().run()
    assert not any(button.key == "work_finetune_cancel" for button in app.button)
    assert "After 3 of 3 steps" in words(app)


def test_a_second_training_stands_beside_the_first(done: AppTest) -> None:
    done.session_state["finetune_through"] = "mean"
    done.run()
    assert any(button.key == "work_finetune_start" for button in done.button), "another one is asked for"
    trained(done)
    table = str(keyed(done, "lines_words_runs")[0].children[0].value)
    assert len(table.splitlines()) == 2 + 2
    done.session_state["finetune_through"] = "cls"
    done.run()


def test_other_pages_read_with_it(done: AppTest) -> None:
    app = trained(opened())
    app.button("finetune_read").click().run()
    slug = app.session_state[choices.MODEL]
    assert slug.startswith("tuned:")
    assert_kind(app)
    assert "After 3 of 3 steps" in words(app), "what was watched stays"
    assert "begins anew" in words(app)
    app.switch_page("pages/look/journey/page.py").run()
    assert_kind(app)
    assert pictures(app)
    assert app.session_state[choices.MODEL] == slug


def test_it_stands_beside_the_original(embedded: object) -> None:
    app = trained(opened())
    app.button("finetune_attention").click().run()
    assert_kind(app)
    assert app.session_state[choices._KEPT][choices.BESIDE] == "models"
    assert app.session_state[choices._KEPT][choices.SECOND].startswith("tuned:")
    assert "tuned on Good or bad" in words(app)


def test_it_can_be_cancelled(embedded: object) -> None:
    app = opened(finetune_epochs=8, finetune_texts=300, finetune_top=6)
    app.button("work_finetune_start").click().run()
    app.button("work_finetune_cancel").click().run()
    waited(app)
    assert_kind(app)
    assert "Stopped" in words(app)
    assert pictures(app)
    end = time.monotonic() + PATIENCE
    while len(work.QUEUE):
        assert time.monotonic() < end, "the work went on"
        time.sleep(0.01)


def test_what_would_take_too_long_is_not_begun(embedded: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pages.use.finetune import controls as page

    monkeypatch.setattr(page, "MOST_SECONDS", 0.001)
    app = opened()
    assert_kind(app)
    assert "Too long for one visitor" in words(app)
    assert not any(button.key == "work_finetune_start" for button in app.button)


# Ten visitors


def test_ten_visitors_wait_their_turn_and_nothing_is_left_behind(tiny: Mapping[str, Checkpoint]) -> None:
    queue, threads = Queue(workers=1, most=1 << 20), threading.active_count()
    running, most, all_asked = 0, 0, threading.Event()

    def wanted(seed: int) -> Callable[[Job[Tuned]], Tuned]:
        def work(job: Job[Tuned]) -> Tuned:
            nonlocal running, most
            running += 1
            most = max(most, running)
            assert all_asked.wait(PATIENCE)
            try:
                return finetune(
                    recipe("tiny-bert", seed=seed),
                    TASK,
                    tell=lambda *told: job.report(*told),
                    unwanted=lambda: job.unwanted,
                )
            finally:
                running -= 1

        return work

    jobs = [queue.submit(n // 2, f"visitor {n}", wanted(n // 2)) for n in range(10)]  # two of each want the same
    assert len({id(job) for job in jobs}) == 5
    assert [queue.place(job) for job in jobs] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    queue.leave("visitor 8")
    queue.leave("visitor 9")
    all_asked.set()
    end = time.monotonic() + PATIENCE
    while not all(job.over for job in jobs):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert [job.state for job in jobs] == ["done"] * 8 + ["cancelled"] * 2
    assert most == 1
    assert all(job.result.done for job in jobs[:8])
    left = weakref.ref(jobs[0])
    del jobs
    gc.collect()
    assert left() is None
    assert threading.active_count() <= threads + 1


# What it is held against


def test_the_ground_is_laid_by_the_texts_learned_from_alone() -> None:
    dice = np.random.default_rng(0)
    labels = np.array([0, 1] * 20)
    vectors = dice.normal(size=(40, 6)).astype(np.float32)
    vectors[:, 2] += 8 * labels
    learned, asked = np.arange(30), np.arange(30, 40)
    found = ground(vectors, labels, learned, asked)
    assert found.right.all()
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2), atol=1e-12)
    assert abs(found.axes[0, 2]) > 0.95
    places = found.places(vectors[asked])
    assert places[labels[asked] == 1, 0].min() > places[labels[asked] == 0, 0].max(), "the second class is at the right"
    other = vectors.copy()
    other[asked] = 100
    again = ground(other, labels, learned, asked)
    np.testing.assert_array_equal(again.axes, found.axes)
    np.testing.assert_array_equal(again.weights, found.weights)


def test_a_class_that_nobody_learned_from_is_never_said() -> None:
    dice = np.random.default_rng(1)
    labels = np.array([0, 1] * 10 + [2] * 4)
    vectors = dice.normal(size=(24, 5)).astype(np.float32)
    found = ground(vectors, labels, np.arange(20), np.arange(20, 24))
    assert not found.right.any()
    np.testing.assert_allclose(found.probabilities(vectors)[:, 2], 0, atol=1e-12)
    alone = ground(vectors, labels, np.array([0, 2, 4]), np.array([6, 7]))
    np.testing.assert_array_equal(alone.right, [True, False])


def test_how_far_classes_are_apart() -> None:
    labels = np.array([0, 0, 1, 1])
    assert apart(np.array([[0.0], [0.0], [1.0], [1.0]]), labels) == pytest.approx(1)
    assert apart(np.array([[0.0], [1.0], [0.0], [1.0]]), labels) == pytest.approx(0)
    assert apart(np.array([[0.0], [2.0], [3.0], [5.0]]), labels) == pytest.approx(9 / 13)
    assert apart(np.ones((4, 2)), labels) == 0


# Its words and pictures


GROUPS = np.arange(100)


def told(*moments: tuple[float, int], losses: float = -0.1) -> Tuned:
    """A training seen at these moments, ten steps apart: the loss of 100 texts kept back and how many are right.

    The loss of those learned from moves by ``losses`` from one moment to the next.
    """
    empty = np.empty((0, 0), np.float32)
    made = tuple(Moment(10 * k, loss, right > GROUPS, empty, empty, empty) for k, (loss, right) in enumerate(moments))
    steps = 10 * (len(moments) - 1)
    learning = 1 + losses * np.arange(steps) / 10
    return Tuned(Recipe(DEFAULT), np.arange(5), GROUPS, steps, learning, made, 0, {}, empty)


def frozen(first: tuple[int, int], mean: tuple[int, int]) -> tuple[Flags, Flags]:
    """What the frozen vectors tell right of 100 texts, where the trained one tells 60: so many others, and fewer."""
    found = []
    for more, less in (first, mean):
        right = GROUPS < 60
        right[60 : 60 + more], right[:less] = True, False
        found.append(right)
    return found[0], found[1]


@pytest.mark.parametrize(
    ("first", "mean", "kind", "reason"),
    [
        ((0, 20), (0, 20), "holds", "Both intervals are above 0."),
        ((0, 20), (5, 5), "in part", "the untrained [CLS], and not surely more often than the untrained mean."),
        (
            (5, 5),
            (0, 20),
            "in part",
            "more often than the untrained mean, and not surely more often than the untrained",
        ),
        ((0, 20), (20, 0), "in part", "and surely less often than the untrained mean"),
        ((20, 0), (5, 5), "fails", "right less often than the untrained [CLS]."),
        ((20, 0), (20, 0), "fails", "less often than the untrained [CLS] and the untrained mean."),
        ((5, 5), (20, 0), "fails", "right less often than the untrained mean."),
        ((5, 5), (5, 5), "cannot tell", "Both intervals hold 0"),
        ((0, 0), (0, 0), "cannot tell", "0 points (−3 to +3)"),
        ((0, 5), (0, 5), "cannot tell", "Both intervals hold 0"),  # 5 to none: one in 16 by chance
    ],
)
def test_a_training_is_held_against_each_frozen_vector(
    first: tuple[int, int], mean: tuple[int, int], kind: str, reason: str
) -> None:
    found, claim, why = said.verdict(told((0.7, 50), (0.6, 60)), frozen(first, mean), GROUPS, CHECKPOINTS[DEFAULT])
    assert found == kind
    assert reason in escape.plain(why)
    assert "the untrained [CLS] and the untrained mean are" in escape.plain(claim), "what was tried is named"
    assert "No other untrained vector was tried" in why


def test_copies_do_not_make_a_training_sure() -> None:
    given = (told((0.7, 50), (0.6, 60)), frozen((0, 20), (0, 20)))
    found, _, why = said.verdict(*given, GROUPS // 4, CHECKPOINTS[DEFAULT])
    assert found == "cannot tell"
    assert "Below 40 different texts" in why


@pytest.mark.parametrize(
    ("moments", "losses", "sentence"),
    [
        (((0.7, 50), (0.5, 60), (0.6, 60)), -0.1, "no fewer are right (60 then, 60 now). So only its probabilities"),
        (((0.7, 50), (0.5, 60), (0.6, 70)), -0.1, "no fewer are right (60 then, 70 now)"),
        (
            ((0.7, 50), (0.5, 60), (0.6, 59)),
            -0.1,
            "fewer are right (60 then, 59 now). On the texts that it learns from the loss fell meanwhile: it overfits.",
        ),
        (((0.7, 50), (0.5, 60), (0.6, 59)), 0.1, "did not fall either: its steps may be too large"),
        (((0.7, 50), (0.9, 40)), -0.1, "least after 0 steps (0.70) and is 0.90 now, and fewer are right"),
        (((0.7, 50), (0.5, 60), (0.54, 50)), -0.1, "The loss on the held-out texts: 0.70 at the start, 0.54 now."),
    ],
)
def test_what_a_risen_loss_means(moments: tuple[tuple[float, int], ...], losses: float, sentence: str) -> None:
    found = told(*moments, losses=losses)
    text = said.losses(found, len(moments) - 1)
    assert sentence in text
    assert "by heart" not in text


def test_others_compared_vectors_and_this_is_attention() -> None:
    for layers in ([5, 6], [1, 2]):
        moved = np.zeros(6)
        moved[np.array(layers) - 1] = 1
        text = said._most(moved)
        assert f"It moved most in layers {layers[0]} and {layers[1]}." in text
        assert "vectors before and after a training, not its attention" in text


def test_no_training_is_sure_to_work_beforehand() -> None:
    assert "until" not in said.answer(CHECKPOINTS[DEFAULT])
    assert "has to be measured" in said.answer(CHECKPOINTS[DEFAULT])


def test_it_says_what_the_loss_did_even_against_the_story(done: AppTest) -> None:
    model, wanted = CHECKPOINTS[DEFAULT], Recipe(DEFAULT)
    before = np.full((6, 3), 1 / 3, np.float32)
    for share, word in ((0.1, "falls"), (0.33, "hardly changes"), (0.6, "rises, against the usual story")):
        now = before.copy()
        now[5] = [share, 0, 1 - share]
        assert word in said.attends_to(before, now, 9, wanted, model)
    everything = said.attends_to(before, before, 9, replace(wanted, top=6), model)
    assert "are not trained" not in everything
    now = before.copy()
    now[4:] = [0.1, 0.2, 0.7]
    assert "most in layers 5 and 6." in said.attends_to(before, now, 9, replace(wanted, top=6), model)
    now[:] = now[::-1].copy()
    assert "most in layers 1 and 2." in said.attends_to(before, now, 9, replace(wanted, top=6), model)


def test_what_was_cut_off_is_said(tiny: Mapping[str, Checkpoint]) -> None:
    found = finetune(recipe("tiny-bert", epochs=1), replace(TASK, texts=("a " * 200, *TASK.texts[1:])))
    assert said.cut(found, tiny["tiny-bert"]).startswith("1 text is longer than 64 tokens and cut there")
    assert said.cut(replace(found, cut=0), tiny["tiny-bert"]) == ""


def test_one_point_is_one() -> None:
    found = [points(Score(value, value - 0.04, value + 0.04, 100)) for value in (0.01, -0.01, 0.0, 0.14)]
    assert found == ["+1 point (−3 to +5)", "−1 point (−5 to +3)", "0 points (−4 to +4)", "+14 points (+10 to +18)"]


def test_the_exact_zeros_are_marked() -> None:
    found = np.ones((3, 4), np.float32)
    found[2, 1:] = 0
    figure = arriving.gradients(found, ["[CLS]", "a", "<b>", "[SEP]"], palette("light"))
    assert [(note.x, note.y, note.text) for note in figure.layout.annotations] == [(k, 2, "0") for k in (1, 2, 3)]
    assert np.isnan(np.array(figure.data[0].z)[2, 1:]).all()
    assert "<b>" not in figure.layout.xaxis.ticktext


def watched(now: int) -> tuple[Watched, Task, np.ndarray]:
    """A training of the last of two layers in two steps, two classes: no two of its numbers are the same."""
    dice = np.random.default_rng(4)
    labels = np.array([1, 0, 1, 0, 1, 0, 1, 0])
    vectors = dice.normal(size=(3, 2, 8, 3)).astype(np.float32)  # [moments, first token and mean, texts, hidden]
    attends_to = dice.dirichlet(np.ones(3), (3, 2)).astype(np.float32)  # [moments, layers, 3]
    attends_to[:, 0] = attends_to[0, 0]
    rights = np.arange(8) < np.array([[2], [3], [6]])
    moments = tuple(Moment(k, 0.9 - k / 5, rights[k], *vectors[k], attends_to[k]) for k in range(3))
    tuned = Tuned(
        Recipe(DEFAULT), np.arange(8), np.arange(8), 2, np.array([0.8, 0.4]), moments, 0, {}, np.empty((0, 0))
    )
    laid = (ground(each, labels, np.arange(4), np.arange(8)) for each in vectors[0])
    first, mean = (replace(each, right=np.arange(8) < right) for each, right in zip(laid, (1, 5), strict=True))
    task = Task(tuple(f"text {k}" for k in range(8)), labels, ("bad", "good"), np.arange(4), np.arange(8))
    return Watched(tuned, Frozen(first, mean)), task, vectors[now]


@pytest.mark.parametrize("now", [0, 1, 2])
def test_its_pictures_draw_what_their_tables_hold(now: int) -> None:
    seen, task, vectors = watched(now)
    model, groups = CHECKPOINTS[DEFAULT], np.arange(8)
    right, loss = exhibits.curves(seen, now, groups, model)
    maps, attends_to = exhibits.maps(seen, now, task, model), exhibits.attends_to(seen.tuned, now, model)
    checks.check([right, loss, *maps, attends_to])
    assert [list(column) for column in right.table().values()] == [[0, 1, 2], [2 / 8, 3 / 8, 6 / 8]]
    assert right.totals["right now"] == [2 / 8, 3 / 8, 6 / 8][now]
    assert (right.totals["untrained [CLS]"], right.totals["untrained mean"]) == (1 / 8, 5 / 8)
    guides = {trace.name: trace.y[0] for trace in right.picture(palette("light")).data if trace.meta == "guide"}
    assert guides == {"untrained [CLS]": 1 / 8, "untrained mean": 5 / 8}
    marker = right.picture(palette("light")).data[1]
    assert (marker.x[0], marker.y[0]) == (now, right.totals["right now"])
    np.testing.assert_allclose(list(loss.table()["learned from"]), [np.nan, 0.8, 0.4])
    np.testing.assert_allclose(list(loss.table()["held out"]), [0.9, 0.7, 0.5])
    drawn = {trace.name: list(trace.x) for trace in loss.picture(palette("light")).data}
    assert (drawn["learned from"], drawn["held out"]) == ([1, 2], [0, 1, 2])
    for each, way, ground_ in zip(maps, vectors, (seen.frozen.cls, seen.frozen.mean), strict=True):
        table, places = each.table(), ground_.places(way)
        assert table["text"] == [f"text {k}" for k in (1, 3, 5, 7, 0, 2, 4, 6)]
        assert table["class"] == ["bad"] * 4 + ["good"] * 4
        np.testing.assert_allclose(table["first axis"], places[[1, 3, 5, 7, 0, 2, 4, 6], 0])
        np.testing.assert_allclose(table["second axis"], places[[1, 3, 5, 7, 0, 2, 4, 6], 1])
        sure = [2, 3, 6][now]
        assert table["classified"] == ["correctly" if k < sure else "wrongly" for k in (1, 3, 5, 7, 0, 2, 4, 6)]
    table, moments = attends_to.table(), seen.tuned.moments
    assert table["layer"] == [1, 2, 2]
    assert table["when"] == ["not trained", "before", "now"]
    expected = [moments[0].attends_to[0, 2], moments[0].attends_to[1, 2], moments[now].attends_to[1, 2]]
    np.testing.assert_allclose(table["words"], expected)
    np.testing.assert_allclose(attends_to.picture(palette("light")).data[2].y, expected)
    assert list(attends_to.picture(palette("light")).data[0].x) == [1, 1.79, 2.21]


def test_the_gradients_stand_at_their_layers_and_tokens(by_hand: Callable[..., Reading]) -> None:
    reading = by_hand(np.zeros((2, 1, 3, 2), np.float32), [[1, 1, 1]])
    lengths = np.array([[0.3, 0.2, 0.1], [0.5, 0.0, 0.0]], np.float32)
    shown = exhibits.gradients(lengths, reading.encoding, "cls", CHECKPOINTS[DEFAULT])
    checks.check([shown])
    table = dict(shown.table())
    assert table["token"] == list(reading.encoding.tokens[0])
    assert list(table["layer 0"]) == [np.float32(0.3), np.float32(0.2), np.float32(0.1)]
    assert shown.picture(palette("light")).data[0].customdata[1, 0] == 0.5


def test_the_trained_classifier_counts_its_bias(by_hand: Callable[..., Reading]) -> None:
    reading = by_hand(np.zeros((1, 2, 3, 2), np.float32), [[1, 1, 1], [1, 1, 0]])
    head = np.array([[1, 2, 0.5], [0, -1, 3]], np.float32)
    found = replace(watched(0)[0].tuned, head=head)
    vectors = np.array([[1, 1], [0, 2]], np.float32)
    np.testing.assert_allclose(found.scores(vectors), [[3.5, 2], [4.5, 1]])
    last = np.zeros((2, 3, 2), np.float32)
    last[:, 0], last[:, 1] = vectors, 9
    scores = np.array([[3.5, 2], [4.5, 1]])
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(trained_probabilities(found, reading.encoding, last), expected)
    through = replace(found, recipe=replace(found.recipe, through="place", place=1))
    assert not np.allclose(trained_probabilities(through, reading.encoding, last), expected)
