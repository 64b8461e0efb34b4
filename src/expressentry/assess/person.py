"""Everything about one person on one day. No Polars here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expressentry.assess.explain import Codes, Line, explain, total
from expressentry.candidate.factors import Factors, read_factors
from expressentry.law.columns import FIRST_LANGUAGE
from expressentry.law.rule_set import RuleSet
from expressentry.law.rules import Law, load_law
from expressentry.law.tree import Grid


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer for one person: `lines[0]` is the whole grid, its children the sections.

    `first_language` is the language scored as first; `other_total` the total with the other one first, None where the
    person chose, or has no test in the other language.
    """

    rules: RuleSet
    factors: Factors
    first_language: str
    given_language: str | None
    other_total: int | None
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """The CRS score."""
        return self.lines[0].points

    @property
    def sections(self) -> tuple[Line, ...]:
        """The lines just below the whole grid."""
        return tuple(line for line in self.lines[1:] if line.parent == self.lines[0].id)


def assess_person(facts: Mapping[str, Any], on: date, law: Law | None = None) -> Assessment:
    """Score one person on a day, every point cited.

    `facts` has the columns of the schema. Raises FactorsError with all that is wrong with them, UsageError for a day
    before 2015-01-01.

    >>> facts = {"age": 29, "accompanied": False, "education": "masters", "canadian_work_years": 0,
    ...          "foreign_work_years": 3, "certificate_of_qualification": False, "canadian_study": "none",
    ...          "sibling_in_canada": False, "provincial_nomination": False,
    ...          "english_listening": 9, "english_reading": 9, "english_writing": 9, "english_speaking": 9}
    >>> assess_person(facts, date(2026, 10, 1)).total
    469
    """
    rules = (law or load_law()).on(on)
    factors = read_factors(facts, rules.crs)
    given = factors.values.get(FIRST_LANGUAGE)
    totals = totals_by_order(rules.crs, factors.codes)
    used = better_order(totals, given)
    other = next(order for order in totals if order != used)
    tested = any(factors.values.get(name) is not None for name in rules.crs.columns.groups[other])
    other_total = totals[other] if given is None and tested else None
    return Assessment(rules, factors, used, given, other_total, tuple(explain(rules.crs, factors, used)))


def totals_by_order(grid: Grid, codes: Codes) -> dict[str, int]:
    """The total with each official language first."""
    return {order: total(grid, codes, order) for order in grid.columns.orders}


def better_order(totals: Mapping[str, int], given: str | None) -> str:
    """The first language: the one given, else the one with more points, the first of the schema at a tie (English)."""
    return given if given is not None else max(totals, key=lambda order: totals[order])
