"""Several answers to what the first token uses: each worked by hand or against the model's own passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from lib.app import choices, parts
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.edits import Cut, Replace, edit
from lib.model import mask_token, read
from lib.model.gradients import gradients
from lib.quantities import palette
from lib.reading import Gradients
from lib.texts.sources import SOURCES
from pages.watch.evidence import columns as ranks
from pages.watch.evidence import exhibits as pictures
from pages.watch.evidence import figures, measures
from pages.watch.evidence import words as said
from pages.watch.evidence.measures import METHODS, TAKEN, Evidence, Target, alike, moved
from pages.watch.evidence.ranks import chance
from pages.watch.evidence.rollout import rollout, traced
from tests import exhibits
from tests import tiny as made
from tests.conftest import CLOSE, ROOT, Make, unlent

FAMILIES = [f"tiny-{name}" for name in made.FAMILIES]
TEXT = "The film was good, and the dog ran."


# Rollout


def test_rollout_by_hand_in_the_right_order() -> None:
    first = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]])  # each reads the next one
    last = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    # M1 = .5 A1 + .5 I                M2 = .5 A2 + .5 I
    # [.5 .5 0] [0 .5 .5] [0 0 1]      [.5 0 .5] [.5 .5 0] [0 .5 .5]
    wanted = [[0.25, 0.25, 0.5], [0.25, 0.5, 0.25], [0.0, 0.25, 0.75]]  # M2 M1
    np.testing.assert_allclose(rollout(np.stack([first, last])), wanted, rtol=0, atol=1e-15)
    turned = [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]]  # M1 M2
    assert not np.allclose(wanted, turned)
    np.testing.assert_allclose(rollout(first[None]), 0.5 * first + 0.5 * np.eye(3), rtol=0, atol=1e-15)


def test_a_text_s_rollout_leaves_its_padding_out(by_hand: Make) -> None:
    half, full = np.full((4, 4), 0.5), np.zeros((4, 4))
    half[:, 2:], full[:, 1] = 0, 1  # two real tokens of four; in the second layer all read the second
    layers = [np.broadcast_to(each, (1, 2, 4, 4)).astype(np.float32) for each in (half, full)]
    row = np.zeros((2, 1, 2, 4), np.float32)
    found = traced(by_hand(np.zeros((3, 1, 4, 2)), [[1, 1, 0, 0]], row=row, column=row, full=layers), 0)
    # M1 = [.75 .25] [.25 .75], M2 = [.5 .5] [0 1]; the first row of M2 M1
    np.testing.assert_allclose(found, [0.5, 0.5], rtol=0, atol=1e-12)


@pytest.mark.parametrize("slug", FAMILIES)
def test_rollout_adds_up_to_one_in_every_family(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    assert traced(read(slug, [TEXT, "Rain."]), 1).sum() == pytest.approx(1, abs=1e-5)


# What is asked


def test_how_far_it_moves_is_the_angle_and_not_the_length() -> None:
    target = moved(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    assert target.direction.tolist() == [1, 0]
    effect = target.effect(np.array([1.0, 0.0]), np.array([[2.0, 0.0], [0.0, 5.0], [-1.0, 0.0]]))
    assert effect.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="Nothing to measure"):
        moved(np.ones(2), np.ones(2))


def test_a_cosine_is_lost_or_won() -> None:
    target = alike(np.array([0.0, 2.0]))
    effect = target.effect(np.array([1.0, 1.0]), np.array([[1.0, 0.0], [0.0, 3.0]]))
    np.testing.assert_allclose(effect, [0.5**0.5, 0.5**0.5 - 1], **CLOSE)


# Slopes, in every family


def toward(slug: str) -> tuple[np.ndarray, np.ndarray]:
    """The first vector of the text, and the direction in which reading moved it."""
    both = read(slug, [TEXT, TEXT], attention="cls", edit=[edit(), edit(Cut("first", "others"))]).cls[-1]
    return both[0].astype(np.float64), moved(*both).direction


@pytest.mark.parametrize("cosine", [False, True])
@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_integrated_gradients_are_complete_and_their_ends_are_the_model_s_own(
    slug: str, cosine: bool, tiny: Mapping[str, Checkpoint]
) -> None:
    whole, direction = toward(slug)
    found = gradients(slug, TEXT, direction, cosine=cosine)
    encoding = read(slug, [TEXT], attention="none").encoding
    places = np.flatnonzero(encoding.is_word[0])
    blanks = edit(*(Replace(int(place), mask_token(slug)) for place in places))
    start = read(slug, [TEXT], attention="cls", edit=blanks).cls[-1, 0]
    for vector, end in ((whole, found.end), (start, found.start)):
        size = np.linalg.norm(vector) if cosine else 1
        assert end == pytest.approx(float(vector @ direction) / size, abs=1e-4)
    assert measures.missed(found) < 1e-3  # largest seen: 8e-4
    assert abs(found.along.sum() - (found.end - found.start)) < 0.01 * np.abs(found.along).sum()
    added = np.setdiff1d(np.arange(len(found.here)), places)
    assert len(added) == 2
    assert not found.here[added].any(), "what is the same in text and baseline has no part"
    assert not found.along[added].any()
    assert np.count_nonzero(found.along) == len(places)


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_slopes_leave_the_model_as_it_was(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    before = read(slug, [TEXT])
    gradients(slug, TEXT, toward(slug)[1], steps=2)
    after = read(slug, [TEXT])
    assert np.array_equal(before.hidden_states, after.hidden_states)
    weights = list(unlent(slug).eager.parameters())
    assert not any(each.requires_grad for each in weights)
    assert all(each.grad is None for each in weights)


def test_the_slope_at_the_text_is_what_a_small_step_finds(tiny: Mapping[str, Checkpoint]) -> None:
    slug, place, step = "tiny-bert", 3, 1e-2
    _, direction = toward(slug)
    net, encoding = unlent(slug).eager, read(slug, [TEXT], attention="none").encoding
    with torch.no_grad():
        given = net.get_input_embeddings()(torch.tensor(encoding.input_ids))
        blank = net.get_input_embeddings()(torch.tensor(unlent(slug).tokenizer.mask_token_id))
        away = torch.zeros_like(given)
        away[0, place] = (given[0, place] - blank) * step
        ends = [net(inputs_embeds=given + k * away).last_hidden_state[0, 0].numpy() @ direction for k in (1, -1)]
    found = gradients(slug, TEXT, direction, steps=2).here[place]
    assert found == pytest.approx((ends[0] - ends[1]) / 2 / step, abs=2e-3)


def test_progress_is_told_and_what_cannot_be_asked_is_refused(tiny: Mapping[str, Checkpoint]) -> None:
    told: list[tuple[int, int]] = []
    gradients("tiny-bert", TEXT, toward("tiny-bert")[1], steps=4, progress=lambda *each: told.append(each))
    assert told == [(0, 4)], "one batch"
    with pytest.raises(ValueError, match="A direction of"):
        gradients("tiny-bert", TEXT, np.zeros(3))


def test_what_is_missed_is_a_share_of_all_that_is_given() -> None:
    given = Gradients("[MASK]", np.zeros(3), np.array([3.0, -1.0, 0.0]), start=1.0, end=2.9, steps=2)
    assert measures.missed(given) == pytest.approx(0.1 / 4)
    assert measures.missed(replace(given, along=np.zeros(3))) == 0


@pytest.fixture
def maskless(tiny: Mapping[str, Checkpoint], tmp_path_factory, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model whose tokenizer has no mask token."""

    def tokenizer() -> object:
        found = made.wordpiece()
        found.mask_token = None
        return found

    monkeypatch.setitem(made.FAMILIES, "maskless", replace(made.FAMILIES["bert"], tokenizer=tokenizer))
    entry = made.make("maskless", tmp_path_factory.mktemp("maskless"))
    from lib import checkpoints

    monkeypatch.setattr(checkpoints, "CHECKPOINTS", {**checkpoints.CHECKPOINTS, entry.slug: entry})
    return entry.slug


