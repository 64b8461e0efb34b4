"""A list of people: files, folders of files, and CSV or NDJSON tables of factors, in any mix. No Polars here.

for client in list_clients(Path("anna.toml"), Path("clients")):
    client.name, client.read()      dated facts or factors; what is wrong is raised for this one alone
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.documents import csv_rows, read_text, unreadable
from expressentry.errors import FactorsError, FileError, Problem
from expressentry.law.load import load_law
from expressentry.law.schema import MONTHS, Column, Columns
from expressentry.money import parse_dollars
from expressentry.profile.read import is_profile, read_document
from expressentry.suggest import near_miss
from expressentry.text import YES_NO, Text

if TYPE_CHECKING:
    from expressentry.law.law import Law
    from expressentry.profile.model import Profile

FILE_ENDINGS = (".toml", ".json")
TABLE_ENDINGS = (".csv", ".ndjson", ".jsonl")
NAMING = ("client", "file", "id", "name")
"""Columns of a table that name its rows; the first that exists is used, otherwise rows are numbered."""

_WHOLE = re.compile(r"-?\d+")
_FIX = Text(
    "give profiles (.toml, .json), a folder of them, or a table (.csv, .ndjson)",
    "donner des profils (.toml, .json), un dossier de profils, ou une table (.csv, .ndjson)",
)
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


def list_clients(*sources: Path, columns: Columns | None = None) -> list[Client]:
    """List the people whom files, folders and tables name, in that order.

    A client is called by the `client`, `file`, `id` or `name` of the row, or by the file without its ending; by the
    whole path where two would have one name.

    Args:
        sources: TOML and JSON files, folders of them (in the order of the names), and CSV and NDJSON tables.
        columns: The columns of factors that a table may have; the shipped ones where none are given.

    Raises:
        FileError: A folder or a table cannot be read, or has nobody; with the problems of all of them.
    """
    found: list[Client] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            found += _listed(source, columns)
        except FileError as error:
            problems += error.problems
    if problems:
        raise FileError(problems)
    return _told_apart(found)


def _listed(source: Path, columns: Columns | None) -> list[Client]:
    if source.is_dir():
        paths = sorted(path for path in source.iterdir() if path.suffix.lower() in FILE_ENDINGS and path.is_file())
        found = [Client(path.stem, path) for path in paths if not path.name.startswith(".")]
    elif source.suffix.lower() in TABLE_ENDINGS:
        found = list(_rows(source, (columns or load_law().columns).by_name))
    elif source.exists() or source.suffix.lower() in FILE_ENDINGS:  # what is wrong with one file stops no other
        found = [Client(source.stem, source)]
    else:
        raise unreadable(str(source), FileNotFoundError(), _FIX)
    if not found:
        raise FileError(Problem("nobody", str(source), _EMPTY_FOLDER if source.is_dir() else _EMPTY_TABLE, _FIX))
    return found


def _told_apart(clients: list[Client]) -> list[Client]:
    """The same clients, files of one name by their whole path."""
    named = Counter(client.name for client in clients if client.row is None)
    return [
        replace(client, name=str(client.path)) if client.row is None and named[client.name] > 1 else client
        for client in clients
    ]


def _rows(path: Path, known: Mapping[str, Column]) -> Iterator[Client]:
    text = read_text(path, fix=_FIX)
    if path.suffix.lower() == ".csv":
        heading: list[str] = []
        for number, (_, cells) in enumerate(csv_rows(StringIO(text, newline=""), str(path))):
            if not heading:
                heading = cells
                continue
            pairs = zip(heading, cells, strict=False)  # a row may end before its last empty cells
            yield _client(path, number, {name: _value(known.get(name), cell) for name, cell in pairs if cell}, known)
        return
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        try:
            facts = json.loads(line)
        except (ValueError, RecursionError) as error:
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
    if kind == "integer":
        return int(cell) if _WHOLE.fullmatch(cell) else cell
    if kind == "amount":
        try:
            return parse_dollars(cell)
        except ValueError:
            return int(cell) if _WHOLE.fullmatch(cell) else cell
    if kind == "boolean":
        return YES_NO.get(cell.casefold(), cell)
    if kind == "months":
        return [] if cell == "none" else [_entry(word) for word in cell.split(" ")]
    return cell


def _entry(word: str) -> Any:
    """An entry such as `21231:36:36:0`: occupation, months, longest run, months in Canada."""
    noc, *numbers = word.split(":")
    if len(numbers) != len(MONTHS) or not all(map(_WHOLE.fullmatch, numbers)):
        return word
    return {"noc": noc, **dict(zip(MONTHS, map(int, numbers), strict=True))}
