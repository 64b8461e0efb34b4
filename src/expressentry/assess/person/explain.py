"""The one-person evaluator: a total, or a cited line for every place of the grid. No Polars here.

The tree is walked once for each grid and order of languages; what is made of it then does for every person, for the
total and for the lines alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from expressentry.factors.check import Factors
from expressentry.law.grid.tree import Codes, Grid, Leaf, Node, Points
from expressentry.law.instruments import Cite
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One place of the grid for one person.

    `given` is what was looked up: a value, the four abilities under `each`, or the two inputs of a grid.
    `maximum` is the most that this place gives in this person's case. `uncapped` is what the children or the look-up
    add up to where the cap took something, else None. `status` is met, not_met, not_provided or not_applicable.
    """

    id: str
    parent: str | None
    title: Text
    given: Any
    points: int
    maximum: int
    uncapped: int | None
    status: str
    cites: tuple[Cite, ...]


def total(grid: Grid, codes: Codes, order: str) -> int:
    """Return the points of the whole grid; `order` names the first language."""
    return _by_order(grid)[order].total(codes, int(bool(codes[grid.cases])))


def section_points(grid: Grid, codes: Codes, order: str) -> dict[str, int]:
    """Return the points of each place just below the whole grid, without their lines."""
    case = int(bool(codes[grid.cases]))
    return {id_: points(codes, case) for id_, points in _by_order(grid)[order].sections.items()}


class _Functions:
    """The points of a grid with one language first, as functions of a person's codes and case."""

    def __init__(self, grid: Grid, order: str) -> None:
        self.root = grid.root
        self.leaves = {node.id: node.leaf.points(order) for node in grid.root.walk() if node.leaf is not None}

    @cached_property
    def total(self) -> Points:
        """The whole grid."""
        return _node(self.root, self.leaves)

    @cached_property
    def sections(self) -> Mapping[str, Points]:
        """Each place just below the whole grid."""
        return {node.id: _node(node, self.leaves) for node in self.root.children}


@lru_cache(maxsize=16)
def _by_order(grid: Grid) -> dict[str, _Functions]:
    return {order: _Functions(grid, order) for order in grid.columns.orders}


def leaves_of(grid: Grid, order: str) -> Mapping[str, Points]:
    """The points of each leaf by the id of its place, before any cap."""
    return _by_order(grid)[order].leaves


def _node(node: Node, leaves: Mapping[str, Points]) -> Points:
    parts = [_node(child, leaves) for child in node.children]
    if node.leaf is not None:
        parts.append(leaves[node.id])
    if len(parts) == 1 and not node.when and node.cap is None:
        return parts[0]
    flags, cap, best_of = node.when, node.cap, node.best_of

    def points(codes: Codes, case: int) -> int:
        if flags and not any(codes[flag] for flag in flags):
            return 0
        if best_of:
            found = max([part(codes, case) for part in parts])
        else:
            found = 0
            for part in parts:
                found += part(codes, case)
        return found if cap is None or found <= cap[case] else cap[case]

    return points


def explain(grid: Grid, factors: Factors, order: str) -> list[Line]:
    """Return a line for every place of the grid, parents before children, the root first."""
    lines: list[Line] = []
    _Explaining(grid, factors, order, leaves_of(grid, order), lines).node(grid.root, None, applies=True)
    return lines


@dataclass(slots=True)
class _Explaining:
    grid: Grid
    factors: Factors
    order: str
    leaves: Mapping[str, Points]
    lines: list[Line]

    def node(self, node: Node, parent: str | None, *, applies: bool) -> tuple[int, str]:
        """Add the line of a node and of all below it; return its points and status."""
        codes, at = self.factors.codes, len(self.lines)
        case = int(bool(codes[self.grid.cases]))
        applies = applies and (not node.when or any(codes[flag] for flag in node.when))
        below = [self.node(child, node.id, applies=applies) for child in node.children]
        points, given, status = node.joined([p for p, _ in below] or [0]), None, _joint([s for _, s in below])
        if node.leaf is not None:
            points = self.leaves[node.id](codes, case) if applies else 0
            given, empty = self._given(node.leaf)
            status = "met" if points else "not_provided" if empty else "not_met"
        uncapped = None
        if node.cap is not None and points > node.cap[case]:
            uncapped, points = points, node.cap[case]
        if not applies:
            given, status = None, "not_applicable"
        maximum = node.maximum[case] if applies else 0
        line = Line(node.id, parent, node.title, given, points, maximum, uncapped, status, (node.cite,))
        self.lines.insert(at, line)  # before its children's lines, which it was worked out from
        return points, status

    def _given(self, leaf: Leaf) -> tuple[Any, bool]:
        """What the leaf looks at, as values; and whether something it needs was empty."""
        shown, empty = [], False
        for an_input in leaf.inputs:
            found = [self.factors.values[name] for name in an_input.members[self.order]]
            empty = empty or None in found
            if an_input.how == "lowest":
                shown.append(None if None in found else min(found))
            else:
                shown.append(found if an_input.how == "each" else found[0])
        return (shown if len(shown) > 1 else shown[0]), empty


def _joint(statuses: list[str]) -> str:
    """The status of a branch: met if any child is, else what its children have in common, else not met."""
    if "met" in statuses:
        return "met"
    return statuses[0] if statuses and len(set(statuses)) == 1 else "not_met"
