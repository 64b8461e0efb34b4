"""Questions about the law: every instrument, one instrument or grid, what changed between two grids, a check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from expressentry.answers.basis import cite_record, law_record
from expressentry.dates import day_or_id
from expressentry.law.grid.diff import Change, diff
from expressentry.law.grid.tree import Grid, Node
from expressentry.law.instruments import Instrument
from expressentry.law.law import Law, refuse_before_start, unknown_id
from expressentry.law.parts import Part, part_changes, parts
from expressentry.text import Lang

if TYPE_CHECKING:
    from expressentry.answers.records.published import (
        GridChangeRecord,
        GridRecord,
        GridWithLawRecord,
        InstrumentRecord,
        InstrumentRowRecord,
        PartRecord,
        PartsRecord,
        PlaceRecord,
    )
    from expressentry.law.check import Checked


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


def law_parts(law: Law, kind: str | None, on: date, lang: Lang) -> list[PartRecord]:
    """Every part of the law that is in force on a day, of one kind or of all.

    Raises:
        UsageError: Express Entry had not begun on the day.
    """
    refuse_before_start(on)
    return [part_record(part, lang) for part in parts(law, kind) if part.holds(on)]


def find_law(law: Law, id_: str) -> Instrument | Grid | list[Part]:
    """The instrument or grid of an id, the grid that began on a day, or every part of another id.

    Raises:
        UsageError: There is none; all ids are named.
    """
    if id_ in law.instruments:
        return law.instruments[id_]
    grids = [*([] if law.named is None else [law.named]), *law.grids, *law.fsw_grids]
    grid = next((grid for grid in grids if id_ in (grid.id, str(grid.in_force))), None)
    if grid is not None:
        return grid
    if id_ in law.streams.grids:
        return law.streams.grids[id_]
    if id_ in law.streams.instruments:
        return law.streams.instruments[id_]
    known, _ = parts(law), day_or_id(id_, "id")
    found = [part for part in known if part.id == id_]
    if not found:
        raise unknown_id(id_, list(dict.fromkeys([*law.instruments, *(part.id for part in known)])))
    return found


def one_law(law: Law, id_: str, lang: Lang) -> InstrumentRecord | GridRecord | PartsRecord:
    """One instrument, one whole grid with the source of every number, or every part of another id.

    Raises:
        UsageError: There is none.
    """
    found = find_law(law, id_)
    if isinstance(found, Instrument):
        return instrument_record(found)
    return grid_record(found, lang) if isinstance(found, Grid) else parts_record(found, lang)


def law_changes(law: Law, before: str, after: str, lang: Lang) -> list[GridChangeRecord]:
    """What changed between two grids, cell by cell; between two days, also what else of the law changed.

    Args:
        law: The law.
        before: A grid, or a day.
        after: A grid, or a day.
        lang: The language of the answer.

    Raises:
        UsageError: There is no such grid, or no law of a day.
    """
    first, last = day_or_id(before, "a"), day_or_id(after, "b")
    old = law.grid(before, "a") if first is None else law.on(first).crs
    new = law.grid(after, "b") if last is None else law.on(last).crs
    found = [change_record(one, lang) for one in diff(old, new)]
    if first is not None and last is not None:
        found += [_part_change(was, now, lang) for was, now in part_changes(law, first, last)]
    return found


def check_law(files: Sequence[Path]) -> Checked:
    """Check the shipped law and, on top of it, files of a user, each also by answers for people on its days.

    Raises:
        LawError: Something is wrong in a file, or somebody would get no answer under it.
    """
    from expressentry.assess.rehearse import rehearse
    from expressentry.law.check import check

    return check(files, trial=rehearse)


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


def parts_record(found: Sequence[Part], lang: Lang) -> PartsRecord:
    """Every part of one id."""
    last = found[-1]
    return {
        "id": last.id,
        "kind": last.kind,
        "title": last.title.say(lang),
        "parts": [part_record(part, lang) for part in found],
    }


def part_record(part: Part, lang: Lang) -> PartRecord:
    """One part of the law."""
    cite = part.cite
    return {
        "kind": part.kind,
        "id": part.id,
        "key": part.key,
        "in_force": part.start.isoformat(),
        "until": part.until.isoformat() if part.until else None,
        "title": part.title.say(lang),
        "says": part.says.say(lang),
        "instrument": cite.instrument.id,
        "place": cite.place.say(lang),
        "doubt": cite.doubt.say(lang) if cite.doubt else None,
        "user": part.user,
    }


def _part_change(was: Part | None, now: Part | None, lang: Lang) -> GridChangeRecord:
    one = now or was
    if one is None:
        raise ValueError("a change of nothing")
    keys = [part.key for part in (was, now) if part is not None and part.key]
    return {
        "id": one.id,
        "title": one.title.say(lang),
        "what": " → ".join(dict.fromkeys(keys)),
        "before": was.says.say(lang) if was else None,
        "after": now.says.say(lang) if now else None,
        "instrument": one.cite.instrument.id,
    }


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
