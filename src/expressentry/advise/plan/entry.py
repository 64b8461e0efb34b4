"""To become eligible: what a person lacks for the nearest programs, and the plans after which one takes the person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

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
    lacking = (_lacking(case, id_, found, after) for id_ in nearest_programs(found))
    return Entry(sure, tuple(lacking), tuple(ways(plans, partial(waiting_is_enough, case), sure=sure)))


def _lacking(case: PlanningCase, id_: str, found: Assessment, after: Sequence[tuple[Step, Assessment]]) -> Lacking:
    """What a program asks more of the person, and which steps give it: those that do no more than time are left out."""
    left = [(step, _ids(shortfalls(changed, id_))) for step, changed in after]
    idle = {
        step.move.id: _ids(shortfalls(case.assess(case.profile, step.ready_on), id_))
        for step, _ in after
        if not _passive(step)
    }
    unmet = []
    for short in shortfalls(found, id_):
        ids = _ids([short])
        given = [step for step, lacks in left if not ids & lacks and ids <= idle.get(step.move.id, ids)]
        enough = _shortest(given)
        unmet.append(Unmet(short, tuple(enough[:MOST_STEPS])))
    return Lacking(found.first.programs[id_].program, tuple(unmet))


def _ids(found: Iterable[Shortfall]) -> set[str]:
    """The criteria that are not met: of one with several ways itself, for after a step another way is nearest."""
    return {one.within or one.criterion.id for one in found}


def _shortest(steps: Sequence[Step]) -> list[Step]:
    """The steps without those that are more years of the same work as another one, or a longer wait."""
    least: dict[object, int] = {}
    for step in steps:
        kind, length = _same(step)
        least[kind] = min(length, least.get(kind, length))
    return [step for step in steps if _same(step)[1] == least[_same(step)[0]]]


def _same(step: Step) -> tuple[object, int]:
    """What steps are more or less of the same, and how much of it one is: years of work, days of waiting."""
    move = step.move
    if move.kind == "work":
        return (move.kind, move.given["who"], move.given["canada"]), int(move.given["years"])
    return (move.kind, 0) if move.kind == "wait" else (move.id, 0), max(move.days) if move.kind == "wait" else 0


def _easy(step: Step) -> tuple[bool, int, date]:
    """The order of single steps: what depends on the person alone first, then by cost and day."""
    return step.move.needs is not None, sum(step.move.cost_cad), step.ready_on


def waiting_is_enough(case: PlanningCase, plan: Plan) -> bool:
    """Whether the day alone makes the person eligible, and no step of a plan: work goes on, and time passes."""
    answers = case.assess(case.profile, plan.ready_on).programs.values()
    return plan.eligible is True and True in answers


def ways(plans: Iterable[Plan], waits: Callable[[Plan], bool], *, sure: bool = True) -> list[Plan]:
    """The plans after which the person is eligible and of which nothing can be left out.

    First those that depend on the person alone, then the cheapest, then the soonest. Plans of which it is not known
    are given only where no other is, and only where it is `sure` that the person is not eligible now. Where waiting is
    enough, the soonest plan that comes to no more than that is given, and no other is put down to its steps.

    Args:
        plans: What was tried.
        waits: Whether the person would be eligible on the day of a plan without any of its steps.
        sure: Whether it is known that the person is not eligible now.
    """
    known, open_, idle = list[Plan](), list[Plan](), list[Plan]()
    for plan in sorted((one for one in plans if one.eligible is not False), key=effort):
        kept = known if plan.eligible else open_
        if any(set(one.moves) <= set(plan.moves) for one in (*kept, *idle)):
            continue
        (idle if waits(plan) else kept).append(plan)
    known += sorted((one for one in idle if all(map(_passive, one.steps))), key=lambda one: one.ready_on)[:1]
    return (sorted(known, key=effort) or (open_ if sure else []))[:MOST_WAYS]


def _passive(step: Step) -> bool:
    """Whether a step is to keep a job or to wait: what happens if nothing else is done."""
    move = step.move
    return move.kind == "wait" or (move.kind == "work" and not any(move.days))


def effort(plan: Plan) -> tuple[int, tuple[int, date, int]]:
    """The order of ways: how many steps need someone else, then the cost, the day and the number of steps.

    A plan comes after each part of itself, so that the first of those that hold one another is the smallest.
    """
    return sum(step.move.needs is not None for step in plan.steps), cheapness(plan)
