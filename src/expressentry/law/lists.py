"""Dated lists: rows that hold from a day until the first day on which they no longer do, shipped as CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from itertools import pairwise
from pathlib import Path

from expressentry.dates import START, parse_day
from expressentry.documents import read_text
from expressentry.errors import ABSENT, LawError, Problem
from expressentry.law.source import name_of
from expressentry.text import Text, same


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list; `until` is None while no end is known, `user` says that a user added it."""

    start: date
    until: date | None
    instrument: str
    values: Mapping[str, str]
    line: int
    user: bool = False

    def holds(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a list: the columns of its key, whether it covers every day since the first, what it asks."""

    key: tuple[str, ...] = ()
    covers: bool = False
    asks: tuple[str, ...] = ()


LISTS: Mapping[str, Shape] = {
    "designated_bodies": Shape(("body",), asks=("body", "name_en", "name_fr")),
    "designated_tests": Shape(("test",), asks=("test", "name_en", "name_fr", "accepted")),
    "fees": Shape(("fee",)),
    "invitation_windows": Shape((), covers=True),
    "language_charts": Shape(("test", "ability", "clb")),
    "language_scales": Shape(("test", "ability")),
    "profession_bodies": Shape(("noc",), asks=("noc", "body", "who")),
    "program_order": Shape((), covers=True),
    "settlement_funds": Shape((), covers=True),
}
"""Every list that the engine reads by name; a user's law may bring others, of occupations with their tiers."""

_DATED = ("from", "until", "instrument")


class RowReader:
    """Reads the rows of one list, and keeps every problem with its file and line."""

    def __init__(self, name: str, instruments: Iterable[str], *, user: bool = False) -> None:
        self.name, self.known, self.user = name, set(instruments), user
        self.problems: list[Problem] = []
        self.rows: list[Row] = []

    def wrong(self, code: str, line: int, field: str, rule: Text, fix: Text, value: object = ABSENT) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, field, rule, fix, value, same(f"{self.name}:{line}")))

    def add(self, record: Mapping[str, str], line: int) -> None:
        """Read one row, all of its values being text."""
        try:
            start, until = parse_day(record["from"]), record.get("until")
            values = {name: value for name, value in record.items() if name not in _DATED}
            row = Row(start, parse_day(until) if until else None, record["instrument"], values, line, self.user)
        except (KeyError, ValueError) as error:
            self.wrong("wrong_list_row", line, "from, until", _COLUMNS, _CORRECT_ROW, str(error))
            return
        if row.instrument not in self.known:
            rule = Text("unknown instrument", "instrument inconnu")
            fix = Text("add its record", "ajouter sa fiche")
            self.wrong("unknown_instrument", line, "instrument", rule, fix, row.instrument)
        self.rows.append(row)

    def finish(self, shape: Shape, rows: Sequence[Row] | None = None) -> list[Row]:
        """Return the rows, by key and day; within each key no two may hold on one day and no covered day is missing.

        Raises LawError with every problem found.
        """
        if not any(problem.code == "wrong_list_row" for problem in self.problems):
            # Without every day read, gaps and overlaps cannot be found.
            found = self.rows if rows is None else rows
            self._asked(shape, found)
            series = _by_key(found, shape.key)
            for one in series:
                self._gaps_and_overlaps(one, covers=shape.covers)
        if self.problems:
            raise LawError(self.problems)
        return [row for one in series for row in one]

    def _asked(self, shape: Shape, rows: Iterable[Row]) -> None:
        for row in rows:
            for name in shape.asks:
                if not row.values.get(name):
                    self.wrong("missing_key", row.line, name, Text("required", "obligatoire"), _ADD_COLUMN)

    def _gaps_and_overlaps(self, series: Sequence[Row], *, covers: bool) -> None:
        first, last = series[0], series[-1]
        if covers and first.start > START:
            self.wrong("gap", first.line, "from", _GAP.fill(a=START, b=first.start), _JOIN, first.start)
        for before, after in pairwise(series):
            if before.until is None or before.until > after.start:
                self.wrong("overlap", after.line, "from", _OVERLAP.fill(day=after.start), _JOIN, after.start)
            elif covers and before.until < after.start:
                self.wrong("gap", after.line, "from", _GAP.fill(a=before.until, b=after.start), _JOIN, after.start)
        if covers and last.until is not None:
            self.wrong("gap", last.line, "until", _GAP.fill(a=last.until, b="…"), _JOIN, last.until)


def _by_key(rows: Iterable[Row], key: Sequence[str]) -> list[list[Row]]:
    series: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows:
        series.setdefault(tuple(row.values.get(name) for name in key), []).append(row)
    return [sorted(one, key=lambda row: row.start) for one in series.values()]


def read_list(path: Path, instruments: Iterable[str], *, key: Sequence[str] = (), covers: bool = True) -> list[Row]:
    """Read a list from its CSV file.

    Raises LawError with every gap, overlap, unknown instrument and unreadable day, each with file and line.
    """
    reader, asks = RowReader(name_of(path), instruments), LISTS.get(path.stem, Shape()).asks
    for line, record in csv_records(path):
        reader.add(record, line)
    return reader.finish(Shape(tuple(key), covers, asks))


def csv_records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their lines."""
    csv.field_size_limit(2**31 - 1)  # the file's own size is the bound
    return list(enumerate(csv.DictReader(StringIO(read_text(path, name_of(path)), newline="")), 2))


def with_added(rows: Sequence[Row], added: Sequence[Row], key: Sequence[str]) -> list[Row]:
    """A list with rows that are added to it: each takes the place of what held within its key on its days.

    >>> old = Row(date(2015, 1, 1), None, "a", {"days": "60"}, 2)
    >>> new = Row(date(2027, 1, 1), None, "b", {"days": "90"}, 1, user=True)
    >>> [(row.start.year, row.until, row.values["days"]) for row in with_added([old], [new], ())]
    [(2015, datetime.date(2027, 1, 1), '60'), (2027, None, '90')]
    """
    found = list(rows)
    for new in added:
        same_key = {name: new.values.get(name) for name in key}
        left: list[Row] = []
        for old in found:
            if any(old.values.get(name) != value for name, value in same_key.items()):
                left.append(old)
                continue
            if old.start < new.start:
                left.append(replace(old, until=min(old.until or date.max, new.start)))
            if new.until is not None and (old.until is None or old.until > new.until):
                left.append(replace(old, start=max(old.start, new.until)))
        found = [*left, new]
    return sorted(found, key=lambda row: row.start)


_COLUMNS = Text(
    "expected columns from, until, instrument and days YYYY-MM-DD",
    "attendu : colonnes from, until, instrument et jours AAAA-MM-JJ",
)
_ADD_COLUMN = Text("add the column, and its value in each row", "ajouter la colonne, et sa valeur dans chaque ligne")
_CORRECT_ROW = Text("correct the row", "corriger la ligne")
_GAP = Text("no row holds from {a} to {b}", "aucune ligne ne vaut du {a} au {b}")
_OVERLAP = Text("two rows hold on {day}", "deux lignes valent le {day}")
_JOIN = Text("end each row on the day the next begins", "finir chaque ligne le jour où la suivante commence")
