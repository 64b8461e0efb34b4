"""The same people under two laws: whose score rises or falls, and what changes in programs and categories.

The facts are those of one day; only the law differs. A law is named by a grid, which changes the score alone, or by a
day, which changes the grid, the programs and the categories.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.readings import Assessment, Assessor, assess_facts
from expressentry.errors import Problem, UsageError
from expressentry.law.grid.tree import Grid
from expressentry.law.law import Law
from expressentry.law.rule_set import RuleSet
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.profile.model import Profile

OUTCOMES = ("gains", "loses", "same", "cannot_tell")
Differences = Mapping[str, tuple[Answer, Answer]]
"""For each program or category, the answers before and after; only those that differ."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one law says of a person: the different scores of the readings, programs and categories."""

    totals: tuple[int, ...]
    programs: Mapping[str, Answer]
    categories: Mapping[str, Answer]

    @classmethod
    def of(cls, found: Assessment) -> Side:
        """What is compared of an assessment."""
        return cls(found.totals, dict(found.programs), dict(found.categories))

    @property
    def total(self) -> int | None:
        """The score, None where the readings differ."""
        return self.totals[0] if len(self.totals) == 1 else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One person under both laws; `changes` are the different changes of the score over the readings, least first."""

    before: Side
    after: Side
    changes: tuple[int, ...]

    @property
    def outcome(self) -> str:
        """Whether the score rises, falls or stays in every reading; else `cannot_tell`."""
        low, high = self.changes[0], self.changes[-1]
        if low == high == 0:
            return "same"
        return "gains" if low > 0 else "loses" if high < 0 else "cannot_tell"

    @property
    def programs(self) -> Differences:
        """Programs whose answer differs."""
        return _differing(self.before.programs, self.after.programs)

    @property
    def categories(self) -> Differences:
        """Categories whose answer differs; one that does not exist under a law is False there."""
        return _differing(self.before.categories, self.after.categories)

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return self.outcome != "same" or bool(self.programs) or bool(self.categories)


def _differing(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> Differences:
    both = {id_: (before.get(id_, False), after.get(id_, False)) for id_ in {**before, **after}}
    return {id_: (old, new) for id_, (old, new) in both.items() if old is not new}


def under_grid(law: Law, grid: Grid, on: date) -> RuleSet:
    """The law of a day with another grid: the score may change, programs and categories do not."""
    return replace(law.on(on), crs=grid, established=True, warnings=())


def under_day(law: Law, day: date, on: date) -> RuleSet:
    """All law of another day, for the facts of a day.

    Raises UsageError where the two days list occupations of two versions, so that facts of one fit no list of the
    other.
    """
    rules = law.on(day)
    if law.noc_version(day) != law.noc_version(on):
        rule = Text(
            "a day whose lists have the occupations of {d}", "un jour dont les listes ont les professions du {d}"
        ).fill(d=on)
        fix = Text("name the grid instead: {g}", "nommer plutôt la grille : {g}").fill(g=rules.id)
        raise UsageError(Problem("other_occupations", "law", rule, fix, day))
    return rules


def compare(person: Profile | Mapping[str, Any], on: date, laws: Sequence[RuleSet]) -> Comparison:
    """Assess the facts of a day under two laws.

    Raises FactorsError for facts that are wrong, or that lack what one of the laws asks for.
    """
    assess = _facts(person) if isinstance(person, Mapping) else _profile(person, on)
    before, after = (assess(rules) for rules in laws)
    pairs = zip(before.readings, after.readings, strict=True)
    found = {new.total - old.total for old, new in pairs}
    # Of readings that were not assessed none changes by more, and none at all by one grid of one law.
    if (before.bounded or after.bounded) and not (laws[0].crs == laws[1].crs and laws[0].law is laws[1].law):
        found |= {after.totals[0] - before.totals[-1], after.totals[-1] - before.totals[0]}
    return Comparison(Side.of(before), Side.of(after), tuple(sorted(found)))


def _facts(facts: Mapping[str, Any]) -> Callable[[RuleSet], Assessment]:
    return lambda rules: assess_facts(rules, facts)


def _profile(profile: Profile, on: date) -> Callable[[RuleSet], Assessment]:
    from expressentry.factors.derive import derive

    return lambda rules: Assessor(profile, rules.law).under(derive(profile, on, rules.law), rules)
