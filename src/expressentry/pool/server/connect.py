"""Where the pool's database is, and the way there: embedded in a folder, or any server by its address.

    locate(None, folder)                  the embedded server of the folder
    locate("postgresql://ops@db/pool")    that server; the address is the one of the role that the process acts as

`--database` and EXPRESSENTRY_DATABASE give the address. The operator of an external server makes its roles and secrets,
so `url` and `admin_url` both answer with the address that was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from expressentry.pool.server.binaries import OLDEST_MAJOR
from expressentry.pool.server.problems import pool_error
from expressentry.text import Text

if TYPE_CHECKING:
    from psycopg import Connection

ROLES = {name: f"expressentry_{name}" for name in ("operator", "web", "login", "sealer", "auditor")}
"""Each role and its name on the server. The migrations give each no more rights than its work needs."""
_CONNECT_SECONDS = 10
# A network that is gone is noticed within a minute, on our side as on the server's.
_KEPT_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
_FULL = ("too many", "remaining connection slots")
"""How a server says that it takes no further connection, of a role or at all; there is no code before one connects."""
_ESCAPED = Text(
    "a character of the password that needs escaping, as %40 for @, or an unknown setting after `?`",
    "un caractère du mot de passe à coder, comme %40 pour @, ou un réglage inconnu après `?`",
)


class Server(Protocol):
    """A running PostgreSQL."""

    def url(self, role: str) -> str:
        """Return the address of the pool's database for a role."""

    def admin_url(self) -> str:
        """Return the address of the role that sets the database up."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where the database is: a folder of ours, or the address of a server; only one of them is given."""

    folder: Path | None = None
    address: str | None = None

    def __str__(self) -> str:
        """The place as it may be shown: an address without its secret."""
        return str(self.folder) if self.address is None else without_secret(self.address)


@dataclass(frozen=True, slots=True)
class ExternalServer:
    """A server that is not ours; the address that was given has the role."""

    address: str

    def url(self, role: str) -> str:
        """Return the address as it was given."""
        return self.address

    def admin_url(self) -> str:
        """Return the address as it was given."""
        return self.address


def locate(address: str | None, folder: Path) -> Location:
    """Where the database is: at an address, where one is given and not empty, else in a folder.

    Raises:
        PoolError: The address is not one of PostgreSQL.
    """
    if not address:
        return Location(folder=folder)
    if not address.startswith(("postgresql://", "postgres://")):
        raise pool_error("bad_address", "database", without_secret(address), why="postgresql://")
    psycopg = _psycopg()
    try:
        host = psycopg.conninfo.conninfo_to_dict(address).get("host", "")
    except psycopg.ProgrammingError:  # its message may have a part of the password, and so may the host
        host = "@"
    if "@" in str(host):
        raise pool_error("bad_address", "database", without_secret(address), why=_ESCAPED)
    return Location(address=address)


@contextmanager
def open_server(place: Location) -> Iterator[Server]:
    """Open the server of a place, for as long as the block runs.

    Raises:
        PoolError: It cannot be opened, or is too old.
    """
    _psycopg()
    if place.address is not None:
        connect(place.address).close()
        yield ExternalServer(place.address)
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

    Raises:
        PoolError: There is no connection, or the server is too old.
    """
    psycopg = _psycopg()
    try:
        given = psycopg.conninfo.conninfo_to_dict(address)
        kept_alive: dict[str, Any] = {name: value for name, value in _KEPT_ALIVE.items() if name not in given}
        connection: Connection = psycopg.connect(
            address, autocommit=autocommit, connect_timeout=_CONNECT_SECONDS, **kept_alive
        )
    except psycopg.OperationalError as error:
        said = " ".join(str(error).split())[-300:]
        full = any(mark in said for mark in _FULL)
        raise pool_error("too_many" if full else "no_connection", without_secret(address), why=said) from None
    try:
        check_version(connection.info.server_version)
    except BaseException:
        connection.close()
        raise
    return connection


def check_version(number: int) -> None:
    """Refuse a PostgreSQL that is too old; `number` is the server's own, 150004 for 15.4.

    Raises:
        PoolError: It is too old.

    >>> check_version(150004)
    """
    if number < OLDEST_MAJOR * 10_000:
        raise pool_error("old_server", "database", found=f"{number // 10_000}.{number % 10_000}")


def without_secret(address: str) -> str:
    """Write an address without its secret; of what is no address nothing is shown, for a secret may be anywhere in it.

    >>> without_secret("postgresql://web:secret@db.example/pool?sslmode=require")
    'postgresql://web@db.example/pool'
    >>> without_secret("host=db.example password=secret")
    'postgresql://…'
    """
    parts = urlsplit(address)
    shown = f"{parts.username}@" if parts.username else ""
    plain = re.fullmatch(r"postgres(ql)?://[^\s@?#]*@?[^\s@?#]*(\?[^\s@]*)?", address)
    return f"{parts.scheme}://{shown}{parts.netloc.rpartition('@')[2]}{parts.path}" if plain else "postgresql://…"


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError:
        raise pool_error("extra_missing", "psycopg") from None
    return psycopg
