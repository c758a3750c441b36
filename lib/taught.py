"""What was taught to the embedded model with :mod:`lib.model.pretrain`: its checkpoints, and how often each is right.

Each run is a folder below ``lib/model/pretrained/``, with a folder for each checkpoint (``step-32``) and
``curve.json``. Nothing else says which checkpoints there are: more of them are added by copying them there.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

BOTH, WORDS_ALONE = "both", "mlm-only"  # the runs: masked words and next sentences, or masked words alone
ROOT = Path(__file__).parent / "model" / "pretrained"
CURVE = "curve.json"
NEEDED = ("adapter_config.json", "adapter_model.safetensors", "heads.safetensors")
Z = 1.959964  # standard deviations of a 95 % interval


@dataclass(frozen=True)
class Scores:
    """How often the two heads are right on held-out documents.

    Attributes:
        step: after which this was measured.
        mlm_loss: mean cross-entropy of the masked words, nats.
        mlm_right: masked words whose likeliest word was there.
        pieces: masked words.
        nsp_loss: mean cross-entropy of the pairs, nats.
        nsp_right: pairs told right.
        pairs: how many there are.
        missed: random pairs taken for the next sentence.
        missed_alike: those of them whose segments are as similar as half of the true pairs are: of one topic.
        doubted: true pairs taken for random ones.
        doubted_unlike: those of them whose segments are as little similar as half of the random pairs are.
    """

    step: int
    mlm_loss: float
    mlm_right: int
    pieces: int
    nsp_loss: float
    nsp_right: int
    pairs: int
    missed: int
    missed_alike: int
    doubted: int
    doubted_unlike: int

    def __str__(self) -> str:
        return (
            f"held out, step {self.step}: masked words {share(self.mlm_right, self.pieces)}, loss {self.mlm_loss:.3f}; "
            f"pairs {share(self.nsp_right, self.pairs)}, loss {self.nsp_loss:.3f}; "
            f"{self.missed} random ones taken for the next, {self.missed_alike} of them of one topic; "
            f"{self.doubted} the other way round, {self.doubted_unlike} of them of two topics"
        )


@dataclass(frozen=True)
class Trail:
    """A run's checkpoints.

    Attributes:
        run: its name.
        steps: after how many steps of training -> the checkpoint's folder, in order.
        curve: what was measured, in order; step 0 is the model before the training, with new heads.
    """

    run: str
    steps: Mapping[int, Path]
    curve: tuple[Scores, ...]

    @property
    def last(self) -> int:
        """The last step there is."""
        return max(self.steps)

    def at(self, step: int) -> Scores | None:
        """What was measured after a step; None where that is not known."""
        return next((each for each in self.curve if each.step == step), None)


def trails(root: Path = ROOT) -> Mapping[str, Trail]:
    """The runs of which there is a checkpoint, by name.

    Args:
        root: a folder of runs.
    """
    found = {}
    for run in (BOTH, WORDS_ALONE):
        folders = sorted((int(each.name[5:]), each) for each in (root / run).glob("step-*") if _whole(each))
        if folders:
            curve = root / run / CURVE
            listed = json.loads(curve.read_text("utf-8")) if curve.is_file() else []
            found[run] = Trail(run, MappingProxyType(dict(folders)), tuple(Scores(**each) for each in listed))
    return MappingProxyType(found)


def _whole(folder: Path) -> bool:
    return bool(re.fullmatch(r"step-\d+", folder.name)) and all((folder / name).is_file() for name in NEEDED)


def interval(right: int, of: int) -> tuple[float, float]:
    """The ends of a share's 95 % interval, Wilson's."""
    middle, spread = right / of, Z * Z / of
    half = Z * math.sqrt(middle * (1 - middle) / of + spread / of / 4)
    return (middle + spread / 2 - half) / (1 + spread), (middle + spread / 2 + half) / (1 + spread)


def share(right: int, of: int) -> str:
    """A share and its interval, as they stand in a model card."""
    low, high = interval(right, of)
    return f"{right / of:.3f} ({low:.3f} to {high:.3f} of {of})"
