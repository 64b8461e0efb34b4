"""The chance of an invitation by month, along a person's own timeline, over all types that the person can enter.

Days and cut-offs of the coming rounds are drawn on paths. On a path the cut-offs of one type hang together as those of
a random walk do. The lower end of the range takes them as fully alike, over all types too; the higher end as
independent, with ties won and open questions settled well.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from expressentry.answers.basis import reach_record
from expressentry.answers.context import Context
from expressentry.answers.forecast import Basis, TypeForecast, forecast, types_of
from expressentry.answers.plan import plan
from expressentry.answers.timeline import timeline
from expressentry.assess.person.criteria import Answer
from expressentry.errors import Problem, UsageError
from expressentry.forecast.ahead import MOST_ROUNDS, PATHS
from expressentry.forecast.distribution import LEVELS
from expressentry.rounds.eligibility import NOMINEES, Invites, enters
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.advise.plan.trial import Plan
    from expressentry.answers.records.forecast import ChancesRecord
    from expressentry.profile.model import Profile

MOST_MONTHS = 12
_SEED = 18
_STEPS = 2
_EFFORT = 300_000
"""Half of what a plan alone may read: the timeline and the forecasts are worked out beside it."""
_SHOWN = 5

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Span:
    """A person from a day on: the lowest and highest score, and which lists the person may be invited from."""

    start: int
    low: int
    high: int
    lists: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Raise:
    """A plan, and the chance by the last day with it."""

    plan: Plan
    titles: tuple[Text, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class Chances:
    """Chance, lower and higher end by the end of each month; by type alone; types without forecast; what raises it."""

    basis: Basis
    ends: tuple[date, ...]
    chances: tuple[tuple[float, float, float], ...]
    scores: tuple[int, ...]
    by_type: tuple[tuple[TypeForecast, float], ...]
    left_out: tuple[TypeForecast, ...]
    raises: tuple[Raise, ...]


@dataclass(frozen=True, eq=False)
class _Paths:
    """The drawn rounds of one type: days, and cut-offs under the three ways in which rounds hang together."""

    days: NDArray[np.int64]
    alike: NDArray[np.float64]
    walk: NDArray[np.float64]
    free: NDArray[np.float64]


def chances(context: Context, person: Profile, basis: Basis, *, months: int, plans: bool = True) -> Chances:
    """The chance of an invitation by the end of each month.

    Args:
        context: The law and the record.
        person: The dated facts.
        basis: What forecasts of the day rest on.
        months: How many months, that of the day among them.
        plans: Whether to say what would raise the chance.

    Raises:
        UsageError: More months than the record supports.
    """
    if not 1 <= months <= MOST_MONTHS:
        expected = Text("a number of months from 1 to {n}", "un nombre de mois de 1 à {n}").fill(n=MOST_MONTHS)
        raise UsageError(Problem.outside("months", expected, months))
    ends = tuple(_month_end(basis.on, ahead) for ahead in range(months))
    spans = _spans(context, person, basis, ends[-1])
    found = [forecast(context, basis, one, rounds=MOST_ROUNDS) for one in types_of(basis)]
    known = [one for one in found if one.ahead]
    wanted = {name for span in spans for name, answer in span.lists.items() if answer is not False}
    common = np.random.default_rng(_SEED).standard_normal(PATHS)
    drawn = {one.series: _draw(one, at, common) for at, one in enumerate(known)}
    entered = {name: paths for name, paths in drawn.items() if name in wanted}
    limits = np.array([end.toordinal() for end in ends])
    found_chances = _three(entered, spans, limits)
    alone = [
        (one, _three({one.series: drawn[one.series]}, spans, limits[-1:])[0][0])
        for one in known
        if one.series in wanted
    ]
    scores = tuple(_span_on(spans, int(limit)).low for limit in limits)
    left_out = tuple(one for one in found if not one.ahead)
    raises = _raises(context, person, basis, spans, drawn, limits, found_chances[-1][0]) if plans else ()
    return Chances(basis, ends, tuple(found_chances), scores, tuple(alone), left_out, raises)


def _month_end(on: date, ahead: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + ahead, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _spans(context: Context, person: Profile, basis: Basis, until: date) -> list[Span]:
    """The person's own days to come: a span begins where an answer changes."""
    found = timeline(context, person, basis.on, until=until)
    days = [(basis.on, found.first), *((event.date, event.after) for event in found.events)]
    spans = []
    for day, snapshot in days:
        nominee = True in snapshot.facts.get("provincial_nomination", ())
        only = snapshot.rules.evidence.nominee_only_as_nominee
        lists = _lists({**snapshot.programs, **snapshot.categories}, types_of(basis), nominee, only)
        spans.append(Span(day.toordinal(), min(snapshot.totals), max(snapshot.totals), lists))
    return spans


def _lists(answers: Mapping[str, Answer], types: Sequence[str], nominee: bool, only: bool) -> dict[str, Answer]:
    return {
        name: enters(Invites.from_list(name), answers, nominee=nominee, only_as_nominee=only)
        if name in answers or name in ("general", NOMINEES)
        else False
        for name in types
    }


