"""On which days the facts of people change: only those are scored again.

A day is due on a birthday, when a month of work completes that a rule counts to, when work that ended falls out of a
window month by month, when a document expires, when a province nominates, and when a better test comes. More days than
needed may be due, never fewer: a test holds this equal to scoring everybody every day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from expressentry.law.rule_set import RuleSet
from expressentry.simulate.run.days import NEVER, Days, day_of, months_between, months_on, numbers
from expressentry.simulate.table import LANGUAGES, WHERE

_YEAR = 12
_MOST_MONTHS = 720
Pairs = tuple[NDArray[np.int32], Days]
"""People by their row, and for each the day."""


@dataclass(frozen=True, slots=True)
class _Work:
    """One run of work of every person."""

    months: NDArray[np.int32]
    works: NDArray[np.bool_]
    until: Days


class Calendar:
    """The days that people's facts know, read once from a population."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.born = numbers(frame["birth_date"])
        self.counted = numbers(frame["counted_on"])
        self.work = tuple(
            _Work(
                frame[f"{where}_months"].cast(pl.Int32).to_numpy(),
                frame[f"{where}_works"].to_numpy(),
                numbers(frame[f"{where}_until"]),
            )
            for where in WHERE
        )
        self.tested = tuple(numbers(frame[f"{language}_taken_on"]) for language in LANGUAGES)
        self.assessed = numbers(frame["assessed_on"])
        self.nominated = numbers(frame["nominated_on"])
        self.retested = numbers(frame["retested_on"])

    def due(self, rows: NDArray[np.int32], first: int, last: int, rules: RuleSet, more: frozenset[int]) -> Pairs:
        """Each person and day, after `first` and up to `last`, on which a fact of the person changes; some come twice.

        Args:
            rows: The people looked at.
            first: The day on which they were last scored.
            last: The last day looked at; less than a year after.
            rules: The law of these days.
            more: Months of work in Canada to which something beyond the law counts.
        """
        found: list[Pairs] = []
        for who, days in self._days(rows, first, last, rules, more):
            inside = (days > first) & (days <= last)
            found.append((who[inside], days[inside]))
        found += self._together(rows, first, last, rules, more)
        people, days = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return people, days

    def _days(
        self, rows: NDArray[np.int32], first: int, last: int, rules: RuleSet, more: frozenset[int]
    ) -> Iterator[Pairs]:
        evidence = rules.evidence
        for days in (
            *_anniversaries(self.born[rows], first, last),
            *(months_on(tested[rows], evidence.language_valid_years * _YEAR) for tested in self.tested),
            months_on(self.assessed[rows], evidence.assessment_valid_years * _YEAR),
            self.nominated[rows],
            self.retested[rows],
            months_on(self.retested[rows], evidence.language_valid_years * _YEAR),
        ):
            yield rows, days
        windows, counts = _windows(rules), _counts_to(rules, more)
        for one in self.work:
            works, ended = rows[one.works[rows]], rows[one.until[rows] <= last]
            for days in self._reached(works, one, first, last, counts):
                yield works, days
            for window in windows:
                for days in self._fallen(ended, one, first, last, window, counts):
                    yield ended, days

    def _reached(
        self, rows: NDArray[np.int32], one: _Work, first: int, last: int, counts: NDArray[np.bool_]
    ) -> Iterator[Days]:
        """The days on which work that goes on completes a month that a rule counts to."""
        counted, months, until = self.counted[rows], one.months[rows], one.until[rows]
        done = np.maximum(months_between(counted, first), 0)
        for step in range(_months_within(first, last)):
            total = np.clip(months + done + step, 0, _MOST_MONTHS - 1)
            days = months_on(counted, done + step)
            yield np.where(counts[total] & (days <= until), days, NEVER).astype(np.int32)

    def _fallen(
        self, rows: NDArray[np.int32], one: _Work, first: int, last: int, window: int, counts: NDArray[np.bool_]
    ) -> Iterator[Days]:
        """The days on which so much of work that ended has left a window that less than a number counted to is left."""
        total, matters = one.months[rows], _falls_that_matter(window, counts)
        for since, days in _falls(one.until[rows], first, last):
            yield np.where(matters[since] & (total > window - since), days, NEVER).astype(np.int32)

    def _together(
        self, rows: NDArray[np.int32], first: int, last: int, rules: RuleSet, more: frozenset[int]
    ) -> Iterator[Pairs]:
        """The days on which work of both places together passes a number counted to; most people have one place."""
        windows, passed = _windows(rules), np.cumsum(_counts_to(rules, more))
        rows = rows[np.logical_and.reduce([one.months[rows] + one.works[rows] > 0 for one in self.work])]
        inside = np.zeros(len(rows), dtype=bool)
        for window in windows:
            low, high = self._between(rows, first, last, window)
            inside |= passed[high] != passed[low]
        rows = rows[inside]
        for one in self.work:
            works, ended = rows[one.works[rows]], rows[one.until[rows] <= last]
            for who, days in (
                *((works, days) for days in self._reached(works, one, first, last, _EACH)),
                *((ended, days) for _, days in _falls(one.until[ended], first, last)),
            ):
                here = np.flatnonzero((days > first) & (days <= last))
                people, on = who[here], days[here]
                changes = np.zeros(len(people), dtype=bool)
                for window in windows:
                    sums = [self._sum(people, day, window, late) for day in (on - 1, on) for late in (0, 1)]
                    changes |= passed[np.maximum.reduce(sums)] != passed[np.minimum.reduce(sums)]
                yield people[changes], on[changes]

    def _between(
        self, rows: NDArray[np.int32], first: int, last: int, window: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The fewest and the most months of both places that there can be inside a window on any of the days.

        One place may lose a month before the other gains one: each has its own fewest and most.
        """
        low, high = np.zeros((2, len(rows)), dtype=np.int32)
        for one in self.work:
            ended = np.clip(one.until[rows], first, last)
            days = ((first, 0), (first, 1), (ended, 0), (last, 0), (last, 1))
            ends = [self._within(rows, one, day, window, late) for day, late in days]
            low, high = low + np.minimum.reduce(ends), high + np.maximum.reduce(ends)
        return np.minimum(low, _MOST_MONTHS - 1), np.minimum(high, _MOST_MONTHS - 1)

    def _sum(self, rows: NDArray[np.int32], day: Days | int, window: int, late: int) -> NDArray[np.int32]:
        """The months of both places inside a window on a day."""
        here, abroad = (self._within(rows, one, day, window, late) for one in self.work)
        found: NDArray[np.int32] = np.minimum(here + abroad, _MOST_MONTHS - 1)
        return found

    def _within(
        self, rows: NDArray[np.int32], one: _Work, day: Days | int, window: int, late: int
    ) -> NDArray[np.int32]:
        """The months of one run inside a window on a day; `late` counts a month that has begun since the end as one."""
        until = one.until[rows]
        more = np.maximum(months_between(self.counted[rows], day), 0)
        since = np.where(until < day, months_between(until, day) + late, 0)
        total = one.months[rows] + np.where(one.works[rows], more, 0)
        found: NDArray[np.int32] = np.minimum(total, np.maximum(window - since, 0)).astype(np.int32)
        return found


_EACH = np.ones(_MOST_MONTHS, dtype=bool)
"""Every number of months matters."""


def _months_within(first: int, last: int) -> int:
    return (last - first) // 28 + 2


def _anniversaries(born: Days, first: int, last: int) -> Iterator[Days]:
    """The birthdays of the calendar years that the days touch."""
    year = born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int32) + 1970
    for then in range(day_of(first).year, day_of(last).year + 1):
        yield months_on(born, (then - year) * _YEAR)


def _windows(rules: RuleSet) -> set[int]:
    """How many months back a rule looks for work."""
    windows = {row.window_years * _YEAR for row in rules.law.measures.on(rules.day) if row.window_years}
    return windows | {version.window_months for version in rules.categories if version.window_months}


def _counts_to(rules: RuleSet, more: frozenset[int]) -> NDArray[np.bool_]:
    """For each number of months whether a rule counts to it: whole years, and what the categories ask for."""
    found = np.zeros(_MOST_MONTHS, dtype=bool)
    found[[*range(0, _MOST_MONTHS, _YEAR), *(test.least for test in rules.selection.tests), *more]] = True
    return found


def _falls_that_matter(window: int, counts: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each number of months since work ended, whether less than a number that a rule counts to is left inside."""
    found = np.zeros(_MOST_MONTHS, dtype=bool)
    found[window - np.flatnonzero(counts[1 : window + 1])] = True
    return found


def _falls(until: Days, first: int, last: int) -> Iterator[tuple[NDArray[np.int32], Days]]:
    """The days on which a month since the end of work begins, and which month of them it is."""
    done = months_between(until, first)
    for step in range(_months_within(first, last) + 1):
        since = np.clip(done + step, 0, _MOST_MONTHS - 2)
        days = np.where(until <= last, months_on(until, since), NEVER).astype(np.int32)
        # In a month that is too short for the day, the part of a month begins on the first of the next.
        yield since + 1, days
        yield since + 1, np.where(days == NEVER, NEVER, days + 1).astype(np.int32)
