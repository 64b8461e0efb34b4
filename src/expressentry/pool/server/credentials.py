"""One secret for each role of the embedded database, in a file that only its owner can read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

from expressentry.files import replacing
from expressentry.pool.server.locks import Lock
from expressentry.pool.server.privileges import Privileges
from expressentry.pool.server.problems import pool_error, system_error

_WAIT_SECONDS = 30


class Secrets:
    """The file `secrets.json` of a folder; written whole or not at all."""

    def __init__(self, folder: Path, privileges: Privileges) -> None:
        self.path = folder / "secrets.json"
        self.privileges = privileges

    def read(self) -> dict[str, str]:
        """Read every secret by its role.

        Raises:
            PoolError: The file is broken.
        """
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            return {str(role): str(secret) for role, secret in found.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            raise pool_error("not_a_cluster", self.path, why=type(error).__name__) from None

    def of(self, role: str) -> str:
        """Return a role's secret.

        Raises:
            PoolError: The role has none.
        """
        found = self.read()
        if role not in found:
            raise pool_error("no_such_role", "role", role)
        return found[role]

    def make(self, role: str) -> str:
        """Return a role's secret, made and stored now where it had none."""
        import secrets

        with Lock(self.path.with_suffix(".lock")) as lock:
            self.privileges.give_to_owner(lock.path)
            lock.take(_WAIT_SECONDS)
            found = self.read()
            if role not in found:
                found[role] = secrets.token_urlsafe(32)
                self._write(found)
            return found[role]

    def _write(self, found: dict[str, str]) -> None:
        with replacing(self.path, lambda path, error: system_error(error, path.parent)) as part:
            write_private(part, json.dumps(found, indent=1))
            self.privileges.give_to_owner(part)


def url_of(socket: Path, role: str, secret: str, database: str) -> str:
    """Write the address of a server on a socket; the path is escaped.

    >>> url_of(Path("/a é"), "web", "s/1", "pool")
    'postgresql://web:s%2F1@/pool?host=%2Fa%20%C3%A9&port=5432'
    """
    host = quote(os.fsencode(socket), safe="")
    role, secret, database = (quote(part, safe="") for part in (role, secret, database))
    return f"postgresql://{role}:{secret}@/{database}?host={host}&port=5432"


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner reads, from the first moment on, and down to the disk."""
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(os.fsencode(text))
        file.flush()
        os.fsync(fd)
