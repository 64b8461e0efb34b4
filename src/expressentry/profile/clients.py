"""A list of people: a folder with a file for each, or a CSV or NDJSON table of factors. No Polars here.

for client in list_clients(Path("clients")):
    client.name, client.read()      dated facts or factors; what is wrong is raised for this one alone
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.errors import FactorsError, FileError, Problem
from expressentry.law.load import load_law
from expressentry.law.schema import MONTHS, Column, Columns
from expressentry.profile.read import is_profile, read_document
from expressentry.suggest import near_miss
from expressentry.text import Text, same

if TYPE_CHECKING:
    from expressentry.law.law import Law
    from expressentry.profile.model import Profile

FILE_ENDINGS = (".toml", ".json")
TABLE_ENDINGS = (".csv", ".ndjson", ".jsonl")
NAMING = ("client", "file", "id", "name")
"""Columns of a table that name its rows; the first that exists is used, otherwise rows are numbered."""

_WHOLE = re.compile(r"-?\d+")
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_FIX = Text("give a folder, a CSV or an NDJSON file", "donner un dossier, un fichier CSV ou NDJSON")


_EMPTY_FOLDER = Text("the folder contains no profile files", "aucun fichier de profil dans ce dossier")
_EMPTY_TABLE = Text("the table has no rows", "la table n'a aucune ligne")


@dataclass(frozen=True, slots=True)
class Client:
    """One person of a list: a file, or a row of a table."""

    name: str
    path: Path
    row: int | None = None
    facts: Mapping[str, Any] | None = field(default=None, repr=False)
    problem: Problem | None = None

    def read(self, law: Law | None = None) -> Profile | Mapping[str, Any]:
        """Read dated facts, or factors of a single day; the shipped law checks them where none is given.

        Raises:
            FactorsError: With everything that is wrong.
            FileError: The file cannot be read.
        """
        if self.problem is not None:
            raise FactorsError(self.problem)
        facts = read_document(self.path) if self.facts is None else self.facts
        if not is_profile(facts):
            return facts
        from expressentry.profile.read import read_profile

        return read_profile(facts, law)


def list_clients(source: Path, columns: Columns | None = None) -> list[Client]:
    """List the people of a folder, in the order of their file names, or of a table, in the order of its rows.

    Args:
        source: A folder of TOML and JSON files, or a CSV or NDJSON table.
        columns: The columns of factors that a table may have; the shipped ones where none are given.

    Raises:
        FileError: Nothing can be read, or the list is empty.
    """
    ending = source.suffix.lower()
    if source.is_dir():
        paths = sorted(path for path in source.iterdir() if path.suffix.lower() in FILE_ENDINGS and path.is_file())
        found = [Client(path.name, path) for path in paths if not path.name.startswith(".")]
    elif ending in TABLE_ENDINGS:
        found = list(_rows(source, (columns or load_law().columns).by_name))
    else:
        rule = Text("neither a folder nor a table", "ni un dossier ni une table")
        raise FileError(Problem("not_a_list", str(source), rule, _FIX))
    if not found:
        raise FileError(Problem("nobody", str(source), _EMPTY_FOLDER if source.is_dir() else _EMPTY_TABLE, _FIX))
    return found


def _rows(path: Path, known: Mapping[str, Column]) -> Iterator[Client]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        raise FileError(Problem("unreadable", str(path), same(reason), _FIX)) from None
    if path.suffix.lower() == ".csv":
        rows = csv.DictReader(io.StringIO(text, newline=""), restkey="")
        for number, cells in enumerate(rows, 1):
            values = {name: _value(known.get(name), cell) for name, cell in cells.items() if cell}
            yield _client(path, number, values, known)
        return
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        try:
            facts = json.loads(line)
        except ValueError as error:
            facts = str(error)
        if not isinstance(facts, dict):
            rule = Text("one JSON object a line", "un objet JSON par ligne")
            where = Text("row {n}", "ligne {n}").fill(n=number)
            fix = Text("correct the line", "corriger la ligne")
            problem = Problem("not_an_object", path.name, rule, fix, where=where)
            yield Client(str(number), path, number, problem=problem)
            continue
        yield _client(path, number, facts, known)


def _client(path: Path, number: int, facts: Mapping[str, Any], known: Mapping[str, Column]) -> Client:
    """A row; other columns are left out, unless one is a misspelt factor, which is then refused."""
    naming = next((name for name in NAMING if facts.get(name) not in (None, "")), None)
    name = str(facts[naming]) if naming else str(number)
    if is_profile(facts):
        return Client(name, path, number, {key: value for key, value in facts.items() if key not in NAMING})
    kept = {key: value for key, value in facts.items() if key in known or near_miss(key, known)}
    return Client(name, path, number, kept)


def _value(column: Column | None, cell: str) -> Any:
    """A cell of CSV as the value that it means; anything else stays text, and its column refuses it."""
    kind = column.kind if column else ""
    if kind in ("integer", "amount"):
        return int(cell) if _WHOLE.fullmatch(cell) else cell
    if kind == "boolean":
        return _TRUTH.get(cell, cell)
    if kind == "months":
        return [] if cell == "none" else [_entry(word) for word in cell.split(" ")]
    return cell


def _entry(word: str) -> Any:
    """An entry such as `21231:36:36:0`: occupation, months, longest run, months in Canada."""
    noc, *numbers = word.split(":")
    if len(numbers) != len(MONTHS) or not all(map(_WHOLE.fullmatch, numbers)):
        return word
    return {"noc": noc, **dict(zip(MONTHS, map(int, numbers), strict=True))}
