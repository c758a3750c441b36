"""Mistakes on the way to one vector, in words and in code: the wrong line, the right one, and what the damage is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lib import escape
from lib.checkpoints import Checkpoint
from lib.found import Verdict
from lib.measures.probe import Score
from lib.measures.traps import Damage, Key
from lib.quantities import listed, number, plural, power, share, written
from lib.words.attention import named
from lib.words.classify import points, within
from pages.change.traps.measures import Returned

ANSWERS = (
    "The accuracy of a classifier",
    "The cosine to the right vector",
    "Both of them",
    "Neither of them",
)

FAR = 0.95  # mean cosine up to which vectors count as far from the right ones
ROUNDING = 1e-4  # of an activation; sums over more positions round otherwise: 4e-6 measured
PASSES = 0.9  # cosine from which on a vector would be taken for the right one
MATTERS = 0.05  # of the texts: a smaller fall in accuracy is one that nobody would look into

# what the lines of code below start from, unless they make a batch of their own
START = 'batch = tokenizer(texts, padding=True, return_tensors="pt")'


@dataclass(frozen=True)
class Trap:
    """One mistake.

    Attributes:
        name: short, plain; "{first}" stands for the model's own first token.
        wrong: lines of code that make it; they end in ``vectors``, or in ``attention``.
        right: lines that do not.
        why: what goes wrong, a sentence or two; "{first}", "{sep}" and "{pad}" stand for the model's own names.
        is_first: whether the wrong vector is still the first token's own.
    """

    name: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]
    why: str
    is_first: bool = False


_FIRST = ("h = model(**batch).last_hidden_state", "vectors = h[:, 0]")
_MEAN = (
    "h = model(**batch).last_hidden_state",
    "mask = batch.attention_mask[..., None]",
    "vectors = (h * mask).sum(dim=1) / mask.sum(dim=1)",
)
_ASKED = ("out = model(**batch, output_attentions=True)", "attention = out.attentions")

TRAPS: Mapping[Key, Trap] = MappingProxyType(
    {
        "unmasked": Trap(
            name="mask left out",
            wrong=("h = model(batch.input_ids).last_hidden_state", "vectors = h[:, 0]"),
            right=_FIRST,
            why="Without `attention_mask` every token attends to the padding as if it were text, {first} too. No error "
            "is raised, and a vector now depends on what else was in the batch.",
            is_first=True,
        ),
        "padding": Trap(
            name="padding averaged in",
            wrong=("h = model(**batch).last_hidden_state", "vectors = h.mean(dim=1)"),
            right=_MEAN,
            why="Padding has vectors, too, in every layer. The mask keeps tokens from attending to it, but it does not "
            "keep `mean` from counting it.",
        ),
        "left": Trap(
            name="padded on the left",
            wrong=(
                "batch = tokenizer(",
                '    texts, padding=True, padding_side="left",',
                '    return_tensors="pt"',
                ")",
                *_FIRST,
            ),
            right=(
                "batch = tokenizer(",
                '    texts, padding=True, padding_side="right",',
                '    return_tensors="pt"',
                ")",
                *_FIRST,
            ),
            why="With padding on the left, position 0 holds {pad} in every text but the longest, and {first} stands "
            "farther to the right.",
        ),
        "pooler": Trap(
            name="pooler taken for {first}",
            wrong=("vectors = model(**batch)[1]  # pooler_output",),
            right=_FIRST,
            why="`pooler_output`, or `outputs[1]`, is the vector of {first} after one more dense layer and a tanh. It "
            "is as good as the training of that layer.",
        ),
        "sdpa": Trap(
            name="attention missing",
            wrong=("model = AutoModel.from_pretrained(name)", *_ASKED),
            right=("model = AutoModel.from_pretrained(", '    name, attn_implementation="eager"', ")", *_ASKED),
            why="The default is fused attention (`sdpa`) wherever a family has it, and that never holds the weights. "
            "Asked for them, it raises no error: there is a warning in the log.",
        ),
        "specials": Trap(
            name="special tokens averaged in",
            wrong=_MEAN,
            right=(
                "batch = tokenizer(",
                '    texts, padding=True, return_tensors="pt",',
                "    return_special_tokens_mask=True",
                ")",
                'special = batch.pop("special_tokens_mask")',
                "words = (1 - special)[..., None]",
                "h = model(**batch).last_hidden_state",
                "vectors = (h * words).sum(dim=1) / words.sum(dim=1)",
            ),
            why="`attention_mask` is 1 for {first} and {sep}, too, so a mean “of the words” counts them. Whether they "
            "belong there depends on how the model was trained. The mistake is to mix both ways.",
        ),
        "cut": Trap(
            name="text cut without notice",
            wrong=(
                "batch = tokenizer(",
                "    texts, padding=True, truncation=True,",
                '    max_length={most}, return_tensors="pt"',
                ")",
                *_FIRST,
            ),
            right=(
                "ids = tokenizer(texts).input_ids",
                "unread = [len(each) - {limit} for each in ids]",
                "batch = tokenizer(",
                "    texts, padding=True, truncation=True,",
                '    max_length={limit}, return_tensors="pt"',
                ")",
                *_FIRST,
            ),
            why="`truncation=True` cuts after `max_length` tokens and says nothing. Count the tokens before you cut: "
            "where `unread` is above 0, something is lost. And cut no earlier than the model has to.",
            is_first=True,
        ),
    }
)


def question() -> str:
    """What is asked before the experiment."""
    return (
        "Somebody averages all positions of a padded batch, padding included, and trains a classifier on these means. "
        "Which number shows the mistake?"
    )


def name(key: Key, checkpoint: Checkpoint) -> str:
    """A mistake's name with the model's own first token; plain text."""
    return TRAPS[key].name.format(first=checkpoint.first_token)


def why(key: Key, checkpoint: Checkpoint) -> str:
    """What goes wrong; Markdown."""
    return TRAPS[key].why.format(
        first=named(checkpoint), sep=escape.markdown(checkpoint.separator), pad=escape.markdown(checkpoint.padding)
    )


def code(key: Key, most: int, limit: int) -> tuple[str, str]:
    """The wrong lines and the right ones, ready to be run behind :data:`START`.

    Args:
        key: of the mistake.
        most: tokens that the cut leaves.
        limit: of the model.
    """
    wrong, right = (
        "\n".join(lines).replace("{most}", str(most)).replace("{limit}", str(limit))
        for lines in (TRAPS[key].wrong, TRAPS[key].right)
    )
    return wrong, right


def begins(key: Key) -> str:
    """What stands before the lines of code; Markdown."""
    both = all("batch = tokenizer(" in lines for lines in (TRAPS[key].wrong, TRAPS[key].right))
    return "" if both else f"Before these lines: `{START}`"


def guessed(right: Score, change: Score, cosine: float, majority: float) -> tuple[str, ...]:
    """The answer of ``ANSWERS`` that is right here; none where the accuracy cannot tell.

    Args:
        right: answers of a classifier on right vectors.
        change: how much higher the accuracy with the mistake is than without.
        cosine: mean, of the wrong vectors to the right ones.
        majority: right answers for always saying the same.
    """
    seen = cosine <= FAR
    if right.low <= majority:
        return ()
    if change.high < 0:
        return (ANSWERS[2] if seen else ANSWERS[0],)
    if change.low <= -MATTERS:
        return ()
    return (ANSWERS[1] if seen else ANSWERS[3],)


def because(right: Score, everywhere: Score, change: Score, cosine: float) -> str:
    """What both numbers do, for the reveal.

    Args:
        right: answers of a classifier on right means.
        everywhere: of one that learned from wrong means and is used on them.
        change: how much higher the second is, sentence by sentence.
        cosine: mean, of the wrong vectors to the right ones.
    """
    return (
        f"The cosine to the right mean falls to **{written(cosine)}**. The accuracy is **{share(everywhere.value)}** "
        f"with the mistake and {share(right.value)} without it: a change of {points(change)} (95% interval)."
    )


def headline(found: Sequence[Damage], checkpoint: Checkpoint) -> str:
    """How many of the mistakes lead far away; Markdown."""
    far = [each for each in found if each.share >= 1]
    if far:
        many = "One mistake leads" if len(far) == 1 else f"{len(far)} of {len(found)} mistakes lead"
        return f"{many} as far away as an unrelated sentence"
    return f"The worst mistake here is “{escape.markdown(name(found[0].key, checkpoint))}”"


def compared(found: Sequence[Damage], checkpoint: Checkpoint) -> str:
    """All mistakes at once.

    Args:
        found: the damages, the worst first.
        checkpoint: the model that read.
    """
    worst, least = found[0], found[-1]
    texts = max(len(each.right) for each in found)
    return (
        f"On {plural(texts, 'text')} the worst mistake is “{escape.markdown(name(worst.key, checkpoint))}”: the cosine "
        f"to the right vector is **{written(worst.cosine)}**. The mildest is "
        f"“{escape.markdown(name(least.key, checkpoint))}”, with **{written(least.cosine)}**."
    )


def made(
    found: Sequence[Damage], missing: Sequence[str], pads: int, most: int, came: int, checkpoint: Checkpoint
) -> str:
    """How the mistakes were made.

    Args:
        found: the damages.
        missing: names of mistakes that cannot be made here.
        pads: padding tokens behind the longest text; 0 where none can be tried.
        most: tokens that the cut leaves.
        came: layers whose attention comes back by default.
        checkpoint: the model that read.
    """
    texts = max(len(each.right) for each in found)
    padded = (
        f"Each text gets {plural(pads, 'padding token')} more than the longest one needs"
        if pads
        else ("Nothing is padded")
    )
    cut = ""
    if shorter := [len(each.right) for each in found if each.key == "cut"]:
        whole = texts - shorter[0]
        cut = f", and is cut after {plural(most, 'token')}"
        cut += f" (without {plural(whole, 'text that is', 'texts that are')} no longer)" if whole else ""
    missed = f" Not possible here: {listed([f'“{escape.markdown(each)}”' for each in missing])}." if missing else ""
    return (
        f"{padded}{cut}. “{escape.markdown(name('sdpa', checkpoint))}” changes no vector: attention comes back from "
        f"{came} of {plural(checkpoint.layers, 'layer')}.{missed}"
    )


def between(damage: Damage) -> str:
    """What a mistake does to the similarity of texts, if all of them are made with it; "" for one text."""
    if damage.between is None:
        return ""
    right, wrong = damage.between
    return f" Two texts, both made wrongly, have a cosine of {written(wrong)}; made rightly, {written(right)}."


def vector(damage: Damage, checkpoint: Checkpoint) -> str:
    """How far one mistake leads, a sentence or two."""
    note = f" The pooler of this model was {checkpoint.pooler_note}." if damage.key == "pooler" else ""
    return (
        f"The wrong vector has a cosine of **{written(damage.cosine)}** to the right one (mean of "
        f"{plural(len(damage.right), 'text')}). An unrelated sentence has {written(damage.floor)}."
        + between(damage)
        + note
    )


def far(damage: Damage, checkpoint: Checkpoint) -> str:
    """How far one mistake leads, as a title; Markdown."""
    called = escape.markdown(name(damage.key, checkpoint))
    times = number(damage.share, 2)
    return f"{called[:1].upper()}{called[1:]}: {times} times as far as an unrelated sentence"


def grows(damage: Damage, first: float, last: float, steps: Sequence[int]) -> str:
    """How one mistake grows.

    Args:
        damage: as it is now.
        first: mean cosine at the first step.
        last: mean cosine at the last step.
        steps: what was tried: tokens that are kept, or padding tokens beyond the longest text.
    """
    if damage.key == "cut":
        texts = plural(len(damage.right), "text is", "texts are")
        begin, end = f"{texts} long enough to be cut. With {steps[0]} tokens kept", f"with {steps[-1]}"
    else:
        begin, end = "With no more padding than the longest text needs", f"with {steps[-1]} more"
    return (
        f"{begin}, the cosine to the right vector is **{written(first)}**; {end}, **{written(last)}**. An unrelated "
        f"sentence has {written(damage.floor)}." + between(damage)
    )


def impersonated(column: float, own: float, checkpoint: Checkpoint) -> str:
    """What stands in position 0, and how near it comes.

    Args:
        column: mean cosine of position 0 to the right vector, over texts that are padded.
        own: mean cosine of the first token where it stands now.
        checkpoint: the model that read.
    """
    first, pad = named(checkpoint), escape.markdown(checkpoint.padding)
    if column > PASSES:
        begin = f"{pad} in the first position is easily taken for {first}: its cosine to it is **{written(column)}**."
    else:
        begin = f"{pad} in the first position is not like {first}: its cosine to it is **{written(column)}**."
    return f"{begin} {first} itself, farther to the right, has **{written(own)}**."


def attention(ways: Sequence[Returned], layers: int) -> str:
    """What came back from a model that was asked for its attention.

    Args:
        ways: each way in which it was opened.
        layers: of the model.
    """
    tries = [
        f"opened with `{each.way}` it returns the weights of **{each.layers} of {layers}** layers "
        f"(`attentions` is a `{each.kind}`" + (", and empty)" if each.kind == "tuple" and not each.layers else ")")
        for each in ways
    ]
    sentence = f"Tried with this model: {listed(tries)}."
    if len(ways) == 1:
        return sentence + " This family has no fused attention, so nothing is lost."
    return sentence if ways[0].layers == 0 else sentence + " Here the fused way loses nothing."


def attention_headline(ways: Sequence[Returned], layers: int) -> str:
    """How much attention comes back by default; plain."""
    came = ways[0].layers
    return f"By default, the attention of {'no layer' if not came else f'{came} of {layers} layers'} comes back"


def no_pooler(fields: Sequence[str], checkpoint: Checkpoint) -> str:
    """What `outputs[1]` is where there is no pooler."""
    what = (
        f"`outputs[1]` is `{fields[1]}`, something else"
        if len(fields) > 1
        else "`outputs[1]` raises an error, which helps"
    )
    return f"**No pooler.** {escape.markdown(checkpoint.name)} has none, so {what}."


def counted(read: int, texts: int) -> str:
    """How many texts were read, a clause that begins a sentence.

    Args:
        read: texts.
        texts: that there are.
    """
    return f"The first {read} of {texts} texts" if read < texts else plural(read, "text")


def no_words() -> str:
    """Why the special tokens cannot be left out."""
    return "**No words.** A text here has no token of its own, so without the special tokens nothing is left."


def too_short() -> str:
    """Why nothing can be cut."""
    return "**Nothing to cut.** Each text has one token of its own, and a cut leaves one. Type a longer text."


def no_room(checkpoint: Checkpoint) -> str:
    """Why nothing can be padded."""
    return f"**No room for padding.** The longest text fills all {checkpoint.limit} positions of this model."


def probe(right: Score, everywhere: Score, in_use: Score, cosine: float) -> str:
    """What a classifier notices of averaged padding, and what the cosine does.

    Args:
        right: answers of a classifier on right vectors.
        everywhere: of one that learned from wrong ones and is used on wrong ones.
        in_use: of one that learned from right ones and is used on wrong ones.
        cosine: mean, of the wrong vectors to the right ones.
    """
    return (
        f"On {plural(right.texts, 'labelled sentence')} the cosine to the right mean falls to **{written(cosine)}**. "
        f"The classifier is right on **{share(right.value)}**; with the mistake on **{share(everywhere.value)}**. "
        f"Trained rightly and used with the mistake, it is right on **{share(in_use.value)}**."
    )


def probed_headline(kind: Verdict) -> str:
    """Whether the accuracy shows the mistake; plain."""
    return {
        "fails": "The vectors are wrong, and the accuracy does not show it",
        "holds": "The vectors are wrong, and the accuracy shows it",
    }.get(kind, "Whether the accuracy shows the mistake cannot be told here")


def tested(sentences: int) -> str:
    """What the claim about a score was tested on.

    Args:
        sentences: that the classifier answered for.
    """
    return f"{plural(sentences, 'labelled sentence')} of ours"


def noticed(right: Score, change: Score, cosine: float, together: float, majority: float) -> tuple[Verdict, str]:
    """Whether the score shows the mistake: how much of the claim holds, and why.

    Args:
        right: answers of a classifier on right vectors.
        change: how much higher the accuracy with the mistake is than without.
        cosine: mean, of the wrong vectors to the right ones.
        together: share of the move from right to wrong that is the same in every sentence.
        majority: right answers for always saying the same.
    """
    if right.low <= majority:
        return "cannot tell", (
            f"Even from right vectors this classifier is not surely better than always giving the same answer "
            f"({within(right)} right), so it has nothing to lose."
        )
    if cosine > FAR:
        return "cannot tell", "Here the mistake hardly moves the vectors, so there is little to notice."
    if change.high < 0:
        return "holds", "Here the accuracy falls by more than chance explains: this time it shows."
    if change.low <= -MATTERS:
        return "cannot tell", (
            f"The vectors are far from the right ones. The accuracy is changed by {points(change)}: no fall at all is "
            f"possible, and one of {number(100 * MATTERS, 0)} points or more, too. More sentences would tell."
        )
    return "fails", (
        f"The vectors are far from the right ones, and the accuracy does not show it: a fall of "
        f"{number(100 * MATTERS, 0)} points or more is ruled out. {share(together)} of what the mistake does is the "
        "same in every sentence, and a classifier looks at what differs. Compare vectors, not only scores."
    )


def proof(what: str, gap: float, kind: str = "difference") -> tuple[str, str, bool]:
    """What should hold, what was found, whether it does.

    Args:
        what: should hold; Markdown.
        gap: how far it is from that.
        kind: of distance that is.
    """
    return what, f"the largest {kind} is {power(gap)}", gap < ROUNDING


def none(key: Key, fields: Sequence[str], checkpoint: Checkpoint) -> str:
    """Why a mistake cannot be made here.

    Args:
        key: of the mistake.
        fields: of the model's output.
        checkpoint: the model.
    """
    if key == "pooler":
        return no_pooler(fields, checkpoint)
    if key == "cut":
        return too_short()
    return no_words() if key == "specials" else no_room(checkpoint)


def why_none(key: Key) -> str:
    """The same beside its row; plain."""
    return {"pooler": "no pooler", "specials": "no words", "cut": "too short"}.get(key, "no room")
