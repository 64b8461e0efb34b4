"""Generalised raking: exact where it can be, as near as it may where not, and against brute force."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from expressentry.simulate.calibrate.raking import effective, rake

FIRM = 12.0


Numbers = np.ndarray[Any, Any]


def raked(
    start: list[float], members: list[list[int]], low: list[float], high: list[float], price: float = FIRM
) -> tuple[Numbers, Numbers]:
    """Weights after raking, adding up to what the targets say."""
    begun = np.array(start) / sum(start)
    found = rake(begun, np.array(members, float), np.array(low), np.array(high), np.full(len(low), price))
    return begun * found.factors, found.prices


class TestRake:
    """What weights become."""

    def test_nothing_to_do(self) -> None:
        """Counts that are in their ranges leave every weight as it was."""
        weights, prices = raked([1, 1, 2], [[1, 0], [1, 0], [0, 1]], [0.4, 0.4], [0.6, 0.6])
        assert weights.tolist() == [0.25, 0.25, 0.5]
        assert prices.tolist() == [0, 0]

    def test_the_near_end_of_a_range(self) -> None:
        """A count goes to the end of its range that is nearer, and no further."""
        weights, _ = raked([1, 1], [[1, 0], [0, 1]], [0.6, 0.3], [0.8, 0.4])
        assert weights == pytest.approx([0.6, 0.4])

    def test_proportions_inside_a_cell_of_targets_stay(self) -> None:
        """Nearest by relative entropy: cells alike in all that is counted keep their proportions."""
        weights, _ = raked([1, 3, 4], [[1, 0], [1, 0], [0, 1]], [0.8, 0.2], [0.8, 0.2])
        assert weights[1] / weights[0] == pytest.approx(3)

    def test_a_range_that_asks_for_too_much_is_missed(self) -> None:
        """A yielding range stops at its price, so that no weight grows beyond e to it."""
        weights, prices = raked([1, 999], [[1], [0]], [0.9], [1.0], price=2.5)
        assert prices.tolist() == [2.5]
        assert weights[0] == pytest.approx(0.001 * np.exp(2.5))

    def test_contradicting_targets_end(self) -> None:
        """Two ranges of the same people that exclude each other leave finite weights."""
        weights, _ = raked([1, 1], [[1, 1], [0, 0]], [0.7, 0.0], [0.8, 0.2], price=2.5)
        assert np.isfinite(weights).all()

    @given(st.lists(st.integers(1, 9), min_size=8, max_size=8), st.lists(st.floats(0.1, 0.9), min_size=3, max_size=3))
    def test_it_is_the_nearest(self, start: list[int], wanted: list[float]) -> None:
        """A general minimiser of the relative entropy, started elsewhere, finds the same weights."""
        members = np.array([[cell >> bit & 1 for bit in range(3)] for cell in range(8)], float)
        low, high = np.array(wanted) * 0.95, np.array(wanted) * 1.05
        begun = np.array(start, float) / sum(start)
        found = begun * rake(begun, members, low, high, np.full(3, FIRM)).factors

        def distance(weights: Numbers) -> float:
            return float((weights * np.log(weights / begun) - weights + begun).sum())

        limits = [{"type": "ineq", "fun": lambda w, at=at: members[:, at] @ w - low[at]} for at in range(3)]
        limits += [{"type": "ineq", "fun": lambda w, at=at: high[at] - members[:, at] @ w} for at in range(3)]
        other = minimize(distance, np.full(8, 0.1), bounds=[(1e-9, None)] * 8, constraints=limits, method="SLSQP")
        counts = members.T @ found
        assert (counts > low - 1e-6).all()
        assert (counts < high + 1e-6).all()
        assert distance(found) <= distance(other.x) + 1e-6


def test_effective_sample() -> None:
    """Equal weights are a whole sample; the more unequal, the smaller."""
    shares = [effective(np.array([1.0, 1.0, 1.0, more])) for more in (1, 2, 4, 8)]
    assert shares[0] == 1
    assert all(a > b for a, b in pairwise(shares))
