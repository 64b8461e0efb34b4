"""Which rounds a scenario holds, day by day: the published ones as it changes them, fixed ones, and those by a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from expressentry.rounds.eligibility import Invites
from expressentry.rounds.record import Record
from expressentry.simulate.scenario.model import FixedRounds, RoundPlan, RuleRounds, Scenario


@dataclass(frozen=True, slots=True)
class Planned:
    """A round to be held: whom it invites, and how many or down to what.

    `size` is a number of people; where it is None the rule says: everybody with `down_to` points or more, or a `share`
    of those who may enter, and `at_most` so many.
    """

    date: date
    number: str
    list: str
    invites: Invites
    size: int | None
    down_to: int | None = None
    share: float | None = None
    at_most: int | None = None


def planned_rounds(scenario: Scenario, record: Record) -> tuple[Planned, ...]:
    """Every round of a scenario, in the order in which they are held."""
    plan = scenario.rounds
    found = [*_published(plan, record, scenario.first, scenario.last)] if plan.published else []
    own = sorted(_own((*plan.fixed, *plan.rules), plan.times), key=lambda one: (one.date, one.list))
    found += [replace(one, number=f"s{at}") for at, one in enumerate(own, 1)]
    return tuple(sorted(found, key=lambda one: one.date))


def _published(plan: RoundPlan, record: Record, first: date, last: date) -> Iterable[Planned]:
    for one in record:
        name = "general" if one.type == "no_program" else one.series
        invites = Invites.of(one)
        if not first <= one.date <= last or invites is None or name in plan.without:
            continue
        size = round(one.invitations * plan.times.get(name, 1.0))
        if size:
            yield Planned(one.date, one.number, name, invites, size)


def _own(several: Iterable[FixedRounds | RuleRounds], times: Mapping[str, float]) -> Iterable[Planned]:
    for one in several:
        invites, day = Invites.from_list(one.list), one.first
        while day <= one.last:
            if isinstance(one, FixedRounds):
                size = round(one.size * times.get(one.list, 1.0))
                if size:
                    yield Planned(day, "", one.list, invites, size)
            else:
                yield Planned(day, "", one.list, invites, None, one.down_to, one.share, one.at_most)
            day += timedelta(days=one.every_days)
