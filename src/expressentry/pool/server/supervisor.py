"""The supervisor of an embedded server starts it, reaches it and stops it; only a connection proves that it runs.

The locks of a folder, all of them by `flock`:

    gate      alone       held while a server is made, started or stopped
    clients   shared      by every client of the server; alone by the one that stops it
    server    alone       by the processes of the server itself, and by initdb: where it is free, no server runs
    watchdog  alone       by the watchdog

The watchdog (`python -m expressentry.pool.server.supervisor FOLDER FD`) stops a server whose clients have all ended
without closing it, by SIGKILL for example. It sleeps on the lock of the clients, which the kernel frees with the last
of them, and ends with the server.
"""

from __future__ import annotations

import os
import socket as sockets
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from expressentry.files import Folder
from expressentry.pool.server.binaries import Binaries, find_binaries
from expressentry.pool.server.cluster import ADMIN, PORT, Cluster
from expressentry.pool.server.credentials import url_of
from expressentry.pool.server.locks import Lock, is_free
from expressentry.pool.server.privileges import Privileges, privileges_of
from expressentry.pool.server.problems import pool_error, program_error, system_error

if TYPE_CHECKING:
    from psycopg import Connection

DATABASE = "expressentry"
GATE_SECONDS = 120
_ANSWER_SECONDS = 60
_ENDING_SECONDS = 30
_PAUSE_SECONDS = 0.03
_STARTS = 3
_WATCHDOG = "expressentry.pool.server.supervisor"  # this module, run as a program
_MODULE = "expressentry.pool.server.supervisor"  # its own name is another when it runs as the watchdog


