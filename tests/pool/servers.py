"""What tests of an embedded server share: folders, holders in processes of their own, proof that nothing is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65534
SECONDS = 60


def until(true: Callable[[], object], seconds: float = SECONDS) -> bool:
    """Wait for something; whether it came."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def processes(folder: Path) -> dict[int, str]:
    """Every process that works in a folder or was given it as an argument, but this one and its zombies."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            works_in = os.fsencode((entry / "cwd").readlink())
        except OSError:
            continue
        name = os.fsencode(folder)
        if works_in.startswith(name) or name in command:
            found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def servers(folder: Path) -> dict[int, str]:
    """The processes of a folder's PostgreSQL."""
    return {pid: command for pid, command in processes(folder).items() if "postgres" in command.split(" ")[0]}


def watchers(folder: Path) -> dict[int, str]:
    """The watchers of a folder."""
    return {
        pid: command for pid, command in processes(folder).items() if "expressentry.pool.server.supervisor" in command
    }


def uid_of(pid: int) -> int | None:
    """The user that a process runs as, None where it has ended."""
    try:
        return Path(f"/proc/{pid}").stat().st_uid
    except OSError:
        return None


def sockets_of(pid: int) -> set[str]:
    """The sockets that a process has open, as `socket:[inode]`."""
    found = set()
    for fd in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):
            found.add(str(fd.readlink()))
    return {name for name in found if name.startswith("socket:")}


def only_if(true: bool, why: str) -> None:
    """Skip a test that this machine cannot run, and say so; on a build server that is a failure."""
    if not true and os.environ.get("CI"):
        pytest.fail(f"must not be skipped here: {why}")
    if not true:
        pytest.skip(why)


def copy_of(template: Path, folder: Path, uid: int | None = None) -> Path:
    """Copy a database that is at rest, with its owners, or give it to another."""
    subprocess.run(["cp", "-a", str(template), str(folder)], check=True)
    if uid is not None:
        subprocess.run(["chown", "-R", f"{uid}:{uid}", str(folder)], check=True)
    return folder


def python_of(uid: int | None) -> str:
    """An interpreter that a user can run: ours, or the system's of the same version."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    check = ["-c", f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"]
    for python in (sys.executable, "/usr/bin/python3", f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        try:
            if subprocess.run([python, *check], **_as(uid), cwd="/", check=False).returncode == 0:
                return python
        except OSError:
            continue
    only_if(False, f"no Python {version} that another user can run")
    raise AssertionError


def _as(uid: int | None) -> dict[str, Any]:
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


class Holder:
    """A process that holds a server."""

    def __init__(self, folder: Path, *, uid: int | None = None, env: Mapping[str, str] | None = None) -> None:
        path = os.pathsep.join([str(ROOT / "src"), *(entry for entry in sys.path if "site-packages" in entry)])
        self.process = subprocess.Popen(
            [python_of(uid), "-P", str(ROOT / "tests/pool/client.py"), str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/",
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})}, **_as(uid),
        )  # fmt: skip

    def said(self) -> str:
        """Its next line: `open PID` or `refused CODE`."""
        assert self.process.stdout
        return str(self.process.stdout.readline()).strip()

    def opened(self) -> int:
        """Wait until it holds the server; return the pid of the server."""
        word, _, rest = self.said().partition(" ")
        assert word == "open", rest
        return int(rest)

    def close(self) -> int:
        """Let it close and end; return its exit code."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait(SECONDS)
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it without a chance to close, or with the chance that a signal leaves."""
        self.process.send_signal(number)
        self.close()


@contextmanager
def holding(folder: Path, **how: Any) -> Iterator[Holder]:
    """A holder that is ended with the block, whatever happened."""
    holder = Holder(folder, **how)
    try:
        yield holder
    finally:
        if holder.process.poll() is None:
            holder.process.kill()
        holder.close()


def swept(folder: Path) -> list[str]:
    """What still runs in a folder after a while; ended, so that one failure does not spread."""
    if until(lambda: not processes(folder)):
        return []
    left = processes(folder)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return list(left.values())


@contextmanager
def folder_of(name: str) -> Iterator[Path]:
    """A folder in which nothing runs after the block; in memory where there is room, because fsync takes seconds."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    home = Path(tempfile.mkdtemp(prefix=f"pool-{name}-", dir=memory if roomy else None))
    try:
        yield home
    finally:
        left = swept(home)
        sockets = [Path(os.fsdecode(named.read_bytes())) for named in home.rglob("socket") if named.is_file()]
        left += [str(place) for place in sockets if place.exists()]
        shutil.rmtree(home, ignore_errors=True)
        assert left == []
