"""What is said of weight and amount, of what is kept, and of all that adds up to a layer's new vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.amount import Amounts, Mixing, by_group
from lib.measures.attention import Kind as Group
from lib.measures.attention import runs
from lib.measures.ledger import Check, Decomposition, Norming, Term, TermKind, recounted
from lib.quantities import number, plural, power, share
from lib.reading import Added, LayerParts, Ledger
from lib.texts.sources import link
from lib.words.attention import named, several

STATES = ("weight", "length", "amount")  # what the bands show
APART = 0.05  # from where on weight and amount are said to differ
MUCH = 0.5  # "more than half"
ANSWERS = ("It grows", "It stays about the same", "It shrinks")
CLOSED = "The way from one vector to the next could not be followed here, so its terms are not shown."
FOLDS = {"heads": "by head", "tokens": "by token"}  # what the attention's part is taken apart into


def state(which: str) -> str:
    """What the bands show, on the switch."""
    return {"weight": "Weight", "length": "Length", "amount": "Amount moved"}[which]


def meant(which: str, checkpoint: Checkpoint) -> str:
    """What the bands show, above them; plain text."""
    first = checkpoint.first_token
    return {
        "weight": f"the share of its attention that {first} gives to each token, mean over heads",
        "length": "how long the vector is that each token has to give, before any weight, mean over heads",
        "amount": f"how long the vector is that {first} gets of each token: weight times vector, all heads added up",
    }[which]


def group(kind: Group, checkpoint: Checkpoint) -> str:
    """A group of tokens inside a sentence."""
    return {
        "itself": f"{named(checkpoint)} itself",
        "separator": escape.markdown(checkpoint.separator),
        "punctuation": "punctuation",
        "words": "the words",
        "words_a": "the words of A",
        "words_b": "the words of B",
    }[kind]


def _has(kind: Group) -> str:
    return "have" if kind.startswith("words") else "has"


def amounts(found: Amounts, kinds: Sequence[Group], groups: Sequence[Group], checkpoint: Checkpoint) -> str:
    """Where weight and amount differ most, why, and what follows for the first token itself.

    Args:
        found: of one text.
        kinds: what each token is.
        groups: the kinds that occur.
        checkpoint: the model.
    """
    weights, shares = by_group(found.weights, kinds, groups), by_group(found.shares, kinds, groups)
    gap = weights - shares
    k, g = (int(i) for i in np.unravel_index(int(gap.argmax()), gap.shape))
    if gap[k, g] < APART:
        return (
            f"In no layer is any group’s share of the weight more than {APART * 100:.0f} points above its share of the "
            "amount: between these groups the two say nearly the same."
        )
    other = int(gap[k].argmin())
    sizes = np.array([kinds.count(each) for each in groups])
    lengths = by_group(found.lengths, kinds, groups)[k] / sizes
    less, more = groups[g], groups[other]
    each = " on average" if sizes[g] > 1 or sizes[other] > 1 else ""
    return (
        f"In layer {k + 1} {group(less, checkpoint)} {_has(less)} **{share(float(weights[k, g]))}** of the weight but "
        f"**{share(float(shares[k, g]))}** of the amount; {group(more, checkpoint)} {_has(more)} "
        f"{share(float(weights[k, other]))} and **{share(float(shares[k, other]))}**. The vectors are "
        f"{number(float(lengths[g]))} and {number(float(lengths[other]))} long{each}."
    )


def _own(kinds: Sequence[Group]) -> int:
    return list(kinds).index("itself")


def becomes(found: Amounts, kinds: Sequence[Group]) -> str:
    """Which of ANSWERS is right: what becomes of the first token's own share, mean over layers."""
    own = _own(kinds)
    gap = float((found.shares[:, own] - found.weights[:, own]).mean())
    return ANSWERS[0 if gap > APART else 2 if gap < -APART else 1]


def revealed(found: Amounts, kinds: Sequence[Group], checkpoint: Checkpoint) -> str:
    """The first token's own share by weight and by amount, mean over layers."""
    own, first = _own(kinds), named(checkpoint)
    return (
        f"Over all {plural(len(found.weights), 'layer')}, {first} gives itself "
        f"**{share(float(found.weights[:, own].mean()))}** of the weight, and gets "
        f"**{share(float(found.shares[:, own].mean()))}** of the amount from itself."
    )


