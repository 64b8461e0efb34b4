"""Rows as a CSV, NDJSON or Excel file, whole or not at all. No Polars here."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from expressentry.errors import FileError, Problem, UsageError
from expressentry.text import Text, same

ENDINGS = (".csv", ".ndjson", ".jsonl", ".xlsx")
Rows = Sequence[Mapping[str, object]]
_WIDEST = 60


def check_table(path: Path) -> None:
    """Refuse a file whose ending names no table that can be written."""
    if path.suffix.lower() not in ENDINGS:
        rule = Text("a file ending in {a}", "un fichier finissant par {a}").fill(a=", ".join(ENDINGS))
        raise UsageError(Problem("unknown_format", "out", rule, Text("choose one", "en choisir un"), str(path)))


def write_table(rows: Rows, columns: Sequence[str], path: Path, on: date) -> None:
    """Write rows under named columns; an Excel file has `on` as its day of making, so that it is reproducible.

    Raises UsageError for another ending, FileError where the file cannot be written.
    """
    check_table(path)
    ending = path.suffix.lower()
    if ending == ".xlsx":
        content = _workbook(rows, columns, on)
    elif ending == ".csv":
        content = _comma_separated(rows, columns).encode()
    else:
        content = "".join(f"{json.dumps(dict(row), ensure_ascii=False)}\n" for row in rows).encode()
    write_whole(content, path)


def write_whole(content: bytes, path: Path, mode: int = 0o666) -> None:
    """Write a file whole or not at all; `mode` says who may read it, as far as the system's own mask lets them.

    Raises FileError where it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
        part.replace(path)
    except OSError as error:
        fix = Text("check the folder and its rights", "vérifier le dossier et ses droits")
        raise FileError(Problem("unwritable", str(path), same(error.strerror or error), fix)) from None
    finally:
        part.unlink(missing_ok=True)


def _comma_separated(rows: Rows, columns: Sequence[str]) -> str:
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


def _cell(sheet: object, row: int, at: int, value: object) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)  # type: ignore[attr-defined]
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value)  # type: ignore[attr-defined]
    else:
        sheet.write_string(row, at, str(value))  # type: ignore[attr-defined]
