"""The workers of an app, and the queue before them.

    pool = Workers(limits, maker, args)
    done = await pool.run(client, day, function, args)

A worker that is busy for somebody who does not wait any more is ended, and its place is given on only when it is gone.
Own lanes over `multiprocessing`: a pool of `concurrent.futures` is broken as a whole when one of its processes is
ended, and that of anyio starts an interpreter for each worker, which must read everything again.
"""

from __future__ import annotations

import asyncio
import copyreg
import io
import pickle
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from anyio import CancelScope, CapacityLimiter, fail_after, to_thread

from expressentry.errors import Problem
from expressentry.processes.child import start_method
from expressentry.text import Text
from expressentry.web.middleware.limits import LESS, too_slow
from expressentry.web.problems import RequestError
from expressentry.web.workers.process import Done, serve

if TYPE_CHECKING:
    from expressentry.web.state import Limits

_READ_BEFORE = ("expressentry.web.site", "expressentry.web.app", "expressentry.advise.dossier")
"""Modules that the fork server reads once for all workers; none that starts threads."""
_JOBS = 500
"""Jobs after which a worker makes room for a new one."""


class Wish:
    """That somebody wants the answer of a job: `gone` where nobody does any more, `begun` once the worker has it."""

    gone = begun = False


class Lane:
    """The place of one worker: its process, ended and replaced where that must be."""

    def __init__(self, make: bytes, most_bytes: int) -> None:
        self.make, self.most_bytes, self.jobs, self.closed = make, most_bytes, 0, False
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._held = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process, where there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process unless it is there; returns when it waits for a job."""
        with self._held:
            self._start()

    def ask(self, job: bytes, wish: Wish) -> Done:
        """Have a job done.

        Raises EOFError or OSError where the process ended over it, or where nobody wants it any more.
        """
        with self._held:
            line = self._start()
            wish.begun = True  # before the look whether anybody wants it: see `drop`
            if wish.gone:
                raise EOFError
            self.jobs += 1
            line.send_bytes(job)
            found: Done = pickle.loads(line.recv_bytes())
            return found

    def drop(self, wish: Wish) -> None:
        """End the process over a job that nobody wants, and wait until it is gone; one that starts for it stays."""
        wish.gone = True
        if wish.begun:
            self._kill()
        with self._held:
            if wish.begun:
                self._end()

    def close(self) -> None:
        """End the process for good."""
        self.closed = True
        self._kill()
        with self._held:
            self._end()

    def _kill(self) -> None:
        """End the process, whatever it does: who waits for its answer is told that the line is closed."""
        if (process := self._process) is not None:
            process.kill()

    def _start(self) -> Connection:
        if self._line is not None and self._process is not None and self._process.is_alive():
            return self._line
        self._end()
        if self.closed:
            raise EOFError
        context = start_method(_READ_BEFORE)
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self.make, self.most_bytes), daemon=True)
        process.start()
        theirs.close()
        self._process, self._line, self.jobs = process, ours, 0
        ours.recv_bytes()
        return ours

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._line is not None:
            self._line.close()
        self._process = self._line = None


class Workers:
    """Workers, each with one job at a time; who finds none free waits in a queue with an end.

    A client has one worker less than there are, so that one is left for the others; an empty client is nobody's.
    `spend` is called with the client and the seconds that each job took, ended ones too.
    """

    def __init__(
        self, limits: Limits, maker: Callable[..., Any], args: tuple[Any, ...], spend: Callable[[str, float], None]
    ) -> None:
        self.limits, self.spend = limits, spend
        make = _pickled((maker, args))
        self.lanes = [Lane(make, limits.worker_bytes) for _ in range(limits.workers)]
        self._idle = list(self.lanes)
        self._waiting: list[tuple[str, asyncio.Future[Lane]]] = []
        self._running: Counter[str] = Counter()
        self._threads = CapacityLimiter(3 * limits.workers)  # one that asks, one that ends it, one that starts the next
        self._renewing: set[asyncio.Task[None]] = set()
        self._closed = False

    async def warm(self) -> None:
        """Start every worker before the first visitor needs one."""
        for lane in self.lanes:
            await to_thread.run_sync(lane.start, limiter=self._threads)

    def full(self, client: str) -> bool:
        """Whether a client that will have many jobs should come later: half of the queue is for those with one."""
        return len(self._waiting) >= self.limits.queue // 2 or self._has_enough(client)

    async def run(self, client: str, day: date, function: Callable[..., Any], *args: Any, patient: bool = False) -> Any:
        """Have a function called in a worker, with what the worker has made and the arguments.

        Who is patient waits for a worker as long as it takes. A cancelled job's process is ended; this returns when it
        is gone.

        Raises RequestError where the queue is full, the client has too many jobs, or the job takes too much memory or
        longer than an answer may.
        """
        job = pickle.dumps((day, function, args))
        lane = await self._lane(client, patient=patient)
        loop = asyncio.get_running_loop()
        begun, done, wish, late = loop.time(), None, Wish(), False
        try:
            with fail_after(self.limits.answer_seconds):
                done = await to_thread.run_sync(lane.ask, job, wish, limiter=self._threads, abandon_on_cancel=True)
        except TimeoutError:
            late = True
        except (EOFError, OSError):
            pass  # it took more memory than there is
        finally:
            self.spend(client, done.seconds if done else loop.time() - begun)
            if done is None or self._worn(lane, done):
                with CancelScope(shield=True):
                    await to_thread.run_sync(lane.drop, wish, limiter=self._threads)
                renewing = asyncio.create_task(self._renew(client, lane))
                self._renewing.add(renewing)
                renewing.add_done_callback(self._renewing.discard)
            else:
                self._give(client, lane)
        if late:
            raise too_slow()
        if done is None or done.failed == "memory":
            raise too_much()
        if done.failed:
            raise JobError(done.fault)
        return pickle.loads(done.value)

    def close(self) -> None:
        """End every worker."""
        self._closed = True
        for lane in self.lanes:
            lane.close()

    async def _renew(self, client: str, lane: Lane) -> None:
        """Start a new process, and only then give its place to another."""
        with suppress(EOFError, OSError):  # then the next job starts it, or is refused
            await to_thread.run_sync(lane.start, limiter=self._threads)
        self._give(client, lane)

    def _worn(self, lane: Lane, done: Done) -> bool:
        return bool(done.failed) or lane.jobs >= _JOBS or done.memory_bytes > self.limits.worker_bytes // 2

    def _has_enough(self, client: str) -> bool:
        """Whether a client has as many jobs as it may have."""
        mine = sum(other == client for other, _ in self._waiting) + self._running[client]
        return bool(client) and mine >= self.limits.client_jobs

    async def _lane(self, client: str, *, patient: bool) -> Lane:
        """A free worker, now or after those who came before.

        Raises RequestError.
        """
        full = len(self._waiting) >= self.limits.queue or self._has_enough(client)
        if self._closed or (full and not patient):
            raise busy()
        place = (client, asyncio.get_running_loop().create_future())
        self._waiting.append(place)
        self._serve()
        try:
            with fail_after(None if patient else self.limits.queue_seconds):
                return await asyncio.shield(place[1])
        except BaseException as error:
            with suppress(ValueError):
                self._waiting.remove(place)
            if place[1].done() and not place[1].cancelled():  # it came at the same moment
                self._give(client, place[1].result())
            place[1].cancel()
            if isinstance(error, TimeoutError):
                raise busy() from None
            raise

    def _give(self, client: str, lane: Lane) -> None:
        """Take a worker back from a client."""
        self._running[client] -= 1
        self._running += Counter()  # those with none are forgotten
        self._idle.append(lane)
        self._serve()

    def _serve(self) -> None:
        """Give free workers to those who wait, the first one first that may have one."""
        most = max(len(self.lanes) - 1, 1)
        for place in list(self._waiting):
            client, wanted = place
            if not self._idle:
                return
            if not client or self._running[client] < most:
                self._waiting.remove(place)
                self._running[client] += 1
                wanted.set_result(self._idle.pop())


class JobError(RuntimeError):
    """A job failed by an error of ours; says where, and nothing of what was sent."""


def busy() -> RequestError:
    """The refusal while too much is computed already."""
    return RequestError(503, Problem("busy", "request", _BUSY, _LATER), {"Retry-After": "10"})


def too_much() -> RequestError:
    """The refusal of what takes more memory than an answer may take."""
    return RequestError(503, Problem("too_much_memory", "request", _TOO_MUCH, LESS), {"Retry-After": "30"})


def _pickled(what: object) -> bytes:
    """Write what a worker is made from; law has read-only mappings, which a pickle does not know."""
    file = io.BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {**copyreg.dispatch_table, MappingProxyType: _reduced}
    pickler.dump(what)
    return file.getvalue()


def _reduced(mapping: Mapping[Any, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(mapping),)


def _read_only(mapping: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(mapping)


_BUSY = Text("too many answers are being computed", "trop de réponses sont en cours de calcul")
_LATER = Text("try again in a moment", "réessayer dans un moment")
_TOO_MUCH = Text(
    "needed more memory than an answer may take", "a demandé plus de mémoire qu'une réponse ne peut en prendre"
)
