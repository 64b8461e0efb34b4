"""How the server does what a session asks again and again: as well the tenth time as the first."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import psycopg
import pytest
from bench.pool import DAY, EXAMPLE, FILL

from expressentry.pool import Pool, Terms, open_pool
from expressentry.pool.acts.scorer import LawScorer
from expressentry.profile.read import read_document
from tests.pool.fake_law import noon

CANDIDATES = 20_000
"""So many that to read them all costs more than to look up ten of them."""


def read_whole(owner: psycopg.Connection[tuple[str, int]]) -> dict[str, int]:
    """How often each table of everyone was read from its first row to its last."""
    owner.execute("select pg_stat_clear_snapshot()")
    wanted = "select relname, seq_scan from pg_stat_user_tables where schemaname = 'pool' and relname = any(%s)"
    return dict(owner.execute(wanted, [["interest", "standing_1", "entry_1"]]).fetchall())


def issue(pool: Pool, at: datetime) -> None:
    """Issue a small round."""
    found = pool.issue(uuid4(), Terms("general", 10, DAY), at, "operator")
    assert found.answer == "issued", found.reason


def submit(pool: Pool, at: datetime) -> None:
    """Submit a profile."""
    assert pool.submit(uuid4(), f"p {at}", read_document(EXAMPLE), at).answer == "accepted"


def upkeep(pool: Pool, at: datetime) -> None:
    """Look for everyone whose day has come; there is nobody."""
    pool.upkeep(DAY, at)


@pytest.mark.parametrize("act", [issue, submit, upkeep])
def test_a_session_never_comes_to_read_everyone(database: str, act: Callable[[Pool, datetime], None]) -> None:
    """From a sixth time on the server may keep one plan for any day and any number, which is to read everyone."""
    with open_pool(database, LawScorer()) as pool:
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(FILL.format(n=CANDIDATES).encode())
        owner.execute("vacuum analyze")
    with psycopg.connect(database, autocommit=True) as owner:
        before = read_whole(owner)
        with open_pool(database, LawScorer()) as pool:
            for n in range(14):
                act(pool, noon(DAY, n))
        time.sleep(1)  # a session tells what it read at its end
        after = read_whole(owner)

    assert after == before
