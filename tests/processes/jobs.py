"""Work for the tests: what a process is told to do to itself."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

Job = tuple[str, int]


def begin(folder: str) -> Callable[[Job], tuple[int, int]]:
    """Do a job, and give its number and the process that did it; each is noted in a folder."""

    def do(job: Job) -> tuple[int, int]:
        kind, number = job
        (Path(folder) / f"{number}-{os.getpid()}-{time.monotonic_ns()}").touch()
        _act(kind)
        return number, os.getpid()

    return do


def _act(kind: str) -> None:
    if kind == "for ever":
        while True:
            time.sleep(0.01)
    if kind == "caught":
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                continue
    if kind == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "wrong":
        raise ValueError("born 1993-04-12")
    if kind == "memory":
        _ = bytearray(8 << 30)
    if kind == "slow":
        time.sleep(0.03)


def fails_to_begin(parent: int) -> Callable[[Job], int]:
    """Work that only the first process can begin."""
    if os.getpid() != parent:
        os._exit(1)
    return lambda job: job[1]


def main(folder: str) -> None:
    """Work without end in processes of its own, until it is killed."""
    from expressentry.processes import in_order as module
    from expressentry.processes.lane import Work

    module._can_be_stopped = lambda: False
    jobs = [("slow", number) for number in range(100_000)]
    for _ in module.in_order(Work(begin, (folder,)), jobs, jobs=2):
        pass
