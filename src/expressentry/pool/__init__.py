"""The live pool: submit, rank, invite, expire, audit; on PostgreSQL or in plain memory.

    pool = open_pool(url)                        a pool on a server; `open_pool()` makes one in memory
    pool.init(day, at, actor)                    empty, under the law of a day
    pool.submit(client_id, person, facts, at)    accepted, or refused with the reason; safe to send twice
    pool.daily(day, at)                          lapse, expire, look at those whom the day touches
    pool.preview(terms)                          what a round would do
    pool.issue(request_id, terms, as_of, actor)  issued, already_issued, differs, refused
    pool.accept(interest, at)                    and decline, cancel, withdraw, update, nominate, bar, erase
    pool.rescore(on, at, actor)                  the law of another day
    pool.verify()                                the chain, and every round ranked again

Instants and days are given: nothing here reads a clock.
"""

from __future__ import annotations

from expressentry.pool.audit import Audit, Verified, ndjson
from expressentry.pool.issuing import Rounds
from expressentry.pool.life import Life
from expressentry.pool.memory import MemoryStore
from expressentry.pool.model import Daily, Event, Issued, Preview, Scorer, Submission, Submitted, Terms
from expressentry.pool.rescoring import Rescored, Rescoring
from expressentry.pool.scoring import LawScorer
from expressentry.pool.store import Store

__all__ = [
    "Daily",
    "Event",
    "Issued",
    "LawScorer",
    "MemoryStore",
    "Pool",
    "Preview",
    "Rescored",
    "Store",
    "Submission",
    "Submitted",
    "Terms",
    "Verified",
    "ndjson",
    "open_pool",
]


class Pool(Life, Rounds, Rescoring, Audit):
    """A pool of candidates: a store, and the law by which it scores."""


def open_pool(url: str | None = None, scorer: Scorer | None = None) -> Pool:
    """Open a pool: on the PostgreSQL server of a URL, its schema brought up to date by `migrate`; else in memory.

    >>> from datetime import UTC, date, datetime
    >>> pool = open_pool()
    >>> pool.init(date(2026, 10, 1), datetime(2026, 10, 1, tzinfo=UTC), "operator")
    True
    >>> pool.preview(Terms("general", 500, date(2026, 10, 1))).invited
    0
    """
    if url is None:
        return Pool(MemoryStore(), scorer or LawScorer())
    from expressentry.pool.postgres import PostgresStore

    return Pool(PostgresStore(url), scorer or LawScorer())
