"""Generalised raking with tolerances: the weights nearest to those at the start that bring every count into its range.

Nearest is by relative entropy, so no weight is ever negative. A range that asks for too much is missed, and by how much
is part of the answer. Kept packages for raking (`ipfn`, `samplics`, `balance`) take exact margins only, and SciPy's
general minimisers with bounds stop early on this dual (L-BFGS-B left bands 1 % off). Raking itself is its exact
ascent, one price at a time: with the others fixed, the best price of a range has a closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FIRM, ASKED, YIELDING = 12.0, 8.0, 2.5
"""The highest price of a band, of a margin that must be reached, and of any other range.

It is what missing the range by all people costs, in units of relative entropy: where bands and a margin exclude each
other, the bands hold.

A price of 2.5 weights people up or down by a factor of 12 at most; a range that would ask for more is missed.
"""
_SWEEPS, _EXACT = 800, 1e-9
_LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class Raked:
    """For each cell the factor of its people's weights, and for each range the price of its ends (0: none binds)."""

    factors: Numbers
    prices: Numbers


def rake(start: Numbers, members: Numbers, low: Numbers, high: Numbers, highest: Numbers) -> Raked:
    """Find the factors for cells of people who are alike in everything that is counted.

    Args:
        start: The weight of each cell before; they add up to 1.
        members: A row for each cell and a column for each count: 1 where its people are counted, else 0.
        low: The lowest wanted value of each count, as a share of all.
        high: The highest one.
        highest: The highest price of each range.
    """
    inside = [np.flatnonzero(column) for column in members.T]
    # Firm ranges come last in each sweep: where figures contradict each other and it never settles, these are exact.
    order = np.argsort(highest, kind="stable").tolist()
    weights, prices = start.copy(), np.zeros(len(inside))
    for _ in range(_SWEEPS):
        moved = 0.0
        for at in order:
            cells = inside[at]
            # The count as it would be without this price: in its range, it needs none; else the price takes it there.
            reached = max(float(weights[cells].sum()), _LEAST)
            logs = np.log(np.array([max(low[at], _LEAST), max(high[at], _LEAST)]) / reached) + prices[at]
            price = float(np.clip(max(logs[0], min(logs[1], 0.0)), -highest[at], highest[at]))
            if price != prices[at]:
                weights[cells] *= np.exp(price - prices[at])
                moved = max(moved, abs(price - prices[at]))
                prices[at] = price
        if moved < _EXACT:
            break
    return Raked(weights / start, prices)


def effective(weights: Numbers) -> float:
    """The effective sample size as a share of the people: 1 where all weights are equal.

    >>> round(effective(np.array([1.0, 1.0, 2.0])), 4)
    0.8889
    """
    return float(weights.sum() ** 2 / (len(weights) * (weights**2).sum()))
