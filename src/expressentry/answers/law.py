"""Questions about the law: every instrument, one instrument or grid, what changed between two grids."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from expressentry.answers.basis import cite_record, law_record
from expressentry.law.grid.diff import Change, diff
from expressentry.law.grid.tree import Grid, Node
from expressentry.law.instruments import Instrument
from expressentry.law.law import Law, unknown_id
from expressentry.text import Lang

if TYPE_CHECKING:
    from expressentry.answers.records.published import (
        GridChangeRecord,
        GridRecord,
        GridWithLawRecord,
        InstrumentRecord,
        InstrumentRowRecord,
        PlaceRecord,
    )


def instruments(law: Law, lang: Lang) -> list[InstrumentRowRecord]:
    """Every instrument that numbers are cited to, with the grid that it made or proposes."""
    made = {grid.made_by.id: grid.id for grid in law.grids} | {by: id_ for id_, by in law.proposals.items()}
    return [
        {
            "id": one.id,
            "in_force": one.in_force.isoformat() if one.in_force else None,
            "status": one.status,
            "confidence": one.confidence,
            "grid": made.get(one.id),
            "title": one.title.say(lang),
        }
        for one in law.instruments.values()
    ]


def find_law(law: Law, id_: str) -> Instrument | Grid:
    """The instrument or grid of an id, or the grid that began on a day.

    Raises:
        UsageError: There is neither; all ids are named.
    """
    if id_ in law.instruments:
        return law.instruments[id_]
    grids = law.grids if law.named is None else [law.named, *law.grids]
    found = next((grid for grid in grids if id_ in (grid.id, str(grid.in_force))), None)
    if found is None:
        raise unknown_id(id_, [*law.instruments, *(grid.id for grid in law.grids)])
    return found


def one_law(law: Law, id_: str, lang: Lang) -> InstrumentRecord | GridRecord:
    """One instrument, or one whole grid with the source of every number.

    Raises:
        UsageError: There is neither.
    """
    found = find_law(law, id_)
    return instrument_record(found) if isinstance(found, Instrument) else grid_record(found, lang)


def law_changes(law: Law, before: str, after: str, lang: Lang) -> list[GridChangeRecord]:
    """What changed between two grids, named by id or by the day on which they began.

    Raises:
        UsageError: There is no such grid.
    """
    return [change_record(one, lang) for one in diff(law.grid(before), law.grid(after))]


def instrument_record(one: Instrument) -> InstrumentRecord:
    """One instrument, its texts in both languages."""
    return cast("InstrumentRecord", one.record())


def grid_with_law(law: Law, grid: Grid, lang: Lang) -> GridWithLawRecord:
    """A whole grid with the law of its first day; null for a proposal without one."""
    rules = law_record(law.on(grid.in_force), lang) if grid.in_force else None
    return {"law": rules, **grid_record(grid, lang)}


def grid_record(grid: Grid, lang: Lang) -> GridRecord:
    """A whole grid."""
    return {
        "id": grid.id,
        "title": grid.title.say(lang),
        "status": grid.status,
        "in_force": grid.in_force.isoformat() if grid.in_force else None,
        "made_by": grid.made_by.id,
        "cases": grid.cases,
        "inputs": list(grid.inputs),
        "parameters": dict(grid.parameters),
        "places": [_place(node, lang) for node in grid.root.walk()],
    }


def _place(node: Node, lang: Lang) -> PlaceRecord:
    found: PlaceRecord = {
        "id": node.id,
        "title": node.title.say(lang),
        "cite": cite_record(node.cite, lang),
        "when": list(node.when),
        "cap": list(node.cap) if node.cap else None,
        "max": list(node.maximum),
    }
    if node.leaf:
        found["inputs"] = [{"source": i.source, "how": i.how, "empty": i.empty} for i in node.leaf.inputs]
        found["columns"] = list(node.leaf.columns)
        found["rows"] = [list(row) for row in node.leaf.rows]
    return found


def change_record(change: Change, lang: Lang) -> GridChangeRecord:
    """One difference between two grids."""
    return {
        "id": change.id,
        "title": change.title.say(lang),
        "what": change.what.say(lang),
        "before": change.before,
        "after": change.after,
        "instrument": change.instrument.id,
    }
