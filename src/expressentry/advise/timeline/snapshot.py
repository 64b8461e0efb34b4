"""The answers for a person on a day, as far as two days can differ in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.score import AssessedReading, Details
from expressentry.law.rule_set import RuleSet

OF_ROUNDS = (
    "nominee_only_as_nominee",
    "tie_break",
    "profile_valid_years",
    "profile_anniversary_counts",
    "profile_ends_at_time",
    "invitation_day_counts",
    "birthday_leaves_points",
)
"""Rules of evidence that say how a round invites and what follows, and nothing of a person between rounds."""

MONTHS = "category_months"
"""Months of work by occupation: they are looked at through the categories that they decide, not one by one."""


@dataclass(frozen=True, slots=True)
class DaySnapshot:
    """The answers of a day: score, sections, programs and categories; and the facts and the law behind them.

    Where readings differ `totals`, a section and a fact have several values: the usual one, then the others in order.
    """

    totals: tuple[int, ...]
    crs: int
    sections: Mapping[str, tuple[int, ...]]
    programs: Mapping[str, Answer]
    categories: Mapping[str, Answer]
    facts: Mapping[str, tuple[Any, ...]] = field(repr=False)
    law: tuple[Any, ...] = field(repr=False)
    found: Assessment = field(repr=False, compare=False)

    @property
    def rules(self) -> RuleSet:
        """The law of the day."""
        return self.found.rules

    @property
    def total(self) -> int | None:
        """The score, None where readings differ."""
        return self.totals[0] if len(self.totals) == 1 else None

    def same_answers(self, other: DaySnapshot) -> bool:
        """Whether score, sections, programs and categories are the same."""
        mine, theirs = ((one.totals, one.crs, one.sections, one.programs, one.categories) for one in (self, other))
        return mine == theirs


class DaySnapshots:
    """Makes snapshots; an assessment that days share is read once."""

    def __init__(self) -> None:
        self._sections: dict[Details, dict[str, int]] = {}

    def of(self, found: Assessment) -> DaySnapshot:
        """The snapshot of an assessed day."""
        sections: dict[str, dict[int, None]] = {}
        for reading in found.readings:
            for id_, points in self._points(reading).items():
                sections.setdefault(id_, {})[points] = None
        return DaySnapshot(
            found.totals,
            found.first.total,
            {id_: in_order(points) for id_, points in sections.items()},
            found.programs,
            found.categories,
            facts_of(found),
            law_key(found.rules),
            found,
        )

    def _points(self, one: AssessedReading) -> dict[str, int]:
        # Days that share facts and law share the details of their assessments.
        if one.details not in self._sections:
            self._sections[one.details] = {line.id: line.points for line in one.sections}
        return self._sections[one.details]


def facts_of(found: Assessment) -> dict[str, tuple[Any, ...]]:
    """The different values of each column over the readings, months by occupation left out."""
    derived = found.derived
    if len(derived.readings) == 1 and not derived.bounded:
        return {name: (value,) for name, value in derived.facts.items() if name != MONTHS}
    return {name: in_order(derived.values(name)) for name in derived.facts if name != MONTHS}


def in_order(values: Iterable[Any]) -> tuple[Any, ...]:
    """The usual value, then the others in an order of their own: how readings follow each other is no change.

    >>> in_order([3, 13, None, 5])
    (3, None, 5, 13)
    """
    first, *others = values
    return (first, *sorted(others, key=lambda value: (value, "") if type(value) is int else (-1, repr(value))))


def law_key(rules: RuleSet) -> tuple[Any, ...]:
    """The law of a day, as far as two days can differ in it."""
    selection = rules.selection
    return (
        rules.crs.id,
        rules.established,
        tuple(program.id for program in selection.programs),
        selection.fsw.id,
        tuple((one.category, one.version) for one in selection.categories),
        selection.funds.start,
        selection.order.start,
        tuple(entry.start for id_, entry in rules.evidence.entries.items() if id_ not in OF_ROUNDS),
    )
