"""Save a pool in one file, by PostgreSQL's own program, and say what a saved pool has in it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from expressentry.documents import unreadable
from expressentry.errors import FileError, PoolError, Problem
from expressentry.files import open_file, replacing
from expressentry.pool.ops.programs import running
from expressentry.text import Text

MADE = Text(
    "give a file that `expressentry pool backup` wrote", "donner un fichier écrit par `expressentry pool backup`"
)
_DATA = re.compile(r" TABLE DATA pool (.*) \S+$")
_NAME = re.compile(r"[a-z_]+(_\d{1,4})?")


def backup(url: str, path: Path) -> int:
    """Save the database of a pool in one file that only its owner reads; return its size in bytes.

    The file is whole or not there at all.

    Raises:
        PoolError: The server refuses.
        FileError: The file cannot be written.
    """
    with replacing(path) as part:
        with (
            part.open("wb") as file,
            running("pg_dump", ["--format=custom", "--no-owner", "--encoding=UTF8"], url) as out,
        ):
            shutil.copyfileobj(out, file)
        return part.stat().st_size


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved pool: the file, and the tables of which it has the rows."""

    path: Path
    tables: tuple[str, ...]


def read_saved(path: Path) -> Saved:
    """Read which tables of a pool a file has.

    Raises:
        FileError: It is not a saved pool.
    """
    try:
        open_file(path).close()  # a folder has a form of its own, with files of other names; a pipe would be waited for
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name itself
        raise unreadable(str(path), error, MADE) from None
    # Whoever chose its name may have begun it with a dash: a whole path is never an option.
    path = path.absolute()
    try:
        with running("pg_restore", ["--list", str(path)]) as listed:
            lines = listed.read().decode(errors="replace").splitlines()
    except PoolError as error:
        rule = Text("not a saved pool", "pas un bassin sauvegardé")
        raise FileError(Problem("not_a_backup", str(path), rule, MADE, error.problems[0].rule.en)) from None
    tables = tuple(found[1] for line in lines if (found := _DATA.search(line)))
    if not tables:
        rule = Text("there is no pool in it", "il n'y a pas de bassin dedans")
        raise FileError(Problem("not_a_backup", str(path), rule, MADE))
    for name in tables:
        if not _NAME.fullmatch(name):
            raise not_of_a_pool(path, name)
    return Saved(path, tables)


def not_of_a_pool(path: Path, found: str) -> FileError:
    """The error for a file with something in it that no pool of ours has."""
    rule = Text("the file has something that no pool has", "le fichier contient ce qu'aucun bassin ne contient")
    return FileError(Problem("not_a_backup", str(path), rule, MADE, found))
