"""All law in force on a day: the shipped law, and what a user adds or names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from expressentry.dates import START, long_day
from expressentry.errors import Problem, UsageError
from expressentry.law.grid.read import read_grid
from expressentry.law.grid.tree import Grid
from expressentry.law.instruments import Instrument, read_instruments
from expressentry.law.rule_set import LawWarning, RuleSet
from expressentry.law.schema import Columns, shipped_columns
from expressentry.law.source import DATA, Source
from expressentry.text import Text


class Law:
    """The instruments and grids known, shipped and added; `on(day)` gives the rule set of a day."""

    def __init__(self, columns: Columns, instruments: Mapping[str, Instrument], shipped: Mapping[date, Path]) -> None:
        self.columns = columns
        self.instruments = dict(instruments)
        self.named: Grid | None = None
        self._shipped = dict(shipped)
        self._proposals = {path.stem: path for path in sorted((DATA / "proposed").glob("*.toml"))}
        self._asked: set[str] = set()
        # A user's record of such an instrument does not tell its content; only a grid in force from its day does.
        self._unestablished = tuple(one for one in instruments.values() if one.status == "unestablished")
        self._read: dict[str, Grid] = {}

    @property
    def grids(self) -> list[Grid]:
        """Every CRS grid with a day, oldest first."""
        for path in self._shipped.values():
            self._grid_of(path)
        return sorted(self._read.values(), key=lambda grid: grid.in_force or date.min)

    @property
    def proposals(self) -> dict[str, str]:
        """The proposed grids that can be named, and the instrument behind each."""
        return {id_: str(Source(path).data.get("made_by")) for id_, path in self._proposals.items()}

    @property
    def days(self) -> tuple[date, ...]:
        """The days from which a grid is in force, or something whose content is not established."""
        grids = [*self._read.values(), *([self.named] if self.named is not None else [])]
        begun = [*(grid.in_force for grid in grids), *(one.in_force for one in self._unestablished)]
        return tuple(sorted({*self._shipped, *(day for day in begun if day is not None)}))

    def on(self, day: date) -> RuleSet:
        """Return all law in force on a day.

        Raises UsageError for a day before Express Entry began.
        """
        refuse_before_start(day)
        grid = self.named if self.named and (self.named.in_force or day) <= day else self._dated(day)
        unknown = [
            one for one in self._unestablished if one.in_force and (grid.in_force or date.min) < one.in_force <= day
        ]
        warnings = [
            LawWarning("law_unestablished", _unestablished(one, grid)) for one in unknown if grid.status != "proposed"
        ]
        if grid.status == "proposed":
            message = Text("{t}: a proposal, not law", "{t} : un projet, pas la loi").fill(t=grid.title)
            warnings = [LawWarning("law_proposed", message)]
        elif grid.user:
            message = Text("{id}: law added by the user", "{id} : droit ajouté par l'utilisateur").fill(id=grid.id)
            warnings.append(LawWarning("user_law", message))
        return RuleSet(day, grid, not unknown and grid.status != "proposed", tuple(warnings), self.instruments)

    def grid(self, name: str) -> Grid:
        """Return a grid by its id, or the grid of a day written YYYY-MM-DD.

        Raises UsageError for an unknown name, naming those that exist.
        """
        if self.named and self.named.id == name:
            return self.named
        for grid in self.grids:
            if name in (grid.id, str(grid.in_force)):
                return grid
        raise unknown_id(name, [grid.id for grid in self.grids])

    def _add(self, path: Path, given: Mapping[str, int], *, named: bool) -> None:
        """Add a law file of the user's: its instruments, and its grid for the days from which it is in force.

        Proposed law is used only when `named`; until then only its id is known. Raises LawError for a file that is
        wrong, or that takes an id or a day that exists without saying `replaces`.
        """
        source = Source(path)
        if source.data.get("status") == "proposed" and not named:
            self._proposals[str(source.data.get("id"))] = path
            return
        found = read_instruments(source, source.data.get("instruments", {}), ("instruments",), user=True)
        for one in found.values():
            if one.id in self.instruments and one.replaces != one.id:
                source.wrong("already_there", ("instruments", one.id), _TAKEN, _REPLACE.fill(id=one.id), one.id)
        source.finish()
        self.instruments |= found
        grid = self._read_with(source, given, user=True)
        if grid.status == "proposed":
            self.named = grid
            return
        for other in self.grids:
            if grid.replaces != other.id and other.id == grid.id:
                source.wrong("already_there", ("id",), _TAKEN, _REPLACE.fill(id=other.id), other.id)
            elif grid.replaces != other.id and other.in_force == grid.in_force:
                source.wrong("two_on_one_day", ("in_force",), _SAME_DAY, _REPLACE.fill(id=other.id), other.id)
        source.finish()
        replaced = next((other for other in self.grids if other.id == grid.replaces), None)
        if replaced is not None:
            self._shipped.pop(replaced.in_force or date.min, None)
            self._read.pop(replaced.id)
        self._read[grid.id] = grid

    def _name(self, proposal: str, given: Mapping[str, int]) -> None:
        """Name proposed law, so that it is used.

        Raises UsageError for an unknown id, LawError where the proposal leaves numbers open that are not given.
        """
        if proposal not in self._proposals:
            raise unknown_id(proposal, self._proposals)
        path = self._proposals[proposal]
        if path.is_relative_to(DATA):
            self.named = self._read_with(Source(path), given, user=False)
        else:
            self._add(path, given, named=True)

    def _read_with(self, source: Source, given: Mapping[str, int], *, user: bool) -> Grid:
        """Read a grid with those of the given numbers that it asks for."""
        asked = source.data.get("parameters", {})
        self._asked |= set(asked)
        numbers = {name: number for name, number in given.items() if name in asked}
        return read_grid(source, self.columns, self.instruments, user=user, parameters=numbers)

    def _dated(self, day: date) -> Grid:
        begun = [start for start in self._shipped if start <= day]
        shipped = self._grid_of(self._shipped[max(begun)]) if begun else None
        read = [grid for grid in self._read.values() if grid.in_force and grid.in_force <= day]
        return max([*read, *([shipped] if shipped else [])], key=lambda grid: grid.in_force or date.min)

    def _grid_of(self, path: Path) -> Grid:
        """Read a shipped grid once, and only when a day needs it: a cold start reads one."""
        known = next(
            (grid for grid in self._read.values() if grid.in_force and grid.in_force.isoformat() == path.stem), None
        )
        if known is not None:
            return known
        grid = read_grid(Source(path), self.columns, self.instruments)
        self._read[grid.id] = grid
        return grid


def refuse_before_start(day: date) -> None:
    """Raise UsageError for a day before Express Entry began."""
    if day < START:
        rule = Text("Express Entry began on {start}", "Entrée express a commencé le {start}").fill(start=START)
        raise UsageError(
            Problem("day_before_law", "on", rule, Text("give a later day", "donner un jour ultérieur"), day)
        )


_TAKEN = Text("exists already", "existe déjà")
_SAME_DAY = Text("another grid is in force from this day", "une autre grille vaut dès ce jour")
_REPLACE = Text('say replaces = "{id}" if that is meant', 'dire replaces = "{id}" si c\'est voulu')


def _unestablished(one: Instrument, grid: Grid) -> Text:
    wording = Text(
        "a change of {day} is reported to be in force, but its content is not established; computed on {grid}",
        "un changement du {day} serait en vigueur, mais son contenu n'est pas établi; calculé sur {grid}",
    )
    label = Text("the grid of {day}", "la grille du {day}").fill(day=long_day(grid.in_force or date.min))
    return wording.fill(day=long_day(one.in_force or date.min), grid=label)


def unknown_id(name: str, known: Iterable[str]) -> UsageError:
    """The error for an id that does not exist."""
    rule = Text("unknown id", "identifiant inconnu")
    return UsageError(
        Problem("unknown_id", "id", rule, Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(known)), name)
    )


def shipped_instruments() -> dict[str, Instrument]:
    """The instruments that this package ships, by id."""
    source = Source(DATA / "instruments.toml")
    found = read_instruments(source, source.data, (), user=False)
    source.finish()
    return found


@cache
def _shipped() -> tuple[Columns, dict[str, Instrument], dict[date, Path]]:
    paths = {date.fromisoformat(path.stem): path for path in sorted((DATA / "crs").glob("*.toml"))}
    return shipped_columns(), shipped_instruments(), paths


@cache
def shipped_law() -> Law:
    """The law that this package ships, read once."""
    return Law(*_shipped())


def load_law(
    *files: str | Path,
    folder: Iterable[Path] = (),
    name: str | None = None,
    parameters: Mapping[str, int] | None = None,
) -> Law:
    """Load the shipped law and what a user adds: files named, files of a folder, or a proposal named by its id.

    Naming a file counts as naming proposed law; lying in the folder does not. `parameters` are the numbers that
    proposed law leaves open. Raises LawError or UsageError.

    >>> from datetime import date
    >>> load_law().on(date(2026, 10, 1)).id
    'crs-2025-03-25'
    """
    given, unnamed = dict(parameters or {}), list(folder)
    if not files and not unnamed and name is None and not given:
        return shipped_law()
    law = Law(*_shipped())
    for path in unnamed:
        law._add(path, given, named=False)
    for path in map(Path, files):
        law._add(path, given, named=True)
    if name is not None:
        law._name(name, given)
    left = sorted(given.keys() - law._asked)
    if left:
        rule = Text("no number that the named law leaves open", "aucun nombre que le texte nommé laisse ouvert")
        known = Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(sorted(law._asked)) or "—")
        raise UsageError(Problem("unknown_parameter", "set", rule, known, ", ".join(left)))
    return law
