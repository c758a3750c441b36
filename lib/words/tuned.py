"""What is said of a model that was trained in this app: its entry beside the others, and its card to take along."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from lib.checkpoints import TUNED, Checkpoint, Embedded, Hub, Role, Trained, place
from lib.escape import cut, markdown, quote
from lib.measures.probe import Score
from lib.quantities import count, listed, number, part, plural, share
from lib.tuning import MOST_TOKENS, Recipe, Tuned
from lib.words.models import prefixed

UPLOADED = "an uploaded file"  # all that others are told of a visitor's own
KNOWN_LICENCES: Mapping[str, str] = MappingProxyType({"Apache-2.0": "apache-2.0", "MIT": "mit"})


@dataclass(frozen=True)
class Data:
    """The labelled texts of a training, as far as they are told.

    Attributes:
        name: of the set or file; plain text.
        classes: names of the labels; plain text.
        private: whether it is a visitor's own file.
        key: what stands for the texts; the same for the same.
    """

    name: str
    classes: tuple[str, ...]
    private: bool
    key: str = ""


def through(recipe: Recipe, base: Checkpoint) -> str:
    """Which vector a training goes through; plain text."""
    if recipe.through == "mean":
        return "the mean"
    return base.first_token if _by_first(recipe) else f"position {recipe.place}"


def top(recipe: Recipe, base: Checkpoint) -> str:
    """Which layers a training changes: "top layer", "top 3 layers", "all layers"."""
    if recipe.top == base.layers:
        return "all layers"
    return "top layer" if recipe.top == 1 else f"top {recipe.top} layers"


def how(recipe: Recipe, base: Checkpoint, texts: int) -> str:
    """The choices that tell a training from others of the same name; plain text.

    Args:
        recipe: of the training.
        base: the model that was trained.
        texts: learned from.
    """
    rate = f"rate {recipe.rate:.0e}".replace("e-0", "e-")
    chosen = (plural(texts, "text"), plural(recipe.epochs, "epoch"), rate, f"batches of {recipe.batch}")
    return ", ".join((top(recipe, base), *chosen, f"seed {recipe.seed}"))


def entry(recipe: Recipe, base: Checkpoint, named: str, data: Data, *, texts: int) -> Checkpoint:
    """What is known of the model that a training makes, for everybody who opens it.

    Args:
        recipe: of the training.
        base: the model that was trained.
        named: the training's name, 12 hexadecimal digits.
        data: what was learned from; nothing of a visitor's own is told.
        texts: learned from.
    """
    told = UPLOADED if data.private else data.name
    labels = f"the labels of {UPLOADED if data.private else f'“{markdown(data.name)}”'}, {plural(texts, 'text')}"
    role: Role
    before = f"(before that it was {base.first_vector})"
    if recipe.through == "mean":
        first = f"trained in this app through the mean of all tokens, which tells {labels} {before}"
        short, role = "tuned through the mean", "text"
    elif _by_first(recipe):
        first = f"trained in this app to tell {labels} {before}"
        short, role = "tuned here", "judge"
    else:
        first = (
            f"not what was trained in this app: the vector at position {recipe.place} was, to tell {labels}; the same "
            f"layers make it, so that it changed along {before}"
        )
        short, role = f"position {recipe.place} was tuned", base.role
    return replace(
        base,
        slug=TUNED + named,
        name=f"{base.name} tuned on {told} through {through(recipe, base)}",
        where=Trained(base.slug, how(recipe, base, texts), data.key, data.private),
        first_vector=first,
        first_vector_short=short,
        pooler_note=f"left as it was ({base.pooler_note})" if base.has_pooler else "",
        role=role,
        megabytes=0,
        taught=_longest(base),
        meant=0,
    )


def _by_first(recipe: Recipe) -> bool:
    return recipe.through == "cls" or (recipe.through == "place" and recipe.place == 0)


def learned(model: Checkpoint, key: str) -> str:
    """What is said where a model is tried on texts that it learned from; "" where it did not.

    Args:
        model: that reads.
        key: what stands for the texts.
    """
    where = model.where
    while isinstance(where, Trained):
        if where.data == key:
            return (
                "**This model has learned from the labelled texts on this page.** It was trained in this app on texts "
                "of the same set, with their labels. What it gets right on them here does not say how it does on texts "
                "that it has not seen: only other texts would tell."
            )
        where = place(where.base)
    return ""


# To take along


def size(megabytes: int) -> str:
    """How large it is to take along."""
    return f"About {count(megabytes)} MB: all weights, the tokenizer, the classifier, and a card that says what it is."


def card(tuned: Tuned, base: Checkpoint, data: Data, *, right: Score, majority: float) -> str:
    """The model card: a README.md as the Hugging Face hub takes it.

    Args:
        tuned: the training, done.
        base: the model that was trained.
        data: what was learned from.
        right: of the texts kept back.
        majority: share of the texts kept back that the largest class makes up.
    """
    recipe = tuned.recipe
    head = dict(_head(base, data))
    lines = [
        "---",
        *(f"{key}: {json.dumps(value)}" for key, value in head.items()),  # JSON is YAML, whatever stands in it
        "---",
        "",
        f"# {markdown(base.name)}, trained to tell {plural(len(data.classes), 'label')} apart",
        "",
        f"{markdown(base.name)} with its {top(recipe, base)} trained in the app “[CLS] explained”, together with a "
        f"linear classifier on {_vector(recipe, base)}. {_origin(base)}",
        "",
        "## What it was trained on",
        "",
        f"{plural(len(tuned.learned), 'text')} of {quote(data.name, 80)}"
        f"{', a file of whoever trained it' if data.private else ', written for the app'}, with the labels "
        f"{listed([quote(each, 60) for each in data.classes])}. The texts are not in this folder; the names of the "
        "labels are, here and in `config.json`. Weights can keep traces of what they learned from.",
        "",
        "## How",
        "",
        *(f"- {line}" for line in _how(tuned, base)),
        "",
        "## How well",
        "",
        f"**{part(right.value)}** of {plural(right.texts, 'text')} that it had not learned from are told right (95% "
        f"interval {part(right.low)} to {part(right.high)}). Always naming the largest class would tell "
        f"{share(majority)}. Cross-entropy on the same texts: {number(tuned.moments[0].loss)} nats a text before the "
        f"training, {number(tuned.moments[-1].loss)} after it.",
        "",
        "## What this does not show",
        "",
        *(f"- {line}" for line in _limits(base)),
        "",
        "## Use it",
        "",
        "With transformers and safetensors, in this folder:",
        "",
        "```python",
        snippet(recipe, base),
        "```",
        "",
    ]
    return "\n".join(lines)


def _head(base: Checkpoint, data: Data) -> list[tuple[str, object]]:
    where = base.where
    licence = KNOWN_LICENCES.get(base.licence)
    found: list[tuple[str, object]] = []
    if isinstance(where, Embedded | Hub) and where.hub:
        found.append(("base_model", where.hub))
    if licence is not None:
        found.append(("license", licence))
    if not data.private:
        found.append(("language", ["en"]))
    return [*found, ("library_name", "transformers"), ("tags", ["text-classification", base.family, "cls-explained"])]


def _origin(base: Checkpoint) -> str:
    licence = (
        f"Licence of the weights it began with: {markdown(base.licence)}."
        if base.licence
        else ("The licence of the weights it began with is not known to the app: ask its makers before you pass it on.")
    )
    if isinstance(base.where, Trained):
        return f"It began with a model that had itself been trained in the app ({base.where.how}). {licence}"
    return licence


def _vector(recipe: Recipe, base: Checkpoint) -> str:
    if recipe.through == "mean":
        return "the mean of all tokens' vectors"
    first = f"the vector of the first token, {markdown(base.first_token)}"
    return first if _by_first(recipe) else f"the vector at position {recipe.place}, counted from 0"


def _how(tuned: Tuned, base: Checkpoint) -> list[str]:
    """Every choice of a training, and what was not to choose."""
    recipe = tuned.recipe
    shorter = "; a text that is shorter gives its last token" if recipe.through == "place" else ""
    cut_off = f" ({plural(tuned.cut, 'was', 'were')} longer)" if tuned.cut else ""
    return [
        f"Model: {markdown(base.name)}, {plural(base.layers, 'layer')}; trained: {top(recipe, base)}",
        f"Vector that goes into the classifier: {_vector(recipe, base)}{shorter}",
        f"Texts learned from: {count(len(tuned.learned))}, of up to {count(recipe.texts)} asked for",
        f"Epochs: {recipe.epochs}, in batches of {recipe.batch}: {plural(tuned.steps, 'step')}",
        f"Largest learning rate: {recipe.rate:g}; it rises over the first tenth of the steps and then falls to 0",
        f"Seed of the order of the texts: {recipe.seed}",
        f"Texts are cut at {_longest(base)} tokens{cut_off}",
        "AdamW with a weight decay of 0.01, gradients cut at norm 1, cross-entropy, no dropout",
    ]


def _limits(base: Checkpoint) -> list[str]:
    found = [
        "The texts it was asked about come from the same set as those it learned from. On texts of another kind it can "
        "do worse, and no number here says how much.",
        "Whoever tries several trainings and keeps the best by this number picks some luck along with it.",
        "It names one of its labels for any text, also where none fits. The shares it gives add up to 1 and were not "
        "checked against how often it is right.",
        "What is one-sided in the texts, or in the model it began with, is learned with the rest.",
        f"Its vectors are no longer those of {markdown(base.name)}: do not compare the two models' vectors.",
    ]
    if base.prefixes:
        found.append(f"{prefixed(base)} Here nothing was put in front.")
    return found


def _longest(base: Checkpoint) -> int:
    return min(MOST_TOKENS, base.limit)


def snippet(recipe: Recipe, base: Checkpoint) -> str:
    """Python that loads what was taken along and says the label of two sentences; nothing typed by anybody is in it."""
    pooled: Sequence[str]
    if recipe.through == "mean":
        pooled = ("vectors = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)  # the mean",)
    elif _by_first(recipe):
        pooled = ("vectors = states[:, 0]  # the first token's",)
    else:
        pooled = (f"vectors = states[range(len(texts)), (mask.sum(1) - 1).clamp(max={recipe.place})]  # one token's",)
    return "\n".join(
        (
            "import torch",
            "from safetensors.torch import load_file",
            "from transformers import AutoModel, AutoTokenizer",
            "",
            'texts = ["The film was wonderful.", "The soup was cold."]',
            'tokenizer, model = AutoTokenizer.from_pretrained("."), AutoModel.from_pretrained(".").eval()',
            "given = tokenizer(",
            '    texts, padding=True, padding_side="right", truncation=True, '
            f'max_length={_longest(base)}, return_tensors="pt"',
            ")",
            "mask = given.attention_mask",
            "with torch.no_grad():",
            "    states = model(input_ids=given.input_ids, attention_mask=mask).last_hidden_state",
            *pooled,
            'head = load_file("head.safetensors")',
            'shares = (vectors @ head["weight"].T + head["bias"]).softmax(dim=1)',
            "for text, each in zip(texts, shares):",
            '    print(text, model.config.id2label[int(each.argmax())], f"{each.max():.0%}")',
        )
    )


def file_name(base: Checkpoint, named: str) -> str:
    """Of the zip: letters, digits and dashes only.

    Args:
        base: the model that was trained.
        named: the training's name, 12 hexadecimal digits.
    """
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in cut(base.name, 40))
    return f"{kept.strip('-') or 'model'}-tuned-{named}.zip"
