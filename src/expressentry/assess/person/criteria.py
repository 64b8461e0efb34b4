"""Criteria judged for one person: met, not met, or cannot tell and the fact that is missing. No Polars here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import ge
from typing import Any, NamedTuple

from expressentry.factors.check import Factors
from expressentry.law.criteria.model import Abilities, Ask, Condition, Criterion, Dollars, Known, Met, Points
from expressentry.law.criteria.programs import funds_range
from expressentry.law.rule_set import Selection
from expressentry.law.schema import MonthsTest

Answer = bool | None
"""True, False, or None: cannot tell."""
Judged = tuple[Answer, Any, Any, tuple[str, ...]]
"""The answer to a condition, what was given, what is needed, and the columns it read."""


def every(answers: Collection[Answer]) -> Answer:
    """All of them, by Kleene's rules: one false is enough for false."""
    return False if False in answers else None if None in answers else True


def some(answers: Collection[Answer]) -> Answer:
    """Any of them, by Kleene's rules: one true is enough for true."""
    return True if True in answers else None if None in answers else False


def agreed(answers: Collection[Answer]) -> Answer:
    """What all readings of the law give; None where they differ, or one is open."""
    return next(iter(answers)) if len(set(answers)) == 1 else None


JOINS: Mapping[str, Callable[[Collection[Answer]], Answer]] = {"all": every, "any": some, "readings": agreed}


class Finding(NamedTuple):
    """A criterion for one person: what was found, what was looked at, what was asked, which columns were missing.

    `given` is a value, four abilities, a range of points (low, high), or the best listed occupation with its months and
    all occupations worked in; `needed` is what it is compared with, None where the title says it all.
    """

    criterion: Criterion
    answer: Answer
    given: Any = None
    needed: Any = None
    missing: tuple[str, ...] = ()
    below: tuple[Finding, ...] = ()


def judged(criterion: Criterion, condition: Callable[[Condition], Judged]) -> Finding:
    """Judge a criterion and all below it, with a way to judge one condition."""
    if criterion.condition is None:
        below = tuple([judged(one, condition) for one in criterion.below])
        answer = JOINS[criterion.how]([one.answer for one in below])
        missing: tuple[str, ...] = ()
        if answer is None:
            missing = tuple(dict.fromkeys(name for one in below if one.answer is None for name in one.missing))
        return Finding(criterion, answer, None, None, missing, below)
    answer, given, needed, read = condition(criterion.condition)
    return Finding(criterion, answer, given, needed, read if answer is None else ())


@dataclass(frozen=True)
class Case:
    """One person on a day with one order of languages: what a condition is judged on.

    `met` has the programs judged so far: the answer, and the columns whose values it needs where it is open.
    """

    factors: Factors
    order: str
    selection: Selection
    points: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    met: Mapping[str, tuple[Answer, tuple[str, ...]]] = field(default_factory=dict)

    def judge(self, criterion: Criterion) -> Finding:
        """Judge a criterion and all below it."""
        return judged(criterion, lambda condition: _JUDGED[type(condition)](self, condition))

    def _known(self, condition: Known) -> Judged:
        name = condition.column.name
        code = self.factors.codes.get(name)
        return (None if code is None else condition.allowed[code]), self.factors.values.get(name), None, (name,)

    def _points(self, condition: Points) -> Judged:
        low, high = self.points[condition.grid]
        answer = True if low >= condition.least else False if high < condition.least else None
        missing = self._unknown(self.selection.fsw.inputs) if answer is None else ()
        return answer, (low, high), condition.least, missing

    def _met(self, condition: Met) -> Judged:
        found = [self.met[program] for program in condition.programs]
        names = dict.fromkeys(name for answer, missing in found if answer is None for name in missing)
        return some([answer for answer, _ in found]), None, None, tuple(names)

    def _ask(self, condition: Ask) -> Judged:
        return None, None, condition.who, ()

    def _unknown(self, names: Iterable[str]) -> tuple[str, ...]:
        """The columns among these that are unknown and could be given."""
        columns, values = self.selection.fsw.columns, self.factors.values
        open_ = [name for name in names if columns[name].empty == "unknown" and values.get(name) is None]
        return tuple(
            name
            for name in open_
            if not columns[name].when or any(values.get(flag) is True for flag in columns[name].when)
        )

    def _abilities(self, condition: Abilities) -> Judged:
        names = condition.members[self.order]
        codes, values = self.factors.codes, self.factors.values
        reached = [codes.get(name) or 0 for name in names]
        given = [values.get(name) for name in names]
        passes = [all(map(ge, reached, four)) for four in condition.levels]  # both are four long
        if condition.by is None:
            return passes[0], given, condition.levels[0], ()
        code = codes.get(condition.by.name)
        if code is not None:
            return passes[code], given, condition.levels[code], ()
        answer = True if all(passes) else None if any(passes) else False
        return answer, given, None, (condition.by.name,)

    def _dollars(self, condition: Dollars) -> Judged:
        column, by = condition.column.name, condition.by
        have, size = self.factors.values.get(column), self.factors.values.get(by.name)
        low, high = funds_range(self.selection.funds, size, by.values[-1])
        missing = tuple(name for name, value in ((column, have), (by.name, size)) if value is None)
        if have is None:
            return None, None, (low, high), missing
        answer = False if have < low else True if high is not None and have >= high else None
        return answer, have, (low, high), missing

    def _months(self, test: MonthsTest) -> Judged:
        entries = self.factors.values.get(test.column)
        if entries is None:
            return None, None, test.least, (test.column,)
        listed = [entry for entry in entries if entry["noc"] in test.codes]
        best = max((entry[test.measure] for entry in listed), default=0)
        codes = [entry["noc"] for entry in listed if entry[test.measure] == best]
        worked = tuple(entry["noc"] for entry in entries if entry["months"])
        return best >= test.least, (codes[0] if codes else None, best, worked), test.least, ()


_JUDGED: dict[type[Condition], Callable[[Case, Any], Judged]] = {
    Known: Case._known,
    Abilities: Case._abilities,
    Dollars: Case._dollars,
    Points: Case._points,
    Met: Case._met,
    Ask: Case._ask,
    MonthsTest: Case._months,
}
