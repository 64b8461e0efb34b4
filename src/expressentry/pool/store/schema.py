"""The SQL of the pool, in plain files: its statements by name, and the migrations that the library yoyo applies.

Rows can be right while the rules that keep them are gone: a trigger disabled, a grant too many, row security off. So
the schema is compared with the one that our migrations make. Each of its objects is one line of `schema.lines`, the
same for every PostgreSQL from 15 on; the owner of the schema is not named, and partitions have no number.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from expressentry.errors import PoolError, Problem
from expressentry.text import Text, same

if TYPE_CHECKING:
    import psycopg

MIGRATIONS = Path(__file__).parent / "migrations"
STATEMENTS = Path(__file__).parent / "sql"
LINES = Path(__file__).parent / "schema.lines"
PERSONAL = ("person", "submission", "profile", "factors")
"""The tables with what is personal."""
_BLOCK = re.compile(r"^-- name: (\w+)\n-- ([^\n]+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


@cache
def statements() -> dict[str, str]:
    """Every statement by its name."""
    files = sorted(STATEMENTS.glob("*.sql"))
    blocks = [block for file in files for block in _BLOCK.findall(file.read_text(encoding="utf-8"))]
    return {name: text.strip().rstrip(";") for name, _, text in blocks}


def schema_lines(connection: psycopg.Connection[Any]) -> list[str]:
    """Every object of the schema as a line, sorted; those that are the same in several partitions come once."""
    return sorted({" ".join(line.split()) for (line,) in connection.execute(statements()["catalog"]).fetchall()})


def changes_of_schema(connection: psycopg.Connection[Any]) -> list[str]:
    """What is missing of our schema, marked `-`, and what is not in it, marked `+`."""
    ours, found = set(LINES.read_text(encoding="utf-8").splitlines()), set(schema_lines(connection))
    if not any("_#" in line for line in found):  # no rule set yet, so there is no partition
        ours = {line for line in ours if "_#" not in line}
    return [f"- {line}" for line in sorted(ours - found)] + [f"+ {line}" for line in sorted(found - ours)]


def migrate(url: str, only: Collection[str] | None = None) -> list[str]:
    """Apply the migrations that a database does not have yet, or only some of them; return their names.

    The limits of the roles are set again.

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
        if not names:  # a role may have changed its own settings since
            with psycopg.connect(url, autocommit=True) as owner:
                owner.execute(statements()["limit_roles"])
    except psycopg.Error as error:
        said = same(str(error).strip().splitlines()[0])
        fix = Text(
            "connect as a role that may make schemas and roles",
            "se connecter sous un rôle qui peut créer schémas et rôles",
        )
        raise PoolError(Problem(error.sqlstate or "unreachable", "database", said, fix)) from None
    return names


def vacuum_erased(url: str) -> bool:
    """Clear away the rows that an erasure left dead; False where the role does not own the tables, or cannot.

    Raises:
        PoolError: There is no connection.
    """
    import psycopg

    from expressentry.pool.server.connect import connect

    names = ", ".join(f"pool.{name}" for name in PERSONAL)
    with suppress(psycopg.Error), connect(url, autocommit=True) as owner:
        if owner.execute(statements()["owns_schema"]).fetchone() is not None:
            owner.execute(f"vacuum {names}".encode())
            return True
    return False
