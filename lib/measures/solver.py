"""Logistic regression as scikit-learn learns it, so that it can be stopped between two rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lib.measures.vectors import Doubles
from lib.reading import Floats, Ints

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

ROUNDS = 1000  # of the solver, at most


class _Asking:
    """Asks after each round whether to go on; the hooks are those of ``sklearn.callback.FitCallback``."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check

    def setup(self, estimator: object, context: object) -> None:
        """Nothing: the first round asks."""

    def on_fit_task_begin(self, estimator: object, context: object) -> None:
        self._check()

    def on_fit_task_end(self, estimator: object, context: object) -> None:
        """Nothing: what ends a round begins the next."""

    def teardown(self, estimator: object, context: object) -> None:
        """Lets go: scikit-learn remembers the hooks of callbacks, and so all that they hold."""
        self._check = _nothing


def _nothing() -> None:
    return


def learned(
    vectors: Floats | Doubles, labels: Ints, *, penalty: float = 1.0, check: Callable[[], None] | None = None
) -> LogisticRegression:
    """A logistic regression that has learned.

    Args:
        vectors: float[texts, hidden].
        labels: int64[texts].
        penalty: scikit-learn's C; smaller holds the weights down more.
        check: called before each round of the solver; what it raises ends the learning.
    """
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=penalty, max_iter=ROUNDS)
    if check:
        regression.set_callbacks(_Asking(check))
    regression.fit(vectors, labels)
    return regression.set_callbacks()
