"""Weight and amount, and what a layer adds up to: by hand, in every family, with the model, in words and pictures."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import transformers as hf
from streamlit.testing.v1 import AppTest

from lib import checkpoints
from lib.checkpoints import CHECKPOINTS, Checkpoint
from lib.checkpoints import DEFAULT as MODEL
from lib.escape import plain
from lib.measures import amount, attention, ledger
from lib.measures.attention import Kind
from lib.measures.journey import loud_unit
from lib.quantities import palette, percent, share
from lib.reading import Added, Floats, LayerParts, Ledger, Reading, Step
from lib.texts.examples import DEFAULT, REFERENCE
from pages.watch.amount import bands as bands_
from pages.watch.amount import exhibits, figures
from pages.watch.amount import terms as terms_
from pages.watch.amount import words as said
from tests import tiny as families
from tests.conftest import CLOSE, ROOT, unlent

ENTRY = CHECKPOINTS[MODEL]
ROBERTA = replace(ENTRY, first_token="<s>", separator="</s>")
TEXT = "The film was good: a dog ran home."
AFTER = "LayerNorm(LayerNorm(h + heads + bias) + feed-forward)"
FORMULAS = {
    **dict.fromkeys(["bert", "distilbert", "roberta", "xlm-roberta", "mpnet", "electra", "albert"], (AFTER, AFTER)),
    "deberta-v2": (AFTER, AFTER),
    "deberta-conv": (f"LayerNorm({AFTER} + convolution)", AFTER),
    # its first layer has no LayerNorm before the attention; behind its last block there is one more
    "modernbert": ("h + heads + feed-forward", "LayerNorm(h + heads + feed-forward)"),
}


def floats(values: object) -> Floats:
    return np.array(values, np.float32)


def step(weight: Sequence[float], bias: Sequence[float], given: Sequence[float]) -> Step:
    """A LayerNorm over two units: the given pair always becomes (1, −1) or (−1, 1), times weight, plus bias."""
    sign = np.sign(given[0] - given[1])
    return Step("LayerNorm", floats(weight), floats(bias), 0.0, floats([sign * np.array([1, -1]) * weight + bias]))


def by_hand() -> LayerParts:
    """Three tokens, two units, one head that reads them 1/2, 1/4, 1/4; post-LN, worked out in the tests below.

    Values (1, 0), (0, 2), (2, 2) through the identity: what is moved is (1/2, 0), (0, 1/2), (1/2, 1/2), in all (1, 1).
    h (1, 0) + (1, 1) + bias (0, −1) = (2, 0); LN1 with weight (2, 1), bias (0, 1) = (2, 0);
    + feed-forward (1, 1) = (3, 1); LN2 with weight (1, 3), no bias = (1, −3).
    """
    return LayerParts(
        weights=floats([[0.5, 0.25, 0.25]]),
        values=floats([[[1, 0], [0, 2], [2, 2]]]),
        output=floats([[[1, 0], [0, 1]]]),
        bias=floats([0, -1]),
        entering=floats([1, 0]),
        path=(
            Added("attention", floats([1, 0])),
            step([2, 1], [0, 1], [2, 0]),
            Added("feed-forward", floats([1, 1])),
            step([1, 3], [0, 0], [3, 1]),
        ),
        leaving=floats([1, -3]),
    )


# Numbers by hand


def test_amounts_by_hand() -> None:
    found = amount.amounts(Ledger((by_hand(),)))
    np.testing.assert_allclose(found.weights, [[0.5, 0.25, 0.25]], **CLOSE)
    np.testing.assert_allclose(found.lengths, [[1, 2, 8**0.5]], **CLOSE)
    np.testing.assert_allclose(found.moved, [[0.5, 0.5, 0.5**0.5]], **CLOSE)
    np.testing.assert_allclose(found.shares, [[0.5, 0.5, 0.5**0.5] / np.array(1 + 0.5**0.5)], **CLOSE)
    np.testing.assert_allclose(found.evenly.sum(axis=1), 1, **CLOSE)
    np.testing.assert_allclose(
        amount.by_group(found.weights, ("itself", "words", "words"), ("words", "itself")), [[0.5, 0.5]], **CLOSE
    )


def test_heads_are_added_before_the_length_is_taken() -> None:
    one = by_hand()
    against = replace(
        one,
        weights=floats([[0.5, 0.25, 0.25]] * 2),
        values=np.concatenate([one.values, -one.values]),
        output=np.concatenate([one.output, one.output]),
    )
    found = amount.amounts(Ledger((against,)))
    np.testing.assert_allclose(found.lengths, [[1, 2, 8**0.5]], **CLOSE)
    assert not found.moved.any(), "what one head gives the other takes"
    assert not found.shares.any(), "and no share of nothing"
    np.testing.assert_allclose(against.by_head, [[1, 1], [-1, -1]], **CLOSE)


def test_mixing_by_hand() -> None:
    found = amount.mixing(Ledger((by_hand(),)))
    brought = (0.5**2 + 1) ** 0.5  # |(1/2, 1)|
    np.testing.assert_allclose(found.weights, [0.5], **CLOSE)
    np.testing.assert_allclose(found.attention, [brought / (brought + 0.5)], **CLOSE)
    np.testing.assert_allclose(found.kept, [brought / (brought + 1.5)], **CLOSE)
    # centred: others (−1/4, 1/4), kept (3/4, −3/4); σ of (2, 0) is 1; the weight (2, 1) is the same for both
    np.testing.assert_allclose(found.normed, [0.25], **CLOSE)
    bare = replace(by_hand(), path=(Added("attention", floats([1, 0])), Added("feed-forward", floats([1, 1]))))
    assert amount.mixing(Ledger((bare,))).normed is None
    np.testing.assert_allclose(amount.mixing(Ledger((bare,))).last, found.kept, **CLOSE)


def test_a_decomposition_by_hand() -> None:
    found = ledger.decompose(by_hand())
    kinds = [(term.kind, term.norm) for term in found.terms]
    assert kinds == [("before", 0), ("read", 0), ("bias", 0), ("bias", 1), ("forward", 0)]
    written = [[1, 0], [1, 1], [0, -1], [0, 1], [1, 1]]
    # through LN1 a vector (a, b) becomes (a − b)/2 · (2, −1), through LN2 (a − b)/2 · (1, −3)
    arrives = [[0.75, -2.25], [0, 0], [0.75, -2.25], [-0.5, 1.5], [0, 0]]
    np.testing.assert_allclose([term.written for term in found.terms], written, **CLOSE)
    np.testing.assert_allclose([term.arrives for term in found.terms], arrives, **CLOSE)
    np.testing.assert_allclose(found.new, [1, -3], **CLOSE)
    np.testing.assert_allclose([found.shares(term.arrives) for term in found.terms], [0.75, 0, 0.75, -0.5, 0], **CLOSE)
    assert found.by_kind == pytest.approx({"before": 0.75, "read": 0, "forward": 0, "near": 0, "bias": 0.25})
    assert [(each.number, each.mean, each.deviation) for each in found.normings] == [(1, 1, 1), (2, 2, 1)]
    assert [type(line).__name__ for line in found.lines] == ["Term"] * 3 + ["Norming"] + ["Term"] * 2 + ["Norming"]
    np.testing.assert_allclose(found.tokens, [[0.375, -1.125], [-0.375, 1.125], [0, 0]], **CLOSE)
    assert found.error < 1e-6
    assert found.attention < 1e-6
    # (1, 0) + (1, 1) + (0, −1) + (1, 1) = (3, 1), which is (2, 4) away from (1, −3)
    assert found.missed == pytest.approx(2**0.5)


def test_a_unit_left_out_takes_no_part_in_lengths_and_shares() -> None:
    found = ledger.decompose(by_hand(), left_out=1)
    np.testing.assert_allclose([found.shares(term.arrives) for term in found.terms], [0.75, 0, 0.75, -0.5, 0], **CLOSE)
    assert found.lengths(found.terms[0].arrives) == pytest.approx(0.75)
    assert found.lengths(found.new) == pytest.approx(1)
    assert ledger.decompose(by_hand()).lengths(found.new) == pytest.approx(10**0.5)


def test_a_wrong_entry_is_found() -> None:
    right = by_hand()
    assert ledger.check([ledger.decompose(right)]).holds
    assert not ledger.check([ledger.decompose(replace(right, leaving=floats([1, -2.9])))]).holds
    assert not ledger.check([ledger.decompose(replace(right, bias=floats([0, -0.9])))]).holds
    with pytest.raises(ValueError, match="way through"):
        ledger.decompose(replace(right, path=None))
    assert not ledger.known(Ledger((right, replace(right, path=None))))
    with pytest.raises(ValueError, match=r"weights has the shape \(1, 2\)"):
        replace(right, weights=floats([[0.5, 0.5]]))


def test_the_tables_hold_every_number() -> None:
    found = amount.amounts(Ledger((by_hand(), by_hand())))
    rows = amount.by_token(found, ("[CLS]", "a", "[SEP]"))
    assert rows["layer"] == [1, 1, 1, 2, 2, 2]
    assert rows["amount"][2] == pytest.approx(0.5**0.5, abs=1e-6)
    every = ledger.decompositions(Ledger((by_hand(), by_hand())))
    page = terms_.table(every[0], 3, "tokens", ("[CLS]", "a", "[SEP]"), ("cls", "word", "sep"), ENTRY)
    assert page["term"][:5] == ("What [CLS] was", "What attention brought", "[CLS]", "a", "[SEP]")
    assert page["term"][-1] == "the new [CLS]"
    assert page["share of the new vector"] == pytest.approx((0.75, 0, 0.375, -0.375, 0, 0.75, -0.5, 0, 1))
    assert page["length as it arrives"][-1] == pytest.approx(10**0.5)
    assert ledger.kinds(every) == ("before", "read", "forward", "bias")
    assert ledger.by_layer(every, ["a", "b", "c", "d"])["d"] == [0.25, 0.25]
    assert ledger.widest([every[0], ledger.decompose(replace(by_hand(), values=floats([[[9, 0]] * 3])))]) == 2


# Every family


def convolved(words: int) -> hf.PreTrainedModel:
    """DeBERTa as its largest models are: behind its first layer it adds a convolution over the input."""
    config = hf.DebertaV2Config(
        vocab_size=words,
        num_hidden_layers=2,
        type_vocab_size=0,
        position_biased_input=False,
        relative_attention=True,
        position_buckets=8,
        share_att_key=True,
        pos_att_type=["p2c", "c2p"],
        conv_kernel_size=3,
        conv_act="gelu",
        **families.SIZES,
    )
    return hf.DebertaV2Model(config)


@pytest.fixture(scope="module")
def known(
    tmp_path_factory: pytest.TempPathFactory, tiny_models: Mapping[str, Checkpoint]
) -> Iterator[Mapping[str, Checkpoint]]:
    """Every family there is a tiny model of, and a convolution."""
    with pytest.MonkeyPatch.context() as patch:
        family = replace(families.FAMILIES["deberta-v2"], model=convolved)
        patch.setattr(families, "FAMILIES", {**families.FAMILIES, "deberta-conv": family})
        more = families.make("deberta-conv", tmp_path_factory.mktemp("deberta-conv"))
        table = {**checkpoints.CHECKPOINTS, **tiny_models, more.slug: more}
        patch.setattr(checkpoints, "CHECKPOINTS", MappingProxyType(table))
        yield table


def taken(slug: str, text: str = TEXT, pair: str | None = None) -> tuple[Reading, Ledger]:
    from lib.model import read
    from lib.model.ledger import ledger

    reading = read(slug, [text], pairs=[pair])
    return reading, ledger(slug, reading.encoding.input_ids[0], reading.encoding.token_type_ids[0])


@pytest.mark.parametrize("name", FORMULAS)
def test_every_family_is_taken_apart(name: str, known: Mapping[str, Checkpoint]) -> None:
    reading, found = taken(f"tiny-{name}")
    assert (said.formula(found.layers[0]), said.formula(found.layers[-1])) == FORMULAS[name]
    assert len(found.layers) == reading.layers
    for k, layer in enumerate(found.layers, 1):
        np.testing.assert_allclose(layer.weights, reading.attends_to(k)[0], **CLOSE)
        np.testing.assert_allclose(layer.entering, reading.cls[k - 1, 0], **CLOSE)
        np.testing.assert_allclose(layer.leaving, reading.cls[k, 0], **CLOSE)
        # what the tokens send in all heads, with the bias, is what the model's attention adds
        attention = next(each.vector for each in layer.path or () if each.name == "attention")
        np.testing.assert_allclose(layer.by_token.sum(axis=0) + layer.bias, attention, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(layer.by_head.sum(axis=0), layer.by_token.sum(axis=0), **CLOSE)
    every = ledger.decompositions(found)
    check = ledger.check(every)
    assert check.holds
    assert check.error < 1e-4
    assert check.total < 1e-9
    for each in every:
        read = next(term.arrives for term in each.terms if term.kind == "read")
        np.testing.assert_allclose(each.heads.sum(axis=0), read, **CLOSE)
        np.testing.assert_allclose(each.tokens.sum(axis=0), read, **CLOSE)


def test_families_are_found_by_their_numbers(known: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.model import ledger as module

    monkeypatch.setattr(module, "MULTIPLIED", -1.0)  # nothing fits any more, not even what is exactly the same
    with pytest.raises(ValueError, match=r"\*\*tiny bert cannot be taken apart here\.\*\*"):
        taken("tiny-bert")
    monkeypatch.undo()
    monkeypatch.setattr(module, "ADDED", -1.0)
    _, found = taken("tiny-bert")
    assert not ledger.known(found), "amounts without sums"
    assert amount.mixing(found).normed is None
    assert amount.amounts(found).moved.all()


def test_what_cannot_be_read_is_refused(known: Mapping[str, Checkpoint]) -> None:
    from lib.model.ledger import ledger

    with pytest.raises(ValueError, match=r"shape \(0,\)"):
        ledger("tiny-bert", np.zeros(0, np.int64))
    with pytest.raises(ValueError, match="2 segments for 3 tokens"):
        ledger("tiny-bert", np.arange(3), np.zeros(2, np.int64))


def test_listening_leaves_nothing_behind(known: Mapping[str, Checkpoint]) -> None:
    net = unlent("tiny-bert").eager
    _, found = taken("tiny-bert")
    hooks = [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in net.modules()]
    taken("tiny-bert")
    assert [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in net.modules()] == hooks
    assert net.encoder.layer[0].attention.output.dense.weight.numpy().flags.writeable
    assert np.shares_memory(found.layers[0].output, net.encoder.layer[0].attention.output.dense.weight.numpy())


# The embedded model


@pytest.fixture(scope="module")
def film(embedded: object) -> tuple[Reading, Ledger]:
    return taken(MODEL, DEFAULT.texts[0])


def test_the_embedded_model_is_as_it_was_measured(embedded: object) -> None:
    """||f(x)|| of [CLS] and of words, and their share of the amount, against what was measured on other texts."""
    lengths, words, shares = [], [], []
    for text in REFERENCE[20:26]:
        _, found = taken(MODEL, text.rstrip(".?"))  # those were phrases; layer 1 takes much from a full stop
        each = amount.amounts(found)
        lengths.append(each.lengths[:, 0])
        words.append(each.lengths[:, 1:-1].mean(axis=1))
        shares.append(each.shares[:, 1:-1].sum(axis=1))
    np.testing.assert_allclose(np.mean(lengths, axis=0), [0.70, 0.19, 0.16, 0.26, 0.12, 0.31], atol=0.01)
    np.testing.assert_allclose(np.mean(words, axis=0), [2.4, 3.7, 4.1, 4.5, 4.0, 3.4], rtol=0.12)
    # those were 60 phrases about films; these lie within 0.08 of them
    np.testing.assert_allclose(np.mean(shares, axis=0), [0.27, 0.44, 0.31, 0.68, 0.70, 0.95], atol=0.1)


def test_the_bands_name_their_tokens_in_order_and_the_open_layer_is_marked(film: tuple[Reading, Ledger]) -> None:
    reading, found = film
    each = attention.kinds(reading.encoding, 0)
    shown = exhibits.amounts(amount.amounts(found), reading, 0, each, "amount")
    head, _ = unpacked(shown.picture.message("words"))
    assert head["columns"] == list(reading.encoding.row(0))
    assert [head["groups"][kind] for kind in head["kinds"]] == list(each)
    made = exhibits.layers(ledger.decompositions(found), loud_unit(reading.cls), 3, reading).picture(palette("light"))
    assert [name for name in made.layout.xaxis.ticktext if "<b>" in name] == ["<b>3</b>"]


def test_the_layers_of_the_embedded_model_add_up(film: tuple[Reading, Ledger], embedded: object) -> None:
    reading, found = film
    every = ledger.decompositions(found)
    check = ledger.check(every)
    assert check.holds
    assert max(check.error, check.attention) < 1e-4
    assert min(each.missed for each in every) > 0.3, "without the LayerNorms they do not"
    net = embedded.eager.encoder.layer[5]
    np.testing.assert_allclose(found.layers[5].bias, net.attention.output.dense.bias.numpy())
    np.testing.assert_allclose(found.layers[5].path[1].weight, net.attention.output.LayerNorm.weight.numpy())
    np.testing.assert_allclose(found.layers[5].path[3].bias, net.output.LayerNorm.bias.numpy())
    np.testing.assert_allclose(found.layers[5].leaving, reading.cls[6, 0], **CLOSE)


# In words


KINDS: tuple[Kind, ...] = ("itself", "words", "separator")


def amounts(weights: object, moved: object, lengths: object) -> amount.Amounts:
    return amount.Amounts(*(np.array(each, np.float64) for each in (weights, lengths, moved)))


def test_moved_in_words() -> None:
    found = amounts([[0.9, 0.05, 0.05]], [[2, 2, 1]], [[0.2, 4.0, 2.0]])
    told = plain(said.amounts(found, KINDS, ["itself", "separator", "words"], ENTRY))
    assert "In layer 1 [CLS] itself has 90% of the weight but 40% of the amount; the words have 5% and 40%." in told
    assert told.endswith("The vectors are 0.20 and 4.00 long.")
    parked = amounts([[0.1, 0.1, 0.8]], [[1, 3, 1]], [[1, 3, 0.1]])
    told = plain(said.amounts(parked, KINDS, ["itself", "separator", "words"], ROBERTA))
    assert told.startswith("In layer 1 </s> has 80% of the weight but 20% of the amount")
    alike = amounts([[0.4, 0.3, 0.3]], [[4, 3, 3]], [[1, 1, 1]])
    assert "no layer is any group’s share" in said.amounts(alike, KINDS, ["itself", "separator", "words"], ENTRY)


def test_what_becomes_of_its_own_share() -> None:
    """Its own weight is 50 %; the amount is told apart from that by more than five points, on average over layers."""
    for moved, right in (([0.6, 0.4], "It grows"), ([0.4, 0.6], "It shrinks"), ([0.549, 0.451], said.ANSWERS[1])):
        found = amounts([[0.5, 0.5]], [moved], [[1, 1]])
        assert said.becomes(found, ("itself", "words")) == right
        assert f"**50%** of the weight, and gets **{share(moved[0])}** of the amount" in said.revealed(
            found, ("itself", "words"), ENTRY
        )
    both = amounts([[0.5, 0.5]] * 2, [[0.6, 0.4], [0.4, 0.6]], [[1, 1]] * 2)
    assert said.becomes(both, ("itself", "words")) == said.ANSWERS[1], "it is the average that counts"
    assert "less than its weight" in said.finding(
        amounts([[0.5, 0.5]], [[0.4, 0.6]], [[1, 1]]), ("itself", "words"), ENTRY
    )


def test_mixed_in_words() -> None:
    found = amount.Mixing(*(np.array(each) for each in ([0.02, 0.5], [0.16, 0.9], [0.018, 0.33], [0.0073, 0.27])))
    told = plain(said.mixing(found, ENTRY))
    assert told == (
        "In layer 2 other tokens bring 90% of what attention adds, but 33% once the old vector of [CLS] counts too and "
        "27% behind the LayerNorm. Layer 2 brings in most from the other tokens: 27% of the new vector."
    )
    bare = plain(said.mixing(replace(found, normed=None), ROBERTA))
    assert "LayerNorm" not in bare
    assert "the old vector of <s>" in bare
    assert [name for name, _ in said.ways(found)][-1] == "with the old vector, behind the LayerNorm"


def test_a_decomposition_in_words() -> None:
    found, tokens, roles = ledger.decompose(by_hand()), ("[CLS]", "**a**", "[SEP]"), ("cls", "word", "sep")
    told = said.layer(found, 3, "heads", tokens, roles, 1, ENTRY)
    assert plain(told).startswith(
        "In layer 3 the new [CLS] is 75% what it was, 0% what attention brought, 0% what the feed-forward part adds "
        "and 25% biases, which are added alike in every text. With the LayerNorms left out"
    )
    assert "brings most" not in told, "it brings nothing"
    assert "miss the new vector by **1.41** times its length" in told
    assert "Dimension 1 holds 90% of the squared length" in told
    assert "squared length" not in said.layer(found, 3, "heads", tokens, roles, 0, ENTRY), "the other one is not loud"
    moved = replace(by_hand(), weights=floats([[0.0, 1.0, 0.0]]), values=floats([[[1, 0], [2, 0], [0, 0]]]))
    told = said.layer(ledger.decompose(moved, left_out=0), 3, "tokens", tokens, roles, 0, ENTRY)
    assert told.startswith("In layer 3, dimension 0 left out, the new")
    assert "“\\*\\*a\\*\\*” brings most" in told
    assert "look again" not in told


def test_shares_of_terms_are_never_a_bare_nothing() -> None:
    assert [said.portion(value) for value in (0.0, 0.003, -0.003, -0.2, 1.02)] == ["0%", "<1%", "<1%", "−20%", "102%"]
    assert [percent(value) for value in (0.0, 0.0002, -0.0002, -0.021, 0.5)] == [
        "0.0%",
        "<0.1%",
        "> −0.1%",
        "−2.1%",
        "50.0%",
    ]


def test_the_rules_are_those_of_the_model(known: Mapping[str, Checkpoint]) -> None:
    told = {name: said.rules(taken(f"tiny-{name}")[1], known[f"tiny-{name}"]) for name in ("bert", "modernbert")}
    assert "LayerNorms divide by a deviation σ on the way" in told["bert"]
    assert "no LayerNorm stands on its way" in told["modernbert"]
    assert "behind the last layer one does" in told["modernbert"]


def test_overview_in_words(film: tuple[Reading, Ledger]) -> None:
    every, unit = ledger.decompositions(film[1]), loud_unit(film[0].cls)
    whole, without = (each.by_kind["read"] for each in (every[-1], ledger.recounted(every, unit)[-1]))
    told = plain(said.layers(every, unit, ENTRY))
    assert told.startswith(f"What attention brings makes most in layer 6: {said.portion(whole)} of the new [CLS].")
    assert "the feed-forward part makes more than half in layers 1 to 4" in told
    held = [each.held(unit) for each in every]
    assert min(held[:5]) > 0.9
    assert (
        f"Dimension {unit} alone holds {share(min(held))} to {share(max(held))} of the squared length in every" in told
    )
    beside = f"Without dimension {unit} what attention brings makes most in layer 6: {said.portion(without)} of what"
    assert told.endswith(f"{beside} is left.")
    aside = "iases, added alike in every text, make more than half in layers 1 to 3"
    assert aside not in told, "what is not needed at first sight stands at the table"
    assert f"add up to 1. Without dimension {unit} " in said.made(every, unit)
    assert aside in said.made(every, unit)
    recounted = ledger.recounted(every, unit)
    told = plain(said.layers(recounted, unit, ENTRY))
    assert f"of the new [CLS] (without dimension {unit})." in told
    assert told.endswith(
        f"With dimension {unit} what attention brings makes most in layer 6: {said.portion(whole)} of the whole vector."
    )
    assert f"With dimension {unit} the feed-forward part" in said.made(recounted, unit) or (
        f"With dimension {unit} what it was makes more than half" in said.made(recounted, unit)
    )
    told = said.layers([ledger.decompose(by_hand())], 0, ENTRY)
    assert told.startswith("In no layer does what attention brings point along the new")


@pytest.mark.parametrize(("length", "loud"), [(1.0, False), (1.01, True)])
def test_shares_without_a_unit_stand_beside_where_it_holds_more_than_half(length: float, loud: bool) -> None:
    every = [replace(ledger.decompose(by_hand()), new=np.array([length, 1.0]))]
    assert every[0].held(0) == pytest.approx(length**2 / (length**2 + 1))
    told = said.layers(every, 0, ENTRY)
    assert ("Dimension 0 alone holds" in told) is loud
    assert ("**Without dimension 0** " in told) is loud
    assert ("Without dimension 0 " in said.made(every, 0)) is loud


# In pictures


def unpacked(data: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    size = struct.unpack("<I", data[:4])[0]
    head, body = json.loads(data[4 : 4 + size]), data[4 + size :]
    arrays = {
        name: np.frombuffer(body, "<f4", int(np.prod(each["shape"])), each["at"]).reshape(each["shape"])
        for name, each in head["arrays"].items()
    }
    return head, arrays


def test_the_bands_carry_wholes() -> None:
    tokens = ("[CLS]", *(f"<b>{k}" for k in range(60)), "[SEP]")
    kinds: list[Kind] = ["itself", *["words"] * 60, "separator"]
    rng = np.random.default_rng(5)
    shares = {which: rng.dirichlet(np.full(62, 0.2), size=3) for which in ("weight", "length", "amount")}
    names: dict[Kind, str] = {"itself": "itself", "separator": "[SEP]", "words": "the words"}
    head, arrays = unpacked(
        bands_.payload(shares, np.ones((3, 62)), tokens, kinds, names, state="amount", meant="m", alt="a **b**")
    )
    assert len(head["columns"]) == arrays["amount"].shape[1] <= bands_.MOST
    for which in shares:
        np.testing.assert_allclose(arrays[which].sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(arrays["lengths"], 1, rtol=1e-6)
    assert head["alt"] == "a b"
    assert head["columns"][0] == "[CLS]"
    assert any(head["gaps"])
    assert head["columns"][head["gaps"].index(True)].endswith(" more")
    assert [head["groups"][kind] for kind in (head["kinds"][0], head["kinds"][-1])] == ["itself", "separator"]


def test_terms_are_written_line_by_line() -> None:
    found, tokens, roles = ledger.decompose(by_hand()), ("[CLS]", "<b>", "[SEP]"), ("cls", "word", "sep")
    head, _ = unpacked(terms_.payload(found, 3, "tokens", tokens, roles, ENTRY, alt="a"))
    assert [(row["type"], row["text"]) for row in head["rows"]] == [
        ("term", "75.0%"),
        ("term", "0.0%"),
        ("part", "37.5%"),
        ("part", "−37.5%"),
        ("part", "0.0%"),
        ("term", "75.0%"),
        ("norm", "so far 150.0%"),
        ("term", "−50.0%"),
        ("term", "0.0%"),
        ("norm", "so far 100.0%"),
    ]
    assert head["rows"][1]["about"] == "3 tokens"
    assert [row["role"] for row in head["rows"] if row["type"] == "part"] == list(roles)
    assert head["total"]["text"] == "100.0%"
    assert head["rows"][0]["about"] == "h, hidden_states[2]"
    assert head["formula"] == f"new [CLS] = {AFTER}"
    assert sum(row["share"] for row in head["rows"] if row["type"] == "term") == pytest.approx(1)


def test_many_heads_are_the_largest_and_the_rest() -> None:
    one = by_hand()
    many = replace(
        one,
        weights=np.repeat(one.weights, 20, axis=0),
        values=np.repeat(one.values, 20, axis=0) * np.arange(20, dtype=np.float32)[:, None, None] * floats([1, 0.5]),
        output=np.repeat(one.output, 20, axis=0),
    )
    found = ledger.decompose(many)
    head, _ = unpacked(terms_.payload(found, 1, "heads", ("a", "b", "c"), ("cls", "word", "sep"), ENTRY, alt="a"))
    parts = [row for row in head["rows"] if row["type"] == "part"]
    assert len(parts) == terms_.UNFOLDED
    assert parts[-1]["label"] == "the other 5 together"
    assert [row["label"] for row in parts[:-1]] == [f"head {k}" for k in range(6, 21)]
    read = next(row["share"] for row in head["rows"] if row.get("kind") == "read")
    assert sum(row["share"] for row in parts) == pytest.approx(read, abs=1e-4)


def test_mixing_is_drawn_way_by_way() -> None:
    counted = [(name, np.array([0.2, 0.4])) for name in ("by weight", "by amount", "kept")]
    figure = figures.mixing(counted, palette("light"))
    assert [trace.name for trace in figure.data] == ["by weight", "by amount", "kept"]
    assert len({(trace.marker.color, trace.marker.pattern.shape) for trace in figure.data}) == 3
    assert palette("light").cls not in {trace.marker.color for trace in figure.data}
    assert list(figure.data[0].text) == ["20%", "40%"]


def test_the_terms_of_every_layer_are_stacked_up_and_down() -> None:
    shares = {"before": np.array([1.2, 0.5]), "read": np.array([-0.2, 0.3]), "bias": np.array([0.0, 0.2])}
    names = {"before": "what <s> was", "read": "what it read", "bias": "biases"}
    figure = figures.made_of(shares, names, 2, palette("dark"), y="share")
    assert figure.layout.barmode == "relative"
    assert figure.data[0].name == "what &lt;s&gt; was"
    assert figure.data[0].marker.color == palette("dark").cls
    assert figure.layout.yaxis.range[0] < -0.2
    assert figure.layout.yaxis.range[1] > 1.2
    assert list(figure.layout.xaxis.ticktext) == ["1", "<b>2</b>"]


# The page


def test_the_page_opens_the_layer_that_a_link_asks_for(embedded: object) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/watch/amount/page.py")
    app.session_state["amount_guess"] = "no"
    for key, value in {"open": "1", "amount_layer": "4", "amount_fold": "tokens", "amount_without": "true"}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    words = "\n".join(each.value for each in app.markdown)
    assert "In layer 4, dimension 99 left out, the new" in words
    assert words.count("- ● ") == 3
    assert "Broken" not in words
