"""A target: a score, the cut-off of a round, or that of the last round of a type; and whether a plan reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.plan.trial import Plan
from expressentry.assess.person.criteria import Answer
from expressentry.errors import Problem, UsageError
from expressentry.law.round_names import RoundNames
from expressentry.rounds.eligibility import Invites, eligibility, enters
from expressentry.rounds.record import TOTAL, Record, Round
from expressentry.text import Text

MOST_OPTIONS = 5


@dataclass(frozen=True, slots=True)
class Target:
    """A score to reach, and the round that asks for it where there is one: a person must be able to enter its like."""

    cutoff: int
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class OptionToTarget:
    """A plan that reaches the target.

    `enters` says whether the person could enter such a round, or for a bare score be in the pool; `reason` says why.
    """

    plan: Plan
    enters: Answer
    reason: Text | None


def target_of(
    score: int | None, number: str | None, series: str | None, record: Record, start: date, names: RoundNames
) -> tuple[Target | None, list[Problem]]:
    """The target asked for, and everything that is wrong with it."""
    given = [name for name, value in (("target", score), ("round", number), ("type", series)) if value is not None]
    problems = []
    if len(given) > 1:
        rule = Text("only one target at a time", "une seule cible à la fois")
        problems.append(
            Problem("two_targets", " + ".join(given), rule, Text("give one of them", "donner l'une d'elles"))
        )
    targets: list[Target] = []
    if score is not None and not 1 <= score <= TOTAL[1]:
        rule = Text("a score from 1 to {n}", "une note de 1 à {n}").fill(n=TOTAL[1])
        problems.append(Problem.outside("target", rule, score))
    elif score is not None:
        targets.append(Target(score))
    if number is not None:
        try:
            one = record.round(number)
            targets.append(Target(one.cutoff, one))
        except UsageError as error:
            problems += [replace(problem, field="round") for problem in error.problems]
    if series is not None:
        found = _last(series, record, start, names)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            targets.append(Target(found.cutoff, found))
    return (targets[0] if targets else None), problems


def _last(series: str, record: Record, start: date, names: RoundNames) -> Round | Problem:
    """The last round of a type or category, or why there is none."""
    known = [
        *(name for name in names.types if name not in ("category", "unknown")),
        *names.categories,
    ]
    if series not in known:
        rule = Text("a type or category", "un type ni une catégorie")
        fix = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(known))
        return Problem.outside("type", rule, series, fix, code="unknown_word")
    last = record.last_round(series, on=start)
    if last is None:
        rule = Text("there was no such round by {day}", "il n'y a eu aucune ronde de ce genre au {day}").fill(day=start)
        return Problem("no_round", "type", rule, Text("give a score: --target", "donner une note : --target"), series)
    return last


def like(one: Round, day: date, case: PlanningCase) -> Round:
    """A round like a past one on another day: the same programs, the category in the version of that day."""
    versions = {law.category: law.version for law in case.law.on(day).selection.categories}
    version = versions.get(one.category or "", one.version)
    return replace(one, date=day, version=version)


def may_enter(one: Round, plan: Plan, nominee: bool) -> Answer:
    """Whether a plan's person may enter a round like this one, from the frame's answers: true, false, cannot tell.

    The frame knows enough to leave out plans that cannot; `entered` asks the rule itself.
    """
    invites = Invites.of(one)
    return None if invites is None else enters(invites, plan.answers, nominee=nominee)


def entered(case: PlanningCase, plan: Plan, one: Round) -> tuple[Answer, Text]:
    """Whether a plan's person could enter a round like this one, by the rule of rounds, in every reading."""
    profile = case.profile
    for step in plan.steps:
        profile = step.apply(profile)
    asking = like(one, plan.ready_on, case)
    entries = [eligibility(asking, reading) for reading in case.assess(profile, plan.ready_on).readings]
    first = entries[0]
    if all(each.answer is first.answer for each in entries):
        return first.answer, first.reason
    return None, next(each.reason for each in entries if each.answer is not True)


def options_to_target(case: PlanningCase, target: Target, plans: Sequence[Plan]) -> list[OptionToTarget]:
    """The cheapest plans that reach a target and of which nothing can be left out: by cost, then time, then steps.

    Plans of which it is not known whether the person could enter the round are given only where there is no other.
    """
    reached = sorted((plan for plan in plans if plan.crs >= target.cutoff), key=cheapness)
    sure: list[OptionToTarget] = []
    open_: list[OptionToTarget] = []
    for plan in reached:
        if any(set(one.plan.moves) <= set(plan.moves) for one in sure):
            continue
        found = _option(case, target, plan)
        if found is not None and found.enters:
            sure.append(found)
        elif found is not None and not any(set(known.plan.moves) <= set(plan.moves) for known in open_):
            open_.append(found)
        if len(sure) == MOST_OPTIONS:
            break
    return sure or open_[:MOST_OPTIONS]


def _option(case: PlanningCase, target: Target, plan: Plan) -> OptionToTarget | None:
    if target.round is None:
        return None if plan.eligible is False else OptionToTarget(plan, plan.eligible, None)
    if may_enter(target.round, plan, nominee(case, plan)) is False:
        return None
    answer, reason = entered(case, plan, target.round)
    return None if answer is False else OptionToTarget(plan, answer, reason)


def nominee(case: PlanningCase, plan: Plan) -> bool:
    """Whether the plan's person holds a nomination on its day, from the first reading."""
    if "nomination" in plan.moves:
        return True
    held = case.variants.derive(case.profile, plan.ready_on).facts["provincial_nomination"]
    return bool(held) and "swap" not in plan.moves


def cheapness(plan: Plan) -> tuple[int, date, int]:
    """The order of plans: the middle of the cost, the day, the number of steps."""
    return (sum(plan.cost_cad), plan.ready_on, len(plan.steps))
