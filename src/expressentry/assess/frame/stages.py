"""The frame evaluator: the cells that the one-person evaluator looks up, gathered for a whole column at once.

A frame is scored in stages, each a `with_columns`, so that nothing is computed twice: the codes of the inputs, the
lowest of each language's abilities, the look-ups, then the sums with both languages first, and the pick.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import prod

import polars as pl

from expressentry.assess.frame.fuse import joined
from expressentry.factors.table import code_name
from expressentry.law.grid.tree import Grid, Input, Leaf, Node, strides, uncapped_maximum
from expressentry.law.schema import FIRST_LANGUAGE

Stages = list[dict[str, pl.Expr]]


@lru_cache(maxsize=16)
def score_stages(grid: Grid) -> tuple[Stages, dict[str, pl.Expr]]:
    """The stages over coded columns, and on top of them `crs`, one column for each section, `first_language_used`."""
    stages = grid_stages(grid, joined(grid.root), "crs")
    names = ["total", *(section.id for section in grid.root.children)]
    results = {"crs" if name == "total" else name: _pick(f"crs~{name}", grid.orders) for name in names}
    return stages, results | {"first_language_used": _used(grid)}


def grid_stages(grid: Grid, root: Node, name: str) -> Stages:
    """The stages that end in `~name~total~order` and `~name~section~order`; stages of several grids may be merged."""
    inputs = [(i, order) for node in root.walk() if node.leaf for i in node.leaf.inputs for order in grid.orders]
    fill = {filled_name(column, i.empty): filled(column, i.empty) for i, order in inputs for column in i.members[order]}
    lowest = {
        lowest_name(i.members[order], i.empty): lowest_of(i.members[order], i.empty)
        for i, order in inputs
        if i.how == "lowest"
    }
    leaves = [(node, node.leaf, order) for node in root.walk() if node.leaf for order in grid.orders]
    keys = {key: expr for _, leaf, order in leaves for key, expr in _keys(leaf, order).items()}
    looked_up = {_leaf_name(name, node, leaf, order): _look_up(leaf, order, grid) for node, leaf, order in leaves}
    sections = root.children
    sums = {f"~{name}~{part.id}~{order}": _sum(name, part, order, grid) for part in sections for order in grid.orders}
    totals = {}
    for order in grid.orders:
        parts = [pl.col(f"~{name}~{section.id}~{order}") for section in sections]
        totals[f"~{name}~total~{order}"] = _capped(_add(parts), root, grid)
    return [fill, lowest, keys, looked_up, sums, totals]


def merged(*several: Stages) -> Stages:
    """The stages of several grids, side by side; what they share is computed once."""
    return [{name: expr for stage in level for name, expr in stage.items()} for level in zip(*several, strict=True)]


def _used(grid: Grid) -> pl.Expr:
    """The language scored as first, as an enumeration: one byte a row, where text takes sixteen."""
    kind = pl.Enum(list(grid.columns.orders))
    first, *others = (pl.lit(order, dtype=kind) for order in grid.orders)
    return pl.when(pl.col(OTHER)).then(others[0]).otherwise(first) if others else first


OTHER = "~other"
"""The stage column that is true where the second order is the one to keep."""


def picked(orders: tuple[str, ...], eligible: Mapping[str, str] | None = None) -> dict[str, pl.Expr]:
    """Whether the second order is the one to keep: chosen, or better where nothing is chosen.

    `eligible` names a true-or-false column for each order: one that leaves the person eligible goes first.
    """
    if len(orders) == 1:
        return {OTHER: pl.lit(False)}
    chosen = pl.col(code_name(FIRST_LANGUAGE))
    better = pl.col(f"~crs~total~{orders[1]}") > pl.col(f"~crs~total~{orders[0]}")
    if eligible is not None:
        first, second = (pl.col(eligible[order]) for order in orders)
        better = pl.when(first == second).then(better).otherwise(second)
    return {OTHER: pl.when(chosen.is_null()).then(better).otherwise(chosen == 1)}


def _pick(part: str, orders: tuple[str, ...]) -> pl.Expr:
    first, *others = (pl.col(f"~{part}~{order}") for order in orders)
    return pl.when(pl.col(OTHER)).then(others[0]).otherwise(first) if others else first


def filled_name(name: str, empty: int | None) -> str:
    """The stage column of a code with its empty places filled."""
    return f"~filled~{name}~{empty}"


def filled(name: str, empty: int | None) -> pl.Expr:
    """The code that an empty value counts as in its place; a column that may not be empty has none left to fill."""
    return pl.col(code_name(name)).fill_null(empty or 0)


def lowest_name(members: tuple[str, ...], empty: int | None) -> str:
    """The stage column of the lowest of four abilities; two inputs that read the same columns share it."""
    return f"~lowest~{members[0]}~{empty}"


def lowest_of(members: tuple[str, ...], empty: int | None) -> pl.Expr:
    """The lowest of four filled codes."""
    return pl.min_horizontal(pl.col(filled_name(name, empty)) for name in members)


def _leaf_name(grid: str, node: Node, leaf: Leaf, order: str) -> str:
    return "~".join(["~leaf", grid, node.id, *(an_input.members[order][0] for an_input in leaf.inputs)])


def _code(an_input: Input, order: str) -> str:
    """The stage column that holds an input's code."""
    if an_input.how == "lowest":
        return lowest_name(an_input.members[order], an_input.empty)
    return filled_name(an_input.source, an_input.empty)


