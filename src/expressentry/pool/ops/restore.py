"""Bring a saved pool back: our own schema, and the rows of the file. Nothing that the file says is ever run.

A saved pool is a program: a check, a default or a trigger of it would run with the rights of the one who restores it.
So the schema is made by our own migrations, those that the pool had when it was saved; of the file only rows are read,
table by table, by COPY; then come the migrations that are newer. That also frees the rows from the versions of
PostgreSQL: a setting that an older server does not know is not sent to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from expressentry.errors import PoolError, Problem
from expressentry.pool.ops.backup import Saved, not_of_a_pool
from expressentry.pool.ops.programs import CONNECT, running
from expressentry.pool.server.connect import ROLES
from expressentry.pool.store.schema import migrate
from expressentry.text import Text, same

if TYPE_CHECKING:
    from psycopg import Connection

_FIRST = ("person", "rule_set", "interest", "round")
"""Tables that others refer to, in this order; the others follow."""
_OURS = ("event_kind", "signing")
"""Tables whose rows are never those of a file: what each kind of event may do, and the keys under the web's tokens."""
_PART = re.compile(r"(standing|entry)_(\d{1,4})")
_COPY = re.compile(rb"COPY (\w+\.\w+) \(([^()]*)\) FROM stdin;\n")
_END = b"\\.\n"
_MIGRATION = "_yoyo_migration"
_COLUMN = re.compile(r'"?([a-z_0-9]+)"?')
_LONGEST = 64 * 2**20
"""Bytes of a row, at most: a profile has a megabyte, and a batch of scores a few."""
_BLOCK = 2**20
"""So many bytes go to the server at once, however long or short the rows are."""


def restore(url: str, saved: Saved) -> None:
    """Restore a saved pool into a database that has none: all of it or nothing.

    Args:
        url: The address, as a role that may make schemas and roles; it need not be a superuser.
        saved: What `read_saved` found in the file.

    Raises:
        PoolError: There is a pool already, or the server refuses.
        FileError: The file has something that no pool has.
    """
    import psycopg

    try:
        with psycopg.connect(url) as owner:
            _refuse_a_second_pool(owner)
            for role in ROLES.values():
                if not owner.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                    owner.execute(f"create role {role} nologin")
        try:
            migrate(url, only=set(_migrations(saved)))
            with psycopg.connect(url) as owner:
                _fill(owner, saved)
            migrate(url)
        except BaseException:
            _undo(url)
            raise
    except psycopg.Error as error:
        said = same(str(error).strip().splitlines()[0])
        raise PoolError(Problem(error.sqlstate or "unreachable", "database", said, CONNECT)) from None


def _refuse_a_second_pool(owner: Connection) -> None:
    if owner.execute("select 1 from pg_namespace where nspname = 'pool'").fetchone():
        rule = Text("there is a pool here already", "il y a déjà un bassin ici")
        fix = Text("restore into an empty database", "rétablir dans une base vide")
        raise PoolError(Problem("pool_exists", "database", rule, fix))


def _undo(url: str) -> None:
    """Leave an empty database, as it was found."""
    import psycopg

    with psycopg.connect(url) as owner:
        owner.execute("drop schema if exists pool cascade")
        owner.execute("drop table if exists _yoyo_log, _yoyo_migration, _yoyo_version, yoyo_lock")


def _migrations(saved: Saved) -> Iterator[str]:
    """The migrations that the pool had when it was saved."""
    with _rows(saved, "public", _MIGRATION) as (columns, rows):
        if "migration_id" not in columns:
            raise not_of_a_pool(saved.path, _MIGRATION)
        at = columns.index("migration_id")
        for line in rows:
            cells = line.rstrip(b"\n").split(b"\t")
            if len(cells) != len(columns):
                raise not_of_a_pool(saved.path, _MIGRATION)
            yield cells[at].decode(errors="replace")


def _fill(owner: Connection, saved: Saved) -> None:
    """Copy the rows of every table, and set its counter behind the last number."""
    plain = {str(name) for (name,) in owner.execute(_TABLES).fetchall()}
    parts = [name for name in saved.tables if _PART.fullmatch(name)]
    wrong = plain.symmetric_difference(set(saved.tables).difference(parts))
    if wrong:
        raise not_of_a_pool(saved.path, ", ".join(sorted(wrong)))
    ordered = sorted(plain, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))
    for name in plain:
        owner.execute(f"alter table pool.{name} disable trigger user")
    for name in (*ordered, *sorted(parts)):
        if name in _OURS:
            continue
        if found := _PART.fullmatch(name):
            _make_part(owner, found[1], int(found[2]))
        _copy(owner, saved, name)
    for name in plain:
        owner.execute(f"alter table pool.{name} enable trigger user")
    owner.execute(_COUNTERS)


def _make_part(owner: Connection, table: str, rule_set: int) -> None:
    owner.execute(f"create table pool.{table}_{rule_set} partition of pool.{table} for values in ({rule_set})")


def _copy(owner: Connection, saved: Saved, name: str) -> None:
    from psycopg import sql

    known = {str(column) for (column,) in owner.execute(_COLUMNS, [f"pool.{name}"]).fetchall()}
    with _rows(saved, "pool", name) as (columns, rows):
        if set(columns) != known:
            raise not_of_a_pool(saved.path, f"{name} ({', '.join(columns)})")
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier("pool", name), listed)
        with owner.cursor().copy(statement) as copy:
            for block in _blocks(rows):
                copy.write(block)


@contextmanager
def _rows(saved: Saved, schema: str, table: str) -> Iterator[tuple[list[str], Iterator[bytes]]]:
    """The columns and the rows, in COPY's text form, of one table of a saved pool."""
    arguments = ["--data-only", f"--schema={schema}", f"--table={table}", "--file=-", str(saved.path)]
    whole = [False]
    with running("pg_restore", arguments) as out:
        yield _columns(saved, f"{schema}.{table}", out), _lines(out, whole)
        while out.read(_BLOCK):  # what comes after the rows is left aside
            pass
    if not whole[0]:
        raise not_of_a_pool(saved.path, table)


def _lines(out: BinaryIO, whole: list[bool]) -> Iterator[bytes]:
    """The rows up to their end; where the file is cut short, or a row is longer than any, the rest is left out."""
    while (line := out.readline(_LONGEST)).endswith(b"\n"):
        if line == _END:
            whole[0] = True
            return
        yield line


def _columns(saved: Saved, table: str, out: BinaryIO) -> list[str]:
    """The columns that are copied; what comes before is left aside, and never sent to a server."""
    while line := out.readline(_LONGEST):
        if found := _COPY.fullmatch(line):
            columns = [_COLUMN.fullmatch(column) for column in found[2].decode().split(", ")]
            if found[1].decode() != table or None in columns:
                break
            return [column[1] for column in columns if column]
        if line.startswith(b"SET client_encoding = ") and b"'UTF8'" not in line:
            break
    raise not_of_a_pool(saved.path, table)


def _blocks(rows: Iterator[bytes]) -> Iterator[bytes]:
    """The rows, many at a time."""
    held = bytearray()
    for line in rows:
        held += line
        if len(held) >= _BLOCK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


_TABLES = """
select c.relname from pg_class c
where c.relnamespace = 'pool'::regnamespace and c.relkind = 'r' and not c.relispartition
"""
_COLUMNS = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
_COUNTERS = """
select setval('pool.interest_id_seq', (select max(id) from pool.interest)),
       setval('pool.inbox_id_seq', greatest((select max(id) from pool.inbox), (select max(inbox) from pool.event)))
"""
"""A sealed event keeps the number that it had in the inbox, which is not given again."""
