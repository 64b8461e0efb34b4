"""A user's law file: an instrument's record at its head, and any kind of law below, whole or only what changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from expressentry.dates import is_day
from expressentry.law.evidence import Entry, read_entry
from expressentry.law.extend import extended, extended_version
from expressentry.law.grid.read import OTHER_TABLES
from expressentry.law.instruments import Instrument, read_instruments
from expressentry.law.lists import Row, RowReader, csv_records
from expressentry.law.measures import read_measure
from expressentry.law.pieces import Piece, Pieces
from expressentry.law.schema import Column, read_column
from expressentry.law.source import Fields, Source, name_of
from expressentry.noc.codes import check_noc
from expressentry.text import Text, same

_TABLE = Text("expected a table", "table attendue")
_BASE_DAYS = ("from", "until")
"""The days of a version of a stream that say nothing of the one that extends it."""
_NOT_CLOSED = ("open", "intakes", "paused")
"""What a stream that extends another is too, unless it says otherwise."""


class Overlay:
    """One file that is added to a law; `into(pieces)` gives the pieces with it."""

    def __init__(self, source: Source, parameters: Mapping[str, int]) -> None:
        self.source = source
        self.open = set(source.data.get("parameters", {}))
        self.parameters = {name: number for name, number in parameters.items() if name in self.open}
        self.data = {key: value for key, value in source.data.items() if key not in OTHER_TABLES}
        self.in_force: date | None = None
        self.made_by: str | None = None

    @property
    def has_grid(self) -> bool:
        """Whether the file has a CRS grid, whole or extended; a head alone is not a grid."""
        return bool(self.data.keys() - {"in_force", "made_by", "title", "status", "parameters"})

    def into(self, pieces: Pieces) -> Pieces:
        """Add everything that the file says, kind by kind.

        Raises LawError with what is wrong, each with file and line.
        """
        head = Fields(self.source, (), self.source.data)
        self.in_force = head.day("in_force", required=False)
        self.made_by = head.string("made_by", required=False)
        pieces = self._instruments(pieces)
        pieces = self._columns(pieces)
        pieces = self._lists(pieces)
        pieces = self._measures(pieces)
        pieces = self._evidence(pieces)
        pieces = self._categories(pieces)
        pieces = self._programs(pieces)
        pieces = self._fsw(pieces)
        pieces = self._streams(pieces)
        return self._grid(pieces) if self.has_grid else pieces

    def _instruments(self, pieces: Pieces) -> Pieces:
        found = read_instruments(self.source, self._table("instruments"), ("instruments",), user=True)
        for one in found.values():
            if one.id in pieces.instruments and one.replaces != one.id:
                self.source.wrong("already_there", ("instruments", one.id), _TAKEN, _REPLACE.fill(id=one.id), one.id)
        self.source.finish()
        open_ = (*pieces.unestablished, *(one for one in found.values() if one.status == "unestablished"))
        return replace(pieces, instruments={**pieces.instruments, **found}, unestablished=open_)

    def _columns(self, pieces: Pieces) -> Pieces:
        found: dict[str, Column] = {}
        for name, record in self._table("columns").items():
            column = read_column(Fields(self.source, ("columns", name), record), name)
            known = pieces.columns.by_name.get(name)
            if known is not None and known != column:
                self.source.wrong("already_there", ("columns", name), _TAKEN, _OTHER_NAME, name)
            if column.empty == "unknown" and known is None:
                self.source.wrong("unknown_is_no_value", ("columns", name, "empty"), _NEVER_A_VALUE, _REFUSED)
            found[name] = column
        self.source.finish()
        declared = pieces.declared | found.keys()
        return replace(pieces, columns=pieces.columns.with_more(found), declared=declared) if found else pieces

    def _lists(self, pieces: Pieces) -> Pieces:
        rows = dict(pieces.rows)
        for name, record in self._table("lists").items():
            rows[name] = (*rows.get(name, ()), *self._rows(name, record, pieces.instruments))
        self.source.finish()
        return replace(pieces, rows=rows)

    def _rows(self, name: str, record: Mapping[str, Any], instruments: Mapping[str, Instrument]) -> list[Row]:
        """The rows of one list: written in the table, or in a CSV file beside the law file."""
        fields = Fields(self.source, ("lists", name), record)
        begun = fields.day("from", required=False) or self.in_force
        usual = {"from": begun.isoformat() if begun else "", "instrument": self.made_by or ""}
        beside = fields.string("file", required=False)
        if beside is not None:
            fields.close()
            path = self.source.path.parent / beside
            if not path.is_file():
                fields.wrong("no_such_file", "file", _BESIDE, _CORRECT, beside)
                return []
            reader = RowReader(name_of(path), instruments, user=True)
            records = csv_records(path)
        else:
            reader = RowReader(self.source.name, instruments, user=True)
            line = self.source.line(("lists", name, "rows"))
            records = [(line, one) for one in self._written(fields)]
            fields.close()
        for line, one in records:
            reader.add({**usual, **{key: value for key, value in one.items() if value}}, line)
        self.source.problems += reader.problems
        wrong = [(row, check_noc(row.values["noc"], 2021, "noc")) for row in reader.rows if "noc" in row.values]
        for row, problem in wrong:
            if problem is not None:
                self.source.problems.append(replace(problem, where=same(f"{reader.name}:{row.line}")))
        return reader.rows

    def _written(self, fields: Fields) -> Iterable[dict[str, str]]:
        """Rows as tables, or as arrays under `columns`."""
        columns = fields.take("columns", list, _LIST, required=False)
        for row in fields.take("rows", list, _LIST, required=True) or []:
            if columns is not None and isinstance(row, list) and len(row) == len(columns):
                yield {str(name): str(value) for name, value in zip(columns, row, strict=True)}
            elif columns is None and isinstance(row, dict):
                yield {str(name): str(value) for name, value in row.items()}
            else:
                fields.wrong("wrong_row", "rows", _ROWS, _CORRECT, row)

    def _measures(self, pieces: Pieces) -> Pieces:
        """Rows that say what a new column counts, or that take the place of one."""
        counted, columns = list(pieces.counted), dict[str, Column]()
        for column, record in self._table("measures").items():
            path, known = ("measures", column), column in pieces.columns.by_name
            fields = Fields(self.source, path, {key: value for key, value in record.items() if key != "replaces"})
            if known and record.get("replaces") != column:
                self.source.wrong("already_there", path, _TAKEN, _REPLACE.fill(id=column), column)
            row = read_measure(
                fields,
                column,
                pieces.instruments,
                start=self.in_force,
                instrument=self.made_by,
                user=True,
                known=known,
            )
            named = row.occupations.list
            if named is not None and named not in pieces.rows:
                rule = Text("no such list of occupations", "liste de professions inconnue")
                self.source.wrong("unknown_list", (*path, "occupations"), rule, _ADD_LIST, named)
            counted = [*(one for one in counted if one.column != column), row]
            columns |= {column: row.column_added} if row.column_added is not None else {}
        self.source.finish()
        return replace(pieces, counted=tuple(counted), columns=pieces.columns.with_more(columns))

    def _evidence(self, pieces: Pieces) -> Pieces:
        found: list[Entry] = []
        for id_, record in self._table("evidence").items():
            fields = Fields(self.source, ("evidence", id_), record)
            title, unit = fields.text("title", required=False), fields.text("unit", required=False)
            found.append(
                read_entry(
                    fields,
                    id_,
                    pieces.instruments,
                    title or same(id_),
                    unit or same(""),
                    start=self.in_force,
                    instrument=self.made_by,
                    user=True,
                )
            )
        self.source.finish()
        return replace(pieces, entries=(*pieces.entries, *found))

    def _categories(self, pieces: Pieces) -> Pieces:
        categories = dict(pieces.categories)
        for id_, record in self._table("categories").items():
            old = categories.get(id_)
            before = {} if old is None else dict(old.open().data if old.data is None else old.data)
            before.pop("id", None)
            joined, added = {**before, **{k: v for k, v in record.items() if k == "title"}}, []
            for name, version in record.items():
                if name == "title":
                    continue
                if name in before and not (isinstance(version, dict) and version.get("replaces") == name):
                    path = ("categories", id_, name)
                    self.source.wrong("already_there", path, _TAKEN, _REPLACE.fill(id=name), f"{id_} {name}")
                joined[name] = extended_version(before, version, self.made_by, self.in_force)
                added.append(name)
            versions = frozenset(added) | (old.versions if old else frozenset())
            categories[id_] = Piece(id_, self.source.path, data=joined, source=self.source, versions=versions)
        self.source.finish()
        return replace(pieces, categories=categories)

    def _programs(self, pieces: Pieces) -> Pieces:
        for id_, record in self._table("programs").items():
            piece = self._dated("programs", id_, record, pieces.programs)
            if piece is not None:
                pieces = replace(pieces, programs=(*pieces.without("programs", piece.id), piece))
        self.source.finish()
        return pieces

    def _fsw(self, pieces: Pieces) -> Pieces:
        record = self._table("fsw")
        if record:
            piece = self._dated("fsw", str(record.get("id", "")), record, pieces.fsw, path=("fsw",))
            if piece is not None:
                pieces = replace(pieces, fsw=(*pieces.without("fsw", piece.id), piece))
        self.source.finish()
        return pieces

    def _streams(self, pieces: Pieces) -> Pieces:
        """Nominee streams and their grids, whole or on top of what they extend."""
        from expressentry.law.streams import known_pieces  # only a user's file needs them here

        for kind in ("grids", "streams"):
            table = self._table(kind)
            if not table:
                continue
            added = pieces.stream_grids if kind == "grids" else pieces.streams
            known = (*known_pieces(pieces.provinces, kind), *added)
            found = []
            for id_, record in table.items():
                data = extended(self.source, (kind, id_), record, known, self.made_by)
                data.pop("id", None)
                replaces = data.pop("replaces", None)
                if self.made_by is not None:
                    data.setdefault("made_by" if kind == "grids" else "instrument", self.made_by)
                    data.setdefault("instrument", self.made_by)
                begins = "in_force" if kind == "grids" else "known"
                data[begins] = record.get(begins, self.in_force)
                if kind == "streams":
                    data = {name: value for name, value in data.items() if name in record or name not in _BASE_DAYS}
                    base = next((one for one in known if one.id == record.get("extends")), None)
                    was = (base.data or {}).get("status") if base is not None else None
                    data.setdefault("status", was if was in _NOT_CLOSED else "open")
                if id_ in {piece.id for piece in known} and replaces != id_:
                    self.source.wrong("already_there", (kind, id_), _TAKEN, _REPLACE.fill(id=id_), id_)
                start = data[begins]
                if not is_day(start):
                    self.source.wrong("missing_key", (kind, id_, begins), _DAY, _ADD_DAY)
                    continue
                piece = Piece(id_, self.source.path, start, (kind, id_), data, self.source, user=True)
                found.append(replace(piece, replaces=replaces))
            kept = tuple(one for one in added if one.id not in table)
            every = (*kept, *found)
            grids = kind == "grids"
            pieces = replace(pieces, stream_grids=every) if grids else replace(pieces, streams=every)
        self.source.finish()
        return pieces

    def _dated(
        self, kind: str, id_: str, record: Mapping[str, Any], known: tuple[Piece, ...], path: tuple[str, ...] = ()
    ) -> Piece | None:
        """A program or a 67-point grid of the file, on top of what it extends."""
        place = path or (kind, id_)
        data = extended(self.source, place, record, known, self.made_by)
        replaces = data.pop("replaces", None)
        data.setdefault("in_force", self.in_force)
        if id_ in {piece.id for piece in known} and replaces != id_:
            self.source.wrong("already_there", place, _TAKEN, _REPLACE.fill(id=id_), id_)
        start = data["in_force"]
        if not is_day(start):
            self.source.wrong("missing_key", (*place, "in_force"), _DAY, _ADD_DAY)
            return None
        return Piece(id_, self.source.path, start, place, data, self.source, user=True)

    def _grid(self, pieces: Pieces) -> Pieces:
        data = extended(self.source, (), self.data, pieces.crs, self.made_by)
        start, id_, replaces = data.get("in_force"), str(data.get("id", "")), data.get("replaces")
        day = start if is_day(start) else None
        piece = Piece(id_, self.source.path, day, (), data, self.source, user=True, parameters=self.parameters)
        if data.get("status") == "proposed":
            return replace(pieces, named=piece)
        for other in pieces.crs:
            if replaces != other.id and other.id == id_:
                self.source.wrong("already_there", ("id",), _TAKEN, _REPLACE.fill(id=other.id), other.id)
            elif replaces != other.id and day is not None and other.start == day:
                self.source.wrong("two_on_one_day", ("in_force",), _SAME_DAY, _REPLACE.fill(id=other.id), other.id)
        return replace(pieces, crs=(*pieces.without("crs", str(replaces)), piece))

    def _table(self, name: str) -> Mapping[str, Any]:
        """A table of the file by its name; every entry of it is a table too."""
        found = self.source.data.get(name, {})
        wrong = [] if isinstance(found, dict) else [name]
        if isinstance(found, dict) and name != "fsw":
            wrong = [key for key, value in found.items() if not isinstance(value, dict)]
        for key in wrong:
            self.source.wrong("wrong_type", (name,) if key == name else (name, key), _TABLE, _CORRECT)
        self.source.finish()
        return found if isinstance(found, dict) else {}


_TAKEN = Text("exists already", "existe déjà")
_SAME_DAY = Text("another grid is in force from this day", "une autre grille vaut dès ce jour")
_REPLACE = Text('say replaces = "{id}" if that is meant', 'dire replaces = "{id}" si c\'est voulu')
_OTHER_NAME = Text("give the column another name", "donner un autre nom à la colonne")
_NEVER_A_VALUE = Text(
    "a grid cannot count an unknown value as a value", "une grille ne peut pas compter une valeur inconnue"
)
_REFUSED = Text('say empty = "refused"', 'dire empty = "refused"')
_BESIDE = Text("a CSV file beside the law file", "un fichier CSV à côté du fichier de droit")
_ADD_LIST = Text("add it under [lists]", "l'ajouter sous [lists]")
_LIST = Text("expected a list", "liste attendue")
_ROWS = Text(
    "expected rows as tables, or as lists as long as `columns`",
    "attendu : des rangées en tables, ou en listes aussi longues que `columns`",
)
_CORRECT = Text("correct the value", "corriger la valeur")
_DAY = Text("required, here or at the head of the file", "obligatoire, ici ou en tête du fichier")
_ADD_DAY = Text("add in_force = YYYY-MM-DD", "ajouter in_force = AAAA-MM-JJ")
