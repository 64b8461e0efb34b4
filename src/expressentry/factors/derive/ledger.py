"""An exact ledger of work, in whole numbers: what counts between two days, and how many years or months that makes.

Days are ordinals; an interval ends on the day after its last. Work is counted in hundredths of an hour a week, for each
day of the week: 30 hours a week give 3,000 units a day, and 1,560 hours are 364 such days. No day is ever looped over.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from expressentry.dates import anniversary, months_on
from expressentry.law.evidence import EvidenceOn
from expressentry.law.schema import MOST_MONTHS, MOST_OCCUPATIONS

OPEN = date(2200, 1, 1).toordinal()
"""The end of what continues."""

Interval = tuple[int, int]
Piece = tuple[int, int, int]
"""First day, day after the last, units a day."""

YearRule = Literal["hours", "calendar"]
"""A year as 1,560 hours; or as the days of twelve calendar months from the first day that counts."""


class Units(NamedTuple):
    """How work is counted: hundredths of an hour a week, for each day of the week."""

    full_time: int
    """Units of one day of full-time work; hours above add nothing."""
    year: int
    """Units of a year of full-time work."""

    @classmethod
    def of(cls, evidence: EvidenceOn) -> Units:
        """The units of a day: 30 hours a week and 1,560 hours a year as the regulations are (IRPR 73(1))."""
        return cls(evidence.full_time_hours * HUNDREDTHS, evidence.year_hours * HUNDREDTHS * _WEEK)

    @staticmethod
    def hours(units: int) -> int:
        """Whole hours."""
        return units // (HUNDREDTHS * _WEEK)

    @property
    def month(self) -> int:
        """A twelfth of a year."""
        return self.year // 12


HUNDREDTHS = 100
_WEEK = 7


class Ledger:
    """Work of one kind over a life: simultaneous jobs are added up, to full time at most."""

    __slots__ = ("_periods", "days", "rates", "sums", "units")

    def __init__(self, pieces: Iterable[Piece], units: Units, *, full_time_only: bool = False) -> None:
        self.units = units
        self._periods: list[Interval] | None = None
        changes: dict[int, int] = {}
        for start, end, rate in pieces:
            changes[start] = changes.get(start, 0) + rate
            changes[end] = changes.get(end, 0) - rate
        self.days = sorted(changes)
        self.rates: list[int] = []
        self.sums: list[int] = []
        running = total = 0
        for position, day in enumerate(self.days):
            if position:
                total += self.rates[-1] * (day - self.days[position - 1])
            running += changes[day]
            rate = min(running, units.full_time)
            self.rates.append(0 if full_time_only and rate < units.full_time else rate)
            self.sums.append(total)

    def _until(self, day: int) -> int:
        at = bisect_right(self.days, day) - 1
        return 0 if at < 0 else self.sums[at] + self.rates[at] * (day - self.days[at])

    def rate_at(self, day: int) -> tuple[int, int]:
        """The units of a day, and the first day with others; OPEN where none follows."""
        at = bisect_right(self.days, day)
        return self.rates[at - 1] if at else 0, self.days[at] if at < len(self.days) else OPEN

    @property
    def periods(self) -> list[Interval]:
        """The continuous runs of days with work; leave ends one."""
        if self._periods is None:
            ends = zip(self.days, self.days[1:], self.rates, strict=False)
            self._periods = runs((start, end) for start, end, rate in ends if rate)
        return self._periods

    def total(self, start: int, end: int) -> int:
        """Units worked from a day until before another."""
        return self._until(end) - self._until(start) if start < end else 0

    def first(self, start: int) -> int:
        """The first day from `start` on with work; OPEN where no work follows."""
        at = bisect_right(self.days, start) - 1
        if at >= 0 and self.rates[at]:
            return start
        return next((self.days[n] for n in range(at + 1, len(self.days)) if self.rates[n]), OPEN)

    def years(self, start: int, end: int, rule: YearRule) -> int:
        """Completed years of work from a day until before another."""
        units, full_time = self.total(start, end), self.units.full_time
        if rule == "hours" or units < full_time * 365:
            return units // self.units.year if rule == "hours" else 0
        first = date.fromordinal(self.first(start))
        years = units // (full_time * 365)
        while years and units < full_time * (anniversary(first, years) - first).days:
            years -= 1
        return years

    def months(self, start: int, end: int, rule: YearRule) -> int:
        """Completed months of work from a day until before another: twelfths of a year."""
        units, full_time = self.total(start, end), self.units.full_time
        if rule == "hours" or units < full_time * 28:
            return units // self.units.month if rule == "hours" else 0
        first = date.fromordinal(self.first(start))
        months = units // (full_time * 28)
        while months and units < full_time * (months_on(first, months) - first).days:
            months -= 1
        return months


def runs(spans: Iterable[Interval]) -> list[Interval]:
    """Join intervals that overlap or meet; a weekend between two jobs is no gap, as nobody was to work on it.

    >>> monday = date(2024, 1, 8).toordinal()
    >>> runs([(monday - 30, monday - 2), (monday, monday + 5)]) == [(monday - 30, monday + 5)]
    True
    """
    joined: list[Interval] = []
    for start, end in sorted(spans):
        if joined and all(_weekend(day) for day in range(joined[-1][1], min(start, joined[-1][1] + 3))):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _weekend(day: int) -> bool:
    return (day + 6) % 7 > 4


def without(span: Interval, holes: Sequence[Interval]) -> list[Interval]:
    """The parts of an interval outside the holes."""
    left, start = [], span[0]
    for begin, end in sorted(holes):
        if begin > start:
            left.append((start, min(begin, span[1])))
        start = max(start, end)
        if start >= span[1]:
            return left
    return [*left, (start, span[1])]


def clipped(spans: Sequence[Interval], window: Interval) -> list[Interval]:
    """The parts of intervals that lie in a window."""
    cut = [(max(start, window[0]), min(end, window[1])) for start, end in spans]
    return [(start, end) for start, end in cut if start < end]


@dataclass(frozen=True, slots=True)
class OccupationWork:
    """The work of a person in one occupation: all of it, that in Canada, and the continuous runs."""

    all: Ledger
    canada: Ledger
    runs: Sequence[Interval]


def category_months(work: Mapping[str, OccupationWork], window: Interval, rule: YearRule) -> list[dict[str, Any]]:
    """For each occupation with at least a month, as categories ask: whole months, longest run, and those in Canada.

    The fifteen with the most work where there are more.
    """
    found: list[dict[str, Any]] = []
    for code, one in sorted(work.items()):
        canada = one.canada.months(*window, rule)
        run = max((one.all.months(*clip, rule) for clip in clipped(one.runs, window)), default=0)
        # In calendar months the whole may begin in a longer month than a part of it; it is never less than the part.
        months = max(one.all.months(*window, rule), canada, run)
        if months:
            counts = {"months": months, "run": run, "canada_months": canada}
            found.append({"noc": code, **{name: min(count, MOST_MONTHS) for name, count in counts.items()}})
    return sorted(found, key=lambda entry: -entry["months"])[:MOST_OCCUPATIONS]
