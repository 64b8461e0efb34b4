"""The same grid with fewer look-ups: sibling leaves whose inputs have few values together become one leaf.

A joined leaf holds, for every combination of its inputs, what the leaves that it replaces give together, caps included.
Only the frame evaluator uses it; what is explained to a person is the grid as written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import prod

from expressentry.law.grid.tree import Input, Leaf, Node

MOST_CELLS = 1 << 13
"""A table of 16 kB for each case stays in the first cache; one that does not is slower than two look-ups."""


def joined(root: Node) -> Node:
    """Return an equivalent tree: the same points for every person, in all and in each section."""
    return replace(root, children=tuple(_joined(section) for section in root.children))


def _joined(node: Node) -> Node:
    children = [_joined(child) for child in node.children]
    if node.best_of:  # what is compared is not added up: one leaf for all of it, or none joined
        leaves = all(child.leaf and not child.when and child.leaf.inputs[0].how != "each" for child in children)
        if leaves and _cells(_inputs(children)) <= MOST_CELLS:
            return replace(node, cap=None, leaf=_join(children, node.cap, node), children=(), best_of=False)
        return replace(node, children=tuple(children))
    simple = [child for child in children if child.leaf and not child.when and child.leaf.inputs[0].how != "each"]
    groups: list[list[Node]] = []
    for child in simple:
        if groups and _cells(_inputs([*groups[-1], child])) <= MOST_CELLS:
            groups[-1].append(child)
        else:
            groups.append([child])
    rest = [child for child in children if child not in simple]
    if len(groups) == 1 and not rest:
        return replace(node, cap=None, leaf=_join(groups[0], node.cap), children=())
    return replace(node, children=(*(_merged(group) for group in groups), *rest))


def _merged(group: list[Node]) -> Node:
    most = tuple(sum(node.maximum[case] for node in group) for case in (0, 1))
    return replace(group[0], cap=None, leaf=_join(group, None), maximum=most) if len(group) > 1 else group[0]


def _inputs(nodes: Iterable[Node]) -> tuple[Input, ...]:
    """The inputs of several leaves, each once."""
    return tuple({_key(i): i for node in nodes for i in (node.leaf.inputs if node.leaf else ())}.values())


Key = tuple[str, str, int | None]


def _key(an_input: Input) -> Key:
    """What makes two inputs the same: what they read, how, and what an empty value counts as."""
    return an_input.source, an_input.how, an_input.empty


def _cells(inputs: Iterable[Input]) -> int:
    return prod(an_input.size for an_input in inputs)


def _join(nodes: list[Node], cap: tuple[int, ...] | None, branch: Node | None = None) -> Leaf:
    """One leaf that gives what the nodes give together, at most the cap; the highest of them for such a `branch`."""
    joined = Leaf(_inputs(nodes), cells=(), rows=())
    names = list(map(_key, joined.inputs))
    cells = []
    for case in (0, 1):
        totals = []
        for codes in joined.combinations():
            code = dict(zip(names, codes, strict=True))
            parts = [_points(node, code, case) for node in nodes]
            points = sum(parts) if branch is None else branch.joined(parts)
            totals.append(points if cap is None else min(points, cap[case]))
        cells.append(tuple(totals))
    return replace(joined, cells=tuple(cells))


def _points(node: Node, code: Mapping[Key, int], case: int) -> int:
    """What one leaf gives for these codes, its own cap included."""
    leaf = node.leaf
    points = leaf.cells[case][leaf.at(code[_key(i)] for i in leaf.inputs)] if leaf else 0
    return points if node.cap is None else min(points, node.cap[case])
