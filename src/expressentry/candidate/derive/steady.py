"""How long what a profile says surely stays the same, so that years are walked in few steps and none is missed.

Every fact of a day is a comparison with a day of the papers, with an anniversary of one, or with a count of work.
Between two such days a count of work grows or shrinks by the same units every day as long as no piece of work begins or
ends at either side of its window, so that the first day on which it can cross a threshold is known. Windows move one
day a day, but around a 29 February: that day and each 1 March are therefore looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from expressentry.candidate.derive.category_months import MOST_MONTHS
from expressentry.candidate.derive.combine import combinations
from expressentry.candidate.derive.counting import PHYSICIANS, Counting
from expressentry.candidate.derive.days import prepared
from expressentry.candidate.derive.family import CHILD_RULES
from expressentry.candidate.derive.jobs import NOC_2021
from expressentry.candidate.derive.ledger import FULL_TIME, MONTH, OPEN, YEAR, Interval, Ledger
from expressentry.candidate.derive.model import Component, Derived
from expressentry.candidate.derive.offers import EXEMPT_PAYS, Offers
from expressentry.candidate.derive.trade import YEARS_NEEDED, certified
from expressentry.candidate.derive.work import MOST_YEARS, PartnerWork, PersonWork
from expressentry.candidate.profile import Profile
from expressentry.dates import anniversary, months_on

_FOREVER = OPEN
_YEARLY = ("birth_date", "results_on", "on")
"""Dates whose anniversaries matter: ages, and papers that hold for some years."""

_LEAP_DAY = date(2024, 2, 29)

RULES = (NOC_2021, PHYSICIANS, EXEMPT_PAYS, CHILD_RULES)
"""Days on which the law changed what papers say."""

_SHORTEST_MONTH = 28
_MONTH_SLACK = 3 * FULL_TIME
"""So many units more or less make a number of calendar months, by the day on which they begin."""


def steady(profile: Profile, derived: Derived) -> date:
    """Return the first later day on which the facts may differ from those derived: on every day before they do not.

    >>> from expressentry.candidate.derive import derive
    >>> from expressentry.candidate.profile import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> profile = read_profile(facts)
    >>> steady(profile, derive(profile, date(2026, 3, 1)))
    datetime.date(2026, 4, 12)
    """
    on = derived.on
    if derived.bounded:
        return on + timedelta(days=1)  # not every combination of doubts was tried, so none is followed
    made = prepared(profile)
    ends = [_next_paper_day(profile, on)]
    for part in made.parts:
        ends += [day for doubt in part.doubts for day in (doubt.since, doubt.until) if day and day > on]
        ends.append(date.fromordinal(min(on.toordinal() + _steps(part.component, on), _FOREVER)))
    return max(min(ends), on + timedelta(days=1))


def dated(entry: BaseModel) -> Iterator[tuple[str, date]]:
    """Every day that stands in a part of a profile, with the name of its field."""
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        if isinstance(value, date):
            yield name, value
        for below in value if isinstance(value, tuple) else (value,):
            if isinstance(below, BaseModel):
                yield from dated(below)


def _next_paper_day(profile: Profile, on: date) -> date:
    """The next day of the papers, day after one, anniversary, 1 March or change of rules."""
    days = [anniversary(_LEAP_DAY, on.year - _LEAP_DAY.year + add) for add in (0, 1)]
    days += [date(on.year, 3, 1), *RULES]
    for name, day in dated(profile):
        days += [day, day + timedelta(days=1)]
        if name in _YEARLY:
            days += [anniversary(day, on.year - day.year + add) for add in (0, 1)]
    return min(day for day in days if day > on)


def _steps(component: Component, on: date) -> int:
    """The days until the counts of a component may change."""
    if isinstance(component, PersonWork | PartnerWork):
        return min((_of_work(work, component, on) for work in _countings(component, on)), default=_FOREVER)
    if isinstance(component, Offers):
        counts = [
            Count(ledger, run, 0, on.toordinal()).years(1)
            for ledger, runs in map(component.employment, component.offers)
            for run in runs
        ]
        return min(counts, default=_FOREVER)
    return _FOREVER


def _countings(component: PersonWork | PartnerWork, on: date) -> Iterable[Counting]:
    """The ledgers under every combination of the doubts that may matter."""
    whole = {doubt.id: next(iter(doubt.options)) for doubt in component.doubts.values()}
    live = [doubt for doubt in component.doubts.values() if doubt.lives(on)]
    found = (component.counting(on, {**whole, **choice}) for choice in combinations(live))
    return {id(one): one for one in found}.values()


def _of_work(work: Counting, component: PersonWork | PartnerWork, on: date) -> int:
    """The days until anything that is read of some ledgers may change."""
    day, ten, five, three = on.toordinal(), *(anniversary(on, -years).toordinal() for years in (10, 5, 3))
    always = (0, OPEN)
    if isinstance(component, PartnerWork):
        return min(
            Count(work.canadian, always, ten, day).years(MOST_YEARS),
            Count(work.permitted_any, always, 0, day).years(1),
        )
    found = [
        Count(work.canadian, always, ten, day).years(MOST_YEARS),
        Count(work.foreign, always, ten, day).years(MOST_YEARS),
        Count(work.anywhere, always, ten, day).years(10),
        Count(work.permitted, always, 0, day).years(1),
        Count(work.cec, always, three, day).years(3),
    ]
    for occupation in work.primary.values():
        found += [Count(occupation.all, run, ten, day).years(10) for run in occupation.runs]
    for occupation in work.occupations.values():
        found += [Count(occupation.all, run, three, day).months() for run in occupation.runs]
        found += [Count(one, always, three, day).months() for one in (occupation.all, occupation.canada)]
    for start, _ in work.service:
        served = date.fromordinal(start)
        nexts = (anniversary(served, on.year - served.year + add).toordinal() - day for add in (0, 1))
        found.append(next((days for days in nexts if days > 0), 1))
    found.append(_first_overtaken([Count(one, always, three, day) for one in work.cec_by_code.values()]))
    return min(found + _trades(work, component, on, five), default=_FOREVER)


def _trades(work: Counting, component: PersonWork | PartnerWork, on: date, five: int) -> list[int]:
    """The days until another trade may go furthest; years come before units, and a certificate between them."""
    counts = {code: Count(ledger, (0, OPEN), five, on.toordinal()) for code, ledger in work.trades.items()}
    alike: dict[tuple[Any, ...], list[Count]] = {}
    for code, count in counts.items():
        for rule in ("hours", "calendar"):
            years = min(count.ledger.years(*count.window, rule), 5)
            rank = (rule, min(years, YEARS_NEEDED), certified(component.certificates, code, on), years)
            alike.setdefault(rank, []).append(count)
    return [count.years(5) for count in counts.values()] + [_first_overtaken(tied) for tied in alike.values()]


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
        return self._days(YEAR, most, calendar_of=anniversary, slack=0)

    def months(self) -> int:
        """The days until completed months may change by either rule."""
        return self._days(MONTH, MOST_MONTHS, calendar_of=months_on, slack=_MONTH_SLACK)

    def _days(self, unit: int, most: int, *, calendar_of: Callable[[date, int], date], slack: int) -> int:
        if self.gone or self._first == OPEN:
            return self.limit
        first = date.fromordinal(self._first)

        def calendar(count: int) -> int:
            return FULL_TIME * (calendar_of(first, count) - first).days

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
