"""Mistakes on the way to one vector, in words and in code: the wrong line, the right one, and what the damage is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures.probe import Score
from lib.measures.traps import Damage, Key
from lib.quantities import listed, number, plural, share, written
from lib.words.attention import named
from lib.words.classify import points, within

ANSWERS = (
    "The accuracy of a classifier",
    "The cosine to the right vector",
    "Both of them",
    "Neither of them",
)

FAR = 0.95  # mean cosine up to which vectors count as far from the right ones
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
            why="Without `attention_mask` every token reads the padding as if it were text, {first} too. No error is "
            "raised; a vector now depends on what else was in the batch.",
            is_first=True,
        ),
        "padding": Trap(
            name="padding averaged in",
            wrong=("h = model(**batch).last_hidden_state", "vectors = h.mean(dim=1)"),
            right=_MEAN,
            why="Padding has vectors, too, in every layer. The mask keeps tokens from reading it, and it does not keep "
            "`mean` from counting it.",
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
            why="With padding in front, column 0 holds {pad} in every text but the longest, and {first} stands farther "
            "to the right.",
        ),
        "pooler": Trap(
            name="pooler taken for {first}",
            wrong=("vectors = model(**batch)[1]  # pooler_output",),
            right=_FIRST,
            why="`pooler_output`, or `outputs[1]`, is the first vector after one more dense layer and a tanh. It is "
            "worth as much as the training of that layer.",
        ),
        "sdpa": Trap(
            name="attention missing",
            wrong=("model = AutoModel.from_pretrained(name)", *_ASKED),
            right=("model = AutoModel.from_pretrained(", '    name, attn_implementation="eager"', ")", *_ASKED),
            why="The default is fused attention (`sdpa`) wherever a family has it, and that never holds the weights. "
            "Asked for them, it raises no error: there is a warning in the log.",
        ),
        "specials": Trap(
            name="specials averaged in",
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
            "belong in it is decided by the training of the model; the mistake is to mix the two.",
        ),
        "cut": Trap(
            name="text cut unseen",
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
            why="`truncation=True` cuts behind `max_length` and says nothing. Count the tokens before you cut: where "
            "`unread` is above 0, something is lost. And cut no earlier than the model has to.",
            is_first=True,
        ),
    }
)


def question() -> str:
    """What is asked before the experiment."""
    return (
        "Somebody takes the mean over all positions of a padded batch, padding included, and trains a classifier on "
        "it. Which number shows the mistake?"
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


def compared(
    found: Sequence[Damage], missing: Sequence[str], pads: int, most: int, came: int, checkpoint: Checkpoint
) -> str:
    """All mistakes at once.

    Args:
        found: the damages, the worst first.
        missing: names of mistakes that cannot be made here.
        pads: positions of padding behind the longest text; 0 where none can be tried.
        most: tokens that the cut leaves.
        came: layers whose attention comes back by default.
        checkpoint: the model that read.
    """
    worst, least = found[0], found[-1]
    texts = max(len(each.right) for each in found)
    said = (
        f"On {plural(texts, 'text')} of yours the worst is “{escape.markdown(name(worst.key, checkpoint))}” "
        f"(cosine **{written(worst.cosine)}** to the right vector) and the mildest "
        f"“{escape.markdown(name(least.key, checkpoint))}” (**{written(least.cosine)}**). At 100% a vector is as far "
        "from the right one as that of an unrelated sentence."
    )
    padded = f" Texts are padded by {plural(pads, 'position')} beyond the longest" if pads else " Nothing is padded"
    said += padded
    if shorter := [len(each.right) for each in found if each.key == "cut"]:
        whole = texts - shorter[0]
        said += f", and cut after {plural(most, 'token')}"
        said += f" (without {plural(whole, 'text that is', 'texts that are')} no longer)" if whole else ""
    said += "."
    said += (
        f" “{escape.markdown(name('sdpa', checkpoint))}” changes no vector: attention comes back from {came} "
        f"of {plural(checkpoint.layers, 'layer')}."
    )
    if missing:
        said += f" Not possible here: {listed([f'“{escape.markdown(each)}”' for each in missing])}."
    return said


def between(damage: Damage) -> str:
    """What a mistake does to the similarity of texts, if all of them are read with it; "" for one text."""
    if damage.between is None:
        return ""
    right, wrong = damage.between
    return (
        f" If all are made wrongly, two of your texts have a cosine of **{written(wrong)}**, where the right vectors "
        f"have {written(right)}."
    )


def vector(damage: Damage, checkpoint: Checkpoint) -> str:
    """How far one mistake leads, a sentence or two."""
    note = f" The pooler of this model was {checkpoint.pooler_note}." if damage.key == "pooler" else ""
    return (
        f"The wrong vector has a cosine of **{written(damage.cosine)}** to the right one, mean of "
        f"{plural(len(damage.right), 'text')}; an unrelated sentence has {written(damage.floor)}. That is "
        f"{number(damage.share, 2)} times as far." + between(damage) + note
    )


def grows(damage: Damage, first: float, last: float, steps: Sequence[int]) -> str:
    """How one mistake grows.

    Args:
        damage: as it is now.
        first: mean cosine at the first step.
        last: mean cosine at the last step.
        steps: what was tried: tokens that are kept, or positions of padding beyond the longest text.
    """
    if damage.key == "cut":
        cut = plural(len(damage.right), "text of yours is", "texts of yours are")
        begin, end = f"{cut} long enough to be cut. With {steps[0]} tokens kept", f"with {steps[-1]}"
    else:
        begin, end = "Padded to the longest text and no farther", f"by {plural(steps[-1], 'position')} farther"
    return (
        f"{begin}, the cosine to the right vector is **{written(first)}**, {end} **{written(last)}**; an unrelated "
        f"sentence has {written(damage.floor)}." + between(damage)
    )


def impersonated(column: float, own: float, checkpoint: Checkpoint) -> str:
    """Who stands in column 0, and how near it comes.

    Args:
        column: mean cosine of column 0 to the right vector, over texts that are padded.
        own: mean cosine of the first token where it stands now.
        checkpoint: the model that read.
    """
    first, pad = named(checkpoint), escape.markdown(checkpoint.padding)
    if column > 0.9:
        told = f"{pad} in the first seat passes for {first}: its vector has a cosine of **{written(column)}** to it."
    else:
        told = f"{pad} in column 0 is no {first}: its vector has a cosine of **{written(column)}** to it."
    return f" {told} {first} itself, farther to the right, has {written(own)} to what it is without padding."


def attention(ways: Sequence[tuple[str, int, str]], layers: int) -> str:
    """What came back from a model that was asked for its attention.

    Args:
        ways: how it was opened, how many layers' weights came back, and in what.
        layers: of the model.
    """
    told = [
        f"opened with `{way}` it hands back **{came} of {layers}** layers (`attentions` is a `{kind}`"
        + (", and empty)" if kind == "tuple" and not came else ")")
        for way, came, kind in ways
    ]
    said = f"Tried just now with this model: {listed(told)}."
    if len(ways) == 1:
        return said + " This family has no fused attention, so nothing is lost."
    return said if ways[0][1] == 0 else said + " Here the fused way loses nothing."


def no_pooler(fields: Sequence[str], checkpoint: Checkpoint) -> str:
    """What `outputs[1]` is where there is no pooler."""
    what = (
        f"`outputs[1]` is `{fields[1]}`, something else altogether"
        if len(fields) > 1
        else "`outputs[1]` raises an error, which is the kindest of these mistakes"
    )
    return f"**No pooler.** {escape.markdown(checkpoint.name)} has none, so {what}."


def counted(read: int, texts: int) -> str:
    """Whose texts were read, a clause that begins a sentence.

    Args:
        read: texts.
        texts: that there are.
    """
    return f"The first {read} of your {texts} texts" if read < texts else f"{plural(read, 'text')} of yours"


def no_words() -> str:
    """Why the special tokens cannot be left out."""
    return "**No words.** A text here has no piece of its own, so without the special tokens nothing is left."


def shown(name: str) -> str:
    """A plain name inside of Markdown of ours."""
    return escape.markdown(name)


def too_short() -> str:
    """Why nothing can be cut."""
    return "**Nothing to cut.** Your texts have one token of their own, and one is left in any cut. Type a longer one."


def no_room(checkpoint: Checkpoint) -> str:
    """Why nothing can be padded."""
    return f"**No room for padding.** Your longest text fills all {checkpoint.limit} positions of this model."


def probed(right: Score, everywhere: Score, in_use: Score, change: Score, cosine: float) -> str:
    """What a classifier notices of averaged padding, and what the cosine does.

    Args:
        right: answers of a probe on right vectors.
        everywhere: of one that learned from wrong ones and is used on wrong ones.
        in_use: of one that learned from right ones and is used on wrong ones.
        change: how much higher ``everywhere`` is than ``right``.
        cosine: mean, of the wrong vectors to the right ones.
    """
    return (
        f"On {plural(right.texts, 'labelled sentence')} the cosine to the right mean falls to **{written(cosine)}**. A "
        f"probe is right for {share(right.value)} of them, and for **{share(everywhere.value)}** if it learns and is "
        f"used with the mistake (changed by {points(change)}, 95% interval). Learned rightly and used wrongly, it is "
        f"right for {share(in_use.value)}."
    )


def tested(sentences: int) -> str:
    """What the claim about a score was tested on.

    Args:
        sentences: that the probe answered for.
    """
    return f"{plural(sentences, 'labelled sentence')} of ours"


def noticed(
    right: Score, change: Score, cosine: float, together: float, majority: float
) -> tuple[Literal["holds", "fails", "cannot tell"], str]:
    """Whether the score shows the mistake: how much of the claim holds, and why.

    Args:
        right: answers of a probe on right vectors.
        change: how much higher the accuracy with the mistake is than without.
        cosine: mean, of the wrong vectors to the right ones.
        together: share of the move from right to wrong that is the same in every sentence.
        majority: right answers for always saying the same.
    """
    if right.low <= majority:
        return "cannot tell", (
            f"Even from right vectors this probe is not surely better than always giving the same answer "
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
        "same in every sentence, and a probe looks at what differs. Compare vectors, not only scores."
    )
