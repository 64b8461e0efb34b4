"""What runs in a worker process: it takes one job after the other from its line, until the line is closed."""

from __future__ import annotations

import gc
import os
import pickle
import time
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from typing import Any, Literal

from expressentry.processes.child import begin_process, limit_memory, memory, where

_NICER = 5
"""Workers give way to the process that serves: pages and `/health` go on while they compute."""


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
    begin_process()
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
    limit_memory(most_bytes)
    try:
        clock.day, function, args = pickle.loads(job)
        value = pickle.dumps(function(known, *args))
    except MemoryError:
        failed = "memory"
    except Exception as error:
        failed, fault = "error", where(error)
    # Without limit: what a worker needs to say how it went is not what the job took.
    limit_memory(None)
    return pickle.dumps(Done(value, time.process_time() - begun, memory()[0], failed, fault))  # type: ignore[arg-type]
