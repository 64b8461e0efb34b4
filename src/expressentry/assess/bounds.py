"""A grid at worst and at best: where an input is unknown, the least or the most that any value of it would give.

Both are ordinary grids, evaluated like any other. An unknown value is one code more at the end of its domain, whose
cells are the least (or the most) of the others. Sums and caps only rise with their parts, so the two totals bound
the true one; they meet where nothing that matters is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from expressentry.law.grid.tree import Grid, Input, Leaf, Node


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """The two grids between which the points of an incompletely known person lie."""

    worst: Grid
    best: Grid


@lru_cache(maxsize=16)
def bounds(grid: Grid) -> Bounds:
    """The grid at worst and at best."""
    return Bounds(replace(grid, root=_bounded(grid.root, min)), replace(grid, root=_bounded(grid.root, max)))


Choose = Callable[[Iterable[int]], int]


def _bounded(node: Node, choose: Choose) -> Node:
    children = tuple(_bounded(child, choose) for child in node.children)
    return replace(node, children=children, leaf=_leaf(node.leaf, choose) if node.leaf else None)


def _is_unknown(an_input: Input) -> bool:
    return an_input.column.empty == "unknown"


def _leaf(leaf: Leaf, choose: Choose) -> Leaf:
    if not any(map(_is_unknown, leaf.inputs)):
        return leaf
    inputs = tuple(_extended(an_input) if _is_unknown(an_input) else an_input for an_input in leaf.inputs)
    return replace(leaf, inputs=inputs, cells=tuple(_cells(leaf, cells, choose) for cells in leaf.cells))


def _extended(an_input: Input) -> Input:
    column = replace(an_input.column, values=(*an_input.column.values, None))
    return replace(an_input, column=column, empty=an_input.size)


def _cells(leaf: Leaf, cells: tuple[int, ...], choose: Choose) -> tuple[int, ...]:
    """The cells with one code more for each unknown input, the last input still running fastest."""
    ranges = [range(an_input.size + _is_unknown(an_input)) for an_input in leaf.inputs]
    found = []
    for codes in product(*ranges):
        open_ = [range(i.size) if code == i.size else (code,) for i, code in zip(leaf.inputs, codes, strict=True)]
        found.append(choose(cells[leaf.at(known)] for known in product(*open_)))
    return tuple(found)