def _keys(leaf: Leaf, order: str) -> dict[str, pl.Expr]:
    """The stage columns that say which cell: one, or two under `each`, where abilities go two by two.

    Leaves that read the same inputs share them; a single input is its own key.
    """
    first = leaf.inputs[0]
    names = [_code(an_input, order) for an_input in leaf.inputs]
    if first.how == "each":
        names = [filled_name(name, first.empty) for name in first.members[order]]
        return _key(names[:2], [first.size] * 2) | _key(names[2:], [first.size] * 2)
    return {names[0]: pl.col(names[0])} if len(names) == 1 else _key(names, [i.size for i in leaf.inputs])


def _key(names: list[str], sizes: list[int]) -> dict[str, pl.Expr]:
    """Several codes as one number: the position of their cell."""
    kind = _narrow(prod(sizes))
    parts = [
        pl.col(name).cast(kind) * pl.lit(step, kind) if step > 1 else pl.col(name).cast(kind)
        for name, step in zip(names, strides(sizes), strict=True)
    ]
    return {"~key" + "".join(names): _add(parts)}


def _look_up(leaf: Leaf, order: str, grid: Grid) -> pl.Expr:
    """Gather the cells; where the two cases differ, those of the second follow those of the first."""
    alone, accompanied = leaf.cells
    if leaf.inputs[0].how == "each":
        alone, accompanied = (tuple(a + b for a in cells for b in cells) for cells in leaf.cells)
    places = [pl.col(name) for name in _keys(leaf, order)]
    if alone != accompanied:
        kind = _narrow(2 * len(alone))
        behind = pl.col(code_name(grid.cases)).cast(kind) * pl.lit(len(alone), kind)
        places = [place.cast(kind) + behind for place in places]
    cells = pl.lit(pl.Series(alone if alone == accompanied else alone + accompanied, dtype=pl.Int16))
    return _add([cells.gather(place) for place in places])


def _narrow(size: int) -> type[pl.DataType]:
    """The narrowest type that counts up to a size: arithmetic on bytes is the cheapest."""
    return pl.UInt8 if size <= 1 << 8 else pl.UInt16 if size <= 1 << 16 else pl.UInt32


def _add(parts: list[pl.Expr]) -> pl.Expr:
    return sum(parts[1:], parts[0])


def _sum(name: str, node: Node, order: str, grid: Grid) -> pl.Expr:
    parts = [_sum(name, child, order, grid) for child in node.children]
    if node.leaf:
        parts.append(pl.col(_leaf_name(name, node, node.leaf, order)))
    points = _capped(pl.max_horizontal(parts) if node.best_of else _add(parts), node, grid)
    flags = [pl.col(code_name(flag)).eq_missing(1) for flag in node.when]
    return pl.when(pl.any_horizontal(flags)).then(points).otherwise(0) if flags else points


def _capped(points: pl.Expr, node: Node, grid: Grid) -> pl.Expr:
    if node.cap is None or all(uncapped_maximum(node, case) <= cap for case, cap in enumerate(node.cap)):
        return points
    alone, accompanied = node.cap
    if alone == accompanied:
        return pl.min_horizontal(points, pl.lit(alone, dtype=pl.Int16))
    case = pl.col(code_name(grid.cases)) == 1
    return pl.min_horizontal(
        points, pl.when(case).then(pl.lit(accompanied, pl.Int16)).otherwise(pl.lit(alone, pl.Int16))
    )
