"""One secret for each role of the embedded database, in a file that only its owner can read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

from expressentry.documents import load_json
from expressentry.files import Folder, open_file, write_atomically
from expressentry.pool.server.locks import Lock
from expressentry.pool.server.privileges import Privileges
from expressentry.pool.server.problems import pool_error, system_error

_FILE = "secrets.json"
_WAIT_SECONDS = 30
_MOST_BYTES = 100_000


class Secrets:
    """The file `secrets.json` of a folder; written whole or not at all."""

    def __init__(self, folder: Folder, privileges: Privileges) -> None:
        self.folder = folder
        self.path = folder.shown / _FILE
        self.privileges = privileges

    def read(self) -> dict[str, str]:
        """Read every secret by its role.

        Raises:
            PoolError: The file is broken.
        """
        try:
            with open_file(self.folder.path / _FILE, links=False) as file:
                found = load_json(file.read(_MOST_BYTES))
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

        with Lock(self.folder, "secrets.lock", self.privileges.owner) as lock:
            lock.take(_WAIT_SECONDS)
            found = self.read()
            if role not in found:
                found[role] = secrets.token_urlsafe(32)
                self._write(found)
            return found[role]

    def _write(self, found: dict[str, str]) -> None:
        write_atomically(
            self.folder.path / _FILE,
            json.dumps(found, indent=1),
            lambda _, error: system_error(error, self.folder.shown),
            durable=True,
            owner=self.privileges.owner,
        )


def url_of(socket: Path, role: str, secret: str, database: str) -> str:
    """Write the address of a server on a socket; the path is escaped.

    >>> url_of(Path("/a é"), "web", "s/1", "pool")
    'postgresql://web:s%2F1@/pool?host=%2Fa%20%C3%A9&port=5432'
    """
    host = quote(os.fsencode(socket), safe="")
    role, secret, database = (quote(part, safe="") for part in (role, secret, database))
    return f"postgresql://{role}:{secret}@/{database}?host={host}&port=5432"
