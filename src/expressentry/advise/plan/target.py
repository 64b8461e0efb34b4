"""A target: a score, the cut-off of a round, or that of the last round of a type; and whether a plan reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from expressentry.advise.moves.case import Case
from expressentry.advise.plan.trial import Plan
from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.score import assess_factors, better
from expressentry.errors import Problem, UsageError
from expressentry.factors.check import read_factors
from expressentry.law.round_names import RoundNames
from expressentry.rounds.eligibility import Invites, eligibility, enters
from expressentry.rounds.record import TOTAL, Record, Round
from expressentry.text import Text

MOST_WAYS = 5


@dataclass(frozen=True, slots=True)
class Goal:
    """A score to reach, and the round that asks for it where there is one: a person must be able to enter its like."""

    cutoff: int
    round: Round | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A plan that reaches the target.

    `enters` says whether the person could enter such a round, or for a bare score be in the pool; `reason` says why.
    """

    plan: Plan
    enters: Answer
    reason: Text | None


def goal_of(
    target: int | None, number: str | None, series: str | None, record: Record, start: date, names: RoundNames
) -> tuple[Goal | None, list[Problem]]:
    """The target asked for, and everything that is wrong with it."""
    given = [name for name, value in (("target", target), ("round", number), ("type", series)) if value is not None]
    problems = []
    if len(given) > 1:
        rule = Text("one target at a time", "une cible à la fois")
        problems.append(
            Problem("two_targets", " + ".join(given), rule, Text("give one of them", "donner l'une d'elles"))
        )
    goals: list[Goal] = []
    if target is not None and not 1 <= target <= TOTAL[1]:
        rule = Text("a score from 1 to {n}", "un score de 1 à {n}").fill(n=TOTAL[1])
        fix = Text("for example 500", "par exemple 500")
        problems.append(Problem("out_of_range", "target", rule, fix, target))
    elif target is not None:
        goals.append(Goal(target))
    if number is not None:
        try:
            one = record.round(number)
            goals.append(Goal(one.cutoff, one))
        except UsageError as error:
            problems += [replace(problem, field="round") for problem in error.problems]
    if series is not None:
        found = _last(series, record, start, names)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            goals.append(Goal(found.cutoff, found))
    return (goals[0] if goals else None), problems


def _last(series: str, record: Record, start: date, names: RoundNames) -> Round | Problem:
    """The last round of a type or category, or why there is none."""
    known = [
        *(name for name in names.types if name not in ("category", "unknown")),
        *names.categories,
    ]
    if series not in known:
        fix = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(known))
        return Problem("unknown_word", "type", Text("no type or category", "ni type ni catégorie"), fix, series)
    last = record.last_round(series, on=start)
    if last is None:
        rule = Text("no such round was held by {day}", "aucune telle ronde n'a eu lieu au {day}").fill(day=start)
        return Problem("no_round", "type", rule, Text("give a score: --target", "donner un score : --target"), series)
    return last


def like(one: Round, day: date, case: Case) -> Round:
    """A round like a past one on another day: the same programs, the category in the version of that day."""
    versions = {law.category: law.version for law in case.law.on(day).selection.categories}
    version = versions.get(one.category or "", one.version)
    return replace(one, date=day, version=version)


def may_enter(one: Round, plan: Plan, nominee: bool) -> Answer:
    """Whether a plan's person may enter a round like this one, from the frame's answers: true, false, cannot tell.

    The frame knows enough to leave out plans that cannot; `entered` looks at the version of the category too.
    """
    invites = Invites.of(one)
    return None if invites is None else enters(invites, plan.answers, nominee=nominee)


def entered(case: Case, plan: Plan, one: Round) -> tuple[Answer, Text]:
    """Whether a plan's person could enter a round like this one, by the rule of rounds, in every reading."""
    profile = case.profile
    for option in plan.options:
        profile = option.apply(profile)
    rules = case.law.on(plan.ready_on)
    asked, asking = rules.asked(programs=True, categories=True), like(one, plan.ready_on, case)
    entries = []
    for reading in case.variants.derive(profile, plan.ready_on).readings:
        facts = [{**reading.facts, **choice.facts} for choice in reading.report_choices] or [dict(reading.facts)]
        found = better(assess_factors(rules, read_factors(each, asked)) for each in facts)
        entries.append(eligibility(asking, found))
    first = entries[0]
    if all(each.answer is first.answer for each in entries):
        return first.answer, first.reason
    return None, next(each.reason for each in entries if each.answer is not True)


def ways(case: Case, goal: Goal, plans: Sequence[Plan]) -> list[Way]:
    """The cheapest ways to a target, those of which nothing can be left out: by cost, then time, then moves.

    Ways into a round of which it cannot be told whether the person could enter are given only where there is no other.
    """
    reached = sorted((plan for plan in plans if plan.crs >= goal.cutoff), key=cheapness)
    sure: list[Way] = []
    open_: list[Way] = []
    for plan in reached:
        if any(set(way.plan.moves) <= set(plan.moves) for way in sure):
            continue
        way = _way(case, goal, plan)
        if way is not None and way.enters:
            sure.append(way)
        elif way is not None and not any(set(known.plan.moves) <= set(plan.moves) for known in open_):
            open_.append(way)
        if len(sure) == MOST_WAYS:
            break
    return sure or open_[:MOST_WAYS]


def _way(case: Case, goal: Goal, plan: Plan) -> Way | None:
    if goal.round is None:
        return None if plan.eligible is False else Way(plan, plan.eligible, None)
    if may_enter(goal.round, plan, nominee(case, plan)) is False:
        return None
    answer, reason = entered(case, plan, goal.round)
    return None if answer is False else Way(plan, answer, reason)


def nominee(case: Case, plan: Plan) -> bool:
    """Whether the plan's person holds a nomination on its day, from the first reading."""
    if "nomination" in plan.moves:
        return True
    held = case.variants.derive(case.profile, plan.ready_on).facts["provincial_nomination"]
    return bool(held) and "swap" not in plan.moves


def cheapness(plan: Plan) -> tuple[int, date, int]:
    """The order of ways: the middle of the cost, the day, the number of moves."""
    return (sum(plan.cost_cad), plan.ready_on, len(plan.options))
