"""Dated lists: CSV rows that hold from a day until the first day on which they no longer do."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from expressentry.dates import START, parse_day
from expressentry.errors import ABSENT, LawError, Problem
from expressentry.law.source import DATA
from expressentry.text import Text, same


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list; `until` is None while no end is known."""

    start: date
    until: date | None
    instrument: str
    values: Mapping[str, str]
    line: int

    def holds(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.start <= day and (self.until is None or day < self.until)


def read_list(path: Path, instruments: Iterable[str], *, key: Sequence[str] = (), covers: bool = True) -> list[Row]:
    """Read a list; within each key no two rows may hold on one day and, where it `covers`, none may be missing.

    Raises LawError with every gap, overlap, unknown instrument and unreadable day, each with file and line.
    """
    name = f"law/{path.relative_to(DATA)}" if path.is_relative_to(DATA) else str(path)
    problems: list[Problem] = []
    rows: dict[tuple[str, ...], list[Row]] = {}
    known = set(instruments)

    def wrong(code: str, line: int, field: str, rule: Text, fix: Text, value: object = ABSENT) -> None:
        problems.append(Problem(code, field, rule, fix, value, same(f"{name}:{line}")))

    with path.open(encoding="utf-8", newline="") as file:
        for line, record in enumerate(csv.DictReader(file), 2):
            try:
                start, until = parse_day(record.pop("from")), record.pop("until")
                row = Row(start, parse_day(until) if until else None, record.pop("instrument"), record, line)
            except (KeyError, ValueError) as error:
                rule = Text(
                    "expected columns from, until, instrument and days YYYY-MM-DD",
                    "attendu : colonnes from, until, instrument et jours AAAA-MM-JJ",
                )
                wrong(
                    "wrong_list_row",
                    line,
                    "from, until",
                    rule,
                    Text("correct the row", "corriger la ligne"),
                    str(error),
                )
                continue
            if row.instrument not in known:
                rule = Text("unknown instrument", "instrument inconnu")
                wrong(
                    "unknown_instrument",
                    line,
                    "instrument",
                    rule,
                    Text("add its record", "ajouter sa fiche"),
                    row.instrument,
                )
            rows.setdefault(tuple(record[k] for k in key), []).append(row)
    if any(problem.code == "wrong_list_row" for problem in problems):
        raise LawError(problems)  # without every day read, gaps and overlaps cannot be told
    for series in rows.values():
        series.sort(key=lambda row: row.start)
        if covers and series[0].start > START:
            wrong("gap", series[0].line, "from", _GAP.fill(a=START, b=series[0].start), _JOIN, series[0].start)
        for before, after in pairwise(series):
            if before.until is None or before.until > after.start:
                wrong("overlap", after.line, "from", _OVERLAP.fill(day=after.start), _JOIN, after.start)
            elif covers and before.until < after.start:
                wrong("gap", after.line, "from", _GAP.fill(a=before.until, b=after.start), _JOIN, after.start)
        if covers and series[-1].until is not None:
            wrong("gap", series[-1].line, "until", _GAP.fill(a=series[-1].until, b="…"), _JOIN, series[-1].until)
    if problems:
        raise LawError(problems)
    return [row for series in rows.values() for row in series]


_GAP = Text("no row holds from {a} to {b}", "aucune ligne ne vaut du {a} au {b}")
_OVERLAP = Text("two rows hold on {day}", "deux lignes valent le {day}")
_JOIN = Text("end each row on the day the next begins", "finir chaque ligne le jour où la suivante commence")


LISTS: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "invitation_windows": ((), True),
    "language_charts": (("test", "ability", "clb"), False),
    "language_scales": (("test", "ability"), False),
    "program_order": ((), True),
    "settlement_funds": ((), True),
}
"""Every list that this package ships: the columns of its key, and whether it covers every day since the first."""


def shipped_list(name: str, instruments: Iterable[str]) -> list[Row]:
    """One list that this package ships, checked."""
    key, covers = LISTS[name]
    return read_list(DATA / "lists" / f"{name}.csv", instruments, key=key, covers=covers)


def shipped_lists(instruments: Iterable[str]) -> dict[str, list[Row]]:
    """Every list that this package ships, by name, checked."""
    known = tuple(instruments)
    return {name: shipped_list(name, known) for name in LISTS}
