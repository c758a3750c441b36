"""The pictures of a training, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.exhibit import Exhibit
from lib.figures import gradients as arriving
from lib.measures.probe import score
from lib.measures.vectors import Doubles
from lib.reading import Encoding, Floats, Ints
from lib.tuning import READ, SHOWN, Task, Through, Tuned
from lib.words.attention import named
from pages.use.finetune import figures, words
from pages.use.finetune.measures import Frozen, Ground, apart

AXES = ("first axis", "second axis")


@dataclass(frozen=True)
class Watched:
    """A training, as far as it has come, and what it is held against.

    Attributes:
        tuned: the training.
        frozen: what the model gave before it.
    """

    tuned: Tuned
    frozen: Frozen


def curves(watched: Watched, now: int, groups: Ints, model: Checkpoint) -> tuple[Exhibit, Exhibit]:
    """Accuracy and loss by step.

    Args:
        watched: the training, whole or not.
        now: the moment that is looked at.
        groups: int64[asked], which held-out texts belong together.
        model: that is trained.
    """
    tuned, frozen = watched.tuned, watched.frozen
    steps = np.array([moment.step for moment in tuned.moments])
    right = np.array([moment.right.mean() for moment in tuned.moments])
    asked = np.array([moment.loss for moment in tuned.moments])
    within = score(tuned.moments[now].right[None], groups)
    rivals = {
        f"untrained {model.first_token}": float(frozen.cls.right.mean()),
        "untrained mean": float(frozen.mean.right.mean()),
    }
    beats = [figures.Beat(name, value, first=not k) for k, (name, value) in enumerate(rivals.items())]
    no_opinion = float(np.log(len(frozen.cls.biases)))

    def losses() -> dict[str, Sequence[float]]:
        kept_back = dict(zip(steps.tolist(), asked.tolist(), strict=True))
        made = range(len(tuned.losses) + 1)
        return {
            "steps": made,
            figures.LEARNED: [np.nan, *tuned.losses],
            figures.ASKED: [kept_back.get(step, np.nan) for step in made],
        }

    return (
        Exhibit(
            "right",
            words.progress(tuned, now, frozen.right, groups, model),
            lambda palette: figures.accuracy(
                steps,
                right,
                (within.low, within.high),
                beats,
                steps=tuned.steps,
                first=tuned.recipe.through == "cls",
                now=now,
                chance=1 / len(frozen.cls.biases),
                palette=palette,
            ),
            lambda: {"steps": steps, "right": right},
            "Share of the held-out texts that is classified correctly (0 to 1) after so many steps.",
            {**rivals, "right now": within.value, "from": within.low, "to": within.high},
            headline=words.headline(tuned, now, frozen.right, model),
        ),
        Exhibit(
            "loss",
            words.losses(tuned, now),
            lambda palette: figures.losses(tuned.losses, steps, asked, no_opinion, steps=tuned.steps, palette=palette),
            losses,
            "Loss in nats a text: of each step’s batch before the step, and of the held-out texts after so many.",
            {"no opinion": no_opinion},
        ),
    )


def maps(watched: Watched, now: int, task: Task, model: Checkpoint) -> tuple[Exhibit, Exhibit]:
    """The held-out texts, by the first token and by the mean, on planes that stay, with one sentence.

    Args:
        watched: the training, whole or not.
        now: the moment that is looked at.
        task: its texts.
        model: that is trained.
    """
    tuned, frozen = watched.tuned, watched.frozen
    some = tuned.asked[:SHOWN]
    labels, right = task.labels[some], tuned.moments[now].right[:SHOWN]
    order = np.argsort(labels, kind="stable")
    ways = (
        ("map-cls", model.first_token, frozen.cls, [moment.cls for moment in tuned.moments]),
        ("map-mean", "mean", frozen.mean, [moment.mean for moment in tuned.moments]),
    )
    before, after = ([apart(vectors[k], labels) for *_, vectors in ways] for k in (0, now))
    sentence = words.parted(before, after, tuned.moments[now].step, model)
    spread = {f"between classes, {name}": share for (_, name, *_), share in zip(ways, after, strict=True)}

    def one(name: str, label: str, ground: Ground, vectors: Sequence[Floats], pair: tuple[float, float]) -> Exhibit:
        places = [ground.places(each) for each in vectors]
        reach = steady(places)
        texts = [task.texts[k] for k in some]
        return Exhibit(
            name,
            sentence,
            lambda palette: figures.points(
                places[now],
                labels,
                right,
                texts,
                task.classes,
                reach,
                first=name == "map-cls",
                x=words.axis(task.classes),
                axes=AXES,
                palette=palette,
            ),
            lambda: {
                "text": [texts[k] for k in order],
                "class": [task.classes[labels[k]] for k in order],
                "classified": ["correctly" if right[k] else "wrongly" for k in order],
                **{head: places[now][order, k] for k, head in enumerate(AXES)},
            },
            "Where the vector of each held-out text stands on the plane, in activations.",
            spread,
            headline=words.mapped(label, *pair, tuned.moments[now].step),
        )

    labels_of = (named(model), "the mean")
    left, middle = (
        one(name, label, ground, vectors, pair)
        for (name, _, ground, vectors), label, pair in zip(
            ways, labels_of, zip(before, after, strict=True), strict=True
        )
    )
    return left, middle


def steady(places: Sequence[Doubles]) -> Doubles:
    """Half the width and half the height of a map that keeps its scale while texts move: it grows by doubling only.

    Args:
        places: float64[texts, 2] of every moment so far, before the first step first.

    Returns:
        float64[2].
    """
    first, most = (1.07 * np.max([np.abs(each).max(axis=0) for each in some], axis=0) for some in (places[:1], places))
    return first * 2 ** np.ceil(np.log2(np.maximum(most / np.maximum(first, 1e-12), 1)))


def attends_to(tuned: Tuned, now: int, model: Checkpoint) -> Exhibit:
    """What the first token attends to in each layer, before and at a moment.

    Args:
        tuned: the training, whole or not.
        now: the moment that is looked at.
        model: that is trained.
    """
    before, after, top = tuned.moments[0].attends_to, tuned.moments[now].attends_to, tuned.recipe.top
    still, layers = len(before) - top, range(1, len(before) + 1)
    values = np.concatenate([before, after[still:]])  # float32[layers + trained, 3]
    when = ["not trained"] * still + ["before"] * top + ["now"] * top
    return Exhibit(
        "attends_to",
        words.attends_to(before, after, tuned.moments[now].step, tuned.recipe, model),
        lambda palette: figures.attends_to(values, when, top, palette),
        lambda: {
            "layer": [*layers, *layers[still:]],
            "when": when,
            **{name: values[:, k] for k, name in enumerate(READ)},
        },
        f"What share of its attention {model.first_token} gives to itself, other special tokens and words (0 to 1).",
    )


def gradients(lengths: Floats, encoding: Encoding, through: Through, model: Checkpoint) -> Exhibit:
    """How far the loss reaches: the gradient at every layer and token of a text.

    Args:
        lengths: float32[layers+1, tokens], of the gradients.
        encoding: of the text.
        through: which vector goes into the classifier.
        model: that reads.
    """
    tokens = [escape.visible(token) for token in encoding.tokens[0]]
    return Exhibit(
        "gradients",
        words.gradients(lengths, encoding, through, model),
        lambda palette: arriving.gradients(lengths, tokens, palette),
        lambda: [("token", tokens), *((f"layer {layer}", row) for layer, row in enumerate(lengths))],
        "Length of the loss’s gradient at each token’s vector, by layer; 0 is an exact zero.",
        headline=words.reach(lengths, encoding, through, model),
    )
