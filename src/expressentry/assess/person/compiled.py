"""A grid's total as one function, made once for each grid and order: the tree is walked then, and not for every person.

It reads the same cells as the lines do, and nothing else; a test holds the two equal for every grid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import itemgetter

from expressentry.law.grid.tree import Grid, Input, Leaf, Node

Codes = Mapping[str, int | None]
Points = Callable[[Codes, int], int]
"""From the codes of a person's facts and the case (alone, accompanied) to points."""


@lru_cache(maxsize=256)
def total_of(grid: Grid, order: str) -> Points:
    """The points of a whole grid with one language first."""
    return _node(grid.root, order)


@lru_cache(maxsize=256)
def sections_of(grid: Grid, order: str) -> Mapping[str, Points]:
    """The points of each place just below the whole grid."""
    return {node.id: _node(node, order) for node in grid.root.children}


def _node(node: Node, order: str) -> Points:
    parts = [_node(child, order) for child in node.children]
    if node.leaf is not None:
        parts.append(points_of(node.leaf, order))
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


def points_of(leaf: Leaf, order: str) -> Points:
    """The points of one leaf, before any cap."""
    first = leaf.inputs[0]
    if first.how == "each":
        return _each(leaf.cells, first.members[order], first.empty or 0)
    codes_of = [_code(an_input, order) for an_input in leaf.inputs]
    cells = leaf.cells
    if len(codes_of) == 1:
        only = codes_of[0]
        return lambda codes, case: cells[case][only(codes)]
    down, across, width = codes_of[0], codes_of[1], leaf.inputs[1].size
    return lambda codes, case: cells[case][down(codes) * width + across(codes)]


def _each(cells: tuple[tuple[int, ...], ...], names: tuple[str, ...], empty: int) -> Points:
    read = itemgetter(*names)

    def points(codes: Codes, case: int) -> int:
        found, row = 0, cells[case]
        for code in read(codes):
            found += row[empty if code is None else code]
        return found

    return points


def _code(an_input: Input, order: str) -> Callable[[Codes], int]:
    """The code that a leaf looks up; an empty value counts as the leaf says."""
    empty = an_input.empty or 0
    if an_input.how == "value":
        source = an_input.source

        def value(codes: Codes) -> int:
            code = codes[source]
            return empty if code is None else code

        return value
    read = itemgetter(*an_input.members[order])

    def lowest(codes: Codes) -> int:
        found = read(codes)
        return min(found) if None not in found else min([empty if code is None else code for code in found])

    return lowest
