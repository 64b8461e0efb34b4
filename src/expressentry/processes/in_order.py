"""Many pieces of work on every core: the answers come in the order of the items, whatever becomes of some of them.

    work = Work(begin, args)
    for answer in in_order(work, items, total=len(items)): ...

A short list is done here, and no process is started for it. That is not known before: the first items are done here,
and what they took says whether other processes are worth their start. An item that takes too long, or over which its
process ends, has `Unfinished` for an answer, and the others go on in a new process.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Generic, cast

from expressentry.processes.child import cores
from expressentry.processes.lane import Answer, Item, Lane, Numbered, Unfinished, Work

_START_SECONDS = 1.0
"""What it takes until the other processes answer; they must save more."""
_LOOKED_AT_SECONDS = 0.2
"""After so long it is known what an item takes: the first one reads modules and law."""
_CHUNK_SECONDS = 0.05
"""A process is given items for so long at once."""
_MOST_CHUNK = 64
_MOST_AHEAD = 5_000
"""So many answers may wait for one before them."""


class _LateError(BaseException):
    """Ends a piece of work in this process; nothing on the way takes it for an error of the work."""


def in_order(
    work: Work[Item, Answer], items: Iterable[Item], *, total: int | None = None, jobs: int | None = None
) -> Iterator[Answer | Unfinished]:
    """Answer every item, in order, in this process or in as many as there are cores.

    Args:
        work: What is done to each item.
        items: The items; they are read as they are needed.
        total: How many there are, where that is known.
        jobs: How many processes at most; one means this one.

    Raises:
        RuntimeError: The work failed by an error of ours in another process; in this one the error itself comes.
    """
    items, most = iter(items), cores() if jobs is None else jobs
    done, each = 0, 0.0
    if most == 1 or _can_be_stopped():
        spent = 0.0
        answer = work.begin(*work.args)
        with _alarm() as within:
            for item in items:
                begun = time.perf_counter()
                found = within(work.seconds, answer, item)
                spent += time.perf_counter() - begun
                done += 1
                yield found
                each = spent / done
                left = float("inf") if total is None else total - done
                if most > 1 and spent > _LOOKED_AT_SECONDS and left * each * (1 - 1 / most) > _START_SECONDS:
                    break
            else:
                return
    several = most if total is None else max(min(most, total - done), 1)
    yield from _Spread(work, items, several, each).answers()


def _can_be_stopped() -> bool:
    """Whether an alarm can end a piece of work in this thread."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextmanager
def _alarm() -> Iterator[Callable[[float, Callable[[Item], Answer], Item], Answer | Unfinished]]:
    """Give a way to call a function for so many seconds at most, where the system has one."""
    if not _can_be_stopped():
        yield lambda _, answer, item: answer(item)
        return

    def late(*_: object) -> None:
        raise _LateError

    def within(seconds: float, answer: Callable[[Item], Answer], item: Item) -> Answer | Unfinished:
        try:
            # Again each second: where Python cleans up, the first one would be lost.
            signal.setitimer(signal.ITIMER_REAL, seconds, 1)
            try:
                return answer(item)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except _LateError:
            signal.setitimer(signal.ITIMER_REAL, 0)
            return Unfinished("late")

    before = signal.signal(signal.SIGALRM, late)
    try:
        yield within
    finally:
        signal.signal(signal.SIGALRM, before)


class _Spread(Generic[Item, Answer]):
    """Items spread over processes, and the answers that came before their turn."""

    def __init__(self, work: Work[Item, Answer], items: Iterable[Item], several: int, each: float) -> None:
        self.work, self.several = work, several
        self._items, self._again = enumerate(items), deque[Numbered]()
        self._chunk = max(1, min(_MOST_CHUNK, int(_CHUNK_SECONDS / each))) if each else 1
        self._found: dict[int, Answer | Unfinished] = {}
        self._given = self._next = 0
        self._lanes: list[Lane[Item, Answer]] = []

    def answers(self) -> Iterator[Answer | Unfinished]:
        """Every answer in order; the processes are ended however this ends."""
        try:
            self._lanes = [Lane(self.work) for _ in range(self.several)]
            while True:
                for lane in self._lanes:
                    self._feed(lane)
                while self._next in self._found:
                    yield self._found.pop(self._next)
                    self._next += 1
                if any(lane.given for lane in self._lanes):
                    self._wait()
                elif not self._again and not self._more():
                    return
                elif not any(lane.ready for lane in self._lanes):
                    self._wait()
        finally:
            for lane in self._lanes:
                lane.end()

    def _feed(self, lane: Lane[Item, Answer]) -> None:
        """Give a process that has nothing to do the next items; first those whose process ended before their turn."""
        if not lane.ready or lane.given or self._given - self._next > _MOST_AHEAD:
            return
        chunk: list[Numbered] = []
        while len(chunk) < self._chunk and (self._again or self._more()):
            chunk.append(self._again.popleft())
        if chunk:
            lane.give(chunk)

    def _more(self) -> bool:
        """Read one more item, where there is one."""
        found = next(self._items, None)
        if found is None:
            return False
        self._given += 1
        self._again.append(found)
        return True

    def _wait(self) -> None:
        """Take what the processes answered, or end the one that takes too long."""
        left = min(lane.seconds_left for lane in self._lanes)
        lines = {lane.line: lane for lane in self._lanes}
        for line in wait(list(lines), None if left == float("inf") else max(left, 0)):
            lane = lines[cast("Connection", line)]
            try:
                answer = lane.take()
            except (EOFError, OSError):
                self._renew(lane, "ended")
            else:
                if answer is not None:
                    self._found[answer[0]] = answer[1]
        for lane in [one for one in self._lanes if one.seconds_left <= 0]:
            self._renew(lane, "late")

    def _renew(self, lane: Lane[Item, Answer], kind: str) -> None:
        """Put a new process in the place of one, without the item over which it ended."""
        at = self._lanes.index(lane)
        lane.end()
        if not lane.ready:  # it did not even start: the others go on without it
            del self._lanes[at]
            if not self._lanes:
                raise RuntimeError("no process for the work could be started")
            return
        if lane.given:
            number, _ = lane.given.popleft()
            self._found[number] = Unfinished("late" if kind == "late" else "ended")
            self._again.extendleft(reversed(lane.given))
        self._lanes[at] = Lane(self.work)
