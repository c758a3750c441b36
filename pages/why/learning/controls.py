"""The checkpoints of the page, by their steps."""

from __future__ import annotations

from collections.abc import Iterable

from lib import checkpoints, taught
from lib.cached import pretrained
from lib.checkpoints import DEFAULT
from lib.measures.pretrained import Taught


def slug(step: int, run: str = taught.BOTH) -> str:
    """The model after so many steps; at step 0 the one that was taught."""
    return f"taught-{run}-{step}" if step else DEFAULT


def at(steps: Iterable[int]) -> dict[int, Taught]:
    """What checkpoints make of the sixty pairs, in the order of their steps."""
    return {step: pretrained.taught(slug(step)) for step in sorted(set(steps))}


def common() -> int:
    """The last step that both runs have; 0 where the other run is not there."""
    both, other = (checkpoints.TRAILS.get(run) for run in (taught.BOTH, taught.WORDS_ALONE))
    return max({*both.steps} & {*other.steps}, default=0) if both and other else 0


def beside(step: int) -> tuple[Taught, Taught]:
    """Taught both tasks, and taught masked words alone; after so many steps."""
    return pretrained.taught(slug(step)), pretrained.taught(slug(step, taught.WORDS_ALONE))
