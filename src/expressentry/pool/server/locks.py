"""Locks between processes by `flock`: the kernel frees a lock when its last holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from expressentry.pool.server.problems import pool_error, system_error

_PAUSE_SECONDS = 0.02


class Lock:
    """One open lock file; every Lock is a holder of its own, also within one process.

    A child that is given `fd` holds the lock too, for as long as it runs.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise system_error(error, path.parent) from None

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


def is_free(path: Path) -> bool:
    """Whether nobody holds a lock."""
    with Lock(path) as lock:
        return lock.attempt()
