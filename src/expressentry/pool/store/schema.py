"""The SQL of the pool, in plain files: its statements by name, and the migrations that the library yoyo applies."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from expressentry.errors import PoolError, Problem
from expressentry.text import Text, same

MIGRATIONS = Path(__file__).parent / "migrations"
STATEMENTS = Path(__file__).parent / "sql"
_BLOCK = re.compile(r"^-- name: (\w+)\n-- ([^\n]+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


@cache
def statements() -> dict[str, str]:
    """Every statement by its name."""
    files = sorted(STATEMENTS.glob("*.sql"))
    blocks = [block for file in files for block in _BLOCK.findall(file.read_text(encoding="utf-8"))]
    return {name: text.strip().rstrip(";") for name, _, text in blocks}


def migrate(url: str, only: Collection[str] | None = None) -> list[str]:
    """Apply the migrations that a database does not have yet, or only some of them; return their names.

    Raises:
        PoolError: A migration cannot be applied; each is applied whole or not at all.
    """
    import psycopg
    from yoyo import get_backend, read_migrations

    parts = urlsplit(url)
    try:
        backend = get_backend(urlunsplit(("postgresql+psycopg", *parts[1:])))
        with backend.lock():
            waiting = backend.to_apply(read_migrations(str(MIGRATIONS)))
            if only is not None:
                waiting = waiting.filter(lambda one: one.id in only)
            names = [one.id for one in waiting]
            backend.apply_migrations(waiting)
        backend.connection.close()
    except psycopg.Error as error:
        said = same(str(error).strip().splitlines()[0])
        fix = Text(
            "connect as a role that may make schemas and roles",
            "se connecter sous un rôle qui peut créer schémas et rôles",
        )
        raise PoolError(Problem(error.sqlstate or "unreachable", "database", said, fix)) from None
    return names
