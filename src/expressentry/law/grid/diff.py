"""What changed from one grid to another, cell by cell, in the fewest lines that say it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from expressentry.law.grid.tree import Grid, Input, Leaf, Node
from expressentry.law.instruments import Instrument
from expressentry.text import Text, same

_CASE = (Text("alone", "seul"), Text("accompanied", "accompagné"))


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, which values it concerns, the points before and after (None: no such place).

    `instrument` made the change: that of the newer place or, for a place that is gone, of the newer grid.
    """

    id: str
    title: Text
    what: Text
    before: int | None
    after: int | None
    instrument: Instrument


def diff(before: Grid, after: Grid) -> list[Change]:
    """List what differs between two grids, in the order of the newer one; equal grids give an empty list.

    >>> from expressentry.law.load import load_law
    >>> law = load_law()
    >>> [(c.id, c.before, c.after) for c in diff(law.grid("crs-2017-06-06"), law.grid("crs-2020-10-20"))]
    [('additional.french', 15, 25), ('additional.french', 30, 50)]
    """
    old = {node.id: node for node in before.root.walk()}
    new = {node.id: node for node in after.root.walk()}
    changes: list[Change] = []
    for id_ in [*new, *(id_ for id_ in old if id_ not in new)]:
        changes += _node(old.get(id_), new.get(id_), after.made_by)
    return changes


def _node(old: Node | None, new: Node | None, made_by: Instrument) -> Iterator[Change]:
    if old is None or new is None or _shape(old) != _shape(new):
        for node, gone in ((old, True), (new, False)):
            if node is not None:
                most = max(node.maximum)
                what = Text("whole place, at most", "tout l'élément, au plus")
                by = made_by if gone else node.cite.instrument
                yield Change(node.id, node.title, what, most if gone else None, None if gone else most, by)
        return
    by = new.cite.instrument
    for case in (0, 1):
        before, after = (node.cap[case] if node.cap else None for node in (old, new))
        if before != after:
            yield Change(
                new.id, new.title, Text("cap, {case}", "maximum, {case}").fill(case=_CASE[case]), before, after, by
            )
    if old.leaf and new.leaf:
        for what, points in _cells(old.leaf, new.leaf):
            if points[0] == points[1]:
                yield Change(new.id, new.title, what, *points[0], by)
                continue
            for case, pair in enumerate(points):
                if pair[0] != pair[1]:
                    yield Change(new.id, new.title, Text("{w}, {c}", "{w}, {c}").fill(w=what, c=_CASE[case]), *pair, by)


def _shape(node: Node) -> object:
    """What must agree for cells to be compared one by one."""
    inputs = [(i.source, i.how, i.empty, i.column.values) for i in node.leaf.inputs] if node.leaf else None
    return (node.when, node.best_of, inputs)


def _cells(old: Leaf, new: Leaf) -> Iterator[tuple[Text, list[tuple[int, int]]]]:
    """The blocks of cells that changed alike: which values, and (before, after) for each case."""
    down, across = new.inputs[0], new.inputs[1] if len(new.inputs) > 1 else None
    width = across.size if across else 1

    def at(row: int, column: int) -> list[tuple[int, int]]:
        place = new.at((row, column))  # a table has one input, and every code of it column 0
        return [(old.cells[case][place], new.cells[case][place]) for case in (0, 1)]

    lines = [[at(row, column) for column in range(width)] for row in range(down.size)]
    for rows in _runs(lines):
        columns = _runs([[lines[rows[0]][column]] for column in range(width)])
        for run in columns:
            points = at(rows[0], run[0])
            if any(a != b for a, b in points):
                what = _values(down, rows)
                yield (
                    (what if across is None else Text("{a} × {b}", "{a} × {b}").fill(a=what, b=_values(across, run))),
                    points,
                )


def _runs(lines: Sequence[object]) -> list[list[int]]:
    """Neighbouring lines that are equal, as lists of their positions."""
    return [[at for at, _ in run] for _, run in groupby(enumerate(lines), key=lambda pair: pair[1])]


def _values(an_input: Input, codes: Sequence[int]) -> Text:
    """A run of values in words: "7 or more", "20 to 29", "masters"."""
    values, name = an_input.column.values, an_input.column.name if an_input.how == "value" else an_input.source
    first, last = values[codes[0]], values[codes[-1]]
    if isinstance(first, bool):
        return same(f"{name} {str(first).lower()}")
    if len(codes) == 1:
        return same(f"{name} {first}")
    if codes[-1] == len(values) - 1 and an_input.column.ordered:
        return Text(f"{name} {first} or more", f"{name} {first} ou plus")
    return Text(f"{name} {first} to {last}", f"{name} {first} à {last}")
