"""Limits of the roles: who stands still is cut and holds up nobody for long, and no role takes every connection."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from expressentry.errors import PoolError
from expressentry.pool import PostgresStore, Terms, migrate, open_pool
from expressentry.pool.server.connect import ROLES, connect
from expressentry.pool.server.embedded import Embedded
from expressentry.pool.store import postgres
from tests.pool.databases import ROOT, Make
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.pool.servers import only_if, until
from tests.pool.versions import bare_server, installed

STOPPING = """
import os, signal, sys
from expressentry.errors import PoolError
from expressentry.pool import PostgresStore
from expressentry.pool.store import postgres

postgres.LIMITS[sys.argv[2]] = (20, 30, 1)
def work(tx):
    tx.persons(["stranger"])
    print("inside", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    tx.persons(["another"])
with PostgresStore(sys.argv[1]) as store:
    act = {"weak": store.write, "strong": store.write_exclusive}[sys.argv[2]]
    try:
        act(work)
    except PoolError as error:
        print(error.problems[0].code, flush=True)
"""
"""An act that stops in the middle, as a laptop does that is closed; it may stand still for a second."""


@contextmanager
def stopped(url: str, act: str) -> Iterator[subprocess.Popen[str]]:
    """A client that has stopped in the middle of an act."""
    command = [sys.executable, "-c", STOPPING, url, act]
    client = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)
    try:
        assert client.stdout is not None
        assert client.stdout.readline() == "inside\n"
        stat = Path(f"/proc/{client.pid}/stat")
        assert not stat.exists() or until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T")
        yield client
    finally:
        client.kill()
        client.communicate()


@pytest.mark.parametrize("act", ["weak", "strong"])
def test_a_client_that_stops_is_cut(database: str, act: str) -> None:
    """Round and submission go on though a client stopped while it held the gate; its act is undone, and it is told."""
    with open_pool(database, FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        pool.submit(uuid4(), "p0", facts(), noon(DAY))
        with stopped(database, act) as client:
            assert pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 9), "operator").answer == "issued"
            assert pool.submit(uuid4(), "p1", facts(), noon(DAY, 10)).answer == "accepted"
            assert pool.store.write(lambda tx: tx.known("stranger")) is None
            os.kill(client.pid, signal.SIGCONT)
            said, _ = client.communicate(timeout=60)
    assert said.strip() in ("25P03", "connection_lost")


@pytest.mark.parametrize(
    ("role", "idle"), [("web", "10s"), ("operator", "10s"), ("sealer", "10s"), ("auditor", "15min")]
)
def test_each_role_is_bounded(server: Embedded, make_database: Make, role: str, idle: str) -> None:
    """Whoever connects without this package has limits too."""
    with psycopg.connect(server.url(ROLES[role], make_database())) as one:
        shown = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "tcp_user_timeout")
        found = {name: (one.execute(f"show {name}").fetchone() or ("",))[0] for name in shown}
        assert one.execute("show client_connection_check_interval").fetchone() == ("5s",)

    assert found["idle_in_transaction_session_timeout"] == idle
    assert (found["lock_timeout"], found["statement_timeout"]) == ("20s", "30s")


def test_the_acts_bound_themselves(database: str) -> None:
    """An act has limits whoever connects; one that reads may take long, for it holds up nobody."""
    wanted = "select current_setting('idle_in_transaction_session_timeout'), current_setting('lock_timeout')"
    with PostgresStore(database) as store:
        look = lambda _: store.connection.execute(wanted).fetchone()  # noqa: E731
        assert store.write(look) == ("10s", "20s")
        assert store.write_exclusive(look) == ("10s", "30s")
        assert store.read(look) == ("15min", "20s")


@pytest.mark.parametrize(
    ("limits", "statement", "code", "says"),
    [
        ((1, 30, 10), "lock table pool.gate in row exclusive mode", "55P03", "others held the pool"),
        ((20, 1, 10), "select pg_sleep(60)", "57014", "longer than it may"),
    ],
)
def test_a_limit_is_said_in_plain_words(
    database: str, monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int, int], statement: str, code: str, says: str
) -> None:
    """Who waits or works too long hears which limit it was, and that the act can be done again."""
    monkeypatch.setitem(postgres.LIMITS, "weak", limits)
    with psycopg.connect(database) as other, PostgresStore(database) as store:
        other.execute("lock table pool.gate in share row exclusive mode")
        if code != "55P03":
            other.rollback()
        with pytest.raises(PoolError, match=says) as caught:
            store.write(lambda _: store.connection.execute(statement))
        (problem,) = caught.value.problems
    assert problem.code == code
    assert "do it again" in problem.say("en")
    assert "recommencer" in problem.say("fr")


def test_no_role_takes_every_connection(server: Embedded) -> None:
    """With every connection of the web taken the operator, the sealer and the auditor connect; the web is told."""
    with ExitStack() as held:
        for _ in range(30):
            held.enter_context(connect(server.url(ROLES["web"])))
        with pytest.raises(PoolError, match="no more connections") as caught:
            connect(server.url(ROLES["web"]))
        assert caught.value.problems[0].code == "too_many"
        for role in ("operator", "sealer", "auditor"):
            connect(server.url(ROLES[role])).close()


def test_the_limits_add_up(server: Embedded) -> None:
    """All roles at their limits leave room for the owner on the embedded server."""
    with psycopg.connect(server.admin_url()) as admin:
        row = admin.execute(
            "select sum(rolconnlimit), min(rolconnlimit), current_setting('max_connections')::int"
            " from pg_roles where rolname = any(%s)",
            [list(ROLES.values())],
        ).fetchone()
    assert row is not None
    assert row[1] > 0
    assert row[0] <= row[2] - 10


def test_on_the_oldest_server() -> None:
    """A server of one's own, of the oldest version, has the same limits."""
    there = installed()
    only_if(15 in there, "no PostgreSQL 15")
    with bare_server(there[15]) as url:
        migrate(url)
        with psycopg.connect(url) as admin:
            found = admin.execute(
                "select rolconnlimit, rolconfig from pg_roles where rolname = 'expressentry_web'"
            ).fetchone()
    assert found is not None
    assert found[0] == 30
    assert "idle_in_transaction_session_timeout=10s" in found[1]
