"""How long what a profile says surely stays the same, so that years are walked in few steps and no change is missed.

Every fact of a day is a comparison with a day of the documents, with an anniversary of one, or with a count of work.
Between two such days a count of work grows or shrinks by the same units every day as long as no piece of work begins or
ends at either side of its window, so that the first day on which it can cross a threshold is known. Windows move one
day a day, but around a 29 February: that day and each 1 March are therefore looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property, partial
from typing import Any

from pydantic import BaseModel

from expressentry.dates import anniversary, months_on
from expressentry.factors.derive.combine import combinations
from expressentry.factors.derive.counting import Counting
from expressentry.factors.derive.days import prepared
from expressentry.factors.derive.ledger import OPEN, Interval, Ledger
from expressentry.factors.derive.model import Derived
from expressentry.factors.derive.offers import Offers
from expressentry.factors.derive.work import PartnerWork, PersonWork
from expressentry.law.law import Law
from expressentry.law.measures import Measure
from expressentry.profile.model import Profile

_FOREVER = OPEN
_YEARLY = ("birth_date", "results_on", "on")
"""Dates whose anniversaries matter: ages, and documents that are valid for some years."""

_LEAP_DAY = date(2024, 2, 29)

_SHORTEST_MONTH = 28
_MONTH_SLACK = 3
"""So many days more or less make a number of calendar months, by the day on which they begin."""


Watch = Callable[[date], int]
"""From a day to the number of days until something that is read of the work may change."""


class ChangeHorizon:
    """The first day on which the facts of one profile can change; what was found for a later day is kept until then.

    >>> from expressentry.factors.derive import derive
    >>> from expressentry.law.load import load_law
    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> profile = read_profile(facts)
    >>> ChangeHorizon(profile, load_law()).until(derive(profile, date(2026, 3, 1)))
    datetime.date(2026, 4, 12)
    """

    def __init__(self, profile: Profile, law: Law) -> None:
        made = prepared(profile, law)
        self._parts, self._effort = made.parts, made.effort
        days = [(name, day) for name, day in dated(profile)]
        self._yearly = [day for name, day in days if name in _YEARLY] + [_LEAP_DAY, date(_LEAP_DAY.year, 3, 1)]
        fixed = {
            *law.evidence.days,
            *law.measures.days,
            *(day + timedelta(days=add) for _, day in days for add in (0, 1)),
        }
        doubts = [doubt for part in self._parts for doubt in part.doubts]
        self._fixed = sorted(fixed.union(day for one in doubts for day in (one.since, one.until) if day is not None))
        self._cached: dict[Counting | Ledger, list[_Cached]] = {}

    def until(self, derived: Derived) -> date:
        """Return the first later day on which the facts may differ from those derived: on none before do they."""
        on = derived.on
        if derived.bounded:
            return on + timedelta(days=1)  # not every combination of doubts was tried, so none is followed
        next_day = self._next_document_day(on)
        watched = list(self._live(on))
        self._effort.pieces += len(watched)
        return min((one.until(on, next_day) for one in watched), default=next_day)

    def _next_document_day(self, on: date) -> date:
        """The next day of the documents, day after one, anniversary, leap day, 1 March or change of rules."""
        at = bisect_right(self._fixed, on)
        days = [anniversary(day, on.year - day.year + add) for day in self._yearly for add in (0, 1)]
        return min([*self._fixed[at : at + 1], *(day for day in days if day > on)])

    def _live(self, on: date) -> Iterator[_Cached]:
        """What is watched under every combination of the doubts that may matter on a day."""
        for part in self._parts:
            component = part.component
            if isinstance(component, Offers):
                for ledger, runs in component.employments(on):
                    if ledger not in self._cached:
                        self._cached[ledger] = [_Cached(_years(ledger, 0, 1, run)) for run in runs]
                    yield from self._cached[ledger]
            if not isinstance(component, PersonWork | PartnerWork):
                continue
            live = [doubt for doubt in part.doubts if doubt.matters(on)]
            for work in dict.fromkeys(component.counting(on, part.whole(choice)) for choice in combinations(live)):
                if work not in self._cached:
                    self._cached[work] = [_Cached(watch) for watch in _watches(work, component)]
                yield from self._cached[work]


class _Cached:
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


_PLAIN = frozenset((type(None), bool, int, float, str, Decimal))


@cache
def _names(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(kind.model_fields)


def dated(entry: BaseModel) -> Iterator[tuple[str, date]]:
    """Every day in a part of a profile, with the name of its field."""
    for name in _names(type(entry)):
        value = getattr(entry, name)
        if type(value) in _PLAIN:
            continue
        if isinstance(value, date):
            yield name, value
        for below in value if isinstance(value, tuple) else (value,):
            if isinstance(below, BaseModel):
                yield from dated(below)


def _watches(work: Counting, component: PersonWork | PartnerWork) -> Iterator[Watch]:
    """Everything that the columns read of some ledgers: what the measures of the law count, each once."""
    rows = [row for row in component.law.measures.rows if row.whose == component.owner]
    trades = [row.window_years for row in rows if row.gives == "trade"]
    for row in rows:
        if row.counts == "service":
            yield from (_served(date.fromordinal(start)) for start, _ in work.service)
        elif row.counts == "work":
            yield from _of_row(row, work)
    for back in dict.fromkeys(trades):
        yield partial(_trade_overtaken, work, component, back)


def _of_row(row: Measure, work: Counting) -> Iterator[Watch]:
    back = row.window_years
    if row.gives == "count":
        yield _counted(row, work.ledger(row))
        if row.one_occupation != "no":
            yield from (_counted(row, one.all) for one in work.by_code(row).values())
    elif row.gives == "reached":
        yield _years(work.ledger(row), back, 1)
    elif row.gives == "longest_run":
        for one in work.by_code(row).values():
            yield from (_counted(row, one.all, run) for run in one.runs)
    elif row.gives == "main_teer":
        ledgers = [one.all for one in work.by_code(row).values()]
        yield lambda on: _first_overtaken([_count(ledger, back, on) for ledger in ledgers])
    elif row.gives == "by_occupation":
        for one in work.by_code(row).values():
            yield from (_months(one.all, back, row.cap, run) for run in (*one.runs, _ALWAYS))
            yield _months(one.canada, back, row.cap, _ALWAYS)


def _counted(row: Measure, ledger: Ledger, run: Interval = (0, OPEN)) -> Watch:
    count = _months if row.unit == "months" else _years
    return count(ledger, row.window_years, row.cap, run)


_ALWAYS = (0, OPEN)


def _count(ledger: Ledger, back: int, on: date, run: Interval = _ALWAYS) -> Count:
    """What counts on a day in a window of some years; of 0 years: ever."""
    return Count(ledger, run, anniversary(on, -back).toordinal() if back else 0, on.toordinal())


def _years(ledger: Ledger, back: int, most: int, run: Interval = _ALWAYS) -> Watch:
    return lambda on: _count(ledger, back, on, run).years(most)


def _months(ledger: Ledger, back: int, most: int, run: Interval = _ALWAYS) -> Watch:
    return lambda on: _count(ledger, back, on, run).months(most)


def _served(start: date) -> Watch:
    """The days until the next anniversary of the first day of a service."""

    def left(on: date) -> int:
        nexts = [(anniversary(start, on.year - start.year + add) - on).days for add in (0, 1)]
        return min(days for days in nexts if days > 0)

    return left


def _trade_overtaken(work: Counting, component: PersonWork | PartnerWork, back: int, on: date) -> int:
    """The days until the years of a trade change, or another one may go furthest.

    Years come before units, and certificates and offers, which have their own days, between them: trades are compared
    by units where they may be alike in the rest, which holds until the years of one of them change.
    """
    alike: dict[tuple[Any, ...], list[Count]] = {}
    found, law = [_FOREVER], component.law
    needed, most = law.evidence.on(on).trade_years_needed, law.measures.by_column["trade_years_5y"].cap
    for ledger in work.trades.values():
        count = _count(ledger, back, on)
        found.append(count.years(most))
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

    def years(self, most: int) -> int:
        """The days until completed years, up to a most, may change by either rule."""
        return self._days(self.ledger.units.year, most, calendar_of=anniversary, slack=0)

    def months(self, most: int) -> int:
        """The days until completed months may change by either rule."""
        units = self.ledger.units
        slack = _MONTH_SLACK * units.full_time
        return self._days(units.month, most, calendar_of=months_on, slack=slack)

    def _days(self, unit: int, most: int, *, calendar_of: Callable[[date, int], date], slack: int) -> int:
        if self.gone or self._first == OPEN:
            return self.limit
        first = date.fromordinal(self._first)

        def calendar(count: int) -> int:
            return self.ledger.units.full_time * (calendar_of(first, count) - first).days

        reached = min(self.units // unit, most)
        days = [self.limit, self._crossing(reached * unit, (reached + 1) * unit if reached < most else None)]
        whole = min(self.units // unit + 1, most)
        while whole and self.units < calendar(whole):
            whole -= 1
        floor = calendar(whole) if whole else 0
        ceiling = calendar(whole + 1) if whole < most else None
        steps = self._crossing(floor, ceiling)
        if slack and self.begins_in_work:
            # So long is a number of months from any day of a month but its last, as long as all days are in it; by
            # some days more or less from any day at all. Twelve months are a year, and do not vary.
            below, above = (slack if count % 12 else 0 for count in (whole, whole + 1))
            surely = self._crossing(floor + below if whole else 0, None if ceiling is None else ceiling - above)
            steps = max(surely, min(steps, max(_SHORTEST_MONTH + 1 - first.day, 1)))
        days.append(steps)
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
