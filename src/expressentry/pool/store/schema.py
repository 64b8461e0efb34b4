"""The schema, brought to its newest state by the kept library yoyo; each migration is a plain SQL file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from expressentry.errors import PoolError, Problem
from expressentry.text import Text, same

FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> list[str]:
    """Apply the migrations that a database does not have yet; return their names.

    Raises PoolError where one cannot be applied; a migration is applied whole or not at all.
    """
    import psycopg
    from yoyo import get_backend, read_migrations

    parts = urlsplit(url)
    try:
        backend = get_backend(urlunsplit(("postgresql+psycopg", *parts[1:])))
        with backend.lock():
            waiting = backend.to_apply(read_migrations(str(FOLDER)))
            names = [one.id for one in waiting]
            backend.apply_migrations(waiting)
        backend.connection.close()
    except psycopg.Error as error:
        told = same(str(error).strip().splitlines()[0])
        fix = Text(
            "connect as a role that may make schemas and roles",
            "se connecter sous un rôle qui peut créer schémas et rôles",
        )
        raise PoolError(Problem(error.sqlstate or "unreachable", "database", told, fix)) from None
    return names
