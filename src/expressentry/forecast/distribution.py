"""A forecast as a distribution: 99 quantiles, and the scores of it once the value is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
LEVELS: Floats = np.arange(1, 100) / 100
_GRID = 320
_LEAST_WIDTH = 0.5
"""No kernel is narrower: cut-offs are whole points."""


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """A distribution by its quantiles at 1 %, 2 % … 99 %.

    >>> wide = Distribution.normal(500, 10)
    >>> round(wide.median), [round(end) for end in wide.interval(80)]
    (500, [487, 513])
    >>> round(wide.at_most(500), 2)
    0.52
    """

    quantiles: Floats

    @staticmethod
    def normal(mean: float, sd: float) -> Distribution:
        """The normal distribution."""
        return Distribution(mean + sd * ndtri(LEVELS))

    @staticmethod
    def smoothed(samples: ArrayLike) -> Distribution:
        """The samples, each spread by a normal kernel whose width follows their spread (Silverman, robust)."""
        values = np.sort(np.asarray(samples, dtype=np.float64))
        spread = float(values.std(ddof=1)) if values.size > 1 else 0.0
        middle = float(np.subtract(*np.quantile(values, [0.75, 0.25]))) / 1.34
        width = max((min(spread, middle) if middle > 0 else spread) * values.size**-0.2, _LEAST_WIDTH)
        grid = np.linspace(values[0] - 4 * width, values[-1] + 4 * width, _GRID)
        below = ndtr((grid[:, None] - values) / width).mean(axis=1)
        return Distribution(np.interp(LEVELS, below, grid))

    @staticmethod
    def average(parts: Iterable[Distribution]) -> Distribution:
        """The average of the quantiles of several distributions."""
        return Distribution(np.mean([one.quantiles for one in parts], axis=0))

    @property
    def median(self) -> float:
        """The value that is as likely exceeded as not."""
        return float(self.quantiles[49])

    def quantile(self, level: float) -> float:
        """The value at a level from 0.01 to 0.99."""
        return float(np.interp(level, LEVELS, self.quantiles))

    def interval(self, percent: float) -> tuple[float, float]:
        """The central interval that holds so many percent."""
        outside = (1 - percent / 100) / 2
        return self.quantile(outside), self.quantile(1 - outside)

    def at_most(self, score: float) -> float:
        """The probability that a whole number is at most a score, 0.01 and 0.99 at the ends of what is known."""
        return float(np.interp(score + 0.5, self.quantiles, LEVELS))

    def crps(self, value: float) -> float:
        """Twice the mean pinball loss over the levels: the continuous ranked probability score."""
        return float(2 * pinball(self.quantiles, value).mean())


def pinball(quantiles: Floats, value: float | Floats, levels: Floats = LEVELS) -> Floats:
    """The pinball loss of each quantile; of several values, in rows beside those of the quantiles."""
    off = value - quantiles
    return np.maximum(levels * off, (levels - 1) * off)


def spread_over(samples: Sequence[float] | Floats, number: int) -> Floats:
    """So many values that stand for the samples: their quantiles in equal steps; none where there is no sample."""
    if len(samples) == 0 or number < 1:
        return np.empty(0)
    found: Floats = np.quantile(np.asarray(samples), (np.arange(number) + 0.5) / number)
    return found
