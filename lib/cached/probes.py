"""The ready probe: readers learned once from the labelled sentences, for all visitors, and put to changed vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from lib import settings
from lib.cached import waiting
from lib.checkpoints import Checkpoint
from lib.edits import Pad, edit
from lib.measures.journey import moves
from lib.measures.place import Key, variants
from lib.measures.probe import Control, Probe, Score, control, gain, probe, right, score
from lib.measures.traps import whole_mean
from lib.measures.vectors import Doubles, Flags, paired
from lib.pooling import POOLINGS
from lib.quantities import plural
from lib.reading import Floats, Ints
from lib.store import Store
from lib.texts.labelled import LABELLED

SET = "sentiment"  # what they learn from, as a key of datasets.READY
LABELS: Ints = np.array(LABELLED.labels)
PAIRS: Ints = np.array(LABELLED.groups)
SAMPLE: Ints = np.flatnonzero(np.arange(len(LABELS)) // 2 % 4 == 0)  # one pair of sentences in four is read changed
HALF: Ints = np.flatnonzero(np.arange(len(LABELS)) // 2 % 2 == 0)  # one pair in two is read in a padded batch
SEATED: Key = "replaced"  # the one variant that depends on the word
AT_ONCE = 10  # sentences whose variants make one batch


@dataclass(frozen=True, eq=False)
class Ready:
    """What can be read off the first token's last vector.

    Attributes:
        probe: the readers.
        held: bool[repeats, sentences], which of their answers are right.
        score: the share of them.
        control: what labels dealt out at random give.
    """

    probe: Probe
    held: Flags
    score: Score
    control: Control


@dataclass(frozen=True, eq=False)
class Answered:
    """What the ready probe says of a sample of the sentences under some variants.

    Attributes:
        answers: variant -> int64[repeats, sentences], 0 or 1.
        scores: variant -> share of right answers.
        same: variant -> share of answers that are the same as for the true vector.
    """

    answers: Mapping[Key, Ints]
    scores: Mapping[Key, Score]
    same: Mapping[Key, float]


_ready: Store[Ready] = Store(settings.memory("probes"))
_answered: Store[Answered] = Store(settings.memory("answers"))


def ready(checkpoint: Checkpoint) -> Ready:
    """The readers of the first token's last vector, learned at their first use.

    Args:
        checkpoint: whose vectors they read.
    """

    def made() -> Ready:
        from lib import model

        words = f"Learning a probe from {plural(len(LABELS), 'labelled sentence')} (once)…"
        with waiting.progress(words) as tell:
            vectors = model.encode(checkpoint.slug, LABELLED.texts, poolings=["cls"], layers=[-1], progress=tell)
            learned = probe(vectors["cls", -1], LABELS, PAIRS)
            held = right(learned.answers(vectors["cls", -1]), LABELS)
            return Ready(learned, held, score(held, PAIRS), control(vectors["cls", -1], LABELS, PAIRS))

    return _ready.take(checkpoint.slug, made)


def answered(checkpoint: Checkpoint, piece: str, position: int | None) -> Answered:
    """The ready probe put to the sample's watched vectors under every variant; for another piece only that one is read.

    Args:
        checkpoint: the model that reads.
        piece: for the seat of the first token.
        position: another position id for it; None in a family that has none.
    """
    readers, texts = ready(checkpoint).probe, [LABELLED.texts[k] for k in SAMPLE]
    sample = plural(len(texts), "labelled sentence")

    def put(only: str | None, words: str) -> Answered:
        def made() -> Answered:
            vectors = _changed(checkpoint, texts, piece, position, lambda key: (key == SEATED) == bool(only), words)
            answers = {key: readers.answers(given, SAMPLE) for key, given in vectors.items()}
            true = answers["untouched"] if only is None else others.answers["untouched"]
            return Answered(
                answers,
                {key: score(right(given, LABELS[SAMPLE]), PAIRS[SAMPLE]) for key, given in answers.items()},
                {key: float((given == true).mean()) for key, given in answers.items()},
            )

        key = (checkpoint.slug, position, only)
        return _answered.take(key, made)

    others = put(None, f"Reading {sample} with every change but the word (once)…")
    own = put(piece, f"Reading {sample} with the word in the first seat (once for each word)…")
    parts = dict.fromkeys(others.scores, others) | dict.fromkeys(own.scores, own)
    told = {key: parts[key] for key in get_args(Key) if key in parts}
    return Answered(
        {key: part.answers[key] for key, part in told.items()},
        {key: part.scores[key] for key, part in told.items()},
        {key: part.same[key] for key, part in told.items()},
    )


def _changed(
    checkpoint: Checkpoint,
    texts: Sequence[str],
    piece: str,
    position: int | None,
    wanted: Callable[[Key], bool],
    words: str,
) -> dict[Key, Floats]:
    """float32[texts, hidden] for each variant that is wanted."""
    from lib import model

    sizes = model.tokenized(checkpoint.slug, texts).lengths
    room = int(sizes.max()) < checkpoint.limit
    plans = [
        [each for each in variants(int(size), piece, position=position, room=room) if wanted(each.key)]
        for size in sizes
    ]
    keys = [each.key for each in plans[0]]
    made = np.empty((len(keys), len(texts), checkpoint.hidden), np.float32)
    order = np.argsort(sizes, kind="stable")
    with waiting.progress(words) as tell:
        for start in range(0, len(order), AT_ONCE):
            rows = order[start : start + AT_ONCE]
            plan = [each for row in rows for each in plans[row]]
            reading = model.read(
                checkpoint.slug,
                [texts[row] for row in rows for _ in keys],
                attention="none",
                edit=[each.edit for each in plan],
            )
            last = reading.seated([each.seat for each in plan])[-1]
            made[:, rows] = last.reshape(len(rows), len(keys), -1).swapaxes(0, 1)
            tell(start + len(rows), len(order))
    return dict(zip(keys, made, strict=True))


@dataclass(frozen=True, eq=False)
class Padded:
    """The mean of labelled sentences with and without the padding of their batch, and what a probe makes of both.

    Attributes:
        cosines: float64[sentences], of the mean with padding to the one without.
        together: share of the squared move from right to wrong that is the same in every sentence, 0 to 1.
        right: answers from right vectors.
        everywhere: answers learned from wrong vectors, from wrong vectors.
        in_use: answers learned from right vectors, from wrong vectors.
        change: how much higher ``everywhere`` is than ``right``, sentence by sentence.
    """

    cosines: Doubles
    together: float
    right: Score
    everywhere: Score
    in_use: Score
    change: Score

    @property
    def cosine(self) -> float:
        """Mean cosine of the wrong vectors to the right ones."""
        return float(self.cosines.mean())


_padded: Store[Padded] = Store(settings.memory("padded"))


def padded(checkpoint: Checkpoint) -> Padded:
    """Half of the labelled sentences in one padded batch, as a tokenizer makes it, averaged rightly and wrongly.

    Args:
        checkpoint: the model that reads.
    """

    def made() -> Padded:
        right_ones, wrong_ones = _averaged(checkpoint)
        labels, pairs = LABELS[HALF], PAIRS[HALF]
        good, bad = probe(right_ones, labels, pairs), probe(wrong_ones, labels, pairs)
        held = right(good.answers(right_ones), labels)
        fooled = right(bad.answers(wrong_ones), labels)
        return Padded(
            paired(right_ones, wrong_ones),
            float(moves(np.stack([right_ones, wrong_ones])).together[0]),
            score(held, pairs),
            score(fooled, pairs),
            score(right(good.answers(wrong_ones), labels), pairs),
            gain(fooled, held, pairs),
        )

    return _padded.take(checkpoint.slug, made)


def _averaged(checkpoint: Checkpoint) -> tuple[Doubles, Doubles]:
    """float64[sentences, hidden] twice: the mean without and with padding."""
    from lib import model

    texts = [LABELLED.texts[k] for k in HALF]
    widths = model.tokenized(checkpoint.slug, texts).lengths
    wide = int(widths.max())
    without = np.empty((len(texts), checkpoint.hidden))
    with_padding = np.empty_like(without)
    with waiting.progress(f"Reading {plural(len(texts), 'labelled sentence')} in one padded batch (once)…") as tell:
        for start in range(0, len(texts), 2 * AT_ONCE):
            rows = slice(start, start + 2 * AT_ONCE)
            more = edit(Pad("right", wide - int(widths[rows].max())))
            reading = model.read(checkpoint.slug, texts[rows], attention="none", edit=more)
            without[rows] = POOLINGS["mean"].pool(reading)
            with_padding[rows] = whole_mean(reading.last_hidden_state)
            tell(min(rows.stop, len(texts)), len(texts))
    return without, with_padding
