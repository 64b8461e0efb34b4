"""The lowest and the highest of an answer, where facts are known only as the values that each column may have.

There are then too many readings to assess each. A grid only looks up and adds, so that its points lie between the sums
of the least and of the most that each place may give. A criterion is met, or not met, where it is so for all values of
the columns that it reads; else it is open. Every reading lies between these ends, whatever it assumes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from expressentry.assess.bounds import bounds
from expressentry.assess.person.criteria import Case, Finding, agreed, every
from expressentry.assess.person.explain import Line, explain
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding, judged_in_order
from expressentry.assess.person.score import AssessedReading, Details
from expressentry.factors.check import Factors
from expressentry.law.criteria.model import Abilities, Condition, Criterion, Dollars, Known
from expressentry.law.grid.tree import Grid, Input, Leaf, Node
from expressentry.law.rule_set import RuleSet
from expressentry.law.schema import Columns, MonthsTest

Span = tuple[int, int]
"""The lowest and the highest."""
Codes = Mapping[str, Sequence[int | None]]
"""For each column the positions in its domain that its value may have, None where it may be empty."""


def codes_of(possible: Mapping[str, Sequence[Any]], columns: Columns) -> dict[str, list[int | None]]:
    """The codes of the values that each column may have."""
    known = [(name, values) for name, values in possible.items() if name in columns.by_name]
    return {name: [None if v is None else columns[name].code(v) for v in values] for name, values in known}


def spans(grid: Grid, codes: Codes, order: str, other: Mapping[str, Span] | None = None) -> dict[str, Span]:
    """The lowest and the highest points of every place of a grid, with one language first.

    `other` are the points with another language first: places that read no role of languages have the same.
    """
    cases = sorted({int(bool(code)) for code in codes[grid.cases]})
    alike = grid.without_roles if other is not None and len(cases) == 1 else frozenset()
    found = {id_: span for id_, span in (other or {}).items() if id_ in alike}
    for case in cases:
        _Spans(codes, order, case, found, alike).of(grid.root)
    return found


class _Spans(NamedTuple):
    """The spans of a grid in one case, widened by those of the other."""

    codes: Codes
    order: str
    case: int
    found: dict[str, Span]
    alike: frozenset[str] = frozenset()

    def of(self, node: Node) -> Span:
        if node.id in self.alike:
            return self.found[node.id]
        if node.leaf is not None and not node.children:
            low, high = self._leaf(node.leaf)
        else:
            parts = [self.of(child) for child in node.children]
            parts += [] if node.leaf is None else [self._leaf(node.leaf)]
            lows, highs = zip(*parts, strict=True)
            low, high = node.joined(lows), node.joined(highs)
        if node.cap is not None:
            low, high = min(low, node.cap[self.case]), min(high, node.cap[self.case])
        if node.when:
            flags = [bool(code) for flag in node.when for code in self.codes[flag]]
            sure = any(all(self.codes[flag]) for flag in node.when)
            if not sure:
                low, high = min(low, 0), max(high, 0)
            if not any(flags):
                low = high = 0
        known = self.found.get(node.id, (low, high))
        self.found[node.id] = min(low, known[0]), max(high, known[1])
        return low, high

    def _leaf(self, leaf: Leaf) -> Span:
        first = leaf.inputs[0]
        if first.how == "each":
            ends = [self._cells(leaf, self._read(first, name)) for name in first.members[self.order]]
            return sum(low for low, _ in ends), sum(high for _, high in ends)
        if len(leaf.inputs) == 1:
            return self._cells(leaf, self._positions(first))
        down, across = (self._positions(an_input) for an_input in leaf.inputs)
        stride = leaf.strides[0]
        near = isinstance(down, range) and isinstance(across, range)
        if near and len(down) * len(across) == len(leaf.cells[self.case]):
            return leaf.extremes[self.case]
        return self._cells(leaf, [at * stride + beside for at in down for beside in across])

    def _cells(self, leaf: Leaf, positions: Sequence[int]) -> Span:
        """The least and the most of some cells; all of them are known, and neighbouring ones are taken at once."""
        cells = leaf.cells[self.case]
        if len(positions) == 1:
            return cells[positions[0]], cells[positions[0]]
        if not isinstance(positions, range):
            points: Sequence[int] = [cells[at] for at in positions]
        elif len(positions) == len(cells):
            return leaf.extremes[self.case]
        else:
            points = cells[positions[0] : positions[-1] + 1]
        return min(points), max(points)

    def _positions(self, an_input: Input) -> Sequence[int]:
        """The codes that an input may look up."""
        read = [self._read(an_input, name) for name in an_input.members[self.order]]
        if an_input.how != "lowest":
            return read[0]
        low, high = min(map(min, read)), min(map(max, read))
        return sorted({code for one in read for code in one if low <= code <= high})

    def _read(self, an_input: Input, name: str) -> Sequence[int]:
        codes, empty = self.codes[name], an_input.empty or 0
        return codes if isinstance(codes, range) else [empty if code is None else code for code in codes]


@dataclass(frozen=True)
class PossibleCase(Case):
    """One person of whom only the values that each column may have are known."""

    possible: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    columns: Columns | None = None

    def judge(self, criterion: Criterion) -> Finding:
        """Judge a criterion under all values of the columns that it reads."""
        if criterion.condition is None:
            return super().judge(criterion)
        found = [Case.judge(one, criterion) for one in self._corners(criterion.condition)]
        first = found[0]
        answer = agreed([one.answer for one in found])
        if answer is first.answer and answer is not None:
            return first
        missing = tuple(dict.fromkeys(name for one in found for name in one.missing))
        return first._replace(answer=None, missing=missing)

    def _corners(self, condition: Condition) -> Iterator[Case]:
        """The person with each value of what a condition reads; of abilities, with all lowest and all highest ones."""
        if isinstance(condition, Abilities):
            names = condition.members[self.order]
            order = {name: sorted(self.possible[name], key=lambda v: -1 if v is None else v) for name in names}
            levels = [{name: order[name][end] for name in names} for end in (0, -1)]
            by = [] if condition.by is None else [condition.by.name]
            yield from (self._with({**four, **one}) for four in levels for one in self._each(by))
        elif isinstance(condition, Known | MonthsTest):
            name = condition.column if isinstance(condition, MonthsTest) else condition.column.name
            yield from map(self._with, self._each([name]))
        elif isinstance(condition, Dollars):
            yield from map(self._with, self._each([condition.column.name, condition.by.name]))
        else:  # points are a span already, and other programs were judged
            yield self._with({})

    def _each(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        for values in product(*(self.possible.get(name, (None,)) for name in names)):
            yield dict(zip(names, values, strict=True))

    def _with(self, values: Mapping[str, Any]) -> Case:
        assert self.columns is not None
        codes = {name: None if v is None else self.columns[name].code(v) for name, v in values.items()}
        known = Factors({**self.factors.values, **values}, {**self.factors.codes, **codes})
        return Case(known, self.order, self.selection, self.points, self.met)


@dataclass(frozen=True, eq=False)
class _End(Details):
    """Lines, programs and categories at one end of what is possible."""

    points: Mapping[str, int] = field(default_factory=dict)
    members: tuple[CategoryFinding, ...] = ()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the first reading, each with the points of this end."""
        lines = explain(self.grid, self.factors, self.first_language)
        return tuple(replace(line, points=self.points[line.id], uncapped=None) for line in lines)

    @cached_property
    def categories(self) -> tuple[CategoryFinding, ...]:
        """Each category of the day: what holds for all that is possible."""
        return self.members


