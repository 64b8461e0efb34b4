"""Tables as files: CSV, Parquet, one SQLite file, and a Frictionless data package that says what is in them.

The same data gives the same bytes: nothing of the clock, of the machine or of an order that is open goes into a file.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from expressentry.answers.exported import Field, Owner, Table
from expressentry.documents import text_cell
from expressentry.files import PUBLIC, write_into_folder
from expressentry.text import Text

DATABASE = "expressentry.db"
PACKAGE = "datapackage.json"
_POLARS = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
}
_SQLITE = {"string": "TEXT", "integer": "INTEGER", "boolean": "INTEGER", "date": "TEXT", "datetime": "TEXT"}
_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "db": "application/vnd.sqlite3"}
_TITLE = Text(
    "Express Entry: rounds, pool, categories, occupations and law",
    "Entrée express : rondes, bassin, catégories, professions et droit",
)


def export(tables: Sequence[Table], folder: Path, version: str) -> dict[str, int]:
    """Write all files into a folder, each whole or not at all; gives the bytes of each, by its name.

    Args:
        tables: What is exported.
        folder: Where to; it is made where it is not there.
        version: The version of the package: the day up to which the record of rounds is complete.

    Raises:
        FileError: A file cannot be written.
    """
    rows = {table.name: list(table.rows()) for table in tables}
    files: dict[str, bytes] = {}
    for table in tables:
        files[f"{table.name}.csv"] = _csv(table, rows[table.name])
        files[f"{table.name}.parquet"] = _parquet(table, rows[table.name])
    files[DATABASE] = _database(tables, rows)
    files[PACKAGE] = _package(tables, files, version)
    for name, content in files.items():
        write_into_folder(folder / name, content, mode=PUBLIC)
    return {name: len(content) for name, content in files.items()}


def _csv(table: Table, rows: Sequence[tuple[Any, ...]]) -> bytes:
    written = io.StringIO()
    # Rounds and law of the user's folder are text of anybody; Parquet and SQLite, which nobody runs, have it as it is.
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([one.name for one in table.fields])
    writer.writerows([["" if value is None else _cell(value) for value in row] for row in rows])
    return written.getvalue().encode()


def _cell(value: Any) -> Any:
    return text_cell(value) if isinstance(value, str) else _text(value)


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


def _parquet(table: Table, rows: Sequence[tuple[Any, ...]]) -> bytes:
    schema = {one.name: _POLARS[one.kind] for one in table.fields}
    written = io.BytesIO()
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(written, compression="zstd")
    return written.getvalue()


def _database(tables: Sequence[Table], rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> bytes:
    """Every table in one SQLite file, and `columns`, which says what each column is."""
    with sqlite3.connect(":memory:") as database:
        for table in tables:
            columns = [f'"{one.name}" {_SQLITE[one.kind]}' for one in table.fields]
            key = ", ".join(f'"{name}"' for name in table.key)
            database.execute(f'CREATE TABLE "{table.name}" ({", ".join(columns)}, PRIMARY KEY ({key}))')
            blanks = ", ".join("?" * len(table.fields))
            values = ([_plain(value) for value in row] for row in rows[table.name])
            database.executemany(f'INSERT INTO "{table.name}" VALUES ({blanks})', values)
        told = '"table" TEXT, "column" TEXT, unit TEXT, title_en TEXT, title_fr TEXT, PRIMARY KEY ("table", "column")'
        database.execute(f"CREATE TABLE columns ({told})")
        about = [(table.name, one.name, one.unit, *one.title) for table in tables for one in table.fields]
        database.executemany("INSERT INTO columns VALUES (?, ?, ?, ?, ?)", about)
        database.commit()
        database.execute("VACUUM")
        found = database.serialize()
    database.close()
    return found


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else _text(value)


def _package(tables: Sequence[Table], files: Mapping[str, bytes], version: str) -> bytes:
    owners = list({one.owner.licence: one.owner for one in tables}.values())
    package = {
        "profile": "data-package",
        "name": "expressentry",
        "title": _TITLE.en,
        "title_fr": _TITLE.fr,
        "version": version,
        "licenses": [_licence(one) for one in owners],
        "resources": [
            *(_resource(table, kind, files) for table in tables for kind in ("csv", "parquet")),
            {"name": "database", "title": _TITLE.en, "title_fr": _TITLE.fr, **_file(DATABASE, files)},
        ],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(table: Table, kind: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    name = table.name if kind == "csv" else f"{table.name}-{kind}"
    tabular = {"profile": "tabular-data-resource", "encoding": "utf-8"} if kind == "csv" else {}
    schema = {"fields": [_field(one) for one in table.fields], "primaryKey": list(table.key), "missingValues": [""]}
    return {
        "name": name.replace("_", "-"),
        "title": table.title.en,
        "title_fr": table.title.fr,
        **tabular,
        **_file(f"{table.name}.{kind}", files),
        "licenses": [_licence(table.owner)],
        "sources": [{"title": table.owner.title.en, "title_fr": table.owner.title.fr}],
        "schema": schema,
    }


def _file(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    kind, digest = name.rpartition(".")[2], hashlib.sha256(files[name]).hexdigest()
    return {
        "path": name, "format": kind, "mediatype": _TYPES[kind], "bytes": len(files[name]), "hash": f"sha256:{digest}"
    }  # fmt: skip


def _field(one: Field) -> dict[str, Any]:
    unit = {} if one.unit is None else {"unit": one.unit}
    return {"name": one.name, "type": one.kind, "title": one.title.en, "title_fr": one.title.fr, **unit}


def _licence(owner: Owner) -> dict[str, str]:
    titles = {"title": owner.licence_title.en, "title_fr": owner.licence_title.fr}
    return {"name": owner.licence, **titles, "path": owner.path}
