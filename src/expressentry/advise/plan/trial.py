"""Every combination of moves, each on the day when it would be done, scored by the frame evaluator in one go.

trial = try_all(case, steps, size=4)
trial.plans          every combination that was tried, the empty one first
trial.contradictory  combinations of steps that exclude each other
trial.dominated      combinations that give the very profile and day of a smaller one
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import comb
from typing import Any

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.kinds import LANGUAGE, Step
from expressentry.advise.moves.language import language, nothing_new, who
from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.score import rank
from expressentry.factors.derive import Derived
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.grid.tree import Grid
from expressentry.law.rule_set import RuleSet, Selection
from expressentry.noc.codes import Version
from expressentry.profile.labels import LEFT_OUT
from expressentry.profile.model import Profile
from expressentry.shown import Shown, between
from expressentry.text import Text


@dataclass(frozen=True, slots=True, repr=False)
class Plan(Shown):
    """One combination of moves and the person on the day on which the last one is done.

    `crs` is the lowest score of the readings of that day, `crs_high` the highest; `answers` what all readings agree on,
    by program and category, None where they differ; `current` is false where the law of that day is not established.
    `missing` is what would settle whether the person is eligible, where that is open.
    """

    steps: tuple[Step, ...]
    ready_on: date
    crs: int
    crs_high: int
    cost_cad: tuple[int, int]
    answers: dict[str, Answer]
    current: bool
    missing: tuple[Text, ...] = ()

    def _in_short(self) -> str:
        steps = " + ".join(self.moves) or "no step"
        return f"{between(self.crs, self.crs_high)} CRS points on {self.ready_on}, {steps}"

    @property
    def total(self) -> int:
        """The CRS score on the day on which it is ready: the lowest of the readings."""
        return self.crs

    @property
    def moves(self) -> tuple[str, ...]:
        """The ids of the moves."""
        return tuple(step.move.id for step in self.steps)

    @property
    def eligible(self) -> Answer:
        """Whether the person is eligible for a program."""
        found = [self.answers[program] for program in PROGRAMS]
        return True if True in found else None if None in found else False


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried; `combinations` is how many there are of the steps, up to the size asked for."""

    plans: tuple[Plan, ...]
    combinations: int
    contradictory: int
    dominated: int


@dataclass(frozen=True, slots=True)
class Combination:
    """A combination before it is scored."""

    steps: tuple[Step, ...]
    profile: Profile
    ready_on: date


def try_all(case: PlanningCase, steps: Sequence[Step], size: int) -> Trial:
    """Try every combination of up to so many steps; those that exclude each other cannot be, and are counted."""
    found = list(combinations_of(case, steps, size))
    kept = [one for one in found if one is not None]
    total = sum(comb(len(steps), n) for n in range(1, size + 1))
    free = len(found) - 1
    return Trial(tuple(scored(case, kept)), total, total - free, len(found) - len(kept))


def combinations_of(case: PlanningCase, steps: Sequence[Step], size: int) -> Iterator[Combination | None]:
    """Each combination without a contradiction, the empty one first; None for one that is dominated.

    A combination that holds a dominated one is dominated too, so that it need not be applied.
    """
    placed = list(enumerate(steps))
    conflicts = {(a, b) for a, one in placed for b, other in placed if one.move.conflicts_with(other.move)}

    def extend(so_far: Combination | None, taken: tuple[int, ...]) -> Iterator[Combination | None]:
        if len(taken) == size:
            return
        for at in range(taken[-1] + 1 if taken else 0, len(steps)):
            if any((before, at) in conflicts for before in taken):
                continue
            chosen = (*(steps[n] for n in taken), steps[at])
            more = None if so_far is None or dominated(case, chosen) else _extended(so_far, steps[at])
            yield more
            yield from extend(more, (*taken, at))

    whole = Combination((), case.profile, case.start)
    yield whole
    yield from extend(whole, ())


def _extended(one: Combination, step: Step) -> Combination:
    return Combination((*one.steps, step), step.apply(one.profile), max(one.ready_on, step.ready_on))


def dominated(case: PlanningCase, chosen: Sequence[Step]) -> bool:
    """Whether the combination gives the very profile and day of itself without one of its steps.

    Two cases are sure before anything is computed: a wait that is over before another step is done; and a step about a
    language that adds no level to those of the others about the same language, and is done no later than they are.
    """
    for at, step in enumerate(chosen):
        others = [*chosen[:at], *chosen[at + 1 :]]
        if step.move.kind == "wait" and any(step.ready_on <= other.ready_on for other in others):
            return True
        if step.move.kind in LANGUAGE:
            about = _about(case, step)
            alike = [other for other in others if other.move.kind in LANGUAGE and _about(case, other) == about]
            later = any(step.ready_on <= other.ready_on for other in alike)
            if later and nothing_new(case, step.move, [other.move for other in alike]):
                return True
    return False


