"""What an erasure leaves in the server's own files: no dead row."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from expressentry.cli import run
from expressentry.pool import open_pool
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from expressentry.pool.store.schema import PERSONAL, vacuum_erased
from tests.pool.databases import Make
from tests.pool.fake_law import DAY, FakeLaw, facts, noon


def dead(url: str) -> int:
    """How many rows of the personal tables are dead, as vacuum counts them by reading each page."""
    found: list[str] = []
    with psycopg.connect(url, autocommit=True) as owner:
        owner.add_notice_handler(lambda notice: found.append(notice.message_primary or ""))
        owner.execute("vacuum (verbose) " + ", ".join(f"pool.{name}" for name in PERSONAL))
    return sum(int(line.split()[1]) for text in found for line in text.splitlines() if line.startswith("tuples: "))


@pytest.fixture
def name(server: Embedded, make_database: Make) -> str:
    """A database with two people."""
    made = make_database()
    with open_pool(server.admin_url(made), FakeLaw()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        for key in ("gone", "stays"):
            pool.submit(uuid4(), key, facts(note="secret " * 300), noon(DAY))
    return made


def test_erased_and_cleared(server: Embedded, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner's `erase` clears the tables; nothing is left there for a vacuum of another day to remove."""
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", server.admin_url(name))
    assert run(["pool", "erase", "gone", "--reason", "on request", "--on", str(DAY)]) == 0
    assert dead(server.admin_url(name)) == 0

    with open_pool(server.admin_url(name), FakeLaw()) as pool:
        pool.erase("stays", noon(DAY, 9), "operator")
    assert dead(server.admin_url(name)) > 0


def test_who_may_not_clear_is_told(
    server: Embedded, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The operator erases, and is told that the owner must clear the tables."""
    url = server.url(ROLES["operator"], name)
    assert not vacuum_erased(url)
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", url)
    assert run(["pool", "erase", "gone", "--reason", "on request", "--on", str(DAY)]) == 0
    assert "as the owner, run `vacuum`" in capsys.readouterr().out
