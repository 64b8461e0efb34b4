"""Clients and databases killed in the middle of an act, and what must hold afterwards."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from statistics import median

import psycopg

from expressentry.pool import open_pool
from tests.pool.fake_law import FakeLaw

ACTS = ("submit", "rescore", "issue")


@dataclass
class Promised:
    """What workers were told by the pool: it must be there whatever happens."""

    interests: set[int] = field(default_factory=set)
    rounds: set[int] = field(default_factory=set)


class Worker:
    """A client in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.pool.worker"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.act: str | None = None
        self.promised = Promised()
        self.rounds_done = 0

    def go(self, url: str, seed: int, first: int) -> None:
        """Let it work."""
        assert self.process.stdin is not None
        assert self._line() == "ready"
        self.process.stdin.write(f"{url} {seed} {first}\n")
        self.process.stdin.flush()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def take(self, line: str) -> None:
        """Understand a line."""
        word, *rest = line.split()
        if word.startswith("+"):
            self.act = word[1:]
        elif word.startswith("-"):
            self.rounds_done += word == "-issue"
            self.act = None
        elif word in ("submit", "issue"):
            numbers = self.promised.interests if word == "submit" else self.promised.rounds
            numbers.update(int(one) for one in rest if one.isdigit())  # a refusal is no number
        else:
            assert word in ("ready", "lost"), line

    def wait_for(self, act: str, instants: dict[str, list[float]]) -> None:
        """Read until an act begins; note how long acts take."""
        begun = time.perf_counter()
        while self.act != act:
            line = self._line()
            assert line, "the worker ended"
            self.take(line)
            if line.startswith("-"):
                instants[line[1:]].append(time.perf_counter() - begun)
            begun = time.perf_counter() if line.startswith("+") else begun

    def kill(self) -> None:
        """End it by SIGKILL; done already, it stays so."""
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Read what it said until it ended."""
        if self.process.stdout is None or self.process.stdout.closed:
            return
        out, _ = self.process.communicate()
        for line in out.splitlines():
            self.take(line)


def killed(
    url: Callable[[], str], times: int, seed: int, clients: int, strike: Callable[[list[Worker]], None]
) -> Counter[str]:
    """Strike so often, each time at a random instant of an act; check all afterwards; return which acts were hit.

    It goes on until a sixth of the strikes hit each act before its end.
    """
    rng, hit, took = Random(seed), Counter[str](), {act: [0.02] for act in ACTS}
    promised, first, spare = Promised(), [0] * clients, [Worker() for _ in range(clients)]
    workers: list[Worker] = []
    try:
        while hit.total() < times or min(hit[act] for act in ACTS) < times // 6:
            assert hit.total() < 3 * times, hit
            workers, spare = spare, [Worker() for _ in range(clients)]  # the next ones start meanwhile
            for client, worker in enumerate(workers):
                worker.go(url(), client, first[client])
            target = min(ACTS, key=lambda act: hit[act])
            workers[0].wait_for(target, took)
            time.sleep(rng.uniform(0, median(took[target])))
            strike(workers)
            for client, worker in enumerate(workers):
                first[client] += worker.rounds_done  # the next one asks again for what was not done
                promised.interests |= worker.promised.interests
                promised.rounds |= worker.promised.rounds
            hit[workers[0].act or "between"] += 1
            whole(url(), promised)
    finally:
        for worker in (*workers, *spare):
            worker.kill()
    return hit


def whole(url: str, promised: Promised | None = None) -> int:
    """Check all that must hold; return how many rounds there were."""
    promised = promised or Promised()
    with open_pool(url, FakeLaw()) as pool:
        assert pool.verify().wrong == []
        rounds = pool.store.read(lambda tx: tx.rounds())
    with psycopg.connect(url) as owner:

        def number(query: str) -> int:
            row = owner.execute(query).fetchone()
            return int(row[0]) if row else 0

        assert [one.number for one in rounds] == list(range(1, len(rounds) + 1))
        assert promised.rounds <= {one.number for one in rounds}
        stored = {row[0] for row in owner.execute("select id from pool.interest")}
        assert promised.interests <= stored
        twice = "select count(*) from (select interest from pool.invitation where state = 'open' group by 1"
        assert number(twice + " having count(*) > 1) as found") == 0
        open_ = number("select count(*) from pool.invitation where state = 'open'")
        assert open_ == number("select count(*) from pool.interest where state = 'invited'")
        assert sum(one.invited for one in rounds) == number("select count(*) from pool.invitation")
        accepted = number("select count(*) from pool.submission where answer ->> 'answer' = 'accepted'")
        assert accepted == len(stored)
        persons = number("select count(distinct person) from pool.interest")
        assert persons == len(stored)  # asked again, nobody entered twice
    return len(rounds)