def test_a_family_without_a_mask_token_starts_from_zeros_and_takes_pieces_out(maskless: str) -> None:
    assert mask_token(maskless) == ""
    found = gradients(maskless, TEXT, toward(maskless)[1], steps=256)
    assert found.baseline == ""
    assert measures.missed(found) < 0.01
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state[choices.MODEL] = maskless
    app.run()
    app.switch_page("pages/watch/evidence/page.py")
    app.session_state["evidence_guess"] = parts.PASSED
    app.session_state[choices.OPEN] = "1"
    app.run()
    assert not app.exception
    (menu,) = [each for each in app.selectbox if each.label == "How a token is left out"]
    assert menu.options == ["Left out: removed, the rest moves up"]
    assert any("vectors of zeros" in str(each.value) for each in app.markdown)


# What is taken away


@pytest.mark.parametrize("slug", [DEFAULT, *FAMILIES])
def test_what_is_left_of_a_cut_is_nothing_and_of_none_is_something(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    places = measures.positions(read(slug, [TEXT], attention="none"), 0)
    texts = [TEXT] * len(places)
    cut = read(slug, texts, attention="cls", edit=[edit(Cut("first", (int(place),))) for place in places])
    assert measures.left(cut, places) == 0
    assert measures.left(read(slug, texts, attention="cls"), places) > 0


def test_what_was_measured_beforehand(embedded: object) -> None:
    """On sixty phrases of films: attention against the cut 0.71, rollout -0.06, leaving out moves it more."""
    read_ = read(DEFAULT, [TEXT])
    places = measures.positions(read_, 0)
    texts, whole = [TEXT] * len(places), read_.cls[-1, 0]
    target = Target("moved", toward(DEFAULT)[1])
    cut, out = (
        target.effect(whole, read(DEFAULT, texts, attention="cls", edit=[edit(each(int(p))) for p in places]).cls[-1])
        for each in (lambda p: Cut("first", (p,)), lambda p: Replace(p, "[MASK]"))
    )
    assert measures.spearman(measures.weights(read_, 0)[places], cut) > 0.4
    assert out.mean() > 5 * cut.mean() > 0


# Orders


def found_by(**values: list[float]) -> Evidence:
    """Evidence with these values, and the same falling ones for every other method."""
    n = len(next(iter(values.values()), [0.0] * 9))
    usual = np.arange(n, 0, -1.0)
    return Evidence(
        np.arange(1, n + 1),
        tuple(f"w{k}" for k in range(n)),
        {key: np.array(values[key]) if key in values else usual for key in METHODS},
    )


def test_an_order_is_by_size_whatever_the_sign() -> None:
    found = found_by(path=[0.1, -5.0, 2.0])
    assert found.order("path").tolist() == [1, 2, 0]
    assert found.rank("path").tolist() == [3, 1, 2]
    assert found.top("path") == 1
    assert found.agreement("path", "attention") == pytest.approx(-0.5)
    assert found.agreement("attention", "cut") == 1
    with pytest.raises(ValueError, match="path has the shape"):
        replace(found, values={**found.values, "path": np.zeros(2)})


def test_the_closest_is_found_among_those_that_are_read_off() -> None:
    turned = list(np.arange(1, 10.0))
    found = found_by(out=turned, rollout=turned, slope=[1.0] * 9)
    near, other = found.closest("cut"), found.closest("out")
    assert near is not None
    assert other is not None
    assert (near.key, near.agreement, near.of) == ("attention", 1, 4), "what has no order is none of them"
    assert (other.key, other.agreement) == ("rollout", 1), "the cut is no method to be read off"
    assert found.agreement("slope", "cut") is None


def test_the_table_holds_every_number_and_rank() -> None:
    columns = dict(pictures.ranked(found_by(path=[0.1, -5.0, 2.0]), "moved", CHECKPOINTS[DEFAULT]).table())
    assert list(columns["integrated gradients"]) == [0.1, -5.0, 2.0]
    assert list(columns["integrated gradients, rank"]) == [3, 1, 2]
    assert len(columns) == 2 + 2 * len(METHODS)
    assert {len(column) for column in columns.values()} == {3}


def test_methods_are_told_apart_and_have_sources() -> None:
    assert {each.source for each in METHODS.values()} - {""} <= set(SOURCES)
    for what in ("name", "short", "asks", "how"):
        assert len({getattr(each, what) for each in METHODS.values()}) == len(METHODS)
    assert [key for key, each in METHODS.items() if each.family == "taken"] == list(TAKEN)


# What is said


@pytest.mark.parametrize(("n", "part"), [(2, "100%"), (3, "33%"), (4, "8%")])
def test_few_pieces_tell_nothing(n: int, part: str) -> None:
    entry, few = CHECKPOINTS[DEFAULT], found_by(path=list(np.arange(n, 0, -1.0)))
    for sentence in (said.ranked(few, entry), said.scatter(few, "path", entry), said.verdict(few, entry)[1]):
        assert f"{n} tokens are **too few to tell**: {part} of shuffled orders" in sentence
    assert said.verdict(few, entry)[0] == "cannot tell"
    assert said.closest(few, entry).startswith(f"{n} tokens are **too few")


def test_five_pieces_can_tell() -> None:
    assert said.told_by_chance(5).endswith("at most one order in twenty reaches ±1.00.")


def test_the_verdict_follows_the_piece_that_is_read_most() -> None:
    entry, other = CHECKPOINTS[DEFAULT], [1.0, 9.0, *(0.5 - k / 100 for k in range(7))]
    kind, because = said.verdict(found_by(), entry)
    assert kind == "in part", "one text never makes a rule"
    assert "one text cannot tell" in because
    assert said.verdict(found_by(out=other), entry)[0] == "in part"
    kind, because = said.verdict(found_by(out=other, cut=other), entry)
    assert kind == "fails"
    assert "“w0”" in because
    assert because.count("“w1”") == 2


@pytest.mark.parametrize(("n", "kind"), [(19, "cannot tell"), (20, "in part")])
def test_one_piece_in_front_may_be_luck(n: int, kind: str) -> None:
    first = [100.0, *np.arange(1.0, n)]  # the same piece in front, and all behind it turned round
    usual = [100.0, *np.arange(n - 1, 0, -1.0)]
    values = dict.fromkeys(METHODS, usual) | {"cut": first}
    assert said.verdict(found_by(**values), CHECKPOINTS[DEFAULT])[0] == kind


OTHER = [1.0, 9.0, *(0.5 - k / 100 for k in range(7))]  # the second token counts most


@pytest.mark.parametrize(
    ("values", "number", "cut", "out"),
    [({}, 0, "1st", "1st"), ({"out": OTHER}, 1, "1st", "2nd"), ({"cut": OTHER}, 2, "2nd", "1st")],
)
def test_the_right_answer_is_whether_the_same_token_counts_most(
    values: dict[str, list[float]], number: int, cut: str, out: str
) -> None:
    entry, found = CHECKPOINTS[DEFAULT], found_by(**values)
    assert said.right(found, entry) == (said.answers(entry)[number],)
    assert f"“w0” ranks **{cut}** when it is hidden from" in said.because(found, entry)
    assert f"and **{out}** when it is left out for all" in said.because(found, entry)
    assert said.headline(found, entry).startswith("“w0” gets most attention")


def test_neither_is_an_answer_too_and_it_is_no_matter_which_token_counts_most_instead() -> None:
    entry, found = CHECKPOINTS[DEFAULT], found_by(cut=OTHER, out=OTHER)
    assert said.right(found, entry) == (said.answers(entry)[3],)
    assert said.headline(found, entry) == "“w0” gets most attention, but other tokens count more"


@pytest.mark.parametrize("key", ["attention", "cut", "out"])
def test_tokens_that_share_the_first_rank_leave_the_prediction_open(key: str) -> None:
    entry, found = CHECKPOINTS[DEFAULT], found_by(**{key: [5.0, 5.0, *([1.0] * 7)]})
    assert said.right(found, entry) == ()
    assert said.because(found, entry).startswith("Several tokens share the first rank")
    assert said.headline(found, entry) == "Several tokens share the first rank"


def test_tokens_that_count_equally_much_have_no_first() -> None:
    flat = [5.0, 5.0, *([1.0] * 7)]
    assert not found_by(cut=flat).leads("cut")
    kind, because = said.verdict(found_by(cut=flat), CHECKPOINTS[DEFAULT])
    assert kind == "cannot tell"
    assert "several tokens share the first rank" in because


def test_the_caption_says_where_it_stands_and_what_chance_does() -> None:
    sentence = said.ranked(found_by(out=[1.0, *np.arange(2, 10.0)]), CHECKPOINTS[DEFAULT])
    assert "agrees with the cut at **1.00** and with leaving out at **−1.00**" in sentence
    assert f"at most one order in twenty reaches ±{chance(9):.2f}" in sentence


def test_what_is_close_is_named_and_what_is_built_in_is_said() -> None:
    entry = CHECKPOINTS[DEFAULT]
    mixed = [5.0, 9.0, 1.0, 3.0, 8.0, 2.0, 7.0, 4.0, 6.0]
    found = found_by(amount=mixed, cut=mixed, out=[9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0, 5.0])
    told = said.closest(found, entry)
    assert "*amount moved* is closest to cutting (1.00; the best of 5 reaches that in <0.1% of shuffled orders)" in told
    assert "no method comes closer to leaving out than chance does" in told
    assert "agree in part by design: in the last layer a cut" in told
    assert "by design" not in said.closest(found_by(), entry)


def test_a_piece_that_stands_there_twice_is_named_with_its_place() -> None:
    found = replace(found_by(), names=("the", "the", *(f"w{k}" for k in range(7))))
    assert said.token(found, 1) == "“the” (position 2)"
    assert said.token(found, 2) == "“w0”"


def test_places_are_counted() -> None:
    said_so = [said.ordinal(k) for k in (1, 2, 3, 4, 11, 12, 13, 21)]
    assert said_so == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st"]


@pytest.mark.parametrize(
    ("key", "amount", "word"),
    [
        ("attention", 0.123, "12%"),
        ("cut", 0.0004, "< 0.001"),
        ("path", -0.0004, "> −0.001"),
        ("path", -1.5, "−1.500"),
        ("cut", 0.0, "0.000"),
    ],
)
def test_values_are_written(key: str, amount: float, word: str) -> None:
    assert said.value(key, amount) == word


def test_what_cannot_be_ranked_is_said() -> None:
    assert "158 tokens is taken away once: as many texts of 160 tokens make 25\u202f280 positions" in said.too_long(
        158, 160, 8192
    )
    assert "about 90 tokens" in said.too_long(158, 160, 8192)
    assert "1 token of its own" in said.too_few(1)


def test_the_question_names_what_is_read_most(embedded: object) -> None:
    reading = read(DEFAULT, ["An unbelievably good film: I forgot the time."])
    asked = said.question(reading, "moved", CHECKPOINTS[DEFAULT])
    assert "attends most to “film” (position 8)" in asked
    assert asked != said.question(reading, "alike", CHECKPOINTS[DEFAULT]), "a guess at the one is none at the other"


# What is drawn


def test_a_name_stands_where_there_is_room() -> None:
    x, y = np.array([0.9, 0.1, 0.12, 0.14]), np.array([0.9, 0.01, 0.01, 0.01])
    figure = figures.against(
        x, y, ["<b>", "w1", "w2", "w3"], palette("light"), heads=("m", "n"), across="a", up="b", percent=True
    )
    (trace,) = figure.data
    assert trace.text[0] == "&lt;b&gt;"
    assert trace.textposition[0] == "middle left", "at the right edge"
    assert trace.text[1:] == ("w1", "", "w3"), "three in a row leave no room for the one between"
    assert list(trace.x) == list(x)
    assert figure.layout.xaxis.title.text == "a"


def test_two_names_at_one_height_do_not_cross() -> None:
    sides = figures._sides(np.array([0.5, 0.95]), np.array([1.0, 0.96]), ["attention", "schoolteachers"])
    assert sides == ["right", ""], "there is room for either, but not for both"
    assert figures._sides(np.array([0.5, 0.95]), np.array([1.0, 0.8]), ["attention", "schoolteachers"]) == [
        "right",
        "left",
    ]


def test_each_method_stands_in_its_own_column_and_along_its_own_axis() -> None:
    entry, values = CHECKPOINTS[DEFAULT], {key: np.arange(9.0) * (k + 1) - 3 for k, key in enumerate(METHODS)}
    found = found_by(**{key: list(each) for key, each in values.items()})
    exhibits.check([ranked := pictures.ranked(found, "moved", entry), *pictures.scatter(found, "path", "moved", entry)])
    table = dict(ranked.table())
    for key, each in values.items():
        np.testing.assert_array_equal(table[METHODS[key].name], each)
    for taken, shown in zip(TAKEN, pictures.scatter(found, "path", "moved", entry), strict=True):
        (trace,) = shown.picture(palette("light")).data
        np.testing.assert_array_equal(trace.x, np.abs(values["path"]))
        np.testing.assert_array_equal(trace.y, np.abs(values[taken]))
        assert trace.meta == (METHODS["path"].name, METHODS[taken].name)


def test_under_each_column_stands_its_agreement_with_both_that_take_away() -> None:
    entry = CHECKPOINTS[DEFAULT]
    found = found_by(cut=list(np.arange(1, 10.0)), out=[1.0, 9, 2, 8, 3, 7, 4, 6, 5])
    head, _ = exhibits.unpacked(pictures.ranked(found, "moved", entry).picture.message("words"))
    for row, taken in zip(head["agreements"], TAKEN, strict=True):
        assert row["name"] == f"agrees with {METHODS[taken].short}"
        numbers = ["" if key == taken else said.correlation(found.agreement(key, taken)) for key in METHODS]
        assert row["values"] == numbers
    assert head["agreements"][0]["values"] != head["agreements"][1]["values"]


def test_what_attention_agrees_with_is_said_once() -> None:
    entry, found = CHECKPOINTS[DEFAULT], found_by(out=[1.0, *np.arange(2, 10.0)])
    assert "agrees with the cut at" in said.ranked(found, entry)
    assert "agrees with the cut at" not in said.scatter(found, "attention", entry)
    assert "agrees with the cut at" in said.scatter(found, "path", entry)


def test_a_column_ranks_every_piece() -> None:
    column = ranks.Column("a", "f", "how", False, np.array([1, 2]), np.array([2.0, 1.0]), np.array([False, True]), "xy")
    with pytest.raises(ValueError, match="a ranks 2 tokens, but there are 3"):
        ranks.payload([column], ["t"] * 3, np.arange(3), [], shade=0, hint="", words="", file="x.png")
