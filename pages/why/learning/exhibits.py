"""The pictures of the page on the learning of BERT's two tasks, each with its sentence and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lib.checkpoints import Checkpoint
from lib.exhibit import Column, Exhibit
from lib.figures.dots import Dots, Row
from lib.measures.pretrained import Taught
from lib.quantities import number, share
from lib.reading import Floats
from lib.taught import Scores, interval
from pages.why.learning import figures, measures, words
from pages.why.learning.measures import Map

TEXTS = slice(1, 3)  # the groups of attention that are the two texts
ALIKE, ON_TOPIC = "mean cosine", "same topic more alike"


def plane(
    laid: Map,
    now: Taught,
    truths: Sequence[bool],
    own: Floats,
    own_follows: float | None,
    step: int,
    base: Checkpoint,
) -> Exhibit:
    """The first vectors of sixty pairs, and of the learner's, at a step.

    Args:
        laid: the map.
        now: the checkpoint of the step.
        truths: whether each pair follows.
        own: float32[hidden], the learner's pair.
        own_follows: the probability that its text B follows; None without a head.
        step: of the training.
        base: the model that was taught.
    """
    order = np.argsort(~np.array(truths), kind="stable")  # those that follow in front
    true = np.array(truths)[order]
    places = laid.of(np.vstack([now.first[order], own]))
    kinds = [*(figures.FOLLOWS if each else figures.RANDOM for each in true), figures.SHOWN]
    asked = own_follows is not None
    right = measures.right(now.follows, truths) if asked else None

    def table() -> dict[str, Column]:
        columns: dict[str, Column] = {"pair": kinds, figures.ACROSS: places[:, 0], figures.UP: places[:, 1]}
        if own_follows is not None:
            columns["probability of “follows”"] = np.array([*now.follows[order], own_follows])
        return columns

    return Exhibit(
        "plane",
        words.plane(step, right, len(truths), own_follows, base),
        lambda palette: figures.spots(places, kinds, laid.wide, laid.high, palette),
        table,
        "Where each pair’s first vector lies on the plane, and what the head says of it.",
        {"steps": step, "pairs": len(truths), **({"right": right} if right is not None else {})},
        headline=words.headline(right, len(truths), measures.apart(places[:-1], true.tolist()), base),
    )


def curve(scores: Sequence[Scores]) -> Exhibit:
    """How often both heads are right on held-out documents.

    Args:
        scores: in order, from before the training on.
    """
    counts = {
        figures.PAIRS: [(each.nsp_right, each.pairs) for each in scores],
        figures.WORDS: [(each.mlm_right, each.pieces) for each in scores],
    }
    lines = {name: [right / of for right, of in each] for name, each in counts.items()}
    edges = {name: np.array([interval(*each) for each in both]).T for name, both in counts.items()}  # [2, steps]
    ends = {name: np.abs(edges[name] - np.array(values)) for name, values in lines.items()}  # [2, steps], down and up
    steps = [each.step for each in scores]

    def table() -> dict[str, Column]:
        columns: dict[str, Column] = {"step": steps}
        for name, values in lines.items():
            columns |= {name: values, f"{name}, lower end": edges[name][0], f"{name}, upper end": edges[name][1]}
        return columns

    last = scores[-1]
    return Exhibit(
        "curve",
        words.curve(scores),
        lambda palette: figures.curve(steps, lines, ends, palette),
        table,
        f"Shares of {last.pairs} pairs and of {last.pieces} masked words of held-out documents, with 95% intervals "
        "(Wilson’s); a line a checkpoint.",
        {figures.CHANCE: 0.5},
        headline=words.curve_headline(*measures.learned(scores)),
    )


def attended(by_step: Mapping[int, Taught], step: int, base: Checkpoint) -> Exhibit:
    """What the first token attends to, before the training, at a step and at the last.

    Args:
        by_step: in order; before the training is step 0.
        step: that is looked at.
        base: the model that was taught.
    """
    shares = {key: each.attended[:, TEXTS].sum(axis=1) for key, each in by_step.items()}
    lines = {words.step(key): values.tolist() for key, values in shares.items()}
    now = shares[step]
    return Exhibit(
        "attended",
        words.attended(shares[0], now, step, base),
        lambda palette: figures.attended(lines, palette),
        lambda: {"layer": list(range(1, len(now) + 1)), **lines},
        "The share of its attention that goes to the tokens of the two texts, mean over heads and over sixty pairs; a "
        "line a layer.",
        {
            "step": step,
            "before, mean over layers": float(shares[0].mean()),
            "now, mean over layers": float(now.mean()),
        },
        headline=words.attended_headline(shares[0], now, base),
    )


def alike(by_step: Mapping[int, Taught], step: int, base: Checkpoint) -> Exhibit:
    """How alike unrelated texts are, before the training, at a step and at the last.

    Args:
        by_step: in order; before the training is step 0.
        step: that is looked at.
        base: the model that was taught.
    """
    cosines = {words.step(k): (each.alike, each.alike_mean) for k, each in by_step.items()}
    return _cosines(
        "alike",
        words.alike(by_step[0].alike, by_step[step].alike, by_step[step].alike_mean, step, base),
        _rows(cosines, base, number),
        {"step": step},
        words.alike_headline(by_step[0].alike, by_step[step].alike),
    )


def alone(both: Taught, words_alone: Taught, step: int, base: Checkpoint) -> Exhibit:
    """The run without next sentences beside the other, at the same step.

    Args:
        both: taught both tasks.
        words_alone: taught masked words alone.
        step: of both.
        base: the model that was taught.
    """
    named = {"both tasks": both, "masked words alone": words_alone}
    cosines = {name: (each.alike, each.alike_mean) for name, each in named.items()}
    return _cosines(
        "alone",
        words.alone(both.alike, words_alone.alike, both.alike_mean, words_alone.alike_mean, step, base),
        _rows(cosines, base, number),
        {"step": step},
        words.alone_headline(both.alike, words_alone.alike, base),
    )


def on_topic(
    before: Taught, both: Taught, words_alone: Taught, topics: Sequence[int], step: int, base: Checkpoint
) -> Exhibit:
    """How well texts are told apart by topic, with next sentences and without them.

    Args:
        before: the model before the training.
        both: taught both tasks.
        words_alone: taught masked words alone.
        topics: the number of each single text's topic.
        step: of both.
        base: the model that was taught.
    """
    named = {"before": before, "both tasks": both, "masked words alone": words_alone}
    shares = {name: (float(each.on_topic.mean()), float(each.on_topic_mean.mean())) for name, each in named.items()}
    dots = Dots(_rows(shares, base, share), ON_TOPIC, "share of comparisons", span=(0.5, 1))
    added = measures.added(both, words_alone, topics)
    return Exhibit(
        "on_topic",
        words.on_topic(both, words_alone, added, base),
        dots.picture,
        dots.table,
        "Each of sixty single texts is held against every other text on its topic and every text on another one: how "
        "often the first is more alike (cosine). Chance is 50%.",
        {"step": step, "points added to the first token": 100 * added[0].value, "to the mean": 100 * added[1].value},
        headline=words.on_topic_headline(*added, base),
    )


def _rows(named: Mapping[str, tuple[float, float]], base: Checkpoint, write: Callable[[float], str]) -> list[Row]:
    """The rows of the first token's numbers, and under them those of the mean's.

    Args:
        named: what they are of -> the first token's and the mean's.
        base: the model that was taught.
        write: writes a number.
    """
    first = [Row(f"{base.first_token}, {name}", "first", one, write(one)) for name, (one, _) in named.items()]
    return first + [Row(f"mean, {name}", "other", mean, write(mean)) for name, (_, mean) in named.items()]


def _cosines(name: str, sentence: str, rows: Sequence[Row], totals: Mapping[str, float], headline: str) -> Exhibit:
    dots = Dots(rows, ALIKE, f"{ALIKE} of texts on different topics")
    return Exhibit(
        name,
        sentence,
        dots.picture,
        dots.table,
        "Mean cosine over all pairs of sixty single texts that are on different topics; 1 is the same direction.",
        totals,
        headline=headline,
    )
