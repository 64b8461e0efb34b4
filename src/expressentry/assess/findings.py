"""Criteria judged for one person: met, not met, or cannot tell and which fact is missing. No Polars here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from expressentry.candidate.factors import Factors
from expressentry.law.columns import Column, MonthsTest
from expressentry.law.criteria import Abilities, Condition, Criterion, Dollars, Known, Met, Points
from expressentry.law.programs import funds_range
from expressentry.law.selection import Selection

Answer = bool | None
"""True, False, or None: cannot tell."""


def every(answers: Iterable[Answer]) -> Answer:
    """All of them, by Kleene's rules: one false is enough for false."""
    found = list(answers)
    return False if False in found else None if None in found else True


def some(answers: Iterable[Answer]) -> Answer:
    """Any of them, by Kleene's rules: one true is enough for true."""
    found = list(answers)
    return True if True in found else None if None in found else False


@dataclass(frozen=True, slots=True)
class Finding:
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


@dataclass(frozen=True)
class Case:
    """One person on a day with one order of languages: what a condition is judged on.

    `met` has the programs judged so far: the answer, and the columns without which it cannot be told.
    """

    factors: Factors
    order: str
    selection: Selection
    points: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    met: Mapping[str, tuple[Answer, tuple[str, ...]]] = field(default_factory=dict)

    def judge(self, criterion: Criterion) -> Finding:
        """Judge a criterion and all below it."""
        if criterion.condition is None:
            below = tuple(map(self.judge, criterion.below))
            answer = (every if criterion.how == "all" else some)(finding.answer for finding in below)
            open_ = [one for one in below if one.answer is None] if answer is None else []
            missing = tuple(dict.fromkeys(name for one in open_ for name in one.missing))
            return Finding(criterion, answer, missing=missing, below=below)
        answer, given, needed, read = self._condition(criterion.condition)
        return Finding(criterion, answer, given, needed, read if answer is None else ())

    def _condition(self, condition: Condition) -> tuple[Answer, Any, Any, tuple[str, ...]]:
        match condition:
            case Known(column, allowed):
                code = self.factors.codes.get(column.name)
                given = self.factors.values.get(column.name)
                return (None if code is None else allowed[code]), given, None, (column.name,)
            case Abilities():
                return self._abilities(condition)
            case Dollars(column, _, by):
                return self._dollars(column.name, by)
            case Points(grid, least):
                low, high = self.points[grid]
                answer = True if low >= least else False if high < least else None
                return answer, (low, high), least, self._unknown(self.selection.fsw.inputs)
            case Met(programs):
                found = [self.met[program] for program in programs]
                names = dict.fromkeys(name for answer, missing in found if answer is None for name in missing)
                return some(answer for answer, _ in found), None, None, tuple(names)
            case MonthsTest():
                return self._months(condition)

    def _unknown(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the columns that are unknown, and could be told."""
        columns, values = self.selection.fsw.columns, self.factors.values
        open_ = [name for name in names if columns[name].empty == "unknown" and values.get(name) is None]
        return tuple(
            name
            for name in open_
            if not columns[name].when or any(values.get(flag) is True for flag in columns[name].when)
        )

    def _abilities(self, condition: Abilities) -> tuple[Answer, Any, Any, tuple[str, ...]]:
        names = condition.members[self.order]
        reached = [self.factors.codes.get(name) or 0 for name in names]
        given = [self.factors.values.get(name) for name in names]
        passes = [all(have >= need for have, need in zip(reached, four, strict=True)) for four in condition.levels]
        if condition.by is None:
            return passes[0], given, condition.levels[0], ()
        code = self.factors.codes.get(condition.by.name)
        if code is not None:
            return passes[code], given, condition.levels[code], ()
        answer = True if all(passes) else None if any(passes) else False
        return answer, given, None, (condition.by.name,)

    def _dollars(self, column: str, by: Column) -> tuple[Answer, Any, Any, tuple[str, ...]]:
        have, size = self.factors.values.get(column), self.factors.values.get(by.name)
        low, high = funds_range(self.selection.funds, size, by.values[-1])
        missing = tuple(name for name, value in ((column, have), (by.name, size)) if value is None)
        if have is None:
            return None, None, (low, high), missing
        answer = False if have < low else True if high is not None and have >= high else None
        return answer, have, (low, high), missing

    def _months(self, test: MonthsTest) -> tuple[Answer, Any, Any, tuple[str, ...]]:
        entries = self.factors.values.get(test.column)
        if entries is None:
            return None, None, test.least, (test.column,)
        listed = [entry for entry in entries if entry["noc"] in test.codes]
        best = max((entry[test.measure] for entry in listed), default=0)
        codes = [entry["noc"] for entry in listed if entry[test.measure] == best]
        worked = tuple(entry["noc"] for entry in entries if entry["months"])
        return best >= test.least, (codes[0] if codes else None, best, worked), test.least, ()
