"""Everything that must hold of the law files, beyond what reading them already refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expressentry.dates import START
from expressentry.errors import LawError, Problem
from expressentry.law.criteria.model import columns_of
from expressentry.law.grid.tree import Grid
from expressentry.law.languages import check_lists
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import Selection
from expressentry.law.source import Source
from expressentry.text import Text, same


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, for the report."""

    instruments: int
    grids: int
    proposals: int
    places: int
    cells: int
    lists: int
    programs: int
    categories: int
    rules: int
    streams: int
    files: tuple[str, ...]


def check(files: Sequence[Path] = (), trial: Callable[[Law], object] | None = None) -> Checked:
    """Check the shipped law, and a user's files on top of it; `trial` is then given the law with each file.

    Raises LawError with what is wrong.
    """
    law = load_law()
    grids, proposals = law.grids, [load_law(name=id_, parameters=_numbers(law, id_)).named for id_ in law.proposals]
    named = [grid for grid in proposals if grid is not None]
    lists = {name: law.list(name) for name in law.list_names}
    languages = check_lists(lists["language_scales"], lists["language_charts"])
    selections = [law.selection_on(day) for day in law.selection_days if day >= START]
    problems = [
        *_grids(grids),
        *_unread_columns(law, [*grids, *named], selections),
        *_unread_of_streams(law),
        *languages,
    ]
    if problems:
        raise LawError(problems)
    added = [_with(file) for file in files]
    if trial is not None:
        for one in added:
            trial(one)
    every = [*grids, *named, *law.fsw_grids, *law.streams.grids.values()]
    nodes = [node for grid in every for node in grid.root.walk()]
    cells = sum(len(cells) for node in nodes if node.leaf for cells in node.leaf.cells)
    return Checked(
        instruments=len(law.instruments),
        grids=len(grids),
        proposals=len(named),
        places=len(nodes),
        cells=cells,
        lists=len(lists),
        programs=len(law.programs),
        categories=len(law.all_versions),
        rules=len(law.evidence.series),
        streams=len(law.streams.versions),
        files=tuple(map(str, files)),
    )


def _with(file: Path) -> Law:
    """The law with a user's file."""
    return load_law(file, parameters=_zeros(Source(file).data))


def _numbers(law: Law, proposal: str) -> dict[str, int]:
    return _zeros(law.proposal(proposal))


def _zeros(data: Mapping[str, Any]) -> dict[str, int]:
    """Numbers for the parameters of a file, so that the rest of it can be checked."""
    return dict.fromkeys(data.get("parameters", {}), 0)


def _grids(grids: Sequence[Grid]) -> Iterator[Problem]:
    """Ids and file names tell the day; the first grid covers the first day."""
    if not grids or grids[0].in_force != START:
        rule = Text("a grid is in force from {start}", "une grille vaut dès le {start}").fill(start=START)
        yield Problem("gap", "in_force", rule, Text("add it", "l'ajouter"), grids[0].in_force if grids else "")
    for grid in grids:
        where = same(f"law/crs/{grid.in_force}.toml")
        if grid.id != f"crs-{grid.in_force}":
            rule = Text("id and file name tell the day", "l'identifiant et le nom de fichier disent le jour")
            yield Problem("wrong_id", "id", rule, Text("rename", "renommer"), grid.id, where)


def _unread_columns(law: Law, grids: Sequence[Grid], selections: Sequence[Selection]) -> Iterator[Problem]:
    read = {name for grid in grids for name in grid.inputs}
    read = read.union(*(one.program_columns | one.category_columns for one in selections))
    for name in law.columns.by_name.keys() - read:
        rule = Text("nothing reads this column", "rien ne lit cette colonne")
        yield Problem("unread_column", name, rule, Text("remove it", "la retirer"), where=same("law/columns.toml"))


def _unread_of_streams(law: Law) -> Iterator[Problem]:
    streams = law.streams
    read = {name for grid in streams.grids.values() for name in grid.inputs}
    read |= {
        name for one in streams.versions for top in one.criteria for c in top.conditions() for name in columns_of(c)
    }
    for name in sorted(streams.own - read):
        rule = Text("nothing reads this column", "rien ne lit cette colonne")
        yield Problem(
            "unread_column", name, rule, Text("remove it", "la retirer"), where=same("law/stream_columns.toml")
        )
