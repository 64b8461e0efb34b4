"""Who waits for whom: nobody for a reader, and nobody for somebody's score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event as Flag
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import PoolError, Problem
from expressentry.pool import Pool, PostgresStore, Terms, open_pool
from expressentry.pool.acts import audit, compare
from expressentry.pool.acts.model import Scored
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from expressentry.text import same
from tests.pool.databases import Make
from tests.pool.fake_law import DAY, LAWS, FakeLaw, facts, noon

LATER = DAY + timedelta(days=10)
PATIENCE = "set lock_timeout = '1s'"
"""Whoever waits longer for a lock fails, however busy the machine is."""


@pytest.fixture
def reader(database: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who reads the whole pool in one transaction for as long as the test runs, as a backup does."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(4):
            pool.submit(uuid4(), f"p{n}", facts(500 + n, sure=n % 2 == 0), noon(DAY, n))
    with psycopg.connect(database) as connection:
        connection.execute("set transaction isolation level repeatable read read only")
        connection.execute("select count(*) from pool.standing, pool.entry, pool.interest, pool.rule_set")
        yield connection


def partitions(url: str) -> set[str]:
    """The partitions there are."""
    with psycopg.connect(url) as owner:
        found = owner.execute(
            "select inhrelid::regclass::text from pg_inherits where inhparent::regclass::text = 'pool.standing'"
        )
        return {name for (name,) in found.fetchall()}


def patient(url: str) -> Pool:
    """A pool whose acts wait a second at most."""
    store = PostgresStore(url)
    store.connection.execute(PATIENCE)
    return Pool(store, FakeLaw())


def test_a_rescoring_waits_for_no_reader(database: str, reader: psycopg.Connection[Any]) -> None:
    """Beside a long reader a law comes into force; submissions, rounds and previews between its batches do not wait."""
    done: list[str] = []

    def others(_: int) -> None:
        with patient(database) as other:
            found = other.submit(uuid4(), f"late {len(done)}", facts(400), noon(DAY, 20 + len(done)))
            done.append(found.answer)
            other.preview(Terms("general", 1, DAY))

    with patient(database) as pool:
        scored = pool.rescore(LAWS[1], noon(LAWS[1]), "operator", others)
        assert scored is not None
        assert scored.in_force
        assert set(done) == {"accepted"}
        assert pool.issue(uuid4(), Terms("general", 1, LAWS[1]), noon(LAWS[1], 9), "operator").answer == "issued"
        assert partitions(database) == {"pool.standing_1", "pool.standing_2"}
        assert pool.verify().wrong == []

        reader.rollback()
        assert pool.rescore(LAWS[1], noon(LAWS[1], 10), "operator") is None
        assert partitions(database) == {"pool.standing_2"}
        assert pool.verify().wrong == []


class Slow(FakeLaw):
    """A law that is asked for a score, and tells so before it answers."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self.meanwhile = meanwhile

    def score(self, facts: Mapping[str, Any], day: date, law_days: Sequence[date]) -> list[Scored]:
        """The same, after a while."""
        self.meanwhile()
        return super().score(facts, day, law_days)


ACTS: dict[str, Callable[[Pool], object]] = {
    "submit": lambda pool: pool.submit(uuid4(), "new", facts(), noon(DAY, 9)),
    "update": lambda pool: pool.update(1, facts(510), noon(DAY, 9)),
    "nominate": lambda pool: pool.nominate(1, {"province": "ON"}, noon(DAY, 9)),
    "upkeep": lambda pool: pool.upkeep(LATER, noon(LATER)),
    "rescore": lambda pool: pool.rescore(LAWS[1], noon(LATER), "operator"),
}


