"""Rows as a CSV, NDJSON or Excel file, whole or not at all. No Polars here."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from expressentry.errors import Problem, UsageError
from expressentry.files import write_atomically
from expressentry.text import Text

ENDINGS = (".csv", ".ndjson", ".jsonl", ".xlsx")
Rows = Sequence[Mapping[str, object]]
_WIDEST = 60


class _Sheet(Protocol):
    """What a sheet of xlsxwriter, which has no types, takes."""

    def write_boolean(self, row: int, at: int, value: bool) -> object:
        """Write true or false."""

    def write_number(self, row: int, at: int, value: float) -> object:
        """Write a number."""

    def write_string(self, row: int, at: int, value: str) -> object:
        """Write words, never read as a formula."""


def check_table(path: Path) -> None:
    """Refuse a file whose ending is not that of a table that can be written."""
    if path.suffix.lower() not in ENDINGS:
        rule = Text("a file ending in {a}", "un fichier finissant par {a}").fill(a=", ".join(ENDINGS))
        raise UsageError(
            Problem("unknown_format", "out", rule, Text("choose one of them", "choisissez l'une d'elles"), str(path))
        )


def write_table(rows: Rows, columns: Sequence[str], path: Path, on: date) -> None:
    """Write rows under named columns; `on` is the day of making in an Excel file, so that it is reproducible.

    Raises:
        UsageError: The ending is another.
        FileError: The file cannot be written.
    """
    check_table(path)
    ending = path.suffix.lower()
    if ending == ".xlsx":
        content = _workbook(rows, columns, on)
    elif ending == ".csv":
        content = comma_separated(rows, columns).encode()
    else:
        content = "".join(f"{json.dumps(dict(row), ensure_ascii=False)}\n" for row in rows).encode()
    write_atomically(path, content)


def comma_separated(rows: Rows, columns: Sequence[str]) -> str:
    """Rows as the text of a CSV file with a heading."""
    to = io.StringIO()
    writer = csv.DictWriter(to, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: str(v).lower() if isinstance(v, bool) else v for name, v in row.items()})
    return to.getvalue()


def _workbook(rows: Rows, columns: Sequence[str], on: date) -> bytes:
    """One sheet: the heading stays in sight, columns can be filtered, words are never read as formulas."""
    import xlsxwriter

    to = io.BytesIO()
    with xlsxwriter.Workbook(to, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(on.year, on.month, on.day), "author": "expressentry"})
        sheet, bold = book.add_worksheet("clients"), book.add_format({"bold": True})
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name, bold)
        for number, row in enumerate(rows, 1):
            for at, name in enumerate(columns):
                _cell(sheet, number, at, row.get(name))
        for at, name in enumerate(columns):
            widest = max([len(name), *(len(str(row.get(name) or "")) for row in rows)])
            sheet.set_column(at, at, min(widest, _WIDEST) + 2)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    return to.getvalue()


def _cell(sheet: _Sheet, row: int, at: int, value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value)
    else:
        sheet.write_string(row, at, str(value))
