"""Everything about one person on one day. No Polars here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from expressentry.assess.person.compiled import Codes
from expressentry.assess.person.explain import Line, explain, total
from expressentry.assess.person.programs import (
    CategoryFinding,
    Invitation,
    ProgramFinding,
    invitation,
    judge_categories,
    judge_in_order,
    judge_programs,
)
from expressentry.factors.check import Factors, read_factors
from expressentry.law.grid.tree import Grid
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.law.schema import FIRST_LANGUAGE


@dataclass(frozen=True)
class Assessment:
    """The answer for one person: the CRS score, its lines, programs and categories.

    `first_language` is the language scored as first; `other_total` the total with the other one first, None where the
    person chose, or has no test in the other language. Lines, programs and categories are worked out when first asked
    for.
    """

    rules: RuleSet
    factors: Factors
    total: int
    first_language: str
    given_language: str | None
    other_total: int | None
    by_order: Mapping[str, Mapping[str, ProgramFinding]] = field(default_factory=dict, repr=False)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """A cited line for every place of the grid, the whole grid first, its children the sections."""
        return tuple(explain(self.rules.crs, self.factors, self.first_language))

    @property
    def sections(self) -> tuple[Line, ...]:
        """The lines just below the whole grid."""
        return tuple(line for line in self.lines[1:] if line.parent == self.lines[0].id)

    @cached_property
    def programs(self) -> dict[str, ProgramFinding]:
        """Each program: eligible, not eligible or cannot tell, with the reason."""
        selection = self.rules.selection
        # A language without a test meets no program.
        orders = tested(self.rules, self.factors) if self.given_language is None else ()
        orders = tuple(dict.fromkeys((self.first_language, *orders)))
        by_order = self.by_order or {order: judge_in_order(selection, self.factors, order) for order in orders}
        return judge_programs(by_order, self.first_language)

    @cached_property
    def categories(self) -> tuple[CategoryFinding, ...]:
        """Each category of the day: member, not a member or cannot tell, with the reason."""
        return judge_categories(self.rules.selection, self.factors, self.first_language)

    @cached_property
    def invitation(self) -> Invitation:
        """The program that an invitation to this person would name, by the order of the day."""
        return invitation(self.rules.selection, self.programs)


def assess_person(facts: Mapping[str, Any], on: date, law: Law | None = None) -> Assessment:
    """Assess one person on a day: the score with every point cited, programs and categories.

    `facts` has the columns of the schema. With tests in both languages and none chosen as first, the language is used
    that gives more CRS points among those that leave the person eligible for a program. Raises FactorsError with all
    that is wrong with the facts, UsageError for a day before 2015-01-01.

    >>> facts = {"age": 29, "accompanied": False, "education": "masters", "canadian_work_years": 0,
    ...          "foreign_work_years": 3, "certificate_of_qualification": False, "canadian_study": "none",
    ...          "sibling_in_canada": False, "provincial_nomination": False,
    ...          "english_listening": 9, "english_reading": 9, "english_writing": 9, "english_speaking": 9}
    >>> found = assess_person(facts, date(2026, 10, 1))
    >>> found.total
    469
    >>> print(found.programs["cec"].answer, found.programs["cec"].missing)
    None ('cec_years_3y', 'intends_quebec')
    """
    rules = (law or load_law()).on(on)
    return assess_factors(rules, read_factors(facts, rules.asked(programs=True, categories=True)))


def assess_factors(rules: RuleSet, factors: Factors) -> Assessment:
    """Assess checked facts under the law of a day."""
    given = factors.values.get(FIRST_LANGUAGE)
    totals = totals_by_order(rules.crs, factors.codes)
    orders = tested(rules, factors)
    by_order: dict[str, Mapping[str, ProgramFinding]] = {}
    if given is None and len(orders) == len(rules.crs.orders) > 1:
        by_order = {order: judge_in_order(rules.selection, factors, order) for order in orders}
        eligible = [order for order in orders if any(found.answer for found in by_order[order].values())]
        used = better_order({order: totals[order] for order in eligible or orders}, None)
    else:
        used = better_order(totals, given)
    other = next(order for order in totals if order != used)
    other_total = totals[other] if given is None and other in orders else None
    return Assessment(rules, factors, totals[used], used, given, other_total, by_order)


def tested(rules: RuleSet, factors: Factors) -> tuple[str, ...]:
    """The official languages in which some ability was tested."""
    columns = rules.crs.columns
    known = factors.values
    return tuple(o for o in columns.orders if any(known.get(name) is not None for name in columns.groups[o]))


def totals_by_order(grid: Grid, codes: Codes) -> dict[str, int]:
    """The total with each official language first."""
    return {order: total(grid, codes, order) for order in grid.columns.orders}


def better_order(totals: Mapping[str, int], given: str | None) -> str:
    """The first language: the one given, else the one with more points, the first of the schema at a tie (English)."""
    return given if given is not None else max(totals, key=lambda order: totals[order])
