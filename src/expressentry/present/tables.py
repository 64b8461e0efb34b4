"""Rows as a CSV, NDJSON or Excel file, whole or not at all. No Polars here."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from expressentry.documents import text_cell
from expressentry.errors import Problem, UsageError
from expressentry.files import write_atomically
from expressentry.text import HALF, Text

ENDINGS = (".csv", ".ndjson", ".jsonl", ".xlsx")
Rows = Sequence[Mapping[str, object]]
_WIDEST = 60
_MOST_CELL = 32_767
"""Letters of a cell of Excel, at most."""


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


def write_table(rows: Rows, columns: Sequence[str], path: Path, on: date, *, raw: bool = False) -> None:
    """Write rows under named columns; `on` is the day of making in an Excel file, so that it is reproducible.

    `raw` leaves in a CSV file what a spreadsheet would take for a formula.

    Raises:
        UsageError: The ending is another.
        FileError: The file cannot be written.
    """
    check_table(path)
    ending = path.suffix.lower()
    if ending == ".xlsx":
        content = _workbook(rows, columns, on)
    elif ending == ".csv":
        content = comma_separated(rows, columns, raw=raw).encode()
    else:
        content = "".join(f"{json_line(row)}\n" for row in rows).encode()
    write_atomically(path, content)


def json_line(row: Mapping[str, object]) -> str:
    """A row as one line of JSON; half a character, which no file can have, is escaped."""
    return HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(dict(row), ensure_ascii=False))


def comma_separated(rows: Rows, columns: Sequence[str], *, raw: bool = False) -> str:
    """Rows as the text of a CSV file with a heading; see `text_cell` for what a spreadsheet would run.

    >>> print(comma_separated([{"client": "=1+1", "crs": -5}], ["client", "crs"]), end="")
    client,crs
    '=1+1,-5
    """
    lines = [_line([_cell_of(name, raw=raw) for name in columns])]
    lines += [_line([_cell_of(row.get(name), raw=raw) for name in columns]) for row in rows]
    return "".join(lines)


def _line(cells: Sequence[object]) -> str:
    """One line; the library quotes a carriage return only where lines end in one."""
    to = io.StringIO(newline="")
    csv.writer(to, lineterminator="\r\n").writerow(cells)
    return f"{to.getvalue()[:-2]}\n"


def _cell_of(value: object, *, raw: bool) -> object:
    """A value as the library writes it; of text, no half of a character, which no file can have."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, int | float):
        return value
    text = HALF.sub("\ufffd", str(value))
    return text if raw else text_cell(text)


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
        sheet.write_string(row, at, HALF.sub("\ufffd", str(value))[:_MOST_CELL])
