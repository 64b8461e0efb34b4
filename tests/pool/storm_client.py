"""A client of the storm: acts at random, as each role, until it is killed.

It says of each act when it begins (`+ N submit`), what it was promised (`= submitted 7`), when it is done and after how
many milliseconds (`- submit 12`), or the code of its refusal (`! submit 55P03`).
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection
from random import Random
from uuid import UUID

import psycopg

from expressentry.errors import ExpressEntryError
from expressentry.pool import Pool, PostgresStore, Submission, Terms
from expressentry.pool.acts import rescoring
from tests.pool.fake_law import LAWS, FakeLaw, facts, noon
from tests.pool.worker import rescore

ROUNDS_A_DAY = 15
SIZE = 5
ACTS = (
    *("submit",) * 6, *("many",) * 2, *("issue",) * 3, *("decline",) * 4, "accept", "update", "nominate", "withdraw",
    "upkeep", "seal",
)  # fmt: skip
"""What most clients do, by how often."""
LAW, READER = 0, 1
"""The clients that do something else: one re-scores, one reads long."""
Promise = tuple[object, ...]


class Client:
    """The pool by each role, and what was submitted through it."""

    def __init__(self, seed: int, urls: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.seed, self.say = seed, say
        self.pools = {role: Pool(PostgresStore(url), FakeLaw()) for role, url in urls.items()}
        self.operator, self.web = self.pools["operator"], self.pools["web"]

    def act(self, n: int) -> None:
        """The act of a number; asked again, what has an id is the same request."""
        rng = Random(f"{self.seed} {n}")
        name = {LAW: "rescore", READER: "read"}.get(self.seed) or rng.choice(ACTS)
        self.say(f"+ {n} {name}")
        begun = time.monotonic()
        try:
            for promise in getattr(self, name)(n, rng):
                self.say("= " + " ".join(map(str, promise)))
        except (ExpressEntryError, psycopg.Error) as error:
            code = error.problems[0].code if isinstance(error, ExpressEntryError) else error.sqlstate
            self.say(f"! {name} {code}")
            if code in ("no_connection", "connection_lost", "57P01", "57P02", "57P03"):
                time.sleep(0.3)
                self.act(n)
        else:
            self.say(f"- {name} {(time.monotonic() - begun) * 1000:.0f}")

    def now(self, n: int) -> tuple[date, datetime]:
        """The day by the rounds that there are, and an instant of it."""
        last = self.operator.store.read(lambda tx: tx.last_round())
        day = LAWS[-1] + timedelta(days=last.number // ROUNDS_A_DAY if last else 0)
        return day, noon(day, n % 3600)

    def _given(self, n: int, at: int, rng: Random, day: date) -> Submission:
        drops, ends = (str(day + timedelta(days=rng.randrange(1, 40))) if rng.random() < 0.2 else None for _ in "ab")
        known = facts(rng.randrange(300, 600), taste=at % 3, sure=at % 2 == 0, drops=drops, ends=ends)
        return Submission(UUID(int=rng.getrandbits(128), version=4), f"{self.seed} {n} {at}", known)

    def submit(self, n: int, rng: Random) -> Iterator[Promise]:
        """One person, by the web."""
        _, at = self.now(n)
        one = self._given(n, 0, rng, LAWS[-1])
        found = self.web.submit(one.client_id, one.person, one.facts, at, token=self._token(one.person))
        if found.interest is not None:  # else not eligible any more on that day
            yield "submitted", found.interest

    def many(self, n: int, rng: Random) -> Iterator[Promise]:
        """Several, by the operator."""
        _, at = self.now(n)
        given = [self._given(n, i, rng, LAWS[-1]) for i in range(10)]
        for one in self.operator.submit_many(given, at, "operator"):
            if one.interest is not None:
                yield "submitted", one.interest

    def issue(self, n: int, rng: Random) -> Iterator[Promise]:
        """A round, a second after the last one."""
        request = UUID(int=rng.getrandbits(128), version=4)
        last = self.operator.store.read(lambda tx: tx.last_round())
        day, _ = self.now(n)
        as_of = last.as_of + timedelta(seconds=1) if last else noon(day)
        day = max(day, last.terms.day) if last else day
        self.operator.upkeep(day, noon(day, n % 3600))
        found = self.operator.issue(request, Terms("general", SIZE, day), as_of, "storm")
        if found.round:
            yield "round", found.round.number, request, found.round.event, found.round.head
        else:
            self.say(f"! issue {found.reason}")

    def decline(self, n: int, rng: Random) -> Iterator[Promise]:
        """Back into the pool."""
        yield from self._answered(n, rng, "declined")

    def accept(self, n: int, rng: Random) -> Iterator[Promise]:
        """An application."""
        yield from self._answered(n, rng, "accepted")

    def _answered(self, n: int, rng: Random, kind: str) -> Iterator[Promise]:
        for interest, person in self._some(rng, "invited"):
            _, at = self.now(n)
            act = self.web.decline if kind == "declined" else self.web.accept
            act(interest, at, token=self._token(person))
            yield kind, interest

    def update(self, n: int, rng: Random) -> Iterator[Promise]:
        """New facts, by the web."""
        for interest, person in self._some(rng, "in_pool"):
            known = self.operator.store.read(lambda tx: tx.facts([interest]))[interest]  # noqa: B023
            _, at = self.now(n)
            self.web.update(interest, {**known, "crs": rng.randrange(300, 600)}, at, token=self._token(person))
            yield "updated", interest

    def nominate(self, n: int, rng: Random) -> Iterator[Promise]:
        """A nomination by a province that no other act of the storm names, so that it is never there already."""
        for interest, _ in self._some(rng, "in_pool"):
            self.operator.nominate(interest, {"province": "ON", "n": f"{self.seed} {n}"}, self.now(n)[1])
            yield "nominated", interest

    def withdraw(self, n: int, rng: Random) -> Iterator[Promise]:
        """Out of the pool."""
        for interest, person in self._some(rng, "in_pool")[:1]:
            self.web.withdraw(interest, self.now(n)[1], token=self._token(person))
            yield "withdrawn", interest

    def upkeep(self, n: int, _: Random) -> Iterator[Promise]:
        """The day's upkeep."""
        day, at = self.now(n)
        self.operator.upkeep(day, at)
        yield from ()

    def seal(self, *_: object) -> Iterator[Promise]:
        """The sealer's work."""
        store = self.pools["sealer"].store
        assert isinstance(store, PostgresStore)
        store.seal()
        yield from ()

    def rescore(self, n: int, rng: Random) -> Iterator[Promise]:
        """Away from the law of the day, and back; then rounds can be issued for a while."""
        day, at = self.now(n)
        for on in (LAWS[1 + n % 2], day):
            rescore(self.operator, on, at)
        time.sleep(rng.uniform(1, 6))
        yield from ()

    def read(self, n: int, rng: Random) -> Iterator[Promise]:
        """Read all in one transaction for some seconds, as a backup does; now and then verify the pool."""
        if n % 2:
            found = self.pools["auditor"].verify()
            assert found.wrong == [], [one.en for one in found.wrong[:5]]
            return
        store = self.operator.store
        assert isinstance(store, PostgresStore)
        with closing(store.clone()) as own, own.connection as connection, connection.transaction():
            connection.execute("set transaction isolation level repeatable read read only")
            connection.execute("select count(*) from pool.standing, pool.rule_set")
            connection.execute("select pg_sleep(%s)", [rng.uniform(0.5, 5)])
        yield from ()

    def _token(self, person: str) -> str:
        store = self.pools["login"].store
        assert isinstance(store, PostgresStore)
        return store.token(person, 60)

    def _some(self, rng: Random, state: str) -> list[tuple[int, str]]:
        """A few candidates in a state, with the keys of their persons."""
        store = self.operator.store
        assert isinstance(store, PostgresStore)
        wanted = (
            "select i.id, p.key from pool.interest i join pool.person p on p.id = i.person"
            " where i.state = %s::pool.interest_state order by i.id desc limit 40"
        )
        found = store.connection.execute(wanted, [state]).fetchall()
        return rng.sample(found, min(3, len(found)))


def serve(line: Connection, seed: int, first: int, urls: Mapping[str, str]) -> None:
    """Do one act after the other; `first` is the number of the first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    rescoring.BATCH, rescoring.BULK = 25, 200
    client = Client(seed, urls, line.send)
    for n in count(first):
        client.act(n)
