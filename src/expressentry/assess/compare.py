"""The same people under two laws: who gains, who loses, who enters or leaves a program or a category.

Facts are those of one day; only the law moves. A law is named by a grid, which moves the score alone, or by a day,
which moves the grid, the programs and the categories.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.assess.person.answered import Answered
from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.readings import Assessor
from expressentry.assess.person.score import assess_factors
from expressentry.errors import Problem, UsageError
from expressentry.factors.check import read_factors
from expressentry.law.grid.tree import Grid
from expressentry.law.law import Law
from expressentry.law.rule_set import RuleSet
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.profile.model import Profile

OUTCOMES = ("gains", "loses", "same", "cannot_tell")
Moves = Mapping[str, tuple[Answer, Answer]]
"""For each program or category, the answers before and after; only those that differ."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One person under both laws; `changes` are the different changes of the score over the readings, least first."""

    before: Answered
    after: Answered
    changes: tuple[int, ...]

    @property
    def outcome(self) -> str:
        """Whether the score gains, loses or stays in every reading; else it cannot be told."""
        low, high = self.changes[0], self.changes[-1]
        if low == high == 0:
            return "same"
        return "gains" if low > 0 else "loses" if high < 0 else "cannot_tell"

    @property
    def programs(self) -> Moves:
        """Programs whose answer differs."""
        return _differing(self.before.programs, self.after.programs)

    @property
    def categories(self) -> Moves:
        """Categories whose answer differs; one that does not exist under a law is False there."""
        return _differing(self.before.categories, self.after.categories)

    @property
    def moves(self) -> bool:
        """Whether anything differs."""
        return self.outcome != "same" or bool(self.programs) or bool(self.categories)


def _differing(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> Moves:
    both = {id_: (before.get(id_, False), after.get(id_, False)) for id_ in {**before, **after}}
    return {id_: (old, new) for id_, (old, new) in both.items() if old is not new}


def under_grid(law: Law, grid: Grid, on: date) -> RuleSet:
    """The law of a day with another grid: the score moves, programs and categories stay."""
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


def moved(person: Profile | Mapping[str, Any], on: date, laws: Sequence[RuleSet]) -> Moved:
    """Assess the facts of a day under two laws.

    Raises FactorsError for facts that are wrong, or that lack what one of the laws asks for.
    """
    assess = _facts(person) if isinstance(person, Mapping) else _profile(person, on)
    before, after = (assess(rules) for rules in laws)
    pairs = zip(_totals(before), _totals(after), strict=True)
    return Moved(before, after, tuple(sorted({new - old for old, new in pairs})))


def _facts(facts: Mapping[str, Any]) -> Callable[[RuleSet], Answered]:
    return lambda rules: Answered(
        assess_factors(rules, read_factors(facts, rules.asked(programs=True, categories=True)))
    )


def _profile(profile: Profile, on: date) -> Callable[[RuleSet], Answered]:
    from expressentry.factors.derive import derive

    def assess(rules: RuleSet) -> Answered:
        whole = Assessor(profile, rules.law).under(derive(profile, on, rules.law), rules)
        return Answered(whole.first, whole)

    return assess


def _totals(found: Answered) -> list[int]:
    """The score of each reading, in their order."""
    return [read.assessment.total for read in found.whole.reads] if found.whole else [found.first.total]
