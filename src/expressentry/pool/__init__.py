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

    open_embedded(folder).url(role)              a server of our own launching; see `expressentry.pool.embedded`
    migrate(url)                                 the schema, made or brought up to date

Instants and days are given: nothing here reads a clock.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expressentry.pool.audit import Verified, ndjson
    from expressentry.pool.embedded import open_embedded
    from expressentry.pool.memory import MemoryStore
    from expressentry.pool.model import Daily, Event, Issued, Preview, Scorer, Submission, Submitted, Terms
    from expressentry.pool.pool import Pool, open_pool
    from expressentry.pool.postgres import PostgresStore
    from expressentry.pool.rescoring import Rescored
    from expressentry.pool.schema import migrate
    from expressentry.pool.scoring import LawScorer

# Loaded when first used: whoever only watches over a server needs none of it.
_PLACES = {
    "Daily": "model",
    "Event": "model",
    "Issued": "model",
    "LawScorer": "scoring",
    "MemoryStore": "memory",
    "Pool": "pool",
    "PostgresStore": "postgres",
    "Preview": "model",
    "Rescored": "rescoring",
    "Scorer": "model",
    "Submission": "model",
    "Submitted": "model",
    "Terms": "model",
    "Verified": "audit",
    "migrate": "schema",
    "ndjson": "audit",
    "open_embedded": "embedded",
    "open_pool": "pool",
}

__all__ = [
    "Daily",
    "Event",
    "Issued",
    "LawScorer",
    "MemoryStore",
    "Pool",
    "PostgresStore",
    "Preview",
    "Rescored",
    "Scorer",
    "Submission",
    "Submitted",
    "Terms",
    "Verified",
    "migrate",
    "ndjson",
    "open_embedded",
    "open_pool",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'expressentry.pool' has no attribute {name!r}")
    return getattr(import_module(f"expressentry.pool.{_PLACES[name]}"), name)
