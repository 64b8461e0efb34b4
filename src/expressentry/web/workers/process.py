"""What runs in a worker process: it takes one job after the other from its line, until the line is closed.

Its memory is limited by RLIMIT_DATA, which counts what can be written to. RLIMIT_AS would not do: polars and the engine
that draws reserve tens of gigabytes of addresses that they never use. The memory in use (RSS) is known only when it is
taken already.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

_NICER = 5
"""Workers give way to the process that serves: pages and `/health` go on while they compute."""
_MEMORY = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job: its value, or that it failed; the processor time it took, and the memory now in use.

    `fault` says which error it was and where in the code, without its words: they may hold what was sent.
    """

    value: Any
    seconds: float
    memory_bytes: int
    failed: Literal["", "memory", "error"] = ""
    fault: str = ""


class Clock:
    """The day of the process that serves, given with each job."""

    def __init__(self) -> None:
        self.day = date.min

    def __call__(self) -> date:
        """The day it is."""
        return self.day


def serve(line: Connection, make: bytes, most_bytes: int) -> None:
    """Take jobs from a line until it is closed; `make` is a pickled maker of what jobs are given, with its arguments.

    A job is a pickled (day, function, arguments); the function is called with what was made, and the arguments.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()
    if hasattr(os, "nice"):
        os.nice(_NICER)
    clock = Clock()
    maker, args = pickle.loads(make)
    known = maker(clock, *args)
    gc.collect()
    gc.freeze()
    line.send_bytes(b"")
    while True:
        try:
            job = line.recv_bytes()
        except (EOFError, OSError):
            return
        line.send_bytes(_answered(job, known, clock, most_bytes))


def _answered(job: bytes, known: Any, clock: Clock, most_bytes: int) -> bytes:
    begun = time.process_time()
    value, failed, fault = None, "", ""
    _limit(most_bytes)
    try:
        clock.day, function, args = pickle.loads(job)
        value = pickle.dumps(function(known, *args))
    except MemoryError:
        failed = "memory"
    except Exception as error:
        failed, fault = "error", where(error)
    # Without limit: what a worker needs to say how it went is not what the job took.
    _limit(None)
    return pickle.dumps(Done(value, time.process_time() - begun, _memory()[0], failed, fault))  # type: ignore[arg-type]


def where(error: BaseException) -> str:
    """An error by its kind and its places in the code, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at " + " < ".join(
        f"{'/'.join(Path(one.filename).parts[-2:])}:{one.lineno}" for one in reversed(frames[-8:])
    )


def _memory() -> tuple[int, int]:
    """The memory in use and what could be written to, in bytes; 0 where the system does not say."""
    try:
        pages = _MEMORY.read_text().split()
    except OSError:
        return 0, 0
    size = os.sysconf("SC_PAGE_SIZE")
    return int(pages[1]) * size, int(pages[5]) * size


def _limit(more_bytes: int | None) -> None:
    """Let this process take so much more memory than it has, or as much as it may."""
    if sys.platform != "linux":
        return  # the limit exists elsewhere, but does not count what is mapped
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = hard if more_bytes is None else _memory()[1] + more_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _end_with_parent() -> None:
    """End this process as soon as the one that it works for is gone, however that came."""
    parent = parent_process()
    if parent is None:
        return

    def watch(ends: Callable[[int], None] = os._exit) -> None:
        wait([parent.sentinel])
        ends(1)

    threading.Thread(target=watch, daemon=True).start()
