"""Nominee streams judged for one person: the finding, each criterion, and the points of each grid. No Polars here.

Of each column every value that it may have is known: one where the fact is given, all of its domain where it is not. A
criterion is met, or not met, where it is so for all of them; points are a range. To give a missing fact can only narrow
both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from expressentry.assess.person.criteria import Answer, Finding, Judged, agreed, every, judged, some
from expressentry.assess.person.ends import Codes, Span, spans
from expressentry.law.criteria.model import Abilities, Ask, Condition, Criterion, Dollars, Known, Met, Points
from expressentry.law.criteria.programs import funds_range
from expressentry.law.lists import Row
from expressentry.law.schema import FIRST_LANGUAGE, Column, Columns
from expressentry.law.streams import CRS, Stream, Streams
from expressentry.shown import between

Possible = Mapping[str, Sequence[Any]]
"""For each column that is known in part or whole every value that it may have."""


@dataclass(frozen=True, eq=False)
class StreamFacts:
    """What is known of a person as seen from one province, and what federal law says of the person on the day.

    `possible` has every value that a column may have; a column that is not there is not known. `programs` are the
    findings of the federal programs, `crs` the lowest and the highest score, `funds` the amounts of the day. `federal`
    are the codes of columns that are the same in every province.
    """

    possible: Possible
    columns: Columns
    programs: Mapping[str, Answer]
    crs: Span
    funds: Row
    federal: Codes = field(default_factory=dict)

    def values(self, name: str) -> Sequence[Any]:
        """Every value that a column may have: its whole domain where it is not known."""
        found = self.possible.get(name)
        return found if found is not None else self.columns[name].values or (None,)

    def codes(self, name: str) -> Sequence[int | None]:
        """The codes of these values; None where the column may be empty."""
        return self.by_name[name]

    @cached_property
    def by_name(self) -> Codes:
        """The codes of any column, looked up when they are needed."""
        return _ByName(self)

    @cached_property
    def known_points(self) -> dict[tuple[str, str], GridPoints]:
        """The points on each grid in each order, worked out once for all streams of the province."""
        return {}

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """The languages that may come first: the one chosen, else each."""
        chosen = [value for value in self.possible.get(FIRST_LANGUAGE, ()) if value is not None]
        return tuple(chosen) if len(chosen) == 1 else tuple(self.columns.orders)


class _ByName(dict[str, Sequence["int | None"]]):
    """Codes by column, made when they are first asked for."""

    def __init__(self, facts: StreamFacts) -> None:
        super().__init__(facts.federal)
        self._facts = facts

    def __missing__(self, name: str) -> Sequence[int | None]:
        column, known = self._facts.columns[name], self._facts.possible.get(name)
        found: Sequence[int | None]
        if known is not None:
            found = codes_of_values(column, known)
        elif column.empty in ("no_test", "not_applicable"):
            found = (None,)
        else:
            found = range(len(column.values))
        self[name] = found
        return found


def codes_of_values(column: Column, values: Sequence[Any]) -> Sequence[int | None]:
    """The codes of the values that a column may have; of neighbouring numbers they are a range too."""
    if isinstance(values, range) and column.kind == "integer":
        first = column.code(values[0]) or 0
        return range(first, first + len(values))
    return [None if value is None else column.code(value) for value in values]


@dataclass(frozen=True, eq=False)
class GridPoints:
    """The points of a person on one grid of a stream: the lowest and the highest of every place."""

    grid: str
    order: str
    spans: Mapping[str, Span]
    total: Span


@dataclass(frozen=True, eq=False, repr=False)
class StreamFinding:
    """Whether a person meets a stream, with the language first that is best for it.

    `points` has the points on each grid of the stream, that which ranks expressions of interest first.
    """

    stream: Stream
    answer: Answer
    findings: tuple[Finding, ...]
    points: tuple[GridPoints, ...]

    def __repr__(self) -> str:
        """One line."""
        said = {True: "met", False: "not met", None: "undetermined"}[self.answer]
        points = f", {between(*self.points[0].total)} points" if self.points else ""
        return f"<StreamFinding: {self.stream.key} {said}{points}>"

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns whose values the answer needs; empty where the answer is known."""
        open_ = [one for one in self.findings if one.answer is None] if self.answer is None else []
        return tuple(dict.fromkeys(name for one in open_ for name in one.missing))

    @property
    def asks(self) -> tuple[str, ...]:
        """Whom else to ask, where the answer is open for that reason."""
        open_ = [one for one in self.findings if one.answer is None] if self.answer is None else []
        return tuple(dict.fromkeys(who for one in open_ for who in _asks(one)))


def _asks(finding: Finding) -> list[str]:
    condition = finding.criterion.condition
    own = [condition.who] if isinstance(condition, Ask) else []
    return own + [who for one in finding.below if one.answer is None for who in _asks(one)]


