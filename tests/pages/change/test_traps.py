"""The mistakes: the lines of code are run as they are printed, and give what the page shows; the rest by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from lib.app import choices
from lib.cached import probes
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint, checkpoint
from lib.edits import Edit, Pad, Position, Remove, Unmask, edit
from lib.measures import traps
from lib.measures.probe import Score
from lib.measures.traps import Damage
from lib.measures.vectors import Doubles, paired
from lib.model import read
from lib.model.outputs import returned
from lib.pooling import POOLINGS
from lib.quantities import palette
from lib.reading import Encoding
from pages.change.traps import exhibits, measures
from pages.change.traps import words as said
from pages.change.traps.figures import Line, growth, layers
from pages.change.traps.measures import Mistakes, Returned
from tests import exhibits as hop
from tests.conftest import NEAR, Make
from tests.test_pages import assert_kind, keyed, notes, pictures, visit, words

TEXTS = ("the film was good", "a cat sat on the water and the dog ran", "a man and the time of the home")
MOST = 6  # tokens that are kept of a text that is cut
WITH_POOLER = [DEFAULT, "tiny-bert", "tiny-roberta", "tiny-xlm-roberta", "tiny-albert"]
WITHOUT = ["tiny-deberta-v2", "tiny-modernbert", "tiny-electra"]


# The lines of code, run with transformers alone, against what the page measures


@cache
def opened(name: str) -> tuple[object, object]:
    """Tokenizer and model, by transformers alone."""
    return AutoTokenizer.from_pretrained(name), AutoModel.from_pretrained(name).eval()


def run(lines: str, slug: str) -> dict[str, object]:
    """What the lines leave behind."""
    name = str(checkpoint(slug).where.path())
    tokenizer, model = opened(name)
    known = {"texts": list(TEXTS), "name": name, "AutoModel": AutoModel, "tokenizer": tokenizer, "model": model}
    with torch.inference_mode():
        exec(f"{said.START}\n{lines}", known)
    return known


def ours(slug: str) -> dict[str, tuple[Doubles, Doubles]]:
    """Wrong and right vectors, made as the page makes them, with no more padding than the batch has."""
    plain = read(slug, TEXTS, attention="none")
    first, mean = plain.cls[-1], POOLINGS["mean"].pool(plain)
    made = {
        "unmasked": (traps.column(read(slug, TEXTS, attention="none", edit=edit(Unmask()))), first),
        "padding": (traps.whole_mean(plain.last_hidden_state), mean),
        "left": (traps.column(read(slug, TEXTS, attention="none", edit=edit(Pad("left")))), first),
        "specials": (mean, POOLINGS["mean_no_specials"].pool(plain)),
        "cut": (read(slug, TEXTS, attention="none", edit=traps.cut(plain.encoding, MOST)).cls[-1], first),
    }
    return made if plain.pooler_output is None else {**made, "pooler": (plain.pooler_output, first)}


@pytest.mark.parametrize("slug", [*WITH_POOLER, *WITHOUT])
def test_the_printed_lines_give_the_measured_vectors(slug: str, tiny: Mapping[str, Checkpoint]) -> None:
    entry = tiny.get(slug, CHECKPOINTS[DEFAULT])
    measured = ours(slug)
    assert set(measured) == set(said.TRAPS) - {"sdpa"} - (set() if slug in WITH_POOLER else {"pooler"})
    for key, (wrong, right) in measured.items():
        lines = said.code(key, MOST, entry.limit)
        assert "{" not in "".join(lines)
        for code, expected in zip(lines, (wrong, right), strict=True):
            made = run(code, slug)["vectors"]
            np.testing.assert_allclose(made.numpy(), expected, **NEAR, err_msg=f"{key}\n{code}")
        assert not np.allclose(wrong, right, atol=1e-3), f"{key} does damage here"


def test_the_lines_that_ask_for_attention(tiny: Mapping[str, Checkpoint]) -> None:
    for slug in (DEFAULT, "tiny-modernbert"):
        wrong, right = said.code("sdpa", MOST, 64)
        whole = tiny.get(slug, CHECKPOINTS[DEFAULT]).layers
        assert not run(wrong, slug)["attention"]
        assert len(run(right, slug)["attention"]) == whole


def test_what_comes_back_is_told_as_it_is(tiny: Mapping[str, Checkpoint]) -> None:
    fused, eager = returned(DEFAULT, "a film")
    assert (fused.implementation, fused.attentions, fused.kind) == ("sdpa", 0, "tuple")
    assert (eager.implementation, eager.attentions) == ("eager", 6)
    assert eager.fields == ("last_hidden_state", "pooler_output")
    (only,) = returned("tiny-deberta-v2", "a film")
    assert (only.implementation, only.attentions, only.fields) == ("eager", 2, ("last_hidden_state",))


# By hand


def test_damage_by_hand() -> None:
    right, wrong = np.array([[1.0, 0], [0, 2]]), np.array([[1.0, 1], [0, 5]])
    found = Damage("padding", "mean", right, wrong, 0.5)
    half = 0.5**0.5
    np.testing.assert_allclose(found.cosines, [half, 1], atol=1e-12)
    assert found.cosine == pytest.approx((half + 1) / 2)
    np.testing.assert_allclose(found.each, [2 * (1 - half), 0], atol=1e-12)
    assert found.share == pytest.approx(1 - half)
    assert found.between == pytest.approx((0, half))
    assert Damage("padding", "mean", right[:1], wrong[:1], 0.5).between is None


def test_a_mean_over_everything_by_hand() -> None:
    states = np.array([[[1, 2], [3, 4], [8, 0]]], np.float32)
    np.testing.assert_allclose(traps.whole_mean(states), [[4, 2]])


@pytest.fixture
def encoding(by_hand: Make) -> Encoding:
    """A text of six tokens and one of four, the first and the last of them special."""
    return by_hand(np.ones((2, 2, 6, 3)), [[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]]).encoding


def test_a_cut_keeps_the_special_tokens(encoding: Encoding) -> None:
    assert traps.cut(encoding, 6) == (Edit(), Edit())
    assert traps.cut(encoding, 4) == (edit(Remove(3), Remove(4)), Edit())
    assert traps.cut(encoding, 1) == (edit(Remove(2), Remove(3), Remove(4)), edit(Remove(2))), "one piece is left"


def test_a_cut_leaves_a_piece_of_a_pair(by_hand: Make) -> None:
    pair = by_hand(np.ones((2, 1, 7, 3)), [[1] * 7], special=[[1, 0, 0, 1, 1, 0, 1]]).encoding
    assert traps.cut(pair, 3) == (edit(Remove(2), Remove(5)),)


def test_padding_that_fits(encoding: Encoding) -> None:
    assert traps.pads(encoding, 512) == (1, 5, 20, 50)
    assert traps.pads(encoding, 11) == (1, 5)
    assert traps.pads(encoding, 6) == ()


def test_ids_that_padding_on_the_left_leaves_alone(encoding: Encoding) -> None:
    one, other = traps.shifted(encoding, 5, 2)
    assert one == edit(Pad("left", 5), *(Position(k, 2 + k) for k in range(6)))
    assert other == edit(Pad("left", 5), *(Position(k, 2 + k) for k in range(4)))
    assert traps.shifted(encoding, 5, None) == (edit(Pad("left", 5)),) * 2


def test_in_the_embedded_model_padding_in_the_first_seat_passes_for_the_first_token(embedded: object) -> None:
    texts = ["the movie was good", "the movie was good and long and nobody in the whole house wanted to leave it"]
    plain, left = (read(DEFAULT, texts, attention="none", edit=change) for change in (None, edit(Pad("left", 5))))
    assert paired(traps.column(left), plain.cls[-1]).min() > 0.9
    alone = read(DEFAULT, texts[:1], attention="none")
    for more, known in ((1, 0.979), (5, 0.784), (20, 0.506), (50, 0.394)):
        padded = read(DEFAULT, texts[:1], attention="none", edit=edit(Pad("right", more)))
        found = paired(traps.whole_mean(padded.last_hidden_state), POOLINGS["mean"].pool(alone))
        assert found[0] == pytest.approx(known, abs=0.001)


# In words


def test_names_are_the_model_s_own(tiny: Mapping[str, Checkpoint]) -> None:
    assert said.name("pooler", tiny["tiny-roberta"]) == "pooler taken for <s>"
    assert "\\<pad\\>" in said.why("left", tiny["tiny-roberta"])
    assert said.begins("left") == ""
    assert said.START in said.begins("specials")


@pytest.mark.parametrize(
    ("right", "change", "cosine", "kind"),
    [
        ((0.6, 0.8), (-0.02, 0.03), 0.6, "fails"),
        ((0.6, 0.8), (-0.049, 0.03), 0.6, "fails"),
        ((0.6, 0.8), (-0.05, 0.03), 0.6, "cannot tell"),  # a fall of 5 points is possible
        ((0.6, 0.8), (-0.2, 0.0), 0.6, "cannot tell"),  # it touches 0
        ((0.6, 0.8), (-0.2, 0.2), 0.6, "cannot tell"),
        ((0.5, 0.8), (-0.02, 0.03), 0.6, "cannot tell"),  # it touches what is right without learning
        ((0.6, 0.8), (-0.1, -0.01), 0.6, "holds"),
        ((0.6, 0.8), (-0.02, 0.03), 0.97, "cannot tell"),
        ((0.45, 0.6), (-0.02, 0.03), 0.6, "cannot tell"),
    ],
)
def test_whether_a_score_shows_it(
    right: tuple[float, float], change: tuple[float, float], cosine: float, kind: str
) -> None:
    scores = [Score(sum(each) / 2, *each, 200) for each in (right, change)]
    found, why = said.noticed(*scores, cosine, 0.7, 0.5)
    assert found == kind
    assert ("does not show it" in why) == (kind == "fails")


def test_an_impostor_is_told_from_a_stranger() -> None:
    entry = CHECKPOINTS[DEFAULT]
    assert "is easily taken for" in said.impersonated(0.97, 0.97, entry)
    assert "is not like" in said.impersonated(0.4, 1.0, entry)
    assert said.impersonated(0.4, 0.95, entry).endswith("farther to the right, has **0.95**.")


def test_attention_that_comes_or_not() -> None:
    ways = [Returned("sdpa", 0, "tuple", ()), Returned("eager", 6, "tuple", ())]
    lost = said.attention(ways, 6)
    assert "`sdpa` it returns the weights of **0 of 6** layers (`attentions` is a `tuple`, and empty)" in lost
    assert "nothing is lost" in said.attention([Returned("eager", 2, "tuple", ())], 2)
    shown = exhibits.attention(ways, 6)
    hop.check([shown])
    assert dict(shown.table())["sdpa (the default)"].tolist() == [0] * 6
    assert shown.headline == "By default, the attention of no layer comes back"


@pytest.mark.parametrize(
    ("right", "change", "cosine", "answer"),
    [
        ((0.6, 0.8), (-0.02, 0.03), 0.6, said.ANSWERS[1]),
        ((0.6, 0.8), (-0.02, 0.03), 0.95, said.ANSWERS[1]),  # far begins there
        ((0.6, 0.8), (-0.02, 0.03), 0.96, said.ANSWERS[3]),
        ((0.6, 0.8), (-0.1, -0.01), 0.6, said.ANSWERS[2]),
        ((0.6, 0.8), (-0.1, -0.01), 0.97, said.ANSWERS[0]),
        ((0.6, 0.8), (-0.05, 0.0), 0.6, None),  # a fall of 5 points is possible
        ((0.5, 0.8), (-0.02, 0.03), 0.6, None),  # no better than always the same answer
    ],
)
def test_the_prediction_is_answered_by_both_numbers(
    right: tuple[float, float], change: tuple[float, float], cosine: float, answer: str | None
) -> None:
    scores = [Score(sum(each) / 2, *each, 200) for each in (right, change)]
    assert said.guessed(*scores, cosine, 0.5) == ((answer,) if answer else ())


# The exhibits, of numbers that are known


@pytest.fixture
def mistakes(by_hand: Make) -> Mistakes:
    """Two texts; one mistake turns them by 60 and 90 degrees, the other by 10 and 20."""
    right = np.array([[1.0, 0], [0, 1]])
    turned = {"padding": (60, 90), "cut": (10, 20)}

    def wrong(angles: tuple[int, int]) -> Doubles:
        a, b = np.radians(angles)
        return np.array([[np.cos(a), np.sin(a)], [np.sin(b), np.cos(b)]])

    damages = {
        "cut": Damage("cut", "cls", right, wrong(turned["cut"]), 0.5),
        "padding": Damage("padding", "mean", right, wrong(turned["padding"]), 0.5),
    }
    reading = by_hand(np.ones((2, 2, 4, 2)), [[1] * 4, [1, 1, 1, 0]])
    return Mistakes(reading, 20, 6, {"cls": right, "mean": right, "mean_no_specials": None}, damages)


def test_all_mistakes_stand_on_one_scale(mistakes: Mistakes) -> None:
    shown = exhibits.compared(mistakes, 0)
    hop.check([shown])
    table = shown.table()
    assert table["row"][:2] == ["padding averaged in", "text cut without notice"], "the worst first"
    np.testing.assert_allclose(
        table[exhibits.DAMAGE][:2], [1.5, 2 - 2 * np.cos(np.radians([10, 20])).mean()], atol=1e-9
    )
    np.testing.assert_allclose(table["text 1"][:2], [1, 2 - 2 * np.cos(np.radians(10))], atol=1e-9)
    np.testing.assert_allclose(table["text 2"][0], 2)
    np.testing.assert_allclose(table[exhibits.COSINE][:2], [0.25, np.cos(np.radians([10, 20])).mean()])
    assert "the cosine to the right vector is **0.25**" in shown.sentence
    assert shown.headline == "One mistake leads as far away as an unrelated sentence"
    traces = shown.picture(palette("light")).data
    own = {cell[0] for trace in traces if trace.marker.color == palette("light").cls for cell in trace.customdata or ()}
    assert own == {"text cut without notice"}, "only the first token's own vector is its colour"
    beyond = [trace for trace in traces if trace.marker.symbol == "triangle-right"]
    assert [list(trace.x) for trace in beyond] == [[exhibits.REACH]], "at the end of the axis, pointing on"


def test_one_mistake_is_right_wrong_and_the_difference(mistakes: Mistakes) -> None:
    shown = exhibits.vector(mistakes.damages["padding"], CHECKPOINTS[DEFAULT])
    hop.check([shown])
    table = {head: [float(each) for each in column] for head, column in shown.table().items()}
    assert table["right"] == [1, 0]
    assert table["wrong"] == pytest.approx([0.5, 3**0.5 / 2])
    assert table["difference"] == pytest.approx([-0.5, 3**0.5 / 2])


def test_a_mistake_that_grows_is_said_as_it_is_drawn(mistakes: Mistakes) -> None:
    lines = [Line("padding averaged in", "other", np.array([[1, 0.6, 0.2], [1, 0.8, 0.4]]))]
    shown = exhibits.growth(mistakes.damages["padding"], [0, 5, 20], lines, CHECKPOINTS[DEFAULT])
    hop.check([shown])
    table = dict(shown.table())
    assert table["padding averaged in"] == pytest.approx([1, 0.7, 0.3])
    assert table["padding averaged in, lowest"] == pytest.approx([1, 0.6, 0.2])
    assert "is **1, exactly**; with 20 more, **0.30**. An unrelated sentence has 0.50." in shown.sentence


def test_what_a_classifier_notices_is_said_as_it_is_drawn() -> None:
    right, everywhere, in_use = (Score(k / 10, k / 10 - 0.05, k / 10 + 0.05, 200) for k in (8, 7, 6))
    shown = exhibits.probe(right, everywhere, in_use, 0.4, 0.5, "")
    hop.check([shown])
    table = shown.table()
    assert table["value"] == [1, 0.4, 0.8, 0.7, 0.6]
    assert table["lower end"][2:] == pytest.approx([0.75, 0.65, 0.55])
    assert "right on **80%**; with the mistake on **70%**" in shown.sentence


def test_texts_that_a_cut_shortens(encoding: Encoding) -> None:
    assert measures.longer(encoding, 5).tolist() == [0]
    assert measures.longer(encoding, 3).tolist() == [0, 1]
    assert measures.longer(encoding, 6).tolist() == []
    assert measures.kept(encoding) == [6, 4, 3], "at least 3"
    right = np.array([[1.0, 0], [0, 1]])
    np.testing.assert_allclose(measures.way(right, [right, right[::-1]]), [[1, 0], [1, 0]])


# As pictures


def test_a_growing_mistake_is_drawn_with_its_range() -> None:
    colours = palette("light")
    line = Line("padding", "other", np.array([[1, 0.5], [1, 0.7]]))
    figure = growth([line], ["0", "20"], x="positions", floor=0.2, palette=colours)
    mean = next(trace for trace in figure.data if trace.name == "padding")
    assert list(mean.y) == pytest.approx([1, 0.6])
    assert mean.line.color == colours.ink
    assert list(figure.data[0].y) == pytest.approx([1, 0.7, 0.5, 1]), "the band: up there and down back"


def test_layers_that_came_back_are_filled() -> None:
    colours = palette("dark")
    figure = layers([("sdpa", 0), ("eager", 3)], 4, colours)
    assert figure.data[0].z.tolist() == [[0, 0, 0, 0], [1, 1, 1, 0]]
    assert figure.data[0].colorscale[-1] == (1, colours.ink)
    assert figure.layout.yaxis.tickvals == (1, 0), "the first way is on top"


# The padded batch of labelled sentences


def test_the_padded_means_are_those_of_one_batch(tiny: Mapping[str, Checkpoint]) -> None:
    right, wrong = probes._averaged(tiny["tiny-bert"])
    texts = [probes.LABELLED.texts[k] for k in probes.HALF]
    assert right.shape == (200, 8)
    whole = read("tiny-bert", texts, attention="none")
    np.testing.assert_allclose(wrong, traps.whole_mean(whole.last_hidden_state), **NEAR)
    np.testing.assert_allclose(right, POOLINGS["mean"].pool(whole), **NEAR)
    found = probes.padded(tiny["tiny-bert"])
    assert probes.padded(tiny["tiny-bert"]) is found
    assert found.cosine == pytest.approx(float(paired(right, wrong).mean()))
    assert 0 < found.together < 1


# On the page


def test_every_mistake_has_its_lines_and_its_picture(embedded: object) -> None:
    app = visit({}, "traps")
    app.session_state[choices.TEXT] = "The film was good.\nWater boils at one hundred degrees."
    said_of = set()
    for key in said.TRAPS:
        app.session_state["traps_which"] = key
        app.run()
        assert_kind(app)
        shown = [each.value for each in app.code]
        assert set(said.code(key, 5, 512)) <= set(shown)
        assert len(pictures(app)) == 3
        assert app.query_params.get("traps_which", ["padding"]) in ([key], key)
        said_of.add(str(next(iter(keyed(app, "says_one")[0].children.values())).value))
    assert len(said_of) == len(said.TRAPS)


def test_what_cannot_be_done_is_said(tiny: Mapping[str, Checkpoint]) -> None:
    app = visit({}, "traps")
    app.session_state[choices.MODEL] = "tiny-distilbert"
    app.session_state[choices.TEXT] = "film " * 80
    for key, words_ in (("padding", "No room for padding"), ("pooler", "No pooler")):
        app.session_state["traps_which"] = key
        app.run()
        assert_kind(app)
        assert words_ in words(app)
        assert len(notes(app)) == 1
    assert "Nothing is padded" in words(app)


def test_a_text_that_is_not_cut_is_no_example_of_cutting(embedded: object) -> None:
    app = visit({}, "traps")
    app.session_state["traps_which"] = "cut"
    long = "The film was good and the book was not, and nobody in the whole house wanted to leave it before the end."
    app.session_state[choices.TEXT] = long
    app.run()
    alone = words(app)
    app.session_state[choices.TEXT] = f"Water boils.\n{long}\nIt rains."
    app.run()
    assert_kind(app)
    beside = words(app)
    shown = re.findall(r"With \d+ tokens kept[^;]*;", beside)
    assert shown == re.findall(r"With \d+ tokens kept[^;]*;", alone) != [], "the short ones change nothing"
    assert "1 text is long enough to be cut. With" in beside
    assert "(without 2 texts that are no longer)" in beside
    assert "A claim, tested on 200 labelled sentences of ours" in beside
    app.session_state[choices.TEXT] = "Yes"
    app.run()
    assert_kind(app)
    assert "**Nothing to cut.**" in words(app)
    assert "“text cut without notice”" in words(app).split("Not possible here: ")[1]
