"""Killed at any instant: afterwards nobody is invited twice, nobody is lost, no round is half, the chain is whole."""

from __future__ import annotations

import logging
import os
import signal
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import FactorsError, PoolError, Problem, UsageError
from expressentry.pool import Pool, PostgresStore, Terms, migrate, open_embedded, open_pool
from expressentry.pool.server.embedded import Embedded
from expressentry.text import same
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.pool.kills import Worker, killed

PARTS = 10
"""So many databases share the kills of the long mode, so that two processors share the work."""


def kill_clients(url: str, times: int, seed: int) -> None:
    """Kill a client so often; whatever it held must be free at once: the server notices the closed connection."""
    with open_pool(url, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
    hit = killed(lambda: url, times, seed, 1, lambda workers: workers[0].kill())
    logging.getLogger(__name__).info("killed during %s", hit)


def kill_server(folder: Path, times: int, seed: int) -> None:
    """Kill the database so often while two clients work."""
    with open_embedded(folder) as server:
        migrate(server.admin_url())
        with open_pool(server.admin_url(), FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)

        def strike(workers: list[Worker]) -> None:
            os.kill(int((folder / "data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            for worker in workers:
                worker.end()
            server.ensure()

        hit = killed(server.admin_url, times, seed, 2, strike)
        logging.getLogger(__name__).info("killed during %s", hit)


def test_client_killed(database: str) -> None:
    """A client killed by SIGKILL at a few instants of each act."""
    kill_clients(database, 6, 0)


def test_server_killed(tmp_path: Path) -> None:
    """The database killed by SIGKILL in each act."""
    kill_server(tmp_path / "server", 1, 0)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_client_killed_often(database: str, part: int) -> None:
    """The same at two hundred instants."""
    kill_clients(database, 200 // PARTS, part + 1)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS // 2))
def test_server_killed_often(tmp_path: Path, part: int) -> None:
    """The same fifty times."""
    kill_server(tmp_path / "server", 50 // (PARTS // 2), part + 1)


class TestBadDays:
    """Clear, whole, recoverable."""

    def test_connection_lost_in_the_middle(self, database: str) -> None:
        """The act leaves nothing; the next one opens a new connection."""
        with open_pool(database, FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            store = pool.store
            assert isinstance(store, PostgresStore)
            pid = store.connection.info.backend_pid
            with psycopg.connect(database, autocommit=True) as owner:
                owner.execute("select pg_terminate_backend(%s)", [pid])
            client_id = uuid4()
            with pytest.raises(PoolError, match="do it again"):
                pool.submit(client_id, "anna", facts(), noon(DAY, 1))
            assert pool.submit(client_id, "anna", facts(), noon(DAY, 1)).interest == 1

    def test_clock_set_back(self, database: str) -> None:
        """A round before the newest round is refused."""
        for pool in (open_pool(database, FakeLaw()), open_pool(scorer=FakeLaw())):
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 100), "operator")
            early = pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 99), "operator")
            assert (early.answer, early.reason) == ("refused", "before_last")
            pool.close()

    def test_a_profile_of_five_megabytes(self) -> None:
        """Refused with its size, before anything is stored."""
        pool = open_pool(scorer=FakeLaw())
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        with pytest.raises(FactorsError, match="at most 1000000 bytes"):
            pool.submit(uuid4(), "anna", facts(note="x" * 5_000_000), noon(DAY, 1))

    @pytest.mark.parametrize("sure", [True, False], ids=["in bulk", "one by one"])
    def test_a_law_that_fails_during_a_rescore(self, database: str, sure: bool) -> None:
        """The law in force stays in force; once the law is mended the re-scoring goes on."""

        class Broken(FakeLaw):
            def score(self, facts, day, law_days):  # type: ignore[no-untyped-def]
                if facts["crs"] == 401 and law_days[0] > DAY:
                    raise UsageError(Problem("wrong", "law", same("wrong law"), same("mend it")))
                return super().score(facts, day, law_days)

            def score_table(self, table, law_day):  # type: ignore[no-untyped-def]
                if b",401," in table:
                    raise UsageError(Problem("wrong", "law", same("wrong law"), same("mend it")))
                return super().score_table(table, law_day)

        law_day = date(2026, 3, 2)
        with open_pool(database, Broken()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            for n in range(3):
                pool.submit(uuid4(), f"p{n}", facts(400 + n, sure=sure), noon(DAY, n))
            with pytest.raises(UsageError, match="wrong law"):
                pool.rescore(law_day, noon(law_day), "operator")
            assert [one.state for one in pool.store.read(lambda tx: tx.rule_sets())] == ["in_force", "building"]
            assert Pool(pool.store, FakeLaw()).rescore(law_day, noon(law_day), "operator") is not None
            assert pool.verify().wrong == []

    def test_no_server(self) -> None:
        """An address where nothing answers is said."""
        with pytest.raises(PoolError, match=r"not reach|connect"):
            open_pool("postgresql://127.0.0.1:1/none").init(DAY, noon(DAY), "operator", rehearsal=True)

    def test_no_schema(self, server: Embedded) -> None:
        """A database without a pool says what to do."""
        with (
            open_pool(server.admin_url(), FakeLaw()) as pool,
            pytest.raises(PoolError, match="expressentry pool init"),
        ):
            pool.submit(uuid4(), "anna", facts(), noon(DAY))


@pytest.mark.parametrize("text", ["Zero\0Works", "half \ud800 of a character"])
@pytest.mark.parametrize("where", ["note", "key"])
def test_what_is_no_text(database: str, text: str, where: str) -> None:
    """Characters that no database keeps are refused before anything is stored, in new facts and in changed ones."""
    given = facts(note=[{"employer": text}]) if where == "note" else {**facts(), text: 1}
    for pool in (open_pool(database, FakeLaw()), open_pool(scorer=FakeLaw())):
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        pool.submit(uuid4(), "ben", facts(note="written \\u0000"), noon(DAY, 1))
        with pytest.raises(FactorsError, match="not text"):
            pool.submit(uuid4(), "anna", given, noon(DAY, 2))
        with pytest.raises(FactorsError, match="not text"):
            pool.update(1, given, noon(DAY, 2))
        assert pool.store.read(lambda tx: tx.state_counts()) == {"in_pool": 1}
        pool.close()


@pytest.mark.parametrize("key", ["", "x" * 201, "an\0na", "line\nbreak", "\ud800"])
def test_what_is_no_key(key: str) -> None:
    """A key of a person is short and printable."""
    pool = open_pool(scorer=FakeLaw())
    pool.init(DAY, noon(DAY), "operator", rehearsal=True)
    with pytest.raises(UsageError, match="1 to 200 printable"):
        pool.submit(uuid4(), key, facts(), noon(DAY, 1))
    with pytest.raises(UsageError, match="1 to 200 printable"):
        pool.bar(key, DAY.replace(year=2031), noon(DAY, 1), "operator", "reason")


@pytest.mark.parametrize("actor", ["x" * 201, "two\nlines", "\x1b[2J", "\u2028", "\ud800"])
def test_an_actor_that_is_not_plain(database: str, actor: str) -> None:
    """Who acts, and why, is said to be wrong by field and rule before anything reaches the server."""
    for pool in (open_pool(database, FakeLaw()), open_pool(scorer=FakeLaw())):
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        with pytest.raises(UsageError, match="at most 200 characters") as caught:
            pool.submit(uuid4(), "anna", facts(), noon(DAY, 1), actor)
        assert caught.value.problems[0].field == "actor"
        with pytest.raises(UsageError, match="at most 2000 characters"):
            pool.bar("anna", date(2031, 1, 1), noon(DAY, 2), "operator", actor.replace("\n", "\t") * 20)
        pool.bar("anna", date(2031, 1, 1), noon(DAY, 2), "operator", "because\nof two things")
        assert pool.verify().wrong == []
        pool.close()
