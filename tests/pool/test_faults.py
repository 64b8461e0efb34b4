"""Killed at any instant: afterwards nobody is invited twice, nobody is lost, no round is half, the chain is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import FactorsError, PoolError, Problem, UsageError
from expressentry.pool import Pool, PostgresStore, Terms, migrate, open_embedded, open_pool
from expressentry.pool.embedded import Embedded
from expressentry.words import same
from tests.pool.toy import DAY, ToyScorer, facts, noon


def started(url: str, seed: int) -> subprocess.Popen[str]:
    """A worker that has connected."""
    command = [sys.executable, "-m", "tests.pool.worker", url, str(seed)]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def ended(worker: subprocess.Popen[str]) -> None:
    """Kill a worker, and wait for its end."""
    worker.kill()
    worker.communicate()


def whole(url: str) -> int:
    """Check all that must hold; return how many rounds there were."""
    with open_pool(url, ToyScorer()) as pool:
        assert pool.verify().wrong == []
        rounds = pool.store.look(lambda tx: tx.rounds())
    with psycopg.connect(url) as owner:

        def number(query: str) -> int:
            row = owner.execute(query).fetchone()
            return int(row[0]) if row else 0

        assert [one.number for one in rounds] == list(range(1, len(rounds) + 1))
        twice = "select count(*) from (select interest from pool.invitation where state = 'open' group by 1"
        assert number(twice + " having count(*) > 1) as found") == 0
        open_ = number("select count(*) from pool.invitation where state = 'open'")
        assert open_ == number("select count(*) from pool.interest where state = 'invited'")
        assert sum(one.invited for one in rounds) == number("select count(*) from pool.invitation")
        accepted = number("select count(*) from pool.submission where answer ->> 'answer' = 'accepted'")
        assert accepted == number("select count(*) from pool.interest")
    return len(rounds)


def kill_clients(url: str, times: int) -> None:
    """Kill a client so often, each time at another instant."""
    rng = Random(times)
    with open_pool(url, ToyScorer()) as pool:
        pool.init(DAY, noon(DAY), "operator")
    rounds = 0
    for seed in range(times):
        worker = started(url, seed)
        time.sleep(rng.uniform(0, 0.6))
        ended(worker)
        # Whatever the killed client held must be free at once: the server notices the closed connection.
        rounds = whole(url)
    assert rounds > 0


def kill_server(folder: Path, times: int) -> None:
    """Kill the database so often while two clients work."""
    rng = Random(times)
    with open_embedded(folder) as server:
        url = server.admin_url()
        migrate(url)
        with open_pool(url, ToyScorer()) as pool:
            pool.init(DAY, noon(DAY), "operator")
        rounds = 0
        for seed in range(times):
            workers = [started(url, 2 * seed + n) for n in range(2)]
            time.sleep(rng.uniform(0.2, 1.0))
            pid = int((folder / "data/postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGKILL)
            for worker in workers:
                ended(worker)
            server.ensure()
            rounds = whole(server.admin_url())
        assert rounds > 0


def test_client_killed(database: str) -> None:
    """A client killed by SIGKILL at a few instants."""
    kill_clients(database, 6)


def test_server_killed(tmp_path: Path) -> None:
    """The database killed by SIGKILL twice."""
    kill_server(tmp_path / "server", 2)


@pytest.mark.long
def test_client_killed_often(database: str) -> None:
    """The same at two hundred instants."""
    kill_clients(database, 200)


@pytest.mark.long
def test_server_killed_often(tmp_path: Path) -> None:
    """The same fifty times."""
    kill_server(tmp_path / "server", 50)


class TestBadDays:
    """Clear, whole, recoverable."""

    def test_connection_lost_in_the_middle(self, database: str) -> None:
        """The act leaves nothing; the next one opens a new connection."""
        with open_pool(database, ToyScorer()) as pool:
            pool.init(DAY, noon(DAY), "operator")
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
        for pool in (open_pool(database, ToyScorer()), open_pool(scorer=ToyScorer())):
            pool.init(DAY, noon(DAY), "operator")
            pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 100), "operator")
            early = pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 99), "operator")
            assert (early.answer, early.reason) == ("refused", "before_last")
            pool.close()

    def test_a_profile_of_five_megabytes(self) -> None:
        """Refused with its size, before anything is stored."""
        pool = open_pool(scorer=ToyScorer())
        pool.init(DAY, noon(DAY), "operator")
        with pytest.raises(FactorsError, match="at most 1000000 bytes"):
            pool.submit(uuid4(), "anna", facts(note="x" * 5_000_000), noon(DAY, 1))

    @pytest.mark.parametrize("sure", [True, False], ids=["in bulk", "one by one"])
    def test_a_law_that_fails_during_a_rescore(self, database: str, sure: bool) -> None:
        """The law in force stays in force; once the law is mended the re-scoring goes on."""

        class Broken(ToyScorer):
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
            pool.init(DAY, noon(DAY), "operator")
            for n in range(3):
                pool.submit(uuid4(), f"p{n}", facts(400 + n, sure=sure), noon(DAY, n))
            with pytest.raises(UsageError, match="wrong law"):
                pool.rescore(law_day, noon(law_day), "operator")
            assert [one.state for one in pool.store.look(lambda tx: tx.rule_sets())] == ["in_force", "building"]
            assert Pool(pool.store, ToyScorer()).rescore(law_day, noon(law_day), "operator") is not None
            assert pool.verify().wrong == []

    def test_no_server(self) -> None:
        """An address where nothing answers is said."""
        with pytest.raises(PoolError, match=r"not reach|connect"):
            open_pool("postgresql://127.0.0.1:1/none").init(DAY, noon(DAY), "operator")

    def test_no_schema(self, server: Embedded) -> None:
        """A database without a pool says what to do."""
        with (
            open_pool(server.admin_url(), ToyScorer()) as pool,
            pytest.raises(PoolError, match="expressentry pool init"),
        ):
            pool.submit(uuid4(), "anna", facts(), noon(DAY))
