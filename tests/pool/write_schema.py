"""Write `schema.sql` and `schema.lines` anew from the migrations: `python -m tests.pool.write_schema`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import psycopg

from expressentry.pool import migrate, open_embedded
from expressentry.pool.server.connect import ROLES
from expressentry.pool.store.schema import LINES, schema_lines
from tests.pool.test_server import SCHEMA, dumped


def lines(url: str) -> list[str]:
    """The lines of a schema with a rule set in it, so that partitions have theirs."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("set timezone to 'UTC'")
        if owner.execute("select from pool.rule_set").fetchone() is None:
            owner.execute("select pool.open_rule_set('', '2026-01-05', '')")
        return schema_lines(owner)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, open_embedded(Path(folder) / "server") as server:
        migrate(server.admin_url())
        SCHEMA.write_text(dumped(server.admin_url()), encoding="utf-8")
        for role in ROLES.values():
            server.ensure_role(role)
        LINES.write_text("\n".join(lines(server.admin_url())) + "\n", encoding="utf-8")
