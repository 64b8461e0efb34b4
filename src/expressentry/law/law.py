"""All law as one object that nobody changes: what is shipped and what a user adds; `on(day)` gives a rule set."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from expressentry.dates import START, as_day, long_day
from expressentry.errors import Problem, UsageError
from expressentry.law.bodies import Bodies
from expressentry.law.criteria.categories import CategoryVersion, read_category
from expressentry.law.criteria.model import Known
from expressentry.law.criteria.programs import PROGRAMS, Program, read_program
from expressentry.law.evidence import Evidence, read_evidence
from expressentry.law.grid.read import read_grid
from expressentry.law.grid.tree import Grid
from expressentry.law.instruments import Instrument
from expressentry.law.languages import Languages
from expressentry.law.lists import LISTS, Row, RowReader, Shape, read_list, with_added
from expressentry.law.measures import Measure, Measures, read_measures
from expressentry.law.pieces import Piece, Pieces
from expressentry.law.round_names import RoundNames, read_round_names
from expressentry.law.rule_set import LawWarning, RuleSet, Selection
from expressentry.law.schema import Asked, Columns, MonthsTest
from expressentry.law.source import Source
from expressentry.noc.codes import Version, codes_of
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.law.streams import Streams

_DAYS_KEPT = 5000
"""Every part of an answer asks for the law of its day: that of so many days is kept."""


class Law:
    """Everything that decides an answer, for every day; made by `load_law`, and never changed.

    Files are read when they are first needed, so that a cold start reads few; what was read is kept.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self.columns: Columns = pieces.columns
        self.instruments: Mapping[str, Instrument] = MappingProxyType(dict(pieces.instruments))
        self.named: Grid | None = None if pieces.named is None else self._grid(pieces.named, "crs")
        self._unestablished = pieces.unestablished
        self._rule_sets: dict[date, RuleSet] = {}

    def __repr__(self) -> str:
        return f"<Law of {len(self._pieces.crs)} CRS grids{' with user law' if self.user else ''}>"

    @property
    def pieces(self) -> Pieces:
        """What it is made of: the same pieces make the same law again."""
        return self._pieces

    @cached_property
    def user(self) -> bool:
        """Whether a user added anything to the law that is shipped."""
        pieces = self._pieces
        added = [*pieces.crs, *pieces.fsw, *pieces.programs, *pieces.categories.values()]
        return bool(
            pieces.named
            or pieces.rows
            or pieces.entries
            or pieces.counted
            or pieces.streams
            or pieces.stream_grids
            or any(one.user or one.versions for one in added)
        )

    # ---- by day

    def on(self, day: date | str) -> RuleSet:
        """Return all law in force on a day: a `date`, or text written YYYY-MM-DD.

        Raises UsageError for a day before Express Entry began, and for what is no day.
        """
        day = as_day(day)
        found = self._rule_sets.get(day)
        if found is None:
            if len(self._rule_sets) == _DAYS_KEPT:
                self._rule_sets.clear()
            found = self._rule_sets[day] = self._rules_of(day)
        return found

    def _rules_of(self, day: date) -> RuleSet:
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
        added = [*([grid.id] if grid.user and grid.status != "proposed" else []), *self._added_on(day)]
        if added:
            message = Text("{ids}: law added by the user", "{ids} : droit ajouté par l'utilisateur")
            warnings.append(LawWarning("user_law", message.fill(ids=", ".join(added))))
        return RuleSet(day, grid, not unknown and grid.status != "proposed", tuple(warnings), self)

    def _dated(self, day: date) -> Grid:
        begun = [piece for piece in self._pieces.crs if (piece.start or date.max) <= day]
        return self._grid(max(begun, key=lambda piece: piece.start or date.min), "crs")

    def _added_on(self, day: date) -> list[str]:
        """What a user added beside a CRS grid, as far as it is in force on a day."""
        if not self.user:
            return []
        chosen = self.selection_on(day)
        found = [program.id for program in chosen.programs if program.user]
        found += [chosen.fsw.id] if chosen.fsw.user else []
        found += [f"{one.category} {one.version}" for one in chosen.categories if one.user]
        known = {name: rows for name, rows in self._pieces.rows.items() if name in LISTS}
        found += [name for name, rows in known.items() if any(row.holds(day) for row in rows)]
        evidence = self.evidence.on(day).entries.values()
        found += [row.column for row in self.measures.on(day) if row.user and row.column_added is None]
        return [*found, *(entry.id for entry in evidence if entry.user)]

    def selection_on(self, day: date) -> Selection:
        """Return the programs, categories and lists in force on a day; days under the same law share one."""
        span = bisect_right(self.selection_days, day)
        if span not in self._spans:
            found = self._selection(day)
            key = (*(one.id for one in found.programs), found.fsw.id, *found.categories, *map(id_of, found.rows))
            self._spans[span] = self._selections.setdefault(key, found)
        return self._spans[span]

    def _selection(self, day: date) -> Selection:
        begun = [piece for piece in self._pieces.programs if _begun(piece, day)]
        latest = [max((one for one in begun if one.id.startswith(f"{name}-")), key=_start) for name in PROGRAMS]
        grid = max((one for one in self._pieces.fsw if _begun(one, day)), key=_start)
        return Selection(
            tuple(map(self._program, latest)),
            self._grid(grid, "fsw"),
            self.category_versions(day),
            self.row("settlement_funds", day),
            self.row("program_order", day),
        )

    @cached_property
    def _spans(self) -> dict[int, Selection]:
        return {}

    @cached_property
    def _selections(self) -> dict[tuple[object, ...], Selection]:
        return {}

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days from which a grid is in force, or something whose content is not established."""
        grids = [piece.start for piece in self._pieces.crs]
        grids += [self.named.in_force] if self.named is not None else []
        begun = [*grids, *(one.in_force for one in self._unestablished)]
        return tuple(sorted({day for day in begun if day is not None}))

    @cached_property
    def user_days(self) -> tuple[date, ...]:
        """The days from which something that a user added is in force; of a proposal without a day, the last one."""
        pieces = self._pieces
        days = [one.start for one in (*pieces.crs, *pieces.fsw, *pieces.programs) if one.user]
        days += [one.start for one in self.all_versions if one.user] if self.user else []
        days += [row.start for rows in pieces.rows.values() for row in rows]
        days += [*(one.start for one in pieces.entries), *(one.start for one in pieces.counted)]
        if pieces.streams or pieces.stream_grids:
            grids = {id_ for id_, grid in self.streams.grids.items() if grid.user}
            days += [one.known for one in self.streams.versions if one.user or grids & {*one.grids}]
        if self.named is not None:
            days.append(self.named.in_force or max(self.days))
        return tuple(sorted({day for day in days if day is not None and day >= START}))

    @cached_property
    def selection_days(self) -> tuple[date, ...]:
        """Every day from which a program, a category, funds or an order begins or no longer holds."""
        days = [piece.start for piece in (*self._pieces.fsw, *self._pieces.programs)]
        rows = (row for name in ("settlement_funds", "program_order") for row in self.list(name))
        days += [day for row in rows for day in (row.start, row.until)]
        days += [day for one in self.all_versions for day in (one.start, one.until)]
        return tuple(sorted({day for day in days if day is not None}))

    # ---- by kind

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """Every CRS grid with a day, oldest first."""
        return tuple(self._grid(piece, "crs") for piece in sorted(self._pieces.crs, key=_start))

    @cached_property
    def user_grids(self) -> tuple[Grid, ...]:
        """The CRS grids that a user added or named, proposals included."""
        added = tuple(self._grid(piece, "crs") for piece in self._pieces.crs if piece.user)
        return added if self.named is None else (*added, self.named)

    @cached_property
    def fsw_grids(self) -> tuple[Grid, ...]:
        """Every 67-point grid, oldest first."""
        return tuple(self._grid(piece, "fsw") for piece in sorted(self._pieces.fsw, key=_start))

    @cached_property
    def programs(self) -> tuple[Program, ...]:
        """Every program with a day, by id."""
        return tuple(self._program(piece) for piece in sorted(self._pieces.programs, key=lambda one: one.id))

    @cached_property
    def categories(self) -> Mapping[str, tuple[CategoryVersion, ...]]:
        """Every category by its id, in the order in which they began, each with its versions, oldest first."""
        columns = self.columns.with_occupations(codes_of(2021))  # categories began after the NOC 2021
        found = [
            read_category(
                piece.open(),
                columns,
                self.instruments,
                id_=None if piece.data is None else piece.id,
                data=piece.data,
                user=piece.versions,
            )
            for piece in self._pieces.categories.values()
        ]
        found.sort(key=lambda versions: (versions[0].start, versions[0].category))
        return MappingProxyType({versions[0].category: versions for versions in found})

    @cached_property
    def round_names(self) -> RoundNames:
        """The department's names of rounds, of each type and of each category."""
        return read_round_names(Source(self._pieces.round_names), self.categories)

    @cached_property
    def all_versions(self) -> tuple[CategoryVersion, ...]:
        """Every version of every category."""
        return tuple(version for versions in self.categories.values() for version in versions)

    @cached_property
    def months_asked(self) -> tuple[int, ...]:
        """The numbers of months in an occupation that any category ever asked for, in ascending order."""
        conditions = (c for one in self.all_versions for criterion in one.criteria for c in criterion.conditions())
        return tuple(sorted({one.least for one in conditions if isinstance(one, MonthsTest)}))

    def category_versions(self, day: date) -> tuple[CategoryVersion, ...]:
        """The versions in force on a day, one a category at most."""
        return tuple(version for version in self.all_versions if version.holds(day))

    def memberships(self, code: str) -> list[CategoryVersion]:
        """Every version of a category that lists an occupation of the NOC 2021."""
        return [one for one in self.all_versions if code in one.occupations]

    @property
    def proposals(self) -> dict[str, str]:
        """The proposed grids that can be named, and the instrument behind each."""
        return {id_: str(piece.open().data.get("made_by")) for id_, piece in self._pieces.proposals.items()}

    def proposal(self, id_: str) -> Mapping[str, Any]:
        """A proposal as it is written in its file."""
        return self._pieces.proposals[id_].open().data

    def grid(self, name: str, field: str = "id") -> Grid:
        """Return a CRS grid by its id, or the grid of a day written YYYY-MM-DD.

        Raises UsageError for an unknown name in a field, naming those that exist.
        """
        if self.named and self.named.id == name:
            return self.named
        for grid in self.grids:
            if name in (grid.id, str(grid.in_force)):
                return grid
        raise unknown_id(name, [grid.id for grid in self.grids], field)

    def list(self, name: str) -> tuple[Row, ...]:
        """Every row of a dated list, what a user adds included.

        Raises LawError where what is added leaves a gap or an overlap.
        """
        if name not in self._lists:
            shape, added = LISTS.get(name, Shape()), self._pieces.rows.get(name, ())
            path = self._pieces.lists.get(name)
            rows = [] if path is None else read_list(path, self.instruments, key=shape.key, covers=shape.covers)
            if added:
                joined = with_added(rows, added, shape.key) if name in LISTS else [*rows, *added]
                rows = RowReader(name, self.instruments).finish(shape, joined) if name in LISTS else joined
            self._lists[name] = tuple(rows)
        return self._lists[name]

    @cached_property
    def _lists(self) -> dict[str, tuple[Row, ...]]:
        return {}

    @property
    def list_names(self) -> tuple[str, ...]:
        """Every list there is."""
        return tuple(sorted({*self._pieces.lists, *self._pieces.rows}))

    def row(self, name: str, day: date) -> Row:
        """The row of a list without a key that holds on a day."""
        return next(row for row in self.list(name) if row.holds(day))

    @cached_property
    def languages(self) -> Languages:
        """The language tests with their scales and charts."""
        return Languages(self.list("language_scales"), self.list("language_charts"), self.instruments)

    @cached_property
    def bodies(self) -> Bodies:
        """The bodies that may assess a credential from abroad, and the professions with their own."""
        return Bodies(self.list("designated_bodies"), self.list("profession_bodies"))

    @cached_property
    def evidence(self) -> Evidence:
        """The rules of evidence with all of their values."""
        return Evidence([*read_evidence(Source(self._pieces.evidence), self.instruments), *self._pieces.entries])

    @cached_property
    def measures(self) -> Measures:
        """What is counted of work, study and job offers: every row, added ones included."""
        rows = {row.column: row for row in read_measures(Source(self._pieces.measures), self.instruments)}
        rows |= {row.column: row for row in self._pieces.counted}
        return Measures(rows.values(), {name: self.list(name) for name in self._pieces.rows})

    @cached_property
    def streams(self) -> Streams:
        """The nominee streams of the provinces and territories: every version, with what it rests on."""
        from expressentry.law.streams import read_streams  # no score needs them, and a cold start is quicker

        return read_streams(self._pieces, self._pieces.rows)

    @cached_property
    def added_columns(self) -> Mapping[str, date]:
        """Columns that a user's law declares and no measure fills, with the first day on which a grid reads them."""
        found: dict[str, date] = {}
        for grid in self.user_grids:
            for name in (grid.inputs.keys() & self._pieces.declared) - self.measures.by_column.keys():
                found[name] = min(found.get(name, date.max), grid.in_force or START)
        return MappingProxyType(found)

    def noc_version(self, day: date) -> Version:
        """The version of the NOC in force on a day."""
        return 2021 if self.evidence.on(day).noc_version == 2021 else 2016

    def trades(self, version: Version) -> frozenset[str]:
        """The occupations that are a skilled trade of the class, by the groups that the program names.

        >>> from expressentry.law.load import load_law
        >>> trades = load_law().trades(2021)
        >>> "72200" in trades, "72600" in trades, "62200" in trades
        (True, False, True)
        """
        if version not in self._trades:
            (switch,) = self.evidence.changes("noc_version")
            programs = self.selection_on(switch if version == 2021 else START).programs
            program = next(one for one in programs if one.program == "fst")
            conditions = [condition for criterion in program.criteria for condition in criterion.conditions()]
            named = next(one for one in conditions if isinstance(one, Known) and one.column.name == "trade_noc")
            pairs = zip(named.column.values, named.allowed, strict=True)
            self._trades[version] = frozenset(code for code, allowed in pairs if allowed)
        return self._trades[version]

    @cached_property
    def _trades(self) -> dict[Version, frozenset[str]]:
        return {}

    # ---- what answers need

    def asked(self, crs: Grid, version: int, programs: Selection | None, categories: Selection | None) -> Asked:
        """The columns of the grid and of a selection's programs and categories; days under the same law share them."""
        key = (crs, version, programs, categories)
        if key not in self._asked:
            names = {*crs.inputs, *(programs.program_columns if programs else ())}
            names |= categories.category_columns if categories else set()
            columns = crs.columns.with_occupations(codes_of(2021 if version == 2021 else 2016))
            inputs = {name: column for name, column in columns.by_name.items() if name in names}
            self._asked[key] = Asked(columns, inputs, categories.tests if categories else ())
        return self._asked[key]

    @cached_property
    def _asked(self) -> dict[tuple[object, ...], Asked]:
        return {}

    def digest(self, rules: RuleSet) -> str:
        """SHA-256 over everything that decides an answer on the day of a rule set."""
        parts = {
            "grid": rules.crs.data,
            "parameters": rules.crs.parameters,
            "columns": {name: (column.values, column.empty, column.when) for name, column in rules.crs.inputs.items()},
            "orders": rules.crs.columns.orders,
            "instruments": [instrument.record() for instrument in rules.cited],
            "selection": rules.selection.data,
            "measures": {row.column: _row(row) for row in self.measures.on(rules.day)},
            "evidence": {id_: [one.start, one.value] for id_, one in rules.evidence.entries.items()},
            "lists": {name: _plain(rules.list(name)) for name in self.list_names},
        }
        return _digest(parts)

    def streams_digest(self, rules: RuleSet) -> str:
        """SHA-256 over everything that decides an answer about nominee streams on the day of a rule set.

        It covers the digest of the rule set; that one does not cover streams, because no score rests on them.
        """
        streams = self.streams.on(rules.day)
        cited = {c.cite.instrument.id for one in streams for top in one.criteria for c in top.walk()}
        parts = {
            "rules": rules.digest,
            "streams": {one.id: one.data for one in streams},
            "grids": {id_: self.streams.grids[id_].data for one in streams for id_ in one.grids},
            "occupations": {id_: sorted(one.codes) for id_, one in self.streams.occupations.items()},
            "instruments": [self.streams.instruments[id_].record() for id_ in sorted(cited)],
        }
        return _digest(parts)

    # ---- reading

    def read_all_of(self, source: Source) -> None:
        """Read everything that a file brought, so that errors in it are reported now and not on some later day."""
        for kind in ("crs", "fsw"):
            for piece in getattr(self._pieces, kind):
                if piece.source is source:
                    self._grid(piece, kind)
        for piece in self._pieces.programs:
            if piece.source is source:
                self._program(piece)
        if any(piece.source is source for piece in self._pieces.categories.values()):
            _ = self.categories
        for name in self._pieces.rows:
            self.list(name)
        _ = self.bodies if self._pieces.rows else None
        _ = self.evidence if self._pieces.entries else None
        _ = self.measures if self._pieces.counted else None
        _ = self.streams if self._pieces.streams or self._pieces.stream_grids else None

    def _grid(self, piece: Piece, kind: str) -> Grid:
        """Read a grid once, and only when a day needs it: a cold start reads one."""
        if piece not in self._read:
            self._read[piece] = read_grid(
                piece.open(),
                self.columns,
                self.instruments,
                user=piece.user,
                parameters=piece.parameters,
                kind=kind,
                path=piece.path,
                data=piece.data,
            )
        found: Grid = self._read[piece]
        return found

    def _program(self, piece: Piece) -> Program:
        if piece not in self._read:
            columns = self.columns.with_occupations(codes_of(self.noc_version(piece.start or START)))
            self._read[piece] = read_program(
                piece.open(),
                columns,
                self.instruments,
                id_=None if piece.data is None else piece.id,
                data=piece.data,
                user=piece.user,
            )
        found: Program = self._read[piece]
        return found

    @cached_property
    def _read(self) -> dict[Piece, Any]:
        return {}


