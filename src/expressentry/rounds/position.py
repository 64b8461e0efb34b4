"""The position of a score in a published distribution: bounds, as narrow as the bands allow and no narrower."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor

from expressentry.errors import Problem, UsageError
from expressentry.rounds.record import TOTAL, PoolDay
from expressentry.text import Text

_YEAR = timedelta(days=366)
"""So many days, not an anniversary: the distribution of about the same day a year before is shown with the others."""


@dataclass(frozen=True, slots=True)
class Position:
    """A score among the candidates of one day.

    `ahead` is how many candidates are before it, at least and at most: those with more points, and of the same band
    those who may have more, or as many and an earlier submission. `lower` is the share of the pool with fewer points,
    in percent, at least and at most, rounded outwards to a tenth.
    """

    score: int
    as_of: date
    total: int
    band: tuple[int, int]
    ahead: tuple[int, int]
    lower: tuple[float, float]

    @property
    def rank(self) -> tuple[int, int]:
        """The best and the worst rank that a newcomer with this score would have had."""
        return self.ahead[0] + 1, self.ahead[1] + 1


def position(score: int, day: PoolDay) -> Position:
    """Give the position of a score in the distribution of a day.

    Candidates who are in the published total and in no band may be anywhere, and widen the bounds.

    Raises:
        UsageError: The score is not from 0 to 1,200.

    >>> from expressentry.rounds.load import load_record
    >>> found = position(491, load_record().pool_on(date(2024, 4, 11)))
    >>> found.as_of.isoformat(), found.band, found.ahead
    ('2024-04-09', (491, 500), (13144, 22311))
    """
    if not TOTAL[0] <= score <= TOTAL[1]:
        rule = Text("0 to {n}", "0 à {n}").fill(n=TOTAL[1])
        raise UsageError(Problem("not_a_score", "score", rule, Text("give a CRS score", "donner une note"), score))
    finest = day.finest
    total = day.total if day.total is not None else sum(count for *_, count in finest)
    shown = sum(count for *_, count in finest)
    unplaced = max(total - shown, 0)
    total = max(total, shown)
    above = sum(count for low, _, count in finest if low > score)
    below = sum(count for _, high, count in finest if high < score)
    low, high, inside = next((band for band in finest if band[0] <= score <= band[1]), (score, score, 0))
    lower = below, below + (inside if score > low else 0) + unplaced
    return Position(
        score,
        day.as_of,
        total,
        (low, high),
        (above, above + inside + unplaced),
        (floor(lower[0] / total * 1000) / 10, min(ceil(lower[1] / total * 1000) / 10, 100.0)),
    )


def over_the_year(score: int, days: Iterable[PoolDay], last: date) -> list[Position]:
    """The position of a score on each published day of the year up to a day, oldest first."""
    return [position(score, day) for day in days if last - _YEAR <= day.as_of <= last]
