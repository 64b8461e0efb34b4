"""One reading of a person's facts on a day, assessed: the score, its lines, programs and categories. No Polars here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from expressentry.assess.person.criteria import Answer
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
from expressentry.factors.check import Factors
from expressentry.law.grid.tree import Codes, Grid
from expressentry.law.rule_set import RuleSet, Selection
from expressentry.law.schema import FIRST_LANGUAGE
from expressentry.shown import Shown

if TYPE_CHECKING:
    from expressentry.factors.derive import Reading


@dataclass(frozen=True, eq=False)
class Details:
    """Lines, programs and categories of one set of factors, worked out when first asked for.

    They rest on a grid, a selection and the factors alone: days on which all three are the same share them. `by_order`
    has the programs with the languages first that were tried to choose one.
    """

    grid: Grid
    selection: Selection
    factors: Factors
    first_language: str
    orders: tuple[str, ...]
    by_order: Mapping[str, Mapping[str, ProgramFinding]]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """A cited line for every place of the grid."""
        return tuple(explain(self.grid, self.factors, self.first_language))

    @cached_property
    def programs(self) -> dict[str, ProgramFinding]:
        """Each program, with the best of the languages that may come first."""
        known = self.by_order
        by_order = {
            order: known[order] if order in known else judge_in_order(self.selection, self.factors, order)
            for order in self.orders
        }
        return judge_programs(by_order, self.first_language)

    @cached_property
    def categories(self) -> tuple[CategoryFinding, ...]:
        """Each category of the day."""
        return judge_categories(self.selection, self.factors, self.first_language)

    @cached_property
    def invitation(self) -> Invitation:
        """The program that an invitation names."""
        return invitation(self.selection, self.programs)


@dataclass(frozen=True, repr=False)
class AssessedReading(Shown):
    """One reading of a person's facts under the law of a day: the score, its lines, programs and categories.

    `first_language` is the language scored as first; `other_total` the total with the other one first, None where the
    person chose, or has no test in the other language. `reading` is the reading of dated facts, None for factors;
    `reports` are the test reports used where there was a choice, `others` what the other choices give. `end` is empty
    for a reading, and "lowest" or "highest" for an end between which all readings lie.
    """

    rules: RuleSet
    factors: Factors
    total: int
    first_language: str
    given_language: str | None
    other_total: int | None
    details: Details = field(repr=False, compare=False)
    reading: Reading | None = field(default=None, repr=False)
    reports: tuple[str, ...] = ()
    others: tuple[AssessedReading, ...] = field(default=(), repr=False, compare=False)
    end: str = ""

    def _in_short(self) -> str:
        return f"{self.total} CRS points on {self.rules.day}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """A cited line for every place of the grid, the whole grid first, its children the sections."""
        return self.details.lines

    @property
    def sections(self) -> tuple[Line, ...]:
        """The lines just below the whole grid."""
        return tuple(line for line in self.lines[1:] if line.parent == self.lines[0].id)

    @property
    def programs(self) -> dict[str, ProgramFinding]:
        """Each program: eligible, not eligible or cannot tell, with the reason."""
        return self.details.programs

    @property
    def categories(self) -> tuple[CategoryFinding, ...]:
        """Each category of the day: member, not a member or cannot tell, with the reason.

        Where another choice of test reports makes the person a member, it is open: it depends on the choice.
        """
        if not self.others:
            return self.details.categories
        return tuple(map(self._by_choice, self.details.categories))

    def _by_choice(self, one: CategoryFinding) -> CategoryFinding:
        if one.answer is not False:
            return one
        for other in self.others:
            if any(found.law is one.law and found.answer for found in other.details.categories):
                return replace(one, answer=None, by_choice=other.reports)
        return one

    @property
    def choices(self) -> tuple[AssessedReading, ...]:
        """What each choice of test reports gives by itself, the one used first."""
        return (replace(self, others=()), *self.others)

    @property
    def invitation(self) -> Invitation:
        """The program that an invitation to this person would name, by the order of the day."""
        return self.details.invitation

    @property
    def assumed(self) -> Mapping[str, str]:
        """For each doubt, the option that this reading takes."""
        return self.reading.assumed if self.reading else {}

    @property
    def rank(self) -> tuple[bool, int]:
        """What makes one result better than another: to be eligible for a program, then the score."""
        return rank((one.answer for one in self.programs.values()), self.total)

    @property
    def result(self) -> tuple[object, ...]:
        """Score and findings: what must be the same for two readings to give the same answer."""
        programs = tuple((id_, one.answer, one.points) for id_, one in self.programs.items())
        categories = tuple((one.law.category, one.answer) for one in self.categories)
        return self.total, self.invitation.program, programs, categories

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns whose values an open program or category needs, each once."""
        found: list[ProgramFinding | CategoryFinding] = [*self.programs.values(), *self.categories]
        return tuple(dict.fromkeys(name for one in found for name in one.missing))


def rank(programs: Iterable[Answer], total: int) -> tuple[bool, int]:
    """The rank of a result among others of the same person, the best the highest.

    >>> max([([None, False], 480), ([False, True], 460)], key=lambda one: rank(*one))
    ([False, True], 460)
    """
    return any(answer is True for answer in programs), total


def better(found: Iterable[AssessedReading]) -> AssessedReading:
    """The best of several results for one person: the highest score among those that leave the person eligible."""
    first, *others = found
    return max([first, *others], key=lambda one: one.rank) if others else first  # programs are judged only to choose


def assess_factors(rules: RuleSet, factors: Factors) -> AssessedReading:
    """Assess checked factors under the law of a day.

    With tests in both languages and none chosen as first, the language is used that gives more CRS points among those
    that leave the person eligible for a program.
    """
    given = factors.values.get(FIRST_LANGUAGE)
    totals = totals_by_order(rules.crs, factors.codes)
    orders = tested(rules, factors)
    by_order: dict[str, Mapping[str, ProgramFinding]] = {}
    # The one program that asks which language is first asks for a test in it: no other order gives it.
    used, judged = better_order(totals, given), orders
    if given is None and len(orders) == len(rules.crs.orders) > 1:
        # The better order is used where it leaves the person eligible; only else are the others looked at.
        for order in sorted(orders, key=lambda one: -totals[one]):
            by_order[order] = judge_in_order(rules.selection, factors, order)
            if any(found.answer for found in by_order[order].values()):
                used = order
                break
    else:
        judged = tuple(dict.fromkeys((used, *(orders if given is None else ()))))
    other = next(order for order in totals if order != used)
    other_total = totals[other] if given is None and other in orders else None
    details = Details(rules.crs, rules.selection, factors, used, judged, by_order)
    return AssessedReading(rules, factors, totals[used], used, given, other_total, details)


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
