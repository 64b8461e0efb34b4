"""A grid of points: a tree whose leaves are look-ups and whose branches are sums.

The whole vocabulary is six words. A leaf is a `table` (one input) or a `grid` (two). A branch is the sum of its
children. Either may have a `cap` and a `when`. An input is a column, the `lowest` of four abilities, or `each` of them.
Every input has a finite domain, so a leaf is kept as what it pays for each position of that domain: its cells.
Both evaluators, for one person and for a frame, read the same cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from expressentry.law.instruments import Cite, Instrument
from expressentry.law.schema import FIRST_LANGUAGE, Column, Columns
from expressentry.text import Text


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


@dataclass(frozen=True, slots=True)
class Leaf:
    """A look-up. `cells[case]` is laid out by the inputs' codes, the last input running fastest."""

    inputs: tuple[Input, ...]
    cells: tuple[tuple[int, ...], ...]
    rows: tuple[Any, ...]
    columns: tuple[Any, ...] = ()

    @property
    def repeats(self) -> int:
        """How often the look-up is made and added up: once for each ability under `each`."""
        return 4 if self.inputs[0].how == "each" else 1


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the grid. `cap` and `maximum` have one figure for each case (alone, accompanied)."""

    id: str
    title: Text = field(repr=False)
    cite: Cite = field(repr=False)
    cap: tuple[int, ...] | None
    when: tuple[str, ...]
    leaf: Leaf | None = field(repr=False)
    children: tuple[Node, ...] = field(repr=False)
    maximum: tuple[int, ...]
    own_cite: bool = field(default=True, compare=False)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, eq=False)
class Grid:
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

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """The orders of the official languages that this grid can tell apart: one, where it has no roles."""
        return tuple(self.columns.orders) if FIRST_LANGUAGE in self.inputs else tuple(self.columns.orders)[:1]

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
