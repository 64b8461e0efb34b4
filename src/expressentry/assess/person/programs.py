"""Programs and categories for one person on a day, each with the reason. No Polars here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from expressentry.assess.bounds import bounds
from expressentry.assess.person.criteria import Answer, Case, Finding, every, some
from expressentry.assess.person.explain import Line, explain, total
from expressentry.factors.check import Factors
from expressentry.law.criteria.categories import CategoryVersion
from expressentry.law.criteria.programs import Program, orders
from expressentry.law.lists import Row
from expressentry.law.rule_set import Selection
from expressentry.profile.labels import entry_names
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class ProgramFinding:
    """Whether a person meets a program, with the first language named.

    `points` are those of its grid, low and high; `missing` the columns whose values the answer needs.
    It is empty where the answer is known.
    """

    program: Program
    answer: Answer
    first_language: str
    points: tuple[int, int] | None
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]

    @property
    def unsettled(self) -> tuple[Text, ...]:
        """What the law leaves open, where the answer is: no fact of the person would settle it."""
        return _unsettled(self.findings) if self.answer is None else ()


@dataclass(frozen=True, slots=True)
class CategoryFinding:
    """Whether a person is a member of a category.

    `by_choice` are the test reports that would make the person one, where those used do not; the answer is then open.
    """

    law: CategoryVersion
    answer: Answer
    findings: tuple[Finding, ...]
    by_choice: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns whose values the answer needs; empty where the answer is known."""
        return _missing(self.findings) if self.answer is None else ()

    @property
    def unsettled(self) -> tuple[Text, ...]:
        """What the law leaves open, where the answer is: no fact of the person would settle it."""
        if self.by_choice:
            return (_BY_CHOICE.fill(t=entry_names(self.by_choice)),)
        return _unsettled(self.findings) if self.answer is None else ()


_BY_CHOICE = Text(
    "it depends on which test results you enter: with {t} you are a member",
    "cela dépend des résultats de test que vous inscrivez : avec {t}, vous êtes membre",
)


def _unsettled(findings: Sequence[Finding]) -> tuple[Text, ...]:
    open_ = [one.criterion for one in findings if one.answer is None and not one.missing]
    return tuple(one.cite.doubt or one.title for one in open_)


def _missing(findings: Sequence[Finding]) -> tuple[str, ...]:
    return _once(name for finding in findings if finding.answer is None for name in finding.missing)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def judge_in_order(selection: Selection, factors: Factors, order: str) -> dict[str, ProgramFinding]:
    """Judge every program with one language first."""
    both = bounds(selection.fsw)
    low, high = (total(grid, factors.codes, order) for grid in (both.worst, both.best))
    return judged_in_order(Case(factors, order, selection), (low, high))


def judged_in_order(person: Case, points: tuple[int, int]) -> dict[str, ProgramFinding]:
    """Judge every program of a case, the points of the 67-point grid being known."""
    found: dict[str, ProgramFinding] = {}
    met: dict[str, tuple[Answer, tuple[str, ...]]] = {}
    case = replace(person, points={"fsw": points}, met=met)
    for program in case.selection.programs:
        findings = tuple(map(case.judge, program.criteria))
        answer = every([finding.answer for finding in findings])
        met[program.program] = answer, _missing(findings) if answer is None else ()
        range_ = points if program.counts_points else None
        found[program.program] = ProgramFinding(program, answer, case.order, range_, findings, met[program.program][1])
    return found


def judge_programs(by_order: Mapping[str, Mapping[str, ProgramFinding]], used: str) -> dict[str, ProgramFinding]:
    """For each program, what holds with the best of the languages that may come first.

    It is shown with the language used for the score, unless only another one gives that answer.
    """
    if len(by_order) == 1:
        return dict(by_order[used])
    found = {}
    for program in by_order[used]:
        answer = some([found_[program].answer for found_ in by_order.values()])
        orders = [used, *(order for order in by_order if order != used)]
        order = next(order for order in orders if by_order[order][program].answer is answer)
        found[program] = by_order[order][program]
        if answer is None:
            missing = _once(name for found_ in by_order.values() for name in found_[program].missing)
            found[program] = replace(found[program], missing=missing)
    return found


@dataclass(frozen=True, slots=True)
class Invitation:
    """The program that an invitation names: one, or those it may be where a finding or the order is not known."""

    program: str | None
    possible: tuple[str, ...]
    order: Row


def invitation(selection: Selection, programs: Mapping[str, ProgramFinding]) -> Invitation:
    """Name the program of an invitation by the order of the day; the candidate cannot choose."""
    possible = []
    for order in orders(selection.order):
        for program in order:
            answer = programs[program].answer
            if answer is not False:
                possible.append(program)
            if answer:
                break
    found = tuple(dict.fromkeys(possible))
    certain = len(found) == 1 and bool(programs[found[0]].answer)
    return Invitation(found[0] if certain else None, found, selection.order)


def grid_lines(selection: Selection, factors: Factors, order: str) -> tuple[list[Line], list[Line]]:
    """The lines of the 67-point grid at worst and at best."""
    both = bounds(selection.fsw)
    return explain(both.worst, factors, order), explain(both.best, factors, order)


def judge_categories(selection: Selection, factors: Factors, order: str) -> tuple[CategoryFinding, ...]:
    """Judge membership in every category of the day."""
    case = Case(factors, order, selection)
    found = []
    for law in selection.categories:
        findings = tuple(map(case.judge, law.criteria))
        found.append(CategoryFinding(law, every([finding.answer for finding in findings]), findings))
    return tuple(found)
