"""Every combination of moves, each on the day when it would be done, scored by the frame evaluator in one go.

trial = try_all(case, steps, size=4)
trial.plans          every combination that was tried, the empty one first
trial.contradictory  combinations of steps that exclude each other
trial.dominated      combinations that give the very profile and day of a smaller one
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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
from expressentry.law.schema import months_text
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
    """What was tried; `combinations` is how many there are of the steps, up to the size asked for.

    `left_out` are those that were not tried, of the most steps: there are too many for what the profile costs.
    """

    plans: tuple[Plan, ...]
    combinations: int
    contradictory: int
    dominated: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Combination:
    """A combination before it is scored."""

    steps: tuple[Step, ...]
    profile: Profile
    ready_on: date


_OF_LISTED, _OF_PLAN, _OF_READING, _OF_ENDS, _AT_ONCE = 30, 60, 20, 5000, 400
"""What a combination costs to list and to score, each of its readings, and the ends where there are too many of these,
in pieces read; how many go together."""


def try_all(
    case: PlanningCase, steps: Sequence[Step], size: int, most: int | None = None, needed: Collection[str] = ()
) -> Trial:
    """Try every combination of up to so many steps; those that exclude each other cannot be, and are counted.

    No more are tried once more than `most` pieces of the profile were read, those for finding the steps counted. Those
    with the moves needed come first, then those of few steps.
    """
    asked, size = _number(steps, size), _affordable(steps, size, most)
    found = list(combinations_of(case, steps, size))
    kept = [(at, one) for at, one in enumerate(found) if one is not None]
    plans = dict(_tried(case, sorted(kept, key=lambda pair: _order(pair[1], needed)), most))
    total, free = _number(steps, size), len(found) - 1
    left_out = asked - total + len(kept) - len(plans)
    in_order = tuple(plans[at] for at in sorted(plans))
    return Trial(in_order, asked, total - free, len(found) - len(kept), left_out)


def _number(steps: Sequence[Step], size: int) -> int:
    """How many combinations there are of up to so many steps."""
    return sum(comb(len(steps), n) for n in range(1, size + 1))


def _affordable(steps: Sequence[Step], size: int, most: int | None) -> int:
    """How many steps can be combined for the pieces that may be read, most combinations being contradictory."""
    while most is not None and size > 1 and _number(steps, size) > most // _OF_LISTED:
        size -= 1
    return size


def _order(one: Combination, needed: Collection[str]) -> tuple[bool, bool, int]:
    return bool(one.steps), not {step.move.id for step in one.steps} >= set(needed), len(one.steps)


def _tried(
    case: PlanningCase, found: Sequence[tuple[int, Combination]], most: int | None
) -> Iterator[tuple[int, Plan]]:
    """The plans of combinations, each with its place, as long as no more pieces are read than may be."""
    effort, spent = case.variants.effort, 0
    for first in range(0, len(found), _AT_ONCE):
        derived: list[Derived] = []
        some = found[first : first + _AT_ONCE]
        for _, one in some:
            if most is not None and first + len(derived) and spent + effort.pieces > most:
                break
            said = case.variants.derive(one.profile, one.ready_on)
            if said.bounded:
                said = replace(said, readings=said.readings[:1])
                spent += _OF_ENDS
            derived.append(said)
            spent += _OF_PLAN + _OF_READING * sum(len(one.report_choices) or 1 for one in said.readings)
        some = some[: len(derived)]
        yield from zip((at for at, _ in some), scored(case, [one for _, one in some], derived), strict=True)
        case.variants.forget()
        if len(some) < min(_AT_ONCE, len(found) - first):
            return


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


def scored(case: PlanningCase, found: Sequence[Combination], derived: Sequence[Derived] | None = None) -> list[Plan]:
    """Score combinations by what they say on their days; days under the same law go into one frame."""
    derived = derived or [case.variants.derive(one.profile, one.ready_on) for one in found]
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
            ends = [*readings, *_ends(case, derived[at])]
            plans[at] = _plan(found[at], derived[at], ends, laws[found[at].ready_on])
    return [plans[at] for at in range(len(found))]


Row = dict[str, Any]


def _ends(case: PlanningCase, derived: Derived) -> list[Row]:
    """Where not every reading was tried, the ends between which all of them lie; else nothing."""
    if not derived.bounded:
        return []
    found = case.assessor.ends(derived, case.law.on(derived.on))
    return [
        {"crs": one.total}
        | {id_: finding.answer for id_, finding in one.programs.items()}
        | {finding.law.category: finding.answer for finding in one.categories}
        for one in found
    ]


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
            columns[name] = [months_text(value) for value in columns[name]]  # the form that a frame reads quickest
    schema = {name: kinds.get(column.kind, pl.String) for name, column in asked.inputs.items()}
    frame = pl.DataFrame(columns, schema=schema)
    result = score_frame(frame, day, law=case.law, programs=True, categories=True)
    categories = {f"category_{law.category}": law.category for law in rules.selection.categories}
    rows = result.select("crs", *PROGRAMS, *categories).rename(categories).iter_rows(named=True)
    for one in choices:
        yield [max((next(rows) for _ in reading), key=_rank) for reading in one]


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


_MOST_NAMED = 3


def _missing(derived: Derived, rows: list[Row]) -> tuple[Text, ...]:
    """What would settle whether the person is eligible: the doubts that decide it, else a fact that was left out."""
    if derived.bounded:  # which of them decide is not known
        return tuple(doubt.open if doubt.law else doubt.missing for doubt in derived.doubts[:_MOST_NAMED])
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
