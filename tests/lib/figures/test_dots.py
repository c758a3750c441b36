"""Rows of numbers: where their axis ends."""

from __future__ import annotations

import pytest

from lib.figures.dots import reach


@pytest.mark.parametrize(
    ("shares", "end"), [((), 0.1), ((0.02, 0.1), 0.1), ((0.11,), 0.2), ((0.21, 0.5), 0.5), ((0.51, 0.01), 1.0)]
)
def test_an_axis_of_small_shares_ends_behind_the_largest(shares: tuple[float, ...], end: float) -> None:
    assert reach(shares) == end
