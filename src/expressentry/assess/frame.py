"""The frame evaluator: the cells that the one-person evaluator looks up, gathered for a whole column at once.

A frame is scored in stages, each a `with_columns`, so that nothing is computed twice: the codes of the inputs, the
lowest of each language's abilities, the look-ups, then the sums with both languages first, and the pick.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from expressentry.candidate.table import code_name
from expressentry.law.columns import FIRST_LANGUAGE
from expressentry.law.tree import Grid, Input, Leaf, Node


def score_stages(grid: Grid) -> tuple[list[dict[str, pl.Expr]], dict[str, pl.Expr]]:
    """The stages over coded columns, and on top of them `crs`, one column for each section, `first_language_used`."""
    filled = {_filled_name(name, i): _filled(name, i) for i, order in _inputs(grid) for name in i.members[order]}
    lowest = {_lowest_name(i, order): _lowest(i, order) for i, order in _inputs(grid) if i.how == "lowest"}
    looked_up = {
        _leaf_name(node, node.leaf, order): _look_up(node.leaf, order, grid)
        for node in grid.root.walk()
        if node.leaf
        for order in grid.columns.orders
    }
    orders = list(grid.columns.orders)
    sums = {f"~{section.id}~{order}": _sum(section, order, grid) for section in grid.root.children for order in orders}
    totals = {}
    for order in orders:
        parts = [pl.col(f"~{section.id}~{order}") for section in grid.root.children]
        totals[f"~total~{order}"] = _capped(sum(parts[1:], parts[0]), grid.root, grid)
    first, second = orders
    chosen = pl.col(code_name(FIRST_LANGUAGE))
    better = pl.col(f"~total~{second}") > pl.col(f"~total~{first}")
    picked = {"~second": pl.when(chosen.is_null()).then(better).otherwise(chosen == orders.index(second))}
    results = {"crs": _pick("total", orders)} | {
        section.id: _pick(section.id, orders) for section in grid.root.children
    }
    used = pl.when(pl.col("~second")).then(pl.lit(second)).otherwise(pl.lit(first))
    return [filled, lowest, looked_up, sums, totals, picked], results | {"first_language_used": used}


def _inputs(grid: Grid) -> Iterator[tuple[Input, str]]:
    for node in grid.root.walk():
        for an_input in node.leaf.inputs if node.leaf else ():
            for order in grid.columns.orders:
                yield an_input, order


def _pick(part: str, orders: list[str]) -> pl.Expr:
    first, second = orders
    return pl.when(pl.col("~second")).then(pl.col(f"~{part}~{second}")).otherwise(pl.col(f"~{part}~{first}"))


def _lowest_name(an_input: Input, order: str) -> str:
    """Two inputs that read the same columns share one stage column."""
    return f"~lowest~{an_input.members[order][0]}~{an_input.empty}"


def _filled_name(name: str, an_input: Input) -> str:
    return f"~filled~{name}~{an_input.empty}"


def _filled(name: str, an_input: Input) -> pl.Expr:
    """The code that an empty value counts as in its place; a column that may not be empty has none left to fill."""
    return pl.col(code_name(name)).fill_null(an_input.empty or 0)


def _lowest(an_input: Input, order: str) -> pl.Expr:
    return pl.min_horizontal(pl.col(_filled_name(name, an_input)) for name in an_input.members[order])


def _leaf_name(node: Node, leaf: Leaf, order: str) -> str:
    return "~".join(["~leaf", node.id, *(an_input.members[order][0] for an_input in leaf.inputs)])


def _code(an_input: Input, order: str) -> pl.Expr:
    name = _lowest_name(an_input, order) if an_input.how == "lowest" else _filled_name(an_input.source, an_input)
    return pl.col(name).cast(pl.UInt16)


def _look_up(leaf: Leaf, order: str, grid: Grid) -> pl.Expr:
    """Gather the cells at the place of each row: (case, row, column), as far as they matter.

    Under `each` the abilities go two by two, through the table of their sums: half the gathers.
    """
    alone, accompanied = leaf.cells
    first = leaf.inputs[0]
    if first.how == "each":
        alone, accompanied = (tuple(a + b for a in cells for b in cells) for cells in leaf.cells)
        codes = [pl.col(_filled_name(name, first)).cast(pl.UInt16) for name in first.members[order]]
        places = [one * first.size + other for one, other in zip(codes[::2], codes[1::2], strict=True)]
    elif len(leaf.inputs) == 1:
        places = [_code(first, order)]
    else:
        places = [_code(first, order) * leaf.inputs[1].size + _code(leaf.inputs[1], order)]
    cells = pl.lit(pl.Series(alone if alone == accompanied else alone + accompanied, dtype=pl.Int16))
    case = pl.col(code_name(grid.cases)).cast(pl.UInt16)
    if alone != accompanied:
        places = [place + case * len(alone) for place in places]
    gathered = [cells.gather(place) for place in places]
    return sum(gathered[1:], gathered[0])


def _sum(node: Node, order: str, grid: Grid) -> pl.Expr:
    parts = [_sum(child, order, grid) for child in node.children]
    if node.leaf:
        parts.append(pl.col(_leaf_name(node, node.leaf, order)))
    points = _capped(sum(parts[1:], parts[0]), node, grid)
    return points if node.when is None else pl.when(pl.col(code_name(node.when)) == 1).then(points).otherwise(0)


def _capped(points: pl.Expr, node: Node, grid: Grid) -> pl.Expr:
    if node.cap is None or all(most <= cap for most, cap in zip(_uncapped_maximum(node), node.cap, strict=True)):
        return points
    alone, accompanied = node.cap
    if alone == accompanied:
        return pl.min_horizontal(points, pl.lit(alone, dtype=pl.Int16))
    case = pl.col(code_name(grid.cases)) == 1
    return pl.min_horizontal(
        points, pl.when(case).then(pl.lit(accompanied, pl.Int16)).otherwise(pl.lit(alone, pl.Int16))
    )


def _uncapped_maximum(node: Node) -> list[int]:
    """What the node could pay in each case if it had no cap; where that is no more than the cap, the cap is idle."""
    below = [sum(child.maximum[case] for child in node.children) for case in (0, 1)]
    return [
        most + (max(node.leaf.cells[case]) * node.leaf.repeats if node.leaf else 0) for case, most in enumerate(below)
    ]