def finding(found: Amounts, kinds: Sequence[Group], checkpoint: Checkpoint) -> str:
    """What the bands show, as a title."""
    return {
        ANSWERS[0]: f"{named(checkpoint)} brings itself more than its weight says",
        ANSWERS[1]: "Weight and amount say nearly the same",
        ANSWERS[2]: f"{named(checkpoint)} brings itself less than its weight says",
    }[becomes(found, kinds)]


def grouped(found: Amounts, kinds: Sequence[Group], groups: Sequence[Group]) -> dict[str, float]:
    """The sums that the sentence under the bands says, by what they are."""
    sums = {"weight": by_group(found.weights, kinds, groups), "amount": by_group(found.shares, kinds, groups)}
    return {
        f"{what} of {kind}, layer {k + 1}": float(values[k, g])
        for what, values in sums.items()
        for k in range(len(values))
        for g, kind in enumerate(groups)
    }


def ways(found: Mixing) -> tuple[tuple[str, np.ndarray], ...]:
    """Every way of counting by its name, with float64[layers]; the last one counts most."""
    counted = [("by weight", found.weights), ("by amount", found.attention), ("with the old vector", found.kept)]
    if found.normed is not None:
        counted.append(("with the old vector, behind the LayerNorm", found.normed))
    return tuple(counted)


def mixing(found: Mixing, checkpoint: Checkpoint) -> str:
    """What other tokens make of the new vector, beside what stays."""
    first, last = named(checkpoint), found.last
    k, most = int((found.attention - last).argmax()), int(last.argmax())
    behind = "" if found.normed is None else f" and {_precise(float(last[k]))} behind the LayerNorm"
    however = "but" if found.kept[k] < found.attention[k] else "and"
    said = (
        f"In layer {k + 1} other tokens bring **{_precise(float(found.attention[k]))}** of what attention adds, "
        f"{however} **{_precise(float(found.kept[k]))}** once the old vector of {first} counts too{behind}. "
    )
    return (
        f"{said}Layer {most + 1} brings in most from the other tokens: **{_precise(float(last[most]))}** of the new "
        "vector."
    )


def formula(layer: LayerParts) -> str:
    """How a layer makes the new vector, as code."""
    made = "h"
    for each in layer.path or ():
        if not isinstance(each, Added):
            made = f"LayerNorm({made})"
        elif each.name == "attention":
            made += " + heads" + (" + bias" if layer.bias.any() else "")
        else:
            made += f" + {each.name}"
    return made


def rules(ledger: Ledger, checkpoint: Checkpoint) -> str:
    """How the terms are counted, for the paragraph above them.

    Args:
        ledger: of one text.
        checkpoint: the model.
    """
    normed = ["LayerNorm" in formula(layer) for layer in ledger.layers]
    said = (
        f"A layer adds two things to the old vector of {named(checkpoint)}: what attention brings, and what the "
        "feed-forward part makes of the sum. "
    )
    if all(normed[:-1]) and normed[-1]:
        said += "LayerNorms divide by a deviation σ on the way; with σ held fixed, each term can be followed. "
    else:
        said += "In this model no LayerNorm stands on its way, so each term is added as it is"
        said += "; behind the last layer one does, and its σ is held at what it was. " if normed[-1] else ". "
    return (
        said + "A bar is a term’s length along the new vector, as a share of that vector’s own; below 0 it points back."
    )


def how(which: str, checkpoint: Checkpoint) -> str:
    """What is drawn, for the paragraphs of the page."""
    first = named(checkpoint)
    return {
        "amount": "The amount of token *j* is |Σ*ₕ αₕⱼ fₕ*(*xⱼ*)|: in each head *h* the weight times the projected "
        f"value, all heads added up before the length is taken ({link('kobayashi2020')}). A band shows shares of the "
        "sum of these lengths.",
        "mixing": f"Attention does not replace the vector of {first}, it adds to it. So count again: how much of the "
        "new vector comes from other tokens, once the old vector counts too? |others| / (|others| + |own|) "
        f"({link('kobayashi2021')}).",
        "every": "The same terms in every layer; the layer that is open above is set in bold.",
    }[which]


