"""The live pool: submit, rank, invite, expire, audit; on PostgreSQL or in plain memory.

    pool = open_pool(url)                        a pool on a server; `open_pool()` makes one in memory
    pool.init(day, at, actor)                    empty, under the law of a day
    pool.submit(client_id, person, facts, at)    accepted, or refused with the reason; safe to send twice
    pool.upkeep(day, at)                         lapse, expire, score again those whose facts change by this day
    pool.preview(terms)                          what a round would do
    pool.issue(request_id, terms, as_of, actor)  issued, already_issued, differs, refused
    pool.accept(interest, at)                    and decline, cancel, withdraw, update, nominate, bar, erase
    pool.rescore(on, at, actor)                  score everyone under the law of another day
    pool.verify()                                check the chain of events, and rank every round again

    open_embedded(folder).url(role)              a PostgreSQL server in a folder; see `pool.server.embedded`
    migrate(url)                                 the schema, made or brought up to date

Days and instants are arguments: nothing here reads a clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expressentry.lazy import lazy

if TYPE_CHECKING:
    from expressentry.pool.acts.audit import Verified as Verified
    from expressentry.pool.acts.events import ndjson as ndjson
    from expressentry.pool.acts.model import Event as Event
    from expressentry.pool.acts.model import Issued as Issued
    from expressentry.pool.acts.model import Preview as Preview
    from expressentry.pool.acts.model import Submission as Submission
    from expressentry.pool.acts.model import Submitted as Submitted
    from expressentry.pool.acts.model import Terms as Terms
    from expressentry.pool.acts.model import Upkeep as Upkeep
    from expressentry.pool.acts.ports import Scorer as Scorer
    from expressentry.pool.acts.rescoring import Rescored as Rescored
    from expressentry.pool.acts.scorer import LawScorer as LawScorer
    from expressentry.pool.open import Pool as Pool
    from expressentry.pool.open import open_pool as open_pool
    from expressentry.pool.server.embedded import open_embedded as open_embedded
    from expressentry.pool.store.memory import MemoryStore as MemoryStore
    from expressentry.pool.store.postgres import PostgresStore as PostgresStore
    from expressentry.pool.store.schema import migrate as migrate

# Loaded when first used: a process that only supervises a server needs none of it.
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

__getattr__, __dir__, __all__ = lazy(__name__, _PLACES)
