"""One database cluster in a folder: made once, started and stopped by PostgreSQL's own programs.

    FOLDER/           0700
      data/           0700, of the user that the server runs as; server.log is in it
      secrets.json    0600, one secret per role
      run/            0700, the socket; `socket` names another folder where this one will not do
      locks/          who uses the server, and whether it runs

The lock `server` is handed to the server itself: as long as one of its processes runs it is held, and the kernel frees
it with the last. A free lock proves that the server has ended, where a pid proves nothing; a `postmaster.pid` that was
left behind can then be removed, whatever process it names.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from expressentry.errors import PoolError
from expressentry.files import Folder, Owner, open_file, write_atomically
from expressentry.pool.server.binaries import Binaries
from expressentry.pool.server.credentials import Secrets
from expressentry.pool.server.privileges import Privileges
from expressentry.pool.server.problems import pool_error, program_error, system_error

ADMIN = "postgres"
PORT = 5432
# The address of a socket has 104 bytes on macOS and 108 on Linux; the name of the socket and a final zero are in it.
_SOCKET_BYTES = 100 - len(f"/.s.PGSQL.{PORT}")
_LOG_BYTES = 10_000_000
_STOP_SECONDS = 60
_MOST_PATH = 4096
_FIRST_WITH_OWN_LOCALES = 17
_FIRST_THAT_STAYS = 16
"""Earlier ones leave their working folder to find themselves, and cannot come back into a folder of root."""
# Durable at commit; memory for a machine of 2 cores and 2 GB. ALTER SYSTEM overrides each of them.
# Statements and details are kept out of the log: they would hold personal data.
_SETTINGS = """\
# Written again at every start; use ALTER SYSTEM to change a setting.
listen_addresses = ''
port = {port}
unix_socket_directories = {socket}
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 80
client_connection_check_interval = '5s'
fsync = on
full_page_writes = on
synchronous_commit = on
shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
max_parallel_maintenance_workers = 1
io_workers = 2
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
max_notify_queue_pages = 1024
"""
_SINCE = {"io_workers": 18, "max_notify_queue_pages": 17}
"""Settings that an earlier PostgreSQL refuses."""
_ACCESS = "# Every role by its secret, through the socket only.\nlocal all all scram-sha-256\n"


class Cluster:
    """The files of one database, and the programs that start and stop it; callers hold the gate."""

    def __init__(self, folder: Folder, privileges: Privileges, binaries: Binaries) -> None:
        self._held = folder
        self.folder = folder.shown
        self.privileges = privileges
        self.binaries = binaries
        self.data = self.folder / "data"
        self.log = self.data / "server.log"
        self.secrets = Secrets(folder, privileges)
        self._read_log_from = 0

    def socket(self) -> Path | None:
        """The folder of the socket, None where there is none that is private."""
        held = self._socket()
        return None if held is None else held.shown

    def _socket(self) -> Folder | None:
        try:
            with open_file(self._held.path / "socket", links=False) as file:
                named = Path(os.fsdecode(file.read(_MOST_PATH)))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise system_error(error, self.folder) from None
        try:
            held = Folder(named)
            return held if self._private(held) else None
        except (OSError, ValueError):
            return None

    def is_made(self) -> bool:
        """Whether the database is there.

        Raises:
            PoolError: Something else is there, or the database of another PostgreSQL.
        """
        if not os.path.lexists(self._held.path / "data"):
            return False
        try:
            found = self._read("PG_VERSION").decode(errors="replace").strip()
        except OSError:
            raise pool_error("not_a_cluster", self.data, why="PG_VERSION") from None
        if found != str(self.binaries.major):
            raise pool_error("wrong_major", self.data, found=found, own=self.binaries.major)
        if ADMIN not in self.secrets.read():
            raise pool_error("not_a_cluster", self.folder, why="secrets.json")
        return True

    def make(self, lock_fd: int) -> None:
        """Make the database; the program that does it holds the lock too, even after our own end.

        Raises:
            PoolError: It cannot be made.
        """
        if self.privileges.is_root and self.binaries.major < _FIRST_THAT_STAYS:
            raise pool_error("system_unsupported", self.folder, why=f"root, PostgreSQL {self.binaries.major}")
        # Made beside its place and moved there when it is whole: a half made one is never taken for it.
        new = self._held.path / "data.new"
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=0o700)
            made = self._held.below(new.name)
            if self.privileges.server is not None:
                made.give(self.privileges.server)
            socket = self._make_socket()
            secret = socket.path / "secret"
            self._write(secret, self.secrets.make(ADMIN), self.privileges.server)
            command = [
                self._program("initdb"), "-D", self.privileges.data, f"--username={ADMIN}",
                f"--pwfile={socket.shown / secret.name}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", *self._locale(),
                "--data-checksums", "--no-instructions",
            ]  # fmt: skip
            done = self.privileges.run(command, made, fds=[lock_fd])
            secret.unlink(missing_ok=True)
            if done.returncode:
                raise program_error("initdb_failed", self.folder, done.stdout.decode(errors="replace"))
            self._write(made.path / "pg_hba.conf", _ACCESS, self.privileges.server)
            new.rename(self._held.path / "data")
            _sync(self._held.path)
        except OSError as error:
            raise system_error(error, self.folder) from None
        finally:
            shutil.rmtree(new, ignore_errors=True)
            if not os.path.lexists(self._held.path / "data"):
                self.forget_socket()

    def start(self, lock_fd: int) -> None:
        """Start the server, which takes over the lock that says it runs; nobody waits for it here.

        Raises:
            PoolError: The program does not run.
        """
        try:
            socket, data = self._make_socket(), self._held.below("data")
            for stale in (data.path / "postmaster.pid", *socket.path.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)
            settings = self._settings().format(port=PORT, socket=_list_of(socket.shown))
            self._write(data.path / "postgresql.conf", settings, self.privileges.server)
            log = data.path / self.log.name
            if _size(log) > _LOG_BYTES:
                log.replace(log.with_suffix(".log.1"))
            self._read_log_from = _size(log)
        except OSError as error:
            raise system_error(error, self.folder) from None
        command = [
            self._program("pg_ctl"),
            "start",
            "-D",
            self.privileges.data,
            "--no-wait",
            "--silent",
            "-l",
            self.log.name,
        ]
        done = self.privileges.run(command, data, fds=[lock_fd])
        if done.returncode:
            raise program_error("start_failed", self.folder, done.stdout.decode(errors="replace"), log=self.log)

    def stop(self) -> None:
        """Stop the server and wait for its end; the caller has made sure that `postmaster.pid` names it.

        Raises:
            PoolError: It goes on.
        """
        command = [
            self._program("pg_ctl"), "stop", "-D", self.privileges.data,
            "--mode=fast", "--wait", f"--timeout={_STOP_SECONDS}", "--silent",
        ]  # fmt: skip
        try:
            data = self._held.below("data")
        except OSError as error:
            raise system_error(error, self.folder) from None
        done = self.privileges.run(command, data)
        if done.returncode:
            raise program_error("stop_failed", self.folder, done.stdout.decode(errors="replace"), log=self.log)

    def _locale(self) -> list[str]:
        """Rules for letters that are the same on every system; before PostgreSQL 17 those of C, for ASCII alone."""
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return builtin if self.binaries.major >= _FIRST_WITH_OWN_LOCALES else []

    def _settings(self) -> str:
        """The settings that this PostgreSQL knows."""
        lines = _SETTINGS.splitlines(keepends=True)
        return "".join(line for line in lines if self.binaries.major >= _SINCE.get(line.split(" ")[0], 0))

    def _program(self, name: str) -> str:
        """A program that the server's user can run; where root keeps them to itself, a copy beside the socket."""
        if (
            not self.privileges.is_root
            or not self.binaries.carried
            or self.binaries.is_open_to(self.privileges.server_uid)
        ):
            return self.binaries[name]
        try:
            return self.binaries.copied_to(self._make_socket())[name]
        except OSError as error:
            raise system_error(error, self.folder) from None

    def forget_socket(self) -> None:
        """Remove the folder of the socket of a server that has ended, and all that was left in it."""
        socket = self._socket()
        if socket is None:
            return
        with suppress(OSError):
            for left in socket.path.iterdir():
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)
            above = Folder(socket.shown.parent)
            (above.path / socket.shown.name).rmdir()
        (self._held.path / "socket").unlink(missing_ok=True)

    def log_since_start(self) -> str:
        """What the server has written to its log since it was last started here."""
        try:
            return self._read(self.log.name, self._read_log_from).decode(errors="replace")
        except OSError:
            return ""

    def pid(self) -> int | None:
        """The pid that the server wrote down; another process may have that number now."""
        try:
            return int(self._read("postmaster.pid").split(b"\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _make_socket(self) -> Folder:
        """Return a private folder whose path leaves room for a socket, made now if need be."""
        known = self._socket()
        if known:
            return known
        place = self.folder / "run"
        # Root's server cannot pass through the closed folder, and a long path holds no socket.
        if self.privileges.is_root or len(os.fsencode(place)) > _SOCKET_BYTES:
            place = _temporary()
        else:
            place.mkdir(mode=0o700, exist_ok=True)
            place.chmod(0o700)
        try:
            held = Folder(place)
            if self.privileges.server is not None:
                held.give(self.privileges.server)
            self._write(self._held.path / "socket", os.fsencode(place), self.privileges.owner)
        except (OSError, PoolError):
            place.rmdir()
            raise
        return held

    def _private(self, place: Folder) -> bool:
        """Whether a folder is the server's alone; its name could have been taken by somebody else since."""
        found = place.stat() if self.privileges.is_root else place.shown.lstat()
        mine = found.st_uid == self.privileges.server_uid and stat.S_IMODE(found.st_mode) == 0o700
        moved = place.shown.name == "run" and place.shown.parent != self.folder
        return stat.S_ISDIR(found.st_mode) and mine and not moved

    def _read(self, name: str, start: int = 0) -> bytes:
        """The content of a file of the database, of a long one the first ten million bytes."""
        data = self._held.below("data")
        with open_file(data.path / name, links=False) as file:
            file.seek(start)
            return file.read(_LOG_BYTES)

    def _write(self, path: Path, content: str | bytes, owner: Owner | None) -> None:
        write_atomically(path, content, self._refused, durable=True, owner=owner)

    def _refused(self, _: Path, error: OSError) -> PoolError:
        return system_error(error, self.folder)


def _temporary() -> Path:
    for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp")):
        if len(os.fsencode(parent)) + len("/expressentry-xxxxxxxx") <= _SOCKET_BYTES:
            try:
                return Path(tempfile.mkdtemp(prefix="expressentry-", dir=parent))
            except OSError:
                continue
    raise pool_error("path_too_long", tempfile.gettempdir(), limit=100)


def _list_of(socket: Path) -> str:
    """Write a path as a list of one in the server's settings: quoted as an element, then as a value."""
    element = '"' + str(socket).replace('"', '""') + '"'
    value = element.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{value}'"


def _size(file: Path) -> int:
    """How long a file is, nothing where it is not there; of a link its own length."""
    try:
        return file.lstat().st_size
    except FileNotFoundError:
        return 0


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
