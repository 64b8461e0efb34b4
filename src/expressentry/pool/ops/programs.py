"""PostgreSQL's own programs, run so that no secret is in their arguments, where every user of the system sees it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast

from expressentry.errors import PoolError, Problem
from expressentry.pool.server.binaries import find_binaries
from expressentry.text import Text, same


@contextmanager
def running(program: str, arguments: Sequence[str], url: str | None = None) -> Iterator[BinaryIO]:
    """Run a program and give its output while it runs; the password of an address goes through the environment.

    Args:
        program: pg_dump or pg_restore.
        arguments: Its arguments, without the address.
        url: The address of the database that it connects to, if it does.

    Raises:
        PoolError: The program failed; its own message is in the error.
    """
    import tempfile

    address, secret = _without_password(url) if url else ((), {})
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [find_binaries()[program], *address, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env={**os.environ, **secret},
        )  # fmt: skip
        with process:
            try:
                yield cast("BinaryIO", process.stdout)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines() or [program]
            raise PoolError(Problem("program_failed", program, same(lines[0]), CONNECT))


def _without_password(url: str) -> tuple[tuple[str], dict[str, str]]:
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    given = conninfo_to_dict(url)
    password = given.pop("password", None)
    return (
        f"--dbname={make_conninfo(**{name: str(value) for name, value in given.items()})}",
    ), {} if password is None else {"PGPASSWORD": str(password)}


CONNECT = Text(
    "connect as the owner of the pool; check the address, the file and the space left on the disk",
    "se connecter sous le propriétaire du bassin; vérifier l'adresse, le fichier et la place sur le disque",
)
