"""Criteria as expressions over coded columns and stages, one set for each order of languages.

They read the same criteria as `assess.person.criteria` does for one person. Null is "cannot tell", and `&` and `|`
follow Kleene's rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import polars as pl

from expressentry.assess.frame.stages import filled, filled_name, lowest_name, lowest_of
from expressentry.factors.months import passes
from expressentry.factors.table import code_name
from expressentry.law.criteria.model import (
    Abilities,
    Ask,
    Condition,
    Criterion,
    Dollars,
    Known,
    Met,
    Points,
    columns_of,
)
from expressentry.law.criteria.programs import funds_range
from expressentry.law.rule_set import Selection
from expressentry.law.schema import Columns, MonthsTest

_NO_TEST = 0
Stage = dict[str, pl.Expr]


def met_name(name: str, order: str) -> str:
    """The stage column of a program or category with one language first."""
    return f"~met~{name}~{order}"


@dataclass(frozen=True, slots=True)
class Judging:
    """The criteria of one program or category, with one language first."""

    name: str
    criteria: tuple[Criterion, ...]
    selection: Selection
    columns: Columns
    order: str

    @property
    def asks_for_programs(self) -> bool:
        """Whether it rests on other programs, and is judged after them."""
        return any(isinstance(c, Met) for criterion in self.criteria for c in criterion.conditions())

    def levels(self) -> tuple[Stage, Stage]:
        """What tests of abilities need: the filled codes, and the lowest of four."""
        found = [c for criterion in self.criteria for c in criterion.conditions() if isinstance(c, Abilities)]
        members = [condition.members[self.order] for condition in found]
        fill = {filled_name(name, _NO_TEST): filled(name, _NO_TEST) for four in members for name in four}
        return fill, {lowest_name(four, _NO_TEST): lowest_of(four, _NO_TEST) for four in members}

    def conditions(self) -> Stage:
        """A column for every condition."""
        return {
            self._name(path): self._condition(criterion.condition)
            for path, criterion in _paths(self.criteria)
            if criterion.condition is not None
        }

    def all_met(self) -> pl.Expr:
        """Whether all criteria are met, over the columns of their conditions."""
        return reduce(and_, [self._joint((criterion.id,), criterion) for criterion in self.criteria])

    def unknown(self) -> dict[str, pl.Expr]:
        """For each column that may be unknown: where it is, and a criterion is open for that reason."""
        found: dict[str, list[pl.Expr]] = {}
        for criterion in self.criteria:
            cannot_tell = self._joint((criterion.id,), criterion).is_null()
            for path, one in _paths([criterion]):
                for column in self._read(one.condition) if one.condition is not None else ():
                    here = self._is_unknown(column) & pl.col(self._name(path)).is_null() & cannot_tell
                    found.setdefault(column, []).append(here)
        whole = pl.col(met_name(self.name, self.order)).is_null()
        return {column: whole & reduce(or_, parts) for column, parts in found.items()}

    def _name(self, path: tuple[str, ...]) -> str:
        return "~".join(["~condition", self.name, self.order, *path])

    def _joint(self, path: tuple[str, ...], criterion: Criterion) -> pl.Expr:
        if criterion.condition is not None:
            return pl.col(self._name(path))
        below = [self._joint((*path, one.id), one) for one in criterion.below]
        if criterion.how == "readings":  # null unless all of them are the same
            return pl.when(reduce(and_, below)).then(True).when(~reduce(or_, below)).then(False)
        return reduce(and_ if criterion.how == "all" else or_, below)

    def _condition(self, condition: Condition) -> pl.Expr:
        match condition:
            case Known(column, allowed):
                return _allowed(pl.col(code_name(column.name)), allowed)
            case Abilities():
                return self._abilities(condition)
            case Dollars(column, _, by):
                needed = [funds_range(self.selection.funds, size, by.values[-1]) for size in (*by.values, None)]
                low, high = (pl.lit(pl.Series(end, dtype=pl.Int64)) for end in zip(*needed, strict=True))
                have, size = pl.col(code_name(column.name)), pl.col(code_name(by.name)).fill_null(len(by.values))
                return pl.when(have < low.gather(size)).then(False).when(have >= high.gather(size)).then(True)
            case Points(grid, least):
                low, high = (pl.col(f"~{grid}_{end}~total~{self.order}") for end in ("low", "high"))
                return pl.when(low >= least).then(True).when(high < least).then(False)
            case Met() | Ask():
                return self._judged(condition)
            case MonthsTest(column):
                return passes(code_name(column), self.selection.tests.index(condition))

    def _judged(self, condition: Met | Ask) -> pl.Expr:
        """What is judged elsewhere: other programs before this one, and what nobody here can tell."""
        if isinstance(condition, Ask):
            return pl.lit(None, pl.Boolean)
        return reduce(or_, [pl.col(met_name(program, self.order)) for program in condition.programs])

    def _abilities(self, condition: Abilities) -> pl.Expr:
        distinct = list(dict.fromkeys(condition.levels))
        passed = [_reach(condition.members[self.order], levels) for levels in distinct]
        if condition.by is None:
            return passed[0]
        code = pl.col(code_name(condition.by.name))
        found = pl.when(reduce(and_, passed)).then(True).when(~reduce(or_, passed)).then(False)
        for levels, reached in zip(distinct, passed, strict=True):
            found = found.when(_allowed(code, [four == levels for four in condition.levels])).then(reached)
        return found

    def _read(self, condition: Condition) -> tuple[str, ...]:
        names = tuple(self.selection.fsw.inputs) if isinstance(condition, Points) else columns_of(condition)
        return tuple(name for name in names if self.columns[name].empty == "unknown")

    def _is_unknown(self, name: str) -> pl.Expr:
        """Whether a column is unknown where it could be given."""
        flags = [pl.col(code_name(flag)).eq_missing(1) for flag in self.columns[name].when]
        empty = pl.col(code_name(name)).is_null()
        return empty & pl.any_horizontal(flags) if flags else empty


def _paths(criteria: Iterable[Criterion], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Criterion]]:
    for criterion in criteria:
        path = (*above, criterion.id)
        yield path, criterion
        yield from _paths(criterion.below, path)


def _allowed(code: pl.Expr, allowed: Sequence[bool]) -> pl.Expr:
    """Whether a code is one of those allowed; a comparison where they are the highest, or one alone."""
    first = list(allowed).index(True) if any(allowed) else len(allowed)
    if all(allowed[first:]):
        return code >= first
    if sum(allowed) == 1:
        return code == first
    return pl.lit(pl.Series(list(allowed), dtype=pl.Boolean)).gather(code)


def _reach(members: tuple[str, ...], levels: tuple[int, ...]) -> pl.Expr:
    """Whether four abilities reach their levels."""
    if len(set(levels)) == 1:
        return pl.col(lowest_name(members, _NO_TEST)) >= levels[0]
    each = [pl.col(filled_name(name, _NO_TEST)) >= least for name, least in zip(members, levels, strict=True)]
    return reduce(and_, each)