def limits(checkpoint: Checkpoint) -> str:
    """What the page does not show."""
    return (
        f"An amount is a length: what is moved may point anywhere, even against what {named(checkpoint)} keeps. A "
        "share says who wrote a part, not what would be missing without it: the feed-forward part is made of what was "
        "read, and with a term left out σ would be another. What becomes of it in later layers is not on this page. "
        "One model, one text."
    )


def term(line: Term, layer: int, read: str, checkpoint: Checkpoint) -> tuple[str, str]:
    """A term of the new vector: what it is, and the model's word for it; plain text.

    Args:
        line: of the sum.
        layer: from 1.
        read: what it read from, counted.
        checkpoint: the model.
    """
    return {
        "before": (f"What {checkpoint.first_token} was", f"h, hidden_states[{layer - 1}]"),
        "read": ("What attention brought", read),
        "bias": (f"Bias of {f'LayerNorm {line.norm}' if line.norm else 'the attention'}", "added alike in every text"),
        "forward": ("What the feed-forward part made of that", "feed-forward"),
        "near": ("From its neighbours", "convolution over the input"),
    }[line.kind]


def norming(line: Norming) -> str:
    """A LayerNorm between the lines; plain text."""
    return (
        f"LayerNorm {line.number}: its mean ({number(line.mean)}) taken away, divided by σ = "
        f"{number(line.deviation)}, each dimension scaled"
    )


def kind(which: TermKind, checkpoint: Checkpoint) -> str:
    """A kind of term, as it is labelled; plain text."""
    return {
        "before": f"what {checkpoint.first_token} was",
        "read": "what attention brought",
        "forward": "feed-forward",
        "near": "convolution",
        "bias": "biases",
    }[which]


def apart(found: Decomposition) -> str:
    """Which unit is left out, in brackets behind a label; "" where none is."""
    return "" if found.left_out is None else f" (without dimension {found.left_out})"


def axis(found: Decomposition) -> str:
    """What the bars of the terms are shares of; plain text."""
    return f"share of the new vector{apart(found)}"


def portion(value: float) -> str:
    """A share that may be below 0, as whole percent; "<1%" for what would round to nothing but is something."""
    return "<1%" if 0 < abs(value) < 0.005 else share(value)


def _precise(value: float) -> str:
    """A share that is often small: with a decimal below 10 percent."""
    return f"{value * 100:.1f}%" if 0.0005 <= value < 0.0995 else share(value)


def layer(
    found: Decomposition,
    layer: int,
    fold: str,
    tokens: Sequence[str],
    roles: Sequence[str],
    unit: int,
    checkpoint: Checkpoint,
) -> str:
    """What one layer's new vector is made of.

    Args:
        found: the terms.
        layer: from 1.
        fold: "heads" or "tokens".
        tokens: of the text, by name.
        roles: what each of them is.
        unit: the outlier dimension, which may be left out.
        checkpoint: the model.
    """
    first, made = named(checkpoint), found.by_kind
    where = f"In layer {layer}" if found.left_out is None else f"In layer {layer}, dimension {found.left_out} left out,"
    others = [
        (made["near"], f"**{portion(made['near'])}** what the convolution adds"),
        (made["bias"], f"**{portion(made['bias'])}** biases, which are added alike in every text"),
    ]
    listed = [
        f"**{portion(made['before'])}** what it was",
        f"**{portion(made['read'])}** what attention brought",
        f"**{portion(made['forward'])}** what the feed-forward part adds",
        *(words for value, words in others if value),
    ]
    said = f"{where} the new {first} is {', '.join(listed[:-1])} and {listed[-1]}. "
    each = found.shares(found.heads if fold == "heads" else found.tokens)
    best = int(each.argmax())
    if fold == "heads":
        who = f"head {best + 1}"
    else:
        name = tokens[best]
        who = {"cls": f"{first} itself", "sep": escape.markdown(name)}.get(roles[best], escape.quote(name, 24))
    if each[best] > 0:
        said += f"Of what attention brought, {who} brings most ({portion(float(each[best]))}). "
    if found.normings:
        said += (
            f"With the LayerNorms left out, the same sum would miss the new vector by **{number(found.missed)}** "
            "times its length. "
        )
    loud = found.held(unit)
    if found.left_out is None and loud > MUCH:
        said += (
            f"Dimension {unit} holds {share(loud)} of the squared length of the new vector (an outlier dimension): "
            "leave it out and look again."
        )
    return said.strip()


