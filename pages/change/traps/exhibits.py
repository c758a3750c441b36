"""The pictures of the page on mistakes, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lib.checkpoints import Checkpoint
from lib.components.strips import Strip, drawing, table
from lib.exhibit import Column, Exhibit
from lib.figures.dots import Dots, Mark, Row
from lib.measures.probe import Score
from lib.measures.traps import Damage
from lib.quantities import share, written
from pages.change.traps import figures, words
from pages.change.traps.measures import Mistakes, Returned

REACH = 1.2  # damage up to which the axis goes; what is worse stands at its end
DAMAGE = "distance to the right vector (1: an unrelated sentence)"
COSINE, ACCURACY = "cosine to the right vector", "accuracy of a classifier"
UNRELATED, ALWAYS = "an unrelated sentence", "always the same answer"


def compared(found: Mistakes, came: int) -> Exhibit:
    """All mistakes on one scale, the worst first.

    Args:
        found: what the mistakes do; at least one.
        came: layers whose attention comes back by default.
    """
    model, worst = found.reading.checkpoint, found.worst_first
    rows = [
        Row(
            words.name(each.key, model),
            "first" if words.TRAPS[each.key].is_first else "other",
            each.share,
            written(each.cosine),
            each.each.tolist() if len(each.each) > 1 else (),
        )
        for each in worst
    ]
    for key in (key for key in words.TRAPS if key not in found.damages):
        why = f"{came} of {model.layers} layers" if key == "sdpa" else words.why_none(key)
        rows.append(Row(words.name(key, model), "baseline", None, why))
    gaps = [float("nan")] * (len(rows) - len(worst))
    dots = Dots(
        rows,
        DAMAGE,
        DAMAGE.replace(" (", "<br>("),
        span=(0, REACH),
        names={"first": f"still the vector of {model.first_token}", "other": "another vector"},
        dashed=(1.0, UNRELATED),
        beside="cosine",
        each="text",
    )

    def columns() -> dict[str, Column]:
        return {
            **dots.table(),
            COSINE: [*(each.cosine for each in worst), *gaps],
            "cosine of unrelated sentences": [*(each.floor for each in worst), *gaps],
        }

    return Exhibit(
        "all",
        words.compared(worst, model),
        dots.picture,
        columns,
        "Distance: (1 − cosine to the right vector) in units of (1 − mean cosine of unrelated sentences); mean over "
        "the texts and text by text, of a cut over those that are cut.",
        {UNRELATED: 1.0},
        words.headline(worst, model),
    )


def attention(ways: Sequence[Returned], layers: int) -> Exhibit:
    """From which layers the attention comes back.

    Args:
        ways: each way in which the model was opened.
        layers: of the model.
    """
    named = [
        (f"{each.way} (the default)" if k == 0 and len(ways) > 1 else each.way, each.layers)
        for k, each in enumerate(ways)
    ]
    return Exhibit(
        "one",
        words.attention(ways, layers),
        lambda palette: figures.layers(named, layers, palette),
        lambda: [
            ("layer", range(1, layers + 1)),
            *((name, (np.arange(1, layers + 1) <= came).astype(int)) for name, came in named),
        ],
        "1 where the model returned the layer’s attention weights, a column for each way of opening it.",
        {f"layers, {each.way}": each.layers for each in ways},
        words.attention_headline(ways, layers),
    )


def vector(damage: Damage, model: Checkpoint) -> Exhibit:
    """Right vector, wrong vector and difference of the first text, dimension under dimension.

    Args:
        damage: of a mistake.
        model: that read.
    """
    right, wrong = damage.right[0], damage.wrong[0]
    gap = wrong - right
    rows = [
        Strip("wrong", wrong.astype(np.float32), "", "both"),
        Strip("right", right.astype(np.float32), "−", "both", is_first=damage.pooling == "cls"),
        Strip("difference", gap.astype(np.float32), "=", "both", is_total=True),
    ]
    return Exhibit(
        "one",
        words.vector(damage, model),
        drawing(rows, unit=int(np.abs(gap).argmax()), file="cls-trap.png"),
        lambda: table(rows),
        "The first text: one line a dimension, activations.",
        {COSINE: damage.cosine},
        words.far(damage, model),
    )


def growth(damage: Damage, steps: Sequence[int], lines: Sequence[figures.Line], model: Checkpoint) -> Exhibit:
    """How one mistake grows with its cause.

    Args:
        damage: as it is now.
        steps: what was tried.
        lines: the cosines, step by step.
        model: that read.
    """
    x = "tokens that are kept of a text" if damage.key == "cut" else "padding tokens behind the longest text"
    sentence = words.grows(damage, float(lines[0].values[:, 0].mean()), float(lines[0].values[:, -1].mean()), steps)

    def columns() -> list[tuple[str, Column]]:
        series: list[tuple[str, Column]] = [(x, list(steps))]
        for line in lines:
            series.append((line.name, line.values.mean(axis=0)))
            if len(line.values) > 1:
                series.append((f"{line.name}, highest", line.values.max(axis=0)))
                series.append((f"{line.name}, lowest", line.values.min(axis=0)))
        return series

    return Exhibit(
        "one",
        sentence,
        lambda palette: figures.growth(lines, [str(step) for step in steps], x=x, floor=damage.floor, palette=palette),
        columns,
        "Cosine to the right vector, no unit: mean over the texts, the highest and the lowest.",
        {UNRELATED: damage.floor},
        words.far(damage, model),
    )


def probe(right: Score, everywhere: Score, in_use: Score, cosine: float, majority: float, headline: str) -> Exhibit:
    """What a classifier and a cosine notice of averaged padding.

    Args:
        right: answers of a classifier on right vectors.
        everywhere: of one that learned from wrong ones and is used on wrong ones.
        in_use: of one that learned from right ones and is used on wrong ones.
        cosine: mean, of the wrong vectors to the right ones.
        majority: right answers for always saying the same.
        headline: whether the accuracy shows the mistake.
    """
    scores = {
        f"{ACCURACY}, right vectors": right,
        f"{ACCURACY}, with the mistake": everywhere,
        f"{ACCURACY}, mistake in use only": in_use,
    }
    rows = [
        Row("cosine, right vectors", "other", 1.0, "1, exactly"),
        Row("cosine, with the mistake", "other", cosine, written(cosine)),
        *(
            Row(name, "baseline", each.value, share(each.value), interval=(each.low, each.high))
            for name, each in scores.items()
        ),
    ]
    names: Mapping[Mark, str] = {"other": COSINE, "baseline": ACCURACY}
    span = (min(0.0, cosine), 1.01)
    dots = Dots(rows, "value", "cosine, and share of right answers", span, names=names, dashed=(majority, ALWAYS))
    return Exhibit(
        "probe",
        words.probe(right, everywhere, in_use, cosine),
        dots.picture,
        dots.table,
        "Cosine without unit; shares of right answers from 0 to 1 with the ends of their 95% intervals.",
        {ALWAYS: majority},
        headline,
    )
