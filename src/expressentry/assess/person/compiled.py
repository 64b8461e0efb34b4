"""A grid's points as functions, made once for each grid and order: the tree is walked then, and not for every person.

The score and its lines are worked out by the same functions of the same leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from expressentry.law.grid.tree import Codes, Grid, Node, Points


@lru_cache(maxsize=256)
def total_of(grid: Grid, order: str) -> Points:
    """The points of a whole grid with one language first."""
    return _node(grid.root, leaves_of(grid, order))


@lru_cache(maxsize=256)
def sections_of(grid: Grid, order: str) -> Mapping[str, Points]:
    """The points of each place just below the whole grid."""
    return {node.id: _node(node, leaves_of(grid, order)) for node in grid.root.children}


@lru_cache(maxsize=256)
def leaves_of(grid: Grid, order: str) -> Mapping[str, Points]:
    """The points of each leaf by the id of its place, before any cap."""
    return {node.id: node.leaf.points(order) for node in grid.root.walk() if node.leaf is not None}


def _node(node: Node, leaves: Mapping[str, Points]) -> Points:
    parts = [_node(child, leaves) for child in node.children]
    if node.leaf is not None:
        parts.append(leaves[node.id])
    if len(parts) == 1 and not node.when and node.cap is None:
        return parts[0]
    flags, cap = node.when, node.cap

    def points(codes: Codes, case: int) -> int:
        if flags and not any(codes[flag] for flag in flags):
            return 0
        found = 0
        for part in parts:
            found += part(codes, case)
        return found if cap is None or found <= cap[case] else cap[case]

    return points
