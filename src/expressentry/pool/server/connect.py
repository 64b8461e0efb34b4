"""Where the pool's database is, and the way there: embedded in a folder, or any server by its address.

    where(None, folder)                   the embedded server of the folder
    where("postgresql://ops@db/pool")     that server; the address is the one of the role that the process acts as

`--database` and EXPRESSENTRY_DATABASE give the address. A server of one's own has its roles and secrets from whoever
runs it, so `url` and `admin_url` both answer with the address that was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from expressentry.pool.server.problems import pool_error

if TYPE_CHECKING:
    from psycopg import Connection

VARIABLE = "EXPRESSENTRY_DATABASE"
OLDEST_MAJOR = 15
_CONNECT_SECONDS = 10


class Server(Protocol):
    """A running PostgreSQL."""

    def url(self, role: str) -> str:
        """Return the address of the pool's database for a role."""

    def admin_url(self) -> str:
        """Return the address for whoever sets the database up."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where the database is: a folder of ours, or the address of a server; exactly one is given."""

    folder: Path | None = None
    address: str | None = None

    def __str__(self) -> str:
        """The place as it may be shown: an address without its secret."""
        return str(self.folder) if self.address is None else shown(self.address)


@dataclass(frozen=True, slots=True)
class Given:
    """A server of one's own; whoever gave the address chose the role."""

    address: str

    def url(self, role: str) -> str:
        """Return the address as it was given."""
        return self.address

    def admin_url(self) -> str:
        """Return the address as it was given."""
        return self.address


def where(address: str | None, folder: Path) -> Where:
    """Say where the database is: at an address, where one is given and not empty, else in a folder.

    Raises PoolError for an address that is none.
    """
    if not address:
        return Where(folder=folder)
    if urlsplit(address).scheme not in ("postgresql", "postgres"):
        raise pool_error("bad_address", "database", shown(address), why="postgresql://")
    psycopg = _psycopg()
    try:
        psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.ProgrammingError as error:
        raise pool_error("bad_address", "database", shown(address), why=str(error).strip()) from None
    return Where(address=address)


@contextmanager
def opened(place: Where) -> Iterator[Server]:
    """Open the server of a place, for as long as the block runs.

    Raises PoolError where it cannot be opened, or is too old.
    """
    _psycopg()
    if place.address is not None:
        connect(place.address).close()
        yield Given(place.address)
        return
    try:
        from expressentry.pool.server.embedded import open_embedded
    except ImportError:  # no flock
        import sys

        raise pool_error("system_unsupported", sys.platform, why="flock") from None
    assert place.folder is not None
    with open_embedded(place.folder) as server:
        yield server


def connect(address: str, *, autocommit: bool = False) -> Connection:
    """Connect to a database and make sure that its PostgreSQL is new enough.

    Raises PoolError where there is no connection, or is.
    """
    psycopg = _psycopg()
    try:
        connection: Connection = psycopg.connect(address, autocommit=autocommit, connect_timeout=_CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        raise pool_error("no_connection", shown(address), why=" ".join(str(error).split())[-300:]) from None
    try:
        check_version(connection.info.server_version)
    except BaseException:
        connection.close()
        raise
    return connection


def check_version(number: int) -> None:
    """Refuse a PostgreSQL that is too old; `number` is as the server tells it, 150004 for 15.4.

    Raises PoolError.

    >>> check_version(150004)
    """
    if number < OLDEST_MAJOR * 10_000:
        raise pool_error("old_server", "database", found=f"{number // 10_000}.{number % 10_000}")


def shown(address: str) -> str:
    """Write an address without its secret.

    >>> shown("postgresql://web:secret@db.example/pool")
    'postgresql://web@db.example/pool'
    """
    scheme, _, rest = address.partition("://")
    before, at, after = rest.partition("?")[0].rpartition("@")
    return f"{scheme}://{before.partition(':')[0]}{at}{after}"


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError:
        raise pool_error("extra_missing", "psycopg") from None
    return psycopg
