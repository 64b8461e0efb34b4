"""Locks between processes by `flock`: the kernel frees a lock when its last holder ends, however it ends."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from contextlib import suppress
from types import TracebackType

from expressentry.files import Folder, Owner
from expressentry.pool.server.problems import pool_error, system_error

_PAUSE_SECONDS = 0.02
_FLAGS = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Lock:
    """One open lock file; every Lock is a holder of its own, also within one process.

    A child that is given `fd` holds the lock too, for as long as it runs. Root makes the file another user's where
    `owner` names one.
    """

    def __init__(self, folder: Folder, name: str, owner: Owner | None = None) -> None:
        self.path = folder.shown / name
        try:
            self.fd = _opened(str(folder.path / name), owner)
        except OSError as error:
            raise system_error(error, folder.shown) from None

    def attempt(self, *, shared: bool = False) -> bool:
        """Take the lock if that is possible at once."""
        try:
            fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take(self, seconds: float, *, shared: bool = False) -> None:
        """Take the lock, waiting for some seconds.

        Raises:
            PoolError: Others keep it.
        """
        until = time.monotonic() + seconds
        while not self.attempt(shared=shared):
            if time.monotonic() > until:
                raise pool_error("busy", self.path, seconds=round(seconds))
            time.sleep(_PAUSE_SECONDS)

    def wait(self) -> None:
        """Take the lock alone, waiting for as long as it takes."""
        fcntl.flock(self.fd, fcntl.LOCK_EX)

    def close(self) -> None:
        """Free the lock; a child that was given it keeps it."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(path: str, owner: Owner | None) -> int:
    """Open a lock file, made now if need be.

    Its folder may be another user's, who can put any file under its name: only one that is empty, and has no other
    name, is made that user's.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600))
    fd = os.open(path, _FLAGS)
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        if owner is not None and (found.st_uid, found.st_gid) != owner:
            if found.st_nlink != 1 or found.st_size:
                raise OSError(errno.EPERM, "no lock of ours")
            os.fchown(fd, *owner)
    except BaseException:
        os.close(fd)
        raise
    return fd


def is_free(folder: Folder, name: str) -> bool:
    """Whether nobody holds a lock."""
    with Lock(folder, name) as lock:
        return lock.attempt()