def judge_stream(stream: Stream, streams: Streams, facts: StreamFacts) -> StreamFinding:
    """Judge one stream with each language first that may come first, and keep the best."""
    orders = facts.orders if streams.has_roles(stream) else facts.orders[:1]
    by_order = [_InOrder(stream, streams, facts, orders[0]).found()]
    by_order += [_InOrder(stream, streams, facts, order).found(by_order[0]) for order in orders[1:]]
    best = max(by_order, key=_rank)
    answer = some([one.answer for one in by_order])
    points = []
    for one in best.points:
        totals = [found.total for judged in by_order for found in judged.points if found.grid == one.grid]
        total = (max(low for low, _ in totals), max(high for _, high in totals))
        points.append(GridPoints(one.grid, one.order, one.spans, total))
    return StreamFinding(stream, answer, best.findings, tuple(points))


def _rank(found: StreamFinding) -> tuple[bool, bool, Span]:
    points = found.points[0].total if found.points else (0, 0)
    return found.answer is True, found.answer is None, points


@dataclass(frozen=True)
class _InOrder:
    """One stream for one person with one language first."""

    stream: Stream
    streams: Streams
    facts: StreamFacts
    order: str
    points: dict[str, GridPoints] = field(default_factory=dict)

    def found(self, other: StreamFinding | None = None) -> StreamFinding:
        """Judge the stream; `other` is the same with another language first, which most criteria do not depend on."""
        for name in self.stream.grids:
            known, key = self.facts.known_points, (name, self.order)
            if key not in known:
                grid = self.streams.grids[name]
                before = next((one for (one_name, _), one in known.items() if one_name == name), None)
                places = spans(grid, self.facts.by_name, self.order, None if before is None else before.spans)
                known[key] = GridPoints(name, self.order, places, places[grid.root.id])
            self.points[name] = known[key]
        if other is None:
            findings = tuple(map(self.judge, self.stream.criteria))
        else:
            by_role = self.streams.with_roles(self.stream)
            findings = tuple(
                self.judge(one.criterion) if one.criterion.id in by_role else one for one in other.findings
            )
        answer = every([one.answer for one in findings])
        return StreamFinding(self.stream, answer, findings, tuple(self.points.values()))

    def judge(self, criterion: Criterion) -> Finding:
        """Judge a criterion and all below it."""
        return judged(criterion, self._condition)

    def _condition(self, condition: Condition) -> Judged:
        facts = self.facts
        match condition:
            case Known():
                return self._known(condition)
            case Abilities():
                return self._abilities(condition)
            case Dollars(column, _, by):
                return self._dollars(column.name, by)
            case Points(name, least):
                low, high = facts.crs if name == CRS else self.points[name].total
                answer = True if low >= least else False if high < least else None
                return answer, (low, high), least, () if name == CRS else self._open(name)
            case Met(programs):
                return some([facts.programs[one] for one in programs]), None, None, ()
            case Ask(who):
                return None, None, who, ()
        raise TypeError(condition)

    def _known(self, condition: Known) -> Judged:
        column, allowed = condition.column, condition.allowed
        given = self.facts.possible.get(column.name)
        if given is None and column.empty == "unknown":  # any value of the domain
            return condition.whatever, None, None, (column.name,)
        codes = self.facts.codes(column.name)
        if isinstance(codes, range):
            found = agreed(allowed[codes[0] : codes[-1] + 1])
        else:
            found = agreed([None if code is None else allowed[code] for code in codes])
        return found, given[0] if given and len(given) == 1 else None, None, (column.name,)

    def _open(self, grid: str) -> tuple[str, ...]:
        """The columns of a grid that are not known."""
        inputs = self.streams.grids[grid].inputs
        return tuple(name for name in inputs if len(self.facts.codes(name)) > 1)

    def _abilities(self, condition: Abilities) -> Judged:
        names = condition.members[self.order]
        codes = [[code or 0 for code in self.facts.codes(name)] for name in names]
        given = [self.facts.values(name)[0] if len(one) == 1 else None for name, one in zip(names, codes, strict=True)]
        by = None if condition.by is None else self.facts.codes(condition.by.name)
        asked = dict.fromkeys(condition.levels[0 if code is None else code] for code in (by or [0]))
        ends = [
            all(choose(one) >= need for one, need in zip(codes, four, strict=True)) for four in asked
            for choose in (min, max)
        ]  # fmt: skip
        open_ = tuple(name for name, one in zip(names, codes, strict=True) if len(one) > 1)
        if by is not None and condition.by is not None and len(by) > 1:
            open_ = (*open_, condition.by.name)
        needed = next(iter(asked)) if len(asked) == 1 else None
        return agreed(ends), given, needed, open_

    def _dollars(self, name: str, by: Column) -> Judged:
        amounts, sizes = self.facts.possible.get(name) or (None,), self.facts.possible.get(by.name) or (None,)
        ends = [funds_range(self.facts.funds, size, by.values[-1]) for size in sizes]
        low = min(least for least, _ in ends)
        high = None if any(most is None for _, most in ends) else max(most or 0 for _, most in ends)
        missing = tuple(
            column for column, known in ((name, amounts), (by.name, sizes)) if len(known) > 1 or None in known
        )
        if None in amounts:
            return None, None, (low, high), missing
        answer = False if max(amounts) < low else True if high is not None and min(amounts) >= high else None
        return answer, amounts[0] if len(amounts) == 1 else None, (low, high), missing
