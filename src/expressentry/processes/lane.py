"""A process that answers pieces of work, each by a message of its own: its parent knows which one it is at."""

from __future__ import annotations

import gc
import os
import pickle
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Generic, Literal, TypeVar

from expressentry.processes.child import begin_process, deaf_to_ctrl_c, limit_memory, start_method, where

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Numbered = tuple[int, Any]

_MOST_BYTES = 2 << 30
"""What the pieces of work given at once may take in memory beyond what the process has."""


@dataclass(frozen=True, slots=True)
class Work(Generic[Item, Answer]):
    """What is done to each item: `begin(*args)`, once in every process, gives the function that answers one.

    Names, arguments, items and answers must be such that `pickle` takes them. An item that takes longer than `seconds`
    is given up. `read_before` are modules to be read once for all processes; none that starts threads.
    """

    begin: Callable[..., Callable[[Item], Answer]]
    args: tuple[Any, ...] = ()
    seconds: float = 60
    read_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Why an item has no answer: it took too long, or its process ended over it."""

    kind: Literal["late", "ended"]


@dataclass(frozen=True, slots=True)
class _Failure:
    """An error of ours: its kind and places, without its words."""

    fault: str


class Lane(Generic[Item, Answer]):
    """A process, and the items given to it that have no answer yet, the first of which it is at."""

    def __init__(self, work: Work[Item, Answer]) -> None:
        self.work = work
        context = start_method(work.read_before)
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, pickle.dumps(work)), daemon=True)
        with deaf_to_ctrl_c():
            self.process.start()
        theirs.close()
        self.ready, self.given, self._since = False, deque[Numbered](), time.monotonic()

    def give(self, items: Sequence[Numbered]) -> None:
        """Hand items over; one whose process is gone hears of it where it takes the answers."""
        self.given.extend(items)
        self._since = time.monotonic()
        with suppress(OSError):
            self.line.send([item for _, item in items])

    def take(self) -> tuple[int, Answer] | None:
        """The number of an item and its answer; None where the process says that it is ready.

        Raises:
            EOFError: The process is gone.
            OSError: The same.
            RuntimeError: The work failed by an error of ours.
        """
        found = self.line.recv()
        self._since = time.monotonic()
        if not self.ready:
            self.ready = True
            return None
        if isinstance(found, _Failure):
            raise RuntimeError(found.fault)
        return self.given.popleft()[0], found

    @property
    def seconds_left(self) -> float:
        """How long the item that the process is at may still take."""
        return self.work.seconds - (time.monotonic() - self._since) if self.given else float("inf")

    def end(self) -> None:
        """End the process, whatever it does, and wait until it is gone."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.line.close()


def _serve(line: Connection, order: bytes) -> None:
    """Answer what comes along a line, until it is closed."""
    begin_process()
    # There is a process for each core already: threads of Polars and typst would only wait for one another.
    os.environ |= dict.fromkeys(("POLARS_MAX_THREADS", "RAYON_NUM_THREADS"), "1")
    work: Work[Any, Any] = pickle.loads(order)
    answer = work.begin(*work.args)
    gc.collect()
    gc.freeze()  # law and record stay to the end; they need not be looked at again and again
    with suppress(EOFError, OSError):
        line.send(None)
        while True:
            items = line.recv()
            limit_memory(_MOST_BYTES)
            for item in items:
                line.send_bytes(_answered(answer, item))
            limit_memory(None)


def _answered(answer: Callable[[Any], Any], item: Any) -> bytes:
    try:
        return pickle.dumps(answer(item))
    except Exception as error:
        return pickle.dumps(_Failure(where(error)))
