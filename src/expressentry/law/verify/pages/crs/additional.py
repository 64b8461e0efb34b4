"""The table of additional points: each row a value of some place of the grid."""

from __future__ import annotations

from collections.abc import Sequence

from expressentry.law.grid.tree import Node
from expressentry.law.verify.pages.crs.page import ALONE, BOTH, MAXIMUM, ONE_COLUMN_EACH, CrsPage
from expressentry.law.verify.pages.html import Table
from expressentry.law.verify.pages.labels import fits, plain
from expressentry.law.verify.pages.model import TWICE, joined


def has_additional(page: CrsPage, table: Table) -> bool:
    """Whether at least one row is about additional points of the law."""
    return any(_additional_place(page, row[0]) is not None for row in table.rows)


def _additional_place(page: CrsPage, label: str) -> tuple[Node, list[int], list[str]] | None:
    """The place and the cells that a row is about, and the numbers that its label has to have."""
    for one in page.data["additional"]:
        node, match = page.nodes.get(one["place"]), fits(one["label"], label, page.lang)
        if node is None or node.leaf is None or match is None:
            continue
        value, leaf = one["value"], node.leaf
        if not isinstance(value, list):
            return node, [leaf.inputs[0].column.values.index(value)], []
        (d_low, d_high), (a_low, a_high) = value
        cells = [leaf.at((d, a)) for d in range(d_low, d_high + 1) for a in range(a_low, a_high + 1)]
        needed = [str(d_low), str(a_high if a_low == 0 else a_low)]
        return (node, cells, []) if list(match.groups()) == needed else None
    node = next((n for n in page.unnamed("D") if plain(n.title.say(page.lang)) == plain(label)), None)
    if node is not None and node.leaf is not None:
        top = max(range(len(node.leaf.cells[ALONE])), key=lambda at: node.leaf.cells[ALONE][at] if node.leaf else 0)
        return node, [top], []
    return None


def read_additional(page: CrsPage, table: Table) -> None:
    """Compare the table of additional points, and note what the grid gives and no row is about."""
    cases = page.cases("D", table)
    if cases is None or len(table.columns) != 2:
        if cases is not None:
            page.found.not_read(table.name, ONE_COLUMN_EACH)
        return
    most = page.maximum(table.columns[1])
    if most is not None:
        of_law = max(page.nodes["additional"].maximum)
        page.cap(page.nodes["additional"], BOTH, most)
        page.found.add(table.name, MAXIMUM.say(page.lang), table.columns[1], most, of_law, "additional", maximum=True)
    for row in table.rows:
        value = page.cell(table, row, 1)
        place = _additional_place(page, row[0])
        if value is None:
            return
        if place is None:
            page.found.add(table.name, row[0], table.columns[1], value, None, "")
            continue
        node, cells, _ = place
        taken = page.covered.setdefault(node.id, set())
        if taken & set(cells):
            page.found.not_read(table.name, TWICE.fill(row=row[0]))
            return
        taken |= set(cells)
        law = joined(node.leaf.cells[case][at] for case in BOTH for at in cells) if node.leaf else ""
        page.add(table, row[0], table.columns[1], value, law, node.id)
        _keep_additional(page, node, cells, value if isinstance(value, int) else 0)
    page.seen.add("additional")
    for node in page.nodes.values():
        if node.id.startswith("additional.") and node.leaf is not None:
            taken = page.covered.get(node.id, set())
            left = [at for at, points in enumerate(node.leaf.cells[ALONE]) if points and at not in taken]
            if left:
                not_there = joined(node.leaf.cells[ALONE][at] for at in left)
                page.found.add(table.name, node.title.say(page.lang), "", None, not_there, node.id)


def _keep_additional(page: CrsPage, node: Node, cells: Sequence[int], value: int) -> None:
    """The place as a law file has it, with what a row of the page gives."""
    leaf = node.leaf
    if leaf is None:
        return
    kept = page.found.tables.setdefault(node.id, {"rows": [list(row) for row in leaf.rows]})
    if len(leaf.inputs) == 1:
        named = leaf.inputs[0].column.values[cells[0]]
        kept["rows"][:] = [[row[0], value] if row[0] == named else row for row in kept["rows"]]
        return
    down, across = (an_input.column for an_input in leaf.inputs)
    for row in kept["rows"]:
        for at, from_ in enumerate(leaf.columns, 1):
            if leaf.at((down.values.index(row[0]), across.values.index(from_))) in cells:
                row[at] = value
    kept["columns"] = list(leaf.columns)
