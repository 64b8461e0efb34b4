"""`data export`: every table in three forms that agree, what each column is, and the same bytes for the same data."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expressentry import load_law, load_record
from expressentry.answers.context import Context
from expressentry.answers.exported import tables
from expressentry.answers.package import export
from expressentry.cli import run

TABLES = {one.name: one for one in tables(Context(load_law(), load_record()))}
READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files."""
    found = tmp_path_factory.mktemp("data") / "made"
    export(list(TABLES.values()), found, "2026-10-01")
    return found


def package(folder: Path) -> dict[str, Any]:
    """What the package says."""
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", TABLES)
def test_three_forms_agree(name: str, folder: Path) -> None:
    """CSV, Parquet and SQLite have the rows of the table, in order, and every value is of the type told."""
    expected = list(TABLES[name].rows())
    fields = TABLES[name].fields
    lines = csv.reader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True))
    head, *cells = list(lines)
    with sqlite3.connect(folder / "expressentry.db") as database:
        stored = database.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
    database.close()

    assert expected
    assert head == [one.name for one in fields]
    read = [
        tuple(READ[one.kind](cell) if cell else None for one, cell in zip(fields, row, strict=True)) for row in cells
    ]
    assert read == expected
    assert pl.read_parquet(folder / f"{name}.parquet").rows() == expected
    told = [[None if cell == "" else cell for cell in row] for row in cells]
    whole = [[cell if cell is None else str(cell) for cell in row] for row in stored]
    flags = [one.kind == "boolean" for one in fields]
    numbers = {"true": "1", "false": "0", None: None}
    assert whole == [[numbers[cell] if flag else cell for flag, cell in zip(flags, row, strict=True)] for row in told]


def test_what_a_spreadsheet_would_run(tmp_path: Path) -> None:
    """Text of a feed or a law file that is a formula has an apostrophe in CSV; the other forms have it as it is."""
    hostile = "=cmd|'/C calc'!A0"
    rounds = TABLES["rounds"]
    at = [one.name for one in rounds.fields].index("name")
    found = [(*row[:at], hostile, *row[at + 1 :]) for row in list(rounds.rows())[:2]]
    export([replace(rounds, rows=lambda: found)], tmp_path, "2026-10-01")
    cells = list(csv.reader((tmp_path / "rounds.csv").read_text(encoding="utf-8").splitlines()))

    assert [row[at] for row in cells[1:]] == [f"'{hostile}"] * 2
    assert pl.read_parquet(tmp_path / "rounds.parquet")["name"].to_list() == [hostile] * 2


@pytest.mark.parametrize("name", TABLES)
def test_keys(name: str) -> None:
    """The key tells every row from the others, and is never empty."""
    names = [one.name for one in TABLES[name].fields]
    places = [names.index(one) for one in TABLES[name].key]
    keys = [tuple(row[at] for at in places) for row in TABLES[name].rows()]

    assert all(value is not None for key in keys for value in key)
    assert len(set(keys)) == len(keys)


def test_points_are_those_of_the_grid() -> None:
    """Cells of the table are those that the engine looks up: the sum over two lines is known by hand."""
    rows = [row[1:] for row in TABLES["points"].rows()]
    found = {(row[0], row[2], row[7], row[10]): row[11:13] for row in rows}

    assert found["crs-2025-03-25", "core.age", "29", None] == (110, 100)
    assert found["crs-2025-03-25", "core.age", "45", None] == (0, 0)
    assert {row[0] for row in rows} >= {grid.id for grid in load_law().grids}


def test_package(folder: Path) -> None:
    """Every file is named with its size and digest, every column with both titles, every table with a licence."""
    found = package(folder)
    files = {one["path"]: one for one in found["resources"]}

    assert set(files) == {path.name for path in folder.iterdir()} - {"datapackage.json"}
    for name, one in files.items():
        content = (folder / name).read_bytes()
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        for field in one.get("schema", {}).get("fields", []):
            assert field["title"]
            assert field["title_fr"]
    assert {one["name"] for one in found["licenses"]} == {"OGL-Canada-2.0", "statcan-open-licence", "Apache-2.0"}
    assert {field["unit"] for field in files["rounds.csv"]["schema"]["fields"] if "unit" in field} == {
        "people",
        "CRS points",
        "UTC",
    }


def test_same_bytes(folder: Path) -> None:
    """Another process, with other hashes of text and another time zone and language, writes the same bytes."""
    again = folder.parent / "again"
    environ = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Tokyo",
        "EXPRESSENTRY_HOME": str(folder.parent / "home"),
    }
    words = [sys.executable, "-m", "expressentry", "data", "export", str(again), "--lang", "fr"]
    told = subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout

    assert "datapackage.json : " in told
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that cannot be made is told, and nothing is written."""
    (tmp_path / "file").write_text("")

    assert run(["data", "export", str(tmp_path / "file/x")]) == 1
    assert "file/x" in capsys.readouterr().err
