"""Jobs that cost what a test wants, for worker processes; an app with addresses that have them done."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request

from expressentry.web.workers.handing import compute
from tests.web.serving import made


def burn(_: Any, seconds: float, folder: str = "") -> int:
    """Use the processor for so long; leaves a file where a folder is given. Gives the process."""
    if folder:
        (Path(folder) / f"{os.getpid()}-{time.monotonic_ns()}").touch()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return os.getpid()


def eat(_: Any, size: int) -> int:
    """Take so much memory."""
    return len(bytearray(size))


def fail(_: Any, said: str) -> None:
    """Fail over what was sent."""
    raise ValueError(said)


def burning(**settings: Any) -> FastAPI:
    """An app with two more addresses: /api/v1/burn/SECONDS computes as long as that, /api/v1/crash fails here."""
    app = made(**settings)

    @app.post("/api/v1/burn/{seconds}")
    async def burned(request: Request, seconds: float, folder: str = "") -> int:
        found: int = await compute(request, burn, seconds, folder)
        return found

    @app.get("/api/v1/crash")
    @app.get("/en/crash")
    async def crashed() -> None:
        raise ValueError

    return app


def workers_of(app: FastAPI) -> list[int]:
    """The worker processes that an app has now."""
    pool = app.state.known.workers
    return [lane.pid for lane in pool.lanes if lane.pid is not None] if pool else []


def lives(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    return _stat(pid)[:1] not in ([], ["Z"])


def processor_seconds(pid: int) -> float:
    """The processor time that a process has used."""
    return sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def until(seconds: float) -> Iterator[None]:
    """Look again and again for so long; fails where the loop is not left by then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")
