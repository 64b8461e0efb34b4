"""An embedded PostgreSQL: open it, use its addresses, close it; any number of processes may do so at once.

    with open_embedded(folder) as server:
        psycopg.connect(server.admin_url())

Every client of a server is counted by a shared lock; the last one stops the server, under the exclusive lock. Clients
that end without closing are noticed by a watchdog; should that be killed too, the next last client stops the server.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import LiteralString

from expressentry.pool.server.binaries import Binaries
from expressentry.pool.server.cluster import ADMIN
from expressentry.pool.server.supervisor import DATABASE, GATE_SECONDS, Supervisor


class Embedded:
    """The server of one folder, kept running until `close`; made and started if need be.

    A process that was forked from a client is a client too.
    """

    def __init__(self, folder: Path, binaries: Binaries | None = None) -> None:
        self.supervisor = Supervisor(folder, binaries)
        self._held = self.supervisor.lock("clients")
        try:
            with self.supervisor.gate():
                self._held.take(GATE_SECONDS, shared=True)
                self.supervisor.ensure()
        except BaseException:
            self._held.close()
            raise

    @property
    def binaries(self) -> Binaries:
        """The programs of this PostgreSQL: pg_dump, pg_restore, psql."""
        return self.supervisor.cluster.binaries

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address of a database for a role that `ensure_role` made; it holds the role's secret.

        Raises:
            PoolError: The role has no secret here.
        """
        return self.supervisor.url(role, database)

    def admin_url(self, database: str = DATABASE) -> str:
        """Return the address of a database for the superuser: for set-up only."""
        return self.url(ADMIN, database)

    def ensure(self) -> None:
        """Start the server again if it ended in the meantime.

        Raises:
            PoolError: That is not possible.
        """
        with self.supervisor.gate():
            self.supervisor.ensure()

    def ensure_role(self, role: str, attributes: LiteralString = "") -> None:
        """Make a role that may log in, or set its secret again.

        Args:
            role: Its name on the server.
            attributes: Those of CREATE ROLE; an existing role keeps the attributes that are not named.
        """
        from psycopg import sql

        secret = self.supervisor.cluster.secrets.make(role)
        with self.supervisor.connect(DATABASE) as admin:
            # Two processes that change one role at once would fail; the lock ends with the transaction.
            admin.execute("SELECT pg_advisory_xact_lock(hashtext('expressentry role'))")
            there = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            # The verifier is computed here, so that the secret itself is in no statement and no log.
            verifier = admin.pgconn.encrypt_password(secret.encode(), role.encode(), b"scram-sha-256")
            statement = sql.SQL("{verb} ROLE {role} LOGIN {attributes} PASSWORD {verifier}")
            admin.execute(
                statement.format(
                    verb=sql.SQL("ALTER" if there else "CREATE"),
                    role=sql.Identifier(role),
                    attributes=sql.SQL(attributes),
                    verifier=sql.Literal(verifier.decode()),
                )
            )

    def close(self) -> None:
        """End the use of the server; the last client stops it.

        Raises:
            PoolError: It cannot be stopped.
        """
        if self._held.fd < 0:
            return
        with self.supervisor.gate(), self._held as held:
            if held.attempt():
                self.supervisor.stop()

    def __enter__(self) -> Embedded:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_embedded(folder: Path) -> Embedded:
    """Open the embedded server of a folder, made and started if need be.

    Raises:
        PoolError: That is not possible.
    """
    return Embedded(folder)
