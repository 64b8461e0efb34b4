"""A storm of acts: clients of all roles are killed, stopped and cancelled, and the server crashes; then all is checked.

    found = storm(folder, seconds, clients)    raises AssertionError where anything is lost, or done twice

Alone: `python -m tests.pool.storm SECONDS`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from expressentry.pool import migrate, open_embedded, open_pool
from expressentry.pool.acts.model import Event, Head
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.fake_law import LAWS, FakeLaw, noon
from tests.pool.storm_client import serve

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.pool.storm_client", "polars"])

LONGEST_STOP = 14
"""Longer than a client may stand still within an act."""
STRIKES = ("kill", "kill", "kill", "stop", "stop", "cancel", "cancel", "cancel", "terminate", "crash")
CRASH_SECONDS = 10
"""So long at least between two crashes of the server."""


@dataclass
class Found:
    """What happened in a storm."""

    strikes: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    promised: Counter[tuple[str, ...]] = field(default_factory=Counter)
    rounds: dict[int, tuple[str, Head]] = field(default_factory=dict)
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    events: int = 0

    def __str__(self) -> str:
        """The counts, and the longest of each act, in seconds."""
        longest = {act: round(max(some) / 1000, 1) for act, some in self.waits.items()}
        kept = sum(self.promised.values())
        return (
            f"{kept} promises kept, {len(self.rounds)} rounds, {self.events} events\nstrikes {dict(self.strikes)}\n"
            f"acts {dict(self.acts)}\nrefused {dict(self.refused)}\nlongest {longest}"
        )


class Lane:
    """One client after the other with the same seed; each asks again for what the one before was not answered."""

    def __init__(self, seed: int, urls: dict[str, str], found: Found, lock: threading.Lock) -> None:
        self.seed, self.urls, self.found, self.lock = seed, urls, found, lock
        self.next = 0
        self.stopped_until = 0.0
        self.hit = False
        self.process, self.reader = self._started()

    def _started(self) -> tuple[BaseProcess, threading.Thread]:
        ours, theirs = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(target=serve, args=(theirs, self.seed, self.next, self.urls), daemon=True)
        process.start()
        theirs.close()
        reader = threading.Thread(target=self._read, args=(ours,), daemon=True)
        reader.start()
        return process, reader

    def _read(self, line: Connection) -> None:
        with line, suppress(EOFError, OSError):  # what a kill has cut was not said
            while True:
                words = line.recv().split()
                with self.lock:
                    self._take(words)

    def _take(self, words: list[str]) -> None:
        match words:
            case ["+", n, _]:
                self.next, self.hit = int(n), bool(self.stopped_until)
            case ["-", act, milliseconds]:
                self.found.acts[act] += 1
                if not self.hit:  # how long it waited for others
                    self.found.waits[act].append(float(milliseconds))
            case ["=", "round", number, request, event, head]:
                known = request, Head(int(event), head, int(number))
                assert self.found.rounds.setdefault(int(number), known) == known
            case ["=", *promise]:
                self.found.promised[tuple(promise)] += 1
            case ["!", act, code]:
                self.found.refused[f"{act} {code}"] += 1
            case _:
                raise AssertionError(words)

    def kill(self) -> None:
        """End it by SIGKILL, and read what it said until then."""
        self.process.kill()
        self.process.join()
        self.reader.join()

    def renew(self) -> None:
        """Another in its place."""
        self.kill()
        self.stopped_until = 0.0
        self.process, self.reader = self._started()

    def stop(self, seconds: float) -> None:
        """Let it stand still."""
        self.hit = True
        self._send(signal.SIGSTOP)
        self.stopped_until = time.monotonic() + seconds

    def go_on(self) -> None:
        """Let it go on where its time has come."""
        if self.stopped_until and time.monotonic() > self.stopped_until:
            self.stopped_until = 0.0
            self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)


def storm(folder: Path, seconds: float, clients: int, seed: int = 0, pause: float = 1.0) -> Found:
    """Let clients act for so long, with a strike every `pause` seconds or so; check all afterwards."""
    found, lock, rng = Found(), threading.Lock(), Random(seed)
    with open_embedded(folder) as server:
        migrate(server.admin_url())
        for role in ROLES.values():
            server.ensure_role(role)
        with open_pool(server.admin_url(), FakeLaw()) as pool:
            pool.init(LAWS[-1], noon(LAWS[-1]), "operator", rehearsal=True)
        urls = {name: server.url(role) for name, role in ROLES.items()}
        lanes = [Lane(n, urls, found, lock) for n in range(clients)]
        try:
            end, crashed, strike = time.monotonic() + seconds, time.monotonic(), ""
            while time.monotonic() < end:
                time.sleep(rng.uniform(0, 2 * pause))
                for lane in lanes:
                    lane.go_on()
                    lane.hit |= strike == "crash"
                strike = rng.choice(STRIKES)
                if strike == "crash":
                    if time.monotonic() - crashed < CRASH_SECONDS:
                        continue
                    crashed = time.monotonic()
                strike_at(strike, rng.choice(lanes), server, rng)
                found.strikes[strike] += 1
                assert all(lane.process.is_alive() for lane in lanes), "a client ended by itself"
        finally:
            for lane in lanes:
                lane.kill()
        server.ensure()
        found.events = check(server, found)
    return found


def strike_at(strike: str, lane: Lane, server: Embedded, rng: Random) -> None:
    """Do something bad to a client, or to the server."""
    if strike == "kill":
        lane.renew()
    elif strike == "stop":
        if not lane.stopped_until:
            lane.stop(rng.uniform(0.5, LONGEST_STOP))
    elif strike == "crash":
        os.kill(int((server.supervisor.cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        server.ensure()
    else:
        with psycopg.connect(server.admin_url(), autocommit=True) as admin:
            admin.execute(
                f"select pg_{strike}_backend(pid) from pg_stat_activity where usename like 'expressentry%%'"
                " and state <> 'idle' order by random() limit 2"
            )


def check(server: Embedded, found: Found) -> int:
    """Nothing promised is lost, nobody is invited while invited, the chain and the tables agree; how many events."""
    with open_pool(server.admin_url(), FakeLaw()) as pool:
        verified = pool.verify([head for _, head in found.rounds.values()])
        assert verified.wrong == []
        events = pool.events()
    with psycopg.connect(server.admin_url()) as owner:
        twice = "select person from pool.{} group by 1 having count(*) > 1 limit 1"
        for table in ("interest", "submission"):
            assert owner.execute(twice.format(table)).fetchone() is None, table  # asked again, nobody entered twice
    happened, rounds, requests = Counter[tuple[str, ...]](), dict[int, str](), Counter[str]()
    open_: set[int] = set()
    for event in events:
        body = json.loads(event.body)
        happened.update((event.kind, str(one)) for one in named(event, body))
        if event.kind == "round":
            rounds[body["number"]] = body["request_id"]
            requests[body["request_id"]] += 1
            places = [place[0] for place in body["places"]]
            assert len(set(places)) == len(places)
            assert not open_ & set(places), "invited while invited"
            open_ |= set(places)
        elif event.kind in CLOSING:
            assert set(body["interests"]) <= open_ or event.kind.startswith("left_by")
            open_ -= set(body["interests"])
    assert list(rounds) == list(range(1, len(rounds) + 1))
    assert set(requests.values()) <= {1}
    assert all(rounds.get(number) == request for number, (request, _) in found.rounds.items())
    once = Counter({one: 1 if one[0] in ONCE else many for one, many in found.promised.items()})
    lost = once - happened
    assert not lost, lost
    return len(events)


ONCE = ("submitted", "accepted", "withdrawn", "nominated")
"""Acts that are done once however often they are asked for, and promised each time."""
CLOSING = ("declined", "cancelled", "lapsed", "accepted", "left_by_bar", "left_by_erasure")
"""Kinds of events after which an invitation is not open any more; who accepted is not in the pool either."""


def named(event: Event, body: dict[str, Any]) -> Iterator[int]:
    """The expressions of interest that an event names."""
    if event.kind != "round":
        yield from body.get("interests", ())
        if "interest" in body:
            yield body["interest"]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as place:
        print(storm(Path(place) / "server", float(sys.argv[1]), 8))  # noqa: T201
