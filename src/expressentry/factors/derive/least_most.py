"""The least and the most work that may count, whatever is assumed of the doubts: without trying their combinations.

Whether a stretch of work counts, and in which occupation, depends on few doubts: those about its own job and days.
These are tried for each stretch by itself. What counts under all of them surely counts, and what counts under none
never does. More work is never fewer years or months, so that every count lies between that of the one and that of the
other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from expressentry.dates import months_on
from expressentry.factors.derive.counting import ANY_EMPLOYER, Counted, Counting
from expressentry.factors.derive.jobs import Span, Task, codes, doubt_id, teer
from expressentry.factors.derive.ledger import Interval, Ledger, Piece, Units, clipped, runs
from expressentry.factors.derive.status import CLAIMANT, NONE
from expressentry.law.law import Law
from expressentry.law.measures import Measure
from expressentry.law.schema import MOST_MONTHS, MOST_OCCUPATIONS
from expressentry.profile.model import Certificate

_YEAR, _MONTH = 12, 1
_CYCLES = (date(1999, 1, 1), date(2096, 1, 1))
_CYCLE_DAYS = 1830

Occupation = str
"""A code; or, of surely counted work whose code is open, the doubt over it, under each option of which it has one."""

Fates = Mapping[str | None, frozenset[bool]]
"""For each occupation in which a stretch may count, None where it may not count at all: whether it counts in Canada."""


@cache
def calendar_days(months: int) -> tuple[int, int]:
    """The fewest and the most days that so many calendar months have, whatever their first day.

    >>> calendar_days(1), calendar_days(12)
    ((28, 31), (365, 366))
    """
    firsts = [first + timedelta(days) for first in _CYCLES for days in range(_CYCLE_DAYS)]
    found = {(months_on(first, months) - first).days for first in firsts}
    return min(found), max(found)


def fewest(units: Units, worked: int, size: int, most: int) -> int:
    """The years or months (of `size` months) that some work surely is, by whichever rule of the year."""
    count = min(worked // _hours(units, size), most)
    while count and worked < units.full_time * calendar_days(size * count)[1]:
        count -= 1
    return count


def utmost(units: Units, worked: int, size: int, most: int) -> int:
    """The years or months that some work may be, by whichever rule of the year."""
    count = min(worked // _hours(units, size), most)
    while count < most and worked >= units.full_time * calendar_days(size * (count + 1))[0]:
        count += 1
    return count


def _hours(units: Units, size: int) -> int:
    """The units of a year or a month by the hours."""
    return units.year if size == _YEAR else units.month


def _pieces(spans: Iterable[Span]) -> Iterator[Piece]:
    return (piece for span in spans for piece in span.pieces())


class _Work(NamedTuple):
    """Work in one occupation: the ledger of it, that of the part in Canada, and the runs of it."""

    all: Ledger
    canada: Ledger
    runs: Sequence[Interval]

    @classmethod
    def of(cls, found: Sequence[tuple[Span, frozenset[bool]]], units: Units, *, surely: bool) -> _Work:
        """The work of some spans, each with whether it counts in Canada; a leave ends a run surely, or perhaps not."""
        here = [span for span, counts in found if (False not in counts if surely else True in counts)]
        whole = [(span.start, span.end) for span, _ in found]
        worked = [(start, end) for span, _ in found for start, end, _ in span.worked]
        return cls(
            Ledger(_pieces(span for span, _ in found), units),
            Ledger(_pieces(here), units),
            runs(worked if surely else whole),
        )


class _OfMeasure:
    """What a measure surely counts, and what it may count: in all, and by occupation."""

    def __init__(self, row: Measure, units: Units, fates: Sequence[tuple[str, Span, Fates]]) -> None:
        full = row.full_time_only
        surely = [(name, span, fate) for name, span, fate in fates if None not in fate]
        maybe = [span for _, span, fate in fates if fate.keys() != {None}]
        self.least = Ledger(_pieces(span for _, span, _ in surely), units, full_time_only=full)
        self.most = Ledger(_pieces(maybe), units, full_time_only=full)
        least: dict[Occupation, list[tuple[Span, frozenset[bool]]]] = {}
        for name, span, fate in surely:
            only = next(iter(fate)) if len(fate) == 1 else None
            least.setdefault(only or name, []).append((span, frozenset().union(*fate.values())))
        most: dict[Occupation, list[tuple[Span, frozenset[bool]]]] = {}
        for _, span, fate in fates:
            for code, here in fate.items():
                if code is not None:
                    most.setdefault(code, []).append((span, here))
        self.least_in = {code: _Work.of(found, units, surely=True) for code, found in least.items()}
        self.most_in = {code: _Work.of(found, units, surely=False) for code, found in most.items()}


class LeastMost:
    """The work of one person by the rules of a day, between the least and the most of it."""

    def __init__(
        self,
        tasks: tuple[Task, ...],
        certificates: tuple[Certificate, ...],
        law: Law,
        rules: Counted,
        options: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.tasks, self.options = tasks, options
        self._law, self._certificates = law, certificates
        self.rules, self.units = rules, rules.units
        self._known: dict[tuple[object, ...], _OfMeasure] = {}

    def of(self, row: Measure) -> _OfMeasure:
        """The work that a measure counts."""
        if row.work not in self._known:
            self._known[row.work] = _OfMeasure(row, self.units, self._fates(row))
        return self._known[row.work]

    def _fates(self, row: Measure) -> list[tuple[str, Span, Fates]]:
        found = []
        for task in self.tasks:
            alike: dict[tuple[object, ...], Fates] = {}
            for span in task.spans:
                key = span.state, span.studies, bool(span.doubt)
                if key not in alike:
                    alike[key] = self._fate(row, task, span)
                found.append((doubt_id(task.job, self.rules.version), span, alike[key]))
        return found

    def _fate(self, row: Measure, task: Task, span: Span) -> Fates:
        """Whether and in which occupation a stretch counts, under every combination of the doubts about it."""
        names = [name for name in self._about(task, span) if name in self.options]
        fates: dict[str | None, set[bool]] = {}
        for options in product(*(self.options[name] for name in names)):
            chosen = dict(zip(names, options, strict=True))
            probe = Counting((), self._certificates, self._law, self.rules, chosen)
            stretch = probe.stretch(task, span)
            code = stretch.code if probe.takes(row, stretch) else None
            fates.setdefault(code, set()).add(stretch.counts_here)
        return {code: frozenset(here) for code, here in fates.items()}

    def _about(self, task: Task, span: Span) -> list[str]:
        """The doubts on which it depends whether a stretch counts."""
        names = [doubt_id(task.job, self.rules.version)] if len(codes(task.job, self.rules.version)) > 1 else []
        if task.foreign_employer:
            names += ["foreign_employer", "foreign_employer_canadian", ANY_EMPLOYER]
        if span.doubt:
            names.append(span.doubt)
        if span.studies:
            names.append("student")
        return names + {CLAIMANT: ["refugee_claimant"], NONE: ["unauthorised_work"]}.get(span.state, [])

    def values(self, row: Measure, window: Interval) -> tuple[Any, ...]:
        """Every value that the column of a measure may have."""
        if row.gives == "main_teer":
            return self._teers(row, window)
        if row.gives == "by_occupation":
            return (self._months(row, window, surely=True), self._months(row, window, surely=False))
        if row.gives == "longest_run":
            low, high = self._runs(row, window)
        else:
            low, high = self._counts(row, window)
        if row.gives == "reached":
            return tuple(dict.fromkeys((low >= 1, high >= 1)))
        return tuple(range(low, high + 1))

    def _counts(self, row: Measure, window: Interval) -> tuple[int, int]:
        work, size, cap = self.of(row), _MONTH if row.unit == "months" else _YEAR, max(row.cap, 1)
        least = [work.least]
        if row.one_occupation != "no":  # of several occupations perhaps only one
            least = [one.all for one in work.least_in.values()]
        surely = [one.total(*window) for one in least]
        if row.one_period != "no":  # and of several periods
            surely = [one.total(*clip) for one in least for clip in clipped(one.periods, window)]
        low = fewest(self.units, max(surely, default=0), size, cap)
        return low, utmost(self.units, work.most.total(*window), size, cap)

    def _runs(self, row: Measure, window: Interval) -> tuple[int, int]:
        work, size = self.of(row), _MONTH if row.unit == "months" else _YEAR
        ends = []
        for counted, found in ((fewest, work.least_in), (utmost, work.most_in)):
            whole = [one.all.total(*clip) for one in found.values() for clip in clipped(one.runs, window)]
            ends.append(counted(self.units, max(whole, default=0), size, row.cap))
        return ends[0], ends[1]

    def _teers(self, row: Measure, window: Interval) -> tuple[int | None, ...]:
        """The TEER of every occupation that may have the most work."""
        work = self.of(row)
        least = max((one.all.total(*window) for one in work.least_in.values()), default=0)
        most = {code: one.all.total(*window) for code, one in work.most_in.items()}
        levels = {teer(code, self.rules.version) for code, worked in most.items() if worked and worked >= least}
        return (*sorted(levels), *(() if least else (None,)))

    def _months(self, row: Measure, window: Interval, *, surely: bool) -> list[dict[str, Any]]:
        """The months of each occupation: what each has surely, or what each may have."""
        if self.rules.version != 2021:
            return []
        work, count = self.of(row), fewest if surely else utmost
        months: dict[str, dict[str, int]] = {}
        for code, one in (work.least_in if surely else work.most_in).items():
            if code not in work.most_in:
                continue  # its code is open
            run = max((one.all.total(*clip) for clip in clipped(one.runs, window)), default=0)
            worked = {"months": one.all.total(*window), "run": run, "canada_months": one.canada.total(*window)}
            counts = {name: count(self.units, units, _MONTH, MOST_MONTHS) for name, units in worked.items()}
            months[code] = counts | {"months": max(counts.values())}
        if surely and len(work.most_in) > MOST_OCCUPATIONS:
            return []  # one of so many occupations may be left out for those with more work
        return [{"noc": code, **one} for code, one in sorted(months.items()) if one["months"]]


def most_years(ledgers: Iterable[Ledger], window: Interval, units: Units, most: int) -> int:
    """The years that the longest of some ledgers may be."""
    return max((utmost(units, one.total(*window), _YEAR, most) for one in ledgers), default=0)
