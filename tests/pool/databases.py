"""One embedded server for all tests that need a pool, and a database for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from expressentry.pool import migrate, open_embedded
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded

NUMBERS = count(1)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """A server of our own with a migrated template; it stops with the tests."""
    with open_embedded(Path(tmp_path_factory.mktemp("pool")) / "server") as found:
        with psycopg.connect(found.admin_url(), autocommit=True) as admin:
            # What is tested is not the disk: faults and durability have tests of their own.
            for setting in ("synchronous_commit", "fsync", "full_page_writes"):
                admin.execute(f"alter system set {setting} = off")
            admin.execute("select pg_reload_conf()")
            admin.execute("create database migrated")
        migrate(found.admin_url("migrated"))
        for role in ROLES.values():
            found.ensure_role(role)
        yield found


Make = Callable[[], str]


@pytest.fixture(scope="session")
def make_database(server: Embedded) -> Make:
    """Make an empty database, schema and roles included; the answer is its name."""

    def make() -> str:
        name = f"test_{next(NUMBERS)}"
        with psycopg.connect(server.admin_url(), autocommit=True) as admin:
            admin.execute(f"create database {name} template migrated")
            admin.execute(f"revoke temporary on database {name} from public")  # which a template does not pass on
        return name

    return make


SUBMITTED = {"engineer": "engineer", "second": "engineer", "graduate": "graduate"}
OTHERS = ("updated", "named", "unnamed", "paul", "noor")
"""Those whom an update, a nomination, its end, a bar and an erasure are about; they rank after the others."""


@pytest.fixture(scope="session")
def sample(server: Embedded, make_database: Make) -> str:
    """The address of a small pool: people of the examples, and a round that invited two.

    Each example of a help page that acts on somebody has somebody of its own, so that the order does not matter.
    """
    from expressentry.pool import Terms, open_pool
    from expressentry.profile.read import read_document

    name, day = make_database(), date(2026, 10, 1)
    at = datetime(2026, 10, 1, 8, tzinfo=UTC)
    pool = open_pool(server.admin_url(name))
    pool.init(day, at, "operator", rehearsal=True)
    people = {name: read_document(ROOT / "examples/people" / f"{name}.toml") for name in ("engineer", "graduate")}
    for n, (person, file) in enumerate({**SUBMITTED, **dict.fromkeys(OTHERS, "graduate")}.items()):
        found = pool.submit(uuid4(), person, people[file], at + timedelta(seconds=n))
        assert found.interest == n + 1
    assert pool.issue(uuid4(), Terms("general", 2, day), at + timedelta(minutes=1), "operator").answer == "issued"
    nomination = {"kind": "enhanced", "province": "BC", "accepted_on": "2026-10-01"}
    assert pool.nominate(6, nomination, at + timedelta(minutes=2))
    pool.seal()
    pool.close()

    return server.admin_url(name)


@pytest.fixture
def database(server: Embedded, make_database: Make) -> str:
    """The address of an empty database, as its owner."""
    return server.admin_url(make_database())


def wipe(url: str) -> None:
    """Empty a database, which is quicker than to make one; only a superuser gets past the triggers."""
    with psycopg.connect(url) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute(
            "truncate pool.opening, pool.rule_set, pool.person, pool.interest, pool.submission, pool.profile,"
            " pool.factors, pool.standing, pool.entry, pool.round, pool.invitation, pool.rescore_batch, pool.inbox,"
            " pool.event"
            " restart identity"
        )
        parts = owner.execute(
            "select inhrelid::regclass::text from pg_inherits where inhparent in"
            " ('pool.standing'::regclass, 'pool.entry'::regclass)"
        ).fetchall()
        for (name,) in parts:
            owner.execute(f"drop table {name}")
