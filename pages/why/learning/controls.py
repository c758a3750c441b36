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


def common(step: int) -> int:
    """A step that both runs have: the last one up to that which is asked for, else the first; 0 where there is none.

    Args:
        step: of the training.
    """
    both, other = (checkpoints.TRAILS.get(run) for run in (taught.BOTH, taught.WORDS_ALONE))
    steps = sorted({*both.steps} & {*other.steps}) if both and other else []
    return max((each for each in steps if each <= step), default=steps[0] if steps else 0)


def beside(step: int) -> tuple[Taught, Taught]:
    """Taught both tasks, and taught masked words alone; after so many steps."""
    return pretrained.taught(slug(step)), pretrained.taught(slug(step, taught.WORDS_ALONE))
