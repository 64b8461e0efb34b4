"""Save a pool and restore it, by PostgreSQL's own programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from expressentry.errors import FileError, PoolError, Problem
from expressentry.files import replacing
from expressentry.pool.server.binaries import find_binaries
from expressentry.pool.server.connect import ROLES
from expressentry.text import Text, same


def backup(url: str, path: Path) -> int:
    """Save the database of a pool in one file, whole or not at all; return its size in bytes.

    Raises:
        PoolError: The server refuses.
        FileError: The file cannot be written.
    """
    with replacing(path) as part:
        with part.open("wb") as file:
            _run("pg_dump", ["--format=custom", "--no-owner", f"--dbname={url}"], stdout=file.fileno())
        return part.stat().st_size


def contents(path: Path) -> int:
    """How many tables of a pool a file has.

    Raises:
        FileError: It is not a saved pool.
    """
    try:
        listed = _run("pg_restore", ["--list", str(path)])
    except PoolError as error:
        rule = Text("not a saved pool", "pas un bassin sauvegardé")
        raise FileError(Problem("not_a_backup", str(path), rule, _MADE, error.problems[0].rule.en)) from None
    tables = [line for line in listed.splitlines() if " TABLE DATA pool " in line]
    if not tables:
        raise FileError(
            Problem("not_a_backup", str(path), Text("there is no pool in it", "il n'y a pas de bassin dedans"), _MADE)
        )
    return len(tables)


def restore(url: str, path: Path) -> None:
    """Restore a saved pool into a database that has none: all of it or nothing.

    Raises:
        PoolError: There is a pool already, or the server refuses.
    """
    import psycopg

    try:
        with psycopg.connect(url) as owner:
            if owner.execute("select 1 from pg_namespace where nspname = 'pool'").fetchone():
                rule = Text("there is a pool here already", "il y a déjà un bassin ici")
                fix = Text("restore into an empty database", "rétablir dans une base vide")
                raise PoolError(Problem("pool_exists", "database", rule, fix))
            for role in ROLES.values():
                if not owner.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                    owner.execute(f"create role {role} nologin")
    except psycopg.Error as error:
        said = same(str(error).strip().splitlines()[0])
        raise PoolError(Problem(error.sqlstate or "unreachable", "database", said, _CONNECT)) from None
    _run("pg_restore", ["--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={url}", str(path)])


def _run(program: str, arguments: list[str], stdout: int = subprocess.PIPE) -> str:
    """Run one of PostgreSQL's programs; its own message is in the error, the address with its secret is not."""
    done = subprocess.run(
        [find_binaries()[program], *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [program]
        raise PoolError(Problem("program_failed", program, same(lines[0]), _CONNECT))
    return (done.stdout or b"").decode(errors="replace")


_CONNECT = Text(
    "connect as the owner of the pool; check the address, the file and the space left on the disk",
    "se connecter sous le propriétaire du bassin; vérifier l'adresse, le fichier et la place sur le disque",
)
_MADE = Text(
    "give a file that `expressentry pool backup` wrote", "donner un fichier écrit par `expressentry pool backup`"
)
