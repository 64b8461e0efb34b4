"""Tables of one factor: a row for each value, or rows and columns for two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from expressentry.law.grid.tree import Leaf, Node
from expressentry.law.schema import Column
from expressentry.law.verify.pages.crs.page import ACCOMPANIED, ALONE, BOTH, MAXIMUM, ONE_TABLE, CrsPage
from expressentry.law.verify.pages.html import Table
from expressentry.law.verify.pages.labels import codes
from expressentry.law.verify.pages.model import COLUMN, TWICE, joined


def read_factor(page: CrsPage, section: str, node: Node, table: Table) -> None:
    """Compare the table of a factor with its leaf."""
    leaf = node.leaf
    if leaf is None:
        return
    if node.id in page.seen:
        page.found.not_read(table.name, ONE_TABLE)
        return
    page.seen.add(node.id)
    try:
        (_one_input if len(leaf.inputs) == 1 else _two_inputs)(page, section, node, leaf, table)
    except _UnreadError:
        return  # what could not be read was said


class _UnreadError(Exception):
    """A row was not understood, and so the rest of its table is not compared."""


def _rows(
    page: CrsPage, section: str, node: Node, table: Table, column: Column, places: Sequence[int]
) -> Iterator[tuple[str, Sequence[int], dict[int, Any]]]:
    """Each row of values of a column: its label, the codes that it is about, and what its cells give."""
    taken = set[int]()
    for row in table.rows:
        about = codes(column, row[0], section, page.lang)
        values = {at: page.cell(table, row, at) for at in places}
        if None in values.values():
            raise _UnreadError
        if about is None:
            for at, value in values.items():
                page.found.add(table.name, row[0], table.columns[at], value, None, node.id)
            continue
        if taken & set(about):
            page.found.not_read(table.name, TWICE.fill(row=row[0]))
            raise _UnreadError
        taken |= set(about)
        yield row[0], about, values


def _one_input(page: CrsPage, section: str, node: Node, leaf: Leaf, table: Table) -> None:
    cases = page.cases(section, table)
    if cases is None:
        return
    maxima = _maxima(page, node, leaf, table, cases)
    kept: dict[int, list[Any]] = {}
    column, taken = leaf.inputs[0].column, set[int]()
    for label, at_codes, values in _rows(page, section, node, table, column, list(cases)):
        taken |= set(at_codes)
        for at, value in values.items():
            for case in cases[at]:
                law = page.law(node, case, at_codes)
                page.add(table, label, table.columns[at], value or 0, law, node.id)
        kept[at_codes[0]] = [column.values[at_codes[0]], *_pair(page, cases, values)]
    _keep_caps(page, node, leaf, cases, maxima, kept)
    _left_over(page, node, table, [(at,) for at in range(len(column.values)) if at not in taken], whole=True)
    if kept:
        begin = [] if 0 in kept else [[column.values[0], 0, 0]]
        page.found.tables[node.id] = {"rows": begin + [kept[at] for at in sorted(kept)]}


def _maxima(
    page: CrsPage, node: Node, leaf: Leaf, table: Table, cases: Mapping[int, tuple[int, ...]]
) -> dict[int, int]:
    """The maxima that headers name, compared: of the factor, or of one of its four abilities."""
    maxima: dict[int, int] = {}
    for at, some in cases.items():
        most = page.maximum(table.columns[at])
        if most is not None:
            maxima[at] = most
            usual = node.maximum[some[0]]
            of_law = most if most * leaf.repeats == usual else usual
            page.found.add(table.name, MAXIMUM.say(page.lang), table.columns[at], most, of_law, node.id, maximum=True)
    return maxima


def _keep_caps(
    page: CrsPage,
    node: Node,
    leaf: Leaf,
    cases: Mapping[int, tuple[int, ...]],
    maxima: Mapping[int, int],
    kept: Mapping[int, list[Any]],
) -> None:
    """Keep the maxima of headers; one that is that of the rows is for each ability, and no cap."""
    for at, most in maxima.items():
        of_rows = max((row[1 + case] for row in kept.values() for case in cases[at]), default=0)
        if leaf.repeats == 1 or most != of_rows:
            page.cap(node, cases[at], most)


def _pair(page: CrsPage, cases: Mapping[int, tuple[int, ...]], values: Mapping[int, Any]) -> list[int]:
    """The points of a row for somebody alone and accompanied."""
    pair = [0, 0]
    for at, some in cases.items():
        for case in some:
            pair[case] = values[at] if isinstance(values[at], int) else 0
    return pair


def _two_inputs(page: CrsPage, section: str, node: Node, leaf: Leaf, table: Table) -> None:
    down, across = leaf.inputs[0].column, leaf.inputs[1].column
    columns: dict[int, Sequence[int]] = {}
    for at, header in enumerate(table.columns[1:], 1):
        read = codes(across, header, section, page.lang)
        if read is None or any(set(read) & set(other) for other in columns.values()):
            page.found.not_read(table.name, COLUMN.fill(column=header))
            return
        columns[at] = read
        most = page.maximum(header)
        if most is not None:
            of_law = max(leaf.cells[ALONE][leaf.at((d, a))] for d in range(len(down.values)) for a in read)
            page.found.add(table.name, MAXIMUM.say(page.lang), header, most, of_law, node.id, maximum=True)
    taken = set[int]()
    kept: dict[int, list[Any]] = {}
    for label, rows, values in _rows(page, section, node, table, down, list(columns)):
        taken |= set(rows)
        for at, value in values.items():
            cells = [leaf.at((d, a)) for d in rows for a in columns[at]]
            law = joined([page.law(node, ALONE, cells), page.law(node, ACCOMPANIED, cells)])
            page.add(table, label, table.columns[at], value or 0, law, node.id)
        kept[rows[0]] = [down.values[rows[0]], *(v if isinstance(v, int) else 0 for v in values.values())]
    seen = {a for some in columns.values() for a in some}
    gone = [d for d in range(len(down.values)) if d not in taken and down.kind != "boolean"]
    _left_over(page, node, table, [(d, a) for d in gone for a in sorted(seen)], whole=True)
    rest = [(d, a) for d in range(len(down.values)) for a in range(len(across.values)) if d not in gone]
    _left_over(page, node, table, [one for one in rest if one[0] not in taken or one[1] not in seen], whole=False)
    _keep_grid(page, node, across.values, columns, kept, down.values[0])


def _keep_grid(
    page: CrsPage,
    node: Node,
    values: Sequence[Any],
    columns: Mapping[int, Sequence[int]],
    kept: Mapping[int, list[Any]],
    lowest: Any,
) -> None:
    """The table as a law file has it: columns and rows from the lowest value on."""
    order = sorted(columns, key=lambda at: columns[at][0])
    first = [] if columns[order[0]][0] == 0 else [values[0]]
    places = list(columns)
    rows = [
        [kept[at][0], *([0] if first else []), *(kept[at][1 + places.index(column)] for column in order)]
        for at in sorted(kept)
    ]
    if rows and 0 not in kept:
        rows.insert(0, [lowest, *[0] * (len(rows[0]) - 1)])
    page.found.tables[node.id] = {"columns": [*first, *(values[columns[at][0]] for at in order)], "rows": rows}


def _left_over(page: CrsPage, node: Node, table: Table, left: Sequence[tuple[int, ...]], *, whole: bool) -> None:
    """What the law gives and no row of the page is about; of a table of one input no value may be left out."""
    if node.leaf is None:
        return
    points: dict[str, list[str]] = {}
    for at in left:
        cell = node.leaf.at(at)
        figures = joined(node.leaf.cells[case][cell] for case in BOTH if node.maximum[case])
        if whole or figures != "0":
            named = [str(i.column.values[code]) for i, code in zip(node.leaf.inputs, at, strict=True)]
            points.setdefault(figures, []).append(" × ".join(named))
    for figures, labels in points.items():
        shown = labels[0] if len(labels) == 1 else f"{labels[0]} … {labels[-1]}"
        page.found.add(table.name, shown, "", None, figures, node.id)
