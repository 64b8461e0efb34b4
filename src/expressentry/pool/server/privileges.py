"""Which users the files and the server belong to: PostgreSQL refuses to run as root, so root hands it to another user.

    who calls             owner of the folder    the server runs as
    an ordinary user      that user              that user
    root                  an ordinary user       the owner, who may use the folder later without root
    root                  root                   `nobody`; only root reads the secrets

A server that root starts gets its data as its working folder (`/proc/self/cwd`), so that nothing above it needs to be
opened to other users: the folder with the secrets stays closed to the very user that the server runs as.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, CompletedProcess, run
from typing import Any

from expressentry.files import Folder, Owner
from expressentry.pool.server.problems import pool_error, system_error

_UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Privileges:
    """The owner of the folder (`uid`, `gid`) and the user that the server runs as (`server_uid`, `server_gid`)."""

    uid: int
    gid: int
    server_uid: int
    server_gid: int
    is_root: bool

    @property
    def data(self) -> str:
        """How a program started by `run` names its data folder, which is its working folder."""
        return "/proc/self/cwd" if self.is_root else "."

    @property
    def owner(self) -> Owner | None:
        """Whose root makes a file that the folder's owner needs; None for anybody else, whose files are their own."""
        return (self.uid, self.gid) if self.is_root else None

    @property
    def server(self) -> Owner | None:
        """Whose root makes a file that the server needs."""
        return (self.server_uid, self.server_gid) if self.is_root else None

    def run(self, command: Sequence[str], folder: Folder, *, fds: Sequence[int] = ()) -> CompletedProcess[bytes]:
        """Run a program of PostgreSQL as the server's user in a folder, with next to nothing of our environment.

        The output is written to a file that was deleted, not to a pipe: a server would keep a pipe open.
        """
        from tempfile import TemporaryFile

        keep = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
        # Messages are matched, so they are in English; and a locale named outside may not exist here.
        env = {name: os.environ[name] for name in keep if name in os.environ} | {"LC_ALL": "C", "TZ": "UTC"}
        as_user: dict[str, Any] = {}
        if self.is_root:
            as_user = {"user": self.server_uid, "group": self.server_gid, "extra_groups": []}
        with TemporaryFile() as output:
            try:
                done = run(
                    command, cwd=folder.path, env=env, stdin=DEVNULL, stdout=output, stderr=output,
                    pass_fds=tuple(fds), umask=0o077, check=False, **as_user,
                )  # fmt: skip
            except PermissionError:
                raise pool_error("binaries_unreadable", Path(command[0]).parent, user=_name(self.server_uid)) from None
            output.seek(0)
            return CompletedProcess(done.args, done.returncode, output.read())


def privileges_of(folder: Folder) -> Privileges:
    """Which users a folder and its server belong to.

    Raises:
        PoolError: The folder is another user's, or root cannot hand the server over.
    """
    me = os.geteuid()
    try:
        found = folder.stat()
    except OSError as error:
        raise system_error(error, folder.shown) from None
    if me != 0:
        if found.st_uid != me:
            raise pool_error("foreign_folder", folder.shown)
        return Privileges(me, os.getegid(), me, os.getegid(), is_root=False)
    if not sys.platform.startswith("linux"):
        raise pool_error("system_unsupported", sys.platform, why="root")
    if found.st_uid != 0:
        return Privileges(found.st_uid, found.st_gid, found.st_uid, found.st_gid, is_root=True)
    import pwd

    try:
        entry = pwd.getpwnam(_UNPRIVILEGED)
    except KeyError:
        raise pool_error("no_such_user", _UNPRIVILEGED) from None
    return Privileges(0, 0, entry.pw_uid, entry.pw_gid, is_root=True)


def _name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
