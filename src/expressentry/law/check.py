"""Everything that must hold of the law files, beyond what reading them already refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from expressentry.dates import START
from expressentry.errors import LawError, Problem
from expressentry.law.criteria.categories import all_versions
from expressentry.law.criteria.programs import program_files
from expressentry.law.grid.read import read_grid
from expressentry.law.grid.tree import Grid
from expressentry.law.languages import check_lists
from expressentry.law.lists import shipped_lists
from expressentry.law.load import Law, load_law
from expressentry.law.selection import Selection, selection_on
from expressentry.law.source import DATA, Source
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
    files: tuple[str, ...]


def check(files: Sequence[Path] = ()) -> Checked:
    """Check the shipped law, and a user's files on top of it.

    Raises LawError with what is wrong.
    """
    law = load_law()
    grids = law.grids
    proposals = [_proposal(path, law) for path in sorted((DATA / "proposed").glob("*.toml"))]
    lists = shipped_lists(law.instruments)
    versions, programs = len(list(all_versions())), len(program_files())
    languages = check_lists(lists["language_scales"], lists["language_charts"])
    selections = [selection_on(day) for day in _days()]
    problems = [*_grids(grids), *_unread_columns(law, [*grids, *proposals], selections), *languages]
    if problems:
        raise LawError(problems)
    for file in files:
        load_law(file, parameters=_zeros(Source(file)))
    fsw = dict.fromkeys(selection.fsw for selection in selections)
    nodes = [node for grid in [*grids, *proposals, *fsw] for node in grid.root.walk()]
    cells = sum(len(cells) for node in nodes if node.leaf for cells in node.leaf.cells)
    names = tuple(str(file) for file in files)
    counted = len(law.instruments), len(grids)
    return Checked(*counted, len(proposals), len(nodes), cells, len(lists), programs, versions, names)


def _days() -> list[date]:
    """The days on which a program, the 67-point grid or a category begins."""
    begun = {date.fromisoformat(path.stem.partition("-")[2]) for path in program_files()}
    begun |= {date.fromisoformat(path.stem) for path in (DATA / "fsw").glob("*.toml")}
    return sorted(begun | {version.start for version in all_versions()})


def _proposal(path: Path, law: Law) -> Grid:
    source = Source(path)
    return read_grid(source, law.columns, law.instruments, parameters=_zeros(source))


def _zeros(source: Source) -> dict[str, int]:
    """Numbers for the parameters of a file, so that the rest of it can be checked."""
    return dict.fromkeys(source.data.get("parameters", {}), 0)


def _grids(grids: Sequence[Grid]) -> Iterator[Problem]:
    """Ids and file names tell the day; the first grid covers the first day."""
    if not grids or grids[0].in_force != START:
        rule = Text("a grid is in force from {start}", "une grille vaut dès le {start}").fill(start=START)
        yield Problem("gap", "in_force", rule, Text("add it", "l'ajouter"), grids[0].in_force if grids else "")
    for grid in grids:
        where = same(f"law/crs/{grid.in_force}.toml")
        if grid.id != f"crs-{grid.in_force}" or not (DATA / "crs" / f"{grid.in_force}.toml").exists():
            rule = Text("id and file name tell the day", "l'identifiant et le nom de fichier disent le jour")
            yield Problem("wrong_id", "id", rule, Text("rename", "renommer"), grid.id, where)


def _unread_columns(law: Law, grids: Sequence[Grid], selections: Sequence[Selection]) -> Iterator[Problem]:
    read = {name for grid in grids for name in grid.inputs}
    read = read.union(*(one.program_columns | one.category_columns for one in selections))
    for name in law.columns.by_name.keys() - read:
        rule = Text("nothing reads this column", "rien ne lit cette colonne")
        yield Problem("unread_column", name, rule, Text("remove it", "la retirer"), where=same("law/columns.toml"))
