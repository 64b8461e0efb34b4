"""A list of people: files, folders of files, and CSV or NDJSON tables of factors, in any mix. No Polars here.

for client in list_clients(Path("anna.toml"), Path("clients")):
    client.name, client.read()      dated facts or factors; what is wrong is raised for this one alone
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.documents import (
    MOST_DIGITS,
    MOST_LETTERS,
    MOST_TABLE_BYTES,
    OutOfBoundsError,
    cell_text,
    csv_rows,
    load_json,
    read_text,
    unreadable,
)
from expressentry.errors import FactorsError, FileError, Problem
from expressentry.files import is_folder, is_there
from expressentry.law.load import load_law
from expressentry.law.schema import MONTHS, Column, Columns
from expressentry.money import parse_dollars
from expressentry.profile.read import is_profile, read_document
from expressentry.suggest import near_miss
from expressentry.text import YES_NO, Text, visible

if TYPE_CHECKING:
    from expressentry.law.law import Law
    from expressentry.profile.model import Profile

FILE_ENDINGS = (".toml", ".json")
TABLE_ENDINGS = (".csv", ".ndjson", ".jsonl")
NAMING = ("client", "file", "id", "name")
"""Columns of a table that name its rows; the first that exists is used, otherwise rows are numbered."""

_WHOLE = re.compile(rf"-?\d{{1,{MOST_DIGITS}}}")
_MOST_NAME = 200
_CORRECT = Text("correct the line", "corriger la ligne")
_SHORTEN = Text("shorten it", "l'abréger")
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
    if is_folder(source):
        try:
            paths = sorted(path for path in source.iterdir() if path.suffix.lower() in FILE_ENDINGS and path.is_file())
        except OSError as error:
            raise unreadable(str(source), error, _FIX) from None
        found = [Client(visible(path.stem), path) for path in paths if not path.name.startswith(".")]
    elif source.suffix.lower() in TABLE_ENDINGS:
        found = list(_rows(source, (columns or load_law().columns).by_name))
    elif is_there(source) or source.suffix.lower() in FILE_ENDINGS:  # one wrong file stops no other
        found = [Client(visible(source.stem), source)]
    else:
        raise unreadable(str(source), FileNotFoundError(), _FIX)
    if not found:
        raise FileError(Problem("nobody", str(source), _EMPTY_FOLDER if is_folder(source) else _EMPTY_TABLE, _FIX))
    return found


def _told_apart(clients: list[Client]) -> list[Client]:
    """The same clients, files of one name by their whole path."""
    named = Counter(client.name for client in clients if client.row is None)
    return [
        replace(client, name=visible(str(client.path))) if client.row is None and named[client.name] > 1 else client
        for client in clients
    ]


def _rows(path: Path, known: Mapping[str, Column]) -> Iterator[Client]:
    text = read_text(path, fix=_FIX, most=MOST_TABLE_BYTES)
    return _of_csv(text, path, known) if path.suffix.lower() == ".csv" else _of_lines(text, path, known)


def _of_csv(text: str, path: Path, known: Mapping[str, Column]) -> Iterator[Client]:
    heading: list[str] = []
    for number, (_, cells) in enumerate(csv_rows(StringIO(text, newline=""), str(path))):
        if not heading:
            heading = cells
            continue
        pairs = list(zip(heading, cells, strict=False))  # a row may end before its last empty cells
        long = next((name for name, cell in pairs if len(cell) > MOST_LETTERS), None)
        if long is None:
            facts = {name: _value(known.get(name), cell_text(cell)) for name, cell in pairs if cell}
            yield _client(path, number, facts, known)
        else:
            rule = Text("a cell of more than {n} letters", "une cellule de plus de {n} lettres").fill(n=MOST_LETTERS)
            yield _odd(path, number, Problem("too_long", long[:_MOST_NAME], rule, _SHORTEN))


def _of_lines(text: str, path: Path, known: Mapping[str, Column]) -> Iterator[Client]:
    # Not by `splitlines`, which would cut text at signs that JSON allows in it.
    for number, line in enumerate(filter(str.strip, text.split("\n")), 1):
        rule, fix = Text("one JSON object a line", "un objet JSON par ligne"), _CORRECT
        facts: object = None
        try:
            facts = load_json(line)
        except OutOfBoundsError as error:
            rule, fix = error.rule, error.fix
        except ValueError:
            pass
        if isinstance(facts, dict):
            yield _client(path, number, facts, known)
        else:
            yield _odd(path, number, Problem("not_an_object", path.name, rule, fix))


def _odd(path: Path, number: int, problem: Problem) -> Client:
    """A row that cannot be read at all: its client is called by the number, and the others go on."""
    return Client(
        str(number), path, number, problem=replace(problem, where=Text("row {n}", "ligne {n}").fill(n=number))
    )


def _client(path: Path, number: int, facts: Mapping[str, Any], known: Mapping[str, Column]) -> Client:
    """A row; other columns are left out, unless one is a misspelt factor, which is then refused."""
    naming = next((name for name in NAMING if facts.get(name) not in (None, "")), None)
    name = str(facts[naming]) if naming else str(number)
    if len(name) > _MOST_NAME:
        rule = Text("a name of more than {n} letters", "un nom de plus de {n} lettres").fill(n=_MOST_NAME)
        return _odd(path, number, Problem("too_long", str(naming), rule, _SHORTEN))
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
