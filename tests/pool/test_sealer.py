"""The sealer as a service: it chains what comes, waits for a server that is away, and ends when asked to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from expressentry.cli import run
from expressentry.pool import PostgresStore, migrate, open_embedded, open_pool
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.databases import Make
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.pool.servers import processes, until

COMMAND = [str(Path(sys.executable).parent / "expressentry"), "pool", "seal", "--format", "json"]


@contextmanager
def sealing(**environ: str) -> Iterator[subprocess.Popen[str]]:
    """A sealer that has begun; killed with the block should it not have ended."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", **environ}
    sealer = subprocess.Popen(
        [*COMMAND, "--every", "0.1"], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert sealer.stderr is not None
        assert sealer.stderr.readline() == "sealing every 0.1 s · stop with Ctrl-C\n"
        yield sealer
    finally:
        sealer.kill()
        sealer.communicate()


def waiting(url: str) -> int:
    """How many events wait."""
    with psycopg.connect(url) as owner:
        row = owner.execute("select count(*) from pool.inbox").fetchone()
    return int(row[0]) if row else -1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_service(server: Embedded, make_database: Make, number: signal.Signals) -> None:
    """As the sealer's role it chains what is submitted; asked to end it says what it did, with exit status 0."""
    name = make_database()
    with open_pool(server.admin_url(name), FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        with sealing(EXPRESSENTRY_DATABASE=server.url(ROLES["sealer"], name)) as sealer:
            assert until(lambda: not waiting(server.admin_url(name)))
            for n in range(5):
                pool.submit(uuid4(), f"p{n}", facts(), noon(DAY, n))
            assert until(lambda: not waiting(server.admin_url(name)))
            sealer.send_signal(number)
            out, err = sealer.communicate(timeout=60)

        assert (sealer.returncode, err) == (0, "stopped\n")
        assert json.loads(out) == {"sealed": 7, "events": 7, "head": pool.verify().head}


def test_a_server_that_is_away(pool_home: Path) -> None:
    """The embedded server killed: the sealer says so once, brings it back and goes on; nothing runs afterwards."""
    folder = pool_home / "pool"
    with open_embedded(folder) as server:
        migrate(server.admin_url())
        for role in ROLES.values():
            server.ensure_role(role)
    home = {"EXPRESSENTRY_HOME": str(pool_home), "EXPRESSENTRY_DATABASE": ""}
    with sealing(**home) as sealer:
        pid = int((folder / "data/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        assert sealer.stderr is not None
        assert "database" in sealer.stderr.readline()
        with open_embedded(folder) as server, open_pool(server.admin_url(), FakeLaw()) as pool:
            pool.init(DAY, noon(DAY), "operator", rehearsal=True)
            assert until(lambda: not waiting(server.admin_url()))
        sealer.send_signal(signal.SIGTERM)
        out, err = sealer.communicate(timeout=60)

    assert (sealer.returncode, err) == (0, "stopped\n")
    assert json.loads(out)["sealed"] == 2
    assert until(lambda: not processes(folder))


def test_once(server: Embedded, make_database: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `--every` it is one pass; where the role may not, or there is no pool, it says so."""
    name = make_database()
    with open_pool(server.admin_url(name), FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", server.url(ROLES["sealer"], name))
    assert run(["pool", "seal"]) == 0
    assert waiting(server.admin_url(name)) == 0
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", server.url(ROLES["web"], name))
    assert run(["pool", "seal"]) == 1
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", server.admin_url("postgres"))
    assert run(["pool", "seal"]) == 1


def test_beside_a_round(database: str) -> None:
    """The sealer waits for whoever seals, and the chain has every event once."""
    with open_pool(database, FakeLaw()) as pool, PostgresStore(database) as other:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        with psycopg.connect(database) as owner:
            owner.execute("lock table pool.seal_gate in share row exclusive mode")
            with psycopg.connect(database) as sealer:
                sealer.execute("set lock_timeout = '50ms'")
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    sealer.execute("select pool.seal()")
        assert [other.seal(), other.seal()] == [2, 0]
        assert pool.verify().wrong == []