def _span_on(spans: Sequence[Span], day: int) -> Span:
    return next(one for one in reversed(spans) if one.start <= day)


def _draw(found: TypeForecast, at: int, common: NDArray[np.float64]) -> _Paths:
    """Days and cut-offs of the rounds of a type on every path."""
    steps = np.random.default_rng([_SEED, at]).standard_normal((2, PATHS, len(found.ahead)))
    walk = np.cumsum(steps[0], axis=1) / np.sqrt(np.arange(1, len(found.ahead) + 1))

    def cutoffs(normal: NDArray[np.float64]) -> NDArray[np.float64]:
        columns = [np.interp(ndtr(normal[:, n]), LEVELS, one.cutoff.quantiles) for n, one in enumerate(found.ahead)]
        return np.column_stack(columns)

    days = np.column_stack([one.days for one in found.ahead])
    alike = np.repeat(common[:, None], len(found.ahead), axis=1)
    return _Paths(days, cutoffs(alike), cutoffs(walk), cutoffs(steps[1]))


def _three(
    drawn: Mapping[str, _Paths], spans: Sequence[Span], limits: NDArray[np.int64]
) -> list[tuple[float, float, float]]:
    """Chance, lower and higher end by each day."""
    kinds = (("walk", 0.0, False), ("alike", -0.5, False), ("free", 0.5, True))
    ends = [_by_day(drawn, spans, limits, *kind) for kind in kinds]
    chance, low, high = (np.asarray(one) for one in ends)
    return [(float(c), float(min(a, c)), float(max(b, c))) for c, a, b in zip(chance, low, high, strict=True)]


def _by_day(
    drawn: Mapping[str, _Paths], spans: Sequence[Span], limits: NDArray[np.int64], kind: str, edge: float, best: bool
) -> list[float]:
    first = np.full(PATHS, np.iinfo(np.int64).max)
    starts = np.array([one.start for one in spans])
    for name, paths in drawn.items():
        at = np.maximum(np.searchsorted(starts, paths.days, side="right") - 1, 0)
        scores = np.array([one.high if best else one.low for one in spans])[at]
        may = np.array([one.lists.get(name) is True or (best and one.lists.get(name, False) is None) for one in spans])[
            at
        ]
        invited: Bools = may & (getattr(paths, kind) <= scores + edge)
        when = np.where(invited, paths.days, np.iinfo(np.int64).max).min(axis=1)
        first = np.minimum(first, when)
    return [float((first <= limit).mean()) for limit in limits]


def _raises(
    context: Context,
    person: Profile,
    basis: Basis,
    spans: Sequence[Span],
    drawn: Mapping[str, _Paths],
    limits: NDArray[np.int64],
    now: float,
) -> tuple[Raise, ...]:
    """The plans that raise the chance by the last day most, each with what it reaches."""
    from expressentry.advise.plan.request import PlanRequest

    last = date.fromordinal(int(limits[-1]))
    plans = plan(context, person, basis.on, PlanRequest(size=_STEPS, by=last, effort=_EFFORT))
    only = plans.rules.evidence.nominee_only_as_nominee
    found = []
    for one in (front.plan for front in plans.front):
        if not one.steps:
            continue
        lists = _lists(one.answers, types_of(basis), one.answers.get(NOMINEES) is True, only)
        ready = one.ready_on.toordinal()
        then = [*(span for span in spans if span.start < ready), Span(ready, one.crs, one.crs_high, lists)]
        chance = _three(drawn, then, limits[-1:])[0][0]
        if chance > now:
            found.append(Raise(one, tuple(step.move.title for step in one.steps), chance))
    return tuple(sorted(found, key=lambda one: -one.chance)[:_SHOWN])


def chances_record(found: Chances, lang: Lang) -> ChancesRecord:
    """Chances as plain data, rounded to a hundredth."""
    now, basis = found.chances[-1][0], found.basis
    return {
        "issued": basis.on.isoformat(),
        "until": found.ends[-1].isoformat(),
        "assumption": basis.assumed,
        "assumption_text": basis.assumption.say(lang) if basis.assumption else None,
        "months": [
            {
                "month": f"{end:%Y-%m}",
                "crs": score,
                "chance": round(chance, 2),
                "low": round(low, 2),
                "high": round(high, 2),
            }
            for end, score, (chance, low, high) in zip(found.ends, found.scores, found.chances, strict=True)
        ],
        "types": [
            {"type": one.series, "title": one.title.say(lang), "chance": round(chance, 2)}
            for one, chance in found.by_type
        ],
        "left_out": [one.series for one in found.left_out],
        "raises": [
            {
                "moves": list(one.plan.moves),
                "titles": [title.say(lang) for title in one.titles],
                "ready_on": one.plan.ready_on.isoformat(),
                "crs": one.plan.crs,
                "chance": round(one.chance, 2),
                "gain": round(one.chance - now, 2),
            }
            for one in found.raises
        ],
        "reach": reach_record(basis.history.record, basis.on),
    }