def id_of(row: Row) -> tuple[object, ...]:
    """What makes one row of a list different from the others."""
    return (row.start, row.until, row.instrument, *row.values.values())


def _plain(rows: Iterable[Row]) -> list[list[object]]:
    return [[row.start, row.instrument, dict(row.values)] for row in rows]


def _row(row: Measure) -> list[object]:
    """A measure as plain data."""
    numbers = (row.window_years, row.unit, row.cap, row.values)
    return [row.counts, row.whose, row.gives, *map(str, row.work), *numbers]


def _digest(parts: Mapping[str, object]) -> str:
    import hashlib  # a cold start that shows no digest does not pay for it
    import json

    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _start(piece: Piece) -> date:
    return piece.start or date.max


def _begun(piece: Piece, day: date) -> bool:
    return piece.start is not None and piece.start <= day


def refuse_before_start(day: date) -> None:
    """Raise UsageError for a day before Express Entry began."""
    if day < START:
        rule = Text("Express Entry began on {start}", "Entrée express a commencé le {start}").fill(start=START)
        raise UsageError(
            Problem("day_before_law", "on", rule, Text("give a later day", "donner un jour ultérieur"), day)
        )


def _unestablished(one: Instrument, grid: Grid) -> Text:
    wording = Text(
        "new rules are reported since {day}; we could not read them. This uses the rules of {grid}",
        "de nouvelles règles sont annoncées depuis le {day}; nous n'avons pas pu les lire. Ceci applique les règles du "
        "{grid}",
    )
    return wording.fill(day=long_day(one.in_force or date.min), grid=long_day(grid.in_force or date.min))


def unknown_id(name: str, known: Iterable[str], field: str = "id") -> UsageError:
    """The error for an id that does not exist, in a field of what was asked."""
    rule = Text("unknown id", "identifiant inconnu")
    return UsageError(
        Problem("unknown_id", field, rule, Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(known)), name)
    )
