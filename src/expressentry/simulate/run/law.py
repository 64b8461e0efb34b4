"""The law of a scenario: that of each day, with the files that it adds and without the places that it removes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from expressentry.errors import Problem, ScenarioError
from expressentry.law.grid.tree import Grid
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.simulate.scenario.model import Scenario
from expressentry.text import Text


def law_of_scenario(scenario: Scenario) -> Law:
    """The law of each day, with what the scenario changes.

    Raises:
        LawError: A file that it names is wrong.
        UsageError: A number that its proposal needs is missing.
        ScenarioError: It removes a place that no grid of its days has.
    """
    change = scenario.law
    law = load_law(*change.files, name=change.name, parameters=dict(change.numbers))
    if not change.remove:
        return law
    grids = grids_between(law, scenario.first, scenario.last)
    known = {node.id for grid in grids for node in grid.root.walk()}
    if unknown := [place for place in change.remove if place not in known]:
        fix = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(sorted(known - {""})))
        raise ScenarioError(Problem("unknown_place", "law.remove", _NO_PLACE, fix, ", ".join(unknown)))
    if any(grid is law.named for grid in grids):
        raise ScenarioError(Problem("contradiction", "law.remove", _PROPOSAL, _AS_FILE, change.name))
    with TemporaryDirectory() as folder:
        files = [_without(grid, change.remove, Path(folder)) for grid in grids]
        return load_law(*change.files, *(file for file in files if file is not None), parameters=dict(change.numbers))


def grids_between(law: Law, first: date, last: date) -> list[Grid]:
    """Every CRS grid of a span of days."""
    days = [first, *(day for day in law.days if first < day <= last)]
    return list({grid.id: grid for grid in (law.on(day).crs for day in days)}.values())


def _without(grid: Grid, places: tuple[str, ...], folder: Path) -> Path | None:
    """A law file that puts a grid without some places in its place; none where it has none of them."""
    have = {node.id for node in grid.root.walk()}
    gone = [place for place in places if place in have]
    # What is below a place that goes needs no removing of its own.
    gone = [place for place in gone if not any(place.startswith(f"{other}.") for other in gone)]
    if not gone:
        return None
    path = folder / f"{grid.id}.toml"
    listed = ", ".join(f'"{place}"' for place in gone)
    path.write_text(
        f'id = "{grid.id}"\nreplaces = "{grid.id}"\nextends = "{grid.id}"\nin_force = {grid.in_force}\n'
        f'made_by = "{grid.made_by.id}"\nremove = [{listed}]\n',
        encoding="utf-8",
    )
    return path


_NO_PLACE = Text("no such place in the grids of these days", "aucun tel élément dans les grilles de ces jours")
_PROPOSAL = Text("places of a proposal cannot be removed", "des éléments d'un projet ne peuvent pas être retirés")
_AS_FILE = Text("give the proposal as a law file", "donner le projet comme fichier de droit")
