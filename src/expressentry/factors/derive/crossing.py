"""The days on which a count of work may cross a threshold, so that no day between two of them need be looked at.

A count grows or shrinks by the same units every day as long as no piece of work begins or ends at either side of its
window, so that the first day on which it can cross a threshold is known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

from expressentry.dates import anniversary, months_on
from expressentry.factors.derive.counting import Counting
from expressentry.factors.derive.ledger import OPEN, Interval, Ledger
from expressentry.law.law import Law
from expressentry.law.measures import Measure
from expressentry.law.schema import MOST_OCCUPATIONS

_FOREVER = OPEN

_SHORTEST_MONTH = 28
_MONTH_SLACK = 3
"""So many days more or less make a number of calendar months, by the day on which they begin."""

Watch = Callable[[date], int]
"""From a day to the number of days until something that is read of the work may change."""


class Watched:
    """A watch with the days between which it is known that nothing changes."""

    __slots__ = ("_from", "_to", "_watch")

    def __init__(self, watch: Watch) -> None:
        self._watch, self._from, self._to = watch, date.max, date.min

    def until(self, on: date, next_day: date) -> date:
        """The first day on which there may be a change, the next day of the documents at the latest."""
        if not self._from <= on < self._to:
            days = min(self._watch(on), (next_day - on).days)
            self._from, self._to = on, on + timedelta(days=days)
        return self._to


def work_watched(work: Counting, rows: Iterable[Measure]) -> tuple[Watched, ...]:
    """Everything that the columns of some measures read of the work, months by occupation and trades aside."""
    found: list[Watch] = []
    for row in rows:
        if row.counts == "service":
            found += [_served(date.fromordinal(start)) for start, _ in work.service]
        elif row.counts == "work":
            found += _of_row(row, work)
    return tuple(map(Watched, found))


def months_watched(work: Counting, rows: Iterable[Measure], asked: Sequence[int] | None = None) -> tuple[Watched, ...]:
    """The months in each occupation: every number of them, or those `asked`, in ascending order.

    Where there are more occupations than are listed, each month may decide which.
    """
    found: list[Watch] = []
    for row in rows:
        if row.counts != "work" or row.gives != "by_occupation":
            continue
        works = work.by_code(row).values()
        steps = range(1, row.cap + 1) if asked is None or len(works) > MOST_OCCUPATIONS else asked
        for one in works:
            found += [_months(one.all, row.window_years, steps, run) for run in (*one.runs, _ALWAYS)]
            found.append(_months(one.canada, row.window_years, steps, _ALWAYS))
    return tuple(map(Watched, found))


def trades_watched(work: Counting, rows: Iterable[Measure], law: Law) -> tuple[Watched, ...]:
    """What the columns of a trade read."""
    backs = dict.fromkeys(row.window_years for row in rows if row.gives == "trade")
    return tuple(Watched(partial(_trade_overtaken, work, law, back)) for back in backs)


def year_watched(ledger: Ledger, runs: Sequence[Interval]) -> tuple[Watched, ...]:
    """The days on which a run of work may become a year."""
    return tuple(Watched(_years(ledger, 0, (1,), run)) for run in runs)


def _of_row(row: Measure, work: Counting) -> Iterator[Watch]:
    back = row.window_years
    if row.gives in ("count", "reached"):
        ledgers = [work.ledger(row)]
        if row.one_occupation != "no":
            ledgers += [one.all for one in work.by_code(row).values()]
        yield from (_counted(row, one) for one in ledgers)
        if row.one_period != "no":
            yield from (_counted(row, one, run) for one in ledgers if len(one.periods) > 1 for run in one.periods)
    elif row.gives == "longest_run":
        for one in work.by_code(row).values():
            yield from (_counted(row, one.all, run) for run in one.runs)
    elif row.gives == "main_teer":
        ledgers = [one.all for one in work.by_code(row).values()]
        yield lambda on: _first_overtaken([_count(ledger, back, on) for ledger in ledgers])


def _counted(row: Measure, ledger: Ledger, run: Interval = (0, OPEN)) -> Watch:
    count = _months if row.unit == "months" else _years
    steps = (1,) if row.gives == "reached" else range(1, row.cap + 1)
    return count(ledger, row.window_years, steps, run)


_ALWAYS = (0, OPEN)


def _count(ledger: Ledger, back: int, on: date, run: Interval = _ALWAYS) -> Count:
    """What counts on a day in a window of some years; of 0 years: ever."""
    return Count(ledger, run, anniversary(on, -back).toordinal() if back else 0, on.toordinal())


def _years(ledger: Ledger, back: int, steps: Sequence[int], run: Interval = _ALWAYS) -> Watch:
    return lambda on: _count(ledger, back, on, run).years(steps)


def _months(ledger: Ledger, back: int, steps: Sequence[int], run: Interval = _ALWAYS) -> Watch:
    return lambda on: _count(ledger, back, on, run).months(steps)


def _served(start: date) -> Watch:
    """The days until the next anniversary of the first day of a service."""

    def left(on: date) -> int:
        nexts = [(anniversary(start, on.year - start.year + add) - on).days for add in (0, 1)]
        return min(days for days in nexts if days > 0)

    return left


def _trade_overtaken(work: Counting, law: Law, back: int, on: date) -> int:
    """The days until the years of a trade change, or another one may go furthest.

    Years come before units, and certificates and offers, which have their own days, between them: trades are compared
    by units where they may be alike in the rest, which holds until the years of one of them change.
    """
    alike: dict[tuple[Any, ...], list[Count]] = {}
    found = [_FOREVER]
    needed, most = law.evidence.on(on).trade_years_needed, law.measures.by_column["trade_years_5y"].cap
    for ledger in work.trades.values():
        count = _count(ledger, back, on)
        found.append(count.years(range(1, most + 1)))
        for rule in ("hours", "calendar"):
            years = min(ledger.years(*count.window, rule), most)
            rank = (rule, min(years, needed), years)
            alike.setdefault(rank, []).append(count)
    return min([*found, *map(_first_overtaken, alike.values())])


class Count:
    """The work of a ledger in a window that moves with the day, within one run of it."""

    def __init__(self, ledger: Ledger, run: Interval, back: int, day: int) -> None:
        self.ledger = ledger
        start, end = max(run[0], back), min(run[1], day)
        self.window = (start, end) if start < end else (start, start)
        self.units = ledger.total(*self.window)
        # Where no side moves, or the other way round, the window begins or ends to move with these days.
        limits = [run[0] - back, run[0] - day, run[1] - day]
        gained = lost = 0
        if run[0] <= day < run[1]:
            gained, until = ledger.rate_at(day)
            limits.append(until - day)
        if back and run[0] <= back < day:
            lost, until = ledger.rate_at(start)
            limits.append(until - start)
        self.slope, self.begins_in_work = gained - lost, bool(lost)
        self.limit = min((days for days in limits if days > 0), default=_FOREVER)
        self.gone = run[1] <= back

    @cached_property
    def _first(self) -> int:
        return self.ledger.first(self.window[0])

    def years(self, steps: Sequence[int]) -> int:
        """The days until some numbers of completed years may be reached, or no longer be, by either rule."""
        return self._days(self.ledger.units.year, steps, calendar_of=anniversary, slack=0)

    def months(self, steps: Sequence[int]) -> int:
        """The days until some numbers of completed months may be reached, or no longer be, by either rule."""
        units = self.ledger.units
        slack = _MONTH_SLACK * units.full_time
        return self._days(units.month, steps, calendar_of=months_on, slack=slack)

    def _days(self, unit: int, steps: Sequence[int], *, calendar_of: Callable[[date, int], date], slack: int) -> int:
        if self.gone or self._first == OPEN:
            return self.limit
        first = date.fromordinal(self._first)

        def calendar(count: int) -> int:
            return self.ledger.units.full_time * (calendar_of(first, count) - first).days

        at = bisect_right(steps, self.units // unit)
        days = [self.limit, self._crossing(*_around(steps, at, lambda count: count * unit))]
        at = bisect_right(steps, self.units // unit + 1)
        while at and self.units < calendar(steps[at - 1]):
            at -= 1
        floor, ceiling = _around(steps, at, calendar)
        left = self._crossing(floor, ceiling)
        if slack and self.begins_in_work:
            # So long is a number of months from any day of a month but its last, as long as all days are in it; by
            # some days more or less from any day at all. Twelve months are a year, and do not vary.
            surely = self._crossing(*_around(steps, at, calendar, lambda count: slack if count % 12 else 0))
            left = max(surely, min(left, max(_SHORTEST_MONTH + 1 - first.day, 1)))
        days.append(left)
        return max(min(days), 1)

    def _crossing(self, floor: int, ceiling: int | None) -> int:
        """The days until the units may fall below a floor, or reach a ceiling."""
        if (floor and self.units < floor) or (ceiling is not None and self.units >= ceiling):
            return 1
        if self.slope > 0 and ceiling is not None:
            return -((self.units - ceiling) // self.slope)
        if self.slope < 0 and floor:
            return (self.units - floor) // -self.slope + 1
        return _FOREVER


def _around(
    steps: Sequence[int], at: int, units: Callable[[int], int], slack: Callable[[int], int] = lambda _: 0
) -> tuple[int, int | None]:
    """The units of the last step reached, 0 for none, and those of the next one; both by so much closer."""
    floor = units(steps[at - 1]) + slack(steps[at - 1]) if at else 0
    return floor, units(steps[at]) - slack(steps[at]) if at < len(steps) else None


def _first_overtaken(counts: list[Count]) -> int:
    """The days until one of some counts may overtake another, or become or stop being zero."""
    found = [count.limit for count in counts]
    pairs = [(count.units, count.slope) for count in counts] + [(0, 0)]
    for at, (units, slope) in enumerate(pairs):
        for others, their_slope in pairs[at + 1 :]:
            gap, closing = units - others, their_slope - slope
            if gap < 0 or (gap == 0 and closing < 0):
                gap, closing = -gap, -closing
            if closing > 0:
                found.append(max(-(-gap // closing), 1))
    return min(found, default=_FOREVER)