def ends(first: AssessedReading, possible: Mapping[str, Sequence[Any]]) -> tuple[AssessedReading, AssessedReading]:
    """The lowest and the highest that any reading gives, beside one that was assessed.

    Both have what every reading agrees on as to programs and categories.
    """
    rules, columns = first.rules, first.rules.selection.fsw.columns
    codes = codes_of(possible, columns)
    orders = [first.given_language] if first.given_language else list(rules.crs.columns.orders)
    by_order = {order: _programs(rules, first.factors, possible, codes, order) for order in orders}
    points = {order: spans(rules.crs, codes, order) for order in orders}
    tested = [o for o in orders if any(code is not None for name in columns.groups[o] for code in codes[name])]
    totals = {order: one[rules.crs.root.id] for order, one in points.items()}
    low, high = _totals(totals, by_order if len(tested) > 1 else {})
    places = [{id_: choose(one[id_][end] for one in points.values()) for id_ in points[orders[0]]}
              for end, choose in ((0, min), (1, max))]  # fmt: skip
    used = first.first_language if first.first_language in by_order else orders[0]
    ordered = {used: by_order[used], **by_order}
    members = _categories(rules, first.factors, possible, orders)
    found = []
    for name, total, place in (("lowest", low, places[0]), ("highest", high, places[1])):
        details = _End(rules.crs, rules.selection, first.factors, used, tuple(ordered), ordered, place, members)
        found.append(
            AssessedReading(rules, first.factors, total, used, first.given_language, None, details, None, end=name)
        )
    return found[0], found[1]


def _totals(totals: Mapping[str, Span], by_order: Mapping[str, Mapping[str, ProgramFinding]]) -> Span:
    """The span of the score, whichever language comes first: the better of those that leave the person eligible.

    `by_order` has the programs with each language first, and nothing where there cannot be tests in several.
    """
    low, high = min(low for low, _ in totals.values()), max(high for _, high in totals.values())
    answers = {order: [one.answer for one in found.values()] for order, found in by_order.items()}
    surely = [order for order, found in answers.items() if True in found]
    never = all(answer is False for found in answers.values() for answer in found)
    sure = list(totals) if never else surely
    return max([low, *(totals[order][0] for order in sure)]), high


def _case(rules: RuleSet, factors: Factors, possible: Mapping[str, Sequence[Any]], order: str) -> PossibleCase:
    columns = rules.selection.fsw.columns
    return PossibleCase(factors, order, rules.selection, possible=possible, columns=columns)


def _programs(
    rules: RuleSet, factors: Factors, possible: Mapping[str, Sequence[Any]], codes: Codes, order: str
) -> dict[str, ProgramFinding]:
    both = bounds(rules.selection.fsw)
    ends = [spans(grid, codes, order)[grid.root.id] for grid in (both.worst, both.best)]
    points = ends[0][0], ends[1][1]
    return judged_in_order(_case(rules, factors, possible, order), points)


def _categories(
    rules: RuleSet, factors: Factors, possible: Mapping[str, Sequence[Any]], orders: Sequence[str]
) -> tuple[CategoryFinding, ...]:
    """Each category; with another language first it may be another answer, and then it cannot be told."""
    found = []
    for law in rules.selection.categories:
        judged = [tuple(map(_case(rules, factors, possible, order).judge, law.criteria)) for order in orders]
        answer = agreed([every([finding.answer for finding in findings]) for findings in judged])
        found.append(CategoryFinding(law, answer, judged[0]))
    return tuple(found)