class Supervisor:
    """The server of one folder; callers of `ensure` and `stop` hold the gate."""

    def __init__(self, folder: Path, binaries: Binaries | None = None) -> None:
        # Not resolved: a long path may be given as a short link so that the socket stays in the folder.
        self.folder = folder.absolute()
        held, self._locks, self.privileges = _prepare(self.folder)
        self.cluster = Cluster(held, self.privileges, binaries or find_binaries())

    def lock(self, name: str) -> Lock:
        """Open one of the locks."""
        return Lock(self._locks, name, self.privileges.owner)

    def gate(self) -> Lock:
        """Return the lock under which a server is started and stopped, taken."""
        gate = self.lock("gate")
        try:
            gate.take(GATE_SECONDS)
        except BaseException:
            gate.close()
            raise
        return gate

    def url(self, role: str, database: str) -> str:
        """Return the address of a database for a role."""
        place = self.cluster.socket()
        if place is None:
            raise pool_error("unreachable", self.folder, why="socket", data=self.cluster.data)
        return url_of(place, role, self.cluster.secrets.of(role), database)

    def connect(self, database: str, *, autocommit: bool = False) -> Connection:
        """Connect as the superuser."""
        import psycopg

        return psycopg.connect(self.url(ADMIN, database), autocommit=autocommit, connect_timeout=5)

    def ensure(self) -> None:
        """Make the database, start the server and reach it, where that is not done yet."""
        if not self.cluster.is_made():
            with self.lock("server") as server:
                server.take(_ENDING_SECONDS)
                self.cluster.make(server.fd)
        for _ in range(_STARTS):
            with self.lock("server") as server:
                if server.attempt() and self._dial() is None:
                    self.cluster.start(server.fd)
            self._start_watchdog()
            if self._reach():
                return
        raise program_error("start_failed", self.folder, self.cluster.log_since_start(), log=self.cluster.log)

    def stop(self) -> None:
        """Stop the server if it runs, and only when what answers on the socket is what `postmaster.pid` names.

        Raises:
            PoolError: That is not sure, or the server goes on.
        """
        until = time.monotonic() + _ENDING_SECONDS
        while not self._ended():
            peer = self._dial()
            # Without the listener's pid only a server that knows our secret is ours.
            if peer or (peer == 0 and self._reach()):
                if self.cluster.pid() != (peer or self.cluster.pid()):
                    raise pool_error("stop_failed", self.folder, why="postmaster.pid", log=self.cluster.log)
                self.cluster.stop()
                break
            if time.monotonic() > until:
                raise pool_error("unreachable", self.folder, why="socket", data=self.cluster.data)
            time.sleep(_PAUSE_SECONDS)
        while not self._ended() and time.monotonic() < until:
            time.sleep(_PAUSE_SECONDS)
        if self._ended():
            self.cluster.forget_socket()

    def _ended(self) -> bool:
        return is_free(self._locks, "server")

    def _reach(self) -> bool:
        """Whether the server answers; waits while it starts, and while the children of a killed one end."""
        import psycopg

        until = time.monotonic() + _ANSWER_SECONDS
        while True:
            try:
                with self.connect("postgres", autocommit=True) as admin:
                    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                        # In another database a role could make what it may not make in that of the pool.
                        admin.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
                        admin.execute(f"CREATE DATABASE {DATABASE}")
                return True
            except psycopg.OperationalError as error:
                if self._ended() and self._dial() is None:
                    return False
                if isinstance(error, psycopg.errors.DiskFull):
                    raise pool_error("disk_full", self.folder) from None
                # A recovery may take long and says that it is under way; silence may not.
                late = time.monotonic() > until and "starting up" not in str(error)
                if late or "password authentication" in str(error):
                    raise program_error("unreachable", self.folder, str(error), data=self.cluster.data) from None
            time.sleep(_PAUSE_SECONDS)

    def _dial(self) -> int | None:
        """Connect to the socket: None without a listener, else the listener's pid, 0 where the system has none."""
        place = self.cluster.socket()
        if place is None:
            return None
        with sockets.socket(sockets.AF_UNIX) as dialled:
            dialled.settimeout(5)
            try:
                dialled.connect(str(place / f".s.PGSQL.{PORT}"))
            except OSError:
                return None
            if not hasattr(sockets, "SO_PEERCRED"):
                return 0
            found = dialled.getsockopt(sockets.SOL_SOCKET, sockets.SO_PEERCRED, struct.calcsize("3i"))
            return int(struct.unpack("3i", found)[0])

    def _start_watchdog(self) -> None:
        """Start the watchdog, unless there is one."""
        from subprocess import DEVNULL, run

        with self.lock("watchdog") as lock:
            if not sys.executable or not lock.attempt():
                return
            command = [sys.executable, "-P", "-m", _WATCHDOG, str(self.folder), str(lock.fd)]
            # The shell ends at once, so that the watchdog has no parent here and leaves no zombie behind.
            run(
                ["/bin/sh", "-c", '"$@" &', "sh", *command], cwd="/", stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
                pass_fds=[lock.fd], start_new_session=True, check=True,
            )  # fmt: skip


def run_watchdog(folder: Path, own_fd: int) -> None:
    """Sleep until no client is left, then stop the server as the last client would have; `own_fd` is our own lock."""
    supervisor = Supervisor(folder)
    while True:
        with supervisor.lock("clients") as clients:
            clients.wait()
        with supervisor.gate(), supervisor.lock("clients") as last:
            if last.attempt():
                try:
                    supervisor.stop()
                finally:
                    # Under the gate: the next to pass it sees that there is no watchdog, and starts another.
                    os.close(own_fd)
                return


def _prepare(folder: Path) -> tuple[Folder, Folder, Privileges]:
    """Make the folder and that of the locks, closed to others; both stay open."""
    try:
        held = Folder(folder, make=True, mode=0o700)
        privileges = privileges_of(held)
        locks = held.below("locks", make=True)
        if privileges.owner is not None and locks.stat().st_uid == os.geteuid():
            locks.give(privileges.owner)
    except OSError as error:
        raise system_error(error, folder) from None
    return held, locks, privileges


if __name__ == "__main__":
    run_watchdog(Path(sys.argv[1]), int(sys.argv[2]))