def _about(case: PlanningCase, step: Step) -> tuple[str, str]:
    """Whose test a step is about, and in which language."""
    return who(step.move), language(case, step.move)


def scored(case: PlanningCase, found: Sequence[Combination]) -> list[Plan]:
    """Score combinations; days under the same law go into one frame."""
    derived = [case.variants.derive(one.profile, one.ready_on) for one in found]
    groups: dict[tuple[Grid, Selection, Version], list[int]] = {}
    laws = {day: case.law.on(day) for day in {one.ready_on for one in found}}
    for at, one in enumerate(found):
        rules = laws[one.ready_on]
        groups.setdefault((rules.crs, rules.selection, case.law.noc_version(one.ready_on)), []).append(at)
    plans: dict[int, Plan] = {}
    for members in groups.values():
        day = found[members[0]].ready_on
        rows = _evaluated(case, day, [derived[at] for at in members])
        for at, readings in zip(members, rows, strict=True):
            plans[at] = _plan(found[at], derived[at], readings, laws[found[at].ready_on])
    return [plans[at] for at in range(len(found))]


Row = dict[str, Any]


def _evaluated(case: PlanningCase, day: date, derived: Sequence[Derived]) -> Iterator[list[Row]]:
    """For each person the row of each reading; of several test reports those that give most points where eligible."""
    import polars as pl

    from expressentry.assess.frame.table import score_frame

    rules = case.law.on(day)
    asked = rules.asked(programs=True, categories=True)
    choices = [[reading.choices() for reading in one.readings] for one in derived]
    flat = [facts for one in choices for reading in one for facts in reading]
    columns: dict[str, list[Any]] = {name: [facts.get(name) for facts in flat] for name in asked.inputs}
    kinds = {"integer": pl.Int16, "boolean": pl.Boolean, "amount": pl.Int64}
    for name, column in asked.inputs.items():
        if column.kind == "months":
            columns[name] = [_months(value) for value in columns[name]]
    schema = {name: kinds.get(column.kind, pl.String) for name, column in asked.inputs.items()}
    frame = pl.DataFrame(columns, schema=schema)
    result = score_frame(frame, day, law=case.law, programs=True, categories=True)
    categories = {f"category_{law.category}": law.category for law in rules.selection.categories}
    rows = result.select("crs", *PROGRAMS, *categories).rename(categories).iter_rows(named=True)
    for one in choices:
        yield [max((next(rows) for _ in reading), key=_rank) for reading in one]


def _months(entries: list[dict[str, Any]]) -> str:
    """A list of months as text, the form that a frame reads quickest from Python."""
    return " ".join(f"{one['noc']}:{one['months']}:{one['run']}:{one['canada_months']}" for one in entries) or "none"


def _rank(row: Row) -> tuple[bool, int]:
    return rank((row[program] for program in PROGRAMS), row["crs"])


def _plan(one: Combination, derived: Derived, readings: list[Row], rules: RuleSet) -> Plan:
    first, *others = readings
    joint = {
        name: answer if all(other[name] is answer for other in others) else None
        for name, answer in first.items()
        if name != "crs"
    }
    scores = [row["crs"] for row in readings]
    plan = Plan(one.steps, one.ready_on, min(scores), max(scores), cost(one.steps), joint, rules.established)
    return plan if plan.eligible is not None else replace(plan, missing=_missing(derived, readings))


def _missing(derived: Derived, rows: list[Row]) -> tuple[Text, ...]:
    """What would settle whether the person is eligible: the doubts that decide it, else a fact that was left out."""
    eligible = [_rank(row)[0] for row in rows]
    found = []
    for doubt in derived.doubts:
        alike: dict[frozenset[tuple[str, str]], set[bool]] = {}
        for reading, answer in zip(derived.readings, eligible, strict=True):
            others = frozenset(pair for pair in reading.assumed.items() if pair[0] != doubt.id)
            alike.setdefault(others, set()).add(answer)
        if any(len(answers) > 1 for answers in alike.values()):
            found.append(doubt.open if doubt.law else doubt.missing)
    facts = derived.readings[0].facts
    return tuple(found) or tuple(words for name, words in LEFT_OUT.items() if facts.get(name) is None)[:1]


def cost(steps: Sequence[Step]) -> tuple[int, int]:
    """What steps cost together: those of one sitting are paid once, at the highest price."""
    paid: dict[str, tuple[int, int]] = {}
    for step in steps:
        key = step.move.sitting or step.move.id
        known = paid.get(key, (0, 0))
        low, high = step.move.cost_cad
        paid[key] = (max(known[0], low), max(known[1], high))
    return sum(low for low, _ in paid.values()), sum(high for _, high in paid.values())