class TestNothingIsComputedInsideAnAct:
    """A costly profile costs its own act time, and nobody else's."""

    @pytest.mark.parametrize("name", ACTS)
    def test_the_gate_is_free_while_a_score_is_computed(self, database: str, name: str) -> None:
        """While somebody is scored, a round could be issued at once, and their own row be changed."""
        asked: list[bool] = []

        def free() -> None:
            with psycopg.connect(database) as other:
                other.execute("lock table pool.gate in share row exclusive mode nowait")
                other.execute("select from pool.interest for update nowait")
                asked.append(True)

        with open_pool(database, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.submit(uuid4(), "p", facts(500, drops=str(LATER), sure=False), noon(DAY))
        with open_pool(database, Slow(free)) as pool:
            ACTS[name](pool)
            assert asked
            assert pool.verify().wrong == []

    @pytest.mark.parametrize("name", ["update", "nominate", "upkeep"])
    def test_what_changed_meanwhile_counts(self, database: str, name: str) -> None:
        """Facts that somebody else changes while they are scored are not lost, and are scored as they are then."""
        left = iter([1])

        def change() -> None:
            if next(left, None):
                with open_pool(database, FakeLaw()) as other:
                    other.nominate(1, {"province": "BC"}, noon(DAY, 5))

        with open_pool(database, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.submit(uuid4(), "p", facts(500, drops=str(LATER)), noon(DAY))
        with open_pool(database, Slow(change)) as pool:
            ACTS[name](pool)
            score = pool.store.read(lambda tx: tx.scores([1]))[1][1]
            known = pool.store.read(lambda tx: tx.facts([1]))[1]["nominations"]

            assert (score.crs, len(known)) == {"update": (1110, 1), "nominate": (1100, 2), "upkeep": (1050, 1)}[name]
            assert pool.verify(scores_on=LATER if name == "upkeep" else DAY).wrong == []

    def test_a_law_that_came_into_force_meanwhile(self, database: str) -> None:
        """An update is scored again where another law is in force when it is to be stored."""
        left = iter([1])

        def change() -> None:
            if next(left, None):
                with open_pool(database, FakeLaw()) as other:
                    other.rescore(LAWS[1], noon(LAWS[1]), "operator")

        with open_pool(database, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.submit(uuid4(), "p", facts(500, taste=1), noon(DAY))
        with open_pool(database, Slow(change)) as pool:
            pool.update(1, facts(400, taste=1), noon(LAWS[1], 5))
            assert {n: one.crs for n, one in pool.store.read(lambda tx: tx.scores([1]))[1].items()} == {2: 420}
            assert pool.verify().wrong == []


def test_upkeep_beside_changes(server: Embedded, make_database: Make) -> None:
    """The operator's upkeep of many, while they change, ends, and leaves nobody due."""
    name, stop = make_database(), Flag()
    url = server.url(ROLES["operator"], name)
    with open_pool(url, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for n in range(60):
            pool.submit(uuid4(), f"p{n}", facts(500, drops=str(LATER)), noon(DAY, n))

        def disturb() -> None:
            with open_pool(url, FakeLaw()) as other:
                for n in range(1, 61):
                    if not stop.is_set():
                        other.nominate(n, {"province": "ON"}, noon(LATER, n))

        with ThreadPoolExecutor(1) as beside:
            busy = beside.submit(disturb)
            pool.upkeep(LATER, noon(LATER))
            stop.set()
            busy.result()
        assert not pool.store.read(lambda tx: tx.needs_review(LATER))
        assert pool.verify(scores_on=LATER).wrong == []


def test_verifying_while_a_law_comes_into_force(
    server: Embedded, make_database: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scores that are cleared away while the auditor verifies are still there for the auditor."""
    name = make_database()
    with open_pool(server.url(ROLES["operator"], name), FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        pool.submit(uuid4(), "p", facts(), noon(DAY))
        compared = compare.differences

        def meanwhile(*given: Any) -> Any:
            assert pool.rescore(LAWS[1], noon(LAWS[1]), "operator") is not None
            return compared(*given)

        monkeypatch.setattr(audit, "differences", meanwhile)
        with open_pool(server.url(ROLES["auditor"], name), FakeLaw()) as auditor:
            assert [one.en for one in auditor.verify().wrong] == []


@pytest.mark.parametrize("code", ["no_connection", "55P03", "57P03", "53300"])
def test_a_busy_server_is_not_a_tampered_one(database: str, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Where the events could not be sealed because there was no way to the server, that is the answer."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)

        def away() -> int:
            raise PoolError(Problem(code, "database", same("away"), same("later")))

        monkeypatch.setattr(pool, "seal", away)
        with pytest.raises(PoolError, match="away"):
            pool.verify()
