"""To become eligible: what a person lacks for the nearest programs, and the plans after which one takes the person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.kinds import Step
from expressentry.advise.plan.target import cheapness
from expressentry.advise.plan.trial import Plan
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.shortfalls import Shortfall, nearest_programs, shortfalls
from expressentry.law.criteria.programs import Program

MOST_WAYS, MOST_STEPS = 5, 3


@dataclass(frozen=True, slots=True)
class Unmet:
    """What is lacking of a criterion, and the steps that meet it by themselves, the easiest first."""

    shortfall: Shortfall
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A program, and what the person lacks for it."""

    program: Program
    unmet: tuple[Unmet, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is lacking for the nearest programs, and the ways to become eligible for any, the best first.

    `sure` is false where the person may be eligible already, by a fact that is missing.
    """

    sure: bool
    lacking: tuple[Lacking, ...]
    ways: tuple[Plan, ...]


def entry(case: PlanningCase, now: Plan, steps: Sequence[Step], plans: Iterable[Plan]) -> Entry | None:
    """What makes the person eligible for certain; None for who is so already."""
    if now.eligible:
        return None
    sure, found = now.eligible is False, case.assess(case.profile, case.start)
    after = [(step, step.alone()) for step in sorted(steps, key=_easy)]
    lacking = (_lacking(id_, found, after) for id_ in nearest_programs(found))
    return Entry(sure, tuple(lacking), tuple(ways(plans, sure=sure)))


def _lacking(id_: str, found: Assessment, after: Sequence[tuple[Step, Assessment]]) -> Lacking:
    """What a program asks more of the person, and which steps give it."""
    left = [(step, {one.criterion.id for one in shortfalls(changed, id_)}) for step, changed in after]
    unmet = []
    for short in shortfalls(found, id_):
        enough = _shortest([step for step, ids in left if short.criterion.id not in ids])
        unmet.append(Unmet(short, tuple(enough[:MOST_STEPS])))
    return Lacking(found.first.programs[id_].program, tuple(unmet))


def _shortest(steps: Sequence[Step]) -> list[Step]:
    """The steps without those that are more years of the same work as another one."""
    years: dict[tuple[object, object], int] = {}
    for move in (step.move for step in steps if step.move.kind == "work"):
        work, given = (move.given["who"], move.given["canada"]), int(move.given["years"])
        years[work] = min(given, years.get(work, given))
    return [
        step
        for step in steps
        if step.move.kind != "work"
        or step.move.given["years"] == years[step.move.given["who"], step.move.given["canada"]]
    ]


def _easy(step: Step) -> tuple[bool, int, date]:
    """The order of single steps: what depends on the person alone first, then by cost and day."""
    return step.move.needs is not None, sum(step.move.cost_cad), step.ready_on


def ways(plans: Iterable[Plan], *, sure: bool = True) -> list[Plan]:
    """The plans after which the person is eligible and of which nothing can be left out.

    First those that depend on the person alone, then the cheapest, then the soonest. Plans of which it is not known
    are given only where no other is, and only where it is `sure` that the person is not eligible now.
    """
    known, open_ = list[Plan](), list[Plan]()
    for plan in sorted((one for one in plans if one.eligible is not False), key=effort):
        kept = known if plan.eligible else open_
        if not any(set(one.moves) <= set(plan.moves) for one in kept):
            kept.append(plan)
    return (known or (open_ if sure else []))[:MOST_WAYS]


def effort(plan: Plan) -> tuple[int, tuple[int, date, int]]:
    """The order of ways: how many steps need someone else, then the cost, the day and the number of steps.

    A plan comes after each part of itself, so that the first of those that hold one another is the smallest.
    """
    return sum(step.move.needs is not None for step in plan.steps), cheapness(plan)