def layers(found: Sequence[Decomposition], unit: int, checkpoint: Checkpoint) -> str:
    """What makes the new vector, layer by layer; where one unit holds most of it, also without that unit.

    Args:
        found: of every layer, as they are drawn.
        unit: the outlier dimension.
        checkpoint: the model.
    """
    whole = f"the new {named(checkpoint)}{apart(found[0])}"
    said = f"{_sentence(_most(found, whole))} {_sentence(_halves(found))}"
    held = np.array([each.held(unit) for each in found])
    loud = held > MUCH
    if not loud.any():
        return said
    low, high = share(float(held[loud].min())), share(float(held[loud].max()))
    most = _most(recounted(found, _other(found, unit)), "what is left" if _counted(found) else "the whole vector")
    return (
        f"{said} Dimension {unit} alone holds {low if low == high else f'{low} to {high}'} of the squared length in "
        f"{several(runs(loud.tolist()), len(found))}. **{_beside(found, unit)}** {most}."
    )


def made(found: Sequence[Decomposition], unit: int) -> str:
    """What the table under the overview holds, and what makes more than half with the loudest unit the other way."""
    whole = "Share of the new vector that each kind of term makes; the shares of a layer add up to 1."
    if all(each.held(unit) <= MUCH for each in found):
        return whole
    return f"{whole} {_beside(found, unit)} {_halves(recounted(found, _other(found, unit)))}."


def _counted(found: Sequence[Decomposition]) -> bool:
    return found[0].left_out is None


def _other(found: Sequence[Decomposition], unit: int) -> int | None:
    return unit if _counted(found) else None


def _beside(found: Sequence[Decomposition], unit: int) -> str:
    return f"{'Without' if _counted(found) else 'With'} dimension {unit}"


def _most(found: Sequence[Decomposition], whole: str) -> str:
    """In which layer what is read makes most; the beginning of a sentence or its end."""
    read = np.array([each.by_kind["read"] for each in found])
    best = int(read.argmax())
    if read[best] <= 0:
        return f"in no layer does what attention brings point along {whole}"
    return f"what attention brings makes most in layer {best + 1}: **{portion(float(read[best]))}** of {whole}"


def _halves(found: Sequence[Decomposition]) -> str:
    """What makes more than half, and in which layers; the beginning of a sentence or its end."""
    told: Mapping[TermKind, str] = {
        "before": "what it was makes more than half",
        "forward": "the feed-forward part makes more than half",
        "read": "what attention brings makes more than half",
        "bias": "biases, added alike in every text, make more than half",
    }
    sentences = [
        f"{words} in {several(where, len(found))}"
        for which, words in told.items()
        if (where := runs([each.by_kind[which] > MUCH for each in found]))
    ]
    return "; ".join(sentences) or "nothing makes more than half in any layer"


def _sentence(words: str) -> str:
    """Words as a sentence."""
    return f"{words[0].upper()}{words[1:]}."


def proofs(found: Check, checkpoint: Checkpoint) -> tuple[tuple[str, str, bool], ...]:
    """What the page proves of its sums: what should hold, what was found, whether it does."""
    layers, within = plural(found.layers, "layer"), found.holds
    return (
        (
            "Weights times vectors, all heads and the bias, are what the model’s attention gives",
            f"largest difference in {layers} {power(found.attention)}",
            within,
        ),
        (
            f"The terms add up to the model’s own new {named(checkpoint)}",
            f"largest difference in {layers} {power(found.error)}",
            within,
        ),
        ("The shares of a layer add up to 1", f"largest deviation {power(found.total)}", found.total < 1e-6),
    )
