"""A grid of points: a tree whose leaves are look-ups and whose branches are sums.

The whole vocabulary is seven words. A leaf is a `table` (one input) or a `grid` (two). A branch is the sum of its
children, or with `best_of` the highest of them: one connection of several, or the better of two test results. Points
may be below 0. Leaf and branch may have a `cap` and a `when`. An input is a column, the `lowest` of four abilities, or
`each` of them.
Every input has a finite domain, so a leaf is kept as what it pays for each position of that domain: its cells.
Both evaluators, for one person and for a frame, read the same cells, and where a cell lies is defined here alone:
`strides`, `Leaf.at` and `Leaf.points`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import product
from operator import itemgetter, mul
from typing import Any

from expressentry.law.instruments import Cite, Instrument
from expressentry.law.schema import FIRST_LANGUAGE, Column, Columns
from expressentry.shown import Shown
from expressentry.text import Text

Codes = Mapping[str, int | None]
"""The facts of a person: for each column the position of its value in the domain, None where it is empty."""
Points = Callable[[Codes, int], int]
"""From the codes of a person's facts and the case (0 alone, 1 accompanied) to points."""


def strides(sizes: Sequence[int]) -> tuple[int, ...]:
    """How many cells apart two neighbouring codes of each input lie; the last input runs fastest.

    >>> strides([5, 3, 4])
    (12, 4, 1)
    """
    found = [1]
    for size in reversed(sizes[1:]):
        found.insert(0, found[0] * size)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Input:
    """What a leaf reads: `source` is a column, a group or a role; `members` the columns it stands for in each order.

    `empty` is the code that an empty value counts as, None where the column may not be empty.
    """

    source: str
    how: str
    column: Column = field(repr=False)
    empty: int | None
    members: Mapping[str, tuple[str, ...]]

    @property
    def size(self) -> int:
        """How many values the domain has."""
        return len(self.column.values)

    def code(self, order: str) -> Callable[[Codes], int]:
        """The code that a leaf looks up, from a person's codes; an empty value counts as the leaf says."""
        empty, source = self.empty or 0, self.source
        if self.how == "value":

            def value(codes: Codes) -> int:
                code = codes[source]
                return empty if code is None else code

            return value
        read = itemgetter(*self.members[order])

        def lowest(codes: Codes) -> int:
            found = read(codes)
            return min(found) if None not in found else min([empty if code is None else code for code in found])

        return lowest


@dataclass(frozen=True)
class Leaf:
    """A look-up. `cells[case]` has what it pays for each combination of the inputs' codes, laid out by `strides`."""

    inputs: tuple[Input, ...]
    cells: tuple[tuple[int, ...], ...]
    rows: tuple[Any, ...]
    columns: tuple[Any, ...] = ()

    @property
    def repeats(self) -> int:
        """How often the look-up is made and added up: once for each ability under `each`."""
        return 4 if self.inputs[0].how == "each" else 1

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """How many cells apart two neighbouring codes of each input lie."""
        return strides([an_input.size for an_input in self.inputs])

    @cached_property
    def extremes(self) -> tuple[tuple[int, int], ...]:
        """The least and the most that a cell pays, in each case."""
        return tuple((min(row), max(row)) for row in self.cells)

    def at(self, codes: Iterable[int]) -> int:
        """The position of the cell for one code of each input."""
        return sum(map(mul, codes, self.strides))

    def combinations(self) -> Iterator[tuple[int, ...]]:
        """The codes of every cell, in the order of the cells."""
        return product(*(range(an_input.size) for an_input in self.inputs))

    def points(self, order: str) -> Points:
        """What the leaf pays one person before any cap, with one language first.

        The shape of the leaf is looked at here, once, and not for every person.
        """
        cells, first = self.cells, self.inputs[0]
        if first.how == "each":
            return _each(cells, first.members[order], first.empty or 0)
        read = [an_input.code(order) for an_input in self.inputs]
        if len(read) == 1:
            only = read[0]
            return lambda codes, case: cells[case][only(codes)]
        (down, across), (step, _) = read, self.strides
        return lambda codes, case: cells[case][down(codes) * step + across(codes)]


def _each(cells: tuple[tuple[int, ...], ...], names: tuple[str, ...], empty: int) -> Points:
    """The look-up made once for each of four abilities, and added up."""
    read = itemgetter(*names)

    def points(codes: Codes, case: int) -> int:
        found, row = 0, cells[case]
        for code in read(codes):
            found += row[empty if code is None else code]
        return found

    return points


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the grid. `cap` and `maximum` have one figure for each case (alone, accompanied).

    `best_of` says that a branch gives the highest of its children, not their sum.
    """

    id: str
    title: Text = field(repr=False)
    cite: Cite = field(repr=False)
    cap: tuple[int, ...] | None
    when: tuple[str, ...]
    leaf: Leaf | None = field(repr=False)
    children: tuple[Node, ...] = field(repr=False)
    maximum: tuple[int, ...]
    own_cite: bool = field(default=True, compare=False)
    best_of: bool = False

    def joined(self, parts: Collection[int]) -> int:
        """What the parts of a branch come to, before any cap: their sum, or with `best_of` the highest of them."""
        return max(parts) if self.best_of else sum(parts)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def uncapped_maximum(node: Node, case: int) -> int:
    """The most that a place could give in a case without its own cap."""
    if node.leaf is not None:
        return max(node.leaf.cells[case]) * node.leaf.repeats
    return node.joined([child.maximum[case] for child in node.children])


@dataclass(frozen=True, eq=False, repr=False)
class Grid(Shown):
    """One whole grid of points, as in force from a day."""

    id: str
    title: Text = field(repr=False)
    root: Node = field(repr=False)
    status: str
    in_force: date | None
    made_by: Instrument = field(repr=False)
    cases: str
    columns: Columns = field(repr=False)
    parameters: Mapping[str, int]
    data: Mapping[str, Any] = field(repr=False, compare=False)
    text: str = field(repr=False, compare=False)
    user: bool = False
    replaces: str | None = None

    def _in_short(self) -> str:
        return f"{self.id}, {self.status}"

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """The orders of the official languages that this grid can tell apart: one, where it has no roles."""
        return tuple(self.columns.orders) if FIRST_LANGUAGE in self.inputs else tuple(self.columns.orders)[:1]

    @cached_property
    def without_roles(self) -> frozenset[str]:
        """The places that give the same whichever language comes first: nothing in them reads a role."""
        roles = self.columns.roles

        def reads(node: Node) -> bool:
            return any(one.source in roles for part in node.walk() if part.leaf for one in part.leaf.inputs)

        return frozenset(node.id for node in self.root.walk() if not reads(node))

    @cached_property
    def inputs(self) -> dict[str, Column]:
        """The columns that must or may be given on this grid, in the order of the schema."""
        used = {self.cases}
        for node in self.root.walk():
            used |= {*node.when}
            for an_input in node.leaf.inputs if node.leaf else ():
                used |= {name for names in an_input.members.values() for name in names}
                if an_input.source in self.columns.roles:
                    used.add(FIRST_LANGUAGE)
        return {name: column for name, column in self.columns.by_name.items() if name in used}
