"""The live pool: submit, rank, invite, expire, audit; on PostgreSQL or in plain memory.

    pool = open_pool(url)                        a pool on a server; `open_pool()` makes one in memory
    pool.init(day, at, actor)                    empty, under the law of a day
    pool.submit(client_id, person, facts, at)    accepted, or refused with the reason; safe to send twice
    pool.upkeep(day, at)                         lapse, expire, score again those whose facts change by this day
    pool.preview(terms)                          what a round would do
    pool.issue(request_id, terms, as_of, actor)  issued, already_issued, differs, refused
    pool.accept(interest, at)                    and decline, cancel, withdraw, update, nominate, bar, erase
    pool.rescore(on, at, actor)                  the law of another day
    pool.verify()                                the chain, and every round ranked again

    open_embedded(folder).url(role)              a server of our own launching; see `expressentry.pool.server.embedded`
    migrate(url)                                 the schema, made or brought up to date

Instants and days are given: nothing here reads a clock.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expressentry.pool.acts.audit import Verified
    from expressentry.pool.acts.events import ndjson
    from expressentry.pool.acts.model import Event, Issued, Preview, Submission, Submitted, Terms, Upkeep
    from expressentry.pool.acts.ports import Scorer
    from expressentry.pool.acts.rescoring import Rescored
    from expressentry.pool.acts.scorer import LawScorer
    from expressentry.pool.open import Pool, open_pool
    from expressentry.pool.server.embedded import open_embedded
    from expressentry.pool.store.memory import MemoryStore
    from expressentry.pool.store.postgres import PostgresStore
    from expressentry.pool.store.schema import migrate

# Loaded when first used: a process that only watches over a server needs none of it.
_PLACES = {
    "Event": "acts.model",
    "Issued": "acts.model",
    "LawScorer": "acts.scorer",
    "MemoryStore": "store.memory",
    "Pool": "open",
    "PostgresStore": "store.postgres",
    "Preview": "acts.model",
    "Rescored": "acts.rescoring",
    "Scorer": "acts.ports",
    "Submission": "acts.model",
    "Submitted": "acts.model",
    "Terms": "acts.model",
    "Upkeep": "acts.model",
    "Verified": "acts.audit",
    "migrate": "store.schema",
    "ndjson": "acts.events",
    "open_embedded": "server.embedded",
    "open_pool": "open",
}

__all__ = [
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
    "Upkeep",
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
